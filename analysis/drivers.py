"""Split the rate of dissatisfaction by the dimensions it goes with, in the whole and by cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import logit, shapley
from analysis.contributions import Breakdown, Owen
from analysis.withholding import MIN_CLUSTERS, cluster_withheld, withholding

Floats = NDArray[np.float64]
Dimensions = Mapping[str, Any] | Sequence[Any] | NDArray[np.integer]


def breakdown(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    *,
    dimensions: Dimensions,
    target: float = 4,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    coefficients: ArrayLike | None = None,
) -> Breakdown:
    """Split the rate of dissatisfaction by dimension with an exact Shapley value.

    Parameters
    ----------
    items : array_like, shape (n, k)
        Scores without blanks.
    dissatisfied : array_like of 0 and 1, shape (n,)
    dimensions : sequence or mapping
        For each of up to 15 dimensions the columns of its items, one or several: integers, a
        slice or a mask. A mapping gives names, a sequence is named by position.
    target : float
        Score to which items below it are raised; nobody is lowered.
    clusters : array_like, shape (n,), optional
        Branch of each respondent.
    weights : array_like, shape (n,), optional
    coefficients : array_like, shape (D + 1,), optional
        Intercept and slopes taken as known instead of fitted.

    Returns
    -------
    Breakdown
        With NaN where the model has no maximum; ``status`` says what may be shown.

    Raises
    ------
    ValueError
        Where shapes, dimensions, weights or values do not fit.

    Notes
    -----
    The model is logit P(dissatisfied) = b0 + Σ b_d x_d with x_d the mean of the dimension's
    items. v(S) is the weighted mean probability with the items of the dimensions in S raised to
    the target; the contribution of a dimension is its Shapley value in the fall v(∅) - v(S)
    (Shapley 1953). The covariance sums the clusters' influences (Liang and Zeger 1986): that of
    the coefficients by the delta method, and that of who answered. With fewer than 10 clusters
    it is by respondent.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> items = rng.integers(1, 6, size=(500, 4))
    >>> unhappy = rng.random(500) < 1 / (1 + np.exp(items[:, 0] + items[:, 1] - 5.0))
    >>> result = breakdown(items, unhappy, dimensions={"care": [0, 1], "rooms": [2, 3]})
    >>> result.status, result.contributions.round(3).tolist()
    ('full', [0.345, 0.01])
    >>> bool(abs(result.floor_rate + result.total + result.residual - unhappy.mean()) < 1e-12)
    True
    """
    case = _prepare(items, dissatisfied, dimensions, clusters, weights)
    d = len(case.dimensions)
    scores, gaps = shapley.dimension_scores(case.items, case.dimensions, target)
    w, y = case.weights, case.outcome
    fitted = None
    if coefficients is None:
        fitted = logit.fit(scores, y, w)
        beta = fitted.coefficients
    else:
        beta = np.asarray(coefficients, dtype=np.float64)
        if beta.shape != (d + 1,):
            raise ValueError(f"coefficients must be intercept and {d} slopes, not {beta.shape}")
    vif = logit.variance_inflation(scores)
    events = int(min(np.count_nonzero(y == 0), np.count_nonzero(y)))
    verdict = withholding(
        n_events=events,
        converged=fitted is None or fitted.converged,
        separated=fitted is not None and fitted.separated,
        slopes=beta[1:],
        vif=vif,
        n_clusters=case.segments.count if clusters is not None else None,
        n_at_target=int(np.count_nonzero(~gaps.any(axis=1))),
    )
    defined = w.sum() > 0 and (fitted is None or fitted.converged)
    estimates = _estimate(case, scores, gaps, beta, fitted) if defined else _undefined(case)
    return Breakdown(
        dimensions=case.names,
        target=float(target),
        n=y.size,
        events=events,
        coefficients=beta,
        between=np.zeros((d, d)),
        draws=1,
        vif=vif,
        status=verdict.status,
        flags=verdict.flags,
        cluster_withheld=cluster_withheld(estimates["cluster_n"]),
        _split_items=partial(_owen, case, float(target), beta),
        **estimates,
    )


class _Case(NamedTuple):
    """Hold checked input with rows sorted by cluster."""

    items: Floats
    outcome: Floats
    weights: Floats
    dimensions: tuple[NDArray[np.intp], ...]
    names: tuple[str, ...]
    labels: NDArray[Any]
    segments: shapley.Segments


def _prepare(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    dimensions: Dimensions,
    clusters: ArrayLike | None,
    weights: ArrayLike | None,
) -> _Case:
    a = np.asarray(items, dtype=np.float64)
    if a.ndim != 2:
        raise ValueError(f"items must have two axes, respondents and items, not {a.ndim}")
    n, k = a.shape
    y = np.asarray(dissatisfied, dtype=np.float64)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if y.shape != (n,) or w.shape != (n,):
        raise ValueError(f"dissatisfied and weights must have one value for each of {n} rows")
    if np.isnan(a).any():
        raise ValueError("items must not be blank; breakdown_imputed fills blanks")
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("dissatisfied must be 0 or 1")
    if not np.all(np.isfinite(w)) or np.any(w < 0):
        raise ValueError("weights must be finite and not negative")
    names, columns = dimension_columns(dimensions, k)
    if clusters is None:
        return _Case(
            a, y, w, columns, names, np.empty(0), shapley.Segments(np.zeros(n, dtype=np.intp), 1)
        )
    codes, labels = cluster_codes(clusters, n)
    if np.any(np.diff(codes) < 0):
        order = np.argsort(codes, kind="stable")
        a, y, w, codes = a[order], y[order], w[order], codes[order]
    return _Case(a, y, w, columns, names, labels, shapley.Segments(codes, labels.size))


def dimension_columns(
    dimensions: Dimensions, n_items: int
) -> tuple[tuple[str, ...], tuple[NDArray[np.intp], ...]]:
    """Read dimensions as names and arrays of columns.

    Examples
    --------
    >>> dimension_columns({"care": [0, 2], "rooms": 1}, 3)
    (('care', 'rooms'), (array([0, 2]), array([1])))
    """
    if isinstance(dimensions, Mapping):
        names = tuple(str(name) for name in dimensions)
        parts = list(dimensions.values())
    else:
        parts = list(dimensions)
        names = tuple(str(number) for number in range(len(parts)))
    if not 1 <= len(parts) <= shapley.MAX_DIMENSIONS:
        raise ValueError(
            f"a breakdown needs 1 to {shapley.MAX_DIMENSIONS} dimensions, not {len(parts)}"
        )
    every = np.arange(n_items)
    columns = tuple(
        np.atleast_1d(every[part if isinstance(part, slice) else np.asarray(part)])
        for part in parts
    )
    if any(part.size == 0 for part in columns):
        raise ValueError("a dimension has no item")
    together = np.concatenate(columns)
    if np.unique(together).size != together.size:
        raise ValueError("an item belongs to two dimensions")
    return names, columns


def cluster_codes(clusters: ArrayLike, n: int) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Turn cluster labels into codes in the order of the sorted labels."""
    from pandas import factorize  # hashes labels; numpy would sort a million strings

    values = np.asarray(clusters)
    if values.shape != (n,):
        raise ValueError(f"clusters must have one label for each of {n} rows")
    codes, labels = factorize(values, sort=True)
    if np.any(codes < 0):
        raise ValueError("a cluster label is missing")
    return codes.astype(np.intp), np.asarray(labels)


def _estimate(
    case: _Case,
    scores: Floats,
    gaps: Floats,
    beta: Floats,
    fitted: logit.LogitFit | None,
) -> dict[str, Any]:
    """Compute the numbers of the breakdown and their uncertainty."""
    y, w, segments = case.outcome, case.weights, case.segments
    d = scores.shape[1]
    sums = shapley.shapley_sums(scores, gaps, w, beta, segments)
    v = sums.set_means
    single = 1 << np.arange(d)
    total = w.sum()
    observed = float(w @ y / total)
    mean = sums.values @ w / total
    jacobian = sums.jacobians.sum(axis=2) / total

    score_sums = logit.score_rows(scores, y, w, beta)
    own = (sums.values - mean[:, None]) * (w / total)
    if case.labels.size >= MIN_CLUSTERS:
        score_sums, own = segments.sums(score_sums), segments.sums(own)
    groups = own.shape[1]
    if fitted is None:
        coefficient_covariance = np.zeros((d + 1, d + 1))
        influence = own
    else:
        coefficient_covariance = logit.robust_covariance(score_sums, fitted.hessian)
        influence = jacobian @ np.linalg.solve(fitted.hessian, score_sums) + own
    covariance = influence @ influence.T * (groups / max(groups - 1, 1))
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
        "degrees_of_freedom": float(groups - 1),
        **_by_cluster(case, sums, mean, jacobian, coefficient_covariance, float(groups - 1)),
    }


def _by_cluster(
    case: _Case,
    sums: shapley.ShapleySums,
    mean: Floats,
    jacobian: Floats,
    coefficient_covariance: Floats,
    freedom: float,
) -> dict[str, Any]:
    """Compute the same split inside every cluster, with standard errors."""
    w, segments = case.weights, case.segments
    c, d = case.labels.size, mean.size - 1
    n = np.bincount(segments.codes, minlength=segments.count)[:c]
    weight = segments.sums(w)
    with np.errstate(invalid="ignore", divide="ignore"):  # a cluster without weight has no rate
        observed = segments.sums(w * case.outcome) / weight
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
        "clusters": case.labels,
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


def _undefined(case: _Case) -> dict[str, Any]:
    """Hold what is known where the model has no maximum: the observed rates."""
    y, w, segments = case.outcome, case.weights, case.segments
    c, d = case.labels.size, len(case.dimensions)
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
        "clusters": case.labels,
        "cluster_n": np.bincount(segments.codes, minlength=segments.count)[:c],
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


def _owen(case: _Case, target: float, beta: Floats) -> Owen:
    """Split the contributions by item, in the whole and by cluster."""
    k, c = case.items.shape[1], case.labels.size
    if not np.all(np.isfinite(beta)) or case.weights.sum() == 0:
        return Owen(np.full(k, np.nan), np.full((c, k), np.nan))
    sums = shapley.owen_sums(case.items, case.dimensions, target, case.weights, beta, case.segments)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_cluster = sums / case.segments.sums(case.weights)
    return Owen(sums.sum(axis=1) / case.weights.sum(), by_cluster[:, :c].T)
