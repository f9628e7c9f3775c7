"""The result of splitting a rate of dissatisfaction by dimension, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from analysis.breakdown.imputation import barnard_rubin
from analysis.breakdown.respondents import LeftOut
from analysis.breakdown.withholding import Status

Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """Hold the two ends of intervals."""

    low: Floats
    high: Floats


class Difference(NamedTuple):
    """Hold a difference with its interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """Hold the rate of dissatisfaction of one unit, or of many, split into parts.

    ``observed_rate = floor_rate + contributions.sum(axis=-1) + residual``, exactly. For one unit
    rates are scalars and the others have shape (P,), for U units (U,) and (U, P).

    Attributes
    ----------
    n : ndarray of int
        Respondents used.
    observed_rate, predicted_rate, floor_rate : ndarray
        Weighted shares, 0–1: dissatisfied; by the model; by the model with all items raised to
        the target.
    contributions : ndarray
        Of P dimensions or items; their sum is ``predicted_rate - floor_rate``.
    standard_errors, degrees_of_freedom : ndarray
        Of the contributions' intervals.
    upward : float
        How many times as far as downwards intervals reach upwards.
    """

    n: NDArray[np.intp]
    observed_rate: Floats
    predicted_rate: Floats
    floor_rate: Floats
    contributions: Floats
    standard_errors: Floats
    degrees_of_freedom: Floats
    upward: float = 1.0

    @property
    def residual(self) -> Floats:
        """Observed minus predicted rate."""
        return self.observed_rate - self.predicted_rate

    @property
    def total(self) -> Floats:
        """Sum of the contributions, which is the predicted rate minus the floor."""
        return self.predicted_rate - self.floor_rate

    def interval(self, level: float = 0.95) -> Interval:
        """Compute intervals of the contributions, by Student's t."""
        reach = stdtrit(self.degrees_of_freedom, (1 + level) / 2) * self.standard_errors
        return Interval(self.contributions - reach, self.contributions + self.upward * reach)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Breakdown:
    """Hold a rate of dissatisfaction split by dimension, in the whole and by cluster.

    D dimensions, k items, C clusters (none where no clusters were given).

    Attributes
    ----------
    dimensions : tuple of str
        Names of the D dimensions.
    target : float
        The score to which items are raised.
    whole : Split
        Shapley values of the D dimensions.
    by_cluster : Split
        The same in each of the C clusters.
    differences : Split
        Each cluster's less the whole's, term by term.
    labels : ndarray, shape (C,)
        Of the clusters, sorted.
    is_withheld : ndarray of bool, shape (C,)
        Clusters too small to show.
    n_clusters : int or None
        None where no clusters were given.
    n_dissatisfied : int
    events : int
        The smaller of the numbers of dissatisfied and satisfied respondents.
    n_at_target : int
        People whose items are all at the target or above (the median over the draws).
    solo, last : ndarray, shape (D,)
        Fall of the rate when a dimension alone is raised, and when it is raised after all others.
    coefficients : ndarray, shape (D + 1,)
        Intercept and slopes that the contributions rest on.
    logit_coefficients : ndarray, shape (D + 1,)
        Intercept and slopes of the logit of dissatisfaction alone.
    coefficient_covariance, coefficient_between : ndarray, shape (D + 1, D + 1)
        Of the logit's coefficients: whole, and the part of it that comes from filling blanks.
    parallel_slopes : ndarray, shape (D,)
        Slopes of the proportional-odds model of the whole answer; NaN where it was not fitted.
    shrinkage : float
        How far the slopes are taken from the logit's to the parallel ones, 0 to 1.
    p_parallel : float
        Of the test that slopes are the same at all cuts; NaN where it was not made.
    slope_variance : float
        Variance of a slope between clusters as a multiple of its square; NaN where clusters were
        taken to share their slopes.
    p_same_slopes : float
        Of the test that they do.
    vif : ndarray, shape (D,)
        Variance inflation factors of the dimension scores.
    covariance : ndarray, shape (D, D)
        Covariance of the whole's contributions, robust to clusters, by the influence formula;
        robust by respondent where there are fewer than 10 clusters.
    interval_covariance : ndarray, shape (D, D)
        The same from leaving out one cluster at a time, on which all intervals rest: with few
        clusters of unequal size the influence formula is too small. By respondent for a single
        cluster or none.
    degrees_of_freedom : float
        Of the whole's intervals without blanks: the effective number of clusters,
        (Σ weight)² / Σ weight², less one, and at most the number of clusters less two; of
        respondents for a single cluster or none.
    between : ndarray, shape (D, D)
        The part of the covariance that comes from filling blanks; zero for complete answers.
    draws : int
        Imputations combined; 1 for complete answers.
    status, flags
        How much may be shown; see `analysis.withholding.Withholding`.
    split_items : callable
        Computes the split by item; `items` calls it once.
    """

    dimensions: tuple[str, ...]
    target: float
    whole: Split
    by_cluster: Split
    differences: Split
    labels: NDArray[Any]
    is_withheld: NDArray[np.bool_]
    n_clusters: int | None
    n_dissatisfied: int
    events: int
    n_at_target: int
    solo: Floats
    last: Floats
    coefficients: Floats
    logit_coefficients: Floats
    coefficient_covariance: Floats
    coefficient_between: Floats
    parallel_slopes: Floats
    shrinkage: float
    p_parallel: float
    slope_variance: float
    p_same_slopes: float
    vif: Floats
    covariance: Floats
    interval_covariance: Floats
    degrees_of_freedom: float
    between: Floats
    draws: int
    status: Status
    flags: tuple[str, ...]
    split_items: Callable[[], Split]

    def __repr__(self) -> str:
        whole = self.whole
        parts = zip(self.dimensions, whole.contributions, strict=True)
        return (
            f"<{type(self).__name__} {self.status}: {whole.observed_rate:.4f} observed = "
            f"{whole.floor_rate:.4f} floor + {whole.residual:.4f} residual + "
            f"{{{', '.join(f'{name}: {value:.4f}' for name, value in parts)}}}>"
        )

    @cached_property
    def items(self) -> Split:
        """The whole split by its k items, which add up in each dimension.

        Computed when first asked for, as it costs more than the breakdown itself.
        """
        return self.split_items()

    def total_interval(self, level: float = 0.95) -> Interval:
        """Compute the interval of the sum of the contributions, each end shape (1,)."""
        variance, between = (
            self.interval_covariance.sum(keepdims=True),
            self.between.sum(keepdims=True),
        )
        return self._around(np.array([self.whole.total]), variance[0], between[0], level)

    def difference(self, d: int | str, e: int | str, *, level: float = 0.95) -> Difference:
        """Compute the contribution of dimension `d` minus that of `e` with its interval.

        Parameters
        ----------
        d, e : int or str
            Positions or names of dimensions.
        level : float

        Returns
        -------
        Difference
        """
        one, other = self._position(d), self._position(e)
        contrast = np.zeros(len(self.dimensions))
        contrast[one] += 1.0
        contrast[other] -= 1.0
        contributions = self.whole.contributions
        estimate = float(contributions[one] - contributions[other])
        low, high = self._around(
            np.array([estimate]),
            np.atleast_1d(contrast @ self.interval_covariance @ contrast),
            np.atleast_1d(contrast @ self.between @ contrast),
            level,
        )
        return Difference(estimate, float(low[0]), float(high[0]))

    def distinguishable(self, level: float = 0.95) -> NDArray[np.bool_]:
        """Tell which pairs of dimensions may be ordered, shape (D, D).

        True where the interval of their difference excludes 0 and the breakdown is shown in
        full: an indicative one has no order.
        """
        d = len(self.dimensions)
        result = np.zeros((d, d), dtype=bool)
        if self.status == "full":
            for one in range(d):
                for other in range(one):
                    _, low, high = self.difference(one, other, level=level)
                    result[one, other] = result[other, one] = low > 0 or high < 0
        return result

    def probability_first(self, seed: int, *, draws: int = 20_000) -> Floats:
        """Estimate the chance that each dimension has the largest contribution, shape (D,).

        Parameters
        ----------
        seed : int
        draws : int

        Returns
        -------
        ndarray, shape (D,)
            Adds up to 1; NaN where there is no breakdown.

        Notes
        -----
        Gaussian multiplier draws of the clusters' influences are, given the data, normal draws
        with the covariance of the contributions; so no influence is kept. They are scaled to
        Student's t with the same degrees of freedom as the intervals.
        """
        d = len(self.dimensions)
        if not np.all(np.isfinite(self.interval_covariance)) or not np.all(
            np.isfinite(self.whole.contributions)
        ):
            return np.full(d, np.nan)
        generator = np.random.default_rng(seed)
        # whatever the order that dimensions are given in
        order = np.argsort(self.whole.contributions, kind="stable")
        covariance = self.interval_covariance[np.ix_(order, order)]
        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
        freedom = self.degrees_of_freedom
        scale = np.sqrt(generator.chisquare(freedom, size=(draws, 1)) / freedom)
        noise = generator.standard_normal((draws, d)) @ root / scale
        first = order[(self.whole.contributions[order] + noise).argmax(axis=1)]
        return np.bincount(first, minlength=d) / draws

    def _around(
        self, estimate: Floats, variance: Floats, between: Floats, level: float
    ) -> Interval:
        freedom = barnard_rubin(variance, between, self.draws, self.degrees_of_freedom)
        reach = stdtrit(freedom, (1 + level) / 2) * np.sqrt(np.maximum(variance, 0.0))
        return Interval(estimate - reach, estimate + reach)

    def _position(self, dimension: int | str) -> int:
        return self.dimensions.index(dimension) if isinstance(dimension, str) else dimension


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ImputedBreakdown(Breakdown):
    """Hold a breakdown combined over fills of the blanks, with what was left out.

    Attributes
    ----------
    n_rows : int
        Rows given.
    n_used : int
        Rows used; ``n_rows = n_used + sum(n_dropped.values())``.
    n_dropped : mapping of str to int
        ``"no_overall"``: without an answer on the whole; ``"few_items"``: with too few items
        answered.
    share_blank : float
        Share of blank cells among the rows used.
    imputation : str
        ``"none"``, ``"conditional_mean"`` or ``"multiple"``.
    items_unanswered : tuple of int
        Columns nobody answered; their dimensions are the mean of their other items.
    left_out : mapping of str to str
        Dimensions that are not among ``dimensions``: ``"not_asked"`` where nobody answered any
        item, ``"alike"`` where everybody gave the same answers.
    """

    n_rows: int
    n_used: int
    n_dropped: Mapping[str, int]
    share_blank: float
    imputation: str
    items_unanswered: tuple[int, ...]
    left_out: Mapping[str, LeftOut]
