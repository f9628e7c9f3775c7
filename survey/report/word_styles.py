"""Make the styles, numbering, tables and fields of the Word report, after the habits of 公文.

Headings are numbered 一、（一）1. by Word itself, so that an edited document renumbers. Every style
names its Chinese font (``w:eastAsia``): without it Word takes a Latin font for Chinese.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from survey.errors import Language
from survey.report.document import Document
from survey.report.paper import INK, PAPERS, SIZE, Look, Paper, Style

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

LATIN = "Times New Roman"
SHEET_MARGIN = 20
"""Millimetres above and below what must stand on one page."""
TABLE_STYLE = "ReportTable"
LINES = 3
"""Heights of lines beyond this are in points."""


def blank(document: Document, style: Style) -> WordDocument:
    """Make an empty A4 document with our styles, numbered headings and page numbers."""
    import docx
    from docx.shared import Mm

    word = docx.Document(io.BytesIO(_template(document.language, style)[0]))
    about = word.core_properties
    about.title, about.subject = document.title, document.subtitle
    about.author = about.last_modified_by = document.author
    about.created = about.modified = datetime.now(UTC)
    if document.is_sheet and style == "plain":
        page = word.sections[0]
        page.top_margin = page.bottom_margin = Mm(SHEET_MARGIN)
    return word


def write(
    paragraph: Paragraph, text: str, name: str, language: Language, style: Style
) -> Paragraph:
    """Give a new paragraph its style and text; by names python-docx would look for the style."""
    paragraph._p.style = _template(language, style)[1][name]
    if text:
        paragraph.add_run(text)
    return paragraph


@cache
def _template(language: Language, style: Style) -> tuple[bytes, dict[str, str]]:
    """Make the empty document once, with the ids of its styles: a folder may hold hundreds."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm

    word, paper = docx.Document(), PAPERS[style]
    for each in list(word.styles):
        if each.type == WD_STYLE_TYPE.TABLE and each.style_id != "TableNormal":
            each.delete()
    word.core_properties.comments = ""
    word.core_properties.language = "zh-CN" if language == "zh" else "en-GB"
    page = word.sections[0]
    page.page_width, page.page_height = map(Mm, SIZE)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = map(
        Mm, paper.margins
    )
    page.footer_distance = Mm(paper.footer)
    for name, look in paper.looks.items():
        _set_style(word, name, look, language)
    _default_language(word)
    _term_style(word, paper)
    _number_headings(word, paper, language)
    _table_style(word, paper)
    _name_fonts(word, paper)
    _number_pages(word, paper)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue(), {each.name: each.style_id for each in word.styles if each.name}


def _number_pages(word: WordDocument, paper: Paper) -> None:
    """Put the page's number between dashes in the middle, or one character in from its edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    page = word.sections[0]
    footers = [page.footer]
    if paper.is_official:
        word.settings.odd_and_even_pages_header_footer = True
        footers.append(page.even_page_footer)
    sides = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
    for footer, side in zip(footers, sides, strict=False):
        line = footer.paragraphs[0]
        line.style = word.styles["Footer"]
        if paper.is_official:
            line.alignment = side
            edge = Pt(paper.looks["Footer"].size)
            line.paragraph_format.left_indent = line.paragraph_format.right_indent = edge
        line.add_run("— ")
        add_field(line, "PAGE", "1")
        line.add_run(" —")


def _name_fonts(word: WordDocument, paper: Paper) -> None:
    """Name what stands in for a font that a machine lacks."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import nsdecls

    named = "".join(
        f'<w:font w:name="{face.name}"><w:altName w:val="{",".join(face.instead)}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for face in paper.faces
        if face.instead
    )
    table = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table._blob = f"<w:fonts {nsdecls('w')}>{named}</w:fonts>".encode()


def _set_style(word: WordDocument, name: str, look: Look, language: Language) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = word.styles
    style: Any = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for place, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", look.face.name)):
        fonts.set(qn(f"w:{place}"), font)
    if look.tracking and language == "zh":
        between = OxmlElement("w:spacing")
        between.set(qn("w:val"), f"{round(20 * look.tracking)}")
        style.element.rPr.find(qn("w:sz")).addprevious(between)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing = look.line if look.line <= LINES else Pt(look.line)
    form.keep_with_next = look.keep
    if look.centred:
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if look.indent and language == "zh":
        form.first_line_indent = Pt(look.indent * look.size)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _default_language(word: WordDocument) -> None:
    """Name the language, by which programs choose punctuation and substitute fonts."""
    from docx.oxml.ns import qn

    for element in word.styles.element.iter(qn("w:lang")):
        # figures are Latin text: taken for Chinese they would be broken at the end of a line
        element.set(qn("w:val"), "en-GB")
        element.set(qn("w:eastAsia"), "zh-CN")


def _term_style(word: WordDocument, paper: Paper) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    style: Any = word.styles.add_style("Report Term", WD_STYLE_TYPE.CHARACTER)
    style.font.name = LATIN
    style.element.get_or_add_rPr().get_or_add_rFonts().set(
        qn("w:eastAsia"), paper.looks["Report Caption"].face.name
    )


def _number_headings(word: WordDocument, paper: Paper, language: Language) -> None:
    """Tie a list of three levels to the headings: 一、（一）1. or, in English, 1 1.1 1.1.1."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    levels = (
        (
            ("chineseCountingThousand", "%1、"),
            ("chineseCountingThousand", "（%2）"),
            ("decimal", "%3."),
        )
        if language == "zh"
        else (("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"))
    )
    suffix = "nothing" if language == "zh" else "space"
    first = paper.looks["Heading 1"]
    indent = round(20 * first.indent * first.size) if language == "zh" else 0
    body = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:pStyle w:val="Heading{i + 1}"/><w:suff w:val="{suffix}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="{indent}"/></w:pPr></w:lvl>'
        for i, (kind, text) in enumerate(levels)
    )
    numbering: Any = word.part.numbering_part.element
    taken = {int(n.get(qn("w:abstractNumId"))) for n in numbering.findall(qn("w:abstractNum"))}
    abstract = max(taken, default=0) + 1
    element = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract}">'
        f'<w:multiLevelType w:val="multilevel"/>{body}</w:abstractNum>'
    )
    numbering.insert(len(taken), element)
    number = numbering.add_num(abstract).numId
    for level in range(3):
        properties: Any = word.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        tied = properties.get_or_add_numPr()
        tied.get_or_add_ilvl().val, tied.get_or_add_numId().val = level, number


def _table_style(word: WordDocument, paper: Paper) -> None:
    """Add the three-line table: rules above, under the heading and below."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    head = paper.looks["Report Caption"].face.name

    def rule(side: str, eighths: int) -> str:
        return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{INK}"/>'

    word.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
            '<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>'
            f"<w:tblPr><w:tblBorders>{rule('top', 12)}{rule('bottom', 12)}"
            '<w:insideH w:val="single" w:sz="2" w:space="0" w:color="DADDE1"/></w:tblBorders>'
            '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr>"
            f'<w:tblStylePr w:type="firstRow"><w:rPr><w:rFonts w:eastAsia="{head}"/></w:rPr>'
            f"<w:tcPr><w:tcBorders>{rule('bottom', 6)}</w:tcBorders></w:tcPr></w:tblStylePr>"
            "</w:style>"
        )
    )


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add a field that Word works out, with the text to show until then."""
    from xml.sax.saxutils import escape

    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="{escape(instruction)}">'
            f"<w:r><w:t>{escape(shown)}</w:t></w:r></w:fldSimple>"
        )
    )
