from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import survey
from analysis.proportions import intervals, verdicts
from survey.charts import style
from survey.estimation.satisfaction import COLUMNS
from survey.results import Satisfaction
from tests.survey import offices
from tests.survey.offices import MEMBER, STAFF

YES, NO = "满意", "不满意"
Counts = dict[tuple[str, str, str], int]


def held(path: Path, counts: Counts, sizes: dict[Any, int] | None = None) -> survey.Survey:
    export = offices.short(path / "导出.csv", counts)
    roster = offices.roster(path / "名册.csv", sizes) if sizes is not None else None
    return survey.read(export, roster=roster, questionnaire=offices.SHORT)


@pytest.fixture(autouse=True)
def _nothing_spilled() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def branch(made: Satisfaction, name: str) -> pd.Series[Any]:
    return made.frame.set_index("branch").loc[name]


def test_counts_interval_and_verdict_of_each_branch(tmp_path: Path) -> None:
    counts = {
        ("甲", MEMBER, YES): 30,
        ("甲", MEMBER, NO): 1,
        ("甲", MEMBER, "不了解"): 2,
        ("甲", MEMBER, "(空)"): 3,
        ("甲", MEMBER, "(跳过)"): 4,
        ("乙", STAFF, YES): 4,
        ("乙", STAFF, NO): 6,
    }
    made = held(tmp_path, counts, {"乙": 12, "甲": 50, "丙": 7}).satisfaction()
    assert made.frame["branch"].tolist() == ["乙", "甲", "丙"]
    row = branch(made, "甲")
    assert [row[f"n_{kind}"] for kind in ("responses", "valid", "satisfied")] == [40, 31, 30]
    assert [row[f"n_{kind}"] for kind in ("missing", "not_asked", "not_applicable")] == [3, 4, 2]
    expected = intervals.finite_population_interval(30, 31, 50, level=0.9)
    assert (row["lower"], row["upper"]) == (expected.low, expected.high)
    assert row["verdict"] == verdicts.judge(30, 31, 50, bar="0.9").verdict
    assert row["rate"] == 30 / 31
    assert row["response_rate"] == 31 / 50
    assert branch(made, "乙")["verdict"] == "below"
    silent = branch(made, "丙")
    assert silent["population"] == 7
    assert silent["n_valid"] == 0
    assert silent["verdict"] == "inconclusive"
    assert pd.isna(silent["rate"])


def test_six_of_six_among_twelve_is_not_certain(tmp_path: Path) -> None:
    row = branch(held(tmp_path, {("甲", MEMBER, YES): 6}, {"甲": 12}).satisfaction(), "甲")
    assert row["rate"] == 1
    assert row["lower"] < 1 == row["upper"]
    assert row["verdict"] == "inconclusive"
    assert row["reason"] == "cannot_pass"


def test_twelve_of_twelve_among_sixteen_meets_exactly(tmp_path: Path) -> None:
    row = branch(held(tmp_path, {("甲", MEMBER, YES): 12}, {"甲": 16}).satisfaction(), "甲")
    assert row["p_meets"] == 0.05
    assert row["verdict"] == "meets"


def test_a_census_is_a_point(tmp_path: Path) -> None:
    made = held(tmp_path, {("甲", MEMBER, YES): 9, ("甲", MEMBER, NO): 1}, {"甲": 10})
    row = branch(made.satisfaction(), "甲")
    assert (row["lower"], row["upper"]) == (0.9, 0.9)
    assert row["verdict"] == "meets"


def test_unknown_sizes_give_binomial_intervals(tmp_path: Path) -> None:
    one = held(tmp_path, {("甲", MEMBER, YES): 20, ("乙", MEMBER, NO): 8})
    made = one.satisfaction()
    assert made.method == "clopper-pearson"
    assert made.frame["population"].isna().all()
    assert made.frame["response_rate"].isna().all()
    low, high = intervals.binomial_interval(20, 20, level=0.9, method="clopper-pearson")
    assert branch(made, "甲")[["lower", "upper"]].tolist() == [low, high]
    assert branch(made, "乙")["verdict"] == "below"
    assert "没有名册" in one.notices[0][0]


@pytest.mark.parametrize("answer", [YES, NO])
@pytest.mark.parametrize("sized", [True, False])
def test_one_branch_one_role_all_of_one_mind(tmp_path: Path, answer: str, sized: bool) -> None:
    sizes = {("甲", "党员"): 20} if sized else None
    one = held(tmp_path, {("甲", MEMBER, answer): 15}, sizes)
    for by in (None, "branch", "role", ["branch", "role"]):
        row = one.satisfaction(by).frame.iloc[0]
        assert row["rate"] == (answer == YES)
        assert 0 <= row["lower"] <= row["upper"] <= 1
        assert row["lower"] < row["upper"]
        assert row["verdict"] in ("below", "inconclusive", "meets")
    assert one.satisfaction(None).frame["verdict"][0] == ("below" if answer == NO else "meets") or (
        not sized
    )
    too_little = one.ranking(), one.reliability()
    assert [result.status for result in too_little] == [
        "none_no_population",
        "none_too_few_answers",
    ]
    for result in too_little:
        assert result.to_frame().empty
        assert result.why("zh") in repr(result)
        assert result.why("zh") in result._repr_html_()
        with style.offscreen():
            notice = result.plot(language="en")
        assert result.why("en") in notice.texts[0].get_text().replace("\n", " ")


def test_nobody_answered_the_question(tmp_path: Path) -> None:
    one = held(tmp_path, {("甲", MEMBER, "(空)"): 5, ("甲", MEMBER, "(跳过)"): 2}, {"甲": 9})
    for by in (None, "branch", "role"):
        row = one.satisfaction(by).frame.iloc[0]
        assert row["n_valid"] == 0
        assert row["verdict"] == "inconclusive"
        assert pd.isna(row["rate"])


def test_the_analyst_sees_every_unit_and_is_told_so(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 4, ("乙", MEMBER, YES): 5}
    one = held(tmp_path, counts, {"甲": 9, "乙": 9})
    made = one.satisfaction()
    assert branch(made, "甲")["n_satisfied"] == 4
    assert not made.is_protected
    assert "未作隐私保护" in made._repr_html_()


def test_a_published_unit_under_the_minimum_cell_tells_nothing(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 4, ("乙", MEMBER, YES): 5, ("丙", MEMBER, YES): 6}
    one = held(tmp_path, counts, {"甲": 9, "乙": 9, "丙": 9})
    published = one.findings().tables["branch",]
    assert published.is_protected
    assert "未作隐私保护" not in published._repr_html_()
    row = branch(published, "甲")
    assert row["verdict"] == "withheld"
    assert row["reason"] == "few"
    told = ["n_satisfied", "rate", "index", "lower", "upper", "p_meets", "p_below"]
    assert row[[*told, "bound_low", "bound_high", "break_even"]].isna().all()
    assert row["n_valid"] == 4
    assert pd.isna(row["n_responses"])
    # 4 and 5 would follow from the total: the smallest other one goes with it, and no more.
    assert branch(published, "乙")["reason"] == "partner"
    assert branch(published, "丙")["verdict"] != "withheld"


def test_the_frame_has_its_columns_for_every_unit(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 8, ("甲", STAFF, NO): 8, ("乙", STAFF, YES): 7}
    sizes = {("甲", "党员"): 9, ("甲", "师生员工"): 9, ("乙", "党员"): 3, ("乙", "师生员工"): 9}
    one = held(tmp_path, counts, sizes)
    for by, units in ((None, []), ("branch", ["branch"]), (["role", "branch"], ["branch", "role"])):
        made = one.satisfaction(by)
        assert made.by == tuple(units)
        assert made.frame.columns[: len(units)].tolist() == units
        assert set(COLUMNS) <= set(made.frame.columns)
        assert not made.frame["verdict"].isna().any()
    both = one.satisfaction(["branch", "role"]).frame.set_index(["branch", "role"])
    assert both.loc[("乙", "党员"), "n_valid"] == 0
    assert both.loc[("甲", "师生员工"), "n_satisfied"] == 0


def test_a_branch_meets_jointly_only_where_no_role_is_below(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 100, ("甲", STAFF, NO): 6}
    sizes = {("甲", "党员"): 100, ("甲", "师生员工"): 6}
    row = branch(held(tmp_path, counts, sizes).satisfaction(), "甲")
    assert row["verdict"] == "meets"
    assert row["verdict_joint"] == "one_below"
    everyone = held(tmp_path, counts, sizes).satisfaction(None).frame
    assert everyone["verdict_joint"][0] == "one_below"


def test_without_known_roles_there_is_no_joint_verdict(tmp_path: Path) -> None:
    made = held(tmp_path, {("甲", MEMBER, YES): 9, ("甲", STAFF, YES): 9}, {"甲": 30})
    assert "verdict_joint" not in made.satisfaction().frame
    assert made.satisfaction("role").frame["population"].isna().all()


def test_an_unknown_role_counts_for_the_branch_and_for_no_role(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 8, ("甲", "校友", YES): 3}
    one = held(tmp_path, counts, {"甲": 30})
    assert one.satisfaction().frame["n_valid"].tolist() == [11]
    assert one.satisfaction("role").frame["n_valid"].tolist() == [8]
    assert any("3 份答卷没有可识别的身份" in zh for zh, _ in one.notices)


def test_other_levels_methods_and_bars(tmp_path: Path) -> None:
    one = held(tmp_path, {("甲", MEMBER, YES): 54, ("甲", MEMBER, NO): 6}, {"甲": 600})
    wide, narrow = (branch(one.satisfaction(level=v), "甲") for v in (0.99, 0.8))
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]
    assert (wide["lower"], wide["upper"]) == (narrow["lower"], narrow["upper"])
    assert "low" not in one.satisfaction().frame
    assert wide["verdict"] == narrow["verdict"]
    assert branch(one.satisfaction(bar="0.7"), "甲")["verdict"] == "meets"
    for method in ("blaker", "wilson"):
        row = branch(one.satisfaction(level=0.95, method=method), "甲")  # type: ignore[arg-type]
        assert 0 < row["low"] < 0.9 < row["high"] < 1
    with pytest.raises(survey.SurveyError, match="keep、--keep"):
        one.satisfaction("年级")  # type: ignore[arg-type]


def test_nobody_with_a_role_leaves_no_rows(tmp_path: Path) -> None:
    for sizes in (None, {"甲": 9}):
        made = held(tmp_path, {("甲", "校友", YES): 8}, sizes).satisfaction("role")
        assert made.frame.empty
        assert set(COLUMNS) <= set(made.frame)
