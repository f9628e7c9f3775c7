"""Blaker's ordering of the hypergeometric outcomes, exact at ties."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from analysis.proportions.critical import CHUNK
from analysis.proportions.hypergeometric import NEAR, exact_upper_tail, upper_tail

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


def blaker_least_successes(
    alpha: Fraction, start: Integers, n_satisfied: Integers, population: Integers, n_valid: Integers
) -> Integers:
    """Find the least K that Blaker's test at `alpha` does not reject.

    The p-value is not monotone in K, so every K from `start` on is tried until one is accepted.

    Parameters
    ----------
    alpha : Fraction
        Level of the test.
    start : ndarray of int64, shape (k,)
        Lower bound of the tail-inverting interval; no K below it is accepted, since Blaker's
        p-value is at most twice the smaller tail.
    n_satisfied, population, n_valid : ndarray of int64, shape (k,)
        Counts x, N, n with 0 <= x <= n <= N.

    Returns
    -------
    ndarray of int64, shape (k,)
        The least accepted K.

    References
    ----------
    Blaker, H. (2000). Confidence curves and improved exact confidence intervals for discrete
    distributions. Canadian Journal of Statistics 28, 783.

    Examples
    --------
    >>> start, x, N, n = (np.array([v]) for v in (7, 6, 10, 6))
    >>> blaker_least_successes(Fraction("0.05"), start, x, N, n)
    array([8])
    """
    least = start.copy()
    open_ = np.arange(start.size)
    width = 1
    while open_.size:
        accepted_at = np.full(open_.size, -1)
        for first in range(0, open_.size, max(1, CHUNK // width)):
            part = slice(first, first + max(1, CHUNK // width))
            unit = open_[part]
            K = least[unit, np.newaxis] + np.arange(width)
            possible = (population - n_valid + n_satisfied)[unit, np.newaxis] >= K
            owner = np.broadcast_to(unit[:, np.newaxis], K.shape)[possible]
            accepted = np.zeros(K.shape, dtype=bool)
            accepted[possible] = _accepts(
                alpha, n_satisfied[owner], population[owner], K[possible], n_valid[owner]
            )
            accepted_at[part] = np.where(accepted.any(axis=1), accepted.argmax(axis=1), -1)
        least[open_] += np.where(accepted_at >= 0, accepted_at, width)
        open_ = open_[accepted_at < 0]
        width = min(2 * width, CHUNK)
    return least


def _accepts(alpha: Fraction, x: Integers, N: Integers, K: Integers, n: Integers) -> Booleans:
    tail = upper_tail(x, N, K, n)
    opposite = upper_tail(n - x, N, N - K, n)
    # Look at every unit from the side on which the tail beyond x is the smaller one.
    mirrored = opposite < tail
    x, K = np.where(mirrored, n - x, x), np.where(mirrored, N - K, K)
    tail = np.minimum(tail, opposite)
    cut = _no_likelier_tail(tail, x, N, K, n)
    p_value = tail + _lower_tail(cut, N, K, n)
    accepted: Booleans = p_value > float(alpha)
    for i in np.flatnonzero(np.abs(p_value - float(alpha)) <= NEAR * float(alpha)):
        exact = exact_upper_tail(int(x[i]), int(N[i]), int(K[i]), int(n[i]))
        accepted[i] = exact + _exact_lower_tail(cut, N, K, n, int(i)) > alpha
    return accepted


def _no_likelier_tail(
    tail: NDArray[np.float64], x: Integers, N: Integers, K: Integers, n: Integers
) -> Integers:
    """Find the greatest y < x with P(X <= y) <= P(X >= x) = tail."""
    low: Integers = np.maximum(0, n + K - N) - 1
    high = np.maximum(x - 1, low)
    open_ = np.flatnonzero(low < high)
    while open_.size:
        middle = (low[open_] + high[open_] + 1) // 2
        lower = _lower_tail(middle, N[open_], K[open_], n[open_])
        within = lower <= tail[open_]
        for j in np.flatnonzero(np.abs(lower - tail[open_]) <= NEAR * tail[open_]):
            i = open_[j]
            exact = exact_upper_tail(int(x[i]), int(N[i]), int(K[i]), int(n[i]))
            within[j] = _exact_lower_tail(middle, N[open_], K[open_], n[open_], int(j)) <= exact
        low[open_[within]] = middle[within]
        high[open_[~within]] = middle[~within] - 1
        open_ = open_[low[open_] < high[open_]]
    return low


def _lower_tail(at_most: Integers, N: Integers, K: Integers, n: Integers) -> NDArray[np.float64]:
    return upper_tail(n - at_most, N, N - K, n)


def _exact_lower_tail(at_most: Integers, N: Integers, K: Integers, n: Integers, i: int) -> Fraction:
    return exact_upper_tail(int(n[i] - at_most[i]), int(N[i]), int(N[i] - K[i]), int(n[i]))
