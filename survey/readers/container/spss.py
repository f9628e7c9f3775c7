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
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.container.encodings import codec, garbled, is_garbled, undecodable, unknown
from survey.readers.container.guard import (
    MAX_CELLS,
    MAX_STREAMED_BYTES,
    MAX_TOTAL_BYTES,
    damaged,
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
from survey.readers.problems import Problem

SPSS = "SPSS"
_READ_BYTES = 2**21
_BLOCK_WORDS = 2**21
_PACKED, _ZIPPED = 1, 2
_PADDING, _END, _FOLLOWS, _SPACES, _ABSENT = 0, 252, 253, 254, 255
_DATES, _MOMENTS, _DURATIONS = (20, 23, 24, 28, 29, 30, 38, 39), (22, 41), (21, 25, 40)
_TIMES = (*_DATES, *_MOMENTS, *_DURATIONS)
_TRIED = ("utf-8", "gb18030")
_FIRST_DAY = dt.datetime(1582, 10, 14)
_A_DAY = dt.timedelta(days=1)


def read_spss(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Read the one sheet of a file: labels of variables as header, value labels in place of codes.

    What the file counts as missing is blank. All texts have one encoding: by default the one that
    the file states, or else UTF-8, or else GB18030.

    Raises
    ------
    ReadError
        Damaged, with texts in another encoding, or with more than any survey has.
    """
    place = Place(file=path.name)
    problems: list[Problem] = []
    try:
        with path.open("rb") as source:
            told = read_dictionary(source)
            blocks = _blocks(told, _words(told, source, path), place, problems)
            columns = _columns(told, blocks, encoding, place, problems)
    except MemoryError as fault:
        raise _exhausting(place) from fault
    except (EOFError, LookupError, ValueError, struct.error, zlib.error) as fault:
        raise damaged(place, SPSS) from fault
    numbers = np.arange(1, len(columns[0].codes) + 1, dtype=np.int32)
    return [Sheet(path.name, SPSS, columns, numbers, problems=tuple(problems))]


def _exhausting(place: Place) -> ReadError:
    return ReadError(
        zh="文件过大或撑得过大（超过 4 GB、一亿格或 512 MB 各不相同的文字），已拒绝。"
        "请在 SPSS 里只留下要用的变量，另存后再试。",
        en="The file is too large or inflates too far (over 4 GB, 100 million cells or 512 MB of "
        "distinct texts): refused. Keep only the variables needed in SPSS and save it again.",
        place=place,
    )


def _words(told: Dictionary, source: IO[bytes], path: Path) -> Iterator[Words]:
    """Give the words of all cases, one case behind the other."""
    pieces: Iterator[bytes] = iter(lambda: source.read(_READ_BYTES), b"")
    if told.compression == _ZIPPED:
        pieces = _inflated(source, path.stat().st_size, told.order)
    return (_unpacked if told.compression in (_PACKED, _ZIPPED) else _whole)(pieces, told)


def _inflated(source: IO[bytes], size: int, order: str) -> Iterator[bytes]:
    """Inflate the blocks of a zsav file, each of which was deflated by itself."""
    _, end, _ = struct.unpack(order + "3q", source.read(24))
    if not source.tell() <= end <= size:
        raise EOFError
    inflater = zlib.decompressobj()
    is_whole, held = True, bytearray()
    while packed := source.read(max(min(_READ_BYTES, end - source.tell()), 0)):
        piece = b""
        while packed or (len(piece) == _READ_BYTES and not is_whole):
            inflater = zlib.decompressobj() if is_whole else inflater
            piece = inflater.decompress(packed, _READ_BYTES)
            is_whole = inflater.eof
            packed = inflater.unused_data if is_whole else inflater.unconsumed_tail
            held += piece
            if len(held) >= _READ_BYTES:
                yield bytes(held)
                held.clear()
    if not is_whole:
        raise EOFError
    yield bytes(held)


def _whole(pieces: Iterable[bytes], told: Dictionary) -> Iterator[Words]:
    """Give the words that are whole."""
    rest = b""
    for piece in pieces:
        data = rest + piece
        words = np.frombuffer(data, "<u8", len(data) // WORD)
        rest = data[words.nbytes :]
        yield words
    _require_none(rest, told)


def _require_none(rest: bytes, told: Dictionary) -> None:
    """Take bytes of no word for those of a case cut off, where nothing else tells of one."""
    if rest and told.n_cases < 0:
        raise EOFError


def _unpacked(pieces: Iterable[bytes], told: Dictionary) -> Iterator[Words]:
    """Replace codes of a byte by the words that they stand for.

    Eight codes are followed by as many words as there are among them that have none.
    """
    numbers = np.arange(_END) - told.bias
    table = np.zeros(256, "<u8")
    table[:_END] = numbers.astype(told.order + "f8").view("<u8")
    table[_SPACES] = np.frombuffer(b" " * WORD, "<u8")[0]
    table[_ABSENT] = np.array([told.absent], told.order + "f8").view("<u8")[0]
    rest, n_empty = b"", 0
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
        n_empty += len(heads) - int(np.count_nonzero(words[heads]))
        if n_empty * WORD > _READ_BYTES:  # no program writes eight codes of nothing
            raise MemoryError
        codes = words[heads].view(np.uint8)
        ends = np.flatnonzero(codes == _END)
        codes = codes[: ends[0]] if len(ends) else codes
        codes = codes[codes != _PADDING]
        found, follows = table[codes], codes == _FOLLOWS
        found[follows] = words[:at][is_word][: np.count_nonzero(follows)]
        yield found
        if len(ends):
            return
    _require_none(rest, told)


def _blocks(
    told: Dictionary, pieces: Iterable[Words], place: Place, problems: list[Problem]
) -> Iterator[Words]:
    """Give whole cases, shape (n, words of a case), many at a time; say where more stand behind."""
    width = told.n_words
    if not told.variables:
        raise EOFError
    wanted = told.n_cases * width if told.n_cases >= 0 else sys.maxsize
    n_words, n_behind, held = 0, 0, [np.zeros(0, "<u8")]
    for piece in pieces:
        held.append(piece[: wanted - n_words])
        n_words += len(held[-1])
        n_behind += len(piece) - len(held[-1])
        if n_words * WORD > MAX_STREAMED_BYTES:
            raise MemoryError
        if n_words * len(told.variables) > MAX_CELLS * width:
            raise MemoryError
        if sum(map(len, held)) >= max(_BLOCK_WORDS, width):
            words = np.concatenate(held)
            whole = len(words) // width * width
            yield words[:whole].reshape(-1, width)
            held = [words[whole:]]
        if n_behind >= width:
            problems.append(_more(told.n_cases, place))
            break
    words = np.concatenate(held)
    if n_words < wanted < sys.maxsize or len(words) % width:
        raise EOFError
    yield words.reshape(-1, width)


def _more(n_cases: int, place: Place) -> Problem:
    return Problem(
        zh=f"文件头写明有 {n_cases:,} 行，后面却还有数据，没有读入。"
        "请在 SPSS 里打开核对行数，另存后再读。",
        en=f"The file says that it has {n_cases:,} rows, but more data stand behind them, which "
        "were not read. Open it in SPSS, check the number of rows and save it again.",
        place=place,
        severity="warning",
    )


def _columns(
    told: Dictionary,
    blocks: Iterable[Words],
    encoding: str | None,
    place: Place,
    problems: list[Problem],
) -> tuple[Column, ...]:
    """Give all columns under their headers, and say which have times beyond any."""
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
        every = chain.from_iterable(texts.keys() for texts in known)
        if most > MAX_TOTAL_BYTES and sum(map(len, every)) > MAX_TOTAL_BYTES:
            raise MemoryError
    named = _decide(told, known, encoding, place)
    columns = []
    for variable, texts, codes in zip(variables, known, found, strict=True):
        numbers = np.concatenate(codes) + np.int32(1)
        name = variable.name.decode(told.encoding, "backslashreplace")
        at = Place(file=place.file, sheet=SPSS, column=name)
        keys = [*texts.keys()]
        try:
            label, name = map(told.text, (variable.label, variable.name))
            values, is_beyond = _values(told, variable, keys)
        except UnicodeDecodeError as fault:
            if variable.width and fault.object in keys:
                at = replace(at, row=int(np.argmax(numbers == keys.index(fault.object) + 1)) + 1)
            raise undecodable("文本", "A text", named, at) from fault
        # numbers are found in the order of appearance, texts by their length first
        made = placed if variable.width else column_of
        columns.append(made(numbers, [label if label.strip() else name, *values]))
        problems += [kept_as_numbers(at)] * is_beyond
    return tuple(columns)


def _decide(told: Dictionary, known: Sequence[Texts], encoding: str | None, place: Place) -> str:
    """Choose the encoding of all texts, and give its name as the user or the file has it."""
    if named := encoding or told.stated:
        try:
            told.encoding, told.errors = codec(named)
        except LookupError as fault:
            raise unknown(named, place) from fault
        return named
    raw: list[bytes] = []
    for variable, texts in zip(told.variables.values(), known, strict=True):
        raw += variable.name, variable.label, *variable.labels.values()
        raw += texts.keys() if variable.width else ()
    for candidate in _TRIED:
        told.encoding = candidate
        with suppress(UnicodeDecodeError):
            text = b"\0".join(raw).decode(candidate)
            if candidate == "gb18030" and is_garbled(text):
                raise garbled(place)
            return candidate
    raise undecodable("有文本", "Some text", " / ".join(_TRIED), place)


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
    texts = zip(variable.labels, map(told.text, variable.labels.values()), strict=True)
    labels = {value: text for value, text in texts if text.strip()}
    if variable.width:
        known = labels | dict.fromkeys(variable.missing, "")
        return [known.get(*cell) for cell in zip(keys, told.texts(keys), strict=True)], False
    numbers = np.frombuffer(b"".join(keys), told.order + "f8").tolist()
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
