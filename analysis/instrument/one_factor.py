"""One common factor of a correlation matrix."""

from __future__ import annotations

import numpy as np

from analysis.instrument.item_moments import FloatArray

LEAST_UNIQUENESS = 0.005  # a loading of 1 would leave no error variance; psych::fa has this bound


def fit_one_factor(correlation: FloatArray) -> FloatArray:
    """Estimate the loadings of one factor by least squares off the diagonal (minres).

    Parameters
    ----------
    correlation : (k, k) array
        Correlation matrix without NaN, k >= 3.

    Returns
    -------
    (k,) array
        Loadings whose sum is not negative, each within ±sqrt(1 - 0.005).

    References
    ----------
    Harman, H. H. and Jones, W. H. (1966). Psychometrika 31, 351–368.

    Examples
    --------
    >>> truth = np.array([0.9, 0.7, 0.5])
    >>> fit_one_factor(np.outer(truth, truth) + np.diag(1 - truth**2)).round(4)
    array([0.9, 0.7, 0.5])
    """
    from scipy import optimize

    row, column = np.triu_indices(len(correlation), 1)
    bound = np.sqrt(1 - LEAST_UNIQUENESS)
    start = np.clip(0.9 * first_axis(correlation), -0.99 * bound, 0.99 * bound)
    result = optimize.least_squares(
        lambda loadings: loadings[row] * loadings[column] - correlation[row, column],
        start,
        jac=pair_slopes,
        bounds=(-bound, bound),
        xtol=1e-12,
        ftol=1e-14,
        gtol=1e-12,
    )
    loadings = np.asarray(result.x)
    return -loadings if loadings.sum() < 0 else loadings


def first_axis(correlation: FloatArray) -> FloatArray:
    """Compute the first principal axis, (k,): correlations with it, their sum not negative."""
    values, vectors = np.linalg.eigh(correlation)
    axis = vectors[:, -1] * np.sqrt(values[-1])
    return np.asarray(-axis if axis.sum() < 0 else axis)


def pair_slopes(loadings: FloatArray) -> FloatArray:
    """Differentiate the products of loadings, pairs of the upper triangle × loadings."""
    k = len(loadings)
    row, column = np.triu_indices(k, 1)
    slopes = np.zeros((len(row), k))
    pair = np.arange(len(row))
    slopes[pair, row] = loadings[column]
    slopes[pair, column] = loadings[row]
    return slopes
