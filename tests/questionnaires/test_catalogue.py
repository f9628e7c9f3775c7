from importlib import resources
from pathlib import Path

import pytest

from questionnaires import QuestionnaireError, available, load, parse, to_toml

SMALL = """
id = "small"
title = "小问卷"
bar = 0.90
scale = "three"

[scales.three]
levels = [
  { label = "好", score = 3, satisfied = true, index = 100 },
  { label = "一般", score = 2, index = 50 },
  { label = "差", score = 1, index = 0 },
]

[branch]
text = "支部"

[overall]
text = "总体评价"

[[dimensions]]
id = "one"
title = "方面一"

[[dimensions.indicators]]
number = 1
title = "指标一"
items = [{ id = "a", text = "题一" }, { id = "b", text = "题二" }]
"""


@pytest.mark.parametrize("name", available())
def test_shipped_questionnaires_load_and_write_back(name):
    questionnaire = load(name)
    assert questionnaire.id == name
    assert parse(to_toml(questionnaire)) == questionnaire


def test_a_small_questionnaire_of_ones_own(tmp_path):
    path = tmp_path / "我的问卷.toml"
    path.write_text(SMALL, encoding="utf-8-sig")
    questionnaire = load(path)
    assert questionnaire.bar == "0.90"
    assert questionnaire.item_ids == ("a", "b")
    assert questionnaire.role is None
    assert questionnaire.attention is None
    assert questionnaire.item("a").scale is questionnaire.overall.scale
    assert parse(to_toml(questionnaire)) == questionnaire


def test_texts_with_quotes_and_backslashes_survive_writing():
    text = SMALL.replace('"小问卷"', r'"引\"号\\与\t\u007f"')
    assert parse(to_toml(parse(text))).title == '引"号\\与\t\x7f'


def fault(text: str) -> QuestionnaireError:
    with pytest.raises(QuestionnaireError) as caught:
        parse(text, file="我的.toml")
    assert caught.value.file == "我的.toml"
    assert caught.value.text("zh").startswith("问卷文件 我的.toml")
    assert caught.value.text("en").startswith("questionnaire file 我的.toml")
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ('title = "小问卷"', 'titel = "小问卷"', "titel", "title"),
        ('title = "小问卷"', "title = 3", "title", "文字"),
        ('title = "小问卷"', 'title = " "', "title", "文字"),
        ('id = "small"', "", "id", "缺少"),
        ("bar = 0.90", "bar = 90", "bar", "0.9"),
        ("bar = 0.90", 'bar = "90%"', "bar", "0.9"),
        ("bar = 0.90", "", "bar", "缺少"),
        ("bar = 0.90", "bar = true", "bar", "文字"),
        ('scale = "three"', 'scale = "thre"', "scale", "three"),
        ('scale = "three"', 'scale = "three"\nmatrix_stem = " "', "matrix_stem", "空"),
        ('scale = "three"', 'scale = "three"\nmatrix_stem_en = 1', "matrix_stem_en", "文字"),
        ('scale = "three"', 'scale = "three"\nmatrix_stems = "x"', "matrix_stems", "matrix_stem"),
        ('text = "总体评价"', 'text = "总体评价"\nscale = "x"', "overall.scale", "three"),
        ("score = 2,", 'score = "2",', "scales.three.levels[2].score", "数字"),
        ("score = 2,", "score = nan,", "scales.three.levels[2].score", "数字"),
        ("score = 2,", "", "scales.three.levels[2].score", "分值"),
        ("score = 2,", "score = 3,", "scales.three.levels", "相同"),
        ("index = 50", "index = 500", "scales.three.levels[2].index", "100"),
        ("satisfied = true", "satisfied = 1", "scales.three.levels[1].satisfied", "true"),
        ('label = "差"', 'label = "好"', "scales.three.levels", "两次"),
        ("number = 1", 'number = "一"', "dimensions[1].indicators[1].number", "整数"),
        (
            'id = "b",',
            'id = "b", texts = "x",',
            "dimensions[1].indicators[1].items[2].texts",
            "text",
        ),
        ('id = "b"', 'id = "a"', "id", "两次"),
        ('text = "题二"', 'text = "题一。"', "text", "两次"),
        ('[branch]\ntext = "支部"', "", "branch", "缺少"),
        ('[branch]\ntext = "支部"', "branch = 1", "branch", "表"),
        ("[[dimensions]]", "[dimensions]", "dimensions", "[[dimensions]]"),
    ],
)
def test_faults_name_file_key_and_what_is_allowed(old, new, key, said):
    assert old in SMALL
    # A table replaced by a key must stand before the first table.
    text = new + "\n" + SMALL.replace(old, "") if new == "branch = 1" else SMALL.replace(old, new)
    if new == "[dimensions]":
        text = text.split("[[dimensions.indicators]]")[0]
    error = fault(text)
    assert error.key == key
    assert said in error.zh


def test_not_toml_at_all():
    assert "TOML" in fault("这不是 TOML").zh


def test_unknown_names_suggest_the_nearest():
    with pytest.raises(QuestionnaireError) as caught:
        load("jiangsu-2041")
    assert "jiangsu-2014" in caught.value.zh
    assert "Did you mean jiangsu-2014" in caught.value.en


def test_other_encodings_are_refused(tmp_path):
    path = tmp_path / "gbk.toml"
    path.write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(QuestionnaireError, match="UTF-8"):
        load(path)


def test_a_folder_is_not_a_questionnaire(tmp_path):
    with pytest.raises(QuestionnaireError, match="也不是文件"):
        load(tmp_path)


def test_the_short_form_says_that_its_definition_is_a_choice():
    text = (resources.files("questionnaires") / "shipped" / "jiangsu-2014-short.toml").read_text(
        encoding="utf-8"
    )
    assert "改为 false" in text
    strict = parse(text.replace("score = 3, satisfied = true", "score = 3, satisfied = false"))
    assert strict.overall.scale.satisfied_scores == (4.0,)
    assert "基本满意" not in strict.overall.scale.definition()


def test_one_with_a_standard_of_its_own_is_written_back_for_any_folder(tmp_path, monkeypatch):
    own = resources.files("questionnaires") / "standards" / "jiangsu-2014.toml"
    (tmp_path / "标准.toml").write_text(own.read_text("utf-8"), "utf-8")
    text = to_toml(load("jiangsu-2014")).replace('"jiangsu-2014"', '"标准.toml"')
    text = text.replace('id = "标准.toml"', 'id = "own"')
    monkeypatch.chdir(tmp_path)
    Path("问卷.toml").write_text(text, "utf-8")
    made = load("问卷.toml")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    Path("again.toml").write_text(to_toml(made), "utf-8")
    assert load("again.toml").standard == made.standard
    assert parse(to_toml(made)) == made
