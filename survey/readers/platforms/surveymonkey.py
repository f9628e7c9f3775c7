"""SurveyMonkey: stems in the first header row and their options or rows in the second.

SEEN: two header rows, the second holding ``Response``, ``Open-Ended Response``, options and rows;
DOC: one header row ``stem - option``; ASSUMED: ``Other (please specify)`` as a text of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.grids import are_ticks
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.wording import key, tidy

METADATA = {
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
_OTHER = re.compile(r"other\b.*", re.IGNORECASE)
# An option's own column holds the option's text, or nothing.
_GRAMMAR = Grammar(chosen=frozenset())


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise Respondent ID and Collector ID, or the words of the second header row.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    names = header_keys(sheet)
    if {"respondentid", "collectorid"} <= {*names}:
        zh, en = "表头有 Respondent ID 和 Collector ID", "header has Respondent ID and Collector ID"
        return Evidence("surveymonkey", zh, en, 0.95)
    second = {name for name in header_keys(sheet, 1) if name}
    if second & _ONE and second & (_TYPED | {""}) and "" in names:
        zh, en = "第二行表头有 Response", "the second header row has Response"
        return Evidence("surveymonkey", zh, en, 0.8)
    return None


def read(sheet: Sheet) -> Parsed:
    """Understand an export of SurveyMonkey.

    Parameters
    ----------
    sheet : Sheet
        With one or two header rows.

    Returns
    -------
    Parsed
    """
    stems = [tidy(cell) for cell in sheet.row(0)]
    parts = [tidy(cell) for cell in sheet.row(1)] if sheet.n_rows > 1 else []
    known = [bool(METADATA.get(key(stem))) for stem in stems]
    # In a row of answers the metadata are filled.
    double = any(parts) and not any(p and k for p, k in zip(parts, known, strict=False))
    if not double:
        return assemble(sheet, stems, 1, METADATA, _GRAMMAR, _single)
    for index, stem in enumerate(stems):
        if not stem and parts[index] and index:
            stems[index] = stems[index - 1]

    def specs(asked: Asked) -> Iterator[Spec]:
        runs: list[list[int]] = []
        for index in asked.columns:
            beside = runs and runs[-1][-1] == index - 1 and stems[runs[-1][-1]] == stems[index]
            if beside and key(parts[index]) not in _ONE:
                runs[-1].append(index)
            else:
                runs.append([index])
        for run in runs:
            yield from _question(stems[run[0]], run, [parts[index] for index in run], asked)

    headers = [
        stem if not part or key(part) in _ONE | _TYPED else f"{stem} - {part}"
        for stem, part in zip(stems, parts, strict=True)
    ]
    return assemble(sheet, headers, 2, METADATA, _GRAMMAR, specs)


def _single(asked: Asked) -> Iterator[Spec]:
    """Group the columns of one header row by the stem before their last dash."""
    split = {index: asked.headers[index].rpartition(" - ") for index in asked.columns}
    runs: list[list[int]] = []
    for index in asked.columns:
        last = runs[-1][-1] if runs else -2
        if last == index - 1 and split[index][0] and split[last][0] == split[index][0]:
            runs[-1].append(index)
        else:
            runs.append([index])
    for run in runs:
        if len(run) > 1:
            parts = [split[index][2] for index in run]
            yield from _question(split[run[0]][0], run, parts, asked)
        else:
            yield Spec("", asked.headers[run[0]], tuple(run))


def _question(
    stem: str, columns: Sequence[int], parts: Sequence[str], asked: Asked
) -> Iterator[Spec]:
    """Tell options that were ticked from rows of a matrix; a text beside them is its own."""
    answers = [asked.answers(index) for index in columns]
    n = len(columns)
    if n > 1 and _OTHER.fullmatch(parts[-1]) and not are_ticks(answers[-1:], parts[-1:]):
        n -= 1
    if n == 1:
        typed = key(parts[0]) in _TYPED
        yield Spec("", stem, (columns[0],), kind="text" if typed else None)
    elif are_ticks(answers[:n], parts[:n]):
        own = tuple(parts[:n])
        yield Spec("", stem, tuple(columns[:n]), options=own, kind="multi", layout="indicator")
    else:
        yield Spec("", stem, tuple(columns[:n]), tuple(parts[:n]))
    if n < len(columns):
        yield Spec("", f"{stem} - {parts[-1]}", (columns[-1],), kind="text")


PLATFORM = Platform("surveymonkey", "SurveyMonkey", detect, read)
