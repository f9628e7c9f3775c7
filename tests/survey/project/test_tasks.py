"""What a dropped file is taken for, and what other rules would say of everyone."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

import survey
from survey import project as rooms
from survey.project import tasks
from survey.project.folder import STATE
from tests.survey import offices


def tell(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A survey of four branches with its roster."""
    made = survey.simulate(tmp_path / "sim", n_branches=4, seed=1)
    place = rooms.create(tmp_path / "调查").folder
    rooms.put(place, made.export, "export")
    return rooms.put(place, made.roster, "roster").folder


def changed(file: Path, to: Path, *, rows: int = 0, year: str = "") -> Path:
    """Copy an export without its last rows, or with the times of another year."""
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    if rows:
        sheet.delete_rows(sheet.max_row - rows + 1, rows)
    at = next(c.column for c in sheet[1] if c.value == "提交答卷时间")
    for row in range(2, sheet.max_row + 1) if year else ():
        cell = sheet.cell(row, at)
        cell.value = year + str(cell.value)[4:]
    book.save(to)
    return to


@pytest.mark.parametrize(
    ("how", "kind", "relation"),
    [
        ({}, "export", "same"),
        ({"rows": 5}, "export", "newer"),
        ({"year": "2035"}, "export", "wave"),
        ({"year": "2001"}, "earlier", "wave"),
    ],
)
def test_an_export_is_known_by_its_rows_and_times(
    folder: Path, tmp_path: Path, how: dict[str, int], kind: str, relation: str
) -> None:
    (export,) = rooms.load(folder).paths("export")
    file = changed(export, tmp_path / "另一份.xlsx", **how)  # type: ignore[arg-type]
    found = tasks.recognise(folder, tell, "zh", path=str(file))  # type: ignore[arg-type]
    assert (found.kind, found.relation) == (kind, relation)


@pytest.mark.parametrize(
    "times",
    [
        {"提交答卷时间": "2025/5/1"},
        {"提交答卷时间": ""},
        {"提交答卷时间": "2025/5/1 9:30", "所用时间": "60秒"},
        {"提交答卷时间": "2025/5/1 9:30:11", "所用时间": ""},
        {},
    ],
)
def test_answers_whose_times_tell_nothing_are_known_by_their_rows(
    tmp_path: Path, times: dict[str, str]
) -> None:
    place = rooms.create(tmp_path / "调查").folder
    for college, n in (("物理学院", 60), ("化学学院", 90)):
        rows = pd.DataFrame(times, index=range(n))
        rows["您所在的党支部"] = [f"{college}第{at % 3 + 1}党支部" for at in range(n)]
        rows["您对本支部工作的总体满意度"] = ["非常满意", "满意", "不满意"] * (n // 3)
        rows.insert(0, "序号", range(1, n + 1))
        rows.to_csv(tmp_path / f"{college}.csv", index=False, encoding="utf-8-sig")
    rooms.put(place, tmp_path / "物理学院.csv", "export")
    found = tasks.recognise(place, tell, "zh", path=str(tmp_path / "化学学院.csv"))  # type: ignore[arg-type]
    assert (found.relation, found.n_rows, found.n_before) == ("further", 90, 60)
    assert found.n_known == 0


def test_a_roster_and_other_files_are_known(folder: Path, tmp_path: Path) -> None:
    (roster,) = rooms.load(folder).paths("roster")
    assert tasks.recognise(folder, tell, "zh", path=str(roster)).kind == "roster"  # type: ignore[arg-type]
    (tmp_path / "信.txt").write_text("你好", encoding="utf-8")
    assert tasks.recognise(folder, tell, "zh", path=str(tmp_path / "信.txt")).kind == ""  # type: ignore[arg-type]


def test_what_people_fill_in_is_known(folder: Path, tmp_path: Path) -> None:
    (roster,) = rooms.load(folder).paths("roster")
    texts = {"a.toml": '[too_fast]\naction = "off"\n', "b.toml": "x = 1"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    survey.evidence(roster, tmp_path / "佐证.xlsx")
    found = [
        tasks.recognise(folder, tell, "zh", path=str(tmp_path / name)).kind  # type: ignore[arg-type]
        for name in (*texts, "佐证.xlsx")
    ]
    assert found == ["rules", "", "evidence"]


def test_other_rules_are_told_of_everyone_alone(folder: Path) -> None:
    found = tasks.suppose(folder, tell, "zh", bar="0.5", min_cell=30)  # type: ignore[arg-type]
    told = {name.zh: (now, then) for name, now, then in found.rows}
    now = survey.read(folder).satisfaction(None).frame.iloc[0]
    assert told["有效回答"] == (str(now["n_valid"]), str(now["n_valid"]))
    assert told["判定"][1] == "达标"
    assert len(found.rows) == 8, "no branch is among them"


def test_late_answers_are_counted_and_nothing_of_them_told(folder: Path, tmp_path: Path) -> None:
    (export,) = rooms.load(folder).paths("export")
    fewer = changed(export, tmp_path / "early.xlsx", rows=7)
    shutil.copyfile(export, tmp_path / "late.xlsx")
    rooms.put(folder, fewer, "export", export.name)
    (folder / STATE).mkdir()
    before, rows = tasks._rows_kept(rooms.load(folder))
    assert (before.total(), rows.total()) == (0, survey.read(fewer).n_read)
    rooms.put(folder, tmp_path / "late.xlsx", "export", export.name)
    before, after = tasks._rows_kept(rooms.load(folder))
    assert ((after - before).total(), (before - after).total()) == (7, 0)
    assert before == rows


@pytest.mark.parametrize("left", ["", '{"files": [], "ro'])
def test_a_count_of_rows_that_was_cut_short_is_made_again(folder: Path, left: str) -> None:
    (folder / STATE).mkdir()
    (folder / STATE / tasks._ROWS).write_text(left, encoding="utf-8")
    n_read = survey.read(folder).n_read
    counts = [tasks._rows_kept(rooms.load(folder)) for _ in range(2)]
    assert [(before.total(), now.total()) for before, now in counts] == [
        (0, n_read),
        (n_read, n_read),
    ]


def test_a_row_with_two_reasons_is_told_of_once() -> None:
    lines = [
        ("a.xlsx", "1", 7, "flag", "过快", "too fast"),
        ("a.xlsx", "1", 7, "flag", "全选一样", "straight line"),
        ("a.xlsx", "1", 8, "keep", "", ""),
        ("a.xlsx", "", 9, "flag", "过快", "too fast"),
        ("a.xlsx", "", 9, "remove", "空白", "blank"),
    ]
    audit = pd.DataFrame(lines, columns=["file", "sheet", "row", "action", "zh", "en"])
    found = [*tasks._removed(SimpleNamespace(audit=audit))]  # type: ignore[arg-type]
    told = [(one.row, one.action, one.why.zh) for one in found]
    assert told == [(7, "flag", "过快；全选一样"), (9, "remove", "过快；空白")]


@pytest.mark.parametrize(("first", "last"), [(1, 60), (60, 150), (100, 200)])
def test_a_part_of_the_answers_takes_nobodys_place(
    folder: Path, tmp_path: Path, first: int, last: int
) -> None:
    """A download of some days holds few of those that are there; a cleaned one nearly all."""
    (export,) = rooms.load(folder).paths("export")
    whole = survey.read(export).n_read
    book = openpyxl.load_workbook(export)
    sheet = book.active
    assert sheet is not None
    sheet.delete_rows(2 + last * whole // 200, whole)
    sheet.delete_rows(2, 1 + first * whole // 200)
    book.save(part := tmp_path / "几天.xlsx")
    found = tasks.recognise(folder, tell, "zh", path=str(part))  # type: ignore[arg-type]
    assert found.relation == "further"
    assert 0 < found.n_known == found.n_rows < found.n_before == whole
    held = survey.read([export, part])
    assert held.n_used == survey.read(export).n_used, "each counts once"


@pytest.mark.parametrize("comes_first", [True, False])
def test_a_roster_belongs_to_the_wave_of_its_branches(tmp_path: Path, comes_first: bool) -> None:
    """A branch was renamed since: the roster before does not take the place of today's."""
    place = rooms.create(tmp_path / "调查").folder
    files: dict[str, Path] = {}
    for year, name in (("2024", "老支部"), ("2025", "新支部")):
        people = [(branch, offices.MEMBER, "满意") for branch in ("一支部", name)]
        file = offices.export(tmp_path / f"{year}.csv", people, times=[f"{year}/5/1 8:00:01"] * 2)
        rooms.put(place, file, "export" if year == "2025" else "earlier")
        files[year] = offices.roster(tmp_path / f"名册{year}.csv", {"一支部": 9, name: 9})
    for year in sorted(files, reverse=comes_first):
        found = tasks.recognise(place, tell, "zh", path=str(files[year]))  # type: ignore[arg-type]
        assert found.kind == ("roster" if year == "2025" else "earlier_roster")
        rooms.put(place, files[year], found.kind)
    assert [path.name for path in rooms.load(place).paths("roster")] == ["名册2025.csv"]
