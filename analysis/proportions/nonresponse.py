"""What the people who did not answer could change."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import check_counts, ordered_counts
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


class Sensitivity(NamedTuple):
    """Share of the unit over suppositions about the silent."""

    difference: Floats
    """By how much the silent are less satisfied than those who answered, shape (m,)."""
    silent_rate: Floats
    """Supposed share satisfied among the silent, shape (..., m), kept within [0, 1]."""
    rate: Floats
    """Share satisfied among all N people, shape (..., m)."""


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
              share=array([0.75,  inf, 0.  ]))
    """
    x, n, N = check_counts(n_satisfied, n_valid, population)
    silent = N - n
    needed = np.maximum(bar_count(N, bar) - x, 0)
    share = np.where(needed > silent, np.inf, needed / np.maximum(silent, 1))
    return BreakEven(silent[()], needed[()], share[()])


def sensitivity(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    difference: ArrayLike | None = None,
) -> Sensitivity:
    """Compute a unit's share if the silent were less satisfied than those who answered.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N and 0 < N; broadcast against each other.
    difference : array_like of float, shape (m,), optional
        Differences d in [-1, 1]; by default 0 to 0.5 in steps of 0.05.

    Returns
    -------
    Sensitivity
        The curve: a share s = x/n - d among the silent, kept within [0, 1], makes
        (x + (N - n) s) / N of the unit. Where nobody answered there is nothing that the silent
        could differ from: both shares are NaN, unlike the `bounds`, which need no supposition.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), or a
        difference lies outside [-1, 1].

    References
    ----------
    Rubin, D. B. (1977). Formalizing subjective notions about the effect of nonrespondents in
    sample surveys. Journal of the American Statistical Association 72, 538.

    Examples
    --------
    >>> sensitivity(9, 10, 20, difference=[0, 0.1, 0.4]).rate.round(3)
    array([0.9 , 0.85, 0.7 ])
    """
    x, n, N = check_counts(n_satisfied, n_valid, population)
    steps = np.linspace(0.0, 0.5, 11) if difference is None else np.asarray(difference, float)
    if steps.ndim != 1 or not np.all(np.abs(steps) <= 1):
        raise ValueError("difference must be one-dimensional with values in [-1, 1]")
    answered = np.where(n > 0, x / np.maximum(n, 1), np.nan)[..., np.newaxis]
    silent_rate = np.clip(answered - steps, 0.0, 1.0)
    silent = (N - n)[..., np.newaxis]
    rate = (x[..., np.newaxis] + silent * silent_rate) / np.maximum(N, 1)[..., np.newaxis]
    return Sensitivity(steps, silent_rate, rate)
