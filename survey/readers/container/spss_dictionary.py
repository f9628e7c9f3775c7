"""What an SPSS file says of its variables, before the answers begin.

The layout is that of the PSPP developers' guide, «System File Format». Numbers stand in the order
of bytes of whoever wrote the file, texts in one encoding, which the file may state.
"""

from __future__ import annotations

import codecs
import io
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from survey.readers.container.guard import MAX_COLUMNS

WORD = 8
"""Bytes of a number; texts take so many, or a multiple."""
SEGMENT = 256
"""A text of more bytes is cut into pieces, each a variable with one byte that is not used."""
_SEGMENT_COUNTED = 252
_FILLING = b"\0 "
_LITTLE = (b"\2\0\0\0", b"\3\0\0\0")
_MOST_BYTES = 64 * 2**20
_MOST_WORDS = 2**22
_VARIABLE, _LABELS, _DOCUMENT, _EXTENSION, _END = 2, 3, 6, 7, 999
_MACHINE, _FLOATS, _LONG_NAMES, _VERY_LONG, _N_CASES = 3, 4, 13, 14, 16
_ENCODING, _TEXT_LABELS, _TEXT_MISSING = 20, 21, 22
_FIRST_CODE_PAGE = 100  # below stand kinds of ASCII


@dataclass
class Variable:
    """One variable."""

    short: bytes
    first: int  # first of its words in a case
    width: int  # bytes of a text, 0 of a number
    format: int  # what a number shows, by SPSS's own numbers
    label: bytes = b""
    name: bytes = b""
    labels: dict[float | bytes, bytes] = field(default_factory=dict)
    missing: set[float | bytes] = field(default_factory=set)
    missing_between: tuple[float, float] | None = None

    @property
    def n_segments(self) -> int:
        """Over how many variables of the file it extends."""
        return -(-self.width // _SEGMENT_COUNTED) if self.width >= SEGMENT else 1

    @property
    def n_words(self) -> int:
        """How many words it takes in a case."""
        whole = self.n_segments - 1
        return max(whole * SEGMENT // WORD - (whole * _SEGMENT_COUNTED - self.width) // WORD, 1)


@dataclass
class Dictionary:
    """What stands before the answers."""

    order: str  # of bytes, as `struct` writes it
    compression: int
    n_cases: int  # -1 where the file does not say
    bias: float
    n_words: int = 0  # of a case
    absent: float = -1.7976931348623157e308
    stated: str = ""  # the encoding, as the file calls it
    encoding: str = "utf-8"
    errors: str = "strict"
    variables: dict[int, Variable] = field(default_factory=dict)  # by their first words

    def key(self, variable: Variable, value: bytes) -> float | bytes:
        """Give the number or the text that bytes stand for."""
        if variable.width:
            return value.rstrip(_FILLING)
        number: float = struct.unpack(self.order + "d", value)[0]
        return number

    def text(self, raw: bytes) -> str:
        """Decode a text; where it was cut off within a character, what is whole of it.

        Raises
        ------
        UnicodeDecodeError
        """
        raw = raw.rstrip(_FILLING)
        try:
            return raw.decode(self.encoding, self.errors)
        except UnicodeDecodeError:
            return codecs.getincrementaldecoder(self.encoding)(self.errors).decode(raw)

    def texts(self, raw: Sequence[bytes]) -> list[str]:
        """Decode many texts, at once where all are whole."""
        with suppress(UnicodeDecodeError):
            texts = b"\0".join(raw).decode(self.encoding, self.errors).split("\0")
            if len(texts) == len(raw):
                return texts
        return [*map(self.text, raw)]


class _Bytes:
    """Bytes taken one after another, never more than there are."""

    def __init__(self, source: IO[bytes], order: str) -> None:
        self.source, self.order = source, order

    def take(self, n: int) -> bytes:
        if n < 0 or self.source.tell() + n > _MOST_BYTES:
            raise ValueError("a dictionary beyond any")
        taken = self.source.read(n)
        if len(taken) < n:
            raise EOFError
        return taken

    def numbers(self, kinds: str) -> tuple[Any, ...]:
        kinds = self.order + kinds
        return struct.unpack(kinds, self.take(struct.calcsize(kinds)))

    def number(self) -> int:
        return int(self.numbers("i")[0])

    def counted(self) -> bytes:
        return self.take(self.number())

    def left(self) -> bool:
        at = self.source.tell()
        return self.source.seek(0, 2) > self.source.seek(at)


def read_dictionary(source: IO[bytes]) -> Dictionary:
    """Read a file up to where the answers begin.

    Raises
    ------
    EOFError, KeyError, LookupError, UnicodeDecodeError, ValueError, struct.error
        What is there does not hang together.
    """
    head = source.read(176)
    order = "<" if head[64:68] in _LITTLE else ">"
    found = Dictionary(order, *struct.unpack(order + "i4xid", head[72:92]))
    stream = _Bytes(source, order)
    extensions: dict[int, bytes] = {}
    while (kind := stream.number()) != _END:
        if kind == _VARIABLE:
            _variable(found, stream)
        elif kind == _LABELS:
            _value_labels(found, stream)
        elif kind == _DOCUMENT:
            stream.take(80 * stream.number())
        elif kind == _EXTENSION:
            subtype, size, count = stream.numbers("3i")
            extensions[subtype] = stream.take(size * count)
        else:
            raise ValueError(kind)
    stream.number()
    _extend(found, extensions)
    return found


def _variable(found: Dictionary, stream: _Bytes) -> None:
    width, is_labelled, n_missing, shown = stream.numbers("4i")
    short = stream.take(4 + WORD)[4:].rstrip(_FILLING)
    at = found.n_words
    found.n_words += 1
    if width < 0:  # one more word of the text before
        return
    if at >= _MOST_WORDS or len(found.variables) >= MAX_COLUMNS:
        raise ValueError("variables beyond any")
    variable = Variable(short, at, width, shown >> 16 & 0xFF, name=short)
    found.variables[at] = variable
    if is_labelled:
        n = stream.number()
        variable.label = stream.take(n + -n % 4)[:n]
    missing = [found.key(variable, stream.take(WORD)) for _ in range(abs(n_missing))]
    if n_missing < 0:
        if width:
            raise ValueError("a range of texts")
        low, high, *missing = missing
        variable.missing_between = float(low), float(high)
    variable.missing = {*missing}


def _value_labels(found: Dictionary, stream: _Bytes) -> None:
    labels = []
    for _ in range(stream.number()):
        value, n = stream.take(WORD), stream.take(1)[0]
        labels.append((value, stream.take(n + -(n + 1) % WORD)[:n]))
    kind, n = stream.numbers("2i")
    if kind != _LABELS + 1:
        raise ValueError(kind)
    keyed: dict[float | bytes, bytes] = {}
    for word in stream.numbers(f"{n}i"):
        variable = found.variables[word - 1]
        keyed = keyed or {found.key(variable, value): label for value, label in labels}
        variable.labels = keyed


def _extend(found: Dictionary, extensions: dict[int, bytes]) -> None:
    """Take in what later versions of the format have added."""
    order = found.order
    if _FLOATS in extensions:
        (found.absent,) = struct.unpack_from(order + "d", extensions[_FLOATS])
    if _N_CASES in extensions:
        (found.n_cases,) = struct.unpack_from(order + "8xq", extensions[_N_CASES])
    found.stated = extensions.get(_ENCODING, b"").strip(_FILLING).decode("latin-1")
    if _MACHINE in extensions and not found.stated:
        (page,) = struct.unpack_from(order + "28xi", extensions[_MACHINE])
        found.stated = str(page) if page >= _FIRST_CODE_PAGE else ""
    names = _pairs(extensions.get(_LONG_NAMES, b""))
    widths = _pairs(extensions.get(_VERY_LONG, b""))
    behind = 0
    for at, variable in [*found.variables.items()]:
        if at < behind:  # a piece of the text before
            del found.variables[at]
            continue
        variable.name = names.get(variable.short, variable.short)
        variable.width = int(widths.get(variable.short, variable.width))
        behind = at + variable.n_words
    if behind > found.n_words:
        raise ValueError("words beyond the case")
    by_short = {variable.short: variable for variable in found.variables.values()}
    by_name = by_short | {variable.name: variable for variable in found.variables.values()}

    def named(name: bytes) -> Variable:
        """Give the variable of a name; long ones may not be in the file."""
        return by_name.get(name) or by_short[name.upper()]

    texts = _Bytes(io.BytesIO(extensions.get(_TEXT_LABELS, b"")), order)
    while texts.left():
        variable = named(texts.counted())
        texts.number()
        for _ in range(texts.number()):
            value = found.key(variable, texts.counted())
            variable.labels[value] = texts.counted()
    texts = _Bytes(io.BytesIO(extensions.get(_TEXT_MISSING, b"")), order)
    while texts.left():
        variable = named(texts.counted())
        n, size = texts.take(1)[0], texts.number()
        variable.missing |= {found.key(variable, texts.take(size)) for _ in range(n)}


def _pairs(told: bytes) -> dict[bytes, bytes]:
    """Read what is told of variables by their short names."""
    pairs = (one.partition(b"=") for one in told.replace(b"\0", b"").split(b"\t"))
    return {name: value for name, _, value in pairs if name}
