"""Files as offices have them: the demo's, and versions of it that differ from what is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook

import survey
from tests.survey import offices

BRANCHES = ("一支部", "二支部", "三支部")
Make = Callable[[survey.Simulation, Path], tuple[Path, Path]]


def reworded(demo: survey.Simulation, folder: Path) -> tuple[Path, Path]:
    """Word two questions another way."""
    book = load_workbook(demo.export)
    sheet = book.active
    assert sheet is not None
    heads = [cell for cell in sheet[1] if "—" in str(cell.value)]
    for cell in heads[2:4]:
        stem, _, row = str(cell.value).partition("—")
        cell.value = f"{stem}—贵支部{row[: len(row) // 2]}方面做得怎么样"
    book.save(file := folder / "改过题目.xlsx")
    return file, demo.roster


def renamed(demo: survey.Simulation, folder: Path) -> tuple[Path, Path]:
    """Let the answers call one branch by another name."""
    book = load_workbook(demo.roster)
    sheet = book.active
    assert sheet is not None
    name = str(sheet.cell(2, 1).value)
    answers = load_workbook(demo.export)
    for row in answers.worksheets[0].iter_rows(min_row=2):
        for cell in row:
            if cell.value == name:
                cell.value = f"{name[:-2]}总{name[-2:]}"
    answers.save(file := folder / "别的叫法.xlsx")
    return file, demo.roster


def wide(demo: survey.Simulation, folder: Path) -> tuple[Path, Path]:
    """Write the roster as offices do: a title, one column for each kind of people, a total."""
    sheet = load_workbook(demo.roster).worksheets[0]
    at = {str(cell.value): cell.column - 1 for cell in sheet[1]}
    sizes: dict[str, Counter[str]] = {}
    for row in sheet.iter_rows(min_row=2, values_only=True):
        branch, role, size = (row[at[name]] for name in ("支部", "身份", "人数"))
        sizes.setdefault(str(branch), Counter())[str(role)] += int(str(size))
    book = Workbook()
    out = book.active
    assert out is not None
    out.append(["某大学各支部人数统计表"])
    out.append(["序号", "支部名称", "党员数", "群众数", "合计"])
    for number, (branch, counts) in enumerate(sizes.items(), start=1):
        out.append([number, branch, counts["党员"], counts["师生员工"], counts.total()])
    whole = sum(sizes.values(), Counter[str]())
    out.append(["", "总计", whole["党员"], whole["师生员工"], whole.total()])
    book.save(file := folder / "人数统计.xlsx")
    return demo.export, file


def _small(folder: Path, answers: dict[str, int]) -> tuple[Path, Path]:
    counts = {
        (branch, role, answer): n
        for branch in ("一支部", "二支部")
        for role in (offices.MEMBER, offices.STAFF)
        for answer, n in answers.items()
    }
    roster = offices.roster(folder / "名册.csv", {"一支部": 60, "二支部": 60})
    return offices.short(folder / "导出.csv", counts), roster


def two_levels(demo: survey.Simulation, folder: Path) -> tuple[Path, Path]:
    """Write a small export that asks nothing."""
    return _small(folder, {"满意": 18, "不满意": 2})


def four_levels(demo: survey.Simulation, folder: Path) -> tuple[Path, Path]:
    """Write an export whose answers include one that only a person can judge."""
    return _small(folder, {"满意": 12, "基本满意": 6, "不满意": 2})


def answers(file: Path, satisfied: int, year: int | None = None) -> Path:
    """Write an export of the branches, of a year where one is given; further answers come last."""
    people = [
        (branch, role, answer)
        for answer, n in (("不满意", 2), ("满意", 20), ("满意", satisfied - 20))
        for branch in BRANCHES
        for role in (offices.MEMBER, offices.STAFF)
        for _ in range(n)
    ]
    times = [f"{year}/11/1 {i // 60}:{i % 60:02d}:07" for i in range(len(people))]
    return offices.export(file, people, times=times if year else None)
