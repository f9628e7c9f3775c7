"""What a chart shows, as data: drawn by `sheet`, parted into pages, sent to another process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np

from questionnaires.language import say
from survey.charts import layout, marks
from survey.palette import STANDARD, Palette

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey.charts.marks import Bars, Curve, Dots, Steps, Upright
    from survey.errors import Language

MOST_PAGES = 2
"""Pages of one chart in a report; a chart that would take more is condensed."""
NAMED, THICKEST, THINNEST = 0.66, 0.3, 0.06
"""Of a condensed page: the share for rows with names, and heights of the others in lines."""
Written: TypeAlias = Literal["percent", "share", "points", "plain"]
"""How a scale is written: 90%, unsigned 90%, +1.5 or the number itself."""


class Scale(NamedTuple):
    """Values along the rows, or along one side of a chart of points."""

    # where it begins and ends; rows have a free rim beyond
    low: float
    high: float
    label: str = ""  # what it measures
    written: Written = "percent"  # see `Written`
    whole: bool = False  # whether only whole numbers are written


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
    """What a page shows under the pointer: over the whole row, or over a part of it."""

    texts: NDArray[Any]  # one a place
    # ends of the places on the scale
    left: NDArray[np.float64] | None = None
    right: NDArray[np.float64] | None = None


Entry: TypeAlias = tuple[str, Any]
"""A line of the legend: its text and a mark that looks like it."""


@dataclass(frozen=True, eq=False)
class RowChart:
    """A chart of one row a unit."""

    title: str  # lines above the chart
    names: tuple[str, ...]  # labels of the rows
    scale: Scale  # the same on every page
    of_rows: tuple[Dots | Bars | Steps, ...]  # with a part on every page
    across: tuple[Upright, ...] = ()  # lines over all rows
    # figures right of the rows, the most needed first: in narrow axes the last go first
    columns: tuple[Column, ...] = ()
    legend: tuple[Entry, ...] = ()  # above the rows
    # what stands in a row in place of marks; empty for most, or for all
    notices: tuple[str, ...] = ()
    headings: frozenset[int] = frozenset()  # rows that are headings, in grey
    crown: tuple[str, ...] = ()  # headings above equal parts of the scale, in place of its ticks
    hints: Hints | None = None  # what a page shows under the pointer
    # room of the lowest row, or of each, in rows of one line
    least: float | NDArray[np.float64] = 1.0
    # rows that keep their names where a page holds more than can be named
    decided: NDArray[np.bool_] | None = None
    colours: Palette = STANDARD  # for texts and lines around

    def of(self, kept: NDArray[np.int64]) -> RowChart:
        """Keep some rows, given in their order; scale, title and legend stay."""

        def some(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(texts[row] for row in kept) if texts else ()

        return replace(
            self,
            names=some(self.names),
            of_rows=tuple(marks.of_rows(mark, kept) for mark in self.of_rows),
            columns=tuple(c._replace(texts=some(c.texts)) for c in self.columns),
            notices=some(self.notices),
            headings=frozenset(np.flatnonzero(np.isin(kept, [*self.headings])).tolist()),
            hints=None if self.hints is None else marks.of_rows(self.hints, kept),
            decided=None if self.decided is None else self.decided[kept],
        )


@dataclass(frozen=True, eq=False)
class PointChart:
    """A chart of points over two scales."""

    title: str
    # to the right and upwards
    x: Scale
    y: Scale
    drawn: tuple[Curve | Upright, ...]  # in the order in which they are drawn
    legend: tuple[Entry, ...] = ()
    # names beside the chart with their points; those named last go first where room is short
    named: tuple[tuple[str, float, float], ...] = ()
    # what a page shows under the pointer at a point
    hints: tuple[tuple[str, float, float], ...] = ()
    height: float = 3.4  # of the plotted area of a figure of its own, in inches
    colours: Palette = STANDARD


@dataclass(frozen=True, eq=False)
class Notice:
    """In place of a chart: the sentence why there is none."""

    text: str
    title: str = ""
    colours: Palette = field(default=STANDARD)


Plan: TypeAlias = RowChart | PointChart | Notice


def pages(
    plan: Plan, per_page: float = layout.PER_PAGE, language: Language | None = None
) -> list[Plan]:
    """Part a chart into pages that each fit a sheet, all on one scale.

    With a language, a chart of more than `MOST_PAGES` becomes one page: see `condensed`.
    """
    if not isinstance(plan, RowChart):
        return [plan]
    cuts = layout.split(layout.rows(plan.names, least=plan.least), per_page)
    if len(cuts) == 1:
        return [plan]
    if language is not None and len(cuts) > MOST_PAGES:
        return [condensed(plan, per_page, language)]
    return [plan.of(np.arange(*cut)) for cut in cuts]


def condensed(plan: RowChart, per_page: float, language: Language) -> RowChart:
    """Put rows that would take many pages on one: some with names, the others as a distribution.

    Rows that are decided keep names and figures, in the order of the chart and as many as two
    thirds of a page hold; where a chart tells of none, its first rows. The others keep their place
    in the order and are drawn thin, and where even so there is no room for all, every second,
    third … of them.
    """
    n = len(plan.names)
    heights = np.diff(layout.rows(plan.names, least=plan.least).edges)
    decided = np.arange(n) if plan.decided is None else np.flatnonzero(plan.decided)
    named = decided[np.cumsum(heights[decided]) <= NAMED * per_page]
    rest = np.setdiff1d(np.arange(n), named)
    room = per_page - heights[named].sum()
    step = int(np.ceil(len(rest) * THINNEST / room))
    thin = min(THICKEST, room / len(rest[::step]))
    kept = np.sort(np.concatenate([named, rest[::step]]))
    told = say(
        language,
        "\n共 {n} 行：写出名称的 {k} 行，其余按同一顺序排列{drawn}，名称和数字见表",
        "\n{n} rows: {k} with their names, the others in the same order{drawn}; see the table",
        n=n,
        k=len(named),
        drawn=""
        if step == 1
        else say(language, "，每 {step} 行画 1 行", ", one in {step} drawn", step=step),
    )
    plan = plan.of(kept)
    is_named = np.isin(kept, named)

    def told_of(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(np.where(is_named, texts, "").tolist()) if texts else ()

    return replace(
        plan,
        title=plan.title + told,
        names=told_of(plan.names),
        of_rows=tuple(
            part for mark in plan.of_rows for part in marks.thinned(mark, ~is_named, thin)
        ),
        columns=tuple(c._replace(texts=told_of(c.texts)) for c in plan.columns),
        notices=told_of(plan.notices),
        least=np.where(is_named, plan.least, thin),
    )


def column(header: str, texts: Iterable[object]) -> Column:
    """Make a column of figures."""
    return Column(header, tuple(map(str, texts)))
