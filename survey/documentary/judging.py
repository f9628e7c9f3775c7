"""Whether what branches did meets a standard's minimums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

import pandas as pd

from questionnaires.language import named, say
from questionnaires.standard import Minimum, Standard
from survey import identifiers
from survey.documentary.periods import Period
from survey.documentary.reading import Filled, Proof
from survey.errors import Language
from survey.results import Evidence

_K = TypeVar("_K", int, str)

NAMED = 3
"""Times that a line names before it counts the rest."""


def judge(
    filled: Filled, standard: Standard, branches: Sequence[str], today: date | None = None
) -> Evidence:
    """Say of every branch and minimum whether it is met, not met, or not provided.

    Parameters
    ----------
    branches : sequence of str
        All branches; one without lines has provided nothing.
    today : date, optional
        What lacks in a time that is not over does not lack yet; the present day by default.

    Notes
    -----
    A minimum by time is met where every time on the sheet has as many whole lines as it asks for;
    one by member where every member who is written down has as many people. Nothing is provided
    where there is no whole line. That no member was left out the sheet cannot show.
    """
    by_minimum: dict[tuple[str, int], list[Proof]] = defaultdict(list)
    for proof in filled.proofs:
        by_minimum[proof.branch, proof.at].append(proof)
    criteria = {criterion.number: criterion for criterion in standard.criteria}
    rows = []
    for branch in branches:
        for at, minimum in enumerate(standard.to_be_proved):
            periods = sorted({p.period for p in filled.proofs if p.at == at and p.period})
            given = by_minimum[branch, at]
            rows.append(
                {
                    "branch": branch,
                    "number": minimum.number,
                    "title": criteria[minimum.number].title,
                    "title_en": named(criteria[minimum.number], "en"),
                    "required": minimum.required("zh"),
                    "required_en": minimum.required("en"),
                    **_judged(minimum, given, periods, today or date.today()),
                }
            )
    names = "branch", "number", "title", "title_en", "required", "required_en"
    columns = [*names, "n", "status", "detail", "detail_en"]
    frame = pd.DataFrame(rows, columns=columns).astype({"n": "Int64"})
    return Evidence(
        frame=frame,
        attachments=_attachments(filled.proofs, standard),
        standard=standard,
        opinions=_said(filled.opinions),
        remarks=_said(filled.remarks),
    )


def _judged(
    minimum: Minimum, given: Sequence[Proof], periods: Sequence[Period], today: date
) -> dict[str, object]:
    whole = [proof for proof in given if proof.is_whole]
    partial = sum(proof.is_begun and not proof.is_whole for proof in given)
    if minimum.per == "member":
        counts = [int(proof.n or 0) for proof in whole]
        short = [(p.subject, p.subject, int(p.n or 0)) for p in whole]
        short = [one for one in short if one[2] < minimum.least]
        is_late = bool(short or partial)
    else:
        n = {period: sum(proof.period == period for proof in whole) for period in periods}
        counts = list(n.values())
        lacking = [period for period in periods if n[period] < minimum.least]
        is_one = len({period.school_year for period in periods}) == 1
        short = [
            (one.name("zh", alone=is_one), one.name("en", alone=is_one), n[one]) for one in lacking
        ]
        is_late = any(period.last < today for period in lacking)
    has_all = whole and not short and not (minimum.per == "member" and partial)
    status = "met" if has_all else "not_met" if whole and is_late else "not_provided"
    return {
        "n": min(counts, default=0),
        "status": status,
        "detail": _detail(short if whole else [], partial, minimum, "zh"),
        "detail_en": _detail(short if whole else [], partial, minimum, "en"),
    }


def _detail(
    short: Sequence[tuple[str, str, int]], partial: int, minimum: Minimum, language: Language
) -> str:
    """Say where something lacks."""
    parts = [say(language, f"{a} {n} {minimum.unit}", f"{b}: {n}") for a, b, n in short[:NAMED]]
    more = len(short) - NAMED
    if more > 0:
        parts.append(say(language, f"另有 {more} 处不足", f"{more} more fall short"))
    if partial:
        parts.append(
            say(language, f"{partial} 行材料不全，未计", f"{partial} incomplete, not counted")
        )
    return say(language, "；", "; ").join(parts)


def _attachments(proofs: Iterable[Proof], standard: Standard) -> pd.DataFrame:
    """List the files, in the order of the workbook."""
    kept = [proof for proof in proofs if proof.file]
    frame = pd.DataFrame(
        {
            "branch": [proof.branch for proof in kept],
            "number": [standard.to_be_proved[proof.at].number for proof in kept],
            "date": [proof.day.isoformat() if proof.day else "" for proof in kept],
            "subject": _masked([proof.subject for proof in kept]),
            "n": pd.array([proof.n for proof in kept], dtype="Int64"),
            "attachment": _masked([proof.file for proof in kept]),
        }
    )
    return frame.sort_values(["branch", "number"], key=_as_given, kind="stable", ignore_index=True)


def _as_given(values: pd.Series) -> pd.Series:
    """Order by first appearance."""
    return values.map({value: at for at, value in enumerate(dict.fromkeys(values))})


def _said(texts: Mapping[_K, str]) -> dict[_K, str]:
    return dict(zip(texts, _masked(texts.values()), strict=True))


def _masked(texts: Iterable[str]) -> list[str]:
    return identifiers.mask(pd.Series(list(texts), dtype="str")).tolist()
