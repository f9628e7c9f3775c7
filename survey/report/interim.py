"""The report of a survey that has not ended: who answered, and no more than was announced."""

from __future__ import annotations

import pandas as pd

from questionnaires.language import say
from survey.errors import Language
from survey.report.document import Block, Document, Section, Table, Text
from survey.report.tables import table
from survey.report.texts import sentence
from survey.results import Fieldwork, Satisfaction

SHOWN = (
    *("branch", "role", "population", "n_valid", "response_rate", "n_80", "n_lacking"),
    *("n_reminders", "chance_now", "chance_after", "verdict"),
)


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
    """
    closed = sentence(language, "interim.open")
    blocks: list[Block] = [Text(closed, "lead"), Text(fieldwork.expectation(language))]
    blocks.append(_table("fieldwork", fieldwork.frame, language))
    blocks.append(Text(fieldwork.falls(language), "note"))
    if len(fieldwork.roles):
        blocks.append(_table("fieldwork_roles", fieldwork.roles, language))
    heading = say(language, "回收进度", "Progress")
    sections = [Section("fieldwork", heading, tuple(blocks))]
    if verdicts is not None:
        heading = say(language, f"第 {look} 次查看的判定", f"Verdicts at look {look}")
        told = sentence(language, "interim.look")
        frame = verdicts.frame[["branch", "verdict"]]
        judged = _table("verdicts", frame, language, text="interim_verdicts")
        sections.insert(0, Section("verdicts", heading, (Text(told), judged)))
    state = say(language, "调查进行中", "Survey in progress")
    return Document(title, (state,), tuple(sections), language)


def _table(name: str, frame: pd.DataFrame, language: Language, text: str = "") -> Table:
    shown = [column for column in SHOWN if column in frame]
    is_judged = "verdict" in frame
    return table(language, name, frame, shown, text=text, searchable=is_judged)
