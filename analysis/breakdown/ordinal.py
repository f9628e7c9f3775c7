"""Proportional-odds regression: the same slopes at every cut of an ordered answer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.breakdown.logit import SAMPLE, SAMPLE_FROM, probability

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
_ROWS = 8192  # rows a pass


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
    hessian : ndarray, shape (K - 1 + D, K - 1 + D)
        Negative second derivative of the log-likelihood.
    log_likelihood : float
    converged : bool
        Where False, thresholds and slopes are NaN.
    """

    levels: Floats
    thresholds: Floats
    slopes: Floats
    hessian: Floats
    log_likelihood: float
    converged: bool


def fit_proportional_odds(
    scores: ArrayLike,
    answers: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    start: Floats | None = None,
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
    start : ndarray, shape (K - 1 + D,), optional
        Thresholds and slopes near the maximum, where some are known.
    max_iterations : int
    tolerance : float
        Stop when a full step changes no parameter by more, relative to its size (at least 1).

    Returns
    -------
    OrdinalFit

    Notes
    -----
    Agrees with ``OrderedModel`` of ``statsmodels``, which has no weights, differentiates
    numerically and takes minutes on 100,000 people. The log-likelihood is concave (Pratt 1981),
    so that halved steps suffice.

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
    given = np.asarray(answers, dtype=np.float64)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    levels = np.unique(given)
    position = np.searchsorted(levels, given)
    cuts, d = levels.size - 1, x.shape[1]
    k = max(cuts, 0) + d
    undefined = OrdinalFit(
        levels,
        np.full(max(cuts, 0), np.nan),
        np.full(d, np.nan),
        np.full((k, k), np.nan),
        np.nan,
        False,
    )
    if cuts < 1:
        return undefined
    below = np.cumsum(np.bincount(position, w))[:-1] / w.sum()
    if np.any(below <= 0) or np.any(below >= 1) or np.linalg.matrix_rank(np.cov(x.T)) < d:
        return undefined
    parameters = np.concatenate([np.log(below / (1 - below)), np.zeros(d)])
    if start is not None and np.all(np.isfinite(start)):
        parameters = start
    elif len(x) > SAMPLE_FROM:  # a sample's maximum is a start that saves whole passes
        one_in = slice(None, None, SAMPLE)
        sample = fit_proportional_odds(x[one_in], given[one_in], w[one_in])
        if sample.converged and sample.levels.size == levels.size:
            parameters = np.concatenate([sample.thresholds, sample.slopes])
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
            return OrdinalFit(levels, parameters[:cuts], parameters[cuts:], hessian, value, True)
    return undefined


def score_rows(scores: Floats, answers: Floats, weights: Floats, fitted: OrdinalFit) -> Floats:
    """Compute every respondent's derivative of the log-likelihood, shape (K - 1 + D, n)."""
    position = np.searchsorted(fitted.levels, answers)
    cuts = fitted.thresholds.size
    ends = np.concatenate([[-np.inf], fitted.thresholds, [np.inf]])
    pieces = _pieces(scores @ fitted.slopes, position, ends)
    result = np.zeros((cuts + fitted.slopes.size, len(scores)))
    levels = np.arange(cuts)[:, None]
    result[:cuts] = (position == levels) * pieces.pull_up + (
        position - 1 == levels
    ) * pieces.pull_low
    result[cuts:] = scores.T * (pieces.pull_up + pieces.pull_low)
    result *= weights
    return result


class _Pieces(NamedTuple):
    """Hold the derivatives by the upper and the lower end of every answer, each shape (n,)."""

    chance: Floats
    pull_up: Floats
    pull_low: Floats
    bend_up: Floats
    bend_low: Floats
    bend_both: Floats


def _pieces(eta: Floats, position: Integers, ends: Floats) -> _Pieces:
    upper, lower = probability(ends[position + 1] + eta), probability(ends[position] + eta)
    chance = np.maximum(upper - lower, 1e-300)
    density_up, density_low = upper * (1 - upper), lower * (1 - lower)
    pull_up, pull_low = density_up / chance, -density_low / chance
    return _Pieces(
        chance,
        pull_up,
        pull_low,
        pull_up * (pull_up - 1 + 2 * upper),
        pull_low * (pull_low - 1 + 2 * lower),
        pull_up * pull_low,
    )


def _derivatives(
    x: Floats, position: Integers, w: Floats, parameters: Floats, cuts: int
) -> tuple[float, Floats, Floats]:
    """Compute log-likelihood, gradient and negative second derivative in one pass."""
    thresholds, slopes = parameters[:cuts], parameters[cuts:]
    size = parameters.size
    if np.any(np.diff(thresholds) <= 0):  # crossed: outside the model, the step is halved
        return -np.inf, parameters, np.eye(size)
    ends = np.concatenate([[-np.inf], thresholds, [np.inf]])
    value = 0.0
    gradient, hessian = np.zeros(size), np.zeros((size, size))
    # sums by level: an answer pulls at the cut above it and at the cut below it
    by_level = np.zeros((5, cuts + 1))
    mixed = np.zeros((2, cuts + 1, slopes.size))
    for low in range(0, len(x), _ROWS):
        rows = slice(low, low + _ROWS)
        part, level, weight = x[rows], position[rows], w[rows]
        p = _pieces(part @ slopes, level, ends)
        value += float(weight @ np.log(p.chance))
        gradient[cuts:] += part.T @ (weight * (p.pull_up + p.pull_low))
        bends = p.bend_up + p.bend_both, p.bend_low + p.bend_both
        hessian[cuts:, cuts:] += (part.T * (weight * (bends[0] + bends[1]))) @ part
        chosen = (level == np.arange(cuts + 1)[:, None]) * weight
        by_level += np.stack(p[1:]) @ chosen.T
        mixed += np.stack([(chosen * bend) @ part for bend in bends])
    pull_up, pull_low, bend_up, bend_low, bend_both = by_level
    gradient[:cuts] = pull_up[:-1] + pull_low[1:]
    own = np.diag(bend_up[:-1] + bend_low[1:])
    own += np.diag(bend_both[1:-1], 1) + np.diag(bend_both[1:-1], -1)
    hessian[:cuts, :cuts] = own
    hessian[:cuts, cuts:] = mixed[0, :-1] + mixed[1, 1:]
    hessian[cuts:, :cuts] = hessian[:cuts, cuts:].T
    return value, gradient, hessian
