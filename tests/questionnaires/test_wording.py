import re
from dataclasses import replace

import pytest

from questionnaires import Level, Scale, load, parse, to_toml
from questionnaires.asking import questions
from questionnaires.wording import to_docx, to_markdown, to_wjx

BRANCHES = ("计算机学院教工第一党支部", "机械工程学院研究生第二党支部")
# What both importers of the platform take for the head of a question.
HEAD = re.compile(r"^(\d+)\.\s*(.+?)\s*\[(单选题|矩阵单选题|问答题)\]$")


def paste(text):
    """Read pasted text the way the platform does: blocks, a head, a body."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(*HEAD.match(lines[0]).groups(), lines[1:]) for lines in blocks]


def test_pasted_text_holds_the_whole_questionnaire():
    standard = load("jiangsu-2014")
    pasted = paste(to_wjx(standard, branches=BRANCHES))
    assert [int(number) for number, *_ in pasted] == list(range(1, 12))
    assert pasted[0][2:] == ("单选题", list(BRANCHES))
    assert pasted[1][3] == ["教工党员", "学生党员", "非党员教职工", "非党员学生"]
    matrices = [body for *_, tag, body in pasted if tag == "矩阵单选题"]
    assert [row for body in matrices for row in body[1:]] == [i.text for i in standard.items]
    labels = [level.label for level in standard.overall.scale.levels]
    assert all(body[0].split() == labels for body in matrices)
    assert pasted[2][3] == labels
    assert pasted[-1][2:] == ("问答题", [])


def test_the_overall_question_comes_before_the_items():
    ids = [id for question in questions(load("jiangsu-2014")) for id in question.ids]
    assert ids[:4] == ["branch", "role", "overall", "q01"]
    assert ids[-2:] == ["attention", "open"]
    assert len(ids) == len(set(ids)) == 23


def test_labels_with_blanks_are_not_put_into_a_matrix():
    standard = load("jiangsu-2014")
    spaced = Scale(
        "spaced", (Level("very good", 3, True), Level("fair", 2, False), Level("bad", 1, False))
    )
    first = standard.dimensions[0]
    indicators = tuple(
        replace(i, items=tuple(replace(item, scale=spaced) for item in i.items))
        for i in first.indicators
    )
    dimensions = (replace(first, indicators=indicators),)
    changed = replace(standard, dimensions=dimensions)
    kinds = [question.kind for question in questions(changed)]
    assert kinds == ["single"] * 7 + ["open"]


def matrix_stems(questionnaire, language="zh"):
    asked = questions(questionnaire, language=language)
    return [question.stem for question in asked if question.kind == "matrix"]


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("zh", "您对所在党支部（党组织）“班子建设”以下方面的满意程度"),
        ("en", "Leading body: how satisfied are you with the following?"),
    ],
)
def test_the_standard_keeps_its_own_words_above_every_matrix(language, first):
    stems = matrix_stems(load("jiangsu-2014"), language)
    assert stems[0] == first
    assert len(set(stems)) == 6


@pytest.mark.parametrize(
    ("language", "stem"),
    [("zh", "请对“班子建设”的下列各项作出评价"), ("en", "Leading body: please rate the following")],
)
def test_a_questionnaire_without_a_stem_has_a_neutral_one(language, stem):
    text = to_toml(load("jiangsu-2014"))
    lines = [line for line in text.splitlines() if not line.startswith("matrix_stem")]
    neutral = parse("\n".join(lines))
    assert matrix_stems(neutral, language)[0] == stem
    assert "matrix_stem" not in to_toml(neutral)


@pytest.mark.parametrize(
    ("language", "key", "written", "stem"),
    [
        ("zh", "matrix_stem", "请对下列各项评价", "请对下列各项评价"),
        ("zh", "matrix_stem", "{dimension}：{您}怎么看？", "班子建设：{您}怎么看？"),
        ("en", "matrix_stem_en", "Please rate", "Please rate"),
        ("en", "matrix_stem_en", "On {dimension} (100 %)", "On Leading body (100 %)"),
    ],
)
def test_ones_own_stem_is_kept_and_printed(language, key, written, stem):
    own = replace(load("jiangsu-2014"), **{key: written})
    again = parse(to_toml(own))
    assert again == own
    assert matrix_stems(again, language)[0] == stem
    assert stem in to_markdown(again, language=language)
    if language == "zh":
        assert f"4. {stem}[矩阵单选题]" in to_wjx(again)


def test_no_branch_question_without_options():
    assert all(body for *_, tag, body in paste(to_wjx(load("jiangsu-2014-short"))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_markdown_shows_every_wording(language):
    standard = load("jiangsu-2014")
    text = to_markdown(standard, branches=BRANCHES, language=language)
    for item in (standard.overall, *standard.items):
        assert (item.text if language == "zh" else item.text_en) in text
    assert standard.overall.scale.definition(language) in text


def test_english_has_no_chinese_but_what_is_a_name():
    text = to_markdown(load("jiangsu-2014-short"), branches=["B"], language="en")
    without_source = text.split(" Source: ")[0]
    assert not re.search(r"[\u4e00-\u9fff]", without_source)


def test_word_file_names_a_chinese_font_in_every_style_used(tmp_path):
    import docx
    from docx.oxml.ns import qn

    standard = load("jiangsu-2014")
    to_docx(standard, tmp_path / "问卷.docx", branches=BRANCHES)
    document = docx.Document(str(tmp_path / "问卷.docx"))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert BRANCHES[0] in words
    assert standard.overall.text in words
    rows = [row.cells[0].text for table in document.tables for row in table.rows[1:]]
    assert rows == [item.text for item in standard.items]
    for paragraph in document.paragraphs:
        fonts = paragraph.style.element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "宋体"
        assert fonts.get(qn("w:eastAsiaTheme")) is None
