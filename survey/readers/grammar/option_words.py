"""Words that options have and people rarely type: rungs of ladders, yes and no, sexes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from questionnaires.text import normalise
from questionnaires.words import words
from survey.readers.wording import is_whole, key

Wording = Literal["ladder", "fact", ""]

# A column says how its answers are worded only with this many of them.
_ENOUGH = 10
_MANY = 100
_DIGITS = re.compile(r"\d+")
_THING = (
    "满意|同意|赞同|赞成|符合|认同|认可|重要|支持|了解|清楚|熟悉|关注|关心|愿意|方便|公正|公平|及时|"
    "有效|合理|积极|正向|负面|信任|必要|便"
)
_DEGREE = "非常|很|十分|特别|极其|极|完全|比较|较|不太|太|较不|基本|大体|有点|有些|一般"
_POSITIVE = re.compile(rf"(?:{_DEGREE})?(?:{_THING})")
_LOWER = re.compile(
    rf"(?:{_DEGREE})?(?:不|没有)(?:太|很|大)?(?:{_THING})|(?:基本|一般|不太)(?:{_THING})"
)
_MIDDLE = frozenset({"一般", "中立", "不确定", "反对", "neutral", "undecided"})
_ENGLISH = re.compile(
    r"(?P<degree>very|extremely|somewhat|strongly|fairly|rather)?(?P<not>dis|un)?(?:satisfied|agree)"
)


def wording(valid: Mapping[str, int]) -> Wording:
    """Tell whether a column holds nothing but words that options have.

    ``ladder``: rungs of one thing rated, not all of them praise; ``fact``: yes and no, sexes, and
    the like; ``""``: anything else, or fewer than ten answers.

    Notes
    -----
    Praise alone may have been typed («非常满意», «满意»); who types does not keep to the lower
    rungs word by word. One answer beside the words is enough to say nothing.

    Examples
    --------
    >>> wording({"非常满意": 9, "一般": 2}), wording({"男": 5, "女": 6}), wording({"满意": 40})
    ('ladder', 'fact', '')
    """
    # Far more texts than any ladder has rungs, however they are written, were typed.
    if sum(valid.values()) < _ENOUGH or len(valid) > _MANY:
        return ""
    labels = {key(text) for text in valid}
    if len(labels) < 2 or any(map(is_whole, labels)):
        return ""
    if any(labels <= known for known in words().facts):
        return "fact"
    rungs = labels - words().outside
    lower = {label for label in rungs if _is_lower(label)}
    upper = {label for label in rungs - lower if _is_upper(label)}
    return "ladder" if lower and upper and rungs == lower | upper else ""


def on_one_scale(columns: Sequence[Iterable[str]]) -> bool:
    """Tell whether columns answer on one scale, of which each may lack levels.

    True where a ladder that is known, or one of the columns, has the answers of all.

    Examples
    --------
    >>> on_one_scale([["满意", "一般"], ["非常满意", "不满意"]])
    True
    >>> on_one_scale([["满意", "不满意"], ["同意", "不同意"]])
    False
    """
    labels = [{key(text) for text in column} - words().outside for column in columns]
    every = {label for column in labels for label in column}
    known = ({normalise(label) for rung in rungs for label in rung} for rungs in words().ladders)
    return every in labels or any(every <= ladder for ladder in known)


def differ_in_kind(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether two columns answer on different things, whatever their headings say.

    False where they share a label, or rungs stand in either and nothing but unknown words in the
    other: few people need not meet on a rung.

    Examples
    --------
    >>> differ_in_kind(["第一党支部"], ["教工党员"]), differ_in_kind(["满意"], ["一般"])
    (True, False)
    >>> differ_in_kind(["男", "女"], ["一般"]), differ_in_kind(["是"], ["否"])
    (True, False)
    """
    left, right = {key(text) for text in one}, {key(text) for text in other}
    shapes = [{_DIGITS.sub("#", label) for label in labels} for labels in (left, right)]
    if not left or not right or shapes[0] & shapes[1]:
        return False
    if any(left | right <= known for known in words().facts):
        return False
    rungs = [any(map(_is_rung, labels)) for labels in (left, right)]
    facts = [any(labels <= known for known in words().facts) for labels in (left, right)]
    if any(rungs):
        return not all(rungs) and any(facts)
    return True


def _is_rung(label: str) -> bool:
    return label in words().outside or _is_lower(label) or _is_upper(label)


def _is_lower(label: str) -> bool:
    english = _ENGLISH.fullmatch(label)
    return label in _MIDDLE or bool(_LOWER.fullmatch(label)) or bool(english and english["not"])


def _is_upper(label: str) -> bool:
    return bool(_POSITIVE.fullmatch(label) or _ENGLISH.fullmatch(label))
