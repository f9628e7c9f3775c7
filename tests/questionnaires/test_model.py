from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import Level, QuestionnaireError, Scale, load


@pytest.fixture(scope="module")
def standard():
    return load("jiangsu-2014")


FIVE = load("jiangsu-2014").overall.scale


def test_five_levels_of_the_standard():
    assert [level.label for level in FIVE.valid_levels] == [
        "非常满意",
        "满意",
        "一般",
        "不满意",
        "非常不满意",
    ]
    assert [level.index for level in FIVE.valid_levels] == [100, 75, 50, 25, 0]
    assert FIVE.satisfied_scores == (5.0, 4.0)
    assert FIVE.target == 4.0


@pytest.mark.parametrize(
    ("label", "score"),
    [
        ("非常满意", 5),
        ("很满意", 5),
        (" 比较满意 ", 4),
        ("满意（4分）", 4),
        ("4 满意", 4),
        ("D. 不满意", 2),
        ("1很不满意", 1),
        ("5分，非常满意", 5),
        ("不太满意", 2),
        ("不适用", None),
    ],
)
def test_labels_as_they_stand_in_files(label, score):
    assert FIVE.find(label).score == score


def test_words_decide_where_digits_run_the_other_way():
    assert FIVE.find("1非常满意").score == 5


@pytest.mark.parametrize("label", ["", "赞成", "5", "-3", "(空)", "满意不满意", "基本满意"])
def test_unknown_labels_are_not_guessed(label):
    assert FIVE.find(label) is None


def test_a_scale_of_digits_is_matched_by_its_digits():
    digits = Scale("digits", tuple(Level(str(k), k, k >= 4) for k in range(1, 6)))
    assert digits.find("4").score == 4
    assert digits.find("-3") is None


def test_every_label_and_alias_finds_its_own_level():
    for level in FIVE.levels:
        for name in (level.label, *level.aliases):
            assert FIVE.find(name) is level


def test_two_names_of_one_level_in_one_column_are_reported():
    assert FIVE.clashes(["非常满意", "满意", "比较满意", "一般"]) == (("满意", "比较满意"),)
    assert FIVE.clashes(["非常满意", "满意", "一般", "赞成"]) == ()


@given(st.lists(st.booleans(), min_size=2, max_size=7))
def test_satisfied_levels_are_the_top_ones_or_refused(flags):
    levels = tuple(Level(f"第{k}级", -k, flag) for k, flag in enumerate(flags))
    is_top = flags[0] and not flags[-1] and flags == sorted(flags, reverse=True)
    if is_top:
        assert Scale("s", levels).target == -(sum(flags) - 1)
    else:
        with pytest.raises(QuestionnaireError, match="分值最高"):
            Scale("s", levels)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Level("好", None, True),
        lambda: Level("好", 1, True, valid=False),
        lambda: Level("不了解", None, True, valid=False),
        lambda: Level("好", 1, True, index=101),
        lambda: Level(" ", 1, True),
        lambda: Scale("s", (Level("好", 2, True),)),
        lambda: Scale("s", (Level("好", 2, True), Level("差", 2, False))),
        lambda: Scale("s", (Level("好", 2, True), Level("“好”", 1, False))),
        lambda: Scale("s", (Level("好", 2, True, aliases=("差",)), Level("差", 1, False))),
    ],
)
def test_faulty_scales_are_refused(make):
    with pytest.raises(QuestionnaireError):
        make()


def test_the_standard_has_six_dimensions_of_three(standard):
    assert list(standard.dimension_items) == [
        "leadership",
        "teams",
        "mechanisms",
        "venues",
        "vehicles",
        "results",
    ]
    assert all(len(ids) == 3 for ids in standard.dimension_items.values())
    assert standard.item_ids == tuple(f"q{k:02d}" for k in range(1, 19))
    assert [i.number for d in standard.dimensions for i in d.indicators] == list(range(1, 19))
    assert [minimum.number for minimum in standard.standard.minimums] == [1, 2, 3, 4, 18]
    assert "110号" in standard.source


def test_the_eighteenth_item_does_not_repeat_the_overall_question(standard):
    last = standard.item("q18").text
    assert "满意" not in last
    assert "总体" not in last


def test_english_exists_for_all_that_is_shown(standard):
    shown = [*standard.dimensions, *standard.roles]
    shown += [indicator for d in standard.dimensions for indicator in d.indicators]
    assert all(thing.title_en for thing in shown)
    assert all(item.text_en for item in (standard.overall, *standard.items))
    assert all(level.label_en for level in FIVE.levels)


@pytest.mark.parametrize(
    ("answer", "role"),
    [
        ("教工党员", "members"),
        ("学生党员 ", "members"),
        ("党员", "members"),
        ("非党员教职工", "staff_students"),
        ("师生员工", "staff_students"),
        ("校友", None),
        ("", None),
    ],
)
def test_roles(standard, answer, role):
    assert standard.role_of(answer) == role


def test_items_by_id(standard):
    assert standard.item("overall") is standard.overall
    with pytest.raises(KeyError):
        standard.item("q19")


@pytest.mark.parametrize("bar", ["0", "1.01", "-0.9", "90%", "九成", "1/0", ""])
def test_bars_outside_are_refused(standard, bar):
    with pytest.raises(QuestionnaireError) as caught:
        replace(standard, bar=bar)
    assert caught.value.key == "bar"


@pytest.mark.parametrize("bar", ["1", "0.9", "9/10"])
def test_bars_are_kept_as_written(standard, bar):
    assert replace(standard, bar=bar).bar == bar


def test_two_items_of_one_wording_are_refused(standard):
    first = standard.dimensions[0]
    again = replace(first, id="again", indicators=())
    with pytest.raises(QuestionnaireError, match="没有题目"):
        replace(standard, dimensions=(first, again))
    overall = replace(standard.overall, aliases=(first.items[0].text,))
    with pytest.raises(QuestionnaireError, match="两次"):
        replace(standard, overall=overall)


def test_the_definition_says_what_counts():
    four = load("jiangsu-2014-short").overall.scale
    assert "“满意”“基本满意”" in four.definition()
    assert "fairly satisfied" in four.definition("en")
