"""A second set of references, made by other hands from other data (R 4.2.2 and exact fractions)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.breakdown import logit
from analysis.breakdown.drivers import breakdown
from analysis.breakdown.regression import odds_ratios
from analysis.breakdown.relative_importance import lmg, relative_weights
from analysis.design.planning import critical_counts, least_answers
from analysis.instrument import reliability
from analysis.many.funnel import funnel_limits
from analysis.proportions.intervals import binomial_interval, finite_population_interval
from analysis.proportions.verdicts import judge

FOLDER = Path(__file__).parents[1] / "references" / "r"
SIX = [range(3 * d, 3 * d + 3) for d in range(6)]


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "method", ["wald", "wilson", "agresti-coull", "jeffreys", "clopper-pearson", "mid-p"]
)
def test_binomial_intervals(method):
    for case in read("binomial_ci")["cases"]:
        want = case[method.replace("-", "_")]
        if isinstance(want, dict):  # Wald, which has no width at the ends
            if want.get("degenerate"):
                continue
            want = want["interval"]
        found = binomial_interval(case["x"], case["n"], level=case["level"], method=method)
        np.testing.assert_allclose([found.low, found.high], np.clip(want, 0, 1), atol=1e-9)


def test_finite_populations():
    given = read("hypergeometric_ci")
    for case in given["cases"]:
        x, n, N = case["x"], case["n"], case["N"]
        exact = finite_population_interval(x, n, N, level=case["level"])
        assert (exact.low_count, exact.high_count) == (case["K_L"], case["K_U"])
        blaker = finite_population_interval(x, n, N, level=case["level"], method="blaker")
        assert (blaker.low_count, blaker.high_count) == (case["blaker_K_L"], case["blaker_K_U"])
        judged = judge(x, n, N)
        assert judged.verdict == case["verdict_5pct"]
        for side in ("meets", "below"):
            p = getattr(judged, f"p_{side}")
            assert p == pytest.approx(case[f"p_one_sided_{side}"], rel=1e-9)
    for case in given["planning"]:
        for dissatisfied, least in case["least_n_to_pass"].items():
            assert least_answers(case["N"], int(dissatisfied)) == (-1 if least is None else least)
        for at in case["by_n"]:
            critical = critical_counts(at["n"], case["N"])
            most_dissatisfied = -1 if at["least_x_meets"] is None else at["n"] - at["least_x_meets"]
            most_satisfied = -1 if at["most_x_below"] is None else at["most_x_below"]
            assert critical == (most_dissatisfied, most_satisfied)


def test_funnel_limits():
    for case in read("differences_multiplicity")["cases"]["funnel"]:
        for level in ("95", "998"):
            found = funnel_limits([case["n"]], case["target"], level=float(f"0.{level}"))
            ends = [found.low_unclipped[0], found.high_unclipped[0]]
            want = [case[f"exact_{side}_{level}"] for side in ("lower", "upper")]
            np.testing.assert_allclose(ends, want, atol=1e-9)


def test_the_regression_and_shares_of_explained_variance():
    case, people = read("drivers")["cases"], pd.read_csv(FOLDER / "items_complete.csv")
    items = people[[f"q{i:02d}" for i in range(1, 19)]].to_numpy(dtype=float)
    scores = items.reshape(len(items), 6, 3).mean(axis=2)
    want, y = case["logit"], people["dissatisfied"].to_numpy(dtype=float)
    found = logit.fit(scores, y)
    np.testing.assert_allclose(found.coefficients, want["coef"], atol=1e-8)
    model = np.sqrt(np.diagonal(np.linalg.inv(found.hessian)))
    np.testing.assert_allclose(model, want["se_model"], rtol=1e-6)
    np.testing.assert_allclose(logit.variance_inflation(scores), want["vif"], rtol=1e-8)
    result = breakdown(items, y, dimensions=SIX, clusters=people["branch"])
    clustered = np.sqrt(np.diagonal(result.coefficient_covariance))
    np.testing.assert_allclose(clustered, want["se_CR1"], rtol=1e-6)
    np.testing.assert_allclose(odds_ratios(result).standard_error, want["se_CR1S"], rtol=1e-6)
    for shares in case["importance"]:
        outcome = people[shares["outcome"]]
        np.testing.assert_allclose(lmg(scores, outcome), shares["lmg"], atol=1e-9)
        np.testing.assert_allclose(relative_weights(scores, outcome), shares["johnson"], atol=1e-9)


@pytest.mark.parametrize("kind", ["complete", "missing"])
def test_reliability(kind):
    people = pd.read_csv(FOLDER / f"items_{kind}.csv")
    for case in read("reliability")["cases"][kind]:
        items, want = people[case["items"]].to_numpy(dtype=float), case["listwise"]
        alpha = reliability.cronbach_alpha(items).alpha
        assert alpha == pytest.approx(want["alpha_raw"], abs=1e-9)
        omega = reliability.mcdonald_omega(items).omega
        assert omega == pytest.approx(want["omega"]["from_fa"], abs=1e-4)
        assert reliability.kmo(items).overall == pytest.approx(want["kmo"]["overall"], abs=1e-9)
        bartlett = reliability.bartlett_sphericity(items)
        assert bartlett.chi2 == pytest.approx(want["bartlett_chi2"], rel=1e-9)
        corrected = reliability.item_total(items)
        np.testing.assert_allclose(corrected, want["item_total_corrected"], atol=1e-9)
