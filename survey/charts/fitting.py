"""How a chart's texts fit into the room there is.

Where the room is narrow, names take more lines, or stand above their rows where a figure of its
own would leave its marks little of the width; then figures on the right are left out, the
outermost first. Where it is low, texts become smaller, down to `LEAST` points; then the legend
goes; at last only every second or third row is named. Nothing is ever cut.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from survey import formats
from survey.charts import fonts, labels, layout
from survey.charts.plans import PointChart, RowChart, Scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXT_SIZE = 8.5
"""Size of all texts but titles, in points, where there is room."""
LEAST = 5.0
LEADING = 1.22
"""Distance of lines of text, as a multiple of their size."""
TITLE = 10 / 8.5
"""Size of titles, as a multiple of that of other texts."""
GAP = 4.0
"""Distance of names from the plotted area, in points."""
BESIDE = 10.0
"""Distance of names of points from the plotted area."""
NAMES = 0.42
"""Greatest share of the width for names."""
PHONE, NARROW_NAMES = 300.0, 0.25
"""Width in points up to which names that take a greater share of it stand above their rows."""
TICK = 6.5
"""Length of a tick and its distance from its label."""
HANDLE, BEFORE_TEXT, BETWEEN = 1.6, 0.5, 1.4
"""Of the legend, in sizes of its text: its marks, and the gaps after these and between columns."""
_PLOT, _UNDER_NAMES, _LEAST_PLOT = 0.34, 0.5, 60.0
"""For the plotted area, of what is right of the names or below them: least share, least width."""
_BOTH_ENDS = 26, 360.0
"""Rows, and height in points, from which on the scale stands above the rows, too."""


class Fit(NamedTuple):
    """How a chart fits into its room; lengths in points."""

    size: float  # of all texts but titles
    # of rows, or of points, in lines; those of points that have no room are left out
    names: tuple[str, ...]
    every: int  # every which row is named: 1 where all are
    # right edges of the columns of figures that have room, from the plotted area
    rights: tuple[float, ...]
    # in lines
    title: str
    label: str
    legend: int  # columns of the legend; 0 without one
    crown: tuple[str, ...]  # headings above the scale, in lines, of the size `crown_size`
    crown_size: float
    # room around the plotted area
    left: float
    right: float
    top: float
    bottom: float
    title_height: float  # of `top`, for the title
    twice: bool  # whether the scale stands above the rows, too


def fitted(
    plan: RowChart | PointChart,
    rows: layout.Rows | None,
    width: float,
    height: float,
    title: str | None = None,
) -> Fit:
    """Fit a chart into a room.

    Parameters
    ----------
    rows : Rows or None
        Where the rows of a chart of rows lie.
    width, height : float
        In points; the height may be infinite.
    title : str, optional
        A title that takes the place of the chart's own.
    """
    for size in np.arange(TEXT_SIZE, LEAST - 0.1, -0.5):
        fit = _at(plan, rows, float(size), width, height, title, legend=True)
        if fit.every == 1 and fit.top + fit.bottom < 0.75 * height:
            return fit
    legend = fit.top + fit.bottom < 0.6 * height
    return _at(plan, rows, LEAST, width, height, title, legend=legend)


def names_above(names: Sequence[str], width: float) -> bool:
    """Say whether names stand above their rows: beside them they would take room from the marks."""
    return width <= PHONE and _widest(names, TEXT_SIZE) > NARROW_NAMES * width


def _at(
    plan: RowChart | PointChart,
    rows: layout.Rows | None,
    size: float,
    width: float,
    height: float,
    title: str | None,
    *,
    legend: bool,
) -> Fit:
    """Fit with texts of one size."""
    line, scale = LEADING * size, plan.scale if isinstance(plan, RowChart) else plan.x
    own = labels.wrap(plan.title, _columns(width, TITLE * size)) if title is None else ""
    written = own or title or ""
    title_height = _lines(written) * TITLE * line + 0.5 * size if written else 0.0
    columns = _most_columns(plan, size, width) if legend else 0
    top = title_height
    if columns:
        top += line * math.ceil(len(plan.legend) / columns) + 0.4 * size
    label = labels.wrap(scale.label, _columns(0.9 * width, size))
    bottom = line * _lines(label) + 3 if label else 0.0
    fit = Fit(
        *(size, (), 1, (), own, label, columns, (), size),
        *(0.0, fonts.width(as_text(scale, scale.high), size) / 2),
        *(top + 0.3 * size, bottom + TICK + line, title_height),
        twice=False,
    )
    if isinstance(plan, PointChart):
        return _beside_points(plan, fit, width, height)
    assert rows is not None
    return _beside_rows(plan, rows, fit, width, height)


def _beside_points(plan: PointChart, fit: Fit, width: float, height: float) -> Fit:
    """Fit the upward scale on the left, names of points on the right."""
    size, line = fit.size, LEADING * fit.size
    ticks = _widest((as_text(plan.y, end) for end in (plan.y.low, plan.y.high)), size)
    names: list[str] = []
    free = height - fit.top - fit.bottom
    for name, *_ in plan.named:
        name = labels.wrap(name, _columns(0.27 * width, size))
        free -= line * _lines(name)
        if free < 0:
            break
        names.append(name)
    right = max(_widest(names, size) + BESIDE + 2 if names else 0.0, fit.right)
    return fit._replace(names=tuple(names), left=TICK + ticks + line + 4, right=right)


def _beside_rows(plan: RowChart, rows: layout.Rows, fit: Fit, width: float, height: float) -> Fit:
    """Fit names on the left, figures on the right, headings above."""
    size, line = fit.size, LEADING * fit.size
    # small names go on for as long as large ones
    room = width if rows.above else min(layout.WIDEST * TEXT_SIZE / 2, NAMES * width)
    names = tuple(labels.wrap(name, _columns(room, size)) for name in plan.names)
    left = fonts.width(as_text(plan.scale, plan.scale.low), size) / 2
    if not rows.above:
        left = _widest(names, size) + GAP
    rights = _rights(plan, size, width - left, _UNDER_NAMES if rows.above else _PLOT)
    right = max(rights[-1] if rights else 0.0, 0.0 if plan.crown else fit.right)
    # above the rows: headers of the columns, headings of cells, or the scale once more
    band, bottom, crown, crown_size = 0.3 * size, fit.bottom, fit.crown, size
    if any(column.header for column in plan.columns[: len(rights)]):
        band += 1.1 * line
    twice = not plan.crown and len(names) > _BOTH_ENDS[0] and height > _BOTH_ENDS[1]
    if twice:
        band = max(band, TICK + line)
    if plan.crown:
        bottom -= TICK + line
        each = 0.98 * (width - left - right) / len(plan.crown) - 3
        words = [word for text in plan.crown for word in labels.pieces(text)]
        crown_size = float(np.clip(0.98 * each / _widest(words, 1.0), LEAST, size))
        crown = tuple(labels.wrap(text, _columns(each, crown_size)) for text in plan.crown)
        band = max(band, LEADING * crown_size * max(map(_lines, crown)) + 2)
    top = fit.top - 0.3 * size + band
    pitch = max((height - top - bottom) / rows.extent, 0.1)
    lines = np.array([_lines(name) for name in names], float)
    is_named = [bool(name) for name in names]
    need = size * (LEADING * (lines - 1) + 1.1) / np.diff(rows.edges) * is_named
    every = max(1, math.ceil(float((need / pitch).max(initial=0)) - 1e-6))
    return fit._replace(
        names=names,
        every=every,
        rights=rights,
        crown=crown,
        crown_size=crown_size,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        twice=twice,
    )


def _rights(plan: RowChart, size: float, room: float, share: float) -> tuple[float, ...]:
    """Place right edges of as many columns as leave the plotted area its share."""
    places, x = [], 0.0
    words = [word for text in plan.crown for word in labels.pieces(text)]
    least = max(share * room, _LEAST_PLOT, len(plan.crown) * (_widest(words, LEAST + 0.3) + 4))
    for column in plan.columns:
        x += size + _widest((column.header, *column.texts), size)
        if room - x < least:
            break
        places.append(x)
    return tuple(places)


def _most_columns(plan: RowChart | PointChart, size: float, width: float) -> int:
    """Find the most columns of the legend that fit; 0 without one."""
    n = len(plan.legend)
    for most in range(min(n, 6), 1, -1):
        columns = math.ceil(n / math.ceil(n / most))
        used = sum(wide for _, wide in legend_columns(plan, columns, size))
        if used + BETWEEN * size * (columns - 1) <= width:
            return columns
    return min(n, 1)


def legend_columns(
    plan: RowChart | PointChart, n_columns: int, size: float
) -> list[tuple[list[int], float]]:
    """Give the entries and the width of each column; they are filled one after the other."""
    wide = [(HANDLE + BEFORE_TEXT) * size + fonts.width(text, size) for text, _ in plan.legend]
    parts = [part.tolist() for part in np.array_split(np.arange(len(wide)), n_columns)]
    return [(part, max((wide[entry] for entry in part), default=0.0)) for part in parts]


def as_text(scale: Scale, value: float) -> str:
    """Write a value on a scale.

    Examples
    --------
    >>> as_text(Scale(0, 1), 0.9), as_text(Scale(-1, 1, written="points"), -0.015)
    ('90%', '−1.5')
    """
    if scale.written == "plain":
        text = f"{round(value)}" if scale.whole else f"{value:.6g}"
    elif scale.written == "points":
        text = f"{100 * value:+.4g}" if round(value, 6) else "0"
    else:
        text = f"{100 * (abs(value) if scale.written == 'share' else value):.4g}%"
    return text.replace("-", formats.MINUS)


def _columns(length: float, size: float) -> float:
    """Give how many half-width columns a length holds."""
    return length / (size / 2)


def _lines(text: str) -> int:
    return text.count("\n") + 1


def _widest(texts: Iterable[str] | Sequence[str], size: float) -> float:
    return max((fonts.width(text, size) for text in texts), default=0.0)
