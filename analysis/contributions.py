"""The result of splitting a rate of dissatisfaction by dimension, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from analysis.imputation import barnard_rubin
from analysis.respondents import LeftOut
from analysis.withholding import Status

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


class Owen(NamedTuple):
    """Hold contributions by item.

    Attributes
    ----------
    items : ndarray, shape (k,)
    cluster_items : ndarray, shape (C, k)
    covariance, between : ndarray, shape (k, k)
        Of `items`, whole and the part due to blanks.
    """

    items: Floats
    cluster_items: Floats
    covariance: Floats
    between: Floats


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Breakdown:
    """Hold a rate of dissatisfaction split by dimension.

    ``observed_rate = floor_rate + contributions.sum() + residual``, exactly, and the same in
    every cluster. D dimensions, k items, C clusters (none where no clusters were given).

    Attributes
    ----------
    dimensions : tuple of str
        Names of the D dimensions.
    target : float
        The score to which items are raised.
    n : int
        Respondents used.
    n_dissatisfied : int
    events : int
        The smaller of the numbers of dissatisfied and satisfied respondents.
    observed_rate, predicted_rate, floor_rate, residual : float
        Weighted shares, 0–1: dissatisfied; by the model; by the model with all items raised to
        the target; observed minus predicted.
    contributions : ndarray, shape (D,)
        Shapley values; their sum is ``predicted_rate - floor_rate``.
    solo, last : ndarray, shape (D,)
        Fall of the rate when a dimension alone is raised, and when it is raised after all others.
    coefficients : ndarray, shape (D + 1,)
        Intercept and slopes that the contributions rest on.
    logit_coefficients : ndarray, shape (D + 1,)
        Intercept and slopes of the logit of dissatisfaction alone.
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
    coefficient_covariance, coefficient_between : ndarray, shape (D + 1, D + 1)
        Of the logit's coefficients: whole, and the part of it that comes from filling blanks.
    covariance : ndarray, shape (D, D)
        Covariance of the contributions, robust to clusters, by the influence formula; robust by
        respondent where there are fewer than 10 clusters.
    interval_covariance : ndarray, shape (D, D)
        The same from leaving out one cluster at a time, on which all intervals rest: with few
        clusters of unequal size the influence formula is too small. By respondent for a single
        cluster or none.
    floor_standard_error : float
    degrees_of_freedom : float
        Of the intervals: the effective number of clusters, (Σ weight)² / Σ weight², less one, and
        at most the number of clusters less two; of respondents for a single cluster or none.
    between : ndarray, shape (D, D)
        The part of the covariance that comes from filling blanks; zero for complete answers.
    draws : int
        Imputations combined; 1 for complete answers.
    n_at_target : int
        People whose items are all at the target or above (the median over the draws).
    vif : ndarray, shape (D,)
        Variance inflation factors of the dimension scores.
    status, flags
        How much may be shown; see `analysis.withholding.Withholding`.
    n_clusters : int or None
        None where no clusters were given.
    clusters : ndarray, shape (C,)
        Labels, sorted; the other ``cluster_`` arrays are in this order.
    cluster_n : ndarray of int, shape (C,)
    cluster_observed_rate, cluster_predicted_rate, cluster_floor_rate, cluster_residual
        ndarrays, shape (C,).
    cluster_contributions : ndarray, shape (C, D)
    cluster_standard_errors, cluster_difference_standard_errors : ndarray, shape (C, D)
        Of the cluster's contribution and of its difference from the whole.
    cluster_degrees_of_freedom : ndarray, shape (C, D)
    cluster_withheld : ndarray of bool, shape (C,)
        Clusters too small to show.
    split_items : callable
        Computes the split by item; `owen_items` calls it once.
    """

    dimensions: tuple[str, ...]
    target: float
    n: int
    n_dissatisfied: int
    events: int
    observed_rate: float
    predicted_rate: float
    floor_rate: float
    residual: float
    contributions: Floats
    solo: Floats
    last: Floats
    coefficients: Floats
    logit_coefficients: Floats
    parallel_slopes: Floats
    shrinkage: float
    p_parallel: float
    slope_variance: float
    p_same_slopes: float
    coefficient_covariance: Floats
    coefficient_between: Floats
    covariance: Floats
    interval_covariance: Floats
    floor_standard_error: float
    degrees_of_freedom: float
    between: Floats
    draws: int
    n_at_target: int
    vif: Floats
    status: Status
    flags: tuple[str, ...]
    n_clusters: int | None
    clusters: NDArray[Any]
    cluster_n: NDArray[np.intp]
    cluster_observed_rate: Floats
    cluster_predicted_rate: Floats
    cluster_floor_rate: Floats
    cluster_residual: Floats
    cluster_contributions: Floats
    cluster_standard_errors: Floats
    cluster_difference_standard_errors: Floats
    cluster_degrees_of_freedom: Floats
    cluster_withheld: NDArray[np.bool_]
    split_items: Callable[[], Owen]

    def __repr__(self) -> str:
        parts = zip(self.dimensions, self.contributions, strict=True)
        return (
            f"<{type(self).__name__} {self.status}: {self.observed_rate:.4f} observed = "
            f"{self.floor_rate:.4f} floor + {self.residual:.4f} residual + "
            f"{{{', '.join(f'{name}: {value:.4f}' for name, value in parts)}}}>"
        )

    @property
    def total(self) -> float:
        """Sum of the contributions, which is the predicted rate minus the floor."""
        return self.predicted_rate - self.floor_rate

    @property
    def standard_errors(self) -> Floats:
        """Standard errors of the contributions, shape (D,)."""
        return np.sqrt(np.diagonal(self.covariance))

    @property
    def owen_items(self) -> Floats:
        """Contribution of every item, shape (k,): Owen values, which add up in each dimension.

        Computed when first asked for, as it costs more than the breakdown itself.
        """
        return self._owen.items

    @property
    def cluster_owen_items(self) -> Floats:
        """Contribution of every item in every cluster, shape (C, k)."""
        return self._owen.cluster_items

    @cached_property
    def _owen(self) -> Owen:
        return self.split_items()

    def interval(self, level: float = 0.95) -> Interval:
        """Compute intervals of the contributions, each shape (D,)."""
        variance, between = np.diagonal(self.interval_covariance), np.diagonal(self.between)
        return self._around(self.contributions, variance, between, level)

    def item_interval(self, level: float = 0.95) -> Interval:
        """Compute intervals of the items' contributions, each shape (k,)."""
        variance, between = np.diagonal(self._owen.covariance), np.diagonal(self._owen.between)
        return self._around(self._owen.items, variance, between, level)

    def total_interval(self, level: float = 0.95) -> Interval:
        """Compute the interval of the sum of the contributions, each end shape (1,)."""
        variance, between = (
            self.interval_covariance.sum(keepdims=True),
            self.between.sum(keepdims=True),
        )
        return self._around(np.array([self.total]), variance[0], between[0], level)

    def floor_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Compute the interval of the floor, kept within 0–1."""
        reach = stdtrit(self.degrees_of_freedom, (1 + level) / 2) * self.floor_standard_error
        low, high = np.clip([self.floor_rate - reach, self.floor_rate + reach], 0.0, 1.0)
        return float(low), float(high)

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
        estimate = float(self.contributions[one] - self.contributions[other])
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
            np.isfinite(self.contributions)
        ):
            return np.full(d, np.nan)
        generator = np.random.default_rng(seed)
        values, vectors = np.linalg.eigh(self.interval_covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        freedom = self.degrees_of_freedom
        scale = np.sqrt(generator.chisquare(freedom, size=(draws, 1)) / freedom)
        draw = self.contributions + generator.standard_normal((draws, d)) @ root.T / scale
        return np.bincount(draw.argmax(axis=1), minlength=d) / draws

    def cluster_interval(self, level: float = 0.95) -> Interval:
        """Compute intervals of the clusters' contributions, each shape (C, D)."""
        reach = self._cluster_quantile(level) * self.cluster_standard_errors
        return Interval(self.cluster_contributions - reach, self.cluster_contributions + reach)

    def cluster_difference(self, level: float = 0.95) -> tuple[Floats, Interval]:
        """Compute each cluster's contributions minus the whole's, with intervals, shape (C, D)."""
        estimate = self.cluster_contributions - self.contributions
        reach = self._cluster_quantile(level) * self.cluster_difference_standard_errors
        return estimate, Interval(estimate - reach, estimate + reach)

    def _cluster_quantile(self, level: float) -> Floats:
        quantile: Floats = stdtrit(self.cluster_degrees_of_freedom, (1 + level) / 2)
        return quantile

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
