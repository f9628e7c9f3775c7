"""Dissatisfaction that goes with every item, with intervals, grouped by dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey import formats
from survey.charts import groups, labels, marks, plans, units
from survey.palette import Marker

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Drivers

_TEXTS = {
    "more": ("区间在 0 以上", "interval above 0"),
    "less": ("区间在 0 以下", "interval below 0"),
    "unclear": ("尚不足以说明有联系", "not distinguishable from 0"),
}
_ALIKE = (
    "模型只知道各维度：同一维度内只随评分的高低而不同",
    "The model knows dimensions only: within one, items differ by their ratings alone",
)


def plan(result: Drivers, look: Look) -> plans.Plan:
    """Show the contribution of every item, in the order of the questionnaire.

    Where the breakdown is withheld, the reason stands in place of the items.
    """
    whole = result.items
    if whole.empty or whole["contribution"].isna().all():
        return plans.Notice(describe(result, look))
    items, title = look.arrange(whole), labels.title(look.language)
    titles = dict(zip(result.frame["dimension"], result.frame[title], strict=True))
    laid = groups.grouped(items, items[title], titles)
    value, low, high = (units.floats(laid.frame[c]) for c in ("contribution", "low", "high"))
    above, below = low > 0, high < 0
    kinds = {
        "more": (above, Marker(look.colours.bad)),
        "less": (below, Marker(look.colours.good)),
        "unclear": (~above & ~below, Marker(look.colours.undecided, filled=False)),
    }
    dots = [
        marks.Dots(laid.row[of], value[of], marker, low[of], high[of], gid=f"items-{kind}")
        for kind, (of, marker) in kinds.items()
        if of.any()
    ]
    written = labels.estimates(laid.frame, look.language, digits=2)
    n, interval = result.summary["n_used"], formats.level_interval(result.level, look.language)
    why = result.why(look.language)
    note = "\n".join(filter(None, ("", why, look.say(*_ALIKE))))
    return plans.RowChart(
        look.heading(
            f"与各项指标相联系的不满意率，{interval}（n={n}）{note}",
            f"Dissatisfaction that goes with every item, {interval} (n={n}){note}",
            len(items),
            len(whole),
        ),
        laid.names,
        plans.around_zero(
            whole[["contribution", "low", "high"]].to_numpy(float),
            look.say("百分点", "Percentage points"),
        ),
        tuple(dots),
        (marks.zero_line(look.colours),),
        (plans.column("", laid.spread(written)),),
        tuple((look.say(*_TEXTS[of.gid.removeprefix("items-")]), of) for of in dots),
        headings=laid.headings,
        colours=look.colours,
    )


def describe(result: Drivers, look: Look) -> str:
    """Say in words what the chart shows."""
    items, n = result.items, result.summary["n_used"]
    if items.empty or items["contribution"].isna().all():
        reason = result.why(look.language)
        reason = reason or look.say("没有指标", "no items")
        return look.say(f"不作指标分解（n={n}）：{reason}。", f"No items (n={n}): {reason}.")
    clear = int(np.sum((items["low"] > 0) | (items["high"] < 0)))
    return look.say(
        f"与 {len(items)} 项指标相联系的不满意率（n={n}），其中 {clear} 项的区间不含 0。",
        f"Dissatisfaction that goes with {len(items)} items (n={n}); the intervals of {clear} "
        "exclude 0.",
    )
