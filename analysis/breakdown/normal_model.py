"""The multivariate normal model of answers with blanks: estimate it, and fill blanks from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class NormalModel(NamedTuple):
    """Hold a multivariate normal model.

    Attributes
    ----------
    means : ndarray, shape (p,)
    covariance : ndarray, shape (p, p)
        Maximum likelihood: divided by n, not n - 1.
    iterations : int
    change : float
        Largest change of a mean or covariance in the last iteration.
    """

    means: Floats
    covariance: Floats
    iterations: int
    change: float


class Blanks(NamedTuple):
    """Hold rows by their pattern of blanks, prepared once for all that is computed from them.

    Attributes
    ----------
    values : ndarray, shape (n, p)
        NaN where blank.
    rows : ndarray of int, shape (n,)
        The rows, those with the same columns blank after each other.
    starts : ndarray of int, shape (M + 1,)
        Where in `rows` each pattern begins, and last where all end.
    patterns : ndarray of bool, shape (M, p)
        Which columns are blank.
    answers : ndarray, shape (n, p)
        In this order, less `centre`; 0 where blank.
    centre : ndarray, shape (p,)
    first : ndarray of int, shape (n + 1,)
        How many blanks there are before each row, and last in all.
    """

    values: Floats
    rows: NDArray[np.intp]
    starts: NDArray[np.intp]
    patterns: NDArray[np.bool_]
    answers: Floats
    centre: Floats
    first: NDArray[np.intp]


class _Moments(NamedTuple):
    """Hold what the likelihood knows of the rows with each pattern of blanks: sums over them."""

    weight: Floats  # (M,)
    sums: Floats  # (M, p)
    products: Floats  # (M, p, p)


class _Given(NamedTuple):
    """Hold the distribution of the blanks of the patterns with r of them, given the answers."""

    chosen: NDArray[np.intp]  # (m,) the patterns
    columns: NDArray[np.intp]  # (m, r) blank
    slopes: Floats  # (m, r, p) by the answers less the centre; 0 for columns that are blank
    level: Floats  # (m, r) less the centre
    covariance: Floats  # (m, r, r)


def em_normal(
    values: ArrayLike | Blanks,
    *,
    weights: ArrayLike | None = None,
    start: NormalModel | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> NormalModel:
    """Estimate means and covariance by maximum likelihood from rows with blanks.

    Parameters
    ----------
    values : array_like, shape (n, p), or Blanks
        NaN where blank; every column has a value somewhere.
    weights : array_like, shape (n,), optional
        How often each row counts.
    start : NormalModel, optional
        Where to begin; by default the observed means and variances.
    tolerance : float
        Stop when no mean or covariance changes by more.
    max_iterations : int

    Returns
    -------
    NormalModel

    Raises
    ------
    ValueError
        Where there is no row or a column without a value.

    Notes
    -----
    Sums and products of the rows with each pattern of blanks are all the likelihood needs, so
    that an iteration costs the same for a thousand rows as for a million. The conditional moments
    use the precision matrix: a pattern costs the cube of its few blanks, not of its many answers.

    References
    ----------
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977), Maximum likelihood from incomplete
    data via the EM algorithm, JRSS B 39, 1-38; Little, R. J. A. and Rubin, D. B. (2019),
    Statistical Analysis with Missing Data, 3rd ed., section 11.2.

    Examples
    --------
    >>> nan = float("nan")
    >>> model = em_normal([[1, 1], [2, 2], [3, 4], [4, nan], [nan, 3]])
    >>> model.means.round(2).tolist()
    [2.49, 3.06]
    """
    held = read_blanks(values)
    n = len(held.values)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if n == 0 or np.any(held.patterns.all(axis=0)):
        raise ValueError("every column needs at least one value")
    seen = _moments(held, w)
    if start is None:
        counts = np.maximum(seen.weight @ ~held.patterns, 1e-300)
        means = seen.sums.sum(axis=0) / counts
        squares = np.einsum("mpp->p", seen.products) / counts
        covariance = np.diag(squares - means**2)
    else:
        means, covariance = start.means - held.centre, start.covariance
    total = w.sum()
    change = np.inf
    iteration = 0
    while change > tolerance and iteration < max_iterations:
        iteration += 1
        sums = seen.sums.sum(axis=0)
        cross = seen.products.sum(axis=0)
        for given in _given_answers(held, means, covariance):
            _add_expected(sums, cross, seen, given)
        new_means = sums / total
        new_covariance = cross / total - np.outer(new_means, new_means)
        change = max(
            float(np.max(np.abs(new_means - means))),
            float(np.max(np.abs(new_covariance - covariance))),
        )
        means, covariance = new_means, new_covariance
    return NormalModel(means + held.centre, covariance, iteration, change)


def fill_blanks(
    values: ArrayLike | Blanks,
    model: NormalModel,
    generator: np.random.Generator | None = None,
    *,
    bounds: tuple[ArrayLike, ArrayLike],
) -> Floats:
    """Give every blank, row by row, its mean given the row's answers, or a draw, (n_blanks,).

    All are clipped to the `bounds` of the scale.
    """
    held = read_blanks(values)
    low, high = (np.broadcast_to(end, held.values.shape[1]) for end in bounds)
    result = np.empty(held.first[-1])
    for given in _given_answers(held, model.means - held.centre, model.covariance):
        root = None if generator is None else np.linalg.cholesky(given.covariance)
        levels = given.level + held.centre[given.columns]
        of_row = np.arange(given.columns.shape[1])
        for number, pattern in enumerate(given.chosen.tolist()):
            here, columns = slice(*held.starts[pattern : pattern + 2]), given.columns[number]
            blanks = held.answers[here] @ given.slopes[number].T + levels[number]
            if generator is not None and root is not None:
                blanks += generator.standard_normal(blanks.shape) @ root[number].T
            np.clip(blanks, low[columns], high[columns], out=blanks)
            result[held.first[held.rows[here], None] + of_row] = blanks
    return result


def read_blanks(values: ArrayLike | Blanks) -> Blanks:
    """Order the rows by which of their columns are blank, unless that was done before."""
    if isinstance(values, Blanks):
        return values
    x = np.asarray(values, dtype=np.float64)
    blank = np.isnan(x)
    packed = np.packbits(blank, axis=1)
    words = np.zeros((len(x), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : packed.shape[1]] = packed
    keys = words.view(np.uint64).T
    rows = np.lexsort(keys) if keys.size else np.arange(len(x))
    ordered = keys[:, rows]
    new = np.ones(len(x), dtype=bool)
    new[1:] = np.any(ordered[:, 1:] != ordered[:, :-1], axis=0)
    starts = np.append(np.flatnonzero(new), len(x))
    answered = np.maximum(len(x) - blank.sum(axis=0), 1)
    centre = np.where(blank, 0.0, x).sum(axis=0) / answered
    answers = np.where(blank, 0.0, x - centre)[rows]
    first = np.append(0, np.cumsum(blank.sum(axis=1)))
    return Blanks(x, rows, starts, blank[rows[starts[:-1]]], answers, centre, first)


def _moments(held: Blanks, weights: Floats) -> _Moments:
    """Add up the rows of every pattern; what they weigh is all a bootstrap changes."""
    p = held.answers.shape[1]
    products = np.empty((len(held.patterns), p, p))
    w = weights[held.rows]
    weighted = held.answers * w[:, None]
    for number, (low, high) in enumerate(pairwise(held.starts.tolist())):
        np.matmul(weighted[low:high].T, held.answers[low:high], out=products[number])
    begins = held.starts[:-1]
    return _Moments(np.add.reduceat(w, begins), np.add.reduceat(weighted, begins), products)


def _given_answers(held: Blanks, means: Floats, covariance: Floats) -> Iterator[_Given]:
    """Give the distribution of the blanks, for patterns with equally many of them at once.

    With the precision matrix K it has covariance K_mm⁻¹ and mean μ_m - K_mm⁻¹ K_mo (x_o - μ_o).
    """
    precision = _precision(covariance)
    number = held.patterns.sum(axis=1)
    for r in np.unique(number[number > 0]):
        chosen = np.flatnonzero(number == r)
        columns = np.nonzero(held.patterns[chosen])[1].reshape(-1, r)
        blocks = precision[columns[:, :, None], columns[:, None, :]]
        inverse = np.linalg.inv(blocks).astype(np.float64)
        slopes = -inverse @ (precision[columns] * ~held.patterns[chosen][:, None, :])
        level = means[columns] - slopes @ means
        yield _Given(chosen, columns, slopes, level, inverse)


def _add_expected(sums: Floats, cross: Floats, seen: _Moments, given: _Given) -> None:
    """Add the expected sums and products with blanks to those of the answers, in place."""
    p = sums.size
    weight, level = seen.weight[given.chosen], given.level
    products = given.slopes @ seen.products[given.chosen]
    pulled = (given.slopes @ seen.sums[given.chosen][:, :, None])[:, :, 0]
    with_answers = products + level[:, :, None] * seen.sums[given.chosen][:, None, :]
    crossed = pulled[:, :, None] * level[:, None, :]
    with_blanks = (
        products @ given.slopes.transpose(0, 2, 1)
        + crossed
        + crossed.transpose(0, 2, 1)
        + weight[:, None, None] * (level[:, :, None] * level[:, None, :] + given.covariance)
    )
    total = pulled + weight[:, None] * level
    sums += np.bincount(given.columns.ravel(), total.ravel(), p)
    places = given.columns[:, :, None] * p
    beside = np.bincount(
        (places + np.arange(p)).ravel(), with_answers.ravel(), minlength=p * p
    ).reshape(p, p)
    own = np.bincount(
        (places + given.columns[:, None, :]).ravel(), with_blanks.ravel(), minlength=p * p
    ).reshape(p, p)
    cross += beside + beside.T + own


def _precision(covariance: Floats) -> Floats:
    """Invert a covariance; a constant or redundant column gets a trace of variance first."""
    values, vectors = np.linalg.eigh(covariance)
    least = 1e-8 * max(float(values[-1]), 1e-6)
    precision: Floats = (vectors / np.maximum(values, least)) @ vectors.T
    return precision
