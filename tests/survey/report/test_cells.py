"""Values of tables: ties, infinity, the bar, censuses and shared ranks, alike in every format."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from survey import charts, formats
from survey.charts import units
from survey.charts.look import Look
from survey.errors import Language
from survey.report import branch_page, cells, workbook, workbook_looks
from survey.report.document import Column, Document, Section, Table
from survey.report.sections import comparison, compose
from survey.results import Findings, Satisfaction
from tests.survey import results_samples as samples


def with_first(result: Satisfaction, **values: object) -> Satisfaction:
    frame = result.frame.astype(object)
    for name, value in values.items():
        frame.loc[0, name] = value
    return dataclasses.replace(result, frame=frame)


def census(result: Satisfaction) -> Satisfaction:
    """Put a census of 299 people into the first row, 269 satisfied: 89.97 %."""
    share = 269 / 299
    return with_first(
        result,
        population=299,
        n_valid=299,
        n_satisfied=269,
        rate=share,
        lower=share,
        upper=share,
        verdict="below",
    )


def sheet_of(table: Table, tmp_path: Path, language: Language = "zh") -> Any:
    document = Document("t", ("s",), (Section("a", "A", (table,)),), language)
    return openpyxl.load_workbook(workbook.write(document, tmp_path / "t.xlsx"))[table.sheet]


def table_of(findings: Findings, name: str, language: Language = "zh") -> Table:
    (table,) = (table for table in compose(findings, language).tables() if table.name == name)
    return table


@pytest.mark.parametrize(("n_satisfied", "n"), [(39, 48), (7, 16), (1, 16), (61, 80), (33, 2000)])
def test_ties_are_rounded_up_as_in_a_spreadsheet(n_satisfied: int, n: int) -> None:
    # the exact tie in whole numbers: tenths of a percent, rounded half up
    tenths = (2000 * n_satisfied + n) // (2 * n)
    expected = f"{tenths // 10}.{tenths % 10}%"
    share = n_satisfied / n
    assert formats.percent(share) == formats.percent(share) == expected
    assert formats.percent(1 - (n - n_satisfied) / n) == expected


@pytest.mark.parametrize(("language", "words"), [("zh", "达不到"), ("en", "cannot be reached")])
def test_what_cannot_be_reached_is_said_alike_in_page_and_workbook(
    language: Language, words: str, tmp_path: Path
) -> None:
    findings = samples.sample_findings(8)
    findings = samples.with_tables(
        findings, with_first(findings.tables["branch",], break_even=math.inf)
    )
    table = table_of(findings, "nonresponse_table", language)
    assert cells.lines(table, language)[0][-3].text == words
    texts = [cell.text for line in cells.lines(table, language) for cell in line]
    assert not any("inf" in text for text in texts)
    assert [cell.value for cell in sheet_of(table, tmp_path, language)[2]][-3] == words


@pytest.mark.parametrize(("language", "word"), [("zh", "普查"), ("en", "census")])
def test_a_rate_below_the_bar_is_not_written_as_the_bar_and_a_census_has_no_interval(
    language: Language, word: str, tmp_path: Path
) -> None:
    findings = samples.sample_findings(8)
    findings = samples.with_tables(
        findings, census(findings.tables["branch",]), census(findings.tables[()])
    )
    for name in ("branches", "everyone"):
        table = table_of(findings, name, language)
        line = next(n for n, p in enumerate(table.frame["population"]) if p == 299)
        shown = dict(
            zip((c.name for c in table.columns), cells.lines(table, language)[line], strict=True)
        )
        assert shown["rate"].text == "89.97%"
        assert shown["lower"].text == word
    sheet = sheet_of(table_of(findings, "branches", language), tmp_path, language)
    line = next(n for n in range(2, sheet.max_row + 1) if 299 in [c.value for c in sheet[n]])
    row = {head.value: cell for head, cell in zip(sheet[1], sheet[line], strict=True)}
    rate = row["满意率" if language == "zh" else "Satisfaction rate"]
    assert (rate.value, rate.number_format) == (pytest.approx(269 / 299), "0.00%")
    assert [cell.value for cell in sheet[line]].count(word) == 2
    branch = str(findings.tables["branch",].frame["branch"].iloc[0])
    page = branch_page.compose(findings, branch, None, language)
    line = cells.lines(page.tables()[0], language)[0]
    assert {"89.97%", word} <= {cell.text for cell in line}
    result = findings.tables["branch",]
    hint = units.hints(result, result.frame, Look(language=language))[0]
    assert "89.97%" in hint
    assert word in hint


def test_a_limit_that_misses_the_bar_is_not_written_as_the_bar() -> None:
    column = Column("low", "区间", "interval", "high", bar="0.9")
    assert cells.text({"rate": 0.93, "low": 0.8996, "high": 0.95}, column) == "89.96%～95.0%"
    assert cells.text({"rate": 0.93, "low": 0.9, "high": 0.95}, column) == "90.0%～95.0%"


def test_a_sample_without_spread_is_no_census() -> None:
    column = Column("low", "区间", "interval", "high")
    assert cells.text({"rate": 998 / 999, "low": 0.999, "high": 0.999}, column) == "99.9%～99.9%"


def test_shared_ranks_widen_to_whole_ones_everywhere(tmp_path: Path) -> None:
    ranking = samples.sample_ranking(8)
    frame = ranking.frame.assign(rank_low=1.5, rank_high=11.5)
    ranking = dataclasses.replace(ranking, frame=frame)
    findings = dataclasses.replace(samples.sample_findings(8), ranking=ranking)
    table = table_of(findings, "ranking")
    assert cells.lines(table)[0][-1].text == "1–12"
    assert [cell.value for cell in sheet_of(table, tmp_path)[2]][-2:] == [1, 12]
    assert "12 个名次" in charts.describe("ranks", ranking)
    assert "12 个名次" in comparison.ranking(ranking)


def test_nearly_all_is_not_all_in_the_workbook() -> None:
    assert workbook_looks.number_format(0.99999, "share").startswith('[=1]0.0%;[>=0.9995]">99.9%"')
    assert '"<0.1%"' in workbook_looks.number_format(0.0002, "share")
    assert '"<0.1%"' not in workbook_looks.number_format(0.5, "share")


def test_points_have_decimals_that_are_of_use(tmp_path: Path) -> None:
    frame = pd.DataFrame({"contribution": [0.123456789123]})
    table = Table("x", "x", "x", frame, (Column("contribution", "c", "points"),))
    assert sheet_of(table, tmp_path)["A2"].value == 12.345679
