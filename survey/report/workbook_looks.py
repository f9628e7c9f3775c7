"""What makes the workbook's sheets readable at a glance: number formats, colours, native charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from questionnaires.language import say
from survey import vocabulary
from survey.errors import Language
from survey.formats import P_VALUE, digits_beside
from survey.report.document import Kind, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Field: TypeAlias = tuple[str, str, Kind]
"""A column of a sheet: name in the frame, heading, kind."""
SHARE = '[=1]0.0%;[>=0.9995]">99.9%";0.0%'
"""Nearly all is not written as all."""
HARDLY_ANY = '[=0]0.0%;[<0.0005]"<0.1%";0.0%'
NUMBER_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "share": SHARE,
    "interval": SHARE,
    "points": "0.0",
    "points_interval": "0.0",
    "rank_interval": "0",
    "decimal": "0.00",
    "p_value": P_VALUE,
    "score": "0.0",
}
SHARES = frozenset({"share", "interval"})
FILLS = {"meets": "DCEBF5", "below": "F6E3D6", "inconclusive": "F1F2F3", "withheld": "FAFAFA"}
BAR_CHARTS = {
    "branches": "rate",
    "nonresponse_table": "response_rate",
    "drivers_table": "contribution",
    "items_table": "rate",
}
"""Table → column that its native chart shows."""


def number_format(value: object, kind: Kind, bar: str = "") -> str:
    """Give the number format of a cell, so that it shows what the page and Word show.

    Examples
    --------
    >>> number_format(12, "count"), number_format(269 / 299, "share", "0.9")
    ('#,##0', '0.00%')
    """
    if kind not in SHARES or not isinstance(value, float):
        return NUMBER_FORMATS.get(kind, "General")
    digits = digits_beside(value, bar) if bar else 1
    if digits > 1:
        return f"0.{'0' * digits}%"
    return HARDLY_ANY if 0 < value < 0.0005 else NUMBER_FORMATS[kind]


def colour_verdicts(sheet: Worksheet, fields: list[Field], language: Language) -> None:
    """Colour the words of verdicts by condition, so that edited ones change colour too."""
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    from survey.palette import STANDARD

    for position, (_, _, kind) in enumerate(fields, start=1):
        if kind != "verdict":
            continue
        letter = get_column_letter(position)
        for code, name in vocabulary.VERDICTS.items():
            rule = CellIsRule(  # type: ignore[no-untyped-call]
                operator="equal",
                formula=[f'"{say(language, *name)}"'],
                font=Font(color=STANDARD.verdict(code).colour.removeprefix("#")),
                fill=PatternFill(bgColor=FILLS[code], fill_type="solid"),
            )
            sheet.conditional_formatting.add(f"{letter}2:{letter}{sheet.max_row}", rule)


def add_chart(sheet: Worksheet, table: Table, fields: list[Field]) -> None:
    """Add a bar chart beside a table that has one."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.utils import get_column_letter

    names = [name for name, _, _ in fields]
    shown = BAR_CHARTS.get(table.name)
    if shown not in names:
        return
    position, last = names.index(shown) + 1, len(table.frame) + 1
    labels = next(i for i, (_, _, kind) in enumerate(fields, start=1) if kind == "text")
    chart = BarChart()
    chart.type = "bar"
    chart.title = fields[position - 1][1]
    chart.legend = None
    chart.gapWidth = 60
    chart.add_data(
        Reference(sheet, min_col=position, min_row=1, max_row=last), titles_from_data=True
    )
    chart.set_categories(Reference(sheet, min_col=labels, min_row=2, max_row=last))
    chart.series[0].graphicalProperties = GraphicalProperties(solidFill="4A7A78")
    # Excel leaves axes out unless told otherwise, and counts horizontal bars from below.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblPos, chart.x_axis.tickLblSkip = "low", 1
    chart.y_axis.majorGridlines = None
    chart.y_axis.number_format = NUMBER_FORMATS[fields[position - 1][2]]
    if fields[position - 1][2] == "share":
        chart.y_axis.number_format = "0%"
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.width, chart.height = 24, max(7.0, 0.62 * len(table.frame) + 3)
    sheet.add_chart(chart, f"{get_column_letter(len(fields) + 2)}2")
