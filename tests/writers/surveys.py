"""A made-up survey with its true answers, and hypothesis strategies that make one up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from hypothesis import strategies as st

Kind = Literal["single", "scale", "nps", "multi", "matrix", "ranking", "text"]
# The two ways of not answering; everything else is an answer.
SKIPPED, BLANK = "skipped", "blank"


@dataclass(frozen=True)
class Asked:
    """A question as it was really asked."""

    number: int
    stem: str
    kind: Kind
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """One respondent: metadata and one answer a question.

    An answer is SKIPPED, BLANK, an option's position (single), a tuple of (position, typed text)
    with one entry (single) or several (multi), a tuple of positions (matrix rows, ranking), or a
    text.
    """

    answers: tuple[object, ...]
    seconds: int = 60
    minute: int = 0


@dataclass(frozen=True)
class MadeUp:
    """A survey and everybody's answers."""

    questions: tuple[Asked, ...]
    people: tuple[Person, ...] = field(default_factory=tuple)

    def expected(self, question: int, *, numbered: bool = False) -> list[object]:
        """True answers in the form the reader gives: None where there is no valid answer."""
        asked = self.questions[question]
        return [_shown(asked, p.answers[question], numbered=numbered) for p in self.people]

    def statuses(self, question: int) -> list[str]:
        """True status of everybody's answer."""
        names = {SKIPPED: "not_asked", BLANK: "missing"}
        return [names.get(str(p.answers[question]), "valid") for p in self.people]


def _shown(asked: Asked, answer: object, *, numbered: bool) -> object:
    if answer in (SKIPPED, BLANK):
        return None
    labels = [str(i + 1) for i in range(len(asked.options))] if numbered else [*asked.options]
    match asked.kind:
        case "single" | "nps" | "scale":
            position = answer[0][0]  # type: ignore[index]
            return asked.options[position] if asked.kind == "scale" else labels[position]
        case "multi":
            return {asked.options[position] for position, _ in answer}  # type: ignore[union-attr]
        case "matrix":
            return tuple(labels[position] for position in answer)  # type: ignore[union-attr]
        case "ranking":
            return {asked.options[p]: r for r, p in enumerate(answer, 1)}  # type: ignore[arg-type]
    return answer


LADDERS = (
    ("非常满意", "满意", "一般", "不满意", "非常不满意"),
    ("赞成", "一般", "不赞成"),
    ("非常不便", "不便", "无所谓", "没有更好"),
    ("完全同意", "同意", "不同意", "不了解"),
    ("1分", "2分", "3分", "4分", "5分"),
)
# Signs seen inside real labels, none of which separates anything.
_LABEL = st.text(alphabet="甲乙丙丁戊己庚辛Aa：，/（）【】、-·~", min_size=1, max_size=6)
_STEM = st.text(alphabet="您对本支部的满意度如何工作服务（）：、 ", min_size=2, max_size=14)
_TYPED = st.sampled_from(["", "", "", "自习室", "甲┋乙", "a〖b", "（空）的", "3", "x→y"])
_WORDS = st.text(alphabet="希望改进活动更多一些天地玄黄", min_size=3, max_size=20)


def _plain(label: str) -> bool:
    bare = label.strip(" ：，、。/·~-（）()【】")
    return bool(bare) and label == label.strip() and "  " not in label


def _labels(size: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(
        _LABEL.filter(_plain), min_size=size, max_size=6, unique_by=lambda x: x.casefold()
    ).map(tuple)


@st.composite
def questions(draw: st.DrawFn, number: int, kinds: tuple[Kind, ...]) -> Asked:
    """Make up one question."""
    kind = draw(st.sampled_from(kinds))
    stem = draw(_STEM.map(str.strip).filter(_plain)) + f"其{number}"
    if draw(st.integers(0, 9)) == 0 and kind != "matrix":
        stem = "关于服务—" + stem
    match kind:
        case "single":
            return Asked(number, stem, kind, draw(st.one_of(st.sampled_from(LADDERS), _labels(2))))
        case "nps":
            return Asked(number, stem, kind, tuple(f"{i}分" for i in range(11)))
        case "scale":
            return Asked(number, stem, kind, tuple(str(i) for i in range(1, 6)))
        case "multi" | "ranking":
            return Asked(number, stem, kind, draw(_labels(2)))
        case "matrix":
            options = draw(st.sampled_from(LADDERS))
            rows = tuple(f"第{label}项" for label in draw(_labels(2)))
            return Asked(number, stem, kind, options, rows)
        case _:
            return Asked(number, stem, "text")


def _answer(asked: Asked) -> st.SearchStrategy[object]:
    positions = st.integers(0, max(len(asked.options) - 1, 0))
    match asked.kind:
        case "single":
            typed = st.tuples(positions, _TYPED).map(lambda x: (x,))
            return st.one_of(positions.map(lambda p: ((p, ""),)), typed)
        case "nps" | "scale":
            return positions.map(lambda p: ((p, ""),))
        case "multi":
            return st.lists(positions, min_size=1, unique=True).flatmap(
                lambda chosen: st.tuples(*(st.tuples(st.just(p), _TYPED) for p in sorted(chosen)))
            )
        case "matrix":
            return st.tuples(*(positions for _ in asked.rows))
        case "ranking":
            return st.lists(positions, min_size=1, unique=True).map(tuple)
        case _:
            return _WORDS


ALL_KINDS: tuple[Kind, ...] = ("single", "scale", "nps", "multi", "matrix", "ranking", "text")


@st.composite
def surveys(draw: st.DrawFn, kinds: tuple[Kind, ...] = ALL_KINDS, max_people: int = 12) -> MadeUp:
    """Make up a survey with answers; numbers have gaps but rise."""
    numbers = sorted(draw(st.sets(st.integers(1, 40), min_size=1, max_size=7)))
    asked = tuple(draw(questions(number, kinds)) for number in numbers)
    people = []
    for minute in range(draw(st.integers(1, max_people))):
        answers = tuple(
            draw(st.one_of(_answer(q), _answer(q), _answer(q), st.sampled_from([SKIPPED, BLANK])))
            for q in asked
        )
        people.append(Person(answers, draw(st.integers(1, 4000)), minute))
    return MadeUp(asked, tuple(people))
