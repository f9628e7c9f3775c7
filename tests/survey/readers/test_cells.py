"""Cells as people leave them: merged, hidden, without a header, with dates of either order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import survey
from survey.errors import ReadError
from survey.readers import open_export
from survey.readers.export.times import times_of
from tests.survey import offices
from tests.writers.files import write_csv, write_xlsx

HEADER = ("序号", "所在支部", "总体满意度")
NAMED = {"branch": "所在支部", "overall": "总体满意度", "satisfied": ["非常满意", "满意"]}
Rows = Sequence[Sequence[object]]


def people(n: int = 12, *branches: str) -> list[tuple[object, ...]]:
    names = branches or ("甲支部", "乙支部")
    words = ("满意", "非常满意", "不满意")
    return [(i + 1, names[i * len(names) // n], words[i % 3]) for i in range(n)]


def book(path: Path, *sheets: Rows, merged: Sequence[str] = ()) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    for number, rows in enumerate(sheets, 1):
        sheet = made.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(row)
    del made["Sheet"]
    for cells in merged:
        made.worksheets[0].merge_cells(cells)
    made.save(path)
    return made


class TestSheets:
    def test_a_platform_s_sheet_is_taken_among_the_user_s_own(self, tmp_path: Path) -> None:
        answers = [(p[1], offices.MEMBER, p[2]) for p in people()]
        path = offices.export(tmp_path / "a.csv", answers)
        rows = pd.read_csv(path, header=None, dtype=str).to_numpy().tolist()
        book(tmp_path / "a.xlsx", [("支部", "人数"), ("甲支部", 6), ("乙支部", 6)], rows)
        export = open_export(tmp_path / "a.xlsx")
        assert (export.platform, export.n_rows) == ("wjx", 12)
        assert "表1" in export.problems[0].text()
        assert "--sheet" in export.problems[0].zh

    def test_a_table_is_taken_beside_remarks(self, tmp_path: Path) -> None:
        book(tmp_path / "a.xlsx", [("填写说明",), ("每人一行",)], [HEADER, *people()])
        assert open_export(tmp_path / "a.xlsx").n_rows == 12

    def test_two_tables_are_asked_about(self, tmp_path: Path) -> None:
        book(tmp_path / "a.xlsx", [HEADER, *people()], [HEADER, *people()])
        with pytest.raises(ReadError, match=r"表1、表2.*sheet=（--sheet）"):
            open_export(tmp_path / "a.xlsx")
        assert open_export(tmp_path / "a.xlsx", sheet="表2").n_rows == 12


class TestHidden:
    def test_rows_and_columns_of_xlsx(self, tmp_path: Path) -> None:
        made = book(tmp_path / "a.xlsx", [HEADER, *people()])
        sheet = made.worksheets[0]
        for row in (3, 4, 5, 200):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["A"].hidden = True
        sheet.column_dimensions["H"].hidden = True
        made.save(tmp_path / "a.xlsx")
        held = survey.read(tmp_path / "a.xlsx", **NAMED)
        assert held.n_used == 12
        (said,) = [zh for zh, _ in held.notices if "隐藏" in zh]
        assert "3 行和 A 列被隐藏" in said

    def test_rows_and_columns_of_xls(self, tmp_path: Path) -> None:
        made = xlwt.Workbook()
        sheet = made.add_sheet("表")
        for i, row in enumerate([HEADER, *people()]):
            for j, cell in enumerate(row):
                sheet.write(i, j, cell)
        sheet.row(4).hidden = True
        sheet.col(0).hidden = True
        made.save(str(tmp_path / "a.xls"))
        (said,) = [p.zh for p in open_export(tmp_path / "a.xls").problems if "隐藏" in p.zh]
        assert "1 行和 A 列被隐藏" in said

    def test_a_roster_tells_of_them_too(self, tmp_path: Path) -> None:
        made = book(tmp_path / "r.xlsx", [("支部", "人数"), ("甲支部", 9), ("乙支部", 9)])
        made.worksheets[0].row_dimensions[3].hidden = True
        made.save(tmp_path / "r.xlsx")
        export = write_csv(tmp_path / "a.csv", [HEADER, *people()])
        held = survey.read(export, roster=tmp_path / "r.xlsx", **NAMED)
        assert any("名册：工作表中有 1 行被隐藏" in zh for zh, _ in held.notices)

    def test_nothing_is_said_where_nothing_is_hidden(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *people()])
        assert not [p for p in open_export(path).problems if "隐藏" in p.zh]


class TestMergedCells:
    @pytest.mark.parametrize("title", [[], [("2025 年满意度调查",)]])
    def test_a_branch_merged_down_is_everybody_s(
        self, tmp_path: Path, title: list[tuple[object, ...]]
    ) -> None:
        top = 2 + len(title)
        ranges = [f"B{top}:B{top + 5}", f"B{top + 6}:B{top + 11}"] + ["A1:C1"] * len(title)
        book(tmp_path / "a.xlsx", [*title, HEADER, *people()], merged=ranges)
        held = survey.read(tmp_path / "a.xlsx", **NAMED)
        assert held.satisfaction().frame.set_index("branch")["n_valid"].to_dict() == {
            "甲支部": 6,
            "乙支部": 6,
        }
        assert any("上下合并" in zh for zh, _ in held.notices)

    def test_a_header_of_two_merged_rows_is_nothing_to_tell(self, tmp_path: Path) -> None:
        rows = [HEADER, (None, None, None), *people()]
        book(tmp_path / "a.xlsx", rows, merged=["A1:A2", "B1:B2", "C1:C2"])
        export = open_export(tmp_path / "a.xlsx")
        assert export.n_rows == 12
        assert not [p for p in export.problems if "上下合并" in p.zh]


class TestNoBranch:
    @pytest.mark.parametrize("joint", [", ", "，", "; ", "┋", "、", "/"])
    def test_two_branches_are_no_third(self, tmp_path: Path, joint: str) -> None:
        both = f"甲支部{joint}乙支部"
        rows = [
            *people(),
            *[(90 + i, both, "满意") for i in range(3)],
            (99, f"甲支部{joint}", "满意"),
        ]
        held = survey.read(write_csv(tmp_path / "a.csv", [HEADER, *rows]), **NAMED)
        frame = held.satisfaction().frame.set_index("branch")
        assert frame["n_valid"].to_dict() == {"甲支部": 7, "乙支部": 6}
        assert held.audit["rule"].eq("branch_missing").sum() == 3
        assert any("3 份答卷选了不止一个支部" in zh for zh, _ in held.notices)

    def test_columns_that_were_ticked(self, tmp_path: Path) -> None:
        header = [*offices.METADATA, "1、(甲支部)", "1、(乙支部)", "2、总体满意度"]
        ticks = [(1, 0)] * 6 + [(0, 1)] * 5 + [(1, 1)] * 2 + [(0, 0)]
        rows = [
            (i + 1, f"2025/11/1 9:{i:02d}:00", "60秒", "微信", "N/A", "192.0.2.1", a, b, 1 + i % 2)
            for i, (a, b) in enumerate(ticks)
        ]
        path = write_csv(tmp_path / "a.csv", [header, *rows])
        held = survey.read(path, branch="1", overall="2", satisfied=["1"], ladder=["1", "2"])
        frame = held.satisfaction().frame.set_index("branch")
        assert frame["n_valid"].to_dict() == {"甲支部": 6, "乙支部": 5}
        assert held.audit["rule"].eq("branch_missing").sum() == 3

    @pytest.mark.parametrize(
        "nothing", ["无", "/", "-", "——", "没有", "无。", "N/A", "。", "...", " "]
    )
    def test_nothing_is_no_branch(self, tmp_path: Path, nothing: str) -> None:
        rows = [*people(), (90, nothing, "满意")]
        held = survey.read(write_csv(tmp_path / "a.csv", [HEADER, *rows]), **NAMED)
        assert held.branches == ["乙支部", "甲支部"]
        assert held.n_used == 12

    def test_a_name_with_a_joint_of_its_own_stays(self, tmp_path: Path) -> None:
        rows = people(12, "机关、后勤支部", "图书馆/档案馆支部")
        held = survey.read(write_csv(tmp_path / "a.csv", [HEADER, *rows]), **NAMED)
        assert held.branches == ["图书馆/档案馆支部", "机关、后勤支部"]

    def test_a_frame_is_treated_alike(self) -> None:
        rows = [*people(), (90, "甲支部、乙支部", "满意"), (91, "无", "满意")]
        frame = pd.DataFrame(rows, columns=[*HEADER])
        held = survey.from_frame(frame, **NAMED)
        assert held.branches == ["乙支部", "甲支部"]
        assert (held.n_used, held.n_removed) == (12, 2)
        assert any("选了不止一个支部" in zh for zh, _ in held.notices)


class TestNoHeader:
    @pytest.mark.parametrize(
        "rows",
        [
            [p[1:] for p in people()],
            people(),
            [("甲支部", "满意") if i % 2 else ("乙支部", "不满意") for i in range(30)],
            [(*p, f"2025/11/1 9:{p[0]:02d}", f"建议{p[0]}写在这里") for p in people()],
            [(*p, "党员" if int(str(p[0])) % 2 else "群众") for p in people()],
        ],
    )
    def test_an_answer_is_no_header(self, tmp_path: Path, rows: Rows) -> None:
        with pytest.raises(ReadError, match="请在最上面加一行列名"):
            open_export(write_csv(tmp_path / "a.csv", rows))

    def test_a_header_stays_one(self, tmp_path: Path) -> None:
        # Typeform's columns of options hold their header's text
        ticked = [(*p, "热情" if int(str(p[0])) % 2 else "", "专业") for p in people()]
        path = write_csv(tmp_path / "a.csv", [(*HEADER, "热情", "专业"), *ticked])
        assert open_export(path).n_rows == 12


class TestDates:
    @pytest.mark.parametrize(
        ("texts", "months", "guessed"),
        [
            (["1/11/2025 9:00", "10/11/2025 9:00"], [11, 11], "day"),
            (["01/11/2025", "12/11/2025"], [11, 11], "day"),
            (["11/1/2025 9:00:00 AM", "11/10/2025 9:00:00 PM"], [11, 11], "month"),
            (["1/11/2025 9:00", "13/11/2025 9:00"], [11, 11], None),
            (["11/1/25 9:00", "11/13/25 9:00"], [11, 11], None),
            (["1.11.2025 9:00", "2.11.2025 9:00"], [11, 11], None),
            (["01-11-2025 9:00", "10-11-2025 9:00"], [11, 11], "day"),
            (["3/4/2025 9:00"], [3], "month"),
            (["4/4/2025 9:00", "4/4/2025 10:00"], [4, 4], None),
            (["2025/11/1 9:00", "2025-11-10"], [11, 11], None),
            (["2025/11/1 9:00:00", "1/11/2025 9:00", "2025-11-10 9:00:00"], [11, 11, 11], "day"),
        ],
    )
    def test_day_and_month(self, texts: list[str], months: list[int], guessed: str | None) -> None:
        found = times_of(texts)
        assert found.values.dt.month.tolist() == months
        assert found.values.dt.year.eq(2025).all()
        assert found.guessed == guessed

    def test_words_are_no_times(self) -> None:
        found = times_of(["now", "today", "Now", "2025/11/1 9:00:00", "2025-11-01"])
        assert found.values.isna().tolist() == [True, True, True, False, False]

    def test_times_of_centuries(self) -> None:
        found = times_of(["1/2/1990 9:00", "3/4/2199 9:00"])
        assert found.values.dt.year.tolist() == [1990, 2199]

    def test_a_guess_is_told(self, tmp_path: Path) -> None:
        rows = [(f"{i + 1:02d}/11/2025 09:00:00", *p[1:]) for i, p in enumerate(people(10))]
        path = write_csv(tmp_path / "a.csv", [("提交时间", *HEADER[1:]), *rows])
        held = survey.read(path, **NAMED)
        assert held.responses.people["submitted_at"].dt.month.eq(11).all()
        assert any("按 日/月/年 读取" in zh for zh, _ in held.notices)

    @pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
    def test_days_since_1904(self, tmp_path: Path, epoch: object) -> None:
        made = openpyxl.Workbook()
        if epoch is not None:
            made.epoch = epoch
        sheet = made.worksheets[0]
        sheet.append(("提交时间", *HEADER[1:]))
        for _, branch, word in people():
            sheet.append((pd.Timestamp(2025, 11, 1, 9).to_pydatetime(), branch, word))
        # a date that lost its format is a number of days
        sheet["A2"].number_format = "General"
        made.save(tmp_path / "a.xlsx")
        times = open_export(tmp_path / "a.xlsx").metadata["submitted_at"]
        assert times.eq(pd.Timestamp(2025, 11, 1, 9)).all()

    def test_limesurvey_hides_dates_behind_1980(self, tmp_path: Path) -> None:
        header = ["Response ID", "Date submitted", "Last page", "Start language", "Seed", "Branch"]
        rows = [(i, "1980-01-01 00:00:00", 3, "en", i, "A" if i % 2 else "B") for i in range(12)]
        export = open_export(write_csv(tmp_path / "a.csv", [header, *rows]))
        assert export.metadata["submitted_at"].isna().all()
        assert any("匿名" in p.zh for p in export.problems)


def long_table(path: Path, broken: str) -> Path:
    lines = [",".join(HEADER), *(f"{i},甲支部{i % 2},满意" for i in range(9_000))]
    lines[5_000] = broken
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_short_rows_get_a_closer_look(tmp_path: Path) -> None:
    told = " ".join(p.text() for p in open_export(long_table(tmp_path / "a.csv", "1,甲")).problems)
    assert "第 5001 行：该行只有 2 格" in told
    assert open_export(long_table(tmp_path / "a.csv", "")).n_rows == 8_999


@pytest.mark.parametrize(
    ("broken", "said"),
    [("1,甲,满意,多", "第 5001 行"), ('1,"甲"支部,满意', "引号"), ('1,"甲,满意', "引号")],
)
def test_broken_rows_get_a_closer_look(tmp_path: Path, broken: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        open_export(long_table(tmp_path / "a.csv", broken))
