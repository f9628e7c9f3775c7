"""Every branch with its rate, bounds and verdict, those below the bar first."""

from __future__ import annotations

from survey.errors import Language
from survey.report import units
from survey.report.document import Block, Picture
from survey.report.wording.phrases import say
from survey.results import Findings


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
    title = say(language, "各党支部的满意率与标准", "Satisfaction by branch with the bar")
    return (table, Picture("caterpillar", title, "caterpillar", result, "branches"))
