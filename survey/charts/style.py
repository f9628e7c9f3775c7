"""How all charts are drawn: one font, one width, figures as high as their rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from survey import palette
from survey.charts import fonts, labels
from survey.charts.fitting import LEADING
from survey.charts.plans import Notice, Plan, PointChart, RowChart
from survey.charts.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 7.0
"""Width of every figure in inches: the text width of an A4 page."""
AXES, GRID, TICK_LENGTH = 0.8, 0.7, 3.0
"""Width of the lines of the scales and of the grid, and length of a tick, in points."""
_NOTICE = 0.9
"""Height of a figure that only says why there is no chart."""
_SETTINGS: dict[Any, Any] = {
    "font.weight": "normal",
    "axes.linewidth": AXES,
    "axes.unicode_minus": True,
    "axes.xmargin": 0,
    "axes.ymargin": 0,
    "hatch.linewidth": 0.6,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}
_offscreen: ContextVar[bool] = ContextVar("offscreen", default=False)


@contextmanager
def own_settings() -> Iterator[None]:
    """Lend our settings to one chart.

    Only ours are put back: a notebook chooses its backend at the first figure, and putting back
    everything, as ``rc_context`` does, would switch it off again.
    """
    ours = _SETTINGS | {"font.family": list(fonts.families())}
    kept = {name: mpl.rcParams[name] for name in ours}
    mpl.rcParams.update(ours)
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
    ...     drawn = figure(7.0, 2.0)
    >>> plt.get_fignums() == before
    True
    """
    token = _offscreen.set(True)
    try:
        yield
    finally:
        _offscreen.reset(token)


def figure(width: float, height: float) -> Figure:
    """Make a figure with one axes; sizes in inches."""
    if _offscreen.get():
        made = Figure(figsize=(width, height))
    else:
        from matplotlib import pyplot as plt

        # what the analyst has set for figures of his own holds for those only
        made = plt.figure(figsize=(width, height), layout="none")
    made.add_subplot()
    return made


def show(
    plan: Plan,
    ax: Axes | None = None,
    figsize: tuple[float, float] | None = None,
    *,
    width: float = WIDTH,
) -> Axes:
    """Draw a chart.

    Parameters
    ----------
    ax : Axes, optional
        Where to draw; by default a figure of its own that is as high as its rows need.
    figsize : tuple of float, optional
        Width and height of that figure, in inches.
    width : float
        Its width in inches where `figsize` does not say it.

    Returns
    -------
    Axes
        With the chart; names and figures around it follow the size of the figure.
    """
    with own_settings():
        alone = ax is None
        if ax is None:
            ax = figure(*(figsize or (width, _NOTICE))).axes[0]
        if isinstance(plan, Notice):
            _say(ax, plan)
            return ax
        _frame(ax, plan)
        grows, own = alone and figsize is None, ax.figure
        sheet = Sheet(ax, plan, alone=alone, grows=grows)
        if grows and isinstance(own, Figure):
            own.set_size_inches(width, sheet.height(72 * width) / 72)
        if isinstance(plan, RowChart) and sheet.rows is not None:
            if plan.crown:
                ax.set_xlim(plan.scale.low, plan.scale.high)
            ax.set_ylim(sheet.rows.extent, 0)
            for mark in plan.of_rows:
                mark.draw(ax, sheet.rows)
            for line in plan.across:
                line.draw(ax)
        elif isinstance(plan, PointChart):
            ax.set_xlim(plan.x.low, plan.x.high)
            ax.set_ylim(plan.y.low, plan.y.high)
            for drawn in plan.drawn:
                drawn.draw(ax)
        sheet(ax, None)
    return ax


def _frame(ax: Axes, plan: RowChart | PointChart) -> None:
    """Give axes our frame; those of the caller were made under the caller's settings."""
    grey = plan.colours.undecided
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(grey)
    ax.set_axisbelow(True)
    ax.tick_params(color=grey, length=TICK_LENGTH)
    if isinstance(plan, RowChart):
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        # there is no label to place; looking for its place would measure every row again
        ax.yaxis.set_label_coords(0, 0.5)
        ax.spines["bottom"].set_visible(not plan.crown)
        axis = "" if plan.crown else "x"
    else:
        axis = "both"
    if axis:
        ax.grid(axis=axis, color=plan.colours.grid, linewidth=GRID)  # type: ignore[arg-type]


def _say(ax: Axes, plan: Notice) -> None:
    """Write in the middle of empty axes why nothing is drawn."""
    ax.set_axis_off()
    room = ax.get_window_extent().width * 72 / (ax.figure.dpi if ax.figure else 72)
    text = labels.wrap(fonts.drawable(plan.text), room / 5)
    ax.text(
        0.5,
        0.5,
        f"{plan.title}\n{text}" if plan.title else text,
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=palette.STANDARD.undecided,
        fontfamily=[*fonts.families(), *fonts.rare()],
        fontsize=10,
        linespacing=LEADING,
    )
