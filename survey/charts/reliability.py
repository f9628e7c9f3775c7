"""Cronbach's alpha of every dimension with its interval, and McDonald's omega."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from analysis.instrument.reliability import ENOUGH
from survey import vocabulary
from survey.charts import labels, layout, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.errors import Language
    from survey.results import Reliability


@style.styled
def draw(result: Reliability, ax: Axes | None = None, *, language: Language = "zh") -> Axes:
    """Draw alpha with its interval and omega for every dimension and for all items.

    Parameters
    ----------
    result : Reliability
        Reliability of the instrument.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        Flagged dimensions are diamonds in the colour of what falls short.
    """
    frame = result.frame
    laid = layout.rows(frame[labels.title(language)].astype(str).to_list())
    ax = style.prepare(ax, laid.height)
    layout.set_rows(ax, laid)
    ax.axvline(ENOUGH, color=palette.INK, lw=1.0, ls=(0, (1, 2)), gid="enough")
    known = frame["alpha"].notna().to_numpy()
    flagged = frame["flagged"].to_numpy(bool)
    looks = _looks(language)
    for gid, look, rows in zip(
        ("alpha", "flagged"), looks.values(), (known & ~flagged, known & flagged), strict=True
    ):
        of_look = frame[rows]
        if rows.any():
            marks.dots(
                ax,
                of_look["alpha"],
                laid.y[rows],
                of_look["low"],
                of_look["high"],
                gid=gid,
                **look,  # type: ignore[arg-type]
            )
    ax.plot(frame["omega"], laid.y, ls="", gid="omega", zorder=4, **_OMEGA)  # type: ignore[arg-type]
    layout.row_notices(ax, laid.y[~known], labels.say(language, "不能计算", "not available"))
    least = float(np.nanmin(frame[["alpha", "low", "omega"]].to_numpy(float), initial=ENOUGH))
    ax.set_xlim(max(-1.0, np.floor(10 * least - 0.5) / 10), 1.0)
    ax.set_xlabel(labels.say(language, "信度系数", "Reliability"))
    level = labels.level_text(result.level, language)
    estimates = zip(frame["alpha"], frame["low"], frame["high"], strict=True)
    layout.right_column(
        ax,
        laid,
        [_written(*row, language) for row in estimates],
        right=1.3,
        header=labels.say(language, f"α（{level}）", f"α ({level})"),
    )
    layout.right_column(ax, laid, [str(n) for n in frame["n_used"]], right=1.75, header="n")
    style.head(
        ax,
        labels.say(
            language,
            f"问卷信度，点线为 {ENOUGH:g}",
            f"Reliability of the questionnaire; dotted line: {ENOUGH:g}",
        ),
        handles=[
            *(
                marks.dot_handle(label, **look)  # type: ignore[arg-type]
                for (label, look), rows in zip(looks.items(), (~flagged, flagged), strict=True)
                if rows.any()
            ),
            Line2D([], [], ls="", label="McDonald ω", **_OMEGA),  # type: ignore[arg-type]
        ],
        header=True,
    )
    return ax


_OMEGA: dict[str, object] = {"marker": "|", "ms": 9, "color": palette.INK, "mew": 1.6}


def _looks(language: Language) -> dict[str, dict[str, object]]:
    return {
        "Cronbach α": {"colour": palette.QUANTITY},
        labels.say(language, "α 不足 0.7", "α under 0.7"): {"colour": palette.BAD, "marker": "D"},
    }


def _written(alpha: float, low: float, high: float, language: Language) -> str:
    if pd.isna(alpha):
        return "—"
    texts = [f"{value:.2f}".replace("-", labels.MINUS) for value in (alpha, low, high)]
    joint = labels.say(language, "～", " to ")
    inside = f"{texts[1]}{joint}{texts[2]}"
    return texts[0] + labels.say(language, f"（{inside}）", f" ({inside})")


def table(result: Reliability, *, language: Language = "zh") -> pd.DataFrame:
    """Give the numbers of the chart in its order."""
    frame = result.frame.assign(dimension=result.frame[labels.title(language)])
    columns = ["dimension", "n_items", "n_used", "alpha", "low", "high", "omega"]
    columns += ["omega_low", "omega_high", "n_against"]
    return tables.display(frame, columns, language)


def describe(result: Reliability, *, language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    frame, title = result.frame, labels.title(language)
    used = frame["n_used"].astype(int)
    ends = (used.min(), used.max()) if len(used) else (0, 0)
    n = labels.say(language, "～", "–").join(str(end) for end in dict.fromkeys(ends))
    low = frame.loc[frame["flagged"].astype(bool), title]
    verdict = (
        labels.say(language, f"不足 {ENOUGH:g} 的有：", f"under {ENOUGH:g}: ")
        + labels.say(language, "、", ", ").join(low)
        if len(low)
        else labels.say(language, f"没有一项不足 {ENOUGH:g}", f"none is under {ENOUGH:g}")
    )
    name = vocabulary.column("dimension", language)
    return labels.say(
        language,
        f"各{name}与全部指标的 Cronbach α（n={n}），{verdict}。",
        f"Cronbach's alpha of every {name.lower()} and of all items (n={n}); {verdict}.",
    )
