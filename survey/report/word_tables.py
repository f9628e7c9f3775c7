"""Tables of the Word report, written as XML at once: python-docx is slow for hundreds of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

from survey.report.paper import Paper
from survey.report.word_styles import TABLE_STYLE

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

ALONE = 3
"""Rows that no page holds fewer of."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
POINT = 25.4 / 72
"""In millimetres."""
PADDING = 2.9
"""Millimetres beside the text of a cell, left and right together."""
NARROW, NAME, WIDE = 16, 36, 40
"""Half-width characters: of a text at least, of a name in front, of a text where there is room."""
ONE_LINE = 6
"""Half-width characters of a heading that is never broken."""


def add_table(
    word: WordDocument,
    head: Sequence[str],
    lines: Sequence[Sequence[str]],
    codes: Sequence[Sequence[str]],
    right: Sequence[bool],
    paper: Paper,
) -> None:
    """Add a table.

    Parameters
    ----------
    head : sequence of str
        Headings, repeated on every page.
    lines, codes : sequence of sequences
        Texts of the cells, and the verdict code of each («» for none), which colours it.
    right : sequence of bool
        Whether a column is set flush right.
    paper : Paper
        Its width and sizes of text.
    """
    from xml.sax.saxutils import escape

    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    from survey.palette import STANDARD

    short = [flush or any(line[column] for line in codes) for column, flush in enumerate(right)]
    size, columns = layout(head, lines, short, paper)
    twips = [round(column * 1440 / 25.4) for column in columns]
    smaller = f'<w:sz w:val="{round(2 * size)}"/>' if size != paper.cells[0] else ""
    whole = len(lines) if len(lines) <= paper.whole else ALONE

    def cell(text: str, column: int, code: str = "", *, kept: bool = True) -> str:
        colour = STANDARD.verdict(code).colour.removeprefix("#") if code else ""
        own = (f'<w:color w:val="{colour}"/>' if colour else "") + smaller
        run = f"<w:rPr>{own}</w:rPr>" if own else ""
        keep = "<w:keepNext/>" if kept else ""
        side = '<w:jc w:val="right"/>' if right[column] else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{twips[column]}" w:type="dxa"/></w:tcPr><w:p>'
            f'<w:pPr><w:pStyle w:val="ReportCell"/>{keep}{side}</w:pPr>'
            f"<w:r>{run}{_lines(escape(text))}</w:r></w:p></w:tc>"
        )

    rooms = [(column - PADDING) / POINT / size * 2 for column in columns]
    first = "".join(cell(halved(head[at], room), at) for at, room in enumerate(rooms))
    rows = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(
            cell(
                text, column, code, kept=number < whole or len(lines) - ALONE < number < len(lines)
            )
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


def layout(
    head: Sequence[str], lines: Sequence[Sequence[str]], short: Sequence[bool], paper: Paper
) -> tuple[float, list[float]]:
    """Choose the size of a table's text and its columns: no figure is broken, texts have the rest.

    Returns
    -------
    float
        Points: the largest of the paper's sizes at which every column has what it needs.
    list of float
        Widths in millimetres.

    Examples
    --------
    >>> from survey.report.paper import PLAIN
    >>> layout(["支部", "n"], [["机械学院教工第一党支部", "12"]], [False, True], PLAIN)
    (8.5, [152.1, 5.9])
    """
    longest = [max((_width(line[at]) for line in lines), default=0) for at in range(len(head))]
    titles = [_width(title) for title in head]
    halves = [max(map(_width, halved(title, 0).split())) for title in head]
    wanted = [
        0 if is_short else min(max(size, title), WIDE)
        for size, title, is_short in zip(longest, titles, short, strict=True)
    ]
    for name, chosen, is_broken in product((NAME, NARROW), paper.cells, (False, True)):
        least = [
            max(size, broken if is_broken and title > ONE_LINE else title)
            if is_short
            else min(max(size, title), name if at == 0 else NARROW)
            for at, (size, title, broken, is_short) in enumerate(
                zip(longest, titles, halves, short, strict=True)
            )
        ]
        needed = [PADDING + POINT * chosen / 2 * size for size in least]
        if sum(needed) <= paper.width:
            break
    rest = paper.width - sum(needed)
    # what is left goes where texts are still broken, first where little is missing
    missing = [
        max(0, min(text, 2 * WIDE) - room) for text, room in zip(longest, least, strict=True)
    ]
    for done, at in enumerate(sorted(range(len(head)), key=missing.__getitem__)):
        given = max(0, min(POINT * chosen / 2 * missing[at], rest / (len(head) - done)))
        needed[at] += given
        rest -= given
    # then where there is text; more columns than the paper holds are all narrowed alike
    shares = wanted if rest > 0 and any(wanted) else needed
    columns = [
        size + rest * share / sum(shares) for size, share in zip(needed, shares, strict=True)
    ]
    return chosen, [round(column, 1) for column in columns]


def halved(title: str, room: float) -> str:
    r"""Break a heading that is too long for its column in two lines, best where it has a gap.

    Examples
    --------
    >>> halved("有效回答", 6), halved("95% 下限～上限", 12), halved("满意率", 6)
    ('有效\n回答', '95% \n下限～上限', '满意率')
    """
    if _width(title) <= max(room, ONE_LINE) or not _CHINESE.search(title):
        return title
    half = min(
        range(1, len(title)),
        key=lambda at: (
            abs(_width(title[:at]) - _width(title[at:]))
            - 8 * (title[at - 1] == " " or title[at] == "（")
        ),
    )
    return f"{title[:half]}\n{title[half:]}"


def _lines(text: str) -> str:
    return "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in text.split("\n"))


def _width(text: str) -> float:
    """Measure a text in half-width characters; Chinese, punctuation and % take two."""
    wide, capital, letter = 2, 1.5, 1.15
    return sum(
        wide
        if ord(char) > 0x2000 or char == "%"
        else capital
        if char.isupper()
        else letter
        if char.isalpha()
        else 1
        for char in text
    )
