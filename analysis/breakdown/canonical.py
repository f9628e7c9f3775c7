"""An order of people, items and branches that follows from the answers alone.

Random draws are made in it, so that neither names nor the order of a file move a figure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


class Order(NamedTuple):
    """Where everything stands."""

    rows: Places
    """Rows of the answers in the canonical order, (n,)."""
    columns: Places
    """Columns likewise, (k,)."""
    clusters: Places
    """Place of the cluster of each of these rows, (n,)."""

    def back(self, marked: NDArray[np.bool_]) -> Places:
        """Count the marked entries of the ordered answers, each count where it was given."""
        numbers = np.zeros(marked.shape, dtype=np.intp)
        numbers[marked] = np.arange(np.count_nonzero(marked))
        made = np.empty_like(numbers)
        made[np.ix_(self.rows, self.columns)] = numbers
        return made


def canonical_order(
    items: Floats, outcome: Floats, counts: Floats, clusters: ArrayLike | None = None
) -> Order:
    """Order answers by what they are.

    Parameters
    ----------
    items : ndarray, shape (n, k)
        NaN where blank.
    outcome, counts : ndarray, shape (n,)
        Of each row the outcome, and its people.
    clusters : array_like, shape (n,), optional
        Names of the branches.

    Returns
    -------
    Order
        Items by their sums, people by a number that their answers make, branches by the sum of
        such numbers. What is alike in all this has no order, and needs none.

    Examples
    --------
    >>> x, y = np.array([[5.0, 1.0], [2.0, 1.0]]), np.zeros(2)
    >>> order = canonical_order(x, y, np.ones(2), ["b", "a"])
    >>> again = canonical_order(x[::-1], y, np.ones(2), ["d", "c"])
    >>> order.columns.tolist(), (order.rows == 1 - again.rows).all().item()
    ([1, 0], True)
    """
    blank = np.isnan(items)
    x = np.where(blank, 0.0, items)
    columns = np.lexsort(
        np.round(
            [
                (counts * outcome) @ x**2,
                (counts * (blank.sum(axis=1))) @ x,
                counts @ (x * x.sum(axis=1, keepdims=True)),
                (counts * outcome) @ x,
                counts @ x**2,
                counts @ blank,
                counts @ x,
            ],
            6,
        )
    )
    answers = np.where(blank, -np.inf, items)[:, columns]
    key = np.zeros(len(items), dtype=np.uint64)
    for part in (*answers.T, outcome):
        key = _mixed(key ^ (part + 0.0).astype(np.float64).view(np.uint64))
    if clusters is None:
        rows = np.lexsort([counts, key])
        return Order(rows, columns, np.zeros(len(rows), dtype=np.intp))
    names = np.unique(np.asarray(clusters), return_inverse=True)[1].reshape(-1)
    sums = np.zeros(names.max(initial=-1) + 1, dtype=np.uint64)
    # rows of the same answers may be joined to one of their people or not
    np.add.at(sums, names, _mixed(key) * np.asarray(counts).astype(np.uint64))
    place = np.argsort(np.argsort(sums, kind="stable"), kind="stable")[names]
    rows = np.lexsort([counts, key, place])
    return Order(rows, columns, place[rows])


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter whole numbers over all others of 64 bits (splitmix64: Steele, Lea, Flood 2014)."""
    bits = bits + np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
