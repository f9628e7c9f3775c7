"""Single rules of headers, cells, selectors, code books and overlaps, each with a small table."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from survey.errors import ReadError
from survey.readers import CodeBook, Export, open_export
from survey.readers.export.times import seconds
from tests.writers.files import write_csv, write_xlsx

TIMES = ["序号", "提交答卷时间"]


def export(tmp_path: Path, headers: list[str], *rows: list[object], name: str = "e") -> Export:
    """Read a table of 问卷星 whose first two columns are metadata."""
    table = [[*TIMES, *headers]]
    table += [[str(i + 1), f"2025/7/4 7:05:{i:02d}", *row] for i, row in enumerate(rows)]  # type: ignore[list-item]
    return open_export(write_csv(tmp_path / f"{name}.csv", table))


def labels(found: Export) -> list[tuple[str, str, str]]:
    return [(q.number, q.stem, q.kind) for q in found.questions]


def test_a_dash_in_an_ordinary_stem_makes_no_matrix(tmp_path: Path) -> None:
    found = export(tmp_path, ["1、关于食堂—您满意吗", "2、性别"], *[["满意", "男"]] * 3)
    assert labels(found)[0] == ("1", "关于食堂—您满意吗", "single")


def test_a_double_dash_before_a_row(tmp_path: Path) -> None:
    headers = ["1、评价——食堂", "1、宿舍", "2、性别"]
    found = export(tmp_path, headers, *[["满意", "一般", "男"]] * 3)
    assert found.find(1).question.stem == "评价"
    assert found.find(1).question.rows == ("食堂", "宿舍")


@pytest.mark.parametrize("dash", ["—", "——"])
def test_a_stem_written_out_in_every_row(tmp_path: Path, dash: str) -> None:
    headers = [f"1、请评价以下方面{dash}{row}" for row in ("食堂", "宿舍", "请教问题")]
    headers += [f"请评价另外几个{dash}{row}" for row in ("路灯", "车棚")]
    answers = [["满意", "一般", "满意", "是", "否"], ["一般", "满意", "满意", "否", "是"]] * 2
    found = export(tmp_path, headers, *answers)
    first, second = found.questions
    assert (first.stem, first.rows) == ("请评价以下方面", ("食堂", "宿舍", "请教问题"))
    assert (second.stem, second.rows) == ("请评价另外几个", ("路灯", "车棚"))


def test_several_blanks_in_one_question(tmp_path: Path) -> None:
    """DOC: 2、请输入…：—收货人姓名：, then 2、所在地区：."""
    headers = ["2、请输入收货信息：—收货人姓名：", "2、所在地区：", "2、详细地址："]
    rows = [[f"张{i}甲乙", f"江苏{i}省南京", f"某路{i}号楼"] for i in range(12)]
    question = export(tmp_path, headers, *rows).find(2).question
    assert (question.kind, len(question.rows), question.personal) == ("blanks", 3, False)
    assert question.rows == ("收货人姓名：", "所在地区：", "详细地址：")


def test_old_blanks_joined_by_the_separator_are_no_options(tmp_path: Path) -> None:
    rows = [[f"张{i}甲乙┋江苏{i}省┋某路{i}号"] for i in range(12)]
    assert export(tmp_path, ["1、请填写"], *rows).find(1).question.kind == "text"


def test_a_matrix_of_several_choices(tmp_path: Path) -> None:
    """ASSUMED: one column a row, options joined inside."""
    headers = ["1、您用过哪些服务—食堂", "1、宿舍"]
    found = export(tmp_path, headers, ["早餐┋晚餐", "维修"], ["早餐", "(空)"], ["(跳过)", "(跳过)"])
    question = found.find(1).question
    assert (question.kind, question.options) == ("matrix_multi", ("早餐", "晚餐", "维修"))
    frame = found.answers(1)
    assert isinstance(frame, pd.DataFrame)
    assert frame[("食堂", "晚餐")].tolist()[:2] == [True, False]
    assert found.status(1, "宿舍").tolist() == ["valid", "missing", "not_asked"]
    assert found.count(1, "食堂").set_index("answer")["n"].to_dict() == {
        "早餐": 2,
        "晚餐": 1,
        "维修": 0,
    }


def test_shares_that_add_up_are_numbers_a_row(tmp_path: Path) -> None:
    """ASSUMED: 比重, one column a row."""
    headers = ["1、请分配100分—食堂", "1、宿舍", "1、教室"]
    rows = [[30 + i, 30, 40 - i] for i in range(12)]
    question = export(tmp_path, headers, *rows).find(1).question  # type: ignore[arg-type]
    assert question.rows == ("食堂", "宿舍", "教室")


def test_region_and_nps(tmp_path: Path) -> None:
    headers = ["1、您的地区", "2、您愿意推荐吗"]
    rows = [["山西-晋城", str(i % 11)] for i in range(12)]
    found = export(tmp_path, headers, *rows)
    assert found.find(2).question.kind == "scale"
    assert found.find(2).question.options == tuple(str(i) for i in range(11))
    assert found.answers(1).tolist() == ["山西-晋城"] * 12


def test_a_stem_wholly_in_brackets_is_no_option(tmp_path: Path) -> None:
    headers = ["1、(一)服务态度(必选)", "1、(二)办事效率(必选)", "2、性别"]
    found = export(tmp_path, headers, *[["满意", "一般", "男"]] * 12)
    assert found.mode == "text"
    assert all(question.kind != "multi" for question in found.questions)


def test_repeated_numbers_are_told_apart_by_stem(tmp_path: Path) -> None:
    headers = ["1、性别", "2、年级", "1、满意度"]
    found = export(tmp_path, headers, *[["男", "大一", "满意"]] * 3)
    with pytest.raises(ReadError, match="不止"):
        found.find(1)
    assert found.find("满意度").question.columns == (4,)
    assert found.find("列 E").question.columns == (4,)
    assert any("题号 1" in problem.zh for problem in found.problems)


def test_the_same_header_twice_is_ambiguous(tmp_path: Path) -> None:
    headers = ["1、性别", "1、性别"]
    found = export(tmp_path, headers, *[["男", "女"]] * 3)
    assert len(found.questions) == 2
    with pytest.raises(ReadError, match="不止"):
        found.answers("性别")
    assert found.answers("列 D").tolist() == ["女"] * 3


def test_selectors(tmp_path: Path) -> None:
    headers = ["7、对以下工作的满意度—食堂：早餐", "7、宿舍", "8、您的 性别：", "宿舍条件"]
    found = export(tmp_path, headers, *[["满意", "一般", "男", "好得很"]] * 12)
    whole = found.find(7)
    assert (whole.question.number, whole.row) == ("7", None)
    assert found.find("第7题").row is None
    for selector in (
        "7—食堂：早餐",
        "7—食堂",
        "第7题—食堂",
        "食堂：早餐",
        "7、对以下工作的满意度—食堂：早餐",
    ):
        assert found.find(selector).row == 0, selector
    assert found.find("您的性别").question.number == "8"
    assert found.find("８").question.number == "8"
    assert found.answers(7, "宿舍").tolist() == ["一般"] * 12
    assert found.answers(7, 1).tolist() == ["一般"] * 12
    for selector in ("不存在", "9", "7—教室", "列 Z", ""):
        with pytest.raises(ReadError):
            found.find(selector)
    with pytest.raises(ReadError, match="性别"):
        found.find("性别是")


def test_markers_of_the_numbered_mode(tmp_path: Path) -> None:
    headers = ["1、甲", "2、(a)", "2、(b)", "3、温度"]
    rows = [["1", "1", "0", "-3"], ["-3", "-3", "-3", "-8"], ["-1", "0", "0", "5"]]
    found = export(tmp_path, headers, *rows)
    assert found.mode == "numbered"
    assert found.status(1).tolist() == ["valid", "not_asked", "missing"]
    assert found.status(2).tolist() == ["valid", "not_asked", "missing"]
    # Where other negative numbers occur, -3 is an answer.
    assert found.status(3).tolist() == ["valid"] * 3
    assert any("-1" in problem.zh and problem.severity == "warning" for problem in found.problems)
    assert any("一个选项也没有" in problem.zh for problem in found.problems)


def test_only_digits_are_undecided(tmp_path: Path) -> None:
    found = export(tmp_path, ["1、甲", "2、乙"], *[["1", "5"], ["3", "4"]] * 6)
    assert found.mode == "undecided"
    assert not found.find(1).question.coded


def test_an_absurd_code_makes_no_billion_options(tmp_path: Path) -> None:
    headers = ["1、评价—食堂", "1、宿舍", "2、(a)", "2、(b)"]
    rows = [["1", "2", "1", "0"]] * 12 + [["2000000000", "1", "0", "1"]]
    found = export(tmp_path, headers, *rows)  # type: ignore[arg-type]
    assert found.find(1).question.options == ("1", "2", "2000000000")
    assert found.count(1, 0)["n"].sum() == 13


def test_the_lone_minus_two_of_a_rating(tmp_path: Path) -> None:
    headers = ["1、(甲)", "1、(乙)", "1、(丙)"]
    rows = [["3", "3", "1"], ["2", "2", "2"], ["1", "-2", "3"]]
    question = export(tmp_path, headers, *rows).find(1).question
    assert (question.kind, question.rows) == ("matrix", ("甲", "乙", "丙"))


def test_spellings_that_differ_in_width_are_one_option(tmp_path: Path) -> None:
    found = export(tmp_path, ["1、年龄"], *[["18~20"]] * 8, *[["18～20"]] * 4, *[["21 岁"]] * 4)
    counts = found.count(1)
    assert counts["answer"].tolist() == ["18~20", "21 岁"]
    assert counts["n"].tolist() == [12, 4]
    assert any("同一选项" in problem.zh for problem in found.problems)


def test_options_that_mean_not_applicable_stay(tmp_path: Path) -> None:
    found = export(
        tmp_path, ["1、满意度"], *[["满意"], ["不适用"], ["不了解"], ["I do not know"]] * 4
    )
    assert (found.count(1)["base"] == 16).all()


def test_pasted_downloads_with_their_header(tmp_path: Path) -> None:
    header = [*TIMES, "1、性别"]
    table = [header, ["1", "2025/7/4 7:05:34", "男"], header, ["1", "2025/7/5 7:05:34", "女"]]
    found = open_export(write_xlsx(tmp_path / "p.xlsx", table))
    assert found.n_rows == 2
    assert found.provenance["row"].tolist() == [2, 4]
    assert any(problem.place.row == 3 for problem in found.problems)


def test_durations() -> None:
    given = ["101秒", "1分20秒", "1小时0分5秒", "00:01:20", "75", "1天2小时", "", "很久"]
    expected = [101, 80, 3605, 80, 75, 93600, None, None]
    for text, value in zip(given, expected, strict=True):
        assert seconds(text) == value or (value is None and seconds(text) != seconds(text))


def test_times_in_every_form(tmp_path: Path) -> None:
    forms = ["2025/7/4 7:05:34", "2025/7/4 7:05", "2025-07-04 07:05:34", "45842.2955324074"]
    table = [
        [*TIMES, "1、甲"],
        *(
            [str(i), form, "是"]
            for i, form in enumerate([*forms, "NULL", "昨天", "6025/7/4 7:05:34"])
        ),
    ]
    found = open_export(write_xlsx(tmp_path / "t.xlsx", table))
    times = found.metadata["submitted_at"]
    assert times[:4].dt.floor("min").eq(pd.Timestamp(2025, 7, 4, 7, 5)).all()
    assert times[4:].isna().all()
    assert any("2 个值" in problem.zh for problem in found.problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025/07/04 7:05:34 PM GMT+8", "2025-07-04 19:05:34"),  # SEEN: Google Forms
        ("2025/7/4 12:05:34 上午 GMT+8", "2025-07-04 00:05:34"),  # SEEN in code
        ("2025/7/4 下午 7:05:34", "2025-07-04 19:05:34"),
        ("2025年7月4日 7:05", "2025-07-04 07:05:00"),  # SEEN in code: 腾讯文档
        ("04-Jul-2025 07:05:34", "2025-07-04 07:05:34"),  # SEEN: 腾讯问卷
        ("2025-07-04T07:05:34.5Z", "2025-07-04 07:05:34.500"),  # SEEN
        ("2025-07-04T07:05:34", "2025-07-04 07:05:34"),  # SEEN
        ("2025-07-04T07:05:34+08:00", "2025-07-04 07:05:34"),  # SEEN
        ("2025.7.4 7:05", "2025-07-04 07:05:00"),
        ("7/4/2025 7:05:34", "2025-07-04 07:05:34"),
        ("7/4/25 7:05:34", "2025-07-04 07:05:34"),
    ],
)
def test_times_as_other_languages_write_them(tmp_path: Path, text: str, expected: str) -> None:
    table = [[*TIMES, "1、甲"], ["1", text, "是"]]
    times = open_export(write_csv(tmp_path / "t.csv", table)).metadata["submitted_at"]
    assert times.tolist() == [pd.Timestamp(expected)]


def test_a_thirteenth_month_tells_that_days_come_first(tmp_path: Path) -> None:
    table = [
        [*TIMES, "1、甲"],
        ["1", "05/03/2025 12:00:00", "是"],
        ["2", "24/03/2025 12:00:00", "否"],
    ]
    times = open_export(write_csv(tmp_path / "t.csv", table)).metadata["submitted_at"]
    assert times.dt.month.tolist() == [3, 3]


def test_personal_columns_are_apart(tmp_path: Path) -> None:
    table = [[*TIMES, "来自IP", "1、您的姓名", "2、学号", "3、您知道书记的姓名吗"]]
    table += [
        [str(i), "2025/7/4 7:05:34", "203.0.113.7(江苏-南京)", f"张{i}", f"2024{i:04d}", "知道"]
        for i in range(12)
    ]
    found = open_export(write_xlsx(tmp_path / "t.xlsx", table))
    assert "ip" not in found.metadata
    assert [q.number for q in found.questions if q.personal] == ["1", "2"]
    assert [*found.personal()] == ["ip", "1、您的姓名", "2、学号"]


class TestCodeBook:
    def test_by_hand_saved_and_loaded(self, tmp_path: Path) -> None:
        book = CodeBook.from_mapping(
            {"1": ["非常满意", "满意"], "其他问题": {"1": "是", "2": "否"}}
        )
        book.save(tmp_path / "b.json")
        assert CodeBook.load(tmp_path / "b.json") == book
        (tmp_path / "h.json").write_text(json.dumps({"1": ["非常满意", "满意"]}), "utf-8")
        assert CodeBook.load(tmp_path / "h.json").entries == book.entries[:1]

    def test_faulty_ones_are_refused(self, tmp_path: Path) -> None:
        for content in (
            "{",
            "[1]",
            '{"1": 5}',
            '{"1": ["a", "a"]}',
            '{"questions": [{}]}',
            '{"1": {"x": "a"}}',
        ):
            (tmp_path / "f.json").write_text(content, "utf-8")
            with pytest.raises(ReadError):
                CodeBook.load(tmp_path / "f.json")
        with pytest.raises(ReadError):
            CodeBook.load(tmp_path / "none.json")
        (tmp_path / "f.json").write_bytes('{"1": ["满意"]}'.encode("gb18030"))
        with pytest.raises(ReadError, match="编码选 UTF-8"):
            CodeBook.load(tmp_path / "f.json")

    def test_decoding(self, tmp_path: Path) -> None:
        found = export(tmp_path, ["1、满意度", "2、性别"], ["1", "2"], ["2", "-3"], ["-3", "1"])
        assert found.find(1).question.coded
        half = found.decode(CodeBook.from_mapping({"1": ["非常满意", "满意", "一般"]}))
        assert half.mode == "numbered"
        assert half.answers(1).tolist()[:2] == ["非常满意", "满意"]
        assert half.count(1)["answer"].tolist() == ["非常满意", "满意", "一般"]
        assert half.find(2).question.coded
        whole = half.decode(CodeBook.from_mapping({"性别": ["男", "女"]}))
        assert whole.mode == "text"
        assert whole.status(2).tolist() == ["valid", "not_asked", "valid"]
        with pytest.raises(ReadError, match="2"):
            found.decode(CodeBook.from_mapping({"1": ["非常满意"]}))


def test_personal_columns_are_known_by_header_and_by_content(tmp_path: Path) -> None:
    header = "序号,提交答卷时间,1、您所在的党支部,基本情况—姓名,2、补充,3、您的意见"
    rows = [
        f"{n},2025/7/14 7:05:{n:02d},第一党支部,王小{c},1381234{n:04d},服务很好，继续努力{n}"
        for n, c in enumerate("明红强芳伟磊", start=10)
    ]
    file = tmp_path / "a.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8-sig")
    personal = [question.personal for question in open_export(file).questions]
    assert personal == [False, True, True, False]


def hand_made(path: Path, groups: list[tuple[str, int]], *rows: list[object]) -> Export:
    """Read a sheet whose first row holds headings, each merged over so many columns."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    column = 1
    for group, width in groups:
        page.cell(1, column, group)
        if width > 1:
            last = column + width - 1
            page.merge_cells(start_row=1, end_row=1, start_column=column, end_column=last)
        column += width
    for row in rows:
        page.append(row)
    book.save(path)
    return open_export(path)


GROUPS = [("基本信息", 2), ("满意度", 3), ("", 1)]
NAMES: list[object] = ["支部", "身份", "总体满意度", "食堂", "宿舍", "建议"]


@pytest.mark.parametrize("n", [3, 9, 10, 40])
def test_a_heading_over_different_things_is_no_matrix(tmp_path: Path, n: int) -> None:
    roles, ladder = ["教工党员", "学生党员", "非党员学生"], ["非常满意", "满意", "一般"]
    rows: list[list[object]] = [
        [f"第{'一二'[i % 2]}支部", roles[i % 3], ladder[i % 2], ladder[i % 3], "满意", "无"]
        for i in range(n)
    ]
    found = hand_made(tmp_path / "h.xlsx", GROUPS, NAMES, *rows)
    assert labels(found)[:3] == [
        ("", "基本信息—支部", "single"),
        ("", "基本信息—身份", "single"),
        ("", "满意度", "matrix"),
    ]
    assert found.find("满意度").question.rows == ("总体满意度", "食堂", "宿舍")
    assert found.count("基本信息—身份")["n"].sum() == n


def test_few_people_who_meet_on_no_rung_still_fill_a_matrix(tmp_path: Path) -> None:
    rows: list[list[object]] = [["甲", "学生党员", "满意", "一般", "不了解", "无"]] * 2
    found = hand_made(tmp_path / "h.xlsx", GROUPS, NAMES, *rows)
    assert found.find("满意度").question.rows == ("总体满意度", "食堂", "宿舍")
