"""Exact Shapley and Owen values of a logistic model's mean when scores are raised.

The odds of respondent i with the dimensions of a set S raised are the odds now times one factor
a dimension, so the probabilities of all 2^D sets come from D doublings without an exponential a
set. The Shapley value is linear in them: one matrix product for all dimensions.
"""

from __future__ import annotations

from itertools import pairwise
from math import factorial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_DIMENSIONS = 15
MAX_PLAYERS_OWEN = 22  # items of a dimension and other dimensions: 4 million sets a respondent
_ROWS = 8192  # rows whose items are turned at a time
_CELLS = 1 << 16  # probabilities held at a time (sets x rows), so that the arrays stay in cache


class Segments(NamedTuple):
    """Describe rows sorted by cluster.

    Attributes
    ----------
    codes : ndarray of int, shape (n,)
        Cluster of each row, ascending from 0, every cluster present.
    n_clusters : int
    """

    codes: NDArray[np.intp]
    n_clusters: int

    @property
    def starts(self) -> NDArray[np.intp]:
        """First row of each cluster."""
        return np.flatnonzero(np.diff(self.codes, prepend=-1))

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the last axis up by cluster: (..., n) to (..., clusters)."""
        if self.codes.size == 0:
            return np.zeros((*values.shape[:-1], self.n_clusters))
        sums: NDArray[np.float64] = np.add.reduceat(values, self.starts, axis=-1)
        return sums

    def products(
        self, left: NDArray[np.float64], right: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Multiply ``left @ right.T`` by cluster: (a, n) and (b, n) to (clusters, a, b)."""
        starts = self.starts.tolist()
        result = np.zeros((self.n_clusters, len(left), len(right)))
        for number, (low, high) in enumerate(pairwise([*starts, self.codes.size])):
            np.matmul(left[:, low:high], right[:, low:high].T, out=result[number])
        return result


class ShapleySums(NamedTuple):
    """Hold what one pass over the respondents yields.

    Attributes
    ----------
    values : ndarray, shape (D + 1, n)
        Each respondent's own contributions, and last the probability with all raised.
    set_means : ndarray, shape (2^D,)
        Weighted mean probability of each set; bit d of the index says that d is raised.
    jacobian : ndarray, shape (D + 1, D + 1)
        Weighted sum of the derivative of `values` by (intercept, slopes).
    jacobians : ndarray, shape (D + 1, D + 1, clusters)
        The same by cluster, each with its own weights.
    """

    values: NDArray[np.float64]
    set_means: NDArray[np.float64]
    jacobian: NDArray[np.float64]
    jacobians: NDArray[np.float64]


class OwenSums(NamedTuple):
    """Hold the split by item.

    Attributes
    ----------
    values : ndarray, shape (k, n)
        Each respondent's own contributions.
    jacobian : ndarray, shape (k, D + 1)
        Derivative of their weighted mean by (intercept, slopes).
    """

    values: NDArray[np.float64]
    jacobian: NDArray[np.float64]


def shapley_matrix(players: int) -> NDArray[np.float64]:
    """Compute the matrix that turns the values of all sets into Shapley values of falling.

    Parameters
    ----------
    players : int

    Returns
    -------
    ndarray, shape (players, 2^players)
        ``matrix @ v`` is, for every player, the mean over all orders of v(before) minus
        v(before and the player); bit d of a set's index says that player d is in it.

    References
    ----------
    Shapley, L. S. (1953), A value for n-person games, Contributions to the Theory of Games II,
    307-317.

    Examples
    --------
    >>> shapley_matrix(2).tolist()
    [[0.5, -0.5, 0.5, -0.5], [0.5, 0.5, -0.5, -0.5]]
    """
    weight = precedence(players)
    inside = membership(players)
    size = inside.sum(axis=0)
    joined, before = weight[size - 1], weight[np.minimum(size, players - 1)]
    matrix: NDArray[np.float64] = np.where(inside, -joined, before)
    return matrix


def membership(players: int) -> NDArray[np.bool_]:
    """Tell which players are in which set, shape (players, 2^players)."""
    sets, player = np.arange(1 << players), np.arange(players)
    return np.asarray(sets >> player[:, None] & 1, dtype=bool)


def precedence(players: int) -> NDArray[np.float64]:
    """Compute the chance that just a given set of s others comes before a player, s = 0…."""
    return np.array(
        [factorial(s) * factorial(players - 1 - s) / factorial(players) for s in range(players)]
    )


def shapley_sums(
    scores: NDArray[np.float64],
    gaps: NDArray[np.float64],
    weights: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    segments: Segments,
    within: NDArray[np.float64] | None = None,
) -> ShapleySums:
    """Split each respondent's fall in probability by dimension, with derivatives by cluster.

    Parameters
    ----------
    scores, gaps : ndarray, shape (n, D)
        Dimension scores, and by how much raising each dimension would raise its score; rows
        sorted by cluster.
    weights : ndarray, shape (n,)
    coefficients : ndarray, shape (D + 1,)
    segments : Segments
    within : ndarray, shape (n,), optional
        Weights inside the clusters, where these are others.

    Returns
    -------
    ShapleySums
    """
    n, d = scores.shape
    sets = 1 << d
    falls = shapley_matrix(d)
    inside = membership(d).T
    functionals = np.vstack([falls, np.eye(1, sets, sets - 1)])
    values = np.empty((d + 1, n))
    set_sums = np.zeros(sets)
    total = np.zeros((sets, 2 * d + 1))
    jacobians = np.zeros((segments.n_clusters, d + 1, d + 1))
    rows_at_once = max(8, _CELLS // sets)
    buffer, squares = np.empty((2, sets, rows_at_once))
    for low in range(0, n, rows_at_once):
        rows = slice(low, min(n, low + rows_at_once))
        x, g, w = scores[rows].T, gaps[rows].T, weights[rows]
        start = _exp(coefficients[1:] @ x + coefficients[0])
        odds = _odds(start, _exp(coefficients[1:, None] * g), out=buffer[:, : w.size])
        odds += 1.0
        complement = np.divide(1.0, odds, out=odds)
        np.matmul(functionals, complement, out=values[:, rows])
        set_sums += complement @ w
        curvature = np.multiply(complement, complement, out=squares[:, : w.size])
        np.subtract(complement, curvature, out=curvature)
        # a set's probability changes with slope m by curvature (x_m + gap_m [m in the set])
        moves = np.concatenate([np.ones((1, w.size)), x, g])
        if within is not None:
            total += curvature @ (moves * w).T
            w = within[rows]
        moves *= w
        codes = segments.codes[rows]
        here = slice(codes[0], codes[-1] + 1)
        by_set = Segments(codes - codes[0], codes[-1] + 1 - codes[0]).products(curvature, moves)
        jacobians[here] += functionals @ _turned(by_set, inside)
    # a probability is one minus its complement, and the falls of a constant are 0
    np.negative(values[:d], out=values[:d])
    np.subtract(1.0, values[d], out=values[d])
    means = 1.0 - set_sums / weights.sum()
    whole = jacobians.sum(axis=0) if within is None else functionals @ _turned(total, inside)
    return ShapleySums(values, means, whole, jacobians.transpose(1, 2, 0))


def _turned(by_set: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give derivatives of the sets by (intercept, slopes) from sums over 1, scores and gaps."""
    d = inside.shape[1]
    by_set[..., 1 : d + 1] += by_set[..., d + 1 :] * inside
    return by_set[..., : d + 1]


def mean_contributions(
    scores: NDArray[np.float64],
    gaps: NDArray[np.float64],
    weights: NDArray[np.float64],
    coefficients: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Split the weighted mean fall alone, shape (D,), without its derivatives.

    Parameters
    ----------
    scores, gaps, weights, coefficients
        As for `shapley_sums`; rows in any order.
    """
    sets = 1 << scores.shape[1]
    means, whole = np.zeros(sets), weights.sum()
    raised = gaps.any(axis=1)  # nobody else moves
    scores, gaps, weights = scores[raised], gaps[raised], weights[raised]
    rows_at_once = max(8, _CELLS // sets)
    for low in range(0, len(scores), rows_at_once):
        rows = slice(low, low + rows_at_once)
        start = _exp(scores[rows] @ coefficients[1:] + coefficients[0])
        odds = _odds(start, _exp(coefficients[1:, None] * gaps[rows].T))
        odds += 1.0
        means -= np.divide(1.0, odds, out=odds) @ weights[rows]  # probabilities less 1
    contributions: NDArray[np.float64] = shapley_matrix(scores.shape[1]) @ means / whole
    return contributions


def owen_sums(
    items: NDArray[np.float64],
    dimensions: tuple[NDArray[np.intp], ...],
    target: float,
    weights: NDArray[np.float64],
    coefficients: NDArray[np.float64],
) -> OwenSums:
    """Split each respondent's fall in probability by item, with derivatives.

    The unions are the dimensions: the mean over orders of dimensions, and of items inside the
    dimension, the other dimensions being wholly raised or not. Columns outside the dimensions
    get 0.

    Parameters
    ----------
    items : ndarray, shape (n, k)
    dimensions : tuple of D arrays of columns
    target : float
    weights : ndarray, shape (n,)
    coefficients : ndarray, shape (D + 1,)

    Returns
    -------
    OwenSums

    Raises
    ------
    ValueError
        Where a dimension has so many items that its sets cannot be enumerated.

    References
    ----------
    Owen, G. (1977), Values of games with a priori unions, in Henn and Moeschlin (eds.),
    Mathematical Economics and Game Theory, 76-88.
    """
    n, k = items.shape
    d = len(dimensions)
    largest = max(columns.size for columns in dimensions)
    if d - 1 + largest > MAX_PLAYERS_OWEN:
        raise ValueError(
            f"a dimension has {largest} items beside {d - 1} other dimensions: an exact Owen "
            f"value takes at most {MAX_PLAYERS_OWEN} of both together"
        )
    values, jacobian = np.zeros((k, n)), np.zeros((k, d + 1))
    outside = membership(d - 1)
    order = precedence(d)[outside.sum(axis=0)]
    # the value of a set of items, and the parts of its derivative by the other slopes
    outer_game = np.vstack([order, order * outside])
    for first in range(0, n, _ROWS):
        block = slice(first, first + _ROWS)
        scores, gaps = (part.T for part in dimension_scores(items[block], dimensions, target))
        start = _exp(coefficients[1:] @ scores + coefficients[0])
        factors = _exp(coefficients[1:, None] * gaps)
        item_gaps = np.maximum(0.0, target - items[block].T)
        for number, columns in enumerate(dimensions):
            others = np.delete(np.arange(d), number)
            raised = np.flatnonzero(gaps[number] > 0)  # nobody else moves
            own = item_gaps[np.ix_(columns, raised)] / columns.size
            # items that rise alike share alike: the dimension is then one player
            alike = np.all((own == 0) | (own == own.max(axis=0, initial=0.0)), axis=0)
            for players, chosen in ((1, alike), (columns.size, ~alike)):
                inner, within = shapley_matrix(players), membership(players)
                rows_at_once = max(1, _CELLS >> (d - 1 + players))
                places = np.flatnonzero(chosen)
                for low in range(0, places.size, rows_at_once):
                    part = places[low : low + rows_at_once]
                    rows, rise, share = raised[part], own[:, part], np.ones((1, 1))
                    if players == 1:
                        total = rise.sum(axis=0, keepdims=True)
                        rise, share = total, rise / total
                    at = np.ix_(others, rows)
                    outer = _odds(start[rows], factors[at])
                    inside = _odds(np.ones(rows.size), _exp(coefficients[1 + number] * rise))
                    with np.errstate(over="ignore"):  # infinite odds are probability 1
                        odds = outer[:, None, :] * inside
                    odds += 1.0
                    complement = np.divide(1.0, odds, out=odds).reshape(order.size, -1)
                    # a probability is one minus its complement; the falls of a constant are 0
                    value = inner @ (order @ complement).reshape(1 << players, -1)
                    values[np.ix_(columns, first + rows)] = -share * value
                    curvature = complement * complement
                    np.subtract(complement, curvature, out=curvature)
                    slopes = (outer_game @ curvature).reshape(d, 1 << players, -1)
                    slopes *= weights[block][rows]
                    moved = (inner @ slopes) * share  # (d, items, rows)
                    jacobian[columns, 0] += moved[0].sum(axis=1)
                    jacobian[columns, 1:] += moved[0] @ scores[:, rows].T
                    beside = np.einsum("omr,or->mo", moved[1:], gaps[at])
                    jacobian[np.ix_(columns, 1 + others)] += beside
                    turned = (inner @ (slopes[0] * (within.T @ rise))) * share
                    jacobian[columns, 1 + number] += turned.sum(axis=1)
    return OwenSums(values, jacobian / weights.sum())


def dimension_scores(
    items: NDArray[np.float64], dimensions: tuple[NDArray[np.intp], ...], target: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the mean of each dimension's items and the mean rise to the target, (n, D) each."""
    member = np.zeros((len(dimensions), items.shape[1]))
    for number, columns in enumerate(dimensions):
        member[number, columns] = 1.0
    size = member.sum(axis=1, keepdims=True)
    scores, gaps = np.empty((2, len(dimensions), len(items)))
    for low in range(0, len(items), _ROWS):
        rows = slice(low, low + _ROWS)
        np.matmul(member, items[rows].T, out=scores[:, rows])
        np.matmul(member, np.maximum(0.0, target - items[rows]).T, out=gaps[:, rows])
    scores /= size
    gaps /= size
    return scores.T, gaps.T


def _exp(exponent: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute exp within the range of floats: beyond it a probability is 0 or 1 anyway."""
    return np.exp(np.clip(exponent, -700.0, 700.0))


def _odds(
    start: NDArray[np.float64],
    factors: NDArray[np.float64],
    out: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Multiply up the odds of all sets, shape (2^D, rows), from (rows,) and (D, rows)."""
    odds = np.empty((1 << len(factors), start.size)) if out is None else out
    odds[0] = start
    with np.errstate(over="ignore"):  # infinite odds are probability 1
        for number, factor in enumerate(factors):
            half = 1 << number
            np.multiply(odds[:half], factor, out=odds[half : 2 * half])
    return odds
