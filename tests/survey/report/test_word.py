"""The Word report, opened again."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from PIL import Image

from survey.report import drawing, word, word_styles
from survey.report.sections import compose
from tests.survey import results_samples as samples


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> WordDocument:
    document = compose(samples.sample_findings(12))
    gallery = drawing.gallery(document.pictures(), ["png"], workers=1)
    path = word.write(document, gallery, tmp_path_factory.mktemp("word") / "report.docx")
    return docx.Document(str(path))


def test_headings_are_real_and_numbered_by_word(opened: WordDocument) -> None:
    headings = [p.text for p in opened.paragraphs if p.style.name == "Heading 1"]
    assert headings[0] == "结论"
    assert headings[-1] == "附录：供统计人员核对"
    assert len(headings) == 7
    levels = opened.part.numbering_part.element.findall(f".//{qn('w:lvl')}")
    texts = [level.find(qn("w:lvlText")).get(qn("w:val")) for level in levels]
    assert {"%1、", "（%2）", "%3."} <= set(texts)
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        assert opened.styles[name].element.find(f".//{qn('w:numPr')}") is not None


def test_every_style_in_use_names_a_chinese_font(opened: WordDocument) -> None:
    for style in {p.style.name for p in opened.paragraphs} | set(word_styles.LOOKS):
        fonts = opened.styles[style].element.find(f".//{qn('w:rFonts')}")
        assert fonts is not None, style
        assert fonts.get(qn("w:eastAsia")), style
        assert fonts.get(qn("w:eastAsiaTheme")) is None, style


def test_tables_repeat_their_heading_and_keep_rows_whole(opened: WordDocument) -> None:
    assert len(opened.tables) >= 5
    for table in opened.tables:
        assert table.style.name == "Report Table"
        assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    branches = next(t for t in opened.tables if t.rows[0].cells[0].text == "支部")
    assert len(branches.rows) == 13


def test_captions_are_numbered_by_fields(opened: WordDocument) -> None:
    captions = [p for p in opened.paragraphs if p.style.name == "Caption"]
    fields = [p._p.find(qn("w:fldSimple")).get(qn("w:instr")) for p in captions]
    assert len(captions) == len(opened.tables) + 11
    assert {field.split()[1] for field in fields} == {"图", "表"}


def test_pictures_have_words_and_300_dots_an_inch(opened: WordDocument) -> None:
    shapes = list(opened.inline_shapes)
    assert len(shapes) == 11
    for shape in shapes:
        assert len(shape._inline.docPr.get("descr")) > 10
        part = opened.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed]
        picture = Image.open(io.BytesIO(part.blob))
        assert picture.width / (shape.width.inches) >= 300
        assert picture.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_no_text_is_left_to_formatting(opened: WordDocument) -> None:
    text = "\n".join(p.text for p in opened.paragraphs)
    assert "nan" not in text
    assert "对照满意度达到 90% 的标准" in text
    assert "“满意”指" in text


def test_page_is_a4_with_the_margins_of_official_documents(opened: WordDocument) -> None:
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert "PAGE" in section.footer._element.xml


def test_english_numbers_headings_by_figures(tmp_path: Path) -> None:
    document = compose(samples.sample_findings(2), "en")
    path = word.write(document, {p.name: () for p in document.pictures()}, tmp_path / "r.docx")
    opened = docx.Document(str(path))
    texts = {
        level.get(qn("w:val"))
        for level in opened.part.numbering_part.element.findall(f".//{qn('w:lvlText')}")
    }
    assert "%1.%2" in texts
