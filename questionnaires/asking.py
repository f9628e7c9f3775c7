"""The questions of a questionnaire in the order and form in which they are put."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from questionnaires.language import Language
from questionnaires.model import (
    AttentionCheck,
    ChoiceQuestion,
    Dimension,
    Item,
    OpenQuestion,
    Questionnaire,
    Role,
    Scale,
)

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
    yield _text(asked.branch, language), "single", branches, (), (asked.branch.id,)
    if asked.role:
        answers = tuple(answer for role in asked.roles for answer in _answers(role, language))
        yield _text(asked.role, language), "single", answers, (), (asked.role.id,)
    yield _single(asked.overall, language)
    for dimension in asked.dimensions:
        if _is_matrix(dimension):
            items = dimension.items
            yield (
                _matrix_stem(asked, dimension, language),
                "matrix",
                _labels(items[0].scale, language),
                tuple(_text(item, language) for item in items),
                tuple(item.id for item in items),
            )
        else:
            yield from (_single(item, language) for item in dimension.items)
    if asked.attention:
        check = asked.attention
        yield _text(check, language), "single", _labels(check.scale, language), (), (check.id,)
    if asked.open_question:
        yield _text(asked.open_question, language), "open", (), (), (asked.open_question.id,)


def _matrix_stem(asked: Questionnaire, dimension: Dimension, language: Language) -> str:
    if language == "en":
        return asked.matrix_stem_en.replace("{dimension}", dimension.title_en or dimension.title)
    return asked.matrix_stem.replace("{dimension}", dimension.title)


def _is_matrix(dimension: Dimension) -> bool:
    scales = {item.scale for item in dimension.items}
    if len(scales) != 1 or len(dimension.items) < 2:
        return False
    labels = [level.label for level in scales.pop().levels]
    return len(labels) >= 3 and not any(char.isspace() for label in labels for char in label)


def _single(item: Item, language: Language) -> _Draft:
    return _text(item, language), "single", _labels(item.scale, language), (), (item.id,)


def _labels(scale: Scale, language: Language) -> tuple[str, ...]:
    if language == "en":
        return tuple(level.label_en or level.label for level in scale.levels)
    return tuple(level.label for level in scale.levels)


def _answers(role: Role, language: Language) -> tuple[str, ...]:
    if language == "en":
        return role.answers_en or (role.title_en or role.title,)
    return role.answers or (role.title,)


def _text(asked: Item | ChoiceQuestion | AttentionCheck | OpenQuestion, language: Language) -> str:
    return asked.text_en if language == "en" and asked.text_en else asked.text
