"""What stands for numbers, as data: dots with intervals, bars, lines to compare with, bands.

A mark knows its rows, so that a page of a chart holds the part of every mark that lies on it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from survey import palette

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from survey.charts.layout import Rows
    from survey.charts.paper import Ground

_M = TypeVar("_M", bound="OfRows")
DASHED, DOTTED = (0, (4, 2.5)), (0, (1, 2))


@dataclass(frozen=True, eq=False)
class OfRows:
    """A mark whose fields of numbers have one entry an occurrence, each in a row."""

    row: NDArray[np.int64]  # rows, from 0 downwards

    def finer(self, height: float) -> Self:
        """Fit into rows of so small a height, in rows of one line."""
        return self


def of_rows(mark: _M, kept: NDArray[np.int64]) -> _M:
    """Keep what lies in some rows, given in their order, and count these from 0."""
    place = np.full(max(int(kept.max(initial=0)), int(mark.row.max(initial=0))) + 1, -1)
    place[kept] = np.arange(len(kept))
    moved = replace(mark, row=place[mark.row])
    return _where(moved, moved.row >= 0)


def thinned(mark: _M, is_thin: NDArray[np.bool_], height: float) -> tuple[_M, _M]:
    """Part a mark into that of ordinary rows and that of thin ones, drawn finer."""
    thin = is_thin[mark.row]
    return _where(mark, ~thin), _where(mark, thin).finer(height)


def _where(mark: _M, inside: NDArray[np.bool_]) -> _M:
    values = {field.name: getattr(mark, field.name) for field in fields(mark)}
    kept = {name: v[inside] for name, v in values.items() if isinstance(v, np.ndarray)}
    return replace(mark, **kept)


@dataclass(frozen=True, eq=False)
class Dots(OfRows):
    """Estimates, with their intervals if these are given."""

    # values; missing ones are not drawn
    x: NDArray[np.float64]
    look: palette.Marker
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None
    # how far below the middle of its row each lies, in rows of one line
    shift: NDArray[np.float64] | None = None
    # of the marker, in points
    size: float | None = None
    edge: float = 1.3
    line: float = 1.6  # width of the interval; 0 where the legend shows none
    gid: str = ""  # name for whoever looks for the marks in the axes

    def finer(self, height: float) -> Dots:
        """Draw small dots with fine lines."""
        shift = None if self.shift is None else self.shift * height
        return replace(self, shift=shift, size=2.0, edge=0.5, line=min(self.line, 6 * height))

    def draw(self, ax: Axes | Ground, rows: Rows) -> None:
        """Draw into axes."""
        y = rows.y[self.row] + (0 if self.shift is None else self.shift)
        if self.low is not None and self.high is not None:
            at = np.isfinite(self.low)
            how: dict[str, Any] = {"color": self.look.colour, "lw": self.line, "zorder": 2}
            ax.hlines(y[at], self.low[at], self.high[at], **how)
        if len(y):
            ax.plot(self.x, y, ls="", zorder=3, gid=self.gid or None, **marker(self))

    def handle(self, label: str) -> Artist:
        """Make the legend's entry."""
        line = "-" if self.low is not None else ""
        colour = self.look.colour
        return Line2D([], [], color=colour, lw=self.line, ls=line, label=label, **marker(self))


def marker(dots: Dots) -> dict[str, Any]:
    """Give what matplotlib draws for dots."""
    colour, shape, filled = dots.look
    return {
        "marker": shape,
        "markersize": dots.size or (5.0 if shape == "D" else 6.0),
        "markeredgecolor": colour,
        "markerfacecolor": colour if filled else "white",
        "markeredgewidth": dots.edge,
    }


@dataclass(frozen=True, eq=False)
class Bars(OfRows):
    """Bars, or cells, of one outline and hatch."""

    # ends
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    face: NDArray[Any]  # colour of each
    edge: str = "none"
    hatch: str = ""
    half: float | None = 0.3  # half the height, in rows of one line; None for the whole row
    width: float = 0.8
    texts: NDArray[Any] | None = None  # figures inside, left out where they have no room
    gid: str = ""

    def finer(self, height: float) -> Bars:
        """Draw low bars without outline or figures."""
        half = None if self.half is None else self.half * height
        return replace(self, half=half, width=min(self.width, height), texts=None)

    def boxes(self, rows: Rows) -> NDArray[np.float64]:
        """Give left, right, top and bottom of each bar."""
        y = rows.y[self.row]
        top, bottom = (
            (rows.tops[self.row], rows.edges[self.row + 1])
            if self.half is None
            else (y - self.half, y + self.half)
        )
        return np.column_stack([self.left, self.right, top, bottom])

    def draw(self, ax: Axes | Ground, rows: Rows) -> None:
        """Draw all into axes as one collection: single ones would take ten times longer."""
        boxes = self.boxes(rows)
        known = np.isfinite(boxes).all(axis=1)
        corners = boxes[known][:, [0, 2, 0, 3, 1, 3, 1, 2]].reshape(-1, 4, 2)
        drawn = PolyCollection(
            corners,  # type: ignore[arg-type]  # at once, as its code says and its types do not
            facecolors=list(self.face[known]),
            edgecolors=self.edge,
            linewidths=self.width,
            hatch=self.hatch or None,
            zorder=1,
            gid=self.gid or None,
        )
        ax.add_collection(drawn, autolim=False)

    def handle(self, label: str) -> Artist:
        """Make the legend's entry."""
        face = self.face[0] if len(self.face) else "white"
        how: dict[str, Any] = {
            "edgecolor": self.edge,
            "hatch": self.hatch or None,
            "lw": self.width,
        }
        return Patch(facecolor=face, label=label, **how)


def swatch(colour: str, edge: str = "none") -> Bars:
    """Make a bar that stands in the legend only."""
    nothing = np.zeros(0)
    return Bars(nothing.astype(int), nothing, nothing, np.array([colour]), edge)


@dataclass(frozen=True, eq=False)
class Steps(OfRows):
    """Thin lines from the middle of a row to that of the next."""

    x: NDArray[np.float64]
    colour: str

    def draw(self, ax: Axes | Ground, rows: Rows) -> None:
        """Draw into axes."""
        inside = self.row + 1 < len(rows.y)
        y = rows.y[self.row[inside]], rows.y[self.row[inside] + 1]
        ax.vlines(self.x[inside], *y, color=self.colour, lw=0.7, zorder=1)


@dataclass(frozen=True, eq=False)
class Upright:
    """A line over all rows to compare with, or a level one where values run upwards."""

    x: float
    colour: str
    dashes: Any = "-"
    width: float = 1.0
    gid: str = ""
    level: bool = False

    def draw(self, ax: Axes | Ground, rows: Rows | None = None) -> None:
        """Draw into axes."""
        how = {"color": self.colour, "lw": self.width, "ls": self.dashes, "gid": self.gid or None}
        zorder = 0.9 if self.dashes == "-" else 1.5
        (ax.axhline if self.level else ax.axvline)(self.x, zorder=zorder, **how)

    def handle(self, label: str) -> Artist:
        """Make the legend's entry."""
        return Line2D([], [], color=self.colour, lw=self.width, ls=self.dashes, label=label)


def bar_line(bar: float, colours: palette.Palette, *, level: bool = False) -> Upright:
    """Make the line of the bar."""
    return Upright(bar, colours.ink, DASHED, 1.1, "bar", level)


def zero_line(colours: palette.Palette) -> Upright:
    """Make the line of no difference."""
    return Upright(0, colours.ink, "-", 0.9, "zero")


@dataclass(frozen=True, eq=False)
class Curve:
    """A line through points, points alone, or the area between two lines."""

    x: NDArray[Any]
    y: NDArray[Any]
    look: palette.Marker
    upper: NDArray[Any] | None = None
    dashes: Any = "-"
    width: float = 1.6
    size: float | None = None
    gid: str = ""

    def draw(self, ax: Axes | Ground, rows: Rows | None = None) -> None:
        """Draw into axes."""
        if self.upper is not None:
            colour = self.look.colour
            ax.fill_between(self.x, self.y, self.upper, color=colour, lw=0, gid=self.gid or None)
        else:
            ax.plot(self.x, self.y, gid=self.gid or None, **self._how())

    def _how(self) -> dict[str, Any]:
        look = {"color": self.look.colour, "ls": self.dashes, "lw": self.width}
        if self.dashes:
            return look
        marks = Dots(np.zeros(0, int), np.zeros(0), self.look, size=self.size)
        return look | {"zorder": 3} | marker(marks)

    def handle(self, label: str) -> Artist:
        """Make the legend's entry."""
        if self.upper is not None:
            return Patch(color=self.look.colour, label=label)
        return Line2D([], [], label=label, **self._how())
