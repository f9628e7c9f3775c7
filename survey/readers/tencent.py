"""腾讯问卷: metadata named in Chinese, then ``1.题干``; uploads as formula texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.inference import Spec
from survey.readers.model import Evidence, Grammar, Parsed, Platform
from survey.readers.plain import assemble, header_keys
from survey.readers.sheet import Sheet
from survey.readers.wording import strip_hint

METADATA = {
    "编号": "sequence",
    "开始答题时间": "started_at",
    "结束答题时间": "submitted_at",
    "答题时长": "duration",
    "ip": "ip",
    "ip地址": "ip",
    "地理位置国家和地区": "country",
    "地理位置省": "province",
    "地理位置市": "city",
    "用户类型": "user_type",
    "用户标识": "user",
    "昵称": "nickname",
    "自定义字段": "custom_parameter",
}
_REQUIRED = ("编号", "开始答题时间", "结束答题时间", "答题时长")
_NUMBERED = re.compile(r"(?P<n>\d+)\s*[.、．]\s*(?P<rest>.*)", re.DOTALL)
_ROW = re.compile(r"(?P<stem>.*)[:：](?P<row>[^:：]+)", re.DOTALL)
_GRAMMAR = Grammar(split=lambda text: text.split("┋"))


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise 编号, 开始答题时间, 结束答题时间 and 答题时长, any three of them.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    names = header_keys(sheet)
    found = [name for name in _REQUIRED if name in names]
    if len(found) < 3:
        return None
    listed = "、".join(found)
    return Evidence("tencent", f"表头有 {listed}", f"header has {listed}", 0.95)


def read(sheet: Sheet) -> Parsed:
    """Understand an export of 腾讯问卷.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
        Neighbouring columns of one number, told apart after a colon, are the rows or options of
        one question.
    """
    return assemble(sheet, sheet.row(0), 1, METADATA, _GRAMMAR, _specs)


def _specs(asked: Sequence[int], headers: Sequence[str]) -> Iterator[Spec]:
    groups: list[tuple[str, list[int], list[str]]] = []
    for index in asked:
        match = _NUMBERED.fullmatch(headers[index])
        number, rest = (match["n"], match["rest"]) if match else ("", headers[index])
        last = groups[-1] if groups else None
        if last and number and last[0] == number and last[1][-1] == index - 1:
            last[1].append(index)
            last[2].append(rest)
        else:
            groups.append((number, [index], [rest]))
    for number, columns, rests in groups:
        parts = [_ROW.fullmatch(rest) for rest in rests]
        stems = {part["stem"] for part in parts if part}
        if len(columns) > 1 and all(parts) and len(stems) == 1:
            rows = tuple(part["row"].strip() for part in parts if part)
            stem, hint = strip_hint(stems.pop())
            yield Spec(number, stem, tuple(columns), rows, hint=hint)
            continue
        for column, rest in zip(columns, rests, strict=True):
            stem, hint = strip_hint(rest)
            yield Spec(number, stem, (column,), hint=hint)


PLATFORM = Platform("tencent", "腾讯问卷", detect, read)
