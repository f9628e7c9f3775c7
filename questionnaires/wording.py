"""A questionnaire as people get it: text to paste into 问卷星, Markdown, a Word file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from questionnaires.asking import Question, questions
from questionnaires.language import Language, named
from questionnaires.model import Questionnaire

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle

_INTRODUCTION: dict[Language, str] = {
    "zh": "本问卷匿名填写，结果只作汇总统计。请按您的真实感受作答，每题选一项。",
    "en": "This survey is anonymous; only totals are reported. Choose one answer to each question.",
}


def to_wjx(questionnaire: Questionnaire, *, branches: Sequence[str] = ()) -> str:
    """Write the questions as text to paste into 问卷星's 批量导入 box.

    Only what both of its importers know is used: ``N. stem[tag]``, one option a line, and a matrix
    with all labels on its first line. The title is typed by hand; required marks and jumps must be
    set in the editor afterwards.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to ask.
    branches : sequence of str
        Options of the branch question.

    Returns
    -------
    str
        The text, in Chinese.

    Examples
    --------
    >>> from questionnaires import load
    >>> print(to_wjx(load("jiangsu-2014-short"), branches=["甲支部", "乙支部"]))
    1. 您所在的党支部[单选题]
    甲支部
    乙支部
    <BLANKLINE>
    2. 您的身份[单选题]
    教工党员
    学生党员
    非党员教职工
    非党员学生
    <BLANKLINE>
    3. 总体而言，您对所在党支部（党组织）工作的满意程度[单选题]
    满意
    基本满意
    不太满意
    不满意
    不了解
    <BLANKLINE>
    """
    tags = {"single": "单选题", "matrix": "矩阵单选题", "open": "问答题"}
    blocks = []
    for question in questions(questionnaire, branches=branches):
        body = question.options
        if question.kind == "matrix":
            body = (" ".join(question.options), *question.rows)
        blocks.append(
            "\n".join((f"{question.number}. {question.stem}[{tags[question.kind]}]", *body))
        )
    return "\n\n".join(blocks) + "\n"


def to_markdown(
    questionnaire: Questionnaire, *, branches: Sequence[str] = (), language: Language = "zh"
) -> str:
    """Write the questionnaire as Markdown, to read, print or discuss.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to ask.
    branches : sequence of str
        Options of the branch question.
    language : {"zh", "en"}
        Language of the text.

    Returns
    -------
    str
        Title, introduction, the questions, and what the satisfaction rate counts.

    Examples
    --------
    >>> from questionnaires import load
    >>> print(to_markdown(load("jiangsu-2014"), branches=["甲支部"]))  # doctest: +ELLIPSIS
    # 江苏高校服务型党组织示范点建设满意度问卷
    ...
    **1. 您所在的党支部**
    <BLANKLINE>
    - ☐ 甲支部
    ...
    """
    blocks = [f"# {named(questionnaire, language)}", _INTRODUCTION[language]]
    for question in questions(questionnaire, branches=branches, language=language):
        blocks.append(f"**{question.number}. {question.stem}**")
        if question.kind == "single":
            blocks.append("\n".join(f"- ☐ {option}" for option in question.options))
        elif question.kind == "matrix":
            cells = " | ".join("☐" for _ in question.options)
            table = [
                f"| | {' | '.join(question.options)} |",
                "|---" * (1 + len(question.options)) + "|",
            ]
            blocks.append("\n".join(table + [f"| {row} | {cells} |" for row in question.rows]))
        else:
            blocks.append("_" * 30)
    blocks.append(_footnote(questionnaire, language))
    return "\n\n".join(blocks) + "\n"


def to_docx(
    questionnaire: Questionnaire,
    path: str | os.PathLike[str],
    *,
    branches: Sequence[str] = (),
    language: Language = "zh",
) -> None:
    """Write the questionnaire as a Word file for printing.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to ask.
    path : str or path
        File to write.
    branches : sequence of str
        Options of the branch question.
    language : {"zh", "en"}
        Language of the text.
    """
    import docx

    document = docx.Document()
    _set_page(document)
    _set_fonts(document)
    document.core_properties.title = named(questionnaire, language)
    document.add_heading(document.core_properties.title, level=1)
    document.add_paragraph(_INTRODUCTION[language])
    for question in questions(questionnaire, branches=branches, language=language):
        stem = document.add_paragraph(f"{question.number}. {question.stem}")
        stem.paragraph_format.keep_with_next = True
        if question.kind == "single":
            document.add_paragraph("　".join(f"☐ {option}" for option in question.options))
        elif question.kind == "matrix":
            _add_matrix(document, question)
            document.add_paragraph()
        else:
            document.add_paragraph("\n".join("_" * 60 for _ in range(3)))
    document.add_paragraph(_footnote(questionnaire, language))
    document.save(os.fspath(path))


def _set_page(document: Document) -> None:
    from docx.shared import Cm

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.2)


def _add_matrix(document: Document, question: Question) -> None:
    """Draw a matrix as a table: a wide column of rows, narrow ones to tick."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Length

    narrow = Length(int(Cm(10.2) / len(question.options)))
    widths = [Cm(6.4), *(narrow for _ in question.options)]
    boxes = ("☐",) * len(question.options)
    table = document.add_table(rows=0, cols=1 + len(boxes), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    lines = [("", *question.options), *((row, *boxes) for row in question.rows)]
    for place, line in enumerate(lines, start=1):
        row = table.add_row()
        # A row torn in two by a page break is answered twice or not at all.
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(row.cells, line, widths, strict=True):
            cell.text, cell.width = text, width
            cell.paragraphs[0].paragraph_format.keep_with_next = place < len(lines)
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _set_fonts(document: Document) -> None:
    """Name an East Asian font in every style used; Word would otherwise pick its own."""
    from docx.oxml.ns import qn

    for name in ("Normal", "Heading 1", "Table Grid"):
        style: ParagraphStyle = document.styles[name]
        style.font.name = "Times New Roman"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "宋体")


def _footnote(questionnaire: Questionnaire, language: Language) -> str:
    definition = questionnaire.overall.scale.definition(language)
    source = questionnaire.source
    if not source:
        return definition
    return f"{definition}依据：{source}" if language == "zh" else f"{definition} Source: {source}"
