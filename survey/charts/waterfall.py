"""Dissatisfaction from the floor over the dimensions and the residual to the observed rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from survey import vocabulary
from survey.charts import labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Drivers

_STEPS = ["step", "from", "to", "low", "high", "kind"]


def _steps(result: Drivers, language: Language) -> pd.DataFrame:
    """List the bars from top to bottom, empty where nothing may be shown."""
    floor, observed, residual = (
        _number(result, name) for name in ("floor_rate", "observed_rate", "residual")
    )
    if result.status.startswith("none") or math.isnan(floor):
        return pd.DataFrame(columns=_STEPS)
    title = labels.title(language)
    frame = result.frame
    if result.status == "sum_only_vif":
        together = labels.say(language, "各维度合计", "All dimensions together")
        values, names = np.array([observed - floor - residual]), [together]
        low = high = np.array([np.nan])
        kinds = ["dimension"]
    else:
        values, names = frame["contribution"].to_numpy(float), frame[title].to_list()
        low, high = frame["low"].to_numpy(float), frame["high"].to_numpy(float)
        kinds = ["dimension" if clear else "unclear" for clear in frame["distinguishable"]]
    ends = floor + np.cumsum(values)
    starts = np.concatenate([[floor], ends[:-1]])
    bars = pd.DataFrame(
        {
            "step": names,
            "from": starts,
            "to": ends,
            "low": starts + low,
            "high": starts + high,
            "kind": kinds,
        }
    )
    floor_name = vocabulary.column("floor_rate", language)
    residual_name = vocabulary.column("residual", language)
    observed_name = vocabulary.column("observed_rate", language)
    first = [floor_name, 0.0, floor, np.nan, np.nan, "floor"]
    last = [
        [residual_name, ends[-1], observed, np.nan, np.nan, "residual"],
        [observed_name, 0.0, observed, np.nan, np.nan, "total"],
    ]
    return pd.DataFrame([first, *bars.to_numpy().tolist(), *last], columns=_STEPS)


def _number(result: Drivers, name: str) -> float:
    return float(result.summary[name])  # type: ignore[arg-type]


@style.styled
def draw(result: Drivers, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw how the rate of dissatisfied people builds up.

    Parameters
    ----------
    result : Drivers
        The breakdown; where it is withheld, the reason stands in place of the bars.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Dimensions stand in the order of the questionnaire, since an order by size is a claim of
        its own; whiskers are the intervals of the contributions.
    """
    steps = _steps(result, language)
    if steps.empty:
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, language=language))
        return ax
    laid = layout.rows(steps["step"].to_list(), columns=24)
    ax = style.prepare(ax, laid.height * 1.15)
    layout.set_rows(ax, laid)
    looks = _looks()
    for y, step in zip(laid.y, steps.itertuples(index=False), strict=True):
        start, end, low, high, kind = step[1:]
        look = looks["relief" if kind == "dimension" and end < start else kind]
        ax.barh(y, end - start, left=start, height=0.62, **look)
        if not math.isnan(low):
            ax.hlines(y, low, high, color=palette.INK, lw=1.1, zorder=3)
            ax.plot([low, high], [y, y], ls="", marker="|", ms=5, color=palette.INK, zorder=3)
    for y, following, end in zip(laid.y[:-1], laid.y[1:], steps["to"], strict=False):
        ax.vlines(end, y, following, color=palette.UNDECIDED, lw=0.7, zorder=1)
    ax.axvline(0, color=palette.UNDECIDED, lw=0.8)
    marks.percent_axis(ax, "x", label=labels.say(language, "占全部作答者", "Share of respondents"))
    ax.margins(x=0.02)
    layout.right_column(ax, laid, _written(steps, language), right=1.35)
    n = result.summary["n_used"]
    title = labels.say(
        language, f"不满意率的构成（n={n}）", f"Breakdown of the dissatisfaction rate (n={n})"
    )
    if steps["low"].notna().any():
        title += labels.say(language, "，须线为 ", "; whiskers: ")
        title += labels.level_text(result.level, language)
    note = labels.breakdown_notice(result.status, language)
    style.head(
        ax,
        f"{title}\n{note}" if note else title,
        columns_wide=80,
        handles=_handles(steps, language),
    )
    return ax


def _looks() -> dict[str, dict[str, Any]]:
    outlined = {"facecolor": "white", "edgecolor": palette.UNDECIDED, "linewidth": 0.9}
    return {
        "floor": {"facecolor": palette.mix(palette.UNDECIDED, 0.45)},
        "dimension": {"facecolor": palette.BAD},
        "relief": {"facecolor": palette.GOOD},
        "unclear": {**outlined, "hatch": "////"},
        "residual": outlined,
        "total": {"facecolor": palette.INK},
    }


def _handles(steps: pd.DataFrame, language: Language) -> list[Patch]:
    texts = {
        "dimension": ("区间不含 0", "interval excludes 0"),
        "unclear": ("不能与 0 区分", "not distinguishable from 0"),
    }
    looks = _looks()
    return [
        Patch(label=labels.say(language, *texts[kind]), **looks[kind])
        for kind in texts
        if (steps["kind"] == kind).any() and steps["low"].notna().any()
    ]


def _written(steps: pd.DataFrame, language: Language) -> list[str]:
    texts = []
    for _, start, end, low, high, kind in steps.itertuples(index=False):
        if kind in ("floor", "total"):
            texts.append(labels.percent(end))
        elif math.isnan(low):
            texts.append(labels.points(end - start, sign=True))
        else:
            texts.append(labels.estimate(end - start, low - start, high - start, language))
    return texts


def table(result: Drivers, *, language: Language = "zh") -> pd.DataFrame:
    """Give every step with its size and interval, as shares of all respondents."""
    steps = _steps(result, language)
    shares = pd.DataFrame(
        {
            "step": steps["step"],
            "contribution": (steps["to"] - steps["from"]).astype(float),
            "low": (steps["low"] - steps["from"]).astype(float),
            "high": (steps["high"] - steps["from"]).astype(float),
        }
    )
    return tables.display(shares, list(shares.columns), language)


def describe(result: Drivers, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    observed = labels.percent(_number(result, "observed_rate"))
    n, x = result.summary["n_used"], result.summary["n_dissatisfied"]
    opening = labels.say(
        language,
        f"{n} 名作答者中 {x} 人不满意（{observed}）",
        f"{x} of {n} respondents are dissatisfied ({observed})",
    )
    note = labels.breakdown_notice(result.status, language)
    if _steps(result, language).empty or result.status == "sum_only_vif":
        return opening + labels.say(language, f"；{note}。", f". {note}.")
    title = labels.title(language)
    clear = result.frame.loc[result.frame["distinguishable"], title]
    floor = labels.percent(_number(result, "floor_rate"))
    if result.frame["low"].isna().all():
        which = labels.say(language, "区间不公布", "no intervals are given")
    elif clear.empty:
        which = labels.say(
            language,
            "没有维度能与 0 区分",
            "no dimension is distinguishable from 0",
        )
    else:
        which = labels.say(
            language,
            f"区间不含 0 的维度：{'、'.join(clear)}",
            f"dimensions whose interval excludes 0: {', '.join(clear)}",
        )
    return opening + labels.say(
        language, f"，其中基底 {floor}；{which}。", f", of which floor {floor}; {which}."
    )
