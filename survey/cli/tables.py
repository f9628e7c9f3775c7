"""A table to the terminal, a workbook or a csv file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from survey import display
from survey.errors import Language, Place, UsageError

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet would take for a formula."""


def require_known(path: str | Path | None) -> None:
    """Stop at a file that is neither a workbook nor csv.

    Raises
    ------
    UsageError
        If the name does not end in ``.xlsx`` or ``.csv``.
    """
    if path is not None and Path(path).suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(
            zh="表格只能写成 .xlsx 或 .csv 文件。",
            en="A table can be written as an .xlsx or .csv file only.",
            place=Place(file=str(path)),
        )


def write(frame: pd.DataFrame, path: Path, language: Language) -> None:
    """Write a frame of results with names in words; numbers stay numbers, texts stay texts.

    Parameters
    ----------
    frame : DataFrame
        A frame of `survey.results`.
    path : Path
        A file ending in ``.xlsx`` or ``.csv``.
    language : {"zh", "en"}
        Language of the names.
    """
    named = display.labelled(frame, language)
    if path.suffix.lower() == ".csv":
        guarded = named.map(lambda value: f"'{value}" if _is_risky(value) else value)
        guarded.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        return
    from openpyxl import Workbook

    book = Workbook(write_only=False)
    sheet = book.worksheets[0]
    sheet.append([str(name) for name in named])
    shares = [name in display.SHARES for name in frame]
    for row, values in enumerate(named.itertuples(index=False, name=None), start=2):
        for column, (value, is_share) in enumerate(zip(values, shares, strict=True), start=1):
            cell = sheet.cell(row, column, None if pd.isna(value) else value)
            if _is_risky(value):
                cell.data_type = "s"
            if is_share:
                cell.number_format = "0.0%"
    book.save(path)


def _is_risky(value: object) -> bool:
    return isinstance(value, str) and value.startswith(RISKY)
