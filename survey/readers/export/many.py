"""Exports of many files: those of one layout are put together and understood once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from survey.errors import Place, SurveyError
from survey.readers.container.many import MANY, read_many
from survey.readers.container.sheet import Column, IntArray, Sheet, joined
from survey.readers.export.export import Export
from survey.readers.export.opening import chosen, understood

Bad = list[tuple[str, SurveyError]]
_HEADER = (
    1  # rows that all files of a layout share; what else repeats the header, readers leave out
)


class _File(NamedTuple):
    """A file and its sheet."""

    path: Path
    sheet: Sheet


def open_exports(
    paths: Sequence[Path],
    names: Sequence[str],
    *,
    platform: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    mode: Literal["text", "numbered"] | None = None,
    kept: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[list[Export], Bad]:
    """Read exports.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    names : sequence of str
        What each is called, from `told_apart`.
    platform, sheet, encoding, mode
        As for `open_export`.
    kept : Path, optional
        See `read_many`.
    progress : callable, optional
        Told how many files have been read.

    Returns
    -------
    exports : list of Export
        One a file; of `MANY` files and more one a layout: files with the same header, whose answers
        are words, or numbers, in the same columns. They are told of together, then.
    bad : list of (str, SurveyError)
        Files that cannot be read, and why.
    """
    files, bad = [], []
    for done, (path, name, read) in enumerate(
        zip(paths, names, read_many(paths, encoding, kept), strict=True)
    ):
        progress(done)
        try:
            if isinstance(read, SurveyError):
                raise read
            files.append(_File(path, chosen(read, sheet).renamed(name)))
        except SurveyError as error:
            bad.append((name, _renamed(error, path, name)))
    exports: list[Export] = []

    def understand(group: Sequence[_File]) -> None:
        whole = group[0].sheet if len(group) == 1 else _joined([file.sheet for file in group])
        try:
            paths = tuple(file.path for file in group)
            exports.append(understood(paths, whole, platform, mode))
        except SurveyError as error:
            if len(group) == 1:
                bad.append((whole.file, error))
            for file in group if len(group) > 1 else ():  # which of them is it?
                understand([file])

    for group in _layouts(files) if len(paths) >= MANY else [[file] for file in files]:
        understand(group)
    return exports, bad


def _renamed(error: SurveyError, path: Path, name: str) -> SurveyError:
    if isinstance(error.place, Place) and error.place.file == path.name:
        error.place = replace(error.place, file=name)
    return error


def _layouts(files: Sequence[_File]) -> list[list[_File]]:
    """Group the files by their header, and by what kind of answers stands in their columns."""
    groups: list[tuple[object, list[bool | None], list[_File]]] = []
    for file in files:
        sheet = file.sheet
        header = [sheet.row(at) for at in range(min(_HEADER, sheet.n_rows))]
        key = (sheet.name, sheet.since_1904, header, sheet.merged)
        kinds = [_is_digits(column) for column in sheet.columns]
        for other, known, group in groups:
            fits = all(a is None or b is None or a == b for a, b in zip(known, kinds, strict=False))
            if other == key and fits:
                known[:] = [b if a is None else a for a, b in zip(known, kinds, strict=True)]
                group.append(file)
                break
        else:
            groups.append((key, kinds, [file]))
    return [group for *_, group in groups]


def _is_digits(column: Column) -> bool | None:
    """Tell whether the cells below the header hold digits only; None where they are empty."""
    header = {column.levels[code] for code in column.codes[:_HEADER]}
    below = (text for text in column.levels if text and text not in header)
    first = next(below, None)
    if first is None:
        return None
    if not _is_number(first):
        return False
    rest = [*below]
    return "".join(rest).isdecimal() or all(map(_is_number, rest))


def _is_number(text: str) -> bool:
    return text.strip().lstrip("-").isdecimal()


def _joined(sheets: Sequence[Sheet]) -> Sheet:
    """Put sheets one below the other, under the header of the first."""
    first = sheets[0]
    parts = [first, *map(_below, sheets[1:])]
    return replace(
        first,
        file=f"{first.file} … {sheets[-1].file} ({len(sheets)})",
        columns=tuple(
            joined(columns, _numbered) for columns in zip(*(p.columns for p in parts), strict=True)
        ),
        rows=np.concatenate([part.rows for part in parts]),
        problems=tuple(problem for sheet in sheets for problem in sheet.problems),
        files=tuple(sheet.file for sheet in sheets),
        origin=np.repeat(np.arange(len(parts), dtype=np.int32), [part.n_rows for part in parts]),
    )


def _below(sheet: Sheet) -> Sheet:
    """Leave the header out, which stands above other rows all the same."""
    columns = tuple(Column(column.codes[_HEADER:], column.levels) for column in sheet.columns)
    return replace(sheet, columns=columns, rows=sheet.rows[_HEADER:])


def _numbered(texts: Iterable[str]) -> tuple[IntArray, tuple[str, ...]]:
    """Give very many texts numbers, as `numbered` does, in half the time."""
    numbers, distinct = pd.factorize(np.array([*texts], dtype=object))
    return numbers.astype(np.int32), tuple(distinct)
