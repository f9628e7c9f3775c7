from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import questionnaires
import survey
from analysis.proportions import intervals
from survey import estimation
from tests.survey import offices

LONG = questionnaires.load("jiangsu-2014")
ITEM = LONG.item("q01").text


def test_levels_nobody_chose_are_there_with_nought(tmp_path: Path) -> None:
    answers = ["满意"] * 7 + ["一般"] * 2 + ["不了解", "(空)", "(跳过)"]
    export = offices.export(
        tmp_path / "a.csv",
        [("甲", "满意", answer) for answer in answers],
        questions=("支部", offices.OVERALL, ITEM),
    )
    roster = offices.roster(tmp_path / "r.csv", {"甲": 30})
    made = survey.read(export, roster=roster).responses_by_item()
    rows = made.frame[made.frame["item"] == "q01"]
    assert rows["score"].tolist() == [5, 4, 3, 2, 1]
    assert rows["n"].tolist() == [0, 7, 2, 0, 0]
    assert rows["share"].sum() == pytest.approx(1)
    one = made.summary.set_index("item").loc["q01"]
    assert [one[f"n_{kind}"] for kind in ("valid", "missing", "not_asked", "not_applicable")] == [
        9,
        1,
        1,
        1,
    ]
    assert one["n_satisfied"] == 7
    assert one["index"] == pytest.approx((7 * 75 + 2 * 50) / 9)
    expected = intervals.finite_population_interval(7, 9, 30, level=0.9)
    assert (one["lower"], one["upper"]) == (expected.low, expected.high)
    untouched = made.summary.set_index("item").loc["q02"]
    assert untouched["n_valid"] == 0
    assert np.isnan(untouched["rate"])
    assert untouched["n_not_asked"] == len(answers)


def test_without_a_roster_the_interval_is_binomial(tmp_path: Path) -> None:
    export = offices.export(
        tmp_path / "a.csv",
        [("甲", "满意", "满意")] * 8,
        questions=("支部", offices.OVERALL, ITEM),
    )
    one = survey.read(export).responses_by_item().summary.set_index("item").loc["q01"]
    low, high = intervals.binomial_interval(8, 8, level=0.9, method="clopper-pearson")
    assert (one["lower"], one["upper"]) == (low, high)


def test_a_survey_without_items(tmp_path: Path) -> None:
    export = offices.short(tmp_path / "a.csv", {("甲", "群众", "满意"): 8})
    held = survey.read(export, questionnaire=offices.SHORT)
    with pytest.raises(survey.SurveyError, match="没有分项指标"):
        held.responses_by_item()
    assert held.findings().items is None


def test_every_branch_is_counted_as_if_it_were_alone() -> None:
    asked = questionnaires.load("jiangsu-2014")
    rng = np.random.default_rng(3)
    ids = list(asked.item_ids)
    scores = pd.DataFrame(rng.choice([1, 2, 3, 4, 5, np.nan], (80, len(ids))), columns=ids)
    kinds = rng.choice(["missing", "not_asked", "not_applicable"], scores.shape)
    status = pd.DataFrame(np.where(scores.notna(), "valid", kinds), columns=ids)
    branch = pd.Series(rng.choice(["甲", "乙", None], len(scores)), dtype="str")
    sizes = pd.Series({"乙": 100, "空": 9, "甲": 90})
    cells = estimation.item_cells(branch.to_frame("branch"), scores, status, asked)
    units = sizes.rename_axis("branch").rename("population").reset_index()
    made = estimation.item_responses(cells, asked, units=units)
    parts = made.of_branches()
    assert list(parts) == ["乙", "空", "甲"]
    for name, part in parts.items():
        rows = branch == name
        own = estimation.item_cells(scores[rows][[]], scores[rows], status[rows], asked)
        size = pd.DataFrame({"population": [sizes[name]]})
        alone = estimation.item_responses(own, asked, units=size)
        pd.testing.assert_frame_equal(part.frame, alone.frame)
        pd.testing.assert_frame_equal(part.summary, alone.summary)
        assert alone.summary["n_valid"].sum() == scores[rows].notna().sum().sum()
    assert parts["空"].summary["rate"].isna().all()
