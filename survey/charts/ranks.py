"""Ranks of the branches with their intervals; a rank alone is never drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from survey import vocabulary
from survey.charts import hints, labels, layout, marks, palette, style, tables
from survey.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Hashable

    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Ranking


def ordered(result: Ranking) -> Ranking:
    """Sort the branches by rank."""
    return tables.with_frame(result, result.frame.sort_values("rank", kind="stable"))


def pages(result: Ranking, per_page: int = layout.PER_PAGE) -> list[Ranking]:
    """Cut a result into pages that each fit a sheet."""
    result = ordered(result)
    parts = layout.split(result.frame, result.frame["branch"].astype(str).to_list(), per_page)
    return [tables.with_frame(result, part) for part in parts]


@style.styled
def draw(result: Ranking, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the interval of every branch's rank.

    Parameters
    ----------
    result : Ranking
        Branches under one model.
    ax : Axes, optional
        Where to draw; by default a figure of its own that grows with the number of branches.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Rank 1 is the highest rate.
    """
    frame = ordered(result).frame
    if frame.empty:
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, language=language))
        return ax
    laid = layout.rows(frame["branch"].astype(str).to_list())
    ax = style.prepare(ax, laid.height)
    layout.set_rows(ax, laid)
    marks.dots(
        ax,
        frame["rank"],
        laid.y,
        frame["rank_low"],
        frame["rank_high"],
        colour=palette.QUANTITY,
        gid="ranks",
    )
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True, min_n_ticks=1))
    first, last = float(frame["rank_low"].min()), float(frame["rank_high"].max())
    room = max(0.03 * (last - first), 0.5)
    ax.set_xlim(first - room, last + room)
    ax.set_xlabel(labels.say(language, "位次（1 为满意率最高）", "Rank (1 is the highest rate)"))
    pooled = [labels.percent(rate) for rate in frame["pooled_rate"]]
    layout.right_column(
        ax, laid, pooled, right=0.62, header=labels.say(language, "估计值", "Estimate")
    )
    layout.right_column(ax, laid, [str(n) for n in frame["n_valid"]], right=1.0, header="n")
    interval = labels.level_text(result.level, language)
    hints.rows(ax, laid, [_hint(row, interval, language) for row in frame.to_dict("records")])
    style.head(
        ax,
        labels.say(
            language,
            f"位次与 {interval}：区间重叠的支部不分先后",
            f"Ranks with {interval}: branches whose intervals overlap have no order",
        ),
        header=True,
    )
    return ax


def _hint(row: dict[Hashable, Any], interval: str, language: Language) -> str:
    low, high = math.floor(row["rank_low"]), math.ceil(row["rank_high"])
    rank, rate = f"{row['rank']:g}", labels.percent(row["pooled_rate"])
    return labels.say(
        language,
        f"{row['branch']}：位次 {rank}，{interval} {low}～{high}，估计值 {rate}，"
        f"n={row['n_valid']}",
        f"{row['branch']}: rank {rank}, {interval} {low} to {high}, estimate {rate}, "
        f"n={row['n_valid']}",
    )


def table(result: Ranking, *, language: Language = "zh") -> pd.DataFrame:
    """Give the numbers of the chart in its order."""
    columns = ["branch", "n_valid", "rate", "pooled_rate", "rank", "rank_low", "rank_high"]
    return tables.display(ordered(result).frame, columns, language)


def describe(result: Ranking, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    if frame.empty:
        return labels.say(language, "没有可比较的支部。", "There are no branches to compare.")
    places = (np.ceil(frame["rank_high"]) - np.floor(frame["rank_low"]) + 1).median()
    held = half_up(places, 0)
    n = int(frame["n_valid"].sum())
    interval = labels.level_text(result.level, language)
    return labels.say(
        language,
        f"{len(frame)} 个支部（n={n:,}）的{vocabulary.column('rank')}及其 {interval}，"
        f"区间一般包含 {held} 个名次。",
        f"Ranks of {len(frame)} branches (n={n:,}) with {interval}; the median interval holds "
        f"{held} {'place' if held == '1' else 'places'}.",
    )
