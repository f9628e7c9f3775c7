"""The questions of a questionnaire in the order and form in which they are put."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from questionnaires.language import Language, named
from questionnaires.model import Dimension, Item, Questionnaire, Role
from questionnaires.scale import Scale

Kind = Literal["single", "matrix", "open"]

_PLACEHOLDERS: dict[Language, tuple[str, ...]] = {
    "zh": ("（请替换为支部名称一）", "（请替换为支部名称二）"),
    "en": ("(replace with the first branch)", "(replace with the second branch)"),
}


@dataclass(frozen=True)
class Question:
    """One question as it is put; a matrix has an id a row, an open question no options."""

    number: int
    stem: str
    kind: Kind
    options: tuple[str, ...]
    rows: tuple[str, ...]
    ids: tuple[str, ...]


def questions(
    questionnaire: Questionnaire, *, branches: Sequence[str] = (), language: Language = "zh"
) -> tuple[Question, ...]:
    """List what is asked, numbered: branch, role, overall, dimensions, check, free text.

    The overall question comes before the items so that they do not colour it. A dimension is one
    matrix; where its items differ in scale, or a label holds a blank (which separates the labels of
    a pasted matrix), or there are fewer than three labels, its items are single questions.
    Placeholders stand in where no branches are given.

    Examples
    --------
    >>> from questionnaires import load
    >>> asked = questions(load("jiangsu-2014"), branches=["甲支部", "乙支部"])
    >>> [(q.number, q.kind, len(q.ids)) for q in asked][:4]
    [(1, 'single', 1), (2, 'single', 1), (3, 'single', 1), (4, 'matrix', 3)]
    >>> asked[3].stem
    '您对所在党支部（党组织）“班子建设”以下方面的满意程度'
    """
    drafts = _drafts(questionnaire, tuple(branches) or _PLACEHOLDERS[language], language)
    return tuple(Question(number, *draft) for number, draft in enumerate(drafts, start=1))


_Draft = tuple[str, Kind, tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _drafts(
    asked: Questionnaire, branches: tuple[str, ...], language: Language
) -> Iterator[_Draft]:
    yield named(asked.branch, language, "text"), "single", branches, (), (asked.branch.id,)
    if asked.role:
        answers = tuple(answer for role in asked.roles for answer in _answers(role, language))
        yield named(asked.role, language, "text"), "single", answers, (), (asked.role.id,)
    yield _single(asked.overall, language)
    stem = named(asked, language, "matrix_stem")
    for dimension in asked.dimensions:
        if _is_matrix(dimension):
            items = dimension.items
            yield (
                stem.replace("{dimension}", named(dimension, language)),
                "matrix",
                _labels(items[0].scale, language),
                tuple(named(item, language, "text") for item in items),
                tuple(item.id for item in items),
            )
        else:
            yield from (_single(item, language) for item in dimension.items)
    if asked.attention:
        check = asked.attention
        yield (
            named(check, language, "text"),
            "single",
            _labels(check.scale, language),
            (),
            (check.id,),
        )
    if asked.open_question:
        told = asked.open_question
        yield named(told, language, "text"), "open", (), (), (told.id,)


def _is_matrix(dimension: Dimension) -> bool:
    scales = {item.scale for item in dimension.items}
    if len(scales) != 1 or len(dimension.items) < 2:
        return False
    labels = [level.label for level in scales.pop().levels]
    return len(labels) >= 3 and not any(char.isspace() for label in labels for char in label)


def _single(item: Item, language: Language) -> _Draft:
    text = named(item, language, "text")
    return text, "single", _labels(item.scale, language), (), (item.id,)


def _labels(scale: Scale, language: Language) -> tuple[str, ...]:
    return tuple(named(level, language, "label") for level in scale.levels)


def _answers(role: Role, language: Language) -> tuple[str, ...]:
    given = role.answers_en if language == "en" else role.answers
    return given or (named(role, language),)
