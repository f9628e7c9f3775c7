"""What a platform declares of its files, and what of a sheet it is shown for grouping columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.model import Decoded, Evidence, Grammar, Mode, Question
from survey.readers.problems import Problem
from survey.readers.wording import key, tidy

_PROVEN = 0.97
WHOLE = re.compile(r"(?P<stem>.*)", re.DOTALL)


@dataclass(frozen=True)
class Head:
    """The header rows of a sheet."""

    headers: tuple[str, ...]  # header of each column, as it is shown
    first: int = 1  # position of the first row of answers
    # Further texts of the columns that the platform groups by.
    rows: tuple[tuple[str, ...], ...] = ()
    # Columns known to be metadata whatever they are called.
    metadata: Mapping[int, str] = field(default_factory=dict)
    # Why the rows themselves prove the platform, in Chinese and English.
    proof: tuple[str, str] | None = None
    problems: tuple[Problem, ...] = ()  # what was noticed


def one_row(sheet: Sheet) -> Head:
    """Take the first row for the header."""
    return Head(tuple(sheet.row(0)) if sheet.n_rows else ())


@dataclass(frozen=True)
class Sign:
    """By what a platform's sheet is known; everything that is stated must hold."""

    confidence: float  # from 0 to 1
    every: tuple[str, ...] = ()  # English names of metadata that must all be there
    some: tuple[str, ...] = ()  # of these at least `least`
    least: int = 1  # how many of `some`
    first: bool = False  # whether the first of `every` stands in the first column
    rest: re.Pattern[str] | None = None  # what at least `share` of the other headers look like
    share: float = 0.6  # from 0 to 1
    sheet: re.Pattern[str] | None = None  # the sheet's name

    def shown(self, sheet: Sheet, headers: Sequence[str], names: Sequence[str]) -> str | None:
        """Give what was seen of the sign, or None where it does not hold."""
        if self.sheet and not self.sheet.fullmatch(sheet.name):
            return None
        if not set(names).issuperset(self.every) or (self.first and names[0] != self.every[0]):
            return None
        if self.some and len(set(self.some) & set(names)) < self.least:
            return None
        seen = [
            tidy(header)
            for header, name in zip(headers, names, strict=True)
            if name in self.every or name in self.some
        ]
        if self.rest:
            others = [tidy(h) for h, name in zip(headers, names, strict=True) if h and not name]
            fits = [other for other in others if self.rest.match(other)]
            if not others or len(fits) < self.share * len(others):
                return None
            seen += fits[:2]
        return "、".join(dict.fromkeys(seen)) or sheet.name


class Asked(NamedTuple):
    """What is left for questions: a platform groups it into these."""

    columns: Sequence[int]  # positions, ascending
    headers: Sequence[str]  # tidied header of every column of the sheet
    # The columns, understood, without headers that were pasted in again.
    decoded: Mapping[int, Decoded]
    body: Sheet  # the respondents' rows
    head: Head  # the header rows
    metadata: Mapping[str, int]  # position of each metadata column
    dialect: Dialect  # what the platform declares
    mode: Mode = "text"  # whether answers are texts or numbers
    n_repeats: int = 0  # how many rows repeated the header

    def answers(self, index: int) -> Mapping[str, int]:
        """Count the distinct answers in a column."""
        return self.decoded[index].valid

    def runs(self, joins: Callable[[list[int], int], bool]) -> list[list[int]]:
        """Put neighbouring columns together."""
        runs: list[list[int]] = []
        for index in self.columns:
            if runs and runs[-1][-1] == index - 1 and joins(runs[-1], index):
                runs[-1].append(index)
            else:
                runs.append([index])
        return runs


class Told(NamedTuple):
    """Whether answers are texts or numbers, and what follows."""

    mode: Mode = "text"  # ``text``, ``numbered`` or ``undecided``
    grammar: Grammar | None = None  # the one that holds, where it depends on the file
    problem: Problem | None = None  # what a person is told


def as_text(asked: Asked, stated: Mode | None) -> Told:
    """Take answers for texts, as all platforms write them that know one way."""
    return Told()


@dataclass(frozen=True)
class Dialect:
    """A platform's declared facts, and the one function that groups columns into questions."""

    name: str  # short name, used in ``platform=``, and the one a person knows
    title: str
    # English name of each metadata column, by its header in the form of `wording.key`.
    names: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[Sign, ...] = ()  # any of which recognises a sheet
    grammar: Grammar = field(default_factory=Grammar)  # how answers are written
    head: Callable[[Sheet], Head] = one_row  # finds the header rows
    # How a header parts into ``stem`` and, where the platform writes them, ``n`` and ``part``.
    header: re.Pattern[str] = WHOLE
    # Whether headers prove so little that columns must also answer on one scale to be one question.
    loose: bool = False
    options: bool = True  # whether columns of one stem may be options; else they are rows
    # Groups columns into questions where `header` does not tell; yields notices, too.
    group: Callable[[Asked], Iterator[Question | Problem]] | None = None
    # Tells texts from numbers, given what the user states.
    tell: Callable[[Asked, Mode | None], Told] = as_text
    stated: bool = False  # whether the platform has two modes that a user can state
    # Completes a sheet by others of its file, where answers of one person stand on several.
    completed: Callable[[Sheet, Sequence[Sheet]], Sheet] | None = None

    def evidence(self, sheet: Sheet) -> Evidence | None:
        """Say why a sheet is this platform's, or None where nothing tells so."""
        if not self.signs or not sheet.n_rows:
            return None
        head = self.head(sheet)
        if head.proof:
            return Evidence(self.name, *head.proof, _PROVEN)
        names = [self.names.get(key(header), "") for header in head.headers]
        for sign in sorted(self.signs, key=lambda sign: -sign.confidence):
            seen = sign.shown(sheet, head.headers, names)
            if seen is not None:
                zh, en = ("表头有", "header has") if sign.sheet is None else ("工作表名为", "sheet")
                return Evidence(self.name, f"{zh} {seen}", f"{en} {seen}", sign.confidence)
        return None
