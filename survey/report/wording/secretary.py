"""What a branch's secretary reads: the verdict and what it means, without statistics."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.wording.phrases import Row, fraction, is_census, lacking, quoted
from survey.results import Satisfaction


def headline(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Give the verdict and the rate, or that there is none, in a few words."""
    if row["reason"] == "few":
        least = result.min_cell
        return say(
            language, f"暂不评定（回答不足 {least} 份）", f"Not judged (fewer than {least} answers)"
        )
    if row["verdict"] == "withheld":
        return say(language, "暂不评定（保护别处的答卷人）", "Not judged (to protect others)")
    name = vocabulary.verdict(row["verdict"], language)
    if not formats.present(row["rate"]):
        return name
    rate = formats.percent(row["rate"], bar=result.bar)
    counts = fraction(row, language)
    return say(
        language, f"{name}　满意率 {rate}（{counts} 人）", f"{name}: satisfied {rate} ({counts})"
    )


def meaning(row: Row, result: Satisfaction, language: Language = "zh") -> str:
    """Say what the verdict means, and how many answers it rests on."""
    goal, n = formats.bar(result.bar), formats.count(row["n_valid"])
    code = row["verdict"]
    if code == "withheld":
        return _why_withheld(row, result, language)
    if not row["n_valid"]:
        return say(
            language,
            "本支部没有有效回答，无从判断。",
            "Nobody of this branch gave a valid answer: there is nothing to judge by.",
        )
    basis = say(language, f"有效回答 {n} 人", f"{n} valid answers")
    if formats.present(row["population"]):
        N, share = formats.count(row["population"]), formats.percent(row["response_rate"])
        basis = say(
            language,
            f"名册 {N} 人，有效回答 {n} 人，回收率 {share}",
            f"{n} of {N} people gave a valid answer ({share})",
        )
    judged = {
        "meets": (f"满意率达到 {goal} 的标准", f"the rate reaches the bar of {goal}"),
        "below": (f"满意率没有达到 {goal} 的标准", f"the rate does not reach the bar of {goal}"),
    }
    if code == "inconclusive":
        return say(
            language,
            f"{basis}。实际满意率可能达到 {goal} 的标准，也可能没有达到，现有回答不能说明。",
            f"{basis}. Whether the rate reaches the bar of {goal} these answers cannot tell.",
        )
    text = say(language, *judged[code])
    if is_census(row):
        return say(language, f"名册 {n} 人全部作答，{text}。", f"All {n} people answered: {text}.")
    error = formats.level(result.alpha)
    return say(
        language,
        f"{basis}。{text}；这样判断出错的可能不超过 {error}。",
        f"{basis}: {text}. Such a verdict is wrong with a probability of {error} at most.",
    )


def _why_withheld(row: Row, result: Satisfaction, language: Language) -> str:
    n, least = formats.count(row["n_valid"]), result.min_cell
    promise = say(
        language,
        "调查承诺匿名，所以不公布；与本支部回答的内容无关。",
        "As anonymity was promised it is withheld; what was answered plays no part in this.",
    )
    if row["reason"] == "partner":
        return say(
            language,
            f"有效回答 {n} 份。另有单位的有效回答过少，如公布本支部的结果，由全校合计即可推算该单位"
            f"各人的回答。{promise}",
            f"{n} valid answers. Another unit has too few: with this result its answers could be "
            f"worked out from totals. {promise}",
        )
    return say(
        language,
        f"有效回答 {n} 份，不足 {least} 份，公布结果会使各人的回答被推知。{promise}",
        f"{n} valid answers, fewer than {least}: a result would show who answered what. {promise}",
    )


def next_steps(
    row: Row,
    result: Satisfaction,
    more: int | None,
    lowest: pd.Series[str],
    language: Language = "zh",
) -> tuple[str, ...]:
    """Say what is to be done next.

    Parameters
    ----------
    row : mapping
        The branch's row.
    result : Satisfaction
        What it is a row of.
    more : int or None
        Further answers that would let a withheld branch be shown, see `survey.privacy.rule`.
    lowest : Series of str
        Titles of the indicators with the lowest rates; empty where none are shown.
    language : {"zh", "en"}
        Language of the sentences.
    """
    if row["verdict"] == "withheld":
        return _to_be_shown(row, more, language)
    steps = [_more_answers(row, result, language)]
    named = quoted_all(lowest, language)
    if named:
        listen = say(
            language,
            f"就满意率最低的{named}听取党员和师生的意见",
            f"Ask members, staff and students about {named}, which have the lowest rates",
        )
        act = say(
            language,
            "，提出整改措施，明确责任人和时限，填入整改清单。",
            "; agree on measures, who is responsible and by when, and enter them in the list "
            "of actions.",
        )
        keep = say(language, "，保持已有的做法。", "; keep what works.")
        steps.append(listen + (keep if row["verdict"] == "meets" else act))
    if formats.number(row["response_rate"]) < vocabulary.LOW_RESPONSE:
        steps.append(
            say(
                language,
                "回收率不到一半，没有作答的人若看法不同，判定可能改变；下次须让更多的人作答。",
                "Fewer than half answered: if the others think otherwise, the verdict may "
                "change. More people must answer next time.",
            )
        )
    return tuple(step for step in steps if step)


def documents(proofs: pd.DataFrame | None, language: Language = "zh") -> tuple[str, ...]:
    """Say which of the standard's minimums the branch's documents do not prove.

    Parameters
    ----------
    proofs : DataFrame or None
        The branch's rows of `Evidence.frame`; None where no workbook was given.
    language : {"zh", "en"}
        Language of the sentence.
    """
    if proofs is None:
        return ()
    late = lacking(proofs, language)
    if not late:
        text = "标准的 {n} 项最低要求，本支部的佐证材料都达到。"
        text_en = "This branch's documents prove all {n} minimums of the standard."
        return (say(language, text, text_en, n=len(proofs)),)
    return (
        say(
            language,
            "补齐佐证材料：{late}。",
            "Provide the missing documents: {late}.",
            late=late,
        ),
    )


def _more_answers(row: Row, result: Satisfaction, language: Language) -> str:
    """Say which answers would decide an open verdict."""
    if row["verdict"] == "inconclusive" and not formats.present(row["population"]):
        return say(
            language,
            "没有名册，只能按人数很多的单位估计；提供名册后可能足以判定。",
            "Without a roster the branch counts as a large one; a roster may decide it.",
        )
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if row["verdict"] != "inconclusive" or not silent > 0:
        return ""
    own = replace(result, frame=pd.DataFrame([row]))
    needed, rate = own.needed().iloc[0], formats.level(float(result.supposed))
    return say(
        language,
        f"尚有 {formats.count(silent)} 人没有有效回答；满意率为 {rate} 时，至少收到 "
        f"{formats.count(needed)} 份有效回答，有 80% 的可能作出判定。",
        f"{formats.count(silent)} people gave no valid answer: if {rate} are satisfied, "
        f"{formats.count(needed)} valid answers give an 80% chance of a verdict.",
    )


def _to_be_shown(row: Row, more: int | None, language: Language) -> tuple[str, ...]:
    if more is None:
        return (
            say(
                language,
                "有少数答卷没有写明支部；补全后本支部的结果可以公布。",
                "A few answers name no branch; once they do, the result can be shown.",
            ),
        )
    if row["reason"] == "partner":
        return (
            say(
                language,
                "该单位的有效回答增加到可以公布时，本支部的结果即可公布；对本支部没有其他要求。",
                "Once that unit has enough valid answers the result of this branch can be shown; "
                "nothing is asked of this branch.",
            ),
        )
    silent = formats.number(row["population"]) - formats.number(row["n_valid"])
    if silent < more:
        return (
            say(
                language,
                f"还差 {more} 份有效回答，而名册上没有作答的只有 {formats.count(silent)} 人："
                "可请组织部门将本支部与相近的支部合并统计。",
                f"{more} valid answers are lacking and only {formats.count(silent)} people have "
                "not answered: ask for the branch to be counted with one near to it.",
            ),
        )
    return (
        say(
            language,
            f"再有 {more} 份有效回答，本支部的结果即可公布。调查未结束的，请提醒尚未作答的人。",
            f"With {more} more valid answers the result can be shown. Remind those who have not "
            "answered while the survey is open.",
        ),
    )


def quoted_all(titles: pd.Series[str], language: Language) -> str:
    """Put titles into quotation marks, side by side; empty for none.

    Examples
    --------
    >>> quoted_all(pd.Series(["责任落实机制", "网络阵地"]), "zh")
    '“责任落实机制”“网络阵地”'
    """
    marked = [quoted([title], language) for title in titles]
    return say(language, "", ", ").join(marked)


def against(n_apart: int, n: int, language: Language = "zh") -> str:
    """Say how many of the indicators differ from the university's beyond chance.

    Parameters
    ----------
    n_apart, n : int
        Indicators whose bounds exclude the university's rate, and all that are shown.
    """
    if n_apart:
        return say(
            language,
            f"相差以百分点计；▲▼ 表示超出抽样误差（{n} 项中 {n_apart} 项），"
            "没有标记的，先后可能出于偶然。",
            f"Differences in percentage points; ▲▼: beyond sampling error ({n_apart} of {n}). "
            "Without a mark the order may be chance.",
        )
    return say(
        language,
        f"相差以百分点计；{n} 项与全校之差都在抽样误差之内，先后可能出于偶然。",
        f"Differences in percentage points; all {n} are within sampling error: the order may be "
        "chance.",
    )


def no_roles(language: Language = "zh") -> str:
    """Say that the groups of a branch are not shown."""
    return say(
        language,
        "为保护答卷人，本支部不分身份公布。",
        "To protect respondents, this branch is not shown by role.",
    )


def no_items(language: Language = "zh") -> str:
    """Say that the indicators of a branch are not shown."""
    return say(
        language,
        "为保护答卷人，本支部不公布各项指标。",
        "To protect respondents, this branch's indicators are not shown.",
    )
