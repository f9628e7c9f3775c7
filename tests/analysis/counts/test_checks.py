from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from analysis.counts.checks import check_counts, distinct, exact_share, restore, whole_numbers


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([3, 5], [4, 4]), r"unit 1: n_satisfied=5 is greater than n_valid=4"),
        (([3, 3], [4, 4], [4, 3]), r"unit 1: n_valid=4 is greater than population=3"),
        (([0, -1, -2], 3), r"unit 1: n_satisfied=-1 is negative"),
        ((0, -1), r"unit 0: n_valid=-1 is negative"),
        (([1.0, 1.5], 3), r"unit 1: n_satisfied=1.5 is not a whole number"),
        (([1.0, np.nan], 3), r"unit 1: n_satisfied=nan is not a whole number"),
        ((1, 3, np.inf), r"unit 0: population=inf is not a whole number"),
        ((1, 3, 10**10), r"unit 0: population=10000000000 is too large"),
        ((1, 3, 1e17), r"unit 0: population=1e\+17 is not a whole number"),
        ((["3", "many"], 3), r"unit 1: n_satisfied=.*'many'.* is not a whole number"),
        ((pd.array([3, None], dtype="Int64"), 3), r"unit 1: n_satisfied=nan is not a whole number"),
        (([3, None], 3), r"unit 1: n_satisfied=nan is not a whole number"),
        (([3, 10**30], 3), r"unit 1: n_satisfied=1e\+30 is not a whole number"),
    ],
)
def test_bad_counts_are_named(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_counts(*arguments)  # type: ignore[arg-type]


def test_counts_broadcast() -> None:
    x, n, N = check_counts([[1], [2]], [5, 6, 7], 10)
    assert x.shape == n.shape == N.shape == (2, 3)


def test_whole_floats_and_objects_are_counts() -> None:
    assert whole_numbers("n", np.array([3, 4], dtype=object)).tolist() == [3, 4]
    assert whole_numbers("n", np.array([3.0, 4.0])).dtype == np.int64
    assert whole_numbers("n", pd.array([3, 4], dtype="Int64")).tolist() == [3, 4]
    assert whole_numbers("n", pd.Series([True, False])).tolist() == [1, 0]


def test_distinct_rows_lead_back() -> None:
    columns = np.random.default_rng(0).integers(0, 4, (3, 200))
    rows = distinct(*columns)
    assert len(set(zip(*rows.columns, strict=True))) == rows.columns[0].size <= 64
    for given, kept in zip(columns, rows.columns, strict=True):
        assert np.array_equal(restore(kept, rows.inverse, given.shape), given)


def test_distinct_of_nothing() -> None:
    rows = distinct(np.array([], dtype=np.int64))
    assert rows.columns[0].size == rows.inverse.size == 0


@pytest.mark.parametrize("value", [0.9, "0.9", "0.90", "9/10", np.float64(0.9), Fraction(9, 10)])
def test_a_share_is_the_decimal_written(value: str | float | Fraction) -> None:
    assert exact_share("bar", value) == Fraction(9, 10)


@pytest.mark.parametrize("value", ["90%", "", "0", "1.01", -0.1, float("nan"), float("inf")])
def test_what_is_no_share_is_refused(value: str | float) -> None:
    with pytest.raises(ValueError, match="bar"):
        exact_share("bar", value)
