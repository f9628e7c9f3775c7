"""For the committee: the verdict, which branches by name, both ends, the silent, who does what."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.charts.units import worst_first
from survey.errors import Language
from survey.report import units
from survey.report.columns import bounds_column, label
from survey.report.document import Block, Bullets, Column, Picture, Table, Text
from survey.report.wording.phrases import Row, has_roster, is_census, quoted, rows, since
from survey.results import Comparison, Findings, Satisfaction, Waves

NAMED = 60
"""Branches up to which all are named on the first pages; of more, every verdict names `MOST`."""
MOST = 15
MOST_LATE = 5
"""Branches named that have to provide documents: the summary table has them all."""
BRIEF = 30
"""Valid answers below which the report is one page: more would say nothing that they bear."""
ENDS = 3
"""Indicators named at either end."""


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Put what has to be decided on into blocks, without statistics."""
    changed = changes(findings.changes, language) if findings.changes is not None else ()
    return (
        Text(verdict(findings, language), "lead"),
        everyone(findings, language),
        Text(_roles_alone(findings, language), "note"),
        *_verdicts(findings, language),
        Text(reading(findings, language), "note"),
        *changed,
        *_waves(findings.waves, language),
        *_ends(findings, language),
        *(Text(text) for text in silent(findings, language) if text),
        *_asks(findings, language),
        *(Text(say(language, zh, en), "note") for zh, en in findings.notices),
    )


def is_brief(findings: Findings) -> bool:
    """Say whether there are too few answers for more than one page."""
    return int(findings.tables[()].frame["n_valid"].iloc[0]) < BRIEF


def verdict(findings: Findings, language: Language = "zh") -> str:
    """Say the verdict of each role and of all together, as the standard asks for it.

    Parameters
    ----------
    findings : Findings
        Everything that is published together.
    language : {"zh", "en"}
        Language of the sentence.
    """
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


def changes(result: Comparison, language: Language = "zh") -> tuple[Block, ...]:
    """Say how the rate has changed since the wave before, and which branches' has."""
    whole = [row for row in rows(result.frame) if not formats.present(row["branch"])]
    own = result.frame[result.frame["branch"].notna()]
    blocks: list[Block] = [
        Text(text) for row in whole if (text := since(row, result.level, language))
    ]
    n = int(own["change"].isin(["up", "down", "undecided"]).sum())
    made = _named(own, "change", ("up", "down"), language)
    if made.empty:
        none = "{n} 个可比的党支部，变化都在抽样误差以内。"
        none_en = "No change of the {n} branches in both waves is beyond chance."
        return (*blocks, Text(say(language, none, none_en, n=n))) if n else tuple(blocks)
    caption = say(
        language,
        "{n} 个可比的党支部中，变化超出抽样误差的",
        "Of {n} branches in both waves those that changed beyond chance",
        n=n,
    )
    words = made["change"].map(lambda code: vocabulary.change(code, language))
    columns = (Column("change", say(language, "变化", "Change")), *_columns(language))
    sheet = say(language, "升降", "Moved")
    return *blocks, Table("moved", sheet, caption, made.assign(change=words), columns)


def _verdicts(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Name the branches of every verdict, in a table."""
    frame = worst_first(findings.tables["branch",].frame)
    made = _named(frame, "verdict", vocabulary.VERDICTS, language)
    if made.empty:
        text = say(language, "没有任何党支部的答卷。", "There is no answer from any branch.")
        return (Text(text),)
    caption = say(
        language,
        "{n} 个党支部的判定（标准 {goal}，同一判定中满意率低的在前）",
        "Verdicts on {n} branches (bar {goal}; of one verdict, lowest rate first)",
        n=len(frame),
        goal=formats.bar(findings.tables["branch",].bar),
    )
    columns = (Column("verdict", label("verdict", language), "verdict"), *_columns(language))
    return (Table("verdicts", say(language, "判定", "Verdicts"), caption, made, columns),)


def _named(frame: pd.DataFrame, by: str, codes: Iterable[str], language: Language) -> pd.DataFrame:
    """Name the branches under every code that some have."""
    named = {code: frame.loc[frame[by] == code, "branch"].astype(str).tolist() for code in codes}
    return pd.DataFrame(
        [(code, len(own), _names(own, language, len(frame))) for code, own in named.items() if own],
        columns=[by, "n", "names"],
    )


def _columns(language: Language) -> tuple[Column, ...]:
    return (
        Column("n", say(language, "个数", "Number"), "count"),
        Column("names", say(language, "党支部", "Branches")),
    )


def _names(names: Sequence[str], language: Language, of: int) -> str:
    return formats.listing(names, language, most=len(names) if of <= NAMED else MOST)


def _waves(result: Waves | None, language: Language) -> tuple[Block, ...]:
    """Show the rate of all together in every wave; nothing of fewer than three."""
    if result is None:
        return ()
    title = say(language, "历次调查的满意率", "Satisfaction rate of every wave")
    whole = result.of()
    columns = (
        Column("wave", label("wave", language)),
        Column("population", label("population", language), "count"),
        Column("n_valid", label("n_valid", language), "count"),
        Column("rate", label("rate", language), "share", bar=whole.bar),
        bounds_column(whole.alpha, language, whole.bar),
        Column("verdict", label("verdict", language), "verdict"),
    )
    sheet = say(language, "历次", "Waves")
    table = Table("waves_table", sheet, title, whole.frame, columns, folded=True)
    return Picture("trends", title, "trends", result, "waves_table"), table


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
        "满意率最低和最高的各 {n} 项指标（共 {all} 项）",
        "The {n} lowest and the {n} highest of {all} indicators",
        n=ENDS,
        all=len(ordered),
    )
    sheet = say(language, "最低和最高", "Ends")
    return (Table("ends", sheet, caption, frame, columns),)


def silent(findings: Findings, language: Language = "zh") -> tuple[str, ...]:
    """Say how many answered, what the others could change, and where fewer than half did."""
    (row,) = rows(findings.tables[()].frame)
    if not has_roster(findings.tables[()]):
        text = "没有提供名册：总人数和回收率未知，没有作答的人怎么看也就无从知道。"
        text_en = "Without a roster the number of people and the response rate are unknown."
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
    return _names(named, language, of)


def _firm(result: Satisfaction, language: Language) -> str:
    """Say how many verdicts hold whatever the silent think; empty where nobody is silent."""
    known = result.frame.dropna(subset=["break_even"])
    meets = known[known["verdict"] == "meets"]
    if not (meets["population"] > meets["n_valid"]).any():
        return ""
    firm = meets.loc[meets["break_even"].astype(float) <= 0, "branch"].astype(str).tolist()
    return say(
        language,
        "达标的 {n} 个党支部中，无论未作答的人怎样看都达到标准的{firm}{names}。",
        "Of the {n} branches that meet the bar {firm} would whatever the silent think{names}.",
        n=len(meets),
        firm=say(language, "有 {n} 个", "{n}", n=len(firm))
        if firm
        else say(language, "一个也没有", "none"),
        names=say(language, "：{}", ": {}").format(_names(firm, language, len(result.frame)))
        if firm
        else "",
    )


def _asks(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say what is asked of whom; nothing where nothing is."""
    frame = findings.tables["branch",].frame
    told = frame["verdict"].value_counts()
    below, undecided, hidden = (
        int(told.get(code, 0)) for code in ("below", "inconclusive", "withheld")
    )
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
            "无法判定的 {n} 个党支部：下次调查按规划表中“80% 可能判定所需”的份数组织回收。",
            "{n} inconclusive branches: next time ask for as many answers as the plan names for an "
            "80% chance of a verdict.",
            n=undecided,
        )
        if undecided
        else "",
        say(
            language,
            "暂不评定的 {n} 个党支部：没有结果可以公布，请以座谈、走访等方式另行了解。",
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
    return (Text(say(language, "请做好以下工作：", "What is asked of whom:")), Bullets(listed))


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
        "{not_met} 个有未达到的{rest}；请照汇总表补齐：{names}。",
        "The minimums of indicators {listed} are proved by {met} of {n} branches, {not_met} fail "
        "one{rest}; see the summary table: {names}.",
        listed=listed,
        n=len(told),
        met=len(told) - len(late),
        not_met=sum("not_met" in codes for codes in told),
        rest=say(language, "，{n} 个只是未提供", ", {n} only have not provided it", n=rest)
        if (rest := sum(codes - {"met"} == {"not_provided"} for codes in told))
        else "",
        names=formats.listing(late, language, most=MOST_LATE),
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
        "总体达标而有一类人员未达标的 {n} 个党支部：{names}，请分别听取党员和群众的意见。",
        "{n} branches that meet the bar as a whole with one role below it: {names}; hear each "
        "role by itself.",
        n=len(names),
        names=_names(names, language, len(frame)),
    )
