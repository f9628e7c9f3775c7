from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import survey


@pytest.fixture
def held(tmp_path: Path) -> survey.Survey:
    made = survey.simulate(tmp_path, n_branches=14, seed=3, sizes=(40, 80))
    return survey.read(made.export, roster=made.roster)


def test_findings_judge_every_set_of_units_once(
    held: survey.Survey, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []
    estimate = survey.Survey._estimate

    def counted(self: survey.Survey, *options: Any) -> Any:
        asked.append(options)
        return estimate(self, *options)

    monkeypatch.setattr(survey.Survey, "_estimate", counted)
    found = held.findings()
    assert len(asked) == len(set(asked)) > 3
    monkeypatch.setattr(survey.Survey, "_judge", estimate)
    anew = held.findings()
    for name in ("overall", "by_branch", "by_role", "by_branch_role"):
        pd.testing.assert_frame_equal(
            getattr(found, name).frame, getattr(anew, name).frame, check_exact=True
        )


def test_a_frame_that_is_changed_changes_no_later_one(held: survey.Survey) -> None:
    frame = held.satisfaction().frame
    frame.loc[:, "rate"] = -1.0
    assert (held.satisfaction().frame["rate"].dropna() >= 0).all()
