from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import questionnaires
from questionnaires import Level, Scale
from survey.coding import Responses, code, concatenate, match_columns, restated
from survey.coding.scales import rescaled
from survey.errors import CodingError
from survey.readers import open_export
from tests.survey import offices

LONG = questionnaires.load("jiangsu-2014")
SHORT = questionnaires.load(offices.SHORT)


def coded(path: Path, rows: Sequence[Sequence[object]], **given: object) -> Responses:
    asked = given.pop("asked", SHORT)
    export = open_export(offices.export(path / str(given.pop("name", "a.csv")), rows, **given))  # type: ignore[arg-type]
    return code(export, asked, match_columns(export, asked))  # type: ignore[arg-type]


def test_scores_and_what_became_of_every_cell(tmp_path: Path) -> None:
    answers = ["满意", "基本满意", "不太满意", "不满意", "不了解", "(空)", "", "(跳过)", "满 意 "]
    made = coded(tmp_path, [("甲", "教工党员", answer) for answer in answers])
    assert made.scores["overall"].tolist()[:4] == [4, 3, 2, 1]
    assert made.scores["overall"].isna().tolist() == [False] * 4 + [True] * 4 + [False]
    assert made.status["overall"].tolist() == [
        *["valid"] * 4,
        "not_applicable",
        "missing",
        "missing",
        "not_asked",
        "valid",
    ]


def test_an_unknown_answer_stops_and_is_shown(tmp_path: Path) -> None:
    rows = [("甲", "教工党员", "满意")] * 5 + [("甲", "教工党员", "超级满意")] * 2
    with pytest.raises(CodingError) as raised:
        coded(tmp_path, rows)
    text = raised.value.text("zh")
    assert "“超级满意”（2 次）" in text
    assert "a.csv" in text
    assert "列 I" in text
    assert "总体而言" in text


def test_digits_where_words_are_asked_have_no_known_direction(tmp_path: Path) -> None:
    rows = [("甲", "教工党员", str(1 + i % 4)) for i in range(12)]
    with pytest.raises(CodingError, match="方向不明"):
        coded(tmp_path, rows)


def test_two_answers_of_one_level_are_another_ladder(tmp_path: Path) -> None:
    rows = [("甲", "教工党员", answer) for answer in ("满意", "非常满意", "不满意")] * 3
    with pytest.raises(CodingError, match="算满意的是“非常满意”、“满意”，对吗"):
        coded(tmp_path, rows)


def test_roles_by_their_words_and_unknown_ones_said(tmp_path: Path) -> None:
    words = ["教工党员", "预备党员", "非党员学生", "群众", "校友", ""]
    made = coded(tmp_path, [("甲", word, "满意") for word in words])
    assert made.people["role"].tolist()[:4] == ["members"] * 2 + ["staff_students"] * 2
    assert made.people["role"].isna().tolist()[4:] == [True, True]
    assert made.people["role_answer"][4] == "校友"
    # one person's own words may be a name: counted, not quoted
    assert "另有 1 份（1 种写法" in made.problems["zh"].str.cat()
    often = coded(tmp_path, [("甲", "校友", "满意")] * 5)
    assert "“校友”（5 份）" in often.problems["zh"].str.cat()


def test_metadata_without_anything_personal(tmp_path: Path) -> None:
    addresses = ["192.0.2.7(江苏-南京)", "192.0.2.8(江苏-南京)", "192.0.2.7(江苏-南京)"]
    made = coded(tmp_path, [("甲", "群众", "满意")] * 3, addresses=addresses)
    assert made.people["device"].tolist() == [0, 1, 0]
    assert made.people["seconds"].tolist() == [60, 61, 62]
    assert made.people["row"].tolist() == [2, 3, 4]
    assert "192.0.2" not in made.people.to_csv() + made.columns.to_csv() + made.problems.to_csv()


def test_without_metadata(tmp_path: Path) -> None:
    header = ["序号", "1、支部", f"2、{offices.OVERALL}", "3、食堂怎么样"]
    file = offices.write_csv(tmp_path / "a.csv", [header, *[(1, "甲", "满意", "好")] * 4])
    export = open_export(file)
    made = code(export, SHORT, match_columns(export, SHORT))
    assert made.people["seconds"].isna().all()
    assert made.people["device"].isna().all()
    assert made.people["attention"].isna().all()
    assert made.people["role"].isna().all()


def test_items_not_asked_are_told_apart_from_blanks(tmp_path: Path) -> None:
    made = coded(
        tmp_path,
        [("甲", "满意")] * 4,
        questions=("支部", offices.OVERALL),
        asked=LONG,
    )
    assert (made.status["q01"] == "not_asked").all()
    assert made.scores["q01"].isna().all()
    assert "没有问这些题目" in made.problems["zh"].str.cat()


def test_the_attention_check(tmp_path: Path) -> None:
    check = LONG.attention
    assert check is not None
    wrong = next(v.label for v in check.scale.valid_levels if v.label != check.expected)
    rows = [("甲", "满意", answer) for answer in (check.expected, wrong, "(空)")]
    made = coded(tmp_path, rows, questions=("支部", offices.OVERALL, check.text), asked=LONG)
    assert made.people["attention"].tolist()[:2] == [True, False]
    assert made.people["attention"].isna()[2]


def test_open_answers_are_masked_and_in_no_ones_order(tmp_path: Path) -> None:
    asked = LONG.open_question
    assert asked is not None
    said = ["无", "请联系我13900000000", "。", "", "不错"]
    rows = [("甲", "满意", text) for text in said]
    made = coded(tmp_path, rows, questions=("支部", offices.OVERALL, asked.text), asked=LONG)
    assert len(made.texts) == 2
    assert "13900000000" not in made.texts.str.cat()
    assert made.texts.tolist() == sorted(made.texts)


def test_every_column_is_accounted_for(tmp_path: Path) -> None:
    made = coded(
        tmp_path,
        [("甲", "群众", "满意", "王玥", "球类")] * 3,
        questions=(offices.BRANCH, offices.ROLE, offices.OVERALL, "姓名", "爱好"),
    )
    how = made.columns.set_index("column")["how"]
    assert how["A"] == "metadata"
    assert how["G"] == "wording"
    assert how["J"] == "personal"
    assert how["K"] == "unused"
    assert len(how) == 11


def test_files_with_different_columns_align_by_item(tmp_path: Path) -> None:
    q = LONG.item("q01").text
    with_item = coded(
        tmp_path, [("甲", "满意", "一般")] * 2, questions=("支部", offices.OVERALL, q), asked=LONG
    )
    without = coded(
        tmp_path,
        [("满意", "乙")] * 3,
        questions=(offices.OVERALL, "支部"),
        asked=LONG,
        name="b.csv",
    )
    both = concatenate([with_item, without])
    assert both.n_rows == 5
    assert both.people["branch"].tolist() == ["甲", "甲", "乙", "乙", "乙"]
    assert both.scores["q01"].tolist()[:2] == [3, 3]
    assert both.status["q01"].tolist() == ["valid"] * 2 + ["not_asked"] * 3
    assert both.people["file"].tolist() == ["a.csv"] * 2 + ["b.csv"] * 3
    # Equal numbers in two files are two devices.
    assert both.people["device"].nunique() == 5


def test_number_of_an_option_in_place_of_words(tmp_path: Path) -> None:
    header = ["序号", "提交答卷时间", "1、支部", f"2、{offices.OVERALL}", "3、(内存)", "3、(屏幕)"]
    rows = [(i, f"2021/4/26 8:{i:02d}:00", 1, 1 + i % 2, 0, 1) for i in range(9)]
    export = open_export(offices.write_csv(tmp_path / "n.csv", [header, *rows]))
    with pytest.raises(CodingError, match="按序号"):
        code(export, SHORT, match_columns(export, SHORT))


def test_a_stated_ladder_of_one_group_leaves_the_mark_of_the_other(tmp_path: Path) -> None:
    rows = [("甲", "教工党员", answer) for answer in ("满意", "基本满意", "不满意")] * 4
    export = open_export(offices.export(tmp_path / "a.csv", rows))
    found = match_columns(export, SHORT)
    target = replace(found.targets["overall"], stated=True)
    marked = replace(found, targets={**found.targets, "overall": target})
    kept = restated(SHORT, [export], [marked], None, None, ["说不清"])[1][0]
    assert kept.targets["overall"].stated
    scales = {slot: SHORT.item(slot).scale for slot in SHORT.item_ids}
    assert rescaled(SHORT, [marked], scales)[1][0].targets["overall"].stated
    made = restated(SHORT, [export], [found], ["满意"], ["满意", "基本满意", "不满意"])[1][0]
    assert made.targets["overall"].stated


def test_numbers_are_on_the_questionnaires_own_scale(tmp_path: Path) -> None:
    ten = Scale("ten", tuple(Level(f"{n}", float(n), n > 8) for n in range(10, 0, -1)))
    asked = SHORT.with_scales(dict.fromkeys(("overall", *SHORT.item_ids), ten))
    rows = [["甲支部", *[str(1 + (i + j) % 7) for j in range(3)]] for i in range(14)]
    export = open_export(
        offices.export(
            tmp_path / "a.csv", rows, questions=["所在支部", "总体满意度", "教学", "后勤"]
        ),
        mode="text",
    )
    found = replace(match_columns(export, asked), doubts=())
    for satisfied in (["8", "9", "10"], [">=8"]):
        own = restated(asked, [export], [found], satisfied)[0].overall.scale
        assert own.satisfied_scores == (10, 9, 8)
    with pytest.raises(CodingError, match="“>= 11” 无人选择"):
        restated(asked, [export], [found], [">=11"])
