"""What stands beside a breakdown: how much may be shown, who is in it, how to read it."""

from __future__ import annotations

from math import isnan, nan

from analysis.breakdown.withholding import MIN_AT_TARGET
from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.wording.phrases import p_is
from survey.results import Drivers

STATUSES: dict[str, tuple[str, str]] = {
    "full": ("", ""),
    "indicative": (
        "不满意（或满意）的{few}：各维度的数值仅供参考，不排先后。",
        "The dissatisfied (or the satisfied) are {few}: the figures are indicative and the "
        "dimensions are not put in order.",
    ),
    "sum_only_vif": (
        "各维度的评分高度相关（方差膨胀因子大于 10），彼此不能分开，只公布各维度的合计。",
        "The ratings of the dimensions are so closely related (variance inflation above 10) that "
        "they cannot be told apart: only their sum is given.",
    ),
    "none_too_few_events": (
        "样本不足，不作分解：不满意（或满意）的{few}。",
        "Too few answers to break down: the dissatisfied (or the satisfied) are {few}.",
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
        "党支部不足 10 个：区间由逐一剔除支部算得，并按支部数放宽，因此比支部多时宽得多。",
        "There are fewer than 10 branches: intervals come from leaving out one branch at a time "
        "and allow for their small number, so they are much wider than with many branches.",
    ),
    "no_intervals": (
        "党支部过少，或人数过于集中在个别支部，不能得出可用的区间：不公布区间，各维度不与 0 比较，"
        "也不排先后。",
        "There are too few branches, or too many of the people are in one, for useful intervals: "
        "none is given, and the dimensions are neither held against 0 nor put in order.",
    ),
    "floor_unsupported": (
        "各项评分全部达到目标的不足 30 人，基底是模型的外推，只用于平衡算式，不作解释。",
        "Fewer than 30 people rate every item at the target: the floor is extrapolated, it only "
        "balances the sum and is not interpreted.",
    ),
}

DIFFERS = 0.05
DIFFERENT: dict[str, tuple[str, str]] = {
    "p_same_slopes": (
        "评分与不满意的关系在各支部并不相同（检验 {p}）：全校的构成是平均的情形，"
        "各支部的按自己的系数计算，区间因此较宽。",
        "How ratings go with dissatisfaction differs between branches ({p}): the breakdown of "
        "the university is an average, those of branches rest on slopes of their own, with wider "
        "intervals.",
    ),
    "p_same_roles": (
        "评分与不满意的关系在两类人员中并不相同（检验 {p}）：构成是各类人员合在一起的平均情形。",
        "How ratings go with dissatisfaction differs between the roles ({p}): the breakdown is "
        "an average over them.",
    ),
}

LEFT_OUT: dict[str, tuple[str, str]] = {
    "not_asked": (
        "没有人作答（问卷没有问，或没有对应的列），不在分解之内；其余维度照常分解。",
        ": nobody answered (not asked, or no such column), so not part of the breakdown; the other "
        "dimensions are broken down as usual.",
    ),
    "alike": (
        "各题人人回答相同，看不出与不满意的关系，不在分解之内；其余维度照常分解。",
        ": everybody gave the same answers, which tells nothing of dissatisfaction, so not part of "
        "the breakdown; the other dimensions are broken down as usual.",
    ),
}

DROPPED: dict[str, tuple[str, str]] = {
    "no_overall": (
        "总体满意度未作答或答“不了解”",
        "overall question not answered or not applicable",
    ),
    "few_items": ("指标回答过少", "too few items answered"),
}

ASSOCIATION = (
    "这是问卷回答之间的关联，不能证明因果。",
    "These are associations between answers and prove no cause.",
)


def status(drivers: Drivers, language: Language = "zh") -> str:
    """Say how much of the breakdown may be shown and why; empty where all of it is."""
    numbers = [drivers.summary.get(name) for name in ("n_dissatisfied", "n_satisfied")]
    fewer = min((formats.number(n) for n in numbers if n is not None), default=nan)
    n = formats.count(fewer)
    # beside weighted rates no counts are told
    few = say(language, "过少", "few")
    few = few if isnan(fewer) else say(language, f"只有 {n} 人", f"only {n}")
    return say(language, *STATUSES[drivers.status]).format(few=few)


def flags(drivers: Drivers, language: Language = "zh") -> tuple[str, ...]:
    """Say what else a reader of the breakdown must know; nothing where nothing is broken down."""
    if drivers.status.startswith("none"):
        return ()
    of_intervals = {"few_clusters"} if without_intervals(drivers) else set()
    shown = [flag for flag in drivers.flags if flag in FLAGS and flag not in of_intervals]
    texts = [say(language, *FLAGS[flag]) for flag in shown]
    for name, words in DIFFERENT.items():
        p = drivers.summary.get(name)
        if formats.present(p) and formats.number(p) < DIFFERS:
            zh, en = words
            texts.append(say(language, zh, en).format(p=p_is(p)))
    if "floor_unsupported" not in drivers.flags and few_at_target(drivers):
        texts.append(say(language, *FLAGS["floor_unsupported"]))
    return tuple(texts)


def of_items(drivers: Drivers, language: Language = "zh") -> str:
    """Say what figures of items can tell, and of which dimensions they cannot.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> frame = pd.DataFrame({"title": ["甲", "乙"], "p_same_items": [0.001, 0.4]})
    >>> of_items(SimpleNamespace(diagnostics=frame))[-33:]
    '“甲”内各项的分量并不相同（检验），其各项的数值只说明评分的高低。'
    """
    text = say(
        language,
        "模型只用各维度的平均分：同一维度内，各项的数值只随该项评分低于目标的多少而不同，"
        "不说明哪一项更要紧。",
        "The model knows the mean of each dimension only: within a dimension items differ by how "
        "far they are rated below the target, not by how much each matters.",
    )
    if "p_same_items" not in drivers.diagnostics:
        return text
    unequal = drivers.diagnostics[drivers.diagnostics["p_same_items"] < DIFFERS]
    if unequal.empty:
        return text
    titles = unequal[say(language, "title", "title_en")]
    names = say(language, "、", ", ").join(f"“{title}”" for title in titles)
    return text + say(
        language,
        f"{names}内各项的分量并不相同（检验），其各项的数值只说明评分的高低。",
        f" Within {names} items do not weigh alike (tested): their figures tell of ratings only.",
    )


def left_out(drivers: Drivers, language: Language = "zh") -> str:
    """Name the dimensions that are not broken down, and say why; empty where there are none.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> frame = pd.DataFrame({"title": ["服务机制"], "reason": ["not_asked"]})
    >>> left_out(SimpleNamespace(left_out=frame))
    '“服务机制”没有人作答（问卷没有问，或没有对应的列），不在分解之内；其余维度照常分解。'
    """
    texts = []
    for reason, words in LEFT_OUT.items():
        if drivers.left_out.empty:
            break
        chosen = drivers.left_out[drivers.left_out["reason"] == reason]
        titles = chosen[say(language, "title", "title_en")].tolist()
        if titles:
            names = say(language, "、", ", ").join(f"“{title}”" for title in titles)
            texts.append(names + say(language, *words))
    return say(language, "", " ").join(texts)


def used(drivers: Drivers, language: Language = "zh") -> str:
    """Say how many people the breakdown uses and how many it leaves out, by reason."""
    summary = drivers.summary
    n = formats.count(summary["n_used"])
    base = say(language, f"分解使用 {n} 人的回答", f"The breakdown uses {n} people")
    if "n_dissatisfied" in summary:  # not beside weighted rates
        x, others = (formats.count(summary[name]) for name in ("n_dissatisfied", "n_satisfied"))
        base += say(
            language,
            f"，其中不满意 {x} 人、满意 {others} 人",
            f", {x} dissatisfied and {others} satisfied",
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


def weighted(drivers: Drivers, language: Language = "zh") -> str:
    """Name the weights of the whole in brackets, for a caption; empty where there are none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> weighted(SimpleNamespace(summary={"estimator": "poststratified"}))
    '（按名册加权）'
    """
    name = vocabulary.estimator(drivers.summary["estimator"], language)
    return say(language, f"（{name}）", f" ({name})") if name else ""


def without_intervals(drivers: Drivers) -> bool:
    """Say whether the intervals are withheld, as there are too few branches."""
    return "no_intervals" in drivers.flags


def few_at_target(drivers: Drivers) -> bool:
    """Say whether too few people rate every item at the target for the floor to mean them."""
    n_full = drivers.summary.get("n_full")
    return formats.present(n_full) and formats.number(n_full) < MIN_AT_TARGET
