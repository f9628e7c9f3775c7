"""Satisfaction of every unit with its interval and the bar, the best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.lines import Line2D

from survey import vocabulary
from survey.charts import hints, labels, layout, marks, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Satisfaction


FEW = 3
"""Units up to which each is named in words; they need not be of one kind."""


def ordered(result: Satisfaction) -> Satisfaction:
    """Sort the units by rate, more answers first among equals, withheld ones at the end."""
    frame = result.frame.assign(_withheld=result.frame["verdict"] == "withheld")
    frame = frame.sort_values(
        ["_withheld", "rate", "n_valid"], ascending=[True, False, False], kind="stable"
    )
    return tables.with_frame(result, frame.drop(columns="_withheld"))


def pages(result: Satisfaction, per_page: int = layout.PER_PAGE) -> list[Satisfaction]:
    """Cut a result into pages that each fit a sheet."""
    result = ordered(result)
    parts = layout.split(result.frame, labels.units(result).to_list(), per_page)
    return [tables.with_frame(result, part) for part in parts]


@style.styled
def draw(result: Satisfaction, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the rate of every unit with its interval and the line of the bar.

    Parameters
    ----------
    result : Satisfaction
        By branch, role, both, or of everyone.
    ax : Axes, optional
        Where to draw; by default a figure of its own that grows with the number of units.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Shape and fill of a marker tell its verdict without colour.
    """
    result = ordered(result)
    frame = result.frame
    laid = layout.rows(labels.units(result, language).to_list())
    ax = style.prepare(ax, laid.height)
    layout.set_rows(ax, laid)
    bar = float(result.bar)
    marks.rate_axis(ax, frame["lower"].min(), label=vocabulary.column("rate", language))
    marks.bar_line(ax, bar)
    for code in vocabulary.VERDICTS:
        of_code = (frame["verdict"] == code).to_numpy()
        if code == "withheld" or not of_code.any():
            continue
        rows = frame[of_code]
        marks.dots(
            ax,
            rows["rate"],
            laid.y[of_code],
            rows["lower"],
            rows["upper"],
            gid=f"verdict-{code}",
            **marks.verdict_look(code),
        )
    hidden = (frame["verdict"] == "withheld").to_numpy()
    layout.row_notices(ax, laid.y[hidden], vocabulary.verdict("withheld", language))
    shown = frame["rate"].map(lambda rate: labels.percent(rate, bar=result.bar)).where(~hidden, "")
    counts = [
        "" if is_hidden else labels.count(n, N)
        for n, N, is_hidden in zip(frame["n_valid"], frame["population"], hidden, strict=True)
    ]
    layout.right_column(ax, laid, shown.to_list(), right=0.55)
    header = labels.count_header(frame["population"], language)
    layout.column_beside(ax, laid, counts, left=0.55, right=1.15, header=header)
    hints.rows(ax, laid, hints.satisfaction(result, language))
    style.head(
        ax,
        labels.say(
            language,
            f"满意率及下限、上限（各有 {labels.percent_short(1 - result.alpha)} 的把握），"
            f"虚线为 {labels.percent_short(bar)} 标准",
            f"Satisfaction rate with its bounds (each {labels.percent_short(1 - result.alpha)} "
            f"sure); dashed line: bar of {labels.percent_short(bar)}",
        ),
        handles=verdict_handles(frame["verdict"], language),
        header=True,
    )
    return ax


def verdict_handles(
    verdicts: pd.Series[str], language: Language, *, line: bool = True
) -> list[Line2D]:
    """Make the legend of the verdicts that occur, with numbers of units where there are many."""
    tally = verdicts.value_counts()
    counted = len(verdicts) > FEW
    return [
        marks.dot_handle(
            vocabulary.verdict(code, language) + (f" {tally[code]}" if counted else ""),
            line=line,
            **marks.verdict_look(code),
        )
        for code in vocabulary.VERDICTS
        if code in tally and code != "withheld"
    ]


def table(result: Satisfaction, *, language: Language = "zh") -> pd.DataFrame:
    """Give the numbers of the chart in its order."""
    result = ordered(result)
    frame = result.frame.assign(
        verdict=[vocabulary.verdict(code, language) for code in result.frame["verdict"]]
    )
    columns = [*result.by, "population", "n_valid", "n_satisfied", "rate", "lower", "upper"]
    columns.append("verdict")
    return tables.display(frame, columns, language)


def describe(result: Satisfaction, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    bar = labels.percent_short(float(result.bar))
    if len(frame) <= FEW:
        named = labels.say(language, "；", "; ").join(hints.satisfaction(ordered(result), language))
        return labels.say(language, f"{named}。标准为 {bar}。", f"{named}. The bar is {bar}.")
    tally = frame["verdict"].value_counts()
    parts = [
        f"{vocabulary.verdict(code, language)} {tally[code]}"
        for code in vocabulary.VERDICTS
        if code in tally
    ]
    n_valid = int(frame.loc[frame["verdict"] != "withheld", "n_valid"].sum())
    return labels.say(
        language,
        f"{len(frame)} {labels.units_noun(result)}的满意率及其区间与 {bar} 标准线比较，"
        f"依据 {n_valid} 份有效回答：{'，'.join(parts)}。",
        f"Satisfaction rates of {len(frame)} {labels.units_noun(result, 'en')} with intervals "
        f"against the bar of {bar}, from {n_valid} valid answers: {', '.join(parts)}.",
    )
