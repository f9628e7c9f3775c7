"""Write a workbook to fill in: protected but for its yellow cells, with lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.errors import Language
from survey.forms.declaration import Column, Form, Line
from survey.text import Text

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

HEADER_ROW = 2
"""The first row holds the note."""
_YELLOW, _GREY = "FFFF99", "DDDDDD"
_LISTS = "lists"
_RISKY = ("=", "+", "-", "@")
_MAX_LINES = 4
"""Lines of text that a row is made high enough for."""


def write(
    path: str | Path, filled: Mapping[Form, Sequence[Line]], language: Language = "zh"
) -> None:
    """Write forms with their lines as the sheets of one workbook.

    Parameters
    ----------
    filled : mapping of Form to sequence of Line
        In the order of the sheets.

    Examples
    --------
    >>> import tempfile
    >>> from survey.forms import Text, read
    >>> name = Column("name", Text("名称", "Name"), 9)
    >>> answer = Column("a", Text("答", "A"), 9, filled=True)
    >>> form = Form("ask", Text("问", "Ask"), Text("请填。", "Please fill."), (name, answer))
    >>> file = Path(tempfile.mkdtemp()) / "form.xlsx"
    >>> write(file, {form: [Line({"name": "=1+1", "a": "好"}, ("好", "差"))]})
    >>> read(file, [form])[0].values
    {'name': '=1+1', 'a': '好'}
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    lists = _Lists()
    for form, lines in filled.items():
        _fill(book.create_sheet(form.name.text(language)), form, lines, lists, language)
    hidden = book.create_sheet(_LISTS)
    hidden.sheet_state = "hidden"
    for at, entries in enumerate(lists.columns, start=1):
        for row, entry in enumerate(entries, start=1):
            _put(hidden.cell(row, at), entry)
    book.save(path)


class _Lists:
    """Every distinct list of choices, once, in a column of a hidden sheet."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, ...], int] = {}

    def reference(self, choices: tuple[str, ...]) -> str:
        from openpyxl.utils import get_column_letter

        at = self.columns.setdefault(choices, len(self.columns) + 1)
        letter = get_column_letter(at)
        return f"{_LISTS}!${letter}$1:${letter}${len(choices)}"


def _fill(
    sheet: Worksheet, form: Form, lines: Sequence[Line], lists: _Lists, language: Language
) -> None:
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter

    wrapped = Alignment(wrap_text=True, vertical="top")
    yellow, grey = (PatternFill("solid", fgColor=color) for color in (_YELLOW, _GREY))
    line_below = Border(bottom=Side("thin", color=_GREY))
    width = sum(column.width for column in form.columns)
    note = form.note.text(language)
    _put(sheet.cell(1, 1), note)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(form.columns))
    sheet.cell(1, 1).alignment = wrapped
    sheet.row_dimensions[1].height = 16 * _lines(note, width)
    for at, column in enumerate(form.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
        head = sheet.cell(HEADER_ROW, at)
        _put(head, column.title.text(language))
        head.font, head.fill, head.alignment = Font(bold=True), grey, wrapped
    # openpyxl looks every part of a style up anew; cells that look alike share theirs
    styles: dict[tuple[int, bool], Any] = {}
    for row, line in enumerate(lines, start=HEADER_ROW + 1):
        texts = [line.values.get(column.key, "") for column in form.columns]
        cells = []
        for at, (column, text) in enumerate(zip(form.columns, texts, strict=True), start=1):
            cell: Any = Cell(sheet, row, at)
            look = at, text.startswith(_RISKY)
            if look in styles:
                _write(cell, text)
            else:
                _put(cell, text)
                cell.alignment, cell.border = wrapped, line_below
                if column.filled:
                    cell.fill, cell.protection = yellow, Protection(locked=False)
                    cell.number_format = _FORMATS[column.kind]
                styles[look] = cell._style
            cell._style = styles[look]
            cells.append(cell)
        sheet.append(cells)
        widths = (column.width for column in form.columns)
        high = max(map(_lines, texts, widths))
        sheet.row_dimensions[row].height = 16 * min(high, _MAX_LINES)
    _offer(sheet, form.columns, lines, lists, language)
    sheet.freeze_panes = f"A{HEADER_ROW + 1}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False


def _offer(
    sheet: Worksheet,
    columns: Sequence[Column],
    lines: Sequence[Line],
    lists: _Lists,
    language: Language,
) -> None:
    """Let every cell to fill offer its choices, and refuse what it cannot hold."""
    from openpyxl.utils import get_column_letter

    rules: dict[_Rule, DataValidation] = {}
    for row, line in enumerate(lines, start=HEADER_ROW + 1):
        for at, column in enumerate(columns, start=1):
            rule = _rule(column, line, language) if column.filled else None
            if rule is None:
                continue
            if rule not in rules:
                rules[rule] = _validation(rule, lists, language)
                sheet.add_data_validation(rules[rule])
            rules[rule].add(f"{get_column_letter(at)}{row}")


_Rule = tuple[str, ...] | tuple[date, date] | int
"""What a cell may hold: one of a list, a day between two, or a number from one on."""


def _rule(column: Column, line: Line, language: Language) -> _Rule | None:
    choices = line.choices or tuple(choice.text(language) for choice in column.choices)
    if choices:
        return choices
    if column.kind == "whole":
        return 1
    return line.between if column.kind == "date" else None


def _validation(rule: _Rule, lists: _Lists, language: Language) -> DataValidation:
    if isinstance(rule, int):
        said = Text("这一格只能填不小于 1 的整数。", "This cell takes a whole number from 1 on.")
        return _refusing("whole", said, language, operator="greaterThanOrEqual", formula1=str(rule))
    if isinstance(rule[0], date):
        first, last = (day for day in rule if isinstance(day, date))
        said = Text(
            f"这一格只能填 {first} 至 {last} 之间的日期。",
            f"This cell takes a date from {first} to {last}.",
        )
        ends = (f"DATE({day.year},{day.month},{day.day})" for day in (first, last))
        formulas = dict(zip(("formula1", "formula2"), ends, strict=True))
        return _refusing("date", said, language, operator="between", **formulas)
    said = Text(
        "这一格只能从下拉列表中选一项，或清空。", "This cell takes one of its list, or nothing."
    )
    reference = lists.reference(tuple(str(choice) for choice in rule))
    return _refusing("list", said, language, formula1=reference)


def _refusing(kind: str, said: Text, language: Language, **terms: Any) -> DataValidation:
    from openpyxl.worksheet.datavalidation import DataValidation

    return DataValidation(
        type=kind,  # type: ignore[arg-type]
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=Text("请改一下", "Please change it").text(language),
        error=said.text(language),
        **terms,
    )


_FORMATS = {"text": "@", "date": "yyyy-mm-dd", "whole": "0"}


def _put(cell: Any, text: str) -> None:
    """Write a text as text, whatever it begins with, also after it is edited."""
    _write(cell, text)
    cell.number_format = "@"
    if text:
        cell.quotePrefix = text.startswith(_RISKY)


def _write(cell: Any, text: str) -> None:
    if text:
        cell.value, cell.data_type = text, "s"


def _lines(text: str, width: int) -> int:
    """Estimate the lines that a text takes, a Chinese character being two wide."""
    return sum(
        1 + sum(1 + (char > "ÿ") for char in part) // max(width - 2, 1) for part in text.split("\n")
    )
