"""Tails of the hypergeometric distribution: fast in floats, exact wherever a float could err."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy import special

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

# Floats are right to about 1e-13; a comparison closer than this is repeated in integers.
NEAR = 1e-9


def upper_tail(
    at_least: Integers, population: Integers, successes: Integers, draws: Integers
) -> Floats:
    """Compute P(X >= at_least) for X ~ Hypergeometric(population, successes, draws).

    Parameters
    ----------
    at_least : ndarray of int64, shape (k,)
        Least number of successes drawn, any integer.
    population : ndarray of int64, shape (k,)
        N, below about 3e9 (N * N has to fit into 64 bits).
    successes : ndarray of int64, shape (k,)
        K, 0 <= K <= N.
    draws : ndarray of int64, shape (k,)
        n, 0 <= n <= N.

    Returns
    -------
    ndarray of float64, shape (k,)
        Probabilities, relative error about 1e-13 in the tail that is below one half.

    Notes
    -----
    The point probability comes from the deviance of the two-by-two table and the remainders of
    Stirling's formula (Loader 2000), which loses no digits however large the population is. The
    shorter tail is then summed by the ratio of neighbouring terms.

    References
    ----------
    Loader, C. (2000). Fast and accurate computation of binomial probabilities. Bell Laboratories.

    Examples
    --------
    >>> upper_tail(np.array([12]), np.array([16]), np.array([14]), np.array([12])).round(12)
    array([0.05])
    """
    least_possible = np.maximum(0, draws + successes - population)
    most_possible = np.minimum(draws, successes)
    tail: Floats = (at_least <= least_possible).astype(np.float64)
    inner = np.flatnonzero((at_least > least_possible) & (at_least <= most_possible))
    if inner.size == 0:
        return tail
    x, N, K, n = at_least[inner], population[inner], successes[inner], draws[inner]
    # Below the mean the other tail is the shorter one: count failures instead of successes.
    mirrored = x * N <= n * K
    x = np.where(mirrored, n - x + 1, x)
    K = np.where(mirrored, N - K, K)
    short = np.exp(_log_point(x, N, K, n)) * _terms_relative_to_first(x, N, K, n)
    tail[inner] = np.clip(np.where(mirrored, 1.0 - short, short), 0.0, 1.0)
    return tail


def exact_upper_tail(at_least: int, population: int, successes: int, draws: int) -> Fraction:
    """Compute P(X >= at_least) exactly, in integers.

    Parameters
    ----------
    at_least, population, successes, draws : int
        As in `upper_tail`, one unit.

    Returns
    -------
    Fraction
        The probability.

    Examples
    --------
    >>> exact_upper_tail(12, 16, 14, 12)
    Fraction(1, 20)
    """
    least = max(0, draws + successes - population)
    most = min(draws, successes)
    if at_least <= least:
        return Fraction(1)
    if at_least > most:
        return Fraction(0)
    upper_is_shorter = most - at_least < at_least - least
    first, last = (at_least, most) if upper_is_shorter else (least, at_least - 1)
    term = comb(successes, first) * comb(population - successes, draws - first)
    total = term
    for i in range(first, last):
        term = (term * (successes - i) * (draws - i)) // (
            (i + 1) * (population - successes - draws + i + 1)
        )
        total += term
    share = Fraction(total, comb(population, draws))
    return share if upper_is_shorter else 1 - share


def compare(
    threshold: Fraction,
    at_least: Integers,
    population: Integers,
    successes: Integers,
    draws: Integers,
) -> tuple[Floats, Booleans]:
    """Compute P(X >= at_least) and tell where it is > threshold, exact at ties.

    Parameters
    ----------
    threshold : Fraction
        Probability to compare with.
    at_least, population, successes, draws : ndarray of int64, shape (k,)
        As in `upper_tail`.

    Returns
    -------
    ndarray of float64, shape (k,)
        The tail, correctly rounded where it lies near the threshold.
    ndarray of bool, shape (k,)
        True where the tail is strictly greater.

    Examples
    --------
    >>> compare(Fraction("0.05"), *(np.array([v]) for v in (12, 16, 14, 12)))
    (array([0.05]), array([False]))
    """
    tail = upper_tail(at_least, population, successes, draws)
    greater: Booleans = tail > float(threshold)
    for i in np.flatnonzero(np.abs(tail - float(threshold)) <= NEAR * float(threshold)):
        exact = exact_upper_tail(
            int(at_least[i]), int(population[i]), int(successes[i]), int(draws[i])
        )
        tail[i], greater[i] = float(exact), exact > threshold
    return tail, greater


def exceeds(
    threshold: Fraction,
    at_least: Integers,
    population: Integers,
    successes: Integers,
    draws: Integers,
) -> Booleans:
    """Tell where P(X >= at_least) > threshold, exact at ties.

    Parameters
    ----------
    threshold, at_least, population, successes, draws
        As in `compare`.

    Returns
    -------
    ndarray of bool, shape (k,)
        True where the tail is strictly greater.

    Examples
    --------
    >>> exceeds(Fraction("0.05"), *(np.array([v]) for v in (12, 16, 14, 12)))
    array([False])
    """
    return compare(threshold, at_least, population, successes, draws)[1]


def _log_point(x: Integers, N: Integers, K: Integers, n: Integers) -> Floats:
    # ln m! = m ln m - m + remainder(m); over the table the first two parts make the deviance.
    cells = (x, K - x, n - x, N - K - n + x)
    difference = (x * N - n * K) / N
    expected = (n * K / N, (N - n) * K / N, n * (N - K) / N, (N - n) * (N - K) / N)
    signs = (1.0, -1.0, -1.0, 1.0)
    log_point = -_stirling_remainder(N)
    for margin in (K, N - K, n, N - n):
        log_point += _stirling_remainder(margin)
    for cell, mean, sign in zip(cells, expected, signs, strict=True):
        log_point -= _stirling_remainder(cell)
        log_point -= special.xlog1py(cell, sign * difference / mean)
    return log_point


def _terms_relative_to_first(x: Integers, N: Integers, K: Integers, n: Integers) -> Floats:
    # P(X = i + 1) / P(X = i) falls with i, so the sum may stop once a term no longer counts.
    # At the last possible i a factor is 0 exactly, and all further terms stay 0.
    total = np.ones(x.shape)
    where = np.arange(x.size)
    term = np.ones(x.shape)
    sums = np.ones(x.shape)
    a, b = (K - x).astype(np.float64), (n - x).astype(np.float64)
    c, d = (x + 1).astype(np.float64), (N - K - n + x + 1).astype(np.float64)
    while where.size:
        for _ in range(4):
            term *= (a * b) / (c * d)
            sums += term
            a -= 1.0
            b -= 1.0
            c += 1.0
            d += 1.0
        going = term > 1e-17 * sums
        if not going.all():
            total[where[~going]] = sums[~going]
            where, term, sums = where[going], term[going], sums[going]
            a, b, c, d = a[going], b[going], c[going], d[going]
    return total


def _stirling_series(m: Floats) -> Floats:
    inverse_square = 1.0 / (m * m)
    tail = 1 / 12 - inverse_square * (1 / 360 - inverse_square * (1 / 1260 - inverse_square / 1680))
    series: Floats = 0.5 * np.log(2.0 * np.pi * m) + tail / m
    return series


def _small_remainders(size: int) -> Floats:
    m = np.arange(size, dtype=np.float64)
    table = _stirling_series(np.maximum(m, 1.0))
    table[:16] = special.gammaln(m[:16] + 1.0) - special.xlogy(m[:16], m[:16]) + m[:16]
    return table


_REMAINDERS = _small_remainders(4096)


def _stirling_remainder(m: Integers) -> Floats:
    """Compute ln m! - m ln m + m."""
    if m.max() < _REMAINDERS.size:
        return _REMAINDERS[m]
    remainder = _stirling_series(np.maximum(m, 1).astype(np.float64))
    small = m < _REMAINDERS.size
    remainder[small] = _REMAINDERS[m[small]]
    return remainder
