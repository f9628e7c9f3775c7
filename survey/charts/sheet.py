"""Title, legend, names and figures around the plotted area, placed whenever a figure is drawn.

A chart has the room of its axes: the whole of a figure of its own, or the share of the analyst's
figure that falls to them; `fitting` says what has room there. So a chart follows the size of its
figure, and a title that the analyst sets takes the place of the chart's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import Affine2D, Bbox, ScaledTranslation

from survey import settings
from survey.charts import fonts
from survey.charts.fitting import (
    BEFORE_TEXT,
    BETWEEN,
    HANDLE,
    LEADING,
    TITLE,
    Fit,
    as_text,
    fitted,
)
from survey.charts.placing import (
    EDGE,
    Line,
    Placed,
    ends,
    height_of,
    locator,
    most_ticks,
    plotted,
    rows_of,
    write,
)
from survey.charts.plans import PointChart, RowChart, Scale
from survey.charts.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase
    from matplotlib.text import Text

T = TypeVar("T")


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
        self.rows = rows_of(plan, self.room().width, grows=grows)
        self.set_zorder(4)
        ax.add_artist(self)
        self.set_clip_on(False)
        ax.set_axes_locator(self)

    @_in_own_font
    def height(self, width: float) -> float:
        """Give the height in points of a figure of its own that is so wide."""
        return height_of(self.plan, self.rows, width)

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
        box = plotted(self.fit, room)
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
        across, upwards = most_ticks(plan, fit, room)
        if isinstance(plan, PointChart):
            self._set_axis(ax.yaxis, plan.y, plan.y.label, upwards)
            scale = plan.x
        else:
            scale = plan.scale
        self._set_axis(ax.xaxis, scale, fit.label, across)
        if isinstance(plan, PointChart):
            return
        ax.tick_params(axis="x", labeltop=fit.twice)
        if plan.crown:
            ax.set_xticks([])
        # marks at the ends have room, unless the analyst has set other ends
        elif self._limits in (None, ax.get_xlim()):
            self._limits = ax.set_xlim(*ends(plan, fit, room))

    def _set_axis(self, axis: Any, scale: Scale, label: str, most: int) -> None:
        axis.set_major_locator(locator(scale, most))
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
                handlelength=HANDLE,
                handletextpad=BEFORE_TEXT,
                columnspacing=BETWEEN,
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

    def _placed(self) -> Placed:
        box = Bbox((self._ax.bbox.get_points() - self._figure.bbox.p0) * self._zoom)
        return Placed(self.plan, self.rows, self.fit, self.room(), box, self._points)

    def lines(self) -> Iterator[Line]:
        """Give every line of text that the sheet itself writes."""
        return self._placed().lines()

    def _points(self, x: Any, y: Any) -> Any:
        """Turn places in the units of the axes into points of the figure."""
        dots = self._ax.transData.transform(np.column_stack([x, y]))
        return self._zoom * (dots - self._figure.bbox.p0)

    @_in_own_font
    def draw(self, renderer: RendererBase) -> None:
        """Write all lines, and tell a recording what a page shows under the pointer."""
        if not self.get_visible():
            return
        placed, zoom, origin = self._placed(), 1 / self._zoom, self._figure.bbox.p0
        write(placed, renderer, Affine2D().scale(zoom).translate(*origin))
        if isinstance(renderer, Recording):
            placed.hint(renderer)


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
