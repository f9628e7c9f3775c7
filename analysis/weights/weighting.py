"""University-level figures from groups that answered unequally.

The *stratified* estimator takes each cell (branch × role) as a random sample of its people; a
weighted share counts each answer by a weight of the user's own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import Integers, check_counts
from analysis.proportions.intervals import clopper_pearson

Floats = NDArray[np.float64]


class WeightedProportion(NamedTuple):
    """Weighted share satisfied with its interval; arrays of the shape of the units."""

    rate: Floats
    """Estimate; NaN without an answer."""
    low: Floats
    """Lower bound, in [0, 1]."""
    high: Floats
    """Upper bound, in [0, 1]."""
    se: Floats
    """Standard error; 0 for a census and where all answers of each stratum are alike, NaN for a
    single answer among several people."""
    df: Integers
    """Degrees of freedom: answers less strata, at least 0."""


def stratified_proportion(
    n_satisfied: ArrayLike, n_valid: ArrayLike, population: ArrayLike, *, level: float = 0.95
) -> WeightedProportion:
    """Estimate a share from strata of known size, with an interval.

    Parameters
    ----------
    n_satisfied : array_like of float, shape (…, n_strata)
        Satisfied answers of the strata of each unit, counted or expected, in [0, n_valid].
    n_valid, population : array_like of int, shape (…, n_strata)
        Counts of the strata; pad with strata of no people.
    level
        Confidence level, in (0, 1).

    Returns
    -------
    WeightedProportion
        Arrays of shape (…), with the interval of `korn_graubard`. A census is a point; where the
        standard error is 0 otherwise, it is Clopper and Pearson's with the number of answers.

    Raises
    ------
    ValueError
        If counts are impossible, or the level is outside (0, 1).

    Notes
    -----
    rate = sum W_h p_h, variance = sum W_h² (1 - n_h/N_h) s_h² / n_h, W_h = N_h/N over the strata
    with an answer. A stratum with a single answer among several people shows no variance of its
    own: that of all answers together stands in.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., ch. 5.

    Examples
    --------
    >>> result = stratified_proportion([9, 30], [10, 40], [50, 200])
    >>> [round(float(value), 4) for value in result[:4]]
    [0.78, 0.6563, 0.8755, 0.0527]
    """
    x = np.asarray(n_satisfied, dtype=float)
    _, n, N = check_counts(np.ceil(x), n_valid, population)
    answered = n > 0
    people = np.where(answered, N, 0).astype(float)
    size = people.sum(axis=-1)
    weight = _ratio(people, size[..., None])
    share = np.where(answered, _ratio(x, n), 0.0)
    rate = np.where(size > 0, np.sum(weight * share, axis=-1), np.nan)

    spread = share * (1 - share)
    apart = np.where(answered, spread + (share - rate[..., None]) ** 2, 0.0)
    answers = n.sum(axis=-1)
    overall = np.sum(weight * apart, axis=-1) * _ratio(answers, answers - 1.0)
    variance = np.where(n > 1, spread * _ratio(n, n - 1.0), overall[..., None])
    unseen = np.where(answered, (1 - _ratio(n, N)) * _ratio(variance, n), 0.0)
    se = np.sqrt(np.sum(weight**2 * unseen, axis=-1))
    df = np.maximum(answers - answered.sum(axis=-1), 0)
    low, high = korn_graubard(rate, se, answers, df=df, level=level)
    census = (answers == N.sum(axis=-1)) & (answers > 0)
    return WeightedProportion(
        rate, np.where(census, rate, low), np.where(census, rate, high), se, df
    )


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
    effective = np.where(usable, _ratio(p * (1 - p), error**2) * scale**2, n)
    x = np.where(n > 0, p, 0.0) * effective
    rest = np.maximum(effective - x, 0.0)
    return clopper_pearson(x, rest, 1 - level)


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
    rate = _ratio(good, total)
    spread = (1 - rate) ** 2 * of_good + rate**2 * (every - of_good)
    se = _ratio(np.sqrt(spread * _ratio(n, n - 1)), total)
    answers = np.where(se > 0, n, _ratio(total**2, every))
    low, high = korn_graubard(rate, se, answers, df=n - 1, level=level)
    return WeightedShare(np.where(total > 0, rate, np.nan), low, high)


def _ratio(upper: ArrayLike, lower: ArrayLike) -> Floats:
    """Divide, NaN where the divisor is not positive."""
    a, b = np.broadcast_arrays(np.asarray(upper, dtype=float), np.asarray(lower, dtype=float))
    return np.asarray(np.divide(a, b, out=np.full(a.shape, np.nan), where=b > 0))
