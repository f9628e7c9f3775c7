"""Twins that differ in what is withheld, with all that a report can be given beside its answers.

Lists of actions, the wave before and the one before that, branches that became one, evidence,
comments and a school's score: none of them may tell the twins apart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import survey
from questionnaires import standard
from survey import documentary, report
from survey.documentary.reading import Filled, Proof
from tests.survey.privacy.test_twins import (
    answers,
    answers_exchanged,
    contents,
    read,
    roles_exchanged,
    told_apart,
    with_two_small,
)


def given(frame: pd.DataFrame) -> survey.Survey:
    """Read a wave that is held against a standard, with some evidence of every branch."""
    held, known = read(frame), standard.load("jiangsu-2014")
    proofs = [Proof(name, 2, None, "书记", None, 2, f"{name}.pdf") for name in held.branches[::2]]
    filled = Filled(tuple(proofs), {1: "同意"}, {held.branches[0]: "同意"})
    asked = replace(held.questionnaire, standard=known)
    return replace(
        held,
        responses=replace(held.responses, questionnaire=asked),
        evidence=documentary.judge(filled, known, held.branches, date(2026, 1, 1)),
    )


def everything(
    held: survey.Survey, before: survey.Survey, folder: Path, last: Path | None = None
) -> dict[str, bytes]:
    """Write the report of the wave before, unless it is there, and this one with all there is."""
    last = last or before.report(folder / "before", per_branch="html")
    place = held.report(
        folder / "now",
        earlier=[before, read(answers(300))],
        renamed={"small 1": held.branches[0]} if "small 1" in before.branches else None,
        actions=last / "整改清单.xlsx",
        per_branch="html",
    )
    found = {f"before/{name}": body for name, body in contents(last).items()}
    return found | contents(place)


@pytest.mark.parametrize("seed", [0])
def test_answers_of_withheld_branches_in_the_wave_before(seed: int, tmp_path: Path) -> None:
    frame, held = with_two_small(seed, 4), given(answers(seed + 100))
    twin = answers_exchanged(frame, ["small 2", "small 1"])
    one, two = (
        everything(held, given(before), tmp_path / name)
        for name, before in (("one", frame), ("two", twin))
    )
    assert any("actions" in name or "整改" in name for name in one)
    assert not told_apart(one, two)


@pytest.mark.parametrize("seed", [1])
def test_answers_of_withheld_branches_now(seed: int, tmp_path: Path) -> None:
    frame, before = with_two_small(seed, 3), given(answers(seed + 100))
    twin = answers_exchanged(frame, ["small 2", "small 1"])
    last = before.report(tmp_path / "before", per_branch="html")
    files = [
        everything(given(now), before, tmp_path / name, last)
        for name, now in (("one", frame), ("two", twin))
    ]
    page = files[0]["report.html"].decode()
    assert "汇总表" in page  # the evidence is there
    assert "上次整改" in page
    assert not told_apart(*files)


@pytest.mark.parametrize("seed", [0])
def test_roles_of_a_withheld_crossing(seed: int, tmp_path: Path) -> None:
    frame, before = answers(seed, n_branches=9), given(answers(seed + 100, n_branches=9))
    twin = roles_exchanged(frame, sorted(set(frame["branch"])))
    last = before.report(tmp_path / "before", per_branch="html")
    files = [
        everything(given(now), before, tmp_path / name, last)
        for name, now in (("one", frame), ("two", twin))
    ]
    assert not told_apart(*files)


def test_twins_are_told_apart_by_what_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the tests above could not fail."""
    monkeypatch.setattr(report, "ALL", ("html", "actions"))  # what is looked at, and read back
    frame, held = answers(7), given(answers(107))
    twin = frame.copy()
    largest = frame["branch"].value_counts().index[0]
    at = frame.index[(frame["branch"] == largest) & (frame["q"] >= 4)][:3]
    twin.loc[at, ["q", "a1", "a2", "b1", "b2"]] = 1
    files = [
        everything(held, given(before), tmp_path / name)
        for name, before in (("one", frame), ("two", twin))
    ]
    assert {"report.html", "before/report.html"} <= set(told_apart(*files))


def test_whose_comments_they_are_is_told_by_nothing(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path / "one", n_branches=16, sizes=(40, 90), seed=3)
    book = openpyxl.load_workbook(made.export)
    comments = [row[-1] for row in book.worksheets[0].iter_rows(min_row=2)]
    texts = [cell.value for cell in comments]
    order = np.random.default_rng(0).permutation(len(texts))
    for cell, at in zip(comments, order, strict=True):
        cell.value = texts[at]
    book.save(tmp_path / "two.xlsx")
    one, two = (
        survey.read(path, roster=made.roster).comments(quotes=True)
        for path in (made.export, tmp_path / "two.xlsx")
    )
    assert one is not None
    assert one.n is not None
    assert one.n > 20
    assert one.to_dict() == two.to_dict()
