"""问卷星: exports by option text and by option number, old and new headers.

SEEN: both modes, headers ``1、题干``, ``1、(选项)`` and ``第1题(选项)``, matrices ``1、题干—行``
with rows that carry the number or nothing; ASSUMED: 微信昵称, openid, 标签, 备注.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from os.path import commonprefix
from typing import NamedTuple

import numpy as np

from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.readers.grammar.decoding import same_scale
from survey.readers.grammar.dialect import Asked, Dialect, Sign, Told
from survey.readers.grammar.model import VALID, Mode, Question
from survey.readers.platforms.wjx_cells import (
    GRAMMAR,
    TYPED_SEPARATOR,
    has_text_marker,
    tell_mode,
)
from survey.readers.platforms.wjx_cells import Told as Reason
from survey.readers.problems import Problem
from survey.readers.wording import is_whole, strip_hint

NAMES = {
    "序号": "sequence",
    "提交答卷时间": "submitted_at",
    "所用时间": "duration",
    "答题时长": "duration",
    "来源": "source",
    "来源详情": "source_detail",
    "来自ip": "ip",
    "总分": "score",
    "微信昵称": "nickname",
    "openid": "openid",
    "标签": "tag",
    "备注": "remark",
    "自定义参数": "custom_parameter",
    "sojumpparm": "custom_parameter",
}
_DETECTING = ("submitted_at", "duration", "source_detail", "ip")
_DASH = "—"
_NUMBERED = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*[、.．]\s*(?P<rest>.*)", re.DOTALL)
_OLD_OPTION = re.compile(r"第(?P<n>\d+)题\((?P<option>.*)\)", re.DOTALL)
_OPTION = re.compile(r"\((?P<option>.*)\)", re.DOTALL)
_LIKE_HERE = re.compile(rf"{_NUMBERED.pattern}|第\d+题\(", re.DOTALL)
_QUESTION_LIKE = re.compile(r"^请|[?？:：]$")


class _Piece(NamedTuple):
    """A header: number, the rest, whether the rest names an option, whether it has no number."""

    number: str
    part: str
    by_option: bool = False
    bare: bool = False


def _piece(header: str) -> _Piece:
    if old := _OLD_OPTION.fullmatch(header):
        return _Piece(old["n"], old["option"], True)
    if numbered := _NUMBERED.fullmatch(header):
        option = _OPTION.fullmatch(numbered["rest"])
        return _Piece(numbered["n"], option["option"] if option else numbered["rest"], bool(option))
    return _Piece("", header, bare=True)


def _written_out(parts: Sequence[str]) -> str:
    """Give the stem that every row of a matrix repeats; usually the first alone carries it."""
    return commonprefix(parts).rpartition(_DASH)[0] if len(parts) > 1 else ""  # noqa: RUF071


@dataclass(frozen=True)
class _Run:
    """Columns that belong to one question."""

    number: str
    columns: tuple[int, ...]
    parts: tuple[str, ...]
    by_option: bool
    bare: tuple[int, ...]
    scattered: bool = False


def _runs(asked: Asked) -> list[_Run]:
    """Put the columns of one question together."""
    pieces = {index: _piece(asked.headers[index]) for index in asked.columns}

    def joins(run: list[int], index: int) -> bool:
        first, this = pieces[run[0]], pieces[index]
        cells, last = asked.decoded[index], asked.decoded[run[-1]]
        if this.bare:
            # A further row of the open matrix.
            if first.by_option or _DASH not in first.part:
                return False
            parts = [pieces[i].part for i in run]
            stem, dash, row = parts[0].rpartition(_DASH)
            if not this.part.startswith(stem + dash):
                # Where rows write their stem out, another stem begins another question.
                if _DASH in this.part and _written_out(parts):
                    return False
                rows = [row, *parts[1:]]
                if _QUESTION_LIKE.search(this.part) and not any(map(_QUESTION_LIKE.search, rows)):
                    return False
            return same_scale([asked.decoded[run[0]], last], cells)
        if this.number != first.number or this.by_option != first.by_option or first.bare:
            return False
        if this.by_option:
            return True
        # Two questions may share nothing but the number.
        parts = [pieces[i].part for i in run]
        if this.part in parts:
            return False
        return any(_DASH in part for part in (*parts, this.part)) or same_scale([last], cells)

    runs = []
    for columns in asked.runs(joins):
        first = pieces[columns[0]]
        parts = tuple(pieces[index].part for index in columns)
        bare = tuple(index for index in columns[1:] if pieces[index].bare)
        by_option = first.by_option
        if by_option:
            answers = {text for index in columns for text in asked.answers(index)}
            # Headers wholly in brackets are rows, not options, where answers are words.
            by_option = sum(not is_whole(text) for text in answers) <= 0.5 * len(answers)
            parts = parts if by_option else tuple(f"({part})" for part in parts)
        runs.append(_Run(first.number, tuple(columns), parts, by_option, bare))
    return _gathered(runs)


def _gathered(runs: Sequence[_Run]) -> list[_Run]:
    """Bring the option columns of one number together where somebody moved them apart."""
    kept: list[_Run] = []
    homes: dict[str, list[int]] = {}
    for run in runs:
        near = homes.setdefault(run.number, []) if run.by_option else []
        home = next((at for at in near if not set(kept[at].parts) & set(run.parts)), None)
        if home is None:
            near.append(len(kept))
            kept.append(run)
        else:
            one = kept[home]
            columns, parts = one.columns + run.columns, one.parts + run.parts
            kept[home] = replace(one, columns=columns, parts=parts, scattered=True)
    return kept


def _tell(asked: Asked, stated: Mode | None) -> Told:
    """Tell the mode from the answers, and whether a -3 is a skip or somebody's answer."""
    by_option = any(run.by_option and len(run.columns) > 1 for run in _runs(asked))
    told = tell_mode(asked.decoded.values(), by_option=by_option)
    mode = stated or told.mode
    worded = mode == "text" and has_text_marker(asked.decoded.values())
    grammar = replace(GRAMMAR, negative_codes={}) if worded else None
    return Told(mode, grammar, _mode(told, stated, asked.body))


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Take every run of columns for a question, and say what is to be checked."""
    runs = _runs(asked)
    questions = [_question(run, asked.mode) for run in runs]
    yield from questions
    for run in runs:
        yield from _doubts(run, asked.body)
    yield from _repeats(questions, asked.body)
    yield from _oddities(questions, asked)


def _question(run: _Run, mode: Mode) -> Question:
    """Put a run of columns into what its headers say."""
    if run.by_option and (len(run.columns) > 1 or mode == "numbered"):
        return Question(run.number, "", run.columns, options=run.parts)
    rows: tuple[str, ...] = ()
    stem = f"({run.parts[0]})" if run.by_option else run.parts[0]
    if written := _written_out(run.parts):
        stem, rows = written, tuple(part[len(written) + 1 :].strip() for part in run.parts)
    elif len(run.columns) > 1:
        # The member that carries the stem is usually the first.
        at = next((i for i, part in enumerate(run.parts) if _DASH in part), None)
        stem, row = "", ""
        if at is not None:
            stem, _, row = run.parts[at].rpartition(_DASH)
        rows = tuple(row.strip() if i == at else part for i, part in enumerate(run.parts))
    if rows:
        stem = stem.rstrip(_DASH).strip()
    stem, hint = strip_hint(stem)
    return Question(run.number, stem, run.columns, rows, hint=hint)


def _doubts(run: _Run, body: Sheet) -> Iterator[Problem]:
    """Say where columns were joined that headers alone do not join for certain."""
    letters = "、".join(map(column_letters, run.columns))
    if run.bare:
        rows = "、".join(map(column_letters, run.bare))
        yield Problem(
            zh=f"列 {rows} 没有题号，按位置和选项归入矩阵题 {run.number or run.parts[0]}。",
            en=f"Columns {rows} have no number and were joined to matrix "
            f"{run.number or run.parts[0]} by position and options.",
            place=body.place(),
        )
    if len(run.columns) > 1 and not run.by_option and not any(_DASH in part for part in run.parts):
        yield Problem(
            zh=f"相邻各列（{letters}）题号都是 {run.number}，没有题干，按一道矩阵题读取，请核对。",
            en=f"Neighbouring columns ({letters}) all have number {run.number} and no stem; "
            "they are read as one matrix: check them.",
            place=body.place(),
            severity="warning",
        )
    if run.scattered:
        yield Problem(
            zh=f"第{run.number}题的选项列不相邻（{letters}），已合为一题，请核对。",
            en=f"The option columns of question {run.number} lie apart ({letters}) and were "
            "joined.",
            place=body.place(),
            severity="warning",
        )


def _mode(told: Reason, stated: Mode | None, body: Sheet) -> Problem:
    """Say in which mode the file is read and why, and whether it looks like another."""
    if stated is None:
        return Problem(zh=told.zh, en=told.en, place=body.place())
    zh, en = {"text": ("按文本", "by text"), "numbered": ("按序号", "by number")}[stated]
    doubted = told.mode not in (stated, "undecided")
    return Problem(
        zh=f"下载方式：{zh}（由用户指定）。" + (f"文件却像另一种，{told.zh}" if doubted else ""),
        en=f"Download {en}, as stated."
        + (f" The file looks otherwise. {told.en}" if doubted else ""),
        place=body.place(),
        severity="warning" if doubted else "notice",
    )


def _repeats(questions: Sequence[Question], body: Sheet) -> list[Problem]:
    numbered = sorted((q for q in questions if q.number), key=lambda q: q.number)
    return [
        Problem(
            zh=f"题号 {number} 出现 {len(same)} 次，用题干而不是题号指定它们。",
            en=f"Number {number} occurs {len(same)} times; name these questions by their stems.",
            place=body.place(),
        )
        for number, group in groupby(numbered, key=lambda q: q.number)
        if len(same := list(group)) > 1
    ]


def _oddities(questions: Sequence[Question], asked: Asked) -> Iterator[Problem]:
    """Report codes never seen before, and separators that somebody typed."""
    for question in questions:
        cells = [asked.decoded[column] for column in question.columns]
        strange = sum(
            int(cell.counts[level])
            for cell in cells
            for level in np.flatnonzero(cell.status != VALID)
            if cell.texts[level] == "-1"
        )
        if strange:
            yield Problem(
                zh=f"“{question.label}”有 {strange} 个 -1，含义不明，按空白处理。",
                en=f"{strange} answers to {question.label} are -1, of unknown meaning; taken as "
                "blank.",
                place=asked.body.place(),
                severity="warning",
            )
        valid = [pair for cell in cells for pair in cell.valid.items()]
        typed = sum(count for text, count in valid if TYPED_SEPARATOR.search(text))
        if typed:
            yield Problem(
                zh=f"“{question.label}”有 {typed} 人在填写的文字里用了“┋”，未在其处拆分。",
                en=f"{typed} people typed ┋ beside an option of {question.label}; not split there.",
                place=asked.body.place(),
            )


DIALECT = Dialect(
    "wjx",
    "问卷星",
    NAMES,
    signs=(
        Sign(0.95, every=("sequence",), some=_DETECTING),
        Sign(0.8, every=("sequence",), rest=_LIKE_HERE),
        Sign(0.55, rest=_LIKE_HERE),
    ),
    grammar=GRAMMAR,
    group=_group,
    tell=_tell,
    stated=True,
)
