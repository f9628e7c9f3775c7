"""Rows with a label on the left and figures on the right, as high as their labels need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.transforms import ScaledTranslation

from survey.charts import labels, palette, style
from survey.charts.recording import width

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from numpy.typing import NDArray

ROW = 0.235
"""Height of a row with a one-line label, in inches."""
_GAP = 3.5
"""Distance of the labels from the axes, in points."""
PER_PAGE = 34
"""Rows of one line that fit on a sheet of A4 with title, legend, scale and caption."""


class Rows(NamedTuple):
    """Where the rows of a chart lie.

    Attributes
    ----------
    y : array of shape (n,)
        Position of every row, downwards from 0; a label of more lines takes more room.
    labels : list of str
        Wrapped labels.
    edges : array of shape (n + 1,)
        Where the rows begin and end.
    """

    y: NDArray[np.floating]
    labels: list[str]
    edges: NDArray[np.floating]

    @property
    def extent(self) -> float:
        """Room that all rows take, in rows of one line."""
        return max(float(self.edges[-1]), 1.0)

    @property
    def height(self) -> float:
        """Height of the rows in inches."""
        return ROW * self.extent

    def select(self, rows: Sequence[int]) -> Rows:
        """Keep the positions and labels of some rows."""
        return self._replace(y=self.y[list(rows)], labels=[self.labels[row] for row in rows])


def rows(names: Sequence[str], *, columns: int = 32) -> Rows:
    """Lay out rows for names of any length.

    Examples
    --------
    >>> rows(["甲支部", "一个名称有二十个汉字以上因而要分成两行的支部"]).y
    array([0.5, 1.8])
    """
    wrapped = [labels.wrap(name, columns) for name in names]
    room = np.array([max(1.0, 0.3 + 0.65 * (text.count("\n") + 1)) for text in wrapped])
    edges = np.concatenate([[0.0], np.cumsum(room)])
    return Rows((edges[:-1] + edges[1:]) / 2, wrapped, edges)


def split(
    frame: pd.DataFrame, names: Sequence[str], per_page: int = PER_PAGE
) -> list[pd.DataFrame]:
    """Cut a sorted frame into pages of about equal height, at least one.

    Parameters
    ----------
    frame : DataFrame
        One row a unit.
    names : sequence of str
        Labels of the rows; long ones take the room of several lines.
    per_page : int
        Most rows of one line on a page.

    Examples
    --------
    >>> import pandas as pd
    >>> short, long = ["甲支部"] * 90, ["一个名称有二十个汉字以上因而要分成两行的支部"] * 90
    >>> [len(page) for page in split(pd.DataFrame({"branch": short}), short, 40)]
    [30, 30, 30]
    >>> [len(page) for page in split(pd.DataFrame({"branch": long}), long, 40)]
    [22, 23, 22, 23]
    """
    laid = rows(names)
    n_pages = math.ceil(laid.extent / per_page)
    while True:
        edges = np.linspace(0, laid.edges[-1], n_pages + 1)
        cuts = np.searchsorted(laid.y, edges[1:-1])
        starts, ends = np.array([0, *cuts]), np.array([*cuts, len(names)])
        room = laid.edges[ends] - laid.edges[starts]
        # a page of a single row is as high as it is
        if ((room <= per_page) | (ends - starts <= 1)).all():
            return [frame.iloc[a:b] for a, b in zip(starts, ends, strict=True)]
        n_pages += 1


def set_rows(ax: Axes, laid: Rows) -> list[Text]:
    """Label the rows on the left, downwards; many rows get the scale above them too.

    Returns
    -------
    list of Text
        The labels. They are no tick labels: ticks would take four times as long to draw.
    """
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_ylim(laid.extent, 0)
    # there is no label to place; looking for its place would measure every row again
    ax.yaxis.set_label_coords(0, 0.5)
    if laid.extent > 30:
        ax.tick_params(axis="x", labeltop=True)
    scale = style.figure_of(ax).dpi_scale_trans
    place = ax.get_yaxis_transform() + ScaledTranslation(-_GAP / 72, 0, scale)
    widest = max(laid.labels, key=lambda text: width(text, style.TEXT_SIZE), default="")
    written = []
    for y, text in zip(laid.y, laid.labels, strict=True):
        label = ax.text(
            0.0,
            float(y),
            text,
            transform=place,
            ha="right",
            va="center_baseline",
            linespacing=style.LINE_SPACING,
        )
        # room is made for the labels once, not for every row
        label.set_in_layout(text == widest)
        written.append(label)
    return written


def right_column(
    ax: Axes, laid: Rows, texts: Sequence[str], *, right: float, header: str = ""
) -> None:
    """Write a column of figures right of the axes.

    Parameters
    ----------
    right : float
        Distance of the column's right edge from the axes, in inches.
    """
    scale = style.figure_of(ax).dpi_scale_trans
    place = ax.get_yaxis_transform() + ScaledTranslation(right, 0, scale)
    widest = max(texts, key=labels.width, default="")
    for y, text in zip(laid.y, texts, strict=True):
        written = ax.text(1.0, y, text, transform=place, ha="right", va="center")
        # room is made for the column once, not for every row
        written.set_in_layout(text == widest)
    if header:
        ax.text(
            1.0,
            1.0,
            header,
            transform=ax.transAxes + ScaledTranslation(right, 0.03, scale),
            ha="right",
            va="bottom",
            color=palette.UNDECIDED,
        )


def column_beside(
    ax: Axes, laid: Rows, texts: Sequence[str], *, left: float, right: float, header: str
) -> None:
    """Write a column of figures right of another one, farther out where it would touch that.

    Parameters
    ----------
    left : float
        Right edge of the column on the left, in inches from the axes.
    right : float
        Right edge of this one where there is room enough.
    """
    widest = max((width(text, style.TEXT_SIZE) for text in texts), default=0.0)
    right_column(ax, laid, texts, right=max(right, left + 0.15 + widest / 72), header=header)


def row_notices(ax: Axes, y: Any, text: str) -> None:
    """Write the same short notice into rows that show no figure."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    place = ax.get_yaxis_transform()
    for position in y:
        ax.text(
            0.02, position, text, transform=place, va="center", color=palette.HIDDEN, bbox=ground
        )
