"""One branch against the university, dimension by dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.lines import Line2D

from survey.charts import labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Drivers

_UNIVERSITY = {"marker": "|", "ms": 13, "mew": 2.0, "color": palette.INK}


def _rows(result: Drivers, branch: str) -> pd.DataFrame:
    rows = result.branches[result.branches["branch"] == branch]
    if rows.empty:
        raise KeyError(branch)
    return rows


@style.styled
def draw(
    result: Drivers, ax: Axes | None = None, *, branch: str, language: Language = "zh"
) -> Axes:
    """Draw the contributions of a branch beside those of the university.

    Parameters
    ----------
    result : Drivers
        The breakdown; where the branch is withheld, that stands in place of the figures.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    branch : str
        Name of the branch.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        A dot with its interval for the branch, an upright line for the university.

    Raises
    ------
    KeyError
        If there is no such branch.
    """
    rows = _rows(result, branch)
    if rows["withheld"].all():
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, branch=branch, language=language))
        return ax
    laid = layout.rows(rows[labels.title(language)].astype(str).to_list())
    ax = style.prepare(ax, laid.height * 1.15)
    layout.set_rows(ax, laid)
    marks.zero_line(ax)
    marks.dots(
        ax,
        rows["contribution"],
        laid.y,
        rows["low"],
        rows["high"],
        colour=palette.QUANTITY,
        gid="branch",
    )
    ax.plot(rows["university"], laid.y, ls="", zorder=2.5, gid="university", **_UNIVERSITY)  # type: ignore[arg-type]
    marks.points_axis(ax, label=labels.say(language, "百分点", "Percentage points"))
    differences = [labels.points(value, sign=True) for value in rows["difference"]]
    written = labels.estimates(rows["contribution"], rows["low"], rows["high"], language)
    layout.right_column(ax, laid, written, right=1.3)
    layout.right_column(
        ax, laid, differences, right=1.95, header=labels.say(language, "与全校之差", "Difference")
    )
    style.head(
        ax,
        labels.say(
            language,
            f"{branch}（n={_n(result, branch)}）：与各维度相联系的不满意率",
            f"{branch} (n={_n(result, branch)}): dissatisfaction that goes with each dimension",
        ),
        handles=[
            marks.dot_handle(
                labels.say(language, "本支部与 ", "branch with ")
                + labels.level_text(result.level, language),
                colour=palette.QUANTITY,
            ),
            Line2D([], [], ls="", label=labels.say(language, "全校", "university"), **_UNIVERSITY),  # type: ignore[arg-type]
        ],
        header=True,
    )
    return ax


def _n(result: Drivers, branch: str) -> int:
    totals = result.branch_totals
    return int(totals.loc[totals["branch"] == branch, "n"].iloc[0])


def table(result: Drivers, *, branch: str, language: Language = "zh") -> pd.DataFrame:
    """Give one row a dimension: the branch with its interval, the university, the difference."""
    rows = _rows(result, branch)
    rows = rows.assign(dimension=rows[labels.title(language)])
    columns = ["dimension", "contribution", "low", "high", "university", "difference"]
    return tables.display(rows, columns, language)


def describe(result: Drivers, *, branch: str, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    rows = _rows(result, branch)
    if rows["withheld"].all():
        reason = labels.breakdown_notice(result.status, language)
        if not reason or result.status == "indicative":
            reason = labels.say(
                language, "作答人数不足，不作分解", "too few answers for a breakdown"
            )
        return labels.say(language, f"{branch}：{reason}。", f"{branch}: {reason}.")
    n = _n(result, branch)
    return labels.say(
        language,
        f"{branch}（n={n:,}）与全校相比，{_apart(rows, language)}。",
        f"{branch} (n={n:,}) against the university: {_apart(rows, language)}.",
    )


def _apart(rows: pd.DataFrame, language: Language) -> str:
    """Name the dimensions whose difference excludes 0: the university's value is uncertain too."""
    if rows["difference_low"].isna().all():
        return labels.say(
            language, "区间不公布，不作比较", "intervals are withheld, nothing is compared"
        )
    apart = rows[(rows["difference_low"] > 0) | (rows["difference_high"] < 0)]
    names = labels.say(language, "、", ", ").join(apart[labels.title(language)])
    if not names:
        return labels.say(
            language,
            "各维度之差的区间都含 0",
            "the intervals of all differences contain 0",
        )
    return labels.say(
        language,
        f"差的区间不含 0 的维度：{names}",
        f"dimensions whose difference excludes 0: {names}",
    )
