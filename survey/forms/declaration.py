"""What a workbook to fill in consists of: sheets of named columns, some of them to be filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from survey.errors import Place
from survey.text import Text


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    key : str
        Its name in the program.
    title : Text
        Its header.
    width : int
        In characters; a longer text is wrapped.
    filled : bool
        Whether people fill it in: yellow, and the only cells that are not protected.
    kind : {"text", "date", "whole"}
        What may be typed into a cell to fill; a whole number is at least 1.
    choices : tuple of Text
        What may be chosen in a cell to fill, on whatever line; anything where empty.
    """

    key: str
    title: Text
    width: int
    filled: bool = False
    kind: Literal["text", "date", "whole"] = "text"
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Form:
    """One sheet: a name, a sentence above, and its columns.

    Parameters
    ----------
    key : str
        Its name in the program.
    name : Text
        On the sheet's tab.
    note : Text
        What to do here, in one or two sentences.
    columns : tuple of Column
        From the left.
    """

    key: str
    name: Text
    note: Text
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Line:
    """One line to write.

    Parameters
    ----------
    values : mapping of str to str
        By key of the column; what is not there stays empty.
    choices : tuple of str
        What may be chosen in the cells to fill; anything where empty.
    between : pair of date, optional
        The first and the last day that its dates may have.
    """

    values: Mapping[str, str]
    choices: tuple[str, ...] = ()
    between: tuple[date, date] | None = None


@dataclass(frozen=True)
class Entry:
    """One line as it was read.

    Parameters
    ----------
    form : str
        Key of its sheet.
    values : mapping of str to str
        By key of the column, blanks around removed; an empty cell is ``""``.
    places : mapping of str to Place
        The cell of each value.
    """

    form: str
    values: Mapping[str, str]
    places: Mapping[str, Place] = field(repr=False)
