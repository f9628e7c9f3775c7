"""Messages name the command's options in brackets alone, which the page leaves out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import survey
from survey.coding.undecided import Cut, undecided
from survey.errors import Language, SurveyError
from survey.page.wording import OPTIONS, on_page
from tests.survey import offices

PACKAGE = Path(survey.__file__).parent
# What only the terminal, the files written and the help say.
ELSEWHERE = ("cli", "bundle", "former.py", "shortcut.py", "wording.py", "sheet.py", "file.py")
OPTION = re.compile(r"(?<![\w-])--[a-z]|survey-report (?:check|codebook)")
# What is left of a sentence whose bracket was taken out badly.
LEFT_OVER = re.compile(
    r"[（(]\s*[）)]|[（(][、，,;；]|  | [，。；、,;.:)）]|[，；：、,;:](?=[。.]|$)|。。"
    r"|[:,] (?:or|and)[.;:]|(?:[请再]用|或|并|在)[，。；、]|\b(?:with|by|use|as|the)[,.;:]"
)


def said(node: ast.AST) -> str:
    """Put a message together as far as it stands in the source."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(said, node.values))
    if isinstance(node, ast.BinOp):
        return said(node.left) + said(node.right)
    return said(node.body) if isinstance(node, ast.IfExp) else "12"


def texts(node: ast.AST) -> Iterator[str]:
    """Give the texts below a node, each put together; docstrings are none."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant | ast.JoinedStr | ast.BinOp):
            yield said(child)
        elif not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            yield from texts(child)


def messages() -> list[tuple[str, Language]]:
    """Give all whole messages of the package that name an option."""
    files = (file for file in PACKAGE.rglob("*.py") if not {*ELSEWHERE} & {*file.parts})
    found = (text for file in files for text in texts(ast.parse(file.read_text("utf-8"))))
    named = (text for text in found if OPTION.search(text) and text[-1] in "。.")
    return [(text, "zh" if re.search("[，。；（]", text) else "en") for text in named]


def unquoted(text: str) -> str:
    return re.sub(r"“[^”]*”|\"[^\"]*\"", "12", text)


def test_messages_name_options_in_brackets_and_read_well_without() -> None:
    named = messages()
    assert {language for _, language in named} == {"zh", "en"}
    assert len(named) > 90
    for text, language in named:
        shown = on_page(text, language)
        assert not OPTION.search(shown), text
        assert not LEFT_OVER.search(unquoted(shown).rstrip()), shown
        for one, other in ("（）", "()"):
            assert shown.count(one) - shown.count(other) == text.count(one) - text.count(other)
        # Nothing but brackets is left out.
        rest = iter(text)
        kept = shown.partition("在页面上" if language == "zh" else "On the page")[0]
        assert all(sign in rest for sign in kept.rstrip(" \n。.")), shown


@pytest.mark.parametrize("candidates", [(), (("好",), ("好", "中")), (("4（优）",),)])
@pytest.mark.parametrize("labels", [("好", "中", "差"), ("5", "4", "1")])
def test_what_asks_for_the_satisfied_answers_reads_well(
    candidates: tuple[tuple[str, ...], ...], labels: tuple[str, ...]
) -> None:
    told = undecided(Cut(("overall",), dict.fromkeys(labels, 9), candidates), None)
    for language in ("zh", "en"):
        shown = on_page(told.text(language), language)
        assert all(f"“{label}”" in shown for label in labels)
        assert not OPTION.search(shown)
        assert not LEFT_OVER.search(unquoted(shown))


HEADER = "您对系统（http://x.cn/s?id=3）是否满意"


@pytest.mark.parametrize(
    "text",
    [
        f"文件 a.xlsx，列 {HEADER}：有 3 个答案不在量表上。请改正。",
        "文件 survey?id=7.csv：这一列没有内容。",
        "文件 2024--final.xlsx：有 3 个支部不在名册中：甲、乙。",
        "列“用了（--keep）吗”没有内容，请用“（--roster）”这一列。",
        '列 "Is it (--force) needed?" is blank, see (--forced) and (x--keep).',
        "File a.xlsx: y=kx (see n=3): or, if not, leave it out -- see below.",
        "文件 a.xlsx：第 3 行——有误，或缺一格。\n请改正。",
    ],
)
def test_what_people_wrote_stays_as_it_is(text: str) -> None:
    assert on_page(text, "en" if text.isascii() else "zh") == text
    advised = on_page(f"{text}请写明（keep、--keep）。", "zh")
    assert advised.startswith(f"{text}请写明。")
    assert advised.count("在页面上") == 1


def test_the_options_are_those_of_the_command() -> None:
    named = {*re.findall(r"(?<![\w-])--([a-z-]+)", " ".join(text for text, _ in messages()))}
    assert named <= {*OPTIONS}
    command = "".join(file.read_text("utf-8") for file in (PACKAGE / "cli").glob("*.py"))
    command += (PACKAGE / "decisions" / "facts.py").read_text("utf-8")
    for name in OPTIONS:
        assert re.search(rf'"--{name}"|"{name.replace("-", "_")}"', command), name


def test_ways_that_the_page_has_too_stay(tmp_path: Path) -> None:
    path = offices.export(tmp_path / "a.csv", [("丙支部", "满意")] * 9)
    roster = offices.roster(tmp_path / "r.csv", {"甲支部": 20, "乙支部": 20})
    with pytest.raises(SurveyError) as told:
        survey.read(path, roster=roster)
    zh = on_page(told.value.text("zh"), "zh")
    assert "“丙支部”" in zh
    assert "请在名册加一列“别名”" in zh
    assert "“确认”" in zh
    assert not OPTION.search(zh + on_page(told.value.text("en"), "en"))


def test_a_download_by_number_is_to_be_fetched_by_text() -> None:
    numbered = [text for text, _ in messages() if "按选项文本" in text]
    assert len(numbered) == 2
    assert all("请下载“按选项文本”的文件" in on_page(text, "zh") for text in numbered)
