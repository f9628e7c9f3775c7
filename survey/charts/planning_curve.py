"""Answers that a branch needs to be able to pass, against its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.design.planning import least_answers
from survey import vocabulary
from survey.charts import labels, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Planning

_LINES = {0: "-", 1: (0, (5, 1.5)), 2: (0, (3, 1.5, 1, 1.5)), 3: (0, (1, 1.2))}


@style.styled
def draw(result: Planning, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the least number of answers for 0 to 3 dissatisfied, with a mark a branch.

    Parameters
    ----------
    result : Planning
        What each branch needs.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Branches lie on the curve of nobody dissatisfied; the grey line is a census.
    """
    frame = result.frame[result.frame["population"].notna()]
    if frame.empty:
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, language=language))
        return ax
    ax = style.prepare(ax, 3.2, grid="both")
    largest = int(frame["population"].max())
    sizes = np.arange(1, max(largest, 20) + 1)
    ax.plot(sizes, sizes, color=palette.UNDECIDED, lw=1.0, gid="census")
    highest = 10.0
    shades = [palette.mix(palette.QUANTITY, white) for white in (0.0, 0.1, 0.2, 0.3)]
    for (dissatisfied, line), shade in zip(_LINES.items(), shades, strict=True):
        n = least_answers(sizes, dissatisfied, bar=result.bar, alpha=result.alpha)
        highest = max(highest, 1.25 * float(n.max()))
        ax.plot(
            sizes,
            np.where(n < 0, np.nan, n),
            color=shade,
            ls=line,
            lw=1.6,
            drawstyle="steps-mid",
            gid=f"dissatisfied-{dissatisfied}",
        )
    able = frame[frame["least_n"].notna()]
    ax.plot(
        able["population"].astype(float),
        able["least_n"].astype(float),
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
    ax.set_xlim(0, sizes[-1] * 1.02)
    ax.set_ylim(0, highest)
    ax.set_xlabel(vocabulary.column("population", language))
    ax.set_ylabel(vocabulary.column("n_valid", language))
    bar = labels.percent_short(float(result.bar))
    style.head(
        ax,
        labels.say(
            language,
            f"判定达到 {bar} 标准所需的最少有效回答",
            f"Least valid answers for meeting the bar of {bar}",
        ),
        handles=_handles(shades, language),
        columns=3,
        columns_wide=80,
    )
    return ax


def _handles(shades: list[str], language: Language) -> list[Line2D]:
    curves = [
        Line2D(
            [],
            [],
            color=shade,
            ls=line,
            lw=1.6,
            label=labels.say(language, f"{d} 人不满意", f"{d} dissatisfied"),
        )
        for (d, line), shade in zip(_LINES.items(), shades, strict=True)
    ]
    branch = Line2D(
        [],
        [],
        ls="",
        marker="o",
        ms=4.5,
        mfc="white",
        mec=palette.INK,
        label=labels.say(language, "支部（无人不满意时）", "branch (nobody dissatisfied)"),
    )
    census = Line2D(
        [], [], color=palette.UNDECIDED, lw=1.0, label=labels.say(language, "全员作答", "everyone")
    )
    return [*curves, branch, census]


def table(result: Planning, *, language: Language = "zh") -> pd.DataFrame:
    """Give what each branch needs, the smallest branch first."""
    columns = ["branch", "population", "bar_count", "least_n", "least_n_1", "least_n_2"]
    columns += ["least_n_3", "response_rate_needed"]
    frame = result.frame.sort_values("population", kind="stable")
    return tables.display(frame, columns, language)


def describe(result: Planning, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame, bar = result.frame, labels.percent_short(float(result.bar))
    known = frame[frame["population"].notna()]
    if known.empty:
        return labels.say(
            language,
            f"{len(frame)} 个支部名册人数未知，不能计算所需回答。",
            f"The population of all {len(frame)} branches is unknown: no answers needed.",
        )
    N = int(known["population"].sum())
    needed = known["response_rate_needed"].astype(float)
    share = labels.percent(needed.median())
    return labels.say(
        language,
        f"{len(known)} 个支部（共 {N} 人）在无人不满意时，判定达到 {bar} 标准"
        f"所需回收率的中位数为 {share}。",
        f"If nobody is dissatisfied, {len(known)} branches ({N} people) need a median response "
        f"rate of {share} to meet the bar of {bar}.",
    )
