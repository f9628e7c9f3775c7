"""Whole readings of small files with the ladders that surveys really have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import questionnaires
import survey
from questionnaires import normalise
from survey.coding import UndecidedError
from tests.survey import offices

SHORT = questionnaires.load(offices.SHORT)


def counted(
    path: Path, answers: Mapping[str, int], name: str = "满意吗", **given: Any
) -> survey.Survey:
    """Read a hand-made sheet of two branches with these answers to one question."""
    rows = [label for label, n in answers.items() for _ in range(n)]
    cells = [f'{"甲乙"[i % 2]}部,"{label}"' for i, label in enumerate(rows)]
    file = path / "表.csv"
    file.write_text("\n".join([f"部门,{name}", *cells]), encoding="utf-8")
    return survey.read(file, branch="部门", overall=name, **given)


def share(held: survey.Survey) -> tuple[int, int]:
    row = held.satisfaction(by=None).frame.iloc[0]
    return int(row["n_satisfied"]), int(row["n_valid"])


@pytest.mark.parametrize(
    ("answers", "satisfied", "right"),
    [
        ({"5星": 12, "4星": 8, "3星": 6, "1星": 4}, "5星,4星", (20, 30)),
        ({"★★★★★": 9, "★★★★☆": 7, "★☆☆☆☆": 4}, ">=4", (16, 20)),
        ({"*****": 9, "****": 7, "*": 4}, "*****,****", (16, 20)),
        ({"五星": 10, "四星": 5, "一星": 5}, "五星,四星", (15, 20)),
        ({"90分及以上": 9, "80分及以上": 6, "80分以下": 5}, None, (15, 20)),
        ({"100 %": 8, "90 %": 7, "50 %": 5}, "100 %,90 %", (15, 20)),
        ({"2": 6, "1": 5, "0": 4, "-1": 3, "-2": 2}, "2,1", (11, 20)),
        ({"−2": 6, "−1": 5, "0": 4, "1": 3, "2": 2}, "<=-1", (11, 20)),
        ({"A.非常满意": 9, "B.满意": 6, "C.一般": 3, "D.不满意": 2}, "非常满意,满意", (15, 20)),
        ({"A非常满意": 9, "B比较满意": 6, "C一般": 5}, "A非常满意,B比较满意", (15, 20)),
        ({"(1)满意": 9, "(2)基本满意": 6, "(3)不满意": 5}, "满意", (9, 20)),
        ({"5分": 9, "4分": 6, "3分": 5}, "5分,4分", (15, 20)),
        ({"1分": 9, "2分": 6, "5分": 5}, "<=2", (15, 20)),
        ({"５": 9, "４": 6, "１": 5}, "5,4", (15, 20)),
        ({"4.5": 9, "4": 6, "3.5": 3, "1": 2}, ">=4", (15, 20)),
        ({"96.5": 4, "95": 5, "88": 6, "61.5": 5}, ">=90", (9, 20)),
        ({"96 分": 9, "88 分": 6, "12 分": 5}, "≥88 分", (15, 20)),
        ({"A": 9, "B": 6, "D": 5}, "A,B", (15, 20)),
        ({"非常滿意": 9, "滿意": 6, "不滿意": 5}, "非常满意,满意", (15, 20)),
        ({"Satisfied": 9, "Neutral": 6, "Dissatisfied": 5}, "Satisfied", (9, 20)),
        ({"Agree": 9, "Undecided": 6, "Disagree": 5}, "agree", (9, 20)),
        ({"Good": 9, "OK": 6, "Bad": 5}, "Good", (9, 20)),
        ({"满意": 9, "基本满意": 6, "不满意": 5, "不了解": 4}, "满意,基本满意", (15, 20)),
        ({"非常满意": 9, "满意": 6, "不满意": 5, "弃权": 4}, "非常满意,满意", (15, 20)),
        (
            {"很满意": 9, "满意": 6, "基本满意": 3, "不太满意": 1, "不满意": 1},
            "很满意,满意",
            (15, 20),
        ),
        ({"满意": 9, "较满意": 6, "一般": 3, "不太满意": 1, "不满意": 1}, "满意,较满意", (15, 20)),
        (
            {"非常满意": 9, "满意": 6, "比较满意": 2, "较不满意": 3},
            "非常满意,满意",
            (15, 20),
        ),
        ({"是": 15, "否": 5}, "是", (15, 20)),
        ({"√": 15, "×": 5}, "√", (15, 20)),
    ],
)
def test_no_two_answers_are_shortened_into_one(
    tmp_path: Path, answers: dict[str, int], satisfied: str | None, right: tuple[int, int]
) -> None:
    stated = ["90分及以上", "80分及以上", "80分以下"]
    given: dict[str, Any] = {"satisfied": satisfied.split(",") if satisfied else stated[:2]}
    if satisfied is None:
        given["ladder"] = stated
    assert share(counted(tmp_path, answers, **given)) == right


@pytest.mark.parametrize(
    "ladder",
    [
        ["5星", "4星", "3星", "2星", "1星"],
        ["一等奖", "二等奖", "三等奖"],
        ["3/3", "2/3", "1/3"],
        ["-3", "-2", "-1"],
        ["满意 100%", "满意 90%", "满意 80%"],
    ],
)
def test_a_stated_ladder_is_taken_as_stated(tmp_path: Path, ladder: list[str]) -> None:
    answers = dict.fromkeys(ladder, 10)
    held = counted(tmp_path, answers, satisfied=ladder[:2], ladder=ladder)
    assert share(held) == (20, 10 * len(ladder))
    levels = held.responses.questionnaire.overall.scale.levels
    assert [level.label for level in levels] == ladder


def test_codes_in_front_of_words_need_not_be_repeated_on_the_ladder(tmp_path: Path) -> None:
    answers = {"1.天天去": 5, "2.有时去": 5, "3.不去": 5}
    ladder = ["天天去", "有时去", "不去"]
    assert share(counted(tmp_path, answers, satisfied=["天天去"], ladder=ladder)) == (5, 15)


def test_excel_writes_text_as_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "表.csv"
    rows = ['="甲",="非常满意"'] * 12 + ['="乙","=""不满意"""'] * 3
    file.write_text("\n".join(['="部门",="满意吗"', *rows]), encoding="utf-8")
    held = survey.read(file, branch="部门", overall="满意吗", satisfied=["非常满意", "满意"])
    assert share(held) == (12, 15)


def test_the_threshold_as_a_value_and_one_that_cannot_be(tmp_path: Path) -> None:
    answers = {"9": 10, "5": 6, "1": 4}
    assert share(counted(tmp_path, answers, satisfied=survey.at_least(5))) == (16, 20)
    assert share(counted(tmp_path, answers, satisfied=survey.at_most(5))) == (10, 20)
    with pytest.raises(survey.CodingError, match="没有一个算不满意"):
        counted(tmp_path, answers, satisfied=">=0")
    with pytest.raises(survey.CodingError, match="要求答案是数字"):
        counted(tmp_path, {"满意": 10, "不满意": 10}, satisfied=">=4")
    with pytest.raises(survey.CodingError, match=r'--satisfied）.*">=4"'):
        counted(tmp_path, answers, satisfied=["5"])


@pytest.mark.parametrize("satisfied", [">=90", survey.at_least(90), ["95", "90"]])
def test_a_frame_takes_thresholds_too(satisfied: Any) -> None:
    frame = pd.DataFrame({"q": [95, 90, 88.5, 70] * 5})
    if isinstance(satisfied, list):
        with pytest.raises(survey.CodingError, match=">=90"):
            survey.from_frame(frame, overall="q", satisfied=satisfied)
    else:
        assert share(survey.from_frame(frame, overall="q", satisfied=satisfied)) == (10, 20)


@pytest.mark.parametrize(
    ("answers", "satisfied", "names"),
    [
        ({"满意": 9, "一般": 6, "不满意": 5}, "一般", "“满意”、“一般”、“不满意”"),
        ({"Satisfied": 9, "Neutral": 6}, "Neutral", "“Satisfied”、“Neutral”"),
        ({"很棒": 9, "凑合": 6}, "很棒", "“很棒”、“凑合”"),
    ],
)
def test_a_ladder_that_does_not_fit_names_both_remedies(
    tmp_path: Path, answers: dict[str, int], satisfied: str, names: str
) -> None:
    with pytest.raises(survey.CodingError) as raised:
        counted(tmp_path, answers, satisfied=[satisfied])
    for said in (names, "--ladder", "--satisfied"):
        assert said in str(raised.value)


@pytest.mark.parametrize(
    ("answers", "candidates"),
    [
        (
            {"不满意": 2, "基本满意": 6, "满意": 9, "不了解": 3},
            (("满意",), ("满意", "基本满意")),
        ),
        (
            {"非常满意": 9, "满意": 5, "基本满意": 4, "不满意": 2},
            (("非常满意", "满意"), ("非常满意", "满意", "基本满意")),
        ),
        ({"Agree": 9, "Neutral": 4, "Disagree": 2}, (("Agree",), ("Agree", "Neutral"))),
        ({"很棒": 9, "凑合": 6}, ()),
        ({"1": 9, "2": 6}, ()),
    ],
)
def test_what_counts_as_satisfied_is_asked_as_data(
    tmp_path: Path, answers: dict[str, int], candidates: Sequence[Sequence[str]]
) -> None:
    with pytest.raises(UndecidedError) as raised:
        counted(tmp_path, answers)
    cut = raised.value.cut
    assert cut.slots == ("overall",)
    assert cut.candidates == candidates
    assert sum(cut.labels.values()) == sum(answers.values())
    assert "--satisfied" in str(raised.value)
    assert "--ladder" in str(raised.value)


def jiangsu(path: Path, answers: Mapping[str, int], items: str = "满意") -> Path:
    """Write answers to the whole Jiangsu questionnaire, with an attention check that some fail."""
    asked = questionnaires.load("jiangsu-2014")
    assert asked.role is not None
    assert asked.attention is not None
    headers = [asked.branch.text, asked.role.text, asked.overall.text]
    headers += [*(item.text for item in asked.items), asked.attention.text]
    rows = []
    for label, n in answers.items():
        for i in range(n):
            passed = asked.attention.expected if i else "非常不满意"
            rows.append(["甲支部", "学生党员", label, *[items] * len(asked.items), passed])
    file = path / "江苏.csv"
    file.write_text("\n".join(",".join(row) for row in [headers, *rows]), encoding="utf-8")
    return file


COMMON = {"满意": 9, "基本满意": 6, "不满意": 3, "不了解": 2}


def test_the_commonest_ladder_is_one_decision_away_from_the_shipped_questionnaire(
    tmp_path: Path,
) -> None:
    file = jiangsu(tmp_path, COMMON, items="基本满意")
    with pytest.raises(
        UndecidedError, match=r"“基本满意”算不算满意.*--satisfied 满意,基本满意"
    ) as raised:
        survey.read(file)
    assert len(raised.value.cut.slots) == 19
    # The first of every answer fails the attention check and is taken out.
    assert share(survey.read(file, satisfied=["满意", "基本满意"])) == (13, 15)
    strict = survey.read(file, satisfied=["满意"])
    assert share(strict) == (8, 15)
    assert strict.responses.questionnaire.item("q01").scale.find("基本满意").satisfied is False  # type: ignore[union-attr]
    assert strict.screening.tally("remove")["rule"].tolist() == ["attention_check"]


def test_named_columns_keep_the_screening_of_the_questionnaire(tmp_path: Path) -> None:
    file = jiangsu(tmp_path, COMMON)
    asked = questionnaires.load("jiangsu-2014")
    held = survey.read(
        file, branch=asked.branch.text, overall=asked.overall.text, satisfied=["满意", "基本满意"]
    )
    assert share(held) == (13, 15)
    assert held.n_removed == 4


@pytest.mark.parametrize("scores", [{"5": 9, "4": 6, "2": 5}, {"95": 9, "90": 6, "70": 5}])
def test_scores_with_a_questionnaire_need_only_the_threshold(
    tmp_path: Path, scores: dict[str, int]
) -> None:
    file = jiangsu(tmp_path, scores)
    with pytest.raises(UndecidedError, match=r'方向不明.*">=4".*--ladder'):
        survey.read(file)
    assert share(survey.read(file, satisfied=f">={sorted(scores)[1]}")) == (13, 17)


def test_what_fits_neither_the_statement_nor_the_questionnaire_stops(tmp_path: Path) -> None:
    file = jiangsu(tmp_path, {"满意": 5, "不满意": 5}, items="凑合")
    with pytest.raises(survey.CodingError, match="“凑合”"):
        survey.read(file, satisfied=["满意"])
    fits = jiangsu(tmp_path, {"满意": 5, "不满意": 5}, items="非常满意")
    with pytest.raises(survey.CodingError, match="--satisfied"):
        survey.read(fits, satisfied=["还行"])


@pytest.mark.parametrize("word", ["说不清", "弃权", "无所谓", "说不好"])
def test_who_takes_no_side_leaves_the_base_on_every_road_and_it_is_said(
    tmp_path: Path, word: str
) -> None:
    answers = {"满意": 9, "一般": 3, "不满意": 3, word: 5}
    named = counted(tmp_path, answers, satisfied=["满意"])
    assert share(named) == (9, 15)
    file = offices.short(
        tmp_path / "b.csv", {("甲", "学生党员", k): n for k, n in answers.items() if k != "一般"}
    )
    standard = survey.read(file, questionnaire=SHORT)
    assert share(standard) == (9, 12)
    for held in (named, standard):
        said = held.responses.problems.query("severity == 'warning'")["zh"].str.cat()
        assert f"“{word}”5 次" in said
        assert "--ladder" in said
    counted_in = ["满意", "一般", word, "不满意"]
    assert share(counted(tmp_path, answers, satisfied=["满意"], ladder=counted_in)) == (9, 20)


@pytest.mark.parametrize(
    ("one", "other"),
    [("*****", "****"), ("90分", "80分"), ("−2", "2"), ("A", "B"), ("满意+", "满意")],
)
def test_different_answers_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ("非常满意 满意 一般 不满意 非常不满意", "“一般”算不算满意"),
        ("很满意 满意 基本满意 不太满意 不满意", "“基本满意”算不算满意"),
        ("十分满意 比较满意 说不清 不太满意", "“比较满意”算不算满意"),
        ("A.满意 B.不满意", "算满意的是“A.满意”，对吗"),
        ("优 良 中 差", "“良”、“中”算不算满意"),
        ("满意（5分） 一般（3分） 不满意（1分）", "“一般（3分）”算不算满意"),
        ("5 4 3 1", '写明从多少起算满意（--satisfied），如 ">=5"（数字小的好时写 "<=1"）'),
    ],
)
def test_only_what_words_leave_open_is_asked(tmp_path: Path, answers: str, asked: str) -> None:
    with pytest.raises(UndecidedError) as caught:
        counted(tmp_path, dict.fromkeys(answers.split(), 4))
    assert asked in caught.value.text("zh")
