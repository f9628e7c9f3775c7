"""What the silent could change: rates if all of them were dissatisfied or satisfied."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Patch

from survey import vocabulary
from survey.charts import caterpillar, hints, labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Satisfaction

_BAND = palette.mix(palette.QUANTITY, 0.55)

pages = caterpillar.pages


@style.styled
def draw(result: Satisfaction, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the observed rate of every unit inside the band that the silent leave open.

    Parameters
    ----------
    result : Satisfaction
        By branch, role, both, or of everyone; the order is that of `caterpillar`.
    ax : Axes, optional
        Where to draw; by default a figure of its own that grows with the number of units.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        A band that lies on one side of the bar cannot be turned by anyone who did not answer.
    """
    result = caterpillar.ordered(result)
    frame = result.frame
    laid = layout.rows(labels.units(result, language).to_list())
    ax = style.prepare(ax, laid.height)
    layout.set_rows(ax, laid)
    bar = float(result.bar)
    low, high = frame["bound_low"].astype(float), frame["bound_high"].astype(float)
    known = low.notna().to_numpy()
    ax.barh(
        laid.y[known],
        (high - low)[known],
        left=low[known],
        height=0.5,
        color=_BAND,
        edgecolor=palette.QUANTITY,
        lw=0.7,
    )
    marks.bar_line(ax, bar)
    for code in vocabulary.VERDICTS:
        rows = (frame["verdict"] == code).to_numpy()
        if code != "withheld" and rows.any():
            marks.dots(
                ax,
                frame["rate"][rows],
                laid.y[rows],
                gid=f"verdict-{code}",
                **marks.verdict_look(code),
            )
    hidden = (frame["verdict"] == "withheld").to_numpy()
    layout.row_notices(ax, laid.y[hidden], vocabulary.verdict("withheld", language))
    unknown = ~known & ~hidden
    layout.row_notices(ax, laid.y[unknown], labels.say(language, "人数未知", "population unknown"))
    marks.rate_axis(ax, low.min(), label=vocabulary.column("rate", language))
    counts = [
        "" if is_hidden else labels.count(n, N)
        for n, N, is_hidden in zip(frame["n_valid"], frame["population"], hidden, strict=True)
    ]
    needed = [
        "" if is_hidden else _needed(share, language)
        for share, is_hidden in zip(frame["break_even"], hidden, strict=True)
    ]
    layout.right_column(
        ax, laid, needed, right=0.7, header=labels.say(language, "须达到", "Break-even")
    )
    header = labels.count_header(frame["population"], language)
    layout.column_beside(ax, laid, counts, left=0.7, right=1.3, header=header)
    hints.rows(ax, laid, _hints(result, language))
    style.head(
        ax,
        labels.say(
            language,
            "未作答者的影响：色带两端为他们全不满意、全满意时的满意率\n"
            f"虚线为 {labels.percent_short(bar)} 标准；“须达到”为他们须有的满意率",
            "Band: from the rate if all the silent were dissatisfied to that if all were satisfied"
            f"\nDashed line: bar of {labels.percent_short(bar)}; "
            "break-even: rate the silent must have",
        ),
        handles=[
            Patch(
                facecolor=_BAND,
                edgecolor=palette.QUANTITY,
                label=labels.say(language, "可能范围", "possible range"),
            ),
            *caterpillar.verdict_handles(frame["verdict"], language, line=False),
        ],
        header=True,
        columns_wide=76,
    )
    return ax


def _hints(result: Satisfaction, language: Language) -> list[str]:
    """Add to what `hints` says of a unit what the silent could change."""
    frame = result.frame
    columns = (frame[name].astype(float) for name in ("bound_low", "bound_high", "break_even"))
    rows = zip(hints.satisfaction(result, language), *columns, strict=True)
    return [
        text if pd.isna(low) else f"{text}{_what_if(low, high, even, language)}"
        for text, low, high, even in rows
    ]


def _what_if(low: float, high: float, even: float, language: Language) -> str:
    span = f"{labels.interval(low, high, language)}%"
    if math.isinf(even):
        return labels.say(
            language, f"；可能范围 {span}，达不到标准", f"; possible {span}, never at the bar"
        )
    needed = labels.percent(even)
    return labels.say(
        language, f"；可能范围 {span}，须达到 {needed}", f"; possible {span}, break-even {needed}"
    )


def _needed(share: float, language: Language) -> str:
    if math.isinf(share):
        return labels.say(language, "达不到", "never")
    return labels.percent(share)


def table(result: Satisfaction, *, language: Language = "zh") -> pd.DataFrame:
    """Give the numbers of the chart in its order."""
    columns = ["population", "n_valid", "rate", "bound_low", "bound_high", "break_even"]
    frame = caterpillar.ordered(result).frame
    return tables.display(frame, [*result.by, *columns], language)


def describe(result: Satisfaction, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame, bar = result.frame[result.frame["bound_low"].notna()], float(result.bar)
    zh, en = labels.units_noun(result), labels.units_noun(result, "en")
    if frame.empty:
        return labels.say(
            language,
            f"{len(result.frame)} {zh}名册人数未知或不予公布，不能给出可能范围。",
            f"No range for any of {len(result.frame)} {en}: population unknown or withheld.",
        )
    n, N = int(frame["n_valid"].sum()), int(frame["population"].sum())
    settled = int(((frame["bound_low"] >= bar) | (frame["bound_high"] < bar)).sum())
    text = labels.percent_short(bar)
    return labels.say(
        language,
        f"{len(frame)} {zh}（{N} 人中 {n} 人作答）在未作答者全不满意与全满意之间的满意率；"
        f"其中 {settled} 个无论未作答者如何回答都在 {text} 标准的同一侧。",
        f"Rates of {len(frame)} {en} ({n} of {N} people answered) if all silent were dissatisfied "
        f"or satisfied; {settled} stay on one side of the bar of {text} whatever they would say.",
    )
