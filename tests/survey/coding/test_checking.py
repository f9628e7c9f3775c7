from __future__ import annotations

from pathlib import Path
from typing import get_args

import questionnaires
from survey.coding import Understanding, match_columns, understand
from survey.coding.checking import _KINDS
from survey.readers import open_export
from survey.readers.model import Kind
from tests.survey import offices

SHORT = questionnaires.load(offices.SHORT)


def understood(path: Path, rows: list[tuple[str, ...]], *questions: str) -> Understanding:
    export = open_export(offices.export(path / "a.csv", rows, questions=questions))
    return understand(export, SHORT, match_columns(export, SHORT))


def test_what_is_understood_is_said_column_by_column(tmp_path: Path) -> None:
    rows = [("甲", "教工党员", "满意", "王玥")] * 5 + [("乙", "群众", "不满意", "李堃")] * 4
    one = understood(tmp_path, rows, offices.BRANCH, offices.ROLE, offices.OVERALL, "姓名")
    assert one.error is None
    text = one.text()
    assert "9 份答卷" in text
    assert "平台 问卷星（wjx；" in text
    assert "[单选]  → overall" in text
    assert "满意 5，不满意 4" in text
    assert "王玥" not in text
    assert repr(one) == "<Understanding a.csv: understood, 9 rows, 3 columns matched>"
    assert str(one) == text
    assert "9 份答卷" in one._repr_html_()
    english = one.text("en")
    assert "9 rows" in english
    assert "same wording" in english
    assert "[one choice]  → overall" in english
    assert "满意 5, 不满意 4" in english


def test_every_kind_of_question_has_a_name() -> None:
    assert set(_KINDS) == set(get_args(Kind))


def test_the_error_that_would_stop_the_reading_is_kept(tmp_path: Path) -> None:
    one = understood(tmp_path, [("甲", "好极了")] * 4, "支部", offices.OVERALL)
    assert one.error is not None
    assert "好极了" in one.error.text()
    assert one.error.text() in str(one)
    assert "not understood" in repr(one)
    two = understood(tmp_path, [("球类", "数学")] * 4, "爱好", "专业")
    assert two.error is not None
    assert "爱好" in two.text()


def test_long_lists_of_answers_are_cut(tmp_path: Path) -> None:
    rows = [(f"支部{i % 9}", "满意") for i in range(60)]
    assert "（共 9 种）" in understood(tmp_path, rows, "支部", offices.OVERALL).text()


def test_typed_answers_and_identifiers_are_not_shown(tmp_path: Path) -> None:
    long = questionnaires.load("jiangsu-2014")
    assert long.open_question is not None
    rows = [("甲", "满意", "王玥老师电话13900000000", "找13900000001")] * 9
    asked = ("支部", offices.OVERALL, long.open_question.text, "备注")
    export = open_export(offices.export(tmp_path / "a.csv", rows, questions=asked))
    text = understand(export, long, match_columns(export, long)).text()
    assert "13900000000" not in text
    assert "13900000001" not in text
    assert "王玥" not in text
    assert "满意 9" in text
