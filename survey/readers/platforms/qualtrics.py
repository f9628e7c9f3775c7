"""Qualtrics: codes, then labels, then import ids as header rows; and the legacy V1…V10 form.

SEEN: all three; DOC: the kinds of `Status`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.errors import ReadError
from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.readers.grammar.dialect import Asked, Dialect, Head, Sign
from survey.readers.grammar.grouping import several
from survey.readers.grammar.model import Grammar, Question
from survey.readers.problems import Problem
from survey.readers.wording import key, tidy

NAMES = {
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


def _head(sheet: Sheet) -> Head:
    """Name metadata by their codes, in the legacy form by their labels; keep codes and labels."""
    rows = _header_rows(sheet)
    codes, *below = [[tidy(cell) for cell in sheet.row(i)] for i in range(min(3, sheet.n_rows))]
    if rows:
        _require_whole(sheet, (codes, below[0]), rows)
    legacy = rows == 2 and any(map(_LEGACY.fullmatch, codes[:5]))
    labels = [_CHOICE.sub("", cell) for cell in below[0]] if rows == 3 or legacy else codes
    named = labels if legacy else codes
    headers = tuple(
        name if key(name) in NAMES else (label or name)
        for name, label in zip(named, labels, strict=True)
    )
    proof = (f"有 {rows} 行 Qualtrics 表头", f"{rows} header rows of Qualtrics") if rows else None
    return Head(headers, rows or 1, (tuple(codes), tuple(labels)), proof=proof)


def _require_whole(sheet: Sheet, names: Sequence[Sequence[str]], rows: int) -> None:
    """Refuse rows of names that end before the others: their cells have moved.

    Where there are import ids, these tell how far the names must reach.
    """
    filled = [sheet.row(2)] if rows == 3 else names
    last = max(i for row in filled for i, cell in enumerate(row) if cell.strip())
    for position, row in enumerate(names):
        if not row[last]:
            raise ReadError(
                zh="这一行表头比 Qualtrics 的其他表头行短，列名错了位，不知道各列是哪一题。"
                "请重新下载，或补上缺的一格。",
                en="This header row is shorter than the other ones of Qualtrics: names have moved, "
                "and nobody can tell which column is which. Download the file again, or put the "
                "missing cell back.",
                place=sheet.place(at=position, column=column_letters(last)),
            )


def _header_rows(sheet: Sheet) -> int:
    """Count the header rows, 0 where nothing but their names tells that they are Qualtrics's."""
    for position in (2, 1):
        if sheet.n_rows > position:
            cells = [cell for cell in sheet.row(position) if cell.strip()]
            if cells and all(_IMPORT.match(cell.strip()) for cell in cells):
                return position + 1
    if sheet.n_rows > 1 and sum(bool(_LEGACY.fullmatch(tidy(c))) for c in sheet.row(0)) >= 5:
        return 2 if {"responseid", "startdate"} <= set(map(key, sheet.row(1))) else 0
    return 0


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Put neighbours together whose codes name one question; a text beside an option is its own."""
    codes, labels = asked.head.rows
    question = {
        i: match["question"] if (match := _CODE.fullmatch(codes[i])) else codes[i]
        for i in asked.columns
    }
    for run in asked.runs(lambda before, i: question[before[-1]] == question[i]):
        code, typed = question[run[0]], [i for i in run if codes[i].endswith("TEXT")]
        closed = [i for i in run if i not in typed]
        if len(closed) == 1:
            yield Question(code, labels[closed[0]], (closed[0],))
        elif closed:
            split = [_SEEN.split(labels[i]) for i in closed]
            stem = " - ".join(split[0][:-1]) or code
            yield from several(asked, code, stem, closed, [pieces[-1] for pieces in split])
        for i in typed:
            yield Question(codes[i], labels[i], (i,), kind="text")


DIALECT = Dialect(
    "qualtrics",
    "Qualtrics",
    NAMES,
    signs=(Sign(0.7, every=("started_at", "submitted_at", "respondent_id")),),
    grammar=Grammar(
        joint=re.compile(r",(?!\s)"),
        certain_join=False,
        # An option's own column holds the option's label, or nothing.
        any_text=True,
        # DOC: 1 preview, 2 test, 9 and 17 their spam and offline kinds; words stand beside them.
        previews=frozenset({"1", "2", "9", "17"}),
    ),
    head=_head,
    group=_group,
)
