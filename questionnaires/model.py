"""A questionnaire as values: what is asked, on which scale, and what counts as satisfied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from questionnaires.errors import QuestionnaireError
from questionnaires.text import normalise

# "5 非常满意", "A.满意", "满意(4分)": some owners write the code into the label.
_CODE = re.compile(r"^(\(?\d+\)?分?|[a-z](?=[.、:,]))[.、:,-]*(?=\D)|(?<=\D)\(?\d+分?\)?$")


@dataclass(frozen=True)
class Level:
    """One answer of a scale.

    Parameters
    ----------
    label : str
        As printed on the questionnaire.
    score : float or None
        Place on the ladder, more is better; None for answers outside it such as 不了解.
    satisfied : bool
        Whether the answer counts as satisfied.
    valid : bool
        False for an answer that leaves the base of a rate (不了解, 不适用).
    index : float, optional
        Points of the satisfaction index, 0–100.
    aliases : tuple of str
        Other labels with the same meaning on this ladder.
    label_en : str
        The label in English.
    """

    label: str
    score: float | None
    satisfied: bool
    valid: bool = True
    index: float | None = None
    aliases: tuple[str, ...] = ()
    label_en: str = ""

    def __post_init__(self) -> None:
        _require(bool(normalise(self.label)), "label", "不能为空。", "must not be empty.")
        _require(
            self.valid == (self.score is not None),
            "score",
            f"选项“{self.label}”：有效选项（valid = true）必须有分值，无效选项不得有分值。",
            f"level {self.label!r}: a valid level needs a score, an invalid one has none.",
        )
        _require(
            self.valid or not self.satisfied,
            "satisfied",
            f"选项“{self.label}”不计入有效回答，不能算作满意。",
            f"level {self.label!r} is not valid and so cannot count as satisfied.",
        )
        _require(
            self.index is None or (self.valid and 0 <= self.index <= 100),
            "index",
            f"选项“{self.label}”的指数须在 0 至 100 之间，且只用于有效选项。",
            f"level {self.label!r}: the index lies between 0 and 100 and belongs to valid levels.",
        )


@dataclass(frozen=True)
class Scale:
    """A ladder of answers.

    Parameters
    ----------
    id : str
        Name by which items refer to the scale.
    levels : tuple of Level
        In the order in which they are printed.

    Examples
    --------
    >>> scale = Scale("three", (Level("好", 3, True), Level("一般", 2, False),
    ...     Level("差", 1, False), Level("不了解", None, False, valid=False)))
    >>> scale.target, scale.satisfied_scores, len(scale.valid_levels)
    (3.0, (3.0,), 3)
    >>> scale.find(" “好” ").label, scale.find("很好")
    ('好', None)
    """

    id: str
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        names = [name for level in self.levels for name in (level.label, *level.aliases)]
        _unique(names, "levels", "选项或别名", "label or alias")
        scores = [level.score for level in self.valid_levels]
        _require(
            len(scores) >= 2,
            "levels",
            "至少需要两个有效选项。",
            "at least two valid levels are needed.",
        )
        _require(
            len(set(scores)) == len(scores),
            "levels",
            "两个有效选项的分值相同。",
            "two valid levels have the same score.",
        )
        satisfied = [level.satisfied for level in self._ranked]
        _require(
            satisfied[0] and not satisfied[-1] and satisfied == sorted(satisfied, reverse=True),
            "levels",
            "算作满意的选项必须是分值最高的一个或几个，且不能是全部。",
            "the satisfied levels must be the ones with the highest scores, and not all of them.",
        )

    @property
    def valid_levels(self) -> tuple[Level, ...]:
        """The levels that count in the base of a rate, in printed order."""
        return tuple(level for level in self.levels if level.valid)

    @property
    def satisfied_levels(self) -> tuple[Level, ...]:
        """The levels that count as satisfied, in printed order."""
        return tuple(level for level in self.levels if level.satisfied)

    @property
    def satisfied_scores(self) -> tuple[float, ...]:
        """The scores of the satisfied levels, in printed order."""
        return tuple(_score(level) for level in self.satisfied_levels)

    @property
    def target(self) -> float:
        """The least score that counts as satisfied."""
        return min(self.satisfied_scores)

    @property
    def _ranked(self) -> list[Level]:
        return sorted(self.valid_levels, key=_score, reverse=True)

    @cached_property
    def _by_name(self) -> dict[str, Level]:
        return {
            normalise(name): level
            for level in self.levels
            for name in (level.label, *level.aliases)
        }

    def find(self, label: str) -> Level | None:
        """Find the level of a label as it stands in a file.

        Labels and aliases are compared by `questionnaires.text.normalise`. Where that finds
        nothing, a code written into the label is left out: words decide, not digits.

        Parameters
        ----------
        label : str
            For example ``"非常满意"``, ``"很满意 "``, ``"5 非常满意"``, ``"满意（4分）"``.

        Returns
        -------
        Level or None
            None when the label is unknown.
        """
        key = normalise(label)
        return self._by_name.get(key) or self._by_name.get(normalise(_CODE.sub("", key)))

    def clashes(self, labels: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Find different labels that would fall on one level.

        Answers of one question that hold two names of one level (满意 and 比较满意, say) come from
        another ladder than this one: counting them together would be a guess.

        Parameters
        ----------
        labels : iterable of str
            The distinct answers to one question.

        Returns
        -------
        tuple of tuple of str
            One group of labels for every level that has several; empty when all is well.

        Examples
        --------
        >>> scale = Scale("two", (Level("满意", 2, True, aliases=("比较满意",)),
        ...     Level("不满意", 1, False)))
        >>> scale.clashes(["满意", "满意 ", "不满意"])
        ()
        >>> scale.clashes(["满意", "比较满意", "不满意"])
        (('满意', '比较满意'),)
        """
        groups: dict[str, dict[str, str]] = {}
        for label in labels:
            if level := self.find(label):
                groups.setdefault(level.label, {}).setdefault(normalise(label), label)
        return tuple(tuple(group.values()) for group in groups.values() if len(group) > 1)

    def definition(self, language: Literal["zh", "en"] = "zh") -> str:
        """Say in one sentence what the satisfaction rate counts.

        Examples
        --------
        >>> scale = Scale("three", (Level("好", 3, True, label_en="good"), Level("一般", 2, False),
        ...     Level("差", 1, False), Level("不了解", None, False, False, label_en="unknown")))
        >>> scale.definition()
        '满意率＝选择“好”的人数÷有效回答人数；“不了解”不计入有效回答。'
        >>> scale.definition("en")
        'Satisfaction rate = answers “good” ÷ valid answers; “unknown” is not a valid answer.'
        """
        chinese = language == "zh"

        def names(levels: Iterable[Level]) -> str:
            shown = [level.label if chinese else level.label_en or level.label for level in levels]
            return ("" if chinese else ", ").join(f"“{label}”" for label in shown)

        satisfied = names(self.satisfied_levels)
        invalid = names(level for level in self.levels if not level.valid)
        if chinese:
            tail = f"；{invalid}不计入有效回答" if invalid else ""
            return f"满意率＝选择{satisfied}的人数÷有效回答人数{tail}。"
        tail = f"; {invalid} is not a valid answer" if invalid else ""
        return f"Satisfaction rate = answers {satisfied} ÷ valid answers{tail}."


@dataclass(frozen=True)
class Item:
    """One rated statement or question; `aliases` are other wordings of its stem."""

    id: str
    text: str
    scale: Scale
    text_en: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """One numbered indicator of a standard, with the items that ask for it."""

    number: int
    title: str
    items: tuple[Item, ...]
    title_en: str = ""


@dataclass(frozen=True)
class Dimension:
    """A group of indicators; dissatisfaction is broken down by dimension."""

    id: str
    title: str
    indicators: tuple[Indicator, ...]
    title_en: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """The dimension's items in the order of the indicators."""
        return tuple(item for indicator in self.indicators for item in indicator.items)


@dataclass(frozen=True)
class Role:
    """A population that the standard counts separately.

    Parameters
    ----------
    id, title : str
        For example ``members`` and 党员.
    answers : tuple of str
        Options of the role question that belong to it.
    title_en : str
        The title in English.
    aliases : tuple of str
        Other names in rosters and exports; never printed as options.
    answers_en : tuple of str
        The options in English.
    """

    id: str
    title: str
    answers: tuple[str, ...]
    title_en: str = ""
    aliases: tuple[str, ...] = ()
    answers_en: tuple[str, ...] = ()


@dataclass(frozen=True)
class ChoiceQuestion:
    """A question about the respondent: the branch or the role."""

    id: str
    text: str
    aliases: tuple[str, ...] = ()
    text_en: str = ""


@dataclass(frozen=True)
class AttentionCheck:
    """A question with one right answer, the level `expected` of its scale."""

    id: str
    text: str
    expected: str
    scale: Scale
    text_en: str = ""

    def __post_init__(self) -> None:
        _require(
            self.scale.find(self.expected) is not None,
            "expected",
            f"“{self.expected}”不是量表 {self.scale.id} 的选项。",
            f"{self.expected!r} is not a level of scale {self.scale.id}.",
        )


@dataclass(frozen=True)
class OpenQuestion:
    """A question answered in the respondent's own words."""

    id: str
    text: str
    text_en: str = ""


@dataclass(frozen=True)
class DocumentaryMinimum:
    """A requirement checked from documents, which no respondent can answer."""

    indicator: int
    text: str
    minimum: float
    unit: str
    text_en: str = ""


@dataclass(frozen=True)
class Questionnaire:
    """All that is asked, and the bar that the overall satisfaction is judged by.

    Parameters
    ----------
    id, title : str
        Short name and full title.
    dimensions : tuple of Dimension
        May be empty: a short form asks the overall question only.
    overall : Item
        The question that the bar is judged on; its id is ``overall``.
    bar : str
        The share to be reached as written, so that it is exact: ``"0.9"`` or ``"9/10"``.
    branch : ChoiceQuestion
        The question for the branch.
    role : ChoiceQuestion or None
        The question for the role.
    roles : tuple of Role
        The populations counted separately.
    attention : AttentionCheck or None
        The attention check.
    open_question : OpenQuestion or None
        The question for free text.
    documentary : tuple of DocumentaryMinimum
        Requirements checked from documents.
    source : str
        Where the standard comes from.
    title_en : str
        The title in English.
    """

    id: str
    title: str
    dimensions: tuple[Dimension, ...]
    overall: Item
    bar: str
    branch: ChoiceQuestion
    role: ChoiceQuestion | None
    roles: tuple[Role, ...]
    attention: AttentionCheck | None
    open_question: OpenQuestion | None
    documentary: tuple[DocumentaryMinimum, ...]
    source: str
    title_en: str = ""

    def __post_init__(self) -> None:
        try:
            in_range = 0 < Fraction(self.bar) <= 1
        except (ValueError, ZeroDivisionError):
            in_range = False
        _require(
            in_range,
            "bar",
            f'达标线 {self.bar!r} 须大于 0、不大于 1，例如 "0.9" 或 "9/10"。',
            f'the bar {self.bar!r} must be above 0 and at most 1, for example "0.9" or "9/10".',
        )
        asked: list[Item | ChoiceQuestion | AttentionCheck | OpenQuestion] = [
            question
            for question in (
                self.branch,
                self.role,
                self.overall,
                *self.items,
                self.attention,
                self.open_question,
            )
            if question is not None
        ]
        _unique([question.id for question in asked], "id", "题目编号", "question id")
        wordings = [
            name
            for question in asked
            for name in (question.text, *getattr(question, "aliases", ()))
        ]
        _unique(wordings, "text", "题目文字", "question wording")
        for dimension in self.dimensions:
            _require(
                bool(dimension.items),
                "dimensions",
                f"维度“{dimension.title}”没有题目。",
                f"dimension {dimension.id!r} has no items.",
            )
        _unique([d.id for d in self.dimensions], "dimensions", "维度编号", "dimension id")
        numbers = [i.number for d in self.dimensions for i in d.indicators]
        _unique([str(number) for number in numbers], "dimensions", "指标序号", "indicator number")
        _unique([role.id for role in self.roles], "roles", "身份编号", "role id")
        _unique(
            [name for r in self.roles for name in _names(r)], "roles", "身份选项", "role answer"
        )
        for minimum in self.documentary:
            _require(
                not numbers or minimum.indicator in numbers,
                "documentary",
                f"没有第 {minimum.indicator} 项指标。",
                f"there is no indicator {minimum.indicator}.",
            )

    @property
    def items(self) -> tuple[Item, ...]:
        """All items of the dimensions in order, without the overall one."""
        return tuple(item for dimension in self.dimensions for item in dimension.items)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """The ids of `items`."""
        return tuple(item.id for item in self.items)

    @property
    def dimension_items(self) -> dict[str, tuple[str, ...]]:
        """The item ids of every dimension."""
        return {d.id: tuple(item.id for item in d.items) for d in self.dimensions}

    def item(self, id: str) -> Item:
        """Give the item with this id; ``overall`` gives the overall question.

        Raises
        ------
        KeyError
            If there is none.
        """
        for item in (self.overall, *self.items):
            if item.id == id:
                return item
        raise KeyError(id)

    @cached_property
    def _role_by_name(self) -> dict[str, str]:
        return {normalise(name): role.id for role in self.roles for name in _names(role)}

    def role_of(self, answer: str) -> str | None:
        """Find the role that an answer or a roster's 身份 belongs to.

        Parameters
        ----------
        answer : str
            Compared by `questionnaires.text.normalise` with answers, titles and aliases.

        Returns
        -------
        str or None
            The role's id, None when the answer belongs to no role.
        """
        return self._role_by_name.get(normalise(answer))


def _score(level: Level) -> float:
    if level.score is None:
        raise ValueError(f"level {level.label!r} has no score")
    return float(level.score)


def _names(role: Role) -> tuple[str, ...]:
    """All names of a role, each once: the title is often one of the answers."""
    names = (*role.answers, role.title, *role.aliases, *role.answers_en, role.title_en)
    return tuple(dict.fromkeys(name for name in names if name))


def _require(condition: bool, key: str, zh: str, en: str) -> None:
    if not condition:
        raise QuestionnaireError(zh, en, key=key)


def _unique(names: Sequence[str], key: str, zh: str, en: str) -> None:
    seen: set[str] = set()
    for name in names:
        _require(
            normalise(name) not in seen,
            key,
            f"{zh}“{name}”出现了两次。",
            f"{en} {name!r} occurs twice.",
        )
        seen.add(normalise(name))
