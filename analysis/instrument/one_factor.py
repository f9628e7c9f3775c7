"""One common factor of a correlation matrix."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analysis.instrument.item_moments import FloatArray

Method = Literal["minres", "ml"]

LEAST_UNIQUENESS = 0.005  # a loading of 1 would leave no error variance; psych::fa has this bound


def fit_one_factor(correlation: FloatArray, method: Method) -> FloatArray:
    """Estimate the loadings of one factor.

    Parameters
    ----------
    correlation : (k, k) array
        Correlation matrix without NaN, k >= 3.
    method
        ``"minres"``: least squares off the diagonal; ``"ml"``: maximum likelihood.

    Returns
    -------
    (k,) array
        Loadings whose sum is not negative, each within ±sqrt(1 - 0.005).

    References
    ----------
    Minres: Harman, H. H. and Jones, W. H. (1966). Psychometrika 31, 351–368. Maximum likelihood:
    Jöreskog, K. G. (1967). Psychometrika 32, 443–482, minimised over the uniquenesses.

    Examples
    --------
    >>> truth = np.array([0.9, 0.7, 0.5])
    >>> fit_one_factor(np.outer(truth, truth) + np.diag(1 - truth**2), "minres").round(4)
    array([0.9, 0.7, 0.5])
    """
    if method == "minres":
        loadings = _minres(correlation)
    elif method == "ml":
        loadings = _maximum_likelihood(correlation)
    else:
        raise ValueError(f"method must be 'minres' or 'ml', not {method!r}")
    return -loadings if loadings.sum() < 0 else loadings


def _first_axis(correlation: FloatArray) -> FloatArray:
    """Principal axis on the squared multiple correlations' scale: where both fits start."""
    values, vectors = np.linalg.eigh(correlation)
    axis = vectors[:, -1] * np.sqrt(values[-1])
    return np.asarray(axis * (1 if axis.sum() >= 0 else -1) * 0.9)


def _minres(correlation: FloatArray) -> FloatArray:
    from scipy import optimize

    k = len(correlation)
    row, column = np.triu_indices(k, 1)
    target = correlation[row, column]
    pair = np.arange(len(target))
    bound = np.sqrt(1 - LEAST_UNIQUENESS)

    def residual(loadings: FloatArray) -> FloatArray:
        return np.asarray(loadings[row] * loadings[column] - target)

    def slope(loadings: FloatArray) -> FloatArray:
        jacobian = np.zeros((len(target), k))
        jacobian[pair, row] = loadings[column]
        jacobian[pair, column] = loadings[row]
        return jacobian

    start = np.clip(_first_axis(correlation), -0.99 * bound, 0.99 * bound)
    result = optimize.least_squares(
        residual, start, jac=slope, bounds=(-bound, bound), xtol=1e-12, ftol=1e-14, gtol=1e-12
    )
    return np.asarray(result.x)


def _maximum_likelihood(correlation: FloatArray) -> FloatArray:
    from scipy import optimize

    def loadings_at(uniqueness: FloatArray) -> tuple[FloatArray, FloatArray]:
        scale = np.sqrt(uniqueness)
        values, vectors = np.linalg.eigh(correlation / np.outer(scale, scale))
        axis = vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0)) * scale
        return axis, values

    def discrepancy(uniqueness: FloatArray) -> tuple[float, FloatArray]:
        axis, values = loadings_at(uniqueness)
        smallest = np.maximum(values[:-1], np.finfo(float).tiny)
        excess = axis**2 + uniqueness - np.diag(correlation)
        return float(np.sum(smallest - np.log(smallest) - 1)), excess / uniqueness**2

    start = np.clip(1 - _first_axis(correlation) ** 2, 0.05, 0.95)
    bounds = [(LEAST_UNIQUENESS, 1.0)] * len(correlation)
    result = optimize.minimize(
        discrepancy,
        start,
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 2000},
    )
    return loadings_at(np.asarray(result.x))[0]
