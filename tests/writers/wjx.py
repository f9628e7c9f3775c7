"""Writes a made-up survey the way 问卷星 does, in every variant of the format description.

Variants are marked SEEN (in real files), DOC (documented) or ASSUMED.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.writers.surveys import BLANK, SKIPPED, Asked, MadeUp, Person

ORDER_A = ("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP")  # SEEN
ORDER_B = ("序号", "提交答卷时间", "所用时间", "来自IP", "来源", "来源详情")  # SEEN
SHORT = ("序号", "提交答卷时间", "所用时间", "总分")  # SEEN
BARE = ("序号",)  # SEEN
NONE: tuple[str, ...] = ()  # ASSUMED: everything removed
EXTRA = ("微信昵称", "openid", "标签", "自定义参数")  # ASSUMED, the last DOC


@dataclass(frozen=True)
class Style:
    """How the file is written."""

    metadata: tuple[str, ...] = ORDER_A
    metadata_last: bool = False  # 总分 last is SEEN, the rest moved by owners ASSUMED
    joint: str = "、"  # SEEN: 、 and . ; ASSUMED: ．
    hints: bool = False  # SEEN in old files
    bare_rows: bool = False  # SEEN in 2016
    old_options: bool = False  # SEEN 2016-2018: 第n题(…)
    blank: str = "(空)"  # SEEN: (空) and empty; ASSUMED: （空）
    skipped: str = "(跳过)"  # SEEN; ASSUMED: （跳过）
    spaces: bool = False  # SEEN: blanks before pieces and around headers
    typed_numbers: bool = False  # SEEN: digits as numbers after Excel or WPS


styles = st.builds(
    Style,
    metadata=st.sampled_from([ORDER_A, ORDER_B, SHORT, BARE, NONE, (*ORDER_A, *EXTRA)]),
    metadata_last=st.booleans(),
    joint=st.sampled_from(["、", "、", ".", "．", "、 "]),
    hints=st.booleans(),
    bare_rows=st.booleans(),
    old_options=st.booleans(),
    blank=st.sampled_from(["(空)", "", "（空）"]),
    skipped=st.sampled_from(["(跳过)", "（跳过）"]),
    spaces=st.booleans(),
    typed_numbers=st.booleans(),
)

_HINTS = {
    "single": "单选题",
    "nps": "单选题",
    "scale": "量表题",
    "multi": "多选题",
    "matrix": "矩阵单选题",
    "ranking": "排序题",
    "text": "填空题",
}


def table(survey: MadeUp, style: Style, *, numbered: bool) -> list[list[object]]:
    """Give header and rows."""
    body = [
        [
            cell
            for q, a in zip(survey.questions, p.answers, strict=True)
            for cell in _cells(q, a, style, numbered)
        ]
        for p in survey.people
    ]
    header = [name for q in survey.questions for name in _headers(q, style, numbered)]
    extra = [
        [_metadata(name, i, p) for name in style.metadata] for i, p in enumerate(survey.people)
    ]
    rows = [[*style.metadata, *header]] if not style.metadata_last else [[*header, *style.metadata]]
    for cells, meta in zip(body, extra, strict=True):
        rows.append([*cells, *meta] if style.metadata_last else [*meta, *cells])
    if style.typed_numbers:
        return [rows[0], *([_typed(cell) for cell in row] for row in rows[1:])]
    return [[*row] for row in rows]


def _typed(cell: object) -> object:
    text = str(cell)
    return float(text) if text.lstrip("-").isdigit() and text.isascii() else cell


def _metadata(name: str, index: int, person: Person) -> str:
    return {
        "序号": str(index + 2),
        "提交答卷时间": f"2025/7/4 {person.minute // 60}:{person.minute % 60:02d}:05",
        "所用时间": f"{person.seconds}秒",
        "来源": "微信",
        "来源详情": "N/A",
        "来自IP": "203.0.113.7(江苏-南京)",
        "总分": str(person.seconds % 30),
        "微信昵称": "某人",
        "openid": "o0a1",
        "标签": "",
        "自定义参数": "k=1",
    }[name]


def _headers(asked: Asked, style: Style, numbered: bool) -> list[str]:
    stem = asked.stem
    if style.hints:
        stem += f" ({_HINTS[asked.kind]} *必答)"
    if style.spaces:
        stem = f"\u00a0{stem} \n"
    if numbered and asked.kind in ("multi", "ranking"):
        if style.old_options:
            return [f"第{asked.number}题({option})" for option in asked.options]
        return [f"{asked.number}、({option})" for option in asked.options]
    if asked.kind != "matrix":
        return [f"{asked.number}{style.joint}{stem}"]
    first = f"{asked.number}{style.joint}{stem}—{asked.rows[0]}"
    if style.bare_rows:
        return [first, *asked.rows[1:]]
    return [first, *(f"{asked.number}{style.joint}{row}" for row in asked.rows[1:])]


def _cells(asked: Asked, answer: object, style: Style, numbered: bool) -> list[str]:
    width = len(asked.rows) or 1
    if numbered and asked.kind in ("multi", "ranking"):
        width = len(asked.options)
    if answer == SKIPPED:
        marker = style.skipped
        if numbered:
            marker = "-2" if asked.kind == "ranking" else "-3"
        return [marker] * width
    if answer == BLANK:
        return [style.blank] * width
    return _numbered(asked, answer) if numbered else _worded(asked, answer, style)


def _worded(asked: Asked, answer: object, style: Style) -> list[str]:
    match asked.kind:
        case "matrix":
            return [asked.options[position] for position in answer]  # type: ignore[union-attr]
        case "ranking":
            return ["→".join(asked.options[p] for p in answer)]  # type: ignore[union-attr]
        case "text":
            return [str(answer)]
    pieces = [
        asked.options[position] + (f"〖{typed}〗" if typed else "")
        for position, typed in answer  # type: ignore[union-attr]
    ]
    return [("┋ " if style.spaces else "┋").join(pieces)]


def _numbered(asked: Asked, answer: object) -> list[str]:
    chosen: Sequence[object] = answer  # type: ignore[assignment]
    match asked.kind:
        case "multi":
            positions = {position for position, _ in chosen}  # type: ignore[misc]
            return [str(int(i in positions)) for i in range(len(asked.options))]
        case "ranking":
            ranks = {position: rank for rank, position in enumerate(chosen, 1)}
            return [str(ranks.get(i, -2)) for i in range(len(asked.options))]
        case "matrix":
            return [str(position + 1) for position in chosen]  # type: ignore[operator]
        case "text":
            return [str(answer)]
    position = chosen[0][0]  # type: ignore[index]
    return [asked.options[position] if asked.kind == "scale" else str(position + 1)]
