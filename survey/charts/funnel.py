"""Rates against the number of answers, with control limits around the bar or the mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.many.funnel import funnel_limits, funnel_signal
from survey import vocabulary
from survey.charts import caterpillar, hints, labels, marks, palette, style, tables

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from survey.errors import Language
    from survey.results import Satisfaction

Target = Literal["bar", "mean"]

LEVELS = (0.95, 0.998)
_SHADES = {0.95: palette.mix(palette.QUANTITY, 0.72), 0.998: palette.mix(palette.QUANTITY, 0.87)}
_MOST_NAMES = 5
_HEIGHT = 3.6


def _shown(result: Satisfaction) -> pd.DataFrame:
    frame = result.frame.assign(unit=labels.units(result))
    return frame[frame["rate"].notna() & frame["n_satisfied"].notna()]


def _mean(shown: pd.DataFrame) -> float:
    return float(shown["n_satisfied"].sum() / shown["n_valid"].sum())


def _population(shown: pd.DataFrame) -> NDArray[np.int64] | None:
    if shown["population"].isna().any():
        return None
    return shown["population"].to_numpy(np.int64)


def _signals(shown: pd.DataFrame, target: float, level: float) -> NDArray[np.int8]:
    return funnel_signal(
        shown["n_satisfied"].to_numpy(np.int64),
        shown["n_valid"].to_numpy(np.int64),
        target,
        level=level,
        population=_population(shown),
    )


@style.styled
def draw(
    result: Satisfaction,
    ax: Axes | None = None,
    *,
    around: Target = "bar",
    language: Language = "zh",
) -> Axes:
    """Draw every unit at its number of answers and its rate, over the control limits.

    Parameters
    ----------
    result : Satisfaction
        By branch, role or both.
    ax : Axes, optional
        Where to draw; by default a figure of its own.
    around : {"bar", "mean"}
        What the limits surround: the bar, or the mean of all units shown.
    language : {"zh", "en"}
        Language of all texts.

    Returns
    -------
    Axes
        The units farthest below the 99.8 % limit are named on the right.

    Notes
    -----
    Limits depend on the number of answers and on the people of a unit. The bands are drawn for
    units that answer at about the common response rate, smoothed over rates within 10 % of it;
    which units lie outside is judged for each by its own people.
    """
    shown = _shown(result)
    if shown.empty:
        ax = style.prepare(ax, 0.6, grid="")
        style.notice(ax, describe(result, around=around, language=language))
        return ax
    ax = style.prepare(ax, _HEIGHT, grid="y")
    bar, mean = float(result.bar), _mean(shown)
    target = bar if around == "bar" else mean
    n = np.arange(1, int(shown["n_valid"].max() * 1.06) + 2)
    for level in reversed(LEVELS):
        low, high = _band(n, shown, target, level)
        ax.fill_between(n, low, high, color=_SHADES[level], lw=0, gid=f"limits-{level:g}")
    ax.axhline(bar, color=palette.INK, lw=1.1, ls=(0, (4, 2.5)), zorder=1.5, gid="bar")
    ax.axhline(mean, color=palette.INK, lw=1.0, ls=(0, (1, 2)), zorder=1.5, gid="mean")
    for code in vocabulary.VERDICTS:
        units = shown[shown["verdict"] == code]
        if len(units):
            marks.dots(
                ax,
                units["n_valid"],
                units["rate"],
                gid=f"verdict-{code}",
                **marks.verdict_look(code),
            )
    texts = hints.satisfaction(tables.with_frame(result, shown), language)
    hints.points(ax, shown["n_valid"], shown["rate"], texts)
    least = min(float(shown["rate"].min()), 2 * target - 1, 0.8)
    start = max(0.0, np.floor(10 * least) / 10)
    ax.set_xlim(0, n[-1])
    ax.set_ylim(start - 0.03 * (1 - start), 1 + 0.03 * (1 - start))
    marks.percent_axis(ax, "y", label=vocabulary.column("rate", language))
    ax.set_xlabel(vocabulary.column("n_valid", language))
    _name(ax, shown[_signals(shown, target, LEVELS[-1]) < 0], target)
    style.head(
        ax,
        _title(around, bar, mean, shown, language),
        handles=[
            *caterpillar.verdict_handles(shown["verdict"], language, line=False),
            *(
                Patch(
                    color=_SHADES[level],
                    label=labels.percent_short(level) + labels.say(language, " 控制限", " limits"),
                )
                for level in LEVELS
            ),
            Line2D(
                [],
                [],
                color=palette.INK,
                lw=1.1,
                ls=(0, (4, 2.5)),
                label=vocabulary.column("bar", language),
            ),
            Line2D(
                [],
                [],
                color=palette.INK,
                lw=1.0,
                ls=(0, (1, 2)),
                label=labels.say(language, "平均", "mean"),
            ),
        ],
        columns_wide=90,
    )
    return ax


def _band(
    n: NDArray[np.int64], shown: pd.DataFrame, target: float, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the limits to draw for every number of answers."""
    people = _population(shown)
    if people is None:
        limits = funnel_limits(n, target, level=level)
        return limits.low, limits.high
    per_answer = people.sum() / shown["n_valid"].sum() * np.linspace(0.9, 1.1, 11)
    sizes = np.maximum(np.round(per_answer[:, None] * n), n).astype(np.int64)
    limits = funnel_limits(np.broadcast_to(n, sizes.shape), target, level=level, population=sizes)
    return limits.low.mean(axis=0), limits.high.mean(axis=0)


def _centre(target: float, around: Target) -> str:
    return labels.percent_short(round(target, 4)) if around == "bar" else labels.percent(target)


def _title(around: Target, bar: float, mean: float, shown: pd.DataFrame, language: Language) -> str:
    target = bar if around == "bar" else mean
    n_units, n = len(shown), int(shown["n_valid"].sum())
    known = _population(shown) is not None
    name = {"bar": ("标准", "the bar"), "mean": ("平均", "the mean")}[around]
    written = _centre(target, around)
    title = labels.say(
        language,
        f"满意率与有效回答数，控制限以{name[0]} {written} 为中心（n={n}）",
        f"Rate and number of answers; limits around {name[1]} of {written} "
        f"({n_units} units, n={n})",
    )
    if not known:
        return title
    return title + labels.say(
        language,
        "\n色带按平均回收率绘制；右侧列出按各自人数低于 99.8% 下限者",
        "\nBands: at the mean response rate. Named: below the 99.8% limit for its own population",
    )


def _name(ax: Axes, low: pd.DataFrame, target: float) -> None:
    """Name the units with most evidence right of the axes, a thin line to each marker."""
    evidence = low["n_valid"] * (target - low["rate"]) ** 2
    low = low.loc[evidence.nlargest(_MOST_NAMES).index].sort_values("rate", ascending=False)
    if low.empty:
        return
    names = [labels.wrap(str(name), 26) for name in low["unit"]]
    bottom, top = ax.get_ylim()
    wanted = (low["rate"].to_numpy(float) - bottom) / (top - bottom)
    room = np.array([0.055 * (name.count("\n") + 1) for name in names])
    gaps = (room[:-1] + room[1:]) / 2
    places = wanted.copy()
    for i in range(1, len(places)):
        places[i] = min(places[i], places[i - 1] - gaps[i - 1])
    # push back up what has fallen out at the bottom
    places[-1] = max(places[-1], room[-1] / 2)
    for i in range(len(places) - 2, -1, -1):
        places[i] = max(places[i], places[i + 1] + gaps[i])
    for name, place, x, y in zip(names, places, low["n_valid"], low["rate"], strict=True):
        ax.annotate(
            name,
            (x, y),
            xytext=(1.02, place),
            textcoords="axes fraction",
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": palette.UNDECIDED,
                "lw": 0.6,
                "shrinkA": 3,
                "shrinkB": 4,
                "relpos": (0, 0.5),
            },
        )


def table(
    result: Satisfaction, *, around: Target = "bar", language: Language = "zh"
) -> pd.DataFrame:
    """Give every unit with the limits for its own answers and people, the lowest rate first."""
    shown = _shown(result).sort_values("rate", kind="stable")
    columns = [*result.by, "population", "n_valid", "rate"]
    if len(shown):
        target = float(result.bar) if around == "bar" else _mean(shown)
        for level in LEVELS:
            limits = funnel_limits(
                shown["n_valid"].to_numpy(np.int64),
                target,
                level=level,
                population=_population(shown),
            )
            names = [f"limit_low_{1000 * level:g}", f"limit_high_{1000 * level:g}"]
            shown = shown.assign(**dict(zip(names, (limits.low, limits.high), strict=True)))
            columns += names
    return tables.display(shown, columns, language)


def describe(result: Satisfaction, *, around: Target = "bar", language: Language = "zh") -> str:
    """Say in words what the chart shows."""
    shown = _shown(result)
    zh, en = labels.units_noun(result), labels.units_noun(result, "en")
    if shown.empty:
        return labels.say(
            language,
            f"{len(result.frame)} {zh}均不予公布，不画漏斗图。",
            f"All {len(result.frame)} {en} are withheld: no funnel plot.",
        )
    target = float(result.bar) if around == "bar" else _mean(shown)
    signals = _signals(shown, target, LEVELS[-1])
    low, high = int((signals < 0).sum()), int((signals > 0).sum())
    n = int(shown["n_valid"].sum())
    centre = _centre(target, around)
    return labels.say(
        language,
        f"{len(shown)} {zh}（n={n}）的满意率与以 {centre} 为中心的控制限："
        f"{low} 个低于 99.8% 下限，{high} 个高于上限。",
        f"Rates of {len(shown)} {en} (n={n}) against limits around {centre}: {low} lie below the "
        f"lower 99.8% limit, {high} above the upper one.",
    )
