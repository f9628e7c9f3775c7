"""What may be said of the dimensions: sizes with intervals, an order only where it is shown."""

from __future__ import annotations

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.wording.breakdown_notes import (
    FLAGS,
    few_at_target,
    status,
    without_intervals,
)
from survey.report.wording.phrases import Row, rows
from survey.results import Drivers

_NONE = (
    "没有一个维度足以说明与不满意有联系。",
    "The dissatisfaction that goes with any dimension is not distinguishable from 0.",
)


def target_label(questionnaire: Questionnaire, drivers: Drivers, language: Language = "zh") -> str:
    """Give the answer that stands for the target score, or the score itself.

    Parameters
    ----------
    questionnaire : Questionnaire
        Its items' scale names the answers.
    drivers : Drivers
        Its ``target`` is the score.
    language : {"zh", "en"}
        Language of the answer.
    """
    for item in questionnaire.items:
        for level in item.scale.levels:
            if level.score == drivers.target:
                return say(language, f"“{level.label}”", f"“{level.label_en or level.label}”")
    return f"{drivers.target:g}"


def one_dimension(row: Row, target: str, level: float, language: Language = "zh") -> str:
    """Say the dissatisfaction that goes with one dimension, with its interval.

    Examples
    --------
    >>> unit = {"title": "服务机制", "title_en": "Mechanisms", "contribution": 0.037, "low": 0.027,
    ...         "high": 0.047, "distinguishable": True}
    >>> one_dimension(unit, "“满意”", 0.95)
    '在模型中，与“服务机制”评分低于“满意”相联系的不满意率为 3.7 个百分点（95% 区间 2.7～4.7）'
    """
    size = formats.points(row["contribution"])
    known = formats.present(row["low"])
    between = _interval(row["low"], row["high"], level, language)
    text = say(
        language,
        f"在模型中，与“{row['title']}”评分低于{target}相联系的不满意率为 {size} 个百分点"
        f"（{between}）",
        f"in the model, {size} percentage points of dissatisfaction ({between}) "
        f"go with ratings of “{row['title_en'] or row['title']}” below {target}",
    )
    if known and not row["distinguishable"]:
        text += say(language, "，尚不足以说明有联系", ", not distinguishable from 0")
    return text


def largest(drivers: Drivers, target: str, language: Language = "zh") -> str:
    """Say which dimension is largest, as far as the intervals of the differences show it."""
    frame = drivers.frame.dropna(subset=["contribution"])
    if drivers.status == "sum_only_vif":
        return f"{status(drivers, language)}{_space(language)}{total(drivers, language)}"
    if drivers.status.startswith("none") or frame.empty:
        return status(drivers, language)
    if without_intervals(drivers):
        texts = status(drivers, language), say(language, *FLAGS["no_intervals"])
        return _space(language).join(text for text in texts if text)
    ordered = frame.sort_values("contribution", ascending=False)
    top = rows(ordered.head(1))[0]
    start = _sentence(one_dimension(top, target, drivers.level, language))
    if drivers.status == "indicative":
        shown = ordered[ordered["distinguishable"]]
        names = formats.listing(_titles(shown, language), language)
        indicative = (
            say(
                language,
                f"足以说明有联系的有{names}，彼此不排先后。",
                f"Distinguishable from 0, in no order: {names}.",
            )
            if len(shown)
            else say(language, *_NONE)
        )
        return f"{indicative}{_space(language)}{status(drivers, language)}"
    if not top["distinguishable"]:
        return say(language, *_NONE)
    others = [code for code in ordered["dimension"] if code != top["dimension"]]
    beaten = _beaten(drivers, str(top["dimension"]))
    close = [code for code in others if code not in beaten]
    if not close:
        return start + say(
            language,
            f"，高于其余 {len(others)} 个维度（差值的区间均不含 0）。",
            f"; it exceeds the other {len(others)} (the intervals of the differences exclude 0).",
        )
    named = _titles(frame.set_index("dimension", drop=False).loc[close], language)
    if len(close) == len(others):
        return start + say(
            language,
            "；各维度之间的大小不能区分先后。",
            "; the dimensions cannot be put in order.",
        )
    return start + say(
        language,
        f"；在数值上最高，但与{formats.listing(named)}的差别不能区分。",
        f"; the highest figure, but not distinguishable from {formats.listing(named, 'en')}.",
    )


def pairs(drivers: Drivers, language: Language = "zh") -> str:
    """Say which dimensions differ from one another beyond their uncertainty."""
    if drivers.status != "full" or without_intervals(drivers):
        return ""
    if drivers.order.empty:
        return say(
            language,
            "任意两个维度的差值区间都含 0，各维度的大小不能区分先后。",
            "The interval of every difference of two dimensions contains 0: there is no order.",
        )
    names = drivers.frame.set_index("dimension")[_title_column(language)].to_dict()
    parts = []
    for greater in dict.fromkeys(first for first, _ in _greater_first(drivers.order)):
        lesser = [second for first, second in _greater_first(drivers.order) if first == greater]
        listed = formats.listing([str(names[code]) for code in lesser], language)
        parts.append(say(language, f"{names[greater]}高于{listed}", f"{names[greater]} > {listed}"))
    text = say(language, "；", "; ").join(parts)
    return say(
        language,
        f"能够区分先后的只有：{text}；其余各对不能区分。",
        f"Only these differ beyond their uncertainty: {text}; no other pair does.",
    )


def total(drivers: Drivers, language: Language = "zh") -> str:
    """Say the identity: observed rate = floor + sum of the dimensions + residual."""
    summary = drivers.summary
    observed, floor = summary["observed_rate"], summary["floor_rate"]
    residual = summary["residual"]
    if not all(formats.present(part) for part in (observed, floor, residual)):
        return ""
    together = formats.number(observed) - formats.number(floor) - formats.number(residual)
    n = formats.count(summary["n_used"])
    weighted = vocabulary.estimator(drivers.summary["estimator"], language)
    weighted += say(language, "的", ", ") if weighted else ""
    zh = en = ""
    if drivers.status == "sum_only_vif":
        # the sum stands where no single dimension can: it gets the interval
        ends = summary["total_low"], summary["total_high"]
        between = _interval(*ends, drivers.level, language)
        zh, en = f"（{between}）", f" ({between})"
    return say(
        language,
        f"参与分解的 {n} 人中，{weighted}不满意率 {formats.points(observed)}%"
        f"＝基底 {formats.points(floor)}＋{len(drivers.frame)} 个维度合计 "
        f"{formats.points(together)}{zh}＋残差 {formats.points(residual)}（百分点，经四舍五入）。",
        f"Of the {n} people in the breakdown, {weighted}{formats.points(observed)}% are "
        "dissatisfied "
        f"= floor {formats.points(floor)} + all {len(drivers.frame)} dimensions "
        f"{formats.points(together)}{en} + residual {formats.points(residual)} (points, rounded).",
    )


def floor(drivers: Drivers, target: str, language: Language = "zh") -> str:
    """Say what the floor is, only where enough people have every item at the target."""
    if not formats.present(drivers.summary["floor_rate"]) or few_at_target(drivers):
        return ""
    rate, n = formats.points(drivers.summary["floor_rate"]), drivers.summary["n_full"]
    return say(
        language,
        f"基底 {rate} 个百分点是把各项评分都提到{target}时模型给出的不满意率"
        f"（实际全部达到的有 {formats.count(n)} 人）。",
        f"The floor of {rate} percentage points is the model's rate with every rating raised to "
        f"{target} ({formats.count(n)} people are there already).",
    )


def _interval(low: object, high: object, level: float, language: Language) -> str:
    if not formats.present(low):
        return say(language, "区间不公布", "interval withheld")
    width, between = formats.level(level), formats.points_interval(low, high, language)
    return say(language, f"{width} 区间 {between}", f"{width} interval {between}")


def _greater_first(order: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        (str(row["first"]), str(row["second"]))
        if row["difference"] > 0
        else (str(row["second"]), str(row["first"]))
        for row in rows(order)
    ]


def _beaten(drivers: Drivers, top: str) -> set[str]:
    return {second for first, second in _greater_first(drivers.order) if first == top}


def _title_column(language: Language) -> str:
    return say(language, "title", "title_en")


def _titles(frame: pd.DataFrame, language: Language) -> list[str]:
    return [str(title) for title in frame[_title_column(language)]]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _space(language: Language) -> str:
    return say(language, "", " ")
