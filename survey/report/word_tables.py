"""Tables of the Word report, written as XML at once: python-docx is slow for hundreds of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from survey.report.word_styles import TABLE_STYLE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

HALF_WIDTH = 1.5
"""Millimetres of half a Chinese character in a table."""
KEPT_WHOLE = 20
"""Rows up to which a table is not broken over two pages."""


def add_table(
    word: WordDocument,
    head: Sequence[str],
    lines: Sequence[Sequence[str]],
    codes: Sequence[Sequence[str]],
    right: Sequence[bool],
    width: float,
) -> None:
    """Add a table.

    Parameters
    ----------
    word : Document
        Where to add it.
    head : sequence of str
        Headings, repeated on every page.
    lines, codes : sequence of sequences
        Texts of the cells, and the verdict code of each («» for none), which colours it.
    right : sequence of bool
        Whether a column is set flush right.
    width : float
        Width of the table in millimetres.
    """
    from xml.sax.saxutils import escape

    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    from survey.palette import STANDARD

    short = [flush or any(line[column] for line in codes) for column, flush in enumerate(right)]
    twips = [round(size * 56.69) for size in widths(head, lines, short, width)]
    whole = len(lines) <= KEPT_WHOLE

    def cell(text: str, column: int, code: str = "", *, last: bool = False) -> str:
        colour = STANDARD.verdict(code).colour.removeprefix("#") if code else ""
        run = f'<w:rPr><w:color w:val="{colour}"/></w:rPr>' if colour else ""
        keep = "<w:keepNext/>" if whole and not last else ""
        side = '<w:jc w:val="right"/>' if right[column] else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{twips[column]}" w:type="dxa"/></w:tcPr><w:p>'
            f'<w:pPr><w:pStyle w:val="ReportCell"/>{keep}{side}</w:pPr>'
            f'<w:r>{run}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        )

    first = "".join(cell(text, column) for column, text in enumerate(head))
    rows = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            cell(text, column, code, last=number == len(lines))
            for column, (text, code) in enumerate(zip(line, line_codes, strict=True))
        )
        + "</w:tr>"
        for number, (line, line_codes) in enumerate(zip(lines, codes, strict=True), start=1)
    )
    grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in twips)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/>'
        f'<w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{first}</w:tr>{rows}</w:tbl>"
    )
    word.element.body.insert_element_before(table, "w:sectPr")


def widths(
    head: Sequence[str], lines: Sequence[Sequence[str]], short: Sequence[bool], width: float
) -> list[float]:
    """Share a table's width among its columns: short ones keep one line, texts share the rest.

    Returns
    -------
    list of float
        Millimetres.

    Examples
    --------
    >>> widths(["支部", "n"], [["机械学院教工第一党支部", "12"]], [False, True], 100.0)
    [91.0, 9.0]
    """
    longest = [
        max((_width(line[column]) for line in lines), default=0) for column in range(len(head))
    ]
    fixed = [
        HALF_WIDTH * (max(size, min(_width(title), 14), 4) + 2) if is_short else 0.0
        for size, title, is_short in zip(longest, head, short, strict=True)
    ]
    wanted = [
        0 if is_short else min(max(size, _width(title)), 40) + 3
        for size, title, is_short in zip(longest, head, short, strict=True)
    ]
    rest = max(width - sum(fixed), width / 4)
    shared = [
        size + rest * part / max(sum(wanted), 1) for size, part in zip(fixed, wanted, strict=True)
    ]
    return [round(size * width / sum(shared), 1) for size in shared]


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
