"""Combine breakdowns of the same respondents over several fills of their blanks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.contributions import Breakdown, Owen
from analysis.imputation import barnard_rubin, rubin
from analysis.withholding import withholding

Floats = NDArray[np.float64]

_SAME = (
    "dimensions",
    "target",
    "n",
    "n_dissatisfied",
    "events",
    "n_clusters",
    "clusters",
    "cluster_n",
    "cluster_withheld",
)
_MEANS = (
    "observed_rate",
    "predicted_rate",
    "floor_rate",
    "residual",
    "contributions",
    "solo",
    "last",
    "coefficients",
    "logit_coefficients",
    "parallel_slopes",
    "shrinkage",
    "slope_variance",
    "degrees_of_freedom",
    "vif",
    "cluster_observed_rate",
    "cluster_predicted_rate",
    "cluster_floor_rate",
    "cluster_residual",
    "cluster_contributions",
)
_SPREADS = (
    "covariance",
    "interval_covariance",
    "coefficient_covariance",
    "floor_standard_error",
    "cluster_standard_errors",
    "cluster_difference_standard_errors",
    "cluster_degrees_of_freedom",
    "n_at_target",
    "p_parallel",
    "p_same_slopes",
)


def combine(results: Iterable[Breakdown]) -> dict[str, Any]:
    """Combine by Rubin's rules all fields of a breakdown but the split by item.

    Parameters
    ----------
    results : iterable of Breakdown
        One for each fill; looked at one at a time.

    Returns
    -------
    dict
        Fields of `Breakdown`. Means of exact splits are exact: they add up as each of them does.
    """
    kept: dict[str, list[Any]] = {name: [] for name in (*_MEANS, *_SPREADS)}
    statuses = []
    for result in results:
        statuses.append(result.status)
        for name, values in kept.items():
            values.append(getattr(result, name))
    stacked = {name: np.asarray(values) for name, values in kept.items()}
    mean = {name: stacked[name].mean(axis=0) for name in _MEANS}
    draws = len(statuses)
    combined = rubin(stacked["contributions"], stacked["covariance"])
    coefficients = rubin(stacked["logit_coefficients"], stacked["coefficient_covariance"])
    floor, _ = _total(stacked["floor_rate"], stacked["floor_standard_error"])
    by_cluster = stacked["cluster_contributions"]
    variance, between = _total(by_cluster, stacked["cluster_standard_errors"])
    apart = by_cluster - stacked["contributions"][:, None, :]
    apart_variance, _ = _total(apart, stacked["cluster_difference_standard_errors"])
    n_at_target = int(np.median(stacked["n_at_target"]))
    verdict = withholding(
        n_events=result.events,
        is_ordered=bool(np.isfinite(mean["parallel_slopes"]).all()),
        converged=bool(np.all(np.isfinite(mean["logit_coefficients"]))),
        separated="none_separation" in statuses,
        slopes=mean["logit_coefficients"][1:],
        vif=mean["vif"],
        n_clusters=result.n_clusters,
        degrees_of_freedom=float(mean["degrees_of_freedom"]),
        n_at_target=n_at_target,
    )
    return {
        **{name: getattr(result, name) for name in _SAME},
        **{name: float(value) if value.ndim == 0 else value for name, value in mean.items()},
        "coefficient_covariance": coefficients.covariance,
        "coefficient_between": coefficients.between,
        "covariance": combined.covariance,
        "interval_covariance": stacked["interval_covariance"].mean(axis=0) + combined.between,
        "between": combined.between,
        "draws": draws,
        "floor_standard_error": float(np.sqrt(floor)),
        "cluster_standard_errors": np.sqrt(variance),
        "cluster_difference_standard_errors": np.sqrt(apart_variance),
        "cluster_degrees_of_freedom": barnard_rubin(
            variance, between, draws, stacked["cluster_degrees_of_freedom"].mean(axis=0)
        ),
        "n_at_target": n_at_target,
        "p_parallel": float(np.median(stacked["p_parallel"])),
        "p_same_slopes": float(np.median(stacked["p_same_slopes"])),
        "status": verdict.status,
        "flags": verdict.flags,
    }


def combine_items(results: Callable[[], Iterable[Breakdown]]) -> Owen:
    """Combine the splits by item, made anew for each fill."""
    each = [result.split_items() for result in results()]
    combined = rubin([one.items for one in each], [one.covariance for one in each])
    return Owen(
        combined.estimate,
        np.mean([one.cluster_items for one in each], axis=0),
        combined.covariance,
        combined.between,
    )


def _total(estimates: Floats, standard_errors: Floats) -> tuple[Floats, Floats]:
    """Compute total variance and its part between the fills, elementwise over axis 0."""
    draws = len(estimates)
    between = np.zeros(estimates.shape[1:])
    if draws > 1:
        between = (1 + 1 / draws) * estimates.var(axis=0, ddof=1)
    return (standard_errors**2).mean(axis=0) + between, between
