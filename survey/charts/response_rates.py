"""Valid answers against people on the roster, for every unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey import formats, vocabulary
from survey.charts import labels, marks, plans, units

if TYPE_CHECKING:
    import pandas as pd

    from survey.charts.look import Look
    from survey.results import Satisfaction


def plan(result: Satisfaction, look: Look) -> plans.Plan:
    """Show the response rate of every unit as a bar; units below one half are hatched."""
    frame = look.arrange(result.frame, ["response_rate", "n_valid"], [False, False])
    rate, colour = units.floats(frame["response_rate"]), look.colours.quantity
    known, low = ~np.isnan(rate), rate < vocabulary.LOW_RESPONSE
    bars = [
        marks.Bars(
            np.flatnonzero(of),
            np.zeros(of.sum()),
            rate[of],
            np.full(of.sum(), face, object),
            colour,
            hatch,
        )
        for of, face, hatch in ((known & ~low, colour, ""), (known & low, "white", "////"))
    ]
    unknown = look.say("人数未知", "population unknown")
    return plans.RowChart(
        look.heading(
            "回收率：有效回答与名册人数之比，点线为 50%",
            "Response rate: valid answers over population; dotted line: 50%",
            len(frame),
            len(result.frame),
        ),
        tuple(units.names(result, frame, look)),
        plans.Scale(0, 1, vocabulary.column("response_rate", look.language)),
        tuple(bars),
        (marks.Upright(vocabulary.LOW_RESPONSE, look.colours.ink, marks.DOTTED, gid="half"),),
        (
            plans.column("", map(formats.percent, rate)),
            units.counts(frame, look, np.zeros(len(frame), bool)),
        ),
        ((look.say("不足 50%", "under 50%"), bars[1]),) if low.any() else (),
        tuple("" if know else unknown for know in known),
        hints=units.row_hints(_hints(result, frame, look)),
        colours=look.colours,
    )


def _hints(result: Satisfaction, frame: pd.DataFrame, look: Look) -> list[str]:
    colon, comma = look.say("：", ": "), look.say("，", ", ")
    name, answers = (vocabulary.column(c, look.language) for c in ("response_rate", "n_valid"))
    unknown = look.say("人数未知", "population unknown")
    columns = units.names(result, frame, look), units.floats(frame["response_rate"])
    rows = zip(*columns, frame["n_valid"], frame["population"], strict=True)
    return [
        f"{unit}{colon}"
        + (unknown if np.isnan(rate) else f"{name} {formats.percent(rate)}")
        + f"{comma}{answers} {labels.count(n, N)}"
        for unit, rate, n, N in rows
    ]


def describe(result: Satisfaction, look: Look) -> str:
    """Say in words what the chart shows."""
    rate = result.frame["response_rate"].astype(float)
    n, known, noun = len(rate), int(rate.notna().sum()), units.noun(result, look)
    if known == 0:
        return look.say(
            f"{n} {noun}名册人数未知，不能计算回收率。",
            f"The population of all {n} {noun} is unknown: no response rates.",
        )
    low = int((rate < vocabulary.LOW_RESPONSE).sum())
    span = formats.points_interval(rate.min(), rate.max(), look.language)
    if rate.min() == rate.max():
        span = formats.points(rate.min())
    answers = int(result.frame.loc[rate.notna(), "n_valid"].sum())
    people = int(result.frame.loc[rate.notna(), "population"].sum())
    return look.say(
        f"{known} {noun}的回收率为 {span}%（{answers} 份有效回答，名册 {people} 人），"
        f"{low} 个不足 50%。",
        f"Response rates of {known} {noun}: {span}% ({answers} valid answers of {people} "
        f"people); {low} under 50%.",
    )
