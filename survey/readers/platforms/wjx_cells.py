"""How 问卷星 writes answers into cells: joined options, typed texts, markers, and the two modes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from survey.readers.grammar.decoding import looks_closed
from survey.readers.grammar.model import (
    MISSING,
    MOST_CODES,
    NOT_ASKED,
    VALID,
    Decoded,
    Grammar,
    Mode,
)
from survey.readers.grammar.option_words import wording
from survey.readers.wording import is_whole, tidy

SEPARATOR = "┋"
ARROW = "→"
TYPED_SEPARATOR = re.compile(r"〖[^〗]*┋[^〗]*〗")
_TYPED = re.compile(r"\s*〖(?P<text>.*)〗\s*", re.DOTALL)
_TYPED_EACH = re.compile(r"〖[^〗]*〗")
# A text typed beside an option ends the option.
_BESIDE = re.compile(r"[^〖┋]〖[^〖]*〗\s*(?:┋|→|$)")


def split_typed(text: str) -> tuple[str, str]:
    """Take the text between the first ``〖`` and the last ``〗`` off an option.

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


def split_order(text: str) -> list[str]:
    """Split ``A→B→C`` into its options, texts typed beside them taken off.

    Examples
    --------
    >>> split_order("食堂→其他〖路→灯〗→宿舍")
    ['食堂', '其他', '宿舍']
    """
    if ARROW not in text and "〖" not in text:
        return [text] if text else []
    items = _TYPED_EACH.sub("", text).split(ARROW)
    return [item for item in map(tidy, items) if item]


GRAMMAR = Grammar(
    negative_codes={"-3": NOT_ASKED, "-2": MISSING, "-1": MISSING},
    joint=re.compile(SEPARATOR),
    shielded=TYPED_SEPARATOR,
    order=split_order,
    open_text=split_typed,
)


def has_text_marker(columns: Iterable[Decoded]) -> bool:
    """Tell whether skips are written as ``(跳过)``, which only the text mode does."""
    return any(
        not is_whole(column.texts[level])
        for column in columns
        for level in np.flatnonzero(column.status == NOT_ASKED)
    )


class Told(NamedTuple):
    """A download's mode and the reason for it."""

    mode: Mode  # ``text``, ``numbered`` or ``undecided``
    zh: str  # the reason in each language
    en: str


def tell_mode(columns: Iterable[Decoded], *, by_option: bool) -> Told:
    """Tell option texts from option numbers, and say why.

    `by_option`: whether headers name single options, as the numbered mode does; words for skips
    outweigh it.

    Notes
    -----
    Repeated words prove nothing beside columns of digits: a class, a name or an opinion that many
    people typed repeats in a numbered download too, and a 量表 is digits in both. What proves the
    text mode is what nobody types: joined options, ``(跳过)``, or a whole ladder of answers beside
    another column of option words. A numbered download taken for text would rate positions of
    options, so whatever is not proven stays undecided.
    """
    cells = [*columns]
    skips_in_words = has_text_marker(cells)
    if by_option and not skips_in_words:
        return Told(
            "numbered",
            "下载方式：按序号（表头按选项分列）。",
            "Download by number: one column an option.",
        )
    valid = [column.valid for column in cells]
    if skips_in_words or any(map(_is_joined, valid)):
        return Told(
            "text",
            "下载方式：按文本（答案含选项连接符或“(跳过)”）。",
            "Download by text: answers hold joined options or (跳过).",
        )
    n_digit = sum(map(_is_coded, valid))
    n_worded = sum(looks_closed(texts) and not any(map(is_whole, texts)) for texts in valid)
    kinds = [wording(texts) for texts in valid]
    proven = "ladder" in kinds and len([kind for kind in kinds if kind]) > 1
    marked = any(map(_has_number_marker, cells))
    if n_worded and (not n_digit or proven) and not marked:
        return Told(
            "text",
            "下载方式：按文本（答案是选项文字）。",
            "Download by text: answers are option texts.",
        )
    if marked and not proven and n_worded <= n_digit:
        return Told(
            "numbered",
            "下载方式：按序号（答案含 -3 或 -2）。",
            "Download by number: answers hold -3 or -2.",
        )
    if n_worded:
        return Told(
            "undecided",
            "无法判断是按文本还是按序号下载：有的列全是数字，文字列也可能是填写的。数字若是选项的位置，"
            "方向不明，不能评分；请说明下载方式（mode、--mode text 或 --mode numbered）。",
            "By text or by number cannot be told: some columns are all digits, and the words may "
            "have been typed. Digits that are positions of options cannot be rated; state the mode "
            "(mode, --mode text or --mode numbered).",
        )
    return Told(
        "undecided",
        "无法判断是按文本还是按序号下载：选项答案全是数字，数字按原值读取，不能直接评分。",
        "By text or by number cannot be told: all closed answers are digits, read as they are; "
        "they cannot be rated as they stand.",
    )


def _is_joined(valid: Mapping[str, int]) -> bool:
    """Tell whether options are joined in a column as only the text mode does."""
    everything = "".join(valid)
    if not any(sign in everything for sign in (SEPARATOR, ARROW, "〖")):
        return False
    if any(_BESIDE.search(text) for text in valid):
        return True
    # Several blanks, filled in, are joined in either mode: always equally many.
    if len({text.count(SEPARATOR) for text in map(_without_typed, valid)}) > 1:
        return True
    orders = [order for text in valid if ARROW in text and len(order := split_order(text)) > 1]
    ranked = Counter(item for order in orders for item in order)
    return (
        len(orders) > 2
        and len(orders) >= 0.5 * len(valid)
        and sum(n > 1 for n in ranked.values()) >= 0.5 * len(ranked)
    )


def _without_typed(text: str) -> str:
    return _TYPED_EACH.sub("", text) if "〖" in text else text


def _is_coded(valid: Mapping[str, int]) -> bool:
    """Tell whether most answers are whole numbers that may be positions of options."""
    codes = sum(n for text, n in valid.items() if is_whole(text) and 0 <= int(text) <= MOST_CODES)
    return codes > 0 and codes >= 0.5 * sum(valid.values())


def _has_number_marker(column: Decoded) -> bool:
    """Tell whether a skip is written as -3 or -2; a -1 was never seen to be one."""
    levels = np.flatnonzero(column.status != VALID)
    return any(column.texts[level] in ("-3", "-2") for level in levels)
