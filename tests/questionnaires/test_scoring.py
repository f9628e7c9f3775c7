"""Scoring rules: each has a source, fits the standard's ladder or says why not."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import questionnaires
from questionnaires import Level, QuestionnaireError, Scale, scoring

FIVE = questionnaires.load("jiangsu-2014").overall.scale


@pytest.mark.parametrize("name", scoring.available())
def test_every_rule_that_is_shipped_has_a_source(name: str) -> None:
    rule = scoring.load(name)
    assert rule.id == name
    assert rule.source
    assert rule.title_en


def test_levels_are_found_by_label_where_all_are_there() -> None:
    three = Scale(
        "t", (Level("不满意", 1, False), Level("满意", 3, True), Level("基本满意", 2, False))
    )
    assert scoring.load("shandong-2008").of(three) == {"满意": 100, "基本满意": 75, "不满意": 55}


def test_levels_are_found_by_their_order_where_labels_are_others() -> None:
    # 不满意 is the last level of the rule and the last but one of the questionnaire.
    points = scoring.load("national-2009").of(FIVE)
    assert points == {"非常满意": 100, "满意": 80, "一般": 60, "不满意": 30, "非常不满意": 0}


def test_a_rule_of_other_levels_is_refused() -> None:
    with pytest.raises(QuestionnaireError, match="对不上"):
        scoring.load("shandong-2008").of(FIVE)


def test_index_and_satisfied() -> None:
    assert list(scoring.load("groups-50-50-trimmed").of(FIVE).values()) == [100, 75, 50, 25, 0]
    assert list(scoring.load("surplus-void").of(FIVE).values()) == [100, 100, 0, 0, 0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('weights = ["0.6", "0.5"]', "合计为 1"),
        ('weights = ["x"]', "不是比例"),
        ('trim = "0.5"', "小于 0.5"),
        ("point = 1", "是否想写 points"),
    ],
)
def test_faults_name_their_key(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "办法.toml"
    text = f'id = "x"\ntitle = "x"\nsource = "x"\npoints = "index"\n{line}\n'
    file.write_text(text, encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=said):
        scoring.load(file)


def test_points_must_be_of_a_kind_that_is_known(tmp_path: Path) -> None:
    file = tmp_path / "办法.toml"
    file.write_text('id = "x"\ntitle = "x"\nsource = "x"\npoints = "best"\n', encoding="utf-8")
    with pytest.raises(QuestionnaireError, match="satisfied"):
        scoring.load(file)


def test_weights_are_exact() -> None:
    assert scoring.load("groups-60-40").weights == (Fraction(3, 5), Fraction(2, 5))
