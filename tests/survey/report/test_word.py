"""The Word report, opened again."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import docx
import pytest
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Emu
from matplotlib import font_manager
from matplotlib.font_manager import FontEntry
from PIL import Image

from survey.report import drawing, paper, word, word_tables
from survey.report.sections import compose
from survey.results import Cover
from tests.survey import results_samples as samples


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same report on both papers."""
    cover = Cover("某大学党委组织部", "2026 年", "张三")
    document = compose(dataclasses.replace(samples.sample_findings(12), cover=cover))
    gallery = drawing.gallery(document.pictures(), ["png"], workers=1)
    folder = tmp_path_factory.mktemp("word")
    return {
        style: word.write(document, gallery, folder / f"{style}.docx", style)
        for style in paper.PAPERS
    }


@pytest.fixture(scope="module")
def opened(written: dict[str, Path]) -> WordDocument:
    return docx.Document(str(written["plain"]))


@pytest.fixture(scope="module")
def official(written: dict[str, Path]) -> WordDocument:
    return docx.Document(str(written["official"]))


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
    for style in {p.style.name for p in opened.paragraphs} | set(paper.PLAIN.looks):
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
    captions = [p for p in opened.paragraphs if p.style.name == "Report Caption"]
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


def test_page_is_a4_with_a_page_number(opened: WordDocument) -> None:
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (25, 27)
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


def test_core_properties_say_who_wrote_what(opened: WordDocument) -> None:
    about = opened.core_properties
    assert about.title == "二〇二六年党支部满意度调查"
    assert (about.author, about.last_modified_by, about.comments) == ("张三", "张三", "")
    assert about.subject.startswith("某大学党委组织部")
    assert about.created.year >= 2026


def font(style: Any) -> str:
    return str(style.element.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")))


def test_official_paper_is_what_universities_ask_for(official: WordDocument) -> None:
    asked = {
        "Title": ("方正小标宋_GBK", 22),
        "Subtitle": ("方正楷体_GBK", 15),
        "Report Text": ("方正仿宋_GBK", 16),
        "Heading 1": ("方正黑体_GBK", 16),
        "Heading 2": ("方正楷体_GBK", 16),
        "Heading 3": ("方正仿宋_GBK", 16),
        "Footer": ("宋体", 14),
    }
    for name, (face, size) in asked.items():
        style = official.styles[name]
        assert (font(style), style.font.size.pt) == (face, size), name
        fixed = style.paragraph_format.line_spacing
        assert name == "Footer" or fixed.pt == 28, name
    section = official.sections[0]
    width = Emu(section.page_width - section.left_margin - section.right_margin)
    height = Emu(section.page_height - section.top_margin - section.bottom_margin)
    assert (round(width.mm), round(height.mm)) == (156, 225)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    # 28 characters of 三号 fill a line, 22 lines a page
    tight = official.styles["Report Text"].element.rPr.find(qn("w:spacing"))
    assert 28 <= width.pt / (16 + int(tight.get(qn("w:val"))) / 20) < 28.2
    assert height.pt // 28 == 22
    texts = [p.text for p in official.paragraphs[:3]]
    assert texts[1] == "某大学党委组织部"
    assert texts[2].startswith("2026 年　·　张三")


def test_nothing_on_official_paper_clips_tables_or_pictures(official: WordDocument) -> None:
    for name in ("Report Cell", "Report Picture", "Report Caption"):
        assert official.styles[name].paragraph_format.line_spacing == 1.0, name
    for paragraph in official.paragraphs:
        if paragraph._p.find(f".//{qn('w:drawing')}") is not None:
            assert paragraph.style.name == "Report Picture"
    width = paper.OFFICIAL.width
    widths = {round(shape.width.mm) for shape in official.inline_shapes if shape.height.mm < 190}
    assert widths == {round(width)}


def test_page_numbers_stand_between_dashes_on_the_outer_side(official: WordDocument) -> None:
    odd, even = official.sections[0].footer, official.sections[0].even_page_footer
    assert official.settings.odd_and_even_pages_header_footer
    sides = [footer.paragraphs[0].alignment for footer in (odd, even)]
    assert sides == [WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT]
    assert [f.paragraphs[0].text for f in (odd, even)] == ["—  —", "—  —"]


def test_fonts_that_a_machine_may_lack_name_what_stands_in(
    official: WordDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = official.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE).blob.decode()
    faces = [face for face in paper.OFFICIAL.faces if face.instead]
    assert len(faces) == 4
    for face in faces:
        assert f'w:name="{face.name}"><w:altName w:val="{face.instead[0]},' in named
    fonts = [FontEntry(name="FZFangSong-Z02"), FontEntry(name="DejaVu Sans")]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", fonts)
    lacking = [face.name for face in paper.missing("official")]
    assert lacking == ["方正小标宋_GBK", "方正楷体_GBK", "方正黑体_GBK"]


@pytest.mark.parametrize("style", paper.PAPERS)
def test_no_figure_is_broken_in_a_table(written: dict[str, Path], style: paper.Style) -> None:
    """Every figure fits its column at its size, by the widths of Times New Roman."""
    for table in docx.Document(str(written[style])).tables:
        for row in table.rows:
            for cell in row.cells:
                (paragraph,) = cell.paragraphs
                for line in paragraph.text.split("\n"):
                    if (
                        not re.fullmatch(r"[−<>]?[\d.,]+%?(～[−\d.,]+%?)?|—", line)
                        or len(line) > 20
                    ):
                        continue
                    size = paragraph.runs[0].font.size
                    points = paper.PAPERS[style].cells[0] if size is None else size.pt
                    ems = sum({"%": 0.833, "～": 1.0, "—": 1.0}.get(c, 0.5) for c in line)
                    room = cell.width.mm - 2 * 80 / 56.69
                    assert ems * points * 25.4 / 72 <= room, (line, cell.width.mm)


@pytest.mark.parametrize("style", paper.PAPERS)
def test_fonts_and_numbering_outlive_libreoffice(
    written: dict[str, Path], style: paper.Style, tmp_path: Path
) -> None:
    office = which("soffice")
    if not office:
        pytest.skip("needs LibreOffice")
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "docx:MS Word 2007 XML"]
    path = written[style]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)],
        check=True,
        capture_output=True,
        timeout=150,
    )
    before, after = docx.Document(str(path)), docx.Document(str(tmp_path / path.name))
    own = {each.style_id: each for each in after.styles}
    for name, look in paper.PAPERS[style].looks.items():
        kept = own[before.styles[name].style_id]
        inherited = {font(each) for each in (kept, own["Normal"]) if has_font(each)}
        assert look.face.name in inherited, name
    assert {p.style.style_id for p in after.paragraphs} <= {each.style_id for each in before.styles}
    titles = [
        [p.text for p in d.paragraphs if p.style.style_id == "Heading1"] for d in (before, after)
    ]
    assert titles[0] == titles[1]
    kinds = {
        (level.find(qn("w:numFmt")).get(qn("w:val")), level.find(qn("w:lvlText")).get(qn("w:val")))
        for level in after.part.numbering_part.element.findall(f".//{qn('w:lvl')}")
    }
    assert {("chineseCountingThousand", "%1、"), ("chineseCountingThousand", "（%2）")} <= kinds
    assert own["Heading1"].element.find(f".//{qn('w:numPr')}") is not None


def has_font(style: Any) -> bool:
    fonts = style.element.find(f".//{qn('w:rFonts')}")
    return fonts is not None and fonts.get(qn("w:eastAsia")) is not None


@pytest.mark.parametrize("n", [4, 16, 24, 60])
@pytest.mark.parametrize("sheet", paper.PAPERS.values())
def test_columns_fill_the_paper_however_many(n: int, sheet: paper.Paper) -> None:
    head = ["支部", *(f"第{at}项" for at in range(n))]
    _, widths = word_tables.layout(
        head, [["机械一支", *["12.5%"] * n]], [False, *[True] * n], sheet
    )
    assert min(widths) > 0
    assert sum(widths) == pytest.approx(sheet.width, abs=0.1 * len(head))
