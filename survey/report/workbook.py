"""The report's tables as a workbook: one sheet a table, numbers as numbers, native charts."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report import workbook_looks
from survey.report.cells import is_census
from survey.report.document import Bullets, Column, Document, Kind, Table, Terms, Text
from survey.report.texts import sentence
from survey.report.wording.phrases import rows
from survey.report.workbook_looks import NUMBER_FORMATS, Field, number_format

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

POINTS_DECIMALS = 6
"""Decimals of percentage points in a cell: more than the data can bear, few enough to read."""
IN_POINTS = frozenset({"points", "points_interval"})
RISKY = ("=", "+", "-", "@", "\t", "\r")
FONT = "微软雅黑"
WIDEST = 44
UPRIGHT_FROM, UPRIGHT_WIDTH = 40, 150
"""Rows from which a sheet is printed upright, where few pages hold more, and its greatest width."""


def write(document: Document, path: Path) -> Path:
    """Write a document's tables as ``.xlsx``.

    Parameters
    ----------
    document : Document
        Its tables become sheets; its answers and definitions become the first sheet.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    _about(sheet, document)
    styles: _Styles = {}
    for table in document.tables():
        _table_sheet(book, table, document.language, styles)
    book.save(path)
    return path


def put(sheet: Worksheet, row: int, column: int, value: object) -> Cell:
    """Write a value into a cell of a sheet."""
    return fill(sheet.cell(row, column), value)  # type: ignore[arg-type]


def fill(cell: Cell, value: object) -> Cell:
    """Give a cell its value, none where it is missing; text like a formula is marked as text.

    Returns
    -------
    Cell
        It, with Excel's own text mark (quote prefix) where its text begins with one of
        ``= + - @``, a tab or a carriage return.
    """
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell.value = text = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
        if text.startswith(RISKY):
            cell.quotePrefix = True
    elif formats.present(value):
        cell.value = value  # type: ignore[assignment]
    return cell


def _about(sheet: Worksheet, document: Document) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import quote_sheetname

    language = document.language
    sheet.title = say(language, "说明", "About")
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 96
    sheet.sheet_view.showGridLines = False
    put(sheet, 1, 1, document.title).font = Font(name=FONT, size=16)
    put(sheet, 2, 1, document.subtitle).font = Font(name=FONT, color="565C64")
    row = 4
    for heading, pairs in _notes(document):
        put(sheet, row, 1, heading).font = Font(name=FONT, size=12, bold=True)
        for term, text in pairs:
            row += 1
            put(sheet, row, 1, term).font = Font(name=FONT, color="565C64")
            put(sheet, row, 2, text).font = Font(name=FONT)
            for column in (1, 2):
                sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
        row += 2
    _heights(sheet)
    for number, table in enumerate(document.tables()):
        line = row - 1 - len(document.tables()) + number
        sheet.cell(line, 1).hyperlink = f"#{quote_sheetname(table.sheet)}!A1"
    sheet.row_dimensions[1].height = 26
    _page(sheet)


def _mark_up(sheet: Worksheet, name: str) -> None:
    """Tell programs, and who hears the sheet read, that it is one table; else let it be sorted."""
    from openpyxl.worksheet.table import Table as Marked

    heads = [cell.value for cell in sheet[1]]
    if len(set(heads)) == len(heads):
        sheet.add_table(Marked(displayName=name, ref=sheet.dimensions))
    else:
        sheet.auto_filter.ref = sheet.dimensions


def _notes(document: Document) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    language = document.language
    first = document.sections[0].blocks
    said = [block.text for block in first if isinstance(block, Text) and block.tone != "heading"]
    asked = [text for block in first if isinstance(block, Bullets) for text in block.texts]
    terms = tuple(pair for b in document.blocks() if isinstance(b, Terms) for pair in b.pairs)
    sheets = tuple((table.sheet, table.caption) for table in document.tables())
    empty = sentence(language, "workbook.empty")
    notes = [
        (say(language, "结论", "Conclusion"), tuple(("", text) for text in said + asked)),
        (say(language, "空格", "Empty cells"), (("", empty),)),
        (say(language, "名词", "Terms"), terms),
        (say(language, "工作表", "Sheets"), sheets),
    ]
    return [(heading, pairs) for heading, pairs in notes if pairs]


class _Look(NamedTuple):
    """What decides how a cell of a table is set."""

    kind: Kind
    is_first: bool
    number_format: str = "General"
    is_marked: bool = False  # as text
    is_head: bool = False


_Styles: TypeAlias = dict[_Look, Any]
"""Of one workbook: openpyxl looks every part of a style up anew; what looks alike shares one."""


def _dress(cell: Any, look: _Look, styles: _Styles) -> Any:
    if look not in styles:
        from openpyxl.styles import Alignment, Border, Font, Side

        is_number = look.kind in NUMBER_FORMATS
        cell.font = Font(name=FONT, size=10, bold=look.is_head or None)
        cell.number_format = look.number_format
        cell.alignment = Alignment(
            wrap_text=look.is_head or look.kind == "text",
            vertical="bottom" if look.is_head else "top",
            horizontal="right" if is_number else "left",
            # keeps texts off the figures that end at their left
            indent=0 if is_number or look.is_first else 1,
        )
        if look.is_head:
            cell.border = Border(bottom=Side(style="thin", color="1F2328"))
        styles[look] = cell._style
    cell._style = styles[look]
    return cell


def _table_sheet(book: Workbook, table: Table, language: Language, styles: _Styles) -> None:
    from openpyxl.cell.cell import Cell
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(table.sheet)
    parts = [(field, column) for column in table.columns for field in _fields(column, language)]
    fields = [field for field, _ in parts]
    heads = [
        _dress(fill(Cell(sheet, 1, at), label), _Look(kind, at == 1, is_head=True), styles)
        for at, (_, label, kind) in enumerate(fields, start=1)
    ]
    sheet.append(heads)
    for row, record in enumerate(rows(table.frame), start=2):
        cells = []
        for at, ((name, _, kind), column) in enumerate(parts, start=1):
            if kind == "interval" and is_census(record, column):
                shown: object = vocabulary.census(language)
            else:
                shown = value(record[name], kind, language, upper=name == column.high)
            cell = fill(Cell(sheet, row, at), shown)
            written = number_format(shown, kind, column.bar)
            cells.append(_dress(cell, _Look(kind, at == 1, written, cell.quotePrefix), styles))
        sheet.append(cells)
    for position, width in enumerate(_widths(sheet), start=1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    _heights(sheet)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.print_area = sheet.dimensions
    sheet.oddFooter.left.text = table.foot or None
    if len(table.frame):
        _mark_up(sheet, table.name)
        workbook_looks.colour_verdicts(sheet, fields, language)
        workbook_looks.add_chart(sheet, table, fields)
    _page(sheet)


def value(raw: Any, kind: Kind, language: Language = "zh", *, upper: bool = False) -> object:
    """Give the value of a cell: numbers stay numbers, codes and infinity become words.

    Examples
    --------
    >>> value(0.037, "points"), value("below", "verdict"), value(float("nan"), "share")
    (3.7, '未达标', None)
    >>> value(float("inf"), "share"), value(11.5, "rank_interval", upper=True)
    ('达不到', 12)
    """
    if not formats.present(raw):
        return None
    if kind == "verdict":
        return vocabulary.verdict(str(raw), language)
    if kind == "text":
        return str(raw)
    number = formats.number(raw)
    if kind in IN_POINTS:
        return round(100 * number, POINTS_DECIMALS)
    if kind == "rank_interval":
        return math.ceil(number) if upper else math.floor(number)
    if math.isinf(number):
        return vocabulary.out_of_reach(language)
    return int(number) if kind == "count" else number


def _fields(column: Column, language: Language) -> list[Field]:
    if not column.high:
        return [(column.name, column.label, column.kind)]
    both = say(language, "下限～上限", "Lower–upper")
    ends = [say(language, "下限", "Lower"), say(language, "上限", "Upper")]
    if both in column.label:
        low, high = (column.label.replace(both, end) for end in ends)
    else:
        low, high = (f"{column.label}{say(language, '', ', ')}{end.lower()}" for end in ends)
    return [(column.name, low, column.kind), (column.high, high, column.kind)]


def _heights(sheet: Worksheet) -> None:
    """Give every row room for its wrapped texts: not every program works that out itself."""
    from openpyxl.utils import get_column_letter

    letters = map(get_column_letter, range(1, sheet.max_column + 1))
    widths = [sheet.column_dimensions[letter].width - 2 for letter in letters]
    for row, cells in enumerate(sheet.values, start=1):
        lines = max(
            math.ceil(_columns(value) / wide) for value, wide in zip(cells, widths, strict=True)
        )
        if lines > 1:
            sheet.row_dimensions[row].height = 15.5 * lines


def _widths(sheet: Worksheet) -> list[float]:
    widths: list[float] = []
    for values in zip(*sheet.values, strict=True):
        head, *rest = map(_columns, values)
        # headings are wrapped, two characters a line at least
        widths.append(min(max([min(head, 8), *rest]) + 2, WIDEST))
    return widths


def _columns(value: object) -> int:
    """Measure the value of a cell in half-width columns as it will be shown."""
    return 7 if isinstance(value, float) else _length(str(value or ""))


@lru_cache(maxsize=10_000)
def _length(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _page(sheet: Worksheet) -> None:
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    width = sum(column.width for column in sheet.column_dimensions.values())
    is_long = sheet.max_row > UPRIGHT_FROM and width <= UPRIGHT_WIDTH
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.page_setup.orientation = "portrait" if is_long else "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
