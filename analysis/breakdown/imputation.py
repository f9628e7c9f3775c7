"""Fill blank items from a normal model, several times, and combine what is computed from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.breakdown.canonical import canonical_order
from analysis.breakdown.normal_model import (
    NormalModel,
    em_normal,
    fill_blanks,
    read_blanks,
)
from analysis.breakdown.respondents import Answers

__all__ = [
    "Combined",
    "Imputation",
    "NormalModel",
    "barnard_rubin",
    "em_normal",
    "fill_blanks",
    "fill_once",
    "impute",
    "read_blanks",
    "rubin",
]

Floats = NDArray[np.float64]
Method = Literal["none", "conditional_mean", "multiple"]

SINGLE_UP_TO = 0.05  # share of blanks up to which one fill is as good as many
MIN_BOOTSTRAP_CLUSTERS = 10


class Combined(NamedTuple):
    """Hold an estimate combined over imputations.

    Attributes
    ----------
    estimate : ndarray, shape (k,)
    covariance : ndarray, shape (k, k)
        Within plus between.
    between : ndarray, shape (k, k)
        (1 + 1/m) times the covariance of the m estimates: the part due to blanks.
    """

    estimate: Floats
    covariance: Floats
    between: Floats


@dataclass(frozen=True)
class Imputation:
    """Hold items with blanks and what fills them.

    Attributes
    ----------
    items : ndarray, shape (n, k)
        As given, NaN where blank.
    fills : ndarray, shape (draws, blanks)
        Values for the blanks in row-major order.
    method : str
        ``"none"`` (no blanks), ``"conditional_mean"`` or ``"multiple"``.
    share_blank : float
        Share of the cells that were blank.
    draw : callable, optional
        Makes the fill of any number, for `extended`.
    """

    items: Floats
    fills: Floats
    method: Method
    share_blank: float
    draw: Callable[[int], Floats] | None = None

    def __len__(self) -> int:
        return len(self.fills)

    def __iter__(self) -> Iterator[Floats]:
        for number in range(len(self)):
            yield self.completed(number)

    def extended(self, draws: int) -> Imputation:
        """Add fills until there are `draws`; the first ones stay as they are."""
        if self.draw is None or draws <= len(self):
            return self
        further = [self.draw(number) for number in range(len(self), draws)]
        return replace(self, fills=np.vstack([self.fills, *further]))

    def completed(self, number: int) -> Floats:
        """Fill the blanks with draw `number`, shape (n, k)."""
        result = self.items.copy()
        result[np.isnan(result)] = self.fills[number]
        return result


def impute(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    *,
    draws: int = 20,
    seed: int,
    clusters: ArrayLike | None = None,
    counts: Floats | None = None,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    bootstrap: bool = True,
    single_up_to: float = SINGLE_UP_TO,
    once: Floats | None = None,
) -> Imputation:
    """Fill blank items so that what is computed from them is neither flattened nor too certain.

    Parameters
    ----------
    items : array_like, shape (n, k)
        NaN where blank.
    dissatisfied : array_like of 0 and 1, shape (n,)
        The outcome; it helps to draw, and is never imputed.
    draws : int
    seed : int
        Of draws that follow the answers: they are the same in whatever order people, items and
        branches are, and whatever these are called.
    clusters : array_like of int, shape (n,), optional
        Branch codes. Whole branches are resampled where there are at least 10, else respondents.
    counts : ndarray, shape (n,), optional
        People of each row; one where it has a blank.
    bounds : pair of array_like, optional
        Ends of the scale; by default the least and the greatest answer.
    bootstrap : bool
        Whether each draw estimates the model anew on resampled clusters, so that the
        uncertainty of the model counts too.
    single_up_to : float
        Up to this share of blanks one conditional mean (without the outcome) fills them.
    once : ndarray, shape (n, k), optional
        The items filled by conditional means, where that was done before.

    Returns
    -------
    Imputation

    References
    ----------
    Honaker, J. and King, G. (2010), What to do about missing values in time-series
    cross-section data, American Journal of Political Science 54, 561-581 (EM with bootstrap).
    Moons, K. G. M. et al. (2006), Using the outcome for imputation of missing predictor values
    was preferred, Journal of Clinical Epidemiology 59, 1092-1101.

    Examples
    --------
    >>> nan = float("nan")
    >>> result = impute([[1, 2], [2, nan], [3, 3], [4, 5]] * 5, [1, 1, 0, 0] * 5, draws=3, seed=1)
    >>> result.method, len(result), result.share_blank
    ('multiple', 3, 0.125)
    """
    x = np.asarray(items, dtype=np.float64)
    blank = np.isnan(x)
    people = np.ones(len(x)) if counts is None else counts
    share = float(people @ blank.mean(axis=1) / people.sum()) if blank.size else 0.0
    if not blank.any():
        return Imputation(x, np.empty((1, 0)), "none", share)
    ends = (np.nanmin(x), np.nanmax(x)) if bounds is None else bounds
    if share <= single_up_to:
        if once is None:
            held = read_blanks(x)
            fill = fill_blanks(held, em_normal(held, weights=people), bounds=ends)
        else:
            fill = once[blank]
        return Imputation(x, fill[None, :], "conditional_mean", share)
    outcome = np.asarray(dissatisfied, dtype=np.float64)
    order = canonical_order(x, outcome, people, clusters)
    joint = np.column_stack([x[order.rows][:, order.columns], outcome[order.rows]])
    people = people[order.rows]
    low, high = (np.append(np.broadcast_to(end, x.shape[1])[order.columns], np.nan) for end in ends)
    codes, sizes = np.arange(len(x)), people
    if clusters is not None and order.clusters.max() + 1 >= MIN_BOOTSTRAP_CLUSTERS:
        codes, sizes = order.clusters, np.ones(order.clusters.max() + 1)
    held = read_blanks(joint)
    model = em_normal(held, weights=people)
    answered = ~np.isnan(joint[:, :-1])
    place = order.back(~answered)[blank]

    def draw(number: int) -> Floats:
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
        drawn = model
        if bootstrap:  # to a twentieth of the sampling error, enough for its purpose
            times = people * _resample(codes, sizes, answered, generator)
            tolerance = 0.05 / np.sqrt(people.sum())
            drawn = em_normal(held, weights=times, start=model, tolerance=tolerance)
        return fill_blanks(held, drawn, generator, bounds=(low, high))[place]

    first = Imputation(x, np.empty((0, np.count_nonzero(blank))), "multiple", share, draw)
    return first.extended(draws)


def fill_once(answers: Answers, bounds: tuple[ArrayLike, ArrayLike] | None = None) -> Floats:
    """Fill blanks by conditional means, shape (n, k); columns of no dimension get 0."""
    filled = np.zeros_like(answers.items)
    part = answers.items[:, answers.columns]
    if part.size:
        fills = impute(
            part,
            answers.outcome,
            seed=0,
            counts=answers.counts,
            bounds=bounds,
            single_up_to=1.0,
        )
        filled[:, answers.columns] = fills.completed(0)
    return filled


def rubin(estimates: ArrayLike, covariances: ArrayLike) -> Combined:
    """Combine estimates from m imputations.

    Parameters
    ----------
    estimates : array_like, shape (m, k)
    covariances : array_like, shape (m, k, k)

    Returns
    -------
    Combined

    References
    ----------
    Rubin, D. B. (1987), Multiple Imputation for Nonresponse in Surveys, eq. 3.1.2-3.1.5.

    Examples
    --------
    >>> rubin([[1.0], [3.0]], [[[0.5]], [[0.5]]])
    Combined(estimate=array([2.]), covariance=array([[3.5]]), between=array([[3.]]))
    """
    points = np.asarray(estimates, dtype=np.float64)
    within = np.asarray(covariances, dtype=np.float64).mean(axis=0)
    m = len(points)
    deviation = points - points.mean(axis=0)
    between: Floats = (1 + 1 / m) * deviation.T @ deviation / max(m - 1, 1)
    return Combined(points.mean(axis=0), within + between, between)


def barnard_rubin(total: ArrayLike, between: ArrayLike, draws: int, complete: ArrayLike) -> Floats:
    """Compute the degrees of freedom of an estimate combined over imputations.

    Parameters
    ----------
    total : array_like
        Total variance.
    between : array_like
        Its part from between the imputations, (1 + 1/m) times their variance.
    draws : int
        Number of imputations m; 1 means complete data.
    complete : array_like
        Degrees of freedom without blanks.

    Returns
    -------
    ndarray

    References
    ----------
    Barnard, J. and Rubin, D. B. (1999), Small-sample degrees of freedom with multiple
    imputation, Biometrika 86, 948-955.

    Examples
    --------
    >>> barnard_rubin([2.0, 2.0], [1.0, 1.0], 20, [19.0, 0.0]).round(2).tolist()
    [7.76, 0.0]
    """
    variance = np.asarray(total, dtype=np.float64)
    freedom = np.broadcast_to(np.asarray(complete, dtype=np.float64), variance.shape)
    if draws == 1:
        return freedom.copy()
    share = np.clip(np.asarray(between) / np.maximum(variance, 1e-300), 1e-12, 1.0 - 1e-12)
    observed = (freedom + 1) / (freedom + 3) * freedom * (1 - share)
    result: Floats = observed / (1 + observed * share**2 / (draws - 1))
    return result


def _resample(
    codes: NDArray[np.intp],
    sizes: Floats,
    answered: NDArray[np.bool_],
    generator: np.random.Generator,
) -> Floats:
    """Draw groups with replacement until every column has an answer; how often each row came.

    Groups are clusters, of size 1, or the people of a row, as many as it has.
    """
    total = sizes.sum()
    while True:
        chosen = generator.multinomial(int(total), sizes / total) / sizes
        times: Floats = chosen[codes]
        if np.all(times @ answered > 0):
            return times
