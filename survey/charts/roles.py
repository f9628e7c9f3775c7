"""Satisfaction by role: how the rates of the branches spread in each role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats, vocabulary
from survey.charts import caterpillar, marks, plans, units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey.charts.look import Look
    from survey.results import Satisfaction

_ROOM = 5.0
"""Rows of one line that the strip of a role takes."""


def _roles(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum up the branches shown of every role."""
    shown = frame[frame["rate"].notna()]
    by = shown.groupby(shown["role"].astype(str), sort=False)
    names = list(dict.fromkeys(frame["role"].astype(str)))
    summed = pd.DataFrame(
        {"median": by["rate"].median(), "n_branches": by.size(), "n_valid": by["n_valid"].sum()}
    )
    return summed.reindex(names).rename_axis("role").reset_index()


def plan(result: Satisfaction, look: Look) -> plans.Plan:
    """Show the rates of all branches in a strip a role, one marker a branch, a tick at the median.

    By role alone it is drawn as `caterpillar`, one row a role.
    """
    if result.by == ("role",):
        return caterpillar.plan(result, look)
    whole = _roles(result.frame)
    roles = look.arrange(whole)
    row_of = {name: row for row, name in enumerate(roles["role"])}
    rows = result.frame["role"].astype(str).map(row_of)
    frame = result.frame[rows.notna() & result.frame["rate"].notna()]
    row = rows[frame.index].to_numpy(np.int64)
    dots = units.verdict_dots(frame, look, interval=False, shift=_spread(frame, row), row=row)
    median, ink = units.floats(roles["median"]), look.colours.ink
    middle = marks.Bars(
        np.arange(len(roles)), median, median, np.full(len(roles), ink), ink, "", 0.42 * _ROOM, 1.6
    )
    people = zip(roles["n_branches"].fillna(0), roles["n_valid"].fillna(0), strict=True)
    bar = formats.level(float(result.bar))
    return plans.RowChart(
        look.heading(
            f"各支部满意率按身份的分布，竖线为中位数，虚线为 {bar} 标准",
            f"Rates of the branches by role; solid line: median; dashed line: bar of {bar}",
            len(roles),
            len(whole),
        ),
        tuple(roles["role"]),
        units.rate_scale(result.frame["rate"].min(), look),
        (*dots, middle),
        (marks.bar_line(float(result.bar), look.colours),),
        (
            plans.column(look.say("中位数", "Median"), map(formats.percent, median)),
            plans.column(
                look.say("支部（n）", "Branches (n)"),
                [look.say(f"{b:.0f}（{n:.0f}）", f"{b:.0f} ({n:.0f})") for b, n in people],
            ),
        ),
        # a reader would take the number of markers for that of branches
        units.verdict_legend(dots, look),
        least=_ROOM,
        colours=look.colours,
    )


def _spread(frame: pd.DataFrame, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shift markers of nearly equal rates apart, up and down in turn, inside the strip."""
    bins = np.round(frame["rate"].to_numpy(float) * 50)
    place = pd.Series(bins).groupby([row, bins]).cumcount().to_numpy()
    signed = np.where(place % 2 == 1, 1, -1) * ((place + 1) // 2)
    most = pd.Series(np.abs(signed)).groupby(row).transform("max").to_numpy().clip(1)
    return np.asarray(signed * np.minimum(0.55, 0.4 * _ROOM / most), dtype=float)


def describe(result: Satisfaction, look: Look) -> str:
    """Say in words what the chart shows."""
    if result.by == ("role",):
        return caterpillar.describe(result, look)
    withheld = vocabulary.verdict("withheld", look.language)
    parts = []
    for role in _roles(result.frame).to_dict("records"):
        name = role["role"]
        if pd.isna(role["median"]):
            parts.append(look.say(f"{name}{withheld}", f"{name}: {withheld}"))
            continue
        median, n, n_branches = (
            formats.percent(role["median"]),
            int(role["n_valid"]),
            int(role["n_branches"]),
        )
        parts.append(
            look.say(
                f"{name} {n_branches} 个支部（n={n}）中位数 {median}",
                f"{name}: {n_branches} branches (n={n}), median {median}",
            )
        )
    joined = look.say("，", "; ").join(parts)
    return look.say(
        f"各支部满意率按身份的分布：{joined}。", f"Rates of the branches by role. {joined}."
    )
