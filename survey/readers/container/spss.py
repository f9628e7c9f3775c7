"""SPSS files, sav and zsav, as arrays: blocks of cases are taken apart without an object a cell.

Nothing that a file says of its size is believed: words, cells and texts are counted as they come.
"""

from __future__ import annotations

import datetime as dt
import math
import struct
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np

from survey.errors import Place
from survey.readers.container.guard import (
    MAX_CELLS,
    MAX_STREAMED_BYTES,
    MAX_TOTAL_BYTES,
    MAX_TOTAL_RATIO,
    RATIO_FROM_BYTES,
    damaged,
    exhausting,
)
from survey.readers.container.sheet import Column, IntArray, Sheet, column_of
from survey.readers.container.spss_dictionary import (
    SEGMENT,
    WORD,
    Dictionary,
    Variable,
    read_dictionary,
)
from survey.readers.container.texts import PAD, Positions, Texts, Words, placed
from survey.readers.container.xlsx import kept_as_numbers

SPSS = "SPSS"
_READ_BYTES = 2**21
_BLOCK_WORDS = 2**21
_PACKED, _ZIPPED = 1, 2
_PADDING, _END, _FOLLOWS, _SPACES, _ABSENT = 0, 252, 253, 254, 255
_DATES, _MOMENTS, _DURATIONS = (20, 23, 24, 28, 29, 30, 38, 39), (22, 41), (21, 25, 40)
_TIMES = (*_DATES, *_MOMENTS, *_DURATIONS)
_FIRST_DAY = dt.datetime(1582, 10, 14)
_A_DAY = dt.timedelta(days=1)


def read_spss(path: Path) -> list[Sheet]:
    """Read the one sheet of a file: labels of variables as header, value labels in place of codes.

    What the file counts as missing is blank.

    Raises
    ------
    ReadError
        Damaged, or with more than any survey has.
    """
    place = Place(file=path.name)
    try:
        with path.open("rb") as source:
            told = read_dictionary(source)
            columns, beyond = _columns(told, _blocks(told, _words(told, source, path)))
    except MemoryError as fault:
        raise exhausting(place) from fault
    except (EOFError, LookupError, ValueError, struct.error, zlib.error) as fault:
        raise damaged(place) from fault
    n_rows = len(columns[0].codes) if columns else 0
    problems = tuple(
        kept_as_numbers(Place(file=path.name, sheet=SPSS, column=name)) for name in beyond
    )
    numbers = np.arange(1, n_rows + 1, dtype=np.int32)
    return [Sheet(path.name, SPSS, columns, numbers, problems=problems)]


def _words(told: Dictionary, source: IO[bytes], path: Path) -> Iterator[Words]:
    """Give the words of all cases, one case behind the other."""
    pieces: Iterator[bytes] = iter(lambda: source.read(_READ_BYTES), b"")
    if told.compression == _ZIPPED:
        pieces = _inflated(source, path.stat().st_size, told.order)
    if told.compression in (_PACKED, _ZIPPED):
        return _unpacked(pieces, told)
    return (np.frombuffer(piece, "<u8", len(piece) // WORD) for piece in pieces)


def _inflated(source: IO[bytes], size: int, order: str) -> Iterator[bytes]:
    """Inflate the blocks of a zsav file, each of which was deflated by itself."""
    _, end, _ = struct.unpack(order + "3q", source.read(24))
    if not source.tell() <= end <= size:
        raise EOFError
    limit = max(RATIO_FROM_BYTES, min(MAX_STREAMED_BYTES, MAX_TOTAL_RATIO * size))
    inflater = zlib.decompressobj()
    total, held = 0, bytearray()
    while packed := source.read(max(min(_READ_BYTES, end - source.tell()), 0)):
        piece = b""
        while packed or len(piece) == _READ_BYTES:
            piece = inflater.decompress(packed, _READ_BYTES)
            packed = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            inflater = zlib.decompressobj() if inflater.eof else inflater
            held += piece
            if len(held) >= _READ_BYTES:
                total += len(held)
                if total > limit:
                    raise MemoryError
                yield bytes(held)
                held.clear()
    yield bytes(held)


def _unpacked(pieces: Iterable[bytes], told: Dictionary) -> Iterator[Words]:
    """Replace codes of a byte by the words that they stand for.

    Eight codes are followed by as many words as there are among them that have none.
    """
    numbers = np.arange(_END) - told.bias
    table = np.zeros(256, "<u8")
    table[:_END] = numbers.astype(told.order + "f8").view("<u8")
    table[_SPACES] = np.frombuffer(b" " * WORD, "<u8")[0]
    table[_ABSENT] = np.array([told.absent], told.order + "f8").view("<u8")[0]
    rest = b""
    for piece in pieces:
        data = rest + piece
        words = np.frombuffer(data, "<u8", len(data) // WORD)
        codes = words.view(np.uint8)
        # the eight booleans of a word, added up in its highest byte
        following = (codes == _FOLLOWS).view("<u8") * np.uint64(0x0101010101010101)
        n_following = (following >> np.uint64(56)).astype(np.uint8).tobytes()
        heads, at = [], 0
        while at < len(words) and (behind := at + 1 + n_following[at]) <= len(words):
            heads.append(at)
            at = behind
        rest = data[WORD * at :]
        is_word = np.ones(at, np.bool_)
        is_word[heads] = False
        codes = words[heads].view(np.uint8)
        ends = np.flatnonzero(codes == _END)
        codes = codes[: ends[0]] if len(ends) else codes
        codes = codes[codes != _PADDING]
        found, follows = table[codes], codes == _FOLLOWS
        found[follows] = words[:at][is_word][: np.count_nonzero(follows)]
        yield found
        if len(ends):
            return
    if len(rest) >= WORD:
        raise EOFError


def _blocks(told: Dictionary, pieces: Iterable[Words]) -> Iterator[Words]:
    """Give whole cases, shape (n, words of a case), many at a time."""
    width = told.n_words
    wanted = told.n_cases * width if told.n_cases >= 0 else sys.maxsize
    n_words, held = 0, [np.zeros(0, "<u8")]
    for piece in pieces:
        held.append(piece[: wanted - n_words])
        n_words += len(held[-1])
        if n_words * WORD > MAX_STREAMED_BYTES:
            raise MemoryError
        if n_words * len(told.variables) > MAX_CELLS * width:
            raise MemoryError
        if sum(map(len, held)) >= max(_BLOCK_WORDS, width):
            words = np.concatenate(held)
            whole = len(words) // width * width
            yield words[:whole].reshape(-1, width)
            held = [words[whole:]]
        if n_words == wanted:
            break
    words = np.concatenate(held)
    if n_words < wanted < sys.maxsize or (width and len(words) % width):
        raise EOFError
    yield words.reshape(-1, max(width, 1))


def _columns(
    told: Dictionary, blocks: Iterable[Words]
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Give all columns under their headers, and the names of those with times beyond any."""
    variables = [*told.variables.values()]
    known = [Texts() for _ in variables]
    found: list[list[IntArray]] = [[np.array([-1], np.int32)] for _ in variables]  # the header
    for block in blocks:
        for variable, texts, codes in zip(variables, known, found, strict=True):
            cells = block[:, variable.first : variable.first + variable.n_words]
            if variable.width:
                codes.append(texts.places(*_texts(variable, cells)))
            else:
                codes.append(texts.places_of_words(cells[:, 0]))
        sizes = zip(known, variables, strict=True)
        most = WORD * sum(len(texts.keys()) * variable.n_words for texts, variable in sizes)
        keys = chain.from_iterable(texts.keys() for texts in known)
        if most > MAX_TOTAL_BYTES and sum(map(len, keys)) > MAX_TOTAL_BYTES:
            raise MemoryError
    columns, beyond = [], []
    for variable, texts, codes in zip(variables, known, found, strict=True):
        values, is_beyond = _values(told, variable, [*texts.keys()])
        levels = [told.text(variable.label or variable.name), *values]
        # numbers are found in the order of appearance, texts by their length first
        made = placed if variable.width else column_of
        columns.append(made(np.concatenate(codes) + np.int32(1), levels))
        beyond += [told.text(variable.name)] * is_beyond
    return tuple(columns), tuple(beyond)


def _texts(variable: Variable, words: Words) -> tuple[bytes, Positions, Positions]:
    """Give bytes in which the texts of a variable lie, and where each begins and ends."""
    cells = np.ascontiguousarray(words).view(np.uint8)
    if variable.n_segments > 1:
        used = np.flatnonzero(np.arange(cells.shape[1]) % SEGMENT < SEGMENT - 1)
        cells = cells[:, used[: variable.width]]
    n, size = cells.shape
    starts = np.arange(n) * size
    filled = (cells[:, ::-1] & ~np.uint8(ord(" "))) != 0  # some fill up with zeros
    ends = np.where(filled.any(axis=1), starts + size - filled.argmax(axis=1), starts)
    return cells.tobytes() + bytes(PAD), starts, ends


def _values(
    told: Dictionary, variable: Variable, keys: Sequence[bytes]
) -> tuple[Sequence[Any], bool]:
    """Say what cells show, and whether there is a time beyond any among them."""
    if variable.width:
        known = variable.labels | dict.fromkeys(variable.missing, b"")
        return told.texts([known.get(key, key) for key in keys]), False
    numbers = np.frombuffer(b"".join(keys), told.order + "f8").tolist()
    labels = {number: told.text(label) for number, label in variable.labels.items()}
    absent = dict.fromkeys((*variable.missing, told.absent))
    low, high = variable.missing_between or (math.inf, -math.inf)
    shown: list[Any] = []
    is_beyond = False
    for number in numbers:
        if number in absent or low <= number <= high or math.isnan(number):
            shown.append(None)
        elif number in labels:
            shown.append(labels[number])
        elif variable.format not in _TIMES:
            shown.append(number)
        else:
            time = _time(number, variable.format)
            is_beyond |= time is None
            shown.append(number if time is None else time)
    return shown, is_beyond


def _time(seconds: float, shown: int) -> object:
    """Give the date, the time or the duration that a number stands for; None beyond any."""
    try:
        span = dt.timedelta(seconds=seconds)
        if shown in _DURATIONS and not dt.timedelta() <= span < _A_DAY:
            return span
        moment = _FIRST_DAY + span
    except OverflowError:
        return None
    return moment if shown in _MOMENTS else moment.date() if shown in _DATES else moment.time()
