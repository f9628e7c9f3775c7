"""A questionnaire as values: what is asked, on which scale, and what counts as satisfied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from questionnaires.invariants import require, unique
from questionnaires.scale import Scale
from questionnaires.standard import Standard
from questionnaires.text import normalise

MATRIX_STEM = "请对“{dimension}”的下列各项作出评价"
MATRIX_STEM_EN = "{dimension}: please rate the following"


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
    """One numbered indicator of a standard, with the items that ask for it.

    A comment that holds one of its `keywords` is counted as one about it.
    """

    number: int
    title: str
    items: tuple[Item, ...]
    title_en: str = ""
    keywords: tuple[str, ...] = ()


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
        require(
            self.scale.find(self.expected) is not None,
            "expected",
            f"“{self.expected}”不是量表 {self.scale.id} 的选项。",
            f"{self.expected!r} is not a level of scale {self.scale.id}.",
        )


@dataclass(frozen=True)
class OpenQuestion:
    """A question answered in the respondent's own words; `aliases` are other wordings of it."""

    id: str
    text: str
    text_en: str = ""
    aliases: tuple[str, ...] = ()


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
    groupings : tuple of ChoiceQuestion
        Further questions that people are grouped by (年级), or headers of the roster (学院).
    attention : AttentionCheck or None
        The attention check.
    open_question : OpenQuestion or None
        The question for free text.
    source : str
        Where what is asked comes from.
    standard : Standard or None
        What branches are held against.
    title_en : str
        The title in English.
    matrix_stem, matrix_stem_en : str
        What stands above the items of a dimension; ``{dimension}`` is replaced by its title.

    Examples
    --------
    >>> import questionnaires
    >>> asked = questionnaires.load("jiangsu-2014")
    >>> len(asked.items) == len(asked.item_ids) == len(asked.item_titles)
    True
    >>> next(iter(asked.dimension_items.items()))
    ('leadership', ('q01', 'q02', 'q03'))
    >>> asked.bar, asked.overall.id
    ('0.9', 'overall')
    >>> scale = asked.overall.scale
    >>> len(scale.satisfied_levels)
    2
    >>> asked.with_scales({"q01": scale}).item("q01").scale is scale
    True
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
    source: str = ""
    standard: Standard | None = None
    title_en: str = ""
    matrix_stem: str = MATRIX_STEM
    matrix_stem_en: str = MATRIX_STEM_EN
    groupings: tuple[ChoiceQuestion, ...] = ()

    def __post_init__(self) -> None:
        try:
            in_range = 0 < Fraction(self.bar) <= 1
        except (ValueError, ZeroDivisionError):
            in_range = False
        require(
            in_range,
            "bar",
            f'达标线 {self.bar!r} 须大于 0、不大于 1，例如 "0.9" 或 "9/10"。',
            f'the bar {self.bar!r} must be above 0 and at most 1, for example "0.9" or "9/10".',
        )
        for key in ("matrix_stem", "matrix_stem_en"):
            require(
                bool(getattr(self, key).strip()),
                key,
                "矩阵题的题干不能为空。",
                "the stem of the matrices must not be blank.",
            )
        asked: list[Item | ChoiceQuestion | AttentionCheck | OpenQuestion] = [
            question
            for question in (
                self.branch,
                self.role,
                *self.groupings,
                self.overall,
                *self.items,
                self.attention,
                self.open_question,
            )
            if question is not None
        ]
        unique([question.id for question in asked], "id", "题目编号", "question id")
        wordings = [
            name
            for question in asked
            for name in (question.text, *getattr(question, "aliases", ()))
        ]
        unique(wordings, "text", "题目文字", "question wording")
        for dimension in self.dimensions:
            require(
                bool(dimension.items),
                "dimensions",
                f"维度“{dimension.title}”没有题目。",
                f"dimension {dimension.id!r} has no items.",
            )
        unique([d.id for d in self.dimensions], "dimensions", "维度编号", "dimension id")
        numbers = [i.number for d in self.dimensions for i in d.indicators]
        unique([str(number) for number in numbers], "dimensions", "指标序号", "indicator number")
        unique([role.id for role in self.roles], "roles", "身份编号", "role id")
        unique([name for r in self.roles for name in _names(r)], "roles", "身份选项", "role answer")

    def __repr__(self) -> str:
        return (
            f"<Questionnaire {self.id}: {len(self.dimensions)} dimensions, "
            f"{len(self.items)} items, bar {self.bar}>"
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

    @property
    def measured_by_overall(self) -> tuple[int, ...]:
        """Numbers of the indicators that the overall question tells."""
        return self.standard.measured_by_overall if self.standard else ()

    @property
    def item_titles(self) -> dict[str, tuple[str, str]]:
        """What every item is called, in Chinese and in English.

        An item is called by its indicator's title where that has no other item and no other
        measure; else by its own words.
        """
        return {
            item.id: (indicator.title, indicator.title_en or item.text_en or indicator.title)
            if len(indicator.items) == 1 and indicator.number not in self.measured_by_overall
            else (item.text, item.text_en or item.text)
            for dimension in self.dimensions
            for indicator in dimension.indicators
            for item in indicator.items
        }

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

    def with_scales(self, scales: Mapping[str, Scale]) -> Questionnaire:
        """Put other scales under some items, by their ids; everything else stays."""

        def put(item: Item) -> Item:
            return replace(item, scale=scales.get(item.id, item.scale))

        dimensions = (
            replace(
                d,
                indicators=tuple(replace(i, items=tuple(map(put, i.items))) for i in d.indicators),
            )
            for d in self.dimensions
        )
        return replace(self, overall=put(self.overall), dimensions=tuple(dimensions))

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


def _names(role: Role) -> tuple[str, ...]:
    """All names of a role, each once: the title is often one of the answers."""
    names = (*role.answers, role.title, *role.aliases, *role.answers_en, role.title_en)
    return tuple(dict.fromkeys(name for name in names if name))
