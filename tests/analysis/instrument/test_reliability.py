"""Reliability against psych (R), and the properties it must have on any data."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.instrument import reliability

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "reliability.json").read_text(encoding="utf-8"))
MISSING = ("complete", "pairwise")
CASES = [(case["id"], missing) for case in REFERENCE["cases"] for missing in MISSING]


def answers(items: list[str]) -> np.ndarray:
    with (REFERENCES / "reliability.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    number = {"": np.nan, "NA": np.nan}
    return np.array([[float(number.get(row[item], row[item])) for item in items] for row in rows])


def reference(name: str, missing: str) -> tuple[np.ndarray, dict]:
    case = next(case for case in REFERENCE["cases"] if case["id"] == name)
    return answers(case["items"]), case[missing]


@pytest.mark.parametrize(("name", "missing"), CASES)
def test_alpha(name, missing):
    items, expected = reference(name, missing)
    result = reliability.cronbach_alpha(items, missing=missing)
    assert (result.n, result.k, result.missing) == (expected["n"], expected["k"], missing)
    assert result.alpha == pytest.approx(expected["alpha_raw"], abs=1e-10)
    assert result.standardized == pytest.approx(expected["alpha_standardized"], abs=1e-10)
    if missing == "complete":
        assert result.low == pytest.approx(expected["feldt_low"], abs=1e-9)
        assert result.high == pytest.approx(expected["feldt_high"], abs=1e-9)
    else:
        assert result.n_pair_min == expected["n_pair_min"]
        assert np.isnan([result.low, result.high]).all()


@pytest.mark.parametrize(("name", "missing"), CASES)
def test_omega(name, missing):
    items, expected = reference(name, missing)
    minres = reliability.mcdonald_omega(items, missing=missing)
    likelihood = reliability.mcdonald_omega(items, missing=missing, method="ml")
    assert minres.omega == pytest.approx(expected["omega_total_model"], abs=5e-5)
    assert minres.omega_observed == pytest.approx(expected["omega_total_psych"], abs=5e-5)
    assert minres.loadings == pytest.approx(expected["loadings_minres"], abs=5e-4)
    assert minres.is_heywood == expected["heywood"]
    assert likelihood.omega == pytest.approx(expected["omega_total_ml_model"], abs=5e-5)


@pytest.mark.parametrize(("name", "missing"), CASES)
def test_kmo(name, missing):
    items, expected = reference(name, missing)
    result = reliability.kmo(items, missing=missing)
    assert result.overall == pytest.approx(expected["kmo_overall"], abs=1e-9)
    assert result.items == pytest.approx(expected["kmo_item"], abs=1e-9)


@pytest.mark.parametrize("name", [case["id"] for case in REFERENCE["cases"]])
def test_bartlett(name):
    items, expected = reference(name, "complete")
    result = reliability.bartlett_sphericity(items)
    assert (result.n, result.df) == (expected["n"], expected["bartlett_df"])
    assert result.chi2 == pytest.approx(expected["bartlett_chi2"], rel=1e-9)
    assert result.log10_p == pytest.approx(expected["bartlett_log10_p"], rel=1e-8)
    assert result.p_value == pytest.approx(expected["bartlett_p"], rel=1e-8)


@pytest.mark.parametrize("name", [case["id"] for case in REFERENCE["cases"]])
def test_item_total(name):
    items, expected = reference(name, "complete")
    result = reliability.item_total(items)
    assert result.correlation == pytest.approx(expected["item_total_corrected"], abs=1e-10)
    assert result.alpha_if_deleted == pytest.approx(expected["alpha_if_deleted"], abs=1e-10)


@pytest.mark.parametrize("case", REFERENCE["dimension_listwise18"], ids=lambda case: case["id"])
def test_dimension_on_rows_complete_over_all_items(case):
    everything = answers([f"q{i:02d}" for i in range(1, 19)])
    rows = ~np.isnan(everything).any(axis=1)
    items, _ = reference(case["id"], "complete")
    result = reliability.cronbach_alpha(items[rows])
    assert result.n == case["n"]
    assert result.alpha == pytest.approx(case["alpha_raw"], abs=1e-10)
    assert (result.low, result.high) == pytest.approx(
        (case["feldt_low"], case["feldt_high"]), abs=1e-9
    )


@pytest.mark.parametrize(("chi2", "df", "expected"), [(3000.0, 1, None), (5000.0, 153, None)])
def test_log_tail_beyond_underflow(chi2, df, expected):
    # d/dx log Q = -density/Q: the ratio of neighbours gives an independent check
    lower, upper = (reliability._log_chi2_tail(chi2 + step, df) for step in (-0.01, 0.01))
    a, x = df / 2, chi2 / 2
    log_density = -x + (a - 1) * np.log(x) - np.log(2) - float(reliability.special.gammaln(a))
    middle = reliability._log_chi2_tail(chi2, df)
    assert np.isfinite(middle)
    assert (upper - lower) / 0.02 == pytest.approx(-np.exp(log_density - middle), rel=1e-5)


CODES = hnp.arrays(
    float,
    st.tuples(st.integers(3, 25), st.integers(3, 6)),
    elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0]),
)


@settings(max_examples=60, deadline=None)
@given(CODES)
def test_on_any_answers(items):
    alpha = reliability.cronbach_alpha(items)
    # reversing the whole scale or shifting it changes nothing
    reversed_ = reliability.cronbach_alpha(1006 - items)
    assert reversed_.alpha == pytest.approx(alpha.alpha, abs=1e-9, nan_ok=True)
    assert np.isnan(alpha.alpha) or alpha.low <= alpha.alpha + 1e-12 <= alpha.high + 2e-12
    # without a blank both ways of missing agree
    pairwise = reliability.cronbach_alpha(items, missing="pairwise")
    assert pairwise.alpha == pytest.approx(alpha.alpha, abs=1e-12, nan_ok=True)

    adequacy = reliability.kmo(items)
    assert np.isnan(adequacy.overall) or 0 <= adequacy.overall <= 1
    correlation = reliability.item_total(items).correlation
    for i, value in enumerate(correlation):
        rest = np.delete(items, i, axis=1).sum(axis=1)
        if np.ptp(rest) > 0 and np.ptp(items[:, i]) > 0:
            assert value == pytest.approx(np.corrcoef(items[:, i], rest)[0, 1], abs=1e-9)
        else:
            assert np.isnan(value)
    varies = np.ptp(items, axis=0) > 0
    omega = reliability.mcdonald_omega(items)
    assert np.isnan(omega.omega) == (not varies.all())


def test_omega_recovers_one_factor():
    loadings = np.array([0.9, 0.7, 0.5, 0.6])
    correlation = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    # rows whose sample correlation is the matrix itself
    rng = np.random.default_rng(0)
    raw = np.linalg.qr(np.c_[np.ones(50), rng.normal(size=(50, 4))])[0][:, 1:]
    items = raw @ np.linalg.cholesky(correlation).T
    for method in ("minres", "ml"):
        result = reliability.mcdonald_omega(items, method=method)
        assert result.loadings == pytest.approx(loadings, abs=1e-6)


def test_constant_item_is_undefined_without_warning():
    items = np.array([[5, 4, 5], [5, 3, 4], [5, 5, 5], [5, 2, 1]], dtype=float)
    assert np.isnan(reliability.mcdonald_omega(items).omega)
    assert np.isnan(reliability.kmo(items).overall)
    assert np.isnan(reliability.bartlett_sphericity(items).chi2)
    assert np.isnan(reliability.item_total(items).correlation[0])
    assert np.isfinite(reliability.cronbach_alpha(items).alpha)


def test_refusals():
    with pytest.raises(ValueError, match="2 items"):
        reliability.cronbach_alpha([[1], [2]])
    with pytest.raises(ValueError, match="fewer than 2 respondents"):
        reliability.cronbach_alpha([[1, np.nan], [2, 3]])
    with pytest.raises(ValueError, match="3 items"):
        reliability.mcdonald_omega([[1, 2], [2, 3], [3, 3]])
    with pytest.raises(ValueError, match="missing"):
        reliability.kmo([[1, 2], [2, 3]], missing="listwise")


def test_floor_and_ceiling():
    shares = reliability.floor_ceiling([[1, np.nan], [5, np.nan], [5, np.nan]], lowest=1, highest=5)
    assert shares.floor.tolist()[0] == pytest.approx(1 / 3)
    assert np.isnan(shares.ceiling[1])
    assert shares.n.tolist() == [3, 0]
