"""Respondents as arrays sorted by cluster, and which items belong to which dimension."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.breakdown.shapley import MAX_DIMENSIONS, Segments

Floats = NDArray[np.float64]
Dimensions = Mapping[str, Any] | Sequence[Any] | NDArray[np.integer]
LeftOut = Literal["not_asked", "alike"]


class Respondents(NamedTuple):
    """Hold checked input with rows sorted by cluster; a row may stand for several people.

    ``weights`` are those of all people of a row together, in the whole and ``within`` clusters;
    ``counts`` is their number.
    """

    items: Floats
    outcome: Floats
    weights: Floats
    within: Floats
    counts: Floats
    dimensions: tuple[NDArray[np.intp], ...]
    names: tuple[str, ...]
    labels: NDArray[Any]
    segments: Segments
    overall: Floats | None = None

    @property
    def n(self) -> int:
        """Number of people."""
        return int(self.counts.sum())

    @property
    def n_clusters(self) -> int | None:
        """Number of clusters; None where none were given."""
        return self.labels.size if self.labels.size == self.segments.n_clusters else None

    @property
    def by_cluster(self) -> NDArray[np.intp]:
        """Number of people of every cluster."""
        codes = self.segments.codes
        return np.bincount(codes, self.counts, self.segments.n_clusters).astype(np.intp)

    def by_person(self, rows: Floats) -> Floats:
        """Scale (f, n) sums over the people of each row, so that products add up over people."""
        return rows / np.sqrt(self.counts)


def read_respondents(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    dimensions: Dimensions,
    clusters: ArrayLike | None,
    weights: ArrayLike | None,
    overall: ArrayLike | None = None,
    counts: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> Respondents:
    """Check the input and sort it by cluster; without clusters all are in one, unnamed."""
    a = np.asarray(items, dtype=np.float64)
    if a.ndim != 2:
        raise ValueError(f"items must have two axes, respondents and items, not {a.ndim}")
    n, k = a.shape
    y = np.asarray(dissatisfied, dtype=np.float64)
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)
    people = np.ones(n) if counts is None else np.asarray(counts, dtype=np.float64)
    g = np.ones(n) if calibration is None else np.asarray(calibration, dtype=np.float64)
    o = None if overall is None else np.asarray(overall, dtype=np.float64)
    if any(part is not None and part.shape != (n,) for part in (y, w, g, people, o)):
        raise ValueError(
            "dissatisfied, weights, calibration, counts and overall must have one value for each "
            f"of {n} rows"
        )
    if o is not None and not np.all(np.isfinite(o)):
        raise ValueError("overall must not be blank")
    if not np.isfinite(a.sum()):
        raise ValueError("items must not be blank or infinite; breakdown_imputed fills blanks")
    if not np.all((y == 0) | (y == 1)):
        raise ValueError("dissatisfied must be 0 or 1")
    if not all(np.all(np.isfinite(part)) and np.all(part >= 0) for part in (w, g)):
        raise ValueError("weights and calibration must be finite and not negative")
    if np.any(people < 1):
        raise ValueError("counts must be 1 or more")
    within = w * people
    w = within if calibration is None else within * g
    names, columns = dimension_columns(dimensions, k)
    if clusters is None:
        one = Segments(np.zeros(n, dtype=np.intp), 1)
        return Respondents(a, y, w, within, people, columns, names, np.empty(0), one, o)
    codes, labels = cluster_codes(clusters, n)
    if np.any(np.diff(codes) < 0):
        small = codes.astype(np.min_scalar_type(labels.size))  # sorted by radix, many times faster
        order = np.argsort(small, kind="stable")
        a, y, w, codes = a.take(order, axis=0), y[order], w[order], codes[order]
        within, people = w if calibration is None else within[order], people[order]
        o = None if o is None else o[order]
    segments = Segments(codes, labels.size)
    return Respondents(a, y, w, within, people, columns, names, labels, segments, o)


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


class Answers(NamedTuple):
    """Hold the answers that a breakdown is made from, blanks among them.

    Attributes
    ----------
    items : ndarray, shape (n, k)
        Of the people used; NaN where blank. Where a row has a blank it is one person's.
    outcome : ndarray, shape (n,)
    clusters, weights, calibration : ndarray, shape (n,), or None
    counts : ndarray, shape (n,)
        People of each row.
    dimensions : mapping of str to ndarray of int
        Columns that somebody answered, of the dimensions that can be broken down.
    asked : mapping of str to ndarray of int
        Columns of all dimensions, as given.
    left_out : mapping of str to str
        The other dimensions: ``"not_asked"`` where nobody answered any item, ``"alike"`` where
        everybody used gave the same answers.
    unanswered : tuple of int
        Columns of all dimensions that nobody answered.
    rows : ndarray of int, shape (n,)
        Which given row each one is: of people who answered the overall question and at least a
        third of the items answered by anybody (6 of 18).
    n_rows : int
        People given.
    n_dropped : mapping of str to int
        ``"no_overall"``: without an answer on the whole; ``"few_items"``: with too few items
        answered.
    """

    items: Floats
    outcome: Floats
    clusters: NDArray[Any] | None
    weights: Floats | None
    calibration: Floats | None
    counts: Floats
    dimensions: Mapping[str, NDArray[np.intp]]
    asked: Mapping[str, NDArray[np.intp]]
    left_out: Mapping[str, LeftOut]
    unanswered: tuple[int, ...]
    rows: NDArray[np.intp]
    n_rows: int
    n_dropped: Mapping[str, int]

    @property
    def weights_of_one(self) -> Floats | None:
        """Weight of one person of each row in the whole, shape (n,); None where all are alike."""
        if self.weights is None or self.calibration is None:
            return self.calibration if self.weights is None else self.weights
        return self.weights * self.calibration

    @property
    def total_weights(self) -> Floats:
        """Weights of all people of each row together, in the whole, shape (n,)."""
        return self.counts if self.weights_of_one is None else self.weights_of_one * self.counts

    @property
    def columns(self) -> NDArray[np.intp]:
        """Columns of all dimensions that are broken down, ascending."""
        return np.sort(np.concatenate([np.empty(0, dtype=np.intp), *self.dimensions.values()]))


def read_answers(
    items: ArrayLike,
    dissatisfied: ArrayLike,
    dimensions: Dimensions,
    clusters: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    keep_few: int = 1,
    counts: ArrayLike | None = None,
    calibration: ArrayLike | None = None,
) -> Answers:
    """Choose the people to be used, and the dimensions that a model can know anything of.

    People with too few items are used all the same where there are fewer than `keep_few` of them
    in a cluster. A row stands for as many people as `counts` says; those with blanks become a row
    each, as each of them is filled in an own way.
    """
    a = np.asarray(items, dtype=np.float64)
    y = np.asarray(dissatisfied, dtype=np.float64)
    names, columns = dimension_columns(dimensions, a.shape[1])
    asked = np.sort(np.concatenate(columns))
    people = np.ones(len(y), dtype=np.intp) if counts is None else np.asarray(counts, dtype=np.intp)
    blank = np.isnan(a)
    silent = asked[blank[:, asked].all(axis=0)]
    present = np.setdiff1d(asked, silent)
    overall = ~np.isnan(y)
    enough = np.count_nonzero(~blank[:, present], axis=1) * 3 >= max(present.size, 1)
    lacking = overall & ~enough
    if keep_few > 1:
        groups = np.zeros(len(y)) if clusters is None else np.asarray(clusters)
        codes = pd.factorize(groups, use_na_sentinel=False)[0]
        few = np.bincount(codes[lacking], people[lacking], len(codes)) < keep_few
        enough |= lacking & few[codes]
    n_dropped = {
        "no_overall": int(people[~overall].sum()),
        "few_items": int(people[overall & ~enough].sum()),
    }
    n_rows = int(people.sum())
    rows = np.flatnonzero(overall & enough)
    alone = blank[np.ix_(rows, present)].any(axis=1)
    rows, people = (
        np.repeat(part, np.where(alone, people[rows], 1))
        for part in (rows, np.where(alone, 1, people[rows]))
    )
    if clusters is not None:  # those of a cluster together, as all sums over it want them
        codes = pd.factorize(np.asarray(clusters)[rows], sort=True)[0]
        if np.any(np.diff(codes) < 0):
            order = np.argsort(codes, kind="stable")
            rows, people = rows[order], people[order]
    a, y = a[rows], y[rows]
    kept: dict[str, NDArray[np.intp]] = {}
    left_out: dict[str, LeftOut] = {}
    for name, every in zip(names, columns, strict=True):
        part = np.setdiff1d(every, silent)
        if not part.size:
            left_out[name] = "not_asked"
        elif y.size and not _varies(a[:, part]):
            left_out[name] = "alike"
        else:
            kept[name] = part
    return Answers(
        a,
        y,
        None if clusters is None else np.asarray(clusters)[rows],
        None if weights is None else np.asarray(weights, dtype=np.float64)[rows],
        None if calibration is None else np.asarray(calibration, dtype=np.float64)[rows],
        people.astype(np.float64),
        kept,
        dict(zip(names, columns, strict=True)),
        left_out,
        tuple(silent.tolist()),
        rows,
        n_rows,
        n_dropped,
    )


def _varies(items: Floats) -> bool:
    """Tell whether two people gave different answers to any of the items."""
    return bool(np.any(np.fmax.reduce(items, axis=0) > np.fmin.reduce(items, axis=0)))


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
