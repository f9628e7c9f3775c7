"""Differences between waves: R's figures, brute force, and errors by enumeration."""

import json
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.change import comparison
from analysis.proportions import bounds
from analysis.proportions.intervals import binomial_interval
from tests.simulations.changes import called

REFERENCES = Path(__file__).parents[2] / "references"
CASES = json.loads((REFERENCES / "differences_multiplicity.json").read_text())["cases"]


def name(case: dict) -> str:
    return "-".join(str(value) for value in list(case.values())[:5])


@pytest.mark.parametrize("case", CASES["independent"], ids=name)
def test_of_wilson_bounds_the_hybrid_is_newcombes_interval(case):
    waves = []
    for x, n in ((case["x2"], case["n2"]), (case["x1"], case["n1"])):
        low, high = binomial_interval(x, n, level=case["level"], method="wilson")
        waves.append((x / n, low, high))
    error = (1 - case["level"]) / 2
    result = comparison.hybrid_change(*waves, error=error, level=case["level"])
    assert float(result.difference) == pytest.approx(case["difference"], abs=1e-10)
    assert float(result.low) == pytest.approx(case["newcombe_low"], abs=1e-10)
    assert float(result.high) == pytest.approx(case["newcombe_high"], abs=1e-10)
    excludes = result.low > 0 or result.high < 0
    assert (result.p_value < 1 - case["level"]) == excludes


def chance(x: int, N: int, K: int, n: int) -> float:
    return comb(K, x) * comb(N - K, n - x) / comb(N, n)


@pytest.mark.parametrize(
    ("n1", "N1", "n2", "N2"),
    [(3, 6, 5, 8), (4, 10, 4, 10), (6, 6, 3, 9), (1, 7, 6, 7), (0, 5, 3, 6), (7, 12, 9, 12)],
)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_interval_and_test_over_all_populations(n1, N1, n2, N2, level):
    outcomes = np.array(list(product(range(n1 + 1), range(n2 + 1))))
    x1, x2 = outcomes.T
    change = comparison.exact_change(x1, n1, N1, x2, n2, N2, level=level)
    for K1, K2 in product(range(N1 + 1), range(N2 + 1)):
        truth = K2 / N2 - K1 / N1
        weight = np.array([chance(a, N1, K1, n1) * chance(b, N2, K2, n2) for a, b in outcomes])
        inside = (change.low <= truth + 1e-9) & (truth - 1e-9 <= change.high)
        assert weight[inside].sum() >= level - 1e-12
        half = (1 - level) / 2
        rise = (change.p_value <= 1 - level) & (change.difference > 0)
        fall = (change.p_value <= 1 - level) & (change.difference < 0)
        if K2 * N1 <= K1 * N2:
            assert weight[rise].sum() <= half + 1e-12
        if K2 * N1 >= K1 * N2:
            assert weight[fall].sum() <= half + 1e-12


UNIT = st.integers(1, 40).flatmap(
    lambda N: st.integers(0, N).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)


@settings(max_examples=150, deadline=None)
@given(UNIT, UNIT)
def test_both_ways_and_what_is_told_agree(first, second):
    there = comparison.exact_change(*first, *second)
    back = comparison.exact_change(*second, *first)
    assert float(there.low) == pytest.approx(-float(back.high), abs=1e-12)
    assert float(there.high) == pytest.approx(-float(back.low), abs=1e-12)
    assert -1 <= there.low <= there.high <= 1
    (x1, n1, N1), (x2, n2, N2) = first, second
    if n1 and n2:
        assert there.low - 1e-12 <= there.difference <= there.high + 1e-12
        assert float(there.p_value) == pytest.approx(float(back.p_value), rel=1e-9)
        assert (there.p_value <= 0.05) == (there.low > 1e-12 or there.high < -1e-12)
    else:
        assert np.isnan(there.difference)
        assert np.isnan(there.p_value)
    if (n1, n2) == (N1, N2):
        assert float(there.low) == pytest.approx(x2 / N2 - x1 / N1)
        assert float(there.high) == pytest.approx(float(there.low))
        assert (there.p_value == 0) == (x2 * N1 != x1 * N2)


@pytest.mark.parametrize("N", [60, 80, 150])
def test_few_unchanged_branches_are_called_changed_but_not_hardly_any(N):
    for rate in (0.85, 0.9):
        assert 0.015 <= called(N, round(0.6 * N), rate, rate) <= 0.05
    assert called(N, round(0.6 * N), 0.75, 0.95) > 0.5


def test_a_rise_of_more_answers_is_told_the_more():
    x = np.arange(41)
    change = comparison.exact_change(30, 40, 60, x, 40, 60)
    assert (np.diff(change.low) >= 0).all()
    assert (np.diff(change.high) >= 0).all()


def test_the_least_change_that_can_be_told_is_told_and_a_lesser_one_is_not():
    x1, n1, N1, n2, N2 = (np.array([value]) for value in (16, 20, 30, 22, 30))
    least = comparison.detectable(x1, n1, N1, n2, N2)
    x2 = np.arange(23)
    change = comparison.exact_change(x1, n1, N1, x2, n2, N2)
    told = change.p_value <= 0.05
    assert least.rise[0] == pytest.approx(change.difference[told & (change.low > 0)].min())
    assert least.fall[0] == pytest.approx(change.difference[told & (change.high < 0)].max())
    between = (change.difference > least.fall[0]) & (change.difference < least.rise[0])
    assert not told[between].any()


def test_large_units_take_moments():
    change = comparison.exact_change(9000, 10_000, 20_000, 9100, 10_000, 20_000)
    assert 0 < change.low < change.difference < change.high
    assert change.difference == pytest.approx(0.01)


def test_equal_shares_differ_by_exactly_nothing():
    n = np.arange(1, 11)
    x = 6 * n // 7
    change = comparison.exact_change(x, n, 10 * n, 3 * x, 3 * n, 30 * n)
    assert (change.difference == 0).all()
    assert not np.signbit(change.difference).any()
    assert (change.p_value > 0.9).all()


def test_bounds_that_leave_no_doubt():
    same = comparison.hybrid_change((0.9, 0.9, 0.9), (0.9, 0.9, 0.9))
    assert (same.low, same.high, same.p_value) == (0, 0, 1)
    other = comparison.hybrid_change((0.9, 0.9, 0.9), (0.8, 0.8, 0.8))
    assert other.high < 0
    assert other.p_value == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: comparison.exact_change(0, 0, 0, 1, 2, 3), "no people"),
        (lambda: comparison.exact_change(1, 2, 3, 1, 2, 3, level=1), "level=1"),
        (lambda: comparison.exact_change(3, 2, 3, 1, 2, 3), "n_satisfied=3"),
        (lambda: comparison.hybrid_change((0.5, 0, 1), (0.5, 0, 1), error=0.5), "error=0.5"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_least_change_over_two_roles_is_about_that_of_all_splits():
    """Against every number of satisfied answers, spread evenly over the roles and bounded."""
    rng = np.random.default_rng(5)
    off: list[list[float]] = []
    for _ in range(60):
        N = rng.integers(8, 20, 2)
        n1, n2 = (np.maximum(3, (N * rng.uniform(0.5, 1, 2)).astype(int)) for _ in range(2))
        waves = [rng.binomial(n, rng.uniform(0.6, 1)) for n in (n1, n2)]

        def rated(x, n, N=N):
            made = bounds.stratified(x, np.broadcast_to(n, x.shape), np.broadcast_to(N, x.shape))
            rates = ((x / n) @ N, made.lower, made.upper)
            return np.array(rates) / N.sum()

        before, after = (rated(x[None], n) for x, n in zip(waves, (n1, n2), strict=True))
        least = comparison.hybrid_detectable(before, after, [n2.sum()])
        total = np.arange(n2.sum() + 1)
        one = np.round(total * n2[0] / n2.sum()).astype(int)
        change = comparison.hybrid_change(before, rated(np.column_stack([one, total - one]), n2))
        told = change.p_value <= 0.05
        falls, rises = told & (change.high < 0), told & (change.low > 0)
        true_fall = change.difference[falls].max() if falls.any() else np.nan
        true_rise = change.difference[rises].min() if rises.any() else np.nan
        off.append([least.fall[0] - true_fall, least.rise[0] - true_rise])
    wrong = np.array(off)
    assert (np.isfinite(wrong).sum(axis=0) > 20).all()
    assert np.all(np.abs(np.nanmean(wrong, axis=0)) < 0.02)
    assert np.all(np.nanquantile(np.abs(wrong), 0.8, axis=0) < 0.07)
