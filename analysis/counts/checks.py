"""Integer counts of units: checked, broadcast, and each distinct combination kept once."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Integers = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)

# The square of a population has to fit into 64 bits.
MOST_PEOPLE = np.int64(3_000_000_000)


class Distinct(NamedTuple):
    """Distinct rows of several columns, and the way back."""

    columns: tuple[Integers, ...]
    """One array a column, each of shape (n_distinct,)."""
    inverse: Integers
    """Row of `columns` that each given row equals, shape (n_rows,)."""


def whole_numbers(name: str, values: ArrayLike) -> Integers:
    """Turn values into int64, refusing what is no count.

    Parameters
    ----------
    name : str
        Argument name for the message.
    values : array_like
        Integers, or floats without a fractional part, from 0 to `MOST_PEOPLE`.

    Returns
    -------
    ndarray of int64
        The same shape.

    Raises
    ------
    ValueError
        Naming the first unit whose value is missing, fractional, negative or too large.

    Examples
    --------
    >>> whole_numbers("n_valid", [3.0, 4.0])
    array([3, 4])
    >>> whole_numbers("n_valid", [3.0, 4.5])
    Traceback (most recent call last):
    ...
    ValueError: unit 1: n_valid=4.5 is not a whole number
    """
    array = np.asarray(values)
    if array.dtype.kind in "iub":
        whole = array.astype(np.int64)
    else:
        try:
            floats = array.astype(np.float64)
        except (TypeError, ValueError):
            unit = next(i for i, value in enumerate(array.flat) if not _is_number(value))
            raise ValueError(
                f"unit {unit}: {name}={array.flat[unit]!r} is not a whole number"
            ) from None
        # Above 2**53 a float no longer says which integer was meant.
        _refuse(~(np.abs(floats) <= 2.0**53), floats, name, "is not a whole number")
        _refuse(floats != np.floor(floats), floats, name, "is not a whole number")
        whole = floats.astype(np.int64)
    _refuse(whole < 0, whole, name, "is negative")
    _refuse(whole > MOST_PEOPLE, whole, name, "is too large")
    return whole


def ordered_counts(**counts: ArrayLike) -> tuple[Integers, ...]:
    """Broadcast counts and check that each is at most the next.

    Parameters
    ----------
    **counts : array_like of int
        Counts by name, in rising order.

    Returns
    -------
    tuple of ndarray of int64
        The arguments, all of one shape.

    Raises
    ------
    ValueError
        Naming the first unit that breaks a rule (units are counted from 0).

    Examples
    --------
    >>> ordered_counts(n_valid=[10, 12], population=12)
    (array([10, 12]), array([12, 12]))
    >>> ordered_counts(n_valid=[10, 13], population=12)
    Traceback (most recent call last):
    ...
    ValueError: unit 1: n_valid=13 is greater than population=12
    """
    arrays = np.broadcast_arrays(*(whole_numbers(name, v) for name, v in counts.items()))
    named = zip(counts, arrays, strict=True)
    for (lesser_name, lesser), (greater_name, greater) in pairwise(named):
        wrong = lesser > greater
        if wrong.any():
            unit = int(np.flatnonzero(wrong)[0])
            raise ValueError(
                f"unit {unit}: {lesser_name}={lesser.flat[unit]} is greater than "
                f"{greater_name}={greater.flat[unit]}"
            )
    return tuple(arrays)


def check_counts(
    n_satisfied: ArrayLike, n_valid: ArrayLike, population: ArrayLike | None = None
) -> tuple[Integers, ...]:
    """Broadcast counts and check 0 <= n_satisfied <= n_valid <= population.

    Parameters
    ----------
    n_satisfied, n_valid : array_like of int
        Satisfied and valid answers of each unit.
    population : array_like of int, optional
        People on the roster of each unit; left out where it is unknown.

    Returns
    -------
    tuple of ndarray of int64
        The arguments, all of one shape.

    Raises
    ------
    ValueError
        Naming the first unit that breaks a rule (units are counted from 0).

    Examples
    --------
    >>> check_counts(9, [10, 12])
    (array([9, 9]), array([10, 12]))
    >>> check_counts([9, 11], [10, 10], 20)
    Traceback (most recent call last):
    ...
    ValueError: unit 1: n_satisfied=11 is greater than n_valid=10
    """
    if population is None:
        return ordered_counts(n_satisfied=n_satisfied, n_valid=n_valid)
    return ordered_counts(n_satisfied=n_satisfied, n_valid=n_valid, population=population)


def distinct(*columns: Integers) -> Distinct:
    """Keep each combination of the columns once.

    Parameters
    ----------
    *columns : ndarray of int64, one shape
        Columns; flattened.

    Returns
    -------
    Distinct
        The distinct rows and the inverse: ``columns[k][inverse]`` is the k-th column again.

    Examples
    --------
    >>> rows = distinct(np.array([7, 5, 7]), np.array([1, 2, 1]))
    >>> rows.columns
    (array([5, 7]), array([2, 1]))
    >>> rows.inverse
    array([1, 0, 1])
    """
    flat = [column.ravel() for column in columns]
    order = np.lexsort(flat[::-1])
    ordered = [column[order] for column in flat]
    new = np.ones(order.size, dtype=bool)
    if order.size:
        new[1:] = np.any([column[1:] != column[:-1] for column in ordered], axis=0)
    inverse = np.empty(order.size, dtype=np.int64)
    inverse[order] = np.cumsum(new) - 1
    return Distinct(tuple(column[new] for column in ordered), inverse)


def restore(column: NDArray[Kind], inverse: Integers, shape: tuple[int, ...]) -> NDArray[Kind]:
    """Lay a column of distinct rows out in the shape of the input.

    Parameters
    ----------
    column : ndarray, shape (n_distinct,)
        One value a distinct row.
    inverse : ndarray of int64, shape (n_rows,)
        From `distinct`.
    shape : tuple of int
        Shape of the input.

    Returns
    -------
    ndarray
        Of that shape; a scalar for the shape ().

    Examples
    --------
    >>> restore(np.array([0.5, 0.7]), np.array([1, 0, 1]), (3,))
    array([0.7, 0.5, 0.7])
    """
    laid_out: NDArray[Kind] = column[inverse].reshape(shape)[()]
    return laid_out


def exact_share(name: str, value: str | float | Fraction) -> Fraction:
    """Read a share as the exact decimal that was written.

    Parameters
    ----------
    name : str
        Argument name for the message.
    value : str, float or Fraction
        A share strictly between 0 and 1, or 1 itself; a float counts as its shortest decimal,
        so that 0.9 is nine tenths and not the binary number next to it.

    Returns
    -------
    Fraction
        The share.

    Raises
    ------
    ValueError
        If it is no number or outside (0, 1].

    Examples
    --------
    >>> exact_share("bar", 0.9)
    Fraction(9, 10)
    """
    try:
        share = Fraction(value if isinstance(value, Fraction) else str(value))
    except ValueError:
        raise ValueError(f"{name}={value!r} is not a number") from None
    if not 0 < share <= 1:
        raise ValueError(f"{name}={value} must lie in (0, 1]")
    return share


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _refuse(
    wrong: NDArray[np.bool_], values: NDArray[np.generic], name: str, complaint: str
) -> None:
    if wrong.any():
        unit = int(np.flatnonzero(wrong)[0])
        raise ValueError(f"unit {unit}: {name}={values.flat[unit]:.12g} {complaint}")
