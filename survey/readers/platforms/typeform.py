"""Typeform: ``#`` first; every option of a choice of several is a column that holds its own header.

SEEN: ``#``, then ``Response Type, Start Date (UTC), Stage Date (UTC), Submit Date (UTC), Network
ID, Tags`` last; a column ``Other`` for what was typed beside the options. The wording of a choice
of several is lost, so its options name it.
"""

from __future__ import annotations

from collections.abc import Iterator

from survey.readers.grammar.dialect import Asked, Dialect, Sign
from survey.readers.grammar.model import Grammar, Question
from survey.readers.problems import Problem
from survey.readers.wording import key

NAMES = {
    "#": "respondent_id",
    "responsetype": "status",
    "startdate(utc)": "started_at",
    "stagedate(utc)": "modified_at",
    "submitdate(utc)": "submitted_at",
    "networkid": "ip",
    "tags": "tag",
    "ending": "ending",
    "score": "score",
}


def _group(asked: Asked) -> Iterator[Question | Problem]:
    """Put neighbours together that hold nothing but their own header."""
    own = {i: {*map(key, asked.answers(i))} <= {key(asked.headers[i])} for i in asked.columns}
    stem = ""
    for run in asked.runs(lambda run, index: own[run[-1]] and own[index]):
        while run and own[run[0]] and not asked.answers(run[0]):
            yield Question("", asked.headers[run[0]], (run.pop(0),))
        rest: list[int] = []
        while run and own[run[-1]] and not asked.answers(run[-1]):
            rest.insert(0, run.pop())
        options = tuple(asked.headers[index] for index in run)
        if len(run) > 1:
            stem = "／".join(options[:3]) + "…" * (len(options) > 3)
            yield Question("", stem, tuple(run), options=options, kind="multi", layout="indicator")
            yield Problem(
                zh=f"“{stem}”的各列只有本列的选项，按一道多选题读取；题干不在文件里。",
                en=f"The columns of {stem} hold their own options only: read as one choice of "
                "several, whose wording the file does not hold.",
                place=asked.body.place(),
            )
        elif run and stem and key(options[0]) == "other":
            yield Question("", f"{stem} - {options[0]}", tuple(run), kind="text")
        elif run:
            stem = options[0]
            yield Question("", stem, tuple(run))
        for index in rest:
            yield Question("", asked.headers[index], (index,))


DIALECT = Dialect(
    "typeform",
    "Typeform",
    NAMES,
    signs=(
        Sign(0.95, some=("started_at", "submitted_at", "ip"), least=2),
        Sign(0.8, every=("respondent_id",), some=("submitted_at", "ip"), first=True),
    ),
    # An option's own column holds the option's text, or nothing.
    grammar=Grammar(any_text=True),
    group=_group,
)
