"""腾讯问卷: questions ``1.题干``, metadata on both sides, choices of several one column an option.

An option's column is named ``6.题干:选项`` and holds the option's text, ``B.选项``, or nothing;
levels of a cascade bear the same header several times; blanks are ``3.题干_填空1``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey.readers.container.sheet import Sheet
from survey.readers.grammar.inference import Spec
from survey.readers.grammar.model import Evidence, Grammar, Parsed, Platform
from survey.readers.grammar.plain import Asked, assemble, header_keys
from survey.readers.wording import is_whole, key, strip_hint

METADATA = {
    "编号": "sequence",
    "开始答题时间": "started_at",
    "结束答题时间": "submitted_at",
    "答题时长": "duration",
    "ip": "ip",
    "ip地址": "ip",
    "ua": "user_agent",
    "referrer": "referrer",
    "语言": "language",
    "清洗数据结果": "cleaning",
    "智能清洗数据结果": "automatic_cleaning",
    "智能清洗数据无效概率": "invalid_probability",
    "地理位置国家和地区": "country",
    "地理位置省": "province",
    "地理位置市": "city",
    "用户类型": "user_type",
    "用户标识": "user",
    "昵称": "nickname",
    "自定义字段": "custom_parameter",
    "中奖时间": "prize_time",
    "中奖金额": "prize",
    "答题状态": "status",
    "审核状态": "review",
    "总分": "score",
}
_REQUIRED = ("编号", "开始答题时间", "结束答题时间", "答题时长")
_NUMBERED = re.compile(r"(?P<n>\d+)\s*[.、．]\s*(?P<rest>.*)", re.DOTALL)
_BLANK = re.compile(r"(?P<stem>.*?)[:：]?\s*_填空(?P<n>\d+)", re.DOTALL)
_COLON = re.compile("[:：]")
_LETTER = re.compile(r"[A-Z]\s*[.．、]\s*(?=\S)")


def without_letter(text: str) -> str:
    """Take the letter off an option.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str

    Examples
    --------
    >>> without_letter("B.比较满意"), without_letter("比较满意")
    ('比较满意', '比较满意')
    """
    match = _LETTER.match(text)
    return text[match.end() :] if match else text


_GRAMMAR = Grammar(
    joint=re.compile("┋"),
    open_text=lambda text: (without_letter(text), ""),
    # An option's own column holds the option's text, or nothing.
    chosen=frozenset(),
)


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
        Neighbouring columns of one number are the options, rows, blanks or levels of one question.
    """
    return assemble(sheet, sheet.row(0), 1, METADATA, _GRAMMAR, _specs)


def _specs(asked: Asked) -> Iterator[Spec]:
    for number, columns, rests in _numbered(asked.columns, asked.headers):
        yield from _together(number, columns, rests, asked)


def _numbered(
    asked: Sequence[int], headers: Sequence[str]
) -> list[tuple[str, list[int], list[str]]]:
    """Put neighbouring columns of one number together."""
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
    return groups


def _together(
    number: str, columns: Sequence[int], rests: Sequence[str], asked: Asked
) -> Iterator[Spec]:
    blanks = [_BLANK.fullmatch(rest) for rest in rests]
    if all(blanks) and len({match["stem"] for match in blanks if match}) == 1:
        stem, _ = strip_hint(next(match["stem"] for match in blanks if match))
        rows = tuple(f"填空{match['n']}" for match in blanks if match)
        if len(columns) > 1:
            yield Spec(number, stem, tuple(columns), rows, kind="blanks")
        else:
            yield Spec(number, stem, tuple(columns), kind="text")
        return
    stem = _common_stem(rests)
    if not stem:
        for column, rest in zip(columns, rests, strict=True):
            stem, hint = strip_hint(rest)
            yield Spec(number, stem, (column,), hint=hint)
        return
    parts = tuple(rest[len(stem) :].strip() for rest in rests)
    stem, hint = strip_hint(stem[:-1].rstrip())
    if len(set(map(key, parts))) < len(parts):
        # Levels of a cascade, all named alike: each is a question of its own.
        for level, column in enumerate(columns, 1):
            yield Spec(number, f"{stem}（第{level}级）", (column,))
        return
    yield _parted(number, stem, hint, columns, parts, asked)


def _parted(
    number: str,
    stem: str,
    hint: str,
    columns: Sequence[int],
    parts: tuple[str, ...],
    asked: Asked,
) -> Spec:
    """Tell options, each with its own text in its column, from rows of a matrix."""
    levels = [asked.answers(column) for column in columns]
    own = all(
        _is_option(text, part) for valid, part in zip(levels, parts, strict=True) for text in valid
    )
    values = {text for valid in levels for text in valid}
    if values and (own or values == {"0", "1"}):
        lettered = all(map(_LETTER.match, parts))
        options = tuple(map(without_letter, parts)) if lettered else parts
        return Spec(number, stem, tuple(columns), options=options, kind="multi", layout="indicator")
    if values and all(map(is_whole, values)):
        return Spec(number, stem, tuple(columns), options=parts, hint=hint)
    return Spec(number, stem, tuple(columns), parts, hint=hint)


def _is_option(text: str, part: str) -> bool:
    """Tell whether a cell holds its column's own option, perhaps with a text typed beside it."""
    texts, parts = ({key(said), key(without_letter(said))} for said in (text, part))
    other = {part for part in parts if part.startswith(("其他", "其它"))}
    return bool(texts & parts) or any(text.startswith(tuple(other)) for text in texts)


def _common_stem(rests: Sequence[str]) -> str:
    """Give what all headers of a question share, up to and with its last colon."""
    if len(rests) < 2:
        return ""
    stems = (rests[0][: mark.end()] for mark in _COLON.finditer(rests[0]) if mark.start())
    shared = [stem for stem in stems if all(rest.startswith(stem) for rest in rests)]
    return max(shared, key=len, default="")


PLATFORM = Platform("tencent", "腾讯问卷", detect, read)
