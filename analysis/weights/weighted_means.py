"""Means of weighted answers with their standard errors.

The *stratified* mean takes each cell (branch × role) as a random sample of its people. It works on
counts and sums per cell; no respondent is touched.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import Integers, check_counts

Floats = NDArray[np.float64]


class WeightedMean(NamedTuple):
    """Weighted mean with its standard error; arrays of the shape of the units."""

    mean: Floats
    """Estimate; NaN without an answer."""
    se: Floats
    """Standard error; 0 for a census and where all answers of each cell are alike, NaN for a single
    answer among several people."""
    df: Integers
    """Degrees of freedom: answers less strata, at least 0."""
    design_effect: Floats
    """Variance over that of a simple random sample of the same size; NaN where that is 0."""
    covered: Floats
    """Share of the people in cells that have an answer; the mean speaks for these."""


def stratified_mean(
    n_valid: ArrayLike,
    score_sum: ArrayLike,
    score_squares: ArrayLike,
    population: ArrayLike,
    *,
    fpc: bool = True,
) -> WeightedMean:
    """Estimate a mean from strata of known size.

    Parameters
    ----------
    n_valid, population : array_like of int, shape (…, n_strata)
        Answers and people of the strata of each unit; pad with strata of no people.
    score_sum, score_squares : array_like of float, shape (…, n_strata)
        Sum of the scores and of their squares.
    fpc
        Whether the finite-population correction applies (the answers are part of the people).

    Returns
    -------
    WeightedMean
        Arrays of shape (…).

    Raises
    ------
    ValueError
        If counts are impossible.

    Notes
    -----
    mean = sum W_h ybar_h, variance = sum W_h² (1 - n_h/N_h) s_h² / n_h, W_h = N_h/N over the strata
    with an answer. A stratum with a single answer among several people shows no variance of its
    own: that of all answers together stands in.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd ed., eq. 5.1 and 5.7. The design effect is
    that of Lumley, T. (2004). Journal of Statistical Software 9(8): without replacement.

    Examples
    --------
    Two strata of 30 and 10 people: 0.75 · 4 + 0.25 · 2.

    >>> result = stratified_mean([3, 2], [12.0, 4.0], [50.0, 10.0], [30, 10])
    >>> float(result.mean), round(float(result.se), 4), int(result.df)
    (3.5, 0.4677, 3)
    """
    _, n, N = check_counts(0, n_valid, population)
    total, squares = np.asarray(score_sum, float), np.asarray(score_squares, float)
    answered = n > 0
    people = np.where(answered, N, 0).astype(float)
    size = people.sum(axis=-1)
    weight = ratio(people, size[..., None])
    stratum_mean = np.where(answered, ratio(total, n), 0.0)
    mean = np.where(size > 0, np.sum(weight * stratum_mean, axis=-1), np.nan)

    within = squares - total * stratum_mean
    within = np.where(within > 1e-12 * squares, within, 0.0)  # else rounding of equal scores
    apart = np.where(answered, ratio(within, n) + (stratum_mean - mean[..., None]) ** 2, 0.0)
    answers = n.sum(axis=-1)
    overall = np.sum(weight * apart, axis=-1) * ratio(answers, answers - 1.0)
    variance = np.where(n > 1, ratio(within, n - 1.0), overall[..., None])
    unseen = np.where(answered, 1 - ratio(n, N), 0.0) if fpc else answered.astype(float)
    se = np.sqrt(np.sum(weight**2 * unseen * np.where(answered, ratio(variance, n), 0.0), axis=-1))
    return WeightedMean(
        mean=np.asarray(mean),
        se=np.asarray(se),
        df=np.asarray(np.maximum(answers - answered.sum(axis=-1), 0)),
        design_effect=design_effect(se, overall, answers, size),
        covered=np.where(N.sum(axis=-1) > 0, ratio(size, N.sum(axis=-1)), 1.0),
    )


def design_effect(
    se: ArrayLike, variance: ArrayLike, n_valid: ArrayLike, population: ArrayLike
) -> Floats:
    """Compare a variance with that of a simple random sample without replacement.

    Parameters
    ----------
    se : array_like of float
        Standard error of the weighted mean.
    variance : array_like of float
        Weighted variance of the scores, p(1-p) n/(n-1) for a share.
    n_valid, population : array_like
        Answers and people.

    Returns
    -------
    ndarray of float
        se² / ((1 - n/N) variance / n); NaN where that is 0 (a census, all answers alike).

    References
    ----------
    Kish, L. (1965). Survey Sampling, section 8.2.

    Examples
    --------
    >>> design_effect([0.03], [0.16], [100], [500]).round(4)
    array([0.7031])
    """
    n, N = np.asarray(n_valid, dtype=float), np.asarray(population, dtype=float)
    simple = (1 - ratio(n, N)) * ratio(np.asarray(variance, dtype=float), n)
    return ratio(np.asarray(se, dtype=float) ** 2, np.where(simple > 1e-20, simple, 0.0))


def ratio(upper: ArrayLike, lower: ArrayLike) -> Floats:
    """Divide, NaN where the divisor is not positive.

    Parameters
    ----------
    upper, lower : array_like
        Broadcast against each other.

    Returns
    -------
    ndarray of float

    Examples
    --------
    >>> ratio([1, 1], [2, 0])
    array([0.5, nan])
    """
    a, b = np.broadcast_arrays(np.asarray(upper, dtype=float), np.asarray(lower, dtype=float))
    return np.asarray(np.divide(a, b, out=np.full(a.shape, np.nan), where=b > 0))
