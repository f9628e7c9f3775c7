"""Where everything of a chart stands around and inside its plotted area, in points.

`Placed` says it for axes of matplotlib's (`sheet`) and for paper without any (`paper`) alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Affine2D, Bbox

from survey.charts import fonts, layout
from survey.charts.fitting import (
    BESIDE,
    GAP,
    LEADING,
    NAMES,
    TEXT_SIZE,
    TITLE,
    Fit,
    as_text,
    fitted,
    names_above,
)
from survey.charts.marks import Bars
from survey.charts.plans import PointChart, RowChart, Scale
from survey.charts.recording import Recording
from survey.palette import text_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.backend_bases import RendererBase
    from numpy.typing import NDArray

EDGE = 4.0
"""Free rim of a chart, in points."""
_RIM = 5.0
"""Free length of a scale before its ends, in points."""
_MIDDLE = 0.36
"""From the middle of a line of text down to its base, as a share of its size."""


class Line(NamedTuple):
    """A line of text: where it begins, in points from the left and the bottom of the figure."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    ground: bool = False


def rows_of(plan: RowChart | PointChart, width: float, *, grows: bool) -> layout.Rows | None:
    """Lay out the rows of a chart in a room so wide, in points.

    A chart that `grows` will be as high as its rows need: names stand above them where it is
    narrow.
    """
    if not isinstance(plan, RowChart):
        return None
    inner = width - 2 * EDGE
    above = grows and names_above(plan.names, inner)
    columns = inner if above else min(layout.WIDEST * TEXT_SIZE / 2, NAMES * inner)
    least = np.full(len(plan.names), 1.0) * plan.least
    least[[*plan.headings]] *= not above
    return layout.rows(plan.names, columns=columns / (TEXT_SIZE / 2), least=least, above=above)


def height_of(plan: RowChart | PointChart, rows: layout.Rows | None, width: float) -> float:
    """Give the height in points of a figure of its own that is so wide."""
    fit = fitted(plan, rows, width - 2 * EDGE, math.inf)
    if isinstance(plan, PointChart):
        inner = 72 * plan.height
    else:
        assert rows is not None
        inner = 72 * layout.ROW * rows.extent
    return inner + fit.top + fit.bottom + 2 * EDGE


def plotted(fit: Fit, room: Bbox) -> Bbox:
    """Say where in its room the plotted area stands."""
    left, bottom = room.x0 + EDGE + fit.left, room.y0 + EDGE + fit.bottom
    right, top = room.x1 - EDGE - fit.right, room.y1 - EDGE - fit.top
    return Bbox.from_extents(left, bottom, max(right, left + 10), max(top, bottom + 10))


def ends(plan: RowChart, fit: Fit, room: Bbox) -> tuple[float, float]:
    """Give the ends of the scale with room for the marks there."""
    inner = room.width - 2 * EDGE - fit.left - fit.right
    scale = plan.scale
    rim = (scale.high - scale.low or 1.0) * _RIM / max(inner - 2 * _RIM, 4 * _RIM)
    return scale.low - rim, scale.high + rim


def most_ticks(plan: RowChart | PointChart, fit: Fit, room: Bbox) -> tuple[int, int]:
    """Say how many ticks have room along the scale and upwards."""
    scale = plan.x if isinstance(plan, PointChart) else plan.scale
    each = fonts.width(as_text(scale, scale.high) + "00", fit.size)
    across = room.width - 2 * EDGE - fit.left - fit.right
    upwards = room.height - 2 * EDGE - fit.top - fit.bottom
    return int(across / each), int(upwards / (2.5 * fit.size))


def locator(scale: Scale, most: int) -> MaxNLocator:
    """Choose the ticks of a scale."""
    n, steps = int(np.clip(most, 1, 8)), [1, 2, 2.5, 5, 10]
    return MaxNLocator(n, steps=steps, integer=scale.whole, min_n_ticks=1)


@dataclass(frozen=True, eq=False)
class Placed:
    """A chart in its room: what is written around and inside it, and the hints of a page."""

    plan: RowChart | PointChart
    rows: layout.Rows | None
    fit: Fit
    # its room and its plotted area, in points
    room: Bbox
    box: Bbox
    # places in the units of its scales → points
    points: Callable[[Any, Any], NDArray[np.float64]]

    def lines(self) -> Iterator[Line]:
        """Give every line of text that the sheet itself writes."""
        fit, plan, room = self.fit, self.plan, self.room
        big = TITLE * fit.size
        for i, text in enumerate(fit.title.split("\n") if fit.title else ()):
            y = room.y1 - EDGE - (i + 0.5) * LEADING * big - _MIDDLE * big
            yield Line(room.x0 + EDGE, y, text, big, plan.colours.ink)
        if isinstance(plan, PointChart):
            for text, y, _ in self._names():
                yield from _block(text, self.box.x1 + BESIDE, y, fit.size, plan.colours.ink)
        else:
            yield from self._beside(plan)
            yield from self._above(plan)
            for mark in plan.of_rows:
                if isinstance(mark, Bars) and mark.texts is not None:
                    yield from self._inside(mark, mark.texts)

    def _beside(self, plan: RowChart) -> Iterator[Line]:
        """Write names on the left, figures on the right, notices in place of marks."""
        assert self.rows is not None
        fit, box, colours = self.fit, self.box, plan.colours
        none = np.zeros(len(self.rows.y))
        middles, tops = (self.points(none, y)[:, 1] for y in (self.rows.y, self.rows.tops))
        for row in range(0, len(fit.names), fit.every):
            name, colour = (
                fit.names[row],
                colours.undecided if row in plan.headings else colours.ink,
            )
            if self.rows.above:
                middle = tops[row] + LEADING * fit.size * (name.count("\n") + 1) / 2
                for line in _block(name, box.x0 - fit.left, middle, fit.size, colour):
                    yield line._replace(ground=True)
            else:
                yield from _block(name, box.x0 - GAP, middles[row], fit.size, colour, 1.0)
            for column, right in zip(plan.columns, fit.rights, strict=False):
                at = box.x1 + right, middles[row]
                yield from _block(column.texts[row], *at, fit.size, colours.ink, 1.0)
            if plan.notices and plan.notices[row]:
                at = box.x0 + 0.02 * box.width, middles[row]
                for line in _block(plan.notices[row], *at, fit.size, colours.hidden):
                    yield line._replace(ground=True)

    def _above(self, plan: RowChart) -> Iterator[Line]:
        """Write headers of the columns and headings of the cells."""
        fit, box, colours = self.fit, self.box, plan.colours
        for column, right in zip(plan.columns, fit.rights, strict=False):
            at = box.x1 + right, box.y1 + 0.95 * fit.size
            yield from _block(column.header, *at, fit.size, colours.undecided, 1.0)
        for i, text in enumerate(fit.crown):
            up = 0.5 * LEADING * fit.crown_size * (text.count("\n") + 1)
            at = box.x0 + (i + 0.5) * box.width / len(fit.crown), box.y1 + 2 + up
            yield from _block(text, *at, fit.crown_size, colours.ink, 0.5)

    def _inside(self, mark: Bars, texts: Any) -> Iterator[Line]:
        """Write figures into bars and cells, where they have room."""
        assert self.rows is not None
        left, right, top, bottom = mark.boxes(self.rows).T
        ends = self.points(left, top), self.points(right, bottom)
        size = self.fit.size - 1
        middles, rooms = (ends[0] + ends[1]) / 2, np.abs(ends[1] - ends[0])
        for text, at, room, face in zip(texts, middles, rooms, mark.face, strict=True):
            if text and room[0] >= fonts.width(text, size) + 1 and room[1] >= 0.9 * size:
                yield from _block(text, at[0], at[1], size, text_on(face), 0.5)

    def _names(self) -> list[tuple[str, float, tuple[float, float]]]:
        """Place the names of points, from the top downwards and none over another."""
        plan, box, line = self.plan, self.box, LEADING * self.fit.size
        assert isinstance(plan, PointChart)
        named = zip(self.fit.names, plan.named, strict=False)
        chosen = sorted(((name, (x, y)) for name, (_, x, y) in named), key=lambda of: -of[1][1])
        places = [float(self.points([x], [y])[0, 1]) for _, (x, y) in chosen]
        room = [line * (name.count("\n") + 1) for name, _ in chosen]
        for i in range(1, len(places)):
            places[i] = min(places[i], places[i - 1] - (room[i - 1] + room[i]) / 2)
        # push back up what has fallen out at the bottom
        for i in range(len(places) - 1, -1, -1):
            least = box.y0 if i == len(places) - 1 else places[i + 1] + room[i + 1] / 2
            places[i] = max(places[i], least + room[i] / 2)
        return [(name, y, point) for (name, point), y in zip(chosen, places, strict=True)]

    def leaders(self) -> Iterator[NDArray[np.float64]]:
        """Give the ends of a thin line from every name of a point to that."""
        if isinstance(self.plan, PointChart):
            for _, y, (x, upwards) in self._names():
                start, end = np.array([self.box.x1 + 8, y]), self.points([x], [upwards])[0]
                away = (start - end) / max(float(np.hypot(*(start - end))), 1e-9)
                yield np.stack([start, end + 4 * away])

    def hint(self, page: Recording) -> None:
        """Tell a recording what a page shows under the pointer."""
        plan = self.plan
        if isinstance(plan, PointChart):
            for text, x, y in plan.hints:
                left, bottom = self.points([x], [y])[0]
                page.hint(left - 5, bottom - 5, left + 5, bottom + 5, text)
        elif plan.hints is not None and self.rows is not None:
            hints, room = plan.hints, self.room
            edges = self.points(np.zeros(len(self.rows.edges)), self.rows.edges)[:, 1]
            lefts = np.full(len(hints.row), room.x0)
            rights = np.full(len(hints.row), room.x1)
            if hints.left is not None and hints.right is not None:
                lefts, rights = (
                    self.points(x, np.zeros(len(x)))[:, 0] for x in (hints.left, hints.right)
                )
            for row, text, left, right in zip(hints.row, hints.texts, lefts, rights, strict=True):
                page.hint(left, edges[row + 1], right, edges[row], text)


def write(placed: Placed, renderer: RendererBase, to_dots: Affine2D) -> None:
    """Write all lines of text, and lead names of points to these."""
    families = [*fonts.families(), *fonts.rare()]
    from_top = renderer.get_canvas_width_height()[1] if renderer.flipy() else None
    gc = renderer.new_gc()
    gc.set_foreground(placed.plan.colours.undecided)
    gc.set_linewidth(0.6)
    for leader in placed.leaders():
        renderer.draw_path(gc, Path(leader), to_dots)
    sizes: dict[float, FontProperties] = {}
    for line in placed.lines():
        if line.ground:
            paper = Affine2D().scale(fonts.width(line.text, line.size) + 2, 1.1 * line.size)
            paper.translate(line.x - 1, line.y - 0.2 * line.size)
            gc.set_linewidth(0)
            renderer.draw_path(gc, Path.unit_rectangle(), paper + to_dots, (1.0, 1.0, 1.0, 1.0))
        gc.set_foreground(line.colour)
        # a page has fonts of its own for what ours lack
        text = line.text if isinstance(renderer, Recording) else fonts.drawable(line.text)
        font = sizes.get(line.size) or FontProperties(family=families, size=line.size)
        sizes[line.size] = font
        x, y = to_dots.transform((line.x, line.y))
        renderer.draw_text(gc, x, y if from_top is None else from_top - y, text, font, 0.0)
    gc.restore()


def _block(
    text: str, x: float, middle: float, size: float, colour: str, side: float = 0.0
) -> Iterator[Line]:
    """Place the lines of a text around a height, at their share `side` of their width."""
    lines = text.split("\n") if text else []
    for i, part in enumerate(lines):
        y = middle + ((len(lines) - 1) / 2 - i) * LEADING * size - _MIDDLE * size
        yield Line(x - side * fonts.width(part, size), y, part, size, colour)
