"""Whether the order of the dimensions would change under other defensible choices.

**What was measured** of blanks a level lower (``tests/simulations/drivers_blanks.py``, 200 surveys
a row, 15 % of the ratings blank, 6 % dissatisfied): coverage of 95 % intervals, least (standard
errors .015 to .035) and mean over six dimensions, as they are and with what blanks could move
added.

=======  ====================  ===========  ===========  =====
answers  odds of a blank for   as they are  allowing it  times
         a level less                                    wider
=======  ====================  ===========  ===========  =====
1,500    the same              .960, .975   .965, .982   1.10
1,500    1.6 times             .920, .959   .965, .978   1.13
1,500    2.7 times             .765, .918   .950, .973   1.21
5,000    2.7 times             .530, .827   .950, .968   1.31
=======  ====================  ===========  ===========  =====

With 1,000 surveys the third row has .762, .917 as they are; with 2,000 .961, .975 allowing it
(standard error .004).
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.breakdown import logit, shapley
from analysis.breakdown.contributions import Breakdown
from analysis.breakdown.imputation import SINGLE_UP_TO
from analysis.breakdown.respondents import Answers
from analysis.breakdown.slopes import level_intercept

Floats = NDArray[np.float64]
LOWER = 1.0  # levels by which blanks are supposed to be lower than people alike would answer
MIN_ALPHA = 0.5  # below it a dimension's items measure no one thing that could be calibrated


class Variant(NamedTuple):
    """Compare a breakdown made otherwise with the main one.

    Attributes
    ----------
    name : str
        ``"target"``, ``"calibrated"``, ``"ordinal"``, ``"logit"``, ``"blanks"`` or ``"strict"``.
    contributions : ndarray, shape (D,)
        NaN where this variant has no breakdown.
    ranks : ndarray, shape (D,)
        1 for the largest contribution; NaN where there is none.
    same_first, same_order : bool or None
        Whether the largest contribution, and the whole order, are those of the main breakdown;
        None where this variant has none.
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
    main: Breakdown,
    answers: Answers,
    filled: Floats,
    *,
    other_target: float = 5,
    strict: ArrayLike | None = None,
) -> tuple[Variant, ...]:
    """Break down again under other choices and compare the order of the dimensions.

    Parameters
    ----------
    main : Breakdown
        The result of `analysis.drivers.breakdown_imputed` for the same answers.
    answers : Answers
        What it was made from, as read by `analysis.breakdown.respondents.read_answers`.
    filled : ndarray, shape (n, k)
        The items with blanks filled by `analysis.imputation.fill_once`.
    other_target : float
        For the variant ``"target"``.
    strict : array_like of bool, optional
        Rows that a strict screening keeps, for ``"strict"``.

    Returns
    -------
    tuple of Variant
        ``"target"`` and ``"calibrated"`` always, ``"ordinal"`` and ``"logit"`` where the main
        breakdown could borrow from the ordered answer, ``"blanks"`` where more than 5 % are blank,
        ``"strict"`` where asked for; empty where the main breakdown is withheld.

    Notes
    -----
    ``"target"`` raises to another level with the slopes of the main breakdown. ``"calibrated"``
    replaces the scores by their regression calibration for measurement error (Carroll et al.
    2006, ch. 4), the error variance taken from Cronbach's alpha; a dimension of a single item
    counts as exact. The slopes of the main breakdown lie between those of ``"ordinal"``, the same
    at every cut of the overall answer, and of ``"logit"``, of dissatisfaction alone. ``"blanks"``
    supposes that who left an item blank would have rated it a level lower than people alike did
    (a pattern mixture; Little 1993): the main contributions, moved by what the logit then gives
    otherwise. All fill blanks once, by conditional means: they are compared for their order, not
    for their size.

    References
    ----------
    Carroll, R. J., Ruppert, D., Stefanski, L. A. and Crainiceanu, C. M. (2006), Measurement
    Error in Nonlinear Models, 2nd ed. Little, R. J. A. (1993), Pattern-mixture models for
    multivariate incomplete data, JASA 88, 125-134.

    Examples
    --------
    >>> import numpy as np
    >>> from analysis.breakdown.drivers import breakdown
    >>> from analysis.breakdown.respondents import read_answers
    >>> rng = np.random.default_rng(1)
    >>> two = rng.integers(2, 5, size=(500, 2))
    >>> items = np.repeat(two, 2, axis=1) + rng.integers(-1, 2, size=(500, 4)) * 1.0
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] + items[:, 1] - 5.0))
    >>> main = breakdown(items, unhappy, dimensions=[[0, 1], [2, 3]])
    >>> answers = read_answers(items, unhappy, [[0, 1], [2, 3]])
    >>> for variant in sensitivity(main, answers, items):
    ...     print(variant.name, variant.ranks.tolist(), variant.same_first)
    target [1.0, 2.0] True
    calibrated [1.0, 2.0] True
    """
    if not np.all(np.isfinite(main.whole.contributions)):
        return ()
    y, target = answers.outcome, main.target
    columns = tuple(answers.dimensions.values())
    w, counts = answers.total_weights, answers.counts
    scores, gaps = shapley.dimension_scores(filled, columns, target)
    others = shapley.dimension_scores(filled, columns, other_target)
    variants = {
        "target": shapley.mean_contributions(*others, w, main.coefficients),
        "calibrated": calibrated(filled, y, columns, target, w, counts),
    }
    if np.all(np.isfinite(main.parallel_slopes)):
        intercept = level_intercept(scores @ main.parallel_slopes, float(w @ y), w)
        parallel = np.concatenate([[intercept], main.parallel_slopes])
        variants["ordinal"] = shapley.mean_contributions(scores, gaps, w, parallel)
        variants["logit"] = shapley.mean_contributions(scores, gaps, w, main.logit_coefficients)
    blank = np.isnan(answers.items) & np.isin(np.arange(filled.shape[1]), answers.columns)
    if counts @ blank.sum(axis=1) > SINGLE_UP_TO * counts.sum() * answers.columns.size:
        lower = np.where(blank, np.maximum(filled - LOWER, np.nanmin(answers.items)), filled)
        lowered = shapley.dimension_scores(lower, columns, target)
        near = main.logit_coefficients
        moved = _fitted(*lowered, y, w, near) - _fitted(scores, gaps, y, w, near)
        variants["blanks"] = main.whole.contributions + moved
    if strict is not None:
        kept = np.asarray(strict, dtype=bool)[answers.rows]
        variants["strict"] = _fitted(scores[kept], gaps[kept], y[kept], w[kept])
    return tuple(_compare(name, values, main) for name, values in variants.items())


def _fitted(
    scores: Floats,
    gaps: Floats,
    dissatisfied: Floats,
    weights: Floats,
    near: Floats | None = None,
) -> Floats:
    """Break down with a logit of these very scores, shape (D,); NaN where it does not converge."""
    fitted = logit.fit(scores, dissatisfied, weights, start=near)
    if not fitted.converged:
        return np.full(scores.shape[1], np.nan)
    return shapley.mean_contributions(scores, gaps, weights, fitted.coefficients)


def calibrated(
    items: Floats,
    dissatisfied: Floats,
    columns: tuple[NDArray[np.intp], ...],
    target: float,
    weights: Floats,
    counts: Floats,
) -> Floats:
    """Break down with scores calibrated for measurement error, shape (D,).

    E[true | observed] = mean + (observed - mean) Σ⁻¹ (Σ - E), where E is diagonal with
    (1 - alpha) times the variance of each score. NaN where an alpha is below .5.
    """
    d = len(columns)
    scores, gaps = shapley.dimension_scores(items, columns, target)
    if not np.all(np.isfinite(logit.variance_inflation(scores, counts))):
        return np.full(d, np.nan)
    people = counts.astype(np.intp)
    covariance = np.atleast_2d(np.cov(scores.T, fweights=people))
    error = np.zeros(d)
    for number, part in enumerate(columns):
        if part.size > 1:
            # the variance of a mean of parallel items that is not shared by them: (1 - alpha)
            within = np.cov(items[:, part].T, fweights=people)
            shared = (within.sum() - np.trace(within)) / (part.size * (part.size - 1))
            if shared < MIN_ALPHA * covariance[number, number]:
                return np.full(d, np.nan)
            error[number] = max(0.0, covariance[number, number] - shared)
    kept = np.linalg.solve(covariance, covariance - np.diag(error))
    centre = counts @ scores / counts.sum()
    true = centre + (scores - centre) @ kept
    return _fitted(true, gaps, dissatisfied, weights)


def _compare(name: str, contributions: Floats, main: Breakdown) -> Variant:
    """Rank the contributions and hold them against those of the main breakdown."""
    known = bool(np.all(np.isfinite(contributions)))
    ranks = np.full(contributions.size, np.nan)
    if known:
        ranks[np.argsort(-contributions, kind="stable")] = np.arange(1.0, ranks.size + 1)
    if not known:
        return Variant(name, contributions, ranks, None, None, ())
    order = np.argsort(-main.whole.contributions, kind="stable")
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
