"""问卷星: exports by option text and by option number, old and new headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from survey.readers.decoding import (
    SMALL,
    decode_column,
    is_whole_column,
    looks_closed,
)
from survey.readers.guard import column_letters
from survey.readers.inference import Spec, understand
from survey.readers.model import (
    MISSING,
    NOT_ASKED,
    Decoded,
    Evidence,
    Grammar,
    Mode,
    Parsed,
    Platform,
    Question,
)
from survey.readers.plain import answers_below, sort_columns
from survey.readers.problems import Problem
from survey.readers.sheet import Sheet
from survey.readers.wording import is_whole, key, strip_hint, tidy

SEPARATOR = "┋"
ARROW = "→"
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
_JOINED_INSIDE = re.compile(r"〖[^〗]*┋[^〗]*〗")
_TYPED = re.compile(r"\s*〖(?P<text>.*)〗\s*", re.DOTALL)
_DIGITS = re.compile(r"\d+")


def split_options(text: str) -> list[str]:
    """Split on ``┋``, but not where a person typed it inside ``〖…〗``.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    list of str

    Examples
    --------
    >>> split_options("家庭┋其他〖甲┋乙〗┋兼职")
    ['家庭', '其他〖甲┋乙〗', '兼职']
    """
    if "〖" not in text:
        return text.split(SEPARATOR)
    shielded = _JOINED_INSIDE.sub(lambda m: m[0].replace(SEPARATOR, "\0"), text)
    return [part.replace("\0", SEPARATOR) for part in shielded.split(SEPARATOR)]


def split_typed(text: str) -> tuple[str, str]:
    """Take the text between the first ``〖`` and the last ``〗`` off an option.

    Parameters
    ----------
    text : str
        An option as written in a cell.

    Returns
    -------
    option, typed : str

    Examples
    --------
    >>> split_typed("其他〖自习室〗")
    ('其他', '自习室')
    """
    if "〖" not in text:
        return text, ""
    match = _TYPED.search(text)
    if match is None:
        return text, ""
    return (text[: match.start()] + text[match.end() :]).strip(), match["text"]


_MARKERS = Grammar(
    not_asked=frozenset({"(跳过)"}),
    missing=frozenset({"(空)", "NULL"}),
    negative_codes={"-3": NOT_ASKED, "-2": MISSING, "-1": MISSING},
    split=split_options,
    arrow=ARROW,
    open_text=split_typed,
)


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
    loose = {i: decode_column(body.columns[i], _MARKERS) for i in asked}
    groups = _group(asked, headers, loose)
    mode, zh, en = _mode(groups, loose)
    grammar = _MARKERS
    if mode == "text":
        grammar = replace(_MARKERS, negative_codes={})
        loose = {
            i: decode_column(body.columns[i], grammar)
            if any(text in _MARKERS.negative_codes for text in d.texts)
            else d
            for i, d in loose.items()
        }
    problems.append(Problem(zh=zh, en=en, place=body.place()))
    questions = tuple(understand(_spec(g, mode), loose, grammar, mode, body) for g in groups)
    problems.extend(_attached(group, body) for group in groups if group.bare)
    problems.extend(_repeats(questions, body))
    return Parsed(body, raw, metadata, questions, mode, grammar, loose, tuple(problems))


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


def _same_matrix(group: _Group, part: str, index: int, decoded: dict[int, Decoded]) -> bool:
    """Tell rows of one matrix from two questions that share nothing but the number."""
    if any(DASH in earlier for earlier in (*group.parts, part)):
        return True
    return _alike(decoded[group.columns[-1]], decoded[index])


def _continues(group: _Group, header: str, index: int, decoded: dict[int, Decoded]) -> bool:
    """Tell whether a header without a number is a further row of the open matrix."""
    if group.by_option or DASH not in group.parts[0]:
        return False
    if header.endswith(("?", "？")) and not any(p.endswith(("?", "？")) for p in group.parts[1:]):
        return False
    return _alike(decoded[group.columns[-1]], decoded[index], decoded[group.columns[0]])


def _alike(earlier: Decoded, column: Decoded, first: Decoded | None = None) -> bool:
    """Tell whether two columns answer on the same scale."""
    old = set(earlier.valid()) | (set(first.valid()) if first else set())
    new = column.valid()
    if not old or not new:
        return True
    old_closed, new_closed = looks_closed(dict.fromkeys(old, 2)), looks_closed(new)
    if not (old_closed and new_closed):
        return old_closed == new_closed
    shapes = {_DIGITS.sub("#", text) for text in old}
    shared = sum(_DIGITS.sub("#", text) in shapes for text in new)
    if shared >= 0.5 * len(new):
        return True
    few = sum(new.values()) < SMALL
    endings = {text[-2:] for text in old}
    return few and all(text[-2:] in endings for text in new)


def _mode(groups: Sequence[_Group], decoded: dict[int, Decoded]) -> tuple[Mode, str, str]:
    """Tell option texts from option numbers, and say why."""
    if any(group.by_option and len(group.columns) > 1 for group in groups):
        return (
            "numbered",
            "下载方式：按序号（表头按选项分列）。",
            "Download by number: one column an option.",
        )
    valid = {index: column.valid() for index, column in decoded.items()}
    joined = any(
        any(mark in text for mark in (SEPARATOR, ARROW, "〖"))
        for texts in valid.values()
        for text in texts
    )
    worded = any(
        texts and looks_closed(texts) and not any(is_whole(text) for text in texts)
        for texts in valid.values()
    )
    codes = [index for index, texts in valid.items() if is_whole_column(texts)]
    negatives = any(
        text in _MARKERS.negative_codes and decoded[i].status[k] != 0
        for i in codes
        for k, text in enumerate(decoded[i].texts)
    )
    if joined or (worded and not negatives):
        return (
            "text",
            "下载方式：按文本（答案是选项文字）。",
            "Download by text: answers are option texts.",
        )
    if codes and negatives:
        return (
            "numbered",
            "下载方式：按序号（答案是数字，含 -3/-2）。",
            "Download by number: codes with -3 or -2.",
        )
    return (
        "undecided",
        "无法判断是按文本还是按序号下载：答案全是数字，数字按原值处理。",
        "By text or by number cannot be told: all answers are digits, which are taken as values.",
    )


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
