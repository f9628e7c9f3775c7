"""Satisfaction over several waves, the oldest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from survey import formats
from survey.charts import caterpillar

if TYPE_CHECKING:
    from survey.charts.look import Look
    from survey.charts.plans import Plan
    from survey.results import Waves


def plan(result: Waves, look: Look, unit: str | None = None) -> Plan:
    """Show the rate of one unit, or of all together, in every wave, with bounds and the bar."""
    own = result.of(unit)
    sure, n = formats.level(1 - own.alpha), len(own.frame)
    title = look.heading(
        f"历次满意率及下限、上限（各有 {sure} 的把握）",
        f"Satisfaction rate of every wave with its bounds (each {sure} sure)",
        min(look.top or n, n),
        n,
    )
    return caterpillar.plan(own, replace(look, title=title, sort=look.sort or "given"))


def describe(result: Waves, look: Look, unit: str | None = None) -> str:
    """Say in words what the chart shows."""
    return caterpillar.describe(result.of(unit), replace(look, sort="given"))
