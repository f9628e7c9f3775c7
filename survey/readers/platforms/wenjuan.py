"""问卷网: Chinese metadata, or the coded form ``seq,source,…`` with ``Q1|A1`` columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.wording import strip_hint

METADATA = {
    "答题序号": "sequence",
    "seq": "sequence",
    "来源": "source",
    "source": "source",
    "开始时间": "started_at",
    "start": "started_at",
    "提交时间": "submitted_at",
    "结束时间": "submitted_at",
    "finish": "submitted_at",
    "答题时长": "duration",
    "time_used": "duration",
    "ip": "ip",
    "ip地址": "ip",
    "ip省份": "province",
    "ip_province": "province",
    "ip城市": "city",
    "ip_city": "city",
    "状态": "status",
    "status": "status",
    "用户昵称": "nickname",
    "nickname": "nickname",
    "openid": "openid",
    "自定义编号": "custom_parameter",
    "总分": "score",
    "score": "score",
    "浏览器": "browser",
    "browser": "browser",
    "操作系统": "operating_system",
    "os": "operating_system",
}
_CHINESE = ("答题序号", "开始时间", "提交时间", "答题时长", "ip省份")
_CODED = ("seq", "start", "finish", "time_used", "ip_province")
_CODE = re.compile(
    r"Q(?P<n>\d+)(?:[|_]?(?P<part>[AR]\d+(?:[|_][AR]?\d+)?|(?:A\d+[|_])?open))?", re.IGNORECASE
)
_NUMBERED = re.compile(r"Q?(?P<n>\d+)\s*[.、．:：]\s*(?P<rest>.*)", re.DOTALL)
_GRAMMAR = Grammar(
    not_asked=frozenset({"(跳过)"}),
    missing=frozenset({"(空)", "NULL"}),
    joint=re.compile("┋"),
)


def _is_coded(names: Sequence[str]) -> bool:
    return _has_coded_metadata(names) or _only_codes(names)


def _has_coded_metadata(names: Sequence[str]) -> bool:
    return sum(name in names for name in _CODED) >= 3


def _only_codes(names: Sequence[str]) -> bool:
    """Tell whether codes follow a bare ``seq``, the other metadata having been deleted."""
    asked = [name for name in names if name and name not in METADATA]
    return "seq" in names and len(asked) > 1 and all(map(_CODE.fullmatch, asked))


def detect(sheet: Sheet) -> Evidence | None:
    """Recognise the Chinese or the coded metadata.

    Parameters
    ----------
    sheet : Sheet
        Any sheet.

    Returns
    -------
    Evidence or None
    """
    names = header_keys(sheet)
    found = [name for name in _CHINESE if name in names]
    if "答题序号" in found and len(found) >= 3:
        listed = "、".join(found)
        return Evidence("wenjuan", f"表头有 {listed}", f"header has {listed}", 0.95)
    if not _has_coded_metadata(names) and _only_codes(names):
        return Evidence(
            "wenjuan",
            "表头是 seq 和题目编码 Q1、Q2_R1 等",
            "header is seq and codes of questions: Q1, Q2_R1 and so on",
            0.75,
        )
    if _is_coded(names):
        return Evidence(
            "wenjuan",
            "表头是编码形式 seq、start、finish、time_used、ip_province",
            "coded header: seq, start, finish, time_used, ip_province",
            0.9,
        )
    return None


def read(sheet: Sheet) -> Parsed:
    """Understand an export of 问卷网.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.

    Returns
    -------
    Parsed
        The coded form holds option numbers: its mode is ``numbered``.
    """
    coded = _is_coded(header_keys(sheet))
    return assemble(
        sheet,
        sheet.row(0),
        1,
        METADATA,
        _GRAMMAR,
        _coded_specs if coded else _worded_specs,
        mode="numbered" if coded else "text",
    )


def _coded_specs(asked: Asked) -> Iterator[Spec]:
    groups: list[tuple[str, list[int], list[str]]] = []
    for index in asked.columns:
        match = _CODE.fullmatch(asked.headers[index])
        number = match["n"] if match else ""
        part = (match["part"] or "").upper() if match else asked.headers[index]
        typed = part.endswith("OPEN")
        last = groups[-1] if groups else None
        beside = last is not None and last[0] == number
        if last and beside and number and part and not typed and all(last[2]):
            last[1].append(index)
            last[2].append(part)
        elif not match or (typed and beside):
            # A text typed beside an option of the question before it.
            groups.append(("", [index], [asked.headers[index]]))
        else:
            groups.append((number, [index], [part]))
    for number, columns, parts in groups:
        if not number:
            yield Spec("", parts[0], tuple(columns), kind="text", layout="cell")
        elif parts[0].endswith("OPEN"):
            yield Spec(number, "", tuple(columns), kind="text", layout="cell")
        elif all(part.startswith("R") for part in parts):
            yield Spec(number, "", tuple(columns), rows=tuple(parts))
        elif all(parts):
            yield Spec(number, "", tuple(columns), options=tuple(parts))
        else:
            yield Spec(number, "", tuple(columns))


def _worded_specs(asked: Asked) -> Iterator[Spec]:
    for index in asked.columns:
        match = _NUMBERED.fullmatch(asked.headers[index])
        stem, hint = strip_hint(match["rest"] if match else asked.headers[index])
        yield Spec(match["n"] if match else "", stem, (index,), hint=hint)


PLATFORM = Platform("wenjuan", "问卷网", detect, read)
