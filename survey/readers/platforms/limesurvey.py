"""LimeSurvey: grids and choices as ``stem [row]``, choices as Yes or No, in any language.

SEEN: headers that are the wording, the codes ``id``, ``Q1[SQ001]``, or both, ``Q1[SQ001]. stem
[row]``; English and German names of metadata, French ones in a bug report. Where neither a code
nor a known name heads the metadata, their order (DOC: id, date, last page, language, seed) and
what they hold tell them.
"""

from __future__ import annotations

import re

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.dialect import Dialect, Head, Sign
from survey.readers.grammar.grouping import BRACKETED
from survey.readers.grammar.model import Grammar
from survey.readers.wording import key, tidy

NAMES = {
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
    # Codes, the same in every language.
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
_CODED = re.compile(r"(?P<code>[A-Za-z]\w*)(?:\[[^\[\]]*\])*\.\s+(?P<text>.+)", re.DOTALL)
_FEW = 50
_WHEN = re.compile(r"(?:\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)?)?")
# What the first metadata hold, in their order, whatever they are called.
_HELD = {
    "respondent_id": re.compile(r"(?:\d{1,9})?"),
    "submitted_at": _WHEN,
    "last_page": re.compile(r"-?\d{0,3}"),
    "language": re.compile(r"(?:[a-z]{2,3}(?:-[A-Za-z]+)*)?"),
    "seed": re.compile(r"(?:\d{6,10})?"),
    "started_at": _WHEN,
    "modified_at": _WHEN,
}


def _head(sheet: Sheet) -> Head:
    """Take the codes off headers that hold code and wording; know metadata by what they hold."""
    headers = sheet.row(0) if sheet.n_rows else []
    matches = [_CODED.fullmatch(tidy(header)) for header in headers]
    coded = {i: NAMES.get(key(match["code"]), "") for i, match in enumerate(matches) if match}
    if sum(name in _REQUIRED for name in coded.values()) >= len(_REQUIRED) - 1:
        texts = [match["text"] if match else h for match, h in zip(matches, headers, strict=True)]
        known = {i: name for i, name in coded.items() if name}
        said = "、".join(headers[i] for i in known)
        return Head(tuple(texts), metadata=known, proof=(f"表头有 {said}", f"header has {said}"))
    known = _held(sheet) if not {"respondent_id", "last_page"} & _named(headers) else {}
    proof = (
        "前几列的内容是答复编号、日期、最后一页和语言",
        "the first columns hold id, date, page, language",
    )
    return Head(tuple(headers), metadata=known, proof=proof if known else None)


def _named(headers: list[str]) -> set[str]:
    return {NAMES.get(key(header), "") for header in headers}


def _held(sheet: Sheet) -> dict[int, str]:
    """Know the first columns by what they hold; nothing unless all that is needed is there."""
    if len(sheet.columns) <= len(_REQUIRED) or len(sheet.columns[3].levels) > _FEW:
        return {}
    found: dict[int, str] = {}
    for n_looked_at in (_FEW, None):  # the first tell nearly all other sheets apart
        found = {}
        for column, (name, pattern) in zip(sheet.columns, _HELD.items(), strict=False):
            header = column.levels[column.codes[0]]
            levels = [level for level in column.levels[:n_looked_at] if level != header]
            one_each = name != "respondent_id" or len(column.levels) - 1 > 0.5 * sheet.n_rows
            if not any(map(tidy, levels[:_FEW])) or not one_each:
                break
            if not all(pattern.fullmatch(tidy(level)) for level in levels):
                break
            found[len(found)] = name
        if len(found) < len(_REQUIRED):
            return {}
    return found


DIALECT = Dialect(
    "limesurvey",
    "LimeSurvey",
    NAMES,
    signs=(Sign(0.95, some=_REQUIRED, least=3),),
    grammar=Grammar(not_asked=frozenset({"N/A"})),
    head=_head,
    header=BRACKETED,
)
