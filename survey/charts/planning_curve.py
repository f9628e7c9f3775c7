"""Answers that a branch needs for a chance of its verdict, against its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.design.planning import answers_for_chance, least_answers, supposed_satisfied
from survey import vocabulary
from survey.charts import labels, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Planning

_LINES: dict[int, Any] = {95: (0, (5, 1.5)), 80: "-", 50: (0, (3, 1.5, 1, 1.5))}
_LEAST: Any = (0, (1, 1.2))
_MOST_SIZES = 150


@style.styled
def draw(result: Planning, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the answers for a chance of 50, 80 and 95 %, with a mark a branch.

    Parameters
    ----------
    result : Planning
        What each branch needs; the first of its supposed rates is drawn.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Branches lie on the curve of 80 %. Of the grey lines one is a census, the other the least
        with which passing is possible.
    """
    frame = _at_first_rate(result)
    ax = style.prepare(ax, 3.2, grid="both")
    largest = max(int(frame["population"].max()), 20)
    sizes = np.unique(np.linspace(1, largest, min(largest, _MOST_SIZES)).astype(np.int64))
    supposed = supposed_satisfied(sizes, _rate(frame))
    terms: dict[str, Any] = {"bar": result.bar, "alpha": result.alpha}
    ax.plot(sizes, sizes, color=palette.UNDECIDED, lw=1.0, gid="census")
    least = least_answers(sizes, **terms)
    ax.plot(sizes, least, color=palette.UNDECIDED, lw=1.0, ls=_LEAST, gid="least_n")
    for chance, line in _LINES.items():
        n = answers_for_chance(sizes, supposed, chance / 100, **terms)
        ax.plot(sizes, n, color=palette.QUANTITY, ls=line, lw=1.6, gid=f"n_{chance}")
    ax.plot(
        frame["population"].astype(float),
        frame["n_80"].astype(float),
        ls="",
        marker="o",
        ms=4.5,
        mfc="white",
        mec=palette.INK,
        mew=1.1,
        gid="branches",
    )
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(8, integer=True))
    ax.set_xlim(0, largest * 1.02)
    ax.set_ylim(0, 1.25 * float(frame["n_95"].max()))
    ax.set_xlabel(vocabulary.column("population", language))
    ax.set_ylabel(vocabulary.column("n_valid", language))
    goal, share = (labels.percent_short(float(value)) for value in (result.bar, _rate(frame)))
    style.head(
        ax,
        labels.say(
            language,
            f"判定是否达到 {goal} 标准所需的有效回答（假定满意率 {share}）",
            f"Valid answers for a verdict at the bar of {goal}, supposing {share} satisfied",
        ),
        handles=_handles(language),
        columns=3,
        columns_wide=80,
    )
    return ax


def _handles(language: Language) -> list[Line2D]:
    curves = [
        Line2D(
            [],
            [],
            color=palette.QUANTITY,
            ls=line,
            lw=1.6,
            label=labels.say(language, f"{chance}% 可能判定", f"{chance}% chance of a verdict"),
        )
        for chance, line in _LINES.items()
    ]
    branch = Line2D(
        [],
        [],
        ls="",
        marker="o",
        ms=4.5,
        mfc="white",
        mec=palette.INK,
        label=labels.say(language, "支部（80% 可能）", "branch (80% chance)"),
    )
    edges = [
        Line2D([], [], color=palette.UNDECIDED, lw=1.0, label=labels.say(language, *words), ls=line)
        for line, words in (
            ("-", ("全员作答", "everyone")),
            (_LEAST, ("再少则不可能达标", "with fewer it cannot pass")),
        )
    ]
    return [*curves, branch, *edges]


def table(result: Planning, *, language: Language = "zh") -> pd.DataFrame:
    """Give what each branch needs, the smallest branch first."""
    frame = result.frame.sort_values("population", kind="stable")
    return tables.display(frame, list(frame.columns), language)


def describe(result: Planning, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame = _at_first_rate(result)
    N, goal = int(frame["population"].sum()), labels.percent_short(float(result.bar))
    share = labels.percent_short(_rate(frame))
    needed = labels.percent(frame["response_rate_needed"].astype(float).median())
    least = labels.percent(frame["chance_at_least"].astype(float).median())
    return labels.say(
        language,
        f"{len(frame)} 个支部（共 {N} 人），假定满意率为 {share}：要有 80% 的可能对照 {goal} 标准"
        f"作出判定，所需回收率的中位数为 {needed}；只收到“再少则不可能达标”的份数，"
        f"判定的可能中位数只有 {least}。",
        f"{len(frame)} branches ({N} people), supposing {share} satisfied: for an 80% chance of a "
        f"verdict against the bar of {goal} the median response rate is {needed}; with no more "
        f"than the least that allows passing the median chance is {least}.",
    )


def _at_first_rate(result: Planning) -> pd.DataFrame:
    rate = result.frame["supposed_rate"]
    frame: pd.DataFrame = result.frame[rate == rate.iloc[0]]
    return frame


def _rate(frame: pd.DataFrame) -> float:
    return float(frame["supposed_rate"].iloc[0])
