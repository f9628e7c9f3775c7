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
    """The header rows of a sheet.

    Parameters
    ----------
    headers : tuple of str
        Header of each column, as it is shown.
    first : int
        Position of the first row of answers.
    rows : tuple of tuple of str
        Further texts of the columns that the platform groups by.
    metadata : mapping of int to str
        Columns known to be metadata whatever they are called.
    proof : (str, str), optional
        Why the rows themselves prove the platform, in Chinese and English.
    problems : tuple of Problem
        What was noticed.
    dropped : tuple of int
        Positions of rows that are no answers.
    """

    headers: tuple[str, ...]
    first: int = 1
    rows: tuple[tuple[str, ...], ...] = ()
    metadata: Mapping[int, str] = field(default_factory=dict)
    proof: tuple[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    dropped: tuple[int, ...] = ()


def one_row(sheet: Sheet) -> Head:
    """Take the first row for the header."""
    return Head(tuple(sheet.row(0)) if sheet.n_rows else ())


@dataclass(frozen=True)
class Sign:
    """By what a platform's sheet is known; everything that is stated must hold.

    Parameters
    ----------
    confidence : float
        From 0 to 1.
    every : tuple of str
        English names of metadata that must all be there.
    some : tuple of str
        Of these at least `least`.
    least : int
        How many of `some`.
    first : bool
        Whether the first of `every` stands in the first column.
    rest : pattern, optional
        What at least `share` of the other headers look like.
    share : float
        From 0 to 1.
    sheet : pattern, optional
        The sheet's name.
    """

    confidence: float
    every: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    least: int = 1
    first: bool = False
    rest: re.Pattern[str] | None = None
    share: float = 0.6
    sheet: re.Pattern[str] | None = None

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
    """What is left for questions: a platform groups it into these.

    Parameters
    ----------
    columns : sequence of int
        Positions, ascending.
    headers : sequence of str
        Tidied header of every column of the sheet.
    decoded : mapping of int to Decoded
        The columns, understood, without headers that were pasted in again.
    body : Sheet
        The respondents' rows.
    head : Head
        The header rows.
    metadata : mapping of str to int
        Position of each metadata column.
    dialect : Dialect
        What the platform declares.
    mode : str
        Whether answers are texts or numbers.
    n_repeats : int
        How many rows repeated the header.
    """

    columns: Sequence[int]
    headers: Sequence[str]
    decoded: Mapping[int, Decoded]
    body: Sheet
    head: Head
    metadata: Mapping[str, int]
    dialect: Dialect
    mode: Mode = "text"
    n_repeats: int = 0

    def answers(self, index: int) -> dict[str, int]:
        """Count the distinct answers in a column."""
        return self.decoded[index].valid()

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
    """Whether answers are texts or numbers, and what follows.

    Parameters
    ----------
    mode : str
        ``text``, ``numbered`` or ``undecided``.
    grammar : Grammar, optional
        The one that holds, where it depends on the file.
    problem : Problem, optional
        What a person is told.
    """

    mode: Mode = "text"
    grammar: Grammar | None = None
    problem: Problem | None = None


def as_text(asked: Asked, stated: Mode | None) -> Told:
    """Take answers for texts, as all platforms write them that know one way."""
    return Told()


@dataclass(frozen=True)
class Dialect:
    """A platform's declared facts, and the one function that groups columns into questions.

    Parameters
    ----------
    name, title : str
        Short name, used in ``platform=``, and the one a person knows.
    names : mapping of str to str
        English name of each metadata column, by its header in the form of `wording.key`.
    signs : tuple of Sign
        Any of which recognises a sheet.
    grammar : Grammar
        How answers are written.
    head : callable
        Finds the header rows.
    header : pattern
        How a header parts into ``stem`` and, where the platform writes them, ``n`` and ``part``.
    loose : bool
        Whether headers prove so little that columns must also answer on one scale to be one
        question.
    options : bool
        Whether columns of one stem may be options; else they are rows.
    group : callable, optional
        Groups columns into questions where `header` does not tell; yields notices, too.
    tell : callable
        Tells texts from numbers, given what the user states.
    stated : bool
        Whether the platform has two modes that a user can state.
    """

    name: str
    title: str
    names: Mapping[str, str] = field(default_factory=dict)
    signs: tuple[Sign, ...] = ()
    grammar: Grammar = field(default_factory=Grammar)
    head: Callable[[Sheet], Head] = one_row
    header: re.Pattern[str] = WHOLE
    loose: bool = False
    options: bool = True
    group: Callable[[Asked], Iterator[Question | Problem]] | None = None
    tell: Callable[[Asked, Mode | None], Told] = as_text
    stated: bool = False

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
