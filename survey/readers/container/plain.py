"""Large worksheets of nothing but shared strings as arrays, without a Python object a cell.

So 问卷星 writes its downloads, and office programs write them again. Anything else, be it another
order of attributes, is left to calamine.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import numpy as np
import numpy.typing as npt

from survey.readers.container.guard import MAX_BOX_CELLS, column_number
from survey.readers.container.sheet import Column, numbered

_Bytes = npt.NDArray[np.uint8]
_Array = npt.NDArray[np.int64]
_Range = tuple[int, int, int, int]
_STRINGS = "xl/sharedStrings.xml"
_ITEM = re.compile(r'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)</si>')
_OPENING = re.compile(rb"<sheetData>")
_CLOSING = b"</sheetData>"
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/>')
_BLOCK = 2**20
_MOST_DIGITS = 7
_LONGEST_ROW = 8 * _BLOCK
_PAD = 32


def plain_columns(path: Path, part: str) -> tuple[tuple[Column, ...], tuple[_Range, ...]] | None:
    """Read a worksheet whose cells are all shared strings, and its merged ranges.

    None where anything is not as plain as that.
    """
    with zipfile.ZipFile(path) as archive:
        if _STRINGS not in archive.namelist():
            return None
        strings = _plain_strings(archive.read(_STRINGS).decode())
        if strings is None:
            return None
        found = []
        rest = b""
        for block, after in _whole_rows(archive, part):
            cells = _cells(block, len(strings)) if block is not None else None
            if cells is None:
                return None
            found.append(cells)
            rest = after
    merged = tuple(
        (int(top), column_number(left.decode()) - 1, int(bottom), column_number(right.decode()) - 1)
        for left, top, right, bottom in _MERGED.findall(rest)
    )
    if len(merged) != rest.count(b"<mergeCell "):
        return None
    columns, rows, places = np.concatenate(found, axis=1)
    shape = (int(columns.max(initial=-1)) + 1, int(rows.max(initial=-1)) + 1)
    if not 0 < shape[0] * shape[1] <= MAX_BOX_CELLS:
        return None
    table = np.full(shape, -1, np.int32)
    table[columns, rows] = places
    return tuple(_column(of_column, strings) for of_column in table), merged


def _plain_strings(text: str) -> list[str] | None:
    """Give the shared strings, or None where one is more than plain text."""
    if "\r" in text or "_x" in text or "<![" in text or "<!--" in text:
        return None
    strings = _ITEM.findall(text)
    if len(strings) != text.count("<si"):
        return None
    return [*map(unescape, strings)] if "&" in text else strings


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes | None, bytes]]:
    """Give the rows of a worksheet in blocks, and with the last what follows them."""
    with archive.open(part) as stream:
        block = stream.read(_BLOCK)
        opening = _OPENING.search(block)
        if opening is None:
            yield None, b""
            return
        block = block[opening.end() :]
        while _CLOSING not in block:
            border = block.rfind(b"<row ")
            if border > 0:
                yield block[:border], b""
                block = block[border:]
            more = stream.read(_BLOCK)
            if not more or len(block) > _LONGEST_ROW:
                yield None, b""
                return
            block += more
        rows, _, rest = block.partition(_CLOSING)
        yield rows, rest + stream.read()


def _cells(block: bytes, n_strings: int) -> npt.NDArray[np.int32] | None:
    """Give column and row, from 0, and the string of every cell that holds one, shape (3, n)."""
    cells = np.frombuffer(bytes(_PAD) + block + bytes(_PAD), np.uint8)
    tags = np.flatnonzero(cells == ord("<"))
    kind = cells[tags + 1]
    starts, values = tags[kind == ord("c")], tags[kind == ord("v")]
    others = tags[(kind == ord("r")) | (kind == ord("/"))]
    if len(starts) + len(values) + len(others) != len(tags):
        return None
    owner = np.searchsorted(starts, values) - 1
    if (np.diff(owner, prepend=-1) < 1).any():
        return None
    if not (_follows(cells, starts, b'<c r="') and _follows(cells, values - 7, b' t="s"><v>')):
        return None
    columns, at = _read(cells, starts[owner] + 6, letters=True)
    rows, at = _read(cells, at)
    places, end = _read(cells, values + 3)
    if not (_follows(cells, at, b'"') and _follows(cells, end, b"</v></c>")):
        return None
    if len(places) and (columns.min() < 1 or rows.min() < 1 or places.max() >= n_strings):
        return None
    return np.array([columns - 1, rows - 1, places], np.int32)


def _follows(cells: _Bytes, at: _Array, text: bytes) -> bool:
    """Tell whether a text stands at every place."""
    return all((cells[at + offset] == byte).all() for offset, byte in enumerate(text))


def _read(cells: _Bytes, at: _Array, *, letters: bool = False) -> tuple[_Array, _Array]:
    """Read the number, of digits or of letters, at every place, and say where it ends."""
    zero, first, base = (ord("A") - 1, 1, 27) if letters else (ord("0"), 0, 10)
    number, end = np.zeros_like(at), at.copy()
    goes_on = np.ones(len(at), np.bool_)
    while goes_on.any():
        digit = cells[end].astype(np.int64) - zero
        goes_on &= (digit >= first) & (digit < base) & (end - at < _MOST_DIGITS)
        number = np.where(goes_on, number * (base - first) + digit, number)
        end += goes_on
    return number, end


def _column(places: npt.NDArray[np.int32], strings: list[str]) -> Column:
    import pandas as pd

    codes, used = pd.factorize(places)
    same, levels = numbered("" if place < 0 else strings[place] for place in used.tolist())
    return Column(same[codes], levels)
