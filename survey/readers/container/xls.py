"""xls workbooks (BIFF8), which 问卷星 wrote up to about 2019, through xlrd."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.container.guard import MAX_BOX_CELLS, MAX_TOTAL_BYTES, column_letters, damaged
from survey.readers.container.opened import encrypted
from survey.readers.container.sheet import Sheet, encode_rows
from survey.readers.container.xlsx import full, unseen
from survey.readers.problems import Problem, abridged

if TYPE_CHECKING:
    import xlrd

BIFF_ROWS = 65_536
# A lone cell far away makes a sheet of millions of blanks.
_LARGE_BOX = 500_000
_SPARSE = 20


def read_xls(path: Path) -> list[Sheet]:
    """Read all sheets of an xls workbook.

    In workbook order, hidden ones too.

    Raises
    ------
    ReadError
        Encrypted, damaged or too large.
    """
    import xlrd

    place = Place(file=path.name)
    if path.stat().st_size > MAX_TOTAL_BYTES:
        raise ReadError(
            zh="xls 文件超过 512 MB，已拒绝。",
            en="The xls file exceeds 512 MB: refused.",
            place=place,
        )
    try:
        book = xlrd.open_workbook(
            path, logfile=io.StringIO(), formatting_info=True, ragged_rows=True
        )
        return [_sheet(path.name, book, sheet) for sheet in book.sheets()]
    except xlrd.XLRDError as fault:
        raise (encrypted if "encrypted" in str(fault) else damaged)(place) from fault
    except ReadError:
        raise
    except Exception as fault:  # xlrd passes on whatever its parser stumbles over
        raise damaged(place) from fault


def _sheet(file: str, book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    problems: list[Problem] = []
    box = sheet.nrows * sheet.ncols
    written = sum(map(sheet.row_len, range(sheet.nrows)))
    if box > MAX_BOX_CELLS or (box > _LARGE_BOX and box > _SPARSE * written):
        raise ReadError(
            zh=f"工作表写到了第 {sheet.nrows:,} 行、第 {sheet.ncols:,} 列，却几乎是空的，已拒绝。"
            "文件可能损坏，或误在远处留下了一个单元格：请把数据复制到新的工作簿再试。",
            en=f"The sheet reaches row {sheet.nrows:,} and column {sheet.ncols:,} but is nearly "
            "empty: refused. Copy the data into a new workbook.",
            place=Place(file=file, sheet=sheet.name),
        )
    if sheet.nrows == BIFF_ROWS:
        problems.append(full(file, sheet.name, BIFF_ROWS))
    columns = encode_rows(_rows(file, book, sheet, problems), sheet.ncols, sheet.nrows)
    merged = tuple(
        (top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells
    )
    read = Sheet(
        file,
        sheet.name,
        columns,
        np.arange(1, sheet.nrows + 1, dtype=np.int32),
        merged,
        abridged(problems, file),
        not sheet.visibility,
        bool(book.datemode),
    )
    rows = {index + 1 for index, row in sheet.rowinfo_map.items() if row.hidden}
    return unseen(read, rows, {at + 1 for at, c in sheet.colinfo_map.items() if c.hidden})


def _rows(
    file: str, book: xlrd.book.Book, sheet: xlrd.sheet.Sheet, problems: list[Problem]
) -> Iterator[list[object]]:
    import xlrd

    for index in range(sheet.nrows):
        values: list[object] = list(sheet.row_values(index))
        for column, kind in enumerate(sheet.row_types(index)):
            value = values[column]
            if kind == xlrd.XL_CELL_DATE:
                with suppress(OverflowError):  # beyond any date, such as a telephone number
                    values[column] = xlrd.xldate_as_datetime(value, book.datemode)
            elif kind == xlrd.XL_CELL_BOOLEAN:
                values[column] = bool(value)
            elif kind == xlrd.XL_CELL_ERROR:
                values[column] = None
                name = xlrd.error_text_from_code.get(value, "?")
                problems.append(
                    Problem(
                        zh=f"单元格是错误值 {name}，按空白处理。",
                        en=f"The cell holds the error {name}; taken as blank.",
                        place=Place(
                            file=file,
                            sheet=sheet.name,
                            row=index + 1,
                            column=column_letters(column),
                        ),
                        severity="warning",
                    )
                )
        yield values + [None] * (sheet.ncols - len(values))
