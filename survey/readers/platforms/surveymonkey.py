"""SurveyMonkey: stems in the first header row and their options or rows in the second.

SEEN: two header rows, the second holding ``Response``, ``Open-Ended Response``, options and rows;
DOC: one header row ``stem - option``; ASSUMED: ``Other (please specify)`` as a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.dialect import Asked, Dialect, Head, Sign
from survey.readers.grammar.grouping import by_header, several
from survey.readers.grammar.model import Grammar, Kind, Question
from survey.readers.problems import Problem
from survey.readers.wording import key, tidy

NAMES = {
    "respondentid": "respondent_id",
    "collectorid": "collector",
    "startdate": "started_at",
    "enddate": "submitted_at",
    "datecreated": "started_at",
    "datemodified": "submitted_at",
    "ipaddress": "ip",
    "emailaddress": "email",
    "firstname": "name",
    "lastname": "last_name",
    "customdata1": "custom_parameter",
    "customdata": "custom_parameter",
}
_ONE = frozenset({"response", "responses"})
_TYPED = frozenset({"open-endedresponse", "open-endedresponses"})


def _head(sheet: Sheet) -> Head:
    """Tell a second header row from a first answer: in an answer the metadata are filled."""
    stems = [tidy(cell) for cell in sheet.row(0)]
    parts = [tidy(cell) for cell in sheet.row(1)] if sheet.n_rows > 1 else []
    known = [key(stem) in NAMES for stem in stems]
    if not any(parts) or any(p and k for p, k in zip(parts, known, strict=True)):
        return Head(tuple(stems))
    names = {key(part) for part in parts if part}
    proven = names & _ONE and ("" in stems or names & _TYPED)
    for index, stem in enumerate(stems):
        if not stem and parts[index] and index:
            stems[index] = stems[index - 1]
    headers = tuple(
        stem if not part or key(part) in _ONE | _TYPED else f"{stem} - {part}"
        for stem, part in zip(stems, parts, strict=True)
    )
    proof = ("第二行表头有 Response", "the second header row has Response")
    rows = (tuple(stems), tuple(parts))
    return Head(headers, 2, rows, proof=proof if proven else None)


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Put neighbours of one stem together, by both rows or by the stem before the last dash."""
    if not asked.head.rows:
        yield from by_header(asked)
        return
    stems, parts = asked.head.rows
    for run in asked.runs(lambda b, i: stems[b[-1]] == stems[i] and key(parts[i]) not in _ONE):
        if len(run) > 1:
            yield from several(asked, "", stems[run[0]], run, [parts[i] for i in run])
        else:
            kind: Kind = "text" if key(parts[run[0]]) in _TYPED else ""
            yield Question("", stems[run[0]], (run[0],), kind=kind)


DIALECT = Dialect(
    "surveymonkey",
    "SurveyMonkey",
    NAMES,
    signs=(Sign(0.95, every=("respondent_id", "collector")),),
    # An option's own column holds the option's text, or nothing.
    grammar=Grammar(any_text=True),
    head=_head,
    header=re.compile(r"(?P<stem>.*) - (?P<part>.*?)", re.DOTALL),
    group=_group,
)
