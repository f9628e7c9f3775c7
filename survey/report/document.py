"""What a report is made of: sections of blocks that every format renders in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypeAlias

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
    """A column of a table as readers see it."""

    name: str  # column of the frame; of an interval its lower limit
    label: str  # heading
    # how values are written; ``interval`` and ``points_interval`` join two columns
    kind: Kind = "text"
    high: str = ""  # column of the upper limit of an interval
    minor: bool = False  # left out where the screen is narrow: it follows from others
    unprinted: bool = False  # left to the workbook: few readers ask for it
    bar: str = ""  # the bar as written, where shares stand against one: none is rounded to it


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
class Terms:
    """Terms with their meanings."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table with raw values and the columns to show."""

    name: str  # ASCII name: anchor in the page
    sheet: str  # name of its sheet in the workbook
    caption: str  # title
    frame: pd.DataFrame  # raw values
    columns: tuple[Column, ...]  # what is shown, in order
    # whether the page offers sorting and searching, and an anchor for every row
    searchable: bool = False
    # the numbers of a picture, without a number of its own: the page folds it away, Word leaves it
    # to the workbook
    folded: bool = False
    foot: str = ""  # at the foot of its printed sheet: where it is signed

    @property
    def shown(self) -> Table:
        """What is printed of it."""
        columns = tuple(column for column in self.columns if not column.unprinted)
        return replace(self, columns=columns)


@dataclass(frozen=True)
class Picture:
    """A chart of `survey.charts`, drawn only when a format needs it."""

    name: str  # file name without suffix
    title: str  # caption
    chart: str  # module of `survey.charts`
    result: object  # what the chart takes
    data: str  # name of the table that holds its numbers
    arguments: Mapping[str, object] = field(default_factory=dict)  # further arguments of the chart


Block: TypeAlias = Text | Bullets | Terms | Table | Picture


@dataclass(frozen=True)
class Section:
    """A section; those of the annex are for readers who check the figures."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    annex: bool = False


class Heading(NamedTuple):
    """A heading: how deep it stands, its number, its words, and the section that begins there.

    The annex, which begins no section of its own, begins a page.
    """

    level: int
    number: str
    title: str
    section: Section | None


@dataclass(frozen=True)
class Document:
    """A whole report, or one branch's page on a single sheet; what is numbered is numbered here."""

    title: str
    byline: tuple[str, ...]
    sections: tuple[Section, ...]
    language: Language
    is_sheet: bool = False
    author: str = ""

    @property
    def subtitle(self) -> str:
        """Who reports on what, and when, on one line."""
        return self.joined(self.byline)

    def joined(self, parts: Iterable[str]) -> str:
        """Put parts of the byline on one line."""
        return {"zh": "　·　", "en": " · "}[self.language].join(parts)

    def blocks(self) -> tuple[Block, ...]:
        """All blocks in reading order."""
        return tuple(block for section in self.sections for block in section.blocks)

    def tables(self) -> tuple[Table, ...]:
        """All tables in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Table))

    def pictures(self) -> tuple[Picture, ...]:
        """All charts in reading order."""
        return tuple(block for block in self.blocks() if isinstance(block, Picture))

    def outline(self) -> tuple[Heading, ...]:
        """Give the headings: the main sections, the annex, and what it is made of."""
        main = [section for section in self.sections if not section.annex]
        annex = [section for section in self.sections if section.annex]
        numbers = [_ordinal(number, self.language) for number in range(1, len(main) + 2)]
        headings = [
            Heading(2, number, section.title, section)
            for number, section in zip(numbers[:-1], main, strict=True)
        ]
        if not annex:
            return tuple(headings)
        title = {"zh": "附录：供统计人员核对", "en": "Annex for statisticians"}[self.language]
        headings.append(Heading(2, numbers[-1], title, None))
        inner = {"zh": "（{}）", "en": f"{len(main) + 1}.{{}}"}[self.language]
        for count, section in enumerate(annex, start=1):
            place = numeral(count) if self.language == "zh" else str(count)
            headings.append(Heading(3, inner.format(place), section.title, section))
        return tuple(headings)

    def numbers(self) -> dict[str, tuple[str, int]]:
        """Give every chart and table that is not folded its kind and number, by its name."""
        table, picture = {"zh": ("表", "图"), "en": ("Table", "Figure")}[self.language]
        open_tables = [block for block in self.tables() if not block.folded]
        return {block.name: (table, n) for n, block in enumerate(open_tables, start=1)} | {
            block.name: (picture, n) for n, block in enumerate(self.pictures(), start=1)
        }


def numeral(number: int) -> str:
    """Write a number below a hundred as headings do.

    Examples
    --------
    >>> numeral(3), numeral(10), numeral(12), numeral(40)
    ('三', '十', '十二', '四十')
    """
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    head = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return head + (digits[ones] if ones else "")


def _ordinal(number: int, language: Language) -> str:
    return f"{numeral(number)}、" if language == "zh" else str(number)
