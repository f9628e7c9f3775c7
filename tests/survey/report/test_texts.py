"""The sentences of the report: each is used, in both languages, with the same slots."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from survey import report
from survey.report.texts import sentence, texts

HOME = Path(report.__file__).parent
ALL = [
    (f"{section}.{name}", text) for section, own in texts().items() for name, text in own.items()
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def asked_for() -> list[ast.expr]:
    """Give the names by which the code asks for sentences, one or one of two."""
    calls = [
        node
        for file in HOME.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "sentence"
    ]
    return [
        node
        for call in calls
        for asked in [call.args[1]]
        for node in ([asked.body, asked.orelse] if isinstance(asked, ast.IfExp) else [asked])
    ]


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("name", "text"), ALL)
def test_both_languages_say_the_same(name: str, text: tuple[str, str]) -> None:
    zh, en = text
    assert slots(en) <= slots(zh), name  # a unit has a Chinese name only
    assert bool(zh) == bool(en), name
    assert not CHINESE.search(en), name


def test_every_sentence_is_asked_for_and_there() -> None:
    """By its whole name, or by that of its section where the name in it is a code."""
    asked = asked_for()
    whole = {node.value for node in asked if isinstance(node, ast.Constant)}
    sections = {
        str(node.values[0].value).partition(".")[0]
        for node in asked
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    there = {name for name, _ in ALL}
    assert whole <= there
    assert {name for name in there - whole if name.partition(".")[0] not in sections} == set()


def test_a_sentence_that_is_not_there_is_no_empty_one() -> None:
    with pytest.raises(KeyError):
        sentence("zh", "conclusion.nothing")
    with pytest.raises(KeyError):
        sentence("en", "response.spread", middle="80.0%")
