"""How 问卷星 writes answers into cells: joined options, typed texts, markers, and the two modes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.readers.decoding import looks_closed
from survey.readers.model import MISSING, NOT_ASKED, VALID, Decoded, Grammar, Mode
from survey.readers.wording import is_whole, tidy

SEPARATOR = "┋"
ARROW = "→"
TYPED_SEPARATOR = re.compile(r"〖[^〗]*┋[^〗]*〗")
_TYPED = re.compile(r"\s*〖(?P<text>.*)〗\s*", re.DOTALL)
_TYPED_EACH = re.compile(r"〖[^〗]*〗")


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
    shielded = TYPED_SEPARATOR.sub(lambda m: m[0].replace(SEPARATOR, "\0"), text)
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


def split_order(text: str) -> list[str]:
    """Split ``A→B→C`` into its options, texts typed beside them taken off.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    list of str

    Examples
    --------
    >>> split_order("食堂→其他〖路→灯〗→宿舍")
    ['食堂', '其他', '宿舍']
    """
    items = _TYPED_EACH.sub("", text).split(ARROW)
    return [item for item in map(tidy, items) if item]


GRAMMAR = Grammar(
    not_asked=frozenset({"(跳过)"}),
    missing=frozenset({"(空)", "NULL"}),
    negative_codes={"-3": NOT_ASKED, "-2": MISSING, "-1": MISSING},
    split=split_options,
    order=split_order,
    open_text=split_typed,
)


def has_text_marker(columns: Iterable[Decoded]) -> bool:
    """Tell whether skips are written as ``(跳过)``, which only the text mode does.

    Parameters
    ----------
    columns : iterable of Decoded
        All answer columns.

    Returns
    -------
    bool
    """
    return any(
        status == NOT_ASKED and not is_whole(text)
        for column in columns
        for text, status in zip(column.texts, column.status, strict=True)
    )


def tell_mode(columns: Iterable[Decoded], *, by_option: bool) -> tuple[Mode, str, str]:
    """Tell option texts from option numbers, and say why.

    Parameters
    ----------
    columns : iterable of Decoded
        All answer columns, negative codes taken for markers.
    by_option : bool
        Whether headers name single options, as only the numbered mode does.

    Returns
    -------
    mode, zh, en : str
        The mode and the reason in each language.
    """
    cells = [*columns]
    if by_option:
        return (
            "numbered",
            "下载方式：按序号（表头按选项分列）。",
            "Download by number: one column an option.",
        )
    valid = [column.valid() for column in cells]
    joined = any(mark in t for texts in valid for t in texts for mark in (SEPARATOR, ARROW, "〖"))
    if joined or has_text_marker(cells):
        return (
            "text",
            "下载方式：按文本（答案含选项连接符或“(跳过)”）。",
            "Download by text: answers hold joined options or (跳过).",
        )
    if any(
        status != VALID and is_whole(text)
        for column in cells
        for text, status in zip(column.texts, column.status, strict=True)
    ):
        return (
            "numbered",
            "下载方式：按序号（答案含 -3 或 -2）。",
            "Download by number: answers hold -3 or -2.",
        )
    if any(looks_closed(texts) and not any(map(is_whole, texts)) for texts in valid):
        return (
            "text",
            "下载方式：按文本（答案是选项文字）。",
            "Download by text: answers are option texts.",
        )
    return (
        "undecided",
        "无法判断是按文本还是按序号下载：选项答案全是数字，数字按原值处理。",
        "By text or by number cannot be told: all closed answers are digits, taken as values.",
    )
