"""Writes a table into each kind of file: xlsx, xls, csv in several encodings."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import xlwt

Table = Sequence[Sequence[object]]


def write_xlsx(path: Path, table: Table, *, sheet: str = "Sheet1", empty_sheets: int = 0) -> Path:
    """SEEN: one sheet, sometimes two empty ones behind it."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in table:
        page.append(["" if cell is None else cell for cell in row])
    # Appending leaves formulas where a text begins with the sign; answers are never formulas.
    for cells in page.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
    for number in range(empty_sheets):
        book.create_sheet(f"空{number}")
    book.save(path)
    return path


def write_xls(path: Path, table: Table) -> Path:
    """SEEN up to about 2019."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Sheet1")
    for i, row in enumerate(table):
        for j, cell in enumerate(row):
            page.write(i, j, cell)
    book.save(str(path))
    return path


def write_csv(
    path: Path,
    table: Table,
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ",",
    newline: str = "\r\n",
    final_newline: bool = True,
) -> Path:
    """SEEN: UTF-8, BOM or not, GB18030, LF and CRLF, no final newline; the rest ASSUMED."""
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator=newline).writerows(
        [_csv_text(cell) for cell in row] for row in table
    )
    text = target.getvalue()
    path.write_bytes((text if final_newline else text.removesuffix(newline)).encode(encoding))
    return path


def _csv_text(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _csv(encoding: str, **options: object) -> Callable[[Path, Table], Path]:
    return lambda path, table: write_csv(path, table, encoding=encoding, **options)  # type: ignore[arg-type]


CONTAINERS: dict[str, tuple[str, Callable[[Path, Table], Path]]] = {
    "xlsx": (".xlsx", write_xlsx),  # SEEN
    "xlsx with empty sheets": (".xlsx", lambda p, t: write_xlsx(p, t, empty_sheets=2)),  # SEEN
    "xls": (".xls", write_xls),  # SEEN
    "xls named xlsx": (".xlsx", write_xls),  # ASSUMED
    "csv utf-8 bom": (".csv", _csv("utf-8-sig")),  # SEEN
    "csv utf-8": (".csv", _csv("utf-8", newline="\n")),  # SEEN
    "csv gb18030": (".csv", _csv("gb18030", final_newline=False)),  # SEEN
    "csv utf-16": (".csv", _csv("utf-16", delimiter="\t")),  # ASSUMED
    "csv semicolon": (".csv", _csv("utf-8-sig", delimiter=";")),  # ASSUMED
    "csv named xls": (".xls", _csv("gb18030")),  # ASSUMED
}
