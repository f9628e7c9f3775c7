"""Ranks of the branches with their intervals; a rank alone is never drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from survey import formats, vocabulary
from survey.charts import marks, plans, units
from survey.formats import half_up
from survey.palette import Marker

if TYPE_CHECKING:
    import pandas as pd

    from survey.charts.look import Look
    from survey.results import Ranking


def plan(result: Ranking, look: Look) -> plans.Plan:
    """Show the interval of every branch's rank; rank 1 is the highest rate."""
    whole = result.frame
    if whole.empty:
        return plans.Notice(describe(result, look))
    frame = look.arrange(whole, ["rank"], [True])
    rank, low, high = (units.floats(frame[c]) for c in ("rank", "rank_low", "rank_high"))
    first, last = float(whole["rank_low"].min()), float(whole["rank_high"].max())
    interval = formats.level_interval(result.level, look.language)
    return plans.RowChart(
        look.heading(
            f"位次与 {interval}：区间重叠的支部不分先后",
            f"Ranks with {interval}: branches whose intervals overlap have no order",
            len(frame),
            len(whole),
        ),
        tuple(frame["branch"].astype(str)),
        plans.Scale(
            first,
            last,
            look.say("位次（1 为满意率最高）", "Rank (1 is the highest rate)"),
            "plain",
            whole=True,
        ),
        (
            marks.Dots(
                np.arange(len(frame)), rank, Marker(look.colours.quantity), low, high, gid="ranks"
            ),
        ),
        (),
        (
            plans.column(
                look.say("估计值", "Estimate"), map(formats.percent, frame["pooled_rate"])
            ),
            plans.column("n", frame["n_valid"]),
        ),
        hints=units.row_hints(_hints(frame, interval, look)),
        colours=look.colours,
    )


def _hints(frame: pd.DataFrame, interval: str, look: Look) -> list[str]:
    texts = []
    for row in frame.to_dict("records"):
        low, high = math.floor(row["rank_low"]), math.ceil(row["rank_high"])
        rank, rate = f"{row['rank']:g}", formats.percent(row["pooled_rate"])
        texts.append(
            look.say(
                f"{row['branch']}：位次 {rank}，{interval} {low}～{high}，估计值 {rate}，"
                f"n={row['n_valid']}",
                f"{row['branch']}: rank {rank}, {interval} {low} to {high}, estimate {rate}, "
                f"n={row['n_valid']}",
            )
        )
    return texts


def describe(result: Ranking, look: Look) -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    if frame.empty:
        return look.say(f"{result.why('zh')}。", f"{result.why('en')}.")
    places = (np.ceil(frame["rank_high"]) - np.floor(frame["rank_low"]) + 1).median()
    held = half_up(places, 0)
    n = int(frame["n_valid"].sum())
    interval = formats.level_interval(result.level, look.language)
    return look.say(
        f"{len(frame)} 个支部（n={n:,}）的{vocabulary.column('rank')}及其 {interval}，"
        f"区间一般包含 {held} 个名次。",
        f"Ranks of {len(frame)} branches (n={n:,}) with {interval}; the median interval holds "
        f"{held} {'place' if held == '1' else 'places'}.",
    )
