"""SPSS files (sav, zsav), through pyreadstat, which the extra ``spss`` installs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.guard import MAX_BOX_CELLS, MAX_TOTAL_BYTES, damaged
from survey.readers.inference import Spec
from survey.readers.model import Evidence, Grammar, Parsed, Platform
from survey.readers.plain import assemble
from survey.readers.sheet import Sheet, encode_rows
from survey.readers.wording import strip_hint

SHEET = "SPSS"


def read_sav(path: Path) -> list[Sheet]:
    """Read an SPSS file into one sheet whose header holds the variables' labels.

    Parameters
    ----------
    path : Path
        A sav or zsav file.

    Returns
    -------
    list of Sheet
        One sheet named ``SPSS``: value labels in place of codes, missing values blank.

    Raises
    ------
    ReadError
        pyreadstat is not installed, or the file is damaged or too large.
    """
    place = Place(file=path.name)
    try:
        import pyreadstat
    except ImportError as fault:
        raise ReadError(
            zh="读取 SPSS 文件需要另装 pyreadstat：pip install 'survey-report[spss]'。",
            en="Reading SPSS files needs pyreadstat: pip install 'survey-report[spss]'.",
            place=place,
        ) from fault
    if path.stat().st_size > MAX_TOTAL_BYTES:
        raise damaged(place)
    try:
        _, meta = pyreadstat.read_sav(path, metadataonly=True)
        if (meta.number_rows or 0) * (meta.number_columns or 0) > MAX_BOX_CELLS:
            raise damaged(place)
        frame, meta = pyreadstat.read_sav(path, apply_value_formats=True)
    except pyreadstat.ReadstatError as fault:
        raise damaged(place) from fault
    labels = [
        label or name for name, label in zip(meta.column_names, meta.column_labels, strict=True)
    ]
    columns = [frame[name].astype(object) for name in frame.columns]
    cells = [column.where(column.notna(), None).tolist() for column in columns]
    rows = (labels, *zip(*cells, strict=True)) if cells else ()
    return [
        Sheet(
            path.name,
            SHEET,
            encode_rows(rows, len(labels), len(frame) + 1),
            np.arange(1, len(frame) + 2, dtype=np.int32),
        )
    ]


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise a sheet that came from an SPSS file.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
        Less sure than any platform that finds its own headers in the labels.
    """
    if sheet.name != SHEET or sheet.n_rows == 0:
        return None
    return Evidence("spss", "SPSS 文件，用变量标签作题干", "SPSS file, labels as stems", 0.5)


def read(sheet: Sheet) -> Parsed:
    """Take every variable for a question.

    Parameters
    ----------
    sheet : Sheet
        From `read_sav`.

    Returns
    -------
    Parsed
    """
    return assemble(sheet, sheet.row(0), 1, {}, Grammar(), _specs)


def _specs(asked: Sequence[int], headers: Sequence[str]) -> Iterator[Spec]:
    for index in asked:
        stem, hint = strip_hint(headers[index])
        yield Spec("", stem, (index,), hint=hint)


PLATFORM = Platform("spss", "SPSS", detect, read)
