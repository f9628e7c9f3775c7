"""Scores by a rule: against a plain computation, and silent where the rule of privacy is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import survey
from questionnaires import scoring
from survey import estimation
from survey.errors import UsageError
from survey.results import Findings


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> survey.Survey:
    made = survey.simulate(tmp_path_factory.mktemp("a"), n_branches=14, sizes=(5, 60), seed=3)
    return survey.read(made.export, roster=made.roster)


@pytest.fixture(scope="module")
def found(held: survey.Survey) -> Findings:
    return held.findings(score="national-2009")


def points(held: survey.Survey, rule: str) -> pd.DataFrame:
    """Give every valid answer's points, by the ladder from 5 to 1."""
    scale = held.questionnaire.overall.scale
    ladder = dict(
        zip((5.0, 4.0, 3.0, 2.0, 1.0), scoring.load(rule).of(scale).values(), strict=True)
    )
    used = held.scores["overall"].dropna()
    people = held.responses.people.loc[used.index, ["branch", "role"]]
    return people.assign(points=used.map(ladder))


def test_mean_points(held: survey.Survey, found: Findings) -> None:
    votes = points(held, "national-2009")
    frame = found.scores.frame
    assert frame["score"][0] == pytest.approx(votes["points"].mean(), abs=0.05)
    shown = frame[frame["branch"].notna() & frame["score"].notna()].set_index("branch")
    expected = votes.groupby("branch")["points"].mean()
    assert len(shown) > 5
    np.testing.assert_allclose(shown["score"], expected.reindex(shown.index), atol=0.0501)


def test_roles_are_weighted_and_the_ends_trimmed(held: survey.Survey) -> None:
    votes = points(held, "groups-50-50-trimmed")
    means = []
    for _, part in votes.groupby("role"):
        ordered = np.sort(part["points"].to_numpy())
        cut = len(ordered) // 20
        means.append(ordered[cut : len(ordered) - cut].mean())
    frame = held.score("groups-50-50-trimmed").frame
    assert frame["score"][0] == pytest.approx(np.mean(means), abs=0.05)


def test_what_is_withheld_has_no_score(held: survey.Survey, found: Findings) -> None:
    tables = found.tables
    hidden = tables["branch",].frame["verdict"] == "withheld"
    assert hidden.any()
    frame = found.scores.frame.iloc[1:].reset_index(drop=True)
    assert frame.loc[hidden, ["score", "passes", "n_satisfied", "rate"]].isna().all(axis=None)
    assert (frame.loc[hidden, "difference"] == "").all()


def test_a_rule_that_weighs_roles_scores_only_where_these_are_shown(held: survey.Survey) -> None:
    tables = held.published()
    frame = held.score("groups-60-40").frame.iloc[1:].set_index("branch")
    told = set()
    if ("branch", "role") in tables:
        cells = tables["branch", "role"].frame
        counts = cells[cells["rate"].notna()]["branch"].value_counts()
        told = set(counts.index[counts == 2])
    assert set(frame.index[frame["score"].notna()]) <= told


def test_differences_are_named() -> None:
    from survey.estimation.scores import _difference

    frame = pd.DataFrame(
        {
            "passes": pd.array([True, True, True, False, False, None], dtype="boolean"),
            "verdict": ["meets", "inconclusive", "below", "meets", "inconclusive", "withheld"],
        }
    )
    assert _difference(frame).tolist() == ["", "uncertain", "outweighed", "ladder", "", ""]


def test_more_sheets_than_people_have_no_score(held: survey.Survey) -> None:
    tables = held.published()
    by_branch = tables["branch",]
    place = int(by_branch.frame["rate"].notna().to_numpy().argmax())
    full = by_branch.frame.copy()
    full.loc[place, "n_responses"] = full.loc[place, "population"] + 1
    tables |= {("branch",): dataclasses.replace(by_branch, frame=full)}
    rule = scoring.load("surplus-void")
    people = held.responses.people[held.screening.used]
    scores = estimation.scores(people, held.scores["overall"], held.questionnaire, rule, tables)
    score = scores.frame["score"].iloc[1:]
    assert np.isnan(score.iloc[place])
    assert score.notna().sum() == by_branch.frame["rate"].notna().sum() - 1


def test_rules_that_have_nothing_to_count(held: survey.Survey) -> None:
    with pytest.raises(UsageError, match="没有票可计"):
        held.score("own-votes-removed")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_has_the_score_and_the_reasons(
    held: survey.Survey, tmp_path: Path, language: str
) -> None:
    folder = held.report(tmp_path / "r", score="national-2009", language=language)
    page = (folder / "report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    score = held.score("national-2009").frame["score"][0]
    assert ("全校得分" if language == "zh" else "The university scores") + f" {score:.1f}" in page
    assert scoring.load("national-2009").source in page
