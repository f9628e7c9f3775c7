"""What stands for numbers: dots with intervals, lines to compare with, and their scales."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MultipleLocator

from survey.charts import labels, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
        "colour": palette.VERDICT_COLOURS[code],
        "marker": palette.VERDICT_MARKERS[code],
        "filled": palette.VERDICT_FILLED[code],
    }


def bar_line(ax: Axes, bar: float) -> None:
    """Draw the line of the bar."""
    ax.axvline(bar, color=palette.INK, lw=1.1, ls=(0, (4, 2.5)), zorder=1.5, gid="bar")


def zero_line(ax: Axes) -> None:
    """Draw the line of no difference."""
    ax.axvline(0, color=palette.INK, lw=0.9, zorder=0.9, gid="zero")


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


def points_axis(ax: Axes, *, label: str) -> None:
    """Write an axis of shares in percentage points, with a sign."""

    def written(value: float, _: int | None) -> str:
        return f"{100 * value:+.4g}".replace("-", labels.MINUS) if round(value, 6) else "0"

    ax.xaxis.set_major_formatter(FuncFormatter(written))
    ax.xaxis.set_label_text(label)
