"""Google Forms: a timestamp first, grids as ``stem [row]``, several choices joined.

The spreadsheet joins choices by ``, ``; the csv file that Forms itself offers joins them by ``;``
and writes times with their zone, ``2025/07/04 7:05:34 PM GMT+8``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.grids import bracketed
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.wording import key, tidy

METADATA = {
    "timestamp": "submitted_at",
    "时间戳记": "submitted_at",
    "时间戳": "submitted_at",
    "username": "email",
    "用户名": "email",
    "使用者名称": "email",
    "emailaddress": "email",
    "电子邮件地址": "email",
    "score": "score",
    "得分": "score",
    "分数": "score",
}
_SHEET = re.compile(
    r"Form Responses \d+|第 ?\d+ ?张表单回复|表单回复 ?\d+|表單回應 ?\d+", re.IGNORECASE
)
_STAMPS = ("timestamp", "时间戳记", "时间戳")
_ZONED = re.compile(r"\b(?:GMT|UTC|[A-Z]{2,4}T)(?:[+-][\d:]+)?$")
_BY_COMMA = Grammar(missing=frozenset(), joint=re.compile(", "), certain_join=False)
_BY_SEMICOLON = replace(_BY_COMMA, joint=re.compile(r";(?!\s)"))


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
        Where cells were taken apart a warning says so: options that themselves hold the separator
        cannot be told apart.
    """
    grammar = _BY_SEMICOLON if _is_zoned(sheet) else _BY_COMMA
    return assemble(sheet, sheet.row(0), 1, METADATA, grammar, _specs)


def _is_zoned(sheet: Sheet) -> bool:
    """Tell whether times carry their zone, as only the csv file of Forms itself has them."""
    stamps = [tidy(level) for level in sheet.body(1).columns[0].levels]
    stamps = [stamp for stamp in stamps if stamp and key(stamp) not in _STAMPS]
    return bool(stamps) and all(_ZONED.search(stamp) for stamp in stamps)


def _specs(asked: Asked) -> Iterator[Spec]:
    for stem, columns, rows in bracketed(asked.columns, asked.headers):
        yield Spec("", stem, columns, rows)


PLATFORM = Platform("gforms", "Google Forms", detect, read)
