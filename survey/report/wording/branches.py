"""What is said of one branch, or of one role: its rate, its verdict, why, and what it needs."""

from __future__ import annotations

from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.report.wording.phrases import Row, is_census, rate, rows, say
from survey.results import Satisfaction

LOW_RESPONSE = 0.5


def unit_name(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Name a unit by its branch, its role, or both.

    Parameters
    ----------
    row : mapping
        The unit's row.
    result : Satisfaction
        Where it comes from; its ``by`` names the unit columns.
    language : {"zh", "en"}
        Language of the words for everyone.
    """
    names = [str(row[column]) for column in result.by]
    return say(language, "", " ").join(names) or say(language, "全校", "University")


def answers(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say how many people there are, how many answered, and how many of them are satisfied."""
    n = formats.count(row["n_valid"])
    if row["verdict"] == "withheld":
        return _withheld(row, result, language)
    if formats.present(row["population"]):
        N = formats.count(row["population"])
        share = formats.percent(row["response_rate"])
        start = say(
            language,
            f"名册 {N} 人，有效回答 {n} 人（回收率 {share}）",
            f"{N} people, {n} valid answers (response rate {share})",
        )
    else:
        start = say(
            language,
            f"有效回答 {n} 人（没有名册，回收率未知）",
            f"{n} valid answers (no roster: response rate unknown)",
        )
    if not row["n_valid"]:
        return start + say(
            language, "，没有有效回答，无法计算满意率。", ": no valid answer, so there is no rate."
        )
    if not formats.present(row["rate"]):
        return start + say(
            language,
            "，为不让个别人的回答被推算出来，只公布判定，不公布数字。",
            "; so that nobody's answers can be worked out, the verdict alone is published.",
        )
    return start + say(
        language,
        f"，满意率 {rate(row, result, language)}。",
        f", satisfaction rate {rate(row, result, language)}.",
    )


def _withheld(row: Row, result: Satisfaction, language: Language) -> str:
    """Say why nothing is said: too few answered, or another unit could be worked out."""
    n = formats.count(row["n_valid"])
    if row["reason"] == "partner":
        return say(
            language,
            f"有效回答 {n} 人。另有单位的回答太少，公布本单位的结果就能由合计推算出那里"
            "每个人的回答，因此按匿名承诺不公布。这与本单位的回答内容无关。",
            f"{n} valid answers. Another unit has too few, and publishing this result would let "
            "its answers be worked out from totals; as anonymity was promised, it is withheld. "
            "What was answered here plays no part in this.",
        )
    return say(
        language,
        f"有效回答 {n} 人，不足 {result.min_cell} 人，按匿名承诺不公布其结果。",
        f"{n} valid answers, fewer than {result.min_cell}: the result is withheld, as anonymity "
        "was promised.",
    )


def reason(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say why the verdict is what it is and, where it is open, what would decide it."""
    goal, error = formats.bar(result.bar), formats.level(result.alpha)
    code = row["verdict"]
    name = vocabulary.verdict(code, language)
    if code == "withheld":
        return say(language, f"判定：{name}。", f"Verdict: {name}.")
    if code in ("meets", "below") and is_census(row):
        reached = code == "meets"
        return say(
            language,
            f"判定：{name}。名册上的人全部作答，满意率{'达到' if reached else '未达到'} {goal}。",
            f"Verdict: {name}. Everyone answered and the rate "
            f"{'reaches' if reached else 'does not reach'} {goal}.",
        )
    if code == "meets":
        return say(
            language,
            f"判定：{name}。如果实际满意率未到 {goal}，出现这样多满意回答的概率不超过 {error}"
            f"{_p(row['p_meets'], language)}。",
            f"Verdict: {name}. Were the true rate below {goal}, so many satisfied answers would "
            f"have a probability of at most {error}{_p(row['p_meets'], language)}.",
        )
    if code == "below":
        return say(
            language,
            f"判定：{name}。如果实际满意率已达 {goal}，出现这样少满意回答的概率不超过 {error}"
            f"{_p(row['p_below'], language)}。",
            f"Verdict: {name}. Had the true rate reached {goal}, so few satisfied answers would "
            f"have a probability of at most {error}{_p(row['p_below'], language)}.",
        )
    return say(
        language,
        f"判定：{name}。{open_because(row, result, language)}",
        f"Verdict: {name}. {open_because(row, result, language)}",
    )


def open_because(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say why a verdict is open, and what would decide it.

    `more_needed` counts further answers, all of them satisfied, with which the branch would pass.
    """
    goal = formats.bar(result.bar)
    if not row["n_valid"]:
        return say(language, "没有有效回答。", "There is no valid answer.")
    if not formats.present(row["population"]):
        return say(
            language,
            f"没有名册，区间按人数很多的总体计算；现有回答既不能说明达到 {goal}，"
            "也不能说明未达到。提供名册后可能足以判定。",
            f"Without a roster the interval is that of a large population; the answers show "
            f"neither that {goal} is reached nor that it is not. A roster may decide it.",
        )
    n = formats.count(row["n_valid"])
    if row["reason"] == "cannot_pass":
        text = say(
            language,
            f"有效回答太少：{n} 份回答即使全部满意也无法判定",
            f"Too few answers: {n} could not decide it even if all were satisfied",
        )
    elif row["reason"] == "near_bar":
        text = say(
            language,
            f"满意率确实接近 {goal}：现有回答既不能说明达到，也不能说明未达到",
            f"The rate is truly near {goal}: the answers show neither that it is reached nor that "
            "it is not",
        )
    else:
        text = say(
            language,
            "有效回答不足，区间跨过标准",
            "Too few answers: the interval crosses the bar",
        )
    return f"{text}{_needs(row, language)}"


def remark(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say in few words what a reader of the table must know of a unit; empty for most."""
    if row["verdict"] == "withheld" or (row["n_valid"] and not formats.present(row["rate"])):
        return ""
    parts = [_open_briefly(row, result, language)] if row["verdict"] == "inconclusive" else []
    if formats.number(row["response_rate"]) < LOW_RESPONSE:
        parts.append(say(language, "回收率不到一半", "under half responded"))
    return say(language, "；", "; ").join(parts)


def _open_briefly(row: Row, result: Satisfaction, language: Language) -> str:
    if not row["n_valid"]:
        return say(language, "没有有效回答", "no valid answer")
    if not formats.present(row["population"]):
        return say(language, "没有名册，区间偏宽", "no roster: wide interval")
    n, more = formats.count(row["n_valid"]), formats.count(row["more_needed"])
    why = {
        "cannot_pass": say(
            language,
            f"{n} 份即使全部满意也无法判定",
            f"{n} answers could not decide it even if all satisfied",
        ),
        "near_bar": say(
            language,
            f"接近 {formats.bar(result.bar)}",
            f"near {formats.bar(result.bar)}",
        ),
    }.get(row["reason"], say(language, "答卷不足", "too few answers"))
    if not formats.number(row["more_needed"]) > 0:
        return why
    satisfied = "满意" if more == "1" else "均满意"
    return why + say(
        language,
        f"，再收 {more} 份且{satisfied}方可判为达标",
        f"; {more} more, all satisfied, would pass",
    )


def _needs(row: Row, language: Language) -> str:
    more = formats.number(row["more_needed"])
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if not 0 < more <= silent:
        return say(language, "。", ".")
    k, rest = formats.count(more), formats.count(silent)
    satisfied = "为满意" if k == "1" else "均为满意"
    return say(
        language,
        f"。尚有 {rest} 人没有有效回答，至少再收到 {k} 份答卷且{satisfied}，才能判为达标。",
        f". Of {rest} people without a valid answer at least {k} more must answer, all of them "
        "satisfied, for the verdict to be that it meets the bar.",
    )


def response_warning(row: Row, language: Language = "zh") -> str:
    """Warn of a response rate under one half; empty where there is nothing to warn of."""
    share = formats.number(row["response_rate"])
    if row["verdict"] == "withheld" or not share < LOW_RESPONSE:
        return ""
    return say(
        language,
        f"回收率只有 {formats.percent(share)}，不到一半：没有作答的人若与作答的人看法不同，"
        "判定可能改变，使用时须谨慎。",
        f"The response rate is only {formats.percent(share)}: if the silent think otherwise than "
        "those who answered, the verdict may change; use it with care.",
    )


def nonresponse(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say what the silent could change: the bounds, and how satisfied they must be."""
    if row["verdict"] == "withheld" or not formats.present(row["population"]):
        return ""
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if silent <= 0:
        return say(
            language,
            "名册上的人均有有效回答，没有未回收的影响。",
            "Everyone gave a valid answer: nobody is silent.",
        )
    if not (formats.present(row["bound_low"]) and formats.present(row["bound_high"])):
        return ""
    text = say(
        language,
        f"没有有效回答的 {formats.count(silent)} 人若都不满意，满意率为 "
        f"{formats.percent(row['bound_low'])}；若都满意，为 {formats.percent(row['bound_high'])}",
        f"Were all {formats.count(silent)} people without a valid answer dissatisfied, the rate "
        f"would be {formats.percent(row['bound_low'])}; were all satisfied, "
        f"{formats.percent(row['bound_high'])}",
    )
    return text + _break_even(row, result, language) + say(language, "。", ".")


def _break_even(row: Row, result: Satisfaction, language: Language) -> str:
    goal = formats.bar(result.bar)
    needed = formats.number(row["break_even"])
    if not needed <= 1:
        return say(
            language,
            f"，即使都满意也达不到 {goal}",
            f", so that {goal} is out of reach",
        )
    if needed <= 0:
        return say(
            language,
            f"，即使都不满意也达到 {goal}",
            f", so that {goal} is reached whatever they think",
        )
    return say(
        language,
        f"；其中满意的须不少于 {formats.percent(needed)}，满意率才达到 {goal}",
        f"; at least {formats.percent(needed)} of them must be satisfied for {goal} to be reached",
    )


def roles(by_role: Satisfaction, language: Language = "zh") -> tuple[str, ...]:
    """Say the rate and verdict of each role, one sentence each."""
    sentences = []
    for row in rows(by_role.frame):
        name = unit_name(row, by_role, language)
        name = name[:1].upper() + name[1:]
        verdict = vocabulary.verdict(row["verdict"], language)
        text = answers(row, by_role, language)
        if row["verdict"] == "withheld":
            sentences.append(say(language, f"{name}：{text}", f"{name}: {text}"))
            continue
        sentences.append(
            say(
                language,
                f"{name}：{text}判定为“{verdict}”。",
                f"{name}: {text} Verdict: {verdict}.",
            )
        )
    return tuple(sentences)


def _p(value: object, language: Language) -> str:
    """Give a p-value in brackets; empty where there is none."""
    if not formats.present(value):
        return ""
    text = formats.p_value(value)
    text = f"p{text}" if text.startswith("<") else f"p={text}"
    return say(language, f"（{text}）", f" ({text})")
