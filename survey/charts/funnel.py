"""Rates against the number of answers, with control limits around the bar or the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats, vocabulary
from survey.charts import marks, plans, units
from survey.palette import Marker, mix

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Funnel, Satisfaction, Target

_NAMES = 5
"""Units named, unless `top` says how many."""
_PALE = {"950": 0.72, "998": 0.87}


def plan(result: Satisfaction, look: Look, *, around: Target = "bar") -> plans.Plan:
    """Show every unit at its number of answers and its rate, over the control limits.

    The units with most evidence of lying below the 99.8 % limit are named on the right. The bands
    are those of units that answer at about the common response rate; which units lie outside is
    judged for each by its own people.
    """
    funnel = result.funnel(around)
    shown = funnel.frame
    if shown.empty:
        return plans.Notice(describe(result, look, around=around))
    colours, bands, top = look.colours, funnel.bands, funnel.bands["n"].iloc[-1]
    areas = {
        level: marks.Curve(
            bands["n"].to_numpy(),
            bands[f"limit_low_{level}"].to_numpy(),
            Marker(mix(colours.quantity, pale)),
            bands[f"limit_high_{level}"].to_numpy(),
            gid=f"limits-{level}",
        )
        for level, pale in _PALE.items()
    }
    bar = marks.bar_line(float(result.bar), colours, level=True)
    mean = marks.Upright(funnel.mean, colours.ink, marks.DOTTED, gid="mean", level=True)
    points = tuple(
        marks.Curve(
            of["n_valid"].to_numpy(float),
            of["rate"].to_numpy(float),
            colours.verdict(code),
            dashes="",
            gid=f"verdict-{code}",
        )
        for code in vocabulary.VERDICTS
        if len(of := shown[shown["verdict"] == code])
    )
    least = min(float(shown["rate"].min()), 2 * funnel.target - 1, 0.8)
    start = max(0.0, np.floor(10 * least) / 10)
    names = units.names(result, shown, look)
    places = shown["n_valid"].astype(float), shown["rate"].astype(float)
    return plans.PointChart(
        _title(result, funnel, look),
        plans.Scale(0, float(top), vocabulary.column("n_valid", look.language), "plain", True),
        plans.Scale(
            start - 0.03 * (1 - start),
            1 + 0.03 * (1 - start),
            vocabulary.column("rate", look.language),
        ),
        (areas["998"], areas["950"], bar, mean, *points),
        (
            *units.verdict_legend(points, look, shown),
            (look.say("95% 控制限", "95% limits"), areas["950"]),
            (look.say("99.8% 控制限", "99.8% limits"), areas["998"]),
            (vocabulary.column("bar", look.language), bar),
            (look.say("平均", "mean"), mean),
        ),
        _named(shown.assign(_name=names), funnel.target, look),
        tuple(zip(units.hints(result, shown, look), *places, strict=True)),
        3.6,
        colours,
    )


def _named(shown: pd.DataFrame, target: float, look: Look) -> tuple[tuple[str, float, float], ...]:
    """Choose the units to name, by default those below with most evidence, and put these first."""
    shown = shown.assign(_evidence=shown["n_valid"] * (target - shown["rate"]) ** 2)
    if look.sort is None:
        shown = shown[shown["signal"] < 0]
    chosen = look.arrange(shown, ["_evidence"], [False]).head(look.top or _NAMES)
    places = (chosen[c].astype(float) for c in ("n_valid", "rate"))
    return tuple(zip(chosen["_name"], *places, strict=True))


def _title(result: Satisfaction, funnel: Funnel, look: Look) -> str:
    n_units, n = len(funnel.frame), int(funnel.frame["n_valid"].sum())
    centre = _centre(funnel)
    name = ("标准", "the bar") if funnel.around == "bar" else ("平均", "the mean")
    known = funnel.frame["population"].notna().all()
    named = look.sort is None
    return look.heading(
        f"满意率与有效回答数，控制限以{name[0]} {centre} 为中心（n={n}）"
        + ("\n色带按平均回收率绘制" if known else "")
        + ("；右侧列出按各自人数低于 99.8% 下限者" if known and named else ""),
        f"Rate and number of answers; limits around {name[1]} of {centre} ({n_units} units, n={n})"
        + ("\nBands: at the mean response rate" if known else "")
        + (". Named: below the 99.8% limit for its own population" if known and named else ""),
    )


def _centre(funnel: Funnel) -> str:
    if funnel.around == "bar":
        return formats.level(round(funnel.target, 4))
    return formats.percent(funnel.target)


def describe(result: Satisfaction, look: Look, *, around: Target = "bar") -> str:
    """Say in words what the chart shows."""
    funnel, noun = result.funnel(around), units.noun(result, look)
    shown = funnel.frame
    if shown.empty:
        return look.say(
            f"{len(result.frame)} {noun}均暂不评定，不画漏斗图。",
            f"All {len(result.frame)} {noun} are withheld: no funnel plot.",
        )
    low, high = int((shown["signal"] < 0).sum()), int((shown["signal"] > 0).sum())
    n, centre = int(shown["n_valid"].sum()), _centre(funnel)
    return look.say(
        f"{len(shown)} {noun}（n={n}）的满意率与以 {centre} 为中心的控制限："
        f"{low} 个低于 99.8% 下限，{high} 个高于上限。",
        f"Rates of {len(shown)} {noun} (n={n}) against limits around {centre}: {low} lie below the "
        f"lower 99.8% limit, {high} above the upper one.",
    )
