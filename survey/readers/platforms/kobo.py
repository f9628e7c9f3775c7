"""KoboToolbox: ``start``, ``end`` first and ``_id``, ``_uuid``, … last; labels or XML names.

SEEN in code that reads them: the metadata; DOC: a choice of several as one column, as columns
``stem/option`` of 0 and 1, or both; groups before a slash; repeats on further sheets, which are
not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey.readers.grammar.dialect import Asked, Dialect, Sign
from survey.readers.grammar.grouping import alike, as_choices, parted, ticked
from survey.readers.grammar.model import Grammar, Question
from survey.readers.problems import Problem

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
}
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


DIALECT = Dialect(
    "kobo",
    "KoboToolbox",
    NAMES,
    signs=(Sign(0.95, some=("respondent_id", "uuid", "recorded_at", "review"), least=3),),
    grammar=Grammar(
        missing=frozenset(),
        chosen=frozenset({"1", "True", "TRUE"}),
        not_chosen=frozenset({"0", "False", "FALSE"}),
    ),
    group=_group,
)
