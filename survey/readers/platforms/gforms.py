"""Google Forms: a timestamp first, grids as ``stem [row]``, several choices joined.

SEEN: the spreadsheet joins choices by ``, ``; the csv file that Forms itself offers joins them by
``;`` and writes times with their zone, ``2025/07/04 7:05:34 PM GMT+8``. ASSUMED: Chinese names.
"""

from __future__ import annotations

import re
from dataclasses import replace

from survey.readers.grammar.dialect import Asked, Dialect, Sign, Told
from survey.readers.grammar.grouping import BRACKETED
from survey.readers.grammar.model import Grammar, Mode
from survey.readers.wording import tidy

NAMES = {
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
_ZONED = re.compile(r"\b(?:GMT|UTC|[A-Z]{2,4}T)(?:[+-][\d:]+)?$")
_BY_COMMA = Grammar(joint=re.compile(", "), certain_join=False)
_BY_SEMICOLON = replace(_BY_COMMA, joint=re.compile(r";(?!\s)"))


def _tell(asked: Asked, stated: Mode | None) -> Told:
    """Take semicolons for joints where times carry their zone: only the csv of Forms has them."""
    first = asked.metadata.get("submitted_at")
    levels = () if first is None else asked.body.columns[first].levels
    stamps = [stamp for stamp in map(tidy, levels) if stamp]
    zoned = bool(stamps) and all(map(_ZONED.search, stamps))
    return Told(grammar=_BY_SEMICOLON if zoned else None)


DIALECT = Dialect(
    "gforms",
    "Google Forms",
    NAMES,
    signs=(
        Sign(0.85, every=("submitted_at",), first=True),
        Sign(0.7, sheet=_SHEET),
    ),
    grammar=_BY_COMMA,
    header=BRACKETED,
    options=False,
    tell=_tell,
)
