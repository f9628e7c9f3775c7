"""Whether an export of 问卷星 holds option texts or option numbers: proven, or left undecided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import ReadError, UsageError
from survey.readers import CodeBook, Export, open_export, pair_exports
from survey.readers.container.sheet import encode
from survey.readers.grammar.decoding import decode_column
from survey.readers.grammar.option_words import wording
from survey.readers.platforms.wjx_cells import GRAMMAR, tell_mode
from tests.writers.files import write_csv

LADDERS = [
    ["非常满意", "满意", "一般", "不满意", "非常不满意"],
    ["满意", "基本满意", "不太满意", "不满意"],
    ["非常同意", "同意", "不确定", "不同意"],
    ["非常了解", "比较了解", "一般", "不太了解"],
]
FACTS = [["男", "女"], ["是", "否"], ["教工党员", "学生党员", "非党员学生"]]
TYPED = {
    "class": ["22级1班", "22级2班", "数学与应用数学", "计算机", "城南街道"],
    "name": ["张三", "李四", "王五", "张三丰", "欧阳"],
    "opinion": [
        "无",
        "没有",
        "挺好",
        "满意",
        "非常满意",
        "好",
        "多组织活动",
        "希望改进服务",
        "更好→更强",
    ],
    "praise": ["满意", "很满意", "非常满意"],
    "sex": ["男", "女"],
    "rating": ["满意", "一般", "不满意", "还行"],
    "digits": ["1", "2", "18", "无"],
}


@st.composite
def numbered_columns(draw: st.DrawFn) -> list[list[str]]:
    """Positions of options, and typed columns whose texts repeat as they like."""
    n = draw(st.integers(1, 40))
    markers = draw(st.sampled_from([[], ["-3"], ["(空)", ""]]))
    columns = []
    for _ in range(draw(st.integers(1, 8))):
        codes = [str(code) for code in range(1, draw(st.integers(1, 9)) + 1)]
        columns.append(draw(st.lists(st.sampled_from(codes + markers), min_size=n, max_size=n)))
    # Where nobody chose any option there is no number to mistake.
    columns[0][0] = "1"
    kinds = draw(st.lists(st.sampled_from(sorted(TYPED)), max_size=8))
    # Who has every answer typed in words of a ladder cannot be told from one who offers them.
    kinds = [kind for kind in kinds if kind != "sex"] + ["sex"] * ("sex" in kinds)
    for kind in kinds:
        pool = draw(st.lists(st.sampled_from(TYPED[kind]), min_size=1))
        if kind == "rating":
            pool = [*pool, "还行"]
            cells = ["还行", *draw(st.lists(st.sampled_from(pool), min_size=n - 1, max_size=n - 1))]
        else:
            cells = draw(st.lists(st.sampled_from(pool), min_size=n, max_size=n))
        columns.append(cells)
    return draw(st.permutations(columns))


@st.composite
def worded_columns(draw: st.DrawFn) -> list[list[str]]:
    """Closed questions in words, at least as many as columns of digits, and typed ones."""
    n = draw(st.integers(10, 40))
    n_digit = draw(st.integers(0, 4))
    n_worded = draw(st.integers(max(n_digit + 1, 2), 8))
    columns = [
        draw(
            st.lists(
                st.sampled_from(draw(st.sampled_from(LADDERS + FACTS))), min_size=n, max_size=n
            )
        )
        for _ in range(n_worded)
    ]
    for _ in range(n_digit):
        columns.append(draw(st.lists(st.sampled_from("12345"), min_size=n, max_size=n)))
    noted = st.sampled_from(["-3", "-2", "3度", "无", "希望多开展活动"])
    columns.append(draw(st.lists(noted, min_size=n, max_size=n)))
    return draw(st.permutations(columns))


def mode(columns: list[list[str]], *, by_option: bool = False) -> str:
    cells = [decode_column(column, GRAMMAR) for column in encode(columns)]
    return tell_mode(cells, by_option=by_option).mode


@settings(max_examples=400)
@given(columns=numbered_columns())
def test_numbers_are_never_taken_for_texts(columns: list[list[str]]) -> None:
    assert mode(columns) != "text"


@settings(max_examples=200)
@given(columns=worded_columns())
def test_texts_are_never_taken_for_numbers(columns: list[list[str]]) -> None:
    assert mode(columns) != "numbered"


def test_what_proves_a_mode() -> None:
    digits = ["5", "4", "3", "4", "2"] * 4
    ladder = ["非常满意", "满意", "一般", "满意", "不满意"] * 4
    sexes, classes = ["男", "女"] * 10, ["1班", "2班"] * 10
    assert mode([classes, sexes]) == "text"
    assert mode([ladder, sexes, digits, digits, digits]) == "text"
    assert mode([ladder, digits]) == "undecided"
    assert mode([classes, sexes, digits, digits]) == "undecided"
    assert mode([classes, digits, ["-3"] * 20]) == "numbered"
    assert mode([ladder, sexes, digits, ["-3", "5"] * 10]) == "undecided"
    assert mode([digits, digits]) == "undecided"
    # Blanks joined in an old file are joined in either mode, options are not.
    assert mode([["张┋1班", "李┋2班"] * 10, digits]) == "undecided"
    assert mode([["食堂┋宿舍", "食堂"] * 10, digits]) == "text"
    assert mode([["食堂", "其他〖路灯〗"] * 10, digits]) == "text"
    assert mode([["甲→乙→丙", "乙→甲→丙", "丙→甲", "乙→丙→甲"] * 5, digits]) == "text"


def test_words_for_skips_outweigh_headers_by_option(tmp_path: Path) -> None:
    headers = ["序号", "提交答卷时间", "1、甲", "2、乙", "第3题(丙)", "第3题(丁)"]
    rows = [
        [str(i), "2024/5/6 7:08:09", "一" if i % 2 else "二", "(跳过)" if i % 3 else "三", "0", "1"]
        for i in range(1, 13)
    ]
    export = open_export(write_csv(tmp_path / "a.csv", [headers, *rows]))
    assert export.mode == "text"
    assert [q.kind for q in export.questions] == ["single", "single", "multi"]


@pytest.mark.parametrize("words", LADDERS)
def test_ladders_are_known_by_their_lower_rungs(words: list[str]) -> None:
    assert wording(dict.fromkeys(words, 5)) == "ladder"
    assert wording(dict.fromkeys(words, 1)) == ""
    assert wording(dict.fromkeys([*words, "挺好的"], 5)) == ""


HEADER = ["序号", "提交答卷时间", "1、您的班级", "2、您对支部满意吗", "3、您的建议", "4、食堂"]


def pair(folder: Path) -> tuple[Path, Path]:
    """Both downloads of one survey with two typed columns that repeat."""
    ladder = ["非常满意", "满意", "一般", "不满意"]
    places = ["好", "差"]
    text: list[list[object]] = [[*HEADER]]
    numbered: list[list[object]] = [[*HEADER]]
    for i in range(24):
        start = [str(i + 1), f"2025/7/4 7:05:{i:02d}"]
        typed = [f"22级{i % 2 + 1}班", ["无", "多组织活动"][i % 2]]
        option, place = 3 * ((i * i) % 3), i % 2
        text.append([*start, typed[0], ladder[option], typed[1], places[place]])
        numbered.append([*start, typed[0], str(option + 1), typed[1], str(place + 1)])
    return write_csv(folder / "t.csv", text), write_csv(folder / "n.csv", numbered)


def test_a_pair_of_paths_says_what_nobody_chose(tmp_path: Path) -> None:
    text, numbered = pair(tmp_path)
    book = pair_exports(text, str(numbered))
    # Squares modulo three are 0 and 1; the third option is first after the fourth.
    assert book.unseen == {"2": ("2", "3")}
    assert book == pair_exports(open_export(text), open_export(numbered))
    book.save(tmp_path / "b.json")
    saved = (tmp_path / "b.json").read_text("utf-8")
    content = json.loads(saved)
    entry = next(q for q in content["questions"] if q["number"] == "2")
    assert entry["unseen"] == ["2", "3"]
    entry["codes"] |= {"3": "一般", "2": "满意"}
    (tmp_path / "b.json").write_text(json.dumps(content), "utf-8")
    completed = CodeBook.load(tmp_path / "b.json")
    assert completed.unseen == {}
    # The order is that of the codes, however the file was edited.
    decoded = open_export(numbered).decode(completed)
    assert decoded.find(2).question.options == ("非常满意", "满意", "一般", "不满意")
    counts = decoded.count(2).set_index("answer")["n"].to_dict()
    assert counts == {"非常满意": 8, "满意": 0, "一般": 0, "不满意": 16}


def test_a_pair_of_the_wrong_downloads(tmp_path: Path) -> None:
    text, numbered = pair(tmp_path)
    with pytest.raises(ReadError, match=r"给反了：“n\.csv”是按序号"):
        pair_exports(numbered, text)
    stated = open_export(numbered, mode="numbered")
    with pytest.raises(ReadError, match="给反了"):
        pair_exports(stated, text)
    with pytest.raises(ReadError, match="都是按序号"):
        pair_exports(stated, numbered)
    with pytest.raises(ReadError, match="都是按文本"):
        pair_exports(text, text)


def given_answers(export: Export, number: int) -> list[object]:
    return export.answers(number).astype(object).tolist()


def test_a_numbered_download_with_repeating_typed_texts(tmp_path: Path) -> None:
    text, numbered = map(open_export, pair(tmp_path))
    assert (text.mode, numbered.mode) == ("text", "undecided")
    book = pair_exports(text, numbered)
    decoded = numbered.decode(book)
    assert decoded.mode == "text"
    for number in (1, 2, 3, 4):
        assert given_answers(decoded, number) == given_answers(text, number)
    # What a book does not know stays as unknown as it was.
    partly = CodeBook(tuple(entry for entry in book.entries if entry.number != "2"))
    assert numbered.decode(partly).mode == "undecided"


def test_a_mode_may_be_stated(tmp_path: Path) -> None:
    text, numbered = pair(tmp_path)
    stated = open_export(numbered, mode="numbered")
    assert stated.find(2).question.coded
    assert stated.find(3).question.kind == "text"
    assert any("由用户指定" in p.zh and p.severity == "notice" for p in stated.problems)
    odd = open_export(text, mode="numbered")
    assert any("却像另一种" in p.zh and p.severity == "warning" for p in odd.problems)
    assert not open_export(numbered, mode="text").find(2).question.coded
    with pytest.raises(UsageError, match="numbered"):
        open_export(numbered, mode="score")  # type: ignore[arg-type]
    with pytest.raises(ReadError, match="只用于问卷星"):
        open_export(numbered, platform="manual", mode="text")


@pytest.mark.parametrize("code", ["--5", "²", "五", "1.5", ""])
def test_codes_that_are_no_whole_numbers_are_refused(code: str) -> None:
    with pytest.raises(ReadError, match="必须是整数"):
        CodeBook.from_mapping({"3": {"1": "满意", code: "不满意"}})
