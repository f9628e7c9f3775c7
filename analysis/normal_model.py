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


class _Group(NamedTuple):
    """Hold the rows with the same number r of blanks: their patterns are solved together."""

    rows: NDArray[np.intp]  # (rows,)
    patterns: NDArray[np.intp]  # (patterns, r) blank columns
    pattern: NDArray[np.intp]  # (rows,) which pattern


def em_normal(
    values: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    start: NormalModel | None = None,
    tolerance: float = 1e-10,
    max_iterations: int = 1000,
) -> NormalModel:
    """Estimate means and covariance by maximum likelihood from rows with blanks.

    Parameters
    ----------
    values : array_like, shape (n, p)
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
    x = np.asarray(values, dtype=np.float64)
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
    groups = _groups(blank)
    incomplete = blank.any(axis=1)
    whole = x[~incomplete]
    centre = means
    whole_weight = w[~incomplete]
    whole_sum = (whole - centre).T @ whole_weight
    whole_cross = ((whole - centre).T * whole_weight) @ (whole - centre)
    total = w.sum()
    change = np.inf
    iteration = 0
    while change > tolerance and iteration < max_iterations:
        iteration += 1
        filled, spread = _expectation(x, groups, means, covariance, w)
        part = filled[incomplete] - centre
        weighted = part.T * w[incomplete]
        shift = (whole_sum + weighted.sum(axis=1)) / total
        moments = (whole_cross + weighted @ part + spread) / total
        new_means = centre + shift
        new_covariance = moments - np.outer(shift, shift)
        change = max(
            float(np.max(np.abs(new_means - means))),
            float(np.max(np.abs(new_covariance - covariance))),
        )
        means, covariance = new_means, new_covariance
    return NormalModel(means, covariance, iteration, change)


def conditional_mean(
    values: ArrayLike, model: NormalModel, *, bounds: tuple[ArrayLike, ArrayLike]
) -> Floats:
    """Fill blanks with their mean given the row's answers, clipped to the scale, shape (n, p)."""
    x = np.asarray(values, dtype=np.float64)
    blank = np.isnan(x)
    filled, _ = _expectation(x, _groups(blank), model.means, model.covariance, np.ones(len(x)))
    result: Floats = np.where(blank, np.clip(filled, *bounds), x)
    return result


def conditional_draw(
    values: ArrayLike,
    model: NormalModel,
    generator: np.random.Generator,
    *,
    bounds: tuple[ArrayLike, ArrayLike],
) -> Floats:
    """Fill blanks with one draw given the row's answers, clipped to the scale, shape (n, p)."""
    x = np.asarray(values, dtype=np.float64)
    blank = np.isnan(x)
    groups = _groups(blank)
    filled, _ = _expectation(x, groups, model.means, model.covariance, np.ones(len(x)))
    precision = _precision(model.covariance)
    for group in groups:
        root = np.linalg.inv(np.linalg.cholesky(_blocks(precision, group.patterns)))
        noise = generator.standard_normal((group.rows.size, group.patterns.shape[1]))
        columns = group.patterns[group.pattern]
        filled[group.rows[:, None], columns] += np.einsum("nji,nj->ni", root[group.pattern], noise)
    result: Floats = np.where(blank, np.clip(filled, *bounds), x)
    return result


def _groups(blank: NDArray[np.bool_]) -> list[_Group]:
    """Gather the rows with blanks by how many they have."""
    number = blank.sum(axis=1)
    groups = []
    for r in np.unique(number[number > 0]):
        rows = np.flatnonzero(number == r)
        columns = np.nonzero(blank[rows])[1].reshape(-1, r)
        patterns, pattern = np.unique(columns, axis=0, return_inverse=True)
        groups.append(_Group(rows, patterns, pattern.ravel()))
    return groups


def _precision(covariance: Floats) -> Floats:
    """Invert a covariance; a constant or redundant column gets a trace of variance first."""
    values, vectors = np.linalg.eigh(covariance)
    least = 1e-8 * max(float(values[-1]), 1e-6)
    precision: Floats = (vectors / np.maximum(values, least)) @ vectors.T
    return precision


def _blocks(matrix: Floats, patterns: NDArray[np.intp]) -> Floats:
    """Take the sub-matrix of each pattern, shape (patterns, r, r)."""
    return matrix[patterns[:, :, None], patterns[:, None, :]]


def _expectation(
    x: Floats, groups: list[_Group], means: Floats, covariance: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Fill blanks with conditional means; add up the weighted conditional covariances."""
    p = x.shape[1]
    precision = _precision(covariance)
    filled = x.copy()
    spread = np.zeros(p * p)
    for group in groups:
        columns = group.patterns[group.pattern]
        deviation = np.nan_to_num(x[group.rows] - means)
        inverse = np.linalg.inv(_blocks(precision, group.patterns))
        pull = np.take_along_axis(deviation @ precision, columns, axis=1)
        shift = np.einsum("nij,nj->ni", inverse[group.pattern], pull)
        filled[group.rows[:, None], columns] = means[columns] - shift
        count = np.bincount(group.pattern, weights[group.rows], len(group.patterns))
        cells = group.patterns[:, :, None] * p + group.patterns[:, None, :]
        spread += np.bincount(
            cells.ravel(), (inverse * count[:, None, None]).ravel(), minlength=p * p
        )
    return filled, spread.reshape(p, p)
