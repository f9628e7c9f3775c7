"""xlsx workbooks: the guard first, then calamine, and a list of the cells it cannot show."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.container.faults import faulty_cells
from survey.readers.container.guard import MAX_BOX_CELLS, column_letters, damaged, inspect, look
from survey.readers.container.opened import opened
from survey.readers.container.parts import Worksheet
from survey.readers.container.plain import plain_sheets
from survey.readers.container.sheet import Column, Sheet, encode_rows, joined
from survey.readers.container.slices import large_sheets, slices
from survey.readers.problems import Problem

if TYPE_CHECKING:
    import python_calamine as calamine

EXCEL_ROWS = 1_048_576


def read_xlsx(path: Path) -> list[Sheet]:
    """Read all worksheets.

    In workbook order, hidden ones too.

    Raises
    ------
    ReadError
        The guard refuses the file, or it is damaged.
    """
    report = inspect(path)
    plain = plain_sheets(path)
    sheets = [_told(path.name, sheet, *cells) for sheet, cells in plain.items() if cells]
    if not plain or len(sheets) < len(plain):
        seen = look(path, {sheet.part for sheet, cells in plain.items() if cells})
        large = large_sheets(path, report.n_bytes)
        read = {sheet.name: sheet for sheet in sheets}
        sheets = by_calamine(path, large, read, booleans=seen.booleans)
        faults = faulty_cells(path, sorted(seen.flagged)) if seen.flagged else {}
        sheets = [replace(s, problems=(*s.problems, *faults.get(s.name, ()))) for s in sheets]
    hidden = {sheet.name: report.hidden.get(sheet.part) for sheet in plain}
    sheets = [unseen(s, h.rows, h.columns) if (h := hidden.get(s.name)) else s for s in sheets]
    return [replace(sheet, since_1904=report.since_1904) for sheet in sheets]


def unseen(sheet: Sheet, rows: Collection[int], columns: Collection[int]) -> Sheet:
    """Say how much content a sheet does not show: what a filter hides is an answer all the same.

    With a warning where there is any.
    """
    n_rows = int((sheet.occupied() & np.isin(sheet.rows, [*rows])).sum())
    letters = [
        column_letters(at)
        for at, column in enumerate(sheet.columns)
        if at + 1 in columns and any(map(str.strip, column.levels))
    ]
    if not n_rows and not letters:
        return sheet
    zh = [f"{n_rows} 行"] * bool(n_rows) + [f"{'、'.join(letters)} 列"] * bool(letters)
    en = [f"{n_rows} rows"] * bool(n_rows) + [f"columns {', '.join(letters)}"] * bool(letters)
    problem = Problem(
        zh=f"工作表中有 {'和 '.join(zh)}被隐藏（筛选或手动隐藏），仍照常计入。"
        "不应计入的，请删去后再读。",
        en=f"The sheet hides {' and '.join(en)} (by a filter or by hand); they count all the same. "
        "Delete what should not.",
        place=sheet.place(),
        severity="warning",
    )
    return replace(sheet, problems=(*sheet.problems, problem))


def full(file: str, name: str, n_rows: int) -> Problem:
    """Build the warning for a sheet that has exactly as many rows as the format allows."""
    return Problem(
        zh=f"工作表恰好有 {n_rows:,} 行，是该格式的上限，数据很可能被截断。",
        en=f"The sheet has exactly {n_rows:,} rows, the limit of the format: probably truncated.",
        place=Place(file=file, sheet=name),
        severity="warning",
    )


def by_calamine(
    path: Path, large: Mapping[str, str], known: Mapping[str, Sheet], *, booleans: bool
) -> list[Sheet]:
    """Read all worksheets of any workbook that calamine knows, by its bytes.

    But for those that are known.

    Raises
    ------
    ReadError
        Encrypted or damaged, or a time lies beyond what can be told.
    """
    import python_calamine as calamine

    file = path.name
    # by its name calamine would take an xlsx called .xls for what it is not
    with path.open("rb") as data, opened(data, Place(file=file)) as book:
        shown = [
            (meta.name, meta.visible == calamine.SheetVisibleEnum.Visible)
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        read = {
            name: _sheet(file, name, [book.get_sheet_by_name(name)], visible, booleans)
            for name, visible in shown
            if name not in large and name not in known
        }
        for name, visible in shown:
            if name in large and name not in known:
                pieces = _cut(path, large[name], name)
                read[name] = _sheet(file, name, pieces, visible, booleans)
        return [known.get(name) or read[name] for name, _ in shown]


def beyond_time(place: Place) -> ReadError:
    """Build the error for numbers that are formatted as times and lie beyond any."""
    return ReadError(
        zh="有按日期或时长存放（如格式 [h]:mm）的格，数值超出了任何日期，无法读取；"
        "多半是电话、编号一类的数字，或填错的时间。请把这样的列改为数字格式"
        "（Excel/WPS 里为“常规”）再保存；用不到的，删去这一列。",
        en="Cells formatted as dates or durations (such as [h]:mm) hold numbers beyond any date, "
        "such as telephone or serial numbers or mistyped times. Change the format of such columns "
        "to numbers (“General” in Excel or WPS) and save again, or delete them if not needed.",
        place=place,
    )


def _cut(path: Path, part: str, name: str) -> Iterator[calamine.CalamineSheet]:
    import python_calamine as calamine

    def first(data: io.BytesIO) -> calamine.CalamineSheet:
        with data, calamine.CalamineWorkbook.from_filelike(data) as book:
            return book.get_sheet_by_name(name)

    return map(first, slices(path, part))


def _sheet(
    file: str,
    name: str,
    pieces: Iterable[calamine.CalamineSheet],
    visible: bool,
    booleans: bool,
) -> Sheet:
    """Put the pieces of a worksheet, each some of its rows, one below the other."""
    parts: list[list[Column]] = []
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    n_rows = n_columns = 0
    for piece in pieces:
        merged = piece.merged_cell_ranges or []
        if piece.start is None or piece.end is None:
            continue
        (top, left), (bottom, right) = piece.start, piece.end
        if top < n_rows:
            raise damaged(Place(file=file, sheet=name))
        height = bottom + 1 - n_rows
        if height * (right + 1 - left) > MAX_BOX_CELLS:  # xlsx files the guard has refused before
            raise MemoryError(name)
        # The iterator gives leading blank rows but leaves leading blank columns out.
        rows = islice(piece.iter_rows(), n_rows, None)
        try:
            used = encode_rows(rows, right + 1 - left, height, booleans=booleans)
        except OverflowError as fault:
            raise beyond_time(Place(file=file, sheet=name)) from fault
        parts.append([_blank(height)] * left + [*used])
        n_rows, n_columns = bottom + 1, max(n_columns, right + 1)
        del piece, rows  # before the next one is read
    for part in parts:
        part += [_blank(len(part[0].codes))] * (n_columns - len(part))
    columns = tuple(map(joined, zip(*parts, strict=True)))
    ranges = tuple((top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in merged)
    return _told(file, Worksheet(name, "", visible), columns, ranges)


def _told(
    file: str,
    sheet: Worksheet,
    columns: tuple[Column, ...],
    merged: tuple[tuple[int, int, int, int], ...],
    beyond: tuple[int, ...] = (),
) -> Sheet:
    """Give a sheet its row numbers, and warnings where it is full or has times beyond any."""
    n_rows = len(columns[0].codes) if columns else 0
    notes = tuple(
        kept_as_numbers(Place(file=file, sheet=sheet.name, column=column_letters(c)))
        for c in beyond
    )
    notes += (full(file, sheet.name, EXCEL_ROWS),) if n_rows == EXCEL_ROWS else ()
    numbers = np.arange(1, n_rows + 1, dtype=np.int32)
    return Sheet(file, sheet.name, columns, numbers, merged, notes, sheet.visible)


def kept_as_numbers(place: Place) -> Problem:
    """Say that numbers formatted as times and beyond any stay numbers."""
    return Problem(
        zh="该列有按日期或时长存放（如格式 [h]:mm）的格，数值超出了任何日期，按数字读取；"
        "若是填错的时间，请改正。",
        en="Cells formatted as dates or durations (such as [h]:mm) hold numbers beyond any date, "
        "which are read as numbers. Correct them if they are mistyped times.",
        place=place,
        severity="warning",
    )


def _blank(n_rows: int) -> Column:
    return Column(np.zeros(n_rows, np.int32), ("",))
