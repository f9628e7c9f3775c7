"""Change of the satisfaction rate between two waves, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey import formats, vocabulary
from survey.charts import labels, marks, plans, units
from survey.palette import Marker, Palette

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Comparison


_JUDGED = ("up", "down", "undecided")


def _looks(colours: Palette, *, is_rate: bool) -> dict[str, Marker]:
    """Give the markers; of dissatisfaction it is the rise that is bad."""
    up, down = (colours.good, colours.bad) if is_rate else (colours.bad, colours.good)
    undecided = Marker(colours.undecided, filled=False)
    return {"up": Marker(up, "^"), "down": Marker(down, "v"), "undecided": undecided}


def plan(result: Comparison, look: Look) -> plans.Plan:
    """Show the difference of every unit between two waves: everyone first.

    Triangles point up or down only where the change is beyond chance.
    """
    whole = result.named(look.language)
    is_rate = result.by != "dimension"
    whole = whole.assign(
        _name=whole[result.by if result.is_of_units else labels.title(look.language)].astype(str),
        _first=result.frame[result.by].notna() if result.is_of_units else True,
        _last=~whole["change"].isin(_JUDGED),
    )
    by = ["_first", "_last", "change_in_rate"]
    frame = look.arrange(whole, by, [True, True, False])
    change, low, high = (units.floats(frame[c]) for c in ("change_in_rate", "low", "high"))
    dots, legend = [], []
    for code, marker in _looks(look.colours, is_rate=is_rate).items():
        of = (frame["change"] == code).to_numpy()
        if of.any():
            row = np.flatnonzero(of)
            dots.append(
                marks.Dots(row, change[of], marker, low[of], high[of], gid=f"change-{code}")
            )
            word = vocabulary.change(code, look.language)
            legend.append((f"{word} {(of & frame['_first']).sum()}", dots[-1]))
    hidden = ~frame["change"].isin(_JUDGED).to_numpy()
    rates = zip(frame["rate_before"], frame["rate_after"], hidden, strict=True)
    counts = zip(frame["n_valid_before"], frame["n_valid_after"], hidden, strict=True)
    written = formats.percent if is_rate else formats.points
    ends = whole.loc[~whole["_last"], ["low", "high"]].to_numpy(float)
    return plans.RowChart(
        look.heading(*_heading(result, look), len(frame), len(whole)),
        tuple(frame["_name"]),
        plans.around_zero(
            ends, look.say("变化（百分点）", "Change (percentage points)"), least=0.1
        ),
        tuple(dots),
        (marks.zero_line(look.colours),),
        (
            plans.column(
                vocabulary.column("rate" if is_rate else "contribution", look.language),
                ["" if hide else f"{written(a)} → {written(b)}" for a, b, hide in rates],
            ),
            plans.column("n", ["" if hide else f"{a:.0f}, {b:.0f}" for a, b, hide in counts]),
        ),
        tuple(legend),
        tuple(
            vocabulary.change(code, look.language) if hide else ""
            for code, hide in zip(frame["change"], hidden, strict=True)
        ),
        colours=look.colours,
    )


def _heading(result: Comparison, look: Look) -> tuple[str, str]:
    """Say what changed and how a change is judged, in both languages."""
    zh, en = (formats.level_interval(result.level, language) for language in ("zh", "en"))
    if result.by == "dimension":
        what, what_en = "各维度相联系的不满意率的变化", "Change of the dissatisfaction by dimension"
    else:
        what, what_en = "满意率的变化", "Change of the satisfaction rate"
    how, how_en = (
        "区间不含 0 的判为升降，各单位分别判断",
        "Up and down where the interval leaves out 0, each unit for itself",
    )
    if not result.is_of_units:
        how, how_en = "各项一并判断（Benjamini–Hochberg）", "Judged together (Benjamini–Hochberg)"
    return f"{what}与 {zh}\n{how}", f"{what_en} with {en}\n{how_en}"


def describe(result: Comparison, look: Look) -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    shown = frame[frame["change"].isin(_JUDGED)]
    if result.is_of_units:
        shown = shown[shown[result.by].notna()]
    tally = shown["change"].value_counts()
    joined = look.say("，", ", ").join(
        f"{vocabulary.change(change, look.language)} {tally.get(change, 0)}" for change in _JUDGED
    )
    if not result.is_of_units:
        unit, unit_en = ("指标", "items") if result.by == "item" else ("维度", "dimensions")
        return look.say(
            f"{len(shown)} 个{unit}两次调查之间的变化：{joined}。",
            f"Change of {len(shown)} {unit_en} between two waves: {joined}.",
        )
    units_en = "branches" if result.by == "branch" else "units"
    n = f"n={shown['n_valid_before'].sum()}", f"{shown['n_valid_after'].sum()}"
    return look.say(
        f"{len(shown)} 个{vocabulary.column(result.by)}两次调查（{n[0]} 与 {n[1]}）之间"
        f"满意率的变化：{joined}。",
        f"Change of the rate in {len(shown)} {units_en} between two waves ({n[0]} and {n[1]}): "
        f"{joined}.",
    )
