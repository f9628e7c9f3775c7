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


def least_and_p(
    x: Integers, n: Integers, N: Integers, threshold: Fraction, bound: Integers
) -> tuple[Integers, Floats]:
    """Find the least K1 + K2 that the answers do not contradict, and test a greatest one.

    The estimate is N1 x1/n1 + N2 x2/n2, in whole numbers.

    Parameters
    ----------
    x, n, N : ndarray of int64, shape (n_units, 2)
        Satisfied answers, valid answers, people; of each stratum some answered, not all.
    threshold
        Error allowed, in (0, 1).
    bound : ndarray of int64, shape (n_units,)
        Greatest total of the hypothesis.

    Returns
    -------
    least : ndarray of int64, shape (n_units,)
        The least total over the pairs with P(estimate >= observed | K1, K2) > threshold.
    p : ndarray of float64, shape (n_units,)
        P-values, least favourable over the pairs of the hypothesis.

    Raises
    ------
    ValueError
        If a unit is so large (about a million people) that the whole numbers overflow.

    Examples
    --------
    >>> answers = np.array([[9, 16]]), np.array([[10, 20]]), np.array([[11, 40]])
    >>> least, p = least_and_p(*answers, Fraction(25, 1000), np.array([34]))
    >>> least, p.round(4)
    (array([36]), array([0.0112]))
    """
    if np.any(N.max(axis=1) * 1.0 * n.max(axis=1) ** 2 > 2.0**61):
        raise ValueError("units this large need weighting.stratified_proportion")
    spent = min(CONFINEMENT, threshold / 50)
    least_tail = float(threshold - spent) - SLACK
    # K1 and K2 lie in these ranges with an error of at most `spent`
    low = least_successes(spent / 4, x.ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    short = least_successes(spent / 4, (n - x).ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    least, p = np.empty(len(bound), dtype=np.int64), np.empty(len(bound))
    for unit, most in enumerate(bound.tolist()):
        tails, totals = _tails(x[unit], n[unit], N[unit], low[unit], (N - short)[unit])
        least[unit] = totals[tails > least_tail].min()
        p[unit] = np.max(tails, where=totals <= most, initial=0.0)
    return least, np.minimum(p + float(spent), 1.0)


def _tails(
    x: Integers, n: Integers, N: Integers, low: Integers, high: Integers
) -> tuple[Floats, Integers]:
    """Tabulate P(estimate >= observed) and the total over the region of (K1, K2)."""
    (x1, x2), (n1, n2), (N1, N2) = x.tolist(), n.tolist(), N.tolist()
    c1, c2 = N1 * n2, N2 * n1
    K1, K2 = (np.arange(low[h], high[h] + 1) for h in (0, 1))
    drawn1, first = point_probabilities(K1, N1, n1)
    drawn2, second = point_probabilities(K2, N2, n2)
    reach = np.zeros((K2.size, drawn2.size + 1))
    reach[:, :-1] = np.cumsum(second[:, ::-1], axis=1)[:, ::-1]
    needed = -((c1 * drawn1 - (c1 * x1 + c2 * x2)) // c2) - drawn2[0]  # ceil without floats
    tails = first @ reach[:, np.minimum(np.maximum(needed, 0), drawn2.size)].T
    return tails, np.add.outer(K1, K2)


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
