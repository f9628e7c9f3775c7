"""Options that hold the sign by which a platform joins options."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import pytest

from survey.readers import Export, open_export
from survey.readers.problems import Problem
from tests.writers.files import write_csv, write_xlsx

FORMS = ["ID", "Start time", "Completion time", "Email", "Name"]


def forms(path: Path, header: str, cells: Sequence[str]) -> Export:
    rows = [
        [i, "3/1/24 9:00:00", "3/1/24 9:05:00", "anonymous", "", c] for i, c in enumerate(cells)
    ]
    return open_export(write_xlsx(path / "f.xlsx", [[*FORMS, header], *rows]))


def google(
    path: Path, headers: Sequence[str], cells: Sequence[Sequence[str]], stamp: str
) -> Export:
    rows = [[stamp, *row] for row in cells]
    return open_export(write_csv(path / "g.csv", [["Timestamp", *headers], *rows]))


def qualtrics(path: Path, header: str, cells: Sequence[str]) -> Export:
    names = ["StartDate", "EndDate", "ResponseId"]
    ids = [json.dumps({"ImportId": name}) for name in [*names, "QID1"]]
    rows = [
        ["2025-11-01 09:00:00", "2025-11-01 09:05:00", f"R_{i}", c] for i, c in enumerate(cells)
    ]
    table = [[*names, "Q1"], [*names, header], ids, *rows]
    return open_export(write_csv(path / "q.csv", table))


def collected(path: Path, header: str, cells: Sequence[str]) -> Export:
    table = [["提交者（自动）", "提交时间（自动）", header]]
    table += [[f"人{i}", "2025-11-01 09:00:00", cell] for i, cell in enumerate(cells)]
    return open_export(write_csv(path / "t.csv", table))


def by_hand(path: Path, headers: Sequence[str], cells: Sequence[Sequence[str]]) -> Export:
    rows = [["甲乙"[i % 2], *row] for i, row in enumerate(cells)]
    return open_export(write_csv(path / "m.csv", [["支部", *headers], *rows]))


def several(cells: Sequence[Sequence[str]], joint: str, end: str = "", n: int = 60) -> list[str]:
    return [joint.join(cell) + end for cell in islice(cycle(cells), n)]


def counted(export: Export, question: str, row: str | None = None) -> dict[str, int]:
    table = export.count(question, row)
    return dict(zip(table["answer"], table["n"].astype(int), strict=True))


def doubts(export: Export) -> list[Problem]:
    return [p for p in export.problems if "拆" in p.zh]


ANSWERS = [("讲座", "参观; 含食宿"), ("参观; 含食宿",), ("讲座", "观影"), ("观影",), ("讲座",)]
"""Of 60 people 36 lectures, 24 films, 24 visits."""


def test_a_space_after_the_semicolon_belongs_to_the_option(tmp_path: Path) -> None:
    export = forms(tmp_path, "活动", several(ANSWERS, ";", ";"))
    assert counted(export, "活动") == {"讲座": 36, "参观; 含食宿": 24, "观影": 24}
    assert not doubts(export)


def test_pieces_that_are_met_only_side_by_side_are_one_option(tmp_path: Path) -> None:
    cells = [tuple(option.replace("; ", ";") for option in cell) for cell in ANSWERS]
    export = forms(tmp_path, "活动", several(cells, ";", ";"))
    assert counted(export, "活动") == {"讲座": 36, "参观;含食宿": 24, "观影": 24}
    assert "参观;含食宿" in doubts(export)[0].zh


def test_few_people_prove_nothing_and_it_is_said(tmp_path: Path) -> None:
    cells = several(
        [("讲座", "参观", "食宿"), ("参观", "食宿"), ("讲座",), ("观影",)], ";", ";", n=12
    )
    export = forms(tmp_path, "活动", cells)
    assert export.find("活动").question.options == ("讲座", "参观", "食宿", "观影")
    assert "请核对" in doubts(export)[0].zh


COMMAS = [("讲座", "参观, 含食宿"), ("参观, 含食宿",), ("讲座", "观影"), ("观影",), ("讲座",)]


@pytest.mark.parametrize("stamp", ["2025/7/4 19:05:34"])
def test_a_checkbox_of_google_forms_with_a_comma_in_an_option(tmp_path: Path, stamp: str) -> None:
    cells = [[cell] for cell in several(COMMAS, ", ")]
    export = google(tmp_path, ["活动"], cells, stamp)
    assert counted(export, "活动") == {"讲座": 36, "参观, 含食宿": 24, "观影": 24}
    assert doubts(export)


def test_the_download_of_google_forms_joins_without_a_space(tmp_path: Path) -> None:
    cells = [[cell] for cell in several(ANSWERS, ";")]
    export = google(tmp_path, ["活动"], cells, "2025/07/04 7:05:34 PM GMT+8")
    assert counted(export, "活动") == {"讲座": 36, "参观; 含食宿": 24, "观影": 24}


def test_options_that_begin_alike_are_not_cut_at_their_comma(tmp_path: Path) -> None:
    shared = [("Music", "Yes, fully"), ("Yes, mostly",), ("Yes, fully",), ("Music",)]
    export = google(tmp_path, ["Q"], [[c] for c in several(shared, ", ")], "2025/7/4 19:05:34")
    assert counted(export, "Q") == {"Music": 30, "Yes, fully": 30, "Yes, mostly": 15}


@pytest.mark.parametrize(
    "labels",
    [
        ["Yes, fully", "Yes, mostly", "No, not really"],
        ["是, 完全", "是, 大部分", "否, 基本没有"],
        ["好, 很好", "不好", "差, 很差"],
    ],
)
def test_every_row_of_a_grid_is_one_answer(tmp_path: Path, labels: list[str]) -> None:
    cells = [[labels[i % 3], labels[i // 2 % 3], labels[i % 2]] for i in range(36)]
    export = google(
        tmp_path, [f"评价 [{row}]" for row in ("甲", "乙", "丙")], cells, "2025/7/4 19:05:34"
    )
    (question,) = export.questions
    assert (question.kind, question.options) == ("matrix", tuple(labels))
    assert counted(export, "评价", "甲") == dict.fromkeys(labels, 12)
    assert not doubts(export)


def test_qualtrics_writes_no_space_between_options(tmp_path: Path) -> None:
    export = qualtrics(tmp_path, "活动", several(COMMAS, ","))
    assert counted(export, "活动") == {"讲座": 36, "参观, 含食宿": 24, "观影": 24}


def test_a_collected_table_too(tmp_path: Path) -> None:
    export = collected(tmp_path, "活动", several(COMMAS, ","))
    assert counted(export, "活动") == {"讲座": 36, "参观, 含食宿": 24, "观影": 24}


@pytest.mark.parametrize("joint", ["、", ";", "；"])
def test_a_single_choice_in_a_sheet_made_by_hand(tmp_path: Path, joint: str) -> None:
    labels = [f"教学{joint}科研岗", f"管理{joint}服务岗", "学生"]
    export = by_hand(tmp_path, ["岗位"], [[label] for label in islice(cycle(labels), 30)])
    assert export.find("岗位").question.kind == "single"
    assert counted(export, "岗位") == dict.fromkeys(labels, 10)
    assert not doubts(export)


def test_rows_of_a_matrix_made_by_hand(tmp_path: Path) -> None:
    labels = ["好、很好", "一般", "差、很差"]
    cells = [[labels[i % 3], labels[i % 2]] for i in range(30)]
    export = by_hand(tmp_path, ["评价_食堂", "评价_宿舍"], cells)
    assert [question.kind for question in export.questions] == ["single", "matrix"]
    assert counted(export, "评价", "食堂") == dict.fromkeys(labels, 10)


def test_what_is_not_certain_is_left_whole_and_said(tmp_path: Path) -> None:
    # 丙 is met only after 乙: options of their own, or one that was cut in two?
    cells = several([("甲", "乙", "丙"), ("乙", "丙"), ("甲", "乙"), ("乙",), ("甲",)], "、")
    export = by_hand(tmp_path, ["选项"], [[cell] for cell in cells])
    assert export.find("选项").question.kind == "single"
    assert "不能确定，没有拆开" in doubts(export)[0].zh


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["0.5", "1.2", "1.9", "2.6", "3.3", "4.0"], "number"),
        (["4.5", "4", "3.5", "3", "5"], "scale"),
        (["-1.25", "2", "0"], "number"),
        (["88.5", "96", "70"], "number"),
        (["4．5", "４", "3.5"], "scale"),
        (["-2", "-1", "0", "1", "2"], "scale"),
    ],
)
def test_decimals_are_numbers(tmp_path: Path, texts: list[str], kind: str) -> None:
    export = by_hand(tmp_path, ["数", "评价"], [[t, "好"] for t in islice(cycle(texts), 40)])
    assert export.find("数").question.kind == kind
