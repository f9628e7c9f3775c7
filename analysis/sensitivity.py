"""Whether the order of the dimensions would change under other defensible choices."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import logit, shapley
from analysis.contributions import Breakdown
from analysis.drivers import breakdown, breakdown_imputed
from analysis.imputation import impute
from analysis.ordinal import fit_proportional_odds
from analysis.respondents import Dimensions, dimension_columns, usable

Floats = NDArray[np.float64]
MIN_ALPHA = 0.5  # below it a dimension's items measure no one thing that could be calibrated


class Variant(NamedTuple):
    """Compare a breakdown made otherwise with the main one.

    Attributes
    ----------
    name : str
        ``"target"``, ``"calibrated"``, ``"ordinal"`` or ``"strict"``.
    contributions : ndarray, shape (D,)
        NaN where this variant has no breakdown.
    ranks : ndarray, shape (D,)
        1 for the largest contribution; NaN where there is none.
    same_first, same_order : bool or None
        Whether the largest contribution, and the whole order, are those of the main breakdown;
        None where either has none.
    reversed_pairs : tuple of pairs of int
        Pairs of dimensions that the main breakdown tells apart and this variant orders the
        other way round: changes that matter.
    """

    name: str
    contributions: Floats
    ranks: Floats
    same_first: bool | None
    same_order: bool | None
    reversed_pairs: tuple[tuple[int, int], ...]


def sensitivity(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    *,
    dimensions: Dimensions,
    target: float = 4,
    other_target: float = 5,
    overall: ArrayLike | None = None,
    strict: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    draws: int = 20,
    seed: int,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
) -> tuple[Variant, ...]:
    """Break down again under other choices and compare the order of the dimensions.

    Parameters
    ----------
    items, dissatisfied, dimensions, target, clusters, weights, draws, seed, bounds
        As for `analysis.drivers.breakdown_imputed`, whose result is the main one.
    other_target : float
        For the variant ``"target"``.
    overall : array_like, shape (n,), optional
        The overall answer on its ordered scale, higher is better, for ``"ordinal"``.
    strict : array_like of bool, shape (n,), optional
        Rows that a strict screening keeps, for ``"strict"``.

    Returns
    -------
    tuple of Variant
        ``"target"`` and ``"calibrated"`` always, ``"ordinal"`` and ``"strict"`` where asked for.

    Notes
    -----
    ``"calibrated"`` replaces the scores by their regression calibration for measurement error
    (Carroll et al. 2006, ch. 4), the error variance taken from Cronbach's alpha; a dimension of
    a single item counts as exact. ``"ordinal"`` takes the slopes of a proportional-odds model
    and its threshold between dissatisfied and satisfied. Both fill blanks once, by conditional
    means: they are compared for their order, not for their size.

    References
    ----------
    Carroll, R. J., Ruppert, D., Stefanski, L. A. and Crainiceanu, C. M. (2006), Measurement
    Error in Nonlinear Models, 2nd ed.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> two = rng.integers(2, 5, size=(500, 2))
    >>> items = np.repeat(two, 2, axis=1) + rng.integers(-1, 2, size=(500, 4)) * 1.0
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] + items[:, 1] - 5.0))
    >>> for variant in sensitivity(items, unhappy, dimensions=[[0, 1], [2, 3]], seed=1):
    ...     print(variant.name, variant.ranks.tolist(), variant.same_first)
    target [1.0, 2.0] True
    calibrated [1.0, 2.0] True
    """
    a, y = np.asarray(items, dtype=np.float64), np.asarray(dissatisfied, dtype=np.float64)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=np.float64)
    columns = dimension_columns(dimensions, a.shape[1])[1]

    def imputed(level: float, rows: NDArray[np.bool_]) -> Breakdown:
        return breakdown_imputed(
            a[rows],
            y[rows],
            dimensions=dimensions,
            target=level,
            clusters=None if clusters is None else np.asarray(clusters)[rows],
            weights=w[rows],
            draws=draws,
            seed=seed,
            bounds=bounds,
        )

    every = np.ones(len(y), dtype=bool)
    main = imputed(target, every)
    variants = {"target": imputed(other_target, every).contributions}
    used = usable(a, y, columns)
    filled = _fill_once(a[used], y[used], columns, bounds)
    variants["calibrated"] = calibrated(filled, y[used], columns, target, w[used])
    if overall is not None:
        answers = np.asarray(overall, dtype=np.float64)[used]
        variants["ordinal"] = ordinal(filled, y[used], answers, columns, target, w[used])
    if strict is not None:
        variants["strict"] = imputed(target, np.asarray(strict, dtype=bool)).contributions
    return tuple(_compare(name, values, main) for name, values in variants.items())


def calibrated(
    items: Floats,
    dissatisfied: Floats,
    columns: tuple[NDArray[np.intp], ...],
    target: float,
    weights: Floats,
) -> Floats:
    """Break down with scores calibrated for measurement error, shape (D,).

    E[true | observed] = mean + (observed - mean) Σ⁻¹ (Σ - E), where E is diagonal with
    (1 - alpha) times the variance of each score. NaN where an alpha is below .5.
    """
    d = len(columns)
    scores, gaps = shapley.dimension_scores(items, columns, target)
    if not np.all(np.isfinite(logit.variance_inflation(scores))):
        return np.full(d, np.nan)
    covariance = np.atleast_2d(np.cov(scores.T))
    error = np.zeros(d)
    for number, part in enumerate(columns):
        if part.size > 1:
            # the variance of a mean of parallel items that is not shared by them: (1 - alpha)
            within = np.cov(items[:, part].T)
            shared = (within.sum() - np.trace(within)) / (part.size * (part.size - 1))
            if shared < MIN_ALPHA * covariance[number, number]:
                return np.full(d, np.nan)
            error[number] = max(0.0, covariance[number, number] - shared)
    kept = np.linalg.solve(covariance, covariance - np.diag(error))
    centre = scores.mean(axis=0)
    true = centre + (scores - centre) @ kept
    fitted = logit.fit(true, dissatisfied, weights)
    if not fitted.converged:
        return np.full(d, np.nan)
    everyone = shapley.Segments(np.zeros(len(items), dtype=np.intp), 1)
    sums = shapley.shapley_sums(true, gaps, weights, fitted.coefficients, everyone)
    contributions: Floats = sums.values[:d] @ weights / weights.sum()
    return contributions


def ordinal(
    items: Floats,
    dissatisfied: Floats,
    answers: Floats,
    columns: tuple[NDArray[np.intp], ...],
    target: float,
    weights: Floats,
) -> Floats:
    """Break down with the slopes of a proportional-odds model of the overall answer, (D,)."""
    scores, _ = shapley.dimension_scores(items, columns, target)
    fitted = fit_proportional_odds(scores, answers, weights)
    if not fitted.converged or not 0 < dissatisfied.sum() < dissatisfied.size:
        return np.full(len(columns), np.nan)
    cut = np.flatnonzero(fitted.levels == answers[dissatisfied == 1].max())[0]
    if answers[dissatisfied == 0].min() <= fitted.levels[cut]:
        raise ValueError("overall must be higher for everyone satisfied than for the others")
    coefficients = np.concatenate([[fitted.thresholds[cut]], fitted.slopes])
    return breakdown(
        items,
        dissatisfied,
        dimensions=columns,
        target=target,
        weights=weights,
        coefficients=coefficients,
    ).contributions


def _fill_once(
    items: Floats,
    dissatisfied: Floats,
    columns: tuple[NDArray[np.intp], ...],
    bounds: tuple[ArrayLike, ArrayLike] | None,
) -> Floats:
    """Fill blanks by conditional means; an item nobody answered gets 0, which fits no model."""
    asked = np.concatenate(columns)
    answered = asked[~np.isnan(items[:, asked]).all(axis=0)]
    filled = np.zeros_like(items)
    if answered.size:
        part = items[:, answered]
        fills = impute(part, dissatisfied, seed=0, bounds=bounds, single_up_to=1.0)
        filled[:, answered] = fills.completed(0)
    return filled


def _compare(name: str, contributions: Floats, main: Breakdown) -> Variant:
    """Rank the contributions and hold them against those of the main breakdown."""
    known = bool(np.all(np.isfinite(contributions)))
    ranks = np.full(contributions.size, np.nan)
    if known:
        ranks[np.argsort(-contributions, kind="stable")] = np.arange(1.0, ranks.size + 1)
    if not known or not np.all(np.isfinite(main.contributions)):
        return Variant(name, contributions, ranks, None, None, ())
    order = np.argsort(-main.contributions, kind="stable")
    apart = main.distinguishable()
    pairs = [(one, other) for one, other in combinations(order.tolist(), 2) if apart[one, other]]
    return Variant(
        name,
        contributions,
        ranks,
        bool(ranks[order[0]] == 1),
        bool(np.all(np.diff(ranks[order]) > 0)),
        tuple((one, other) for one, other in pairs if ranks[one] > ranks[other]),
    )
