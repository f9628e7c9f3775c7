"""Slopes that differ between branches: how much, for which branch, and whether at all.

**What was measured** of slopes that vary (``tests/simulations/drivers_varying.py``, 200 surveys a
row, 6,000 branches of 8 to 300 of whose members 70 % answer; the truth is the members' own):
coverage of 95 % intervals of branches, least and mean over six dimensions, with slopes of their own
(standard errors up to .004) and with common ones; power of the test.

=======  ============  ===========  ============  ==============  =====
answers  dissatisfied  slopes vary  own           common          test
=======  ============  ===========  ============  ==============  =====
1,500    2 %           by 0 %       .994, .997    .970, .984      .02
1,500    2 %           by 60 %      .938, .977    .858, .938      .06
1,500    6 %           by 0 %       .997, .999    .978, .987      .02
1,500    6 %           by 30 %      .986, .994    .919, .964      .05
1,500    6 %           by 60 %      .944, .979    .795, .915      .33
5,000    6 %           by 30 %      .958, .987    .839, .929      .42
5,000    6 %           by 60 %      .934, .975    .676, .839      .95
5,000    12 %          by 60 %      .965, .986    .644, .810      1.00
=======  ============  ===========  ============  ==============  =====

With 2,000 surveys 1,500 answers with 6 % and slopes that vary by 60 % have .944, .979. Where one
item carries its dimension and slopes are the same, 2,000 surveys: .989, .996, with common slopes
.935, .978.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from analysis.breakdown.logit import probability
from analysis.breakdown.shapley import Segments
from analysis.many.multiplicity import adjust

Floats = NDArray[np.float64]
_LEAST = 1e-10
UPWARD = 1.5  # a contribution grows faster than its slope, so most misses lie above; by simulation
# Variances between branches relative to the squared slopes, among which the likelihood is weighed
_GRID = np.concatenate([[0.0], np.geomspace(0.005, 4.0, 80)])


class Varying(NamedTuple):
    """Hold slopes that vary between clusters.

    Attributes
    ----------
    relative_variance : float
        Variance of a slope between clusters, as a multiple of its square.
    p_value : float
        Of the test that it is 0.
    shifts : ndarray, shape (C, D)
        Each cluster's slopes less the common ones, shrunk towards 0.
    covariances : ndarray, shape (C, D, D)
        What is not known of them.
    centres : ndarray, shape (C, D)
        The scores about which each cluster's slopes turn: its level is left to it.
    """

    relative_variance: float
    p_value: float
    shifts: Floats
    covariances: Floats
    centres: Floats


def varying_slopes(
    scores: Floats, outcome: Floats, weights: Floats, coefficients: Floats, segments: Segments
) -> Varying:
    """Estimate how much slopes vary between clusters, and each cluster's own.

    Parameters
    ----------
    scores : ndarray, shape (n, D)
        Rows sorted by cluster.
    outcome, weights : ndarray, shape (n,)
    coefficients : ndarray, shape (D + 1,)
        Intercept and common slopes.
    segments : Segments
        Of the C clusters.

    Returns
    -------
    Varying

    Notes
    -----
    A cluster's slopes are normal about the common ones b with variances ρ (b_d² + mean b²) / 2:
    half in proportion to each slope, half alike for all. To the first order the cluster's score
    is then normal with covariance M + M T M, M its information and T these variances. ρ is the
    mean of its likelihood over a flat standard deviation (at ρ = 0 half of samples would have a
    maximum), the clusters' slopes are those expected given their scores (empirical Bayes; Laird
    and Ware 1982), and the test is the likelihood ratio's, half of χ²(1) (Self and Liang 1987).

    References
    ----------
    Laird, N. M. and Ware, J. H. (1982), Random-effects models for longitudinal data, Biometrics
    38, 963-974. Self, S. G. and Liang, K.-Y. (1987), Asymptotic properties of maximum likelihood
    estimators and likelihood ratio tests under nonstandard conditions, JASA 82, 605-610.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> branch = np.repeat(np.arange(30), 60)
    >>> slopes = np.array([-1.0, -0.5]) * (1 + rng.normal(0, 0.8, (30, 2)))
    >>> x = rng.normal(size=(1800, 2))
    >>> y = (rng.random(1800) < probability((x * slopes[branch]).sum(axis=1) - 1)) * 1.0
    >>> common = np.array([-1, -0.9, -0.5])
    >>> found = varying_slopes(x, y, np.ones(1800), common, Segments(branch, 30))
    >>> found.p_value < 0.001, round(found.relative_variance, 1)
    (True, 0.7)
    """
    score, information, centres = _pull(scores, outcome, weights, coefficients, segments)
    squares = coefficients[1:] ** 2
    spread = (squares + squares.mean()) / 2
    likelihood = _log_likelihood(score, information, spread)
    ratio = 2 * float(likelihood.max() - likelihood[0])
    deviations = np.sqrt(_GRID)
    chances = np.exp(likelihood - likelihood.max()) * np.gradient(deviations)
    variance = float(chances @ _GRID / chances.sum())
    prior = np.diag(variance * spread)
    within = np.linalg.solve(np.eye(squares.size) + prior @ information, prior[np.newaxis])
    return Varying(
        variance,
        0.5 * float(chdtrc(1, ratio)) if ratio > 0 else 1.0,
        np.einsum("cij,cj->ci", within, score),
        (within + within.transpose(0, 2, 1)) / 2,
        centres,
    )


def same_slopes(
    scores: Floats, outcome: Floats, weights: Floats, coefficients: Floats, groups: NDArray[np.intp]
) -> float:
    """Test whether a few large groups have the same slopes, whatever their levels.

    Parameters
    ----------
    scores, outcome, weights, coefficients
        As for `varying_slopes`, rows in any order.
    groups : ndarray of int, shape (n,)
        Codes from 0.

    Returns
    -------
    float
        The p-value of the score test with (groups - 1) D degrees of freedom; NaN for one group.
    """
    order = np.argsort(groups, kind="stable")
    n_groups = int(groups.max(initial=-1)) + 1
    if n_groups < 2:
        return np.nan
    score, information, _ = _pull(
        scores[order],
        outcome[order],
        weights[order],
        coefficients,
        Segments(groups[order], n_groups),
    )
    together = _quadratic(score.sum(axis=0)[None], information.sum(axis=0)[None])
    statistic = float(np.sum(_quadratic(score, information)) - together[0])
    return float(chdtrc((n_groups - 1) * score.shape[1], max(statistic, 0.0)))


def same_items(
    items: Floats,
    outcome: Floats,
    counts: Floats,
    coefficients: Floats,
    dimensions: Sequence[NDArray[np.intp]],
) -> Floats:
    """Test of each dimension whether its items weigh alike, as their mean supposes.

    Parameters
    ----------
    items : ndarray, shape (n, k)
    outcome, counts : ndarray, shape (n,)
        Of the people of each row, and their number.
    coefficients : ndarray, shape (D + 1,)
        Intercept and slopes of the dimensions' means.
    dimensions : sequence of D arrays of columns

    Returns
    -------
    ndarray, shape (D,)
        p-values of the score tests, by Holm's method for D tests; NaN for a single item.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(2000, 4))
    >>> y = (rng.random(2000) < probability(-x[:, 0] - x[:, 2:].mean(axis=1))) * 1.0
    >>> parts = [np.array([0, 1]), np.array([2, 3])]
    >>> same_items(x, y, np.ones(2000), np.array([0.0, -0.9, -0.9]), parts).round(2).tolist()
    [0.0, 0.61]
    """
    means = np.column_stack([items[:, part].mean(axis=1) for part in dimensions])
    p = probability(means @ coefficients[1:] + coefficients[0])
    curvature = (counts * p * (1 - p))[:, None]
    design = np.column_stack([np.ones(len(items)), means])
    result = np.full(len(dimensions), np.nan)
    for number, part in enumerate(dimensions):
        apart = items[:, part[1:]] - means[:, [number]]
        # what the dimensions' means already say of these is no news
        weighted = design * curvature
        apart = (
            apart - design @ np.linalg.lstsq(weighted.T @ design, weighted.T @ apart, rcond=None)[0]
        )
        score, information = apart.T @ (counts * (outcome - p)), (apart * curvature).T @ apart
        if part.size > 1 and np.linalg.matrix_rank(information) == part.size - 1:
            statistic = float(score @ np.linalg.solve(information, score))
            result[number] = float(chdtrc(part.size - 1, statistic))
    return adjust(result, "holm")


def _pull(
    scores: Floats, outcome: Floats, weights: Floats, coefficients: Floats, segments: Segments
) -> tuple[Floats, Floats, Floats]:
    """Compute every cluster's score and information of its own slopes, its level left free."""
    p = probability(scores @ coefficients[1:] + coefficients[0])
    curvature = weights * np.maximum(p * (1 - p), 1e-12)
    with np.errstate(invalid="ignore"):  # a cluster without weight
        centres = (segments.sums(scores.T * curvature) / segments.sums(curvature)).T
    apart = (scores - np.nan_to_num(centres)[segments.codes]).T
    score = segments.sums(apart * (weights * (outcome - p))).T
    return score, segments.products(apart * curvature, apart), np.nan_to_num(centres)


def _log_likelihood(score: Floats, information: Floats, spread: Floats) -> Floats:
    """Compute the log-likelihood of every relative variance of the grid, less a constant."""
    values, vectors = np.linalg.eigh(information)
    values = np.maximum(values, _LEAST)
    root = (vectors * np.sqrt(values)[:, None, :]) @ vectors.transpose(0, 2, 1)
    inverse = (vectors / np.sqrt(values)[:, None, :]) @ vectors.transpose(0, 2, 1)
    stretch, axes = np.linalg.eigh((root * spread) @ root)
    along = np.einsum("cji,cjk,ck->ci", axes, inverse, score)
    along[values[:, 0] <= _LEAST] = np.clip(along[values[:, 0] <= _LEAST], -1e3, 1e3)
    result = np.empty(_GRID.size)
    for number, variance in enumerate(_GRID):
        total = 1 + variance * np.maximum(stretch, 0.0)
        result[number] = -0.5 * np.sum(np.log(total) + along**2 / total)
    return result


def _quadratic(score: Floats, information: Floats) -> Floats:
    """Compute s' M⁻¹ s for every group, shape (C,)."""
    inverse = np.linalg.pinv(information, hermitian=True)
    product: Floats = np.einsum("ci,cij,cj->c", score, inverse, score)
    return product
