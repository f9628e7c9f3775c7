"""The report: two pages to decide by, the evidence, and an annex for readers who check it.

============ ==================================================================
summary      for the committee: verdicts, names, ends, the silent, who is asked what
branches     every branch, those below the bar first
groups       roles and further groupings
standard     the standard's indicators, what documents prove, the table to be signed
indicators   answers to the items
breakdown    dissatisfaction by dimension
actions      what has become of last time's list of actions
comments     what the open answers speak of, and quotations where asked
scores       the school's own score beside the verdict
methods      annex: how, limits, terms, provenance
quality      annex: screening and reliability
response     annex: response rates and what the silent could change
comparison   annex: funnel and ranks
waves        annex: what has changed since the wave before
models       annex: branches by dimensions, items, sensitivity, regression
============ ==================================================================

Each is one file: sentences, tables and charts together. A section that has nothing to show is
left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from questionnaires.language import named, say
from survey import formats
from survey.errors import Language
from survey.report.document import Block, Document, Section, Table, Text
from survey.report.sections import (
    actions,
    branches,
    breakdown,
    comments,
    comparison,
    groups,
    indicators,
    methods,
    models,
    quality,
    response,
    scores,
    standard,
    summary,
    waves,
)
from survey.results import Findings

Compose = Callable[[Findings, Language], tuple[Block, ...]]
MAIN: tuple[tuple[str, str, str, Compose], ...] = (
    ("conclusion", "结论", "Conclusion", summary.compose),
    ("branches", "各党支部", "Branches", branches.compose),
    ("groups", "各类人员", "Groups of people", groups.compose),
    ("standard", "对照标准", "The standard", standard.compose),
    ("items", "各项指标", "Indicators", indicators.compose),
    ("drivers", "不满意集中在哪些方面", "What dissatisfaction goes with", breakdown.compose),
    ("actions", "上次整改事项", "Last time's actions", actions.compose),
    ("comments", "意见和建议", "Comments", comments.compose),
    ("scores", "记分与判定", "Scores and verdicts", scores.compose),
)
ANNEX: tuple[tuple[str, str, str, Compose], ...] = (
    ("methods", "方法、局限与名词", "Methods, limits and terms", methods.compose),
    ("quality", "答卷质量", "Quality of the answers", quality.compose),
    ("nonresponse", "回收率与未作答者的影响", "Response and the silent", response.compose),
    ("waves", "与上次相比", "Since the wave before", waves.compose),
    ("comparison", "多支部比较", "Branches compared", comparison.compose),
    ("models", "不满意构成的细节与核对", "The breakdown in detail", models.compose),
)


def compose(findings: Findings, language: Language = "zh") -> Document:
    """Put a survey's findings into sections of sentences, tables and charts.

    Returns
    -------
    Document
        What `html`, `word` and `workbook` render: of fewer than 30 valid answers one page, with
        all tables in the workbook.
    """
    findings = findings.named_in(language)
    parts = [
        Section(name, say(language, zh, en), blocks, annex)
        for annex, listed in ((False, MAIN), (True, ANNEX))
        for name, zh, en, make in listed
        if (blocks := make(findings, language))
    ]
    brief = summary.is_brief(findings)
    if brief:
        parts = _brief(parts, findings, language)
    author = findings.cover.author or findings.cover.organisation
    lines = _byline(findings, language)
    return Document(findings.title, lines, tuple(parts), language, brief, author)


def _brief(parts: list[Section], findings: Findings, language: Language) -> list[Section]:
    """Keep the conclusion and what it rests on; of the rest the tables alone, folded away."""
    first, *rest = parts
    tables = tuple(
        dataclasses.replace(block, folded=True)
        for part in rest
        for block in part.blocks
        if isinstance(block, Table)
    )
    rows = Text(quality.rows_read(findings, language), "note")
    return [dataclasses.replace(first, blocks=(*first.blocks, rows, *tables))]


def _byline(findings: Findings, language: Language) -> tuple[str, ...]:
    """Say who reports on which time, and when; without these, what was asked and when."""
    cover, asked = findings.cover, findings.questionnaire
    given = [part for part in (cover.organisation, cover.period, cover.author) if part]
    return (*(given or [named(asked, language)]), formats.date(findings.created, language))
