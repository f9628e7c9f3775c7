"""What a chart shows, as data: drawn by `sheet`, parted into pages, sent to another process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from survey.charts import layout, marks
from survey.palette import STANDARD, Palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey.charts.marks import Bars, Curve, Dots, Steps, Upright

Written: TypeAlias = Literal["percent", "share", "points", "plain"]
"""How a scale is written: 90%, unsigned 90%, +1.5 or the number itself."""


class Scale(NamedTuple):
    """Values along the rows, or along one side of a chart of points.

    Attributes
    ----------
    low, high : float
        Where it begins and ends; rows have a free rim beyond.
    label : str
        What it measures.
    written : str
        See `Written`.
    whole : bool
        Whether only whole numbers are written.
    """

    low: float
    high: float
    label: str = ""
    written: Written = "percent"
    whole: bool = False


def around_zero(values: NDArray[np.float64], label: str, *, least: float = 0.0) -> Scale:
    """Make a scale of percentage points that holds all values and 0."""
    known = values[np.isfinite(values)]
    low, high = min(0.0, known.min(initial=0.0)), max(0.0, known.max(initial=0.0))
    if high - low < least:
        low, high = min(low, -least), max(high, least)
    return Scale(float(low), float(high) if high > low else 0.01, label, "points")


class Column(NamedTuple):
    """Figures right of the rows."""

    header: str
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Hints(marks.OfRows):
    """What a page shows under the pointer: over the whole row, or over a part of it.

    Attributes
    ----------
    texts : array of str
        One a place.
    left, right : array of float, optional
        Ends of the places on the scale.
    """

    texts: NDArray[Any]
    left: NDArray[np.float64] | None = None
    right: NDArray[np.float64] | None = None


Entry: TypeAlias = tuple[str, Any]
"""A line of the legend: its text and a mark that looks like it."""


@dataclass(frozen=True, eq=False)
class RowChart:
    """A chart of one row a unit.

    Attributes
    ----------
    title : str
        Lines above the chart.
    names : tuple of str
        Labels of the rows.
    scale : Scale
        The same on every page.
    of_rows : tuple of marks
        With a part on every page.
    across : tuple of Upright
        Lines over all rows.
    columns : tuple of Column
        Figures right of the rows, the most needed first: in narrow axes the last go first.
    legend : tuple of Entry
        Above the rows.
    notices : tuple of str
        What stands in a row in place of marks; empty for most, or for all.
    headings : frozenset of int
        Rows that are headings, in grey.
    crown : tuple of str
        Headings above equal parts of the scale, in place of its ticks.
    hints : Hints or None
        What a page shows under the pointer.
    least : float
        Room of the lowest row, in rows of one line.
    colours : Palette
        For texts and lines around.
    """

    title: str
    names: tuple[str, ...]
    scale: Scale
    of_rows: tuple[Dots | Bars | Steps, ...]
    across: tuple[Upright, ...] = ()
    columns: tuple[Column, ...] = ()
    legend: tuple[Entry, ...] = ()
    notices: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()
    crown: tuple[str, ...] = ()
    hints: Hints | None = None
    least: float = 1.0
    colours: Palette = STANDARD

    def part(self, start: int, stop: int) -> RowChart:
        """Keep some rows; scale, title and legend stay."""
        return replace(
            self,
            names=self.names[start:stop],
            of_rows=tuple(marks.part(mark, start, stop) for mark in self.of_rows),
            columns=tuple(c._replace(texts=c.texts[start:stop]) for c in self.columns),
            notices=self.notices[start:stop],
            headings=frozenset(row - start for row in self.headings if start <= row < stop),
            hints=None if self.hints is None else marks.part(self.hints, start, stop),
        )


@dataclass(frozen=True, eq=False)
class PointChart:
    """A chart of points over two scales.

    Attributes
    ----------
    x, y : Scale
        To the right and upwards.
    drawn : tuple of Curve or Upright
        In the order in which they are drawn.
    named : tuple of (str, float, float)
        Names beside the chart with their points; those named last go first where room is short.
    hints : tuple of (str, float, float)
        What a page shows under the pointer at a point.
    height : float
        Of the plotted area of a figure of its own, in inches.
    """

    title: str
    x: Scale
    y: Scale
    drawn: tuple[Curve | Upright, ...]
    legend: tuple[Entry, ...] = ()
    named: tuple[tuple[str, float, float], ...] = ()
    hints: tuple[tuple[str, float, float], ...] = ()
    height: float = 3.4
    colours: Palette = STANDARD


@dataclass(frozen=True, eq=False)
class Notice:
    """In place of a chart: the sentence why there is none."""

    text: str
    title: str = ""
    colours: Palette = field(default=STANDARD)


Plan: TypeAlias = RowChart | PointChart | Notice


def pages(plan: Plan, per_page: float = layout.PER_PAGE) -> list[Plan]:
    """Part a chart into pages that each fit a sheet, all on one scale."""
    if not isinstance(plan, RowChart):
        return [plan]
    cuts = layout.split(layout.rows(plan.names, least=plan.least), per_page)
    return [plan] if len(cuts) == 1 else [plan.part(*cut) for cut in cuts]


def column(header: str, texts: Iterable[object]) -> Column:
    """Make a column of figures."""
    return Column(header, tuple(map(str, texts)))
