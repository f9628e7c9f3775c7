"""Branches by dimensions: how much more or less dissatisfaction than in the university."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey import formats
from survey.charts import labels, marks, plans
from survey.palette import between, mix

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Drivers

_HIDDEN = ("不作分解", "not broken down")
LEAST_REACH = 0.02
"""Differences that small are pale, whatever the greatest one is."""


def _reach(result: Drivers) -> float:
    """Give the difference at which the colours end."""
    greatest = result.branches["difference"].abs().max()
    return max(LEAST_REACH, 0.0 if pd.isna(greatest) else float(greatest))


def plan(result: Drivers, look: Look) -> plans.Plan:
    """Show the differences from the university as coloured cells with their figures.

    The most dissatisfied branches come first, withheld ones last and hatched. Where the whole
    breakdown is withheld, the reason stands in place of the cells.
    """
    whole = result.branch_totals
    if whole["withheld"].all():
        return plans.Notice(describe(result, look))
    totals = look.arrange(whole, ["withheld", "observed_rate"], [True, False])
    names, reach = totals["branch"].astype(str).to_list(), _reach(result)
    row_of = {name: row for row, name in enumerate(names)}
    column_of = {name: column for column, name in enumerate(result.frame["dimension"])}
    cells = result.branches.assign(branch=result.branches["branch"].astype(str))
    cells = cells[cells["branch"].isin(names) & cells["difference"].notna()]
    row = np.array([row_of[name] for name in cells["branch"]], np.int64)
    left = cells["dimension"].map(column_of).to_numpy(float)
    colours = look.colours
    faces = [between(colours.good, colours.bad, d / reach) for d in cells["difference"]]
    map_ = marks.Bars(
        row,
        left,
        left + 1,
        np.array(faces, object),
        "white",
        half=None,
        texts=np.array([formats.points(d, sign=True) for d in cells["difference"]], object),
        gid="cells",
    )
    hidden = totals["withheld"].to_numpy(bool)
    hatched = marks.Bars(
        np.flatnonzero(hidden),
        np.zeros(hidden.sum()),
        np.full(hidden.sum(), float(len(column_of))),
        np.full(hidden.sum(), "white", object),
        mix(colours.hidden, 0.35),
        "////",
        half=None,
        width=0.0,
        gid="withheld",
    )
    legend: list[plans.Entry] = [
        (
            formats.points(share * reach, sign=True),
            marks.swatch(between(colours.good, colours.bad, share), colours.grid),
        )
        for share in (-1, -0.5, 0, 0.5, 1)
    ]
    if hidden.any():
        legend.append((look.say(*_HIDDEN), hatched))
    note = result.why(look.language)
    note = f"\n{note}" if note else ""
    counts = zip(totals["n"], hidden, strict=True)
    return plans.RowChart(
        look.heading(
            f"与各维度相联系的不满意率：与全校之差（百分点，正值为更不满意）{note}",
            "Dissatisfaction that goes with each dimension: difference from the university "
            f"(percentage points, positive = more){note}",
            len(totals),
            len(whole),
        ),
        tuple(names),
        plans.Scale(0, len(column_of)),
        (map_, hatched),
        (),
        (
            plans.column(look.say("不满意", "Rate"), map(formats.percent, totals["observed_rate"])),
            plans.column("n", ["" if hide else n for n, hide in counts]),
        ),
        tuple(legend),
        crown=tuple(result.frame[labels.title(look.language)]),
        hints=_hints(cells, totals, row, left, len(column_of), look),
        colours=colours,
    )


def _hints(
    cells: pd.DataFrame, totals: pd.DataFrame, row: object, left: object, end: int, look: Look
) -> plans.Hints:
    """Say of every cell its figures and what they rest on; of withheld branches only that."""
    people = dict(zip(totals["branch"].astype(str), totals["n"], strict=True))
    title, texts = labels.title(look.language), []
    for cell in cells.to_dict("records"):
        own = formats.estimate(cell["contribution"], cell["low"], cell["high"], look.language)
        apart, whole = (formats.points(cell[c], sign=True) for c in ("difference", "university"))
        branch, n = cell["branch"], people[cell["branch"]]
        texts.append(
            look.say(
                f"{branch}，{cell[title]}：{own}，全校 {whole}，相差 {apart} 个百分点，n={n}",
                f"{branch}, {cell[title]}: {own}, university {whole}, "
                f"difference {apart} points, n={n}",
            )
        )
    hidden = totals["withheld"].to_numpy(bool)
    withheld = look.say(*_HIDDEN)
    texts += [f"{name}{look.say('：', ': ')}{withheld}" for name in totals["branch"][hidden]]
    lefts = np.concatenate([np.asarray(left, float), np.zeros(hidden.sum())])
    widths = np.concatenate([np.ones(len(cells)), np.full(hidden.sum(), float(end))])
    rows = np.concatenate([np.asarray(row, int), np.flatnonzero(hidden)])
    return plans.Hints(rows, np.array(texts, object), lefts, lefts + widths)


def describe(result: Drivers, look: Look) -> str:
    """Say in words what the chart shows, and where its colours end."""
    totals = result.branch_totals
    shown = totals[~totals["withheld"]]
    if shown.empty:
        reason = result.why(look.language)
        reason = reason or look.say("各支部作答人数不足", "too few answers in each branch")
        return look.say(
            f"{len(totals)} 个支部均不作分解：{reason}。",
            f"No breakdown for any of {len(totals)} branches: {reason}.",
        )
    n, hidden, ends = (
        int(shown["n"].sum()),
        len(totals) - len(shown),
        formats.points(_reach(result)),
    )
    return look.say(
        f"{len(shown)} 个支部（n={n}）各维度与全校之差，{hidden} 个支部不作分解。"
        f"颜色的两端是相差 {ends} 个百分点。",
        f"Differences from the university by dimension in {len(shown)} branches (n={n}); "
        f"{hidden} branches not broken down. The colours end at {ends} percentage points.",
    )
