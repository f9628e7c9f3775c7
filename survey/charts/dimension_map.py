"""Branches by dimensions: how much more or less dissatisfaction than in the university."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_hex
from matplotlib.patches import Patch, Rectangle

from survey.charts import hints, labels, layout, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Drivers

LEAST_REACH = 0.02
"""Differences that small are pale, whatever the greatest one is."""
_COLOURS = LinearSegmentedColormap.from_list("better-worse", [palette.GOOD, "#F7F7F7", palette.BAD])


def ordered(result: Drivers) -> Drivers:
    """Sort the branches by their observed rate, the most dissatisfied first, withheld ones last."""
    totals = result.branch_totals.sort_values(
        ["withheld", "observed_rate"], ascending=[True, False], kind="stable"
    )
    return _of(result, totals)


def _of(result: Drivers, totals: pd.DataFrame) -> Drivers:
    rows = result.branches[result.branches["branch"].isin(totals["branch"])]
    return dataclasses.replace(result, branches=rows, branch_totals=totals)


def pages(result: Drivers, per_page: int = layout.PER_PAGE) -> list[Drivers]:
    """Cut a result into pages that each fit a sheet."""
    result = ordered(result)
    totals = result.branch_totals
    names = totals["branch"].astype(str).to_list()
    return [_of(result, part) for part in layout.split(totals, names, per_page)]


def _grid(result: Drivers) -> pd.DataFrame:
    grid = result.branches.pivot(index="branch", columns="dimension", values="difference")
    return grid.reindex(index=result.branch_totals["branch"], columns=result.frame["dimension"])


@style.styled
def draw(
    result: Drivers,
    ax: Axes | None = None,
    *,
    reach: float | None = None,
    language: Language = "zh",
) -> Axes:
    """Draw the differences from the university as coloured cells with their figures.

    Parameters
    ----------
    result : Drivers
        The breakdown; where it is withheld, the reason stands in place of the cells.
    ax : Axes, optional
        Where to draw; by default a figure of its own that grows with the number of branches.
    reach : float, optional
        Difference at which the colours end; by default the greatest one. State it where the
        branches stand on several pages, or one colour means something else on each.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Withheld branches are hatched. Colours are centred at 0.
    """
    note = labels.breakdown_notice(result.status, language)
    if result.branch_totals["withheld"].all():
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, language=language))
        return ax
    result = ordered(result)
    grid, totals = _grid(result), result.branch_totals
    laid = layout.rows(totals["branch"].astype(str).to_list(), columns=32)
    ax = style.prepare(ax, laid.height, grid="")
    layout.set_rows(ax, laid)
    ax.spines["bottom"].set_visible(False)
    values = grid.to_numpy(float)
    reach = max(LEAST_REACH, float(np.nanmax(np.abs(values))) if reach is None else reach)
    norm = Normalize(-reach, reach)
    edges = laid.edges
    ax.pcolormesh(
        np.arange(values.shape[1] + 1.0),
        edges,
        np.ma.masked_invalid(values),
        cmap=_COLOURS,
        norm=norm,
        edgecolors="white",
        linewidth=0.8,
    )
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            continue
        ax.text(
            column + 0.5,
            float(laid.y[row]),
            labels.points(value, sign=True),
            ha="center",
            va="center",
            fontsize=7.5,
            color=palette.text_on(to_hex(_COLOURS(norm(value)))),
        )
    hatched = {
        "facecolor": "white",
        "edgecolor": palette.mix(palette.HIDDEN, 0.35),
        "hatch": "////",
    }
    for top, bottom in zip(
        edges[:-1][totals["withheld"]], edges[1:][totals["withheld"]], strict=True
    ):
        ax.add_patch(Rectangle((0, top), values.shape[1], bottom - top, lw=0, **hatched))  # type: ignore[arg-type]
    _hint(ax, result, laid, language)
    title = labels.title(language)
    headings = [labels.wrap(text, 12) for text in result.frame[title]]
    ax.set_xlim(0, values.shape[1])
    ax.set_xticks(np.arange(values.shape[1]) + 0.5, headings, linespacing=1.3)
    ax.tick_params(axis="x", length=0, labeltop=True, labelbottom=laid.extent > 30)
    observed = [labels.percent(rate) for rate in totals["observed_rate"]]
    counts = [
        "" if hidden else str(n) for n, hidden in zip(totals["n"], totals["withheld"], strict=True)
    ]
    layout.right_column(
        ax, laid, observed, right=0.62, header=labels.say(language, "不满意", "Rate")
    )
    layout.right_column(ax, laid, counts, right=0.95, header="n")
    swatches = [
        Patch(
            facecolor=_COLOURS(norm(value)),
            edgecolor=palette.GRID,
            label=labels.points(value, sign=True),
        )
        for value in np.array([-1, -0.5, 0, 0.5, 1]) * reach
    ]
    if totals["withheld"].any():
        swatches.append(Patch(label=labels.say(language, "不予公布", "withheld"), **hatched))  # type: ignore[arg-type]
    style.head(
        ax,
        labels.say(
            language,
            "与各维度相联系的不满意率：与全校之差（百分点，正值为更不满意）",
            "Dissatisfaction that goes with each dimension: difference from the university "
            "(percentage points, positive = more)",
        )
        + (f"\n{note}" if note else ""),
        handles=swatches,
        columns=6,
        tick_lines=max(text.count("\n") + 1 for text in headings),
    )
    return ax


def _hint(ax: Axes, result: Drivers, laid: layout.Rows, language: Language) -> None:
    """Say of every cell its figures and what they rest on; of withheld branches only that."""
    totals = result.branch_totals
    row_of = {str(name): row for row, name in enumerate(totals["branch"])}
    column_of = {name: column for column, name in enumerate(result.frame["dimension"])}
    people = dict(zip(totals["branch"].astype(str), totals["n"], strict=True))
    shown = result.branches[result.branches["difference"].notna()]
    boxes, texts = [], []
    for cell in shown.to_dict("records"):
        branch, column = str(cell["branch"]), column_of[cell["dimension"]]
        top, bottom = laid.edges[row_of[branch]], laid.edges[row_of[branch] + 1]
        boxes.append([(column, top), (column + 1, bottom)])
        own = labels.estimate(cell["contribution"], cell["low"], cell["high"], language)
        apart = labels.points(cell["difference"], sign=True)
        whole = labels.points(cell["university"], sign=True)
        texts.append(
            labels.say(
                language,
                f"{branch}，{cell['title']}：{own}，全校 {whole}，相差 {apart} 个百分点，"
                f"n={people[branch]}",
                f"{branch}, {cell['title_en']}: {own}, university {whole}, "
                f"difference {apart} points, n={people[branch]}",
            )
        )
    for branch in totals.loc[totals["withheld"], "branch"].astype(str):
        row = row_of[branch]
        boxes.append([(0, laid.edges[row]), (len(column_of), laid.edges[row + 1])])
        hidden = labels.say(language, "不予公布", "withheld")
        texts.append(f"{branch}{labels.say(language, '：', ': ')}{hidden}")
    hints.cells(ax, boxes, texts)


def table(result: Drivers, *, language: Language = "zh") -> pd.DataFrame:
    """Give one row a branch and one column a dimension, as shares of the branch's respondents."""
    result = ordered(result)
    title = labels.title(language)
    names = dict(zip(result.frame["dimension"], result.frame[title], strict=True))
    grid = _grid(result).rename(columns=names).reset_index(drop=True)
    totals = result.branch_totals[["branch", "n", "observed_rate"]].reset_index(drop=True)
    totals["n"] = totals["n"].astype("Int64").mask(result.branch_totals["withheld"].to_numpy())
    grid.columns.name = None
    return pd.concat([tables.display(totals, list(totals.columns), language), grid], axis=1)


def describe(result: Drivers, *, reach: float | None = None, language: Language = "zh") -> str:
    """Say in words what the chart shows, and where its colours end if that is stated."""
    totals = result.branch_totals
    shown = totals[~totals["withheld"]]
    note = labels.breakdown_notice(result.status, language)
    if shown.empty:
        reason = note or labels.say(
            language, "各支部作答人数不足", "too few answers in each branch"
        )
        return labels.say(
            language,
            f"{len(totals)} 个支部均不作分解：{reason}。",
            f"No breakdown for any of {len(totals)} branches: {reason}.",
        )
    n = int(shown["n"].sum())
    ends = "" if reach is None else labels.points(max(LEAST_REACH, reach))
    return labels.say(
        language,
        f"{len(shown)} 个支部（n={n}）各维度与全校之差，"
        f"{len(totals) - len(shown)} 个支部不予公布。"
        + (f"各页颜色的两端都是相差 {ends} 个百分点。" if ends else ""),
        f"Differences from the university by dimension in {len(shown)} branches (n={n}); "
        f"{len(totals) - len(shown)} branches withheld."
        + (f" On every page the colours end at {ends} percentage points." if ends else ""),
    )
