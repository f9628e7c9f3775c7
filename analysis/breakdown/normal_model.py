"""The multivariate normal model of answers with blanks: estimate it, and fill blanks from it."""

from __future__ import annotations

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
    """Hold rows with blanks, prepared once for all that is computed from them.

    Attributes
    ----------
    values : ndarray, shape (n, p)
        NaN where blank.
    groups : tuple
        The rows with blanks by how many they have.
    """

    values: Floats
    groups: tuple[_Group, ...]


class _Group(NamedTuple):
    """Hold the rows with the same number r of blanks: their patterns are solved together."""

    rows: NDArray[np.intp]  # (rows,)
    patterns: NDArray[np.intp]  # (patterns, r) blank columns
    pattern: NDArray[np.intp]  # (rows,) which pattern
    columns: NDArray[np.intp]  # (rows, r) blank columns
    cells: NDArray[np.intp]  # (rows, r) of the blanks in the flat group
    answers: Floats  # (rows, p), 0 where blank


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
    The conditional moments use the precision matrix K: given the answered part the blanks are
    normal with covariance K_mm⁻¹ and mean μ_m - K_mm⁻¹ K_mo (x_o - μ_o), so that a row costs the
    cube of its few blanks and not of its many answers.

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
    x = held.values
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    blank = np.isnan(x)
    if len(x) == 0 or np.any(blank.all(axis=0)):
        raise ValueError("every column needs at least one value")
    if start is None:
        counts = np.maximum(((~blank).T @ w), 1e-300)
        means = np.where(blank, 0.0, x).T @ w / counts
        covariance = np.diag(np.where(blank, 0.0, (x - means) ** 2).T @ w / counts)
    else:
        means, covariance = start.means, start.covariance
    complete = ~blank.any(axis=1)
    centre = means
    whole = x[complete] - centre
    whole_sum = whole.T @ w[complete]
    whole_cross = (whole.T * w[complete]) @ whole
    group_weights = [w[group.rows] for group in held.groups]
    total = w.sum()
    change = np.inf
    iteration = 0
    while change > tolerance and iteration < max_iterations:
        iteration += 1
        precision = _precision(covariance)
        sums, cross = whole_sum.copy(), whole_cross.copy()
        for group, weight in zip(held.groups, group_weights, strict=True):
            filled, inverse = _conditional(group, means, precision)
            filled -= centre
            weighted = filled.T * weight
            sums += weighted.sum(axis=1)
            cross += weighted @ filled
            cross += _spread(group, inverse, weight, means.size)
        shift = sums / total
        moments = cross / total
        new_means = centre + shift
        new_covariance = moments - np.outer(shift, shift)
        change = max(
            float(np.max(np.abs(new_means - means))),
            float(np.max(np.abs(new_covariance - covariance))),
        )
        means, covariance = new_means, new_covariance
    return NormalModel(means, covariance, iteration, change)


def conditional_mean(
    values: ArrayLike | Blanks, model: NormalModel, *, bounds: tuple[ArrayLike, ArrayLike]
) -> Floats:
    """Fill blanks with their mean given the row's answers, clipped to the scale, shape (n, p)."""
    return _filled(read_blanks(values), model, None, bounds)


def conditional_draw(
    values: ArrayLike | Blanks,
    model: NormalModel,
    generator: np.random.Generator,
    *,
    bounds: tuple[ArrayLike, ArrayLike],
) -> Floats:
    """Fill blanks with one draw given the row's answers, clipped to the scale, shape (n, p)."""
    return _filled(read_blanks(values), model, generator, bounds)


def _filled(
    held: Blanks,
    model: NormalModel,
    generator: np.random.Generator | None,
    bounds: tuple[ArrayLike, ArrayLike],
) -> Floats:
    """Fill blanks with conditional means, or draws where there is a generator."""
    precision = _precision(model.covariance)
    low, high = (np.broadcast_to(end, held.values.shape[1]) for end in bounds)
    result = held.values.copy()
    for group in held.groups:
        filled, inverse = _conditional(group, model.means, precision)
        blanks = filled.ravel()[group.cells]
        if generator is not None:
            root: Floats = np.linalg.cholesky(inverse).astype(np.float64)
            noise = generator.standard_normal(blanks.shape)
            blanks += _by_pattern(root, noise, group)
        blanks = np.clip(blanks, low[group.columns], high[group.columns])
        result[group.rows[:, None], group.columns] = blanks
    return result


def read_blanks(values: ArrayLike | Blanks) -> Blanks:
    """Gather the rows with blanks by how many they have, unless that was done before."""
    if isinstance(values, Blanks):
        return values
    x = np.asarray(values, dtype=np.float64)
    blank = np.isnan(x)
    p = x.shape[1]
    number = blank.sum(axis=1)
    groups = []
    for r in np.unique(number[number > 0]):
        rows = np.flatnonzero(number == r)
        columns = np.nonzero(blank[rows])[1].reshape(-1, r)
        if p <= 62:
            code = (np.int64(1) << columns).sum(axis=1)  # sorts many times faster than rows
            _, first, pattern = np.unique(code, return_index=True, return_inverse=True)
            patterns = columns[first]
        else:
            patterns, pattern = np.unique(columns, axis=0, return_inverse=True)
        cells = np.arange(rows.size)[:, None] * p + columns
        answers = np.where(blank[rows], 0.0, x[rows])
        groups.append(_Group(rows, patterns, pattern.ravel(), columns, cells, answers))
    return Blanks(x, tuple(groups))


def _precision(covariance: Floats) -> Floats:
    """Invert a covariance; a constant or redundant column gets a trace of variance first."""
    values, vectors = np.linalg.eigh(covariance)
    least = 1e-8 * max(float(values[-1]), 1e-6)
    precision: Floats = (vectors / np.maximum(values, least)) @ vectors.T
    return precision


def _blocks(matrix: Floats, patterns: NDArray[np.intp]) -> Floats:
    """Take the sub-matrix of each pattern, shape (patterns, r, r)."""
    return matrix[patterns[:, :, None], patterns[:, None, :]]


def _by_pattern(matrices: Floats, vectors: Floats, group: _Group) -> Floats:
    """Multiply every row's (r,) vector by the (r, r) matrix of its pattern."""
    if vectors.shape[1] == 1:
        return matrices[group.pattern, :, 0] * vectors
    product: Floats = np.matmul(matrices[group.pattern], vectors[:, :, None])[:, :, 0]
    return product


def _conditional(group: _Group, means: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Fill the group's blanks with conditional means; give each pattern's covariance, too."""
    filled = group.answers - means
    flat = filled.reshape(-1)
    flat[group.cells] = 0.0
    pull = (filled @ precision).reshape(-1)[group.cells]
    inverse: Floats = np.linalg.inv(_blocks(precision, group.patterns)).astype(np.float64)
    flat[group.cells] = -_by_pattern(inverse, pull, group)
    filled += means
    return filled, inverse


def _spread(group: _Group, inverse: Floats, weights: Floats, p: int) -> Floats:
    """Add up the rows' weighted conditional covariances, shape (p, p)."""
    count = np.bincount(group.pattern, weights, len(group.patterns))
    cells = group.patterns[:, :, None] * p + group.patterns[:, None, :]
    spread = np.bincount(cells.ravel(), (inverse * count[:, None, None]).ravel(), minlength=p * p)
    return np.asarray(spread.reshape(p, p), dtype=np.float64)
