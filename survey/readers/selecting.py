"""Selectors: a question number, a number with a row, a stem, a header, or a column's letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from survey.errors import Place, ReadError
from survey.readers.guard import column_letters
from survey.readers.model import Question
from survey.readers.wording import key, loose_key

_LETTERS = re.compile(r"(?:列|column)\s*([A-Za-z]{1,3})", re.IGNORECASE)
_NUMBER_ROW = re.compile(r"\s*第?(?P<n>\d+(?:\.\d+)?)题?\s*(?:[—–]|--)\s*(?P<row>.+)", re.DOTALL)


class Found(NamedTuple):
    """What a selector names.

    Parameters
    ----------
    question : Question
        The question.
    row : int or None
        Position of a matrix's row, or None for the whole question.
    """

    question: Question
    row: int | None


def find(
    selector: str | int, questions: Sequence[Question], headers: Sequence[str], place: Place
) -> Found:
    """Resolve a selector.

    Parameters
    ----------
    selector : str or int
        ``17``, ``"17—逻辑拆解"``, a stem, a header, a matrix row's label, or ``"列 C"``.
    questions : sequence of Question
        All questions.
    headers : sequence of str
        Raw headers by column.
    place : Place
        The file, for the error.

    Returns
    -------
    Found

    Raises
    ------
    ReadError
        Nothing or several things have that name; near candidates are listed.

    Notes
    -----
    Texts are compared after NFKC with blanks and end punctuation removed: first as a whole, then
    as a beginning that only one question has. A text in the middle of a stem is not enough.
    """
    text = str(selector)
    letters = _LETTERS.fullmatch(text.strip())
    if letters:
        wanted = letters[1].upper()
        hits = [hit for hit, column in _all(questions) if column_letters(column) == wanted]
        return _only(hits, text, questions, headers, place)
    bare = key(text)
    hits = [Found(q, None) for q in questions if q.number and bare in (q.number, f"第{q.number}题")]
    if hits:
        return _only(hits, text, questions, headers, place)
    pair = _NUMBER_ROW.fullmatch(text)
    if pair:
        same = [q for q in questions if q.number == pair["n"] and q.rows]
        rows = [Found(q, i) for q in same for i in range(len(q.rows))]
        names = [q.rows[i] for q in same for i in range(len(q.rows))]
        hits = _matches(pair["row"], rows, names)
        if hits:
            return _only(hits, text, questions, headers, place)
    candidates: list[Found] = []
    names = []
    for question in questions:
        names += [question.stem, question.label]
        candidates += [Found(question, None)] * 2
        for position, column in enumerate(question.columns):
            row = position if question.rows else None
            names.append(headers[column])
            candidates.append(Found(question, row))
            if question.rows:
                names.append(question.rows[position])
                candidates.append(Found(question, row))
    return _only(_matches(text, candidates, names), text, questions, headers, place)


def _all(questions: Sequence[Question]) -> list[tuple[Found, int]]:
    return [
        (Found(question, position if question.rows else None), column)
        for question in questions
        for position, column in enumerate(question.columns)
    ]


def _matches(text: str, found: Sequence[Found], names: Sequence[str]) -> list[Found]:
    wanted = loose_key(text)
    if not wanted:
        return []
    keys = [loose_key(name) for name in names]
    whole = _distinct(f for f, k in zip(found, keys, strict=True) if k == wanted)
    return whole or _distinct(f for f, k in zip(found, keys, strict=True) if k.startswith(wanted))


def _distinct(found) -> list[Found]:  # type: ignore[no-untyped-def]
    kept: dict[tuple[tuple[int, ...], int | None], Found] = {}
    for hit in found:
        kept.setdefault((hit.question.columns, hit.row), hit)
    return list(kept.values())


def _only(
    hits: list[Found],
    text: str,
    questions: Sequence[Question],
    headers: Sequence[str],
    place: Place,
) -> Found:
    if len(hits) == 1:
        return hits[0]
    if hits:
        listed = "；".join(_describe(hit) for hit in hits[:8])
        raise ReadError(
            zh=f"“{text}”不止指一个题目：{listed}。请写得更具体，或用“列 X”指定。",
            en=f"{text!r} names more than one question: {listed}. "
            "Be more specific, or use “column X”.",
            place=place,
        )
    described = {_describe(hit): hit for hit, _ in _all(questions)}
    described.update({_describe(Found(q, None)): Found(q, None) for q in questions})
    by_key = {key(description): description for description in described}
    near = [by_key[k] for k in get_close_matches(key(text), by_key, n=5, cutoff=0.3)]
    inside = [d for k, d in by_key.items() if key(text) in k][:5]
    listed = "；".join(dict.fromkeys(inside + near)) or "；".join([*described][:5])
    raise ReadError(
        zh=f"找不到题目“{text}”。相近的有：{listed}。",
        en=f"No question is named {text!r}. Near ones: {listed}.",
        place=place,
    )


def _describe(found: Found) -> str:
    question, row = found
    if row is None:
        return f"{question.label}（列 {column_letters(question.columns[0])}）"
    letters = column_letters(question.columns[row])
    return f"{question.number or question.stem}—{question.rows[row]}（列 {letters}）"
