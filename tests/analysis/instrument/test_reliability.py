"""Reliability against psych (R), and the properties it must have on any data."""

import csv
import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.counts.patterns import response_patterns
from analysis.instrument import reliability
from analysis.instrument.skewed_interval import skewed_interval

REFERENCES = Path(__file__).parents[2] / "references"
REFERENCE = json.loads((REFERENCES / "reliability.json").read_text(encoding="utf-8"))
CASES = [case["id"] for case in REFERENCE["cases"]]


def answers(items: list[str]) -> np.ndarray:
    with (REFERENCES / "reliability.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    number = {"": np.nan, "NA": np.nan}
    return np.array([[float(number.get(row[item], row[item])) for item in items] for row in rows])


def reference(name: str) -> tuple[np.ndarray, dict]:
    case = next(case for case in REFERENCE["cases"] if case["id"] == name)
    return answers(case["items"]), case["complete"]


@pytest.mark.parametrize("name", CASES)
def test_alpha(name):
    items, expected = reference(name)
    result = reliability.cronbach_alpha(items)
    assert result.n == expected["n"]
    assert result.alpha == pytest.approx(expected["alpha_raw"], abs=1e-10)


@pytest.mark.parametrize("name", CASES)
def test_omega(name):
    items, expected = reference(name)
    result = reliability.mcdonald_omega(items)
    assert result.omega == pytest.approx(expected["omega_total_model"], abs=5e-5)
    assert result.loadings == pytest.approx(expected["loadings_minres"], abs=5e-4)
    assert result.is_heywood == expected["heywood"]
    assert result.is_heywood == np.isnan(result.low)


@pytest.mark.parametrize("name", ["dimension1", "dimension4"])
def test_intervals_rest_on_what_one_more_respondent_changes(name):
    items = answers(next(case for case in REFERENCE["cases"] if case["id"] == name)["items"])
    items = items[~np.isnan(items).any(axis=1)]
    for function in (reliability.cronbach_alpha, reliability.mcdonald_omega):
        result = function(items)
        if np.isnan(result.low):
            continue
        # one more answer like his among fifty copies of all: no derivative is known here
        many = np.tile(items, (50, 1))
        people, person = np.unique(items, axis=0, return_inverse=True)
        moved = np.array([function(np.vstack([many, one]))[0] - result[0] for one in people])
        influence = len(many) * moved[person.ravel()]
        assert skewed_interval(result[0], influence, 0.95) == pytest.approx(
            result[1:3], abs=0.01 * (result.high - result.low)
        )


@pytest.mark.parametrize("name", CASES)
def test_kmo(name):
    items, expected = reference(name)
    result = reliability.kmo(items)
    assert result.overall == pytest.approx(expected["kmo_overall"], abs=1e-9)
    assert result.items == pytest.approx(expected["kmo_item"], abs=1e-9)


@pytest.mark.parametrize("name", CASES)
def test_bartlett(name):
    items, expected = reference(name)
    result = reliability.bartlett_sphericity(items)
    assert result.df == expected["bartlett_df"]
    assert result.chi2 == pytest.approx(expected["bartlett_chi2"], rel=1e-9)
    assert result.p_value == pytest.approx(expected["bartlett_p"], rel=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_item_total(name):
    items, expected = reference(name)
    result = reliability.item_total(items)
    assert result == pytest.approx(expected["item_total_corrected"], abs=1e-10)


@pytest.mark.parametrize("case", REFERENCE["dimension_listwise18"], ids=lambda case: case["id"])
def test_dimension_on_rows_complete_over_all_items(case):
    everything = answers([f"q{i:02d}" for i in range(1, 19)])
    rows = ~np.isnan(everything).any(axis=1)
    items, _ = reference(case["id"])
    result = reliability.cronbach_alpha(items[rows])
    assert result.n == case["n"]
    assert result.alpha == pytest.approx(case["alpha_raw"], abs=1e-10)


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
    assert np.isnan(alpha.low) or alpha.low < alpha.alpha < alpha.high < 1

    adequacy = reliability.kmo(items)
    assert np.isnan(adequacy.overall) or 0 <= adequacy.overall <= 1
    correlation = reliability.item_total(items)
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
    assert reliability.mcdonald_omega(items).loadings == pytest.approx(loadings, abs=1e-6)


def test_constant_item_is_undefined_without_warning():
    items = np.array([[5, 4, 5], [5, 3, 4], [5, 5, 5], [5, 2, 1]], dtype=float)
    assert np.isnan(reliability.mcdonald_omega(items).omega)
    assert np.isnan(reliability.kmo(items).overall)
    assert np.isnan(reliability.bartlett_sphericity(items).chi2)
    assert np.isnan(reliability.item_total(items)[0])
    assert np.isfinite(reliability.cronbach_alpha(items).alpha)


def test_refusals():
    with pytest.raises(ValueError, match="2 items"):
        reliability.cronbach_alpha([[1], [2]])
    with pytest.raises(ValueError, match="fewer than 2 respondents"):
        reliability.cronbach_alpha([[1, np.nan], [2, 3]])
    with pytest.raises(ValueError, match="3 items"):
        reliability.mcdonald_omega([[1, 2], [2, 3], [3, 3]])
    with pytest.raises(ValueError, match="level"):
        reliability.cronbach_alpha([[1, 2], [2, 3], [3, 3]], level=95)


def test_floor_and_ceiling():
    shares = reliability.floor_ceiling([[1, np.nan], [5, np.nan], [5, np.nan]], lowest=1, highest=5)
    assert shares.floor.tolist()[0] == pytest.approx(1 / 3)
    assert np.isnan(shares.ceiling[1])
    assert shares.n.tolist() == [3, 0]


def test_patterns_with_counts_are_their_respondents():
    rng = np.random.default_rng(2)
    items = np.round(4 + rng.normal(size=(900, 1)) + rng.normal(size=(900, 4))).clip(1, 5)
    items[rng.random(items.shape) < 0.02] = np.nan
    names = ["a", "b", "c", "d"]
    patterns = response_patterns(pd.DataFrame(items, columns=names), names, by=[])
    rows, counts = patterns[names], patterns["n"]
    assert len(rows) < 600
    alike = {"rtol": 1e-9, "atol": 1e-12}
    for function in (
        reliability.cronbach_alpha,
        reliability.mcdonald_omega,
        reliability.kmo,
        reliability.bartlett_sphericity,
        reliability.item_total,
        partial(reliability.floor_ceiling, lowest=1, highest=5),
    ):
        for one, other in zip(function(rows, counts=counts), function(items), strict=True):
            np.testing.assert_allclose(one, other, **alike)
