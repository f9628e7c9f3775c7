"""Roles within the branches, and further groupings of people."""

from __future__ import annotations

from survey.errors import Language
from survey.report import units
from survey.report.document import Block, Text
from survey.report.tables import picture
from survey.results import Findings, Satisfaction


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show roles by branch, then every further grouping; nothing where there is neither."""
    blocks: list[Block] = []
    both = findings.tables.get(("branch", "role"))
    if both is not None and both.frame["rate"].notna().any():
        blocks += _pair(both, "roles", "branch_roles", language)
    for number, result in enumerate(findings.further, start=1):
        blocks += grouping(result, number, language)
    return tuple(blocks)


def grouping(result: Satisfaction, number: int, language: Language) -> tuple[Block, ...]:
    """Show the units of a further grouping, alone or beside the units that hold them."""
    names = f"caterpillar_{number}", f"grouping_{number}"
    return _pair(result, *names, language, text="grouping")


def _pair(
    result: Satisfaction, name: str, data: str, language: Language, text: str = ""
) -> tuple[Block, ...]:
    """Show a chart, and its numbers folded away."""
    chart = picture(
        language, name, result, data, name.partition("_")[0], text=text, by=result.by[-1]
    )
    alone = units.verdict_alone(result, language)
    told = (Text(alone, "note"),) if alone else ()
    return chart, *told, units.satisfaction(result, data, language, text=text, folded=True)
