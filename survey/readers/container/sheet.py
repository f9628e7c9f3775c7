"""A sheet of raw cells, stored column by column as codes into the distinct texts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress, islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from survey.errors import Place
from survey.readers.problems import Problem
from survey.text import legible

_T = TypeVar("_T")
IntArray = npt.NDArray[np.int32]
Numbering = Callable[[Iterable[str]], tuple[IntArray, tuple[str, ...]]]
"""What gives texts numbers in the order of appearance."""
CHUNK_ROWS = 2048


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a sheet."""

    codes: IntArray  # position of each cell's text in `levels`
    # Distinct raw texts in the order of appearance; ``""`` is an empty cell.
    levels: tuple[str, ...]

    def texts(self) -> list[str]:
        """Give every cell's text.

        Examples
        --------
        >>> encode([["a", 4.0, "4", None]])[0].texts()
        ['a', '4', '4', '']
        """
        return [self.levels[code] for code in self.codes]

    def counts(self) -> npt.NDArray[np.int64]:
        """Count the cells of each level."""
        return np.bincount(self.codes, minlength=len(self.levels))

    def is_blank(self) -> npt.NDArray[np.bool_]:
        """Tell which levels hold nothing but blanks."""
        return np.array([not level or level.isspace() for level in self.levels], np.bool_)

    def take(self, keep: npt.NDArray[np.intp] | slice) -> Column:
        """Keep the given rows, and of the levels those that still occur."""
        codes = self.codes[keep]
        used = np.bincount(codes, minlength=len(self.levels)) > 0
        first = int(used.argmax()) if len(codes) else 0
        if used[first:].all():  # as below a header
            return Column(codes - np.int32(first), self.levels[first:])
        renumber = np.cumsum(used, dtype=np.int32) - np.int32(1)
        levels = tuple(compress(self.levels, used.tolist()))
        return Column(renumber[codes], levels)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet of a workbook, or a whole csv file."""

    file: str  # file name and sheet name as a person sees them (a csv file's sheet is ``""``)
    name: str
    columns: tuple[Column, ...]  # the cells; column 0 is the sheet's column A
    rows: IntArray  # physical row number of each row, counted from 1
    # Merged ranges, rows from 1 and columns from 0, both ends included.
    merged: tuple[tuple[int, int, int, int], ...] = ()
    problems: tuple[Problem, ...] = ()  # what the container noticed: error cells, truncation
    visible: bool = True  # whether the workbook shows the sheet
    since_1904: bool = False  # whether the workbook counts days from 1904, not from 1900
    # Names of the files whose rows were put one below the other; empty for one file's sheet.
    files: tuple[str, ...] = ()
    origin: IntArray | None = None  # position in `files` of each row's

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.rows)

    def row(self, index: int) -> list[str]:
        """Give the texts of one row by its position."""
        return [column.levels[column.codes[index]] for column in self.columns]

    def place(
        self, *, at: int | None = None, row: int | None = None, column: str | None = None
    ) -> Place:
        """Name a place in this sheet; of a row by its position the file, too."""
        file = self.file
        if at is not None:
            row = int(self.rows[at])
            file = file if self.origin is None else self.files[self.origin[at]]
        return Place(file=file, sheet=self.name or None, row=row, column=column)

    def renamed(self, file: str) -> Sheet:
        """Call the file by another name wherever it is mentioned."""
        problems = (replace(p, place=replace(p.place, file=file)) for p in self.problems)
        return replace(self, file=file, problems=tuple(problems))

    def occupied(self) -> npt.NDArray[np.bool_]:
        """Tell which rows hold at least one cell that is not blank."""
        filled = np.zeros(self.n_rows, dtype=np.bool_)
        for column in sorted(self.columns, key=lambda column: len(column.levels)):
            filled |= ~column.is_blank()[column.codes]
            if filled.all():
                break
        return filled

    def take(self, keep: npt.NDArray[np.intp] | slice) -> Sheet:
        """Keep the given rows."""
        columns = tuple(column.take(keep) for column in self.columns)
        origin = None if self.origin is None else self.origin[keep]
        return replace(self, columns=columns, rows=self.rows[keep], origin=origin)

    def unmerged(self, columns: Iterable[int]) -> Sheet:
        """Write the text of a cell that is merged down into every row of the merge."""
        wanted = set(columns)
        cells: dict[int, IntArray] = {}
        for top, left, bottom, right in self.merged:
            inside = np.flatnonzero((self.rows >= top) & (self.rows <= bottom))
            if left == right in wanted and len(inside) > 1:
                codes = cells.setdefault(left, self.columns[left].codes.copy())
                codes[inside] = codes[inside[0]]
        filled = (
            replace(column, codes=cells.get(at, column.codes))
            for at, column in enumerate(self.columns)
        )
        return replace(self, columns=tuple(filled)) if cells else self

    def body(self, first: int) -> Sheet:
        """Keep the rows below the header that are not wholly blank.

        Same columns; one blank row in the middle does not end the table.
        """
        keep = np.flatnonzero(self.occupied())
        keep = keep[keep >= first]
        if first == 0 and len(keep) == self.n_rows:
            return self
        is_rest = len(keep) == self.n_rows - first
        return self.take(slice(first, None) if is_rest else keep)


def cell_text(value: object) -> str:
    """Put a cell's value into the text its content means, whatever type the cell has.

    ``4.0`` and ``4`` give ``"4"``; long digit strings keep every digit.

    Examples
    --------
    >>> [cell_text(x) for x in (4.0, 16000000000.0, 0.5, None, True, " a")]
    ['4', '16000000000', '0.5', '', 'TRUE', ' a']
    """
    if isinstance(value, str):
        return legible(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def numbering() -> defaultdict[Any, int]:
    """Make a dictionary that gives each new key the next number, without a step of Python a cell.

    Examples
    --------
    >>> known = numbering()
    >>> [*map(known.__getitem__, "bab")]
    [0, 1, 0]
    """
    known: defaultdict[Any, int] = defaultdict()
    known.default_factory = known.__len__
    return known


def encode(columns: Sequence[Sequence[object]]) -> tuple[Column, ...]:
    """Encode whole columns.

    Examples
    --------
    >>> encode([["b", "a", "b"]])[0].levels
    ('b', 'a')
    """
    return encode_rows(zip(*columns, strict=True), len(columns), len(columns[0]) if columns else 0)


def encode_rows(
    rows: Iterable[Sequence[object]], n_columns: int, n_rows: int, *, booleans: bool = True
) -> tuple[Column, ...]:
    """Encode a stream of rows without ever holding all cells as objects.

    `booleans`: whether cells may be booleans; ``True == 1`` would otherwise share a level with 1.
    """
    numberings = [numbering() for _ in range(n_columns)]
    codes = np.empty((n_columns, n_rows), dtype=np.int32)
    stream = iter(rows)
    start = 0
    while chunk := list(islice(stream, CHUNK_ROWS)):
        stop = start + len(chunk)
        for known, target, cells in zip(numberings, codes, zip(*chunk, strict=True), strict=True):
            if booleans:
                cells = tuple(cell_text(x) if isinstance(x, bool) else x for x in cells)
            target[start:stop] = list(map(known.__getitem__, cells))
        start = stop
    return tuple(
        column_of(target[:start], known) for known, target in zip(numberings, codes, strict=True)
    )


def numbered(texts: Iterable[_T]) -> tuple[IntArray, tuple[_T, ...]]:
    """Give texts numbers in the order of appearance.

    Examples
    --------
    >>> numbered(["b", "a", "b"])
    (array([0, 1, 0], dtype=int32), ('b', 'a'))
    """
    known = numbering()
    return np.array([*map(known.__getitem__, texts)], np.int32), tuple(known)


def joined(columns: Sequence[Column], number: Numbering = numbered) -> Column:
    """Put columns one below the other.

    Examples
    --------
    >>> joined([*encode([["b", "a"]]), *encode([["c", "a"]])]).texts()
    ['b', 'a', 'c', 'a']
    """
    if len(columns) == 1:
        return columns[0]
    numbers, texts = number(chain.from_iterable(part.levels for part in columns))
    starts = np.cumsum([0, *(len(part.levels) for part in columns[:-1])])
    codes = [numbers[at:][part.codes] for at, part in zip(starts, columns, strict=True)]
    return Column(np.concatenate(codes), texts)


def column_of(codes: IntArray, known: Iterable[object]) -> Column:
    """Make a column of codes into values, some of which may have one text."""
    texts = tuple(map(cell_text, known))
    if len({*texts}) == len(texts):
        return Column(codes, texts)
    same, texts = numbered(texts)
    return Column(same[codes], texts)
