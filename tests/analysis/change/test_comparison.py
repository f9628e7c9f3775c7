"""Differences between waves: R's figures, brute force, and coverage by enumeration."""

import json
from itertools import product
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.change import comparison, fisher

REFERENCES = Path(__file__).parents[2] / "references"
CASES = json.loads((REFERENCES / "differences_multiplicity.json").read_text())["cases"]


def name(case: dict) -> str:
    return "-".join(str(value) for value in list(case.values())[:5])


@pytest.mark.parametrize("case", CASES["independent"], ids=name)
def test_newcombe(case):
    result = comparison.newcombe_interval(
        case["x1"], case["n1"], case["x2"], case["n2"], level=case["level"]
    )
    assert float(result.difference) == pytest.approx(case["difference"], abs=1e-10)
    assert float(result.low) == pytest.approx(case["newcombe_low"], abs=1e-10)
    assert float(result.high) == pytest.approx(case["newcombe_high"], abs=1e-10)


@pytest.mark.parametrize("case", CASES["independent"], ids=name)
@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
def test_fisher(case, alternative):
    p = fisher.fisher_p_value(
        case["x1"], case["n1"], case["x2"], case["n2"], alternative=alternative
    )
    expected = case[f"fisher_{alternative.replace('-', '_')}"]
    assert float(p) == pytest.approx(expected, rel=1e-7)


def test_many_fisher_tests_at_once():
    columns = [[case[key] for case in CASES["independent"]] for key in ("x1", "n1", "x2", "n2")]
    expected = [case["fisher_two_sided"] for case in CASES["independent"]]
    assert fisher.fisher_p_value(*columns) == pytest.approx(expected, rel=1e-7)


def chance(x: int, N: int, K: int, n: int) -> float:
    return comb(K, x) * comb(N - K, n - x) / comb(N, n)


@pytest.mark.parametrize(
    ("n1", "N1", "n2", "N2"),
    [(3, 6, 5, 8), (4, 10, 4, 10), (6, 6, 3, 9), (1, 7, 6, 7), (0, 5, 3, 6)],
)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_finite_difference_covers(n1, N1, n2, N2, level):
    outcomes = np.array(list(product(range(n1 + 1), range(n2 + 1))))
    x1, x2 = outcomes.T
    interval = comparison.finite_population_difference(x1, n1, N1, x2, n2, N2, level=level)
    p = comparison.finite_population_p_value(x1, n1, N1, x2, n2, N2)
    for K1, K2 in product(range(N1 + 1), range(N2 + 1)):
        truth = K1 / N1 - K2 / N2
        weight = np.array([chance(a, N1, K1, n1) * chance(b, N2, K2, n2) for a, b in outcomes])
        inside = (interval.low <= truth + 1e-9) & (truth - 1e-9 <= interval.high)
        assert weight[inside].sum() >= level - 1e-12
        if K1 * N2 == K2 * N1:
            for alpha in (0.01, 0.05, 0.2):
                assert weight[p <= alpha].sum() <= alpha + 1e-12


UNIT = st.integers(1, 40).flatmap(
    lambda N: st.integers(0, N).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)


@settings(max_examples=150, deadline=None)
@given(UNIT, UNIT)
def test_finite_difference_properties(first, second):
    there = comparison.finite_population_difference(*first, *second)
    back = comparison.finite_population_difference(*second, *first)
    assert float(there.low) == pytest.approx(-float(back.high), abs=1e-12)
    assert float(there.high) == pytest.approx(-float(back.low), abs=1e-12)
    assert -1 <= there.low <= there.high <= 1
    p = comparison.finite_population_p_value(*first, *second)
    reverse = comparison.finite_population_p_value(*second, *first)
    assert float(p) == pytest.approx(float(reverse), rel=1e-9)
    assert (p <= 0.05) == (there.low > 1e-12 or there.high < -1e-12)
    (x1, n1, N1), (x2, n2, N2) = first, second
    if n1 and n2:
        assert there.low - 1e-12 <= there.difference <= there.high + 1e-12
    if (n1, n2) == (N1, N2):
        assert float(there.low) == pytest.approx(x1 / N1 - x2 / N2)
        assert float(there.high) == pytest.approx(float(there.low))


@settings(max_examples=100, deadline=None)
@given(UNIT, UNIT)
def test_newcombe_properties(first, second):
    x1, n1, _ = first
    x2, n2, _ = second
    there = comparison.newcombe_interval(x1, n1, x2, n2)
    back = comparison.newcombe_interval(x2, n2, x1, n1)
    assert float(there.low) == pytest.approx(-float(back.high), abs=1e-12)
    assert float(there.high) == pytest.approx(-float(back.low), abs=1e-12)
    inner = comparison.newcombe_interval(x1, n1, x2, n2, level=0.8)
    assert there.low <= inner.low <= inner.high <= there.high
    if n1 and n2:
        assert there.low <= there.difference <= there.high
    else:
        assert (there.low, there.high) == (-1, 1)


def test_waves_of_many_branches_hold_the_false_discovery_rate():
    rng = np.random.default_rng(8)
    n_units, false_share = 200, []
    for _ in range(10):
        N = rng.integers(30, 200, n_units)
        before = rng.binomial(N, 0.8)
        moved = np.arange(n_units) < 60
        now = np.where(moved, np.minimum(N, before + N // 6), before)
        n1, n2 = rng.binomial(N, 0.7), rng.binomial(N, 0.7)
        change = comparison.compare_waves(
            rng.hypergeometric(now, N - now, n1),
            n1,
            rng.hypergeometric(before, N - before, n2),
            n2,
            population_1=N,
            population_2=N,
        )
        found = change.direction != 0
        false_share.append((found & ~moved).sum() / max(found.sum(), 1))
        assert (found & moved).sum() > 20
    assert np.mean(false_share) <= 0.05


def test_waves_without_roster():
    change = comparison.compare_waves([56, 9, 0], [70, 10, 0], [48, 8, 3], [80, 10, 5])
    assert change.low[0] == pytest.approx(0.0524, abs=1e-4)
    assert np.isnan(change.p_value[2])
    assert np.isnan(change.p_adjusted[2])
    assert change.direction.tolist() == [1, 0, 0]
    with pytest.raises(ValueError, match="both waves"):
        comparison.compare_waves([1], [1], [1], [1], population_1=[2])
    with pytest.raises(ValueError, match="no people"):
        comparison.finite_population_difference(0, 0, 0, 1, 2, 3)
    with pytest.raises(ValueError, match="alternative"):
        fisher.fisher_p_value(1, 2, 1, 2, alternative="both")


@pytest.mark.parametrize("people", [None, 10])
def test_equal_shares_differ_by_exactly_nothing(people):
    n = np.arange(1, 11)
    x = 6 * n // 7
    sizes = {} if people is None else {"population_1": 10 * n, "population_2": people * 3 * n}
    change = comparison.compare_waves(3 * x, 3 * n, x, n, **sizes)
    assert (change.difference == 0).all()
    assert not np.signbit(change.difference).any()
