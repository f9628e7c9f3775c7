"""Read a filled workbook: by the names of sheets and headers, every value with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from questionnaires.text import normalise
from survey.errors import Place, ReadError
from survey.forms.declaration import Entry, Form
from survey.readers.container.guard import column_letters
from survey.readers.container.reading import read_container
from survey.readers.container.sheet import Sheet

_DIGITS = 9
"""Of the largest number of people."""
_SEARCHED = 10
"""Rows among which the headers are looked for: people put lines above them."""


def read(path: str | Path, forms: Sequence[Form]) -> list[Entry]:
    """Read the lines of every form that a workbook holds.

    Parameters
    ----------
    path : path
        A workbook written by `write`, in either language; sheets that are no forms are left alone.
    forms : sequence of Form
        What may be in it.

    Returns
    -------
    list of Entry
        In the order of the sheets; lines that are empty are left out.

    Raises
    ------
    ReadError
        If the file is no workbook or holds none of the forms, a form lost a column, or a cell to
        fill holds an error or a formula without a value.
    """
    place = Place(file=Path(path).name)
    entries, known = [], 0
    for sheet in read_container(Path(path)):
        named = [form for form in forms if sheet.name in (form.name.zh, form.name.en)]
        if named and sheet.columns:
            known += 1
            entries += _entries(sheet, named[0])
    if not known:
        names = "、".join(form.name.zh for form in forms)
        raise ReadError(
            zh=f"这不是由本程序写出的表：应有工作表 {names} 中的至少一个。",
            en="This workbook was not written by this program: it needs at least one of the sheets "
            f"{', '.join(form.name.en for form in forms)}.",
            place=place,
        )
    return entries


def whole(text: str) -> int | None:
    """Give the whole number that a cell states; None where it is none, or beyond all numbers.

    Examples
    --------
    >>> whole("12"), whole("-1"), whole("1.5"), whole("9" * 20)
    (12, None, None, None)
    """
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def _entries(sheet: Sheet, form: Form) -> list[Entry]:
    header, at = _header(sheet, form)
    for problem in sheet.problems:
        if problem.severity == "warning":
            raise ReadError(zh=problem.zh, en=problem.en, place=problem.place)
    entries = []
    for row in range(header + 1, sheet.n_rows):
        texts = sheet.row(row)
        values = {key: texts[column].strip() for key, column in at.items()}
        if any(values.values()):
            number = int(sheet.rows[row])
            places = {
                key: replace(sheet.place(), cell=f"{column_letters(column)}{number}")
                for key, column in at.items()
            }
            entries.append(Entry(form.key, values, places))
    return entries


def _header(sheet: Sheet, form: Form) -> tuple[int, dict[str, int]]:
    """Find the row of headers and the column of each."""
    missing = list(form.columns)
    for index in range(min(sheet.n_rows, _SEARCHED)):
        keys = [normalise(text) for text in sheet.row(index)]
        at = {
            column.key: keys.index(key)
            for column in form.columns
            for key in (normalise(column.title.zh), normalise(column.title.en))
            if key in keys
        }
        left = [column for column in form.columns if column.key not in at]
        if not left:
            return index, at
        missing = left if len(left) < len(missing) else missing
    raise ReadError(
        zh=f"这张表少了“{'”“'.join(column.title.zh for column in missing)}”一列，请不要删改表头。",
        en=f"The sheet lost its column {', '.join(column.title.en for column in missing)}; leave "
        "the headers as they are.",
        place=sheet.place(),
    )
