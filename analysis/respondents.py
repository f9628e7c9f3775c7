"""Respondents as arrays sorted by cluster, and which items belong to which dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.shapley import MAX_DIMENSIONS, Segments

Floats = NDArray[np.float64]
Dimensions = Mapping[str, Any] | Sequence[Any] | NDArray[np.integer]


class Respondents(NamedTuple):
    """Hold checked input with rows sorted by cluster."""

    items: Floats
    outcome: Floats
    weights: Floats
    dimensions: tuple[NDArray[np.intp], ...]
    names: tuple[str, ...]
    labels: NDArray[Any]
    segments: Segments


def read_respondents(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    dimensions: Dimensions,
    clusters: ArrayLike | None,
    weights: ArrayLike | None,
) -> Respondents:
    """Check the input and sort it by cluster; without clusters all are in one, unnamed."""
    a = np.asarray(items, dtype=np.float64)
    if a.ndim != 2:
        raise ValueError(f"items must have two axes, respondents and items, not {a.ndim}")
    n, k = a.shape
    y = np.asarray(dissatisfied, dtype=np.float64)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    if y.shape != (n,) or w.shape != (n,):
        raise ValueError(f"dissatisfied and weights must have one value for each of {n} rows")
    if not np.isfinite(a.sum()):
        raise ValueError("items must not be blank or infinite; breakdown_imputed fills blanks")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("dissatisfied must be 0 or 1")
    if not np.all(np.isfinite(w)) or np.any(w < 0):
        raise ValueError("weights must be finite and not negative")
    names, columns = dimension_columns(dimensions, k)
    if clusters is None:
        return Respondents(
            a, y, w, columns, names, np.empty(0), Segments(np.zeros(n, dtype=np.intp), 1)
        )
    codes, labels = cluster_codes(clusters, n)
    if np.any(np.diff(codes) < 0):
        small = codes.astype(np.min_scalar_type(labels.size))  # sorted by radix, many times faster
        order = np.argsort(small, kind="stable")
        a, y, w, codes = a.take(order, axis=0), y[order], w[order], codes[order]
    return Respondents(a, y, w, columns, names, labels, Segments(codes, labels.size))


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
    if not 1 <= len(parts) <= MAX_DIMENSIONS:
        raise ValueError(f"a breakdown needs 1 to {MAX_DIMENSIONS} dimensions, not {len(parts)}")
    if any(np.size(part) == 0 for part in parts):
        raise ValueError("a dimension has no item")
    every = np.arange(n_items)
    columns = tuple(
        np.atleast_1d(every[part if isinstance(part, slice) else np.asarray(part)])
        for part in parts
    )
    together = np.concatenate(columns)
    if np.unique(together).size != together.size:
        raise ValueError("an item belongs to two dimensions")
    return names, columns


def usable(
    items: NDArray[np.float64],
    dissatisfied: NDArray[np.float64],
    columns: tuple[NDArray[np.intp], ...],
) -> NDArray[np.bool_]:
    """Mark who answered the overall question and at least a third of the items (6 of 18)."""
    asked = np.concatenate(columns)
    n_answered = np.count_nonzero(~np.isnan(items[:, asked]), axis=1)
    enough: NDArray[np.bool_] = n_answered * 3 >= asked.size
    return ~np.isnan(dissatisfied) & enough


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
