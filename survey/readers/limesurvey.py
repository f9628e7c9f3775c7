"""LimeSurvey: grids and choices as ``stem [row]``, choices as Yes or No."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.readers.grids import bracketed
from survey.readers.inference import Spec
from survey.readers.model import Evidence, Grammar, Parsed, Platform
from survey.readers.plain import assemble, header_keys
from survey.readers.sheet import Sheet
from survey.readers.wording import tidy

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
}
_REQUIRED = ("respondent_id", "submitted_at", "last_page", "language")
_YES, _NO = frozenset({"Yes", "是", "Y", "1"}), frozenset({"No", "否", "N", "0"})
_GRAMMAR = Grammar(missing=frozenset(), chosen=_YES, not_chosen=_NO)


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
    names = {METADATA.get(name) for name in header_keys(sheet)}
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
        A question that was not shown is an empty cell and cannot be told from a blank.
    """

    def specs(asked: Sequence[int], headers: Sequence[str]) -> Iterator[Spec]:
        for stem, columns, rows in bracketed(asked, headers):
            seen = {tidy(x) for c in columns for x in sheet.columns[c].levels} - {"", "N/A"}
            seen -= set(map(tidy, (sheet.row(0)[c] for c in columns)))
            if rows and seen and seen <= _YES | _NO:
                yield Spec("", stem, columns, options=rows)
            elif rows and rows[-1] in ("Other", "其他", "其它") and _ticks(sheet, columns[:-1]):
                yield Spec("", stem, columns[:-1], options=rows[:-1])
                yield Spec("", f"{stem} [{rows[-1]}]", columns[-1:])
            else:
                yield Spec("", stem, columns, rows)

    return assemble(sheet, sheet.row(0), 1, METADATA, _GRAMMAR, specs)


def _ticks(sheet: Sheet, columns: Sequence[int]) -> bool:
    body = sheet.body(1)
    seen = {tidy(level) for column in columns for level in body.columns[column].levels}
    seen -= {"", "N/A"}
    return bool(seen) and seen <= _YES | _NO


PLATFORM = Platform("limesurvey", "LimeSurvey", detect, read)
