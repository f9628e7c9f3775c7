"""Title, legend, names and figures around the plotted area, placed whenever a figure is drawn.

A chart has the room of its axes: the whole of a figure of its own, or the share of the analyst's
figure that falls to them; `fitting` says what has room there. So a chart follows the size of its
figure, and a title that the analyst sets takes the place of the chart's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Affine2D, Bbox, ScaledTranslation

from survey import settings
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

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text

T = TypeVar("T")
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


def _in_own_font(method: Callable[..., T]) -> Callable[..., T]:
    """Let a chart keep the font that was chosen for it: matplotlib draws it when that is over."""

    @wraps(method)
    def drawn(self: Sheet, *given: Any) -> T:
        with settings.options(font=self._font or None):
            return method(self, *given)

    return drawn


class Sheet(Artist):
    """What is written around and inside a chart; it tells the axes where to stand.

    Parameters
    ----------
    ax : Axes
        Where the chart is drawn.
    plan : RowChart or PointChart
        What is shown.
    alone : bool
        Whether the figure is the chart's own.
    grows : bool
        Whether it will be as high as its rows need: names stand above them where it is narrow.
    """

    def __init__(
        self, ax: Axes, plan: RowChart | PointChart, *, alone: bool, grows: bool = False
    ) -> None:
        super().__init__()
        self.plan = plan
        self._font = settings.current().font
        self._ax, self._alone = ax, alone
        self._outer = ax.get_axes_locator()
        self._key: Any = None
        self._limits: Any = None
        self._labels: dict[bool, str] = {}
        self._handles = [mark.handle(fonts.drawable(text)) for text, mark in plan.legend]
        self.fit: Fit
        self.rows: layout.Rows | None = None
        if isinstance(plan, RowChart):
            width = self.room().width - 2 * EDGE
            above = grows and names_above(plan.names, width)
            columns = width if above else min(layout.WIDEST * TEXT_SIZE / 2, NAMES * width)
            least = np.full(len(plan.names), 1.0) * plan.least
            least[[*plan.headings]] *= not above
            self.rows = layout.rows(
                plan.names, columns=columns / (TEXT_SIZE / 2), least=least, above=above
            )
        self.set_zorder(4)
        ax.add_artist(self)
        self.set_clip_on(False)
        ax.set_axes_locator(self)

    @_in_own_font
    def height(self, width: float) -> float:
        """Give the height in points of a figure of its own that is so wide."""
        fit = fitted(self.plan, self.rows, width - 2 * EDGE, math.inf)
        if isinstance(self.plan, PointChart):
            inner = 72 * self.plan.height
        else:
            assert self.rows is not None
            inner = 72 * layout.ROW * self.rows.extent
        return inner + fit.top + fit.bottom + 2 * EDGE

    # where it stands ----------------------------------------------------------------------------

    @property
    def _figure(self) -> Any:
        if self._ax.figure is None:
            raise ValueError("the axes belong to no figure")
        return self._ax.figure

    @property
    def _zoom(self) -> float:
        """Points in a dot."""
        return 72 / float(self._figure.dpi)

    def room(self) -> Bbox:
        """Give the room of the axes with all that stands around them, in points."""
        ax, figure = self._ax, self._figure
        spec = ax.get_subplotspec()
        # an engine of matplotlib's has already left room between the axes
        free = figure.figure.get_layout_engine() is None and self._outer is None
        if self._alone or (free and len(figure.axes) == 1):
            box = Bbox.unit()
        elif self._outer is not None:
            box = self._outer(ax, None)  # type: ignore[arg-type]
        elif free and spec is not None and spec is spec.get_topmost_subplotspec():
            box = _cell(spec, figure)
        else:
            box = ax.get_position(original=True)
        whole = self._zoom * np.array([figure.bbox.width, figure.bbox.height])
        heading = figure.get_suptitle() if isinstance(figure, Figure) and free else ""
        if heading and box.y1 > 0.98:
            top = 0.98 - 17 * (heading.count("\n") + 1) / whole[1]
            box = Bbox.from_extents(box.x0, box.y0, box.x1, top)
        return Bbox(box.get_points() * whole)

    def get_subplotspec(self) -> Any:
        """Say in which grid the axes stand: matplotlib asks their locator for that."""
        return self._ax.get_subplotspec()

    @_in_own_font
    def __call__(self, ax: Axes, renderer: RendererBase | None) -> Bbox:
        """Say where the plotted area stands, as a locator of matplotlib's."""
        room = self.room()
        title = next((text.get_text() for text in _titles(ax) if text.get_text()), None)
        key = (*room.extents, title, fonts.families())
        if key != self._key:
            self._key = key
            size = room.width - 2 * EDGE, room.height - 2 * EDGE
            self.fit = fitted(self.plan, self.rows, *size, title)
            self._set_axes(ax, room)
            self._set_legend(ax)
        self._lift(ax)
        left, bottom = room.x0 + EDGE + self.fit.left, room.y0 + EDGE + self.fit.bottom
        right, top = room.x1 - EDGE - self.fit.right, room.y1 - EDGE - self.fit.top
        box = Bbox.from_extents(left, bottom, max(right, left + 10), max(top, bottom + 10))
        whole = self._figure.bbox.width, self._figure.bbox.height
        return Bbox(box.get_points() / self._zoom / whole)

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Give the whole room of the chart, so that it is not cut off when a figure is trimmed."""
        return Bbox(self.room().get_points() / self._zoom + self._figure.bbox.p0)

    # what matplotlib draws by itself ------------------------------------------------------------

    def _set_axes(self, ax: Axes, room: Bbox) -> None:
        """Set ticks and labels."""
        fit, plan = self.fit, self.plan
        ink, families = plan.colours.ink, list(fonts.families())
        ax.tick_params(labelfontfamily=families, labelsize=fit.size, labelcolor=ink)
        inner = room.width - 2 * EDGE - fit.left - fit.right
        if isinstance(plan, PointChart):
            upwards = room.height - 2 * EDGE - fit.top - fit.bottom
            self._set_axis(ax.yaxis, plan.y, plan.y.label, int(upwards / (2.5 * fit.size)))
            scale = plan.x
        else:
            scale = plan.scale
        each = fonts.width(as_text(scale, scale.high) + "00", fit.size)
        self._set_axis(ax.xaxis, scale, fit.label, int(inner / each))
        if isinstance(plan, PointChart):
            return
        ax.tick_params(axis="x", labeltop=fit.twice)
        if plan.crown:
            ax.set_xticks([])
        # marks at the ends have room, unless the analyst has set other ends
        elif self._limits in (None, ax.get_xlim()):
            rim = (scale.high - scale.low or 1.0) * _RIM / max(inner - 2 * _RIM, 4 * _RIM)
            self._limits = ax.set_xlim(scale.low - rim, scale.high + rim)

    def _set_axis(self, axis: Any, scale: Scale, label: str, most: int) -> None:
        n = int(np.clip(most, 1, 8))
        steps = [1, 2, 2.5, 5, 10]
        axis.set_major_locator(MaxNLocator(n, steps=steps, integer=scale.whole, min_n_ticks=1))
        axis.set_major_formatter(FuncFormatter(lambda value, _: as_text(scale, value)))
        across = axis is self._ax.xaxis
        if axis.label.get_text() in ("", self._labels.get(across)):
            axis.set_label_text(label)
            self._labels[across] = label
        axis.label.set(
            fontfamily=list(fonts.families()),
            fontsize=self.fit.size,
            fontweight="normal",
            color=self.plan.colours.ink,
        )

    def _set_legend(self, ax: Axes) -> None:
        old = ax.get_legend()
        if old is not None:
            old.remove()
        if self.fit.legend:
            ax.legend(
                handles=self._handles,
                ncols=self.fit.legend,
                loc="lower left",
                borderaxespad=0,
                borderpad=0,
                handlelength=1.6,
                handletextpad=0.5,
                columnspacing=1.4,
                labelspacing=LEADING - 1.0,
                frameon=False,
                prop=FontProperties(family=list(fonts.families()), size=self.fit.size),
                labelcolor=self.plan.colours.ink,
            ).set_in_layout(False)

    def _lift(self, ax: Axes) -> None:
        """Put the legend, and a title of the analyst's, above whatever stands above the rows."""
        fit, legend = self.fit, ax.get_legend()
        base, scale = fit.top - fit.title_height, self._figure.dpi_scale_trans
        if legend is not None and fit.legend:
            up = base - math.ceil(len(self.plan.legend) / fit.legend) * LEADING * fit.size
            shift = ScaledTranslation(-fit.left / 72, up / 72, scale)
            legend.set_bbox_to_anchor((0, 1), ax.transAxes + shift)
        for text in _titles(ax):
            if text.get_text():
                shift = ScaledTranslation(0, (base + 0.5 * fit.size) / 72, scale)
                text.set(transform=ax.transAxes + shift, y=1.0, fontsize=TITLE * fit.size)

    # what is written ----------------------------------------------------------------------------

    def lines(self) -> Iterator[Line]:
        """Give every line of text that the sheet itself writes."""
        fit, plan, room = self.fit, self.plan, self.room()
        big = TITLE * fit.size
        for i, text in enumerate(fit.title.split("\n") if fit.title else ()):
            y = room.y1 - EDGE - (i + 0.5) * LEADING * big - _MIDDLE * big
            yield Line(room.x0 + EDGE, y, text, big, plan.colours.ink)
        box = Bbox((self._ax.bbox.get_points() - self._figure.bbox.p0) * self._zoom)
        if isinstance(plan, PointChart):
            for text, y, _ in self._names(box):
                yield from _block(text, box.x1 + BESIDE, y, fit.size, plan.colours.ink)
        else:
            yield from self._beside(plan, box)
            yield from self._above(plan, box)
            for mark in plan.of_rows:
                if isinstance(mark, Bars) and mark.texts is not None:
                    yield from self._inside(mark, mark.texts)

    def _beside(self, plan: RowChart, box: Bbox) -> Iterator[Line]:
        """Write names on the left, figures on the right, notices in place of marks."""
        assert self.rows is not None
        fit, colours = self.fit, plan.colours
        none = np.zeros(len(self.rows.y))
        middles, tops = (self._points(none, y)[:, 1] for y in (self.rows.y, self.rows.tops))
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

    def _above(self, plan: RowChart, box: Bbox) -> Iterator[Line]:
        """Write headers of the columns and headings of the cells."""
        fit, colours = self.fit, plan.colours
        for column, right in zip(plan.columns, fit.rights, strict=False):
            at = box.x1 + right, box.y1 + 0.95 * fit.size
            yield from _block(column.header, *at, fit.size, colours.undecided, 1.0)
        for i, text in enumerate(fit.crown):
            up = 0.5 * LEADING * fit.crown_size * (text.count("\n") + 1)
            at = box.x0 + (i + 0.5) * box.width / len(fit.crown), box.y1 + 2 + up
            yield from _block(text, *at, fit.crown_size, colours.ink, 0.5)

    def _points(self, x: Any, y: Any) -> Any:
        """Turn places in the units of the axes into points of the figure."""
        dots = self._ax.transData.transform(np.column_stack([x, y]))
        return self._zoom * (dots - self._figure.bbox.p0)

    def _inside(self, mark: Bars, texts: Any) -> Iterator[Line]:
        """Write figures into bars and cells, where they have room."""
        assert self.rows is not None
        left, right, top, bottom = mark.boxes(self.rows).T
        ends = self._points(left, top), self._points(right, bottom)
        size = self.fit.size - 1
        middles, rooms = (ends[0] + ends[1]) / 2, np.abs(ends[1] - ends[0])
        for text, at, room, face in zip(texts, middles, rooms, mark.face, strict=True):
            if text and room[0] >= fonts.width(text, size) + 1 and room[1] >= 0.9 * size:
                yield from _block(text, at[0], at[1], size, text_on(face), 0.5)

    def _names(self, box: Bbox) -> list[tuple[str, float, tuple[float, float]]]:
        """Place the names of points, from the top downwards and none over another."""
        plan, line = self.plan, LEADING * self.fit.size
        assert isinstance(plan, PointChart)
        named = zip(self.fit.names, plan.named, strict=False)
        chosen = sorted(((name, (x, y)) for name, (_, x, y) in named), key=lambda of: -of[1][1])
        places = [float(self._points([x], [y])[0, 1]) for _, (x, y) in chosen]
        room = [line * (name.count("\n") + 1) for name, _ in chosen]
        for i in range(1, len(places)):
            places[i] = min(places[i], places[i - 1] - (room[i - 1] + room[i]) / 2)
        # push back up what has fallen out at the bottom
        for i in range(len(places) - 1, -1, -1):
            least = box.y0 if i == len(places) - 1 else places[i + 1] + room[i + 1] / 2
            places[i] = max(places[i], least + room[i] / 2)
        return [(name, y, point) for (name, point), y in zip(chosen, places, strict=True)]

    @_in_own_font
    def draw(self, renderer: RendererBase) -> None:
        """Write all lines, and tell a recording what a page shows under the pointer."""
        if not self.get_visible():
            return
        zoom, origin = 1 / self._zoom, self._figure.bbox.p0
        from_top = renderer.get_canvas_width_height()[1] if renderer.flipy() else None
        gc = renderer.new_gc()
        self._draw_leaders(renderer, gc)
        families = [*fonts.families(), *fonts.rare()]
        for line in self.lines():
            x, y = origin[0] + zoom * line.x, origin[1] + zoom * line.y
            if line.ground:
                wide = zoom * (fonts.width(line.text, line.size) + 2)
                paper = Affine2D().scale(wide, 1.1 * zoom * line.size)
                paper.translate(x - zoom, y - 0.2 * zoom * line.size)
                gc.set_linewidth(0)
                renderer.draw_path(gc, Path.unit_rectangle(), paper, (1.0, 1.0, 1.0, 1.0))
            gc.set_foreground(line.colour)
            # a page has fonts of its own for what ours lack
            text = line.text if isinstance(renderer, Recording) else fonts.drawable(line.text)
            font = FontProperties(family=families, size=line.size)
            renderer.draw_text(gc, x, y if from_top is None else from_top - y, text, font, 0.0)
        gc.restore()
        if isinstance(renderer, Recording):
            self._hint(renderer)

    def _draw_leaders(self, renderer: RendererBase, gc: Any) -> None:
        """Draw a thin line from every name of a point to that."""
        if not isinstance(self.plan, PointChart):
            return
        box, zoom = self._ax.bbox, 1 / self._zoom
        gc.set_foreground(self.plan.colours.undecided)
        gc.set_linewidth(0.6)
        in_points = Bbox((box.get_points() - self._figure.bbox.p0) * self._zoom)
        for _, y, point in self._names(in_points):
            start = np.array([box.x1 + 8 * zoom, self._figure.bbox.y0 + y * zoom])
            end = self._ax.transData.transform(point)
            away = (start - end) / max(float(np.hypot(*(start - end))), 1e-9)
            renderer.draw_path(gc, Path([start, end + 4 * zoom * away]), Affine2D())

    def _hint(self, page: Recording) -> None:
        plan = self.plan
        if isinstance(plan, PointChart):
            for text, x, y in plan.hints:
                left, bottom = self._points([x], [y])[0]
                page.hint(left - 5, bottom - 5, left + 5, bottom + 5, text)
        elif plan.hints is not None and self.rows is not None:
            hints, room = plan.hints, self.room()
            edges = self._points(np.zeros(len(self.rows.edges)), self.rows.edges)[:, 1]
            lefts = np.full(len(hints.row), room.x0)
            rights = np.full(len(hints.row), room.x1)
            if hints.left is not None and hints.right is not None:
                lefts, rights = (
                    self._points(x, np.zeros(len(x)))[:, 0] for x in (hints.left, hints.right)
                )
            for row, text, left, right in zip(hints.row, hints.texts, lefts, rights, strict=True):
                page.hint(left, edges[row + 1], right, edges[row], text)


def _titles(ax: Axes) -> list[Text]:
    """Give the analyst's titles: in the middle, on the left, on the right."""
    return [ax.title, *(getattr(ax, f"_{side}_title") for side in ("left", "right"))]


def _cell(spec: Any, figure: Any) -> Bbox:
    """Give the share of a figure that falls to axes of a grid, half of the gaps included."""
    grid = spec.get_gridspec()
    bottoms, tops, lefts, rights = grid.get_grid_positions(figure)
    rows, columns = spec.rowspan, spec.colspan
    left, right = columns.start, columns.stop
    return Bbox.from_extents(
        0 if left == 0 else (rights[left - 1] + lefts[left]) / 2,
        0 if rows.stop == grid.nrows else (bottoms[rows.stop - 1] + tops[rows.stop]) / 2,
        1 if right == grid.ncols else (rights[right - 1] + lefts[right]) / 2,
        1 if rows.start == 0 else (bottoms[rows.start - 1] + tops[rows.start]) / 2,
    )


def _block(
    text: str, x: float, middle: float, size: float, colour: str, side: float = 0.0
) -> Iterator[Line]:
    """Place the lines of a text around a height, at their share `side` of their width."""
    lines = text.split("\n") if text else []
    for i, part in enumerate(lines):
        y = middle + ((len(lines) - 1) / 2 - i) * LEADING * size - _MIDDLE * size
        yield Line(x - side * fonts.width(part, size), y, part, size, colour)
