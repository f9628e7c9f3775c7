"""SPSS files (sav, zsav), through pyreadstat, which the extra ``spss`` installs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from survey.errors import Place, ReadError
from survey.readers.apart import SPSS, read_apart
from survey.readers.inference import Spec
from survey.readers.model import Evidence, Grammar, Parsed, Platform
from survey.readers.plain import Asked, assemble
from survey.readers.sheet import Sheet
from survey.readers.wording import strip_hint


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
    if find_spec("pyreadstat") is None:
        raise ReadError(
            zh="读取 SPSS 文件需要另装 pyreadstat：pip install 'survey-report[spss]'。",
            en="Reading SPSS files needs pyreadstat: pip install 'survey-report[spss]'.",
            place=Place(file=path.name),
        )
    return read_apart(path, "sav")


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
    if sheet.name != SPSS or sheet.n_rows == 0:
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


def _specs(asked: Asked) -> Iterator[Spec]:
    for index in asked.columns:
        stem, hint = strip_hint(asked.headers[index])
        yield Spec("", stem, (index,), hint=hint)


PLATFORM = Platform("spss", "SPSS", detect, read)
