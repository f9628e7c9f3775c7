"""Combine breakdowns of the same respondents over several fills of their blanks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.breakdown.contributions import Breakdown, Split
from analysis.breakdown.imputation import barnard_rubin, rubin
from analysis.breakdown.withholding import withholding

Floats = NDArray[np.float64]

FIRST_DRAWS = 5
MAX_DRAWS = 20

_SAME = (
    "dimensions",
    "target",
    "n_dissatisfied",
    "events",
    "n_clusters",
    "labels",
    "is_withheld",
)
_SPLITS = ("whole", "by_cluster", "differences")
_MEANS = (
    "solo",
    "last",
    "coefficients",
    "logit_coefficients",
    "parallel_slopes",
    "shrinkage",
    "slope_variance",
    "degrees_of_freedom",
    "vif",
)
_MEDIANS = ("p_parallel", "p_same_slopes")
_OTHERS = (
    "covariance",
    "interval_covariance",
    "coefficient_covariance",
    "n_at_target",
)


def combine(results: Sequence[Breakdown]) -> dict[str, Any]:
    """Combine by Rubin's rules all fields of a breakdown but the split by item.

    Parameters
    ----------
    results : sequence of Breakdown
        One for each fill.

    Returns
    -------
    dict
        Fields of `Breakdown`. Means of exact splits are exact: they add up as each of them does.
    """
    names = (*_SPLITS, *_MEANS, *_MEDIANS, *_OTHERS)
    kept: dict[str, list[Any]] = {name: [] for name in names}
    statuses = []
    for result in results:
        statuses.append(result.status)
        for name, values in kept.items():
            values.append(getattr(result, name))
    splits = {name: combine_splits(kept[name]) for name in _SPLITS}
    mean = {name: np.mean(kept[name], axis=0) for name in _MEANS}
    contributions = [one.contributions for one in kept["whole"]]
    combined = rubin(contributions, kept["covariance"])
    coefficients = rubin(kept["logit_coefficients"], kept["coefficient_covariance"])
    n_at_target = int(np.median(kept["n_at_target"]))
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
        **splits,
        **{name: float(value) if value.ndim == 0 else value for name, value in mean.items()},
        **{name: float(np.median(kept[name])) for name in _MEDIANS},
        "coefficient_covariance": coefficients.covariance,
        "coefficient_between": coefficients.between,
        "covariance": combined.covariance,
        "interval_covariance": np.mean(kept["interval_covariance"], axis=0) + combined.between,
        "between": combined.between,
        "draws": len(statuses),
        "n_at_target": n_at_target,
        "status": verdict.status,
        "flags": verdict.flags,
    }


def draws_needed(results: Sequence[Breakdown]) -> int:
    """Compute how many imputations keep standard errors within 5 % of those of endlessly many.

    Parameters
    ----------
    results : sequence of Breakdown
        Of the first few imputations.

    Returns
    -------
    int
        1 + ½ (γ / .05)² with γ the largest share of a contribution's variance that blanks cause;
        not fewer than were given, and at most 20.

    References
    ----------
    von Hippel, P. T. (2020), How many imputations do you need? A two-stage calculation using a
    quadratic rule, Sociological Methods & Research 49, 699-718.
    """
    whole = combine_splits([one.whole for one in results])
    within = np.mean([one.whole.standard_errors**2 for one in results], axis=0)
    with np.errstate(invalid="ignore"):
        share = np.nan_to_num(1 - within / whole.standard_errors**2).max(initial=0.0)
    return int(np.clip(np.ceil(1 + 0.5 * (share / 0.05) ** 2), len(results), MAX_DRAWS))


def combine_splits(splits: Sequence[Split]) -> Split:
    """Combine splits of the same units by Rubin's rules.

    Examples
    --------
    >>> one = dict(n=np.array(9), observed_rate=np.array(0.3), predicted_rate=np.array(0.3),
    ...            floor_rate=np.array(0.1), standard_errors=np.array([0.1]),
    ...            degrees_of_freedom=np.array([20.0]))
    >>> both = combine_splits([Split(contributions=np.array([x]), **one) for x in (0.1, 0.3)])
    >>> both.contributions, both.standard_errors.round(3), both.degrees_of_freedom.round(1)
    (array([0.2]), array([0.2]), array([1.3]))
    """

    def mean(name: str) -> Floats:
        return np.asarray(np.mean([getattr(one, name) for one in splits], axis=0))

    contributions = [one.contributions for one in splits]
    variance, between = _total(contributions, [one.standard_errors for one in splits])
    complete = mean("degrees_of_freedom")
    return Split(
        n=splits[0].n,
        observed_rate=mean("observed_rate"),
        predicted_rate=mean("predicted_rate"),
        floor_rate=mean("floor_rate"),
        contributions=mean("contributions"),
        standard_errors=np.sqrt(variance),
        degrees_of_freedom=barnard_rubin(variance, between, len(splits), complete),
        upward=splits[0].upward,
    )


def combine_items(results: Sequence[Breakdown]) -> Split:
    """Combine the splits by item of all fills."""
    return combine_splits([result.split_items() for result in results])


def _total(estimates: Sequence[Floats], standard_errors: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Compute total variance and its part between the fills, elementwise."""
    draws = len(estimates)
    between = np.zeros(np.shape(estimates[0]))
    if draws > 1:
        between = (1 + 1 / draws) * np.var(estimates, axis=0, ddof=1)
    return np.mean(np.square(standard_errors), axis=0) + between, between
