import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from analysis.proportions.intervals import finite_population_interval
from analysis.proportions.nonresponse import bounds, break_even, early_and_late, response_rate
from analysis.proportions.verdicts import judge


@st.composite
def units(draw: st.DrawFn) -> tuple[int, int, int]:
    N = draw(st.integers(1, 400))
    n = draw(st.integers(0, N))
    return draw(st.integers(0, n)), n, N


@given(units())
def test_bounds_are_the_two_censuses_and_hold_every_interval(unit) -> None:  # type: ignore[no-untyped-def]
    x, n, N = unit
    low, high = bounds(*unit)
    assert (low, high) == (x / N, (x + N - n) / N)
    interval = finite_population_interval(*unit, level=0.999)
    assert low <= interval.low <= interval.high <= high


@given(units(), st.fractions("1/100", 1, max_denominator=100))
def test_break_even_is_where_the_census_changes_sides(unit, bar) -> None:  # type: ignore[no-untyped-def]
    x, n, N = unit
    found = break_even(*unit, bar=bar)
    assert found.n_silent == N - n
    verdict = judge(x + np.arange(N - n + 1), N, N, bar=bar).verdict.tolist()
    if "meets" in verdict:
        assert found.n_needed == verdict.index("meets")
        assert found.share == (found.n_needed / found.n_silent if found.n_silent else 0)
    else:
        assert found.n_needed > found.n_silent
        assert found.share == np.inf


def test_the_gap_is_from_those_who_answered() -> None:
    assert break_even(30, 32, 40).gap == pytest.approx(6 / 8 - 30 / 32)
    # nobody silent, nobody answered, out of reach
    assert np.isnan(break_even([9, 0, 9], [10, 0, 12], [10, 5, 20]).gap).tolist() == [True] * 3


def test_early_and_late_are_halves_in_the_order_of_time() -> None:
    halves = early_and_late([0, 1, 1, 0, 1], [5, 1, 1, 4, 2])
    assert halves.n.tolist() == [3, 2]
    assert halves.n_satisfied.tolist() == [3, 0]
    assert halves.p_value == pytest.approx(0.1)


@pytest.mark.parametrize("n", [2, 7, 40, 301, 20_000])
@pytest.mark.parametrize("shares", [(0.0, 0.0), (0.5, 0.5), (0.9, 0.8), (0.99, 0.95), (1.0, 0.0)])
def test_halves_are_compared_by_fishers_test(n: int, shares: tuple[float, float]) -> None:
    sizes = [n - n // 2, n // 2]
    good = [round(share * size) for share, size in zip(shares, sizes, strict=True)]
    answers = [k < x for x, size in zip(good, sizes, strict=True) for k in range(size)]
    told = early_and_late(answers, range(n)).p_value
    wanted = fisher_exact([good, np.subtract(sizes, good)]).pvalue
    assert told == pytest.approx(wanted, rel=1e-9, abs=1e-300)


def test_shapes_and_units_without_people() -> None:
    assert response_rate([0, 5, 3], [0, 10, 3]).tolist() == [0, 0.5, 1]
    assert isinstance(response_rate(1, 2), float)
    assert bounds(0, 0, 0) == (0, 1)
    assert break_even(0, 0, 0)[:3] == (0, 0, 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: response_rate(3, 2), "n_valid=3 is greater than population=2"),
        (lambda: bounds([1, 2], 1, 2), "unit 1: n_satisfied=2"),
        (lambda: break_even(1, 1, 2, bar=2), "bar=2"),
    ],
)
def test_bad_arguments(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
