"""Roles within the branches, and further groupings of people."""

from __future__ import annotations

import dataclasses

from questionnaires.language import say
from survey.errors import Language
from survey.report import units
from survey.report.document import Block, Picture, Text
from survey.results import Findings, Satisfaction


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show roles by branch, then every further grouping; nothing where there is neither."""
    blocks: list[Block] = []
    both = findings.tables.get(("branch", "role"))
    if both is not None and both.frame["rate"].notna().any():
        title = say(
            language, "各党支部两类人员的满意率", "Satisfaction of each role in the branches"
        )
        sheet = say(language, "支部与身份", "Branches and roles")
        blocks += _pair(both, "roles", "branch_roles", sheet, title, language)
    for number, result in enumerate(findings.further, start=1):
        title = say(language, "按{by}的满意率", "Satisfaction by {by}", by=result.by[0])
        names = f"caterpillar_{number}", f"grouping_{number}"
        blocks += _pair(result, *names, result.by[0], title, language)
    return tuple(blocks)


def _pair(
    result: Satisfaction, picture: str, table: str, sheet: str, title: str, language: Language
) -> tuple[Block, ...]:
    """Show a chart, and its numbers folded away."""
    chart = picture.partition("_")[0]
    numbers = units.satisfaction(result, name=table, sheet=sheet, caption=title, language=language)
    folded = dataclasses.replace(numbers, folded=True)
    alone = units.verdict_alone(result, language)
    told = (Text(alone, "note"),) if alone else ()
    return Picture(picture, title, chart, result, table), *told, folded
