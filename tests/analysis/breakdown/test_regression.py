"""The regression that users see against a statsmodels call written by hand."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.breakdown import logit
from analysis.breakdown.drivers import breakdown, breakdown_imputed
from analysis.breakdown.regression import fit_model, odds_ratios

PARTS = {"care": [0, 1, 2], "rooms": [3, 4], "news": [5]}


def answers(seed, n=700, branches=20):
    rng = np.random.default_rng(seed)
    mood = rng.normal(0, 0.6, (n, 1))
    items = np.clip(np.round(4 + mood + rng.normal(0, 0.8, (n, 6))), 1, 5)
    branch = np.array([f"B{c:02d}" for c in rng.integers(0, branches, n)])
    y = (rng.random(n) < logit.probability(5 - 1.7 * items.mean(axis=1))).astype(float)
    return items, y, branch


@pytest.mark.parametrize(("branches", "kind"), [(20, "cluster"), (5, "HC0")])
def test_equals_statsmodels_called_by_hand(branches, kind):
    items, y, branch = answers(1, branches=branches)
    design = pd.DataFrame({name: items[:, part].mean(axis=1) for name, part in PARTS.items()})
    design.insert(0, "const", 1.0)
    groups = {"cov_kwds": {"groups": pd.factorize(branch)[0]}} if kind == "cluster" else {}
    peer = GLM(y, design, family=Binomial()).fit(cov_type=kind, use_t=True, tol=1e-13, **groups)
    model = fit_model(items, y, dimensions=PARTS, clusters=branch)
    np.testing.assert_allclose(model.params, peer.params, rtol=1e-9)
    np.testing.assert_allclose(model.bse, peer.bse, rtol=1e-9)
    assert model.params.index.tolist() == ["const", *PARTS]
    assert "dissatisfied" in str(model.summary())

    result = breakdown(items, y, dimensions=PARTS, clusters=branch)
    frame = odds_ratios(result, 0.9)
    np.testing.assert_allclose(frame.coefficient, peer.params, rtol=1e-9)
    np.testing.assert_allclose(frame.standard_error, peer.bse, rtol=1e-9)
    np.testing.assert_allclose(frame.odds_ratio, np.exp(peer.params), rtol=1e-8)
    interval = np.exp(peer.conf_int(0.1)).to_numpy()
    np.testing.assert_allclose(np.column_stack([frame.low, frame.high]), interval, rtol=1e-8)
    np.testing.assert_allclose(frame.p_value, peer.pvalues, rtol=1e-7)


def test_blanks_widen_the_frame_and_are_filled_once_in_the_model():
    items, y, branch = answers(2)
    full = odds_ratios(breakdown(items, y, dimensions=PARTS, clusters=branch))
    rng = np.random.default_rng(3)
    blanked = np.where(rng.random(items.shape) < 0.12, np.nan, items)
    given = {"dimensions": PARTS, "clusters": branch, "bounds": (1, 5)}
    several = odds_ratios(breakdown_imputed(blanked, y, seed=1, **given))
    assert (several.standard_error[1:] > full.standard_error[1:]).all()
    model = fit_model(blanked, y, **given)
    assert np.all(np.abs(model.params - several.coefficient) < several.standard_error)
    few = np.where(rng.random(items.shape) < 0.02, np.nan, items)  # the breakdown fills once too
    once = odds_ratios(breakdown_imputed(few, y, seed=1, **given))
    np.testing.assert_allclose(fit_model(few, y, **given).params, once.coefficient, rtol=1e-9)


def test_a_withheld_breakdown_has_no_odds_ratios():
    items, y, branch = answers(4, n=100)
    frame = odds_ratios(breakdown_imputed(items, y * 0, dimensions=PARTS, clusters=branch, seed=1))
    assert all(np.isnan(column).all() for column in frame)
