"""One-sided bounds: errors by full enumeration, and agreement of bounds and verdicts."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from analysis.proportions import bounds, intervals, verdicts

ALPHA = 0.05
SIZES = [
    ((10, 14), (6, 13)),
    ((12, 28), (10, 9)),
    ((20, 20), (18, 6)),
    ((6, 40), (2, 30)),
    ((15, 15), (0, 9)),
    ((8, 12), (8, 5)),
    ((6, 7, 8), (3, 6, 2)),
    ((5, 6, 5), (4, 0, 3)),
]


def outcomes(n: tuple[int, ...]) -> np.ndarray:
    return np.array(list(product(*(range(m + 1) for m in n))))


def chances(
    x: np.ndarray, n: tuple[int, ...], N: tuple[int, ...], K: tuple[int, ...]
) -> np.ndarray:
    made = np.ones(len(x))
    for h in range(len(n)):
        made = made * hypergeom.pmf(x[:, h], N[h], K[h], n[h])
    return made


def bound(x: np.ndarray, n: tuple[int, ...], N: tuple[int, ...], way: str) -> bounds.Bounds:
    every = (np.broadcast_to(counts, x.shape) for counts in (n, N))
    if way == "stratified":
        return bounds.stratified(x, *every)
    return bounds.total_only(x.sum(axis=1), *every)


@pytest.mark.parametrize("way", ["stratified", "total_only"])
@pytest.mark.parametrize(("N", "n"), SIZES)
def test_each_bound_is_wrong_in_at_most_one_of_twenty(
    N: tuple[int, ...], n: tuple[int, ...], way: str
) -> None:
    x = outcomes(n)
    made = bound(x, n, N, way)
    worst = [0.0, 0.0]
    for K in product(*(range(people + 1) for people in N)):
        weight = chances(x, n, N, K)
        worst[0] = max(worst[0], weight[made.lower > sum(K)].sum())
        worst[1] = max(worst[1], weight[made.upper < sum(K)].sum())
    assert max(worst) <= ALPHA + 1e-9
    # one sample of all people would be wrong nearly always where the strata answered unequally
    assert (made.lower <= made.upper).all()


@pytest.mark.parametrize("way", ["stratified", "total_only"])
@pytest.mark.parametrize(("N", "n"), SIZES)
def test_p_values_say_what_the_bounds_do(N: tuple[int, ...], n: tuple[int, ...], way: str) -> None:
    x = outcomes(n)
    made = bound(x, n, N, way)
    K0 = verdicts.bar_count(sum(N), "0.9")
    decided = bounds.verdict(made, np.full(len(x), sum(n)), np.full(len(x), K0))
    for p, name in ((made.p_meets, "meets"), (made.p_below, "below")):
        known = ~np.isnan(p)
        clear = known & (np.abs(p - ALPHA) > 1e-4)
        assert ((p <= ALPHA) == (decided == name))[clear].all()


def test_one_sample_pooled_over_unequal_strata_is_wrong_and_the_total_is_not() -> None:
    N, n = (12, 28), (10, 9)
    x, K = outcomes(n), (12, 23)
    weight = chances(x, n, N, K)
    every = np.full(len(x), sum(n)), np.full(len(x), sum(N))
    wrong = bounds.whole(x.sum(axis=1), *every).lower > sum(K)
    assert weight[wrong].sum() > 0.1
    assert weight[bound(x, n, N, "total_only").lower > sum(K)].sum() <= ALPHA


UNITS = st.integers(1, 300).flatmap(
    lambda N: st.integers(0, N).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)


@settings(max_examples=300, deadline=None)
@given(UNITS, st.sampled_from(["0.9", "0.8", "0.5", "0.85", "1", "0.333"]))
def test_bounds_of_one_sample_and_verdicts_never_contradict(
    unit: tuple[int, int, int], bar: str
) -> None:
    x, n, N = unit
    made = bounds.whole([x], [n], [N], bar=bar)
    judged = verdicts.judge([x], [n], [N], bar=bar)
    assert bounds.verdict(made, [n], judged.bar_count) == judged.verdict
    interval = intervals.finite_population_interval([x], [n], [N], level=0.9)
    assert (made.lower, made.upper) == (interval.low_count, interval.high_count)
    np.testing.assert_allclose(made.p_meets, judged.p_meets, atol=1e-12)
    np.testing.assert_allclose(made.p_below, judged.p_below, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(UNITS, min_size=1, max_size=3), st.randoms())
def test_order_of_strata_and_padding_do_not_matter(
    units: list[tuple[int, int, int]], random: object
) -> None:
    x, n, N = (np.array(counts)[np.newaxis] for counts in zip(*units, strict=True))
    made = bounds.stratified(x, n, N)
    back = bounds.stratified(x[:, ::-1], n[:, ::-1], N[:, ::-1])
    pad = [np.pad(counts, ((0, 0), (0, 1))) for counts in (x, n, N)]
    for other in (back, bounds.stratified(*pad)):
        assert (made.lower, made.upper) == (other.lower, other.upper)
    assert x.sum() <= made.lower <= made.upper <= (N - n + x).sum()


def test_people_of_unknown_stratum_are_put_into_each() -> None:
    made = bounds.total_only([20], [[10, 8]], [[12, 30]], [4])
    empty = bounds.total_only([20], [[0, 10, 8, 0]], [[0, 12, 30, 0]], [4])
    assert (empty.lower, empty.upper) == (made.lower, made.upper)
    nobody = bounds.total_only([0], [[0, 0]], [[0, 0]])
    assert (nobody.lower, nobody.upper, nobody.p_below) == (0, 0, 1.0)
    ways = [bounds.total_only([20], [[10 + extra, 12 - extra]], [[12, 30]]) for extra in range(3)]
    assert made.lower == min(way.lower for way in ways)
    assert made.upper == max(way.upper for way in ways)


def test_many_people_of_unknown_stratum_in_large_units_leave_what_is_certain() -> None:
    made = bounds.total_only([900], [[400, 300]], [[4_000, 3_000]], [300])
    assert (made.lower, made.upper) == (900, 7_000 - 100)
    assert len(bounds.total_only([], np.zeros((0, 2), int), np.zeros((0, 2), int)).lower) == 0


def test_two_strata_of_ten_million_people() -> None:
    made = bounds.stratified([[95_000, 30_000]], [[100_000, 40_000]], [[10_000_000, 40_000_000]])
    assert made.lower[0] / 5e7 == pytest.approx(0.79, abs=0.01)
    assert made.lower[0] < 0.95 * 1e7 + 0.75 * 4e7 < made.upper[0]
    alone = bounds.stratified([[9, 30_000]], [[9, 40_000]], [[9, 40_000_000]])
    assert 0.74 < alone.lower[0] / 4e7 < 0.75 < alone.upper[0] / 4e7


def test_totals_of_many_units_are_as_of_each_alone() -> None:
    """Units of all sizes, some strata empty, answers of unknown stratum placed in every way."""
    rng = np.random.default_rng(12)
    N = rng.integers(0, 25, (120, 3)) * (rng.random((120, 3)) < [0.9, 0.9, 0.2])
    n = rng.binomial(N, 0.6)
    unknown = np.minimum(rng.integers(0, 4, 120), (N - n).sum(axis=1))
    total = n.sum(axis=1) + unknown
    x = rng.binomial(total, 0.9)
    together = bounds.total_only(x, n, N, unknown)
    for unit in range(120):
        own = slice(unit, unit + 1)
        parts = N[unit] > 0  # who is not there parts nothing
        counts = (x[own], n[own][:, parts], N[own][:, parts])
        alone = bounds.total_only(*counts, unknown[own]) if parts.any() else None
        for one, all_ in zip(alone or (), together, strict=bool(alone)):
            assert one == pytest.approx(all_[own], abs=1e-12)
