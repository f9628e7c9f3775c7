from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import questionnaires
from survey.errors import RosterError, SurveyError
from survey.roster import Roster, read_roster, require_known, require_room
from tests.survey import offices

ASKED = questionnaires.load("jiangsu-2014")


def read(path: Path) -> Roster:
    return read_roster(path, ASKED)


def test_sizes_by_branch_and_role(tmp_path: Path) -> None:
    made = offices.roster(
        tmp_path / "名册.csv",
        {("甲支部", "党员"): 10, ("甲支部", "师生员工"): 20, ("乙支部", "党员"): 5},
    )
    known = read(made)
    assert known.branches == ["甲支部", "乙支部"]
    assert known.size == 35
    assert known.has_roles
    assert known.population(["branch"]).to_dict() == {"甲支部": 30, "乙支部": 5}
    assert known.population(["role"]).to_dict() == {"members": 15, "staff_students": 20}
    assert known.population(["branch", "role"])["甲支部", "staff_students"] == 20
    assert known.population([]).tolist() == [35]


def test_words_for_one_role_add_up(tmp_path: Path) -> None:
    made = offices.roster(
        tmp_path / "r.csv", {("甲", "教工党员"): 4, ("甲", "学生党员"): 6, ("甲", "群众"): 1}
    )
    assert read(made).population(["role"]).to_dict() == {"members": 10, "staff_students": 1}


def test_without_roles(tmp_path: Path) -> None:
    known = read(offices.roster(tmp_path / "r.csv", {"甲": 4, "乙": 6}))
    assert not known.has_roles
    assert known.population(["role"]).empty
    assert known.population(["branch", "role"]).empty


def test_one_line_a_person_keeps_only_counts(tmp_path: Path) -> None:
    lines = [("姓名", "支部", "身份"), *[("王玥", "甲", "党员")] * 3, ("李堃", "乙", "师生员工")]
    known = read(offices.write_csv(tmp_path / "r.csv", lines))
    assert known.population(["branch"]).to_dict() == {"甲": 3, "乙": 1}
    assert "王玥" not in known.frame.to_string() + str(known.names)


def test_names_match_after_nfkc_and_blanks_then_by_alias(tmp_path: Path) -> None:
    made = offices.write_csv(
        tmp_path / "r.csv",
        [("支部", "人数", "别名"), ("机械学院(第1)支部", 9, "机械；机械 一支部"), ("乙", 3, "")],
    )
    answers = pd.Series(["机械学院（第１）支部 ", "机械一支部", "机 械", "乙", "丙", None])
    matched = read(made).match(answers)
    assert matched[:3].tolist() == ["机械学院(第1)支部"] * 3
    assert matched[3] == "乙"
    assert matched[4:].isna().all()


def test_spellings_of_one_branch_are_one_branch(tmp_path: Path) -> None:
    made = offices.write_csv(
        tmp_path / "r.csv",
        [("支部", "身份", "人数"), ("甲（一）", "党员", 2), ("甲(一) ", "师生员工", 3)],
    )
    assert read(made).population(["branch"]).to_dict() == {"甲（一）": 5}


def test_a_title_row_above_the_header(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [
        ("2025 年名册", None, None),
        ("党支部", "人员类别", "应参加人数"),
        ("甲", "党员", 7.0),
    ]:
        sheet.append(row)
    book.save(tmp_path / "r.xlsx")
    assert read(tmp_path / "r.xlsx").size == 7


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([("单位", "人数"), ("甲", 3)], "找不到“支部”"),
        ([("支部", "人数")], "没有任何一行"),
        ([("支部", "人数"), ("甲", "三")], "“三”不是非负整数"),
        ([("支部", "人数"), ("甲", 2.5)], "不是非负整数"),
        ([("支部", "人数"), ("甲", -1)], "不是非负整数"),
        ([("支部", "人数"), ("甲", "")], "不是非负整数"),
        ([("支部", "人数"), ("甲", 3), ("", 4)], "“支部”一格是空的"),
        ([("支部", "人数"), ("甲", 3), ("甲 ", 4)], "出现了两次"),
        ([("支部", "身份", "人数"), ("甲", "校友", 3)], "不认识身份“校友”"),
        ([("支部", "身份", "人数"), ("甲", "", 3)], "“身份”一格是空的"),
        ([("支部", "人数", "别名"), ("甲", 3, "丙"), ("乙", 3, "丙")], "同时属于"),
        ([("支部", "人数", "别名"), ("甲", 3, "乙"), ("乙", 3, "")], "同时属于"),
    ],
)
def test_faults_are_named(tmp_path: Path, lines: list[tuple[object, ...]], said: str) -> None:
    with pytest.raises(SurveyError) as raised:
        read(offices.write_csv(tmp_path / "名册.csv", lines))
    assert said in raised.value.text("zh")
    assert "名册.csv" in raised.value.text("zh")
    assert raised.value.text("en") != raised.value.text("zh")


def test_a_fault_names_its_row(tmp_path: Path) -> None:
    made = offices.write_csv(
        tmp_path / "r.csv", [("支部", "人数"), ("甲", 3), ("", ""), ("乙", "x")]
    )
    with pytest.raises(RosterError, match="第 4 行"):
        read(made)


def test_totals_are_left_out_once_they_agree(tmp_path: Path) -> None:
    lines = [
        ("序号", "支部", "身份", "人数"),
        *[(1, "甲", "党员", 3), (2, "甲", "师生员工", 4), ("", "甲支部小计", "", 7)],
        *[(3, "乙", "党员", 5), ("合 计：", "", "", "12人")],
    ]
    known = read(offices.write_csv(tmp_path / "r.csv", lines))
    assert known.branches == ["甲", "乙"]
    assert known.size == 12
    assert known.totals == (4, 6)
    unread = [("支部", "人数"), ("甲", 3), ("合计", "八人左右")]
    with pytest.raises(RosterError, match="八人左右"):
        read(offices.write_csv(tmp_path / "u.csv", unread))
    plain = [("支部", "人数"), ("甲", 3), ("乙", 5), ("合计", 9)]
    with pytest.raises(RosterError, match=r"9 人.*8 人"):
        read(offices.write_csv(tmp_path / "r.csv", plain))


def test_a_merged_branch_stands_for_every_line_of_the_merge(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("支部", "身份", "人数（人）"))
    sheet.append(("甲", "党员", 3))
    sheet.append((None, "师生员工", 4))
    sheet.append(("乙", "党员", 5))
    sheet.append(("合计", None, 12))
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A5:B5")
    book.save(tmp_path / "r.xlsx")
    assert read(tmp_path / "r.xlsx").population(["branch"]).to_dict() == {"甲": 7, "乙": 5}


@pytest.mark.parametrize("size", ["12人", "１２", " 12.0 ", "12 名"])
def test_sizes_as_people_write_them(tmp_path: Path, size: str) -> None:
    made = offices.write_csv(tmp_path / "r.csv", [("支部", "在册人数"), ("甲", size)])
    assert read(made).size == 12


@pytest.mark.parametrize(
    "lines",
    [
        [("支部", "教工党员", "学生党员"), ("甲", 3, 4), ("乙", 5, 6)],
        [("支部", "学生人数"), ("甲", 3), ("甲", 6)],
    ],
)
def test_lines_that_are_hardly_people_are_refused(
    tmp_path: Path, lines: list[tuple[object, ...]]
) -> None:
    with pytest.raises(RosterError, match="没有“人数”一列"):
        read(offices.write_csv(tmp_path / "r.csv", lines))


def test_unknown_branches_are_listed_with_their_numbers(tmp_path: Path) -> None:
    known = read(offices.roster(tmp_path / "r.csv", {"甲": 9}))
    answers = pd.Series(["甲", "丙", "丁", "丁", None])
    with pytest.raises(RosterError, match="“丁”（2 份）；“丙”（1 份）"):
        require_known(answers, known.match(answers))
    require_known(answers[:1], known.match(answers[:1]))


def test_more_answers_than_people(tmp_path: Path) -> None:
    known = read(offices.roster(tmp_path / "r.csv", {("甲", "党员"): 2, ("甲", "师生员工"): 9}))
    people = pd.DataFrame({"branch": "甲", "role": ["members"] * 2 + ["staff_students"] * 3})
    require_room(people, known, ASKED)
    with pytest.raises(RosterError, match=r"“甲 · 党员”有 3 份答卷，名册上只有 2 人.*选错了身份"):
        require_room(people.assign(role=["members"] * 3 + ["staff_students"] * 2), known, ASKED)
    with pytest.raises(RosterError, match="“甲”有 12 份答卷，名册上只有 11 人"):
        require_room(pd.DataFrame({"branch": ["甲"] * 12, "role": None}), known, ASKED)
