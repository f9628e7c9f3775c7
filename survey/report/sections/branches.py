"""Every branch with its rate, bounds and verdict, those below the bar first."""

from __future__ import annotations

from dataclasses import replace

from questionnaires.language import say
from survey import vocabulary
from survey.errors import Language
from survey.report import units
from survey.report.document import Block, Column, Picture, Table
from survey.results import Comparison, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show all branches in a table and a chart; nothing where there is one, named already."""
    result = findings.tables["branch",]
    table = units.satisfaction(
        result,
        name="branches",
        sheet=say(language, "各支部", "Branches"),
        caption=say(language, "各党支部的满意率与判定", "Satisfaction and verdict by branch"),
        language=language,
    )
    if findings.changes is not None:
        table = _with_changes(table, findings.changes, language)
    title = say(language, "各党支部的满意率与标准", "Satisfaction by branch with the bar")
    picture = Picture("caterpillar", title, "caterpillar", result, "branches")
    return table, picture


def _with_changes(table: Table, result: Comparison, language: Language) -> Table:
    """Say in the table of branches which have changed beyond chance since the wave before."""
    judged = result.frame.dropna(subset=["branch"]).set_index("branch")["change"]
    told = {code: vocabulary.change(code, language) for code in ("up", "down", "undecided", "new")}
    words = table.frame["branch"].map(judged).map(told).fillna("")
    column = Column("change", say(language, "与上次比", "Since before"))
    frame, columns = table.frame.assign(change=words), (*table.columns, column)
    return replace(table, frame=frame, columns=columns)
