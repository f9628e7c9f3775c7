"""The guard: every part of a workbook is streamed once and measured before a library opens it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np

from survey.errors import Place, ReadError

MAX_TOTAL_BYTES = 512 * 2**20
"""Of what is held whole. Worksheets are not: beyond it they must not have shrunk much."""
MAX_STREAMED_BYTES = 4 * 2**30
MAX_STRINGS_BYTES = 256 * 2**20
MAX_PARTS = 2_000
MAX_BOX_CELLS = 20_000_000
"""Of a sheet that may be nearly empty; one of more must hold a share of them."""
MAX_CELLS = 100_000_000
MAX_RATIO = 200
MAX_TOTAL_RATIO = 50
MAX_COLUMNS = 16_384
RATIO_FROM_BYTES = 16 * 2**20

_BLOCK = 2**20
_PACKED_BLOCK = 2**16
IS_SPACE = np.isin(np.arange(256), [*b" \t\r\n"])
_IS_QUOTE = np.isin(np.arange(256), [*b"\"'"])
# Long enough for one cell's tag with its attributes and a formula at a block's edge.
_OVERLAP = 4096
_FILLED = 4
_ODD_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,9})["']""")
_CELL_TYPE = re.compile(rb"""t\s*=\s*["']([be])["']""")
_FORMULAS = (re.compile(rb"<f[\s>/]"), re.compile(rb":f[\s>/]"))
_UNCACHED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^>]*)?/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STRINGS = re.compile(rb"<(?:\w+:)?sst[\s>/]")
_WIDE_HEADS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_TAG = re.compile(rb"<(?:\w+:)?(row|col)(?=\s)([^<>]*)>")
_IS_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_ATTRIBUTE = re.compile(rb"""\s(r|min|max)\s*=\s*["'](\d{1,7})["']""")
_SINCE_1904 = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true)["']""")
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass
class Hidden:
    """What a worksheet does not show."""

    rows: set[int] = field(default_factory=set)  # numbers from 1
    columns: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class GuardReport:
    """What the guard measured."""

    n_bytes: int  # bytes of all parts together after inflating
    hidden: Mapping[str, Hidden]  # worksheet parts with rows or columns that are not shown
    since_1904: bool  # whether days are counted from 1904


@dataclass
class Seen:
    """What is known of the cells of some parts."""

    # Worksheet parts with error cells or formulas without a stored value, which calamine would
    # silently hand over as blanks.
    flagged: set[str] = field(default_factory=set)
    booleans: bool = False  # whether any worksheet holds boolean cells


@dataclass
class _Box:
    """How far the cells of a part reach, and how many there are."""

    row: int = 0
    column: int = 0
    n_cells: int = 0


def inspect(path: Path) -> GuardReport:
    """Stream every part of a zipped workbook once; refuse what would exhaust the machine.

    Raises
    ------
    ReadError
        More than 2,000 parts, 4 GB in all or 512 MB that were packed 50-fold, 256 MB of shared
        strings, a compression ratio above 200, a DTD, an encrypted or damaged part.

    Notes
    -----
    Bytes are counted while inflating; the sizes that a zip declares of itself are not believed.
    """
    place = Place(file=path.name)
    limit = max(MAX_TOTAL_BYTES, min(MAX_STREAMED_BYTES, MAX_TOTAL_RATIO * path.stat().st_size))
    total = 0
    hidden: dict[str, Hidden] = {}
    since_1904 = False
    with _opened(path, place) as (handle, parts):
        _check_directory(parts, place)
        for part in parts:
            for window, size in _checked(handle, part, place):
                total += size
                if total > limit:
                    raise _too_large(part.filename, limit, "全部内容", "all parts", place)
                if b"d" not in window:  # one byte is looked for ten times faster than a word
                    continue
                if b"hidden" in window:
                    _note_hidden(window, hidden.setdefault(part.filename, Hidden()))
                since_1904 |= b"date1904" in window and _SINCE_1904.search(window) is not None
    return GuardReport(total, hidden, since_1904)


def look(path: Path, read: Collection[str]) -> Seen:
    """Look at the cells of every part that has not been read, before a library opens the file.

    Whatever a part is called: a workbook may point to any name.

    Raises
    ------
    ReadError
        A furthest cell beyond 2·10⁷ cells of which few are there, or beyond 10⁸.
    """
    place = Place(file=path.name)
    seen = Seen()
    with _opened(path, place) as (handle, parts):
        for part in parts:
            if part.filename not in read:
                _look(handle, part, seen, place)
    return seen


def _look(handle: IO[bytes], part: zipfile.ZipInfo, seen: Seen, place: Place) -> None:
    box, is_sheet, tail = _Box(), False, b""
    for block, _ in _inflate(handle, part):
        window = tail + block
        tail = window[-_OVERLAP:]
        _measure(window, box)
        is_sheet = is_sheet or b"sheetData" in window
        types = set(_CELL_TYPE.findall(window)) if is_sheet and _quotes_letter(window) else set()
        seen.booleans |= b"b" in types
        uncached = any(p.search(window) for p in _FORMULAS) and _UNCACHED.search(window)
        if b"e" in types or (is_sheet and uncached):
            seen.flagged.add(part.filename)
    require_filled(box.row, box.column, box.n_cells, place)


def require_filled(rows: int, columns: int, n_cells: int, place: Place) -> None:
    """Refuse a sheet that reaches far beyond its cells, or has too many of them."""
    n = rows * columns
    if n > MAX_CELLS or (n > MAX_BOX_CELLS and n > _FILLED * n_cells):
        raise ReadError(
            zh=f"工作表写到了第 {rows:,} 行、第 {columns:,} 列，共 {n:,} 格，写有的只有 {n_cells} "
            "格，已拒绝。多半是误在远处留下了一个单元格：请把数据复制到新的工作簿再试。",
            en=f"The sheet reaches row {rows:,} and column {columns:,}, {n:,} cells, of which "
            f"{n_cells:,} are there: refused. Copy the data into a new workbook.",
            place=place,
        )


@contextmanager
def _opened(path: Path, place: Place) -> Iterator[tuple[IO[bytes], list[zipfile.ZipInfo]]]:
    """Open a zip file for streaming, and tell what is wrong with it as a person understands it."""
    try:
        with path.open("rb") as handle, zipfile.ZipFile(handle) as archive:
            yield handle, archive.infolist()
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError),
        OSError,
    ) as fault:
        if isinstance(fault, OSError) and fault.errno is not None:
            reason = fault.strerror or str(fault)
            raise ReadError(
                zh=f"无法读取文件（{reason}）。",
                en=f"Cannot read the file ({reason}).",
                place=place,
            ) from fault
        raise damaged(place) from fault


def damaged(place: Place, program: str = "Excel/WPS") -> ReadError:
    """Build the error for a file whose bytes do not hang together; `program` may open it."""
    return ReadError(
        zh=f"文件已损坏或不完整，无法打开。请重新下载，或用 {program} 打开后另存为 xlsx。",
        en=f"The file is damaged or incomplete. Download it again, or open it in {program} "
        "and save it as xlsx.",
        place=place,
    )


def exhausting(place: Place) -> ReadError:
    """Build the error for a file that holds, or reaches, more than any survey."""
    return ReadError(
        zh="文件过大或撑得过大（超过 512 MB 或两千万格），已拒绝。"
        "请把数据复制到新的工作簿，另存为 xlsx 再试。",
        en="The file is too large or reaches too far (over 512 MB or twenty million cells): "
        "refused. Copy the data into a new workbook and save it as xlsx.",
        place=place,
    )


def _check_directory(parts: list[zipfile.ZipInfo], place: Place) -> None:
    if len(parts) > MAX_PARTS:
        raise ReadError(
            zh=f"压缩包内有 {len(parts):,} 个部件，超过 {MAX_PARTS:,} 个的上限，"
            "不像问卷导出文件，已拒绝。",
            en=f"The archive has {len(parts):,} parts, above the limit of {MAX_PARTS:,}: refused.",
            place=place,
        )
    names = [part.filename for part in parts]
    if len(set(names)) < len(names):
        raise ReadError(
            zh="压缩包内有重名部件，内容不可信，已拒绝。请用 Excel/WPS 打开后另存为 xlsx。",
            en="The archive holds parts of the same name and cannot be trusted: refused. "
            "Open it in Excel or WPS and save it as xlsx.",
            place=place,
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise ReadError(
            zh="压缩包带密码，无法读取。请去掉密码后重试。",
            en="The archive is password protected. Remove the password and try again.",
            place=place,
        )


def _inflate(handle: IO[bytes], part: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield the real bytes of a part, whatever size it declares, and how many were packed."""
    handle.seek(part.header_offset)
    header = handle.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(part.filename)
    skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    handle.seek(part.header_offset + 30 + skip)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError(part.filename)
    inflater = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    read = 0
    while read < part.compress_size and not (inflater and inflater.eof):
        packed = handle.read(min(part.compress_size - read, _PACKED_BLOCK))
        if not packed:
            raise EOFError(part.filename)
        read += len(packed)
        if inflater is None:
            yield packed, read
            continue
        block = bytes(_BLOCK)
        while packed or (len(block) == _BLOCK and not inflater.eof):
            block = inflater.decompress(packed, _BLOCK)
            packed = b"" if inflater.eof else inflater.unconsumed_tail
            yield block, read - len(packed)
    if inflater and not inflater.eof:
        raise EOFError(part.filename)


def _checked(handle: IO[bytes], part: zipfile.ZipInfo, place: Place) -> Iterator[tuple[bytes, int]]:
    """Inflate a part block by block, check each, and yield it behind the end of the one before.

    With the block's own size.
    """
    name = part.filename
    size = crc = 0
    tail = b""
    is_strings = False
    for block, packed in _inflate(handle, part):
        if size == 0 and block.startswith(_WIDE_HEADS):
            raise damaged(place)
        # Parts are known by their content: a workbook may point to any name.
        is_strings = is_strings or (size == 0 and bool(_STRINGS.search(block[:_OVERLAP])))
        size += len(block)
        crc = zlib.crc32(block, crc)
        if is_strings and size > MAX_STRINGS_BYTES:
            raise _too_large(name, MAX_STRINGS_BYTES, "共享字符串", "the shared strings", place)
        if size > RATIO_FROM_BYTES and size > MAX_RATIO * packed:
            raise ReadError(
                zh=f"部件 {name} 的压缩比超过 {MAX_RATIO} 倍，像是压缩炸弹，已拒绝。",
                en=f"Part {name} inflates more than {MAX_RATIO}-fold, like a zip bomb: refused.",
                place=place,
            )
        window = tail + block
        if b"!" in window and b"<!" in window and _DTD.search(window):
            raise ReadError(
                zh=f"部件 {name} 含有 DTD 或实体定义，正常的导出文件没有，已拒绝。",
                en=f"Part {name} holds a DTD or entities, which no real export has: refused.",
                place=place,
            )
        yield window, len(block)
        tail = window[-_OVERLAP:]
    if size != part.file_size or crc != part.CRC:
        raise zipfile.BadZipFile(name)


def _note_hidden(window: bytes, hidden: Hidden) -> None:
    for tag, attributes in _TAG.findall(window):
        if _IS_HIDDEN.search(attributes):
            at = {name: int(number) for name, number in _ATTRIBUTE.findall(attributes)}
            if tag == b"row" and b"r" in at:
                hidden.rows.add(at[b"r"])
            elif tag == b"col" and b"min" in at:
                last = min(at.get(b"max", at[b"min"]), MAX_COLUMNS)
                hidden.columns.update(range(at[b"min"], last + 1))


def _quotes_letter(window: bytes) -> bool:
    """Tell whether a type of `_CELL_TYPE` may occur, ten times faster than by the pattern."""
    cells = np.frombuffer(window, np.uint8)
    at = np.flatnonzero((cells[1:-1] == ord("b")) | (cells[1:-1] == ord("e")))
    return bool((_IS_QUOTE[cells[at]] & _IS_QUOTE[cells[at + 2]]).any())


def _measure(window: bytes, box: _Box) -> None:
    """Find the largest column and row of all cell references, as arrays: there are millions."""
    cells = np.frombuffer(window + bytes(16), np.uint8)
    at = np.flatnonzero(cells[:-16] == ord("r"))
    at = at[(at > 0) & (at < len(window) - 2)]
    at = at[IS_SPACE[cells[at - 1]]]
    direct = (cells[at + 1] == ord("=")) & _IS_QUOTE[cells[at + 2]]
    odd = [] if direct.all() else _ODD_REFERENCE.findall(window)
    for letters, digits in odd:
        box.column = max(box.column, column_number(letters.decode("ascii")))
        box.row = max(box.row, int(digits))
    at = at[direct] + 3
    columns = np.zeros(len(at), np.int64)
    rows = np.zeros(len(at), np.int64)
    inside = np.ones(len(at), np.bool_)
    for offset in range(12):
        byte = cells[at + offset]
        inside &= ~_IS_QUOTE[byte]
        if not inside.any():
            break
        digit = byte.astype(np.int64) - ord("0")
        is_digit = inside & (digit >= 0) & (digit <= 9)
        letter = (byte | 0x20).astype(np.int64) - ord("a") + 1
        is_letter = inside & ~is_digit & (letter >= 1) & (letter <= 26)
        rows = np.where(is_digit, rows * 10 + digit, rows)
        columns = np.where(is_letter, columns * 26 + letter, columns)
    box.column = max(box.column, int(columns.max(initial=0)))
    box.row = max(box.row, int(rows.max(initial=0)))
    box.n_cells += len(odd) or int((columns > 0).sum())


def column_number(letters: str) -> int:
    """Turn column letters into a number from 1.

    Examples
    --------
    >>> column_number("A"), column_number("AA"), column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(index: int) -> str:
    """Turn a column position from 0 into its letters.

    Examples
    --------
    >>> column_letters(0), column_letters(26)
    ('A', 'AA')
    """
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _too_large(part: str, limit: int, zh: str, en: str, place: Place) -> ReadError:
    megabytes = limit // 2**20
    return ReadError(
        zh=f"{zh}解压后超过 {megabytes} MB（部件 {part}），像是压缩炸弹或不是问卷导出，已拒绝。",
        en=f"Inflated, {en} exceed {megabytes} MB (part {part}): refused.",
        place=place,
    )
