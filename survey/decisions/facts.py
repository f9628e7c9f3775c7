"""What can be decided about a survey as a whole, each fact with its label and its kind of value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.decisions.made import Decisions
from survey.decisions.values import bar, day, positive, share, split, yes
from survey.errors import CodingError, UsageError
from survey.text import Text


@dataclass(frozen=True)
class Fact:
    """One fact of a survey."""

    shown: Text  # what a person sees of it
    # turns what was written into the value; a ValueError where it cannot be
    take: Callable[[str], Any] = str
    # what it may be, and what a person sees of each; anything that `take` takes where empty
    choices: Mapping[str, Text] = field(default_factory=dict)
    is_asked: bool = False  # whether a person is always asked for it


_YES_OR_NO = {"yes": Text("是", "yes"), "no": Text("否", "no")}
FACTS: Mapping[str, Fact] = {
    "title": Fact(Text("报告标题", "title of the report"), is_asked=True),
    "organisation": Fact(
        Text("报告单位，印在标题下", "who reports, under the title"), is_asked=True
    ),
    "period": Fact(
        Text("调查时期，如 2025—2026 学年第一学期", "the time reported on"), is_asked=True
    ),
    "author": Fact(Text("执笔人", "the author"), is_asked=True),
    "since": Fact(
        Text("只计此时起提交的答卷，如 2025-11-01", "answers from then on, as 2025-11-01"),
        day,
        is_asked=True,
    ),
    "until": Fact(
        Text("只计至此时提交的答卷，如 2025-11-30", "answers until then, as 2025-11-30"),
        day,
        is_asked=True,
    ),
    "questionnaire": Fact(Text("问卷；别的调查写 other", "questionnaire, or “other”")),
    "ladder": Fact(
        Text("由好到差的全部等级，用 > 隔开", "all answers from best to worst, parted by >")
    ),
    "satisfied": Fact(
        Text("数字答案多少起算满意，如 >=90", "from which number on it is satisfied: >=90")
    ),
    "bar": Fact(Text("达标线，如 0.9", "the bar, e.g. 0.9"), bar),
    "looks": Fact(
        Text("事先公布的截止前查看日期，逗号分隔", "announced looks before the end, by comma"),
        split,
    ),
    "keep": Fact(
        Text("另按这些列（学院、年级……）分组，逗号分隔", "also group by these columns, by comma"),
        split,
    ),
    "min_cell": Fact(Text("最小公布人数，默认 5", "minimum cell, 5 by default"), positive),
    "allow_unknown_branches": Fact(
        Text("不计名册以外支部的答卷，而不是停止", "leave out branches not on the roster"),
        yes,
        _YES_OR_NO,
    ),
    "skip_bad_files": Fact(
        Text("跳过读不了的文件，记入审计", "leave out unreadable files"), yes, _YES_OR_NO
    ),
    "roster_sheet": Fact(Text("名册的工作表", "sheet of the roster")),
    "sheet": Fact(Text("导出的工作表", "sheet of the exports")),
    "platform": Fact(Text("平台，如 wjx", "platform, e.g. wjx")),
    "encoding": Fact(Text("csv 的编码", "encoding of csv files")),
    "mode": Fact(
        Text(
            "问卷星的下载方式：text 按文本，numbered 按序号；看不出时要说明",
            "how 问卷星 was downloaded, by text or by number; needed where it cannot be told",
        ),
        choices={"text": Text("按文本", "by text"), "numbered": Text("按序号", "by number")},
    ),
    "level": Fact(Text("置信水平，默认 0.95", "confidence level, 0.95 by default"), share),
    "score": Fact(Text("另按此办法计分，名称", "also score by this rule, a name")),
    "seed": Fact(Text("随机种子，默认 0", "seed, 0 by default"), int),
    "comments": Fact(
        Text(
            "意见：不统计、只统计（默认）或附原话",
            "comments: nothing, counts (default), or quotations too",
        ),
        choices={
            "none": Text("不统计", "nothing"),
            "counts": Text("只统计", "counts"),
            "quotes": Text("附原话", "quotations too"),
        },
    ),
    "per_branch": Fact(
        Text(
            "另为各支部书记各写一页，html（默认）或 docx",
            "also a page for the secretary of every branch, html or docx",
        ),
        choices={"html": Text("网页", "html"), "docx": Text("Word", "docx")},
    ),
    "style": Fact(
        Text(
            "Word 报告的版式：plain（默认，页数少，字体各种电脑都有）；official 为公文格式"
            "（小标宋标题、三号仿宋、28 磅行距）",
            "paper of the Word report: plain (fewer pages, fonts that all have) or official",
        ),
        choices={"plain": Text("普通", "plain"), "official": Text("公文格式", "official")},
    ),
    "anonymous_branches": Fact(
        Text("用编号代替支部名称，人数取整", "numbers instead of branch names, sizes rounded"),
        yes,
        _YES_OR_NO,
    ),
    "language": Fact(
        Text("报告的语言", "language of the report"),
        choices={"zh": Text("中文", "Chinese"), "en": Text("英文", "English")},
    ),
}
"""By their names as arguments of `survey.read` and `survey.Survey.report`; after ``until`` those
that follow are asked only where they have to be, or were stated."""


def taken(decisions: Decisions) -> dict[str, Any]:
    """Give the facts that were decided, as values ready for use.

    Parameters
    ----------
    decisions : Decisions
        What people decided; an empty text decides nothing.

    Returns
    -------
    dict of str to object
        By name; ``ladder`` and ``satisfied`` as they were written.

    Raises
    ------
    CodingError
        If there is no such fact, or it cannot have this value: with its place.

    Examples
    --------
    >>> taken(Decisions.of({"survey": {"bar": "85%", "keep": "学院，年级", "title": ""}}))
    {'bar': '0.85', 'keep': ['学院', '年级']}
    """
    values: dict[str, Any] = {}
    for name, text in decisions.about("survey").items():
        fact, place = FACTS.get(name), decisions.place("survey", name)
        if fact is None:
            raise CodingError(
                zh=f"[survey] 一节没有“{name}”这一项；可以写：{'、'.join(FACTS)}。",
                en=f"There is no “{name}” in [survey]; there are {', '.join(FACTS)}.",
                place=place,
            )
        if not text.strip():
            continue
        try:
            value = fact.take(text.strip())
            if fact.choices and text.strip() not in fact.choices and fact.take is str:
                raise ValueError(text)
        except UsageError as error:
            error.place = place
            raise
        except ValueError as error:
            allowed = f"，应为 {'、'.join(fact.choices)} 之一" if fact.choices else ""
            allowed_en = f"; it is one of {', '.join(fact.choices)}" if fact.choices else ""
            raise CodingError(
                zh=f"{name} = “{text}”不行（{fact.shown.zh}）{allowed}。",
                en=f"{name} = “{text}” cannot be ({fact.shown.en}){allowed_en}.",
                place=place,
            ) from error
        values[name] = value
    return values
