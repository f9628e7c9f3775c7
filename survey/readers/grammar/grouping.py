"""Columns into questions by their headers alone: ``stem``, ``stem [row]``, ``stem - option``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from questionnaires.words import words
from survey.readers.grammar.decoding import same_scale
from survey.readers.grammar.dialect import Asked
from survey.readers.grammar.inference import are_shares
from survey.readers.grammar.model import Grammar, Question, valid_of
from survey.readers.grammar.option_words import differ_in_kind
from survey.readers.problems import Problem
from survey.readers.wording import key, strip_hint

BRACKETED = re.compile(
    r"(?P<stem>.*?)\s*\[(?P<part>[^\[\]]*(?:\[[^\[\]]*\])?[^\[\]]*)\]", re.DOTALL
)
# 题干—行 and 3、题干（必填）: as forms write headers that have no grammar of their own.
FORM_HEADER = re.compile(
    r"(?:(?P<n>\d+)\s*[.、．]\s*(?=\D))?(?P<stem>.+?)(?:\s*(?:—|--|\s-\s)\s*(?P<part>[^—]+?))?"
    r"\s*(?:[（(](?:必填|选填)[)）])?\s*",
    re.DOTALL,
)
FORM_ANSWERS = Grammar(joint=re.compile(r"[┋、;；]|,(?!\s)"), certain_join=False)
_OTHER = re.compile(
    r"(?:other|sonstiges?|autre|otro|outro|altro|其他|其它|其他选项)\b.*", re.IGNORECASE
)


class Parted(NamedTuple):
    """A header: number, stem, and the row or option it ends in."""

    number: str
    stem: str
    part: str
    whole: str


def parted(header: str, pattern: re.Pattern[str]) -> Parted:
    """Part a header.

    Examples
    --------
    >>> parted("评价 [食堂]", BRACKETED)
    Parted(number='', stem='评价', part='食堂', whole='评价 [食堂]')
    """
    match = pattern.fullmatch(header)
    if match is None:
        return Parted("", header, "", header)
    found = match.groupdict()
    number, part = found.get("n") or "", (found.get("part") or "").strip()
    whole = header[match.start("stem") :] if part else match["stem"]
    return Parted(number, match["stem"].strip(), part, whole.strip())


def by_header(asked: Asked) -> Iterator[Question | Problem]:
    """Group neighbours that share number and stem and name rows or options."""
    heads = {index: parted(asked.headers[index], asked.dialect.header) for index in asked.columns}

    shared = shared_out(asked, {i: head[:2] if head.part else () for i, head in heads.items()})

    def joins(run: list[int], index: int) -> bool:
        last, this = heads[run[-1]], heads[index]
        together = bool(last.part and this.part) and last[:2] == this[:2]
        if not together or not asked.dialect.loose or shared.issuperset((run[-1], index)):
            return together
        return alike(asked, run[-1], index) or _own(asked, (run[-1], index), (last.part, this.part))

    for run in asked.runs(joins):
        head = heads[run[0]]
        if len(run) > 1:
            parts = [heads[index].part for index in run]
            yield from several(asked, head.number, head.stem, run, parts)
        else:
            # Brackets that no neighbour shares belong to the wording.
            stem, hint = strip_hint(head.whole)
            yield Question(head.number, stem, (run[0],), hint=hint)


def shared_out(asked: Asked, headings: Mapping[int, object]) -> set[int]:
    """Give the columns below one heading whose numbers add up to 100, whether these recur or not.

    `headings`: what stands above each column; nothing where the column stands alone.
    """

    def joins(run: list[int], index: int) -> bool:
        return bool(headings[index]) and headings[run[-1]] == headings[index]

    runs = (run for run in asked.runs(joins) if len(run) > 1)
    cells = ((run, [asked.decoded[index] for index in run]) for run in runs)
    return {index for run, told in cells if are_shares(told, valid_of(told)) for index in run}


def alike(asked: Asked, one: int, other: int) -> bool:
    """Tell whether two columns may answer on one scale, whatever their headers say."""
    before, after = asked.decoded[one], asked.decoded[other]
    return same_scale([before], after) and not differ_in_kind(before.valid, after.valid)


def several(
    asked: Asked, number: str, stem: str, columns: Sequence[int], parts: Sequence[str]
) -> Iterator[Question | Problem]:
    """Tell options that were ticked from rows of a matrix; a text typed beside them is its own."""
    stem, hint = strip_hint(stem)
    kept, names = tuple(columns), tuple(parts)
    other: tuple[int, ...] = ()
    if asked.dialect.options and len(kept) > 1 and _OTHER.fullmatch(names[-1]):
        others = [asked.decoded[index] for index in kept[:-1]]
        if not ticked(asked, kept[-1:], names[-1:]) and (
            ticked(asked, kept[:-1], names[:-1]) or not same_scale(others, asked.decoded[kept[-1]])
        ):
            kept, names, other = kept[:-1], names[:-1], kept[-1:]
    if asked.dialect.options and ticked(asked, kept, names):
        yield Question(
            number, stem, kept, options=names, kind="multi", layout="indicator", hint=hint
        )
        if not _own(asked, kept, names):
            yield as_choices(stem, asked)
    elif len(kept) > 1:
        yield Question(number, stem, kept, names, hint=hint)
    else:
        yield Question(number, stem, kept, hint=hint)
    if other:
        yield Question(number, asked.headers[other[0]], other, kind="text")


def ticked(asked: Asked, columns: Sequence[int], parts: Sequence[str]) -> bool:
    """Tell whether columns hold nothing but ticks: their own option, or yes and no."""
    seen = {key(text) for column in columns for text in asked.answers(column)}
    known = words().chosen | words().not_chosen
    by_words = not asked.dialect.grammar.any_text and seen <= known
    return bool(seen) and (by_words or _own(asked, columns, parts))


def _own(asked: Asked, columns: Sequence[int], parts: Sequence[str]) -> bool:
    """Tell whether every column holds nothing but its own option, or a 1 in its place."""
    return all(
        {key(text) for text in asked.answers(column)} <= {key(part), "1"}
        and len(asked.answers(column)) <= 1
        for column, part in zip(columns, parts, strict=True)
    )


def as_choices(stem: str, asked: Asked) -> Problem:
    """Say that columns of yes and no were taken for one choice of several."""
    return Problem(
        zh=f"“{stem}”的各列只有“是/否”（Yes/No、1/0），按多选题读取。",
        en=f"All columns of {stem} hold only Yes or No: read as a choice of several.",
        place=asked.body.place(),
    )
