"""Change between two independent waves; for the same people twice see `analysis.paired`.

The verdict on a change comes from the interval or the test of the difference itself, never from
whether the intervals of the two waves overlap.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.change.fisher import fisher_p_value
from analysis.counts.checks import Integers, check_counts, exact_share
from analysis.many.multiplicity import Adjustment, adjust
from analysis.proportions.intervals import binomial_interval
from analysis.proportions.strata import Pair, least_target, mirrored, p_at_most

Floats = NDArray[np.float64]


class Difference(NamedTuple):
    """Difference of two satisfied shares, first less second; arrays of the shape of the input."""

    difference: Floats
    """In [-1, 1]; NaN where a wave has no answer."""
    low: Floats
    """Lower bound, in [-1, 1]."""
    high: Floats
    """Upper bound, in [-1, 1]."""


class Change(NamedTuple):
    """Change of many units from the second wave to the first; arrays of shape (n_units,)."""

    difference: Floats
    """First less second share; NaN where a wave has no answer."""
    low: Floats
    """Lower bound of the difference."""
    high: Floats
    """Upper bound of the difference."""
    p_value: Floats
    """Two-sided p-value of no change."""
    p_adjusted: Floats
    """The same, adjusted for the number of units."""
    direction: NDArray[np.int8]
    """1 up, -1 down, 0 not distinguishable, by `p_adjusted` at 1 - level."""


def newcombe_interval(
    n_satisfied_1: ArrayLike,
    n_valid_1: ArrayLike,
    n_satisfied_2: ArrayLike,
    n_valid_2: ArrayLike,
    *,
    level: float = 0.95,
) -> Difference:
    """Compute Newcombe's hybrid interval for two independent samples.

    Parameters
    ----------
    n_satisfied_1, n_valid_1, n_satisfied_2, n_valid_2 : array_like of int
        Satisfied and valid answers of the two waves.
    level
        Confidence level, in (0, 1).

    Returns
    -------
    Difference
        The interval is [-1, 1] where a wave has no answer.

    Raises
    ------
    ValueError
        If counts are impossible or the level is outside (0, 1).

    Notes
    -----
    With Wilson bounds l, u of each share p: difference - sqrt((p1-l1)² + (u2-p2)²) and
    difference + sqrt((u1-p1)² + (p2-l2)²).

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions. Statistics in Medicine 17, 873, method 10.

    Examples
    --------
    Newcombe's example (a):

    >>> [round(float(value), 4) for value in newcombe_interval(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    x1, n1 = check_counts(n_satisfied_1, n_valid_1)
    x2, n2 = check_counts(n_satisfied_2, n_valid_2)
    first = binomial_interval(x1, n1, level=level, method="wilson")
    second = binomial_interval(x2, n2, level=level, method="wilson")
    p1, p2 = share(x1, n1), share(x2, n2)
    difference = _difference(x1, n1, x2, n2)
    low = difference - np.hypot(p1 - first.low, second.high - p2)
    high = difference + np.hypot(first.high - p1, p2 - second.low)
    silent = np.isnan(difference)
    return Difference(
        difference,
        np.where(silent, -1.0, np.clip(low, -1.0, 1.0)),
        np.where(silent, 1.0, np.clip(high, -1.0, 1.0)),
    )


def finite_population_difference(
    n_satisfied_1: ArrayLike,
    n_valid_1: ArrayLike,
    population_1: ArrayLike,
    n_satisfied_2: ArrayLike,
    n_valid_2: ArrayLike,
    population_2: ArrayLike,
    *,
    level: float | str | Fraction = 0.95,
) -> Difference:
    """Compute an exact interval for the difference of two finite populations' shares.

    Parameters
    ----------
    n_satisfied_1, n_valid_1, population_1 : array_like of int
        x, n and N of the first wave.
    n_satisfied_2, n_valid_2, population_2 : array_like of int
        x, n and N of the second wave, independent of the first.
    level
        Confidence level, in (0, 1), compared as written.

    Returns
    -------
    Difference
        Of K1/N1 - K2/N2; a point where both waves are censuses. Where a wave has no answer its
        share may lie anywhere in [0, 1].

    Raises
    ------
    ValueError
        If counts are impossible, a unit has no people or the level is outside (0, 1).

    Notes
    -----
    The satisfied of the first and the dissatisfied of the second wave are two strata whose
    shares are added; see `analysis.strata` for the method and its guarantee.

    References
    ----------
    Berger, R. L. and Boos, D. D. (1994). P values maximized over a confidence set for the
    nuisance parameter. JASA 89, 1012.

    Examples
    --------
    18 of 20 answers among 24 people against 12 of 20 among 24:

    >>> change = finite_population_difference(18, 20, 24, 12, 20, 24)
    >>> [round(float(value), 4) for value in change]
    [0.3, 0.1667, 0.4167]
    """
    alpha = 1 - exact_share("level", level)
    if alpha == 0:
        raise ValueError("level=1 must lie below 1: certainty needs a census")
    pair, shape = _waves(
        (n_satisfied_1, n_valid_1, population_1), (n_satisfied_2, n_valid_2, population_2)
    )
    people = pair.N[:, 0] * pair.N[:, 1]
    low = (least_target(pair, alpha / 2) - people) / people
    high = (people - least_target(mirrored(pair), alpha / 2)) / people
    # of the second wave the pair holds the dissatisfied
    (x1, d2), (n1, n2) = pair.x.T, pair.n.T
    difference = _difference(x1, n1, n2 - d2, n2)
    return Difference(*(column.reshape(shape) for column in (difference, low, high)))


def finite_population_p_value(
    n_satisfied_1: ArrayLike,
    n_valid_1: ArrayLike,
    population_1: ArrayLike,
    n_satisfied_2: ArrayLike,
    n_valid_2: ArrayLike,
    population_2: ArrayLike,
) -> Floats:
    """Test that two finite populations have the same share.

    Parameters
    ----------
    n_satisfied_1, n_valid_1, population_1, n_satisfied_2, n_valid_2, population_2
        As in `finite_population_difference`.

    Returns
    -------
    ndarray of float64
        Two-sided p-values, twice the smaller one-sided; 0 where two censuses differ.

    Raises
    ------
    ValueError
        If counts are impossible or a unit has no people.

    References
    ----------
    Berger and Boos (1994), as in `finite_population_difference`, whose interval leaves out 0
    where p <= 1 - level.

    Examples
    --------
    >>> finite_population_p_value([11, 10], 12, 24, [7, 9], 12, 24).round(4)
    array([0.0446, 0.7757])
    """
    pair, shape = _waves(
        (n_satisfied_1, n_valid_1, population_1), (n_satisfied_2, n_valid_2, population_2)
    )
    equal = pair.N[:, 0] * pair.N[:, 1]
    p = 2 * np.minimum(p_at_most(pair, equal), p_at_most(mirrored(pair), equal))
    return np.asarray(np.minimum(p, 1.0)).reshape(shape)


def compare_waves(
    n_satisfied_1: ArrayLike,
    n_valid_1: ArrayLike,
    n_satisfied_2: ArrayLike,
    n_valid_2: ArrayLike,
    *,
    population_1: ArrayLike | None = None,
    population_2: ArrayLike | None = None,
    level: float = 0.95,
    adjustment: Adjustment = "bh",
) -> Change:
    """Compare two independent waves in many units at once.

    Parameters
    ----------
    n_satisfied_1, n_valid_1, n_satisfied_2, n_valid_2 : array_like of int, shape (n_units,)
        Satisfied and valid answers of this wave (1) and the one before (2).
    population_1, population_2 : array_like of int, shape (n_units,), optional
        People; with both the exact finite-population method is used, with neither Newcombe's
        interval and Fisher's test.
    level
        Confidence level of each interval; the adjusted p-values are judged at 1 - level.
    adjustment
        How p-values are adjusted (`analysis.multiplicity.adjust`); a unit without answers in a
        wave makes no test.

    Returns
    -------
    Change

    Raises
    ------
    ValueError
        If counts are impossible, only one population is given or the level is outside (0, 1).

    References
    ----------
    Those of `finite_population_difference`, `newcombe_interval`, `fisher_p_value` and
    `analysis.multiplicity.adjust`.

    Examples
    --------
    A rise that the plain test would call is not called among two branches:

    >>> change = compare_waves([11, 10], [12, 12], [7, 9], [12, 12],
    ...                        population_1=[24, 24], population_2=[24, 24])
    >>> change.p_adjusted.round(4), change.direction
    (array([0.0892, 0.7757]), array([0, 0], dtype=int8))
    """
    if (population_1 is None) != (population_2 is None):
        raise ValueError("give the populations of both waves or of neither")
    if population_1 is not None and population_2 is not None:
        first = (n_satisfied_1, n_valid_1, population_1)
        second = (n_satisfied_2, n_valid_2, population_2)
        interval = finite_population_difference(*first, *second, level=level)
        p_value = finite_population_p_value(*first, *second)
    else:
        counts = (n_satisfied_1, n_valid_1, n_satisfied_2, n_valid_2)
        interval = newcombe_interval(*counts, level=level)
        p_value = fisher_p_value(*counts)
    p_value = np.where(np.isnan(interval.difference), np.nan, p_value)
    p_adjusted = adjust(p_value, adjustment)
    found = p_adjusted <= float(1 - exact_share("level", level))
    direction = np.where(found, np.sign(interval.difference), 0).astype(np.int8)
    return Change(*interval, p_value, p_adjusted, direction)


def _waves(
    first: tuple[ArrayLike, ArrayLike, ArrayLike], second: tuple[ArrayLike, ArrayLike, ArrayLike]
) -> tuple[Pair, tuple[int, ...]]:
    """Pair the satisfied of the first with the dissatisfied of the second wave."""
    x1, n1, N1 = check_counts(*first)
    x2, n2, N2 = check_counts(*second)
    columns = np.broadcast_arrays(x1, n2 - x2, n1, n2, N1, N2)
    x, n, N = (
        np.stack([columns[i].ravel(), columns[i + 1].ravel()], axis=1).astype(np.int64)
        for i in (0, 2, 4)
    )
    if not N.all():
        raise ValueError(f"unit {int(np.flatnonzero(~N.all(axis=1))[0])} has no people")
    others = np.maximum(n[:, ::-1], 1)
    return Pair(x, n, N, of_answers=others, of_people=N[:, ::-1]), columns[0].shape


def _difference(x1: Integers, n1: Integers, x2: Integers, n2: Integers) -> Floats:
    # In whole numbers: of two equal shares the difference is 0, not -1e-16.
    return share(x1 * n2 - x2 * n1, n1 * n2)


def share(x: Integers, n: Integers) -> Floats:
    """Divide x by n, NaN where there is no answer."""
    quotient: Floats = np.divide(x, n, out=np.full(x.shape, np.nan), where=n > 0)
    return quotient
