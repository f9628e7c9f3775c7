"""Selectors: a question number, a number with a row, a stem, a header, or a column's letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from questionnaires.text import normalise
from survey.errors import Place, ReadError
from survey.readers.container.guard import column_letters
from survey.readers.grammar.model import Question
from survey.readers.wording import key

_LETTERS = re.compile(r"(?:列|column)\s*([A-Za-z]{1,3})", re.IGNORECASE)
_PLACED = re.compile(r"[(（]\s*(?:列|column)\s*([A-Za-z]{1,3})\s*[)）]\s*[”\"]?\s*$", re.IGNORECASE)
_NUMBER_ROW = re.compile(r"\s*第?(?P<n>\d+(?:\.\d+)?)题?\s*(?:[—–]|--)\s*(?P<row>.+)", re.DOTALL)


class Found(NamedTuple):
    """What a selector names."""

    question: Question  # the question
    row: int | None  # position of a matrix's row, or None for the whole question

    @property
    def label(self) -> str:
        """Its name as it is printed everywhere; `find` accepts it."""
        if self.row is None:
            return self.question.label
        return f"{self.question.number or self.question.label}—{self.question.rows[self.row]}"

    def names(self, headers: Sequence[str]) -> list[str]:
        """List the names it is found by, the printed one first."""
        question = self.question
        if self.row is None:
            alone = [] if question.rows else [headers[c] for c in question.columns]
            return [self.label, question.stem, *alone]
        row = question.rows[self.row]
        outer = [f"{name}—{row}" for name in (question.stem, question.label)]
        return [self.label, *outer, headers[question.columns[self.row]], row]


def find(
    selector: str | int, questions: Sequence[Question], headers: Sequence[str], place: Place
) -> Found:
    """Resolve a selector.

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
    every = [Found(q, None) for q in questions] + [
        hit for hit, _ in _all(questions) if hit.row is not None
    ]
    pairs = [(hit, name) for hit in every for name in hit.names(headers)]
    hits = _matches(text, [hit for hit, _ in pairs], [name for _, name in pairs])
    placed = _PLACED.search(text)
    if len(hits) != 1 and placed:
        return find(f"列 {placed[1]}", questions, headers, place)
    return _only(hits, text, questions, headers, place)


def _all(questions: Sequence[Question]) -> list[tuple[Found, int]]:
    return [
        (Found(question, position if question.rows else None), column)
        for question in questions
        for position, column in enumerate(question.columns)
    ]


def _matches(text: str, found: Sequence[Found], names: Sequence[str]) -> list[Found]:
    wanted = normalise(text)
    if not wanted:
        return []
    keys = [normalise(name) for name in names]
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
    return f"{found.label}（列 {column_letters(found.question.columns[found.row or 0])}）"
