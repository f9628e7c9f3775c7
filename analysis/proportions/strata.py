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

from collections.abc import Iterator
from fractions import Fraction
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
# Cells of the tables of units that are worked on at once: what the processor's cache holds.
CELLS = 1 << 16


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
    # K1 and K2 lie in these ranges with an error of at most `spent`
    low = least_successes(spent / 4, x.ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    short = least_successes(spent / 4, (n - x).ravel(), N.ravel(), n.ravel()).reshape(x.shape)
    weights = N * n[:, ::-1]
    observed = np.sum(weights * x, axis=1)[:, None]
    return _bounds(weights, observed, n, N, (low, N - short), bars, threshold, spent)


def total_bounds(
    total: Integers, n: Integers, N: Integers, threshold: Fraction, bars: Integers
) -> PairBounds:
    """Find the K1 + K2 that the satisfied answers of both strata together do not contradict.

    Nothing is known of how the `total`, shape (n_units,), is made up: all K1 and K2 are gone
    through. A stratum may be empty, or silent, or have answered wholly; see `pair_bounds`.

    Examples
    --------
    >>> answered, people = np.array([[3, 60]]), np.array([[60, 140]])
    >>> found = total_bounds(np.array([59]), answered, people, Fraction(5, 100), people)
    >>> found.least, found.most
    (array([132]), array([195]))
    """
    ends = np.zeros_like(N), N
    return _bounds(np.ones_like(N), total[:, None], n, N, ends, bars, threshold, Fraction(0))


def _bounds(
    weights: Integers,
    observed: Integers,
    n: Integers,
    N: Integers,
    ends: tuple[Integers, Integers],
    bars: Integers,
    threshold: Fraction,
    spent: Fraction,
) -> PairBounds:
    """Bound and test by a weighted sum of the answers, over the K between the `ends`."""
    low, high = ends
    least_tail = float(threshold - spent) - SLACK
    least, most = np.empty((2, len(bars)), dtype=np.int64)
    p_reaches, p_misses = np.empty((2, len(bars)))
    for units in batches(high - low + 1, np.minimum(n, 2 * far(n)) + 1):
        own = (each[units] for each in (weights, observed, n, N, low, high))
        above, below, totals = _tails(*own)
        least[units] = np.where(above > least_tail, totals, totals.max()).min(axis=(1, 2))
        most[units] = np.where(below > least_tail, totals, 0).max(axis=(1, 2))
        reached, by_all = bars[units].T[:, :, None, None]
        p_reaches[units] = np.where(totals < reached, above, 0.0).max(axis=(1, 2))
        p_misses[units] = np.where(totals >= by_all, below, 0.0).max(axis=(1, 2))
    p_values = (np.minimum(p + float(spent), 1.0) for p in (p_reaches, p_misses))
    return PairBounds(least, most, *p_values)


def batches(rows: Integers, columns: Integers) -> Iterator[Integers]:
    """Give the places of units, those with tables of like size in turn: as many as a cache holds.

    `rows` and `columns` of the tables of both strata have the shape (n_units, 2); those of a batch
    are as large as the largest of each.
    """
    cells = rows.prod(axis=1) + rows.max(axis=1) * columns.sum(axis=1)
    order = np.lexsort((-cells, *np.ceil(2 * np.log2(rows)).astype(np.int64).T[::-1]))
    start, widest = 0, [0] * 4
    for place, sizes in enumerate(np.hstack([rows, columns])[order].tolist()):
        widest = [*map(max, widest, sizes)]
        down, other, across, other_across = widest
        size = down * other + max(down, other) * (across + other_across)
        if place > start and (place + 1 - start) * size > CELLS:
            yield order[start:place]
            start, widest = place, sizes
    if len(order):
        yield order[start:]


def _tails(
    weights: Integers, observed: Integers, n: Integers, N: Integers, low: Integers, high: Integers
) -> tuple[Floats, Floats, Integers]:
    """Tabulate P(sum >= observed), P(sum <= observed), and the total, over all (K1, K2)."""
    one, other = (tabulate(low[:, h], high[:, h], N[:, h], n[:, h]) for h in (0, 1))
    first = one.probabilities().swapaxes(1, 2)
    reach = at_least(other.probabilities())
    # what x2 has to be at least, and more than, beside each x1: whole numbers, never floats
    rest, weight = observed - weights[:, :1] * one.x, weights[:, 1:]
    needed, beyond = -(-rest // weight) - other.x[:, :1], rest // weight + 1 - other.x[:, :1]
    above, more = (first @ rows_of(reach, x2) for x2 in (needed, beyond))
    below = first.sum(axis=2)[:, :, None] * reach[:, :1] - more
    return above, below, one.K[:, :, None] + other.K[:, None]


class Hypergeometric(NamedTuple):
    """P(X = x | K) = C(n, x) C(N - n, K - x) / C(N, K) of units, as logarithms of the parts."""

    K: Integers
    """Satisfied people, (n_units, k); a unit may have fewer, which have no probability."""
    x: Integers
    """Satisfied answers, (n_units, m)."""
    of_people: Floats
    of_answers: Floats
    of_rest: Floats
    """By K - x, from the least that there is, (n_units, m + k - 1)."""

    def of(self, unit: Integers) -> Hypergeometric:
        """Take some units."""
        parts = (self.of_people, self.of_answers, self.of_rest)
        return Hypergeometric(self.K[unit], self.x[unit], *(part[unit] for part in parts))

    def probabilities(self) -> Floats:
        """Tabulate P(X = x | K), (n_units, m, k)."""
        table = self.logs(self.of_answers)
        return np.exp(table, out=table)

    def logs(self, of_answers: Floats) -> Floats:
        """Add the logarithms up with another part by x, (n_units, m, k)."""
        rest = np.lib.stride_tricks.sliding_window_view(self.of_rest, self.K.shape[1], axis=1)
        table: Floats = rest[:, ::-1] + of_answers[:, :, None]
        table += self.of_people[:, None]
        return table


def tabulate(first: Integers, last: Integers, N: Integers, n: Integers) -> Hypergeometric:
    """Prepare the distributions of units for K from `first` to `last`, and the x that these allow.

    Those `far` from the mean are left out.
    """
    people, reach = np.maximum(N, 1), far(n)
    least = np.maximum(np.maximum(0, n + first - N), n * first // people - reach)
    most = np.minimum(np.minimum(n, last), n * last // people + 1 + reach)
    return between(first, last, least, most, N, n)


def far(n: Integers) -> Integers:
    """Give how far from its mean the number drawn of n lies with less than 1e-17 (Hoeffding)."""
    return np.asarray(np.sqrt(20.0 * n).astype(np.int64) + 1)


def between(
    first: Integers, last: Integers, least: Integers, most: Integers, N: Integers, n: Integers
) -> Hypergeometric:
    """Prepare the distributions of units for K from `first` to `last`, x from `least` to `most`."""
    K, x = (
        low[:, None] + np.arange(int((high - low).max()) + 1)
        for low, high in ((first, last), (least, most))
    )
    rest = (K[:, 0] - x[:, -1])[:, None] + np.arange(K.shape[1] + x.shape[1] - 1)
    # infinite of less than nobody, so that what is impossible has no probability
    log_factorials = np.append(np.inf, special.gammaln(np.arange(int(N.max()) + 1) + 1.0))

    def log_choose(n: Integers, k: Integers) -> Floats:
        n = n[:, None]
        ways = log_factorials[n + 1] - log_factorials.take(k + 1, mode="clip")
        ways -= log_factorials.take(n - k + 1, mode="clip")
        return np.asarray(ways)

    of_people = np.where(last[:, None] >= K, -log_choose(N, K), -np.inf)
    return Hypergeometric(K, x, of_people, log_choose(n, x), log_choose(N - n, rest))


def at_least(table: Floats) -> Floats:
    """Add up from each x on, (n_units, m + 1, k), last nothing."""
    reach = np.zeros((len(table), table.shape[1] + 1, table.shape[2]))
    np.cumsum(table[:, ::-1], axis=1, out=reach[:, -2::-1])
    return reach


def rows_of(tables: Floats, at: Integers) -> Floats:
    """Take rows of the tables of units, the outermost beyond them."""
    inside = np.minimum(np.maximum(at, 0), tables.shape[1] - 1)
    return np.asarray(tables[np.arange(len(tables))[:, None], inside])
