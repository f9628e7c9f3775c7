"""What a run in a child process tells: plain values in both languages, kept as JSON.

They come from a process that has read somebody's files: they are checked when they are taken over,
and nothing in them is ever run.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from survey.text import Text

T = TypeVar("T")


@dataclass(frozen=True)
class Ask:
    """One point of a survey, see `survey.understanding.Point`."""

    # its name for `survey.project.decide`
    topic: str
    key: str
    topic_shown: Text  # what a person sees of the topic
    shown: Text  # what a person sees of it
    value: str | None  # what it is taken for; None where a person has to decide
    label: Text  # what a person sees of the value
    why: Text  # how that is known, or why it is asked
    # what it may be, the likeliest first: value and what a person sees
    choices: tuple[tuple[str, Text], ...]
    is_suspect: bool  # whether a person decided it and what stops the reading may come from that
    is_free: bool  # whether another value than the choices may be written


@dataclass(frozen=True)
class Removed:
    """One row of a file that does not count, or was flagged: ``action`` is ``remove``, ``flag``.

    `why` holds every reason.
    """

    file: str
    sheet: str
    row: int
    action: str
    why: Text


@dataclass(frozen=True)
class Understood:
    """What is understood of a survey's files."""

    points: tuple[Ask, ...]  # everything that can be decided
    faults: tuple[Text, ...]  # what no decision can mend: a file has to be mended or replaced
    errors: tuple[Text, ...]  # everything that stops the reading now, `faults` among them
    removed: tuple[Removed, ...]  # rows that do not count and why, as far as files could be read
    described: Text  # the files in words: platform, every column with its answers
    # rows, and branches; 0 where the reading is stopped
    n_read: int
    n_used: int
    n_branches: int

    @property
    def undecided(self) -> tuple[Ask, ...]:
        """The points that a person has to decide."""
        return tuple(point for point in self.points if point.value is None)

    @property
    def levels(self) -> tuple[tuple[Text, tuple[Text, ...]], ...]:
        """What the answers count as, and which they are: it moves every verdict."""
        found: dict[Text, list[Text]] = {}
        for point in self.points:
            if point.topic == "levels" and point.value is not None:
                found.setdefault(point.label, []).append(point.shown)
        return tuple((value, tuple(answers)) for value, answers in found.items())

    @property
    def suspects(self) -> tuple[Ask, ...]:
        """The points that people decided and a fault may come from."""
        return tuple(point for point in self.points if point.is_suspect)

    @property
    def is_ready(self) -> bool:
        """Whether a report can be computed."""
        return not self.errors


@dataclass(frozen=True)
class Table:
    """One published table as it is printed."""

    by: tuple[str, ...]  # its units
    codes: tuple[str, ...]  # names of the columns in the program
    titles: tuple[Text, ...]  # their headers
    rows: tuple[tuple[str, ...], ...]  # cells in the language of the report
    verdicts: tuple[str, ...]  # of each row: ``meets``, ``below``, ``inconclusive``, ``withheld``


@dataclass(frozen=True)
class Change:
    """A published verdict that is another one than in the report before; empty where there is none.

    Names of branches stand as they were published.
    """

    branch: str
    before: str
    after: str
    shown_before: Text
    shown_after: Text


@dataclass(frozen=True)
class Changes:
    """What is different from the report before, of what both published."""

    # rows used
    n_before: int
    n_after: int
    # rows of the exports that are new, and that are no longer there
    n_added: int
    n_gone: int
    # the published rate of everyone
    overall_before: str
    overall_after: str
    verdicts: tuple[Change, ...]  # branches whose verdict changed

    @property
    def n_altered(self) -> int:
        """Rows of which cells are other than before: as many as are gone for others that came."""
        return min(self.n_added, self.n_gone)

    @property
    def is_telling(self) -> bool:
        """Whether the two reports side by side may tell how a few people answered."""
        figures = self.overall_before != self.overall_after
        return self.n_added != self.n_gone or bool(self.verdicts) or figures


@dataclass(frozen=True)
class Outcome:
    """What a report published."""

    created: str  # day of its making
    is_interim: bool  # whether only the response was published
    summary: tuple[Text, ...]  # the sentences that the command prints: rows, verdicts, notices
    # rows
    n_read: int
    n_used: int
    verdicts: Mapping[str, int]  # number of branches by verdict
    # everything published on satisfaction; of an open survey the response
    tables: tuple[Table, ...]
    files: tuple[str, ...]  # names of the report's files in its folder
    changes: Changes | None  # against the report before
    seconds: Mapping[str, float]  # time of every stage
    # file of each branch's page by the name of the branch
    pages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Supposed:
    """What another bar, level, screening or minimum cell would say of everyone."""

    # name of a figure, its value as it is, its value as supposed
    rows: tuple[tuple[Text, str, str], ...]


@dataclass(frozen=True)
class Response:
    """How far a running survey is, and nothing of what was answered."""

    # expected in all, by branch with whom to remind, by role: title and table
    tables: tuple[tuple[Text, Table], ...]


@dataclass(frozen=True)
class Recognised:
    """What a file that was dropped is taken for."""

    kind: str  # the likeliest of `survey.project.KINDS`; empty where it is none of them
    why: Text  # how that is known, or what is wrong with the file
    # of an export to those of the survey: ``first``, ``newer`` (late answers), ``further`` (other
    # answers), ``same``, ``wave`` (of another time: the kind is ``earlier``, or else `next_wave`
    # makes room for it)
    relation: str = ""
    # rows of an export, of those that are there, and of both
    n_rows: int = 0
    n_before: int = 0
    n_known: int = 0


@dataclass(frozen=True)
class Made:
    """A file that was made in ``.survey-report``, or what was taken from one: its name, a count."""

    name: str
    n: int


def of_json(kind: type[T], data: Any) -> T:
    """Make a view of what came as JSON.

    Raises
    ------
    ValueError
        If it is no such view.

    Examples
    --------
    >>> of_json(Supposed, {"rows": [[{"zh": "满意率", "en": "rate"}, "91%", "92%"]]}).rows[0][1]
    '91%'
    """
    return typing.cast(T, _made(kind, data))


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _made(kind: Any, data: Any) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(data, dict):
            raise ValueError(f"no {kind.__name__}")
        types_of, told = _hints(kind), {f.name for f in fields(kind)} & {*data}
        try:
            return kind(**{name: _made(types_of[name], data[name]) for name in told})
        except TypeError as error:  # something is missing
            raise ValueError(f"no {kind.__name__}") from error
    if origin is tuple and isinstance(data, list):
        each = [inner[0]] * len(data) if inner[-1] is Ellipsis else inner
        return tuple(_made(one, value) for one, value in zip(each, data, strict=True))
    if origin is Mapping and isinstance(data, dict):
        return {str(key): _made(inner[1], value) for key, value in data.items()}
    if origin in (typing.Union, types.UnionType):
        return None if data is None else _made(next(k for k in inner if k is not type(None)), data)
    if origin is typing.Literal:
        return inner[inner.index(data)]
    is_kind = isinstance(kind, type) and isinstance(data, kind)
    if not (is_kind or (kind is float and isinstance(data, int))):
        raise ValueError(f"{data!r} is no {kind}")
    return data
