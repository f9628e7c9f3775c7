"""The first screen: how many meet the bar, how sure, which dimension, what is not known."""

from __future__ import annotations

from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.report.wording import breakdown
from survey.report.wording.phrases import (
    Row,
    has_breakdown,
    has_roster,
    is_census,
    is_weighted,
    rate,
    rows,
    say,
    tally,
)
from survey.results import Findings, Satisfaction

_ENGLISH = {
    "meets": ("meets the bar", "meet the bar"),
    "below": ("is below it", "are below it"),
    "inconclusive": ("is inconclusive", "are inconclusive"),
    "withheld": ("is withheld", "are withheld"),
}


def verdict_counts(branches: Satisfaction, language: Language = "zh") -> str:
    """Say how many branches meet the bar.

    Parameters
    ----------
    branches : Satisfaction
        Satisfaction by branch.
    language : {"zh", "en"}
        Language of the sentence.
    """
    counts = tally(branches)
    total = sum(counts.values())
    goal = formats.bar(branches.bar)
    if total == 0:
        return say(language, "没有任何党支部的答卷。", "There is no answer from any branch.")
    if total == 1:
        (row,) = rows(branches.frame)
        name = vocabulary.verdict(row["verdict"], language)
        return say(
            language,
            f"以满意率达到 {goal} 为标准，本次唯一的党支部（{row['branch']}）的判定为“{name}”。",
            f"Against a bar of {goal}, the only branch ({row['branch']}): {name}.",
        )
    for code, n in counts.items():
        if n == total:
            name = vocabulary.verdict(code, language)
            return say(
                language,
                f"以满意率达到 {goal} 为标准，{total} 个党支部的判定均为“{name}”。",
                f"Against a bar of {goal}, the verdict on all {total} branches is: {name}.",
            )
    shown = [code for code, n in counts.items() if n or code != "withheld"]
    groups = _by_groups(branches, language)
    if language == "zh":
        parts = "，".join(f"{counts[code]} 个{vocabulary.verdict(code)}" for code in shown)
        return f"以满意率达到 {goal} 为标准，{total} 个党支部中，{parts}。{groups}"
    parts = ", ".join(f"{counts[code]} {_ENGLISH[code][counts[code] != 1]}" for code in shown)
    return f"Against a bar of {goal}, of {total} branches {parts}.{groups}"


def _by_groups(branches: Satisfaction, language: Language) -> str:
    """Say of the branches that meet the bar in how many each role does; empty without roles."""
    if "verdict_joint" not in branches.frame:
        return ""
    joint = branches.frame.loc[branches.frame["verdict"] == "meets", "verdict_joint"]
    if joint.empty:
        return ""
    each, below = int((joint == "meets_each").sum()), int((joint == "one_below").sum())
    hidden = int((joint == "withheld").sum())
    text = say(
        language,
        f"达标的党支部中，{each} 个各类人员分别也达标，{below} 个总体达标而有一类人员未达标",
        f" Of those that meet the bar, in {each} every role does too, and in {below} one role is "
        "below it",
    )
    if hidden:
        text += say(
            language,
            f"；{hidden} 个只公布总体，不分身份",
            f"; of {hidden} the total alone is published",
        )
    return text + say(language, "。", ".")


def groups(findings: Findings, language: Language = "zh") -> str:
    """Say the verdict of each role and of all together, as the standard asks for it.

    Parameters
    ----------
    findings : Findings
        Everything that is published together.
    language : {"zh", "en"}
        Language of the sentence.
    """
    (whole,) = rows(findings.tables[()].frame)
    parts = []
    if ("role",) in findings.tables:
        for row in rows(findings.tables["role",].frame):
            parts.append(_group(str(row["role"]), row, findings.tables["role",], language))
    together = (
        say(language, "各类人员合计", "all together")
        if parts
        else say(language, "全校", "the university")
    )
    parts.append(_group(together, whole, findings.tables[()], language))
    goal, text = formats.bar(findings.tables[()].bar), say(language, "，", "; ").join(parts)
    return say(language, f"对照 {goal} 的标准：{text}。", f"Against the bar of {goal}: {text}.")


def _group(name: str, row: Row, result: Satisfaction, language: Language) -> str:
    """Give the verdict and the rate; its base and bounds stand in the table below."""
    verdict = vocabulary.verdict(row["verdict"], language)
    share = ""
    if row["verdict"] != "withheld" and formats.present(row["rate"]):
        percent = formats.percent(row["rate"], bar=result.bar)
        share = say(language, f"（{percent}）", f" ({percent})")
    return say(language, f"{name}“{verdict}”{share}", f"{name}: {verdict}{share}")


def certainty(branches: Satisfaction, language: Language = "zh") -> str:
    """Say how sure the verdicts are, alone and all together."""
    counts = tally(branches)
    error = formats.level(branches.alpha)
    if counts["meets"] + counts["below"] == 0:
        return _none_decided(counts, error, language)
    decided = branches.frame[branches.frame["verdict"].isin(["meets", "below"])]
    if all(is_census(row) for row in rows(decided)):
        return say(
            language,
            "已作判定的党支部，名册上的人全部有有效回答，判定没有抽样误差。",
            "In every branch that was decided everyone on the roster gave a valid answer: these "
            "verdicts have no sampling error.",
        )
    if is_weighted(branches):
        return say(
            language,
            f"答卷按所给的权重计算，对任一党支部，作出错误判定的概率约在 {error} 以内（近似）。",
            f"Answers are weighted as given: for any one branch the chance of a wrong verdict is "
            f"about {error} at most, approximately.",
        )
    sure = say(
        language,
        f"对任何一个党支部，作出错误判定的概率不超过 {error}，前提是未作答者与作答者没有系统差别",
        f"For any one branch the chance of a wrong verdict is at most {error}, provided that "
        "the silent do not differ systematically from those who answered",
    )
    adjusted = branches.frame.get("verdict_fdr")
    if adjusted is not None and len(branches.frame) > 1:
        after = adjusted.value_counts()
        meets, below = int(after.get("meets", 0)), int(after.get("below", 0))
        sure += say(
            language,
            f"；对各党支部一并校正（所作判定中出错的预期比例不超过 {error}）后，"
            f"仍有 {meets} 个达标、{below} 个未达标",
            f"; after correction for judging many branches at once (expected share of wrong ones "
            f"among the verdicts given at most {error}), {meets} still meet the bar and {below} "
            "are still below it",
        )
    return sure + say(language, "。", ".")


def _none_decided(counts: dict[str, int], error: str, language: Language) -> str:
    if not any(counts.values()):
        return say(language, "没有可以判定的党支部。", "There is no branch to judge.")
    if not counts["inconclusive"]:
        return say(
            language,
            "各党支部的结果均不予公布，无从说明判定的把握。",
            "The results of all branches are withheld: there is no verdict to be sure of.",
        )
    others = counts["withheld"]
    zh = f"除不予公布的 {others} 个外，" if others else ""
    en = f"Apart from {others} withheld, the" if others else "The"
    return say(
        language,
        f"{zh}现有答卷不足以在误判概率不超过 {error} 的前提下判定任何一个党支部；"
        "“无法判定”既不等于达标，也不等于未达标。",
        f"{en} answers do not suffice to decide any branch at an error rate of {error}; "
        "“inconclusive” means neither that it meets the bar nor that it does not.",
    )


def overall_rate(overall: Satisfaction, language: Language = "zh") -> str:
    """Say the satisfaction rate of everyone with its interval and verdict."""
    (row,) = rows(overall.frame)
    if row["verdict"] == "withheld":
        return say(
            language,
            f"有效回答少于 {overall.min_cell} 人，全校满意率不予公布。",
            f"There are fewer than {overall.min_cell} valid answers; the rate is withheld.",
        )
    if not row["n_valid"]:
        return say(
            language,
            "总体满意度一题没有有效回答，无法计算满意率。",
            "The overall question has no valid answer, so there is no rate.",
        )
    name = vocabulary.verdict(row["verdict"], language)
    text = say(
        language,
        f"全校满意率为 {rate(row, overall, language)}，判定为“{name}”",
        f"The satisfaction rate of the university is {rate(row, overall, language)}: {name}",
    )
    if is_census(row):
        return text + say(
            language,
            "；名册上的人全部作答，结果没有抽样误差。",
            "; everyone on the roster answered, so there is no sampling error.",
        )
    return text + say(language, "。", ".") + _share_of_answers(row, language)


def _share_of_answers(row: Row, language: Language) -> str:
    """Say the share among the answers where it differs from the rate; empty elsewhere."""
    share, estimate = formats.percent(row["share_of_answers"]), formats.percent(row["rate"])
    if share in (estimate, formats.MISSING):
        return ""
    return say(
        language,
        f"这是按支部与身份的名册人数加权的估计；所得回答中满意的占 {share}。",
        f" This is weighted by the sizes of branches and roles on the roster; among the answers "
        f"the share is {share}.",
    )


def unknown(findings: Findings, language: Language = "zh") -> str:
    """Say what the survey cannot tell: the silent, the undecided, causes."""
    (row,) = rows(findings.tables[()].frame)
    undecided = tally(findings.tables["branch",])["inconclusive"]
    parts = [_silent(row, findings.tables[()], language)]
    if undecided:
        parts.append(
            say(
                language,
                f"{undecided} 个党支部究竟是否达标尚不能下结论",
                f"whether {undecided} {'branch meets' if undecided == 1 else 'branches meet'} "
                "the bar is open",
            )
        )
    if has_breakdown(findings):
        parts.append(
            say(
                language,
                "各维度与不满意的联系只是回答之间的关联，不能证明因果",
                "that dissatisfaction goes with a dimension is an association between answers "
                "and proves no cause",
            )
        )
    text = say(language, "；", "; ").join(part for part in parts if part)
    if not text:
        return say(
            language,
            "名册上的人全部作答，本次结果不含抽样误差。",
            "Everyone answered: the result has no sampling error.",
        )
    return text[0].upper() + text[1:] + say(language, "。", ".")


def _silent(row: Row, overall: Satisfaction, language: Language) -> str:
    if not has_roster(overall):
        return say(
            language,
            "没有名册，总人数和回收率未知，没有作答的人怎么看也就无从知道",
            "without a roster the number of people and the response rate are unknown, "
            "and so are the views of those who did not answer",
        )
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if not silent > 0:
        return ""
    low, high = formats.percent(row["bound_low"]), formats.percent(row["bound_high"])
    if formats.MISSING in (low, high):
        return say(
            language,
            f"{formats.count(silent)} 人没有有效回答，他们的看法未知",
            f"{formats.count(silent)} people gave no valid answer and their views are unknown",
        )
    return say(
        language,
        f"{formats.count(silent)} 人没有有效回答，他们的看法未知：若都不满意，全校满意率为 {low}；"
        f"若都满意，为 {high}",
        f"{formats.count(silent)} people gave no valid answer: were all of them dissatisfied the "
        f"rate would be {low}, were all satisfied {high}",
    )


def dimension(findings: Findings, language: Language = "zh") -> str:
    """Say which dimension the dissatisfaction goes with, or why this is not said."""
    if findings.drivers is None:
        return say(
            language,
            "问卷没有可供分解的维度评分，或有效回答过少，不满意的构成不作分解。",
            "The survey has no ratings by dimension, or too few valid answers, so dissatisfaction "
            "is not broken down.",
        )
    target = breakdown.target_label(findings.questionnaire, findings.drivers, language)
    return breakdown.largest(findings.drivers, target, language)
