"""One-sided bounds for how many of all people are satisfied, and the verdict read from them.

Every estimator of a unit's total K gives a lower and an upper bound, each right with probability
1 - alpha: they invert the two tests of the verdict, which is read from them in one place
(`verdict`). So what is shown and what is decided cannot contradict each other.

`whole` takes all answers of a unit as one random sample. `stratified` takes those of each stratum
(role) as one, however differently the strata answered. `total_only` knows how many of each stratum
answered but not how these did, because a stratum is withheld or people named none: the least
favourable split of the satisfied is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import check_counts, whole_numbers
from analysis.proportions import strata
from analysis.proportions.critical import least_successes
from analysis.proportions.hypergeometric import upper_tail
from analysis.proportions.verdicts import bar_count, judge, side_level
from analysis.weights.weighting import stratified_proportion

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Alpha = float | str | Fraction

LARGEST_TABLE = 20_000_000
"""Cells of the largest table of splits that is gone through for one unit."""
MOST_SPLITS = 5 * LARGEST_TABLE
"""Cells of all tables that are gone through for one unit, one a place of people without stratum."""


class Bounds(NamedTuple):
    """Bounds of each unit; arrays of shape (n_units,)."""

    lower: Integers
    """Least number satisfied of all people that the answers do not contradict."""
    upper: Integers
    """Greatest such number."""
    p_meets: Floats
    """P-value against the hypothesis that the unit lies below the bar; NaN where there is none."""
    p_below: Floats
    """P-value against the hypothesis that the unit meets the bar; NaN where there is none."""


def verdict(bounds: Bounds, n_valid: ArrayLike, bar_counts: ArrayLike) -> NDArray[np.str_]:
    """Read the verdict of each unit from its bounds.

    Parameters
    ----------
    bounds : Bounds
        Of the units.
    n_valid : array_like of int, shape (n_units,)
        Valid answers; a unit without any is inconclusive.
    bar_counts : array_like of int, shape (n_units,)
        Least numbers of satisfied people that meet the bar, see `analysis.verdicts.bar_count`.

    Returns
    -------
    ndarray of str
        ``"meets"`` where the lower bound reaches the bar, ``"below"`` where the upper one stays
        under it, else ``"inconclusive"``.

    Examples
    --------
    >>> one = np.array([0.5])
    >>> verdict(Bounds(np.array([9]), np.array([10]), one, one), [8], [9])
    array(['meets'], dtype='<U12')
    """
    K0, answered = np.asarray(bar_counts), np.asarray(n_valid) > 0
    found = np.full(bounds.lower.shape, "inconclusive", dtype="<U12")
    found[answered & (bounds.lower >= K0)] = "meets"
    found[answered & (bounds.upper < K0)] = "below"
    return found


def whole(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: Alpha = 0.05,
) -> Bounds:
    """Bound units whose answers are one random sample of their people.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int, shape (n_units,)
        Counts x, n, N with 0 <= x <= n <= N.
    bar : str, float or Fraction
        Share that the p-values are about, in (0, 1].
    alpha : float, str or Fraction
        Error of each bound, in (0, 1/2).

    Returns
    -------
    Bounds

    Raises
    ------
    ValueError
        If counts are impossible or an argument is out of range.

    References
    ----------
    Wright, T. (1991). Exact confidence bounds when sampling from small finite universes.

    Examples
    --------
    >>> bounds = whole([12], [12], [16])
    >>> bounds.lower, bounds.upper, bounds.p_meets.round(3)
    (array([15]), array([16]), array([0.05]))
    """
    level = side_level(alpha)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    lower = least_successes(level, x, N, n)
    upper = N - least_successes(level, n - x, N, n)
    judged = judge(x, n, N, bar=bar, alpha=alpha)
    return Bounds(lower, upper, judged.p_meets, judged.p_below)


def stratified(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: Alpha = 0.05,
) -> Bounds:
    """Bound units whose strata may have answered at different rates.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int, shape (n_units, n_strata)
        Counts of each stratum.
    bar, alpha
        As in `whole`.

    Returns
    -------
    Bounds

    Raises
    ------
    ValueError
        If counts are impossible or an argument is out of range.

    Notes
    -----
    Up to two strata that answered in part are judged exactly: the weighted estimate is the
    statistic, and the least favourable split is looked for in a confidence set of the strata
    (Berger and Boos 1994); work grows with N_1 N_2. Of more, the two with the most silent people
    are judged so and each other one alone, with the error shared out among them (Bonferroni):
    valid, and wider; there are no p-values. Where the table of splits would be too large the
    approximate bounds of Korn and Graubard (1998) are given.

    References
    ----------
    Berger, R. L. and Boos, D. D. (1994). P values maximized over a confidence set for the nuisance
    parameter. JASA 89, 1012. Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for
    proportions with small expected number of positive counts. Survey Methodology 24, 193.

    Examples
    --------
    Of 10 members all answered, 9 satisfied; of 40 others 20 answered, 16 satisfied.

    >>> bounds = stratified([[9, 16]], [[10, 20]], [[10, 40]])
    >>> bounds.lower, bounds.upper
    (array([36]), array([45]))
    """
    level = side_level(alpha)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    people = N.sum(axis=1)
    K0 = np.asarray(bar_count(people, bar))
    partly = (n > 0) & (n < N)
    # the strata that answered in part come first, the most silent before the others, whatever the
    # order that they are given in
    order = np.lexsort((x, N, -np.where(partly, N - n, 0)), axis=1)
    x, n, N = (np.take_along_axis(counts, order, axis=1) for counts in (x, n, N))
    partly = (n > 0) & (n < N)
    large = _is_large(n, N, partly)
    lower, p_meets = _one_side(x, n, N, partly, level, K0 - 1)
    least, p_below = _one_side(n - x, n, N, partly, level, people - K0)
    upper = people - least
    n_partly = np.where(large, 0, partly.sum(axis=1))
    for shared in np.unique(n_partly[n_partly > 1]).tolist():
        rows = np.flatnonzero(n_partly == shared)
        x2, n2, N2 = (counts[rows, :2] for counts in (x, n, N))
        upper[rows] -= N2.sum(axis=1)
        bars = K0[rows, None] - np.column_stack([lower[rows], upper[rows]])
        pair = strata.pair_bounds(x2, n2, N2, level * 2 / shared, bars)
        lower[rows] += pair.least
        upper[rows] += pair.most
        if shared == 2:
            p_meets[rows], p_below[rows] = pair.p_reaches, pair.p_misses
    if large.any():
        made = stratified_proportion(x[large], n[large], N[large], level=float(1 - 2 * level))
        lower[large] = np.floor(made.low * people[large]).astype(np.int64)
        upper[large] = np.ceil(made.high * people[large]).astype(np.int64)
    return Bounds(lower, upper, p_meets, p_below)


def total_only(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    n_unknown: ArrayLike = 0,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: Alpha = 0.05,
) -> Bounds:
    """Bound units of whose satisfied answers only the total is used.

    Parameters
    ----------
    n_satisfied : array_like of int, shape (n_units,)
        Satisfied answers of all strata together.
    n_valid, population : array_like of int, shape (n_units, n_strata)
        Valid answers and people of each stratum.
    n_unknown : array_like of int, shape (n_units,)
        Valid answers of people whose stratum is not known; they are in the total.
    bar, alpha
        As in `whole`.

    Returns
    -------
    Bounds

    Raises
    ------
    ValueError
        If counts are impossible or an argument is out of range.

    Notes
    -----
    The lower bound is the least K for which max P(X_1 + … + X_H >= x) over K_1 + … + K_H = K is
    more than `alpha`; the error is at most `alpha` whatever the split, and the bound says nothing
    of it. People of unknown stratum are put into each one in turn. Where a unit is too large to go
    through all splits (work grows with the product of N_h), only what is certain is given: those
    known to be satisfied, and those not known to be dissatisfied.

    Examples
    --------
    Taken as one sample, 59 of 63 satisfied say that 176 of 200 are; but of 60 only 3 answered.

    >>> bounds = total_only([59], [[3, 60]], [[60, 140]])
    >>> bounds.lower, bounds.upper
    (array([132]), array([195]))
    """
    level = side_level(alpha)
    x, blanks = whole_numbers("n_satisfied", n_satisfied), whole_numbers("n_unknown", n_unknown)
    x, blanks = np.broadcast_arrays(x, blanks)
    _, n, N = check_counts(0, n_valid, population)
    people, total = N.sum(axis=1), n.sum(axis=1) + blanks
    check_counts(x, total, people)
    K0 = np.asarray(bar_count(people, bar))
    # a stratum without people parts nothing
    order = np.argsort(N == 0, axis=1, kind="stable")
    n, N = (np.pad(np.take_along_axis(part, order, axis=1), ((0, 0), (0, 1))) for part in (n, N))
    lower, upper = x.copy(), people - (total - x)
    p_meets, p_below = np.ones((2, len(x)))
    two = (N[:, 2:] == 0).all(axis=1)
    for row in np.flatnonzero(~two).tolist():
        parts = tuple(n[row, :-1].tolist()), tuple(N[row, :-1].tolist())
        lower[row], upper[row], p_meets[row], p_below[row] = _by_total(
            int(x[row]), *parts, int(blanks[row]), int(K0[row]), level
        )
    n, N = n[:, :2], N[:, :2]
    sizes = N + 1.0
    splits = np.maximum(sizes.prod(axis=1), sizes[:, 0] * (total + 1.0))
    ways = np.minimum(blanks, (N - n)[:, 0]) + 1.0
    two &= (splits <= LARGEST_TABLE) & (ways * sizes.prod(axis=1) <= MOST_SPLITS)
    # of the answers of unknown stratum so many may be of the first
    least = np.maximum(blanks - (N - n)[:, 1], 0)
    ways = np.where(two, np.minimum(blanks, (N - n)[:, 0]) - least + 1, 0)
    unit = np.repeat(np.arange(len(x)), ways)
    if len(unit):
        starts = np.flatnonzero(np.diff(unit, prepend=-1))
        placed = np.arange(len(unit)) - np.repeat(starts, ways[two]) + least[unit]
        answers = n[unit] + np.column_stack([placed, blanks[unit] - placed])
        bars = np.repeat(K0[unit, None], 2, axis=1)
        found = strata.total_bounds(x[unit], answers, N[unit], level, bars)
        lower[two] = np.maximum(lower[two], np.minimum.reduceat(found.least, starts))
        upper[two] = np.minimum(upper[two], np.maximum.reduceat(found.most, starts))
        p_meets[two] = np.maximum.reduceat(found.p_reaches, starts)
        p_below[two] = np.maximum.reduceat(found.p_misses, starts)
    return Bounds(lower, upper, p_meets, p_below)


@lru_cache(maxsize=2**12)
def _by_total(
    x: int, n: tuple[int, ...], N: tuple[int, ...], n_unknown: int, K0: int, level: Fraction
) -> tuple[int, int, float, float]:
    """Bound one unit; the same one is asked for whenever other units change what is published."""
    people, total = sum(N), sum(n) + n_unknown
    certain = x, people - (total - x), 1.0, 1.0
    # a stratum without people parts nothing, and its table would be gone through for nothing
    there = np.flatnonzero(N) if people else np.array([0])
    answers, sizes = np.array(n)[there], np.array(N)[there]
    n_placements = np.minimum(n_unknown, (sizes - answers)[:-1]) + 1.0
    if n_placements.prod() * (sizes + 1.0).prod() > MOST_SPLITS:
        return certain
    low, high, above, under = people, 0, 0.0, 0.0
    for placed in _placements(answers, sizes, n_unknown):
        made = _splits(placed, sizes)
        if made is None:
            return certain
        first, last, targets = made
        for side, at_least, most in ((0, x, K0 - 1), (1, total - x, people - K0)):
            tail = _tail(at_least, first, last)
            least = int(targets[tail > float(level) - strata.SLACK].min())
            p = float(np.max(tail, where=targets <= most, initial=0.0))
            if side == 0:
                low, above = min(low, least), max(above, p)
            else:
                high, under = max(high, people - least), max(under, p)
    return max(low, x), min(high, certain[1]), above, under


def _one_side(
    x: Integers,
    n: Integers,
    N: Integers,
    partly: NDArray[np.bool_],
    level: Fraction,
    most: Integers,
) -> tuple[Integers, Floats]:
    """Give the least total of each unit but for its first two of several that answered in part.

    Beside it, where at most one did, the p-value against totals of at most `most`.
    """
    certain = np.where(n == N, x, 0).sum(axis=1)
    n_partly = partly.sum(axis=1)
    least, p = certain.copy(), np.full(len(x), np.nan)
    p[n_partly == 0] = certain[n_partly == 0] <= most[n_partly == 0]
    one = np.flatnonzero(n_partly == 1)
    if len(one):
        x1, n1, N1 = (counts[one, 0] for counts in (x, n, N))
        least[one] += least_successes(level, x1, N1, n1)
        room = np.minimum(most[one] - certain[one], N1 - n1 + x1)
        tail = upper_tail(x1, N1, np.maximum(room, x1), n1)
        p[one] = np.where(room >= x1, tail, 0.0)
    for shared in np.unique(n_partly[n_partly > 2]).tolist():
        rows = np.flatnonzero(n_partly == shared)
        alone = [counts[rows, 2:shared] for counts in (x, N, n)]
        found = least_successes(level / shared, *(counts.ravel() for counts in alone))
        least[rows] += found.reshape(alone[0].shape).sum(axis=1)
    return least, p


def _is_large(n: Integers, N: Integers, partly: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell of which units the splits and outcomes of two strata are too many to tabulate."""
    if N.shape[1] < 2:
        return np.zeros(len(N), dtype=bool)
    answers, people = n[:, :2].astype(float), N[:, :2].astype(float)
    spread = np.minimum(people, 9 * people / np.sqrt(np.maximum(answers, 1))) + 1
    drawn = np.minimum(answers, 9 * np.sqrt(answers)) + 1
    cells = spread.prod(axis=1) + (spread * drawn).max(axis=1)
    large: NDArray[np.bool_] = partly[:, :2].all(axis=1) & (cells > LARGEST_TABLE)
    return large


def _placements(n: Integers, N: Integers, n_unknown: int) -> Iterator[Integers]:
    """Put answers of unknown stratum into the strata in all ways that leave room."""
    for extra in product(*(range(min(n_unknown, room) + 1) for room in (N - n)[:-1].tolist())):
        last = n_unknown - sum(extra)
        if 0 <= last <= int(N[-1] - n[-1]):
            yield n + np.array([*extra, last])


def _splits(n: Integers, N: Integers) -> tuple[Floats, Floats, Integers] | None:
    """Prepare the tail of the total for all splits of the satisfied; None where that is too much.

    Gives P(X_1 + … = s) by splits of all strata but the last, P(X_H = x) by K_H, and the total of
    every split.
    """
    sizes = N.astype(float) + 1
    if sizes.prod() > LARGEST_TABLE or sizes[:-1].prod() * (n.sum() + 1.0) > LARGEST_TABLE:
        return None
    chances, targets = np.ones((1, 1)), np.zeros(1, dtype=np.int64)
    points = [_all_points(*pair) for pair in zip(n.tolist(), N.tolist(), strict=True)]
    for point in points[:-1]:
        # convolve every row so far with every row of this stratum
        joined = np.zeros((len(chances), len(point), chances.shape[1] + point.shape[1] - 1))
        for s in range(chances.shape[1]):
            joined[:, :, s : s + point.shape[1]] += chances[:, s, None, None] * point
        chances = joined.reshape(-1, joined.shape[2])
        targets = np.add.outer(targets, np.arange(len(point))).ravel()
    return chances, points[-1], np.add.outer(targets, np.arange(len(points[-1])))


def _all_points(n: int, N: int) -> Floats:
    """Tabulate P(X = x | K), one row a K and one column an x."""
    zero, size, answers = (np.array([value]) for value in (0, N, n))
    table: Floats = strata.between(zero, size, zero, answers, size, answers).probabilities()[0].T
    return table


def _tail(at_least: int, first: Floats, last: Floats) -> Floats:
    """Compute P(total >= at_least) for every split."""
    upper = np.zeros((len(last), last.shape[1] + 1))
    upper[:, :-1] = np.cumsum(last[:, ::-1], axis=1)[:, ::-1]
    needed = np.clip(at_least - np.arange(first.shape[1]), 0, last.shape[1])
    tails: Floats = np.minimum(first @ upper[:, needed].T, 1.0)
    return tails
