"""How all charts look: one meaning per colour, one size of text, figures that grow with rows."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar
from weakref import WeakSet

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MultipleLocator
from matplotlib.transforms import ScaledTranslation

from survey import vocabulary
from survey.charts import fonts, labels

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from survey.errors import Language

_P = ParamSpec("_P")
_R = TypeVar("_R")

GOOD = "#0072B2"
"""Satisfied, meets the bar, better than the university, risen."""
BAD = "#B84A00"
"""Dissatisfied, below the bar, worse than the university, fallen."""
UNDECIDED = "#5F6368"
"""Not decided, neutral, not distinguishable from 0."""
HIDDEN = "#767676"
"""Withheld."""
INK = "#1F2328"
"""Text, totals and the bar line."""
QUANTITY = "#4A7A78"
"""Amounts that are neither good nor bad, such as response rates."""
GRID = "#DADDE1"

VERDICT_COLOURS: Mapping[str, str] = MappingProxyType(
    {"meets": GOOD, "below": BAD, "inconclusive": UNDECIDED, "withheld": HIDDEN}
)
"""Colour of every verdict: at least 4.5:1 against white, and apart for colour-blind readers."""
VERDICT_MARKERS: Mapping[str, str] = MappingProxyType(
    {"meets": "o", "below": "D", "inconclusive": "o", "withheld": "x"}
)
"""Marker of every verdict, so that black-and-white print tells them apart."""
VERDICT_FILLED: Mapping[str, bool] = MappingProxyType(
    {"meets": True, "below": True, "inconclusive": False, "withheld": True}
)

WIDTH = 7.0
"""Width of every figure in inches: the text width of an A4 page."""
ROW = 0.235
"""Height of a row with a one-line label, in inches."""
_FOOT = 0.55
_TEXT = 8.5
_LINES = 1.2
_own: WeakSet[Figure] = WeakSet()

_SETTINGS: dict[Any, Any] = {
    "font.family": list(fonts.FAMILIES),
    "font.size": _TEXT,
    "font.weight": "normal",
    "axes.titlesize": 10,
    "axes.titleweight": "normal",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.labelsize": _TEXT,
    "axes.labelcolor": INK,
    "axes.edgecolor": UNDECIDED,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": _TEXT,
    "ytick.labelsize": _TEXT,
    "legend.fontsize": _TEXT,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
_offscreen: ContextVar[bool] = ContextVar("offscreen", default=False)


def styled(draw: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a function draw with our font and settings; those of the caller are as before after."""

    @wraps(draw)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        fonts.register()
        with mpl.rc_context(_SETTINGS):
            return draw(*args, **kwargs)

    return wrapper


@contextmanager
def offscreen() -> Iterator[None]:
    """Make figures that pyplot does not hold, for files and pages: nothing to close afterwards.

    Examples
    --------
    >>> from matplotlib import pyplot as plt
    >>> before = plt.get_fignums()
    >>> with offscreen():
    ...     drawn = figure(2.0)
    >>> plt.get_fignums() == before
    True
    """
    token = _offscreen.set(True)
    try:
        yield
    finally:
        _offscreen.reset(token)


def figure(height: float) -> Figure:
    """Make a figure of the common width with one axes.

    Parameters
    ----------
    height : float
        Height in inches.
    """
    size = (WIDTH, height)
    if _offscreen.get():
        made = Figure(figsize=size, layout="constrained")
    else:
        from matplotlib import pyplot as plt

        made = plt.figure(figsize=size, layout="constrained")
    made.add_subplot()
    return made


def prepare(ax: Axes | None, height: float, *, grid: str = "x") -> Axes:
    """Give axes with our frame and font: those at hand, or new ones of this height.

    Parameters
    ----------
    ax : Axes or None
        Axes of the caller.
    height : float
        Height of the plotted area of a new figure in inches; room for the axis comes on top, and
        `head` adds what it needs.
    grid : {"x", "y", "both", ""}
        Axis whose values get grid lines.
    """
    if ax is None:
        made = figure(height + _FOOT)
        _own.add(made)
        ax = made.axes[0]
    ax.spines[["top", "right"]].set_visible(False)
    # texts of the axes exist before, ticks are made after the settings of this module hold
    for text in (ax.xaxis.label, ax.yaxis.label):
        text.set(fontfamily=list(fonts.FAMILIES), fontsize=_TEXT, fontweight="normal", color=INK)
    ax.tick_params(
        labelfontfamily=list(fonts.FAMILIES),
        labelsize=_TEXT,
        labelcolor=INK,
        color=UNDECIDED,
        length=3,
    )
    if grid:
        ax.grid(axis=grid, color=GRID, linewidth=0.7)  # type: ignore[arg-type]
    return ax


def head(
    ax: Axes,
    title: str,
    *,
    handles: Sequence[Artist] = (),
    columns: int = 4,
    header: bool = False,
    columns_wide: int = 66,
    tick_lines: int = 1,
) -> None:
    """Put the title and, under it, the legend above the axes.

    Parameters
    ----------
    handles : sequence of Artist
        Entries of the legend.
    columns : int
        Most entries in a line of the legend; long ones get fewer.
    header : bool
        Leave a line free for the headers of columns right of the axes.
    columns_wide : int
        Longest line of the title in half-width columns.
    tick_lines : int
        Lines of tick labels where these stand above the axes.
    """
    line = 1.45 * _TEXT
    lift = 5.0 + (line if header else 0.0)
    if ax.xaxis.get_major_ticks(1)[0].label2.get_visible():
        lift += line * tick_lines
    if handles:
        longest = max(labels.width(str(handle.get_label())) for handle in handles)
        columns = max(1, min(columns, len(handles), (columns_wide + 14) // (longest + 5)))
        above = ScaledTranslation(0, lift / 72, _figure(ax).dpi_scale_trans)
        ax.legend(
            handles=list(handles),
            ncols=columns,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            bbox_transform=ax.transAxes + above,
            borderaxespad=0,
            borderpad=0,
            handlelength=1.6,
            handletextpad=0.5,
            columnspacing=1.4,
        )
        lift += line * math.ceil(len(handles) / columns) + 2
    wrapped = [labels.wrap(part, columns_wide) for part in title.split("\n")]
    height = (lift + 4 + 15.5 * (1 + "\n".join(wrapped).count("\n"))) / 72
    drawn = _figure(ax)
    if isinstance(drawn, Figure) and drawn in _own:
        drawn.set_figheight(drawn.get_figheight() + height)
    ax.set_title(
        "\n".join(wrapped),
        loc="left",
        y=1.0,
        pad=lift + 4,
        linespacing=_LINES,
        fontfamily=list(fonts.FAMILIES),
    )


def _figure(ax: Axes) -> Figure | SubFigure:
    if ax.figure is None:
        raise ValueError("the axes belong to no figure")
    return ax.figure


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


def set_rows(ax: Axes, laid: Rows) -> None:
    """Label the rows on the left, downwards; many rows get the scale above them too."""
    ax.set_yticks(laid.y, laid.labels, linespacing=_LINES)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_ylim(laid.extent, 0)
    # there is no label to place; looking for its place would measure every row again
    ax.yaxis.set_label_coords(0, 0.5)
    if laid.extent > 30:
        ax.tick_params(axis="x", labeltop=True)


def right_column(
    ax: Axes, laid: Rows, texts: Sequence[str], *, right: float, header: str = ""
) -> None:
    """Write a column of figures right of the axes.

    Parameters
    ----------
    right : float
        Distance of the column's right edge from the axes, in inches.
    """
    scale = _figure(ax).dpi_scale_trans
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
            color=UNDECIDED,
        )


def percent_axis(
    ax: Axes, axis: str, *, label: str, step: float | None = None, signed: bool = True
) -> None:
    """Write an axis of shares as percentages with true minus signs.

    Parameters
    ----------
    step : float, optional
        Distance of the ticks, as a share.
    signed : bool
        Whether values left of 0 are negative, or only lie on the other side.
    """
    target = ax.xaxis if axis == "x" else ax.yaxis

    def written(value: float, _: int | None) -> str:
        value = value if signed else abs(value)
        return f"{100 * value:.4g}".replace("-", labels.MINUS) + "%"

    target.set_major_formatter(FuncFormatter(written))
    if step is not None:
        target.set_major_locator(MultipleLocator(step))
    target.set_label_text(label)


def rate_axis(ax: Axes, least: float, *, label: str) -> None:
    """Let an axis of rates end at 100 % and begin at 60, 40, 20 or 0 %, below the least value."""
    start = 0.0 if math.isnan(least) else min(0.6, math.floor(5 * least) / 5)
    percent_axis(ax, "x", label=label, step=0.1 if start >= 0.4 else 0.2)
    ax.set_xlim(start - 0.02 * (1 - start), 1 + 0.02 * (1 - start))


def bar_line(ax: Axes, bar: float) -> None:
    """Draw the line of the bar."""
    ax.axvline(bar, color=INK, lw=1.1, ls=(0, (4, 2.5)), zorder=1.5, gid="bar")


def zero_line(ax: Axes) -> None:
    """Draw the line of no difference."""
    ax.axvline(0, color=INK, lw=0.9, zorder=0.9, gid="zero")


def points_axis(ax: Axes, *, label: str) -> None:
    """Write an axis of shares in percentage points, with a sign."""

    def written(value: float, _: int | None) -> str:
        return f"{100 * value:+.4g}".replace("-", labels.MINUS) if round(value, 6) else "0"

    ax.xaxis.set_major_formatter(FuncFormatter(written))
    ax.xaxis.set_label_text(label)


def dots(
    ax: Axes,
    x: Any,
    y: Any,
    low: Any = None,
    high: Any = None,
    *,
    colour: str,
    marker: str = "o",
    filled: bool = True,
    gid: str = "",
) -> None:
    """Draw estimates, one a row, with their intervals if these are given."""
    if low is not None:
        ax.hlines(y, low, high, color=colour, lw=1.6, zorder=2)
    ax.plot(x, y, ls="", zorder=3, gid=gid or None, **_look(colour, marker, filled))


def dot_handle(
    label: str, *, colour: str, marker: str = "o", filled: bool = True, line: bool = True
) -> Line2D:
    """Make the legend entry of `dots`, with or without intervals."""
    look = _look(colour, marker, filled)
    return Line2D([], [], color=colour, lw=1.6, ls="-" if line else "", label=label, **look)


def _look(colour: str, marker: str, filled: bool) -> dict[str, Any]:
    return {
        "marker": marker,
        "markersize": 5.0 if marker == "D" else 6.0,
        "markeredgecolor": colour,
        "markerfacecolor": colour if filled else "white",
        "markeredgewidth": 1.3,
    }


def verdict_look(code: str) -> dict[str, Any]:
    """Give colour, marker and fill of a verdict, for `dots` and `dot_handle`.

    Examples
    --------
    >>> verdict_look("below")
    {'colour': '#B84A00', 'marker': 'D', 'filled': True}
    """
    return {
        "colour": VERDICT_COLOURS[code],
        "marker": VERDICT_MARKERS[code],
        "filled": VERDICT_FILLED[code],
    }


def row_notices(ax: Axes, y: Any, text: str) -> None:
    """Write the same short notice into rows that show no figure."""
    ground = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    place = ax.get_yaxis_transform()
    for position in y:
        ax.text(0.02, position, text, transform=place, va="center", color=HIDDEN, bbox=ground)


def mix(colour: str, white: float) -> str:
    """Lighten a colour.

    Parameters
    ----------
    white : float
        Share of white, from 0 to 1.

    Examples
    --------
    >>> mix("#000000", 0.5)
    '#808080'
    """
    return to_hex(tuple((1 - white) * part + white for part in to_rgb(colour)))  # type: ignore[arg-type]


def text_on(colour: str) -> str:
    """Choose white or black for a text on a colour, so that the contrast is 4.5:1 or more.

    Examples
    --------
    >>> text_on(GOOD), text_on("#F0F0F0")
    ('white', 'black')
    """
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "white" if luminance < 0.179 else "black"


def notice(ax: Axes, text: str) -> None:
    """Say in the middle of empty axes why nothing is drawn."""
    ax.set_axis_off()
    ax.text(
        0.5,
        0.5,
        labels.wrap(text, 60),
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=UNDECIDED,
        fontsize=10,
        linespacing=_LINES,
    )


def split(frame: pd.DataFrame, per_page: int) -> list[pd.DataFrame]:
    """Cut a sorted frame into pages of about equal length, at least one.

    Examples
    --------
    >>> import pandas as pd
    >>> [len(page) for page in split(pd.DataFrame({"branch": range(90)}), 40)]
    [30, 30, 30]
    """
    n_pages = max(1, math.ceil(len(frame) / per_page))
    edges = np.linspace(0, len(frame), n_pages + 1).round().astype(int)
    return [frame.iloc[a:b] for a, b in pairwise(edges)]


def display(frame: pd.DataFrame, columns: Sequence[str], language: Language) -> pd.DataFrame:
    """Keep some columns and give them their names for readers."""
    names = {column: vocabulary.column(column, language) for column in columns}
    return frame[list(columns)].rename(columns=names).reset_index(drop=True)


def with_frame(result: _R, frame: pd.DataFrame) -> _R:
    """Give the same result with another frame."""
    return dataclasses.replace(result, frame=frame)  # type: ignore[type-var]


def level_text(level: float, language: Language) -> str:
    """Name a confidence interval.

    Examples
    --------
    >>> level_text(0.95, "zh"), level_text(0.95, "en")
    ('95% 区间', '95% interval')
    """
    return f"{100 * level:g}% " + labels.say(language, "区间", "interval")
