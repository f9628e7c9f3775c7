"""Look for what whole numbers tell beyond equations: the one part of privacy that reads answers.

Margins of a table with hidden cells bound every cell (Fréchet bounds, narrowed row by row and
column by column until nothing moves; Dobra and Fienberg 2000). Where they show that a group of a
few holds a dissatisfied person, although its branch's own figure does not, a whole table is
withheld.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_ROUNDS = 50
_SLACK = 1e-6


@dataclass(frozen=True)
class Points:
    """What an answer takes from the index, in shares of a person."""

    # the least that a dissatisfied answer takes, and the most that a satisfied one does
    least_lost: float
    most_lost: float
    cells: Floats  # shape (n_rows, n_columns): points lost in every cell


def tells(
    n: Floats, dissatisfied: Floats, hidden: Mask, *, min_cell: int, points: Points | None = None
) -> bool:
    """Tell whether margins show that a hidden cell of a few holds a dissatisfied person.

    Parameters
    ----------
    n : ndarray of shape (n_rows, n_columns)
        Valid answers of each cell.
    dissatisfied : ndarray of shape (n_rows, n_columns)
        How many of them are not satisfied.
    hidden : ndarray of bool of shape (n_rows,)
        Rows whose cells are not published; totals of all rows and columns are.
    min_cell : int
        Cells of 1 … `min_cell` - 1 answers are looked at.
    points : Points, optional
        Where the index is published too.

    Returns
    -------
    bool
        False where the row's own total says as much.

    Examples
    --------
    Nobody in the second column of the other row is satisfied, so the first row's one is not either.

    >>> n, bad = np.array([[8, 1], [9, 6]]), np.array([[0, 1], [0, 6]])
    >>> tells(n, bad, np.array([True, True]), min_cell=5)
    True
    """
    n, bad = n[hidden], dissatisfied[hidden]
    lost = None if points is None else points.cells[hidden]
    small = (n > 0) & (n < min_cell)
    if not small.any():
        return False
    alone = _least(n, bad, lost, points, columns=False)
    together = _least(n, bad, lost, points, columns=True)
    return bool((small & (together >= 1) & (together > alone)).any())


def _least(
    n: Floats, bad: Floats, lost: Floats | None, points: Points | None, *, columns: bool
) -> Floats:
    """Bound the dissatisfied of every cell from below by totals of rows, and of columns."""
    low, high = np.zeros(n.shape), n.astype(float)
    lost_low, lost_high = np.zeros(n.shape), n.astype(float)
    axes = (1, 0) if columns else (1,)
    for _ in range(_ROUNDS):
        before = low.sum() - high.sum() + lost_low.sum() - lost_high.sum()
        for axis in axes:
            low, high = _narrowed(low, high, bad, axis)
            if lost is not None and points is not None:
                lost_low, lost_high = _narrowed(lost_low, lost_high, lost, axis)
                a, b = points.least_lost, points.most_lost
                lost_high = np.minimum(lost_high, high + b * (n - high))
                lost_low = np.minimum(np.maximum(lost_low, a * low), lost_high)
                high = np.minimum(high, np.floor(lost_high / a + _SLACK))
                needed = np.ceil((lost_low - b * n) / (1 - b) - _SLACK)
                low = np.minimum(np.maximum(low, needed), high)
        if before == low.sum() - high.sum() + lost_low.sum() - lost_high.sum():
            break
    return low


def _narrowed(low: Floats, high: Floats, cells: Floats, axis: int) -> tuple[Floats, Floats]:
    total = cells.sum(axis=axis, keepdims=True)
    rest_low = low.sum(axis=axis, keepdims=True) - low
    rest_high = high.sum(axis=axis, keepdims=True) - high
    # a bound may cross the other by a rounding error, which would grow from round to round
    narrowed = np.minimum(high, total - rest_low)
    return np.minimum(np.maximum(low, total - rest_high), narrowed), narrowed
