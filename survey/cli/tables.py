"""A table to the terminal, a workbook or a csv file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from survey import spreadsheet
from survey.errors import Language, Place, UsageError


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
    if path.suffix.lower() == ".csv":
        spreadsheet.write_csv(frame, path, language)
    else:
        spreadsheet.write_workbook({"Sheet": frame}, path, language)
