"""A large worksheet as several small workbooks, so that calamine never holds all its cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from survey.readers.container.guard import MAX_TOTAL_BYTES
from survey.readers.container.parts import worksheets

# calamine needs several times a slice, and reads the shared strings anew for each.
SLICE_BYTES = 20 * 2**20
_BLOCK = 2**20
_DATA = re.compile(rb"<((?:\w+:)?)sheetData(?:\s[^<>]*[^<>/])?>")
_NUMBERED_ROW = re.compile(rb"""<(?:\w+:)?row(?:\s[^<>]*)?\sr\s*=\s*["']\d""")


def large_sheets(path: Path, n_bytes: int) -> dict[str, str]:
    """Find the worksheets worth cutting in a workbook of so many bytes."""
    if n_bytes <= SLICE_BYTES:
        return {}
    with zipfile.ZipFile(path) as archive:
        large = {part.filename for part in archive.infolist() if part.file_size > SLICE_BYTES}
        return {sheet.name: sheet.part for sheet in worksheets(archive) if sheet.part in large}


def slices(path: Path, part: str) -> Iterator[io.BytesIO]:
    """Cut one worksheet at borders of rows.

    Yields
    ------
    BytesIO
        A workbook with the same strings and styles, in which `part` holds some rows and other
        worksheets are left out; what follows the cells, such as merged ranges, goes with the last.
    """
    with zipfile.ZipFile(path) as archive:
        sheets = {sheet.part for sheet in worksheets(archive)}
        rest = io.BytesIO()
        strings = 0
        with zipfile.ZipFile(rest, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
            for other in archive.infolist():
                name = other.filename
                if name not in sheets and name.lower().endswith((".xml", ".rels")):
                    copy.writestr(name, archive.read(other))
                    strings += other.file_size * name.lower().endswith("sharedstrings.xml")
        with archive.open(part) as stream:
            rows = stream.read(_BLOCK)
            opening = _DATA.search(rows)
            head = rows[: opening.end()] if opening else b""
            # Without an opening tag as expected, all is one slice.
            size = max(SLICE_BYTES, strings // 2) if opening else MAX_TOTAL_BYTES
            ending = b"</%bsheetData>" % opening[1] if opening else b""
            rows = rows[len(head) :]
            while rows:
                book = io.BytesIO(rest.getvalue())
                with zipfile.ZipFile(book, "a") as copy, copy.open(part, "w") as target:
                    target.write(head)
                    rows = _copy(rows, stream, target, size, ending)
                book.seek(0)
                yield book


def _copy(rows: bytes, stream: IO[bytes], target: IO[bytes], size: int, ending: bytes) -> bytes:
    """Copy rows up to a border beyond the size; give back what was read of the next slice."""
    copied = 0
    is_plain = True
    last = b""
    while rows:
        # A comment or CDATA section may hold anything, also what looks like a row.
        is_plain = is_plain and b"<!" not in last + rows
        copied += len(rows)
        borders = [*_NUMBERED_ROW.finditer(rows, 1)] if copied > size and is_plain else []
        if borders:
            target.write(rows[: borders[-1].start()] + ending)
            return rows[borders[-1].start() :]
        target.write(rows)
        last = rows[-1:]
        rows = stream.read(_BLOCK)
    return b""
