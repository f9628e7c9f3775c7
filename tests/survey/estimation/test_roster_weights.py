"""The breakdown weighted by the roster: of everybody, as the headline is, and only where safe."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from analysis.breakdown.drivers import breakdown
from survey.workflow import gathering

LADDER = ["很好", "好", "一般", "差"]
OPTIONS: dict[str, Any] = {
    "branch": "支部",
    "role": "身份",
    "overall": "总体",
    "satisfied": LADDER[:2],
    "ladder": LADDER,
    "dimensions": {"甲": ["a", "b"], "乙": ["c"], "丙": ["d", "e"]},
}
ITEMS = [*"abcde"]
Tables = tuple[pd.DataFrame, pd.DataFrame]


def tables(n_branches: int, sizes: tuple[int, int], seed: int = 3) -> Tables:
    """Staff answer twice as often as students, who are less satisfied and rate lower."""
    rng = np.random.default_rng(seed)
    rows, known = [], []
    for i in range(n_branches):
        for role, answering, mood in (("教工", 0.9, 0.5), ("学生", 0.45, 0.0)):
            people = int(rng.integers(*sizes))
            known.append((f"支部{i:02}", role, people))
            for _ in range(rng.binomial(people, answering)):
                likes = mood + rng.normal() + 0.9 * rng.normal(size=6)
                answers = np.digitize(likes, [-1.9, -1.3, 0.2])
                rows.append((f"支部{i:02}", role, *(LADDER[3 - a] for a in answers)))
    frame = pd.DataFrame(rows, columns=["支部", "身份", "总体", *ITEMS])
    return frame, pd.DataFrame(known, columns=["支部", "身份", "人数"])


@pytest.fixture(scope="module")
def large() -> Tables:
    return tables(20, (40, 90))


@pytest.fixture(scope="module")
def held(large: Tables) -> survey.Survey:
    return survey.from_frame(large[0], roster=large[1], **OPTIONS)


def test_the_whole_adds_up_to_the_rate_of_everyone(held: survey.Survey) -> None:
    made = held.drivers()
    everyone = held.satisfaction(None).frame.iloc[0]
    assert made.summary["estimator"] == "poststratified"
    assert made.summary["observed_rate"] == pytest.approx(1 - everyone["rate"], abs=1e-12)
    assert abs(1 - everyone["share_of_answers"] - made.summary["observed_rate"]) > 0.01
    parts = made.summary["floor_rate"] + made.frame["contribution"].sum()
    assert parts + made.summary["residual"] == pytest.approx(1 - everyone["rate"], abs=1e-12)
    of_items = made.items.groupby("dimension")["contribution"].sum()
    np.testing.assert_allclose(of_items[made.frame["dimension"]], made.frame["contribution"])


def test_a_lone_answer_of_a_role_hardly_moves_the_whole(large: Tables) -> None:
    """It stands for itself, as in the rate of everyone, not for the 200 of its role."""
    frame, roster = large
    lone = pd.DataFrame([["支部00", "外聘", LADDER[3], *[LADDER[3]] * 5]], columns=frame.columns)
    sizes = pd.concat([roster, pd.DataFrame([["支部00", "外聘", 200]], columns=roster.columns)])
    without, beside = (
        survey.from_frame(rows, roster=sizes, **OPTIONS)
        for rows in (frame, pd.concat([frame, lone], ignore_index=True))
    )
    rates = [1 - held.satisfaction(None).frame["rate"].item() for held in (without, beside)]
    made = [held.drivers().summary["observed_rate"] for held in (without, beside)]
    np.testing.assert_allclose(made, rates)
    parts = [held.drivers().frame["contribution"] for held in (without, beside)]
    assert (parts[1] - parts[0]).abs().max() < 0.002


def test_it_is_that_of_people_weighted_one_by_one(held: survey.Survey, large: Tables) -> None:
    frame, roster = large
    scores = frame[["总体", *ITEMS]].apply(lambda column: 4 - column.map(LADDER.index))
    y = (scores["总体"] < 3).to_numpy()
    weight = frame["身份"].map(roster.groupby("身份")["人数"].sum() / frame["身份"].value_counts())
    goal = 1 - held.satisfaction(None).frame["rate"].item()
    now = weight[y].sum() / weight.sum()
    weight = weight * np.where(y, goal / now, (1 - goal) / (1 - now))
    by_hand = breakdown(
        scores[ITEMS],
        y,
        dimensions=[[0, 1], [2], [3, 4]],
        target=held.drivers().target,
        clusters=frame["支部"],
        overall=scores["总体"],
        weights=weight / weight.mean(),
    )
    made = held.drivers()
    np.testing.assert_allclose(made.frame["contribution"], by_hand.whole.contributions, atol=1e-9)
    low, high = by_hand.whole.interval()
    np.testing.assert_allclose(made.frame[["low", "high"]], np.c_[low, high], atol=1e-9)
    np.testing.assert_allclose(made.model.params, made.regression["coefficient"], atol=1e-9)


def test_branches_are_those_of_their_answers(held: survey.Survey, large: Tables) -> None:
    frame, _ = large
    shares = (~frame["总体"].isin(LADDER[:2])).groupby(frame["支部"]).mean()
    totals = held.drivers().branch_totals.set_index("branch")
    np.testing.assert_allclose(totals["observed_rate"], shares[totals.index])


def test_all_answering_changes_nothing(large: Tables) -> None:
    frame, _ = large
    sizes = frame.groupby(["支部", "身份"]).size().rename("人数").reset_index()
    weighted = survey.from_frame(frame, roster=sizes, **OPTIONS).drivers()
    plain = survey.from_frame(frame, **OPTIONS).drivers()
    for name in ("contribution", "low", "high", "solo"):
        np.testing.assert_allclose(weighted.frame[name], plain.frame[name], atol=1e-12)


def test_without_sizes_by_role_answers_count_alike(large: Tables) -> None:
    frame, roster = large
    totals = roster.groupby("支部")["人数"].sum().reset_index()
    plain = survey.from_frame(frame, **OPTIONS).drivers()
    for known in (None, totals):
        made = survey.from_frame(frame, roster=known, **OPTIONS).drivers()
        assert made.summary["estimator"] == "unweighted"
        pd.testing.assert_frame_equal(made.frame, plain.frame)


def test_a_report_tells_the_rate_of_its_headline(held: survey.Survey, tmp_path: Path) -> None:
    found = held.findings()
    assert found.drivers is not None
    rate = found.tables[()].frame["rate"].item()
    assert rate == round(rate, 3)
    assert found.drivers.summary["observed_rate"] == pytest.approx(1 - rate, abs=1e-12)
    held.report(tmp_path / "报告")
    text = (tmp_path / "报告/report.html").read_text(encoding="utf-8")
    assert f"按名册加权的不满意率 {100 * (1 - rate):.1f}%＝" in text
    assert f"{100 * rate:.1f}%" in text
    assert "各维度相联系的不满意率（按名册加权）" in text
    assert re.search(r"按所得回答，不加权", text)
    assert "各份回答同等计算" not in text


def test_roles_without_figures_weigh_nothing() -> None:
    frame, roster = tables(8, (3, 40), seed=5)
    held = survey.from_frame(frame, roster=roster, **OPTIONS)
    assert held.drivers().summary["estimator"] == "poststratified"
    found = held.findings()
    assert found.tables["role",].frame["rate"].isna().all()
    assert found.drivers is not None
    assert found.drivers.summary["estimator"] == "unweighted"
    plain = survey.from_frame(frame, **OPTIONS).findings().drivers
    assert plain is not None
    pd.testing.assert_frame_equal(found.drivers.frame, plain.frame)


def test_people_of_no_role_stay_in(held: survey.Survey, large: Tables) -> None:
    people = held.responses.people.copy()
    people.loc[people.index[:30], "role"] = None
    some = replace(held, responses=replace(held.responses, people=people))
    made = some.drivers()
    assert made.summary["n_used"] == len(large[0])
    rate = some.satisfaction(None).frame["rate"].item()
    assert made.summary["observed_rate"] == pytest.approx(1 - rate, abs=1e-12)


def test_the_breakdown_is_decided_with_what_is_published(held: survey.Survey) -> None:
    one, other = gathering.published_parts(held, level=0.95, seed=0), held.findings()
    assert one.drivers is not None
    assert other.drivers is not None
    pd.testing.assert_frame_equal(one.drivers.frame, other.drivers.frame)


def test_a_rate_of_one_is_no_more_than_one(large: Tables) -> None:
    answers, roster = large
    for n in range(40, 140, 10):
        unhappy = answers.sample(n, random_state=n).assign(总体="差")
        made = survey.from_frame(unhappy, roster=roster, **OPTIONS).drivers()
        assert made.summary["observed_rate"] == 1.0
