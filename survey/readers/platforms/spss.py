"""SPSS files (sav, zsav): value labels in place of codes, missing values blank."""

from __future__ import annotations

from collections.abc import Iterator

from survey.readers.container.apart import SPSS
from survey.readers.container.sheet import Sheet
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble
from survey.readers.wording import strip_hint


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
        With the variables' labels as header.

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
