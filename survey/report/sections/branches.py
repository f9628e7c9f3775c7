"""Every branch with its rate, bounds and verdict, those below the bar first."""

from __future__ import annotations

from dataclasses import replace

from questionnaires.language import say
from survey import vocabulary
from survey.errors import Language
from survey.report import units
from survey.report.columns import interval_column, label
from survey.report.document import Block, Column, Kind, Picture, Table
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
    return (
        table,
        picture,
        *_changes(findings.changes, language),
    )


def _with_changes(table: Table, result: Comparison, language: Language) -> Table:
    """Say in the table of branches which have changed beyond chance since the wave before."""
    judged = result.frame.dropna(subset=["branch"]).set_index("branch")["change"]
    told = {code: vocabulary.change(code, language) for code in ("up", "down", "undecided", "new")}
    words = table.frame["branch"].map(judged).map(told).fillna("")
    column = Column("change", say(language, "与上次比", "Since before"))
    frame, columns = table.frame.assign(change=words), (*table.columns, column)
    return replace(table, frame=frame, columns=columns)


def _changes(result: Comparison | None, language: Language) -> tuple[Block, ...]:
    """Show the change of every branch since the wave before; nothing without one."""
    if result is None:
        return ()
    title = say(language, "与上次相比的变化", "Change since the wave before")
    kinds: dict[str, Kind] = {
        "branch": "text",
        **dict.fromkeys(("n_valid_before", "n_valid_after"), "count"),
        **dict.fromkeys(("rate_before", "rate_after"), "share"),
        "change_in_rate": "points",
    }
    named = result.named(language)
    words = named["change"].map(lambda code: vocabulary.change(code, language))
    unit = say(language, "（百分点）", " (points)")
    columns = (
        *(
            Column(name, label(name, language) + (unit if kind == "points" else ""), kind)
            for name, kind in kinds.items()
        ),
        interval_column(result.level, language, "points_interval", unit),
        Column("change", label("change", language)),
    )
    sheet = say(language, "变化", "Changes")
    frame = named.assign(change=words)
    table = Table("changes_table", sheet, title, frame, columns, folded=True)
    return Picture("changes", title, "changes", result, "changes_table"), table
