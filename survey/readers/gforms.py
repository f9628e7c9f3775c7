"""Google Forms: a timestamp first, grids as ``stem [row]``, checkboxes joined by commas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.grids import bracketed
from survey.readers.inference import Spec
from survey.readers.model import Evidence, Grammar, Parsed, Platform
from survey.readers.plain import assemble, header_keys
from survey.readers.problems import Problem
from survey.readers.sheet import Sheet

METADATA = {
    "timestamp": "submitted_at",
    "时间戳记": "submitted_at",
    "时间戳": "submitted_at",
    "username": "email",
    "用户名": "email",
    "emailaddress": "email",
    "电子邮件地址": "email",
    "score": "score",
    "得分": "score",
}
_SHEET = re.compile(r"Form Responses \d+|第 ?\d+ ?张表单回复|表单回复 ?\d+", re.IGNORECASE)
_STAMPS = ("timestamp", "时间戳记", "时间戳")
_GRAMMAR = Grammar(missing=frozenset(), split=lambda text: text.split(", "), certain_join=False)


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise the timestamp in the first column, or the sheet's name.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    names = header_keys(sheet)
    if not names:
        return None
    if names[0] in _STAMPS:
        return Evidence("gforms", "第一列是时间戳记", "the first column is Timestamp", 0.85)
    if _SHEET.fullmatch(sheet.name):
        return Evidence(
            "gforms", f"工作表名为 {sheet.name}", f"the sheet is named {sheet.name}", 0.7
        )
    return None


def read(sheet: Sheet) -> Parsed:
    """Understand an export of Google Forms.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
        Where cells were taken apart at commas a warning says so: options that themselves hold a
        comma cannot be told apart.
    """
    parsed = assemble(sheet, sheet.row(0), 1, METADATA, _GRAMMAR, _specs)
    return parsed.with_problems(
        Problem(
            zh=f"“{question.label}”按逗号拆成 {len(question.options)} 个选项；"
            "若选项本身含逗号会拆错，请核对。",
            en=f"{question.label} was split at commas into {len(question.options)} options; "
            "an option that holds a comma would be split wrongly: check them.",
            place=parsed.body.place(),
            severity="warning",
        )
        for question in parsed.questions
        if question.layout == "joined"
    )


def _specs(asked: Sequence[int], headers: Sequence[str]) -> Iterator[Spec]:
    for stem, columns, rows in bracketed(asked, headers):
        yield Spec("", stem, columns, rows)


PLATFORM = Platform("gforms", "Google Forms", detect, read)
