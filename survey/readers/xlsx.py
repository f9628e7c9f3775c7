"""xlsx workbooks: the guard first, then calamine, and a list of the cells it cannot show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.faults import faulty_cells
from survey.readers.guard import damaged, inspect
from survey.readers.problems import Problem
from survey.readers.sheet import Column, Sheet, encode_rows

EXCEL_ROWS = 1_048_576


def read_xlsx(path: Path) -> list[Sheet]:
    """Read all worksheets.

    Parameters
    ----------
    path : Path
        An xlsx or xlsm file.

    Returns
    -------
    list of Sheet
        In workbook order, hidden ones too.

    Raises
    ------
    ReadError
        The guard refuses the file, or it is damaged.
    """
    report = inspect(path)
    sheets = _by_calamine(path, booleans=report.booleans)
    if not report.flagged:
        return sheets
    faults = faulty_cells(path, sorted(report.flagged))
    return [
        replace(sheet, problems=(*sheet.problems, *faults.get(sheet.name, ()))) for sheet in sheets
    ]


def full(file: str, name: str, n_rows: int) -> Problem:
    """Build the warning for a sheet that has exactly as many rows as the format allows."""
    return Problem(
        zh=f"工作表恰好有 {n_rows:,} 行，是该格式的上限，数据很可能被截断。",
        en=f"The sheet has exactly {n_rows:,} rows, the limit of the format: probably truncated.",
        place=Place(file=file, sheet=name),
        severity="warning",
    )


def _by_calamine(path: Path, *, booleans: bool) -> list[Sheet]:
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            kinds = calamine.SheetTypeEnum
            return [
                _calamine_sheet(
                    path.name,
                    book.get_sheet_by_name(meta.name),
                    visible=meta.visible == calamine.SheetVisibleEnum.Visible,
                    booleans=booleans,
                )
                for meta in book.sheets_metadata
                if meta.typ == kinds.WorkSheet
            ]
    except calamine.PasswordError as fault:
        raise encrypted(Place(file=path.name)) from fault
    except calamine.CalamineError as fault:
        raise damaged(Place(file=path.name)) from fault
    except BaseException as fault:
        # A panic inside the Rust library arrives as a class that cannot be imported.
        if type(fault).__name__ == "PanicException":
            raise damaged(Place(file=path.name)) from fault
        raise


def encrypted(place: Place) -> ReadError:
    """Build the error for a workbook with a password."""
    return ReadError(
        zh="工作簿有打开密码（已加密），无法读取。请在 Excel/WPS 里去掉密码后另存为 xlsx。",
        en="The workbook is encrypted. Remove the password in Excel or WPS and save it again.",
        place=place,
    )


def _calamine_sheet(file: str, sheet: object, *, visible: bool, booleans: bool) -> Sheet:
    import python_calamine as calamine

    assert isinstance(sheet, calamine.CalamineSheet)
    if sheet.start is None or sheet.end is None:
        return Sheet(file, sheet.name, (), np.empty(0, np.int32), visible=visible)
    first_column = sheet.start[1]
    n_rows, n_columns = sheet.end[0] + 1, sheet.end[1] + 1
    notes = (full(file, sheet.name, EXCEL_ROWS),) if n_rows == EXCEL_ROWS else ()
    # The iterator gives leading blank rows but leaves leading blank columns out.
    used = encode_rows(sheet.iter_rows(), n_columns - first_column, n_rows, booleans=booleans)
    columns = (Column(np.zeros(n_rows, np.int32), ("",)),) * first_column + used
    merged = tuple(
        (top + 1, left, bottom + 1, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    rows = np.arange(1, n_rows + 1, dtype=np.int32)
    return Sheet(file, sheet.name, columns, rows, merged, notes, visible)
