"""Progress of a running survey: needs, reminders, and nothing of what was answered."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

import survey
from analysis.design import planning, reminders
from tests.survey import offices
from tests.survey.estimation.test_satisfaction import MEMBER, NO, YES, held


def _wave(folder: Path, answer: str) -> survey.Survey:
    folder.mkdir()
    counts = {("甲", MEMBER, answer): 25, ("乙", MEMBER, answer): 5, ("丙", MEMBER, answer): 20}
    return held(folder, counts, {"甲": 40, "乙": 60, "丙": 20})


def test_needs_and_reminders_are_those_of_the_statistics(tmp_path: Path) -> None:
    found = _wave(tmp_path / "1", YES).fieldwork(suppose=["0.95", "0.8"], reply_rate=0.5)
    frame = found.frame.set_index("branch")
    assert frame.index.tolist() == ["甲", "乙", "丙"]
    assert (
        frame["n_80"].tolist()
        == planning.answers_for_chance([40, 60, 20], [38, 57, 19], 0.8).tolist()
    )
    assert frame["n_lacking"].tolist() == [7, 41, 0]
    plan = reminders.reminders([25, 5, 20], [40, 60, 20], [38, 57, 19], reply_rate=0.5)
    assert frame["n_reminders"].tolist() == plan.n_reminders.tolist()
    assert frame["chance_after"].tolist() == pytest.approx(plan.chance.tolist())
    assert frame["priority"].isna().tolist() == [False, False, True]
    expected = found.expected.set_index("supposed_rate")
    assert expected.loc[0.95, "decided_now"] == pytest.approx(plan.chance_now.sum())
    assert expected.loc[0.95, "decided_after"] == pytest.approx(plan.chance.sum())
    assert (expected["decided_after"] > expected["decided_now"]).all()
    assert "预计现在可判定" in found._repr_html_()
    assert found.to_display("en")["Branch"].iloc[0] == "甲"


def test_opposite_answers_give_the_same_progress(tmp_path: Path) -> None:
    glad, cross = (_wave(tmp_path / name, name).fieldwork() for name in (YES, NO))
    for name in ("frame", "roles", "expected"):
        pd.testing.assert_frame_equal(getattr(glad, name), getattr(cross, name))


def test_roles_stand_beside_branches(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=4, seed=2)
    found = survey.read(made.export, roster=made.roster).fieldwork()
    assert len(found.roles) == 8
    sums = found.roles.groupby("branch")["population"].sum()
    assert (found.frame.set_index("branch")["population"] == sums).all()


def test_silent_people_are_known_by_a_roster_only(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", MEMBER, YES): 9})
    with pytest.raises(survey.UsageError, match="roster"):
        survey.read(export, questionnaire=offices.SHORT).fieldwork()


def test_a_chance_that_falls_with_reminders_is_explained(tmp_path: Path) -> None:
    found = _wave(tmp_path / "1", YES).fieldwork()
    rising = found.frame.assign(chance_now=[0.5, 0.5, 0.5], chance_after=[0.6, 0.5, 0.5])
    assert dataclasses.replace(found, frame=rising).falls("zh") == ""
    falling = rising.assign(chance_after=[0.6, 0.45, 0.49])
    assert dataclasses.replace(found, frame=falling).falls("zh").startswith("有 2 个支部提醒后")
