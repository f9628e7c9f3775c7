"""The indicators: how each was answered."""

from __future__ import annotations

from survey.errors import Language
from survey.report.document import Block, Table, Text
from survey.report.tables import bounds_column, picture, table, titled
from survey.report.texts import sentence
from survey.results import Findings, ItemResponses


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the answers to every indicator; nothing where none was asked or may be shown."""
    result, alpha = findings.items, findings.tables["branch",].alpha
    if result is None:
        return ()
    if result.summary["rate"].isna().all():
        return (Text(sentence(language, "indicators.few"), "note"),)
    return (
        picture(language, "item_bars", result, "items_table"),
        items(result, alpha, language),
        answers(result, language),
        Text(sentence(language, "indicators.alike"), "note"),
    )


def items(result: ItemResponses, alpha: float, language: Language) -> Table:
    """Make the table of items with their rates."""
    shown = (
        "number",
        titled(language, "item"),
        titled(language, "dimension", "dimension_title"),
        *("n_valid", "n_not_applicable", "n_missing", "n_satisfied", "rate"),
        bounds_column(alpha, language),
        "index",
    )
    return table(language, "items_table", result.summary, shown, folded=True)


def answers(result: ItemResponses, language: Language) -> Table:
    """Make the table of how often each answer to each item was chosen."""
    shown = titled(language, "item"), titled(language, "label", "label"), "n", "share"
    return table(language, "answers", result.frame, shown, folded=True)
