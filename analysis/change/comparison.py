"""Change between two independent waves; for the same people twice see `analysis.paired`.

The verdict on a change comes from the interval or the test of the difference itself, never from
whether the intervals of the two waves overlap.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import check_counts, distinct, exact_share, restore
from analysis.proportions.critical import least_successes
from analysis.proportions.strata import CONFINEMENT, SLACK, tabulate

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Change(NamedTuple):
    """Change of satisfied shares, later less earlier; arrays of the shape of the input."""

    difference: Floats
    """In [-1, 1]; NaN where a wave has no answer."""
    low: Floats
    """Lower bound, in [-1, 1]."""
    high: Floats
    """Upper bound, in [-1, 1]."""
    p_value: Floats
    """Two-sided p-value of no change: at most 1 - level just where the interval leaves out 0."""


class Detectable(NamedTuple):
    """Least observed changes that would be told apart from none; arrays of shape (n_units,)."""

    fall: Floats
    """Negative, or 0 at worst; NaN where even nobody satisfied would not do."""
    rise: Floats
    """Positive, or 0 at worst; NaN where even everybody satisfied would not do."""


def exact_change(
    satisfied_before: ArrayLike,
    valid_before: ArrayLike,
    population_before: ArrayLike,
    satisfied_after: ArrayLike,
    valid_after: ArrayLike,
    population_after: ArrayLike,
    *,
    level: float | str | Fraction = 0.95,
) -> Change:
    """Compare two finite populations exactly.

    Parameters
    ----------
    satisfied_before, valid_before, population_before : array_like of int
        x, n and N of the earlier wave.
    satisfied_after, valid_after, population_after : array_like of int
        x, n and N of the later wave, independent of the earlier; all broadcast together.
    level
        Confidence level, in (0, 1), compared as written.

    Returns
    -------
    Change
        Of K/N; a point where both waves are censuses.

    Raises
    ------
    ValueError
        If counts are impossible, a unit has no people or the level is outside (0, 1).

    Notes
    -----
    A rise is tested against K2/N2 <= K1/N1, a fall against the contrary, each at (1 - level) / 2.
    The statistic is the difference over its standard error in finite populations, each share drawn
    towards one half by up to one answer on either side (Agresti and Caffo 2000), made monotone in
    both counts. The p-value is the greatest chance of so extreme a statistic over all pairs
    (K1, K2) of the hypothesis that lie in a region of confidence 1 - 1e-5, plus 1e-5: no pair is
    left out, so that the error is at most (1 - level) / 2 on either side, proven and not
    approximate. The interval holds all differences that these tests do not reject.

    *Measured* (``tests/simulations/changes.py``): of unchanged branches of 60 to 300 people, .80 to
    .95 of them satisfied and half to three fifths answering, .022 to .048 are called changed; by
    the plain difference, with no standard error to divide by, .000 to .017. Of 30 people counts
    are too coarse for an even .05: .000 to .049.

    References
    ----------
    Barnard, G. A. (1945). A new test for 2 x 2 tables. Nature 156, 177. Berger, R. L. and Boos,
    D. D. (1994). P values maximized over a confidence set for the nuisance parameter. JASA 89,
    1012. Agresti, A. and Caffo, B. (2000). The American Statistician 54, 280.

    Examples
    --------
    12 of 20 answers among 24 people, then 18 of 20 among 24:

    >>> change = exact_change(12, 20, 24, 18, 20, 24)
    >>> [round(float(value), 4) for value in change]
    [0.3, 0.2083, 0.4167, 0.0]
    """
    alpha = 1 - exact_share("level", level)
    if alpha == 0:
        raise ValueError("level=1 must lie below 1: certainty needs a census")
    columns = np.broadcast_arrays(
        *check_counts(satisfied_before, valid_before, population_before),
        *check_counts(satisfied_after, valid_after, population_after),
    )
    shape = columns[0].shape
    units, inverse = distinct(*columns)
    x, n, N = (np.stack([units[i], units[i + 3]], axis=1) for i in range(3))
    if not N.all():
        raise ValueError("a unit has no people in one of the waves")
    low, p_rise = _one_side(x, n, N, alpha / 2)
    back, p_fall = _one_side(n - x, n, N, alpha / 2)
    people = N.prod(axis=1)
    # In whole numbers: of two equal shares the difference is 0, not -1e-16.
    top, base = x[:, 1] * n[:, 0] - x[:, 0] * n[:, 1], n.prod(axis=1)
    difference = np.divide(top, base, out=np.full(len(n), np.nan), where=base > 0)
    p = np.minimum(2 * np.minimum(p_rise, p_fall), 1.0)
    found = (difference, low / people, -back / people, np.where(base > 0, p, np.nan))
    return Change(*(restore(column, inverse, shape) for column in found))


def hybrid_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    error: float = 0.05,
    level: float = 0.95,
) -> Change:
    """Compare two waves by their rates and bounds, however these were estimated.

    Parameters
    ----------
    before, after : array_like of float, shape (3, …)
        Rates, lower and upper bounds of the units in the earlier and in the later wave.
    error : float
        Chance that each of these bounds is wrong, in (0, 1/2).
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    Change
        NaN where a rate is missing.

    Raises
    ------
    ValueError
        If `error` or `level` is out of range.

    Notes
    -----
    With bounds l, u of each rate p: difference - c sqrt((p2 - l2)² + (u1 - p1)²) and difference +
    c sqrt((u2 - p2)² + (p1 - l1)²), c the ratio of the normal quantiles of the wanted level and of
    the bounds. Approximate. *Measured* over two roles that answer at .9 and .45: .016 to .047
    (standard error .005) of unchanged branches of 30 to 300 people are called changed.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions. Statistics in Medicine 17, 873. Zou, G. Y. and Donner, A. (2008). Construction of
    confidence limits about effect measures: a general approach. Statistics in Medicine 27, 1693.

    Examples
    --------
    >>> change = hybrid_change((0.6, 0.5, 0.69), (0.8, 0.72, 0.86))
    >>> [round(float(value), 4) for value in change]
    [0.2, 0.0565, 0.339, 0.0063]
    """
    if not (0 < error < 0.5 and 0 < level < 1):
        raise ValueError(f"error={error} or level={level} is out of range")
    p1, l1, u1 = np.asarray(before, dtype=np.float64)
    p2, l2, u2 = np.asarray(after, dtype=np.float64)
    difference = p2 - p1
    down, up = np.hypot(p2 - l2, u1 - p1), np.hypot(u2 - p2, p1 - l1)
    scale = -special.ndtri(error)
    reach = -special.ndtri((1 - level) / 2) / scale
    towards_none = np.where(difference > 0, down, up)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(difference == 0, 0.0, np.abs(difference) / towards_none)
    return Change(
        difference,
        np.maximum(difference - reach * down, -1.0),
        np.minimum(difference + reach * up, 1.0),
        2 * special.ndtr(-scale * z),
    )


def detectable(
    satisfied_before: Integers,
    valid_before: Integers,
    population_before: Integers,
    valid_after: Integers,
    population_after: Integers,
    *,
    level: float | str | Fraction = 0.95,
) -> Detectable:
    """Find the least changes that `exact_change` could have told of, given the earlier answers.

    Parameters
    ----------
    satisfied_before, valid_before, population_before : ndarray of int64, shape (n_units,)
        The earlier wave; every unit has answers.
    valid_after, population_after : ndarray of int64, shape (n_units,)
        Answers and people of the later wave; every unit has answers.
    level
        As in `exact_change`.

    Returns
    -------
    Detectable

    Examples
    --------
    Of 14 people 10 answered each time, 8 satisfied before: a rise cannot be told at all.

    >>> least = detectable(*(np.array([count]) for count in (8, 10, 14, 10, 14)))
    >>> least.fall.round(2), least.rise
    (array([-0.3]), array([nan]))
    """
    alpha = 1 - exact_share("level", level)
    columns = (satisfied_before, valid_before, population_before, valid_after, population_after)
    found = np.full((2, len(valid_before)), np.nan)
    for unit, (x1, n1, N1, n2, N2) in enumerate(zip(*map(np.ndarray.tolist, columns), strict=True)):
        n, N = np.array([[n1, n2]]), np.array([[N1, N2]])
        # a fall is a rise of the others
        for side, (x, sign) in enumerate(((n1 - x1, -1), (x1, 1))):
            least = _least_rise(x, n, N, alpha)
            if least is not None:
                found[side, unit] = sign * (least * n1 - x * n2) / (n1 * n2)
    return Detectable(*found)


def hybrid_detectable(
    before: ArrayLike,
    after: ArrayLike,
    valid_after: ArrayLike,
    *,
    error: float = 0.05,
    level: float = 0.95,
) -> Detectable:
    """Find about the least changes that `hybrid_change` could have told of.

    Parameters
    ----------
    before, after : array_like of float, shape (3, n_units)
        As in `hybrid_change`.
    valid_after : array_like of int, shape (n_units,)
        Answers of the later wave; every unit has some.
    error, level
        As in `hybrid_change`.

    Returns
    -------
    Detectable

    Raises
    ------
    ValueError
        As in `hybrid_change`.

    Notes
    -----
    Approximate: every other count of satisfied answers is supposed to have bounds about its share
    with one answer added on either side (Agresti and Caffo 2000), and as wide as the later bounds
    in proportion to the standard deviation there. *Measured* on 360 branches of 12 to 39 people in
    two roles, the splits gone through: off by .01 on average, in 90 % of them by .05 at most, which
    is one answer of 20.

    Examples
    --------
    >>> least = hybrid_detectable([[0.6], [0.45], [0.74]], [[0.8], [0.66], [0.89]], [20])
    >>> least.fall.round(2), least.rise.round(2)
    (array([-0.25]), array([0.25]))
    """
    told, (p2, low2, high2) = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    n = np.asarray(valid_after)[:, None]
    count = np.arange(n.max(initial=0) + 1)
    share = np.where(count <= n, count / n, np.nan)
    centre, found = (count + 1) / (n + 2), (n * p2[:, None] + 1) / (n + 2)
    inside = np.clip(centre, 0, 1)  # counts beyond n have no share
    spread = np.sqrt(inside * (1 - inside) / (found * (1 - found)))
    half = (high2 - low2)[:, None] / 2 * spread
    low, high = np.maximum(centre - half, 0), np.minimum(centre + half, 1)
    supposed = np.stack([share, np.minimum(low, share), np.maximum(high, share)])
    change = hybrid_change(told[:, :, None], supposed, error=error, level=level)
    return _least(change, 1 - level)


def _least_rise(x: int, n: Integers, N: Integers, alpha: Fraction) -> int | None:
    """Give the least later count whose rise from the earlier one is told apart from none."""
    (n1, n2), *_ = n.tolist()
    for count in range(-(-x * n2 // n1), n2 + 1):
        low, p = _one_side(np.array([[x, count]]), n, N, alpha / 2)
        if low[0] > 0 and 2 * p[0] <= float(alpha):
            return count
    return None


def _least(change: Change, alpha: float) -> Detectable:
    """Give the least fall and rise told apart from none, among the changes of the last axis."""
    told = change.p_value <= alpha
    falls = np.where(told & (change.high < 0), change.difference, -np.inf)
    rises = np.where(told & (change.low > 0), change.difference, np.inf)
    least = falls.max(axis=-1, initial=-np.inf), rises.min(axis=-1, initial=np.inf)
    return Detectable(*(np.where(np.isfinite(side), side, np.nan) for side in least))


def _one_side(x: Integers, n: Integers, N: Integers, alpha: Fraction) -> tuple[Integers, Floats]:
    """Give the least K2 N1 - K1 N2 that is not rejected, and the p-value of its being at most 0.

    All arrays have the shape (n_units, 2): the earlier and the later wave.
    """
    tail = CONFINEMENT / 4
    least = least_successes(tail, x.ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    most = N - least_successes(tail, (n - x).ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    low, p = np.zeros(len(x), dtype=np.int64), np.zeros(len(x))
    for unit in range(len(x)):
        chance, target = _tails(x[unit], n[unit], N[unit], least[unit], most[unit])
        # of a census nothing is left to be confined
        spent = CONFINEMENT if (n[unit] < N[unit]).any() else Fraction(0)
        low[unit] = target[chance > float(alpha - spent) - SLACK].min()
        worst = np.max(chance, where=target <= 0, initial=0.0)
        p[unit] = min(1.0, worst + float(spent))
    return low, p


def _tails(
    x: Integers, n: Integers, N: Integers, least: Integers, most: Integers
) -> tuple[Floats, Integers]:
    """Tabulate P(statistic >= observed | K1, K2) and K2 N1 - K1 N2 over the region of (K1, K2)."""
    one, other = (tabulate(*(count[h : h + 1] for count in (least, most, N, n))) for h in (0, 1))
    first, second = (table.probabilities()[0].T for table in (one, other))
    K1, drawn1, K2, drawn2 = one.K[0], one.x[0], other.K[0], other.x[0]
    statistic = _statistic(drawn1[:, None], drawn2, n, N)
    observed = statistic[drawn1 == x[0], drawn2 == x[1]]
    # the first drawn2 of each row from which on the outcome is as extreme as the one observed
    needed = np.sum(statistic < observed - 1e-9, axis=1)
    reach = np.zeros((K2.size, drawn2.size + 1))
    reach[:, :-1] = np.cumsum(second[:, ::-1], axis=1)[:, ::-1]
    return first @ reach[:, needed].T, K2 * N[0] - K1[:, None] * N[1]


def _statistic(x1: Integers, x2: Integers, n: Integers, N: Integers) -> Floats:
    """Compute the standardised rise of every pair of outcomes, never falling with x2 or -x1."""
    silent = 1 - n / N
    p1, p2 = ((x + s) / (m + 2 * s) for x, m, s in zip((x1, x2), n, silent, strict=True))
    variance = sum(
        s * p * (1 - p) / (m + 2 * s) for p, m, s in zip((p1, p2), n, silent, strict=True)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = np.where(p1 == p2, 0.0, (p2 - p1) / np.sqrt(variance))
    rise = np.maximum.accumulate(rise, axis=1)
    made: Floats = np.maximum.accumulate(rise[::-1], axis=0)[::-1]
    return made
