"""KoboToolbox: ``start``, ``end`` first and ``_id``, ``_uuid``, … last; labels or XML names.

SEEN in code that reads them: the metadata; DOC: a choice of several as one column, as columns
``stem/option`` of 0 and 1, or both; groups before a slash; repeats on further sheets, whose
``_parent_index`` is the ``_index`` of a respondent. Such a sheet is read where it is named: a row
a repeat, with what the respondent answered once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from survey.readers.container.sheet import Column, Sheet
from survey.readers.grammar.dialect import Asked, Dialect, Sign
from survey.readers.grammar.grouping import alike, as_choices, parted, ticked
from survey.readers.grammar.model import Question
from survey.readers.problems import Problem
from survey.readers.wording import key, plain_number

NAMES = {
    "start": "started_at",
    "end": "submitted_at",
    "today": "day",
    "deviceid": "user",
    "phonenumber": "phone",
    "username": "user",
    "_id": "respondent_id",
    "_uuid": "uuid",
    "_submission_time": "recorded_at",
    "_validation_status": "review",
    "_notes": "remark",
    "_status": "origin",
    "_submitted_by": "user",
    "__version__": "version",
    "_tags": "tag",
    "_index": "sequence",
    "meta/rootuuid": "root",
    "_parent_table_name": "parent_table",
    "_parent_index": "parent",
}
_PARENT = ("_parent_table_name", "_parent_index", "_index")
_HEADER = re.compile(r"(?P<stem>.+)/(?P<part>[^/]+)", re.DOTALL)


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Tell options behind a slash from questions of one group, and leave out what says it twice."""
    heads = {index: parted(asked.headers[index], _HEADER) for index in asked.columns}

    def joins(run: list[int], index: int) -> bool:
        last, this = heads[run[-1]], heads[index]
        if not this.part or last.stem != this.stem or not last.part:
            return False
        if ticked(asked, run, [heads[i].part for i in run]):
            return ticked(asked, [index], [this.part]) or not asked.answers(index)
        return alike(asked, run[-1], index) and not ticked(asked, [index], [this.part])

    runs = asked.runs(joins)
    stems = {asked.headers[index] for index in asked.columns}
    several = set()
    for run in runs:
        head, parts = heads[run[0]], tuple(heads[index].part for index in run)
        ticks, blank = ticked(asked, run, parts), not any(map(asked.answers, run))
        # Beside the same choices in one column these are options even where nobody answered.
        beside = head.stem in stems and (ticks or blank)
        if head.part and (beside or (ticks and len(run) > 1)):
            several.add(run[0])
    said = {heads[first].stem for first in several}
    for run in runs:
        head, columns = heads[run[0]], tuple(run)
        parts = tuple(heads[index].part for index in run)
        if run[0] in several:
            yield Question("", head.stem, columns, (), parts, kind="multi", layout="indicator")
            if head.stem not in stems:
                yield as_choices(head.stem, asked)
        elif len(run) > 1:
            yield Question("", head.stem, columns, parts)
        elif asked.headers[run[0]] not in said:
            yield Question("", head.whole, columns, name=head.part)


def _with_parents(sheet: Sheet, sheets: Sequence[Sheet]) -> Sheet:
    """Put what a respondent answered once behind every row of a repeat."""
    own = _columns(sheet)
    if not {*_PARENT} <= own.keys():
        return sheet
    table, index = (own[name].texts() for name in _PARENT[:2])
    # The name of a long sheet is cut, that of the table is not.
    parent = next((s for s in sheets if s.name and table[-1].startswith(s.name)), sheet)
    theirs = _columns(parent)
    if parent is sheet or "_index" not in theirs:
        return sheet
    place = {plain_number(text): at for at, text in enumerate(theirs["_index"].texts())}
    # The header stands behind the header; whoever has no parent goes without.
    known = [0, *(place.get(plain_number(text), -1) for text in index[1:])]
    kept = [at for at, found in enumerate(known) if found >= 0]
    below = parent.take(np.array([known[at] for at in kept], np.intp))
    columns = tuple(column for name, column in _columns(below).items() if name not in own)
    one = sheet.take(np.array(kept, np.intp))
    problem = Problem(
        zh=f"这是“{parent.name}”的重复部分，一行是一次填写，同一人可能有几行；"
        f"{len(known) - len(kept)} 行找不到所属的答卷，未读取。",
        en=f"This sheet holds repeats of {parent.name}: one person may have several rows; "
        f"{len(known) - len(kept)} rows without an answer that they belong to were left out.",
        place=sheet.place(),
        severity="warning",
    )
    return replace(one, columns=one.columns + columns, problems=(*one.problems, problem))


def _columns(sheet: Sheet) -> dict[str, Column]:
    headers = sheet.row(0) if sheet.n_rows else []
    return {key(header): column for header, column in zip(headers, sheet.columns, strict=False)}


DIALECT = Dialect(
    "kobo",
    "KoboToolbox",
    NAMES,
    signs=(Sign(0.95, some=("respondent_id", "uuid", "recorded_at", "review"), least=3),),
    group=_group,
    completed=_with_parents,
)
