"""Where rows lie, each as high as its label needs, and how they are parted into pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from survey.charts import labels

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROW = 0.205
"""Height of a row with a one-line label, in inches."""
PER_PAGE = 43
"""Rows of one line that fit on a sheet of A4 with title, legend, scale and caption."""
WIDEST = 32
"""Half-width columns that a label takes before it goes on in another line."""


class Rows(NamedTuple):
    """Where the rows of a chart lie."""

    # shape (n,): position of every row, downwards from 0; a label of more lines takes more room
    y: NDArray[np.floating]
    edges: NDArray[np.floating]  # shape (n + 1,): where the rows begin and end
    # shape (n,): where the marks of every row begin: below the name where that stands above them
    tops: NDArray[np.floating]

    @property
    def above(self) -> bool:
        """Whether names stand above the marks."""
        return bool((self.tops > self.edges[:-1]).any())

    @property
    def extent(self) -> float:
        """Room that all rows take, in rows of one line."""
        return max(float(self.edges[-1]), 1.0)


def rows(
    names: Sequence[str],
    *,
    columns: float = WIDEST,
    least: float | NDArray[np.float64] = 1.0,
    above: bool = False,
) -> Rows:
    """Lay out rows for names of any length.

    Parameters
    ----------
    columns : float
        Half-width columns that a line of a label may take.
    least : float or array of float
        Room of the lowest row, or of each, in rows of one line; one without a name takes no more.
    above : bool
        Whether names stand above the marks of their rows instead of beside them.

    Examples
    --------
    >>> rows(["甲支部", "一个名称有二十个汉字以上因而要分成两行的支部"]).y
    array([0.5, 1.8])
    """
    lines = np.array([labels.wrap(name, columns).count("\n") + 1 for name in names], float)
    needed = np.where([not name for name in names], 0.0, 0.3 + 0.65 * lines)
    heights = needed + least if above else np.maximum(least, needed)
    edges = np.concatenate([[0.0], np.cumsum(heights)])
    tops = edges[:-1] + (needed if above else 0.0)
    return Rows((tops + edges[1:]) / 2, edges, tops)


def split(laid: Rows, per_page: float = PER_PAGE) -> list[tuple[int, int]]:
    """Part rows into pages of about equal height, at least one.

    Parameters
    ----------
    per_page : float
        Most rows of one line on a page.

    Returns
    -------
    list of (int, int)
        First row of every page and the row after its last.

    Examples
    --------
    >>> short, long = ["甲支部"] * 90, ["一个名称有二十个汉字以上因而要分成两行的支部"] * 90
    >>> [b - a for a, b in split(rows(short), 40)]
    [30, 30, 30]
    >>> [b - a for a, b in split(rows(long), 40)]
    [22, 23, 22, 23]
    """
    n_pages = math.ceil(laid.extent / per_page)
    while True:
        cuts = np.searchsorted(laid.y, np.linspace(0, laid.edges[-1], n_pages + 1)[1:-1])
        starts, ends = np.array([0, *cuts]), np.array([*cuts, len(laid.y)])
        room = laid.edges[ends] - laid.edges[starts]
        # a page of a single row is as high as it is
        if ((room <= per_page) | (ends - starts <= 1)).all():
            return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]
        n_pages += 1
