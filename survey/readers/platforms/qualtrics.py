"""Qualtrics: codes, then labels, then import ids as header rows; and the legacy V1…V10 form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.grids import are_ticks
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.wording import tidy

METADATA = {
    "startdate": "started_at",
    "enddate": "submitted_at",
    "status": "status",
    "responsetype": "status",
    "responseset": "response_set",
    "ipaddress": "ip",
    "progress": "progress",
    "duration(inseconds)": "duration",
    "finished": "finished",
    "recordeddate": "recorded_at",
    "responseid": "respondent_id",
    "recipientlastname": "last_name",
    "recipientfirstname": "first_name",
    "recipientemail": "email",
    "emailaddress": "email",
    "name": "name",
    "externalreference": "user",
    "externaldatareference": "user",
    "prolific_pid": "user",
    "locationlatitude": "latitude",
    "locationlongitude": "longitude",
    "locationaccuracy": "location_accuracy",
    "distributionchannel": "source",
    "userlanguage": "language",
}
_IMPORT = re.compile(r'\{\s*"ImportId"\s*:')
_LEGACY = re.compile(r"V\d+")
_CODE = re.compile(r"(?P<question>.+?)_(?P<part>\d+(?:_TEXT)?|TEXT|\d+_\d+)")
_SEEN = re.compile(r"\s+[-–]\s+")
_CHOICE = re.compile(r"\s+[-–]\s+(?:Selected Choice|所选选项|选定的选项)(?=\s+[-–]\s+|$)")
_GRAMMAR = Grammar(
    missing=frozenset(),
    joint=re.compile(r",(?!\s)"),
    certain_join=False,
    # An option's own column holds the option's label, or nothing.
    chosen=frozenset(),
    # DOC: 1 preview, 2 test, 9 and 17 their spam and offline kinds; words stand beside them.
    previews=frozenset({"1", "2", "9", "17"}),
)


def _header_rows(sheet: Sheet) -> int:
    """Count the header rows, 0 where the sheet is not from Qualtrics."""
    for position in (2, 1):
        if sheet.n_rows > position:
            cells = [cell for cell in sheet.row(position) if cell.strip()]
            if cells and all(_IMPORT.match(cell.strip()) for cell in cells):
                return position + 1
    names = header_keys(sheet)
    if sheet.n_rows > 1 and sum(bool(_LEGACY.fullmatch(name.upper())) for name in names) >= 5:
        labels = header_keys(sheet, 1)
        if "responseid" in labels and "startdate" in labels:
            return 2
    return 0


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise the row of import ids, the legacy codes, or the bare code row.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    rows = _header_rows(sheet)
    if rows == 0:
        names = set(header_keys(sheet))
        if not names.issuperset({"startdate", "enddate", "responseid"}):
            return None
        return Evidence(
            "qualtrics",
            "表头有 StartDate、EndDate、ResponseId，没有 ImportId 行",
            "header has StartDate, EndDate and ResponseId but no row of ImportIds",
            0.7,
        )
    return Evidence(
        "qualtrics", f"有 {rows} 行 Qualtrics 表头", f"{rows} header rows of Qualtrics", 0.97
    )


def read(sheet: Sheet) -> Parsed:
    """Understand an export of Qualtrics.

    Parameters
    ----------
    sheet : Sheet
        With one, two or three header rows.

    Returns
    -------
    Parsed
    """
    first = _header_rows(sheet) or 1
    codes = [tidy(cell) for cell in sheet.row(0)]
    legacy = any(_LEGACY.fullmatch(code) for code in codes[:5])
    has_labels = first == 3 or legacy
    labels = [_CHOICE.sub("", tidy(cell)) for cell in sheet.row(1)] if has_labels else codes
    # Metadata are named by the code row, in the legacy form by the label row.
    named = labels if legacy else codes
    known = [METADATA.get(name, "") for name in header_keys(sheet, 1 if legacy else 0)]
    headers = [
        name if kind else (label or name)
        for name, kind, label in zip(named, known, labels, strict=True)
    ]

    def specs(asked: Asked) -> Iterator[Spec]:
        for question, columns in _grouped(asked.columns, codes):
            typed = [c for c in columns if codes[c].endswith("TEXT")]
            closed = [c for c in columns if c not in typed]
            if closed:
                yield _spec(question, closed, labels, asked)
            for column in typed:
                yield Spec(codes[column], labels[column], (column,), kind="text")

    return assemble(sheet, headers, first, METADATA, _GRAMMAR, specs)


def _grouped(asked: Sequence[int], codes: Sequence[str]) -> list[tuple[str, list[int]]]:
    groups: list[tuple[str, list[int]]] = []
    for index in asked:
        match = _CODE.fullmatch(codes[index])
        question = match["question"] if match else codes[index]
        if groups and groups[-1][0] == question and groups[-1][1][-1] == index - 1:
            groups[-1][1].append(index)
        else:
            groups.append((question, [index]))
    return groups


def _spec(code: str, columns: Sequence[int], labels: Sequence[str], asked: Asked) -> Spec:
    if len(columns) == 1:
        return Spec(code, labels[columns[0]], tuple(columns))
    split = [_SEEN.split(labels[column]) for column in columns]
    parts = tuple(pieces[-1] for pieces in split)
    stem = " - ".join(split[0][:-1]) or code
    # A choice of several fills an option's column with the option itself, or with 1.
    if are_ticks([asked.answers(column) for column in columns], parts):
        return Spec(code, stem, tuple(columns), options=parts, kind="multi", layout="indicator")
    return Spec(code, stem, tuple(columns), parts)


PLATFORM = Platform("qualtrics", "Qualtrics", detect, read)
