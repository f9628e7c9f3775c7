"""Tables of the items: rates, answers, and the standard's scorecard."""

from __future__ import annotations

import pandas as pd

from questionnaires import Questionnaire
from survey.errors import Language
from survey.report.columns import Labels, interval_column, level_heading
from survey.report.document import Column, Table
from survey.report.wording.phrases import say
from survey.results import ItemResponses


def items(result: ItemResponses, level: float, language: Language) -> Table:
    """Make the table of items with their rates."""
    label = Labels(language).of
    columns = (
        Column("number", say(language, "序号", "No."), "count"),
        Column(say(language, "title", "title_en"), label("item")),
        Column(say(language, "dimension_title", "dimension_title_en"), label("dimension")),
        Column("n_valid", label("n_valid"), "count"),
        Column("n_not_applicable", label("n_not_applicable"), "count"),
        Column("n_missing", label("n_missing"), "count"),
        Column("n_satisfied", label("n_satisfied"), "count"),
        Column("rate", label("rate"), "share"),
        interval_column(level_heading(label("interval"), level)),
        Column("index", label("index"), "score"),
    )
    caption = say(language, "各项指标的满意率", "Satisfaction by item")
    sheet = say(language, "指标", "Items")
    return Table("items_table", sheet, caption, result.summary, columns, folded=True)


def answers(result: ItemResponses, language: Language) -> Table:
    """Make the table of how often each answer to each item was chosen."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("item")),
        Column(say(language, "label", "label_en"), label("label")),
        Column("n", label("n"), "count"),
        Column("share", label("share"), "share"),
    )
    caption = say(language, "各项指标的答案分布", "Answers to every item")
    sheet = say(language, "答案分布", "Answers")
    return Table("answers", sheet, caption, result.frame, columns, folded=True)


def scorecard(
    questionnaire: Questionnaire, result: ItemResponses, level: float, language: Language
) -> Table:
    """Set the survey's result of every indicator beside a place for people's judgement.

    The standard defines no total, so there is none; documentary minimums that no evidence was
    given for read «未提供».
    """
    required = {
        minimum.indicator: say(
            language,
            f"{minimum.text}：未提供",
            f"{minimum.text_en or minimum.text}: not given",
        )
        for minimum in questionnaire.documentary
    }
    indicators = [
        (
            indicator.number,
            say(language, dimension.title, dimension.title_en or dimension.title),
            say(language, indicator.title, indicator.title_en or indicator.title),
            required.get(indicator.number, ""),
            "",
        )
        for dimension in questionnaire.dimensions
        for indicator in dimension.indicators
    ]
    names = ["number", "dimension", "indicator", "documents", "judgement"]
    figures = result.summary[["number", "n_valid", "rate", "low", "high"]]
    frame = pd.DataFrame(indicators, columns=names).merge(figures, on="number", how="left")
    columns = (
        Column("number", say(language, "序号", "No."), "count"),
        Column("dimension", say(language, "维度", "Dimension")),
        Column("indicator", say(language, "指标（标准原文）", "Indicator (as in the standard)")),
        Column("n_valid", say(language, "有效回答", "Valid answers"), "count"),
        Column("rate", say(language, "问卷满意率", "Rate in the survey"), "share"),
        interval_column(level_heading(say(language, "区间", "interval"), level)),
        Column("documents", say(language, "须查文件", "To be shown by documents")),
        Column("judgement", say(language, "评议意见", "Judgement")),
    )
    caption = say(
        language,
        "对照标准：问卷结果与评议意见（标准未规定总分，不计总分）",
        "The standard: survey results beside people's judgement (no total is defined)",
    )
    return Table("scorecard", say(language, "对照标准", "Scorecard"), caption, frame, columns)
