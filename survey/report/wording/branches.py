"""What is said of one branch, or of one role: its rate, its verdict, why, and what it needs."""

from __future__ import annotations

from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.report.wording.phrases import Row, rate, rows, say
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
    n = formats.count(row["n_valid"])
    return {
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
