"""Numbers of a breakdown with their uncertainty: in the whole, by cluster and by item."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import logit, shapley
from analysis.contributions import Owen
from analysis.respondents import Respondents
from analysis.withholding import MIN_CLUSTERS

Floats = NDArray[np.float64]


def estimate(
    people: Respondents,
    scores: Floats,
    gaps: Floats,
    beta: Floats,
    fitted: logit.LogitFit | None,
) -> dict[str, Any]:
    """Compute the numbers of the breakdown and their uncertainty."""
    y, w, segments = people.outcome, people.weights, people.segments
    d = scores.shape[1]
    sums = shapley.shapley_sums(scores, gaps, w, beta, segments)
    v = sums.set_means
    single = 1 << np.arange(d)
    total = w.sum()
    observed = float(w @ y / total)
    mean = sums.values @ w / total
    jacobian = sums.jacobians.sum(axis=2) / total

    covariance = _covariance(people, sums.values, jacobian, scores, beta, fitted)
    coefficient_covariance = np.zeros((d + 1, d + 1))
    if fitted is not None:
        by_group = _by_group(people, logit.score_rows(scores, y, w, beta))
        coefficient_covariance = logit.robust_covariance(by_group, fitted.hessian)
    freedom = (people.labels.size if people.labels.size >= MIN_CLUSTERS else y.size) - 1.0
    return {
        "observed_rate": observed,
        "predicted_rate": float(v[0]),
        "floor_rate": float(v[-1]),
        "residual": observed - float(v[0]),
        "contributions": mean[:d],
        "solo": v[0] - v[single],
        "last": v[(1 << d) - 1 - single] - v[-1],
        "coefficient_covariance": coefficient_covariance,
        "covariance": covariance[:d, :d],
        "floor_standard_error": float(np.sqrt(covariance[d, d])),
        "degrees_of_freedom": freedom,
        **_by_cluster(people, sums, mean, jacobian, coefficient_covariance, freedom),
    }


def _by_group(people: Respondents, values: Floats) -> Floats:
    """Add respondents' values up to what the covariance takes as independent."""
    return people.segments.sums(values) if people.labels.size >= MIN_CLUSTERS else values


def _covariance(
    people: Respondents,
    values: Floats,
    jacobian: Floats,
    scores: Floats,
    beta: Floats,
    fitted: logit.LogitFit | None,
) -> Floats:
    """Compute the covariance of weighted means of (f, n) `values` that depend on the slopes."""
    share = people.weights / people.weights.sum()
    influence = _by_group(people, (values - (values @ share)[:, None]) * share)
    if fitted is not None:
        score_sums = _by_group(
            people, logit.score_rows(scores, people.outcome, people.weights, beta)
        )
        influence = influence + jacobian @ np.linalg.solve(fitted.hessian, score_sums)
    groups = influence.shape[1]
    covariance: Floats = influence @ influence.T * (groups / max(groups - 1, 1))
    return covariance


def _by_cluster(
    people: Respondents,
    sums: shapley.ShapleySums,
    mean: Floats,
    jacobian: Floats,
    coefficient_covariance: Floats,
    freedom: float,
) -> dict[str, Any]:
    """Compute the same split inside every cluster, with standard errors."""
    w, segments = people.weights, people.segments
    c, d = people.labels.size, mean.size - 1
    n = np.bincount(segments.codes, minlength=segments.n_clusters)[:c]
    weight = segments.sums(w)
    with np.errstate(invalid="ignore", divide="ignore"):  # a cluster without weight has no rate
        observed = segments.sums(w * people.outcome) / weight
        own_mean = segments.sums(sums.values * w) / weight
        own_jacobian = sums.jacobians / weight
        deviation = (sums.values[:d] - own_mean[:d, segments.codes]) * w
        spread = segments.sums(deviation**2) / weight**2 * (n / (n - 1.0))
    share = weight / w.sum()
    rest = spread * (1 - share) ** 2 + (
        (spread * share**2).sum(axis=1)[:, None] - spread * share**2
    )
    shared = _quadratic(own_jacobian[:d], coefficient_covariance)
    apart = _quadratic(own_jacobian[:d] - jacobian[:d, :, None], coefficient_covariance)
    return {
        "clusters": people.labels,
        "cluster_n": n,
        "cluster_observed_rate": observed[:c],
        "cluster_predicted_rate": own_mean.sum(axis=0)[:c],
        "cluster_floor_rate": own_mean[d, :c],
        "cluster_residual": (observed - own_mean.sum(axis=0))[:c],
        "cluster_contributions": own_mean[:d, :c].T,
        "cluster_standard_errors": np.sqrt(shared + spread)[:, :c].T,
        "cluster_difference_standard_errors": np.sqrt(apart + rest)[:, :c].T,
        "cluster_degrees_of_freedom": _satterthwaite(shared, freedom, spread, np.subtract(n, 1.0))[
            :, :c
        ].T,
    }


def _satterthwaite(one: Floats, one_df: float, other: Floats, other_df: Floats) -> Floats:
    """Compute the degrees of freedom of a sum of two variances (Satterthwaite 1946)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Floats = (one + other) ** 2 / (one**2 / one_df + other**2 / other_df)
    return result


def undefined(people: Respondents) -> dict[str, Any]:
    """Hold what is known where the model has no maximum: the observed rates."""
    y, w, segments = people.outcome, people.weights, people.segments
    c, d = people.labels.size, len(people.dimensions)
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = np.divide(w @ y, w.sum())
        cluster_observed = (segments.sums(w * y) / segments.sums(w))[:c]
    by_dimension, by_cluster, by_both = (
        np.full(d, np.nan),
        np.full(c, np.nan),
        np.full((c, d), np.nan),
    )
    return {
        "observed_rate": float(observed),
        **dict.fromkeys(("predicted_rate", "floor_rate", "residual"), np.nan),
        **dict.fromkeys(("floor_standard_error", "degrees_of_freedom"), np.nan),
        **dict.fromkeys(("contributions", "solo", "last"), by_dimension),
        "coefficient_covariance": np.full((d + 1, d + 1), np.nan),
        "covariance": np.full((d, d), np.nan),
        "clusters": people.labels,
        "cluster_n": np.bincount(segments.codes, minlength=segments.n_clusters)[:c],
        "cluster_observed_rate": cluster_observed,
        **dict.fromkeys(
            ("cluster_predicted_rate", "cluster_floor_rate", "cluster_residual"), by_cluster
        ),
        **dict.fromkeys(
            (
                "cluster_contributions",
                "cluster_standard_errors",
                "cluster_difference_standard_errors",
                "cluster_degrees_of_freedom",
            ),
            by_both,
        ),
    }


def _quadratic(jacobians: Floats, covariance: Floats) -> Floats:
    """Compute j' V j for (f, i, c) jacobians, shape (f, c)."""
    product: Floats = np.einsum("fic,ij,fjc->fc", jacobians, covariance, jacobians, optimize=True)
    return product


def split_items(
    people: Respondents, target: float, beta: Floats, fitted: logit.LogitFit | None
) -> Owen:
    """Split the contributions by item, in the whole and by cluster."""
    k, c = people.items.shape[1], people.labels.size
    if not np.all(np.isfinite(beta)) or people.weights.sum() == 0:
        return _no_items(c, k)
    w, segments = people.weights, people.segments
    sums = shapley.owen_sums(people.items, people.dimensions, target, w, beta)
    scores, _ = shapley.dimension_scores(people.items, people.dimensions, target)
    with np.errstate(invalid="ignore", divide="ignore"):  # a cluster without weight
        by_cluster = segments.sums(sums.values * w) / segments.sums(w)
    return Owen(
        sums.values @ w / w.sum(),
        by_cluster[:, :c].T,
        _covariance(people, sums.values, sums.jacobian, scores, beta, fitted),
        np.zeros((k, k)),
    )


def _no_items(n_clusters: int, n_items: int) -> Owen:
    """Hold the split by item where there is no model."""
    undefined = np.full((n_items, n_items), np.nan)
    return Owen(undefined[0], np.full((n_clusters, n_items), np.nan), undefined, undefined)
