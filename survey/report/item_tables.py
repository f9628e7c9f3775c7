"""Tables of the items: rates, answers, and the standard's scorecard."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from questionnaires import DocumentaryMinimum, Questionnaire
from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.report.columns import Labels, bounds_column
from survey.report.document import Column, Table
from survey.report.wording.phrases import Row, rows, say
from survey.results import ItemResponses, Satisfaction


def items(result: ItemResponses, alpha: float, language: Language) -> Table:
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
        bounds_column(alpha, language),
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
    questionnaire: Questionnaire, result: ItemResponses, overall: Satisfaction, language: Language
) -> Table:
    """Set the survey's result of every indicator beside a place for people's judgement.

    The standard defines no total, so there is none; documentary minimums that no evidence was
    given for read «未提供». A minimum that the overall question measures has the overall rate.

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
    required = {
        minimum.indicator: _required(minimum, language)
        + (
            _measured(whole, overall, language)
            if measured(minimum, questionnaire)
            else say(language, "：未提供", ": not given")
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
    names = ["number", "dimension", "indicator", "required", "judgement"]
    numbers = ["n_valid", "rate", "lower", "upper"]
    figures = result.summary[["number", *numbers]]
    frame = pd.DataFrame(indicators, columns=names).merge(figures, on="number", how="left")
    of_everyone = [m.indicator for m in questionnaire.documentary if measured(m, questionnaire)]
    for number in of_everyone:
        frame.loc[frame["number"] == number, numbers] = [whole[name] for name in numbers]
    columns = (
        Column("number", say(language, "序号", "No."), "count"),
        Column("dimension", say(language, "维度", "Dimension")),
        Column("indicator", say(language, "指标（标准原文）", "Indicator (as in the standard)")),
        Column("n_valid", say(language, "有效回答", "Valid answers"), "count"),
        Column("rate", say(language, "问卷满意率", "Rate in the survey"), "share", bar=overall.bar),
        bounds_column(overall.alpha, language),
        Column("required", say(language, "标准的最低要求", "Required minimum")),
        Column("judgement", say(language, "评议意见", "Judgement")),
    )
    caption = say(
        language,
        "对照标准：问卷结果与评议意见（标准未规定总分，不计总分）",
        "The standard: survey results beside people's judgement (no total is defined)",
    )
    return Table("scorecard", say(language, "对照标准", "Scorecard"), caption, frame, columns)


def measured(minimum: DocumentaryMinimum, questionnaire: Questionnaire) -> bool:
    """Say whether a minimum is the bar itself, which the overall question measures."""
    share = Fraction(str(minimum.minimum)) / 100
    return minimum.unit == "%" and share == Fraction(questionnaire.bar)


def _required(minimum: DocumentaryMinimum, language: Language) -> str:
    least = f"{minimum.minimum:g}"
    percent = "%" if minimum.unit == "%" else ""
    unit = percent or f" {minimum.unit}"
    return say(
        language,
        f"{minimum.text}（不少于 {least}{unit}）",
        f"{minimum.text_en or minimum.text} (at least {least}{percent})",
    )


def _measured(whole: Row, overall: Satisfaction, language: Language) -> str:
    """Say the verdict on the overall rate, which stands in the row in place of the item's."""
    verdict = vocabulary.verdict(whole["verdict"], language)
    goal = formats.bar(overall.bar)
    text = say(
        language,
        f"：本行为全校总体满意率，按 {goal} 判定为“{verdict}”",
        f": this row has the overall rate of the university; against {goal}: {verdict}",
    )
    joint = whole.get("verdict_joint")
    if not formats.present(joint) or joint == whole["verdict"]:
        return text
    both = vocabulary.joint(str(joint), language)
    return text + say(
        language, f"，兼顾各类人员为“{both}”", f"; every role taken into account: {both}"
    )
