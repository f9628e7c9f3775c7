"""The indicators: how each was answered."""

from __future__ import annotations

from questionnaires.language import say
from survey.errors import Language
from survey.report.columns import bounds_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.texts import sentence
from survey.results import Findings, ItemResponses


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the answers to every indicator; nothing where none was asked or may be shown."""
    result, alpha = findings.items, findings.tables["branch",].alpha
    if result is None:
        return ()
    if result.summary["rate"].isna().all():
        text = "各项指标的有效回答过少，不公布其满意率。"
        text_en = "The indicators have too few valid answers: their rates are not published."
        return (Text(say(language, text, text_en), "note"),)
    title = say(language, "各项指标的回答", "Answers to every indicator")
    return (
        Picture("item_bars", title, "item_bars", result, "items_table"),
        items(result, alpha, language),
        answers(result, language),
        Text(
            sentence(language, "indicators.alike"),
            "note",
        ),
    )


def items(result: ItemResponses, alpha: float, language: Language) -> Table:
    """Make the table of items with their rates."""
    columns = (
        Column("number", label("number", language), "count"),
        Column(say(language, "title", "title_en"), label("item", language)),
        Column(
            say(language, "dimension_title", "dimension_title_en"), label("dimension", language)
        ),
        *(
            Column(name, label(name, language), "count")
            for name in ("n_valid", "n_not_applicable", "n_missing", "n_satisfied")
        ),
        Column("rate", label("rate", language), "share"),
        bounds_column(alpha, language),
        Column("index", label("index", language), "score"),
    )
    caption = say(language, "各项指标的满意率", "Satisfaction by indicator")
    sheet = say(language, "指标", "Items")
    return Table("items_table", sheet, caption, result.summary, columns, folded=True)


def answers(result: ItemResponses, language: Language) -> Table:
    """Make the table of how often each answer to each item was chosen."""
    columns = (
        Column(say(language, "title", "title_en"), label("item", language)),
        Column(say(language, "label", "label_en"), label("label", language)),
        Column("n", label("n", language), "count"),
        Column("share", label("share", language), "share"),
    )
    caption = say(language, "各项指标的答案分布", "Answers to every indicator")
    sheet = say(language, "答案分布", "Answers")
    return Table("answers", sheet, caption, result.frame, columns, folded=True)
