"""What may be said of the dimensions: sizes with intervals, an order only where it is shown."""

from __future__ import annotations

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.language import named, say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.texts import sentence
from survey.report.wording.breakdown_notes import few_at_target, status, without_intervals
from survey.report.wording.phrases import Row, quoted, rows
from survey.results import Drivers


def target_label(questionnaire: Questionnaire, drivers: Drivers, language: Language = "zh") -> str:
    """Give the answer that stands for the target score, or the score itself."""
    for item in questionnaire.items:
        for level in item.scale.levels:
            if level.score == drivers.target:
                return quoted([named(level, language, "label")], language)
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
    text = sentence(
        language,
        "breakdown.one",
        title=row[_title_column(language)] or row["title"],
        target=target,
        size=size,
        between=between,
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
        texts = status(drivers, language), sentence(language, "breakdown_flag.no_intervals")
        return _space(language).join(text for text in texts if text)
    ordered = frame.sort_values("contribution", ascending=False)
    top = rows(ordered.head(1))[0]
    start = _sentence(one_dimension(top, target, drivers.level, language))
    if drivers.status == "indicative":
        shown = ordered[ordered["distinguishable"]]
        names = formats.listing(_titles(shown, language), language)
        indicative = (
            sentence(language, "breakdown.distinguishable", names=names)
            if len(shown)
            else sentence(language, "breakdown.none")
        )
        return f"{indicative}{_space(language)}{status(drivers, language)}"
    if not top["distinguishable"]:
        return sentence(language, "breakdown.none")
    others = [code for code in ordered["dimension"] if code != top["dimension"]]
    beaten = _beaten(drivers, str(top["dimension"]))
    close = [code for code in others if code not in beaten]
    if not close:
        return start + sentence(language, "breakdown.exceeds_all", n=len(others))
    named = _titles(frame.set_index("dimension", drop=False).loc[close], language)
    if len(close) == len(others):
        return start + sentence(language, "breakdown.no_order")
    return start + sentence(language, "breakdown.highest", named=formats.listing(named, language))


def pairs(drivers: Drivers, language: Language = "zh") -> str:
    """Say which dimensions differ from one another beyond their uncertainty."""
    if drivers.status != "full" or without_intervals(drivers):
        return ""
    if drivers.order.empty:
        return sentence(language, "breakdown.no_pairs")
    names = drivers.frame.set_index("dimension")[_title_column(language)].to_dict()
    parts = []
    for greater in dict.fromkeys(first for first, _ in _greater_first(drivers.order)):
        lesser = [second for first, second in _greater_first(drivers.order) if first == greater]
        listed = formats.listing([str(names[code]) for code in lesser], language)
        parts.append(say(language, f"{names[greater]}高于{listed}", f"{names[greater]} > {listed}"))
    text = say(language, "；", "; ").join(parts)
    return sentence(language, "breakdown.pairs", text=text)


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
    interval = ""
    if drivers.status == "sum_only_vif":
        # the sum stands where no single dimension can: it gets the interval
        ends = summary["total_low"], summary["total_high"]
        between = _interval(*ends, drivers.level, language)
        interval = say(language, f"（{between}）", f" ({between})")
    return sentence(
        language,
        "breakdown.total",
        weighted=weighted,
        n=n,
        observed=formats.points(observed),
        floor=formats.points(floor),
        dimensions=len(drivers.frame),
        together=formats.points(together),
        interval=interval,
        residual=formats.points(residual),
    )


def floor(drivers: Drivers, target: str, language: Language = "zh") -> str:
    """Say what the floor is, only where enough people have every item at the target."""
    if not formats.present(drivers.summary["floor_rate"]) or few_at_target(drivers):
        return ""
    rate, n = formats.points(drivers.summary["floor_rate"]), drivers.summary["n_full"]
    return sentence(language, "breakdown.floor", rate=rate, target=target, n=formats.count(n))


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
