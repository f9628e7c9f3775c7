"""Answers to every item as stacked bars that diverge from the neutral level."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from survey import vocabulary
from survey.charts import groups, labels, layout, marks, palette, style, tables
from survey.rounding import half_up

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import ItemResponses

NEUTRAL = "#C8CCD1"
_LABELLED = 0.055
"""Least share whose figure fits into its segment."""
_HALF = 0.36
"""Half the height of a bar, in rows."""


def level_colours(satisfied: list[bool]) -> tuple[list[str], int | None]:
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
    colours = [NEUTRAL] * n
    for group, colour in ((good, palette.GOOD), (bad[::-1], palette.BAD)):
        for position, i in enumerate(group):
            colours[i] = palette.mix(colour, 0.6 * position / max(len(group) - 1, 1))
    return colours, neutral


class Segment(NamedTuple):
    """One level of one item: its row, where it begins, and its share."""

    y: float
    start: float
    share: float


def _draw_segments(ax: Axes, bars: list[Segment], colour: str) -> None:
    """Draw all segments of a colour as one collection: single bars would take ten times longer."""
    outlines = [
        [(x, bar.y - _HALF), (x, bar.y + _HALF), (right, bar.y + _HALF), (right, bar.y - _HALF)]
        for bar in bars
        for x, right in [(bar.start, bar.start + bar.share)]
    ]
    drawn = PolyCollection(outlines, facecolor=colour, edgecolor="white", linewidth=0.6, zorder=1)
    ax.add_collection(drawn, autolim=False)
    for bar in bars:
        if bar.share >= _LABELLED:
            ax.text(
                bar.start + bar.share / 2,
                bar.y,
                half_up(100 * bar.share, 0),
                ha="center",
                va="center",
                fontsize=7.5,
                color=palette.text_on(colour),
            ).set_in_layout(False)


@style.styled
def draw(result: ItemResponses, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the shares of the levels of every item, grouped by dimension.

    Parameters
    ----------
    result : ItemResponses
        How each item was answered.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Satisfied levels lie right of the middle of the neutral level, dissatisfied ones left.
    """
    summary = result.summary
    if summary.empty:
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, language=language))
        return ax
    names = summary["number"].astype(str) + " " + summary[labels.title(language)]
    laid = groups.lay_out(summary, names, _dimension_titles(summary, language))
    ax = style.prepare(ax, laid.rows.height)
    groups.set_rows(ax, laid)
    levels: dict[str, str] = {}
    segments: dict[str, list[Segment]] = {}
    reach = [0.0, 0.0]
    label = labels.say(language, "label", "label_en")
    answered = dict(list(result.frame.groupby("item", sort=False)))
    for y, item in zip(laid.items.y, laid.frame["item"], strict=True):
        rows = answered[item]
        colours, neutral = level_colours(rows["satisfied"].to_list())
        shares = rows["share"].fillna(0.0).to_numpy(float)
        left_of_zero = shares[~rows["satisfied"].to_numpy()].sum()
        if neutral is not None:
            left_of_zero -= shares[neutral] / 2
        # from worst on the left to best on the right
        starts = np.concatenate([[0.0], np.cumsum(shares[::-1])[:-1]])[::-1] - left_of_zero
        for start, share, colour, text in zip(starts, shares, colours, rows[label], strict=True):
            levels.setdefault(str(text), colour)
            segments.setdefault(colour, []).append(Segment(y, start, share))
        reach = [max(reach[0], left_of_zero), max(reach[1], shares.sum() - left_of_zero)]
    for colour, bars in segments.items():
        _draw_segments(ax, bars, colour)
    # where the base is withheld too, it is missing
    withheld = laid.frame["rate"].isna() & laid.frame["n_valid"].ne(0).fillna(True).astype(bool)
    layout.row_notices(ax, laid.items.y[withheld], vocabulary.verdict("withheld", language))
    ax.axvline(0, color=palette.INK, lw=0.8, zorder=0.9)
    marks.percent_axis(
        ax,
        "x",
        label=labels.say(
            language, "占有效回答（条内为百分数）", "Share of valid answers (figures: %)"
        ),
        step=0.2,
        signed=False,
    )
    ax.set_xlim(-max(reach[0], 0.05) - 0.02, max(reach[1], 0.05) + 0.02)
    layout.right_column(
        ax,
        laid.items,
        [labels.percent(rate) for rate in laid.frame["rate"]],
        right=0.55,
        header=vocabulary.column("rate", language) if language == "zh" else "Rate",
    )
    layout.right_column(
        ax,
        laid.items,
        ["" if pd.isna(n) else str(n) for n in laid.frame["n_valid"]],
        right=1.0,
        header="n",
    )
    style.head(
        ax,
        labels.say(language, "各项指标的回答", "Answers to every item"),
        handles=[Patch(color=colour, label=text) for text, colour in levels.items()],
        columns=5 if language == "zh" else 3,
        header=True,
    )
    return ax


def _dimension_titles(summary: pd.DataFrame, language: Language) -> dict[str, str]:
    names = summary[labels.say(language, "dimension_title", "dimension_title_en")]
    return dict(zip(summary["dimension"].astype(str), names, strict=True))


def table(result: ItemResponses, *, language: Language = "zh") -> pd.DataFrame:
    """Give one row an item: valid answers, rate with interval, and the share of every level."""
    label, title = labels.say(language, "label", "label_en"), labels.title(language)
    shares = result.frame.pivot(index="item", columns=label, values="share")
    shares = shares.reindex(
        index=result.summary["item"], columns=result.frame[label].drop_duplicates()
    )
    shares.columns.name = None
    frame = result.summary.assign(item=result.summary["number"], title=result.summary[title])
    columns = ["item", "title", "n_valid", "n_satisfied", "rate", "lower", "upper"]
    return pd.concat(
        [tables.display(frame, columns, language), shares.reset_index(drop=True)], axis=1
    )


def describe(result: ItemResponses, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    summary, title = result.summary, labels.title(language)
    answered = summary if summary.empty else summary[summary["rate"].notna()]
    if answered.empty:
        return labels.say(
            language,
            f"{len(summary)} 项指标均没有可公布的有效回答。",
            f"None of the {len(summary)} items has answers that can be shown.",
        )
    by_rate = answered.sort_values("rate", kind="stable")
    low, high = by_rate.iloc[0], by_rate.iloc[-1]
    lowest, highest = (
        labels.percent(row["rate"])
        + labels.say(
            language,
            f"（{row[title]}，n={row['n_valid']}）",
            f" ({row[title]}, n={row['n_valid']})",
        )
        for row in (low, high)
    )
    return labels.say(
        language,
        f"{len(answered)} 项指标的回答分布；满意率最低 {lowest}，最高 {highest}。",
        f"Answers to {len(answered)} items; satisfaction rate lowest {lowest}, highest {highest}.",
    )
