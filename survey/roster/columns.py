"""Which column of a roster is what: its header rows found, and the words in them understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey.readers.container.sheet import Sheet

_ROWS = 10
_UNIT = re.compile(r"\([^()]*\)$")
_ASKED = re.compile(r"^(?:请(?:选择|填写))?(?:您|你)?的?(?:所在|所属)?的?(?:是|为)?")
_BRANCH = re.compile(
    r"(?:所在|所属|基层)*(?:党|团)?(?:支部|党组织)(?:的?(?:名称?|全称))?|(?:party)?branch(?:name)?"
)
_ROLE = re.compile(r"(?:人员)?(?:身份|类别|类型)|政治面貌|role")
_COLLEGE = re.compile(r"(?:所在|所属)?(?:(?:二级)?学院|院系|二级单位)(?:的?名称?)?|college|faculty")
_ALIAS = re.compile(r"别名|又名|曾用名|简称|alias(?:es)?")
# Everybody who may answer; 应答人数 and 实到人数 are those who did.
_SIZE = re.compile(
    r"(?:(?:应参加|应到|应参评|应测评|应填|在册|在编|实有|现有|总|全体|登记|名册|师生员工|师生)?(?:总)?"
    r"|党?支部(?:总)?|(?:部门|单位)(?:总)?)人(?:员)?(?:总)?数|人数?(?:合|总|小|共)计"
    r"|(?:合|总|小|共)计(?:人数)?|总数|population|n|size|headcount|total"
)
_CHOSEN = frozenset({"名册人数", "population"})
_PEOPLE = re.compile(r"(.+?)(?:总?人(?:员)?总?数|总?数)")
# Groups that leave nobody out and share nobody.
_COMPLEMENTS = tuple(
    map(
        frozenset,
        [
            ("党员", "群众"),
            ("党员", "非党员"),
            ("中共党员", "群众"),
            ("教工", "学生"),
            ("教职工", "学生"),
            ("教师", "学生"),
            ("男", "女"),
        ],
    )
)


@dataclass(frozen=True)
class Layout:
    """The columns of a roster by position."""

    first: int  # position of the first row below the header
    # header of each column; of two header rows the lower one where it says something
    names: tuple[str, ...]
    known: dict[str, int]  # columns of ``branch``, ``role`` and ``alias``, those there are
    sizes: tuple[int, ...] = ()  # columns that may hold the number of all people
    # columns of the people of one group, and the group's name: 党员 of 党员数
    parts: dict[int, str] = field(default_factory=dict)

    @property
    def n_understood(self) -> int:
        """Number of columns that are understood."""
        return len(self.known) + len(self.sizes) + len(self.parts)

    @property
    def colleges(self) -> list[str]:
        """Headers of columns that name the college of a branch."""
        return [name for name in self.names if _COLLEGE.fullmatch(normalise(name))]

    def is_whole(self, parts: Sequence[str]) -> bool:
        """Tell whether groups make up everybody by what their names mean."""
        return frozenset(parts) in _COMPLEMENTS


def lay_out(
    sheet: Sheet, asked: Questionnaire, stated: Mapping[str, str] | None = None
) -> Layout | None:
    """Find the header, the first row that names the branch, and say which column is what.

    Parameters
    ----------
    sheet : Sheet
        A roster.
    asked : Questionnaire
        Whose wordings of branch, role and roles count too.
    stated : mapping of str to str, optional
        Headers of ``branch``, ``role``, ``population`` and ``alias`` that were decided; ``""``
        says that there is no such column.

    Returns
    -------
    Layout or None
        None where no row among the first ten names the branch.
    """
    given = {name: normalise(header) for name, header in (stated or {}).items()}
    branch = _wordings(asked.branch.text, *asked.branch.aliases)
    role = _wordings(asked.role.text, *asked.role.aliases) if asked.role else frozenset()
    for index in range(min(sheet.n_rows, _ROWS)):
        names = [*map(str.strip, sheet.row(index))]
        known: dict[str, int] = {}
        for column, text in enumerate(map(plain, names)):
            for name, words, own in (
                ("branch", _BRANCH, branch),
                ("role", _ROLE, role),
                ("alias", _ALIAS, frozenset[str]()),
            ):
                if (
                    text and normalise(names[column]) == given[name]
                    if name in given
                    else words.fullmatch(text) or (text and _ASKED.sub("", text) in own)
                ):
                    known.setdefault(name, column)
                    break
        if "branch" in known:
            below = _below(sheet, index, known["branch"], asked)
            names = [low or name for name, low in zip(names, below or names, strict=True)]
            sizes = tuple(
                column
                for column, name in enumerate(names)
                if column not in known.values()
                and (
                    normalise(name) == given["population"]
                    if "population" in given
                    else _SIZE.fullmatch(plain(name))
                )
            )
            chosen = tuple(column for column in sizes if plain(names[column]) in _CHOSEN)
            parts = {
                column: part
                for column, name in enumerate(names)
                if column not in (*known.values(), *sizes) and (part := _part(name, asked))
            }
            if given.get("population") == "":
                parts = {}
            first = index + 1 + bool(below)
            return Layout(first, tuple(names), known, chosen[:1] or sizes, parts)
    return None


def plain(header: str) -> str:
    """Reduce a header to what it says: no unit in brackets, no blanks.

    Examples
    --------
    >>> plain("人 数（人）")
    '人数'
    """
    return _UNIT.sub("", normalise(header))


def _wordings(*texts: str) -> frozenset[str]:
    return frozenset(_ASKED.sub("", plain(text)) for text in texts)


def _part(header: str, asked: Questionnaire) -> str | None:
    """Give the group whose people a column counts."""
    text = plain(header)
    sized = _PEOPLE.fullmatch(text)
    if sized:
        return sized[1]
    groups = frozenset[str]().union(*_COMPLEMENTS)
    return text if text in groups or asked.role_of(text) is not None else None


def _below(sheet: Sheet, index: int, branch: int, asked: Questionnaire) -> list[str] | None:
    """Give a second header row: groups of people under one heading, nothing under the branch."""
    if index + 1 >= sheet.n_rows:
        return None
    cells = [*map(str.strip, sheet.row(index + 1))]
    counted = sum(bool(_part(c, asked) or _SIZE.fullmatch(plain(c))) for c in cells if c)
    return cells if not cells[branch] and counted > 1 else None
