"""One branch's page for its secretary: one sheet of A4, one screen of a phone."""

from __future__ import annotations

import dataclasses

import pandas as pd

from questionnaires.language import say
from survey import formats, privacy
from survey.errors import Language
from survey.report.document import Block, Bullets, Column, Document, Section, Table, Text
from survey.report.tables import bounds_column, columns, label, titled
from survey.report.texts import sentence
from survey.report.wording import secretary
from survey.report.wording.phrases import Row, has_roster, rows, satisfied, since
from survey.results import Findings, ItemResponses, Satisfaction

MOST = 5
"""Indicators in each of the two lists."""
TO_ASK = 2
"""Lowest indicators that the next step names."""


def compose(
    findings: Findings, branch: str, items: ItemResponses | None = None, language: Language = "zh"
) -> Document:
    """Put what may be shown of one branch on one page.

    Parameters
    ----------
    items : ItemResponses, optional
        How the branch's people answered the items, where this may be shown.

    Returns
    -------
    Document
        Result, indicators and next step; of a withheld branch why it is, and what would change it.

    Raises
    ------
    KeyError
        If there is no such branch.
    """
    findings = findings.named_in(language)
    result = findings.tables["branch",]
    found = result.frame[result.frame["branch"] == branch]
    if found.empty:
        raise KeyError(branch)
    (row,) = rows(found)
    compared = _against_university(items, findings.items)
    title = say(language, "title", "title_en")
    lowest = compared[title].head(TO_ASK) if title in compared else pd.Series(dtype="str")
    steps = secretary.next_steps(row, result, _lacking(findings, branch), lowest, language)
    steps += secretary.documents(_proofs(findings, branch), language)
    blocks = _result(findings, row, language)
    if len(compared) > 1:
        heading = say(language, "指标与全校相比", "Indicators against the university")
        blocks += (Text(heading, "heading"), *_items(compared, language))
    elif findings.items is not None and row["verdict"] != "withheld":
        blocks += (Text(sentence(language, "secretary.no_items"), "note"),)
    if steps:
        blocks += (Text(say(language, "下一步", "Next"), "heading"), Bullets(steps))
    section = Section("result", say(language, "结果", "Result"), blocks)
    byline = (findings.title, formats.date(findings.created, language))
    return Document(branch, byline, (section,), language, is_sheet=True)


def _proofs(findings: Findings, branch: str) -> pd.DataFrame | None:
    result = findings.evidence
    return None if result is None else result.frame[result.frame["branch"] == branch]


def _lacking(findings: Findings, branch: str) -> int | None:
    frame = findings.tables["branch",].frame
    n = frame["n_valid"].to_numpy(dtype="int64")
    rest = int(findings.tables[()].frame["n_valid"].sum() - n.sum())
    place = int((frame["branch"] == branch).to_numpy().argmax())
    return privacy.lacking(n, rest, place, min_cell=findings.tables["branch",].min_cell)


def _result(findings: Findings, row: Row, language: Language) -> tuple[Block, ...]:
    result = findings.tables["branch",]
    blocks: tuple[Block, ...] = (
        Text(secretary.headline(row, result, language), "lead"),
        Text(secretary.meaning(row, result, language)),
    )
    if row["verdict"] == "withheld":
        return blocks
    beside = _units(findings, row, language)
    caption = say(language, "本支部与全校", "Branch and university")
    return (
        *blocks,
        _units_table(beside, caption, language),
        Text(_changed(findings, row, language)),
        *(() if len(beside.frame) > 2 else _without_roles(findings, language)),
        Text(satisfied(result, language), "note"),
    )


def _changed(findings: Findings, row: Row, language: Language) -> str:
    waves = findings.changes
    if waves is None:
        return ""
    own = rows(waves.frame[waves.frame["branch"] == row["branch"]])
    return since(own[0], waves.level, language) if own else ""


def _without_roles(findings: Findings, language: Language) -> tuple[Block, ...]:
    return (
        ()
        if ("role",) not in findings.tables
        else (Text(sentence(language, "secretary.no_roles"), "note"),)
    )


def _units(findings: Findings, row: Row, language: Language) -> Satisfaction:
    """Put the branch, its groups where they are shown, and the university into one result."""
    own = findings.tables["branch",].frame
    parts = [
        own[own["branch"] == row["branch"]].assign(branch=say(language, "本支部", "This branch"))
    ]
    if ("branch", "role") in findings.tables:
        both = findings.tables["branch", "role"].frame
        shown = both[(both["branch"] == row["branch"]) & (both["verdict"] != "withheld")]
        indent = say(language, "　其中：", "of these: ")
        parts.append(shown.assign(branch=indent + shown["role"].astype("str")))
    whole = findings.tables[()].frame
    if whole["verdict"].iloc[0] != "withheld":
        parts.append(whole.assign(branch=say(language, "全校", "University")))
    frame = pd.concat([part.reindex(columns=own.columns) for part in parts], ignore_index=True)
    return dataclasses.replace(findings.tables["branch",], frame=frame)


def _units_table(beside: Satisfaction, caption: str, language: Language) -> Table:
    minor = Column("population", label("population", language), "count", minor=True)
    shown = (
        Column("branch", label("unit", language)),
        *((minor,) if has_roster(beside) else ()),
        "n_valid",
        *columns(language, "rate", bar=beside.bar),
        bounds_column(beside.alpha, language, beside.bar),
        "verdict",
    )
    return Table("units", caption, caption, beside.frame, columns(language, *shown))


def _against_university(items: ItemResponses | None, whole: ItemResponses | None) -> pd.DataFrame:
    """Set the branch's indicators beside the university's, the lowest first.

    ``mark`` is ▲ or ▼ where the branch's bounds exclude the university's rate.
    """
    if items is None or whole is None:
        return pd.DataFrame()
    of_all = whole.summary.set_index("item")["rate"]
    own = items.summary[items.summary["rate"].notna()]
    frame = own.assign(university=own["item"].map(of_all).astype("float64")).dropna(
        subset=["university"]
    )
    frame["difference"] = frame["rate"] - frame["university"]
    above, below = frame["lower"] > frame["university"], frame["upper"] < frame["university"]
    frame["mark"] = above.map({True: "▲", False: ""}) + below.map({True: "▼", False: ""})
    return frame.sort_values(["rate", "difference"], kind="stable", ignore_index=True)


def _items(compared: pd.DataFrame, language: Language) -> tuple[Block, ...]:
    """List the lowest and the highest indicators, not the same one twice."""
    n = min(MOST, len(compared) // 2)
    frame = pd.concat([compared.head(n), compared.tail(n)[::-1]], ignore_index=True)
    ends = say(language, "最低", "Lowest"), say(language, "最高", "Highest")
    order = [ends[0], *[""] * (n - 1), ends[1], *[""] * (n - 1)] if n else []
    gaps = [
        f"{'+' if gap > 0 else ''}{formats.points(gap)} {mark}".strip()
        for gap, mark in zip(frame["difference"], frame["mark"], strict=True)
    ]
    shown = (
        Column("order", say(language, "次序", "Order")),
        titled(language, "indicator"),
        Column("rate", say(language, "本支部", "Branch"), "share"),
        "university",
        Column("gap", say(language, "相差", "Difference")),
    )
    caption = sentence(language, "secretary.ends", n=n)
    apart = int((compared["mark"] != "").sum())
    return (
        Table(
            "indicators",
            caption,
            caption,
            frame.assign(order=order, gap=gaps),
            columns(language, *shown),
        ),
        Text(secretary.against(apart, len(compared), language), "note"),
    )
