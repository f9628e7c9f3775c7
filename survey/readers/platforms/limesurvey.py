"""LimeSurvey: grids and choices as ``stem [row]``, choices as Yes or No.

Headers are the wording, the codes ``id``, ``Q1[SQ001]``, or both, ``Q1[SQ001]. stem [row]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.grids import bracketed
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble
from survey.readers.problems import Problem
from survey.readers.wording import key, tidy

METADATA = {
    "responseid": "respondent_id",
    "答复id": "respondent_id",
    "datesubmitted": "submitted_at",
    "提交日期": "submitted_at",
    "lastpage": "last_page",
    "最后一页": "last_page",
    "startlanguage": "language",
    "起始语言": "language",
    "seed": "seed",
    "种子": "seed",
    "datestarted": "started_at",
    "开始日期": "started_at",
    "datelastaction": "modified_at",
    "ipaddress": "ip",
    "ip地址": "ip",
    "referrerurl": "source",
    "totaltime": "duration",
    # Codes.
    "id": "respondent_id",
    "submitdate": "submitted_at",
    "startdate": "started_at",
    "datestamp": "modified_at",
    "ipaddr": "ip",
    "refurl": "source",
    # German.
    "antwortid": "respondent_id",
    "datumabgeschickt": "submitted_at",
    "letzteseite": "last_page",
    "start-sprache": "language",
    "zufallsstartwert": "seed",
    "datumgestartet": "started_at",
    "datumletzteaktivität": "modified_at",
}
_REQUIRED = ("respondent_id", "submitted_at", "last_page", "language")
_CODED = re.compile(r"[A-Za-z]\w*(?:\[[^\[\]]*\])*\.\s+(?P<text>.+)", re.DOTALL)
_OTHER = ("Other", "other", "Sonstiges", "其他", "其它")
_YES = frozenset({"Yes", "是", "Ja", "Sí", "Oui", "Y", "1"})
_NO = frozenset({"No", "否", "Nein", "Non", "N", "0"})
_NOT_SHOWN = "N/A"
_GRAMMAR = Grammar(
    not_asked=frozenset({_NOT_SHOWN}), missing=frozenset(), chosen=_YES, not_chosen=_NO
)


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise Response ID, Date submitted, Last page and Start language.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    headers = _worded(sheet.row(0)) if sheet.n_rows else []
    names = {METADATA.get(key(header)) for header in headers}
    if sum(name in names for name in _REQUIRED) < len(_REQUIRED) - 1:
        return None
    return Evidence(
        "limesurvey",
        "表头有 Response ID、Date submitted、Last page、Start language 中至少三项",
        "header has at least three of Response ID, Date submitted, Last page, Start language",
        0.95,
    )


def read(sheet: Sheet) -> Parsed:
    """Understand an export of LimeSurvey.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
        A question that was not shown is N/A or an empty cell; the latter cannot be told from a
        blank.
    """
    noticed: list[Problem] = []

    def specs(asked: Asked) -> Iterator[Spec]:
        for stem, columns, rows in bracketed(asked.columns, asked.headers):
            other = bool(rows) and rows[-1] in _OTHER
            ticked = columns[:-1] if other and not _ticks(asked, columns[-1:]) else columns
            if not rows or not _ticks(asked, ticked):
                yield Spec("", stem, columns, rows)
                continue
            noticed.append(_as_choices(stem, sheet))
            yield Spec("", stem, ticked, options=rows[: len(ticked)])
            if len(ticked) < len(columns):
                yield Spec("", f"{stem} [{rows[-1]}]", columns[-1:])

    headers = _worded(sheet.row(0))
    return assemble(sheet, headers, 1, METADATA, _GRAMMAR, specs).with_problems(noticed)


def _worded(headers: Sequence[str]) -> list[str]:
    """Take the codes off headers that hold both code and wording."""
    matches = [_CODED.fullmatch(tidy(header)) for header in headers]
    named = [match["text"] for match in matches if match]
    known = sum(METADATA.get(key(text), "") in _REQUIRED for text in named)
    if known < len(_REQUIRED) - 1:
        return [*headers]
    return [
        match["text"] if match else header for match, header in zip(matches, headers, strict=True)
    ]


def _as_choices(stem: str, sheet: Sheet) -> Problem:
    return Problem(
        zh=f"“{stem}”的各列只有 Yes/No，按多选题读取。",
        en=f"All columns of {stem} hold only Yes or No: read as a choice of several.",
        place=sheet.place(),
    )


def _ticks(asked: Asked, columns: Sequence[int]) -> bool:
    seen = {text for column in columns for text in asked.answers(column)}
    return bool(seen) and seen <= _YES | _NO


PLATFORM = Platform("limesurvey", "LimeSurvey", detect, read)
