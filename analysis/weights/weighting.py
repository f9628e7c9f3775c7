"""University-level figures from groups that answered unequally.

Two ways lead from unequal response to a fair figure. The *stratified* estimator takes each cell
(branch × role) as a random sample of its people. *Calibration* takes all answers as one random
sample and weights them so that known totals are met: cell by cell (`poststratify`) or margin by
margin (`rake`). The means themselves are in `analysis.weighted_means`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import Integers, check_counts
from analysis.weights.weighted_means import ratio, stratified_mean

Floats = NDArray[np.float64]
WeightedMethod = Literal["korn-graubard", "logit", "wald"]


class WeightedProportion(NamedTuple):
    """Weighted share satisfied with its interval; arrays of the shape of the units."""

    rate: Floats
    """Estimate; NaN without an answer."""
    low: Floats
    """Lower bound, in [0, 1]."""
    high: Floats
    """Upper bound, in [0, 1]."""
    se: Floats
    """Standard error."""
    df: Integers
    """Degrees of freedom."""
    design_effect: Floats
    """As in `WeightedMean`."""
    covered: Floats
    """As in `WeightedMean`."""


def stratified_proportion(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    level: float = 0.95,
    method: WeightedMethod = "korn-graubard",
    fpc: bool = True,
) -> WeightedProportion:
    """Estimate a share from strata of known size, with an interval.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int, shape (…, n_strata)
        Counts of the strata of each unit; pad with strata of no people.
    level
        Confidence level, in (0, 1).
    method
        ``"korn-graubard"`` (see `korn_graubard`), ``"logit"`` or ``"wald"``, both with Student's t.
    fpc
        Whether the finite-population correction applies.

    Returns
    -------
    WeightedProportion
        Arrays of shape (…). A census is a point; where the standard error is 0 otherwise, every
        method falls back on Clopper–Pearson with the number of answers.

    Raises
    ------
    ValueError
        If counts are impossible, the level is outside (0, 1) or the method is unknown.

    References
    ----------
    Those of `stratified_mean` and `korn_graubard`; the logit interval is Lumley's svyciprop.

    Examples
    --------
    >>> result = stratified_proportion([9, 30], [10, 40], [50, 200])
    >>> [round(float(value), 4) for value in result[:4]]
    [0.78, 0.6563, 0.8755, 0.0527]
    """
    if method not in get_args(WeightedMethod):
        raise ValueError(f"method={method!r} is not one of {', '.join(get_args(WeightedMethod))}")
    x, n, N = check_counts(n_satisfied, n_valid, population)
    estimate = stratified_mean(n, x, x, N, fpc=fpc)
    answers, people = n.sum(axis=-1), N.sum(axis=-1)
    exact = korn_graubard(estimate.mean, estimate.se, answers, df=estimate.df, level=level)
    if method == "korn-graubard":
        low, high = exact
    else:
        usable = (estimate.se > 0) & (estimate.df > 0)
        p = np.where(usable, estimate.mean, 0.5)
        t = -special.stdtrit(np.maximum(estimate.df, 1), (1 - level) / 2)
        if method == "logit":
            half = t * estimate.se / (p * (1 - p))
            bounds = (
                special.expit(special.logit(p) - half),
                special.expit(special.logit(p) + half),
            )
        else:
            bounds = (p - t * estimate.se, p + t * estimate.se)
        low, high = (
            np.where(usable, np.clip(bound, 0.0, 1.0), other)
            for bound, other in zip(bounds, exact, strict=True)
        )
    census = (answers == people) & (people > 0) & fpc
    return WeightedProportion(
        rate=estimate.mean,
        low=np.where(census, estimate.mean, low),
        high=np.where(census, estimate.mean, high),
        se=estimate.se,
        df=estimate.df,
        design_effect=estimate.design_effect,
        covered=estimate.covered,
    )


def poststratify(n_valid: ArrayLike, population: ArrayLike) -> Floats:
    """Weight the answers of each cell up to its people.

    Parameters
    ----------
    n_valid, population : array_like of int, any one shape
        Answers and people of each cell.

    Returns
    -------
    ndarray of float
        Weight of one answer, N/n; NaN in a cell with people but no answer, 0 in one without people.

    Raises
    ------
    ValueError
        If counts are impossible.

    References
    ----------
    Holt, D. and Smith, T. M. F. (1979). Post stratification. JRSS A 142, 33.

    Examples
    --------
    >>> poststratify([10, 20], [50, 40])
    array([5., 2.])
    """
    _, n, N = check_counts(0, n_valid, population)
    return np.where(N == 0, 0.0, ratio(N, n))


def rake(
    n_valid: ArrayLike,
    totals: Sequence[ArrayLike],
    *,
    tolerance: float = 1e-10,
    max_rounds: int = 1000,
) -> Floats:
    """Weight the answers of a table so that every margin meets its known totals.

    Parameters
    ----------
    n_valid : array_like of int, k-dimensional
        Answers by cell, one axis a characteristic (for instance branch × role).
    totals : sequence of k array_like
        People by category of each axis; all have the same sum.
    tolerance
        Greatest relative distance from a total at which the rounds end.
    max_rounds
        Rounds after which the margins are taken to contradict the table.

    Returns
    -------
    ndarray of float, the shape of `n_valid`
        Weight of one answer in each cell, a product of one factor per category.

    Raises
    ------
    ValueError
        If shapes or sums of the totals do not fit, a category with people has no answer, or the
        margins cannot be met.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency
    table when the expected marginal totals are known. Annals of Mathematical Statistics 11, 427.

    Examples
    --------
    >>> weights = rake([[10, 20], [30, 40]], [[40, 160], [90, 110]])
    >>> (weights * [[10, 20], [30, 40]]).sum(axis=0).round(6)
    array([ 90., 110.])
    """
    counts = np.asarray(n_valid, dtype=float)
    margins = [np.asarray(total, dtype=float) for total in totals]
    if tuple(len(margin) for margin in margins) != counts.shape:
        raise ValueError(
            f"totals for {[len(m) for m in margins]} do not fit a {counts.shape} table"
        )
    sums = [float(margin.sum()) for margin in margins]
    if not np.allclose(sums, sums[0], rtol=1e-9):
        raise ValueError(f"the margins count different numbers of people: {sums}")
    others = [tuple(a for a in range(counts.ndim) if a != axis) for axis in range(counts.ndim)]
    for axis, margin in enumerate(margins):
        silent = np.flatnonzero((margin > 0) & (counts.sum(axis=others[axis]) == 0))
        if silent.size:
            raise ValueError(f"category {int(silent[0])} of axis {axis} has people but no answer")
    weights = np.full(counts.shape, sums[0] / counts.sum())
    for _ in range(max_rounds):
        for axis, margin in enumerate(margins):
            reached = (weights * counts).sum(axis=others[axis])
            factor = np.where(margin > 0, ratio(margin, reached), 0.0)
            weights = weights * np.expand_dims(factor, others[axis])
        distance = [
            np.abs((weights * counts).sum(axis=others[axis]) - margin) / np.maximum(margin, 1)
            for axis, margin in enumerate(margins)
        ]
        if max(float(each.max()) for each in distance) <= tolerance:
            return weights
    raise ValueError(f"the margins are not met after {max_rounds} rounds: empty cells forbid it")


def korn_graubard(
    rate: ArrayLike, se: ArrayLike, n_valid: ArrayLike, *, df: ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Compute Clopper–Pearson bounds at the effective number of answers.

    Parameters
    ----------
    rate, se : array_like of float
        Weighted share and its standard error.
    n_valid : array_like of int
        Answers behind it.
    df : array_like of int
        Degrees of freedom of the standard error.
    level
        Confidence level, in (0, 1).

    Returns
    -------
    low, high : ndarray of float
        [0, 1] where there is no answer.

    Raises
    ------
    ValueError
        If the level is outside (0, 1).

    Notes
    -----
    n* = p(1-p)/se² · (t_{n-1}/t_df)², beta quantiles at x* = p n*. Boundary rule: where se is 0 or
    df is 0 the standard error says nothing, and n* is the number of answers. A finite-population
    correction may make n* exceed the answers; it is not cut.

    References
    ----------
    Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data. Survey Methodology 24, 193.

    Examples
    --------
    >>> low, high = korn_graubard([0.8, 1.0], [0.04, 0.0], [100, 30], df=[98, 29])
    >>> low.round(4), high.round(4)
    (array([0.7081, 0.8843]), array([0.8734, 1.    ]))
    """
    if not 0 < level < 1:
        raise ValueError(f"level={level} must lie between 0 and 1")
    tail = (1 - level) / 2
    p, error, n, freedom = np.broadcast_arrays(
        *(np.asarray(values, dtype=float) for values in (rate, se, n_valid, df))
    )
    usable = (error > 0) & (freedom > 0) & (n > 1)
    scale = special.stdtrit(np.maximum(n - 1, 1), tail) / special.stdtrit(
        np.maximum(freedom, 1), tail
    )
    effective = np.where(usable, ratio(p * (1 - p), error**2) * scale**2, n)
    x = np.where(n > 0, p, 0.0) * effective
    rest = np.maximum(effective - x, 0.0)
    # a beta parameter of 0 (everyone alike) is the end of the scale
    low = np.where(x > 0, special.betaincinv(np.where(x > 0, x, 1.0), rest + 1, tail), 0.0)
    high = np.where(
        rest > 0, special.betaincinv(x + 1, np.where(rest > 0, rest, 1.0), 1 - tail), 1.0
    )
    return low, high


class WeightedShare(NamedTuple):
    """A share of weighted answers, with bounds."""

    rate: Floats
    """Weighted share; NaN where there is no answer."""
    low: Floats
    """Lower end; 0 where there is no answer."""
    high: Floats
    """Upper end; 1 where there is no answer."""


def weighted_share(
    n_valid: ArrayLike,
    weight: ArrayLike,
    weight_satisfied: ArrayLike,
    squares: ArrayLike,
    squares_satisfied: ArrayLike,
    *,
    level: float = 0.95,
) -> WeightedShare:
    """Estimate shares of answers that bear weights, from sums over each unit's answers.

    Parameters
    ----------
    n_valid : array_like of int
        Answers.
    weight, weight_satisfied : array_like of float
        Sum of the weights of all answers, and of the satisfied.
    squares, squares_satisfied : array_like of float
        Sums of their squares.
    level
        Confidence level, in (0, 1).

    Returns
    -------
    WeightedShare

    Raises
    ------
    ValueError
        If the level is outside (0, 1).

    Notes
    -----
    The standard error is that of a ratio of sums over independent answers, se² = n / (n - 1) Σ w²
    (y - p)² / (Σ w)²; the bounds are `korn_graubard`'s. Where all answered alike the error says
    nothing, and Kish's effective number of answers takes its place.

    Examples
    --------
    >>> made = weighted_share(4, 6.0, 5.0, 10.0, 9.0)
    >>> print(made.rate.round(3), made.low.round(3), made.high.round(3))
    0.833 0.25 0.999
    """
    n, total, good, every, of_good = (
        np.asarray(values, dtype=float)
        for values in (n_valid, weight, weight_satisfied, squares, squares_satisfied)
    )
    rate = ratio(good, total)
    spread = (1 - rate) ** 2 * of_good + rate**2 * (every - of_good)
    se = ratio(np.sqrt(spread * ratio(n, n - 1)), total)
    answers = np.where(se > 0, n, ratio(total**2, every))
    low, high = korn_graubard(rate, se, answers, df=n - 1, level=level)
    return WeightedShare(np.where(total > 0, rate, np.nan), low, high)


def effective_sample_size(weights: ArrayLike, n_valid: ArrayLike = 1) -> float:
    """Count the equally weighted answers that would be as precise, by Kish's approximation.

    Parameters
    ----------
    weights : array_like of float
        Weight of one answer (in each cell).
    n_valid : array_like of int
        Answers in each cell; 1 where `weights` has one entry an answer.

    Returns
    -------
    float
        (sum w)² / sum w², at most the number of answers.

    References
    ----------
    Kish, L. (1965). Survey Sampling, section 11.7.

    Examples
    --------
    >>> effective_sample_size([1.0, 1.0, 2.0])
    2.6666666666666665
    """
    w, n = np.broadcast_arrays(np.asarray(weights, dtype=float), np.asarray(n_valid, dtype=float))
    w = np.where(n > 0, w, 0.0)
    return float(np.sum(w * n) ** 2 / np.sum(w**2 * n))
