"""Cronbach's alpha of every dimension with its interval, and McDonald's omega."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.instrument.reliability import ENOUGH
from survey import formats, vocabulary
from survey.charts import labels, marks, plans, units
from survey.palette import Marker

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Reliability


def plan(result: Reliability, look: Look) -> plans.Plan:
    """Show alpha with its interval and omega for every dimension and for all items.

    Flagged dimensions are diamonds in the colour of what falls short.
    """
    if result.frame.empty:
        return plans.Notice(describe(result, look))
    whole = result.frame.assign(_title=result.frame[labels.title(look.language)].astype(str))
    frame = look.arrange(whole)
    alpha, low, high, omega = (units.floats(frame[c]) for c in ("alpha", "low", "high", "omega"))
    flagged, known = frame["flagged"].to_numpy(bool), ~np.isnan(alpha)
    dots, legend = [], []
    for name, gid, of, marker in (
        ("Cronbach α", "alpha", ~flagged, Marker(look.colours.quantity)),
        (
            look.say(f"α 不足 {ENOUGH:g}", f"α under {ENOUGH:g}"),
            "flagged",
            flagged,
            Marker(look.colours.bad, "D"),
        ),
    ):
        if of.any():
            of = of & known
            dots.append(
                marks.Dots(np.flatnonzero(of), alpha[of], marker, low[of], high[of], gid=gid)
            )
            legend.append((name, dots[-1]))
    row, bar = np.arange(len(frame)), Marker(look.colours.ink, "|")
    dots.append(marks.Dots(row, omega, bar, size=9, edge=1.6, gid="omega"))
    least = float(np.nanmin(whole[["alpha", "low", "omega"]].to_numpy(float), initial=ENOUGH))
    level = formats.level_interval(result.level, look.language)
    missing = look.say("不能计算", "not available")
    return plans.RowChart(
        look.heading(
            f"问卷信度，点线为 {ENOUGH:g}",
            f"Reliability of the questionnaire; dotted line: {ENOUGH:g}",
            len(frame),
            len(whole),
        ),
        tuple(frame["_title"]),
        plans.Scale(
            max(-1.0, np.floor(10 * least - 0.5) / 10),
            1.0,
            look.say("信度系数", "Reliability"),
            "plain",
        ),
        tuple(dots),
        (marks.Upright(ENOUGH, look.colours.ink, marks.DOTTED, gid="enough"),),
        (
            plans.column(
                look.say(f"α（{level}）", f"α ({level})"),
                [_written(*row, look) for row in zip(alpha, low, high, strict=True)],
            ),
            plans.column("n", frame["n_used"]),
        ),
        (*legend, ("McDonald ω", dots[-1])),
        tuple("" if know else missing for know in known),
        colours=look.colours,
    )


def _written(alpha: float, low: float, high: float, look: Look) -> str:
    if pd.isna(alpha):
        return "—"
    whole, a, b = (formats.decimal(value) for value in (alpha, low, high))
    return look.say(f"{whole}（{a}～{b}）", f"{whole} ({a} to {b})")


def describe(result: Reliability, look: Look) -> str:
    """Say in words what the chart shows."""
    frame, title = result.frame, labels.title(look.language)
    if frame.empty:
        return look.say(f"{result.why('zh')}。", f"{result.why('en')}.")
    used = frame["n_used"].astype(int)
    n = look.say("～", "–").join(str(end) for end in dict.fromkeys((used.min(), used.max())))
    low = frame.loc[frame["flagged"].astype(bool), title]
    verdict = (
        look.say(f"不足 {ENOUGH:g} 的有：", f"under {ENOUGH:g}: ") + look.say("、", ", ").join(low)
        if len(low)
        else look.say(f"没有一项不足 {ENOUGH:g}", f"none is under {ENOUGH:g}")
    )
    name = vocabulary.column("dimension", look.language)
    return look.say(
        f"各{name}与全部指标的 Cronbach α（n={n}），{verdict}。",
        f"Cronbach's alpha of every {name.lower()} and of all items (n={n}); {verdict}.",
    )
