"""问卷星: exports by option text and by option number, old and new headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.readers.grammar.decoding import decode_column
from survey.readers.grammar.inference import understand
from survey.readers.grammar.model import (
    Decoded,
    Evidence,
    Mode,
    Parsed,
    Platform,
    Question,
)
from survey.readers.grammar.plain import answers_below, sort_columns
from survey.readers.platforms.wjx_cells import (
    GRAMMAR,
    TYPED_SEPARATOR,
    Told,
    has_text_marker,
    tell_mode,
)
from survey.readers.platforms.wjx_headers import NUMBERED, OLD_OPTION, Group, group_columns, spec
from survey.readers.problems import Problem
from survey.readers.wording import key, tidy

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
    fits = sum(bool(NUMBERED.match(h) or OLD_OPTION.match(h)) for h in questions)
    if questions and fits >= 0.6 * len(questions):
        share = f"{fits}/{len(questions)}"
        return Evidence(
            "wjx",
            f"{share} 列的表头是“题号、题干”或“第n题(选项)”",
            f"{share} headers have the form “n、stem” or “第n题(option)”",
            0.8 if "sequence" in names else 0.6,
        )
    return None


def read(sheet: Sheet, stated: Mode | None = None) -> Parsed:
    """Understand an export of 问卷星.

    Parameters
    ----------
    sheet : Sheet
        With the header in its first row.
    stated : {"text", "numbered"}, optional
        The mode as the user states it; else it is told from the answers.

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
    groups = group_columns(asked, headers, decoded)
    by_option = any(group.by_option and len(group.columns) > 1 for group in groups)
    told = tell_mode(decoded.values(), by_option=by_option)
    mode = stated or told.mode
    if mode == "text" and has_text_marker(decoded.values()):
        # Where skips are written in words, a -3 is somebody's answer.
        grammar = replace(GRAMMAR, negative_codes={})
        decoded = {index: decode_column(body.columns[index], grammar) for index in asked}
    problems.append(_mode(told, stated, body))
    questions = tuple(understand(spec(g, mode), decoded, grammar, mode, body) for g in groups)
    problems.extend(_attached(group, body) for group in groups if group.bare)
    problems.extend(_stemless(group, body) for group in groups if group.is_stemless)
    problems.extend(_gathered(group, body) for group in groups if group.scattered)
    problems.extend(_repeats(questions, body))
    problems.extend(_oddities(questions, decoded, body))
    return Parsed(body, raw, metadata, questions, mode, grammar, decoded, tuple(problems))


def _mode(told: Told, stated: Mode | None, body: Sheet) -> Problem:
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


def _attached(group: Group, body: Sheet) -> Problem:
    rows = "、".join(column_letters(index) for index in group.bare)
    return Problem(
        zh=f"列 {rows} 没有题号，按位置和选项归入矩阵题 {group.number or group.parts[0]}。",
        en=f"Columns {rows} have no number and were joined to matrix "
        f"{group.number or group.parts[0]} by position and options.",
        place=body.place(),
    )


def _gathered(group: Group, body: Sheet) -> Problem:
    letters = "、".join(column_letters(index) for index in group.columns)
    return Problem(
        zh=f"第{group.number}题的选项列不相邻（{letters}），已合为一题，请核对。",
        en=f"The option columns of question {group.number} lie apart ({letters}) and were joined.",
        place=body.place(),
        severity="warning",
    )


def _stemless(group: Group, body: Sheet) -> Problem:
    letters = "、".join(column_letters(index) for index in group.columns)
    return Problem(
        zh=f"相邻各列（{letters}）题号都是 {group.number}，没有题干，按一道矩阵题读取，请核对。",
        en=f"Neighbouring columns ({letters}) all have number {group.number} and no stem; "
        "they are read as one matrix: check them.",
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


def _oddities(
    questions: Sequence[Question], decoded: Mapping[int, Decoded], body: Sheet
) -> Iterator[Problem]:
    """Report codes never seen before, and separators that somebody typed."""
    for question in questions:
        if question.markers.get("-1"):
            yield Problem(
                zh=f"“{question.label}”有 {question.markers['-1']} 个 -1，含义不明，按空白处理。",
                en=f"{question.markers['-1']} answers to {question.label} are -1, of unknown "
                "meaning; taken as blank.",
                place=body.place(),
                severity="warning",
            )
        typed = sum(
            count
            for column in question.columns
            for text, count in decoded[column].valid().items()
            if TYPED_SEPARATOR.search(text)
        )
        if typed and question.layout == "joined":
            yield Problem(
                zh=f"“{question.label}”有 {typed} 人在填写的文字里用了“┋”，未在其处拆分。",
                en=f"{typed} people typed ┋ beside an option of {question.label}; not split there.",
                place=body.place(),
            )


PLATFORM = Platform("wjx", "问卷星", detect, read)
