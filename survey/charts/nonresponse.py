"""What the silent could change: rates if all of them were dissatisfied or satisfied."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats, palette
from survey.charts import marks, plans, units

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Satisfaction


def plan(result: Satisfaction, look: Look) -> plans.Plan:
    """Show the observed rate of every unit inside the band that the silent leave open.

    A band that lies on one side of the bar cannot be turned by anyone who did not answer.
    """
    frame = units.worst_first(result.frame, look)
    low, high, even = (
        units.floats(frame[name]) for name in ("bound_low", "bound_high", "break_even")
    )
    known, hidden = ~np.isnan(low), (frame["verdict"] == "withheld").to_numpy()
    band = marks.Bars(
        np.flatnonzero(known),
        low[known],
        high[known],
        np.full(known.sum(), palette.mix(look.colours.quantity, 0.55), object),
        look.colours.quantity,
        half=0.25,
        width=0.7,
    )
    dots = units.verdict_dots(frame, look, interval=False)
    unknown, withheld = look.say("人数未知", "population unknown"), units.notices(hidden, look)
    needed = [
        "" if hide else look.say("达不到", "never") if math.isinf(share) else formats.percent(share)
        for share, hide in zip(even, hidden, strict=True)
    ]
    bar = formats.level(float(result.bar))
    return plans.RowChart(
        look.heading(
            "未作答者的影响：色带两端为他们全不满意、全满意时的满意率\n"
            f"虚线为 {bar} 标准；“须达到”为他们须有的满意率",
            "Band: from the rate if all the silent were dissatisfied to that if all were satisfied"
            f"\nDashed line: bar of {bar}; break-even: rate the silent must have",
            len(frame),
            len(result.frame),
        ),
        tuple(units.names(result, frame, look)),
        units.rate_scale(result.frame["bound_low"].astype(float).min(), look),
        (band, *dots),
        (marks.bar_line(float(result.bar), look.colours),),
        (plans.column(look.say("须达到", "Break-even"), needed), units.counts(frame, look, hidden)),
        ((look.say("可能范围", "possible range"), band), *units.verdict_legend(dots, look, frame)),
        tuple(
            text or ("" if know else unknown) for text, know in zip(withheld, known, strict=True)
        ),
        hints=units.row_hints(_hints(result, frame, look)),
        colours=look.colours,
    )


def _hints(result: Satisfaction, frame: pd.DataFrame, look: Look) -> list[str]:
    """Add to what is said of a unit what the silent could change."""
    columns = (units.floats(frame[name]) for name in ("bound_low", "bound_high", "break_even"))
    rows = zip(units.hints(result, frame, look), *columns, strict=True)
    return [
        text if pd.isna(low) else f"{text}{_what_if(low, high, even, look)}"
        for text, low, high, even in rows
    ]


def _what_if(low: float, high: float, even: float, look: Look) -> str:
    span = f"{formats.points_interval(low, high, look.language)}%"
    if math.isinf(even):
        return look.say(f"；可能范围 {span}，达不到标准", f"; possible {span}, never at the bar")
    needed = formats.percent(even)
    return look.say(
        f"；可能范围 {span}，须达到 {needed}", f"; possible {span}, break-even {needed}"
    )


def describe(result: Satisfaction, look: Look) -> str:
    """Say in words what the chart shows."""
    frame, bar = result.frame[result.frame["bound_low"].notna()], float(result.bar)
    noun = units.noun(result, look)
    if frame.empty:
        return look.say(
            f"{len(result.frame)} {noun}名册人数未知或暂不评定，不能给出可能范围。",
            f"No range for any of {len(result.frame)} {noun}: population unknown or withheld.",
        )
    n, N = int(frame["n_valid"].sum()), int(frame["population"].sum())
    settled = int(((frame["bound_low"] >= bar) | (frame["bound_high"] < bar)).sum())
    text = formats.level(bar)
    return look.say(
        f"{len(frame)} {noun}（{N} 人中 {n} 人作答）在未作答者全不满意与全满意之间的满意率；"
        f"其中 {settled} 个无论未作答者如何回答都在 {text} 标准的同一侧。",
        f"Rates of {len(frame)} {noun} ({n} of {N} people answered) if all silent were "
        f"dissatisfied or satisfied; {settled} stay on one side of the bar of {text} "
        "whatever they would say.",
    )
