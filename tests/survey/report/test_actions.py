"""The list of actions: what is listed, what is read back, and what has moved beyond chance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import survey
from survey.errors import ReadError, UsageError
from survey.estimation import followed
from survey.report import actions
from survey.results import Findings
from survey.workflow import reviewing


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    made = survey.simulate(tmp_path_factory.mktemp("a"), n_branches=16, sizes=(4, 80), seed=4)
    return survey.read(made.export, roster=made.roster)


@pytest.fixture(scope="module")
def found(held: survey.Survey) -> Findings:
    return held.findings()


@pytest.fixture
def sheet(found: Findings, tmp_path: Path) -> Path:
    return actions.write(found, tmp_path / "整改清单.xlsx")


def edit(path: Path, row: int, header: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book.worksheets[0][2]]
    book.worksheets[0].cell(row, names.index(header) + 1).value = value
    book.save(path)


def test_what_is_listed_is_published_and_below_the_bar(found: Findings) -> None:
    made = actions.listed(found)
    assert len(made) > 5
    assert (made["upper"] < 0.9).all()
    own = made[made["branch"].notna()]
    assert own.groupby("branch").size().max() <= actions.MOST
    hidden = found.tables["branch",].frame
    hidden = set(hidden.loc[hidden["verdict"] == "withheld", "branch"])
    assert hidden
    assert not hidden & set(own["branch"])
    shown = found.branch_items.summary.dropna(subset=["rate"])
    told = set(zip(shown["branch"], shown["item"], strict=True))
    assert set(zip(own["branch"], own["item"], strict=True)) <= told


def test_the_sheet_comes_back_as_it_was_written(found: Findings, sheet: Path) -> None:
    edit(sheet, 3, "整改措施", "延长开放时间，联系 13800000000")
    before, made = actions.read(sheet), actions.listed(found)
    for name in ("number", "n_satisfied", "n_valid", "population"):
        assert before[name].tolist() == made[name].tolist()
    assert before["branch"].isna().tolist() == made["branch"].isna().tolist()
    assert before["measure"][0] == "延长开放时间，联系 13800000000"


def test_the_same_wave_again_has_not_moved(found: Findings, sheet: Path) -> None:
    result = followed(
        actions.read(sheet), found.items, found.branch_items, found.tables, level=0.95
    )
    assert (result.frame["change"] == "undecided").all()
    np.testing.assert_allclose(result.frame["difference"], 0)


def test_what_moved_what_is_hidden_and_what_is_gone(
    found: Findings, held: survey.Survey, sheet: Path, tmp_path: Path
) -> None:
    (first,) = actions.read(sheet).index[:1]
    edit(sheet, 3 + first, "满意/回答/名册", "0/300")
    edit(sheet, 4 + first, "指标", "别的指标")
    edit(sheet, 3 + first, "整改措施", "找王晓明老师，13800000000")
    result = followed(
        actions.read(sheet), found.items, found.branch_items, found.tables, level=0.95
    )
    assert result.frame["change"][:2].tolist() == ["up", "gone"]
    folder = held.report(tmp_path / "r", actions=sheet)
    page = (folder / "report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert f"上次整改清单共 {len(result.frame)} 项：上升超出抽样误差的 1 项" in page
    assert "13800000000" not in page
    assert "王晓明" not in page
    assert (folder / "整改清单.xlsx").exists()


def test_a_branch_that_is_withheld_this_time_has_no_figures(found: Findings, sheet: Path) -> None:
    frame = found.tables["branch",].frame
    (hidden, *_) = frame.loc[frame["verdict"] == "withheld", "branch"]
    row = int(actions.listed(found)["branch"].notna().to_numpy().argmax())
    edit(sheet, 3 + row, "范围", hidden)
    result = followed(
        actions.read(sheet), found.items, found.branch_items, found.tables, level=0.95
    )
    line = result.frame.iloc[row]
    assert line["change"] in ("gone", "withheld")
    assert pd.isna(line[["rate_after", "n_valid_after", "difference"]]).all()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("满意/回答/名册", "很多"),
        ("满意/回答/名册", "9/8"),
        ("满意/回答/名册", "7/8/5"),
        ("序号", "甲"),
    ],
)
def test_impossible_counts_are_named_by_their_cell(sheet: Path, header: str, value: str) -> None:
    edit(sheet, 3, header, value)
    with pytest.raises(ReadError, match=r"[FB]3"):
        actions.read(sheet)


def test_comments_are_told_beside_the_university_alone(sheet: Path) -> None:
    rows = list(openpyxl.load_workbook(sheet).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert all(row[4] is None for row in rows if row[0] != "全校")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_languages_are_read(found: Findings, tmp_path: Path, language: str) -> None:
    path = actions.write(found, tmp_path / "a.xlsx", language)  # type: ignore[arg-type]
    before = actions.read(path)
    result = followed(before, found.items, found.branch_items, found.tables, level=0.95)
    assert (result.frame["change"] == "undecided").all()


def test_anonymous_branches_have_no_counts_to_be_held_against(
    held: survey.Survey, tmp_path: Path
) -> None:
    before = actions.read(actions.write(held.anonymise().findings(), tmp_path / "a.xlsx"))
    own = before[before["branch"].notna()]
    assert len(own) > 3
    assert own[["n_satisfied", "n_valid", "population"]].isna().all(axis=None)


def test_lists_are_not_held_against_numbered_branches(held: survey.Survey, sheet: Path) -> None:
    with pytest.raises(UsageError, match="编号"):
        held.anonymise().findings(actions=sheet)


def test_branches_are_found_as_the_roster_finds_them(
    found: Findings, held: survey.Survey, sheet: Path
) -> None:
    row = int(actions.listed(found)["branch"].notna().to_numpy().argmax())
    name = actions.read(sheet)["branch"][row]
    edit(sheet, 3 + row, "范围", f"{name[:4]} {name[4:]}")
    assert actions.read(sheet)["branch"][row] != name
    assert reviewing.actions(sheet, held.roster)["branch"][row] == name
