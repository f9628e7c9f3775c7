"""The report as a Word document: real headings, styles, captions and editable tables."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from questionnaires.language import say
from survey import vocabulary
from survey.report import cells, drawing, word_styles, word_tables
from survey.report.document import Block, Bullets, Document, Picture, Table, Terms, Text
from survey.report.paper import PAPERS, Style

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

MARKS = {"meets": "●", "below": "◆", "inconclusive": "○", "withheld": "×"}


def write(document: Document, gallery: drawing.Gallery, path: Path, style: Style = "plain") -> Path:
    """Write a document as ``.docx``.

    Parameters
    ----------
    document : Document
        What to show; folded tables are left to the workbook.
    gallery : Gallery
        Its charts, drawn in the form ``png``.
    style : {"plain", "official"}
        The paper, see `survey.report.paper`.
    """
    writer = _Writer(document, gallery, style)
    writer.word.save(str(path))
    return path


class _Writer:
    """Puts blocks one after the other into a Word document, numbering captions."""

    def __init__(self, document: Document, gallery: drawing.Gallery, style: Style) -> None:
        self.language, self.style, self.paper = document.language, style, PAPERS[style]
        self.gallery = gallery
        self.word: WordDocument = word_styles.blank(document, style)
        self.numbers = document.numbers()
        self.sheets = {table.name: table.sheet for table in document.tables()}
        self.paragraph(document.title, "Title")
        unit, rest = document.byline[:1], document.byline[1:]
        for part in (unit, rest) if self.paper.is_official else (document.byline,):
            self.paragraph(document.joined(part), "Subtitle")
        for heading in document.outline():
            paragraph = self.paragraph(heading.title, f"Heading {heading.level - 1}")
            if heading.section is None:
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
                self.paragraph(text, "Report Text")
            case Bullets(texts=texts):
                for number, text in enumerate(texts, start=1):
                    if self.paper.is_official:
                        counted = say(self.language, f"（{number}）", f"({number}) ")
                        self.paragraph(f"{counted}{text}", "Report Text")
                    else:
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

    def paragraph(self, text: str, name: str) -> Paragraph:
        new = self.word.add_paragraph()
        return word_styles.write(new, text, name, self.language, self.style)

    def term(self, term: str, text: str) -> None:
        paragraph = self.paragraph("", "Report Text")
        paragraph.add_run(f"{term}{say(self.language, '。', '. ')}", style="Report Term")
        paragraph.add_run(text)

    def picture(self, picture: Picture) -> None:
        from docx.shared import Mm

        for page in self.gallery[picture.name]:
            paragraph = self.paragraph("", "Report Picture")
            width = min(self.paper.width, self.paper.tallest * page.width / page.height)
            shape = paragraph.add_run().add_picture(io.BytesIO(page.png), width=Mm(width))
            properties = shape._inline.docPr
            properties.set("descr", page.words)
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
        from docx.shared import Pt

        self.caption(table.name, table.caption).paragraph_format.keep_with_next = True
        shown = table.shown
        written = cells.lines(shown, self.language)
        lines = [[_words(cell, self.language) for cell in line] for line in written]
        codes = [[cell.code for cell in line] for line in written]
        right = [column.kind in cells.NUMERIC for column in shown.columns]
        head = [column.label for column in shown.columns]
        word_tables.add_table(self.word, head, lines, codes, right, self.paper)
        gap = self.paragraph("", "Report Source").paragraph_format
        gap.line_spacing = gap.space_after = Pt(4)

    def caption(self, name: str, title: str) -> Paragraph:
        kind, number = self.numbers[name]
        paragraph = self.paragraph("", "Report Caption")
        paragraph.add_run(f"{kind} ")
        word_styles.add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        paragraph.add_run(f"{say(self.language, '　', '. ')}{title}")
        return paragraph


def _mark(code: str, language: Any) -> str:
    return f"{MARKS[code]} {vocabulary.verdict(code, language)}"


def _words(cell: cells.Cell, language: Any) -> str:
    return _mark(cell.code, language) if cell.code else cell.text
