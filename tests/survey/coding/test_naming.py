from __future__ import annotations

from pathlib import Path

import pytest

from survey.coding import UndecidedError, code, name_columns
from survey.coding.naming import NO_BRANCH
from survey.errors import CodingError, ReadError
from survey.readers import Export, open_export
from tests.survey import offices

QUESTIONS = ("您的学院", "食堂", "宿舍", "图书馆", "总体", "您的身份")
ROWS = [
    ("理", "满意", "一般", "非常满意", "满意", "学生"),
    ("文", "不满意", "满意", "一般", "不满意", "教师"),
    ("文", "不了解", "满意", "一般", "非常满意", "学生 "),
]


def opened(path: Path, rows: list[tuple[str, ...]] = ROWS, name: str = "a.csv") -> Export:
    return open_export(offices.export(path / name, rows, questions=QUESTIONS))


def test_a_questionnaire_from_named_columns(tmp_path: Path) -> None:
    export = opened(tmp_path)
    asked, matchings = name_columns(
        [export],
        overall="总体",
        branch="1",
        role="6",
        dimensions={"生活": ["食堂", "3"], "学习": ["4"]},
        satisfied=["非常满意", "满意"],
        bar="0.8",
    )
    assert asked.dimension_items == {"d1": ("q01", "q02"), "d2": ("q03",)}
    assert [dimension.title for dimension in asked.dimensions] == ["生活", "学习"]
    assert [item.text for item in asked.items] == ["食堂", "宿舍", "图书馆"]
    assert [role.title for role in asked.roles] == ["学生", "教师"]
    assert asked.bar == "0.8"
    coded = code(export, asked, matchings[0])
    assert coded.scores["q01"].tolist()[:2] == [4.0, 2.0]
    assert coded.status["q01"].tolist() == ["valid", "valid", "not_applicable"]
    assert coded.people["role"].tolist() == ["学生", "教师", "学生"]


OWN = [
    ("理", "满意", "未参加", "一般", "满意", "学生"),
    ("文", "未参加", "满意", "一般", "未参加", "学生"),
    ("文", "不满意", "满意", "不了解", "不满意", "教师"),
]


def test_answers_of_ones_own_that_say_nothing_leave_the_base_and_are_counted(
    tmp_path: Path,
) -> None:
    export = opened(tmp_path, OWN)
    named = {"overall": "总体", "dimensions": {"生活": ["食堂", "宿舍", "图书馆"]}}
    with pytest.raises(CodingError, match="未参加"):
        name_columns([export], satisfied=["满意"], **named)  # type: ignore[arg-type]
    asked, (matching,) = name_columns(
        [export],
        satisfied=["满意"],
        not_applicable=["未参加", "没听说过"],
        **named,  # type: ignore[arg-type]
    )
    coded = code(export, asked, matching)
    assert coded.status["overall"].tolist() == ["valid", "not_applicable", "valid"]
    assert coded.scores["overall"].isna().tolist() == [False, True, False]
    said = coded.problems.loc[coded.problems["zh"].str.contains("不适用"), "zh"].tolist()
    assert said == [
        "文件 a.csv：按不适用处理、不计入有效回答的答案："
        "“未参加”3 次、“没听说过”0 次、“不了解”1 次。"
    ]


def test_without_a_branch_all_are_one_unit(tmp_path: Path) -> None:
    export = opened(tmp_path)
    asked, matchings = name_columns([export], overall="5", satisfied=["非常满意", "满意"])
    assert code(export, asked, matchings[0]).people["branch"].unique().tolist() == [NO_BRANCH]


def test_the_scale_comes_from_all_files(tmp_path: Path) -> None:
    first = opened(tmp_path, ROWS[:1])
    second = opened(tmp_path, [("理", "满意", "一般", "满意", "说不清", "学生")], "b.csv")
    asked, matchings = name_columns(
        [first, second], overall="总体", satisfied=["满意"], ladder=["满意", "说不清"]
    )
    assert len(matchings) == 2
    assert [level.label for level in asked.overall.scale.levels] == ["满意", "说不清"]


def test_satisfied_is_never_guessed(tmp_path: Path) -> None:
    export = opened(tmp_path)
    asked, (matching,) = name_columns([export], overall="5")
    with pytest.raises(UndecidedError, match=r"“满意”，对吗.*--satisfied 非常满意,满意"):
        code(export, asked, matching)


def test_one_column_cannot_be_overall_and_an_item(tmp_path: Path) -> None:
    with pytest.raises(CodingError, match="不能同时作为 总体满意度 overall、维度“x”的题目"):
        name_columns(
            [opened(tmp_path)], overall="5", dimensions={"x": ["总体"]}, satisfied=["满意"]
        )


def test_digits_read_as_scores_are_said_unless_their_order_is_stated(tmp_path: Path) -> None:
    rows = [("理", "5", "4", "3", "4", "学生"), ("文", "1", "2", "3", "5", "教师")] * 6
    opened(tmp_path, rows)
    export = open_export(tmp_path / "a.csv", mode="text")
    for order, n in ((None, 1), (["1", "2", "3", "4", "5"], 0)):
        top = ["4", "5"] if order is None else ["1", "2"]
        asked, matchings = name_columns(
            [export], overall="总体", dimensions={"a": ["食堂"]}, satisfied=top, ladder=order
        )
        said = code(export, asked, matchings[0]).problems
        assert said["zh"].str.contains("越大越满意").sum() == n


@pytest.mark.parametrize(
    ("satisfied", "scale"),
    [
        (["4", "5"], "按 1 到 5 分读取，4 分起"),
        ([">=6"], "按 1 到 7 分读取，6 分起"),
        ([">=8"], "按 1 到 10 分读取，8 分起"),
    ],
)
def test_of_which_scale_digits_were_taken_is_said(
    tmp_path: Path, satisfied: list[str], scale: str
) -> None:
    opened(tmp_path, [("理", "5", "4", "3", "4", "学生"), ("文", "3", "4", "3", "5", "教师")] * 6)
    export = open_export(tmp_path / "a.csv", mode="text")
    asked, matchings = name_columns([export], overall="总体", satisfied=satisfied)
    assert code(export, asked, matchings[0]).problems["zh"].str.contains(scale).sum() == 1


def test_digits_of_an_unknown_download_are_not_rated(tmp_path: Path) -> None:
    rows = [("理", "5", "4", "3", "4", "学生"), ("文", "1", "2", "3", "5", "教师")] * 6
    export = opened(tmp_path, rows)
    assert export.mode == "undecided"
    with pytest.raises(CodingError, match=r"--mode text.*--mode numbered.*--ladder"):
        name_columns([export], overall="总体", satisfied=["4", "5"])
    stated, _ = name_columns([export], overall="总体", satisfied=["4", "5"], ladder=list("54321"))
    assert stated.overall.scale.levels[0].label == "5"
    numbered = open_export(tmp_path / "a.csv", mode="numbered")
    with pytest.raises(CodingError, match="不知道方向"):
        name_columns([numbered], overall="总体", satisfied=["4", "5"])


def test_selectors_that_name_nothing(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="找不到题目“44”"):
        name_columns([opened(tmp_path)], overall="44", satisfied=["满意"])


def test_unknown_levels_ask_for_the_ladder(tmp_path: Path) -> None:
    with pytest.raises(CodingError, match=r"文/.*--ladder|--ladder"):
        name_columns([opened(tmp_path)], overall="1", satisfied=["文"])


def matrix(path: Path, cells: list[tuple[str, str]]) -> Export:
    header = ["序号", "提交答卷时间", "1、您的学院", "2、满意度—食堂", "2、宿舍"]
    rows = [(i, f"2025/11/1 8:{i:02d}:00", "理", *pair) for i, pair in enumerate(cells)]
    return open_export(offices.write_csv(path / "m.csv", [header, *rows]))


def test_a_matrix_needs_a_row(tmp_path: Path) -> None:
    export = matrix(tmp_path, [("满意", "一般"), ("一般", "满意")] * 9)
    with pytest.raises(CodingError, match="2—食堂"):
        name_columns([export], overall="2", satisfied=["满意"])
    asked, _ = name_columns([export], overall="2—食堂", satisfied=["满意", "非常满意"])
    assert asked.overall.text == "食堂"


def test_a_whole_matrix_stands_for_its_rows(tmp_path: Path) -> None:
    header = ["序号", "提交答卷时间", "1、总体", "2、满意度—食堂", "2、宿舍", "2、浴室"]
    rows = [(i, f"2025/11/1 8:{i:02d}:00", "满意", "一般", "满意", "满意") for i in range(9)]
    export = open_export(offices.write_csv(tmp_path / "w.csv", [header, *rows]))
    asked, matchings = name_columns(
        [export], overall="1", dimensions={"生活": ["2"]}, satisfied=["满意", "非常满意"]
    )
    assert asked.dimension_items == {"d1": ("q01", "q02", "q03")}
    assert [item.text for item in asked.items] == ["食堂", "宿舍", "浴室"]
    assert code(export, asked, matchings[0]).scores["q01"].tolist() == [3.0] * 9
    shorter = open_export(
        offices.write_csv(tmp_path / "v.csv", [header[:-1], *(row[:-1] for row in rows)])
    )
    with pytest.raises(CodingError, match="行数不同"):
        name_columns([export, shorter], overall="1", dimensions={"生活": ["2"]}, satisfied=["满意"])


def test_numbers_of_options_are_refused_until_their_order_is_stated(tmp_path: Path) -> None:
    header = ["序号", "提交答卷时间", "1、您的手机怎么样", "2、(内存)", "2、(屏幕)"]
    rows = [(i, f"2021/4/26 8:{i:02d}:00", 1 + i % 3, 0, 1) for i in range(9)]
    export = open_export(offices.write_csv(tmp_path / "n.csv", [header, *rows]))
    assert export.mode == "numbered"
    with pytest.raises(CodingError, match="不知道方向"):
        name_columns([export], overall="1", satisfied=["1"])
    asked, matchings = name_columns(
        [export], overall="1", satisfied=["1"], ladder=["1", "2", "3", "4", "5"]
    )
    assert code(export, asked, matchings[0]).scores["overall"].tolist()[:3] == [5.0, 4.0, 3.0]
