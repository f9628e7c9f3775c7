"""问卷网: Chinese metadata, or the coded form ``seq,source,…`` with ``Q1|A1`` columns.

SEEN: both heads, the codes and their columns; ASSUMED: answers by option text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.readers.grammar.dialect import Asked, Dialect, Sign, Told
from survey.readers.grammar.grouping import by_header
from survey.readers.grammar.model import Grammar, Mode, Question
from survey.readers.problems import Problem
from survey.readers.wording import key

NAMES = {
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
_TIMES = ("started_at", "submitted_at", "duration", "province")
_CODE = re.compile(
    r"Q(?P<n>\d+)(?:[|_]?(?P<part>[AR]\d+(?:[|_][AR]?\d+)?|(?:A\d+[|_])?open))?", re.IGNORECASE
)
_CODES = re.compile(_CODE.pattern + "$", re.IGNORECASE)


def _tell(asked: Asked, stated: Mode | None) -> Told:
    """Take answers for numbers of options where the header says ``seq``."""
    return Told("numbered" if "seq" in map(key, asked.headers) else "text")


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Put neighbours of one number together; a text typed beside an option is its own."""
    if asked.mode == "text":
        yield from by_header(asked)
        return
    heads = {}
    for index in asked.columns:
        match = _CODE.fullmatch(asked.headers[index])
        heads[index] = (match["n"], (match["part"] or "").upper()) if match else ("", "")

    def joins(run: list[int], index: int) -> bool:
        (number, part), (last, before) = heads[index], heads[run[-1]]
        same = bool(number) and number == last and bool(part and before)
        return same and not part.endswith("OPEN") and not before.endswith("OPEN")

    for run in asked.runs(joins):
        number, parts = heads[run[0]][0], tuple(heads[index][1] for index in run)
        if not number or parts[0].endswith("OPEN"):
            beside = heads.get(run[0] - 1, ("", ""))[0] == number
            named = asked.headers[run[0]] if beside else ""
            yield Question("" if named else number, named, tuple(run), kind="text")
        elif parts[0].startswith("R"):
            yield Question(number, "", tuple(run), rows=parts)
        else:
            yield Question(number, "", tuple(run), options=parts if parts[0] else ())


DIALECT = Dialect(
    "wenjuan",
    "问卷网",
    NAMES,
    signs=(
        Sign(0.95, every=("sequence",), some=_TIMES, least=2),
        Sign(0.75, every=("sequence",), rest=_CODES, share=1),
    ),
    grammar=Grammar(joint=re.compile("┋")),
    header=re.compile(
        r"(?:Q?(?P<n>\d+)\s*[.、．:：]\s*)?(?P<stem>.+?)(?:\s*[:：—]\s*(?P<part>[^:：—]+))?",
        re.DOTALL,
    ),
    tell=_tell,
    group=_group,
)
