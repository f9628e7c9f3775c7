"""The workbook of documentary minimums: one declaration for writing and reading it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from questionnaires.language import named
from questionnaires.standard import Minimum, Standard
from survey import forms
from survey.documentary.periods import between
from survey.errors import Language
from survey.forms import Column, Form, Line, Text

SPARE = 1
"""Lines beyond the least number that a branch finds for every minimum and time."""
MEMBERS = 7
"""Lines for the members of a leading body."""
_BRANCH = Column("branch", Text("支部", "Branch"), 24)
_NUMBER = Column("number", Text("指标", "Indicator"), 7)
_REQUIRED = Column("required", Text("最低要求", "Required minimum"), 30)
_FILE = Column("file", Text("材料文件名", "File"), 30, filled=True)
_POSITIONS = (
    Text("书记", "secretary"),
    Text("副书记", "deputy secretary"),
    Text("组织委员", "organisation"),
    Text("宣传委员", "publicity"),
    Text("纪检委员", "discipline"),
    Text("青年委员", "youth"),
    Text("委员", "member"),
)
EVENTS = Form(
    "events",
    Text("活动", "Events"),
    Text(
        "每次活动填一行：日期、主题、到会人数、材料文件名（会议记录、签到表等）四格都填了才计数。没有的留空。",
        "One line an event; it counts once date, subject, people present and file (minutes, "
        "attendance) are there. Leave empty what there was not.",
    ),
    (
        _BRANCH,
        _NUMBER,
        _REQUIRED,
        Column("period", Text("时段", "Time"), 30),
        Column("date", Text("日期", "Date"), 12, filled=True, kind="date"),
        Column("subject", Text("主题", "Subject"), 34, filled=True),
        Column("present", Text("到会人数", "Present"), 9, filled=True, kind="whole"),
        _FILE,
    ),
)
MEMBER = Form(
    "members",
    Text("班子成员", "Leading body"),
    Text(
        "班子成员每人一行，一个也不要漏；只填职务和人数，不写结对对象的姓名，名单放在材料里。三格都填了才计数。",
        "One line a member of the leading body, all of them: position and number of people, no "
        "names; the list belongs into the file. A line counts once all three cells are filled.",
    ),
    (
        _BRANCH,
        _NUMBER,
        _REQUIRED,
        Column("member", Text("成员（职务）", "Position"), 14, filled=True, choices=_POSITIONS),
        Column("n", Text("人数", "People"), 8, filled=True, kind="whole"),
        _FILE,
    ),
)
OPINIONS = Form(
    "opinions",
    Text("指标评议", "Indicators"),
    Text(
        "评议组对各项指标的意见，印在自评表中；没有填的不印。",
        "What the reviewers say of every indicator; printed in the self-rating table where given.",
    ),
    (
        _NUMBER,
        Column("dimension", Text("维度", "Dimension"), 14),
        Column("title", Text("指标名称", "Title"), 30),
        Column("opinion", Text("评议意见", "Opinion"), 60, filled=True),
    ),
)
REMARKS = Form(
    "remarks",
    Text("支部评议", "Branches"),
    Text(
        "党总支（党委）对各支部的评议意见，印在汇总表中；没有填的不印。",
        "What the superior committee says of every branch; printed in the summary table where "
        "given.",
    ),
    (_BRANCH, Column("opinion", Text("评议意见", "Opinion"), 60, filled=True)),
)
FORMS = (EVENTS, MEMBER, OPINIONS, REMARKS)


def write(
    path: str | Path,
    standard: Standard,
    branches: Sequence[str],
    since: date,
    until: date,
    language: Language = "zh",
) -> Path:
    """Write the workbook for branches to fill in.

    Parameters
    ----------
    since, until : date
        Every time with a day between them has its lines.
    """
    events: list[Line] = []
    members: list[Line] = []
    for branch in branches:
        for minimum in standard.to_be_proved:
            if minimum.per == "member":
                values = _values(branch, minimum, language)
                members += [Line(values)] * MEMBERS
            else:
                events += _events(branch, minimum, since, until, language)
    opinions = [
        Line(
            {
                "number": str(criterion.number),
                "dimension": named(criterion, language, "dimension_title"),
                "title": named(criterion, language),
            }
        )
        for criterion in standard.criteria
    ]
    lines = (events, members, opinions, [Line({"branch": branch}) for branch in branches])
    filled = {form: part for form, part in zip(FORMS, lines, strict=True) if part}
    forms.write(path, filled, language)
    return Path(path)


def _events(
    branch: str, minimum: Minimum, since: date, until: date, language: Language
) -> list[Line]:
    return [
        Line(
            {**_values(branch, minimum, language), "period": period.label(language)},
            between=(period.first, period.last),
        )
        for period in between(minimum.per, since, until)
        for _ in range(int(minimum.least) + SPARE)
    ]


def _values(branch: str, minimum: Minimum, language: Language) -> dict[str, str]:
    return {"branch": branch, "number": str(minimum.number), "required": minimum.required(language)}
