"""A table to the terminal, a workbook or a csv file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from survey import spreadsheet
from survey.errors import Language, Place, UsageError


def require_known(path: str | Path | None, suffixes: tuple[str, ...] = (".xlsx", ".csv")) -> None:
    """Stop at a file that is of no known kind.

    Raises
    ------
    UsageError
        If the name ends in none of `suffixes`.
    """
    if path is not None and Path(path).suffix.lower() not in suffixes:
        raise UsageError(
            zh=f"只能写成 {' 或 '.join(suffixes)} 文件。",
            en=f"It can be written as an {' or '.join(suffixes)} file only.",
            place=Place(file=str(path)),
        )


def write(frame: pd.DataFrame, path: Path, language: Language) -> None:
    """Write a frame of results with names in words; numbers stay numbers, texts stay texts."""
    if path.suffix.lower() == ".csv":
        spreadsheet.write_csv(frame, path, language)
    else:
        spreadsheet.write_workbook({"Sheet": frame}, path, language)
