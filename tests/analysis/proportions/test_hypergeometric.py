import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.proportions.hypergeometric import exact_upper_tail, exceeds, upper_tail


def brute_force_tail(at_least: int, N: int, K: int, n: int) -> Fraction:
    favourable = sum(
        math.comb(K, i) * math.comb(N - K, n - i) for i in range(max(at_least, 0), min(K, n) + 1)
    )
    return Fraction(favourable, math.comb(N, n))


def one(value: int) -> np.ndarray:
    return np.array([value], dtype=np.int64)


@st.composite
def tables(draw: st.DrawFn, largest: int = 400) -> tuple[int, int, int, int]:
    N = draw(st.integers(0, largest))
    K, n = draw(st.integers(0, N)), draw(st.integers(0, N))
    return draw(st.integers(-1, n + 1)), N, K, n


@given(tables())
def test_exact_tail_is_the_sum_of_its_terms(table: tuple[int, int, int, int]) -> None:
    assert exact_upper_tail(*table) == brute_force_tail(*table)


@given(tables(3000))
def test_float_tail_is_right_to_many_digits(table: tuple[int, int, int, int]) -> None:
    exact = exact_upper_tail(*table)
    tail = upper_tail(*(one(value) for value in table))[0]
    # Twelve digits of the smaller side; doubles give out below 1e-300.
    assert abs(Fraction(float(tail)) - exact) <= Fraction(1, 10**11) * exact + Fraction(1, 10**300)


@pytest.mark.parametrize("successes", [4_000_000, 4_050_000, 4_100_000])
def test_float_tail_keeps_its_digits_for_millions(successes: int) -> None:
    # Few draws keep the exact sum short; the logarithms of the factorials are in the tens of
    # millions, so that differences of them would lose nine digits.
    exact = exact_upper_tail(55, 5_000_000, successes, 60)
    tail = upper_tail(one(55), one(5_000_000), one(successes), one(60))[0]
    assert tail == pytest.approx(float(exact), rel=1e-11)


@given(tables(60))
def test_comparison_with_the_tail_itself_is_a_tie(table: tuple[int, int, int, int]) -> None:
    exact = exact_upper_tail(*table)
    columns = [one(value) for value in table]
    assert not exceeds(exact, *columns)[0]
    if exact > 0:
        hair = exact * Fraction(1, 10**15)
        assert exceeds(exact - hair, *columns)[0]
        assert not exceeds(exact + hair, *columns)[0]
