"""The workbook of documentary minimums: written, filled in, read, judged, printed."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import survey
from questionnaires import load, standard
from survey import documentary
from survey.cli import main
from survey.documentary.periods import between
from survey.errors import ReadError, UsageError
from survey.report import branch_page
from survey.report.sections import compose
from survey.report.wording.phrases import lacking
from survey.results import Evidence

TODAY = date(2026, 11, 28)
SINCE, UNTIL = date(2025, 8, 1), date(2026, 7, 31)
BRANCHES = ["甲支部", "乙支部"]
NATIONAL = """
id = "national-2019"
version = "2019"
title = "新时代高校党支部的规定"
source = "教党函〔2019〕34号"

[[dimensions]]
id = "contact"
title = "联系群众"

[[dimensions.indicators]]
number = 1
title = "讲党课"
minimums = [{ text = "每学期讲党课", per = "term", least = 2, unit = "次" }]

[[dimensions.indicators]]
number = 2
title = "联系师生"
minimums = [{ text = "每月联系师生", per = "month", least = 1, unit = "次" }]
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    held = standard.load("jiangsu-2014")
    return documentary.write(tmp_path / "佐证.xlsx", held, BRANCHES, SINCE, UNTIL)


def fill(path: Path, sheet: int, row: int, **values: Any) -> None:
    """Fill the yellow cells of one line, by their headers."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[sheet]
    names = [cell.value for cell in page[2]]
    for name, value in values.items():
        page.cell(row, names.index(name) + 1).value = value
    book.save(path)


def event(path: Path, row: int, **values: Any) -> None:
    whole = {
        "日期": date(2025, 10, 9),
        "主题": "学习研讨",
        "到会人数": 20,
        "材料文件名": "纪要.pdf",
    }
    fill(path, 0, row, **{**whole, **values})


def judged(path: Path, today: date = TODAY, name: str = "jiangsu-2014") -> Evidence:
    held = standard.load(name)
    known = dict(zip(BRANCHES, BRANCHES, strict=True))
    return documentary.judge(documentary.read(path, held, known.get, today), held, BRANCHES, today)


def status(result: Evidence, branch: str = "甲支部", number: int = 1) -> tuple[str, str]:
    found = result.frame[(result.frame["branch"] == branch) & (result.frame["number"] == number)]
    return found["status"].iloc[0], found["detail"].iloc[0]


def test_nothing_filled_in_is_nothing_provided(sheet: Path) -> None:
    result = judged(sheet)
    assert len(result.frame) == 2 * 4
    assert set(result.frame["status"]) == {"not_provided"}
    assert result.attachments.empty


def test_every_term_has_to_have_its_event(sheet: Path) -> None:
    event(sheet, 3)
    assert status(judged(sheet)) == ("not_met", "第二学期 0 次")
    event(sheet, 5, 日期=date(2026, 3, 2))
    assert status(judged(sheet)) == ("met", "")
    assert status(judged(sheet), "乙支部") == ("not_provided", "")


def test_what_lacks_in_a_term_that_is_not_over_does_not_lack_yet(sheet: Path) -> None:
    event(sheet, 3)
    assert status(judged(sheet, date(2026, 5, 1)))[0] == "not_provided"


@pytest.mark.parametrize("header", ["日期", "主题", "到会人数", "材料文件名"])
def test_an_event_without_all_four_cells_is_not_counted(sheet: Path, header: str) -> None:
    event(sheet, 3, **{header: None})
    assert status(judged(sheet)) == ("not_provided", "1 行材料不全，未计")


def test_every_member_who_is_written_down_needs_two_people(sheet: Path) -> None:
    whole = {"成员（职务）": "书记", "人数": 2, "材料文件名": "名单.docx"}
    fill(sheet, 1, 3, **whole)
    assert status(judged(sheet), number=3) == ("met", "")
    fill(sheet, 1, 4, **{**whole, "成员（职务）": "组织委员", "人数": 1})
    assert status(judged(sheet), number=3) == ("not_met", "组织委员 1 人")
    own = judged(sheet).of(["甲支部"]).frame
    assert "指标 3“宗旨意识牢固”未达到（组织委员 1 人）" in lacking(own)
    assert 'indicator 3 "Sense of purpose" not met' in lacking(own, "en")
    fill(sheet, 1, 4, 人数=3, 材料文件名=None)
    assert status(judged(sheet), number=3) == ("not_met", "1 行材料不全，未计")


@pytest.mark.parametrize(
    ("header", "value", "cell", "said"),
    [
        ("支部", "丙支部", "A3", "没有“丙支部”"),
        ("最低要求", "每学期组织观影不少于 1 次", "C3", "没有这项最低要求"),
        ("时段", "上学期", "D3", "起止日期"),
        ("日期", "十月", "E3", "不是日期"),
        ("日期", date(2026, 3, 1), "E3", "不在2025—2026 学年第一学期"),
        ("到会人数", -3, "G3", "不是大于 0 的整数"),
        ("到会人数", "二十", "G3", "不是大于 0 的整数"),
        ("到会人数", "9" * 30, "G3", "不是大于 0 的整数"),
    ],
)
def test_what_cannot_be_is_named_by_its_cell(
    sheet: Path, header: str, value: object, cell: str, said: str
) -> None:
    event(sheet, 3, **{header: value})
    with pytest.raises(ReadError) as caught:
        judged(sheet)
    assert f"活动 {cell}：" in caught.value.text("zh")
    assert said in caught.value.text("zh")


def test_all_that_cannot_be_is_named_at_once(sheet: Path) -> None:
    event(sheet, 3, 到会人数=0)
    event(sheet, 5, 日期=date(2025, 10, 9), 主题="另一次")
    fill(sheet, 1, 4, 人数="多")
    with pytest.raises(ReadError) as caught:
        judged(sheet)
    said = caught.value.text("zh")
    assert "有 3 格不可能" in said
    assert all(place in said for place in ("活动 G3", "活动 E5", "班子成员 E4"))


def test_the_same_event_is_written_once_and_none_lies_ahead(sheet: Path) -> None:
    event(sheet, 3)
    event(sheet, 4)
    with pytest.raises(ReadError, match="与单元格 F3 是同一次活动"):
        judged(sheet)
    event(sheet, 4, 主题="另一次")
    with pytest.raises(ReadError, match="还没有到"):
        judged(sheet, date(2025, 9, 1))


def test_cells_refuse_what_cannot_be(sheet: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    rules = {
        (str(rule.sqref).split(":")[0].split(" ")[0], rule.type): rule
        for rule in book["活动"].data_validations.dataValidation
    }
    assert rules["E3", "date"].formula1 == "DATE(2025,8,1)"
    assert rules["G3", "whole"].operator == "greaterThanOrEqual"
    (chosen, number) = book["班子成员"].data_validations.dataValidation
    assert {chosen.type, number.type} == {"list", "whole"}
    assert book["活动"]["F3"].protection.locked is False
    assert book["活动"]["A3"].protection.locked


def test_another_standard_is_a_file(tmp_path: Path) -> None:
    """Neither its minimums nor its times are known to the program."""
    (tmp_path / "新标准.toml").write_text(NATIONAL, encoding="utf-8")
    plain = Path(str(load.__globals__["__file__"])).parent / "shipped" / "jiangsu-2014-short.toml"
    text = plain.read_text(encoding="utf-8")
    own = tmp_path / "问卷.toml"
    own.write_text(text.replace('"jiangsu-2014"\n', '"新标准.toml"\n'), encoding="utf-8")
    asked = load(own)
    assert asked.standard is not None
    assert asked.standard.id == "national-2019"
    assert "教党函" in asked.source
    roster = tmp_path / "名册.csv"
    roster.write_text("支部,人数\n甲支部,40\n乙支部,30\n", encoding="utf-8-sig")
    sheet = survey.evidence(
        roster, tmp_path / "佐证.xlsx", questionnaire=own, since=SINCE, until=UNTIL
    )
    book = openpyxl.load_workbook(sheet)
    assert "班子成员" not in book.sheetnames
    lines = [
        row for row in book["活动"].iter_rows(min_row=3, values_only=True) if row[0] == "甲支部"
    ]
    assert sum(row[1] == "1" for row in lines) == 2 * (2 + 1)
    assert sum(row[1] == "2" for row in lines) == 12 * (1 + 1)
    for row in (3, 4):
        event(sheet, row, 主题=f"第 {row} 次", 日期=date(2025, 10, row))
    result = judged(sheet, name=str(tmp_path / "新标准.toml"))
    assert status(result) == ("not_met", "第二学期 0 次")
    with pytest.raises(ReadError, match="没有这项最低要求"):
        judged(sheet)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('per = "term"', 'per = "decade"', "minimums[1].per"),
        ("least = 2", "least = 0", "minimums[1].least"),
        ("least = 2", "least = 1.5", "minimums[1].least"),
        ("number = 2", "number = 1", "dimensions"),
        ('version = "2019"', "", "version"),
    ],
)
def test_faulty_standards_are_named_by_their_key(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    path = tmp_path / "标准.toml"
    path.write_text(NATIONAL.replace(old, new), encoding="utf-8")
    with pytest.raises(survey.QuestionnaireError) as caught:
        standard.load(path)
    assert key in caught.value.text("zh")


def test_times() -> None:
    assert [p.name("en") for p in between("term", date(2026, 1, 9), date(2026, 2, 1))] == [
        "first term 2025–26",
        "second term 2025–26",
    ]
    assert len(between("week", SINCE, UNTIL)) == 53
    (year,) = between("year", SINCE, UNTIL)
    assert (year.first, year.last) == (SINCE, UNTIL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> survey.simulation.Simulation:
    return survey.simulate(tmp_path_factory.mktemp("e"), n_branches=8, sizes=(6, 60), seed=2)


@pytest.fixture(scope="module")
def workbook(made: survey.simulation.Simulation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("w") / "佐证.xlsx"
    survey.evidence(made.roster, place, since=SINCE, until=UNTIL)
    for row in (3, 5):
        event(place, row, 日期=date(2025 + (row > 3), 5 + 5 * (row == 3), 9), 主题="会 13800000000")
    fill(place, 2, 3, 评议意见="同意自评")
    fill(place, 3, 4, 评议意见="请补齐")
    return place


@pytest.fixture(scope="module")
def held(made: survey.simulation.Simulation, workbook: Path) -> survey.Survey:
    return survey.read(made.export, roster=made.roster, evidence=workbook)


def test_the_report_has_the_tables_that_are_handed_in(held: survey.Survey) -> None:
    found = held.findings()
    tables = {table.name: table for table in compose(found).tables()}
    rating = tables["scorecard"].frame.set_index("number")
    assert len(rating) == 18
    assert rating.loc[1, "evidence"] == "达到 1，未提供 7"
    assert rating.loc[1, "opinion"] == "同意自评"
    signed = tables["summary"]
    assert signed.frame["branch"].tolist() == held.branches
    assert signed.frame.loc[1, "opinion"] == "请补齐"
    assert signed.frame.loc[0, "met"] == "1/4"
    assert all(word in signed.foot for word in ("负责人", "审核", "盖章", "日期"))
    listed = tables["attachments"].frame
    assert listed["attachment"].tolist() == ["纪要.pdf", "纪要.pdf"]
    assert not listed["subject"].str.contains("13800000000").any()
    # survey figures are those that are published
    own = found.tables["branch",].frame
    assert signed.frame["rate"].equals(own["rate"])
    page = branch_page.compose(found, held.branches[0])
    assert any(
        "补齐佐证材料" in text for block in page.blocks() for text in getattr(block, "texts", ())
    )


def test_columns_that_nobody_filled_are_not_printed(held: survey.Survey) -> None:
    assert held.evidence is not None
    silent = dataclasses.replace(held.evidence, opinions={}, remarks={})
    found = dataclasses.replace(held.findings(), evidence=silent)
    for table in compose(found).tables():
        if table.name in ("scorecard", "summary"):
            assert "opinion" not in [column.name for column in table.columns]


def test_branches_under_numbers_have_no_evidence(held: survey.Survey) -> None:
    with pytest.raises(UsageError, match="编号"):
        held.anonymise().findings()


def test_a_part_has_its_own_evidence(held: survey.Survey) -> None:
    part = held.filter(branch=held.branches[:2]).findings()
    assert part.evidence is not None
    assert set(part.evidence.frame["branch"]) == set(held.branches[:2])


def test_the_command_writes_and_reads_it(
    made: survey.simulation.Simulation,
    workbook: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "佐证.xlsx"
    words = ["evidence", "--roster", str(made.roster), "-o", str(out), "--since", "2025-09-01"]
    assert main(words) == 0
    assert str(out) in capsys.readouterr().out
    assert main(words) == 4
    assert main([*words[:-1], "九月", "--force"]) == 2
    roster = ["--roster", str(made.roster), "--out", str(tmp_path / "报告")]
    assert main([str(made.export), *roster, "--evidence", str(workbook)]) == 0
    assert "汇总表" in (tmp_path / "报告" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_are_read(tmp_path: Path, language: Any) -> None:
    held = standard.load("jiangsu-2014")
    path = documentary.write(tmp_path / "e.xlsx", held, BRANCHES, SINCE, UNTIL, language)
    book = openpyxl.load_workbook(path)
    for column, value in zip("EFGH", (date(2025, 9, 9), "x", 3, "f.pdf"), strict=True):
        book.worksheets[0][f"{column}3"].value = value
    book.save(path)
    assert status(judged(path))[0] == "not_met"


def test_a_questionnaire_without_a_standard_has_none_to_prove(
    made: survey.simulation.Simulation, tmp_path: Path
) -> None:
    asked = dataclasses.replace(load("jiangsu-2014"), standard=None)
    with pytest.raises(UsageError, match="standard"):
        survey.evidence(made.roster, tmp_path / "e.xlsx", questionnaire=asked)
