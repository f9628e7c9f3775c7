"""问卷星: exports by option text and by option number, old and new headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from survey.readers.decoding import decode_column, same_scale
from survey.readers.guard import column_letters
from survey.readers.inference import Spec, understand
from survey.readers.model import (
    Decoded,
    Evidence,
    Mode,
    Parsed,
    Platform,
    Question,
)
from survey.readers.plain import answers_below, sort_columns
from survey.readers.problems import Problem
from survey.readers.sheet import Sheet
from survey.readers.wjx_cells import GRAMMAR, has_text_marker, tell_mode
from survey.readers.wording import key, strip_hint, tidy

DASH = "—"
METADATA = {
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
_NUMBERED = re.compile(r"(?P<n>\d+(?:\.\d+)?)\s*[、.．]\s*(?P<rest>.*)", re.DOTALL)
_OLD_OPTION = re.compile(r"第(?P<n>\d+)题\((?P<option>.*)\)", re.DOTALL)
_OPTION = re.compile(r"\((?P<option>.*)\)", re.DOTALL)
_QUESTION_LIKE = re.compile(r"^请|[?？:：]$")


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise the export by its header row.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    headers = [tidy(header) for header in sheet.row(0)] if sheet.n_rows else []
    names = [METADATA.get(key(header), "") for header in headers]
    found = [header for header, name in zip(headers, names, strict=True) if name in _DETECTING]
    if "sequence" in names and found:
        listed = "、".join(found)
        return Evidence("wjx", f"表头有 序号 和 {listed}", f"header has 序号 and {listed}", 0.95)
    questions = [h for h, name in zip(headers, names, strict=True) if h and not name]
    fits = sum(bool(_NUMBERED.match(h) or _OLD_OPTION.match(h)) for h in questions)
    if questions and fits >= 0.6 * len(questions):
        share = f"{fits}/{len(questions)}"
        return Evidence(
            "wjx",
            f"{share} 列的表头是“题号、题干”或“第n题(选项)”",
            f"{share} headers have the form “n、stem” or “第n题(option)”",
            0.8 if "sequence" in names else 0.6,
        )
    return None


@dataclass
class _Group:
    """Neighbouring columns that belong to one question, while headers are being read."""

    number: str
    columns: list[int] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    by_option: bool = False
    bare: list[int] = field(default_factory=list)
    scattered: bool = False


def read(sheet: Sheet) -> Parsed:
    """Understand an export of 问卷星.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
    """
    raw = tuple(sheet.row(0))
    body = answers_below(sheet, raw, 1)
    headers = [tidy(header) for header in raw]
    problems: list[Problem] = list(body.problems)
    metadata, asked, noticed = sort_columns(headers, METADATA, body)
    problems.extend(noticed)
    grammar = GRAMMAR
    decoded = {index: decode_column(body.columns[index], grammar) for index in asked}
    groups = _gather(_group(asked, headers, decoded))
    by_option = any(group.by_option and len(group.columns) > 1 for group in groups)
    mode, zh, en = tell_mode(decoded.values(), by_option=by_option)
    if mode == "text" and has_text_marker(decoded.values()):
        # Where skips are written in words, a -3 is somebody's answer.
        grammar = replace(GRAMMAR, negative_codes={})
        decoded = {index: decode_column(body.columns[index], grammar) for index in asked}
    problems.append(Problem(zh=zh, en=en, place=body.place()))
    questions = tuple(understand(_spec(g, mode), decoded, grammar, mode, body) for g in groups)
    problems.extend(_attached(group, body) for group in groups if group.bare)
    problems.extend(_gathered(group, body) for group in groups if group.scattered)
    problems.extend(_repeats(questions, body))
    return Parsed(body, raw, metadata, questions, mode, grammar, decoded, tuple(problems))


def _group(
    asked: Sequence[int], headers: Sequence[str], decoded: dict[int, Decoded]
) -> list[_Group]:
    """Put neighbouring columns of one question together."""
    groups: list[_Group] = []
    for index in asked:
        header = headers[index]
        last = groups[-1] if groups else None
        adjacent = last is not None and last.columns[-1] == index - 1
        old = _OLD_OPTION.fullmatch(header)
        numbered = None if old else _NUMBERED.fullmatch(header)
        if old:
            number, part, by_option = old["n"], old["option"], True
        elif numbered:
            number, part = numbered["n"], numbered["rest"]
            option = _OPTION.fullmatch(part)
            by_option = option is not None
            part = option["option"] if option else part
        else:
            if last is not None and adjacent and _continues(last, header, index, decoded):
                last.columns.append(index)
                last.parts.append(header)
                last.bare.append(index)
            else:
                groups.append(_Group("", [index], [header]))
            continue
        joins = (
            last is not None
            and adjacent
            and last.number == number
            and last.by_option == by_option
            and (by_option or _same_matrix(last, part, index, decoded))
        )
        if joins and last is not None:
            last.columns.append(index)
            last.parts.append(part)
        else:
            groups.append(_Group(number, [index], [part], by_option))
    return groups


def _gather(groups: Sequence[_Group]) -> list[_Group]:
    """Bring the option columns of one number together where somebody moved them apart."""
    kept: list[_Group] = []
    for group in groups:
        home = next(
            (
                earlier
                for earlier in kept
                if group.by_option and earlier.by_option and earlier.number == group.number
                if not set(earlier.parts) & set(group.parts)
            ),
            None,
        )
        if home is None:
            kept.append(group)
        else:
            home.columns += group.columns
            home.parts += group.parts
            home.scattered = True
    return kept


def _same_matrix(group: _Group, part: str, index: int, decoded: dict[int, Decoded]) -> bool:
    """Tell rows of one matrix from two questions that share nothing but the number."""
    if part in group.parts:
        return False
    if any(DASH in earlier for earlier in (*group.parts, part)):
        return True
    return same_scale([decoded[group.columns[-1]]], decoded[index])


def _continues(group: _Group, header: str, index: int, decoded: dict[int, Decoded]) -> bool:
    """Tell whether a header without a number is a further row of the open matrix."""
    if group.by_option or DASH not in group.parts[0]:
        return False
    rows = [group.parts[0].rpartition(DASH)[2], *group.parts[1:]]
    if _QUESTION_LIKE.search(header) and not any(map(_QUESTION_LIKE.search, rows)):
        return False
    return same_scale([decoded[group.columns[0]], decoded[group.columns[-1]]], decoded[index])


def _spec(group: _Group, mode: Mode) -> Spec:
    """Put a group of columns into what its headers say."""
    columns, parts = tuple(group.columns), tuple(group.parts)
    if group.by_option and (len(columns) > 1 or mode == "numbered"):
        return Spec(group.number, "", columns, options=parts)
    rows: tuple[str, ...] = ()
    if len(columns) > 1:
        stem, rows = _matrix_labels(group)
    else:
        stem = f"({parts[0]})" if group.by_option else parts[0]
    stem, hint = strip_hint(stem)
    return Spec(group.number, stem, columns, rows, hint=hint)


def _matrix_labels(group: _Group) -> tuple[str, tuple[str, ...]]:
    """Take the stem from the member that carries it, usually the first."""
    carriers = [i for i, part in enumerate(group.parts) if DASH in part]
    if not carriers:
        return "", tuple(group.parts)
    carrier = carriers[0]
    stem, _, row = group.parts[carrier].rpartition(DASH)
    rows = [*group.parts]
    rows[carrier] = row.strip()
    return stem.rstrip(DASH).strip(), tuple(rows)


def _attached(group: _Group, body: Sheet) -> Problem:
    rows = "、".join(column_letters(index) for index in group.bare)
    return Problem(
        zh=f"列 {rows} 没有题号，按位置和选项归入矩阵题 {group.number or group.parts[0]}。",
        en=f"Columns {rows} have no number and were joined to matrix "
        f"{group.number or group.parts[0]} by position and options.",
        place=body.place(),
    )


def _gathered(group: _Group, body: Sheet) -> Problem:
    letters = "、".join(column_letters(index) for index in group.columns)
    return Problem(
        zh=f"第{group.number}题的选项列不相邻（{letters}），已合为一题，请核对。",
        en=f"The option columns of question {group.number} lie apart ({letters}) and were joined.",
        place=body.place(),
        severity="warning",
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


PLATFORM = Platform("wjx", "问卷星", detect, read)
