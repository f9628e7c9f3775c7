from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import questionnaires
from questionnaires import Questionnaire
from survey.coding import match_columns, require_certain
from survey.coding.columns import answered_labels, column, describe
from survey.errors import CodingError, ReadError
from survey.readers import Export, open_export
from tests.survey import offices

SHORT = questionnaires.load(offices.SHORT)
LONG = questionnaires.load("jiangsu-2014")
ANSWERS = [("甲", "教工党员", "满意"), ("乙", "非党员学生", "不满意")] * 6


def opened(path: Path, *questions: str, answers: list[tuple[str, ...]] | None = None) -> Export:
    rows = answers or [row[: len(questions)] for row in ANSWERS]
    return open_export(offices.export(path / "a.csv", rows, questions=questions))


def found(export: Export, asked: Questionnaire, slot: str) -> str:
    target = match_columns(export, asked).targets[slot]
    return export.headers[column(target.found)]


@pytest.mark.parametrize(
    "wording",
    [
        "您所在的党支部",
        "您所在的党支部：",
        "您所在的党支部 (单选题 *必答)",
        "您 所在的 党支部？",
        "所在党支部",
        "支部",
        "请选择您所在的党支部",
        "所属党支部",
        "所在支部",
        "支部名称",
    ],
)
def test_the_branch_by_its_wordings(tmp_path: Path, wording: str) -> None:
    export = opened(tmp_path, "您的身份", wording, offices.OVERALL)
    assert wording in found(export, SHORT, "branch")


@pytest.mark.parametrize("wording", ["您的身份", "身份", "类别"])
def test_the_role_by_its_wordings(tmp_path: Path, wording: str) -> None:
    export = opened(tmp_path, wording, "支部", offices.OVERALL)
    assert wording in found(export, SHORT, "role")


@pytest.mark.parametrize(
    "wording",
    ["意见和建议", "您的意见", "意见/建议", "其他建议", "对支部的建议", "您对所在党支部工作的建议"],
)
def test_open_answers_by_their_wordings(tmp_path: Path, wording: str) -> None:
    export = opened(tmp_path, "支部", offices.OVERALL, wording)
    assert wording in found(export, LONG, "open")


def test_a_rating_is_no_open_answer(tmp_path: Path) -> None:
    answers = [("甲", "满意", "一般"), ("乙", "一般", "满意")] * 5
    path = offices.write_csv(
        tmp_path / "m.csv",
        [("序号", "提交答卷时间", "1、支部", "2、您对以下工作的满意度—活动", "2、意见和建议")]
        + [(i, "2025/11/1 9:00:00", *answer) for i, answer in enumerate(answers, 1)],
    )
    matching = match_columns(open_export(path), LONG)
    assert "open" not in matching.targets


def test_a_rating_of_the_branch_is_not_its_name(tmp_path: Path) -> None:
    rating = "您对支部满意吗"
    export = opened(tmp_path, "请选择所在支部名称", rating, answers=[("甲", "满意")] * 9)
    matching = match_columns(export, SHORT)
    assert "branch" not in matching.targets
    assert "branch" in {doubt.slot for doubt in matching.doubts}
    rows = ("您对以下组织的满意度—党支部", "工会", "团委")
    answers = [("甲", "满意", "一般", "满意"), ("乙", "一般", "满意", "满意")] * 5
    path = offices.write_csv(
        tmp_path / "m.csv",
        [("序号", "提交答卷时间", "1、您在哪里", *(f"2、{row}" for row in rows))]
        + [(i, "2025/11/1 9:00:00", *answer) for i, answer in enumerate(answers, 1)],
    )
    export = open_export(path)
    assert any("党支部" in question.rows for question in export.questions)
    assert "branch" not in match_columns(export, SHORT).targets


def test_a_shell_around_the_thing_asked(tmp_path: Path) -> None:
    item = LONG.item("q10")
    export = opened(tmp_path, "支部", f"您对{item.text}的满意度", answers=[("甲", "满意")] * 9)
    matching = match_columns(export, LONG)
    assert matching.targets["q10"].how == "core"
    assert "q11" in matching.absent


def test_columns_in_any_order_and_strangers_between(tmp_path: Path) -> None:
    export = opened(
        tmp_path,
        "您的年级",
        offices.OVERALL,
        "您的爱好",
        "您的身份",
        "所在支部",
        answers=[("大一", "满意", "球类", "学生党员", "甲")] * 8,
    )
    matching = match_columns(export, SHORT)
    assert {slot: column(t.found) - 5 for slot, t in matching.targets.items()} == {
        "overall": 2,
        "role": 4,
        "branch": 5,
    }
    assert not matching.doubts


def test_no_branch_column_stops(tmp_path: Path) -> None:
    export = opened(tmp_path, "您的身份", offices.OVERALL, answers=[("学生党员", "满意")] * 9)
    matching = match_columns(export, SHORT)
    with pytest.raises(CodingError, match="branch “您所在的党支部”：没有对应的列"):
        require_certain(export, SHORT, matching)


def test_a_similar_column_is_a_doubt_and_not_taken(tmp_path: Path) -> None:
    export = opened(tmp_path, "您工作所在的党支部名字", "您的身份", offices.OVERALL)
    matching = match_columns(export, SHORT)
    assert "branch" not in matching.targets
    with pytest.raises(CodingError, match="可能是 “1、您工作所在的党支部名字”"):
        require_certain(export, SHORT, matching)


def test_two_columns_of_one_wording_are_a_doubt(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部", "支部", offices.OVERALL, answers=[("甲", "乙", "满意")] * 9)
    assert [d.slot for d in match_columns(export, SHORT).doubts] == ["branch"]


def test_a_missing_item_with_an_unmatched_rating_is_a_doubt(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部", offices.OVERALL, "食堂", answers=[("甲", "满意", "一般")] * 9)
    assert {d.slot for d in match_columns(export, LONG).doubts} == set(LONG.item_ids)


def test_items_not_asked_are_absent_where_nothing_can_be_meant(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部", offices.OVERALL, answers=[("甲", "满意")] * 9)
    matching = match_columns(export, LONG)
    assert not matching.doubts
    assert set(LONG.item_ids) <= set(matching.absent)


def test_doubts_with_the_same_candidates_are_said_once(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部", offices.OVERALL, "食堂", answers=[("甲", "满意", "一般")] * 9)
    with pytest.raises(CodingError) as raised:
        require_certain(export, LONG, match_columns(export, LONG))
    assert raised.value.zh.count("食堂") == 1
    assert raised.value.en.count("食堂") == 1


def test_another_survey_is_said_to_be_one(tmp_path: Path) -> None:
    export = opened(tmp_path, "您的爱好", "您的专业", answers=[("球类", "数学")] * 9)
    with pytest.raises(CodingError, match=r"没有一道题目对得上.*--overall"):
        require_certain(export, SHORT, match_columns(export, SHORT))


def test_a_mapping_goes_first_and_may_say_not_asked(tmp_path: Path) -> None:
    export = opened(
        tmp_path,
        "支部",
        "您的爱好",
        offices.OVERALL,
        "食堂",
        answers=[("甲", "乙", "满意", "一般")] * 9,
    )
    matching = match_columns(export, LONG, {"branch": "2", "q01": "食堂", "role": ""})
    assert column(matching.targets["branch"].found) == 7
    assert matching.targets["q01"].how == "mapping"
    assert "role" not in matching.targets
    assert not matching.doubts


def test_a_mapping_must_name_what_exists(tmp_path: Path) -> None:
    export = opened(tmp_path, "支部", "身份", offices.OVERALL)
    with pytest.raises(CodingError, match="q99"):
        match_columns(export, SHORT, {"q99": "1"})
    with pytest.raises(ReadError):
        match_columns(export, SHORT, {"branch": "17"})
    with pytest.raises(
        CodingError, match="不能同时作为 branch（“您所在的党支部”）、role（“您的身份”）"
    ):
        match_columns(export, SHORT, {"branch": "1", "role": "1"})


def test_a_personal_column_answers_nothing(tmp_path: Path) -> None:
    export = opened(tmp_path, "姓名", "支部", offices.OVERALL, answers=[("王玥", "甲", "满意")] * 9)
    assert column(match_columns(export, SHORT).targets["branch"].found) == 7


def test_a_question_of_several_answers_is_no_column(tmp_path: Path) -> None:
    export = opened(
        tmp_path, "支部", offices.OVERALL, answers=[("甲", "满意┋一般"), ("甲", "满意")] * 9
    )
    hit = match_columns(export, SHORT).targets["overall"].found
    with pytest.raises(CodingError, match="每人有多个答案"):
        answered_labels(export, hit)
    assert describe(hit).startswith("“2、总体而言")


def test_names_below_a_merged_heading(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["基本信息", "", "评价", "", ""])
    page.append(["支部", "身份", "总体满意度", "党支部", "建议"])
    page.merge_cells("A1:B1")
    page.merge_cells("C1:E1")
    for i in range(6):
        page.append([f"第{'一二'[i % 2]}支部", "学生党员", "满意", "基本满意", "多组织活动"])
    book.save(tmp_path / "h.xlsx")
    matching = match_columns(open_export(tmp_path / "h.xlsx"), SHORT)
    assert not matching.doubts
    columns = {slot: column(target.found) for slot, target in matching.targets.items()}
    assert columns == {"branch": 0, "role": 1, "overall": 2}
