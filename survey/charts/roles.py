"""Satisfaction by role: how the rates of the branches spread in each role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import vocabulary
from survey.charts import caterpillar, labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from survey.errors import Language
    from survey.results import Satisfaction

_ROOM = 5.0
"""Rows of one line that the strip of a role takes."""


@style.styled
def draw(result: Satisfaction, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the rates of all branches in a strip a role.

    Parameters
    ----------
    result : Satisfaction
        By branch and role. By role alone it is drawn as `caterpillar`, one row a role.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        One marker a branch in the shape and colour of its verdict; a tick at the median.
    """
    if result.by == ("role",):
        return caterpillar.draw(result, ax, language=language)
    frame = result.frame
    names = list(dict.fromkeys(frame["role"].astype(str)))
    ax = style.prepare(ax, layout.ROW * _ROOM * len(names))
    laid = layout.Rows(
        _ROOM * (np.arange(len(names)) + 0.5), names, _ROOM * np.arange(len(names) + 1.0)
    )
    layout.set_rows(ax, laid)
    ax.tick_params(axis="x", labeltop=False)
    bar = float(result.bar)
    marks.bar_line(ax, bar)
    marks.rate_axis(ax, frame["rate"].min(), label=vocabulary.column("rate", language))
    medians, counts = [], []
    for name, centre in zip(names, laid.y, strict=True):
        shown = frame[(frame["role"].astype(str) == name) & frame["rate"].notna()]
        y = centre + _spread(shown["rate"].to_numpy(float))
        for code in vocabulary.VERDICTS:
            rows = (shown["verdict"] == code).to_numpy()
            if code != "withheld" and rows.any():
                marks.dots(
                    ax,
                    shown["rate"][rows],
                    y[rows],
                    gid=f"verdict-{code}",
                    **marks.verdict_look(code),
                )
        median = shown["rate"].median()
        ax.vlines(median, centre - 0.42 * _ROOM, centre + 0.42 * _ROOM, color=palette.INK, lw=1.6)
        medians.append(labels.percent(median))
        n = int(shown["n_valid"].sum())
        counts.append(labels.say(language, f"{len(shown)}（{n}）", f"{len(shown)} ({n})"))
    layout.right_column(
        ax, laid, medians, right=0.6, header=labels.say(language, "中位数", "Median")
    )
    layout.right_column(
        ax, laid, counts, right=1.4, header=labels.say(language, "支部（n）", "Branches (n)")
    )
    style.head(
        ax,
        labels.say(
            language,
            f"各支部满意率按身份的分布，竖线为中位数，虚线为 {labels.percent_short(bar)} 标准",
            "Rates of the branches by role; solid line: median; dashed line: bar of "
            f"{labels.percent_short(bar)}",
        ),
        handles=caterpillar.verdict_handles(frame["verdict"], language, line=False),
        header=True,
        columns_wide=86,
    )
    return ax


def _spread(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shift markers of nearly equal rates apart, up and down in turn, inside the strip."""
    bins = np.round(rates * 50)
    place = pd.Series(bins).groupby(bins).cumcount().to_numpy()
    signed = np.where(place % 2 == 1, 1, -1) * ((place + 1) // 2)
    most = max(1.0, float(np.abs(signed).max(initial=0)))
    return np.asarray(signed * min(0.55, 0.4 * _ROOM / most), dtype=float)


def table(result: Satisfaction, *, language: Language = "zh") -> pd.DataFrame:
    """Give one row a role: branches shown and withheld, answers, quartiles of the rates."""
    if result.by == ("role",):
        return caterpillar.table(result, language=language)
    rows = []
    for role, group in result.frame.groupby("role", sort=False):
        shown = group[group["rate"].notna()]
        low, middle, high = shown["rate"].quantile([0.25, 0.5, 0.75])
        rows.append(
            {
                "role": role,
                "n_branches": len(shown),
                "n_withheld": int((group["verdict"] == "withheld").sum()),
                "n_valid": int(shown["n_valid"].sum()),
                "quartile_1": low,
                "median": middle,
                "quartile_3": high,
            }
        )
    frame = pd.DataFrame(rows)
    return tables.display(frame, list(frame.columns), language)


def describe(result: Satisfaction, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    if result.by == ("role",):
        return caterpillar.describe(result, language=language)
    parts = []
    for role, group in result.frame.groupby("role", sort=False):
        shown = group[group["rate"].notna()]
        if shown.empty:
            withheld = vocabulary.verdict("withheld", language)
            parts.append(labels.say(language, f"{role}{withheld}", f"{role}: {withheld}"))
            continue
        median = labels.percent(shown["rate"].median())
        n = int(shown["n_valid"].sum())
        parts.append(
            labels.say(
                language,
                f"{role} {len(shown)} 个支部（n={n}）中位数 {median}",
                f"{role}: {len(shown)} branches (n={n}), median {median}",
            )
        )
    joined = labels.say(language, "，", "; ").join(parts)
    return labels.say(
        language,
        f"各支部满意率按身份的分布：{joined}。",
        f"Rates of the branches by role. {joined}.",
    )
