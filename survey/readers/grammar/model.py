"""The records that a platform's file fills: evidence, questions, grammar, understood columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Mode = Literal["text", "numbered", "undecided"]
Kind = Literal[
    "",  # not told yet
    "single",  # one closed answer
    "scale",  # one answer of bare digits
    "multi",  # any number of options
    "matrix",  # one closed answer a row
    "matrix_multi",  # any number of options a row
    "ranking",  # options in order
    "number",  # a typed number
    "text",  # typed text
    "blanks",  # several typed texts
    "shares",  # a number a row, which add up to 100
]
Layout = Literal[
    "",  # not told yet
    "cell",  # each column holds one answer
    "joined",  # each column holds several options in one cell
    "indicator",  # one column an option, chosen or not
    "order",  # one cell holds the options in order
    "ranks",  # one column an option, holding its rank
]
VALID, MISSING, NOT_ASKED = 0, 1, 2
_SURE = 0.5
MOST_CODES = 100
"""Largest number that may be the position of an option; positions nobody chose exist too."""
TYPED: frozenset[Kind] = frozenset({"text", "number", "blanks", "shares"})


@dataclass(frozen=True)
class Evidence:
    """Why a sheet was taken for a platform's export.

    Parameters
    ----------
    platform : str
        Short name of the platform.
    zh, en : str
        The rule that held.
    confidence : float
        From 0 to 1.
    """

    platform: str
    zh: str
    en: str
    confidence: float

    @property
    def is_sure(self) -> bool:
        """Whether a platform was recognised; else the sheet is read as a table made by hand."""
        return self.confidence >= _SURE


@dataclass(frozen=True)
class Question:
    """One question: first as the headers show it, then completed from the answers."""

    number: str  # the number in the header, ``""`` without one; not unique
    # the wording, without number, type hint and required mark; ``""`` where the export lost it
    stem: str
    columns: tuple[int, ...]  # positions of its columns in the sheet, from 0
    rows: tuple[str, ...] = ()  # labels of a matrix's rows, one a column; empty otherwise
    # options seen in the answers or headers. In text mode a level nobody chose is not here.
    options: tuple[str, ...] = ()
    kind: Kind = ""  # what sort of answer it takes, see `Kind`
    layout: Layout = ""  # how the columns hold the answers, see `Layout`
    hint: str = ""  # a type name written into the header, such as ``多选题``
    # its own name where the stem begins with a heading that stands above several columns
    name: str = ""
    # how often each marker such as ``(跳过)`` or an empty cell (``""``) occurs in its columns
    markers: Mapping[str, int] = field(default_factory=dict)
    personal: bool = False  # whether it asks for personal data
    # whether answers are positions of options whose labels, and so their direction, are unknown
    # until a code book supplies them
    coded: bool = False

    @property
    def label(self) -> str:
        """Number and stem as a person would name the question."""
        if self.number and self.stem:
            return f"{self.number}、{self.stem}"
        return self.stem or f"第{self.number}题"


def _whole(text: str) -> list[str]:
    """Take a cell for one option."""
    return [text]


def _untyped(text: str) -> tuple[str, str]:
    """Take an answer for an option beside which nothing was typed."""
    return text, ""


@dataclass(frozen=True)
class Grammar:
    """How a platform writes answers into cells."""

    not_asked: frozenset[str] = frozenset()  # markers of its own, beside those of `words`
    # Negative codes that are markers in a column whose valid codes are ≥ 0, with their status.
    negative_codes: Mapping[str, int] = field(default_factory=dict)
    # What stands between joined options; where a platform writes no space after it, one that is
    # followed by a space belongs to an option.
    joint: re.Pattern[str] | None = None
    certain_join: bool = True  # whether it occurs in nothing but joined options
    # Whether a cell with several options also ends with it, and only such a cell.
    ended: bool = False
    shielded: re.Pattern[str] | None = None  # typed texts, inside which it parts nothing
    # Splits a cell into its options in order; one piece where it holds no order.
    order: Callable[[str], list[str]] = _whole
    # Splits an answer into option and the text typed beside it.
    open_text: Callable[[str], tuple[str, str]] = _untyped
    any_text: bool = False  # whether any text in an option's own column means that it was chosen
    # Whether options stand on lines of their own, which count as joined by ``┋``.
    lines: bool = False
    # Codes of the column of states that mark previews and tests.
    previews: frozenset[str] = frozenset()

    def split(self, text: str, whole: Sequence[str] = ()) -> list[str]:
        """Split a cell into its options.

        Examples
        --------
        >>> import re
        >>> grammar = Grammar(joint=re.compile(";(?! )"), ended=True)
        >>> grammar.split("甲;乙; 丙;"), grammar.split("甲;乙")
        (['甲', '乙; 丙'], ['甲;乙'])
        >>> grammar.split("甲;乙;丙;", whole=["甲;乙"])
        ['甲;乙', '丙']
        """
        joints = [match.span() for match in self.joint.finditer(text)] if self.joint else []
        if not joints or (self.ended and joints[-1][1] < len(text)):
            return [text]
        kept = [match.span() for match in self.shielded.finditer(text)] if self.shielded else []
        for option in whole:
            kept += [match.span() for match in re.finditer(re.escape(option), text)]
        cuts = [(a, b) for a, b in joints if not any(x <= a and b <= y for x, y in kept)]
        ends = [a for a, _ in cuts] + ([] if self.ended else [len(text)])
        return [text[a:b] for a, b in zip([0, *(b for _, b in cuts)], ends, strict=False)]


@dataclass(frozen=True, eq=False)
class Decoded:
    """One column's levels, understood."""

    # Cleaned text of each level, with the text typed beside an option still in it.
    texts: tuple[str, ...]
    status: npt.NDArray[np.int8]  # `VALID`, `MISSING` or `NOT_ASKED`
    codes: npt.NDArray[np.int32]  # position of every respondent's level

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many respondents gave each level."""
        return np.bincount(self.codes, minlength=len(self.texts))

    @cached_property
    def valid(self) -> Mapping[str, int]:
        """The valid texts and how often each occurs."""
        found: dict[str, int] = {}
        known = zip(self.texts, self.status.tolist(), self.counts.tolist(), strict=True)
        for text, status, count in known:
            if status == VALID and count:
                found[text] = found.get(text, 0) + count
        return found


def valid_of(columns: Sequence[Decoded]) -> Mapping[str, int]:
    """Count the valid texts of several columns."""
    if len(columns) == 1:
        return columns[0].valid
    together: Counter[str] = Counter()
    for column in columns:
        together.update(column.valid)
    return together
