"""One branch's page: its own result, its breakdown against the university, its items."""

from __future__ import annotations

import dataclasses

import pandas as pd

from survey import vocabulary
from survey.errors import Language
from survey.report import driver_tables, formats, item_tables, tables
from survey.report.document import (
    Block,
    Bullets,
    Document,
    Figures,
    Picture,
    Section,
    Table,
    Terms,
    Text,
)
from survey.report.translation import translate
from survey.report.wording import branches, breakdown, breakdown_notes, methods
from survey.report.wording.phrases import Row, base, rows, satisfied, say
from survey.results import Findings, ItemResponses, Satisfaction


def compose(
    findings: Findings, branch: str, items: ItemResponses | None = None, language: Language = "zh"
) -> Document:
    """Put what may be shown of one branch into sections.

    Parameters
    ----------
    findings : Findings
        Everything that is published together, already under the privacy rule.
    branch : str
        Name of the branch.
    items : ItemResponses, optional
        How the branch's people answered the items, where this may be shown.
    language : {"zh", "en"}
        Language of the page.

    Raises
    ------
    KeyError
        If there is no such branch.
    """
    findings = translate(findings, language)
    result = findings.by_branch
    found = result.frame[result.frame["branch"] == branch]
    if found.empty:
        raise KeyError(branch)
    (row,) = rows(found)
    sections = [
        Section("result", say(language, "本支部的结果", "Result"), _result(findings, row, language))
    ]
    if findings.drivers is not None:
        title = say(language, "不满意的构成", "What dissatisfaction goes with")
        sections.append(Section("drivers", title, _drivers(findings, branch, language)))
    if items is not None and items.summary["rate"].notna().any():
        title = say(language, "分项指标", "Indicators")
        sections.append(Section("items", title, _items(items, result.alpha, language)))
    about = (
        Terms(methods.definitions(findings, language)),
        Bullets(methods.limits(findings, language)),
    )
    sections.append(Section("about", say(language, "说明", "Notes"), about))
    subtitle = f"{findings.title}　·　{findings.created}"
    return Document(branch, subtitle, tuple(sections), language)


def _result(findings: Findings, row: Row, language: Language) -> tuple[Block, ...]:
    result = findings.by_branch
    sentences = (
        branches.answers(row, result, language),
        branches.response_warning(row, language),
        branches.nonresponse(row, result, language),
    )
    blocks: list[Block] = [
        Text(branches.reason(row, result, language), "lead"),
        *_figures(findings, row, language),
        *(Text(text) for text in sentences if text),
        Text(satisfied(result, language), "note"),
    ]
    beside = _beside_university(findings, row, language)
    caption = say(language, "本支部与全校的满意率", "Satisfaction: branch and university")
    table = tables.satisfaction(
        beside,
        name="result_table",
        sheet=caption,
        caption=caption,
        language=language,
    )
    if row["verdict"] != "withheld":
        blocks.append(Picture("rate", caption, "caterpillar", beside, "result_table"))
    return (*blocks, _plain(table), *_roles(findings, row, language))


def _figures(findings: Findings, row: Row, language: Language) -> tuple[Block, ...]:
    if row["verdict"] == "withheld":
        return ()
    result = findings.by_branch
    (whole,) = rows(findings.overall.frame)
    figures = [
        (
            say(language, "满意率", "Satisfaction rate"),
            formats.percent(row["rate"], bar=result.bar),
            base(row, result, language),
        ),
        (
            say(language, "判定", "Verdict"),
            vocabulary.verdict(row["verdict"], language),
            say(language, f"标准 {formats.bar(result.bar)}", f"bar {formats.bar(result.bar)}"),
        ),
    ]
    if whole["verdict"] != "withheld":
        figures.append(
            (
                say(language, "全校满意率", "University"),
                formats.percent(whole["rate"], bar=result.bar),
                base(whole, findings.overall, language),
            )
        )
    return (Figures(tuple(figures)),)


def _beside_university(findings: Findings, row: Row, language: Language) -> Satisfaction:
    own = findings.by_branch.frame
    whole = findings.overall.frame.assign(branch=say(language, "全校", "University"))
    whole = whole[own.columns.intersection(whole.columns)]
    frame = pd.concat([own[own["branch"] == row["branch"]], whole], ignore_index=True)
    return dataclasses.replace(findings.by_branch, frame=frame)


def _roles(findings: Findings, row: Row, language: Language) -> tuple[Block, ...]:
    both = findings.by_branch_role
    if both is None:
        return ()
    own = dataclasses.replace(both, frame=both.frame[both.frame["branch"] == row["branch"]])
    if own.frame.empty:
        return ()
    caption = say(language, "本支部两类人员的满意率", "Satisfaction by role")
    table = tables.satisfaction(
        own, name="role_table", sheet=caption, caption=caption, language=language
    )
    shown = tuple(column for column in table.columns if column.name != "branch")
    return (dataclasses.replace(table, columns=shown),)


def _plain(table: Table) -> Table:
    """Leave out searching, the verdict adjusted for all branches, and repeated remarks."""
    columns = tuple(c for c in table.columns if c.name not in ("why", "verdict_fdr"))
    return dataclasses.replace(table, columns=columns, searchable=False)


def _drivers(findings: Findings, branch: str, language: Language) -> tuple[Block, ...]:
    result = findings.drivers
    assert result is not None
    own = result.branches[result.branches["branch"] == branch]
    found = rows(result.branch_totals[result.branch_totals["branch"] == branch])
    totals = found[0] if found else None
    sentences = breakdown.branch(totals, own, result, language)
    note = Text(say(language, *breakdown_notes.ASSOCIATION), "note")
    if own.empty or own["contribution"].isna().all():
        return (*(Text(text) for text in sentences), note)
    caption = say(language, "本支部与全校各维度", "Dimensions: branch and university")
    return (
        *(Text(text) for text in sentences),
        note,
        Picture(
            "dimensions",
            caption,
            "branch_dimensions",
            dataclasses.replace(result, branches=own),
            "branch_drivers",
            {"branch": branch},
        ),
        driver_tables.branch_drivers(result, branch, language),
    )


def _items(items: ItemResponses, alpha: float, language: Language) -> tuple[Block, ...]:
    title = say(language, "各项指标的回答", "Answers to every item")
    table = item_tables.items(items, alpha, language)
    return (
        Picture("item_bars", title, "item_bars", items, "items_table"),
        dataclasses.replace(table, folded=False),
    )
