import json
import math
from fractions import Fraction
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.proportions.hypergeometric import exact_upper_tail
from analysis.proportions.intervals import (
    BinomialMethod,
    FinitePopulationMethod,
    binomial_interval,
    finite_population_interval,
)

REFERENCES = Path(__file__).parents[2] / "references"
FINITE = json.loads((REFERENCES / "hypergeometric_ci.json").read_text("utf-8"))["cases"]
BINOMIAL = json.loads((REFERENCES / "binomial_ci.json").read_text("utf-8"))["cases"]
# name of the method here, key in the reference file
BINOMIAL_METHODS: dict[BinomialMethod, str] = {
    "clopper-pearson": "clopper_pearson",
    "mid-p": "mid_p",
    "wilson": "wilson",
    "jeffreys": "jeffreys",
    "agresti-coull": "agresti_coull",
    "wald": "wald",
}
by_id = {"ids": lambda case: case["id"]}


@pytest.mark.parametrize("method", ["exact", "blaker"])
@pytest.mark.parametrize("case", FINITE, **by_id)
def test_finite_population_reference(case: dict, method: FinitePopulationMethod) -> None:
    interval = finite_population_interval(
        case["x"], case["n"], case["N"], level=case["level"], method=method
    )
    expected = case[method]
    assert (interval.low_count, interval.high_count) == (expected["K_low"], expected["K_high"])
    assert interval.low == pytest.approx(expected["p_low"], abs=1e-12)
    assert interval.high == pytest.approx(expected["p_high"], abs=1e-12)


@pytest.mark.parametrize("method", BINOMIAL_METHODS)
@pytest.mark.parametrize("case", BINOMIAL, **by_id)
def test_binomial_reference(case: dict, method: BinomialMethod) -> None:
    expected = case[BINOMIAL_METHODS[method]]
    if expected.get("degenerate"):
        pytest.skip("Wald at x = 0 or x = n has no width: an artefact, not a target")
    interval = binomial_interval(case["x"], case["n"], level=case["level"], method=method)
    assert interval.low == pytest.approx(expected["low"], abs=1e-9)
    assert interval.high == pytest.approx(expected["high"], abs=1e-9)


@pytest.mark.parametrize("case", BINOMIAL, **by_id)
def test_wilson_with_finite_population_correction_reference(case: dict) -> None:
    for expected in case["wilson_fpc"]:
        interval = finite_population_interval(
            case["x"], case["n"], expected["N"], level=case["level"], method="wilson"
        )
        assert interval.low == pytest.approx(expected["low"], abs=1e-9)
        assert interval.high == pytest.approx(expected["high"], abs=1e-9)


@cache
def points(N: int, K: int, n: int) -> list[int]:
    """Give P(X = y) for every y, of so many as there are samples."""
    return [math.comb(K, y) * math.comb(N - K, n - y) for y in range(n + 1)]


@cache
def tails(N: int, K: int, n: int) -> tuple[list[int], list[int]]:
    """Give P(X <= y) and P(X >= y) for every y, of so many as there are samples."""
    lower = [*accumulate(points(N, K, n))]
    return lower, [
        math.comb(N, n) - below + point for below, point in zip(lower, points(N, K, n), strict=True)
    ]


def brute_force_exact(N: int, n: int, x: int, alpha: Fraction) -> tuple[int, int]:
    least = alpha / 2 * math.comb(N, n)
    kept = [K for K in range(N + 1) if all(side[x] > least for side in tails(N, K, n))]
    return kept[0], kept[-1]


def brute_force_blaker(N: int, n: int, x: int, alpha: Fraction) -> tuple[int, int]:
    kept, least = [], alpha * math.comb(N, n)
    for K in range(N + 1):
        smaller = [min(pair) for pair in zip(*tails(N, K, n), strict=True)]
        p = sum(
            point
            for point, tail in zip(points(N, K, n), smaller, strict=True)
            if tail <= smaller[x]
        )
        if p > least:
            kept.append(K)
    return kept[0], kept[-1]


@pytest.mark.parametrize(
    ("method", "brute_force", "largest"),
    [("exact", brute_force_exact, 30), ("blaker", brute_force_blaker, 30)],
)
def test_every_small_unit_equals_brute_force(method, brute_force, largest) -> None:  # type: ignore[no-untyped-def]
    units = [(x, n, N) for N in range(largest + 1) for n in range(N + 1) for x in range(n + 1)]
    interval = finite_population_interval(*np.array(units).T, method=method)
    expected = [brute_force(N, n, x, Fraction(1, 20)) for x, n, N in units]
    assert np.array_equal(np.column_stack([interval.low_count, interval.high_count]), expected)


@st.composite
def large_units(draw: st.DrawFn) -> tuple[int, int, int]:
    N = draw(st.integers(300, 20_000))
    n = draw(st.integers(0, min(N, 400)) | st.integers(max(0, N - 400), N))
    return draw(st.integers(0, n)), n, N


@settings(max_examples=60)
@given(large_units(), st.sampled_from(["0.9", "0.95", "0.99"]))
def test_bounds_of_large_units_are_where_the_exact_tails_cross(unit, level) -> None:  # type: ignore[no-untyped-def]
    x, n, N = unit
    half = (1 - Fraction(level)) / 2
    interval = finite_population_interval(*unit, level=level)
    low, high = int(interval.low_count), int(interval.high_count)
    assert exact_upper_tail(x, N, low, n) > half
    assert exact_upper_tail(n - x, N, N - high, n) > half
    if low > 0:
        assert exact_upper_tail(x, N, low - 1, n) <= half
    if high < N:
        assert exact_upper_tail(n - x, N, N - high - 1, n) <= half


@st.composite
def units(draw: st.DrawFn, largest: int = 400) -> tuple[int, int, int]:
    N = draw(st.integers(0, largest))
    n = draw(st.integers(0, N))
    return draw(st.integers(0, n)), n, N


any_finite_method = st.sampled_from(["exact", "blaker", "wilson"])
any_binomial_method = st.sampled_from(list(BINOMIAL_METHODS))
levels = st.sampled_from(["0.5", "0.8", "0.9", "0.95", "0.99", "0.999"])


@given(units(), any_finite_method, levels)
def test_interval_holds_the_rate_and_what_is_possible(unit, method, level) -> None:  # type: ignore[no-untyped-def]
    x, n, N = unit
    interval = finite_population_interval(x, n, N, method=method, level=level)
    assert x <= interval.low_count <= interval.high_count <= N - n + x
    assert 0 <= interval.low <= interval.high <= 1
    if n > 0:
        # x/n need not be a share that N people can have: 1/4 is none of 5.
        assert interval.low - 1 / N < x / n < interval.high + 1 / N


@given(units(), any_finite_method, levels)
def test_satisfied_and_dissatisfied_mirror_each_other(unit, method, level) -> None:  # type: ignore[no-untyped-def]
    x, n, N = unit
    interval = finite_population_interval(x, n, N, method=method, level=level)
    mirror = finite_population_interval(n - x, n, N, method=method, level=level)
    assert (mirror.low_count, mirror.high_count) == (
        N - interval.high_count,
        N - interval.low_count,
    )
    assert mirror.low == pytest.approx(1 - interval.high, abs=1e-12)


@given(units(), st.sampled_from(["exact", "wilson"]), levels)
def test_more_satisfied_answers_move_the_interval_up(unit, method, level) -> None:  # type: ignore[no-untyped-def]
    _, n, N = unit
    interval = finite_population_interval(np.arange(n + 1), n, N, method=method, level=level)
    for bound in interval:
        assert np.all(np.diff(bound) >= 0)


@given(units(150), any_finite_method)
def test_intervals_of_rising_level_are_nested(unit, method) -> None:  # type: ignore[no-untyped-def]
    bounds = [
        finite_population_interval(*unit, method=method, level=level)
        for level in ("0.5", "0.8", "0.9", "0.95", "0.99", "0.999")
    ]
    for narrow, wide in pairwise(bounds):
        assert wide.low <= narrow.low
        assert narrow.high <= wide.high


@given(units(150), levels)
def test_blaker_lies_within_exact(unit, level) -> None:  # type: ignore[no-untyped-def]
    exact = finite_population_interval(*unit, level=level)
    blaker = finite_population_interval(*unit, level=level, method="blaker")
    assert exact.low_count <= blaker.low_count <= blaker.high_count <= exact.high_count


@given(units(2000), any_finite_method, levels)
def test_census_is_a_point(unit, method, level) -> None:  # type: ignore[no-untyped-def]
    x, _, N = unit
    if N == 0:
        return
    interval = finite_population_interval(x, N, N, method=method, level=level)
    assert interval.low == interval.high == x / N
    assert interval.low_count == interval.high_count == x


@given(st.integers(1, 300), st.sampled_from([(1, 2), (4, 5), (9, 10), (1, 1)]))
def test_more_answers_at_the_same_rate_do_not_widen(N: int, rate: tuple[int, int]) -> None:
    steps = np.arange(1, N // rate[1] + 1)
    interval = finite_population_interval(steps * rate[0], steps * rate[1], N)
    # Counts are whole: one further person may widen an interval by one on either side.
    length = interval.high_count - interval.low_count
    assert np.all(np.diff(length) <= 2)
    assert np.all(length[1:] <= np.minimum.accumulate(length)[:-1] + 2)


@pytest.mark.parametrize("N", [1, 2, 7, 12, 25, 40])
@pytest.mark.parametrize("method", ["exact", "blaker"])
def test_coverage_is_never_below_the_level(N: int, method: FinitePopulationMethod) -> None:
    for n in range(N + 1):
        interval = finite_population_interval(np.arange(n + 1), n, N, method=method)
        for K in range(N + 1):
            inside = (interval.low_count <= K) & (interval.high_count >= K)
            assert sum(p for p, held in zip(points(N, K, n), inside, strict=True) if held) >= (
                Fraction(19, 20) * math.comb(N, n)
            )


@pytest.mark.parametrize("method", ["exact", "blaker"])
def test_all_satisfied_is_not_certainty(method: FinitePopulationMethod) -> None:
    n = np.arange(1, 60)
    assert np.all(
        finite_population_interval(n, n, 60, method=method, level=0.9).low_count[:-6] < 60
    )
    interval = finite_population_interval(6, 6, 12)
    assert (interval.low_count, interval.high_count) == (8, 12)


def test_without_answers_nothing_is_known() -> None:
    for method in ("exact", "blaker", "wilson"):
        interval = finite_population_interval(0, 0, [0, 1, 50], method=method)
        assert interval.low_count.tolist() == [0, 0, 0]
        assert interval.high_count.tolist() == [0, 1, 50]
        assert interval.low.tolist() == [0, 0, 0]
        assert interval.high.tolist() == [1, 1, 1]
    for binomial in BINOMIAL_METHODS:
        assert binomial_interval(0, 0, method=binomial) == (0, 1)


def test_a_whole_province_stays_within_reach() -> None:
    interval = finite_population_interval(4_400_000, 4_500_000, 5_000_000, method="blaker")
    sd = math.sqrt(4.5e6 * 44 / 45 * (1 / 45) * 0.1)  # of the satisfied answers
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * sd / 4.5e6, rel=0.01)
    assert interval.low < 44 / 45 < interval.high


@given(units(), any_binomial_method, levels)
def test_binomial_intervals_mirror_and_stay_inside(unit, method, level) -> None:  # type: ignore[no-untyped-def]
    x, n, _ = unit
    interval = binomial_interval([x, n - x], n, method=method, level=level)
    assert np.all((interval.low >= 0) & (interval.low <= interval.high) & (interval.high <= 1))
    assert interval.low[0] == pytest.approx(1 - interval.high[1], abs=1e-9)


@given(units(), levels)
def test_mid_p_solves_its_equation_within_clopper_pearson(unit, level) -> None:  # type: ignore[no-untyped-def]
    x, n, _ = unit
    if x == 0:
        return
    low = binomial_interval(x, n, method="mid-p", level=level).low
    tail = stats.binom.sf(x, n, low) + stats.binom.pmf(x, n, low) / 2
    assert tail == pytest.approx((1 - float(level)) / 2, rel=1e-6)
    assert low >= binomial_interval(x, n, level=level).low


@settings(max_examples=25)
@given(st.lists(units(), min_size=1, max_size=20), any_finite_method)
def test_arrays_hold_what_single_units_give(several, method) -> None:  # type: ignore[no-untyped-def]
    together = finite_population_interval(*np.array(several).T, method=method)
    for i, unit in enumerate(several):
        alone = finite_population_interval(*unit, method=method)
        assert alone == tuple(column[i] for column in together)


def test_shapes_and_scalars() -> None:
    assert isinstance(finite_population_interval(3, 4, 5).low, float)
    assert isinstance(finite_population_interval(3, 4, 5).low_count, np.integer)
    assert finite_population_interval([[3], [2]], [4, 5], 9).low.shape == (2, 2)
    assert finite_population_interval([], [], []).high.shape == (0,)
    assert binomial_interval([], []).low.shape == (0,)
    assert isinstance(binomial_interval(3, 4).high, float)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: finite_population_interval(1, 2, 3, level=1), "level=1"),
        (lambda: finite_population_interval(1, 2, 3, level=0), "level=0"),
        (lambda: finite_population_interval(1, 2, 3, level=95), "level=95"),
        (lambda: finite_population_interval(1, 2, 3, method="bayes"), "exact, blaker, wilson"),
        (lambda: finite_population_interval([1, 4], [2, 3], 3), "unit 1: n_satisfied=4"),
        (lambda: binomial_interval(1, 2, method="exact"), "clopper-pearson, mid-p"),
        (lambda: binomial_interval(3, 2), "unit 0: n_satisfied=3"),
    ],
)
def test_bad_arguments(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
