"""The standard's indicators: what it requires, and what the survey itself measures of it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest

import questionnaires
from survey import vocabulary
from survey.errors import Language
from survey.report import cells
from survey.report.document import Text
from survey.report.sections import compose, standard
from survey.results import Findings, Satisfaction
from tests.survey import results_samples as samples

LANGUAGES: tuple[Language, ...] = ("zh", "en")


def against(overall: Satisfaction) -> Findings:
    found = samples.sample_findings()
    return dataclasses.replace(
        samples.with_tables(found, overall),
        questionnaire=questionnaires.load("jiangsu-2014"),
        items=samples.sample_items(),
    )


def indicator(number: int, overall: Satisfaction, language: Language) -> dict[str, str]:
    table = standard.self_rating(against(overall), language)
    names = [column.name for column in table.columns]
    line = cells.lines(table, language)[number - 1]
    return dict(zip(names, (cell.text for cell in line), strict=True))


def overall(**values: Any) -> Satisfaction:
    result = samples.sample_satisfaction(by=())
    frame = result.frame.astype(object).assign(**values)
    return dataclasses.replace(result, frame=frame)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_criterion_of_satisfaction_has_the_overall_rate(language: Language) -> None:
    shown = indicator(18, overall(n_valid=846, rate=0.9213, verdict="meets"), language)
    assert shown["n_valid"] == "846"
    assert shown["rate"] == "92.1%"
    assert "90%" in shown["required"]
    assert shown["evidence"] == vocabulary.verdict("meets", language)


@pytest.mark.parametrize(("bar", "said"), [("0.9", "达标"), ("0.90", "达标"), ("0.85", "85%")])
def test_a_verdict_by_another_bar_is_not_given_for_the_standards(bar: str, said: str) -> None:
    result = dataclasses.replace(overall(rate=0.9213, verdict="meets"), bar=bar)
    shown = indicator(18, result, "zh")["evidence"]
    assert said in shown
    assert (shown == "达标") == (said == "达标")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withheld_overall_rate_stays_withheld(language: Language) -> None:
    hidden = overall(verdict="withheld", rate=float("nan"), lower=float("nan"), upper=float("nan"))
    shown = indicator(18, hidden, language)
    assert shown["rate"] == shown["lower"] == "—"


def test_what_documents_must_show_says_how_much() -> None:
    assert indicator(3, overall(), "zh")["required"] == "班子成员每人结对联系服务对象不少于 2 人"
    assert indicator(3, overall(), "en")["required"].endswith(": at least 2")


def test_without_a_workbook_nothing_is_provided() -> None:
    assert indicator(3, overall(), "zh")["evidence"] == "未提供"
    assert indicator(5, overall(), "zh")["evidence"] == ""


def test_one_name_has_one_figure() -> None:
    """What the overall question measures is no name of the item that asks for something else."""
    asked = questionnaires.load("jiangsu-2014")
    titles = asked.item_titles
    assert titles["q17"][0] == "工作富有特色"
    assert titles["q18"][0] == asked.item("q18").text
    assert asked.measured_by_overall == (18,)
    assert [minimum.number for minimum in asked.standard.to_be_proved] == [1, 2, 3, 4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_the_eighteen_differ_is_said(language: Language) -> None:
    found = against(overall())
    (note,) = (block.text for block in standard.compose(found, language) if isinstance(block, Text))
    assert "18" in note
    assert found.questionnaire.item_titles["q18"][language == "en"] in note


def test_the_other_indicators_keep_their_own_rates() -> None:
    own = samples.sample_items().summary["rate"].iloc[0]
    table = standard.self_rating(against(overall()), "zh")
    assert table.frame["rate"].iloc[0] == pytest.approx(own)
    assert pd.notna(table.frame["rate"]).all()


def test_the_report_has_it() -> None:
    findings = dataclasses.replace(
        samples.sample_findings(), questionnaire=questionnaires.load("jiangsu-2014")
    )
    (table,) = (t for t in compose(findings).tables() if t.name == "scorecard")
    assert table.frame["rate"].iloc[17] == pytest.approx(findings.tables[()].frame["rate"].iloc[0])
