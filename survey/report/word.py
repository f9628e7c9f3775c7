"""The report as a Word document: real headings, styles, captions and editable tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from questionnaires.language import say
from survey import vocabulary
from survey.report import cells, drawing, word_styles, word_tables
from survey.report.document import (
    Block,
    Bullets,
    Document,
    Picture,
    Table,
    Terms,
    Text,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

MARKS = {"meets": "●", "below": "◆", "inconclusive": "○", "withheld": "×"}
TALLEST = 186.0
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
        self.numbers = document.numbers()
        self.sheets = {table.name: table.sheet for table in document.tables()}
        self.paragraph(document.title, "Title")
        self.paragraph(document.subtitle, "Subtitle")
        for heading in document.outline():
            paragraph = self.paragraph(heading.title, f"Heading {heading.level - 1}")
            if heading.apart:
                paragraph.paragraph_format.page_break_before = True
            for block in heading.section.blocks if heading.section else ():
                self.add(block, heading.level)

    def add(self, block: Block, level: int) -> None:
        match block:
            case Text(text="", tone=_):
                pass
            case Text(text=text, tone="heading"):
                self.paragraph(text, f"Heading {level}")
            case Text(text=text, tone="note" | "warning"):
                self.paragraph(text, "Report Note")
            case Text(text=text, tone="lead"):
                self.paragraph(text, "Report Lead")
            case Text(text=text):
                self.paragraph(text, "Body Text")
            case Bullets(texts=texts):
                for text in texts:
                    self.paragraph(text, "List Bullet")
            case Terms(pairs=pairs):
                for term, text in pairs:
                    self.term(term, text)
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
        self.caption(picture.name, picture.title)
        self.paragraph(self.where(picture.data), "Report Source")

    def where(self, data: str) -> str:
        """Say where a chart's numbers are: in a table of this document or in the workbook."""
        if data in self.numbers:
            kind, number = self.numbers[data]
            return say(self.language, f"数据见{kind} {number}。", f"Data: {kind} {number}.")
        sheet = self.sheets[data]
        return say(
            self.language,
            f"数据见 results.xlsx 的工作表“{sheet}”。",
            f"Data: results.xlsx, sheet “{sheet}”.",
        )

    def table(self, table: Table) -> None:
        self.caption(table.name, table.caption).paragraph_format.keep_with_next = True
        shown = table.shown
        written = cells.lines(shown, self.language)
        lines = [[_words(cell, self.language) for cell in line] for line in written]
        codes = [[cell.code for cell in line] for line in written]
        right = [column.kind in cells.NUMERIC for column in shown.columns]
        head = [column.label for column in shown.columns]
        word_tables.add_table(self.word, head, lines, codes, right, TEXT_WIDTH)
        self.paragraph("", "Report Source")
        if table.foot:
            self.paragraph(table.foot, "Body Text")

    def caption(self, name: str, title: str) -> Paragraph:
        kind, number = self.numbers[name]
        paragraph = self.paragraph("", "Caption")
        paragraph.add_run(f"{kind} ")
        word_styles.add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(f"{say(self.language, '　', '. ')}{title}")
        return paragraph


def _mark(code: str, language: Any) -> str:
    return f"{MARKS[code]} {vocabulary.verdict(code, language)}"


def _words(cell: cells.Cell, language: Any) -> str:
    return _mark(cell.code, language) if cell.code else cell.text
