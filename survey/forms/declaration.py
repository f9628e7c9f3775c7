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
    """One column of a sheet."""

    key: str  # its name in the program
    title: Text  # its header
    width: int  # in characters; a longer text is wrapped
    # whether people fill it in: yellow, and the only cells that are not protected
    filled: bool = False
    # what may be typed into a cell to fill; a whole number is at least 1
    kind: Literal["text", "date", "whole"] = "text"
    # what may be chosen in a cell to fill, on whatever line; anything where empty
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Form:
    """One sheet: a name, a sentence above, and its columns."""

    key: str  # its name in the program
    name: Text  # on the sheet's tab
    note: Text  # what to do here, in one or two sentences
    columns: tuple[Column, ...]  # from the left


@dataclass(frozen=True)
class Line:
    """One line to write."""

    values: Mapping[str, str]  # by key of the column; what is not there stays empty
    choices: tuple[str, ...] = ()  # what may be chosen in the cells to fill; anything where empty
    between: tuple[date, date] | None = None  # the first and the last day that its dates may have


@dataclass(frozen=True)
class Entry:
    """One line as it was read."""

    form: str  # key of its sheet
    # by key of the column, blanks around removed; an empty cell is ``""``
    values: Mapping[str, str]
    places: Mapping[str, Place] = field(repr=False)  # the cell of each value
