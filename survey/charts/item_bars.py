"""Answers to every item as stacked bars that diverge from the neutral level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats, vocabulary
from survey.charts import groups, labels, marks, plans
from survey.formats import half_up
from survey.palette import STANDARD, Palette, mix

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import ItemResponses


def level_colours(
    satisfied: list[bool], colours: Palette = STANDARD
) -> tuple[list[str], int | None]:
    """Choose the colours of a scale from best to worst, and find its neutral level.

    Parameters
    ----------
    satisfied : list of bool
        Whether each level counts as satisfied.

    Returns
    -------
    colours : list of str
        Satisfied levels from dark to light, dissatisfied ones from light to dark.
    neutral : int or None
        The middle level of an odd number, unless it counts as satisfied.

    Examples
    --------
    >>> level_colours([True, True, False, False, False])[1]
    2
    >>> level_colours([True, True, False, False])[1] is None
    True
    """
    n = len(satisfied)
    middle = n // 2 if n % 2 else None
    neutral = None if middle is None or satisfied[middle] else middle
    good = [i for i in range(n) if satisfied[i]]
    bad = [i for i in range(n) if not satisfied[i] and i != neutral]
    made = [colours.neutral] * n
    for group, colour in ((good, colours.good), (bad[::-1], colours.bad)):
        for position, i in enumerate(group):
            made[i] = mix(colour, 0.6 * position / max(len(group) - 1, 1))
    return made, neutral


def plan(result: ItemResponses, look: Look) -> plans.Plan:
    """Show the shares of the levels of every item, grouped by dimension.

    Satisfied levels lie right of the middle of the neutral level, dissatisfied ones left.
    """
    whole = result.summary
    if whole.empty:
        return plans.Notice(describe(result, look))
    items = look.arrange(whole)
    numbers = items["number"].astype("Int64").astype("string").fillna("")
    names = (numbers + " " + items[labels.title(look.language)]).str.strip().astype(object)
    titles = dict(
        zip(
            whole["dimension"].astype(str),
            whole[look.say("dimension_title", "dimension_title_en")],
            strict=True,
        )
    )
    laid = groups.grouped(items, names, titles)
    segments = _segments(result, look)
    row_of = dict(zip(laid.frame["item"], laid.row.tolist(), strict=True))
    shown = segments[segments["item"].isin(list(row_of))]
    bars = {
        text: marks.Bars(
            of["item"].map(row_of).to_numpy(int),
            of["left"].to_numpy(float),
            of["right"].to_numpy(float),
            of["colour"].to_numpy(object),
            "white",
            of["hatch"].iloc[0],
            half=0.36,
            width=0.6,
            texts=of["text"].to_numpy(object),
        )
        for text, of in shown.groupby("level", sort=False)
    }
    # where the base is withheld too, it is missing
    frame = laid.frame
    withheld = frame["rate"].isna() & frame["n_valid"].ne(0).fillna(True).astype(bool)
    notice = vocabulary.verdict("withheld", look.language)
    rates = [formats.percent(rate) for rate in frame["rate"]]
    counts = ["" if pd.isna(n) else str(n) for n in frame["n_valid"]]
    ends = max(-segments["left"].min(), 0.05), max(segments["right"].max(), 0.05)
    return plans.RowChart(
        look.heading("各项指标的回答", "Answers to every item", len(items), len(whole)),
        laid.names,
        plans.Scale(
            -ends[0],
            ends[1],
            look.say("占有效回答（条内为百分数）", "Share of valid answers (figures: %)"),
            "share",
        ),
        tuple(bars.values()),
        (marks.Upright(0, look.colours.ink, "-", 0.8),),
        (
            plans.column(look.say("满意率", "Rate"), laid.spread(rates)),
            plans.column("n", laid.spread(counts)),
        ),
        tuple((str(text), of) for text, of in bars.items()),
        tuple(laid.spread([notice if hide else "" for hide in withheld])),
        laid.headings,
        colours=look.colours,
    )


def _segments(result: ItemResponses, look: Look) -> pd.DataFrame:
    """Place every level of every item: the worst on the left, the best on the right."""
    frame = result.frame
    satisfied = frame["satisfied"].to_numpy(bool)
    shares = frame["share"].fillna(0.0).to_numpy(float)
    starts = np.zeros(len(frame))
    colours, hatches = np.full((2, len(frame)), "", object)
    for at in frame.groupby("item", sort=False).indices.values():
        good, own = satisfied[at], shares[at]
        colours[at], neutral = level_colours(good.tolist(), look.colours)
        left_of_zero = own[~good].sum() - (0 if neutral is None else own[neutral] / 2)
        starts[at] = np.concatenate([[0.0], np.cumsum(own[::-1])[:-1]])[::-1] - left_of_zero
        # in black and white the colours of both ends are one
        hatches[at] = np.where(good | (np.arange(len(at)) == neutral), "", "////")
    return pd.DataFrame(
        {
            "item": frame["item"].to_numpy(object),
            "level": frame[look.say("label", "label_en")].astype(str).to_numpy(object),
            "left": starts,
            "right": starts + shares,
            "colour": colours,
            "hatch": hatches,
            "text": [half_up(100 * share, 0) if share else "" for share in shares],
        }
    )


def describe(result: ItemResponses, look: Look) -> str:
    """Say in words what the chart shows."""
    summary, title = result.summary, labels.title(look.language)
    answered = summary if summary.empty else summary[summary["rate"].notna()]
    if answered.empty:
        return look.say(
            f"{len(summary)} 项指标均没有可公布的有效回答。",
            f"None of the {len(summary)} items has answers that can be shown.",
        )
    by_rate = answered.sort_values("rate", kind="stable")
    lowest, highest = (
        formats.percent(row["rate"])
        + look.say(f"（{row[title]}，n={row['n_valid']}）", f" ({row[title]}, n={row['n_valid']})")
        for row in (by_rate.iloc[0], by_rate.iloc[-1])
    )
    return look.say(
        f"{len(answered)} 项指标的回答分布；满意率最低 {lowest}，最高 {highest}。",
        f"Answers to {len(answered)} items; satisfaction rate lowest {lowest}, highest {highest}.",
    )
