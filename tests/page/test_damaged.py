"""Files as offices have them, each gone with in a browser to its report by choosing alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

import survey

pytest.importorskip("selenium")
from selenium.webdriver.support.select import Select

from tests.page.going import Way


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


@pytest.mark.parametrize("damage", [reworded, renamed, wide], ids=lambda one: one.__name__)
def test_from_a_damaged_file_to_the_report(
    way: Way, demo: survey.Simulation, damage: object, tmp_path: Path
) -> None:
    assert callable(damage)
    name = f"改动 {damage.__name__}"
    way.enter(name)
    way.drop(*damage(demo, tmp_path))
    kinds = [row.text.split("\n")[0].split()[0] for row in way.all(".files li")]
    assert kinds == ["导出", "名册"], way.text
    way.go("a.button.go")
    n_asked, is_first = 0, True
    for _ in range(4):
        way.wait("form input[name=key]")
        asked = way.all("fieldset.ask select")
        if not asked:
            break
        n_asked += len(asked)
        for at, select in enumerate(asked):
            # the likeliest stands first; what both were said to be is asked once more
            taken = {Select(other).first_selected_option.text for other in asked[:at]}
            options = [option.text for option in Select(select).options][1:]
            fresh = [text for text in options if text not in taken or is_first]
            Select(select).select_by_visible_text(fresh[0])
        is_first = False
        way.go("fieldset.ask + p button")
    assert (n_asked > 0) == (damage is not wide), way.text
    way.go("button.go[formaction$=compute]")
    way.go("a.button.go")
    way.wait("#published")
    held = survey.read(way.served.home / name)
    plain = survey.read(demo.export, roster=demo.roster)
    assert held.n_used == plain.n_used
    figures = ["branch", "population", "n_valid", "n_satisfied", "verdict"]
    assert held.satisfaction().frame[figures].equals(plain.satisfaction().frame[figures])
