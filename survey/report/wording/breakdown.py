"""What may be said of the dimensions: sizes with intervals, an order only where it is shown."""

from __future__ import annotations

import pandas as pd

from questionnaires import Questionnaire
from survey.errors import Language
from survey.report import formats
from survey.report.wording.phrases import Row, rows, say
from survey.results import Drivers

MIN_AT_TARGET = 30

STATUSES: dict[str, tuple[str, str]] = {
    "full": ("", ""),
    "indicative": (
        "不满意（或满意）的人数在 30 至 59 之间：各维度的数值仅供参考，不排先后。",
        "Between 30 and 59 people are dissatisfied (or satisfied): the figures are indicative and "
        "the dimensions are not put in order.",
    ),
    "sum_only_vif": (
        "各维度的评分高度相关（方差膨胀因子大于 10），彼此不能分开，只公布各维度的合计。",
        "The ratings of the dimensions are so closely related (variance inflation above 10) that "
        "they cannot be told apart: only their sum is given.",
    ),
    "none_too_few_events": (
        "样本不足，不作分解：不满意或满意的人数少于 30。",
        "Too few answers to break down: fewer than 30 people are dissatisfied, or satisfied.",
    ),
    "none_no_convergence": (
        "模型没有收敛，不作分解。",
        "The model did not converge: nothing is broken down.",
    ),
    "none_separation": (
        "评分几乎完全决定了总体回答（完全分离），模型没有确定的解，不作分解。",
        "The ratings all but determine the overall answer (separation), the model has no definite "
        "solution: nothing is broken down.",
    ),
    "none_extreme_slope": (
        "模型的系数异常大（绝对值超过 10），结果不可靠，不作分解。",
        "The model's slopes are extreme (beyond 10) and so not reliable: nothing is broken down.",
    ),
}

FLAGS: dict[str, tuple[str, str]] = {
    "few_clusters": (
        "党支部不足 10 个，区间按个人计算（稳健标准误），没有计入同一支部内回答的相似，可能偏窄。",
        "There are fewer than 10 branches: intervals are robust by person, do not allow for the "
        "likeness of answers within a branch, and may be too narrow.",
    ),
    "floor_unsupported": (
        "各项评分全部达到目标的不足 30 人，基底是模型的外推，只用于平衡算式，不作解释。",
        "Fewer than 30 people rate every item at the target: the floor is extrapolated, it only "
        "balances the sum and is not interpreted.",
    ),
}

DROPPED: dict[str, tuple[str, str]] = {
    "no_overall": ("总体满意度未作答", "overall question not answered"),
    "few_items": ("指标回答过少", "too few items answered"),
}

ASSOCIATION = (
    "这是问卷回答之间的关联，不能证明因果。",
    "These are associations between answers and prove no cause.",
)

COMPANIONS = (
    "“单独提高时”是只把这一维度的评分提高到目标时不满意率的变化，“最后提高时”是在其余维度都提高之后"
    "再提高它的变化；均由模型算得，表示同一维度的大小因先后而异的范围。",
    "“Raised alone” is the change of the model's rate when this dimension alone is raised to the "
    "target, “raised last” the change when it is raised after all others: the range that the size "
    "of one dimension has, depending on the order.",
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


def status(drivers: Drivers, language: Language = "zh") -> str:
    """Say how much of the breakdown may be shown and why; empty where all of it is."""
    return say(language, *STATUSES[drivers.status])


def flags(drivers: Drivers, language: Language = "zh") -> tuple[str, ...]:
    """Say what else a reader of the breakdown must know."""
    texts = [say(language, *FLAGS[flag]) for flag in drivers.flags if flag in FLAGS]
    if "floor_unsupported" not in drivers.flags and _few_at_target(drivers):
        texts.append(say(language, *FLAGS["floor_unsupported"]))
    return tuple(texts)


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
    between = formats.points_interval(row["low"], row["high"], language)
    width = formats.level(level)
    text = say(
        language,
        f"在模型中，与“{row['title']}”评分低于{target}相联系的不满意率为 {size} 个百分点"
        f"（{width} 区间 {between}）",
        f"in the model, {size} percentage points of dissatisfaction ({width} interval {between}) "
        f"go with ratings of “{row['title_en'] or row['title']}” below {target}",
    )
    if not row["distinguishable"]:
        text += say(language, "，不能与 0 区分", ", not distinguishable from 0")
    return text


def largest(drivers: Drivers, target: str, language: Language = "zh") -> str:
    """Say which dimension is largest, as far as the intervals of the differences show it."""
    frame = drivers.frame.dropna(subset=["contribution"])
    if drivers.status == "sum_only_vif":
        return f"{status(drivers, language)}{_space(language)}{total(drivers, language)}"
    if drivers.status.startswith("none") or frame.empty:
        return status(drivers, language)
    ordered = frame.sort_values("contribution", ascending=False)
    top = rows(ordered.head(1))[0]
    start = _sentence(one_dimension(top, target, drivers.level, language))
    if drivers.status == "indicative":
        shown = ordered[ordered["distinguishable"]]
        names = formats.listing(_titles(shown, language), language)
        indicative = (
            say(
                language,
                f"能与 0 区分的有{names}，彼此不排先后。",
                f"Distinguishable from 0, in no order: {names}.",
            )
            if len(shown)
            else say(
                language, "没有一个维度能与 0 区分。", "No dimension is distinguishable from 0."
            )
        )
        return f"{indicative}{_space(language)}{status(drivers, language)}"
    if not top["distinguishable"]:
        return say(
            language,
            "没有一个维度相联系的不满意率能与 0 区分。",
            "The dissatisfaction that goes with any dimension is not distinguishable from 0.",
        )
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
    if drivers.status != "full":
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
    return say(
        language,
        f"参与分解的 {n} 人中，不满意率 {formats.points(observed)}%＝"
        f"基底 {formats.points(floor)}＋{len(drivers.frame)} 个维度合计 {formats.points(together)}"
        f"＋残差 {formats.points(residual)}（百分点，经四舍五入）。",
        f"Of the {n} people in the breakdown, {formats.points(observed)}% are dissatisfied "
        f"= floor {formats.points(floor)} + all {len(drivers.frame)} dimensions "
        f"{formats.points(together)} + residual {formats.points(residual)} (points, rounded).",
    )


def floor(drivers: Drivers, target: str, language: Language = "zh") -> str:
    """Say what the floor is, only where enough people have every item at the target."""
    if not formats.present(drivers.summary["floor_rate"]) or _few_at_target(drivers):
        return ""
    rate, n = formats.points(drivers.summary["floor_rate"]), drivers.summary["n_full"]
    return say(
        language,
        f"基底 {rate} 个百分点是把各项评分都提到{target}时模型给出的不满意率"
        f"（实际全部达到的有 {formats.count(n)} 人）。",
        f"The floor of {rate} percentage points is the model's rate with every rating raised to "
        f"{target} ({formats.count(n)} people are there already).",
    )


def used(drivers: Drivers, language: Language = "zh") -> str:
    """Say how many people the breakdown uses and how many it leaves out, by reason."""
    summary = drivers.summary
    base = say(
        language,
        f"分解使用 {formats.count(summary['n_used'])} 人的回答，"
        f"其中不满意 {formats.count(summary['n_dissatisfied'])} 人、"
        f"满意 {formats.count(summary['n_satisfied'])} 人",
        f"The breakdown uses {formats.count(summary['n_used'])} people, "
        f"{formats.count(summary['n_dissatisfied'])} dissatisfied and "
        f"{formats.count(summary['n_satisfied'])} satisfied",
    )
    dropped = summary.get("dropped")
    parts = [
        f"{say(language, *DROPPED.get(str(why), (str(why), str(why))))} {formats.count(n)}"
        for why, n in (dropped.items() if isinstance(dropped, dict) else ())
        if n
    ]
    if not parts:
        return base + say(language, "。", ".")
    return base + say(
        language, f"；未使用：{'、'.join(parts)} 人。", f"; left out: {', '.join(parts)}."
    )


def branch(
    totals: Row | None, dimensions: pd.DataFrame, drivers: Drivers, language: Language = "zh"
) -> tuple[str, ...]:
    """Say a branch's breakdown against the university, or why it is withheld.

    Parameters
    ----------
    totals : mapping or None
        The branch's row of ``drivers.branch_totals``.
    dimensions : DataFrame
        Its rows of ``drivers.branches``.
    drivers : Drivers
        The breakdown of the university.
    language : {"zh", "en"}
        Language of the sentences.
    """
    if drivers.status.startswith("none") or drivers.status == "sum_only_vif":
        return (status(drivers, language),)
    if totals is None or totals["withheld"] or dimensions["contribution"].isna().all():
        return (
            say(
                language,
                "本支部有效回答少于 10 人或须按匿名承诺保护，不公布其不满意的构成。",
                "Fewer than 10 valid answers, or protected as anonymity was promised: this "
                "branch's breakdown is withheld.",
            ),
        )
    gap = formats.number(totals["observed_rate"]) - formats.number(drivers.summary["observed_rate"])
    first = say(
        language,
        f"参与分解的 {formats.count(totals['n'])} 人中，不满意率为 "
        f"{formats.points(totals['observed_rate'])}%，{_against(gap, language)}。",
        f"Of {formats.count(totals['n'])} people in the breakdown, "
        f"{formats.points(totals['observed_rate'])}% are dissatisfied, {_against(gap, language)}.",
    )
    top = rows(dimensions.sort_values("contribution", ascending=False).head(1))[0]
    title = top["title"] if language == "zh" else top["title_en"] or top["title"]
    between = formats.points_interval(top["low"], top["high"], language)
    second = say(
        language,
        f"数值最高的是与“{title}”相联系的 {formats.points(top['contribution'])} 个百分点"
        f"（{formats.level(drivers.level)} 区间 {between}，"
        f"全校 {formats.points(top['university'])}）；支部人数少，各维度之间不排先后。",
        f"The highest figure, {formats.points(top['contribution'])} percentage points "
        f"({formats.level(drivers.level)} interval {between}; university "
        f"{formats.points(top['university'])}), goes with “{title}”; a branch is small, so the "
        "dimensions are not put in order.",
    )
    return (first, second)


def _against(gap: float, language: Language) -> str:
    size = formats.points(abs(gap))
    if size == "0.0":
        return say(language, "与全校相当", "as in the university")
    if gap > 0:
        return say(language, f"比全校高 {size} 个百分点", f"{size} points above the university")
    return say(language, f"比全校低 {size} 个百分点", f"{size} points below the university")


def _greater_first(order: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        (str(row["first"]), str(row["second"]))
        if row["difference"] > 0
        else (str(row["second"]), str(row["first"]))
        for row in rows(order)
    ]


def _beaten(drivers: Drivers, top: str) -> set[str]:
    return {second for first, second in _greater_first(drivers.order) if first == top}


def _few_at_target(drivers: Drivers) -> bool:
    n_full = drivers.summary.get("n_full")
    return formats.present(n_full) and formats.number(n_full) < MIN_AT_TARGET


def _title_column(language: Language) -> str:
    return say(language, "title", "title_en")


def _titles(frame: pd.DataFrame, language: Language) -> list[str]:
    return [str(title) for title in frame[_title_column(language)]]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _space(language: Language) -> str:
    return say(language, "", " ")
