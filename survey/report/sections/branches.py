"""Every branch with its rate, bounds and verdict, those below the bar first."""

from __future__ import annotations

from dataclasses import replace

from survey import vocabulary
from survey.errors import Language
from survey.report import units
from survey.report.document import Block, Column, Table
from survey.report.tables import label, picture
from survey.results import Comparison, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show all branches in a table and a chart."""
    result = findings.tables["branch",]
    table = units.satisfaction(result, "branches", language)
    if findings.changes is not None:
        table = _with_changes(table, findings.changes, language)
    return table, picture(language, "caterpillar", result, "branches")


def _with_changes(table: Table, result: Comparison, language: Language) -> Table:
    """Say in the table of branches which have changed beyond chance since the wave before."""
    judged = result.frame.dropna(subset=["branch"]).set_index("branch")["change"]
    told = {code: vocabulary.change(code, language) for code in ("up", "down", "undecided", "new")}
    words = table.frame["branch"].map(judged).map(told).fillna("")
    column = Column("change", label("change_since", language))
    return replace(table, frame=table.frame.assign(change=words), columns=(*table.columns, column))
