"""Tables by hand that are easily taken for something else: shares of 100, ticks, percentages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from survey.errors import ReadError
from survey.readers import Export, open_export
from tests.writers.files import write_csv

WJX = ["序号", "提交答卷时间", "1、您所在的党支部"]


def shared(path: Path, shares: list[list[object]], hint: str = "") -> Export:
    """Write a 比重题 of three rows as 问卷星 does."""
    header = [*WJX, f"2、请分配 100 分{hint}—食堂", "2、宿舍", "2、图书馆"]
    rows = [
        [i, f"2025/11/1 9:{i:02d}:00", f"第{i % 2}支部", *row] for i, row in enumerate(shares, 1)
    ]
    return open_export(write_csv(path, [header, *rows]))


def test_shares_of_a_hundred_are_numbers_and_no_scale(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    shares = [[int(n) for n in rng.multinomial(20, [0.5, 0.3, 0.2]) * 5] for _ in range(30)]
    export = shared(tmp_path / "a.csv", [*shares, ["(空)"] * 3, [33.3, 33.3, 33.3]])
    question = export.find("2").question
    assert (question.kind, question.options) == ("shares", ())
    assert question.rows == ("食堂", "宿舍", "图书馆")
    assert export.answers("2", "宿舍").tolist()[:2] == [str(row[1]) for row in shares[:2]]


@pytest.mark.parametrize(
    "shares",
    [
        [[5, 3, 4], [4, 4, 4], [1, 2, 3]],
        [[50, 30, 20], [60, 30, 20]],
        [[80, 90, 100], [70, 85, 95]],
    ],
)
def test_scores_do_not_add_up(tmp_path: Path, shares: list[list[object]]) -> None:
    assert shared(tmp_path / "a.csv", shares).find("2").question.kind == "matrix"
    said = shared(tmp_path / "b.csv", shares, hint="[比重题]").find("2").question
    assert said.kind == "shares"


@pytest.mark.parametrize(
    ("header", "platform"), [("精力分配_{}", "manual"), ("精力分配—{}", "feishu")]
)
@pytest.mark.parametrize("odd", [[33.5, 33.5, 33], [40, 31, 29]])
def test_shares_by_hand_need_not_recur(
    tmp_path: Path, header: str, platform: str, odd: list[object]
) -> None:
    shares = [[int(n) for n in np.random.default_rng(7).multinomial(100, [0.4, 0.3, 0.3])]]
    shares += [[20 + i, 41 - i, 39] for i in range(12)]
    for rows in ([odd] * 11, [*shares, odd]):
        table = [[f"甲{i % 3}支部", *row, "满意"] for i, row in enumerate(rows)]
        names = [header.format(name) for name in ("教学", "科研", "服务")]
        file = write_csv(tmp_path / "a.csv", [["支部", *names, "总体"], *table])
        question = open_export(file, platform=platform).questions[1]
        assert (question.kind, question.rows) == ("shares", ("教学", "科研", "服务"))


def by_hand(path: Path, header: list[object], rows: list[list[object]]) -> Export:
    return open_export(write_csv(path, [header, *rows]))


@pytest.mark.parametrize("tick", ["✓", "√"])
def test_neighbouring_columns_of_ticks_are_one_choice_of_several(tmp_path: Path, tick: str) -> None:
    chosen = np.random.default_rng(1).random((20, 3)) < 0.5
    rows: list[list[object]] = [
        [f"甲{i % 3}支部", *(tick if yes else "" for yes in row), "满意"]
        for i, row in enumerate(chosen)
    ]
    export = by_hand(tmp_path / "a.csv", ["支部", "讲座", "参观", "服务", "总体"], rows)
    (question,) = (q for q in export.questions if q.kind == "multi")
    assert question.options == ("讲座", "参观", "服务")
    answers = export.answers(question).to_numpy(dtype=object)
    some = chosen.any(axis=1)
    assert (answers[some].astype(bool) == chosen[some]).all()
    assert (export.status(question)[~some] == "missing").all()
    assert any("讲座、参观、服务" in problem.zh for problem in export.problems)


def test_ticks_below_two_headings_are_two_questions(tmp_path: Path) -> None:
    rows = [[f"甲{i % 3}支部", *("✓" if (i >> j) & 1 else "" for j in range(4))] for i in range(16)]
    export = by_hand(
        tmp_path / "a.csv", ["支部", "想要_讲座", "想要_参观", "去过_讲座", "去过_参观"], [*rows]
    )
    several = [(q.stem, q.options) for q in export.questions if q.kind == "multi"]
    assert several == [("想要", ("讲座", "参观")), ("去过", ("讲座", "参观"))]


def test_one_column_of_ticks_stays_a_question_of_its_own(tmp_path: Path) -> None:
    rows = [[f"甲{i % 3}支部", "✓" if i % 2 else "", "满意"] for i in range(12)]
    export = by_hand(tmp_path / "a.csv", ["支部", "已交", "总体"], [*rows])
    assert [q.kind for q in export.questions] == ["single", "single", "single"]


def test_an_option_that_nobody_ticked_stays_one(tmp_path: Path) -> None:
    """Where a heading says that it belongs to the ticked ones: else it may be anything."""
    rows = [
        [f"甲{i % 3}支部", "✓" if i % 2 else "", "", "✓" if i % 3 else "", ""] for i in range(18)
    ]
    export = by_hand(tmp_path / "a.csv", ["支部", "讲座", "参观", "服务", "意见"], [*rows])
    shapes = [(q.kind, q.options) for q in export.questions]
    assert shapes[1:] == [("multi", ("讲座", "服务")), ("text", ()), ("text", ())]
    answers = export.answers(export.questions[1]).to_numpy(dtype=object)
    assert answers[1].tolist() == [True, True]
    assert [p.place.column for p in export.problems if "不算“讲座、服务”的选项" in p.zh] == ["参观"]
    headed = ["支部", "想要_讲座", "想要_参观", "想要_服务", "想要_影片"]
    export = by_hand(tmp_path / "b.csv", [*headed], [*rows])
    assert export.questions[1].options == ("讲座", "参观", "服务", "影片")


def test_percentages_are_no_answers_of_persons(tmp_path: Path) -> None:
    rows = [[f"甲{i}支部", f"{90 + i}.5%", f"{80 + i}%"] for i in range(8)]
    export = by_hand(tmp_path / "a.csv", ["支部", "满意率", "参与率"], [*rows])
    assert [q.kind for q in export.questions][1:] == ["number", "number"]
    (told,) = (p for p in export.problems if "百分比" in p.zh)
    assert told.severity == "warning"
    assert "满意率" in told.zh


def test_options_that_are_percentages_recur(tmp_path: Path) -> None:
    rows = [[f"甲{i % 3}支部", f"{20 * (i % 4)}%"] for i in range(40)]
    export = by_hand(tmp_path / "a.csv", ["支部", "您完成了多少"], [*rows])
    assert export.questions[1].kind == "single"
    assert not any("百分比" in p.zh for p in export.problems)


def test_many_percentages_are_results_though_some_recur(tmp_path: Path) -> None:
    rates = np.random.default_rng(5).integers(50, 101, size=60)
    assert len({*rates}) < 45
    rows = [[f"甲{i}支部", f"{rate}%"] for i, rate in enumerate(rates)]
    export = by_hand(tmp_path / "a.csv", ["支部", "满意率"], [*rows])
    assert export.questions[1].kind == "number"
    assert any("满意率" in p.zh and "百分比" in p.zh for p in export.problems)


def test_options_in_steps_of_five_percent_are_options(tmp_path: Path) -> None:
    rows = [[f"甲{i % 3}支部", f"{5 * (i % 21)}%"] for i in range(84)]
    export = by_hand(tmp_path / "a.csv", ["支部", "您完成了多少"], [*rows])
    assert export.questions[1].kind == "single"
    assert not any("百分比" in p.zh for p in export.problems)


@pytest.mark.parametrize(
    "rows",
    [
        [["第1题 您所在的党支部"], ["选项", "小计", "比例"], ["一支部", 30, "60.00%"]],
        [["Q1"], ["选项", "人数", "百分比"], ["满意", 12, "80%"], ["不满意", 3, "20%"]],
        [["X\\Y", "满意", "一般", "小计"], ["一支部", "12(60.00%)", "8(40.00%)", 20]],
        [["题目", "满意", "一般"], ["组织生活", "12（60%）", "8（40%）"]],
    ],
)
def test_a_page_of_results_is_not_read_as_answers(tmp_path: Path, rows: list[list[object]]) -> None:
    with pytest.raises(ReadError, match=r"汇总好的统计结果.*按选项文本下载"):
        open_export(write_csv(tmp_path / "统计.csv", rows))
