from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires import Level, Scale
from questionnaires.words import words
from survey.coding.ladders import ladder
from survey.errors import CodingError, Place

FIVE = ("非常满意", "满意", "一般", "不满意", "非常不满意")


def scores(labels: list[str], satisfied: list[str], **given: object) -> dict[str, float | None]:
    scale = ladder(labels, satisfied=satisfied, name="s", **given)  # type: ignore[arg-type]
    return {level.label: level.score for level in scale.levels}


def test_a_level_nobody_chose_exists() -> None:
    made = ladder(["满意", "非常不满意"], satisfied=["非常满意", "满意"], name="s")
    assert {level.label: level.score for level in made.levels} == dict(
        zip(FIVE, (5.0, 4.0, 3.0, 2.0, 1.0), strict=True)
    )
    assert [level.satisfied for level in made.levels] == [True, True, False, False, False]
    assert [level.index for level in made.levels] == [100, 75, 50, 25, 0]


def test_answers_of_ones_own_that_say_nothing_are_on_no_rung() -> None:
    labels = ["满意", "不满意", "未参加", "不了解"]
    made = scores(labels, ["满意"], not_applicable=["“未参加”", "没听说过"])
    assert made["未参加"] is made["不了解"] is made["没听说过"] is None
    with pytest.raises(CodingError, match="--not-applicable"):
        scores(labels, ["满意"])


def test_a_rung_of_a_known_ladder_may_be_taken_off() -> None:
    made = ladder(["赞成", "弃权", "不赞成"], satisfied=["赞成"], name="s", not_applicable=["弃权"])
    assert made.find("弃权") is not None
    assert not made.find("弃权").valid  # type: ignore[union-attr]
    assert [level.score for level in made.valid_levels] == [3.0, 2.0, 1.0]
    three = ladder(
        ["满意", "一般", "不满意"], satisfied=["满意"], name="s", not_applicable=["一般"]
    )
    assert [level.label for level in three.valid_levels if level.satisfied] == ["满意"]
    assert three.find("一般").score is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answers", "stated", "named"),
    [
        (["满意", "一般", "不满意"], ["满意", "万分满易"], "“万分满易” 无人选择.*“一般”"),
    ],
)
def test_what_is_stated_must_be_an_answer_that_there_may_be(
    answers: Sequence[str], stated: list[str], named: str
) -> None:
    with pytest.raises(CodingError, match=named):
        ladder(answers, satisfied=stated, name="s")


def own(low: int, high: int, unit: str = "") -> Scale:
    levels = (Level(f"{n}{unit}", float(n), n == high) for n in range(high, low - 1, -1))
    return Scale("own", (*levels, Level("不了解", None, False, valid=False)))


@pytest.mark.parametrize(
    ("answers", "stated", "known", "named"),
    [
        ("12345", ["6"], own(1, 5), "“6” 无人选择.*“1”、“2”、“3”、“4”、“5”"),
        ("12345", ["5", "6"], own(1, 5), "“6” 无人选择"),
        ("345", [">=8"], own(1, 7), "“>= 8” 无人选择"),
        ("345", ["<=0"], own(1, 7), "“<= 0” 无人选择"),
        (["5分", "4分"], ["6分"], own(1, 5, "分"), "“6分” 无人选择.*“4分”、“5分”"),
    ],
)
def test_numbers_that_the_known_scale_has_not_are_refused(
    answers: Sequence[str], stated: list[str], known: Scale, named: str
) -> None:
    with pytest.raises(CodingError, match=named):
        ladder(answers, satisfied=stated, name="s", known=known)


@pytest.mark.parametrize(
    ("answers", "stated", "known", "scores"),
    [
        ("1234567", ["8", "9", "10"], own(1, 10), range(10, 0, -1)),
        ("345", [">=8"], own(0, 10), range(10, -1, -1)),
        ("12", [">=3"], own(1, 4), range(4, 0, -1)),
        # Nobody knows the scale, or it has not the answers: one that has what is stated.
        ("1234567", ["8", "9", "10"], None, range(10, 0, -1)),
        ("345", [">=8"], None, range(10, 0, -1)),
        ("345", [">=8"], own(1, 3), range(10, 0, -1)),
        ("345", [">=6"], None, range(7, 0, -1)),
        (["5分", "4分"], ["6分"], None, range(7, 0, -1)),
    ],
)
def test_nobody_need_be_satisfied(
    answers: Sequence[str], stated: list[str], known: Scale | None, scores: range
) -> None:
    made = ladder(answers, satisfied=stated, name="s", known=known)
    assert [level.score for level in made.valid_levels] == [*scores]
    assert not {level.label for level in made.satisfied_levels} & {*answers}


def test_a_stated_ladder_tells_how_far_numbers_go() -> None:
    ten = [f"{n}" for n in range(10, 0, -1)]
    made = ladder("1234567", satisfied=[">=8"], name="s", order=ten)
    assert [level.label for level in made.satisfied_levels] == ["10", "9", "8"]
    with pytest.raises(CodingError, match="“8” 无人选择"):
        ladder("345", satisfied=["8"], name="s", order=ten[3:])


@pytest.mark.parametrize(
    ("answers", "stated"),
    [("1234", ["5"]), (["满意", "不满意"], ["非常满意"]), (["60", "85"], [">=90"]), ("234", ["1"])],
)
def test_nobody_need_have_chosen_the_best_level(answers: Sequence[str], stated: list[str]) -> None:
    scale = ladder(answers, satisfied=stated, name="s")
    assert not {level.label for level in scale.levels if level.satisfied} & {*answers}


def test_digits_beside_the_scale_may_mean_nothing() -> None:
    made = scores(["5", "4", "1", "9"], ["5", "4"], not_applicable=["9"])
    assert made == {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1, "9": None}


@pytest.mark.parametrize("given", [{"order": ["满意", "一般", "不满意"]}, {}])
def test_one_answer_is_not_both_rated_and_left_out(given: dict[str, list[str]]) -> None:
    with pytest.raises(CodingError, match="“满意” 写作了不适用"):
        scores(["满意", "不满意"], ["满意"], not_applicable=["满意"], **given)


def test_a_known_word_stated_on_the_ladder_is_rated() -> None:
    made = scores(["同意", "不清楚", "反对"], ["同意"], order=["同意", "不清楚", "反对"])
    assert made == {"同意": 3, "不清楚": 2, "反对": 1}


@pytest.mark.parametrize("order", [FIVE, FIVE[::-1]])
def test_the_order_in_the_file_does_not_matter(order: tuple[str, ...]) -> None:
    assert scores([*order], ["非常满意", "满意"])["非常满意"] == 5


def test_words_go_before_the_digits_beside_them() -> None:
    labels = ["1很不满意", "2不满意", "3一般", "4满意", "5非常满意"]
    made = scores(labels, ["非常满意", "满意"])
    assert made == dict(zip(labels[::-1], (5.0, 4.0, 3.0, 2.0, 1.0), strict=True))
    reverse = ["1非常满意", "2满意", "3一般", "4不满意", "5非常不满意"]
    assert scores(reverse, ["非常满意"])["1非常满意"] == 5


@pytest.mark.parametrize(
    ("labels", "satisfied", "best", "worst"),
    [
        (["赞成", "一般", "不赞成"], ["赞成"], "赞成", "不赞成"),
        (["满意", "基本满意", "不太满意", "不满意"], ["满意", "基本满意"], "满意", "不满意"),
        (["满意", "不满意"], ["满意"], "满意", "不满意"),
        (
            ["完全同意", "同意", "一般", "不同意", "完全不同意"],
            ["完全同意"],
            "完全同意",
            "完全不同意",
        ),
        (["Very satisfied", "neutral"], ["very satisfied"], "Very satisfied", None),
    ],
)
def test_known_ladders(
    labels: list[str], satisfied: list[str], best: str, worst: str | None
) -> None:
    made = scores(labels, satisfied)
    assert made[best] == max(score for score in made.values() if score is not None)
    assert worst is None or made[worst] == 1


def test_answers_outside_the_ladder_leave_the_base_and_stay_seen() -> None:
    made = ladder([*FIVE, "不了解", "不适用"], satisfied=["非常满意"], name="s")
    outside = [level for level in made.levels if not level.valid]
    assert [level.label for level in outside] == ["不了解", "不适用"]
    assert not any(level.satisfied for level in outside)


@pytest.mark.parametrize(
    ("labels", "low", "high"),
    [(["2", "5"], 1, 5), (["1", "7"], 1, 7), (["0", "10"], 0, 10), (["3", "9"], 1, 10)],
)
def test_digits_are_values_upwards(labels: list[str], low: int, high: int) -> None:
    made = scores(labels, [str(high)])
    assert made == {str(score): float(score) for score in range(high, low - 1, -1)}


def test_digits_that_are_no_scale() -> None:
    with pytest.raises(CodingError, match="数字答案从 1 到 95"):
        ladder(["1", "95"], satisfied=["95"], name="s")


def test_an_unknown_ladder_must_be_stated() -> None:
    labels = ["没有更好", "无所谓", "不便", "非常不便"]
    with pytest.raises(CodingError, match="--ladder") as raised:
        ladder(labels, satisfied=["没有更好"], name="s", place=Place(file="a.xlsx"))
    assert "a.xlsx" in str(raised.value)
    assert scores(labels, ["没有更好"], order=labels)["非常不便"] == 1
    with pytest.raises(CodingError, match="不认识答案"):
        ladder(labels, satisfied=["没有更好"], name="s", order=labels[:3])


def test_two_answers_on_one_rung_are_no_fit() -> None:
    # 很满意 and 非常满意 are cousins; a column with both uses a ladder of its own.
    with pytest.raises(CodingError):
        ladder(["很满意", "非常满意", "一般"], satisfied=["非常满意"], name="s")


@pytest.mark.parametrize("satisfied", [["一般"], ["非常满意", "一般"], ["不满意"], [*FIVE], ["好"]])
def test_satisfied_must_be_the_top_and_not_all(satisfied: list[str]) -> None:
    with pytest.raises(CodingError, match="--satisfied"):
        ladder(FIVE, satisfied=satisfied, name="s")


@given(st.data())
def test_any_part_of_a_known_ladder_keeps_its_order(data: st.DataObject) -> None:
    entry = data.draw(
        st.sampled_from([e for e in words().ladders if len(e) == 5 and "基本满意" not in e[2]])
    )
    rungs = [*entry]
    chosen = data.draw(st.sets(st.sampled_from(range(5)), min_size=1))
    labels = [data.draw(st.sampled_from(rungs[place])) for place in sorted(chosen)]
    top = data.draw(st.sampled_from(rungs[0])) if 0 not in chosen else labels[0]
    outside = data.draw(st.lists(st.sampled_from(sorted(words().outside)), unique=True, max_size=2))
    made = ladder(
        data.draw(st.permutations([*labels, *outside])), satisfied=[top], name="s", place=None
    )
    found = [made.find(label) for label in labels]
    valued = [level.score for level in found if level is not None and level.score is not None]
    assert len(valued) == len(labels)
    assert valued == sorted(valued, reverse=True)
    assert len(set(valued)) == len(valued)
