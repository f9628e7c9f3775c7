"""The indicators: how each was answered, and the standard's beside what documents must prove."""

from __future__ import annotations

import dataclasses

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.language import say
from survey.errors import Language
from survey.report.columns import bounds_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.wording.phrases import rows
from survey.results import Findings, ItemResponses, Satisfaction


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
    blocks: list[Block] = []
    if findings.questionnaire.source:
        overall = findings.tables[()]
        blocks.append(scorecard(findings.questionnaire, result, overall, language))
    return (
        *blocks,
        Picture("item_bars", title, "item_bars", result, "items_table"),
        items(result, alpha, language),
        answers(result, language),
        Text(
            say(
                language,
                "各项由同一批人回答，满意率相近的指标不能据此分出高低。",
                "The same people answered all of them: indicators close together cannot be put in "
                "order.",
            ),
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


def scorecard(
    questionnaire: Questionnaire, result: ItemResponses, overall: Satisfaction, language: Language
) -> Table:
    """Set the standard's indicators beside their rates and what documents must prove.

    The standard defines no total, so there is none. An indicator that the overall question
    measures has the overall rate.

    Parameters
    ----------
    questionnaire : Questionnaire
        Its indicators and the standard's minimums.
    result : ItemResponses
        How the items were answered.
    overall : Satisfaction
        Of the university, under the privacy rule.
    language : {"zh", "en"}
        Language of the table.
    """
    (whole,) = rows(overall.frame)
    minimums = {minimum.indicator: minimum for minimum in questionnaire.documentary}
    required = {
        number: say(
            language,
            "{text}不少于 {least}{unit}",
            "{text}: at least {least}{unit}",
            text=say(language, minimum.text, minimum.text_en or minimum.text),
            least=f"{minimum.minimum:g}",
            unit="%" if minimum.unit == "%" else say(language, f" {minimum.unit}", ""),
        )
        for number, minimum in minimums.items()
    }
    names = ["number", "dimension", "indicator", "required"]
    frame = pd.DataFrame(
        [
            (
                indicator.number,
                say(language, dimension.title, dimension.title_en or dimension.title),
                say(language, indicator.title, indicator.title_en or indicator.title),
                required.get(indicator.number, ""),
            )
            for dimension in questionnaire.dimensions
            for indicator in dimension.indicators
        ],
        columns=names,
    )
    numbers = ["n_valid", "rate", "lower", "upper"]
    frame = frame.merge(result.summary[["number", *numbers]], on="number", how="left")
    for number in questionnaire.measured_by_overall:
        frame.loc[frame["number"] == number, numbers] = [whole[name] for name in numbers]
    columns = (
        Column("number", label("number", language), "count"),
        Column("dimension", label("dimension", language)),
        Column("indicator", say(language, "指标（标准原文）", "Indicator of the standard")),
        Column("n_valid", label("n_valid", language), "count"),
        Column("rate", label("rate", language), "share", bar=overall.bar),
        dataclasses.replace(bounds_column(overall.alpha, language), unprinted=True),
        Column("required", say(language, "标准的最低要求", "Required minimum")),
    )
    caption = say(
        language,
        "对照标准的各项指标（标准未规定总分；有最低要求的须凭材料核对）",
        "The standard's indicators (no total is defined; minimums are proved by documents)",
    )
    return Table("scorecard", say(language, "对照标准", "Scorecard"), caption, frame, columns)
