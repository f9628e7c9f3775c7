"""Headings of columns, and columns that several tables share."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Column, Kind

_OWN = {
    "population": ("名册人数", "Population"),
    "interval": ("区间", "Interval"),
    "why": ("说明", "Why"),
}


def label(name: str, language: Language) -> str:
    """Give a column's heading, with the words of this report before the general ones."""
    return say(language, *_OWN[name]) if name in _OWN else vocabulary.column(name, language)


def interval_column(
    level: float, language: Language, kind: Kind = "interval", unit: str = ""
) -> Column:
    """Make the column of an interval whose limits are ``low`` and ``high``."""
    heading = f"{formats.level(level)} {label('interval', language)}{unit}"
    return Column("low", heading, kind, "high")


def bounds_column(alpha: float, language: Language, bar: str = "") -> Column:
    """Make the column of the two bounds, each of which is right with its own probability."""
    sure = formats.level(1 - alpha)
    heading = say(language, "{sure} 下限～上限", "{sure} lower–upper bound", sure=sure)
    return Column("lower", heading, "interval", "upper", bar=bar)
