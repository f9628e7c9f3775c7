"""Shares of explained variance and importance–performance quadrants, for readers used to them.

They answer another question than `analysis.drivers`: how much of the *variance* goes with a
dimension (also where everybody is content with it), not how much of the *rate*.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.breakdown.shapley import MAX_DIMENSIONS, membership, shapley_matrix

Floats = NDArray[np.float64]
Quadrant = Literal["keep_up", "concentrate_here", "low_priority", "possible_overkill"]


class ImportancePerformance(NamedTuple):
    """Hold an importance–performance analysis, one entry a dimension.

    Attributes
    ----------
    importance : ndarray, shape (D,)
        Correlation of the score with satisfaction.
    performance : ndarray, shape (D,)
        Mean score.
    quadrant : tuple of str
        By the means of both: ``"concentrate_here"`` (important, low), ``"keep_up"`` (important,
        high), ``"low_priority"``, ``"possible_overkill"`` (unimportant, high).
    """

    importance: Floats
    performance: Floats
    quadrant: tuple[Quadrant, ...]


def lmg(scores: ArrayLike, outcome: ArrayLike) -> Floats:
    """Split R² of least squares by the mean over all orders of entry.

    Parameters
    ----------
    scores : array_like, shape (n, D)
        At most 15 columns.
    outcome : array_like, shape (n,)

    Returns
    -------
    ndarray, shape (D,)
        Shares that add up to R²; NaN where a column or the outcome does not vary.

    References
    ----------
    Lindeman, R. H., Merenda, P. F. and Gold, R. Z. (1980), Introduction to Bivariate and
    Multivariate Analysis; Grömping, U. (2006), Relative importance for linear regression in R,
    Journal of Statistical Software 17(1) (``relaimpo``, metric ``lmg``).

    Examples
    --------
    >>> lmg([[1, 1], [2, 3], [3, 2], [4, 4]], [1, 2, 3, 5]).round(3).tolist()
    [0.623, 0.349]
    """
    within, across = _correlations(scores, outcome)
    d = across.size
    if d > MAX_DIMENSIONS:
        raise ValueError(f"LMG takes at most {MAX_DIMENSIONS} dimensions, not {d}")
    if not np.all(np.isfinite(across)):
        return np.full(d, np.nan)
    explained = np.zeros(1 << d)
    inside = membership(d)
    for size in range(1, d + 1):
        chosen = np.flatnonzero(inside.sum(axis=0) == size)
        members = np.nonzero(inside[:, chosen].T)[1].reshape(-1, size)
        blocks = within[members[:, :, None], members[:, None, :]]
        right = across[members]
        inverse = np.linalg.pinv(blocks, hermitian=True)
        explained[chosen] = np.einsum("si,sij,sj->s", right, inverse, right)
    return -shapley_matrix(d) @ explained


def relative_weights(scores: ArrayLike, outcome: ArrayLike) -> Floats:
    """Split R² of least squares by Johnson's relative weights.

    Parameters
    ----------
    scores : array_like, shape (n, D)
    outcome : array_like, shape (n,)

    Returns
    -------
    ndarray, shape (D,)
        Weights that add up to R²; NaN where a column or the outcome does not vary.

    References
    ----------
    Johnson, J. W. (2000), A heuristic method for estimating the relative weight of predictor
    variables in multiple regression, Multivariate Behavioral Research 35, 1-19.

    Examples
    --------
    >>> relative_weights([[1, 1], [2, 3], [3, 2], [4, 4]], [1, 2, 3, 5]).round(3).tolist()
    [0.623, 0.349]
    """
    within, across = _correlations(scores, outcome)
    if not np.all(np.isfinite(across)):
        return np.full(across.size, np.nan)
    values, vectors = np.linalg.eigh(within)
    kept = values > 1e-10 * values[-1]  # redundant columns share what they have in common
    values, vectors = values[kept], vectors[:, kept]
    root = (vectors * np.sqrt(values)) @ vectors.T
    slopes = (vectors / np.sqrt(values)) @ vectors.T @ across
    return np.asarray(root**2 @ slopes**2, dtype=np.float64)


def importance_performance(scores: ArrayLike, dissatisfied: ArrayLike) -> ImportancePerformance:
    """Place each dimension by its derived importance and its mean score.

    Parameters
    ----------
    scores : array_like, shape (n, D)
    dissatisfied : array_like of 0 and 1, shape (n,)

    Returns
    -------
    ImportancePerformance

    References
    ----------
    Martilla, J. A. and James, J. C. (1977), Importance-performance analysis, Journal of
    Marketing 41, 77-79.

    Examples
    --------
    >>> importance_performance([[1, 4], [2, 5], [5, 4], [5, 5]], [1, 1, 0, 0]).quadrant
    ('concentrate_here', 'possible_overkill')
    """
    x = np.asarray(scores, dtype=np.float64)
    importance = -_correlations(x, dissatisfied)[1]
    performance = x.mean(axis=0)
    important = importance >= importance.mean()
    high = performance >= performance.mean()
    names: dict[tuple[bool, bool], Quadrant] = {
        (True, True): "keep_up",
        (True, False): "concentrate_here",
        (False, True): "possible_overkill",
        (False, False): "low_priority",
    }
    quadrant = tuple(names[bool(i), bool(p)] for i, p in zip(important, high, strict=True))
    return ImportancePerformance(importance, performance, quadrant)


def _correlations(scores: ArrayLike, outcome: ArrayLike) -> tuple[Floats, Floats]:
    """Compute correlations among the scores, (D, D), and with the outcome, (D,)."""
    joint = np.column_stack([np.asarray(scores, dtype=np.float64), np.asarray(outcome)])
    centred = joint - joint.mean(axis=0)
    cross = centred.T @ centred
    spread = np.sqrt(np.diagonal(cross))
    with np.errstate(invalid="ignore", divide="ignore"):  # a constant has no correlation
        correlation = cross / np.outer(spread, spread)
    return correlation[:-1, :-1], correlation[:-1, -1]
