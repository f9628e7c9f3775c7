"""One branch against the university, dimension by dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats
from survey.charts import labels, marks, plans, units
from survey.errors import nearest
from survey.palette import Marker

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Drivers


def _rows(result: Drivers, branch: str) -> pd.DataFrame:
    rows = result.branches[result.branches["branch"] == branch]
    if rows.empty:
        raise nearest("branch", branch, dict.fromkeys(result.branches["branch"].astype(str)))
    return rows


def plan(result: Drivers, look: Look, *, branch: str) -> plans.Plan:
    """Show the contributions of a branch beside those of the university, an upright line.

    Where the branch is withheld, that stands in place of the figures.

    Raises
    ------
    UsageError
        If there is no such branch.
    """
    whole = _rows(result, branch)
    if whole["withheld"].all():
        return plans.Notice(describe(result, look, branch=branch))
    rows, n = look.arrange(whole), _n(result, branch)
    row = np.arange(len(rows))
    value, low, high, university = (
        units.floats(rows[c]) for c in ("contribution", "low", "high", "university")
    )
    own = marks.Dots(row, value, Marker(look.colours.quantity), low, high, gid="branch")
    all_ = marks.Dots(
        row, university, Marker(look.colours.ink, "|"), size=13, edge=2.0, gid="university"
    )
    level = formats.level_interval(result.level, look.language)
    return plans.RowChart(
        look.heading(
            f"{branch}（n={n}）：与各维度相联系的不满意率",
            f"{branch} (n={n}): dissatisfaction that goes with each dimension",
            len(rows),
            len(whole),
        ),
        tuple(rows[labels.title(look.language)].astype(str)),
        plans.around_zero(
            whole[["contribution", "low", "high", "university"]].to_numpy(float),
            look.say("百分点", "Percentage points"),
        ),
        (own, all_),
        (marks.zero_line(look.colours),),
        (
            plans.column("", labels.estimates(rows, look.language)),
            plans.column(
                look.say("与全校之差", "Difference"),
                [formats.points(value, sign=True) for value in rows["difference"]],
            ),
        ),
        (
            (look.say(f"本支部与 {level}", f"branch with {level}"), own),
            (look.say("全校", "university"), all_),
        ),
        least=1.15,
        colours=look.colours,
    )


def _n(result: Drivers, branch: str) -> int:
    totals = result.branch_totals
    return int(totals.loc[totals["branch"] == branch, "n"].iloc[0])


def describe(result: Drivers, look: Look, *, branch: str) -> str:
    """Say in words what the chart shows."""
    rows = _rows(result, branch)
    if rows["withheld"].all():
        reason = result.why(look.language)
        if not reason or result.status == "indicative":
            reason = look.say("作答人数不足，不作分解", "too few answers for a breakdown")
        return look.say(f"{branch}：{reason}。", f"{branch}: {reason}.")
    n, apart = _n(result, branch), _apart(rows, look)
    return look.say(
        f"{branch}（n={n:,}）与全校相比，{apart}。",
        f"{branch} (n={n:,}) against the university: {apart}.",
    )


def _apart(rows: pd.DataFrame, look: Look) -> str:
    """Name the dimensions whose difference excludes 0: the university's value is uncertain too."""
    if rows["difference_low"].isna().all():
        return look.say("区间不公布，不作比较", "intervals are withheld, nothing is compared")
    apart = rows[(rows["difference_low"] > 0) | (rows["difference_high"] < 0)]
    names = look.say("、", ", ").join(apart[labels.title(look.language)])
    if not names:
        return look.say("各维度之差的区间都含 0", "the intervals of all differences contain 0")
    return look.say(
        f"差的区间不含 0 的维度：{names}", f"dimensions whose difference excludes 0: {names}"
    )
