"""A table's values as text, and what the page sorts by."""

from __future__ import annotations

import math
from typing import NamedTuple, get_args

from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Column, Kind, Table
from survey.report.wording.phrases import Row, rows

NUMERIC = frozenset(get_args(Kind)) - {"text", "verdict"}


class Cell(NamedTuple):
    """One value of a table: its text, the value to sort by, the code of a verdict."""

    text: str
    sort: str
    code: str


def text(row: Row, column: Column, language: Language = "zh") -> str:
    """Write one value.

    Examples
    --------
    >>> text({"low": 0.8, "high": 0.95}, Column("low", "区间", "interval", "high"))
    '80.0%～95.0%'
    >>> text({"verdict": "below"}, Column("verdict", "判定", "verdict"))
    '未达标'
    >>> everyone = {"rate": 0.95, "low": 0.95, "high": 0.95}
    >>> text(everyone, Column("low", "区间", "interval", "high"))
    '普查'
    """
    value = row[column.name]
    match column.kind:
        case "count":
            return formats.count(value)
        case "share":
            return formats.percent(value, bar=column.bar, language=language)
        case "points":
            return formats.points(value)
        case "decimal":
            return formats.decimal(value)
        case "p_value":
            return formats.p_value(value)
        case "score":
            return formats.decimal(value, 1)
        case "interval":
            if is_census(row, column):
                return vocabulary.census(language)
            return formats.interval(value, row[column.high], language, bar=column.bar)
        case "points_interval":
            return formats.points_interval(value, row[column.high], language)
        case "rank_interval":
            return formats.rank_interval(value, row[column.high])
        case "verdict":
            return vocabulary.verdict(str(value), language)
        case "text":
            return str(value) if formats.present(value) else ""


def is_census(row: Row, column: Column) -> bool:
    """Say whether an interval is the rate itself, as only that of everyone's answers is."""
    rate = formats.number(row.get("rate"))
    ends = formats.number(row[column.name]), formats.number(row[column.high])
    return all(math.isclose(end, rate, abs_tol=1e-12) for end in ends)


def lines(table: Table, language: Language = "zh") -> list[list[Cell]]:
    """Write all rows of a table."""
    return [[_cell(row, column, language) for column in table.columns] for row in rows(table.frame)]


def _cell(row: Row, column: Column, language: Language) -> Cell:
    value = row[column.name]
    sort = ""
    if column.kind in NUMERIC and formats.present(value):
        sort = f"{formats.number(value):.6g}"
    code = str(value) if column.kind == "verdict" else ""
    if code:
        sort = str(list(vocabulary.VERDICTS).index(code))
    return Cell(text(row, column, language), sort, code)
