"""The report as a Word document: real headings, styles, captions and editable tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey import vocabulary
from survey.report import cells, drawing, word_styles, word_tables
from survey.report.document import (
    Answers,
    Block,
    Bullets,
    Column,
    Document,
    Figures,
    Picture,
    Table,
    Tally,
    Terms,
    Text,
)
from survey.report.wording.phrases import say

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

MARKS = {"meets": "●", "below": "◆", "inconclusive": "○", "withheld": "×"}
WIDEST = 8
"""Columns from which on minor ones are left out."""
TALLEST = 195.0
"""Height that a picture may take in millimetres, its caption beside it on the page."""
TEXT_WIDTH = 156.0
"""Width of the text in millimetres: A4 with the margins of GB/T 9704."""


def write(document: Document, gallery: drawing.Gallery, path: Path) -> Path:
    """Write a document as ``.docx``.

    Parameters
    ----------
    document : Document
        What to show; folded tables are left to the workbook.
    gallery : Gallery
        Its charts, drawn in the form ``png``.
    path : Path
        File to write.

    Returns
    -------
    Path
        The file.
    """
    writer = _Writer(document, gallery)
    writer.word.save(str(path))
    return path


class _Writer:
    """Puts blocks one after the other into a Word document, numbering captions."""

    def __init__(self, document: Document, gallery: drawing.Gallery) -> None:
        self.language = document.language
        self.gallery = gallery
        self.word: WordDocument = word_styles.blank(document.title, document.language)
        if document.is_sheet:
            word_styles.narrow(self.word)
        self.numbers = {table.name: n for n, table in enumerate(_printed(document), start=1)} | {
            picture.name: n for n, picture in enumerate(document.pictures(), start=1)
        }
        self.sheets = {table.name: table.sheet for table in document.tables()}
        self.paragraph(document.title, "Title")
        self.paragraph(document.subtitle, "Subtitle")
        for section in document.sections:
            if len(document.sections) > 1:
                self.paragraph(section.title, "Heading 1")
            for block in section.blocks:
                self.add(block)

    def add(self, block: Block) -> None:
        match block:
            case Text(text="", tone=_):
                pass
            case Text(text=text, tone="heading"):
                self.paragraph(text, "Heading 2")
            case Text(text=text, tone="note" | "warning"):
                self.paragraph(text, "Report Note")
            case Text(text=text):
                self.paragraph(text, "Body Text")
            case Bullets(texts=texts):
                for text in texts:
                    self.paragraph(text, "List Bullet")
            case Answers(pairs=pairs) | Terms(pairs=pairs):
                for term, text in pairs:
                    self.term(term, text)
            case Figures():
                pass  # the sentences and the table beside them say the same
            case Tally(counts=counts):
                self.tally(dict(counts))
            case Picture():
                self.picture(block)
            case Table(folded=True):
                pass
            case Table():
                self.table(block)

    def paragraph(self, text: str, style: str) -> Paragraph:
        return word_styles.write(self.word.add_paragraph(), text, style, self.language)

    def term(self, term: str, text: str) -> None:
        paragraph = self.paragraph("", "Body Text")
        paragraph.add_run(f"{term}{say(self.language, '。', '. ')}", style="Report Term")
        paragraph.add_run(text)

    def tally(self, counts: dict[str, int]) -> None:
        paragraph = self.paragraph("", "Report Note")
        for code, n in counts.items():
            _coloured(paragraph, code, f"{_mark(code, self.language)} {n}")
            paragraph.add_run("　　")

    def picture(self, picture: Picture) -> None:
        from docx.shared import Mm

        words = drawing.describe(picture, self.language)
        for page in self.gallery[picture.name]:
            paragraph = self.paragraph("", "Report Picture")
            width = min(TEXT_WIDTH, TALLEST * page.width / page.height)
            shape = paragraph.add_run().add_picture(io.BytesIO(page.png), width=Mm(width))
            properties = shape._inline.docPr
            properties.set("descr", words)
            properties.set("title", picture.title)
        caption = self.caption(say(self.language, "图", "Figure"), picture.name, picture.title)
        caption.paragraph_format.space_after = None
        note = f"{words}{say(self.language, '', ' ')}{self.where(picture.data)}"
        self.paragraph(note, "Report Source")

    def where(self, data: str) -> str:
        """Say where a chart's numbers are: in a table of this document or in the workbook."""
        if data in self.numbers:
            number = self.numbers[data]
            return say(self.language, f"数据见表 {number}。", f"Data: Table {number}.")
        sheet = self.sheets[data]
        return say(
            self.language,
            f"数据见 results.xlsx 的工作表“{sheet}”。",
            f"Data: results.xlsx, sheet “{sheet}”.",
        )

    def table(self, table: Table) -> None:
        caption = self.caption(say(self.language, "表", "Table"), table.name, table.caption)
        caption.paragraph_format.keep_with_next = True
        notes = [column for column in table.columns if column.name == "why"]
        shown = tuple(column for column in table.columns if column.name != "why")
        if len(shown) > WIDEST:
            shown = tuple(column for column in shown if not column.minor)
        self.grid(table, shown)
        if notes:
            self.remarks(table)

    def remarks(self, table: Table) -> None:
        """Set the remarks on single units under the table, where there is room for sentences."""
        first = table.columns[0].name
        for record in table.frame.to_dict("records"):
            if record["why"]:
                self.paragraph(
                    f"{record[first]}{say(self.language, '：', ': ')}{record['why']}",
                    "Report Remark",
                )

    def grid(self, table: Table, columns: tuple[Column, ...]) -> None:
        shown = Table(table.name, table.sheet, table.caption, table.frame, columns)
        lines = [
            [_words(cell, self.language) for cell in line]
            for line in cells.lines(shown, self.language)
        ]
        codes = [[cell.code for cell in line] for line in cells.lines(shown, self.language)]
        right = [column.kind in cells.NUMERIC for column in columns]
        head = [column.label for column in columns]
        word_tables.add_table(self.word, head, lines, codes, right, TEXT_WIDTH)
        self.paragraph("", "Report Source")

    def caption(self, kind: str, name: str, title: str) -> Paragraph:
        paragraph = self.paragraph("", "Caption")
        paragraph.add_run(f"{kind} ")
        word_styles.add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(self.numbers[name]))
        paragraph.add_run(f"{say(self.language, '　', '. ')}{title}")
        return paragraph


def _printed(document: Document) -> tuple[Table, ...]:
    return tuple(table for table in document.tables() if not table.folded)


def _mark(code: str, language: Any) -> str:
    return f"{MARKS[code]} {vocabulary.verdict(code, language)}"


def _words(cell: cells.Cell, language: Any) -> str:
    return _mark(cell.code, language) if cell.code else cell.text


def _coloured(paragraph: Paragraph, code: str, text: str) -> None:
    from docx.shared import RGBColor

    from survey.charts.palette import STANDARD

    run = paragraph.add_run(text)
    run.font.color.rgb = RGBColor.from_string(STANDARD.verdict(code).colour.removeprefix("#"))
