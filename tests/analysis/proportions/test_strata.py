"""Two strata together: brute force over all pairs, and coverage by enumeration."""

from fractions import Fraction
from itertools import product
from math import comb
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.proportions import bounds, intervals, strata
from tests.simulations.cover_strata import cover


def interval_of(x, n, N, level=0.95) -> SimpleNamespace:
    """Give both bounds as an interval of a level, with the shape of the units."""
    x, n, N = np.broadcast_arrays(*(np.asarray(counts) for counts in (x, n, N)))
    shape = x.shape[:-1]
    x, n, N = (counts.reshape(-1, 2) for counts in (x, n, N))
    made = bounds.stratified(x, n, N, alpha=(1 - Fraction(str(level))) / 2)
    people = N.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.nansum(N * (x / n), axis=1) / people
    ends = {"low_count": made.lower, "high_count": made.upper, "rate": rate}
    ends |= {"low": made.lower / np.maximum(people, 1), "high": made.upper / np.maximum(people, 1)}
    return SimpleNamespace(**{name: value.reshape(shape) for name, value in ends.items()})


def chance(x: int, N: int, K: int, n: int) -> Fraction:
    return Fraction(comb(K, x) * comb(N - K, n - x), comb(N, n))


def estimate(x, n, N) -> Fraction:
    return sum((Fraction(N[h] * x[h], n[h]) for h in (0, 1)), Fraction(0))


def tail(x, n, N, K) -> Fraction:
    """P(estimate >= observed | K1, K2), by listing every outcome."""
    observed = estimate(x, n, N)
    return sum(
        (
            chance(y1, N[0], K[0], n[0]) * chance(y2, N[1], K[1], n[1])
            for y1, y2 in product(range(n[0] + 1), range(n[1] + 1))
            if estimate((y1, y2), n, N) >= observed
        ),
        Fraction(0),
    )


def least_by_brute_force(x, n, N, threshold: Fraction) -> int:
    spent = min(strata.CONFINEMENT, threshold / 50)
    best = None
    inside = [
        [
            K
            for K in range(x[h], N[h] - n[h] + x[h] + 1)
            if sum(chance(y, N[h], K, n[h]) for y in range(x[h], n[h] + 1)) > spent / 4
            and sum(chance(y, N[h], K, n[h]) for y in range(x[h] + 1)) > spent / 4
        ]
        for h in (0, 1)
    ]
    for K in product(*inside):
        if tail(x, n, N, K) > threshold - spent:
            best = sum(K) if best is None else min(best, sum(K))
    return best


PARTLY = st.integers(2, 8).flatmap(
    lambda N: st.integers(1, N - 1).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)
ANY = st.integers(0, 60).flatmap(
    lambda N: st.integers(0, N).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)


@settings(max_examples=40, deadline=None)
@given(PARTLY, PARTLY, st.sampled_from([0.95, 0.8]))
def test_equals_brute_force(first, second, level):
    x, n, N = ([a, b] for a, b in zip(first, second, strict=True))
    interval = interval_of(x, n, N, level=level)
    threshold = (1 - Fraction(str(level))) / 2
    assert int(interval.low_count) == least_by_brute_force(x, n, N, threshold)
    dissatisfied = [n[h] - x[h] for h in (0, 1)]
    assert sum(N) - int(interval.high_count) == least_by_brute_force(dissatisfied, n, N, threshold)


@pytest.mark.parametrize(
    ("n", "N"), [((2, 5), (5, 7)), ((1, 9), (8, 10)), ((4, 3), (6, 12)), ((3, 3), (9, 4))]
)
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_coverage_by_enumeration(n, N, level):
    outcomes = list(product(range(n[0] + 1), range(n[1] + 1)))
    interval = interval_of(outcomes, [n] * len(outcomes), N, level=level)
    for K in product(range(N[0] + 1), range(N[1] + 1)):
        covered = sum(
            float(chance(x[0], N[0], K[0], n[0]) * chance(x[1], N[1], K[1], n[1]))
            for x, low, high in zip(outcomes, interval.low_count, interval.high_count, strict=True)
            if low <= sum(K) <= high
        )
        assert covered >= level - 1e-12


@settings(max_examples=150, deadline=None)
@given(ANY, ANY)
def test_properties(first, second):
    x, n, N = (np.array([a, b]) for a, b in zip(first, second, strict=True))
    interval = interval_of(x, n, N)
    low, high = int(interval.low_count), int(interval.high_count)
    assert x.sum() <= low <= high <= (N - n + x).sum()
    if (n > 0).all():
        assert interval.low - 1e-12 <= interval.rate <= interval.high + 1e-12
    if (n == N).all():
        assert low == high == x.sum()
    # satisfied and dissatisfied change places
    other = interval_of(n - x, n, N)
    assert (int(other.low_count), int(other.high_count)) == (N.sum() - high, N.sum() - low)
    # the order of the strata does not matter, and a lower level lies inside
    swapped = interval_of(x[::-1], n[::-1], N[::-1])
    assert (int(swapped.low_count), int(swapped.high_count)) == (low, high)
    inner = interval_of(x, n, N, level=0.8)
    assert low <= inner.low_count <= inner.high_count <= high


@settings(max_examples=80, deadline=None)
@given(ANY, st.integers(0, 30), st.booleans())
def test_one_unknown_stratum_is_the_finite_population(unit, size, census):
    """Beside a census the other stratum decides alone; beside silence anything goes."""
    x, n, N = unit
    alone = intervals.finite_population_interval(x, n, N)
    answered = size if census else 0
    interval = interval_of([x, answered // 2], [n, answered], [N, size])
    known = answered // 2
    assert int(interval.low_count) == alone.low_count + known
    assert int(interval.high_count) == alone.high_count + (known if census else size)


@settings(max_examples=40, deadline=None)
@given(PARTLY, PARTLY, st.data())
def test_p_value_agrees_with_interval(first, second, data):
    x, n, N = (np.array([[a, b]]) for a, b in zip(first, second, strict=True))
    bars = [data.draw(st.integers(0, int(N.sum()))) for _ in range(2)]
    pair = strata.pair_bounds(x, n, N, Fraction(5, 100), np.array([bars]))
    p_reaches, p_misses = (float(p[0]) for p in (pair.p_reaches, pair.p_misses))
    assert 0 <= min(p_reaches, p_misses) <= max(p_reaches, p_misses) <= 1
    assert (pair.least[0] >= bars[0]) == (p_reaches <= 0.05)
    assert (pair.most[0] < bars[1]) == (p_misses <= 0.05)


def test_strata_of_whom_nobody_answered_may_be_anything():
    """Where a third stratum is silent both tests suppose of it what speaks against them."""
    x, n, N = [[8, 5]], [[9, 10]], [[12, 20]]
    two = bounds.stratified(x, n, N, bar="0.5")
    three = bounds.stratified([[8, 5, 0]], [[9, 10, 0]], [[12, 20, 6]], bar="0.5")
    assert three.lower == two.lower
    assert three.upper == two.upper + 6
    needed = (three.p_meets, three.p_below)
    apart = strata.pair_bounds(*map(np.array, (x, n, N)), Fraction(5, 100), np.array([[19, 13]]))
    assert needed == (apart.p_reaches, apart.p_misses)


def test_ignoring_the_roles_can_always_be_wrong():
    coverage = cover((10, 30), (9, 10))
    assert coverage["strata"][0] >= 0.95
    assert coverage["pooled"][0] < 0.01
    assert coverage["korn-graubard"][0] < 0.9


def points(first: int, last: int, N: int, n: int) -> strata.Hypergeometric:
    return strata.tabulate(*(np.array([value]) for value in (first, last, N, n)))


def test_large_unit_leaves_out_nothing_that_counts():
    """The table stops far from the mean; every K must still sum to 1."""
    table = points(26_800, 27_200, 30_000, 15_000)
    assert table.x.size < 3_000
    assert table.probabilities().sum(axis=1) == pytest.approx(np.ones((1, 401)), abs=1e-9)


def test_thousands_of_branches_with_unequal_response():
    rng = np.random.default_rng(4)
    N = rng.integers(4, 150, (1000, 2))
    K = rng.binomial(N, [0.95, 0.8])
    n = rng.binomial(N, [0.9, 0.4])
    x = rng.hypergeometric(K, N - K, n)
    interval = interval_of(x, n, N)
    covered = (interval.low_count <= K.sum(axis=1)) & (K.sum(axis=1) <= interval.high_count)
    assert covered.mean() >= 0.95
    pooled = intervals.finite_population_interval(x.sum(axis=1), n.sum(axis=1), N.sum(axis=1))
    naive = (pooled.low_count <= K.sum(axis=1)) & (K.sum(axis=1) <= pooled.high_count)
    assert naive.mean() < 0.9  # why the strata are needed


def test_point_probabilities_are_scipys_at_every_size() -> None:
    rng = np.random.default_rng(0)
    N = np.array([*rng.integers(1, 1400, 60), 1, 1])
    n, first = rng.integers(0, N + 1), rng.integers(0, N + 1)
    last = np.minimum(N, first + rng.integers(0, 20, len(N)))
    table = strata.tabulate(first, last, N, n)
    p = table.probabilities()
    expected = stats.hypergeom.pmf(
        table.x[:, :, None], N[:, None, None], table.K[:, None], n[:, None, None]
    )
    there = last[:, None] >= table.K
    np.testing.assert_allclose(p, np.where(there[:, None], expected, 0.0), atol=1e-11)
    np.testing.assert_allclose(p.sum(axis=1), there * 1.0, atol=1e-10)
    alone = points(int(first[0]), int(last[0]), int(N[0]), int(n[0])).probabilities()[0]
    np.testing.assert_array_equal(alone, p[0, : alone.shape[0], : alone.shape[1]])


def test_units_of_all_sizes_together_are_as_alone() -> None:
    """Batches are padded: whoever is in one must not tell on the others."""
    rng = np.random.default_rng(5)
    N = rng.integers(2, 400, (300, 2)) // rng.integers(1, 40, (300, 2)) + 2
    n = rng.integers(1, N)
    x = rng.binomial(n, 0.9)
    bars = rng.integers(0, N.sum(axis=1)[:, None] + 2, (300, 2))
    together = strata.pair_bounds(x, n, N, Fraction(5, 100), bars)
    for unit in range(0, 300, 3):
        own = slice(unit, unit + 1)
        alone = strata.pair_bounds(x[own], n[own], N[own], Fraction(5, 100), bars[own])
        for one, all_ in zip(alone, together, strict=True):
            assert one == pytest.approx(all_[own], abs=1e-14)
