"""Frames of results as a workbook or csv: numbers stay numbers, texts stay texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from survey import display, formats, vocabulary
from survey.errors import Language

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet would take for a formula."""
NUMBER_FORMATS = {"share": "0.0%", "p_value": formats.P_VALUE}


def write_csv(frame: pd.DataFrame, path: Path, language: Language) -> None:
    """Write a frame with names in words, as Excel opens it: UTF-8 with BOM."""
    named = display.labelled(frame, language)
    guarded = named.map(lambda value: f"'{value}" if _is_risky(value) else value)
    guarded.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_workbook(frames: Mapping[str, pd.DataFrame], path: Path, language: Language) -> None:
    """Write frames with names in words, one sheet each."""
    from openpyxl import Workbook

    book = Workbook(write_only=False)
    book.remove(book.worksheets[0])
    for name, frame in frames.items():
        _fill(book.create_sheet(name), frame, language)
    book.save(path)


def _fill(sheet: Any, frame: pd.DataFrame, language: Language) -> None:
    named = display.labelled(frame, language)
    sheet.append([str(name) for name in named])
    written = [NUMBER_FORMATS.get(vocabulary.kind(str(name))) for name in frame]
    for row, values in enumerate(named.itertuples(index=False, name=None), start=2):
        for column, (value, number) in enumerate(zip(values, written, strict=True), start=1):
            is_told = isinstance(value, tuple | list) or not pd.isna(value)
            cell = sheet.cell(row, column, _cell(value) if is_told else None)
            if _is_risky(value):
                cell.data_type = "s"
            if number:
                cell.number_format = number


def _cell(value: Any) -> Any:
    return str(value) if isinstance(value, tuple | list) else value


def _is_risky(value: object) -> bool:
    return isinstance(value, str) and value.startswith(RISKY)
