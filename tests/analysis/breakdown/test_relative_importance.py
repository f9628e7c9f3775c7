"""Shares of explained variance against the reference figures and the definition."""

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.breakdown.relative_importance import importance_performance, lmg, relative_weights

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "drivers_shapley.json").read_text(encoding="utf-8"))
DATA = pd.read_csv(REFERENCES / "drivers_shapley.csv")
ITEMS = DATA[[f"q{number:02d}" for number in range(1, 19)]].to_numpy(float)
SCORES = ITEMS.reshape(-1, 6, 3).mean(axis=2)
UNHAPPY = (DATA["overall"] <= 3).to_numpy(float)


def r_squared(x, y):
    design = np.column_stack([np.ones(len(y)), x])
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - residual @ residual / ((y - y.mean()) @ (y - y.mean()))


def test_reference():
    shares = lmg(SCORES, UNHAPPY)
    np.testing.assert_allclose(shares, REFERENCE["companion_lmg_r2_shares"], atol=1e-10)
    weights = relative_weights(SCORES, UNHAPPY)
    np.testing.assert_allclose(weights, REFERENCE["companion_relative_weights"], atol=1e-10)


def test_lmg_is_the_mean_over_all_orders():
    x, d = SCORES[:, :4], 4
    gains = np.zeros(d)
    for order in permutations(range(d)):
        for position, number in enumerate(order):
            before = list(order[:position])
            gains[number] += r_squared(x[:, [*before, number]], UNHAPPY)
            gains[number] -= r_squared(x[:, before], UNHAPPY)
    np.testing.assert_allclose(lmg(x, UNHAPPY), gains / 24, atol=1e-12)


@pytest.mark.parametrize("method", [lmg, relative_weights])
def test_shares_add_up_to_r_squared(method):
    assert method(SCORES, UNHAPPY).sum() == pytest.approx(r_squared(SCORES, UNHAPPY), abs=1e-12)
    doubled = np.column_stack([SCORES, SCORES[:, 0]])
    assert method(doubled, UNHAPPY).sum() == pytest.approx(r_squared(SCORES, UNHAPPY), abs=1e-10)
    assert np.isnan(method(np.ones((20, 2)), np.arange(20))).all()
    assert np.isnan(method(SCORES, np.zeros(400))).all()


def test_orthogonal_scores_get_their_squared_correlations():
    rng = np.random.default_rng(1)
    x = np.linalg.qr(rng.normal(size=(50, 3)) - 0)[0]
    x = np.linalg.qr(x - x.mean(axis=0))[0]
    y = x @ [1.0, 2.0, 0.5] + rng.normal(0, 0.1, 50)
    squared = np.array([np.corrcoef(column, y)[0, 1] ** 2 for column in x.T])
    np.testing.assert_allclose(lmg(x, y), squared, atol=1e-10)
    np.testing.assert_allclose(relative_weights(x, y), squared, atol=1e-10)


def test_too_many_dimensions():
    with pytest.raises(ValueError, match="at most 15 dimensions, not 16"):
        lmg(np.ones((5, 16)), np.ones(5))


def test_quadrants():
    rng = np.random.default_rng(2)
    general = rng.normal(size=2000)
    x = np.column_stack(
        [
            4.5 + 0.3 * general,
            3.0 + 0.3 * general,
            4.5 + 0.3 * rng.normal(size=2000),
            3.0 + 0.3 * rng.normal(size=2000),
        ]
    )
    result = importance_performance(x, (general < -1).astype(float))
    expected = ("keep_up", "concentrate_here", "possible_overkill", "low_priority")
    assert result.quadrant == expected
    assert (result.importance[:2] > 0.5).all()
    np.testing.assert_allclose(result.performance, x.mean(axis=0))
