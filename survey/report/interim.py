"""The report of a survey that has not ended: who answered, and no more than was announced."""

from __future__ import annotations

import pandas as pd

from questionnaires.language import say
from survey.errors import Language
from survey.report.document import Block, Column, Document, Kind, Section, Table, Text
from survey.report.tables import label
from survey.report.texts import sentence
from survey.results import Fieldwork, Satisfaction

_KINDS: dict[str, Kind] = {
    "branch": "text",
    "role": "text",
    "population": "count",
    "n_valid": "count",
    "response_rate": "share",
    "n_80": "count",
    "n_lacking": "count",
    "n_reminders": "count",
    "chance_now": "share",
    "chance_after": "share",
    "verdict": "verdict",
}


def compose(
    fieldwork: Fieldwork,
    verdicts: Satisfaction | None,
    look: int,
    *,
    title: str,
    language: Language = "zh",
) -> Document:
    """Put the progress of a survey, and the verdicts of a look, into a document.

    Parameters
    ----------
    fieldwork : Fieldwork
        Answers against needs.
    verdicts : Satisfaction or None
        Of the branches at the last announced look that has passed; only its verdicts are shown.
    look : int
        Number of that look.
    title : str
        Title of the report.
    language : {"zh", "en"}
        Language of the document.
    """
    closed = sentence(language, "interim.open")
    blocks: list[Block] = [Text(closed, "lead"), Text(fieldwork.expectation(language))]
    blocks.append(_table("fieldwork", fieldwork.frame, ("各支部回收进度", "Progress"), language))
    blocks.append(Text(fieldwork.falls(language), "note"))
    if len(fieldwork.roles):
        name = ("各支部各类人员回收进度", "Progress by role")
        blocks.append(_table("fieldwork_roles", fieldwork.roles, name, language))
    heading = say(language, "回收进度", "Progress")
    sections = [Section("fieldwork", heading, tuple(blocks))]
    if verdicts is not None:
        heading = say(language, f"第 {look} 次查看的判定", f"Verdicts at look {look}")
        told = sentence(language, "interim.look")
        frame = verdicts.frame[["branch", "verdict"]]
        table = _table("verdicts", frame, ("判定", "Verdicts"), language)
        sections.insert(0, Section("verdicts", heading, (Text(told), table)))
    state = say(language, "调查进行中", "Survey in progress")
    return Document(title, (state,), tuple(sections), language)


def _table(name: str, frame: pd.DataFrame, caption: tuple[str, str], language: Language) -> Table:
    columns = tuple(
        Column(key, label(key, language), kind) for key, kind in _KINDS.items() if key in frame
    )
    said = say(language, *caption)
    return Table(name, said, said, frame, columns, searchable="verdict" in frame)
