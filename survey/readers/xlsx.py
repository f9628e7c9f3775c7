"""xlsx workbooks: the guard first, then calamine, or openpyxl where calamine would lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.guard import column_letters, damaged, inspect
from survey.readers.problems import Problem, abridged
from survey.readers.sheet import Column, Sheet, encode_rows

EXCEL_ROWS = 1_048_576


class _Cell(Protocol):
    """What openpyxl's streamed cells, filled or empty, have in common."""

    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


class _Rows(Protocol):
    """What is needed of openpyxl's streamed sheets."""

    def iter_rows(self) -> Iterator[tuple[_Cell, ...]]: ...


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
    if report.flagged:
        return _by_openpyxl(path)
    return _by_calamine(path, booleans=report.booleans)


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


def _by_openpyxl(path: Path) -> list[Sheet]:
    """Read cells with openpyxl, streaming; calamine still tells shape, merges and visibility."""
    import openpyxl

    shapes = _by_calamine(path, booleans=True)
    try:
        with (
            closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as values,
            closing(openpyxl.load_workbook(path, read_only=True, data_only=False)) as formulas,
        ):
            return [_checked(shape, values[shape.name], formulas[shape.name]) for shape in shapes]
    except Exception as fault:  # openpyxl passes on whatever its parser stumbles over
        raise damaged(Place(file=path.name)) from fault


def _checked(shape: Sheet, values: _Rows, formulas: _Rows) -> Sheet:
    problems: list[Problem] = []
    n_columns = len(shape.columns)
    rows = islice(_checked_rows(shape, values, formulas, problems), shape.n_rows)
    columns = encode_rows(rows, n_columns, shape.n_rows)
    n_rows = len(columns[0].codes) if columns else 0
    return replace(
        shape,
        columns=columns,
        rows=shape.rows[:n_rows],
        problems=(*shape.problems, *abridged(problems, shape.file)),
    )


def _checked_rows(
    shape: Sheet, values: _Rows, formulas: _Rows, problems: list[Problem]
) -> Iterator[list[object]]:
    n_columns = len(shape.columns)
    streams = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (cells, sources) in enumerate(streams, 1):
        row: list[object] = []
        for index, (cell, source) in enumerate(zip(cells, sources, strict=True)):
            fault = _fault(cell, source)
            row.append(None if fault else cell.value)
            if fault:
                place = shape.place(row=number, column=column_letters(index))
                problems.append(Problem(zh=fault[0], en=fault[1], place=place, severity="warning"))
        yield row[:n_columns] + [None] * (n_columns - len(row))


def _fault(cell: _Cell, source: _Cell) -> tuple[str, str] | None:
    if cell.data_type == "e":
        return (
            f"单元格是错误值 {cell.value}，按空白处理。",
            f"The cell holds the error {cell.value}; taken as blank.",
        )
    if source.data_type == "f" and cell.value is None:
        return (
            "单元格是没有存储结果的公式，按空白处理。请用 Excel 打开并保存一次。",
            "The cell is a formula without a stored value; taken as blank. "
            "Open the file in Excel and save it.",
        )
    return None
