"""The section on last time's list of actions: what has moved beyond chance."""

from __future__ import annotations

import dataclasses

from questionnaires.language import say
from survey import vocabulary
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.report.tables import interval_column, label, table
from survey.report.texts import sentence
from survey.results import Actions, Findings

ALL = 20
"""Lines up to which all are printed; of more those that fell, the rest being in the workbook."""


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say of last time's lines how many moved; nothing where no list was given."""
    result = findings.actions
    if result is None:
        return ()
    whole = _table(result, language)
    if len(whole.frame) <= ALL:
        return Text(_moved(result, language)), whole
    code = result.frame["change"]
    told = (code == "down") | ((code == "up") & result.frame["branch"].isna())
    moved = whole.frame[told.to_numpy()]
    listed = table(language, "actions_moved", moved, whole.columns)
    where = sentence(language, "actions.where", sheet=whole.sheet)
    return (
        Text(_moved(result, language)),
        *((listed,) if 0 < len(listed.frame) <= ALL else ()),
        Text(where, "note"),
        dataclasses.replace(whole, folded=True),
    )


def _moved(result: Actions, language: Language) -> str:
    n = result.frame["change"].value_counts()
    up, down, open_, hidden, gone = (
        int(n.get(code, 0)) for code in ("up", "down", "undecided", "withheld", "gone")
    )
    text = sentence(language, "actions.tally", all=len(result.frame), up=up, down=down, open=open_)
    if hidden + gone:
        text += sentence(language, "actions.rest", n=hidden + gone)
    return text + sentence(language, "actions.no_cause")


def _table(result: Actions, language: Language) -> Table:
    university = say(language, "全校", "University")
    frame = result.frame.assign(
        branch=result.frame["branch"].fillna(university),
        change=[vocabulary.change(code, language) for code in result.frame["change"]],
    )
    # what nobody filled in is not printed
    measure = ("measure",) if (frame["measure"] != "").any() else ()
    shown = (
        "branch",
        Column("title", label("item", language)),
        *measure,
        *("rate_before", "rate_after", "difference"),
        interval_column(result.level, language, "points_interval"),
        "change",
    )
    return table(language, "actions", frame, shown)
