"""Answers that a branch needs for a chance of its verdict, against its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from survey import formats, vocabulary
from survey.charts import marks, plans
from survey.palette import Marker

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Planning

_LINES = {95: (0, (5, 1.5)), 80: "-", 50: (0, (3, 1.5, 1, 1.5))}


def plan(result: Planning, look: Look) -> plans.Plan:
    """Show the answers for a chance of 50, 80 and 95 %, with a mark a branch.

    The first of the supposed rates is drawn; branches lie on the curve of 80 %. Of the grey lines
    one is a census, the other the least with which passing is possible.
    """
    whole = _at_first_rate(result)
    if whole.empty:
        return plans.Notice(describe(result, look))
    frame, curve, colours = look.arrange(whole), result.curve(), look.colours
    sizes, grey = curve["population"].to_numpy(float), Marker(colours.undecided)
    census = marks.Curve(sizes, sizes, grey, width=1.0, gid="census")
    least = marks.Curve(
        sizes,
        curve["least_n"].to_numpy(float),
        grey,
        dashes=(0, (1, 1.2)),
        width=1.0,
        gid="least_n",
    )
    chances = {
        chance: marks.Curve(
            sizes,
            curve[f"n_{chance}"].to_numpy(float),
            Marker(colours.quantity),
            dashes=line,
            gid=f"n_{chance}",
        )
        for chance, line in _LINES.items()
    }
    branches = marks.Curve(
        frame["population"].to_numpy(float),
        frame["n_80"].astype("Float64").to_numpy(float, na_value=float("nan")),
        Marker(colours.ink, filled=False),
        dashes="",
        size=4.5,
        gid="branches",
    )
    highest = 1.25 * float(whole["n_95"].max())
    goal, share = (formats.level(float(value)) for value in (result.bar, _rate(whole)))
    return plans.PointChart(
        look.heading(
            f"判定是否达到 {goal} 标准所需的有效回答（假定满意率 {share}）",
            f"Valid answers for a verdict at the bar of {goal}, supposing {share} satisfied",
            len(frame),
            len(whole),
        ),
        plans.Scale(
            0, 1.02 * sizes[-1], vocabulary.column("population", look.language), "plain", True
        ),
        plans.Scale(0, highest, vocabulary.column("n_valid", look.language), "plain", True),
        (census, least, *chances.values(), branches),
        (
            *(
                (look.say(f"{chance}% 可能判定", f"{chance}% chance of a verdict"), of)
                for chance, of in chances.items()
            ),
            (look.say("支部（80% 可能）", "branch (80% chance)"), branches),
            (look.say("全员作答", "everyone"), census),
            (look.say("再少则不可能达标", "with fewer it cannot pass"), least),
        ),
        height=3.2,
        colours=colours,
    )


def describe(result: Planning, look: Look) -> str:
    """Say in words what the chart shows."""
    frame = _at_first_rate(result)
    if frame.empty:
        return look.say("名册中没有支部。", "The roster has no branches.")
    N, goal = int(frame["population"].sum()), formats.level(float(result.bar))
    share = formats.level(_rate(frame))
    needed = formats.percent(frame["response_rate_needed"].astype(float).median())
    least = formats.percent(frame["chance_at_least"].astype(float).median())
    return look.say(
        f"{len(frame)} 个支部（共 {N} 人），假定满意率为 {share}：要有 80% 的可能对照 {goal} 标准"
        f"作出判定，所需回收率的中位数为 {needed}；只收到“再少则不可能达标”的份数，"
        f"判定的可能中位数只有 {least}。",
        f"{len(frame)} branches ({N} people), supposing {share} satisfied: for an 80% chance of a "
        f"verdict against the bar of {goal} the median response rate is {needed}; with no more "
        f"than the least that allows passing the median chance is {least}.",
    )


def _at_first_rate(result: Planning) -> pd.DataFrame:
    rate = result.frame["supposed_rate"]
    frame: pd.DataFrame = result.frame[rate == rate.iloc[0]] if len(rate) else result.frame
    return frame


def _rate(frame: pd.DataFrame) -> float:
    return float(frame["supposed_rate"].iloc[0])
