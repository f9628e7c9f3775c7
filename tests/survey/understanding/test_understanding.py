from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import questionnaires
import survey
from survey.readers.grammar.model import Kind
from survey.understanding import Understanding
from survey.understanding.describing import _KINDS
from tests.survey import offices

LONG = questionnaires.load("jiangsu-2014")


def understood(path: Path, rows: list[tuple[str, ...]], *questions: str) -> Understanding:
    file = offices.export(path / "a.csv", rows, questions=questions)
    return survey.check(file, questionnaire=offices.SHORT)


def test_what_is_understood_is_said_column_by_column(tmp_path: Path) -> None:
    rows = [("甲", "教工党员", "满意", "王玥")] * 5 + [("乙", "群众", "不满意", "李堃")] * 4
    one = understood(tmp_path, rows, offices.BRANCH, offices.ROLE, offices.OVERALL, "姓名")
    assert not one.errors
    text = one.text()
    assert "9 份答卷" in text
    assert "平台 问卷星（wjx；" in text
    assert "[单选]  → overall" in text
    assert "满意 5，不满意 4" in text
    assert "王玥" not in text
    assert repr(one) == "<Understanding a.csv: understood, 9 rows, 0 undecided>"
    assert str(one) == text
    assert "9 份答卷" in one._repr_html_()
    english = one.text("en")
    assert "9 rows" in english
    assert "same wording" in english
    assert "[one choice]  → overall" in english
    assert "满意 5, 不满意 4" in english


def test_every_kind_of_question_has_a_name() -> None:
    assert set(_KINDS) == set(get_args(Kind)) - {""}


def test_the_errors_that_would_stop_the_reading_are_kept(tmp_path: Path) -> None:
    one = understood(tmp_path, [("甲", "好极了")] * 4, "支部", offices.OVERALL)
    (error,) = one.errors
    assert "好极了" in error.text()
    assert error.text() in str(one)
    assert "not understood" in repr(one)
    with pytest.raises(survey.CodingError, match="好极了"):
        one.require()
    two = understood(tmp_path, [("球类", "数学")] * 4, "爱好", "专业")
    assert two.errors
    assert "爱好" in two.text()


def test_long_lists_of_answers_are_cut(tmp_path: Path) -> None:
    rows = [(f"支部{i % 9}", "满意") for i in range(60)]
    assert "（共 9 种）" in understood(tmp_path, rows, "支部", offices.OVERALL).text()


def test_typed_answers_and_identifiers_are_not_shown(tmp_path: Path) -> None:
    assert LONG.open_question is not None
    rows = [("甲", "满意", "王玥老师电话13900000000", "找13900000001")] * 9
    asked = ("支部", offices.OVERALL, LONG.open_question.text, "备注")
    text = survey.check(offices.export(tmp_path / "a.csv", rows, questions=asked)).text()
    assert "13900000000" not in text
    assert "13900000001" not in text
    assert "王玥" not in text
    assert "满意 9" in text


def test_a_point_is_decided_and_the_rest_understood_anew(tmp_path: Path) -> None:
    rows = [("甲", "群众", "满意")] * 5
    one = understood(tmp_path, rows, "支部甲", "支部乙", offices.OVERALL)
    (point,) = one.undecided
    assert (point.topic, point.key) == ("columns", "branch")
    assert [choice.value for choice in point.choices][:2] == ["支部甲", "支部乙"]
    two = one.decide("columns", "branch", "支部甲")
    assert not two.undecided
    assert two.require()[0].people["branch"].unique().tolist() == ["甲"]
    assert two.missing == ("role",)
    assert one.undecided, "what was there is unchanged"


def test_an_answer_off_the_scale_is_asked_and_never_guessed(tmp_path: Path) -> None:
    words = ["满意"] * 5 + ["基本满意"] * 3 + ["不满意"] * 2
    rows = [("甲", word) for word in words]
    one = survey.check(
        offices.export(tmp_path / "a.csv", rows, questions=("支部", offices.OVERALL))
    )
    assert [(p.topic, p.key) for p in one.undecided] == [("levels", "基本满意")]
    for code, n in (("satisfied", 8), ("unsatisfied", 5), ("aside", 5)):
        told = one.decide("levels", "基本满意", code)
        responses, _ = told.require()
        scale = responses.questionnaire.overall.scale
        assert (responses.scores["overall"] >= scale.target).sum() == n
        assert responses.scores["overall"].notna().sum() == (7 if code == "aside" else 10)


def test_names_off_the_roster_come_with_the_nearest(tmp_path: Path) -> None:
    file = offices.short(
        tmp_path / "a.csv", {("第1党支部", offices.MEMBER, "满意"): 3, ("旁人", "群众", "满意"): 2}
    )
    roster = offices.roster(tmp_path / "r.csv", {"第二党支部": 9, "第一党支部": 9})
    one = survey.check(file, roster=roster, questionnaire=offices.SHORT)
    near = {point.key: point.choices[0].value for point in one.undecided}
    assert near["第1党支部"] == "第一党支部"
    assert "名册中没有这些支部" in one.errors[0].text()
    two = one.decide("branches", "第1党支部", "第一党支部").decide("branches", "旁人", "")
    responses, screening = two.require()
    assert responses.people.loc[screening.used, "branch"].tolist() == ["第一党支部"] * 3
    assert len(screening.audit) == 2
    with pytest.raises(survey.CodingError, match="不是名册中的支部"):
        two.decide("branches", "旁人", "第三党支部").require()


def test_roles_are_asked_where_several_gave_them(tmp_path: Path) -> None:
    people = {("甲", "班主任", "满意"): 6, ("甲", "王玥", "满意"): 1}
    one = survey.check(offices.short(tmp_path / "a.csv", people), questionnaire=offices.SHORT)
    assert [(p.topic, p.key) for p in one.undecided] == [("roles", "班主任")]
    assert not one.errors, "an unknown role stops nothing"
    two = one.decide("roles", "班主任", "师生员工")
    roles = two.require()[0].people["role"]
    assert roles.dropna().tolist() == ["staff_students"] * 6
    with pytest.raises(survey.CodingError, match="没有“官员”这类人员"):
        one.decide("roles", "班主任", "官员")


def test_roles_ticked_together_are_one_answer(tmp_path: Path) -> None:
    rows = [("甲", role, "满意") for role in ["教职工┋中共党员", "教职工", "学生┋中共党员"] * 6]
    rows += [("甲", "中共党员┋群众", "满意")] * 2
    one = understood(tmp_path, rows, "支部", "您的身份", offices.OVERALL)
    wanted = {"中共党员┋学生": "党员", "中共党员┋教职工": "党员", "教职工": "师生员工"}
    assert {p.key for p in one.undecided} == {*wanted}
    for answer, role in wanted.items():
        one = one.decide("roles", answer, role)
    roles = one.require()[0].people["role"]
    assert roles.value_counts(dropna=False).to_list() == [12, 6, 2], "both roles at once is neither"


def rated(path: Path, *answers: str) -> Understanding:
    rows = [("甲", answer) for answer in answers]
    file = offices.export(path / "a.csv", rows, questions=("支部", offices.OVERALL))
    return survey.check(file, min_cell=1)


def test_answers_of_unknown_order_are_asked_with_it(tmp_path: Path) -> None:
    one = rated(tmp_path, *["给力"] * 4, *["还行"] * 3, *["不给力"] * 2, "不了解")
    assert {p.key for p in one.undecided} == {"给力", "还行", "不给力", "ladder"}
    assert "给力、还行" in next(p.why.zh for p in one.undecided if p.key == "ladder")
    for label, code in (("给力", "satisfied"), ("还行", "unsatisfied"), ("不给力", "unsatisfied")):
        one = one.decide("levels", label, code)
    assert [p.key for p in one.undecided] == ["ladder"]
    two = one.decide("survey", "ladder", "给力 ＞还行> 不给力")
    assert not two.undecided
    scores = two.require()[0].scores["overall"]
    assert scores.value_counts().to_dict() == {3.0: 4, 2.0: 3, 1.0: 2}
    wrong = one.decide("survey", "ladder", "还行 > 给力 > 不给力")
    assert "最好的一个或几个" in wrong.errors[0].text()


def test_numbers_are_asked_from_where_on_they_count(tmp_path: Path) -> None:
    one = rated(tmp_path, "95", "88", "60.5", "90", "100", "75")
    assert [(p.topic, p.key) for p in one.undecided] == [("survey", "satisfied")]
    responses, _ = one.decide("survey", "satisfied", ">=90").require()
    scale = responses.questionnaire.overall.scale
    assert (responses.scores["overall"] >= scale.target).sum() == 3


def test_a_best_answer_that_is_not_the_ladder_s_is_not_taken_for_satisfied(tmp_path: Path) -> None:
    one = rated(tmp_path, *["基本满意"] * 4, *["不满意"] * 3)
    assert [p.key for p in one.undecided] == ["基本满意"]
    with pytest.raises(survey.CodingError, match="算"):
        one.require()


def test_what_the_scale_knows_can_be_decided_otherwise_and_options_go_first(tmp_path: Path) -> None:
    file = offices.export(
        tmp_path / "a.csv",
        [("甲", word) for word in ["满意"] * 5 + ["一般"] * 3 + ["不满意"] * 2],
        questions=("支部", offices.OVERALL),
    )
    stated = {"levels": {"一般": "aside"}}
    held = survey.read(file, confirm=stated)
    assert held.satisfaction().frame[["n_valid", "n_satisfied"]].to_numpy().tolist() == [[7, 5]]
    held = survey.read(file, confirm=stated, satisfied=["满意", "一般"])
    assert held.satisfaction().frame[["n_valid", "n_satisfied"]].to_numpy().tolist() == [[10, 8]]


def test_the_column_of_a_roster_is_asked_where_several_may_be_meant(tmp_path: Path) -> None:
    file = offices.short(tmp_path / "a.csv", {("甲", offices.MEMBER, "满意"): 8})
    roster = offices.write_csv(
        tmp_path / "r.csv", [("支部", "在册人数", "应到人数", "学院"), ("甲", 20, 12, "理学院")]
    )
    one = survey.check(file, roster=roster, questionnaire=offices.SHORT)
    (point,) = one.undecided
    assert (point.topic, point.key) == ("roster", "population")
    assert [c.value for c in point.choices[:2]] == ["在册人数", "应到人数"]
    two = one.decide("roster", "population", "应到人数")
    assert two.roster is not None
    assert two.roster.size == 12
    assert two.decide("roster", "branch", "学院").roster is not None
    with pytest.raises(survey.RosterError, match="没有“总数”一列"):
        one.decide("roster", "population", "总数").require()


def test_a_roster_whose_branch_has_another_name_is_asked(tmp_path: Path) -> None:
    file = offices.short(tmp_path / "a.csv", {("甲", offices.MEMBER, "满意"): 8})
    roster = offices.write_csv(tmp_path / "r.csv", [("2025年",), ("科室", "人数"), ("甲", 20)])
    one = survey.check(file, roster=roster, questionnaire=offices.SHORT)
    assert [(p.topic, p.key) for p in one.undecided] == [("roster", "branch")]
    two = one.decide("roster", "branch", "科室")
    assert not two.errors
    assert two.roster is not None
    assert two.roster.size == 20


def test_what_no_decision_can_mend_is_told_beside_what_is_asked(tmp_path: Path) -> None:
    file = offices.short(tmp_path / "a.csv", {("甲", "班主任", "还凑合"): 8})
    roster = offices.roster(tmp_path / "r.csv", {"甲": 20, "合计": 21})
    one = survey.check(file, roster=roster, questionnaire=offices.SHORT)
    assert len(one.errors) == 2
    (fault,) = one.faults
    assert "合计" in fault.text()


def test_one_column_decided_for_two_questions_is_asked_once_more(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=4, seed=1)
    understood = survey.check(made.export, confirm={"columns": {"q07": "8", "q08": "8"}})
    assert any("不能同时作为" in error.zh for error in understood.errors)
    assert understood.points
    mended = understood.decide("columns", "q07", "7")
    assert "不能同时作为" not in " ".join(error.zh for error in mended.errors)
