"""How all charts look: one font, one size of text, one width, figures that grow with their rows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakSet

import matplotlib as mpl
from matplotlib.figure import Figure, SubFigure
from matplotlib.transforms import ScaledTranslation

from survey.charts import fonts, labels, palette
from survey.charts.palette import VERDICT_COLOURS as VERDICT_COLOURS

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


_P = ParamSpec("_P")
_R = TypeVar("_R")

WIDTH = 7.0
"""Width of every figure in inches: the text width of an A4 page."""
TEXT_SIZE = 8.5
"""Size of all texts but titles, in points."""
LINE_SPACING = 1.2
_FOOT = 0.55

_own: WeakSet[Figure] = WeakSet()
"""Figures made here, which may grow; those of callers keep their size."""

_SETTINGS: dict[Any, Any] = {
    "font.family": list(fonts.FAMILIES),
    "font.size": TEXT_SIZE,
    "font.weight": "normal",
    "axes.titlesize": 10,
    "axes.titleweight": "normal",
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.labelsize": TEXT_SIZE,
    "axes.labelcolor": palette.INK,
    "axes.edgecolor": palette.UNDECIDED,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "text.color": palette.INK,
    "xtick.color": palette.INK,
    "ytick.color": palette.INK,
    "xtick.labelsize": TEXT_SIZE,
    "ytick.labelsize": TEXT_SIZE,
    "legend.fontsize": TEXT_SIZE,
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
        with _own_settings():
            return draw(*args, **kwargs)

    return wrapper


@contextmanager
def _own_settings() -> Iterator[None]:
    """Lend our settings to one chart.

    Only ours are put back: a notebook chooses its backend at the first figure, and putting back
    everything, as ``rc_context`` does, would switch it off again.
    """
    kept = {name: mpl.rcParams[name] for name in _SETTINGS}
    mpl.rcParams.update(_SETTINGS)
    try:
        yield
    finally:
        mpl.rcParams.update(kept)


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
    # axes of the caller were made under the caller's settings
    ax.set_axisbelow(True)
    # texts of the axes exist before, ticks are made after the settings of this module hold
    for text in (ax.xaxis.label, ax.yaxis.label):
        text.set(
            fontfamily=list(fonts.FAMILIES),
            fontsize=TEXT_SIZE,
            fontweight="normal",
            color=palette.INK,
        )
    ax.tick_params(
        labelfontfamily=list(fonts.FAMILIES),
        labelsize=TEXT_SIZE,
        labelcolor=palette.INK,
        color=palette.UNDECIDED,
        length=3,
    )
    if grid:
        ax.grid(axis=grid, color=palette.GRID, linewidth=0.7)  # type: ignore[arg-type]
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
    line = 1.45 * TEXT_SIZE
    lift = 5.0 + (line if header else 0.0)
    if ax.xaxis.get_major_ticks(1)[0].label2.get_visible():
        lift += line * tick_lines
    if handles:
        longest = max(labels.width(str(handle.get_label())) for handle in handles)
        columns = max(1, min(columns, len(handles), (columns_wide + 14) // (longest + 5)))
        above = ScaledTranslation(0, lift / 72, figure_of(ax).dpi_scale_trans)
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
    drawn = figure_of(ax)
    if isinstance(drawn, Figure) and drawn in _own:
        drawn.set_figheight(drawn.get_figheight() + height)
    ax.set_title(
        "\n".join(wrapped),
        loc="left",
        y=1.0,
        pad=lift + 4,
        linespacing=LINE_SPACING,
        fontfamily=list(fonts.FAMILIES),
    )


def figure_of(ax: Axes) -> Figure | SubFigure:
    """Give the figure that axes belong to."""
    if ax.figure is None:
        raise ValueError("the axes belong to no figure")
    return ax.figure


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
        color=palette.UNDECIDED,
        fontsize=10,
        linespacing=LINE_SPACING,
    )
