"""csv files: encoding by strict trial, delimiter by the first line, cells as text."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.container.encodings import garbled, is_garbled, undecodable, unknown
from survey.readers.container.guard import (
    MAX_BOX_CELLS,
    MAX_COLUMNS,
    MAX_TOTAL_BYTES,
    column_letters,
)
from survey.readers.container.sheet import Column, IntArray, Sheet, encode_rows
from survey.readers.container.texts import PAD, Positions, Texts, placed
from survey.readers.problems import Problem, abridged

DELIMITERS = (",", "\t", ";")
# Title rows of hand-made sheets may be shorter than the table; the width shows within these.
_ROWS_FOR_WIDTH = 10
_HEAD = 2**18
_BLOCK = 2**20
_UTF8 = getincrementaldecoder("utf-8")
_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_LONG = 2**16
_LONGEST_ROW = 2**24
_LONGEST_CELL = 2**20
_WIDE = 1_000
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def read_delimited(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Read a csv file into one sheet.

    `encoding`: forces an encoding; by default UTF-8 (with or without BOM), UTF-16 with BOM, then
    GB18030.

    One sheet without a name; its row numbers count records, as a spreadsheet shows them.

    Raises
    ------
    ReadError
        Bytes that no encoding explains (their offset is named), binary data, an unclosed quote, a
        row longer than the header.
    """
    place = Place(file=path.name)
    if path.stat().st_size > MAX_TOTAL_BYTES:
        raise ReadError(
            zh="文本文件超过 512 MB，已拒绝。",
            en="The text file exceeds 512 MB: refused.",
            place=place,
        )
    data = path.read_bytes()
    columns = _rectangle(data) if encoding in (None, "utf-8", "utf-8-sig") else None
    problems: list[Problem] = []
    if columns is None:
        text = decode(data, encoding, place)
        if "\0" in text:
            raise ReadError(
                zh="文件含有二进制内容，既不是工作簿也不是文本表格。请重新导出 xlsx 或 csv。",
                en="The file holds binary data and is neither a workbook nor a text table.",
                place=place,
            )
        columns = _rectangle(text.encode()) or _by_rows(text, place, problems)
    _require_width(len(columns), place)
    for position, column in enumerate(columns):
        if max(map(len, column.levels), default=0) > _LONGEST_CELL:
            raise ReadError(
                zh=f"有一格超过 {_LONGEST_CELL:,} 个字，不像问卷导出（也许是引号没有配对），"
                "已拒绝。",
                en=f"A cell has over {_LONGEST_CELL:,} characters, which no export of a survey has "
                "(a quote without its pair, perhaps): refused.",
                place=replace(place, column=column_letters(position)),
            )
    n_rows = len(columns[0].codes) if columns else 0
    sheet = Sheet(path.name, "", columns, np.arange(1, n_rows + 1, dtype=np.int32))
    return [replace(sheet, problems=abridged(problems, path.name))]


def _require_width(width: int, place: Place) -> None:
    if width > MAX_COLUMNS:
        raise ReadError(
            zh=f"表格有 {width:,} 列，超过 {MAX_COLUMNS:,} 列的上限，不像问卷导出，已拒绝。",
            en=f"The table has {width:,} columns, above the limit of {MAX_COLUMNS:,}: refused.",
            place=place,
        )


def _by_rows(text: str, place: Place, problems: list[Problem]) -> tuple[Column, ...]:
    """Code a table row by row, and say which rows are too short."""
    records = _records(text, place)
    head = list(islice(records, _ROWS_FOR_WIDTH))
    width = _width([*map(len, head)])
    _require_width(width, place)
    rows = _straightened(chain(head, records), width, place, problems)
    at_most = min(text.count("\n") + text.count("\r") + 1, MAX_BOX_CELLS // (width or 1) + 1)
    return encode_rows(rows, width, at_most, booleans=False)


def _rectangle(data: bytes) -> tuple[Column, ...] | None:
    """Code a long table in UTF-8 whose rows are whole; None where it needs a closer look."""
    if len(data) < _LONG:
        return None
    try:
        delimiter = ord(_delimiter(_UTF8().decode(data[:_HEAD])))
        return _coded(data, len(BOM_UTF8) * data.startswith(BOM_UTF8), delimiter)
    except UnicodeDecodeError:
        return None


def _coded(data: bytes, at: int, delimiter: int) -> tuple[Column, ...] | None:
    """Code the rows from a place on."""
    known, n_cells = Texts(), 0
    found: list[IntArray] = []
    while at < len(data):
        rows = _whole_rows(data, at, delimiter, _BLOCK)
        if rows is None or (found and rows.starts.shape[1] != found[0].shape[1]):
            return None
        n_cells += rows.starts.size
        if n_cells > MAX_BOX_CELLS:
            return None
        places = known.places(rows.block, rows.starts.ravel(), rows.ends.ravel())
        found.append(places.reshape(rows.starts.shape))
        at += rows.size
    strings = known.strings()
    if b'"' in data:
        strings = [text.replace('""', '"') for text in strings]
    return tuple(placed(places, strings) for places in np.concatenate(found).T)


class _Rows(NamedTuple):
    """Some rows, all of them of one width."""

    block: bytes
    starts: Positions  # where in the block each cell's text begins, shape (rows, width)
    ends: Positions
    size: int  # bytes that the rows take


def _whole_rows(data: bytes, at: int, delimiter: int, size: int) -> _Rows | None:
    """Find the cells of the next rows; None where not all are whole or a quote stands oddly."""
    block = data[at : at + size]
    is_last = at + size >= len(data)
    # A line's end before the first row, and behind the last, spares looking beyond the edge.
    block = b"\n" + block + b"\n" * (is_last and not block.endswith(b"\n"))
    cells = np.frombuffer(block, np.uint8)
    is_edge = (cells == delimiter) | (cells == _NEWLINE)
    quotes = np.flatnonzero(cells == _QUOTE) if b'"' in block else np.zeros(0, np.int64)
    if len(quotes):
        is_edge &= np.cumsum(cells == _QUOTE, dtype=np.uint8) % 2 == 0
    edges = np.flatnonzero(is_edge)
    ends_row = cells[edges] == _NEWLINE
    lines = np.flatnonzero(ends_row)
    if len(lines) == 1 and not is_last and size < _LONGEST_ROW:
        return _whole_rows(data, at, delimiter, 2 * size)
    width, last = int(lines[min(1, len(lines) - 1)]), int(edges[lines[-1]])
    whole = np.zeros(width, np.bool_)
    whole[-1:] = True
    if not 0 < width <= _WIDE or (is_last and last + 1 < len(block)) or b"\0" in block:
        return None
    edges, ends_row = edges[: lines[-1] + 1], ends_row[1 : lines[-1] + 1]
    if len(ends_row) % width or (ends_row.reshape(-1, width) != whole).any():
        return None
    if len(quotes):
        quotes = quotes[quotes < last]
        before, behind = cells[quotes[::2] - 1], cells[quotes[1::2] + 1]
        outside = np.array([delimiter, _NEWLINE, _QUOTE])
        if not (np.isin(before, outside) & np.isin(behind, [*outside, _RETURN])).all():
            return None
    returns = np.flatnonzero(cells == _RETURN) if b"\r" in block else edges[:0]
    if (cells[returns[returns < last] + 1] != _NEWLINE).any():
        return None
    starts = edges[:-1].reshape(-1, width) + 1
    ends = edges[1:].reshape(-1, width)
    ends[:, -1] -= cells[ends[:, -1] - 1] == _RETURN
    quoted = cells[starts] == _QUOTE if len(quotes) else 0
    return _Rows(block + bytes(PAD), starts + quoted, ends - quoted, last)


def decode(data: bytes, encoding: str | None, place: Place) -> str:
    """Turn bytes into text without ever replacing a character.

    Raises
    ------
    ReadError
        Naming the offset of the first byte that cannot be decoded, or saying that the result makes
        no sense.

    Examples
    --------
    >>> decode("序号".encode("gbk"), None, Place())
    '序号'
    """
    if encoding is None and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    offset = 0
    for candidate in (encoding,) if encoding else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(candidate)
            if encoding is None and candidate == "gb18030" and is_garbled(text):
                raise garbled(place)
            return text
        except UnicodeDecodeError as fault:
            offset = max(offset, fault.start)
        except LookupError as fault:
            raise unknown(candidate, place) from fault
    tried = encoding or "utf-8 / gb18030"
    raise undecodable(f"第 {offset:,} 字节处", f"The byte at offset {offset:,}", tried, place)


def _delimiter(text: str) -> str:
    head = _QUOTED.sub("", text[:_HEAD]).partition("\n")[0]
    return max(DELIMITERS, key=head.count)


def _records(text: str, place: Place) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        yield from reader
    except csv.Error as fault:
        raise ReadError(
            zh=f"第 {reader.line_num:,} 行附近的引号不成对，或单元格长得不正常（{fault}）。"
            "文件可能被截断。",
            en=f"Near line {reader.line_num:,} a quote is not closed or a cell is far too long "
            f"({fault}). The file may be truncated.",
            place=place,
        ) from fault


def _width(lengths: list[int]) -> int:
    """Give the width of a table: that of its usual row, or of a longer header above it.

    A longer row below has slipped, wherever it stands; rows short of half the widest are titles.
    """
    full = [length for length in lengths if 2 * length > max(lengths)]
    if not full:
        return 0
    usual = Counter(full).most_common(1)[0][0]
    return max(lengths[: lengths.index(usual) + 1])


def _straightened(
    rows: Iterable[list[str]], width: int, place: Place, problems: list[Problem]
) -> Iterator[list[str]]:
    """Give every row the table's width; refuse a row whose cells have slipped."""
    complete = False
    for number, row in enumerate(rows, 1):
        if number * width > MAX_BOX_CELLS:
            raise ReadError(
                zh=f"表格超过 {MAX_BOX_CELLS:,} 格的上限，已拒绝。",
                en=f"The table has more than {MAX_BOX_CELLS:,} cells: refused.",
                place=replace(place, row=number),
            )
        if len(row) == width:
            complete = True
            yield row
            continue
        if any(cell.strip() for cell in row[width:]):
            raise ReadError(
                zh=f"该行有 {len(row)} 格，表头只有 {width} 格，答案可能错位。"
                "请检查该行未加引号的分隔符。",
                en=f"The row has {len(row)} cells but the header {width}: answers may have "
                "slipped. Look for a delimiter without quotes.",
                place=replace(place, row=number),
            )
        # Titles above the table may be short; nothing below its first whole row should be.
        if complete and any(cell.strip() for cell in row):
            problems.append(
                Problem(
                    zh=f"该行只有 {len(row)} 格，比表头少 {width - len(row)} 格，缺的按空白处理。",
                    en=f"The row has {len(row)} cells, {width - len(row)} fewer than the header; "
                    "the rest are taken as blank.",
                    place=replace(place, row=number),
                    severity="warning",
                )
            )
        yield row[:width] + [""] * (width - len(row))
