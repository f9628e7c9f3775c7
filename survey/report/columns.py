"""Headings of columns, and columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass

from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.report.document import Column, Kind
from survey.report.wording.phrases import say


@dataclass(frozen=True)
class Labels:
    """Headings of columns in one language."""

    language: Language

    def of(self, name: str) -> str:
        """Give a column's heading, with the words of this report before the general ones."""
        own = {
            "population": ("名册人数", "Population"),
            "interval": ("区间", "Interval"),
            "why": ("说明", "Why"),
        }
        if name in own:
            return say(self.language, *own[name])
        return vocabulary.column(name, self.language)


def interval_column(label: str, kind: Kind = "interval", bar: str = "") -> Column:
    """Make the column of an interval whose limits are ``low`` and ``high``."""
    return Column("low", label, kind, "high", bar=bar)


def bounds_column(alpha: float, language: Language, bar: str = "") -> Column:
    """Make the column of the two bounds, each of which is right with its own probability."""
    sure = formats.level(1 - alpha)
    heading = say(
        language, f"下限～上限（各有 {sure} 的把握）", f"Lower–upper bound (each {sure} sure)"
    )
    return Column("lower", heading, "interval", "upper", bar=bar)


def level_heading(label: str, level: float) -> str:
    """Put the confidence level before a heading, as «95% 区间»."""
    return f"{formats.level(level)} {label}"
