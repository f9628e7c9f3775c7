"""Nothing is carried along: public functions have callers, public methods have examples."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import analysis
import questionnaires
import survey
from survey import project

HOME = Path(survey.__file__).parents[1]
PACKAGES = ("survey", "analysis", "questionnaires")
FILES = [file for name in PACKAGES for file in sorted((HOME / name).rglob("*.py"))]
PUBLIC = {*survey.__all__, *questionnaires.__all__, *analysis.__all__, *vars(project), "use_font"}
PUBLIC |= {"breakdown_imputed"}  # howto/province.md: on patterns from any engine
STARTED_ELSEWHERE = {"serve": "the process that draws charts runs it by its name"}


def _names(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def test_no_function_is_called_by_tests_alone() -> None:
    used: Counter[str] = Counter()
    defined: dict[str, str] = {}
    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            own = set()
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                own = {node.name}  # a function that calls itself has no caller for that
                if not node.name.startswith("_"):
                    defined[node.name] = file.relative_to(HOME).as_posix()
            used.update(name for name in _names(node) if name not in own)
    uncalled = {n: f for n, f in defined.items() if not used[n]}
    assert not uncalled.keys() - PUBLIC - STARTED_ELSEWHERE.keys(), uncalled


def _members(kind: type) -> Iterator[str]:
    ours = [base for base in kind.__mro__ if base.__module__.split(".")[0] in PACKAGES]
    for name, member in (pair for base in ours for pair in vars(base).items()):
        plain = inspect.isfunction(member) or isinstance(member, property | classmethod)
        if plain and not name.startswith("_"):
            yield name


@pytest.fixture(scope="module")
def shown() -> set[str]:
    """Give every name that an example which runs uses."""
    sources = [
        example.source
        for file in FILES
        for example in doctest.DocTestParser().get_examples(file.read_text(encoding="utf-8"))
        if not example.options.get(doctest.SKIP)
    ]
    return set(re.findall(r"\w+", "\n".join(sources)))


@pytest.mark.parametrize("package", [survey, questionnaires], ids=lambda p: p.__name__)
def test_every_public_method_is_in_an_example_that_runs(package: object, shown: set[str]) -> None:
    missing = []
    for name in package.__all__:  # type: ignore[attr-defined]
        thing = getattr(package, name)
        if inspect.isfunction(thing) and name not in shown:
            missing.append(name)
        if inspect.isclass(thing) and not issubclass(thing, BaseException):
            missing += [f"{name}.{own}" for own in _members(thing) if own not in shown]
    assert not missing
