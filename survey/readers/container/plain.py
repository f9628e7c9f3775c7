"""Large worksheets of texts and plain numbers as arrays, without a Python object a cell.

So platforms write their downloads, and office programs write them again. Of numbers that a style
shows as times calamine is asked once each; anything else, be it a formula or another order of
attributes, is left to it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

import numpy as np
import numpy.typing as npt

from survey.errors import Place
from survey.readers.container.guard import IS_SPACE, column_number, require_filled
from survey.readers.container.opened import opened
from survey.readers.container.parts import DIRECTORY, Worksheet, plain_styles, worksheets
from survey.readers.container.sheet import Column, IntArray, cell_text
from survey.readers.container.texts import PAD, Bytes, Positions, Texts, placed

_Bools = npt.NDArray[np.bool_]


class Plain(NamedTuple):
    """What a plain worksheet holds."""

    columns: tuple[Column, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    beyond: tuple[int, ...]  # positions of columns with numbers shown as times beyond any


_STRINGS = "xl/sharedStrings.xml"
_ITEM = re.compile(
    r'<si><t(?: xml:space="preserve")?(?:/>|>([^<]*)</t>)(?:<phoneticPr [^<>]*/>)?</si>'
)
_OPENING = re.compile(rb"<sheetData(/?)>")
_CLOSING = b"</sheetData>"
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/>')
_BLOCK = 2**20
_MOST_DIGITS = 7
# Blanks at the edges of a text count only where it says so.
_BARE_BLANK = re.compile(r"<t>(?:\s|[^<]*\s</t>)")
_BLANK_EDGES = [edge % blank for edge in ("<t>%s", "%s</t>") for blank in " \t\n"]
_LONGEST_ROW = 8 * _BLOCK
_REFERENCE = re.compile("&[^;]+;")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TYPES = (b"s", b"n", b"str", b"inlineStr", b"b")
_SHARED, _NUMERIC, _FORMULA, _INLINE, _BOOLEAN = range(len(_TYPES))
# A cell from behind its reference on.
_STYLED = re.compile(rf'(?: s="\d+"| t="[nb]")+><v>({_NUMBER.pattern})')


def plain_sheets(path: Path) -> dict[Worksheet, Plain | None]:
    """Read the worksheets of an xlsx file, in the order of the workbook, that are plain.

    None for one of which anything is not as plain as that; empty where the workbook is not.

    Raises
    ------
    ReadError
        A worksheet reaches far beyond its cells.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = worksheets(archive)
            strings = _plain_strings(archive)
            if strings is None or len({sheet.name for sheet in sheets}) < len(sheets):
                return {}
            styles = plain_styles(archive)
            return {
                sheet: _plain(
                    archive, sheet.part, strings, styles, Place(file=path.name, sheet=sheet.name)
                )
                for sheet in sheets
            }
    except (zipfile.BadZipFile, KeyError, ParseError, UnicodeDecodeError):
        return {}  # the other way says what is wrong


def _plain(
    archive: zipfile.ZipFile, part: str, strings: Sequence[str], styles: _Bools, place: Place
) -> Plain | None:
    cells = _Cells(len(strings), styles, Texts(), Texts())
    found = []
    rest = b""
    for block, after in _whole_rows(archive, part):
        read = cells.read(block) if block is not None else None
        if read is None:
            return None
        found.append(read)
        rest = after
    merged = tuple(
        (int(top), column_number(left.decode()) - 1, int(bottom), column_number(right.decode()) - 1)
        for left, top, right, bottom in _MERGED.findall(rest)
    )
    texts, numbers = cells.texts.strings(), cells.numbers.strings()
    everything = "\0".join(texts)
    styled = {cell: match for cell in numbers if (match := _STYLED.fullmatch(cell))}
    known = all(cell in styled or _NUMBER.fullmatch(cell) for cell in numbers)
    if "\r" in everything or "_x" in everything or not known:
        return None
    if len(merged) != rest.count(b"<mergeCell "):
        return None
    texts = _unescaped(texts)
    shown = dict(zip(styled, _shown(archive, part, place, [*styled]), strict=True))
    beyond = [-2 - at for at, cell in enumerate(numbers) if shown.get(cell, "") is None]
    values = (
        float(styled[cell][1] if cell in styled else cell) if (v := shown.get(cell)) is None else v
        for cell in reversed(numbers)
    )
    # Numbers are counted from the end, where -1 is no cell.
    levels = [*strings, *texts, *map(cell_text, values), ""]
    width, height = (max(int(part[at].max(initial=-1)) for part in found) + 1 for at in (0, 1))
    n_cells = sum(part.shape[1] for part in found)
    require_filled(height, width, n_cells, place)
    table = np.full((width, height), -1, np.int32)
    for columns, rows, places in found:
        table[columns, rows] = places
    if np.count_nonzero(table != -1) < n_cells:  # one stands there twice
        return None
    columns = tuple(placed(of_column, levels) for of_column in table)
    holding = (at for at, column in enumerate(table) if beyond and np.isin(column, beyond).any())
    return Plain(columns, merged, tuple(holding))


def _shown(
    archive: zipfile.ZipFile, part: str, place: Place, cells: Sequence[str]
) -> Iterator[object]:
    """Let calamine say what numbers show by their styles, from a workbook of these cells alone.

    None for a time beyond any.
    """
    if not cells:
        return
    rows = (f'<row r="{n}"><c r="A{n}"{cell}</v></c></row>' for n, cell in enumerate(cells, 1))
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as copy:
        for name in DIRECTORY:
            if name in archive.namelist():
                copy.writestr(name, archive.read(name))
        copy.writestr(part, f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>")
    book.seek(0)
    with opened(book, place) as workbook:
        stream = workbook.get_sheet_by_name(place.sheet or "").iter_rows()
        for _ in cells:
            try:
                yield next(stream)[0]
            except OverflowError:
                yield None


def _plain_strings(archive: zipfile.ZipFile) -> list[str] | None:
    """Give the shared strings, or None where one is more than plain text."""
    if _STRINGS not in archive.namelist():
        return []
    strings: list[str] = []
    rest = b""
    with archive.open(_STRINGS) as stream:
        while block := stream.read(_BLOCK):
            whole, end, rest = (rest + block).rpartition(b"</si>")
            text = (whole + end).decode()
            text = text[max(text.find("<si"), 0) :]
            items = _ITEM.findall(text)
            odd = any(sign in text for sign in ("\r", "_x", "<![", "<!--"))
            odd |= any(edge in text for edge in _BLANK_EDGES) and bool(_BARE_BLANK.search(text))
            if odd or len(items) != text.count("<si"):
                return None
            strings += _unescaped(items)
    return None if b"<si" in rest else strings


def _unescaped(texts: list[str]) -> list[str]:
    """Write the characters that references stand for; some programs write all Chinese so."""
    everything = "\0".join(texts)
    if "&" not in everything:
        return texts
    return _REFERENCE.sub(lambda found: _character(found[0]), everything).split("\0")


_character = cache(unescape)


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes | None, bytes]]:
    """Give the rows of a worksheet in blocks, and with the last what follows them."""
    with archive.open(part) as stream:
        block = stream.read(_BLOCK)
        opening = _OPENING.search(block)
        if opening is None:
            yield None, b""
            return
        block = block[opening.end() :]
        if opening[1]:
            yield b"", block + stream.read()
            return
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


class _Cells(NamedTuple):
    """What cells may hold: a shared string, a text of their own, a number."""

    n_strings: int
    plain_styles: _Bools
    texts: Texts
    numbers: Texts

    def read(self, rows: bytes) -> npt.NDArray[np.int32] | None:
        """Give column and row, from 0, and the text of every cell that holds one, shape (3, n).

        Texts of their own are counted on from the shared strings, numbers from −2 downwards.
        """
        block = bytes(PAD) + rows + bytes(PAD)
        cells = np.frombuffer(block, np.uint8)
        tags = np.flatnonzero(cells == ord("<"))
        kind, second = cells[tags + 1], cells[tags + 2]
        is_cell, is_value = kind == ord("c"), (kind == ord("v")) | (kind == ord("t"))
        known = is_cell | is_value | (kind == ord("/"))
        known |= (kind == ord("r")) & (second == ord("o"))
        known |= (kind == ord("i")) & (second == ord("s"))
        tags_of_values = np.flatnonzero(is_value)
        if not known.all() or (tags_of_values + 1 == len(tags)).any():
            return None
        starts, values, ends = tags[is_cell], tags[is_value], tags[tags_of_values + 1]
        owner = np.searchsorted(starts, values) - 1
        if (np.diff(owner, prepend=-1) < 1).any() or not _follows(cells, starts, b'<c r="'):
            return None
        columns, at = _number(cells, starts[owner] + 6, letters=True)
        lines, at = _number(cells, at)
        if not _follows(cells, at, b'"') or (len(at) and min(columns.min(), lines.min()) < 1):
            return None
        told = _attributes(cells, at + 1)
        if told is None:
            return None
        places = self._places(block, cells, at + 1, *told, values, ends)
        return None if places is None else np.array([columns - 1, lines - 1, places], np.int32)

    def _places(
        self,
        block: bytes,
        cells: Bytes,
        told: Positions,
        types: Positions,
        styles: Positions,
        at: Positions,
        values: Positions,
        ends: Positions,
    ) -> IntArray | None:
        places = np.empty(len(values), np.int32)
        is_inline = types == _INLINE
        begin = values + len(b"<v>")
        if is_inline.any():
            spaced = _stands(cells, values, b'<t xml:space="preserve">')
            begin[spaced] += len(b' xml:space="preserve"')
            whole = _follows(cells, at[is_inline], b"><is><t")
            whole &= _follows(cells, ends[is_inline], b"</t></is></c>")
            whole &= bool((values == at + len(b"><is>"))[is_inline].all())
            bare = is_inline & ~spaced & (begin < ends)
            blank = IS_SPACE[cells[begin[bare]]] | IS_SPACE[cells[ends[bare] - 1]]
            if not whole or blank.any():
                return None
        other = ~is_inline
        if not (
            _follows(cells, at[other], b"><v>")
            and (values == at + 1)[other].all()
            and _follows(cells, ends[other], b"</v></c>")
            and _follows(cells, begin - 1, b">")
        ):
            return None
        shared, text = types == _SHARED, (types == _FORMULA) | is_inline
        # A style that the workbook does not have is looked up as the last, which is not plain.
        plain = self.plain_styles[np.minimum(styles, len(self.plain_styles) - 1)]
        numeric, styled = (types == _NUMERIC) & plain, (types == _NUMERIC) & ~plain
        styled |= types == _BOOLEAN
        if shared.any():
            number, end = _number(cells, begin[shared])
            if (end != ends[shared]).any() or number.max() >= self.n_strings:
                return None
            places[shared] = number
        for some, begins in ((numeric, begin), (styled, told)):
            if some.any():
                places[some] = -2 - self.numbers.places(block, begins[some], ends[some])
        if text.any():
            places[text] = self.n_strings + self.texts.places(block, begin[text], ends[text])
        return places


def _attributes(cells: Bytes, at: Positions) -> tuple[Positions, Positions, Positions] | None:
    """Read type and style that stand in tags, in either order, and where the attributes end."""
    types, styles, at = np.full(len(at), _NUMERIC), np.zeros(len(at), np.int64), at.copy()
    for _ in range(2):
        styled = np.flatnonzero(_stands(cells, at, b' s="'))
        if len(styled):
            styles[styled], end = _number(cells, at[styled] + len(b' s="'))
            if not _follows(cells, end, b'"'):
                return None
            at[styled] = end + 1
        typed = np.flatnonzero(_stands(cells, at, b' t="'))
        places = at[typed] + len(b' t="')
        for number, name in enumerate(_TYPES):
            this = typed[_stands(cells, places, b'%b"' % name)]
            types[this] = number
            at[this] += len(b' t=""') + len(name)
    return types, styles, at


def _stands(cells: Bytes, at: Positions, text: bytes) -> _Bools:
    """Tell at which places a text stands."""
    stands = np.ones(len(at), np.bool_)
    for offset, byte in enumerate(text):
        stands &= cells[at + offset] == byte
        if not stands.any():
            break
    return stands


def _follows(cells: Bytes, at: Positions, text: bytes) -> bool:
    """Tell whether a text stands at every place."""
    return bool(_stands(cells, at, text).all())


def _number(cells: Bytes, at: Positions, *, letters: bool = False) -> tuple[Positions, Positions]:
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
