"""Satisfaction of every unit with its interval and the bar, those below it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey import formats, vocabulary
from survey.charts import marks, plans, units

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Satisfaction


def plan(result: Satisfaction, look: Look) -> plans.Plan:
    """Show the rate of every unit with its interval and the line of the bar.

    Shape and fill of a marker tell its verdict without colour.
    """
    frame = units.worst_first(result.frame, look)
    hidden = (frame["verdict"] == "withheld").to_numpy()
    shown = frame["rate"].map(lambda rate: formats.percent(rate, bar=result.bar)).where(~hidden, "")
    dots = units.verdict_dots(frame, look, interval=True)
    bar, sure = formats.level(float(result.bar)), formats.level(1 - result.alpha)
    return plans.RowChart(
        look.heading(
            f"满意率及下限、上限（各有 {sure} 的把握），虚线为 {bar} 标准",
            f"Satisfaction rate with its bounds (each {sure} sure); dashed line: bar of {bar}",
            len(frame),
            len(result.frame),
        ),
        tuple(units.names(result, frame, look)),
        units.rate_scale(result.frame["lower"].min(), look),
        dots,
        (marks.bar_line(float(result.bar), look.colours),),
        (plans.column("", shown), units.counts(frame, look, hidden)),
        units.verdict_legend(dots, look, frame),
        tuple(units.notices(hidden, look)),
        hints=units.row_hints(units.hints(result, frame, look)),
        decided=frame["verdict"].isin(["below", "meets"]).to_numpy(),
        colours=look.colours,
    )


def describe(result: Satisfaction, look: Look) -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    bar = formats.level(float(result.bar))
    if len(frame) <= units.FEW:
        named = look.say("；", "; ").join(
            units.hints(result, units.worst_first(result.frame, look), look)
        )
        return look.say(f"{named}。标准为 {bar}。", f"{named}. The bar is {bar}.")
    tally = frame["verdict"].value_counts()
    parts = [
        f"{vocabulary.verdict(code, look.language)} {tally[code]}"
        for code in vocabulary.VERDICTS
        if code in tally
    ]
    n_valid = int(frame.loc[frame["verdict"] != "withheld", "n_valid"].sum())
    noun = units.noun(result, look)
    return look.say(
        f"{len(frame)} {noun}的满意率及其区间与 {bar} 标准线比较，"
        f"依据 {n_valid} 份有效回答：{'，'.join(parts)}。",
        f"Satisfaction rates of {len(frame)} {noun} with intervals "
        f"against the bar of {bar}, from {n_valid} valid answers: {', '.join(parts)}.",
    )
