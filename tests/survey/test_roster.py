from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import questionnaires
import survey
from survey.errors import Language, RosterError, SurveyError
from survey.roster import Roster, read_roster, renamed, require_known, require_room
from tests.survey import offices

ASKED = questionnaires.load("jiangsu-2014")


def read(path: Path, sheet: str | None = None) -> Roster:
    return read_roster(path, ASKED, sheet=sheet)


def table(path: Path, *lines: tuple[object, ...]) -> Path:
    return offices.write_csv(path / "名册.csv", lines)


def workbook(path: Path, sheets: dict[str, list[tuple[object, ...]]], *merged: str) -> Path:
    """Write sheets; ranges are merged in the first."""
    book = openpyxl.Workbook()
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    book.save(path / "名册.xlsx")
    return path / "名册.xlsx"


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


def test_sizes_never_fall_below_the_answers_of_a_branch() -> None:
    frame = pd.DataFrame(
        [("甲", "a", 5), ("甲", "b", 7), ("乙", "a", 3), ("乙", "b", 3), ("丙", "a", 40)],
        columns=["branch", "role", "population"],
    )
    answered = pd.DataFrame(
        # one without a role, four without, and a share that is a whole number
        [("甲", "a", 5), ("甲", "b", 6), ("甲", None, 1), ("乙", "a", 1), ("乙", None, 4)],
        columns=["branch", "role", "n_valid"],
    )
    known = Roster(frame, {})
    assert known.resized(0.95, answered).frame["population"].tolist() == [5, 7, 3, 2, 38]
    assert known.resized(0.5, answered).frame["population"].tolist() == [5, 7, 3, 2, 20]
    assert known.resized(1.05, answered).frame["population"].tolist() == [6, 8, 4, 4, 42]
    nobody = answered.head(0)
    assert known.resized(0.5, nobody).frame["population"].tolist() == [2, 3, 1, 1, 20]


def test_a_report_on_a_full_branch_with_a_role_left_blank(tmp_path: Path) -> None:
    rows = [
        (
            name,
            "满意" if k else "不满意",
            None if k == 3 and name == "丁" else "教师学生"[k % 2 * 2 :][:2],
        )
        for name in "甲乙丙丁"
        for k in range(12)
    ]
    sizes = [(name, role, 6) for name in "甲乙丙丁" for role in ("教师", "学生")]
    made = survey.from_frame(
        pd.DataFrame(rows, columns=["支部", "总体", "身份"]),
        branch="支部",
        overall="总体",
        role="身份",
        satisfied=["满意"],
        roster=pd.DataFrame(sizes, columns=["支部", "身份", "人数"]),
    )
    doubts = made.findings(comments="none").doubts
    assert doubts is not None
    assert doubts.n_smaller == 0  # nobody is left to take away


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
        ([("支部", "人数"), ("甲", "")], "人数一格是空的"),
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
    assert "第 4、6 行是合计" in known.notices[0][0]
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
        require_known(answers, known.match(answers), known)
    require_known(answers[:1], known.match(answers[:1]), known)


def test_more_answers_than_people(tmp_path: Path) -> None:
    known = read(offices.roster(tmp_path / "r.csv", {("甲", "党员"): 2, ("甲", "师生员工"): 9}))
    people = pd.DataFrame({"branch": "甲", "role": ["members"] * 2 + ["staff_students"] * 3})

    def stop(people: pd.DataFrame) -> None:
        require_room(people, known, ASKED, lambda rows: pd.Series(rows.index % 4 == 0, rows.index))

    stop(people)
    with pytest.raises(
        RosterError,
        match=r"“甲 · 党员”有 3 份答卷（其中标为疑似重复的 1 份），名册上只有 2 人.*选错了身份",
    ):
        stop(people.assign(role=["members"] * 3 + ["staff_students"] * 2))
    with pytest.raises(
        RosterError, match="“甲”有 12 份答卷（其中标为疑似重复的 3 份），名册上只有"
    ):
        stop(pd.DataFrame({"branch": ["甲"] * 12, "role": None}))


@pytest.mark.parametrize(
    "header",
    [
        *("人数", "人 数（人）", "支部人数", "实有人数", "在册总人数", "应参评人数", "总人数"),
        *("人员总数", "合计", "人数合计", "Population"),
    ],
)
@pytest.mark.parametrize("branch", ["支部", "党支部名称", "所在党支部", "基层党组织", "支部全称"])
def test_headers_as_offices_write_them(tmp_path: Path, branch: str, header: str) -> None:
    known = read(table(tmp_path, (branch, header), ("甲", 4), ("乙", 6)))
    assert known.population(["branch"]).to_dict() == {"甲": 4, "乙": 6}


@pytest.mark.parametrize("other", ["应答人数", "实到人数", "回收份数", "有效答卷数", "党员人数"])
@pytest.mark.parametrize("size", ["人数", "应到人数", "支部总人数"])
@pytest.mark.parametrize("turned", [False, True])
def test_those_who_answered_are_not_the_branch(
    tmp_path: Path, size: str, other: str, turned: bool
) -> None:
    step = -1 if turned else 1
    known = read(table(tmp_path, ("支部", *(size, other)[::step]), ("甲", *(40, 12)[::step])))
    assert known.size == 40
    assert size in known.notices[0][0]
    assert other in known.notices[0][0]


def test_the_number_that_is_meant_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="“应答人数”，看不出哪一列"):
        read(table(tmp_path, ("支部", "应答人数"), ("甲", 12)))
    with pytest.raises(RosterError, match="“党员数”，看不出哪一列"):
        read(table(tmp_path, ("支部", "党员数"), ("甲", 12)))
    both = [("支部", "在册人数", "应到人数"), ("甲", 40, 38)]
    with pytest.raises(RosterError, match=r"“在册人数”（B 列）、“应到人数”（C 列）.*“名册人数”"):
        read(table(tmp_path, *both))
    assert read(table(tmp_path, ("支部", "在册人数", "名册人数"), ("甲", 40, 38))).size == 38
    assert read(table(tmp_path, both[0], ("甲", 40, 40))).size == 40
    with pytest.raises(RosterError, match="“人数”（B 列）、“人数”（C 列）"):
        read(table(tmp_path, ("支部", "人数", "人数"), ("甲", 40, 38)))


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (("支部", "党员数", "群众数"), [("甲", 3, 4), ("乙", 5, 6)]),
        (("支部", "党员人数", "非党员人数", "合计"), [("甲", 3, 4, 7), ("乙", 5, 6, 11)]),
        (("支部", "总人数", "党员", "群众"), [("甲", 7, 3, 4), ("乙", 11, 5, 6)]),
        (("支部", "教工党员", "学生党员", "群众"), [("甲", 1, 2, 4), ("乙", 2, 3, 6)]),
        (("支部", "党员数", "师生员工数"), [("甲", 3, 4), ("乙", 5, 6), ("合计", 8, 10)]),
    ],
)
def test_roles_side_by_side(
    tmp_path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    known = read(table(tmp_path, header, *rows))
    assert known.population(["branch", "role"]).to_dict() == {
        ("甲", "members"): 3,
        ("甲", "staff_students"): 4,
        ("乙", "members"): 5,
        ("乙", "staff_students"): 6,
    }


def test_roles_under_one_heading_with_a_title_and_remarks(tmp_path: Path) -> None:
    lines: list[tuple[object, ...]] = [
        ("2025 年党支部人员名册", None, None, None, None),
        ("序号", "学院", "党支部", "人数", None),
        (None, None, None, "党员", "群众"),
        (1, "机械", "甲", 3, 4),
        (2, None, "乙", 5, 6),
        ("序号", "学院", "党支部", "人数", None),
        (3, "电气", "丙", 1, 0),
        ("合计", None, None, 9, 10),
        ("填表人：某某  日期：2025-11-01", None, None, None, None),
    ]
    path = workbook(
        tmp_path, {"名册": lines}, "A1:E1", "D2:E2", "A2:A3", "B2:B3", "C2:C3", "B4:B5", "A8:C8"
    )
    known = read_roster(path, ASKED, keep=["学院"])
    assert known.population(["branch"]).to_dict() == {"甲": 7, "乙": 11, "丙": 1}
    assert known.population(["role"]).to_dict() == {"members": 9, "staff_students": 10}
    assert known.population(["学院"]).to_dict() == {"机械": 18, "电气": 1}


def test_groups_that_are_no_roles_here_are_added(tmp_path: Path) -> None:
    plain = replace(ASKED, roles=(), role=None)
    made = table(tmp_path, ("支部", "党员数", "群众数"), ("甲", 3, 4), ("乙", 5, 6))
    known = read_roster(made, plain)
    assert known.population(["branch"]).to_dict() == {"甲": 7, "乙": 11}
    assert "之和作为人数" in known.notices[0][0]
    overlap = table(tmp_path, ("支部", "党员数", "教工数"), ("甲", 3, 4))
    with pytest.raises(RosterError, match="“党员数”、“教工数”"):
        read_roster(overlap, plain)


@pytest.mark.parametrize("header", [("党员数", "群众数"), ("党员", "非党员")])
def test_sizes_that_contradict_each_other_are_refused(
    tmp_path: Path, header: tuple[str, str]
) -> None:
    made = table(tmp_path, ("支部", "人数", *header), ("甲", 7, 3, 4), ("乙", 12, 5, 6))
    with pytest.raises(RosterError, match=r"第 3 行：“人数”是 12 人.*之和却是 11 人"):
        read(made)


def test_the_last_line_is_a_total_if_its_number_is(tmp_path: Path) -> None:
    known = read(table(tmp_path, ("支部", "人数"), ("甲", 3), ("乙", 5), ("", 8)))
    assert known.branches == ["甲", "乙"]
    assert "第 4 行是合计" in known.notices[0][0]


NOTES: list[tuple[object, ...]] = [("填写说明",), ("支部", "填支部全称"), ("人数", "填应参加人数")]
SIZES: list[tuple[object, ...]] = [("支部", "人数"), ("甲", 3), ("乙", 5)]


def test_a_sheet_of_explanations_is_no_roster(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, {"说明": NOTES, "Sheet1": SIZES})).size == 8
    assert read(workbook(tmp_path, {"Sheet1": SIZES, "说明": [("每个支部一行",)]})).size == 8
    twice = workbook(tmp_path, {"去年": SIZES, "今年": [("支部", "人数"), ("甲", 4)]})
    with pytest.raises(SurveyError, match=r"去年、今年.*--roster-sheet"):
        read(twice)
    assert read(twice, "今年").size == 4


@pytest.mark.parametrize(
    ("cell", "said"),
    [("=10+10", "没有存储结果的公式"), ("#REF!", "错误值 #REF!"), ("#N/A", "错误值 #N/A")],
)
def test_a_size_that_the_file_does_not_hold(tmp_path: Path, cell: str, said: str) -> None:
    path = workbook(tmp_path, {"Sheet1": [("支部", "人数"), ("乙", 15), ("甲", cell)]})
    with pytest.raises(RosterError, match=f"第 3 行，列 人数：.*{said}"):
        read(path)


def test_the_survey_s_word_for_the_branch_will_do(tmp_path: Path) -> None:
    asked = replace(ASKED, branch=replace(ASKED.branch, text="您所在的单位"))
    assert read_roster(table(tmp_path, ("单位", "人数"), ("甲", 3)), asked).size == 3


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("马克思主义学院教工第1支部", "马克思主义学院教工第一党支部"),
        ("马院教工一支部", "马克思主义学院教工第一党支部"),
        ("中共机电学院学生第十二支部委员会", "机电学院学生第12党支部"),
        ("机电学院学生12支部", "机电学院学生第12党支部"),
        ("机电院学生第十二党支部", "机电学院学生第12党支部"),
        ("离退休支部", "离退休教职工党支部"),
    ],
)
def test_an_unknown_branch_comes_with_the_nearest(tmp_path: Path, answer: str, meant: str) -> None:
    names = ["马克思主义学院教工第一党支部", "马克思主义学院教工第二党支部"]
    names += ["机电学院学生第2党支部", "机电学院学生第12党支部", "离退休教职工党支部"]
    known = read(offices.roster(tmp_path / "r.csv", dict.fromkeys(names, 9)))
    answers = pd.Series([answer, "后勤集团"])
    with pytest.raises(RosterError) as raised:
        require_known(answers, known.match(answers), known)
    said = raised.value.text("zh")
    assert f"“{answer}”（1 份，名册中最接近的是“{meant}”）" in said
    assert "“后勤集团”（1 份）" in said
    assert "别名" in said


def test_a_long_list_of_unknown_branches_is_cut(tmp_path: Path) -> None:
    known = read(offices.roster(tmp_path / "r.csv", {"甲": 9}))
    answers = pd.Series([f"部门{n}" for n in range(50)])
    with pytest.raises(RosterError, match="等 50 种"):
        require_known(answers, known.match(answers), known)


def test_aliases_of_either_roster_join_two_waves(tmp_path: Path) -> None:
    now = read(
        offices.write_csv(
            tmp_path / "now.csv",
            [
                ("支部", "人数", "别名"),
                ("马院支部", 9, "马克思主义学院支部"),
                ("乙", 3, "丙；丁"),
                ("戊", 3, ""),
            ],
        )
    )
    before = read(
        offices.write_csv(
            tmp_path / "before.csv",
            [
                ("支部", "人数", "别名"),
                ("己", 9, "戊"),
                ("丙", 3, ""),
                ("丁", 3, ""),
                ("庚", 1, ""),
            ],
        )
    )
    old = ["马克思主义学院支部", "丙", "丁", "己", "庚"]
    found = renamed(old, now.branches, before, now)
    assert found == {"马克思主义学院支部": "马院支部", "己": "戊"}
    assert renamed(old, now.branches, None, None) == {}


def test_a_role_that_nobody_answered(tmp_path: Path) -> None:
    answers = [("甲", "党员", "满意")] * 9
    made = offices.export(tmp_path / "导出.csv", answers)
    sizes = offices.roster(tmp_path / "r.csv", {("甲", "党员"): 10, ("甲", "群众"): 30})
    named = {"branch": "1", "role": "2", "overall": "3", "satisfied": ["满意"]}
    held = survey.read(made, roster=sizes, **named)
    frame = held.satisfaction(by="role").frame.set_index("role")
    assert frame["population"].to_dict() == {"党员": 10, "群众": 30}
    assert frame["n_valid"].to_dict() == {"党员": 9, "群众": 0}
    assert held.satisfaction().frame["verdict"].tolist() == ["inconclusive"]
    other = offices.roster(tmp_path / "o.csv", {("甲", "教师"): 10, ("甲", "群众"): 30})
    with pytest.raises(RosterError, match="不认识身份“教师”，应为：党员。"):
        survey.read(made, roster=other, **named)
    frame = pd.DataFrame(answers, columns=["branch", "role", "q"])
    held = survey.from_frame(
        frame, branch="branch", role="role", overall="q", satisfied=["满意"], roster=sizes
    )
    assert held.satisfaction(by="role").frame["role"].tolist() == ["党员", "群众"]


@pytest.mark.parametrize(("branches", "told"), [(("甲",), True), (("甲", "乙"), False)])
def test_one_branch_s_export_beside_the_whole_roster_is_told(
    tmp_path: Path, branches: tuple[str, ...], told: bool
) -> None:
    rows = [(name, "群众", "满意") for name in branches for _ in range(12)]
    offices.export(tmp_path / "a.csv", rows)
    offices.roster(tmp_path / "r.csv", {"甲": 20, "乙": 20, "丙": 20})
    held = survey.read(tmp_path / "a.csv", roster=tmp_path / "r.csv", questionnaire=offices.SHORT)
    assert any("只来自其中一个" in zh for zh, _ in held.notices) == told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_roster_is_filled_in_and_read(tmp_path: Path, language: Language) -> None:
    asked = questionnaires.load("jiangsu-2014")
    file = survey.blank_roster(tmp_path / "名册.xlsx", language=language)
    with pytest.raises(RosterError, match="没有任何一行"):
        read_roster(file, asked)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    titles = [role.title if language == "zh" else role.title_en for role in asked.roles]
    for row, (branch, role, size, alias) in enumerate(
        [
            ("甲支部", titles[0], 20, "第一支部"),
            ("甲支部", titles[1], 30, ""),
            ("乙支部", titles[0], 8, ""),
        ],
        start=3,
    ):
        for at, value in enumerate((branch, role, size, alias), start=1):
            cell = sheet.cell(row, at)
            cell.value = value
            assert not cell.protection.locked
    book.save(file)
    roster = read_roster(file, asked)
    assert roster.frame["population"].tolist() == [20, 30, 8]
    assert roster.names["第一支部"] == "甲支部"


def test_export_and_roster_interchanged_are_told_apart(tmp_path: Path) -> None:
    people = [("一支部", offices.MEMBER, "满意"), ("一支部", offices.STAFF, "满意")]
    export = offices.export(tmp_path / "导出.csv", people)
    sizes = offices.roster(tmp_path / "名册.csv", {"一支部": 20, "二支部": 30})
    with pytest.raises(SurveyError, match=r"名册.csv.*这是一份名册.*放反.*--roster"):
        survey.read(sizes, roster=export)
    assert survey.check(sizes).faults, "nothing that choosing a column would mend"
    with pytest.raises(RosterError, match=r"导出2.csv.*这是问卷的导出文件"):
        survey.read(export, roster=offices.export(tmp_path / "导出2.csv", people * 2))
