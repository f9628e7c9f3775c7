"""Change of the satisfaction rate between two waves, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from survey import vocabulary
from survey.charts import labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Comparison

_LOOKS: dict[str, dict[str, Any]] = {
    "up": {"colour": palette.GOOD, "marker": "^"},
    "down": {"colour": palette.BAD, "marker": "v"},
    "undecided": {"colour": palette.UNDECIDED, "filled": False},
}


def ordered(result: Comparison) -> Comparison:
    """Sort the units by difference: everyone first, those without one at the end."""
    frame = result.frame.assign(
        _first=result.frame["branch"].notna(), _last=~result.frame["change"].isin(_LOOKS)
    )
    frame = frame.sort_values(
        ["_first", "_last", "difference"], ascending=[True, True, False], kind="stable"
    )
    return tables.with_frame(result, frame.drop(columns=["_first", "_last"]))


def pages(result: Comparison, per_page: int = layout.PER_PAGE) -> list[Comparison]:
    """Cut a result into pages that each fit a sheet."""
    result = ordered(result)
    parts = layout.split(result.frame, _units(result.frame, "zh"), per_page)
    return [tables.with_frame(result, part) for part in parts]


@style.styled
def draw(result: Comparison, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw the difference of every unit between two waves.

    Parameters
    ----------
    result : Comparison
        Two waves.
    ax : Axes, optional
        Where to draw; by default a figure of its own that grows with the number of units.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Triangles point up or down only where the change is beyond chance.
    """
    frame = ordered(result).frame
    laid = layout.rows(_units(frame, language))
    ax = style.prepare(ax, laid.height)
    layout.set_rows(ax, laid)
    marks.zero_line(ax)
    for change, look in _LOOKS.items():
        rows = (frame["change"] == change).to_numpy()
        if rows.any():
            units = frame[rows]
            marks.dots(
                ax,
                units["difference"],
                laid.y[rows],
                units["low"],
                units["high"],
                gid=f"change-{change}",
                **look,
            )
    hidden = ~frame["change"].isin(_LOOKS).to_numpy()
    for change in frame["change"][hidden].unique():
        rows = (frame["change"] == change).to_numpy()
        layout.row_notices(ax, laid.y[rows], vocabulary.change(change, language))
    marks.points_axis(
        ax, label=labels.say(language, "变化（百分点）", "Change (percentage points)")
    )
    if hidden.all():
        ax.set_xlim(-0.1, 0.1)
    rates = zip(frame["rate_before"], frame["rate_after"], hidden, strict=True)
    counts = zip(frame["n_valid_before"], frame["n_valid_after"], hidden, strict=True)
    layout.right_column(
        ax,
        laid,
        ["" if hide else f"{labels.percent(a)} → {labels.percent(b)}" for a, b, hide in rates],
        right=1.15,
        header=vocabulary.column("rate", language),
    )
    layout.right_column(
        ax,
        laid,
        ["" if hide else f"{a:.0f}, {b:.0f}" for a, b, hide in counts],
        right=1.95,
        header="n",
    )
    tally = frame["change"].value_counts()
    interval = labels.level_text(result.level, language)
    style.head(
        ax,
        labels.say(
            language,
            f"满意率的变化与 {interval}\n升降的判定已校正多重比较",
            f"Change of the satisfaction rate with {interval}\n"
            "Up and down are judged with correction for multiple comparisons",
        ),
        handles=[
            marks.dot_handle(f"{vocabulary.change(change, language)} {tally[change]}", **look)
            for change, look in _LOOKS.items()
            if change in tally
        ],
        header=True,
    )
    return ax


def _units(frame: pd.DataFrame, language: Language) -> list[str]:
    everyone = vocabulary.column("university", language)
    return [everyone if pd.isna(name) else str(name) for name in frame["branch"]]


def table(result: Comparison, *, language: Language = "zh") -> pd.DataFrame:
    """Give the numbers of the chart in its order."""
    frame = ordered(result).frame
    frame = frame.assign(
        branch=_units(frame, language),
        change=[vocabulary.change(change, language) for change in frame["change"]],
    )
    columns = ["branch", "n_valid_before", "rate_before", "n_valid_after", "rate_after"]
    columns += ["change_in_rate", "low", "high", "change"]
    return tables.display(frame.rename(columns={"difference": "change_in_rate"}), columns, language)


def describe(result: Comparison, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame = result.frame
    shown = frame[frame["change"].isin(_LOOKS) & frame["branch"].notna()]
    before, after = int(shown["n_valid_before"].sum()), int(shown["n_valid_after"].sum())
    tally = shown["change"].value_counts()
    joined = labels.say(language, "，", ", ").join(
        f"{vocabulary.change(change, language)} {tally.get(change, 0)}" for change in _LOOKS
    )
    return labels.say(
        language,
        f"{len(shown)} 个支部两次调查（n={before} 与 {after}）之间满意率的变化：{joined}。",
        f"Change of the rate in {len(shown)} branches between two waves (n={before} and {after}): "
        f"{joined}.",
    )
