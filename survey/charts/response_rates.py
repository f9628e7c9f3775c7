"""Valid answers against people on the roster, for every unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.patches import Patch

from survey import vocabulary
from survey.charts import hints, labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Satisfaction

HALF = 0.5
"""Response rate below which a verdict carries a warning."""


def ordered(result: Satisfaction) -> Satisfaction:
    """Sort the units by response rate, unknown ones at the end."""
    frame = result.frame.sort_values(
        ["response_rate", "n_valid"], ascending=[False, False], kind="stable"
    )
    return tables.with_frame(result, frame)


def pages(result: Satisfaction, per_page: int = layout.PER_PAGE) -> list[Satisfaction]:
    """Cut a result into pages that each fit a sheet."""
    result = ordered(result)
    parts = layout.split(result.frame, labels.units(result).to_list(), per_page)
    return [tables.with_frame(result, part) for part in parts]


@style.styled
def draw(result: Satisfaction, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the response rate of every unit as a bar.

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
        Units below one half are hatched.
    """
    result = ordered(result)
    frame = result.frame
    laid = layout.rows(labels.units(result, language).to_list())
    ax = style.prepare(ax, laid.height)
    layout.set_rows(ax, laid)
    rate = frame["response_rate"].astype(float)
    looks = {
        "enough": {"facecolor": palette.QUANTITY, "edgecolor": palette.QUANTITY},
        "low": {"facecolor": "white", "edgecolor": palette.QUANTITY, "hatch": "////"},
    }
    known, low = rate.notna().to_numpy(), (rate < HALF).to_numpy()
    for look, rows in ((looks["enough"], known & ~low), (looks["low"], known & low)):
        ax.barh(laid.y[rows], rate[rows], height=0.6, linewidth=0.8, **look)  # type: ignore[arg-type]
    layout.row_notices(ax, laid.y[~known], labels.say(language, "人数未知", "population unknown"))
    ax.axvline(HALF, color=palette.INK, lw=1.0, ls=(0, (1, 2)), gid="half")
    marks.percent_axis(ax, "x", label=vocabulary.column("response_rate", language), step=0.2)
    ax.set_xlim(0, 1)
    counts = [
        labels.count(n, N) for n, N in zip(frame["n_valid"], frame["population"], strict=True)
    ]
    layout.right_column(ax, laid, [labels.percent(value) for value in rate], right=0.55)
    header = labels.count_header(frame["population"], language)
    layout.column_beside(ax, laid, counts, left=0.55, right=1.15, header=header)
    hints.rows(ax, laid, _hints(result, language))
    handles = [
        Patch(label=labels.say(language, "不足 50%", "under 50%"), **looks["low"])  # type: ignore[arg-type]
    ]
    style.head(
        ax,
        labels.say(
            language,
            "回收率：有效回答与名册人数之比，点线为 50%",
            "Response rate: valid answers over population; dotted line: 50%",
        ),
        handles=handles if low.any() else (),
        header=True,
    )
    return ax


def _hints(result: Satisfaction, language: Language) -> list[str]:
    frame = result.frame
    colon, comma = labels.say(language, "：", ": "), labels.say(language, "，", ", ")
    name = vocabulary.column("response_rate", language)
    answers = vocabulary.column("n_valid", language)
    columns = (labels.units(result, language), frame["response_rate"].astype(float))
    rows = zip(*columns, frame["n_valid"], frame["population"], strict=True)
    return [
        f"{unit}{colon}"
        + (
            labels.say(language, "人数未知", "population unknown")
            if pd.isna(rate)
            else f"{name} {labels.percent(rate)}"
        )
        + f"{comma}{answers} {labels.count(n, N)}"
        for unit, rate, n, N in rows
    ]


def table(result: Satisfaction, *, language: Language = "zh") -> pd.DataFrame:
    """Give the numbers of the chart in its order."""
    columns = [*result.by, "population", "n_responses", "n_valid", "response_rate"]
    return tables.display(ordered(result).frame, columns, language)


def describe(result: Satisfaction, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    rate = result.frame["response_rate"].astype(float)
    n, known = len(rate), int(rate.notna().sum())
    zh, en = labels.units_noun(result), labels.units_noun(result, "en")
    if known == 0:
        return labels.say(
            language,
            f"{n} {zh}名册人数未知，不能计算回收率。",
            f"The population of all {n} {en} is unknown: no response rates.",
        )
    low = int((rate < HALF).sum())
    span = labels.interval(rate.min(), rate.max(), language)
    if rate.min() == rate.max():
        span = labels.points(rate.min())
    answers = int(result.frame.loc[rate.notna(), "n_valid"].sum())
    people = int(result.frame.loc[rate.notna(), "population"].sum())
    return labels.say(
        language,
        f"{known} {zh}的回收率为 {span}%（{answers} 份有效回答，名册 {people} 人），"
        f"{low} 个不足 50%。",
        f"Response rates of {known} {en}: {span}% ({answers} valid answers of {people} "
        f"people); {low} under 50%.",
    )
