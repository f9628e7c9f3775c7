"""What the people who did not answer could change."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import check_counts, ordered_counts
from analysis.proportions.hypergeometric import NEAR
from analysis.proportions.strata import between
from analysis.proportions.verdicts import bar_count

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Bounds(NamedTuple):
    """Least and greatest share possible given the answers; arrays of the input's shape."""

    low: Floats
    """Share if nobody silent is satisfied, in [0, 1]."""
    high: Floats
    """Share if everybody silent is satisfied, in [0, 1]."""


class BreakEven(NamedTuple):
    """What the silent must be for the unit to meet the bar; arrays of the input's shape."""

    n_silent: Integers
    """People who gave no valid answer."""
    n_needed: Integers
    """Satisfied people still needed among the silent, 0 where the answers suffice."""
    share: Floats
    """``n_needed / n_silent`` in [0, 1]; infinite where more are needed than are silent."""
    gap: Floats
    """``share`` less x / n, the difference from those who answered; NaN where either is unknown."""


class Halves(NamedTuple):
    """Those who answered first and those who answered last."""

    n: Integers
    """Answers of the first and the last half, shape (2,)."""
    n_satisfied: Integers
    """Satisfied among them."""
    p_value: float
    """Of no difference, Fisher's exact test, both sides."""


def response_rate(n_valid: ArrayLike, population: ArrayLike) -> Floats:
    """Compute the share of the people on the roster who gave a valid answer.

    Parameters
    ----------
    n_valid, population : array_like of int
        Counts n, N with 0 <= n <= N; broadcast against each other.

    Returns
    -------
    ndarray of float
        n / N, and 0 for a unit without people.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named).

    References
    ----------
    AAPOR (2023). Standard definitions, 10th ed.: response rate 1, every person being eligible.

    Examples
    --------
    >>> response_rate([9, 0], [12, 12])
    array([0.75, 0.  ])
    """
    n, N = ordered_counts(n_valid=n_valid, population=population)
    return (n / np.maximum(N, 1))[()]


def bounds(n_satisfied: ArrayLike, n_valid: ArrayLike, population: ArrayLike) -> Bounds:
    """Bound a unit's satisfied share without supposing anything about the silent.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N; broadcast against each other.

    Returns
    -------
    Bounds
        x / N and (x + N - n) / N; [0, 1] for a unit without people.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named).

    References
    ----------
    Manski, C. F. (2003). Partial identification of probability distributions, ch. 1.

    Examples
    --------
    >>> bounds([9, 6], [10, 6], [12, 12])
    Bounds(low=array([0.75, 0.5 ]), high=array([0.91666667, 1.        ]))
    """
    x, n, N = check_counts(n_satisfied, n_valid, population)
    people = np.maximum(N, 1)
    return Bounds((x / people)[()], np.where(N > 0, (x + N - n) / people, 1.0)[()])


def break_even(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
) -> BreakEven:
    """Compute how satisfied the silent must be for the unit to meet the bar.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N; broadcast against each other.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.

    Returns
    -------
    BreakEven
        Arrays of the broadcast shape, scalars for scalar input.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), or
        `bar` is out of range.

    Notes
    -----
    The unit meets the bar when x + s >= K0, s being satisfied among the N - n silent and K0 the
    least count that meets the bar; so s >= K0 - x. It is the point of Manski's bounds at which
    the answer changes.

    References
    ----------
    Manski, C. F. (2003). Partial identification of probability distributions, ch. 1.

    Examples
    --------
    >>> break_even([15, 9, 10], [16, 12, 10], [20, 12, 10])
    BreakEven(n_silent=array([4, 0, 0]), n_needed=array([3, 2, 0]),
              share=array([0.75,  inf, 0.  ]), gap=array([-0.1875,     nan,     nan]))
    """
    x, n, N = check_counts(n_satisfied, n_valid, population)
    silent = N - n
    needed = np.maximum(bar_count(N, bar) - x, 0)
    share = np.where(needed > silent, np.inf, needed / np.maximum(silent, 1))
    known = (silent > 0) & (n > 0) & (needed <= silent)
    gap = np.where(known, needed / np.maximum(silent, 1) - x / np.maximum(n, 1), np.nan)
    return BreakEven(silent[()], needed[()], share[()], gap[()])


def early_and_late(satisfied: ArrayLike, submitted: ArrayLike) -> Halves:
    """Compare the first half of those who answered with the last.

    Who answers late is nearer to who does not answer at all: a hint at the silent, no more.

    Parameters
    ----------
    satisfied : (n,) array_like of bool
        Whether each person who answered is satisfied.
    submitted : (n,) array_like
        When: anything that can be sorted; of equal times the first given is the earlier.

    Returns
    -------
    Halves

    References
    ----------
    Armstrong, J. S. and Overton, T. S. (1977). Estimating nonresponse bias in mail surveys.
    Journal of Marketing Research 14, 396.

    Examples
    --------
    >>> early_and_late([1, 0, 1, 1, 0, 0], [1, 6, 2, 3, 4, 5]).n_satisfied
    array([3, 0])
    """
    late = np.asarray(satisfied, dtype=np.int64)[np.argsort(submitted, kind="stable")]
    halves = np.array_split(late, 2)
    n, x = (np.array([f(half) for half in halves], dtype=np.int64) for f in (np.size, np.sum))
    return Halves(n, x, _fisher(x, n))


def _fisher(x: Integers, n: Integers) -> float:
    """Test two shares for being equal: P(a split at most as likely as this one | x[0] + x[1])."""
    first, both, satisfied = n[:1], n.sum(keepdims=True), x.sum(keepdims=True)
    least, most = np.maximum(0, first + satisfied - both), np.minimum(first, satisfied)
    chance = between(satisfied, satisfied, least, most, both, first).probabilities()[0, :, 0]
    as_far = chance <= chance[x[0] - least[0]] * (1 + NEAR)
    return float(chance[as_far].sum() / chance.sum())
