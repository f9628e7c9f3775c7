"""Slopes of dissatisfaction, which borrow from the whole ordered answer as far as it agrees.

**What was measured** of slopes that borrow (``tests/simulations/drivers_rare.py``, 40 branches of 8
to 300; 1,500 and 5,000 answers with 2 % dissatisfied; the truth is the logit's in an endless
population of branches):
how often the largest contribution is that of the right dimension, by the logit alone in brackets;
root mean square error against the logit's; coverage of 95 % intervals, least and mean over six
dimensions. Standard errors of coverage are .003 to .007 (2,000 surveys a row; the first two figures
at 1,500 answers where slopes are parallel, «wholly» or varying are of 1,000, «against» there of
3,000 and 2,000).

=========  ===============  =====  ==============  ===============  =====  ==============
slopes     first right      error  coverage        first right      error  coverage
=========  ===============  =====  ==============  ===============  =====  ==============
parallel   .94 (.86)        .79    .969, .977      1.00 (.99)       .82    .964, .978
mild       .88 (.86)        .97    .948, .957      .99 (.99)        1.00   .940, .953
against    .78 (.85)        .96    .899, .955      .98 (.99)        1.03   .898, .947
wholly     .85 (.86)        1.00   .940, .946      .99 (.99)        1.00   .940, .952
halo       .94 (.85)        .80    .964, .975      1.00 (.99)       .82    .960, .978
item       .96 (.90)        .79    .967, .977      1.00 (.99)       .83    .955, .976
quadratic  .97 (.95)        .87    .949, .970      1.00 (1.00)      .98    .925, .954
vary       .93 (.87)        .85    .920, .964      .99 (.97)        .95    .885, .951
=========  ===============  =====  ==============  ===============  =====  ==============

With 6 % dissatisfied, of 400, 1,500 and 5,000 answers: first right, error, least coverage.

=========  =====================  =====================  =======================
slopes     400                    1,500                  5,000
=========  =====================  =====================  =======================
parallel   .88 (.79), .82, .969   .99 (.97), .83, .968   1.00 (1.00), .88, .958
mild       .85 (.79), .93, .947   .97 (.97), 1.00, .945  1.00 (1.00), 1.00, .947
against    .72 (.79), .92, .928   .94 (.97), 1.03, .906  1.00 (1.00), 1.00, .946
wholly     .77 (.79), 1.01, .932  .97 (.97), 1.00, .944  1.00 (1.00), 1.00, .947
halo       .88 (.78), .82, .962   .99 (.96), .84, .965   1.00 (1.00), .88, .959
item       .90 (.82), .81, .968   1.00 (.98), .83, .962  1.00 (1.00), .89, .949
quadratic  .94 (.87), .84, .962   1.00 (.99), .90, .950  1.00 (1.00), .98, .938
vary       .85 (.77), .83, .957   .97 (.95), .88, .937   .99 (.99), .95, .919
=========  =====================  =====================  =======================

Of 400 answers .56-.58 of the surveys are shown in full and .42 as indicative, of 1,500 with 2 % .80
and .19; of 400 with 2 % none is. The more answers there are the less is left to borrow.
Where slopes differ so little that no test sees it, but in just the way that puts the second
dimension before the first («against»), the right one is found less often by .07; a weaker
shrinkage would give that up only for what is won elsewhere. Where slopes are parallel the error is
less by a fifth at 1,500 answers with 2 % only, else by .12 to .18. Slopes that vary by 60 % between
branches leave the whole with fewer branches to speak for it than its degrees of freedom say.
An order of two dimensions that intervals tell apart is wrong in at most .035 of surveys.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from analysis.breakdown import logit, ordinal

Floats = NDArray[np.float64]
REJECT = 0.05  # level of the test of parallel slopes beyond which nothing is borrowed
_MIN_SLOPES = 3  # with fewer, shrinking need not lower the error
_ROWS = 8192


class Slopes(NamedTuple):
    """Hold the coefficients that a breakdown rests on, and what they are made from.

    Attributes
    ----------
    coefficients : ndarray, shape (D + 1,)
        Intercept and slopes, shrunk; with them the mean probability is the observed rate.
    fitted : LogitFit
        The logit of dissatisfaction alone.
    parallel : ndarray, shape (D,)
        Slopes of the proportional-odds model; NaN where it was not fitted.
    shrinkage : float
        How far the slopes are taken from the logit's to the parallel ones, 0 to 1.
    p_parallel : float
        Of the test that the slopes are the same at all cuts; NaN where it was not made.
    ordered : ndarray or None
        Thresholds and slopes of the proportional-odds model, where it was fitted.
    """

    coefficients: Floats
    fitted: logit.LogitFit
    parallel: Floats
    shrinkage: float
    p_parallel: float
    ordered: Floats | None = None


def estimate_slopes(
    scores: Floats,
    dissatisfied: Floats,
    weights: Floats,
    overall: Floats | None = None,
    counts: Floats | None = None,
    near: Slopes | None = None,
) -> Slopes:
    """Fit the logit of dissatisfaction and shrink its slopes towards parallel ones.

    Parameters
    ----------
    scores : ndarray, shape (n, D)
    dissatisfied : ndarray of 0 and 1, shape (n,)
    weights : ndarray, shape (n,)
    overall : ndarray, shape (n,), optional
        The ordered overall answer, lower for everyone dissatisfied. Without it, or with two
        levels only, the slopes are the logit's.
    counts : ndarray, shape (n,), optional
        People of each row, whose weights together are its weight.
    near : Slopes, optional
        Of nearly the same scores of the same people, as of another fill of their blanks.

    Returns
    -------
    Slopes

    Raises
    ------
    ValueError
        Where somebody dissatisfied answers as high as somebody satisfied.

    Notes
    -----
    Where few are dissatisfied, most of what tells the dimensions apart lies in the other cuts of
    the answer. With d the logit's slopes less the parallel ones, V its covariance (robust by
    person) and q = d' V⁻¹ d, the slopes are those of the logit where q rejects parallel slopes at
    5 % (a Wald test as Brant's), else b - min(1, D / 2q) d: James and Stein's estimator with a
    factor of D/2, which lies inside 0 … 2 (D - 2), the range where it beats the unshrunk one.

    References
    ----------
    Peterson, B. and Harrell, F. E. (1990), Partial proportional odds models for ordinal response
    variables, Applied Statistics 39, 205-217. Brant, R. (1990), Assessing proportionality in the
    proportional odds model, Biometrics 46, 1171-1178. James, W. and Stein, C. (1961), Estimation
    with quadratic loss, Fourth Berkeley Symposium 1, 361-379. Green, E. J. and Strawderman, W. E.
    (1991), A James-Stein type estimator for combining unbiased and possibly biased estimators,
    JASA 86, 1001-1006.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.integers(1, 6, (900, 3)) * 1.0
    >>> answer = 1.0 + np.digitize(x @ [1.0, 0.5, 0.0] + rng.logistic(size=900), [0, 1.5, 3, 6])
    >>> one = estimate_slopes(x, (answer < 4) * 1.0, np.ones(900), answer)
    >>> one.fitted.coefficients[1:].round(2).tolist(), one.parallel.round(2).tolist()
    ([-1.1, -0.47, -0.03], [-1.05, -0.42, 0.02])
    >>> one.coefficients[1:].round(2).tolist(), round(one.shrinkage, 2)
    ([-1.07, -0.44, 0.0], 0.64)
    """
    start = None if near is None else near.fitted.coefficients
    fitted = logit.fit(scores, dissatisfied, weights, start=start)
    d = scores.shape[1]
    alone = Slopes(fitted.coefficients, fitted, np.full(d, np.nan), 0.0, np.nan)
    if overall is None:
        return alone
    highest = overall[dissatisfied == 1].max(initial=-np.inf)
    if highest >= overall[dissatisfied == 0].min(initial=np.inf):
        raise ValueError("overall must be higher for everyone satisfied than for the others")
    if not fitted.converged or d < _MIN_SLOPES or np.unique(overall).size < 3:
        return alone
    start = None if near is None or near.ordered is None else near.ordered
    parallel = ordinal.fit_proportional_odds(scores, overall, weights, start=start)
    ordered = np.concatenate([parallel.thresholds, parallel.slopes])
    if not parallel.converged:
        return alone
    apart = fitted.coefficients[1:] - parallel.slopes
    each = weights if counts is None else weights / np.sqrt(counts)  # products add up over people
    spread = _covariance_apart(scores, dissatisfied, each, overall, fitted, parallel)
    distance = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
    p_parallel = float(chdtrc(d, distance))
    shrinkage = 0.0 if p_parallel < REJECT else min(1.0, d / 2 / max(distance, 1e-12))
    slopes = fitted.coefficients[1:] - shrinkage * apart
    if shrinkage == 0:
        return Slopes(fitted.coefficients, fitted, parallel.slopes, 0.0, p_parallel, ordered)
    intercept = level_intercept(scores @ slopes, float(dissatisfied @ weights), weights)
    coefficients = np.concatenate([[intercept], slopes])
    return Slopes(coefficients, fitted, parallel.slopes, shrinkage, p_parallel, ordered)


def level_intercept(eta: Floats, events: float, weights: Floats) -> float:
    """Find the intercept at which the weighted probabilities add up to the events."""
    intercept = float(-np.average(eta, weights=weights))
    low, high = -np.inf, np.inf
    for _ in range(100):
        p = logit.probability(intercept + eta)
        excess = float(p @ weights) - events
        low, high = (low, intercept) if excess > 0 else (intercept, high)
        step = excess / max(float((p * (1 - p)) @ weights), 1e-300)
        if abs(step) <= 1e-12 * max(1.0, abs(intercept)):
            break
        intercept -= min(max(step, -2.0), 2.0)
        if not low < intercept < high:
            intercept = (low + high) / 2
    return intercept


def _covariance_apart(
    scores: Floats,
    dissatisfied: Floats,
    weights: Floats,
    overall: Floats,
    fitted: logit.LogitFit,
    parallel: ordinal.OrdinalFit,
) -> Floats:
    """Compute the covariance of the logit's slopes less the parallel ones, robust by person."""
    d = scores.shape[1]
    of_logit = np.linalg.inv(fitted.hessian)[1:]
    of_parallel = np.linalg.inv(parallel.hessian)[-d:]
    total = np.zeros((d, d))
    for low in range(0, len(scores), _ROWS):
        rows = slice(low, low + _ROWS)
        x, w = scores[rows], weights[rows]
        influence = of_logit @ logit.score_rows(x, dissatisfied[rows], w, fitted.coefficients)
        influence -= of_parallel @ ordinal.score_rows(x, overall[rows], w, parallel)
        total += influence @ influence.T
    return total
