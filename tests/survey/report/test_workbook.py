"""The workbook, opened again."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import quote_sheetname
from openpyxl.workbook import Workbook

from survey.report import units, workbook, write
from survey.report.document import Column, Document, Section, Table
from survey.report.sections import compose
from tests.survey import results_samples as samples


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    folder = tmp_path_factory.mktemp("book")
    return openpyxl.load_workbook(write(samples.sample_findings(12), folder, formats=("xlsx",))[0])


def test_one_sheet_a_table_after_the_explanations(book: Workbook) -> None:
    tables = compose(samples.sample_findings(12)).tables()
    assert book.sheetnames == ["说明", *(table.sheet for table in tables)]
    for table in tables:
        assert book[table.sheet].max_row == len(table.frame) + 1


def test_headers_are_frozen_and_numbers_are_numbers(book: Workbook) -> None:
    sheet = book["各支部"]
    assert sheet.freeze_panes == "B2"
    head = [cell.value for cell in sheet[1]]
    rate = head.index("满意率")
    cells = [row[rate] for row in sheet.iter_rows(min_row=2)]
    assert {cell.number_format for cell in cells} == {'[=1]0.0%;[>=0.9995]">99.9%";0.0%'}
    frame = units.worst_first(samples.sample_satisfaction(12).frame)
    assert [c.value for c in cells] == pytest.approx(
        [None if pd.isna(value) else value for value in frame["rate"]]
    )
    assert "95% 下限" in head
    assert "95% 上限" in head


def test_withheld_units_have_no_figures(book: Workbook) -> None:
    sheet = book["各支部"]
    head = [cell.value for cell in sheet[1]]
    (hidden,) = [
        row
        for row in sheet.iter_rows(min_row=2, values_only=True)
        if row[head.index("判定")] == "暂不评定"
    ]
    assert hidden[head.index("满意率")] is None
    assert hidden[head.index("满意人数")] is None


def test_points_are_written_in_points(book: Workbook) -> None:
    sheet = book["构成"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == pytest.approx(
        [2.1, 1.2, 3.7, 0.6, -0.3, 1.5]
    )


def test_verdicts_are_coloured_by_condition(book: Workbook) -> None:
    ranges = list(book["各支部"].conditional_formatting)
    assert len(ranges) == 1
    assert all(len(each.rules) == 4 for each in ranges)


def test_native_charts(book: Workbook) -> None:
    with_chart = [sheet.title for sheet in book if sheet._charts]
    assert with_chart == ["各支部", "指标", "构成", "回收率"]


def test_explanations_hold_conclusion_and_terms(book: Workbook) -> None:
    text = "\n".join(str(c.value) for row in book["说明"].iter_rows() for c in row if c.value)
    for words in ("对照满意度达到 90% 的标准", "有效回答", "暂不评定", "支部构成"):
        assert words in text
    links = [c.hyperlink.location for row in book["说明"].iter_rows() for c in row if c.hyperlink]
    assert len(links) == len(book.sheetnames) - 1


def test_links_lead_to_sheets_of_any_name(tmp_path: Path) -> None:
    found = samples.sample_findings(3)
    by = dataclasses.replace(found.tables["branch",], by=("Dean's list",))
    by = dataclasses.replace(by, frame=by.frame.rename(columns={"branch": "Dean's list"}))
    found = samples.with_tables(found, by)
    book = openpyxl.load_workbook(write(found, tmp_path, formats=("xlsx",))[0])
    links = [c.hyperlink.target for row in book["说明"].iter_rows() for c in row if c.hyperlink]
    assert links == [f"#{quote_sheetname(name)}!A1" for name in book.sheetnames[1:]]


@pytest.mark.parametrize("name", ["=1+1", "+支部", "-支部", "@支部", "\t支部", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_is_marked_as_text(name: str, tmp_path: Path) -> None:
    found = samples.sample_findings(3)
    found.tables["branch",].frame.loc[0, "branch"] = name
    sheet = openpyxl.load_workbook(write(found, tmp_path, formats=("xlsx",))[0])["各支部"]
    (cell,) = (cell for cell in sheet["A"] if cell.value == name)
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_control_characters_are_left_out(tmp_path: Path) -> None:
    found = samples.sample_findings(3)
    found.tables["branch",].frame.loc[0, "branch"] = "支\x0b部"
    sheet = openpyxl.load_workbook(write(found, tmp_path, formats=("xlsx",))[0])["各支部"]
    assert "支部" in [cell.value for cell in sheet["A"][1:]]


def test_english(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(
        write(samples.sample_findings(3), tmp_path, language="en", formats=("xlsx",))[0]
    )
    assert book.sheetnames[:3] == ["About", "University", "Verdicts"]


def test_empty_survey_gives_sheets_without_rows(tmp_path: Path) -> None:
    found = samples.sample_findings(3)
    empty = dataclasses.replace(
        found.tables["branch",], frame=found.tables["branch",].frame.iloc[:0]
    )
    found = samples.with_tables(found, empty, without=["role"])
    bare = dataclasses.replace(found, strict=None, drivers=None, ranking=None)
    path = workbook.write(compose(bare), tmp_path / "x.xlsx")
    assert openpyxl.load_workbook(path)["各支部"].max_row == 1


def test_every_sheet_is_one_marked_table_without_merged_cells(tmp_path: Path) -> None:
    """What the published guidance for spreadsheets asks for."""
    document = compose(samples.sample_findings(12))
    book = openpyxl.load_workbook(workbook.write(document, tmp_path / "results.xlsx"))
    about, *sheets = book.worksheets
    assert "按匿名承诺不公布" in "".join(str(cell.value) for row in about.rows for cell in row)
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges, sheet.title
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.page_setup.fitToWidth == 1
    for sheet in sheets:
        heads = [cell.value for cell in sheet[1]]
        assert all(heads), sheet.title
        (marked,) = sheet.tables.values()
        assert marked.ref == sheet.dimensions
        assert [column.name for column in marked.tableColumns] == heads


def test_a_long_list_is_printed_upright_on_few_pages() -> None:
    """As many rows as 40 branches have files, with names that office workers give them."""
    files = pd.DataFrame(
        {"branch": ["机械学院教工第一党支部"] * 480, "file": ["会议记录.pdf"] * 480}
    )
    columns = Column("branch", "支部"), Column("file", "材料文件名")
    table = Table("files", "材料目录", "材料目录", files, columns)
    wide = dataclasses.replace(
        table, name="wide", sheet="宽", columns=tuple(Column("branch", f"{n}") for n in range(9))
    )
    section = Section("all", "全部", (table, wide))
    path = workbook.write(
        Document("报告", (), (section,), "zh"), Path(tempfile.mkdtemp()) / "a.xlsx"
    )
    book = openpyxl.load_workbook(path)
    assert book["材料目录"].page_setup.orientation == "portrait"
    assert book["宽"].page_setup.orientation == "landscape"
    for sheet in book.worksheets[1:]:
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.fitToWidth == 1
