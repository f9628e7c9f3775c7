"""Change of the satisfaction rate between two waves, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey import formats, vocabulary
from survey.charts import marks, plans, units
from survey.palette import Marker, Palette

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.results import Comparison


def _looks(colours: Palette) -> dict[str, Marker]:
    return {
        "up": Marker(colours.good, "^"),
        "down": Marker(colours.bad, "v"),
        "undecided": Marker(colours.undecided, filled=False),
    }


_JUDGED = tuple(_looks(Palette()))


def plan(result: Comparison, look: Look) -> plans.Plan:
    """Show the difference of every unit between two waves: everyone first.

    Triangles point up or down only where the change is beyond chance.
    """
    whole = result.named(look.language)
    whole = whole.assign(
        _first=result.frame["branch"].notna(), _last=~whole["change"].isin(_JUDGED)
    )
    by = ["_first", "_last", "change_in_rate"]
    frame = look.arrange(whole, by, [True, True, False])
    change, low, high = (units.floats(frame[c]) for c in ("change_in_rate", "low", "high"))
    dots = []
    for code, marker in _looks(look.colours).items():
        of = (frame["change"] == code).to_numpy()
        if of.any():
            row = np.flatnonzero(of)
            dots.append(
                marks.Dots(row, change[of], marker, low[of], high[of], gid=f"change-{code}")
            )
    hidden = ~frame["change"].isin(_JUDGED).to_numpy()
    rates = zip(frame["rate_before"], frame["rate_after"], hidden, strict=True)
    counts = zip(frame["n_valid_before"], frame["n_valid_after"], hidden, strict=True)
    interval = formats.level_interval(result.level, look.language)
    ends = whole.loc[~whole["_last"], ["low", "high"]].to_numpy(float)
    return plans.RowChart(
        look.heading(
            f"满意率的变化与 {interval}\n区间不含 0 的判为升降，各支部分别判断",
            f"Change of the satisfaction rate with {interval}\n"
            "Up and down where the interval leaves out 0, each branch for itself",
            len(frame),
            len(whole),
        ),
        tuple(frame["branch"].astype(str)),
        plans.around_zero(
            ends, look.say("变化（百分点）", "Change (percentage points)"), least=0.1
        ),
        tuple(dots),
        (marks.zero_line(look.colours),),
        (
            plans.column(
                vocabulary.column("rate", look.language),
                [
                    "" if hide else f"{formats.percent(a)} → {formats.percent(b)}"
                    for a, b, hide in rates
                ],
            ),
            plans.column("n", ["" if hide else f"{a:.0f}, {b:.0f}" for a, b, hide in counts]),
        ),
        tuple(
            (
                f"{vocabulary.change(of.gid.removeprefix('change-'), look.language)} {len(of.row)}",
                of,
            )
            for of in dots
        ),
        tuple(
            vocabulary.change(code, look.language) if hide else ""
            for code, hide in zip(frame["change"], hidden, strict=True)
        ),
        colours=look.colours,
    )


def describe(result: Comparison, look: Look) -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    shown = frame[frame["change"].isin(_JUDGED) & frame["branch"].notna()]
    before, after = int(shown["n_valid_before"].sum()), int(shown["n_valid_after"].sum())
    tally = shown["change"].value_counts()
    joined = look.say("，", ", ").join(
        f"{vocabulary.change(change, look.language)} {tally.get(change, 0)}" for change in _JUDGED
    )
    return look.say(
        f"{len(shown)} 个支部两次调查（n={before} 与 {after}）之间满意率的变化：{joined}。",
        f"Change of the rate in {len(shown)} branches between two waves (n={before} and {after}): "
        f"{joined}.",
    )
