"""A chart on paper of its own, told to a recording without a figure of matplotlib's.

A figure costs far more than the marks on it: axes, ticks, spines and a legend of some hundred
objects, measured and placed anew whenever it is drawn. Nobody adds to the chart of a report, so
that its frame can be written where it is known to stand; marks are matplotlib's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from matplotlib.collections import Collection
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from survey.charts import fonts, placing
from survey.charts.fitting import (
    BEFORE_TEXT,
    BETWEEN,
    HANDLE,
    LEADING,
    TICK,
    as_text,
    fitted,
    legend_columns,
)
from survey.charts.placing import EDGE, Placed
from survey.charts.plans import Notice, Plan, PointChart, RowChart, Scale
from survey.charts.recording import ASCENT, DESCENT, POINTS, Recording, record
from survey.charts.style import (
    AXES,
    GRID,
    TICK_LENGTH,
    WIDTH,
    offscreen,
    own_settings,
    show,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

_TICKS: tuple[Literal[0, 3], ...] = (0, 3)
"""Marks of matplotlib's: a tick to the left, and downwards."""
_PAD = 4.0
"""Distance of a scale's label from its figures, in points."""


def recorded(plan: Plan, width: float = WIDTH) -> Recording:
    """Draw a chart so wide, in inches, and as high as its rows need.

    What is drawn is what `survey.charts.style.show` draws on a figure of its own.
    """
    with own_settings():
        if not isinstance(plan, Notice):
            return _drawn(plan, width * POINTS)
        with offscreen(), record(cast("Figure", show(plan, width=width).figure)) as page:
            return page


def _drawn(plan: RowChart | PointChart, wide: float) -> Recording:
    rows = placing.rows_of(plan, wide, grows=True)
    page = Recording(wide, placing.height_of(plan, rows, wide))
    room = Bbox.from_bounds(0, 0, page.width, page.height)
    fit = fitted(plan, rows, page.width - 2 * EDGE, page.height - 2 * EDGE)
    box = placing.plotted(fit, room)
    if isinstance(plan, PointChart):
        sides = (plan.x.low, plan.x.high), (plan.y.low, plan.y.high)
    else:
        assert rows is not None
        of_scale = (
            (plan.scale.low, plan.scale.high) if plan.crown else placing.ends(plan, fit, room)
        )
        sides = of_scale, (rows.extent, 0.0)
    ground = Ground(box, *sides)
    placed = Placed(plan, rows, fit, room, box, ground.points)
    paper = Affine2D().scale(box.width, box.height).translate(box.x0, box.y0)
    page.draw_path(_gc(page, 0.0), Path.unit_rectangle(), paper, (1.0, 1.0, 1.0, 1.0))
    _draw_frame(page, placed, ground)
    if isinstance(plan, PointChart):
        for drawn in plan.drawn:
            drawn.draw(ground)
    elif rows is not None:
        for mark in (*plan.of_rows, *plan.across):
            mark.draw(ground, rows)
    ground.draw(page)
    placing.write(placed, page, Affine2D())
    placed.hint(page)
    _draw_legend(page, placed)
    return page


class Ground:
    """What marks draw on in place of axes: the few methods of these that they call.

    Parameters
    ----------
    box : Bbox
        The plotted area, in points.
    across, upwards : tuple of float
        Values on its left and right, and at its bottom and top.
    """

    def __init__(
        self, box: Bbox, across: tuple[float, float], upwards: tuple[float, float]
    ) -> None:
        self.box = box
        (left, right), (bottom, top) = across, upwards
        self._to_points = (
            Affine2D()
            .translate(-left, -bottom)
            .scale(box.width / (right - left), box.height / (top - bottom))
            .translate(box.x0, box.y0)
        )
        self._across, self._upwards = across, upwards
        self._artists: list[Artist] = []

    def points(self, x: Any, y: Any) -> Any:
        """Turn places in units of the scales into points."""
        return self._to_points.transform(np.column_stack([x, y]))

    def add_collection(self, drawn: Collection, autolim: bool = False) -> None:
        """Take marks, cut off at the ends of the scales."""
        self._add(drawn)

    def hlines(self, y: Any, xmin: Any, xmax: Any, **how: Any) -> None:
        """Draw level lines."""
        lines = _lines(np.column_stack([xmin, y]), np.column_stack([xmax, y]))
        self._add(PathPatch(lines, fill=False, **how))

    def vlines(self, x: Any, ymin: Any, ymax: Any, **how: Any) -> None:
        """Draw upright lines."""
        lines = _lines(np.column_stack([x, ymin]), np.column_stack([x, ymax]))
        self._add(PathPatch(lines, fill=False, **how))

    def plot(self, x: Any, y: Any, **how: Any) -> None:
        """Draw a line or marks."""
        self._add(Line2D(x, y, **how))

    def axvline(self, x: float, **how: Any) -> None:
        """Draw an upright line from end to end."""
        self.plot([x, x], self._upwards, **how)

    def axhline(self, y: float, **how: Any) -> None:
        """Draw a level line from end to end."""
        self.plot(self._across, [y, y], **how)

    def fill_between(self, x: Any, y: Any, upper: Any, **how: Any) -> None:
        """Fill the area between two lines."""
        there, back = np.column_stack([x, y]), np.column_stack([x, upper])[::-1]
        self._add(PathPatch(Path(np.concatenate([there, back])), **how))

    def _add(self, drawn: Artist) -> None:
        drawn.set_transform(self._to_points)
        drawn.set_clip_box(self.box)
        self.add(drawn)

    def add(self, drawn: Artist) -> None:
        """Take what is placed in points."""
        self._artists.append(drawn)

    def ticks(self, scale: Scale, most: int, side: int) -> NDArray[np.float64]:
        """Choose the values along a side, 0 across and 1 upwards, that are written."""
        low, high = (self._across, self._upwards)[side]
        values = np.asarray(placing.locator(scale, most).tick_values(low, high))
        near = 1e-10 * abs(high - low)
        return values[(values >= low - near) & (values <= high + near)]

    def draw(self, page: Recording) -> None:
        """Draw everything, what lies below first."""
        for drawn in sorted(self._artists, key=lambda artist: artist.get_zorder()):
            if isinstance(drawn, Collection):
                _draw_all(page, drawn)
            else:
                drawn.draw(page)


def _gc(page: Recording, width: float, colour: str = "black") -> Any:
    gc = page.new_gc()
    gc.set_linewidth(width)
    gc.set_foreground(colour)
    return gc


def _lines(starts: Any, ends: Any) -> Path:
    """Make one path of many lines; those without a place are none."""
    known = np.isfinite(np.column_stack([starts, ends])).all(axis=1)
    starts, ends = starts[known], ends[known]
    codes = np.tile([Path.MOVETO, Path.LINETO], len(starts))
    return Path(np.stack([starts, ends], axis=1).reshape(-1, 2), codes)


def _draw_all(page: Recording, drawn: Collection) -> None:
    """Draw areas that do not overlap and differ in their colour alone, those of one as one path."""
    faces, edges = (
        np.asarray(colours) for colours in (drawn.get_facecolor(), drawn.get_edgecolor())
    )
    gc = _gc(page, float(np.asarray(drawn.get_linewidth())[0]) if len(edges) else 0.0)
    gc.set_clip_rectangle(drawn.get_clip_box())
    if len(edges):
        gc.set_foreground(tuple(edges[0].tolist()), isRGBA=True)
    if drawn.get_hatch():
        gc.set_hatch(drawn.get_hatch())
        gc.set_hatch_color(gc.get_rgb())
    paths: dict[tuple[float, ...], list[Path]] = {}
    for path, face in zip(drawn.get_paths(), faces.tolist(), strict=True):
        paths.setdefault(tuple(face), []).append(path)
    for face, own in paths.items():
        whole = Path.make_compound_path(*own)
        page.note(gc, drawn.get_transform().transform_path(whole), face)


def _draw_frame(page: Recording, placed: Placed, ground: Ground) -> None:
    """Draw the grid and the figures of the scales; their lines lie above bars and below dots."""
    plan, fit, box = placed.plan, placed.fit, placed.box
    size, grey = fit.size, plan.colours.undecided
    across, upwards = placing.most_ticks(plan, fit, placed.room)
    below = box.y0
    line: dict[str, Any] = {"color": grey, "lw": AXES, "zorder": 2.5}
    if isinstance(plan, PointChart) or not plan.crown:
        scale = plan.x if isinstance(plan, PointChart) else plan.scale
        values = ground.ticks(scale, across, 0)
        x = ground.points(values, np.zeros(len(values)))[:, 0]
        _draw_grid(page, placed, np.stack([x, np.full(len(x), box.y0)], axis=1), across=True)
        for value, at in zip(values, x, strict=True):
            text = as_text(scale, value)
            left = at - fonts.width(text, size) / 2
            _write(page, placed, left, box.y0 - TICK - ASCENT * size, text)
            if fit.twice:
                _write(page, placed, left, box.y1 + TICK + DESCENT * size, text)
        if len(x):
            below -= TICK + (ASCENT + DESCENT) * size
        ground.add(Line2D([box.x0, box.x1], [box.y0, box.y0], solid_capstyle="projecting", **line))
    for i, text in enumerate(fit.label.split("\n") if fit.label else ()):
        base = below - _PAD - (ASCENT + i * (ASCENT + DESCENT)) * size
        _write(page, placed, (box.x0 + box.x1 - fonts.width(text, size)) / 2, base, text)
    if isinstance(plan, PointChart):
        values = ground.ticks(plan.y, upwards, 1)
        y = ground.points(np.zeros(len(values)), values)[:, 1]
        _draw_grid(page, placed, np.stack([np.full(len(y), box.x0), y], axis=1), across=False)
        texts = [as_text(plan.y, value) for value in values]
        wide = [fonts.width(text, size) for text in texts]
        for text, width, at in zip(texts, wide, y, strict=True):
            _write(page, placed, box.x0 - TICK - width, at - ASCENT * size / 2, text)
        left = box.x0 - (TICK + max(wide) if wide else 0.0) - _PAD - DESCENT * size
        low = (box.y0 + box.y1 - fonts.width(plan.y.label, size)) / 2
        _write(page, placed, left, low, plan.y.label, angle=90.0)
        ground.add(Line2D([box.x0, box.x0], [box.y0, box.y1], solid_capstyle="projecting", **line))


def _draw_grid(page: Recording, placed: Placed, starts: Any, *, across: bool) -> None:
    """Draw a line of the grid and a tick from every start on a side of the plotted area."""
    box, colours = placed.box, placed.plan.colours
    ends = starts.copy()
    ends[:, int(across)] = box.y1 if across else box.x1
    lines = PathPatch(_lines(starts, ends), fill=False, color=colours.grid, lw=GRID)
    lines.set_clip_box(box)
    lines.draw(page)
    how: dict[str, Any] = {"color": colours.undecided, "ls": "", "mew": AXES}
    Line2D(*starts.T, marker=_TICKS[across], markersize=TICK_LENGTH, **how).draw(page)


def _write(
    page: Recording, placed: Placed, x: float, y: float, text: str, angle: float = 0.0
) -> None:
    gc, font = _gc(page, 1.0, placed.plan.colours.ink), FontProperties(size=placed.fit.size)
    page.draw_text(gc, x, page.height - y, text, font, angle)


def _draw_legend(page: Recording, placed: Placed) -> None:
    """Draw the legend, its columns filled one after the other, above whatever is above the rows."""
    plan, fit, box = placed.plan, placed.fit, placed.box
    if not fit.legend:
        return
    size, high = fit.size, ASCENT + DESCENT
    columns = legend_columns(plan, fit.legend, size)
    n_rows = len(columns[0][0])
    pitch = high + LEADING - 1.0
    floor = box.y1 + fit.top - fit.title_height - n_rows * LEADING * size
    first = floor + ((n_rows - 1) * pitch + DESCENT) * size
    x = box.x0 - fit.left
    for entries, wide in columns:
        for row, entry in enumerate(entries):
            text, mark = plan.legend[entry]
            y = first - row * pitch * size
            _draw_handle(page, mark.handle(text), x, y, size)
            _write(page, placed, x + (HANDLE + BEFORE_TEXT) * size, y, text)
        x += wide + BETWEEN * size


def _draw_handle(page: Recording, mark: Artist, x: float, y: float, size: float) -> None:
    """Draw what stands for a mark before its text."""
    wide, high = HANDLE * size, 0.7 * size
    if isinstance(mark, Line2D):
        mark.set_data([x, x + wide / 2, x + wide], [y + high / 2] * 3)
        mark.set_markevery([1])
        mark.draw(page)
    elif isinstance(mark, Patch):
        drawn = Rectangle((x, y), wide, high)
        drawn.update_from(mark)
        drawn.draw(page)
