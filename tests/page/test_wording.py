"""No message tells the page's user of options that only the command and Python have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import survey
from survey.errors import Language, SurveyError
from survey.page.wording import on_page
from tests.survey import offices

PACKAGE = Path(survey.__file__).parent
OPTION = re.compile(r"(?<![\w-])--[a-z]|\b[a-z_]+=|survey-report check")


def said(node: ast.AST) -> str:
    """Put a message together as far as it stands in the source."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(said, node.values))
    if isinstance(node, ast.BinOp):
        return said(node.left) + said(node.right)
    return said(node.body) if isinstance(node, ast.IfExp) else "12"


def messages() -> Iterator[tuple[str, Language]]:
    for file in PACKAGE.rglob("*.py"):
        if not {"cli", "bundle"} & {*file.parts}:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                for given in node.keywords if isinstance(node, ast.Call) else ():
                    if given.arg in ("zh", "en"):
                        yield said(given.value), given.arg  # type: ignore[misc]


def test_no_message_of_the_package_names_an_option_on_the_page() -> None:
    named = [(text, language) for text, language in messages() if OPTION.search(text)]
    assert len(named) > 60
    for text, language in named:
        assert not OPTION.search(on_page(text, language)), text


def test_what_names_no_option_stays_as_it_is() -> None:
    text = "文件 a.xlsx：第 3 行——有误，或缺一格。\n请改正。"
    assert on_page(text, "zh") == text
    assert on_page("Row 3 -- see below, or leave it out.", "en") == (
        "Row 3 -- see below, or leave it out."
    )


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
