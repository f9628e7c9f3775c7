"""Styles, numbering, tables and fields of the Word report, after the habits of 公文.

Headings are numbered 一、（一）1. by Word itself, so that an edited document renumbers. Every style
names its Chinese font (``w:eastAsia``): without it Word takes a Latin font for Chinese.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from survey.errors import Language

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph

LATIN = "Times New Roman"
BODY, HEAD, SUBHEAD, TITLE = "仿宋", "黑体", "楷体", "宋体"
INK, SOFT = "1F2328", "565C64"
MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
"""Millimetres, GB/T 9704."""
SHEET_MARGIN = 20
"""Millimetres above and below what must stand on one page."""
CHINESE = "chineseCountingThousand"
TABLE_STYLE = "ReportTable"


class Look(NamedTuple):
    """How a style looks: Chinese font, size in points, and what differs from plain text."""

    east_asian: str
    size: float
    bold: bool = False
    colour: str = INK
    before: float = 0
    after: float = 0
    line: float = 1.0
    indent: float = 0
    centred: bool = False
    keep: bool = False


LOOKS: dict[str, Look] = {
    "Normal": Look(BODY, 12),
    "Body Text": Look(BODY, 12, after=4, line=1.4, indent=2),
    "Report Lead": Look(HEAD, 14, after=6, line=1.4, indent=2),
    "Title": Look(TITLE, 18, bold=True, before=12, after=6, line=1.2, centred=True),
    "Subtitle": Look(SUBHEAD, 12, colour=SOFT, after=20, centred=True),
    "Heading 1": Look(HEAD, 16, before=20, after=8, line=1.2, keep=True),
    "Heading 2": Look(SUBHEAD, 14, before=12, after=6, line=1.2, keep=True),
    "Heading 3": Look(BODY, 12, bold=True, before=8, after=4, keep=True),
    "List Bullet": Look(BODY, 12, after=3, line=1.4),
    "Caption": Look(HEAD, 10.5, before=6, after=4, centred=True),
    "Report Note": Look(BODY, 10.5, colour=SOFT, after=6, line=1.3),
    "Report Remark": Look(BODY, 10.5, after=2, line=1.25),
    "Report Source": Look(BODY, 9, colour=SOFT, after=10, line=1.2),
    "Report Cell": Look(TITLE, 8.5, before=1, after=1),
    "Report Picture": Look(BODY, 10.5, before=8, centred=True, keep=True),
    "Footer": Look(TITLE, 10.5, centred=True),
}


def blank(title: str, language: Language) -> WordDocument:
    """Make an empty A4 document with our styles, numbered headings and page numbers."""
    from docx import Document

    word = Document(io.BytesIO(_template(language)[0]))
    word.core_properties.title = title
    return word


def narrow(word: WordDocument) -> None:
    """Take the margins of a single sheet, above and below."""
    from docx.shared import Mm

    page = word.sections[0]
    page.top_margin = page.bottom_margin = Mm(SHEET_MARGIN)


def write(paragraph: Paragraph, text: str, style: str, language: Language) -> Paragraph:
    """Give a new paragraph its style and text; by names python-docx would look for the style."""
    paragraph._p.style = _template(language)[1][style]
    if text:
        paragraph.add_run(text)
    return paragraph


@cache
def _template(language: Language) -> tuple[bytes, dict[str, str]]:
    """Make the empty document once, with the ids of its styles: a folder may hold hundreds."""
    from docx import Document
    from docx.shared import Mm

    word = Document()
    word.core_properties.author = ""
    word.core_properties.language = "zh-CN" if language == "zh" else "en-GB"
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for name, value in MARGINS.items():
        setattr(page, name, Mm(value))
    for name, look in LOOKS.items():
        _set_style(word, name, look, language)
    _default_language(word)
    _term_style(word)
    _number_headings(word, language)
    _table_style(word)
    footer = page.footer.paragraphs[0]
    footer.style = word.styles["Footer"]
    footer.add_run("— ")
    add_field(footer, "PAGE", "1")
    footer.add_run(" —")
    made = io.BytesIO()
    word.save(made)
    return made.getvalue(), {style.name: style.style_id for style in word.styles if style.name}


def _set_style(word: WordDocument, name: str, look: Look, language: Language) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    styles = word.styles
    style: Any = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = RGBColor.from_string(look.colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for place, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", look.east_asian)):
        fonts.set(qn(f"w:{place}"), font)
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing, form.keep_with_next = look.line, look.keep
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


def _term_style(word: WordDocument) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    style: Any = word.styles.add_style("Report Term", WD_STYLE_TYPE.CHARACTER)
    style.font.name = LATIN
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD)


def _number_headings(word: WordDocument, language: Language) -> None:
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
    body = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:pStyle w:val="Heading{i + 1}"/><w:suff w:val="{suffix}"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
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
    for i in range(3):
        properties = word.styles[f"Heading {i + 1}"].element.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{i}"/>'
                f'<w:numId w:val="{number}"/></w:numPr>'
            )
        )


def _table_style(word: WordDocument) -> None:
    """Add the three-line table: rules above, under the heading and below."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def rule(side: str, eighths: int) -> str:
        return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="0" w:color="{INK}"/>'

    word.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
            '<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>'
            f"<w:tblPr><w:tblBorders>{rule('top', 12)}{rule('bottom', 12)}"
            '<w:insideH w:val="single" w:sz="2" w:space="0" w:color="DADDE1"/></w:tblBorders>'
            '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr>"
            f'<w:tblStylePr w:type="firstRow"><w:rPr><w:rFonts w:eastAsia="{HEAD}"/></w:rPr>'
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
