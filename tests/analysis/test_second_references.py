"""A second set of references, made by other hands from other data (R 4.2.2 and exact fractions).

Not held, as the product has no such method: Miettinen and Nurminen's and chi-square tests of two
samples (two finite populations are compared exactly instead), McNemar's p-value (the paired
interval is the test), beta-binomial and glmer pooling (an NPMLE instead), conditional dominance,
McFadden shares and marginal effects, Feldt's interval and pairwise reliability, raking and
regression calibration, totals, design effects, intervals other than Korn and Graubard's, and
multiple response.
"""

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
from analysis.change.comparison import hybrid_change
from analysis.counts.tabulate import MARKS, item_counts, totals
from analysis.design.planning import critical_counts, least_answers
from analysis.instrument import reliability
from analysis.many.funnel import funnel_limits
from analysis.many.multiplicity import Adjustment, adjust
from analysis.proportions.intervals import binomial_interval, finite_population_interval
from analysis.proportions.verdicts import judge
from analysis.weights.calibration import calibration_weights
from analysis.weights.weighting import stratified_proportion

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


def test_wilson_of_a_finite_population():
    for case in read("survey_weighted")["cases"]["wilson_fpc"]:
        found = finite_population_interval(
            case["x"], case["n"], case["N"], level=case["level"], method="wilson"
        )
        np.testing.assert_allclose([found.low, found.high], case["N_minus_1"], atol=1e-9)


def strata(people: pd.DataFrame, keys: list[str], size: str, satisfied: str) -> pd.DataFrame:
    """Count the strata of rows that stand for `n` people each."""
    counted = people.assign(x=people["n"] * people[satisfied]).groupby(keys)
    return counted.agg(x=("x", "sum"), n=("n", "sum"), N=(size, "first")).reset_index()


def hold(cells: pd.DataFrame, case: Any, error: float = 1e-10) -> None:
    """Hold a stratified estimate of `cells` to one of R's survey package."""
    found = stratified_proportion(cells["x"], cells["n"], cells["N"], level=case["level"])
    assert float(found.rate) == pytest.approx(case["p"], abs=error)
    if case["degenerate"]:
        return
    assert float(found.se) == pytest.approx(case["se"], rel=1e-7)
    assert int(found.df) == case["df"]
    np.testing.assert_allclose([found.low, found.high], case["svyciprop"]["beta"], atol=1e-6)


def test_stratified_rates_of_two_roles_in_forty_branches():
    cases = read("survey_weighted")["cases"]
    people = pd.read_csv(FOLDER / "branches_weighted.csv")
    cells = strata(people, ["branch", "role", "faculty"], "N_h", "satisfied")
    hold(cells, cases["university"])
    for unit in ("role", "faculty", "branch"):
        for case in cases[f"by_{unit}"]:
            hold(cells[cells[unit] == case["domain"]], case)


def test_stratified_rates_of_the_api_data():
    schools = pd.read_csv(FOLDER / "api_strat.csv")
    for outcome, cases in read("survey_weighted")["cases"]["api"]["strat"].items():
        cells = strata(schools, ["stype"], "fpc", outcome)
        hold(cells, cases["all"], error=1e-8)  # R's weights there are rounded
        for case in cases["by_stype"]:
            hold(cells[cells["stype"] == case["domain"]], case)


def test_weights_of_known_sizes_are_those_of_post_stratification():
    given = read("survey_weighted")
    people = pd.read_csv(FOLDER / "branches_weighted.csv")
    case = given["cases"]["poststratified"]
    sizes = pd.DataFrame(given["inputs"]["populations"]["faculty_role"])
    sizes = sizes.set_index(["faculty", "role"])["Freq"]
    keys = pd.MultiIndex.from_frame(people[["faculty", "role"]])
    stratum = sizes.index.get_indexer(keys)
    satisfied, counts = people["satisfied"].to_numpy(), people["n"].to_numpy()
    weights = calibration_weights(stratum, satisfied, sizes, np.nan, counts=counts)
    each = pd.DataFrame(case["weights"]).set_index(["faculty", "role"])["weight"]
    scale = sizes.sum() / counts.sum()
    np.testing.assert_allclose(weights * scale, each.reindex(keys), rtol=1e-9)
    rate = (weights * counts) @ satisfied / (weights @ counts)
    assert rate == pytest.approx(case["p"], rel=1e-9)
    assert (weights @ counts) ** 2 / (weights**2 @ counts) == pytest.approx(case["kish_neff"])
    # to a rate that is known already nothing more is calibrated, to another one all is
    again = calibration_weights(stratum, satisfied, sizes, case["p"], counts=counts)
    np.testing.assert_allclose(again, weights, rtol=1e-9)
    other = calibration_weights(stratum, satisfied, sizes, 0.8, counts=counts)
    assert (other * counts) @ satisfied / (other @ counts) == pytest.approx(0.8)


def test_the_weighted_regression():
    case = read("survey_weighted")["cases"]["svyglm_no_fpc"]
    people = pd.read_csv(FOLDER / "branches_weighted.csv")
    answered = people.groupby(["branch", "role"])["n"].transform("sum")
    assert case["terms"] == ["(Intercept)", "service", "tenure", "roleparty"]
    x = people.assign(party=people["role"] == "party")[["service", "tenure", "party"]]
    found = logit.fit(
        x.to_numpy(dtype=float),
        people["satisfied"].to_numpy(dtype=float),
        (people["n"] * people["N_h"] / answered).to_numpy(),
    )
    np.testing.assert_allclose(found.coefficients, case["coef"], atol=1e-6)


@pytest.mark.parametrize("unit", ["branch", "role"])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_crosstabs(unit, weight):
    people = pd.read_csv(FOLDER / "tabulate.csv")
    levels = ["very_dissatisfied", "dissatisfied", "neutral", "satisfied", "very_satisfied"]
    codes = {level: float(code) for code, level in enumerate(levels, 1)}
    codes |= {"not_applicable": MARKS["not_applicable"]}
    coded = people.assign(q=people["answer"].map(codes))
    cells = item_counts(coded, {"q": [1, 2, 3, 4, 5]}, by=[unit], weight=weight)
    summed = totals(cells, "q", dict.fromkeys(range(1, 6), 1.0), [4, 5]).set_index(unit)
    for case in read("tabulate")["cases"][f"by_{unit}"]["weighted" if weight else "unweighted"]:
        own = cells[cells[unit] == case["group"]].set_index("value")
        amount, total = own[weight or "n"], summed.loc[case["group"]]
        valid = {codes[level]: count for level, count in case["count"].items()}
        got = amount[own["status"] == "valid"].reindex(list(valid), fill_value=0)
        np.testing.assert_allclose(got, list(valid.values()), rtol=1e-10)
        for status in ("missing", "not_applicable"):
            assert amount[own["status"] == status].sum() == pytest.approx(case[status], rel=1e-10)
        assert (total["n_responses"], total["n_valid"]) == (case["n_rows"], case["n_valid"])
        base = total["weight_sum"] if weight else total["n_valid"]
        top = total["weight_satisfied"] if weight else total["n_satisfied"]
        assert base == pytest.approx(case["base_valid"], rel=1e-10)
        assert 100 * top / base == pytest.approx(case["top2_pct"], rel=1e-10)
        squares = total["squares_sum"] if weight else total["n_valid"]
        assert base**2 / squares == pytest.approx(case["kish_neff"], rel=1e-10)


def test_differences_of_two_samples():
    for case in read("differences_multiplicity")["cases"]["independent"]:
        waves = []
        for wave in ("2", "1"):
            x, n = case[f"x{wave}"], case[f"n{wave}"]
            low, high = binomial_interval(x, n, level=case["level"], method="wilson")
            waves.append((x / n, low, high))
        error = (1 - case["level"]) / 2
        found = hybrid_change(*waves, error=error, level=case["level"])
        assert float(found.difference) == pytest.approx(case["difference"], abs=1e-12)
        np.testing.assert_allclose([found.low, found.high], case["newcombe"], atol=1e-9)


@pytest.mark.parametrize(
    ("name", "method"),
    [("BH", "bh"), ("BY", "by"), ("holm", "holm"), ("bonferroni", "bonferroni")],
)
def test_adjusted_p_values(name, method: Adjustment):
    for case in read("differences_multiplicity")["cases"]["adjusted"]:
        p, want = (np.array(case[key], dtype=float) for key in ("p", name))
        np.testing.assert_allclose(adjust(p, method), want, rtol=1e-12)
