"""Critical counts of hypergeometric tests, found by search on whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.proportions.hypergeometric import exceeds

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# Units worked on at once: bounds the memory and keeps the arrays in the processor's cache.
CHUNK = 16_384


def least_successes(
    threshold: Fraction, n_satisfied: Integers, population: Integers, n_valid: Integers
) -> Integers:
    """Find the least K with P(X >= n_satisfied | K) > threshold.

    Parameters
    ----------
    threshold : Fraction
        Probability below 1.
    n_satisfied, population, n_valid : ndarray of int64, shape (k,)
        Counts x, N, n with 0 <= x <= n <= N.

    Returns
    -------
    ndarray of int64, shape (k,)
        The least such K: the tail grows with K, and is 1 at N - n + x.

    Examples
    --------
    >>> least_successes(Fraction("0.025"), np.array([17]), np.array([20]), np.array([18]))
    array([18])
    """
    x, N, n = n_satisfied, population, n_valid

    def beyond(K: Integers, unit: Integers) -> Booleans:
        return exceeds(threshold, x[unit], N[unit], K, n[unit])

    return least_where(beyond, x, N - n + x, guess=_score_bound(threshold, x, N, n))


def least_draws(
    threshold: Fraction, at_most: Integers, population: Integers, successes: Integers
) -> Integers:
    """Find the least number of draws n with P(X <= at_most | n) <= threshold.

    Parameters
    ----------
    threshold : Fraction
        Probability below 1.
    at_most, population, successes : ndarray of int64, shape (k,)
        Successes drawn at most (>= 0), N and K.

    Returns
    -------
    ndarray of int64, shape (k,)
        The least such n, since the probability falls with n; -1 where no n does, because there
        are no more successes than `at_most`.

    Examples
    --------
    With 2 dissatisfied of 20, the twelfth answer in a row without one says that there are fewer.

    >>> least_draws(Fraction("0.05"), np.array([0, 3]), np.array([20, 20]), np.array([3, 3]))
    array([12, -1])
    """
    y, N, K = at_most, population, successes

    def rare(n: Integers, unit: Integers) -> Booleans:
        return ~exceeds(threshold, n - y[unit], N[unit], (N - K)[unit], n)

    # At N draws the outcome is certain: X = K.
    return np.where(y < K, least_where(rare, np.minimum(y, N), N), -1)


def most_rare(
    threshold: Fraction, population: Integers, successes: Integers, draws: Integers
) -> Integers:
    """Find the greatest y with P(X <= y) <= threshold.

    Parameters
    ----------
    threshold : Fraction
        Probability below 1.
    population, successes, draws : ndarray of int64, shape (k,)
        N, K, n.

    Returns
    -------
    ndarray of int64, shape (k,)
        The greatest such y, at least one less than what is possible at all; -1 where there is
        none from 0 on.

    Examples
    --------
    >>> most_rare(Fraction("0.05"), np.array([20, 20]), np.array([3, 3]), np.array([11, 12]))
    array([-1,  0])
    """
    N, K, n = population, successes, draws

    def common(y: Integers, unit: Integers) -> Booleans:
        return exceeds(threshold, n[unit] - y, N[unit], (N - K)[unit], n[unit])

    return least_where(common, np.maximum(0, n + K - N), np.minimum(n, K)) - 1


def least_where(
    holds: Callable[[Integers, Integers], Booleans],
    low: Integers,
    high: Integers,
    *,
    guess: Integers | None = None,
) -> Integers:
    """Find the least integer in [low, high] from which on a condition holds.

    Parameters
    ----------
    holds : callable
        Takes candidates and the positions of their units, returns where the condition holds;
        false up to a point and true from there, taken as true at `high`.
    low, high : ndarray of int64, shape (k,)
        Ends of the search, both included.
    guess : ndarray of int64, shape (k,), optional
        Where to begin; from there steps double until both sides are seen, then halve. By
        default the search halves from the start.

    Returns
    -------
    ndarray of int64, shape (k,)
        The least integer.

    Examples
    --------
    >>> least_where(lambda m, unit: m * m >= 10, np.array([0]), np.array([9]))
    array([4])
    """
    low, high = low.copy(), high.copy()
    for start in range(0, low.size, CHUNK):
        open_ = start + np.flatnonzero(low[start : start + CHUNK] < high[start : start + CHUNK])
        at = (low[open_] + high[open_]) // 2
        if guess is not None:
            at = np.clip(guess[open_], low[open_], high[open_] - 1)
        rose = fell = np.full(open_.size, guess is None)
        step = 1
        while open_.size:
            true = holds(at, open_)
            high[open_[true]] = at[true]
            low[open_[~true]] = at[~true] + 1
            rose, fell = rose | ~true, fell | true
            left = low[open_] < high[open_]
            open_, rose, fell, true = open_[left], rose[left], fell[left], true[left]
            least, most = low[open_], high[open_]
            stepped = np.where(true, most - step, least + step - 1)
            at = np.where(rose & fell, (least + most) // 2, np.clip(stepped, least, most - 1))
            step *= 2
    return low


def _score_bound(threshold: Fraction, x: Integers, N: Integers, n: Integers) -> Integers:
    # Wilson's bound with continuity correction and finite population: within a person or two.
    z2 = float(special.ndtri(float(threshold))) ** 2
    sign = 1.0 if threshold < Fraction(1, 2) else -1.0
    effective = np.maximum(n, 1) * np.maximum(N - 1, 1) / np.maximum(N - n, 1)
    share = np.maximum(x - 0.5, 0.0) / np.maximum(n, 1)
    spread = np.sqrt(z2 * share * (1 - share) / effective + (z2 / (2 * effective)) ** 2)
    bound = (share + z2 / (2 * effective) - sign * spread) / (1 + z2 / effective)
    people: Integers = np.rint(bound * N).astype(np.int64)
    return people
