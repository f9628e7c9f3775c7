"""腾讯问卷: questions ``1.题干``, metadata on both sides, choices of several one column an option.

SEEN: an option's column is named ``6.题干:选项`` and holds the option's text, ``B.选项``, or
nothing; levels of a cascade bear the same header several times; blanks are ``3.题干_填空1``. DOC:
a file of one column a question. ASSUMED: rows of a matrix behind a colon, of one number or each
with its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from survey.readers.grammar.dialect import Asked, Dialect, Sign
from survey.readers.grammar.grouping import parted
from survey.readers.grammar.model import Grammar, Question
from survey.readers.grammar.option_words import on_one_scale, wording
from survey.readers.problems import Problem
from survey.readers.wording import is_whole, key, strip_hint

NAMES = {
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
_HEADER = re.compile(r"(?:(?P<n>\d+)\s*[.、．]\s*)?(?P<stem>.*)", re.DOTALL)
_BLANK = re.compile(r"(?P<stem>.*?)[:：]?\s*_填空(?P<part>\d+)", re.DOTALL)
_COLON = re.compile("[:：]")
_FEWEST = 3
"""Rows of a matrix whose rows are numbered: two questions may answer alike."""
_LETTER = re.compile(r"[A-Z]\s*[.．、]\s*(?=\S)")


def without_letter(text: str) -> str:
    """Take the letter off an option.

    Examples
    --------
    >>> without_letter("B.比较满意"), without_letter("比较满意")
    ('比较满意', '比较满意')
    """
    match = _LETTER.match(text)
    return text[match.end() :] if match else text


def _without_letter(text: str) -> tuple[str, str]:
    return without_letter(text), ""


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Take neighbours of one number for the options, rows, blanks or levels of one question.

    So with three neighbours or more, each with the next number, where they rate on one ladder.
    """
    heads = {index: parted(asked.headers[index], _HEADER) for index in asked.columns}
    n_columns = Counter(head.number for head in heads.values())

    def answers(run: Sequence[int]) -> list[dict[str, int]]:
        return [{without_letter(text): n for text, n in asked.answers(i).items()} for i in run]

    def joins(before: list[int], index: int) -> bool:
        last, this, run = heads[before[-1]].number, heads[index].number, [*before, index]
        if not (last and this):
            return False
        if last == this:
            return True
        stems = [heads[i].stem for i in run]
        return (
            n_columns[last] == n_columns[this] == 1
            and int(this) == int(last) + 1
            and len({*map(key, stems)}) == len(stems)
            and bool(_common_stem(stems))
            and on_one_scale(answers(run))
        )

    for run in asked.runs(joins):
        number, stems = heads[run[0]].number, [heads[i].stem for i in run]
        counts: Counter[str] = sum(map(Counter, answers(run)), Counter())
        rated = len(run) >= _FEWEST and wording(counts) == "ladder"
        if rated or number == heads[run[-1]].number:
            yield from _together(number, run, stems, asked)
        else:
            # Plain questions share a stem, too.
            for index, stem in zip(run, stems, strict=True):
                yield from _together(heads[index].number, [index], [stem], asked)


def _together(
    number: str, columns: Sequence[int], rests: Sequence[str], asked: Asked
) -> Iterator[Question]:
    blanks = [parted(rest, _BLANK) for rest in rests]
    if all(blank.part for blank in blanks) and len({blank.stem for blank in blanks}) == 1:
        stem, _ = strip_hint(blanks[0].stem)
        rows = tuple(f"填空{blank.part}" for blank in blanks)
        if len(columns) > 1:
            yield Question(number, stem, tuple(columns), rows, kind="blanks")
        else:
            yield Question(number, stem, tuple(columns), kind="text")
        return
    stem = _common_stem(rests)
    if not stem:
        for column, rest in zip(columns, rests, strict=True):
            stem, hint = strip_hint(rest)
            yield Question(number, stem, (column,), hint=hint)
        return
    parts = tuple(rest[len(stem) :].strip() for rest in rests)
    stem, hint = strip_hint(stem[:-1].rstrip())
    if len(set(map(key, parts))) < len(parts):
        # Levels of a cascade, all named alike: each is a question of its own.
        for level, column in enumerate(columns, 1):
            yield Question(number, f"{stem}（第{level}级）", (column,))
        return
    levels = [asked.answers(column) for column in columns]
    own = all(
        _is_option(text, part) for valid, part in zip(levels, parts, strict=True) for text in valid
    )
    values = {text for valid in levels for text in valid}
    if values and (own or values == {"0", "1"}):
        lettered = all(map(_LETTER.match, parts))
        options = tuple(map(without_letter, parts)) if lettered else parts
        yield Question(
            number, stem, tuple(columns), options=options, kind="multi", layout="indicator"
        )
    elif values and all(map(is_whole, values)):
        yield Question(number, stem, tuple(columns), options=parts, hint=hint)
    else:
        yield Question(number, stem, tuple(columns), parts, hint=hint)


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


DIALECT = Dialect(
    "tencent",
    "腾讯问卷",
    NAMES,
    signs=(Sign(0.95, some=("sequence", "started_at", "submitted_at", "duration"), least=3),),
    grammar=Grammar(
        joint=re.compile("┋"),
        open_text=_without_letter,
        # An option's own column holds the option's text, or nothing.
        any_text=True,
    ),
    group=_group,
)
