"""SPSS files (sav, zsav), through pyreadstat, which the extra ``spss`` installs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from survey.errors import Place, ReadError
from survey.readers.guard import MAX_TOTAL_BYTES, damaged
from survey.readers.inference import Spec
from survey.readers.model import Evidence, Grammar, Parsed, Platform
from survey.readers.plain import assemble
from survey.readers.sav_worker import TOO_LARGE
from survey.readers.sheet import Sheet, encode
from survey.readers.wording import strip_hint

SHEET = "SPSS"
_SECONDS = 120


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
    if find_spec("pyreadstat") is None:
        raise ReadError(
            zh="读取 SPSS 文件需要另装 pyreadstat：pip install 'survey-report[spss]'。",
            en="Reading SPSS files needs pyreadstat: pip install 'survey-report[spss]'.",
            place=place,
        )
    if path.stat().st_size > MAX_TOTAL_BYTES:
        raise _too_large(place)
    command = [sys.executable, "-m", "survey.readers.sav_worker", str(path.resolve())]
    paths = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired as fault:
        raise damaged(place) from fault
    if done.returncode == TOO_LARGE:
        raise _too_large(place)
    if done.returncode:
        raise damaged(place)
    content = json.loads(done.stdout)
    labels, columns = content["labels"], content["columns"]
    n_rows = 1 + (len(columns[0]) if columns else 0)
    cells = [[label, *column] for label, column in zip(labels, columns, strict=True)]
    numbers = np.arange(1, n_rows + 1, dtype=np.int32)
    return [Sheet(path.name, SHEET, encode(cells), numbers if cells else numbers[:0])]


def _too_large(place: Place) -> ReadError:
    return ReadError(
        zh="SPSS 文件过大（超过 512 MB 或两千万格），已拒绝。",
        en="The SPSS file is too large (over 512 MB or twenty million cells): refused.",
        place=place,
    )


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
