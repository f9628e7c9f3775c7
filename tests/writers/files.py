"""Writes a table into each kind of file: xlsx, xls, csv in several encodings."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

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


def cells_of(file: Path) -> list[list[object]]:
    """The cells of a csv file, or of the first sheet of an xlsx file, read without the product."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return [[*row] for row in csv.reader(stream)]
    page = openpyxl.load_workbook(file).worksheets[0]
    return [["" if c.value is None else c.value for c in row] for row in page.iter_rows()]


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


def write_ods(path: Path, table: Table, *, repeated: int = 1) -> Path:
    """As OpenDocument 1.2 part 1 §9 says; the last row stands there several times."""

    def cell(value: object) -> str:
        text = f"<text:p>{escape(str(value))}</text:p>"
        return f"<table:table-cell office:value-type='string'>{text}</table:table-cell>"

    rows = [f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in table]
    rows[-1] = rows[-1].replace(">", f" table:number-rows-repeated='{repeated}'>", 1)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f"<office:document-content xmlns:office='{space}:office:1.0' "
        f"xmlns:table='{space}:table:1.0' xmlns:text='{space}:text:1.0'><office:body>"
        f"<office:spreadsheet><table:table table:name='Sheet1'>{''.join(rows)}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f"<manifest xmlns='{space}:manifest:1.0'/>")
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return path


def write_xlsb(path: Path, table: Table, *, last_row: int | None = None) -> Path:
    """As [MS-XLSB] §2.4 says; the last row may stand far below the others."""

    def record(number: int, body: bytes = b"") -> bytes:
        name = bytes([number] if number < 128 else [number & 127 | 128, number >> 7])
        size = len(body)
        return name + bytes([size & 127 | 128, size >> 7] if size > 127 else [size]) + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    rows = [*range(len(table) - 1), len(table) - 1 if last_row is None else last_row]
    extent = struct.pack("<4I", 0, rows[-1], 0, len(table[0]) - 1)
    cells = b"".join(
        record(0, struct.pack("<I", at) + bytes(21))
        + b"".join(record(6, struct.pack("<II", j, 0) + wide(str(c))) for j, c in enumerate(row))
        for at, row in zip(rows, table, strict=True)
    )
    sheet = record(129) + record(148, extent) + record(145) + cells + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet1"))
    book = record(131) + record(143) + bundle + record(144) + record(132)
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    link = (
        f"<Relationships xmlns='{relations}'><Relationship Id='rId1' Type='http://schemas."
        "openxmlformats.org/officeDocument/2006/relationships/worksheet' "
        "Target='worksheets/sheet1.bin'/></Relationships>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", link)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
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
    "xlsx named xls": (".xls", write_xlsx),  # SEEN
    "xls named et": (".et", write_xls),  # ASSUMED
    "csv tabs": (".tsv", _csv("utf-8", delimiter="\t")),  # SEEN
    "csv utf-8 bom": (".csv", _csv("utf-8-sig")),  # SEEN
    "csv utf-8": (".csv", _csv("utf-8", newline="\n")),  # SEEN
    "csv gb18030": (".csv", _csv("gb18030", final_newline=False)),  # SEEN
    "csv utf-16": (".csv", _csv("utf-16", delimiter="\t")),  # ASSUMED
    "csv semicolon": (".csv", _csv("utf-8-sig", delimiter=";")),  # ASSUMED
    "csv named xls": (".xls", _csv("gb18030")),  # ASSUMED
}
