"""Control limits of a funnel plot: how far a branch of given size may lie from a target by chance.

The limits are drawn as curves, so they run between the whole counts. Whether a branch lies outside
is decided on its count itself (`funnel_signal`), since the curves cut the corners of very small
branches: with one answer and a target of 90 % the upper curve lies below 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import Integers, check_counts, whole_numbers
from analysis.proportions.hypergeometric import upper_tail

Floats = NDArray[np.float64]


class FunnelLimits(NamedTuple):
    """Limits of the share satisfied; arrays of the shape of the input."""

    low: Floats
    """Lower limit, cut to [0, 1]."""
    high: Floats
    """Upper limit, cut to [0, 1]."""
    low_unclipped: Floats
    """Lower limit before it is cut."""
    high_unclipped: Floats
    """Upper limit before it is cut."""
    low_count: Integers
    """Least count r with P(X <= r) >= (1 - level) / 2."""
    high_count: Integers
    """Least count r with P(X <= r) >= (1 + level) / 2."""


def funnel_limits(
    n_valid: ArrayLike,
    target: float,
    *,
    level: float = 0.95,
    population: ArrayLike | None = None,
) -> FunnelLimits:
    """Compute control limits around a target for given numbers of answers.

    Parameters
    ----------
    n_valid : array_like of int
        Answers, at least 1.
    target
        Share that the units are compared with (the bar, or the mean of all), in [0, 1].
    level
        Probability between the limits; 0.95 and 0.998 are usual.
    population : array_like of int, optional
        People of each unit: the answers are then drawn without replacement, and the limits close
        as the answers near a census.

    Returns
    -------
    FunnelLimits

    Raises
    ------
    ValueError
        If a unit has no answer, counts are impossible, or target or level is out of range.

    Notes
    -----
    For q = (1 ∓ level)/2 and r the least count with F(r) >= q the limit is
    (r - (F(r) - q) / (F(r) - F(r-1))) / n. Without replacement target · N is seldom whole: F is
    then mixed of the distributions for the whole numbers on either side, so that its mean is
    n · target.

    References
    ----------
    Spiegelhalter, D. J. (2005). Funnel plots for comparing institutional performance. Statistics
    in Medicine 24, 1185, appendix A.1.1.

    Examples
    --------
    >>> limits = funnel_limits([10, 100], 0.9)
    >>> limits.low.round(4), limits.high.round(4)
    (array([0.6213, 0.8323]), array([0.9928, 0.9496]))
    >>> funnel_limits([100], 0.9, population=[120]).low.round(4)
    array([0.8725])
    """
    _check(target, level)
    n, N = _sizes(n_valid, population)
    if (n == 0).any():
        raise ValueError(f"unit {int(np.flatnonzero(n.ravel() == 0)[0])} has no answer")
    unclipped, counts = [], []
    for q in ((1 - level) / 2, (1 + level) / 2):
        r, before, reached = _least_count(q, n, N, target)
        unclipped.append(np.asarray((r - (reached - q) / (reached - before)) / n))
        counts.append(r)
    low, high = (np.clip(limit, 0.0, 1.0) for limit in unclipped)
    return FunnelLimits(low, high, unclipped[0], unclipped[1], counts[0], counts[1])


def funnel_signal(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    target: float,
    *,
    level: float = 0.95,
    population: ArrayLike | None = None,
) -> NDArray[np.int8]:
    """Say which units lie beyond chance of the target.

    Parameters
    ----------
    n_satisfied, n_valid : array_like of int
        Satisfied and valid answers.
    target, level, population
        As in `funnel_limits`.

    Returns
    -------
    ndarray of int8
        1 above, -1 below, 0 within: beyond if the tail from the count outwards has a probability
        of at most (1 - level) / 2 under the target. A unit without answers is within.

    Raises
    ------
    ValueError
        If counts are impossible, or target or level is out of range.

    References
    ----------
    Spiegelhalter (2005), as in `funnel_limits`, with exact tails.

    Examples
    --------
    >>> funnel_signal([1, 6, 40, 96], [1, 10, 50, 100], 0.9)
    array([ 0, -1, -1,  1], dtype=int8)
    """
    _check(target, level)
    x = check_counts(n_satisfied, n_valid)[0]
    n, N = _sizes(n_valid, population)
    x, n, N = np.broadcast_arrays(x, n, N)
    tail = (1 - level) / 2
    below = _at_most(x, n, N, target) <= tail
    above = _at_most(n - x, n, N, 1 - target) <= tail
    return np.asarray(above.astype(np.int8) - below.astype(np.int8), dtype=np.int8)


def _check(target: float, level: float) -> None:
    if not 0 <= target <= 1:
        raise ValueError(f"target={target} must lie between 0 and 1")
    if not 0 < level < 1:
        raise ValueError(f"level={level} must lie between 0 and 1")


def _sizes(n_valid: ArrayLike, population: ArrayLike | None) -> tuple[Integers, Integers]:
    """Give answers and people, -1 where the people are not known."""
    if population is None:
        n = whole_numbers("n_valid", n_valid)
        return check_counts(0, n)[1], np.full(n.shape, -1, dtype=np.int64)
    _, n, N = check_counts(0, n_valid, population)
    return n, N


def _at_most(r: Integers, n: Integers, N: Integers, target: float) -> Floats:
    """Compute P(X <= r) for n answers from N people, or from many where N is -1."""
    inside = np.clip(r, 0, np.maximum(n - 1, 0))
    binomial = special.betainc(np.maximum(n - inside, 1), inside + 1.0, 1 - target)
    finite = np.flatnonzero(N.ravel() >= 0)
    probability = np.asarray(binomial, dtype=np.float64).ravel().copy()
    people, draws, count = (np.broadcast_to(v, r.shape).ravel()[finite] for v in (N, n, inside))
    # a hair more than a whole number of people is rounding, not a person
    wanted = np.round(target * people, 9)
    floor = np.floor(wanted).astype(np.int64)
    tails = [
        upper_tail(draws - count, people, people - np.minimum(floor + more, people), draws)
        for more in (0, 1)
    ]
    probability[finite] = tails[0] + (wanted - floor) * (tails[1] - tails[0])
    return np.where(r < 0, 0.0, np.where(r >= n, 1.0, probability.reshape(r.shape)))


def _least_count(
    q: float, n: Integers, N: Integers, target: float
) -> tuple[Integers, Floats, Floats]:
    """Walk to the least r with P(X <= r) >= q from where a normal curve puts it.

    Returns r, P(X <= r - 1) and P(X <= r).
    """
    shape, n, N = n.shape, n.ravel(), N.ravel()
    left = np.where(N < 0, 1.0, (N - n) / np.maximum(N - 1, 1))
    spread = np.sqrt(n * target * (1 - target) * left)
    r = np.clip(np.rint(n * target + special.ndtri(q) * spread), 0, n).astype(np.int64)
    before, reached = (_at_most(r + step, n, N, target) for step in (-1, 0))
    while len(up := np.flatnonzero(reached < q)):
        r[up] += 1
        before[up], reached[up] = reached[up], _at_most(r[up], n[up], N[up], target)
    while len(down := np.flatnonzero(before >= q)):
        r[down] -= 1
        reached[down], before[down] = before[down], _at_most(r[down] - 1, n[down], N[down], target)
    return r.reshape(shape), before.reshape(shape), reached.reshape(shape)
