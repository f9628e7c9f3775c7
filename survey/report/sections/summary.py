"""For the committee: the verdict, which branches by name, both ends, the silent, who does what."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.charts.units import worst_first
from survey.errors import Language
from survey.report import units
from survey.report.columns import label
from survey.report.document import Block, Bullets, Column, Table, Text
from survey.report.naming import by_code, listed, named_columns
from survey.report.sections import breakdown, waves
from survey.report.wording import breakdown as wording
from survey.report.wording.phrases import Row, has_roster, is_census, quoted, rows
from survey.results import Findings, Satisfaction

BRIEF = 30
"""Valid answers below which the report is one page: more would say nothing that they bear."""
ENDS = 3
"""Indicators named at either end."""


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Put what has to be decided on into blocks, without statistics."""
    return (
        Text(verdict(findings, language), "lead"),
        everyone(findings, language),
        Text(_roles_alone(findings, language), "note"),
        *_verdicts(findings, language),
        Text(reading(findings, language), "note"),
        Text(_breakdown(findings, language)),
        *waves.headlines(findings, language),
        *_ends(findings, language),
        Text(counted(findings, language)),
        *(Text(text) for text in silent(findings, language) if text),
        *_asks(findings, language),
        *(Text(say(language, zh, en), "note") for zh, en in findings.notices),
    )


def is_brief(findings: Findings) -> bool:
    """Say whether there are too few answers for more than one page."""
    return int(findings.tables[()].frame["n_valid"].iloc[0]) < BRIEF


def verdict(findings: Findings, language: Language = "zh") -> str:
    """Say the verdict of each role and of all together, as the standard asks for it."""
    roles = findings.tables.get(("role",))
    parts = [
        _judged(str(row["role"]), row, roles, language)
        for row in (rows(roles.frame) if roles is not None else [])
        if roles is not None
    ]
    whole = ("两类人员合计", "all together") if len(parts) == 2 else ("全校", "the university")
    (row,) = rows(findings.tables[()].frame)
    parts.append(_judged(say(language, *whole), row, findings.tables[()], language))
    return say(
        language,
        "对照满意度达到 {goal} 的标准：{parts}。",
        "Against the standard of {goal} satisfied: {parts}.",
        goal=formats.bar(findings.tables[()].bar),
        parts=say(language, "，", "; ").join(parts),
    )


def _judged(name: str, row: Row, result: Satisfaction, language: Language) -> str:
    """Give a verdict and its rate; base and bounds stand in the table below."""
    share = ""
    if formats.present(row["rate"]):
        percent = formats.percent(row["rate"], bar=result.bar)
        share = say(language, "（{percent}）", " ({percent})", percent=percent)
    word = vocabulary.verdict(row["verdict"], language)
    return f"{name}{say(language, '', ': ')}{word}{share}"


def everyone(findings: Findings, language: Language) -> Table:
    """Make the table of each role and of all together."""
    whole = say(language, "合计", "All together")
    roles, overall = findings.tables.get(("role",)), findings.tables[()]
    if roles is None:
        parts = [overall.frame.assign(unit=say(language, "全校", "University"))]
    else:
        parts = [roles.frame.assign(unit=roles.frame["role"]), overall.frame.assign(unit=whole)]
    table = units.satisfaction(
        dataclasses.replace(overall, frame=pd.concat(parts, ignore_index=True)),
        name="everyone",
        sheet=say(language, "总体", "University"),
        caption=say(language, "总体满意率与判定", "Satisfaction and verdict"),
        language=language,
    )
    unit = Column("unit", say(language, "范围", "Unit"))
    return dataclasses.replace(table, columns=(unit, *table.columns))


def _roles_alone(findings: Findings, language: Language) -> str:
    roles = findings.tables.get(("role",))
    return "" if roles is None else units.verdict_alone(roles, language)


def reading(findings: Findings, language: Language = "zh") -> str:
    """Say what counts as satisfied and how sure the verdicts are; once for the whole report."""
    result = findings.tables["branch",]
    return say(
        language,
        "“满意”指对总体满意度一题答{labels}。满意率是对全部人员的估计{weighted}；"
        "不低于下限、不高于上限各有 {sure} 的把握。证据足以说明达到 {goal} 的判为达标，足以说明"
        "未达到的判为未达标，此外为无法判定；单个判定出错的可能不超过 {error}（前提是未作答的人与"
        "作答的人看法没有系统差别）。",
        "“Satisfied” means answering {labels} to the overall question. The rate estimates "
        "that of all people{weighted}; it is at least the lower and at most the upper bound, each "
        "with {sure} confidence. Where the evidence suffices that {goal} is reached, the "
        "verdict is that the bar is met, where it suffices for the contrary, below the bar, "
        "otherwise inconclusive; one verdict is wrong with a chance of at most {error}, provided "
        "that the silent do not differ systematically from those who answered.",
        labels=quoted(result.satisfied_labels, language),
        weighted=_weighted(findings.tables[()], language),
        goal=formats.bar(result.bar),
        error=formats.level(result.alpha),
        sure=formats.level(1 - result.alpha),
    )


def _weighted(overall: Satisfaction, language: Language) -> str:
    """Say that the rate is weighted where it differs from the share of the answers."""
    (row,) = rows(overall.frame)
    share = formats.percent(row["share_of_answers"])
    if overall.is_weighted:
        return say(
            language,
            "，按所给的权重计算，判定为近似",
            ", weighted as given; verdicts are approximate",
        )
    if share in (formats.percent(row["rate"]), formats.MISSING):
        return ""
    return say(
        language,
        "，按名册人数加权（所得回答中满意的占 {share}）",
        ", weighted by the roster (among the answers the share is {share})",
        share=share,
    )


def _verdicts(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Name the branches of every verdict, in a table."""
    frame = worst_first(findings.tables["branch",].frame)
    made = by_code(frame, "verdict", vocabulary.VERDICTS, language)
    if made.empty:
        text = say(language, "没有任何党支部的答卷。", "There is no answer from any branch.")
        return (Text(text),)
    caption = say(
        language,
        "各党支部的判定（共 {n} 个，标准 {goal}，同一判定中按满意率由低到高）",
        "Verdicts on {n} branches (bar {goal}; of one verdict, lowest rate first)",
        n=len(frame),
        goal=formats.bar(findings.tables["branch",].bar),
    )
    columns = (Column("verdict", label("verdict", language), "verdict"), *named_columns(language))
    return (Table("verdicts", say(language, "判定", "Verdicts"), caption, made, columns),)


def _breakdown(findings: Findings, language: Language) -> str:
    """Say what dissatisfaction goes with; empty where no dimension may be shown."""
    result = findings.drivers
    if result is None or is_brief(findings) or not breakdown.shown(result):
        return ""
    target = wording.target_label(findings.questionnaire, result, language)
    return wording.largest(result, target, language)


def _ends(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the indicators at both ends; nothing where there are not enough to tell ends apart."""
    if findings.items is None or is_brief(findings):
        return ()
    ordered = findings.items.summary.dropna(subset=["rate"]).sort_values("rate", kind="stable")
    if len(ordered) <= 2 * ENDS or ordered["rate"].iloc[0] == ordered["rate"].iloc[-1]:
        return ()
    low, high = ordered.head(ENDS), ordered.tail(ENDS)[::-1]
    frame = pd.concat(
        [
            low.assign(end=say(language, "最低", "lowest")),
            high.assign(end=say(language, "最高", "highest")),
        ],
        ignore_index=True,
    )
    columns = (
        Column(say(language, "title", "title_en"), label("item", language)),
        Column(
            say(language, "dimension_title", "dimension_title_en"), label("dimension", language)
        ),
        Column("n_valid", label("n_valid", language), "count"),
        Column("rate", label("rate", language), "share"),
        Column("end", say(language, "位置", "End")),
    )
    caption = say(
        language,
        "满意率最低和最高的各 {n} 项指标（共 {all} 项，不含总体满意度）",
        "The {n} lowest and the {n} highest of {all} indicators (satisfaction overall left out)",
        n=ENDS,
        all=len(ordered),
    )
    sheet = say(language, "最低和最高", "Ends")
    return (Table("ends", sheet, caption, frame, columns),)


def counted(findings: Findings, language: Language = "zh") -> str:
    """Say how many of the answers read are used, and how many of these are valid."""
    n = int(findings.tables[()].frame["n_valid"].iloc[0])
    gone, rest = findings.n_read - findings.n_used, findings.n_used - n
    removed = say(language, "（剔除 {n} 份）", " ({n} removed)", n=formats.count(gone))
    blank = say(
        language,
        "（其余 {n} 份未作答或答“不了解”）",
        " ({n} left it blank or answered “not applicable”)",
        n=formats.count(rest),
    )
    return say(
        language,
        "读入答卷 {read} 份，采用 {used} 份{removed}，其中总体满意度一题的有效回答 {n} 份{blank}。",
        "{read} answers were read and {used} are used{removed}; {n} of these answer the overall "
        "question{blank}.",
        read=formats.count(findings.n_read),
        used=formats.count(findings.n_used),
        removed=removed if gone else "",
        n=formats.count(n),
        blank=blank if rest else "",
    )


def silent(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say how many answered, what the others could change, and where fewer than half did."""
    (row,) = rows(findings.tables[()].frame)
    if not has_roster(findings.tables[()]):
        text = "没有提供名册，没有作答的人的看法可能给结果带来多大影响，无从估计。"
        text_en = "Without a roster nothing can be said of what the silent might change."
        return (say(language, text, text_en),)
    n = formats.number(row["population"]) - formats.number(row["n_valid"])
    slots = {
        "N": formats.count(row["population"]),
        "n": formats.count(row["n_valid"]),
        "share": formats.percent(row["response_rate"]),
        "silent": formats.count(n),
        "low": formats.percent(row["bound_low"]),
        "high": formats.percent(row["bound_high"]),
    }
    if is_census(row):
        whole = say(language, "名册上的 {N} 人全部作答。", "All {N} people answered.", **slots)
    else:
        whole = say(
            language,
            "名册 {N} 人，有效回答 {n} 人，回收率 {share}。",
            "{n} of {N} people gave a valid answer ({share}).",
            **slots,
        )
    if formats.MISSING not in (slots["low"], slots["high"]) and not is_census(row):
        whole += say(
            language,
            "没有有效回答的 {silent} 人若都不满意，合计满意率为 {low}；若都满意，为 {high}。",
            " Were the other {silent} all dissatisfied, the rate of all would be {low}; were all "
            "of them satisfied, {high}.",
            **slots,
        )
    return (
        whole,
        _few_answered(findings.tables["branch",], language),
        _firm(findings.tables["branch",], language),
    )


def _few_answered(result: Satisfaction, language: Language) -> str:
    frame = result.frame[result.frame["response_rate"] < vocabulary.LOW_RESPONSE]
    if frame.empty:
        return ""
    return say(
        language,
        "{n} 个党支部的回收率不到一半，结果须谨慎使用：{names}。",
        "Fewer than half responded in {n}, to be used with care: {names}.",
        n=len(frame),
        names=_shares(frame, "response_rate", language, len(result.frame)),
    )


def _shares(frame: pd.DataFrame, column: str, language: Language, of: int) -> str:
    named = [
        f"{row['branch']}{say(language, '（', ' (')}{formats.percent(row[column])}"
        f"{say(language, '）', ')')}"
        for row in rows(frame.sort_values(column, kind="stable"))
    ]
    return listed(named, language, of)


def _firm(result: Satisfaction, language: Language) -> str:
    """Say how many verdicts hold whatever the silent think; empty where nobody is silent."""
    known = result.frame.dropna(subset=["break_even"])
    meets = known[known["verdict"] == "meets"]
    if not (meets["population"] > meets["n_valid"]).any():
        return ""
    firm = meets.loc[meets["break_even"].astype(float) <= 0, "branch"].astype(str).tolist()
    return say(
        language,
        "达标的 {n} 个党支部中，未作答者若都不满意，{firm}仍达到标准{names}。",
        "Of the {n} branches that meet the bar {firm} would whatever the silent think{names}.",
        n=len(meets),
        firm=say(language, "有 {n} 个", "{n}", n=len(firm))
        if firm
        else say(language, "没有一个", "none"),
        names=say(language, "：{}", ": {}").format(listed(firm, language, len(result.frame)))
        if firm
        else "",
    )


def _needed(findings: Findings, language: Language) -> tuple[Table, ...]:
    """Make the table of the answers that undecided branches need; none without a roster."""
    result = findings.tables["branch",]
    frame = result.frame[result.frame["verdict"] == "inconclusive"].dropna(subset=["population"])
    if frame.empty:
        return ()
    frame = frame.assign(n_80=result.needed().reindex(frame.index))
    columns = (
        Column("branch", label("branch", language)),
        *(
            Column(name, label(name, language), "count")
            for name in ("population", "n_valid", "n_80")
        ),
    )
    caption = say(
        language,
        "无法判定的党支部下次调查所需的有效回答（满意率按 {rate} 设想）",
        "Answers that inconclusive branches need (supposing that {rate} are satisfied)",
        rate=formats.level(float(result.supposed)),
    )
    sheet = say(language, "所需回答", "Needed")
    return (Table("needed", sheet, caption, frame, columns, folded=True),)


def _asks(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say what is asked of whom; nothing where nothing is."""
    frame = findings.tables["branch",].frame
    told = vocabulary.tally(frame["verdict"])
    below, undecided, hidden = (told[code] for code in ("below", "inconclusive", "withheld"))
    needed = _needed(findings, language)
    texts: Iterable[str] = (
        say(
            language,
            "未达标的 {n} 个党支部：对照本支部满意率低的指标查找问题，提出整改措施、责任人和期限。",
            "{n} branches below the bar: look into their lowest indicators and state measures, "
            "owners and dates.",
            n=below,
        )
        if below
        else "",
        _one_role_below(findings, language),
        say(
            language,
            "无法判定的 {n} 个党支部：下次调查增加有效回答{needed}。",
            "{n} inconclusive branches: ask for more answers next time{needed}.",
            n=undecided,
            needed=say(
                language,
                "，各支部所需份数见 results.xlsx 的工作表“所需回答”",
                "; results.xlsx, sheet “Needed”, says how many",
            )
            if needed
            else "",
        )
        if undecided
        else "",
        say(
            language,
            "暂不评定的 {n} 个党支部：本次不公布结果，请以座谈、走访等方式另行了解。",
            "{n} branches not assessed: there is nothing to publish; ask their people otherwise.",
            n=hidden,
        )
        if hidden
        else "",
        _documents(findings, language),
    )
    listed = tuple(text for text in texts if text)
    if not listed:
        return ()
    asked = say(language, "请做好以下工作：", "What is asked of whom:")
    return (Text(asked), Bullets(listed), *needed)


def _documents(findings: Findings, language: Language) -> str:
    """Say what documents prove, or that they have to."""
    standard, result = findings.questionnaire.standard, findings.evidence
    numbers = dict.fromkeys(m.number for m in standard.to_be_proved) if standard else {}
    if not numbers:
        return ""
    listed = say(language, "、", ", ").join(map(str, numbers))
    if result is None:
        return say(
            language,
            "组织部门：标准第 {listed} 项另有凭材料核对的最低要求，问卷不能代替；没有提供佐证表。",
            "The department: indicators {listed} of the standard also have minimums to be proved "
            "by documents, which no survey replaces; no workbook of them was given.",
            listed=listed,
        )
    told = result.frame.groupby("branch", sort=False)["status"].agg(set)
    late = [str(name) for name, codes in told.items() if codes - {"met"}]
    if not late:
        return say(
            language,
            "标准第 {listed} 项的最低要求，{n} 个党支部的佐证材料都达到。",
            "The minimums of indicators {listed} are proved by all {n} branches.",
            listed=listed,
            n=len(told),
        )
    return say(
        language,
        "标准第 {listed} 项的最低要求，{n} 个党支部中 {met} 个的佐证材料都达到，"
        "{not_met} 个有未达到的{rest}；请按“对照标准”一节的名单补齐。",
        "The minimums of indicators {listed} are proved by {met} of {n} branches, {not_met} fail "
        "one{rest}; the section on the standard names them.",
        listed=listed,
        n=len(told),
        met=len(told) - len(late),
        not_met=sum("not_met" in codes for codes in told),
        rest=say(language, "，{n} 个仅有未提供的", ", {n} only have not provided it", n=rest)
        if (rest := sum(codes - {"met"} == {"not_provided"} for codes in told))
        else "",
    )


def _one_role_below(findings: Findings, language: Language) -> str:
    frame = findings.tables["branch",].frame
    if "verdict_joint" not in frame:
        return ""
    names = frame.loc[frame["verdict_joint"] == "one_below", "branch"].astype(str).tolist()
    if not names:
        return ""
    return say(
        language,
        "总体达标而有一类人员未达标的 {n} 个党支部：{names}，请分别听取各类人员的意见。",
        "{n} branches that meet the bar as a whole with one role below it: {names}; hear each "
        "role by itself.",
        n=len(names),
        names=listed(names, language, len(frame)),
    )
