"""Dissatisfaction from the floor over the dimensions and the residual to the observed rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats, vocabulary
from survey.charts import labels, marks, plans, units
from survey.palette import Marker, mix

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Drivers

_STEPS = ["step", "from", "to", "low", "high", "kind"]


def _steps(result: Drivers, look: Look) -> pd.DataFrame:
    """List the bars from top to bottom, empty where nothing may be shown."""
    floor, observed, residual = (
        float(result.summary[name]) for name in ("floor_rate", "observed_rate", "residual")
    )
    if result.status.startswith("none") or math.isnan(floor):
        return pd.DataFrame(columns=_STEPS)
    if result.status == "sum_only_vif":
        sums = [(look.say("各维度合计", "All dimensions together"), observed - floor - residual)]
        parts = pd.DataFrame(sums, columns=["step", "value"]).assign(
            low=np.nan, high=np.nan, kind="dimension"
        )
    else:
        parts = _parts(result, look)
    ends = floor + parts["value"].cumsum()
    starts = ends - parts["value"]
    bars = pd.DataFrame(
        {
            "step": parts["step"],
            "from": starts,
            "to": ends,
            "low": starts + parts["low"],
            "high": starts + parts["high"],
            "kind": parts["kind"],
        }
    )
    last = float(ends.iloc[-1]) if len(ends) else floor
    names = (
        vocabulary.column(name, look.language)
        for name in ("floor_rate", "residual", "observed_rate")
    )
    nothing = [np.nan, np.nan]
    outer = zip(names, [(0.0, floor), (last, observed), (0.0, observed)], strict=True)
    kinds = ("floor", "residual", "total")
    first, *rest = (
        [name, *ends, *nothing, kind] for (name, ends), kind in zip(outer, kinds, strict=True)
    )
    return pd.DataFrame([first, *bars.to_numpy().tolist(), *rest], columns=_STEPS)


def _parts(result: Drivers, look: Look) -> pd.DataFrame:
    """List the dimensions to show, and those left out as one."""
    frame = look.arrange(result.frame)
    parts = pd.DataFrame(
        {
            "step": frame[labels.title(look.language)],
            "value": units.floats(frame["contribution"]),
            "low": units.floats(frame["low"]),
            "high": units.floats(frame["high"]),
            "kind": np.where(frame["distinguishable"].astype(bool), "dimension", "unclear"),
        }
    )
    left_out = result.frame.drop(frame.index)["contribution"]
    if len(left_out):
        name = look.say(f"其余 {len(left_out)} 个维度", f"{len(left_out)} other dimensions")
        rest = {"step": name, "value": left_out.sum(), "low": np.nan, "high": np.nan}
        parts = pd.concat([parts, pd.DataFrame([rest | {"kind": "dimension"}])])
    return parts


def plan(result: Drivers, look: Look) -> plans.Plan:
    """Show how the rate of dissatisfied people builds up; whiskers are intervals.

    Dimensions stand in the order of the questionnaire, since an order by size is a claim of its
    own. Where the breakdown is withheld, the reason stands in place of the bars.
    """
    steps = _steps(result, look)
    if steps.empty:
        return plans.Notice(describe(result, look))
    start, end, low, high = (steps[c].to_numpy(float) for c in ("from", "to", "low", "high"))
    kind = steps["kind"].to_numpy(object)
    kind[(kind == "dimension") & (end < start)] = "relief"
    colours = look.colours
    looks = {
        "floor": (mix(colours.undecided, 0.45), "none", ""),
        "dimension": (colours.bad, "none", ""),
        "relief": (colours.good, "none", ""),
        "unclear": ("white", colours.undecided, "////"),
        "residual": ("white", colours.undecided, ""),
        "total": (colours.ink, "none", ""),
    }
    bars = {
        name: marks.Bars(
            np.flatnonzero(of),
            start[of],
            end[of],
            np.full(of.sum(), face, object),
            edge,
            hatch,
            half=0.31,
            width=0.9,
            gid=name,
        )
        for name, (face, edge, hatch) in looks.items()
        if (of := kind == name).any()
    }
    row = np.flatnonzero(np.isfinite(low))
    ends = np.concatenate([low[row], high[row]])
    whiskers = marks.Dots(
        np.concatenate([row, row]),
        ends,
        Marker(colours.ink, "|"),
        np.concatenate([low[row], np.full(len(row), np.nan)]),
        np.concatenate([high[row], np.full(len(row), np.nan)]),
        size=5,
        edge=1.1,
        line=1.1,
    )
    known = np.concatenate([[0.0], start, end, low, high])
    n = result.summary["n_used"]
    level, note = "", result.why(look.language)
    weights = vocabulary.estimator(result.summary["estimator"], look.language)
    base = look.say(f"n={n}，{weights}", f"n={n}, {weights}") if weights else f"n={n}"
    if len(row):
        level = look.say("，须线为 ", "; whiskers: ") + formats.level_interval(
            result.level, look.language
        )
    note = f"\n{note}" if note else ""
    texts = {
        "dimension": ("区间不含 0", "interval excludes 0"),
        "unclear": ("尚不足以说明有联系", "not distinguishable from 0"),
    }
    return plans.RowChart(
        look.heading(
            f"不满意率的构成（{base}）{level}{note}",
            f"Breakdown of the dissatisfaction rate ({base}){level}{note}",
        ),
        tuple(steps["step"]),
        plans.Scale(
            float(np.nanmin(known)),
            float(np.nanmax(known)),
            look.say("占全部人员", "Share of everyone")
            if weights
            else look.say("占全部作答者", "Share of respondents"),
        ),
        (*bars.values(), whiskers, marks.Steps(np.arange(len(end)), end, colours.undecided)),
        (marks.Upright(0, colours.undecided, "-", 0.8),),
        (plans.column("", _written(steps, look)),),
        tuple((look.say(*texts[kind]), bars[kind]) for kind in texts if kind in bars and len(row)),
        least=1.15,
        colours=colours,
    )


def _written(steps: pd.DataFrame, look: Look) -> list[str]:
    texts = []
    for _, start, end, low, high, kind in steps.itertuples(index=False):
        if kind in ("floor", "total"):
            texts.append(formats.percent(end))
        elif math.isnan(low):
            texts.append(formats.points(end - start, sign=True))
        else:
            texts.append(formats.estimate(end - start, low - start, high - start, look.language))
    return texts


def describe(result: Drivers, look: Look) -> str:
    """Say in words what the chart shows."""
    observed, floor = (
        formats.percent(float(result.summary[name])) for name in ("observed_rate", "floor_rate")
    )
    n, x = result.summary["n_used"], result.summary.get("n_dissatisfied")
    weights = vocabulary.estimator(result.summary["estimator"], look.language)
    opening = look.say(
        f"{n} 名作答者中 {x} 人不满意（{observed}）",
        f"{x} of {n} respondents are dissatisfied ({observed})",
    )
    if weights:
        opening = look.say(
            f"{n} 名作答者，{weights}，不满意率 {observed}",
            f"Of {n} respondents, {weights}, {observed} are dissatisfied",
        )
    note = result.why(look.language)
    if _steps(result, look).empty or result.status == "sum_only_vif":
        return opening + look.say(f"；{note}。", f". {note}.")
    clear = result.frame.loc[result.frame["distinguishable"], labels.title(look.language)]
    if result.frame["low"].isna().all():
        which = look.say("区间不公布", "no intervals are given")
    elif clear.empty:
        which = look.say("没有维度足以说明有联系", "no dimension is distinguishable from 0")
    else:
        which = look.say(
            f"区间不含 0 的维度：{'、'.join(clear)}",
            f"dimensions whose interval excludes 0: {', '.join(clear)}",
        )
    return opening + look.say(
        f"，其中基底 {floor}；{which}。", f", of which floor {floor}; {which}."
    )
