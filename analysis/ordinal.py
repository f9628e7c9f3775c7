"""Proportional-odds regression: the same slopes at every cut of an ordered answer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.logit import probability

Floats = NDArray[np.float64]


class OrdinalFit(NamedTuple):
    """Hold a fitted proportional-odds model.

    Attributes
    ----------
    levels : ndarray, shape (K,)
        The distinct answers, ascending.
    thresholds : ndarray, shape (K - 1,)
        logit P(answer ≤ levels[k]) = thresholds[k] + scores @ slopes.
    slopes : ndarray, shape (D,)
        Of the log odds of a *low* answer, like those of a logit of dissatisfaction.
    log_likelihood : float
    converged : bool
        Where False, thresholds and slopes are NaN.
    """

    levels: Floats
    thresholds: Floats
    slopes: Floats
    log_likelihood: float
    converged: bool


def fit_proportional_odds(
    scores: ArrayLike,
    answers: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    max_iterations: int = 50,
    tolerance: float = 1e-8,
) -> OrdinalFit:
    """Fit a proportional-odds model by Newton's method.

    Parameters
    ----------
    scores : array_like, shape (n, D)
    answers : array_like, shape (n,)
        Ordered levels, of any spacing.
    weights : array_like, shape (n,), optional
    max_iterations : int
    tolerance : float
        Stop when a full step changes no parameter by more, relative to its size (at least 1).

    Returns
    -------
    OrdinalFit

    Notes
    -----
    Agrees with ``OrderedModel`` of ``statsmodels``, which has no weights and differentiates
    numerically. The log-likelihood is concave (Pratt 1981), so that halved steps suffice.

    References
    ----------
    McCullagh, P. (1980), Regression models for ordinal data, JRSS B 42, 109-142.
    Pratt, J. W. (1981), Concavity of the log likelihood, JASA 76, 103-106.

    Examples
    --------
    >>> x = [[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]] * 3
    >>> result = fit_proportional_odds(x, [1, 1, 2, 3, 2, 3, 1, 2, 1, 2, 3, 3, 2, 1, 2, 3, 3, 2])
    >>> result.converged, result.slopes.round(2).tolist()
    (True, [-1.17])
    """
    x = np.asarray(scores, dtype=np.float64)
    levels, position = np.unique(np.asarray(answers, dtype=np.float64), return_inverse=True)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    cuts, d = levels.size - 1, x.shape[1]
    undefined = OrdinalFit(levels, np.full(max(cuts, 0), np.nan), np.full(d, np.nan), np.nan, False)
    if cuts < 1:
        return undefined
    below = np.cumsum(np.bincount(position, w))[:-1] / w.sum()
    if np.any(below <= 0) or np.any(below >= 1) or np.linalg.matrix_rank(x - x.mean(axis=0)) < d:
        return undefined
    parameters = np.concatenate([np.log(below / (1 - below)), np.zeros(d)])
    value, gradient, hessian = _derivatives(x, position, w, parameters, cuts)
    for _ in range(max_iterations):
        if np.linalg.cond(hessian) > 1e14:
            break
        step = np.linalg.solve(hessian, gradient)
        small = np.all(np.abs(step) <= tolerance * np.maximum(1.0, np.abs(parameters)))
        candidate = _derivatives(x, position, w, parameters + step, cuts)
        while not candidate[0] >= value - 1e-9 * abs(value):
            step = step / 2
            candidate = _derivatives(x, position, w, parameters + step, cuts)
        parameters = parameters + step
        value, gradient, hessian = candidate
        if small:
            return OrdinalFit(levels, parameters[:cuts], parameters[cuts:], value, True)
    return undefined


def _derivatives(
    x: Floats, position: NDArray[np.intp], w: Floats, parameters: Floats, cuts: int
) -> tuple[float, Floats, Floats]:
    """Compute log-likelihood, gradient and negative second derivative."""
    thresholds, slopes = parameters[:cuts], parameters[cuts:]
    if np.any(np.diff(thresholds) <= 0):  # crossed: outside the model, the step is halved
        return -np.inf, parameters, np.eye(parameters.size)
    ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
    eta = x @ slopes
    upper, lower = probability(ends[position + 1] + eta), probability(ends[position] + eta)
    p = np.maximum(upper - lower, 1e-300)
    density_up, density_low = upper * (1 - upper), lower * (1 - lower)
    pull_up, pull_low = density_up / p, -density_low / p
    bend_up = pull_up**2 - density_up * (1 - 2 * upper) / p
    bend_low = pull_low**2 + density_low * (1 - 2 * lower) / p
    bend_both = pull_up * pull_low

    cut = np.arange(cuts)
    design_up = np.column_stack([(position[:, None] == cut) * 1.0, x])
    design_low = np.column_stack([(position[:, None] - 1 == cut) * 1.0, x])
    gradient = design_up.T @ (w * pull_up) + design_low.T @ (w * pull_low)
    mixed = (design_up.T * (w * bend_both)) @ design_low
    hessian = (
        (design_up.T * (w * bend_up)) @ design_up
        + (design_low.T * (w * bend_low)) @ design_low
        + mixed
        + mixed.T
    )
    return float(w @ np.log(p)), gradient, hessian
