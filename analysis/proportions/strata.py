"""Two groups that answered at different rates, taken together exactly.

In a branch of Party members and others the two groups rarely answer equally often, so the pooled
share of the answers is not the branch's. Each group's satisfied answers are hypergeometric given
its own unknown K, and the estimate is a weighted sum of two independent such counts: its exact
distribution is their convolution. The branch's total is the quantity of interest; how it is made up
of the two K is a nuisance, over which the least favourable case is taken: `least_and_p` gives the
least total with P(T >= t | K1, K2) > threshold - g for some pair in the region of confidence 1 - g
of (K1, K2), g = 1e-5. `analysis.bounds` is made of it.

References: Wright, T. (1991). Exact confidence bounds when sampling from small finite universes,
Springer, for one stratum. Berger, R. L. and Boos, D. D. (1994). P values maximized over a
confidence set for the nuisance parameter. JASA 89, 1012.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.counts.checks import Integers
from analysis.proportions.critical import least_successes

Floats = NDArray[np.float64]

# Error spent on confining the two K to a region before the least favourable pair is looked for.
CONFINEMENT = Fraction(1, 100_000)
# A tail this close to the threshold counts as above it, which can only widen an interval.
SLACK = 1e-10
# Of so many people all numbers of choices are floats; beyond, logarithms are taken.
MOST_TABULATED = 1000


class PairBounds(NamedTuple):
    """Bounds of K1 + K2 of each unit, and tests of it; arrays of shape (n_units,)."""

    least: Integers
    """Least total over the pairs with P(estimate >= observed | K1, K2) > threshold."""
    most: Integers
    """Greatest total over the pairs with P(estimate <= observed | K1, K2) > threshold."""
    p_reaches: Floats
    """P-value against totals below the first bar, least favourable over the pairs."""
    p_misses: Floats
    """P-value against totals of at least the second bar."""


def pair_bounds(
    x: Integers, n: Integers, N: Integers, threshold: Fraction, bars: Integers
) -> PairBounds:
    """Find the K1 + K2 that the answers do not contradict, and test whether they reach the bar.

    The estimate is N1 x1/n1 + N2 x2/n2, in whole numbers.

    Parameters
    ----------
    x, n, N : ndarray of int64, shape (n_units, 2)
        Satisfied answers, valid answers, people; of each stratum some answered, not all.
    threshold
        Error allowed on each side, in (0, 1).
    bars : ndarray of int64, shape (n_units, 2)
        K1 + K2 that reach the bar if none, and if all, of the people of whom nothing is known are
        satisfied.

    Returns
    -------
    PairBounds

    Raises
    ------
    ValueError
        If a unit is so large (about a million people) that the whole numbers overflow.

    Examples
    --------
    >>> answers = np.array([[9, 16]]), np.array([[10, 20]]), np.array([[11, 40]])
    >>> found = pair_bounds(*answers, Fraction(25, 1000), np.array([[35, 35]]))
    >>> found.least, found.p_reaches.round(4)
    (array([36]), array([0.0112]))
    """
    if np.any(N.max(axis=1) * 1.0 * n.max(axis=1) ** 2 > 2.0**61):
        raise ValueError("units this large need weighting.stratified_proportion")
    spent = min(CONFINEMENT, threshold / 50)
    least_tail = float(threshold - spent) - SLACK
    # K1 and K2 lie in these ranges with an error of at most `spent`
    low = least_successes(spent / 4, x.ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    short = least_successes(spent / 4, (n - x).ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    least, most = np.empty((2, len(bars)), dtype=np.int64)
    p_reaches, p_misses = np.empty((2, len(bars)))
    rows = np.concatenate([x, n, N, low, N - short, bars], axis=1).tolist()
    for unit, (*counts, reached, reached_by_all) in enumerate(rows):
        above, below, totals = _tails(*counts)
        least[unit] = totals[above > least_tail].min()
        most[unit] = totals[below > least_tail].max()
        p_reaches[unit] = above.max(where=totals < reached, initial=0.0)
        p_misses[unit] = below.max(where=totals >= reached_by_all, initial=0.0)
    p_values = (np.minimum(p + float(spent), 1.0) for p in (p_reaches, p_misses))
    return PairBounds(least, most, *p_values)


def _tails(
    x1: int,
    x2: int,
    n1: int,
    n2: int,
    N1: int,
    N2: int,
    low1: int,
    low2: int,
    high1: int,
    high2: int,
) -> tuple[Floats, Floats, Integers]:
    """Tabulate P(estimate >= observed), P(estimate <= observed), the total over all (K1, K2)."""
    c1, c2 = N1 * n2, N2 * n1
    K1, K2 = np.arange(low1, high1 + 1), np.arange(low2, high2 + 1)
    drawn1, first = point_probabilities(K1, N1, n1)
    drawn2, second = point_probabilities(K2, N2, n2)
    up_to, reach = np.zeros((2, K2.size, drawn2.size + 1))
    np.cumsum(second, axis=1, out=up_to[:, 1:])
    np.cumsum(second[:, ::-1], axis=1, out=reach[:, -2::-1])
    # what x2 has to be at least, and at most, beside each x1: whole numbers, never floats
    rest = c1 * x1 + c2 * x2 - c1 * drawn1
    needed, allowed = -(-rest // c2) - drawn2[0], rest // c2 + 1 - drawn2[0]
    above = first @ reach[:, np.minimum(np.maximum(needed, 0), drawn2.size)].T
    below = first @ up_to[:, np.minimum(np.maximum(allowed, 0), drawn2.size)].T
    return above, below, K1[:, None] + K2


@lru_cache(maxsize=1)
def _binomials() -> Floats:
    """Tabulate n over k by Pascal's rule."""
    ways = np.zeros((MOST_TABULATED + 1, MOST_TABULATED + 1))
    ways[:, 0] = 1.0
    for n in range(1, len(ways)):
        ways[n, 1:] = ways[n - 1, 1:] + ways[n - 1, :-1]
    return ways


def point_probabilities(K: Integers, N: int, n: int) -> tuple[Integers, Floats]:
    """Tabulate the hypergeometric P(X = x | K) over the x that some K allows.

    Further than sqrt(20 n) from the mean lies less than 1e-17 (Hoeffding 1963), left out.
    """
    far = math.isqrt(20 * n) + 1
    first, last = int(K[0]), int(K[-1])
    least = max(0, n + first - N, n * first // N - far)
    most = min(n, last, n * last // N + 1 + far)
    x = np.arange(least, most + 1)
    if N <= MOST_TABULATED:
        ways = _binomials()
        inside = ways[first : last + 1, least : most + 1]
        outside = ways[N - last : N - first + 1, n - most : n - least + 1]
        return x, inside * outside[::-1, ::-1] / ways[N, n]
    log_factorial = special.gammaln(np.arange(N + 2) + 1.0)
    column = K[:, None]
    missed = column - x, N - column - (n - x)
    possible = (missed[0] >= 0) & (missed[1] >= 0)
    logs = (log_factorial[K] + log_factorial[N - K])[:, None]
    logs = logs - (log_factorial[x] + log_factorial[n - x])
    for cell in missed:
        logs -= log_factorial[np.maximum(cell, 0)]
    logs -= log_factorial[N] - log_factorial[n] - log_factorial[N - n]
    return x, np.where(possible, np.exp(np.where(possible, logs, 0.0)), 0.0)
