"""What a report is made of: sections of blocks that every format renders in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import pandas as pd

from survey.errors import Language

Kind = Literal[
    "text",
    "count",
    "share",
    "interval",
    "points",
    "points_interval",
    "rank_interval",
    "decimal",
    "p_value",
    "score",
    "verdict",
]
Tone = Literal["lead", "body", "note", "warning", "heading"]


@dataclass(frozen=True)
class Column:
    """A column of a table as readers see it.

    Parameters
    ----------
    name : str
        Column of the frame; of an interval its lower limit.
    label : str
        Heading.
    kind : str
        How values are written; ``interval`` and ``points_interval`` join two columns.
    high : str
        Column of the upper limit of an interval.
    minor : bool
        Whether it may be left out where room is short: it follows from others or stands elsewhere.
    bar : str
        The bar as written, where shares stand against one: none is rounded to it.
    """

    name: str
    label: str
    kind: Kind = "text"
    high: str = ""
    minor: bool = False
    bar: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph; `tone` says how it is set."""

    text: str
    tone: Tone = "body"


@dataclass(frozen=True)
class Bullets:
    """Sentences that stand side by side."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """Questions of the first screen with their one-sentence answers."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Figures:
    """Few large figures: label, figure, and what it rests on."""

    figures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Tally:
    """How many units have each verdict."""

    counts: Mapping[str, int]
    caption: str


@dataclass(frozen=True)
class Terms:
    """Terms with their meanings."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table with raw values and the columns to show.

    Parameters
    ----------
    name : str
        ASCII name: anchor in the page.
    sheet : str
        Name of its sheet in the workbook.
    caption : str
        Title.
    frame : DataFrame
        Raw values.
    columns : tuple of Column
        What is shown, in order.
    searchable : bool
        Whether the page offers sorting and searching, and an anchor for every row.
    folded : bool
        A companion that the page folds away and that Word leaves to the workbook.
    """

    name: str
    sheet: str
    caption: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    searchable: bool = False
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart of `survey.charts`, drawn only when a format needs it.

    Parameters
    ----------
    name : str
        File name without suffix.
    title : str
        Caption.
    chart : str
        Module of `survey.charts`.
    result : object
        What the chart takes.
    data : str
        Name of the table that holds its numbers.
    arguments : mapping
        Further arguments of the chart.
    """

    name: str
    title: str
    chart: str
    result: object
    data: str
    arguments: Mapping[str, object] = field(default_factory=dict)


Block: TypeAlias = Text | Bullets | Answers | Figures | Tally | Terms | Table | Picture


@dataclass(frozen=True)
class Section:
    """A numbered section."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole report, or one branch's page: a single sheet of paper."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    language: Language
    is_sheet: bool = False

    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        return tuple(block for section in self.sections for block in section.blocks)

    def tables(self) -> tuple[Table, ...]:
        """All tables in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Table))

    def pictures(self) -> tuple[Picture, ...]:
        """All charts in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Picture))

    def numbers(self) -> dict[str, int]:
        """Give every table and chart its number by name, each kind from 1."""
        tables = {table.name: n for n, table in enumerate(self.tables(), start=1)}
        return tables | {picture.name: n for n, picture in enumerate(self.pictures(), start=1)}
