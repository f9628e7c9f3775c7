"""How the figures are made, what they cannot say, and what the words mean."""

from __future__ import annotations

from survey.errors import Language
from survey.report import formats
from survey.report.wording.phrases import has_roster, quoted, say
from survey.results import Drivers, Findings

METHODS: dict[str, tuple[str, str]] = {
    "exact": (
        "超几何分布的精确区间（逐一反演两侧检验，适用于人数有限的支部）",
        "the exact hypergeometric interval (inversion of both one-sided tests, for units of "
        "limited size)",
    ),
    "blaker": (
        "Blaker 精确区间（超几何分布）",
        "Blaker's exact interval (hypergeometric)",
    ),
    "wilson": (
        "带有限总体校正的 Wilson 近似区间",
        "Wilson's approximate interval with finite-population correction",
    ),
    "clopper-pearson": ("Clopper–Pearson 精确区间（二项分布）", "the Clopper–Pearson interval"),
    "jeffreys": ("Jeffreys 区间", "the Jeffreys interval"),
    "mid-p": ("mid-p 区间", "the mid-p interval"),
}
OPTIONS: dict[str, tuple[str, str]] = {
    "bar": ("标准", "bar"),
    "level": ("置信水平", "level"),
    "method": ("区间方法", "method"),
    "min_cell": ("最小公布人数", "minimum cell"),
    "seed": ("随机种子", "seed"),
}


def method(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say how rates, intervals, verdicts and the breakdown are computed."""
    result = findings.by_branch
    name = say(language, *METHODS.get(result.method, (result.method, result.method)))
    goal, level = formats.bar(result.bar), formats.level(result.level)
    texts = [
        say(
            language,
            f"区间：每个支部是人数已知的有限总体，作答者视为其中随机的一部分；"
            f"{level} 区间采用{name}。",
            f"Intervals: each branch is a population of known size of which those who answered are "
            f"taken as a random part; the {level} interval is {name}.",
        )
        if has_roster(result)
        else say(
            language,
            f"区间：没有名册，总体人数未知，{level} 区间按二项分布计算，比人数已知时宽。",
            f"Intervals: without a roster the size is unknown; the {level} interval is binomial "
            "and wider than it would otherwise be.",
        ),
        _verdict(has_roster(result), goal, language),
    ]
    if has_roster(result):
        texts.append(
            say(
                language,
                "未回收：另外给出没有有效回答的人全部不满意、全部满意时的满意率，"
                "以及他们须有多大比例满意才能达到标准。",
                "The silent: the rate if all people without a valid answer were dissatisfied, and "
                "if all were satisfied, and the share of them that must be satisfied to reach the "
                "bar.",
            )
        )
    if findings.drivers is not None:
        texts.append(_breakdown(findings.drivers, language))
    texts.append(
        say(
            language,
            f"匿名：有效回答少于 {result.min_cell} 人的单位不公布结果；"
            "能由总数相减推出的，再保护一个单位。开放题不与支部、身份同时出现。",
            f"Anonymity: nothing is shown for fewer than {result.min_cell} valid answers, nor "
            "where it could be found by subtraction. Open answers never appear with branch or "
            "role.",
        )
    )
    return tuple(texts)


def _verdict(rostered: bool, goal: str, language: Language) -> str:
    whole = (
        say(
            language,
            f"判定：把标准 {goal} 换算为人数（不足一人进一），作两个单侧 5% 精确检验。",
            f"Verdict: the bar of {goal} is turned into a number of people (rounded up) and tested "
            "by two one-sided exact tests at 5%. ",
        )
        if rostered
        else say(
            language,
            f"判定：对标准 {goal} 作两个单侧 5% 的二项分布精确检验。",
            f"Verdict: the bar of {goal} is tested by two one-sided exact binomial tests at 5%. ",
        )
    )
    return whole + say(
        language,
        f"能够否定“未到 {goal}”的判为达标，能够否定“已到 {goal}”的判为未达标，"
        "都不能否定的为无法判定。另给出按 Benjamini–Hochberg 方法对全部支部一并校正的判定。",
        f"Where “below {goal}” is refuted the branch meets the bar, where “{goal} or more” is "
        "refuted it is below, otherwise the verdict is inconclusive. A verdict adjusted for all "
        "branches together (Benjamini–Hochberg) is given beside it.",
    )


def _breakdown(drivers: Drivers, language: Language) -> str:
    imputed = drivers.summary.get("share_blank")
    blank = (
        say(
            language,
            f"指标评分中有 {formats.percent(imputed)} 为空白，以正态模型填补，不填补总体回答。",
            f" {formats.percent(imputed)} of the ratings are blank and are imputed by a normal "
            "model; the overall answer never is.",
        )
        if formats.present(imputed) and formats.number(imputed) > 0
        else ""
    )
    clustered = (
        say(language, "区间按个人计算。", "Intervals are robust by person.")
        if "few_clusters" in drivers.flags
        else say(language, "区间按支部聚类计算。", "Intervals are clustered by branch.")
    )
    return say(
        language,
        "构成：以总体是否不满意为因变量、各维度平均分为自变量作 logit 回归，"
        "再把各维度评分提高到目标水平时模型不满意率的变化，用 Shapley 值在维度之间分配；"
        "不满意率＝基底＋各维度之和＋残差，对全校和每个支部都恰好成立。区间按支部聚类计算。"
        + blank,
        "Breakdown: a logit of overall dissatisfaction on the mean ratings of the dimensions; the "
        "fall of the model's rate when ratings are raised to the target is shared among the "
        "dimensions by the Shapley value. Rate = floor + sum of the dimensions + residual, "
        "exactly, for the university and each branch. " + clustered + blank,
    )


def limits(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say what the figures cannot tell."""
    texts = [
        say(
            language,
            "区间与判定假定未作答者与作答者没有系统差别；回收率越低，这一假定越要紧。",
            "Intervals and verdicts assume that the silent do not differ systematically from those "
            "who answered; the lower the response rate, the more this matters.",
        ),
        say(
            language,
            "“无法判定”表示证据不足，既不是达标，也不是未达标。",
            "“Inconclusive” means that evidence is lacking: neither that the bar is met nor that "
            "it is not.",
        ),
    ]
    if findings.drivers is not None:
        texts += [
            say(
                language,
                "不满意的构成只反映回答之间的关联，不能证明因果，也不能预计改进后的满意率。",
                "The breakdown shows associations between answers; it proves no cause and does "
                "not predict what a change would bring.",
            ),
            say(
                language,
                "有人习惯给各题打高分或低分，这会同时抬高所有维度的数值。",
                "Some people rate everything high or low, which inflates all dimensions alike.",
            ),
            say(
                language,
                "支部一级构成的区间，其覆盖率尚未经过模拟检验。",
                "The coverage of branch-level intervals of the breakdown has not been checked by "
                "simulation.",
            ),
        ]
    return tuple(texts)


def definitions(findings: Findings, language: Language = "zh") -> tuple[tuple[str, str], ...]:
    """Define the words of the report: pairs of term and meaning."""
    result = findings.by_branch
    labels = quoted(result.satisfied_labels, language)
    goal = formats.bar(result.bar)
    pairs = (
        (
            ("名册人数", "单位名册上的人数，是满意率所要推断的总体。"),
            ("Population", "People on the unit's roster: whom the rate is about."),
        ),
        (
            ("有效回答", "通过筛查并回答了总体满意度一题的人数；“不了解”和空白不计入。"),
            (
                "Valid answers",
                "People who pass screening and answer the overall question; “not applicable” and "
                "blanks do not count.",
            ),
        ),
        (
            ("满意率", f"有效回答中，回答{labels}的比例。"),
            ("Satisfaction rate", f"Share of valid answers that are {labels}."),
        ),
        (
            ("满意度指数", "同一批有效回答按量表折算为 0～100 分后的平均值。"),
            ("Satisfaction index", "Mean of the same answers on a scale from 0 to 100."),
        ),
        (
            ("区间", f"与所得回答相容的满意率范围，置信水平 {formats.level(result.level)}。"),
            (
                "Interval",
                f"Rates compatible with the answers, at a level of {formats.level(result.level)}.",
            ),
        ),
        (
            ("达标", f"有足够证据表明满意率达到 {goal}。"),
            ("Meets the bar", f"There is sufficient evidence that the rate reaches {goal}."),
        ),
        (
            ("未达标", f"有足够证据表明满意率未达到 {goal}。"),
            ("Below the bar", f"There is sufficient evidence that it does not reach {goal}."),
        ),
        (
            ("无法判定", "现有回答不足以作出上述任何一种判断。"),
            ("Inconclusive", "The answers suffice for neither."),
        ),
        (
            ("不予公布", "人数过少，为保护作答者而不显示结果。"),
            ("Withheld", "Too few people: not shown, to protect them."),
        ),
        (
            ("回收率", "有效回答人数占名册人数的比例。"),
            ("Response rate", "Valid answers as a share of the people on the roster."),
        ),
    )
    return tuple(
        (say(language, term, term_en), say(language, meaning, meaning_en))
        for (term, meaning), (term_en, meaning_en) in pairs
    )


def options(findings: Findings, language: Language = "zh") -> str:
    """List the options of the run that a reader can use; the record of the run holds all."""
    parts = [
        f"{say(language, *words)}{say(language, ' ', ' = ')}{findings.options[name]}"
        for name, words in OPTIONS.items()
        if name in findings.options
    ]
    if not parts:
        return ""
    listed = say(language, "，", ", ").join(parts)
    return say(language, f"本次运行的选项：{listed}。", f"Options of this run: {listed}.")
