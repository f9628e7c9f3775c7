"""The sheet to confirm, filled in as a person would in Excel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import survey
from survey.errors import CodingError, ReadError
from survey.understanding import load_decisions
from survey.understanding.sheet import _NAMES
from tests.survey import offices

REWORDED = ("您属于哪个支部", "身份", "您对本支部总的看法")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    people = [("第1党支部", "教工党员", "满意")] * 8 + [("二支部", "群众", "基本满意")] * 8
    offices.export(tmp_path / "a.csv", people, questions=REWORDED)
    offices.roster(tmp_path / "r.csv", {"第一党支部": 20, "第二党支部": 20})
    return tmp_path


def check(office: Path, **more: Any) -> survey.understanding.Understanding:
    asked = "jiangsu-2014"
    return survey.check(office / "a.csv", roster=office / "r.csv", questionnaire=asked, **more)


def fill(file: Path, chosen: Mapping[str, str], sheet: str | None = None) -> list[str]:
    """Choose in the yellow cells by key; give the addresses."""
    chosen = {_NAMES.get(key, key): value for key, value in chosen.items()}
    book, cells = openpyxl.load_workbook(file), []
    for page in book.worksheets:
        heads = [cell.value for cell in page[2]]
        if "项目" in heads and sheet in (None, page.title):
            for row in page.iter_rows(min_row=3):
                key = row[heads.index("项目")].value
                if key in chosen:
                    row[-1].value = chosen[key]
                    cells.append(row[-1].coordinate)
    book.save(file)
    return cells


def test_what_is_undecided_stands_first_and_can_be_chosen(office: Path) -> None:
    file = office / "确认表.xlsx"
    check(office).to_workbook(file)
    book = openpyxl.load_workbook(file)
    first = book.worksheets[0]
    assert first.title == "待确认"
    assert [row[1].value for row in first.iter_rows(min_row=3)] == ["支部", "总体"]
    assert all(row[3].value for row in first.iter_rows(min_row=3)), "one sentence why"
    for page in book.worksheets:
        assert page.protection.sheet or page.sheet_state == "hidden"
        for row in page.iter_rows(min_row=3):
            yellow = [cell for cell in row if cell.fill.fgColor.rgb == "00FFFF99"]
            assert all(not cell.protection.locked for cell in yellow)
            assert all(cell.protection.locked for cell in row if cell not in yellow)
    (rule, *_) = [r for r in first.data_validations.dataValidation if "E3" in r.sqref]
    sheet, cells = rule.formula1.split("!")
    offered = [cell.value for (cell,) in book[sheet][cells.replace("$", "")]]
    assert "您属于哪个支部" in offered
    assert offered[-1] == "没有问"


def test_a_filled_sheet_is_read_and_asks_what_comes_to_light(office: Path) -> None:
    file, again = office / "确认表.xlsx", office / "再.xlsx"
    check(office).to_workbook(file)
    fill(file, {"branch": REWORDED[0], "overall": REWORDED[2]}, "待确认")
    understood = check(office, confirm=file)
    assert [p.key for p in understood.undecided] == ["基本满意", "第1党支部", "二支部"]
    understood.to_workbook(again)
    fill(again, {"基本满意": "不满意", "第1党支部": "第一党支部", "二支部": "第二党支部"})
    held = survey.read(office / "a.csv", roster=office / "r.csv", confirm=again)
    assert held.satisfaction().frame["n_satisfied"].tolist() == [8, 0]
    with pytest.raises(CodingError, match="不能确定"):
        survey.read(office / "a.csv", roster=office / "r.csv")


def test_the_cells_left_open_are_named(office: Path) -> None:
    file = office / "确认表.xlsx"
    check(office).to_workbook(file)
    cells = fill(file, {"branch": REWORDED[0]}, "待确认")
    with pytest.raises(CodingError) as raised:
        survey.read(
            office / "a.csv",
            roster=office / "r.csv",
            questionnaire="jiangsu-2014",
            confirm=file,
        )
    text = raised.value.text("zh")
    assert "工作表 待确认" in text
    assert "E4（overall）" in text
    assert cells[0] not in text


def test_next_year_takes_last_year_s_sheet(office: Path) -> None:
    file = office / "确认表.xlsx"
    check(office).to_workbook(file)
    fill(file, {"branch": REWORDED[0], "overall": REWORDED[2]}, "待确认")
    # columns in another order, and the branch asked in the official words again
    offices.export(
        office / "今年.csv",
        [("满意", "第一党支部", "群众")] * 8,
        questions=(REWORDED[2], offices.BRANCH, "身份"),
    )
    held = survey.read(office / "今年.csv", roster=office / "r.csv", confirm=file)
    assert held.n_used == 8
    assert "指定的列这份文件里没有" in "".join(held.audit["zh"])
    offices.export(office / "明年.csv", [("满意", "第一党支部")] * 8, questions=("甲", "支部"))
    with pytest.raises(ReadError, match=r"确认表\.xlsx，工作表 待确认，单元格 E4：找不到"):
        survey.read(office / "明年.csv", confirm=file)


def test_options_over_the_sheet_over_the_file(office: Path) -> None:
    file, toml = office / "确认表.xlsx", office / "survey-report.toml"
    check(office).to_workbook(file)
    fill(file, {"branch": REWORDED[0], "since": "2025-11-02"})
    toml.write_text(
        '[columns]\nbranch = "身份"\noverall = "3"\n[survey]\nsince = "2025-11-03"\ntitle = "题"\n',
        encoding="utf-8",
    )
    for confirm in ([file, toml], [toml, file]):
        made = load_decisions(confirm)
        assert made.about("columns") == {"branch": REWORDED[0], "overall": "3"}
        said = {"since": "2025-11-02", "title": "题", "questionnaire": "jiangsu-2014"}
        assert made.about("survey") == said
    with pytest.raises(survey.SurveyError, match="全部被剔除"):
        survey.read(office / "a.csv", questionnaire=offices.SHORT, confirm=[file, toml])
    held = survey.read(
        office / "a.csv", questionnaire=offices.SHORT, confirm=[file, toml], since="2025-11-01"
    )
    assert held.n_used == 16
    assert held.title == "题"


def test_contradictions_are_refused_by_cell(office: Path) -> None:
    file = office / "确认表.xlsx"
    one = check(office, confirm={"columns": {"branch": REWORDED[0], "overall": REWORDED[2]}})
    one.to_workbook(file)
    (cell,) = fill(file, {"role": REWORDED[0]}, "题目")
    said = " ".join(error.text() for error in check(office, confirm=file).errors)
    assert re.search(f"不能同时作为.*branch.*role.*单元格 {cell}", said)
    one.to_workbook(file)
    (cell,) = fill(file, {"基本满意": "还行"}, "待确认")
    with pytest.raises(CodingError, match=f"单元格 {cell}：“还行”不是可选的"):
        load_decisions(file)
    one.to_workbook(file)
    (cell,) = fill(file, {"第1党支部": "第九党支部"})
    fill(file, {"基本满意": "不计入", "二支部": "不计这些答卷"})
    with pytest.raises(CodingError, match=f"单元格 {cell}：.*不是名册中的支部"):
        survey.read(office / "a.csv", roster=office / "r.csv", confirm=file)
    one.to_workbook(file)
    (cell,) = fill(file, {"满意": "不满意"}, "答案")
    fill(file, {"基本满意": "满意"})
    (error, *_) = check(office, confirm=file).errors
    assert "最好的一个或几个" in error.text()
    assert error.place is not None
    book = openpyxl.load_workbook(file)
    book["答案"].delete_cols(3)
    book.save(file)
    with pytest.raises(ReadError, match="少了“读作”"):
        load_decisions(file)


def test_one_point_with_two_values_is_refused(office: Path) -> None:
    file = office / "确认表.xlsx"
    check(office).to_workbook(file)
    book = openpyxl.load_workbook(file)
    page = book["待确认"]
    for column in range(1, 6):
        page.cell(9, column).value = page.cell(3, column).value
    page["E3"], page["E9"] = REWORDED[0], "没有问"
    book.save(file)
    with pytest.raises(CodingError, match="单元格 E9：“branch”在 E3"):
        load_decisions(file)


def test_another_workbook_is_no_sheet_to_confirm(office: Path) -> None:
    openpyxl.Workbook().save(office / "x.xlsx")
    with pytest.raises(ReadError, match="不是由本程序写出"):
        load_decisions(office / "x.xlsx")


@pytest.mark.parametrize("mark", "=+-@")
def test_what_looks_like_a_formula_stays_text(tmp_path: Path, mark: str) -> None:
    name = f"{mark}SUM(A1)支部"
    people = {(name, "群众", "满意"): 8}
    file = offices.short(tmp_path / "a.csv", people)
    roster = offices.roster(tmp_path / "r.csv", {"甲": 20})
    understood = survey.check(file, roster=roster, questionnaire=offices.SHORT)
    understood.to_workbook(tmp_path / "s.xlsx")
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0] for cell in row
    ]
    (cell,) = [cell for cell in cells if cell.value == name]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    fill(tmp_path / "s.xlsx", {name: "甲"})
    assert load_decisions(tmp_path / "s.xlsx").about("branches") == {name: "甲"}


def test_removed_rows_are_listed_and_english_is_read_too(tmp_path: Path) -> None:
    people = {("甲", "群众", "满意"): 8, ("", "群众", "满意"): 1}
    file = offices.short(tmp_path / "a.csv", people)
    understood = survey.check(file, questionnaire=offices.SHORT)
    understood.to_workbook(tmp_path / "s.xlsx", "en")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert [c.value for c in book["Removed"][3]] == [
        "a.csv",
        None,
        "10",
        "removed",
        "no branch given",
    ]
    page = book["Questions"]
    page["E3"] = "not asked"
    book.save(tmp_path / "s.xlsx")
    assert load_decisions(tmp_path / "s.xlsx").about("columns") == {"branch": ""}


def test_another_survey_is_read_by_the_sheet_alone(tmp_path: Path) -> None:
    header = ("部门", "您是", "食堂总体评价", "4、菜品—口味", "4、价格", "5、服务—态度", "5、速度")
    words = ("满意", "基本满意", "不满意")
    rows = [("后勤处", "教师", *(words[(i * k) % 3] for k in range(1, 6))) for i in range(12)]
    file = offices.write_csv(
        tmp_path / "a.csv",
        [
            (*offices.METADATA, *header),
            *(
                (i, f"2025/11/1 8:{i:02d}:07", "60秒", "微信", "N/A", "", *r)
                for i, r in enumerate(rows)
            ),
        ],
    )
    roster = offices.roster(tmp_path / "r.csv", {"后勤处": 30})
    sheet = tmp_path / "s.xlsx"
    survey.check(file, roster=roster).to_workbook(sheet)
    fill(
        sheet, {"questionnaire": "别的调查", "branch": "部门", "overall": "食堂总体评价"}, "待确认"
    )
    one = survey.check(file, roster=roster, confirm=sheet)
    assert [p.key for p in one.undecided if p.stops] == ["基本满意"]
    sure = {p.key: p.value for p in one.known if p.topic == "levels"}
    assert sure == {"满意": "satisfied", "不满意": "unsatisfied"}
    one.to_workbook(sheet)
    fill(sheet, {"满意": "满意", "基本满意": "满意", "不满意": "不满意", "服务": "窗口"})
    held = survey.read(file, roster=roster, confirm=sheet)
    assert held.satisfaction().frame["n_satisfied"].tolist() == [8]
    assert [d.title for d in held.questionnaire.dimensions] == ["菜品", "窗口"]
    assert [len(d.items) for d in held.questionnaire.dimensions] == [2, 2]


def test_the_questionnaire_is_chosen_by_its_title_and_the_likeliest_column_comes_first(
    tmp_path: Path,
) -> None:
    """Every wording was changed, and it is the shipped questionnaire all the same."""
    header = ("哪个支部", "您是哪类人", "对支部总的评价", "身边的党员作用发挥得好", "活动场地齐全")
    words = ("满意", "一般", "不满意")
    known = (2025, "60秒", "微信", "N/A", "")
    people = [(i, *known, "甲支部", "群众", *([words[i % 3]] * 3)) for i in range(12)]
    file = offices.write_csv(tmp_path / "a.csv", [(*offices.METADATA, *header), *people])
    sheet = tmp_path / "s.xlsx"
    survey.check(file).to_workbook(sheet)
    (asked,) = (p for p in survey.check(file).undecided if p.key == "questionnaire")
    title = asked.choices[1].label.zh
    fill(sheet, {"questionnaire": title, "branch": header[0], "overall": header[2]}, "待确认")
    one = survey.check(file, confirm=sheet)
    assert one.questionnaire.id == "jiangsu-2014"
    likeliest = {p.key: p.choices[0].value for p in one.undecided if p.topic == "columns"}
    assert (likeliest["q06"], likeliest["q10"]) == header[3:]
    assert likeliest.keys().isdisjoint({"open", "branch", "overall"})
    one.to_workbook(sheet)
    keys = {row[0].value for row in openpyxl.load_workbook(sheet)["调查"].iter_rows(min_row=3)}
    assert keys
    assert not any(key.isascii() for key in keys)


def test_a_matrix_of_importance_is_no_dimension_and_asks_nothing(tmp_path: Path) -> None:
    """It shares one word with the satisfaction: nobody has to judge «重要»."""
    header = ("部门", "总体评价", "4、菜品—口味", "4、价格", "5、看重—速度", "5、卫生")
    words, other = ("非常满意", "满意", "一般", "不满意"), ("非常重要", "重要", "一般", "不重要")
    rows = [
        ("后勤处", *(words[i * k % 4] for k in (1, 2, 3)), *(other[i * k % 4] for k in (1, 3)))
        for i in range(12)
    ]
    metadata = [(i, f"2025/11/1 8:{i:02d}:07", "60秒", "微信", "N/A", "") for i in range(12)]
    lines = [(*m, *r) for m, r in zip(metadata, rows, strict=True)]
    file = offices.write_csv(tmp_path / "a.csv", [(*offices.METADATA, *header), *lines])
    said = {
        "survey": {"questionnaire": "other"},
        "columns": {"branch": "部门", "overall": "总体评价", "role": ""},
    }
    one = survey.check(file, confirm=said)
    dimensions = {p.shown.zh: p.value for p in one.points if p.topic == "dimensions"}
    assert [*dimensions.values()] == ["菜品", ""], dimensions
    assert {p.key for p in one.undecided} == {"一般"}
    said["levels"] = {"一般": "unsatisfied"}
    held = survey.read(file, confirm=said)
    assert [d.title for d in held.questionnaire.dimensions] == ["菜品"]
    assert held.satisfaction(None).frame["n_satisfied"].tolist() == [6]


def test_choices_of_facts_are_shown_and_taken_in_words(tmp_path: Path) -> None:
    file = offices.short(tmp_path / "a.csv", {("甲", "群众", "满意"): 8})
    said = {"survey": {"per_branch": "docx", "comments": "none", "title": "是"}}
    sheet = tmp_path / "s.xlsx"
    survey.check(file, questionnaire=offices.SHORT, confirm=said).to_workbook(sheet)
    page = openpyxl.load_workbook(sheet)["调查"]
    assert {"Word", "不统计"} <= {row[-1].value for row in page.iter_rows(min_row=3)}
    assert load_decisions(sheet).about("survey") == {
        **said["survey"],
        "questionnaire": offices.SHORT,
    }


def test_named_columns_ask_for_what_is_satisfied_in_the_sheet(tmp_path: Path) -> None:
    rows = [("甲", word) for word in ["好评"] * 5 + ["中评"] * 3 + ["差评"] * 2]
    file = offices.export(tmp_path / "a.csv", rows, questions=("部门", "评价"))
    sheet, named = tmp_path / "s.xlsx", {"branch": "部门", "overall": "评价"}
    survey.check(file, **named).to_workbook(sheet)
    fill(sheet, {"好评": "满意", "中评": "不满意", "差评": "不满意", "ladder": "好评>中评>差评"})
    held = survey.read(file, confirm=sheet, **named)
    assert held.satisfaction().frame["n_satisfied"].tolist() == [5]
    held = survey.read(
        file, confirm=sheet, satisfied=["好评", "中评"], ladder=["好评", "中评", "差评"], **named
    )
    assert held.satisfaction().frame["n_satisfied"].tolist() == [8]


def test_the_time_of_the_survey_is_written_as_people_write_days(tmp_path: Path) -> None:
    times = [f"2025/11/{day} 8:00:00" for day in (1, 2, 3, 4)]
    file = offices.short(tmp_path / "a.csv", {("甲", "群众", "满意"): 4}, times=times)
    sheet, asked = tmp_path / "s.xlsx", {"questionnaire": offices.SHORT, "min_cell": 1}
    survey.check(file, questionnaire=offices.SHORT).to_workbook(sheet)
    fill(sheet, {"since": "2025/11/2", "until": "2025年11月3日"})
    assert survey.read(file, confirm=sheet, **asked).n_used == 2
    book = openpyxl.load_workbook(sheet)
    cell = next(row[-1] for row in book["调查"] if row[0].value == "结束")
    cell.value, cell.number_format = datetime(2025, 11, 3), "yyyy-mm-dd"
    book.save(sheet)
    assert survey.read(file, confirm=sheet, **asked).n_used == 2, "a day that became a date"
    fill(sheet, {"until": "月底"})
    with pytest.raises(survey.UsageError, match=f"单元格 {cell.coordinate}：.*月底"):
        survey.read(file, confirm=sheet, **asked)
