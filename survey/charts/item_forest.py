"""Dissatisfaction that goes with every item, with intervals, grouped by dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from survey.charts import groups, labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Drivers


def _kinds(items: pd.DataFrame) -> pd.Series[str]:
    """Tell the items whose interval lies above or below 0 from those that contain it."""
    kinds = pd.Series("unclear", index=items.index)
    return kinds.mask(items["low"] > 0, "more").mask(items["high"] < 0, "less")


_LOOKS: dict[str, dict[str, object]] = {
    "more": {"colour": palette.BAD, "filled": True},
    "less": {"colour": palette.GOOD, "filled": True},
    "unclear": {"colour": palette.UNDECIDED, "filled": False},
}
_TEXTS = {
    "more": ("区间在 0 以上", "interval above 0"),
    "less": ("区间在 0 以下", "interval below 0"),
    "unclear": ("不能与 0 区分", "not distinguishable from 0"),
}


@style.styled
def draw(result: Drivers, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the contribution of every item.

    Parameters
    ----------
    result : Drivers
        The breakdown; where it is withheld, the reason stands in place of the items.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Items stand in the order of the questionnaire.
    """
    items = result.items
    if items.empty or items["contribution"].isna().all():
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, language=language))
        return ax
    title = labels.title(language)
    titles = dict(zip(result.frame["dimension"], result.frame[title], strict=True))
    laid = groups.lay_out(items, items[title], titles)
    ax = style.prepare(ax, laid.rows.height)
    groups.set_rows(ax, laid)
    marks.zero_line(ax)
    kinds = _kinds(laid.frame)
    for kind, look in _LOOKS.items():
        rows = (kinds == kind).to_numpy()
        if rows.any():
            of_kind = laid.frame[rows]
            marks.dots(
                ax,
                of_kind["contribution"],
                laid.items.y[rows],
                of_kind["low"],
                of_kind["high"],
                gid=f"items-{kind}",
                **look,  # type: ignore[arg-type]
            )
    marks.points_axis(ax, label=labels.say(language, "百分点", "Percentage points"))
    shown = laid.frame
    written = labels.estimates(
        shown["contribution"], shown["low"], shown["high"], language, decimals=2
    )
    layout.right_column(ax, laid.items, written, right=1.45)
    n, interval = result.summary["n_used"], labels.level_text(result.level, language)
    note = labels.breakdown_notice(result.status, language)
    style.head(
        ax,
        labels.say(
            language,
            f"与各项指标相联系的不满意率，{interval}（n={n}）",
            f"Dissatisfaction that goes with every item, {interval} (n={n})",
        )
        + (f"\n{note}" if note else ""),
        handles=[
            marks.dot_handle(labels.say(language, *_TEXTS[kind]), **look)  # type: ignore[arg-type]
            for kind, look in _LOOKS.items()
            if (kinds == kind).any()
        ],
    )
    return ax


def table(result: Drivers, *, language: Language = "zh") -> pd.DataFrame:
    """Give one row an item with its contribution and interval, as shares of all respondents."""
    items = result.items.assign(title=result.items[labels.title(language)])
    return tables.display(items, ["title", "contribution", "low", "high"], language)


def describe(result: Drivers, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    items, n = result.items, result.summary["n_used"]
    if items.empty or items["contribution"].isna().all():
        reason = labels.breakdown_notice(result.status, language) or labels.say(
            language, "没有指标", "no items"
        )
        return labels.say(
            language, f"不作指标分解（n={n}）：{reason}。", f"No items (n={n}): {reason}."
        )
    clear = int((_kinds(items) != "unclear").sum())
    return labels.say(
        language,
        f"与 {len(items)} 项指标相联系的不满意率（n={n}），其中 {clear} 项的区间不含 0。",
        f"Dissatisfaction that goes with {len(items)} items (n={n}); the intervals of {clear} "
        "exclude 0.",
    )
