"""The answer ladders of surveys that bring no questionnaire: by words first, by digits last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from questionnaires import Level, Scale
from questionnaires.text import normalise
from survey.errors import CodingError, Place

# Best rung first; a rung's cousins share its place. A ladder fits a column when every answer of the
# column is on it and no two different answers share a rung.
_LADDERS: tuple[tuple[str, ...], ...] = (
    (
        "非常满意/很满意/十分满意/特别满意/完全满意",
        "满意/比较满意/较满意",
        "一般/中立/说不清/基本满意",
        "不满意/不太满意/比较不满意/较不满意",
        "非常不满意/很不满意/十分不满意/极不满意/完全不满意",
    ),
    ("非常满意/很满意", "满意/比较满意/较满意", "基本满意", "一般", "不满意/不太满意"),
    ("非常满意/很满意", "满意/比较满意/较满意", "基本满意/一般", "不满意/不太满意"),
    ("满意", "基本满意/一般/比较满意", "不满意"),
    ("满意", "基本满意/比较满意/较满意", "不太满意/一般", "不满意"),
    ("满意", "不满意"),
    ("赞成/同意/支持", "一般/中立/无所谓/弃权", "不赞成/不同意/反对/不支持"),
    (
        "非常同意/完全同意/非常赞同/非常赞成",
        "同意/比较同意/赞同/赞成",
        "一般/中立/不确定/说不清",
        "不同意/比较不同意/不太同意/不赞同/不赞成",
        "非常不同意/完全不同意/很不同意/非常不赞同/非常不赞成",
    ),
    (
        "非常符合/完全符合",
        "符合/比较符合",
        "一般/不确定",
        "不符合/不太符合/比较不符合",
        "非常不符合/完全不符合/很不符合",
    ),
    (
        "非常重要/很重要",
        "重要/比较重要",
        "一般",
        "不重要/不太重要/比较不重要",
        "非常不重要/很不重要/完全不重要",
    ),
    (
        "非常好/很好/优秀/优",
        "好/比较好/较好/良好/良",
        "一般/中/合格",
        "差/较差/比较差/不好",
        "很差/非常差",
    ),
    (
        "very satisfied/extremely satisfied",
        "satisfied/somewhat satisfied",
        "neutral/neither satisfied nor dissatisfied/fair",
        "dissatisfied/somewhat dissatisfied/unsatisfied",
        "very dissatisfied/extremely dissatisfied/very unsatisfied",
    ),
    (
        "strongly agree",
        "agree/somewhat agree",
        "neutral/neither agree nor disagree/undecided",
        "disagree/somewhat disagree",
        "strongly disagree",
    ),
)

NOT_APPLICABLE = (
    "不了解",
    "不适用",
    "不清楚",
    "不知道",
    "无法评价",
    "没有接触",
    "未接触",
    "not applicable",
    "n/a",
    "i do not know",
    "don't know",
    "do not know",
)
"""Answers that say nothing about satisfaction; they leave the base and are counted apart."""


def ladder(
    labels: Iterable[str],
    *,
    satisfied: Sequence[str],
    name: str,
    order: Sequence[str] | None = None,
    not_applicable: Sequence[str] = (),
    place: Place | None = None,
) -> Scale:
    """Build the scale of a column from its answers.

    Parameters
    ----------
    labels : iterable of str
        The distinct answers found.
    satisfied : sequence of str
        Answers that count as satisfied, as the analyst states them; never guessed.
    name : str
        Id of the scale.
    order : sequence of str, optional
        The whole ladder from best to worst, where it is none of the known ones.
    not_applicable : sequence of str
        Answers beside `NOT_APPLICABLE` that say nothing about satisfaction. They are on no rung,
        and levels of the scale also where nobody gave them.
    place : Place, optional
        The column, for messages.

    Returns
    -------
    Scale
        Every rung of the ladder, also those nobody chose.

    Raises
    ------
    CodingError
        If no known ladder holds all the answers, `satisfied` is not the top of the ladder, or a
        label of `not_applicable` is on it as stated.

    Examples
    --------
    >>> answers = ["满意", "非常满意", "不满意", "不了解"]
    >>> scale = ladder(answers, satisfied=["非常满意", "满意"], name="a")
    >>> [(level.label, level.score) for level in scale.levels][:3]
    [('非常满意', 5.0), ('满意', 4.0), ('一般', 3.0)]
    >>> scale.find("不了解").valid
    False
    >>> [level.score for level in ladder(["5", "3", "4"], satisfied=["4", "5"], name="b").levels]
    [5.0, 4.0, 3.0, 2.0, 1.0]
    """
    wanted = {_word(label) for label in satisfied}
    stated = {_word(label) for rung in order or () for label in rung.split("/")}
    aside = {_word(label): label.strip() for label in not_applicable if normalise(label)}
    _refuse_both(aside, wanted | stated, place)
    keys_outside = _NOT_APPLICABLE_KEYS - stated | set(aside)
    found = {_word(label): label.strip() for label in labels if normalise(label)}
    outside = aside | {key: label for key, label in found.items() if key in keys_outside}
    inside = {key: label for key, label in found.items() if key not in outside}
    is_digits = bool(inside) and all(key.isdecimal() for key in inside)
    if order is not None:
        candidates = [[label.split("/") for label in order]]
    elif is_digits:
        low, high = _digit_range([int(key) for key in inside], place)
        candidates = [[[str(score)] for score in range(high, low - 1, -1)]]
    else:
        candidates = [[rung.split("/") for rung in entry] for entry in _LADDERS]
    candidates = [_without(rungs, aside) for rungs in candidates]
    fitting = [rungs for rungs in candidates if _fits(rungs, inside)]
    if not fitting:
        raise CodingError(
            zh=f"不认识答案 {_quote(inside.values())} 的等级顺序。"
            "请用 ladder（--ladder）写出由好到差的全部等级；其中与满意与否无关的答案，"
            "如“未参加”，请用 not_applicable（--not-applicable）写明。",
            en=f"The order of the answers {_quote(inside.values())} is not known; state the whole "
            "ladder from best to worst (ladder, --ladder), and answers that say nothing about "
            "satisfaction apart (not_applicable, --not-applicable).",
            place=place,
        )
    rungs = next((rungs for rungs in fitting if _is_top(rungs, wanted)), None)
    if rungs is None:
        raise CodingError(
            zh=f"“满意”的答案 {_quote(satisfied)} 不是等级 {_quote(r[0] for r in fitting[0])} "
            "中最好的一个或几个，请改正 satisfied（--satisfied）。",
            en=f"The satisfied answers {_quote(satisfied)} are not the top of the ladder "
            f"{_quote(r[0] for r in fitting[0])}; correct satisfied (--satisfied).",
            place=place,
        )
    bottom = int(rungs[-1][0]) if is_digits and order is None else 1
    levels = []
    for position, rung in enumerate(rungs):
        keys = [_word(label) for label in rung]
        shown = next((inside[key] for key in keys if key in inside), rung[0])
        n_below = len(rungs) - 1 - position
        levels.append(
            Level(
                label=shown,
                score=float(bottom + n_below),
                satisfied=not wanted.isdisjoint(keys),
                index=100.0 * n_below / (len(rungs) - 1),
                aliases=tuple(label for label in rung if normalise(label) != normalise(shown)),
            )
        )
    levels += [Level(label, None, False, valid=False) for label in outside.values()]
    return Scale(name, tuple(levels))


def _word(label: str) -> str:
    """Reduce a label to its words; a label of digits only keeps them."""
    key = normalise(label)
    return normalise(re.sub(r"^\(?\d+\)?[分.、:-]*|\(?\d+分?\)?$", "", key)) or key


_NOT_APPLICABLE_KEYS = frozenset(normalise(label) for label in NOT_APPLICABLE)


def _refuse_both(aside: Mapping[str, str], rated: set[str], place: Place | None) -> None:
    """Stop where an answer is to be rated and to be left out."""
    both = [label for key, label in aside.items() if key in rated]
    if both:
        raise CodingError(
            zh=f"{_quote(both)} 写作了不适用（--not-applicable），又写作了满意（--satisfied）"
            "或等级（--ladder），只能是其中一种。",
            en=f"{_quote(both)} is stated as not applicable and as satisfied or on the ladder; it "
            "can only be one of these.",
            place=place,
        )


def _without(rungs: Sequence[Sequence[str]], aside: Mapping[str, str]) -> list[list[str]]:
    """Take labels off a ladder, and rungs on which none is left."""
    left = [[label for label in rung if _word(label) not in aside] for rung in rungs]
    return [rung for rung in left if rung]


def _fits(rungs: Sequence[Sequence[str]], inside: Iterable[str]) -> bool:
    """Tell whether every answer lies on a rung of its own."""
    place_of = {_word(label): place for place, rung in enumerate(rungs) for label in rung}
    places = [place_of.get(key) for key in inside]
    return None not in places and len(set(places)) == len(places)


def _is_top(rungs: Sequence[Sequence[str]], wanted: set[str]) -> bool:
    """Tell whether the wanted answers are the best rungs, and not all of them."""
    states = [not wanted.isdisjoint(map(_word, rung)) for rung in rungs]
    return states[0] and not states[-1] and states == sorted(states, reverse=True)


def _quote(labels: Iterable[str]) -> str:
    return "、".join(f"“{label}”" for label in labels)


def _digit_range(scores: list[int], place: Place | None) -> tuple[int, int]:
    low, high = min(scores), max(scores)
    if low >= 1 and high <= 5:
        return 1, 5
    if low >= 1 and high <= 7:
        return 1, 7
    if low >= 0 and high <= 10:
        return min(low, 1) if low else 0, 10
    raise CodingError(
        zh=f"数字答案从 {low} 到 {high}，不像量表。请用 ladder（--ladder）写出由好到差的全部等级。",
        en=f"Digits from {low} to {high} do not look like a scale; state the whole ladder from "
        "best to worst (ladder, --ladder).",
        place=place,
    )
