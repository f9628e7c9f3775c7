"""Ranking, planning, comparison and reliability: each makes one of the results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from analysis.change import comparison, paired
from analysis.design import planning, sequential
from analysis.proportions import verdicts
from tests.survey import offices
from tests.survey.estimation.test_satisfaction import MEMBER, NO, STAFF, YES, held


def wave(path: Path, yes: dict[str, int], n: int = 40, size: int = 60) -> survey.Survey:
    path.mkdir()
    counts = {}
    for name, x in yes.items():
        counts |= {(name, MEMBER, YES): x, (name, MEMBER, NO): n - x}
    return held(path, counts, dict.fromkeys(yes, size))


def test_ranking_needs_sizes_and_three_branches(tmp_path: Path) -> None:
    two = wave(tmp_path / "2", {"甲": 30, "乙": 36})
    assert two.ranking().status == "none_no_population"
    three = wave(tmp_path / "3", {"甲": 20, "乙": 39, "丙": 31})
    made = three.ranking()
    assert made is not None
    ranked = made.frame.set_index("branch")
    assert ranked.loc["乙", "rank"] < ranked.loc["丙", "rank"] < ranked.loc["甲", "rank"]
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    assert ranked.loc["甲", "pooled_rate"] > ranked.loc["甲", "rate"]
    pd.testing.assert_frame_equal(made.frame, three.ranking().frame)


def test_withheld_branches_take_no_part_in_the_published_ranking(tmp_path: Path) -> None:
    counts = {(name, MEMBER, YES): 8 for name in "甲乙丙"} | {("丁", MEMBER, YES): 4}
    counts |= {("乙", MEMBER, NO): 1, ("戊", MEMBER, NO): 3}
    made = held(tmp_path, counts, dict.fromkeys("甲乙丙丁戊", 20)).findings().ranking
    assert made is not None
    assert made.frame["branch"].tolist() == ["甲", "乙", "丙"]


def test_all_satisfied_everywhere_is_no_ground_for_a_model(tmp_path: Path) -> None:
    assert wave(tmp_path / "w", dict.fromkeys("甲乙丙丁", 40)).ranking().status == "none_all_alike"


def test_a_plan_says_what_each_branch_needs(tmp_path: Path) -> None:
    roster = offices.roster(tmp_path / "r.csv", {"大": 200, "小": 5, "空": 0})
    made = survey.plan(roster)
    assert made.frame["branch"].tolist() == ["大", "大", "小", "小", "空", "空"]
    assert made.frame["supposed_rate"].tolist() == [0.95, 0.8] * 3
    passing = made.frame[made.frame["supposed_rate"] == 0.95].set_index("branch")
    assert passing["bar_count"].tolist() == [*verdicts.bar_count([200, 5, 0], "0.9")]
    assert passing.loc["大", "least_n"] == planning.least_answers(200, 0, bar="0.9")
    assert passing.loc["大", "n_80"] == 106
    assert passing.loc["大", "response_rate_needed"] == 0.53
    at_least = planning.power(passing.loc["大", "least_n"], 200, 190).meets
    assert passing.loc["大", "chance_at_least"] == pytest.approx(at_least)
    assert at_least < 0.4
    assert passing.loc["小", ["least_n", "n_50", "n_95"]].tolist() == [5, 5, 5]
    assert passing.loc["空", ["least_n", "n_80", "response_rate_needed"]].isna().all()
    failing = made.frame[made.frame["supposed_rate"] == 0.8].set_index("branch")
    assert failing.loc["大", "supposed_satisfied"] == 160
    assert failing.loc["大", "n_80"] == planning.answers_for_chance(200, 160, 0.8)
    assert next(iter(made.to_display())) == "支部"
    assert made.alpha == 0.05
    assert "不等于够用" in made._repr_html_()


def test_a_plan_of_looks_gives_their_thresholds(tmp_path: Path) -> None:
    roster = offices.roster(tmp_path / "r.csv", {"大": 100, "空": 0, "小": 12})
    looks = survey.plan(roster, looks=["0.4", "0.6", "0.8"]).looks
    large = looks[looks["branch"] == "大"]
    found = sequential.thresholds([40, 60, 80], 100, sequential.spending(3))
    assert large["n_valid"].tolist() == [40, 60, 80]
    assert large["most_dissatisfied"].tolist() == found.most_dissatisfied.tolist()
    assert large["least_dissatisfied"].tolist() == [8, 10, 11]
    assert large["decided_by_then"].is_monotonic_increasing
    assert looks[looks["branch"] == "小"]["most_dissatisfied"].isna().any()
    assert looks[looks["branch"] == "空"]["n_valid"].isna().all()
    by_role = offices.roster(tmp_path / "b.csv", {("大", MEMBER): 30, ("大", STAFF): 70})
    each = survey.plan(by_role, looks=["0.4", "0.8"]).looks
    assert each["role"].tolist() == ["党员"] * 2 + ["师生员工"] * 2
    with pytest.raises(survey.UsageError, match="looks"):
        survey.plan(roster, looks=[0.5, 0.5])


def test_a_plan_supposes_what_it_is_told(tmp_path: Path) -> None:
    roster = offices.roster(tmp_path / "r.csv", {"甲": 60})
    assert survey.plan(roster, bar="0.5").frame["supposed_rate"].tolist() == [0.75, 0.4]
    assert survey.plan(roster, suppose=[0.9]).frame["supposed_satisfied"].tolist() == [54]
    with pytest.raises(survey.UsageError, match=r"1\.2"):
        survey.plan(roster, suppose=["1.2"])


def test_changes_between_two_waves(tmp_path: Path) -> None:
    before = wave(tmp_path / "1", {"甲": 20, "乙": 36, "丙": 36, "旧": 30})
    after = wave(tmp_path / "2", {"乙": 36, "甲": 38, "丙": 18, "新": 30})
    made = after.compare(before)
    frame = made.named("zh").set_index("branch").rename(columns={"change_in_rate": "difference"})
    assert pd.isna(made.frame["branch"].iloc[0])
    assert frame.index.tolist() == ["全校", "乙", "甲", "丙", "新", "旧"]
    assert frame["change"].to_dict() == {
        "全校": "undecided",
        "乙": "undecided",
        "甲": "up",
        "丙": "down",
        "新": "new",
        "旧": "gone",
    }
    assert frame.loc["甲", "difference"] == pytest.approx((38 - 20) / 40)
    assert frame.loc["甲", "low"] > 0
    assert frame.loc["新", "n_valid_after"] == 40
    assert pd.isna(frame.loc["新", "n_valid_before"])
    shown = made.to_display()
    assert "变化" in shown
    assert shown["变化的判断"].tolist()[2] == "上升"
    assert "Change in rate" in made.to_display("en")
    assert made.to_display("en")["Branch"].iloc[0] == "University"
    assert shown["变化的判断"].tolist()[-2:] == ["本次新有", "本次已无"]
    assert frame["method"].tolist()[:4] == ["hybrid", "exact", "exact", "exact"]
    exact = comparison.exact_change(20, 40, 60, 38, 40, 60)
    assert frame.loc["甲", "low"] == pytest.approx(float(exact.low))
    assert frame.loc["甲", "p_value"] == pytest.approx(float(exact.p_value))
    assert "预计也有至多 0.2 个" in made._repr_html_()


def test_small_branches_are_told_what_could_have_been_told(tmp_path: Path) -> None:
    before = wave(tmp_path / "1", {"甲": 14, "乙": 10, "丙": 12}, n=16, size=30)
    after = wave(tmp_path / "2", {"甲": 15, "乙": 11, "丙": 12}, n=16, size=30)
    frame = after.compare(before).frame.set_index("branch")
    least = comparison.detectable(*(np.array([count]) for count in (10, 16, 30, 16, 30)))
    assert frame.loc["乙", "detectable_rise"] == pytest.approx(least.rise[0])
    assert frame.loc["乙", "change"] == "undecided"
    assert pd.isna(frame.loc["甲", "detectable_rise"])
    assert frame.loc["甲", "detectable_fall"] < 0


def test_small_branches_of_two_roles_are_told_about_so(tmp_path: Path) -> None:
    def two_roles(name: str, yes: int) -> survey.Survey:
        own = tmp_path / name
        own.mkdir()
        counts = {(b, r, YES): yes for b in "甲乙" for r in (MEMBER, STAFF)}
        counts |= {(b, r, NO): 10 - yes for b in "甲乙" for r in (MEMBER, STAFF)}
        return held(own, counts, {(b, r): 14 for b in "甲乙" for r in (MEMBER, STAFF)})

    before = two_roles("1", 7)
    frame = two_roles("2", 7).compare(before).frame.set_index("branch")
    assert frame.loc["甲", "method"] == "hybrid"
    assert frame.loc["甲", "change"] == "undecided"
    assert -0.5 < frame.loc["甲", "detectable_fall"] < -0.15
    assert 0.15 < frame.loc["甲", "detectable_rise"] < 0.3
    better = two_roles("3", 10).compare(before).frame.set_index("branch")
    assert better.loc["甲", "difference"] >= better.loc["甲", "detectable_rise"]
    assert better.loc["甲", "change"] == "up"


def test_the_same_people_are_matched_by_their_codes(tmp_path: Path) -> None:
    before, after = (
        wave(tmp_path / name, {"甲": x, "乙": 30}) for name, x in (("1", 28), ("2", 34))
    )
    codes = [pd.Series(range(80), index=one.responses.people.index) for one in (before, after)]
    plain = after.compare(before).frame.set_index("branch")
    made = after.compare(before, same_people=(codes[0], codes[1])).frame.set_index("branch")
    # in either wave the satisfied of a branch come first: 6 of 甲 became so, nobody turned
    expected = paired.paired_change(28, 0, 6, 6)
    assert made.loc["甲", "method"] == "paired"
    assert made.loc["甲", ["low", "high"]].tolist() == pytest.approx(
        [float(expected.low), float(expected.high)]
    )
    assert made.loc["甲", "change"] == "up"
    width = made["high"] - made["low"]
    assert width["乙"] < (plain["high"] - plain["low"])["乙"]
    assert made.loc["乙", "difference"] == 0
    fewer = after.compare(before, same_people=(codes[0], codes[1].where(codes[1] >= 3)))
    # a second figure on a base that lacks three people would tell of these
    assert fewer.frame.set_index("branch").loc["甲", "method"] == "exact"
    doubled = codes[1].where(codes[1] != 1, 0)
    assert (
        after.compare(before, same_people=(codes[0], doubled)).frame["method"] != "paired"
    ).sum() == 2


def test_waves_without_rosters_are_compared_too(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 10, ("甲", MEMBER, NO): 30}
    (tmp_path / "1").mkdir()
    before = held(tmp_path / "1", counts)
    after = wave(tmp_path / "2", {"甲": 38})
    assert after.compare(before).frame.set_index("branch").loc["甲", "change"] == "up"


def test_what_a_report_would_withhold_is_not_compared(tmp_path: Path) -> None:
    before = wave(tmp_path / "1", {"甲": 20, "乙": 36})
    counts = {("甲", MEMBER, YES): 30, ("甲", MEMBER, NO): 2, ("乙", MEMBER, YES): 3}
    (tmp_path / "2").mkdir()
    after = held(tmp_path / "2", counts, {"甲": 60, "乙": 60})
    frame = after.compare(before).named("zh").set_index("branch")
    # The total less 甲 would tell 乙.
    told: Any = frame["rate_after"].notna()
    assert not told["乙"]
    assert not (told["全校"] and told["甲"])


def test_reliability_of_a_simulated_survey(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=10, seed=3)
    one = survey.read(made.export, roster=made.roster)
    result = one.reliability()
    assert result is not None
    assert result.frame["dimension"].tolist()[-1] == "all"
    assert result.frame["alpha"].between(0, 1).all()
    assert (result.frame["low"] <= result.frame["alpha"]).all()
    assert len(result.items) == len(one.questionnaire.item_ids)
    assert 0 < result.kmo <= 1
    assert result.level == 0.95
    narrower = one.reliability(level=0.8)
    assert narrower is not None
    assert narrower.level == 0.8
    assert (narrower.frame["low"] > result.frame["low"]).all()
    assert "80% 区间" in narrower._repr_html_()
