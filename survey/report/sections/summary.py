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
from survey.report.document import Block, Bullets, Table, Text
from survey.report.naming import by_code, listed
from survey.report.sections import breakdown, waves
from survey.report.tables import columns, table, titled
from survey.report.texts import sentence
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
    return sentence(
        language,
        "conclusion.verdict",
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
    both = dataclasses.replace(overall, frame=pd.concat(parts, ignore_index=True))
    made = units.satisfaction(both, "everyone", language)
    return dataclasses.replace(made, columns=(*columns(language, "unit"), *made.columns))


def _roles_alone(findings: Findings, language: Language) -> str:
    roles = findings.tables.get(("role",))
    return "" if roles is None else units.verdict_alone(roles, language)


def reading(findings: Findings, language: Language = "zh") -> str:
    """Say what counts as satisfied and how sure the verdicts are; once for the whole report."""
    result = findings.tables["branch",]
    return sentence(
        language,
        "conclusion.reading",
        labels=quoted(result.satisfied_labels, language),
        weighted=_weighted(findings.tables[()], language) + _without_silent(findings, language),
        goal=formats.bar(result.bar),
        error=formats.level(result.alpha),
        sure=formats.level(1 - result.alpha),
    )


def _without_silent(findings: Findings, language: Language) -> str:
    """Say of which roles nobody answered: the rate of everyone is none of theirs."""
    roles = findings.tables.get(("role",))
    if roles is None or findings.tables[()].frame["estimator"].item() != "poststratified":
        return ""
    silent = roles.frame.loc[
        (roles.frame["n_valid"] == 0) & (roles.frame["population"] > 0), "role"
    ]
    if silent.empty:
        return ""
    return sentence(language, "conclusion.silent_roles", roles=quoted([*silent], language))


def _weighted(overall: Satisfaction, language: Language) -> str:
    """Say that the rate is weighted where it differs from the share of the answers."""
    (row,) = rows(overall.frame)
    share = formats.percent(row["share_of_answers"])
    if overall.is_weighted:
        return sentence(language, "conclusion.weighted")
    if share in (formats.percent(row["rate"]), formats.MISSING):
        return ""
    return sentence(language, "conclusion.poststratified", share=share)


def _verdicts(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Name the branches of every verdict, in a table."""
    frame = worst_first(findings.tables["branch",].frame)
    made = by_code(frame, "verdict", vocabulary.VERDICTS, language)
    if made.empty:
        text = say(language, "没有任何党支部的答卷。", "There is no answer from any branch.")
        return (Text(text),)
    goal = formats.bar(findings.tables["branch",].bar)
    shown = "verdict", "n", "names"
    return (table(language, "verdicts", made, shown, n=len(frame), goal=goal),)


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
    shown = (
        titled(language, "item"),
        titled(language, "dimension", "dimension_title"),
        *("n_valid", "rate", "end"),
    )
    return (table(language, "ends", frame, shown, n=ENDS, all=len(ordered)),)


def counted(findings: Findings, language: Language = "zh") -> str:
    """Say how many of the answers read are used, and how many of these are valid."""
    n = int(findings.tables[()].frame["n_valid"].iloc[0])
    gone, rest = findings.n_read - findings.n_used, findings.n_used - n
    removed = say(language, "（剔除 {n} 份）", " ({n} removed)", n=formats.count(gone))
    blank = sentence(language, "conclusion.blank", n=formats.count(rest))
    return sentence(
        language,
        "conclusion.counted",
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
        return (sentence(language, "conclusion.no_roster"),)
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
        whole = sentence(language, "conclusion.response", **slots)
    if formats.MISSING not in (slots["low"], slots["high"]) and not is_census(row):
        whole += sentence(language, "conclusion.silent", **slots)
    return (
        whole,
        _few_answered(findings.tables["branch",], language),
        _firm(findings.tables["branch",], language),
    )


def _few_answered(result: Satisfaction, language: Language) -> str:
    frame = result.frame[result.frame["response_rate"] < vocabulary.LOW_RESPONSE]
    if frame.empty:
        return ""
    mark = say(language, "（{}）", " ({})")
    shares = [
        str(row["branch"]) + mark.format(formats.percent(row["response_rate"]))
        for row in rows(frame.sort_values("response_rate", kind="stable"))
    ]
    names = listed(shares, language, len(result.frame))
    return sentence(language, "conclusion.few_answered", n=len(frame), names=names)


def _firm(result: Satisfaction, language: Language) -> str:
    """Say how many verdicts hold whatever the silent think; empty where nobody is silent."""
    known = result.frame.dropna(subset=["break_even"])
    meets = known[known["verdict"] == "meets"]
    if not (meets["population"] > meets["n_valid"]).any():
        return ""
    firm = meets.loc[meets["break_even"].astype(float) <= 0, "branch"].astype(str).tolist()
    return sentence(
        language,
        "conclusion.firm",
        n=len(meets),
        firm=say(language, "有 {n} 个", "{n}", n=len(firm))
        if firm
        else say(language, "没有一个", "none"),
        names=say(language, "：{}", ": {}").format(listed(firm, language, len(result.frame)))
        if firm
        else "",
    )


def _asks(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say what is asked of whom; nothing where nothing is."""
    result = findings.tables["branch",]
    told = vocabulary.tally(result.frame["verdict"])
    below, undecided, hidden = (told[code] for code in ("below", "inconclusive", "withheld"))
    is_open = (result.frame["verdict"] == "inconclusive") & result.frame["population"].notna()
    frame = result.frame[is_open]
    frame = frame.assign(n_80=dataclasses.replace(result, frame=frame).needed())
    lacking = frame["n_80"] > frame["n_valid"]
    near = int((~lacking & (frame["reason"] == "near_bar")).sum())
    texts: Iterable[str] = (
        sentence(language, "conclusion.below", n=below) if below else "",
        _one_role_below(findings, language),
        sentence(
            language,
            "conclusion.inconclusive",
            n=undecided - near,
            needed=sentence(language, "conclusion.needed") if lacking.any() else "",
        )
        if undecided > near
        else "",
        sentence(language, "conclusion.near", n=near) if near else "",
        sentence(language, "conclusion.withheld", n=hidden) if hidden else "",
        _documents(findings, language),
    )
    listed = tuple(text for text in texts if text)
    if not listed:
        return ()
    asked = say(language, "请做好以下工作：", "What is asked of whom:")
    if not lacking.any():
        return Text(asked), Bullets(listed)
    shown = "branch", "population", "n_valid", "n_80"
    rate = formats.level(float(result.supposed))
    needed = table(language, "needed", frame[lacking], shown, folded=True, rate=rate)
    return Text(asked), Bullets(listed), needed


def _documents(findings: Findings, language: Language) -> str:
    """Say what documents prove, or that they have to."""
    standard, result = findings.questionnaire.standard, findings.evidence
    numbers = dict.fromkeys(m.number for m in standard.to_be_proved) if standard else {}
    if not numbers:
        return ""
    listed = say(language, "、", ", ").join(map(str, numbers))
    if result is None:
        return sentence(language, "conclusion.no_documents", listed=listed)
    told = result.frame.groupby("branch", sort=False)["status"].agg(set)
    late = [str(name) for name, codes in told.items() if codes - {"met"}]
    if not late:
        return sentence(language, "conclusion.all_proved", listed=listed, n=len(told))
    return sentence(
        language,
        "conclusion.some_unproved",
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
    return sentence(
        language,
        "conclusion.one_role_below",
        n=len(names),
        names=listed(names, language, len(frame)),
    )
