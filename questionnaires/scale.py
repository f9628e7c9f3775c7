"""A ladder of answers, and what counts as satisfied on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from questionnaires.invariants import require, unique
from questionnaires.language import Language, named
from questionnaires.text import normalise, without_code
from questionnaires.words import words


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
    satisfied: bool = False
    valid: bool = True
    index: float | None = None
    aliases: tuple[str, ...] = ()
    label_en: str = ""

    def __post_init__(self) -> None:
        require(bool(normalise(self.label)), "label", "不能为空。", "must not be empty.")
        require(
            self.valid == (self.score is not None),
            "score",
            f"选项“{self.label}”：有效选项（valid = true）必须有分值，无效选项不得有分值。",
            f"level {self.label!r}: a valid level needs a score, an invalid one has none.",
        )
        require(
            self.valid or not self.satisfied,
            "satisfied",
            f"选项“{self.label}”不计入有效回答，不能算作满意。",
            f"level {self.label!r} is not valid and so cannot count as satisfied.",
        )
        require(
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
        unique(names, "levels", "选项或别名", "label or alias")
        scores = [level.score for level in self.valid_levels]
        require(
            len(scores) >= 2,
            "levels",
            "至少需要两个有效选项。",
            "at least two valid levels are needed.",
        )
        require(
            len(set(scores)) == len(scores),
            "levels",
            "两个有效选项的分值相同。",
            "two valid levels have the same score.",
        )
        satisfied = [level.satisfied for level in self._ranked]
        require(
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
        nothing, a code written into the label is left out: words decide, not digits. Words such as
        不了解 and 说不清 (`words().outside`) are outside every scale that does not name them.

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
        word = without_code(key)
        known = self._by_name.get(key) or self._by_name.get(word)
        if known is None and word in words().outside:
            return Level(word, None, satisfied=False, valid=False)
        return known

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
            if (level := self.find(label)) and level.valid:
                groups.setdefault(level.label, {}).setdefault(normalise(label), label)
        return tuple(tuple(group.values()) for group in groups.values() if len(group) > 1)

    def definition(self, language: Language = "zh") -> str:
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
            shown = (f"“{named(level, language, 'label')}”" for level in levels)
            return ("" if chinese else ", ").join(shown)

        satisfied = names(self.satisfied_levels)
        invalid = names(level for level in self.levels if not level.valid)
        if chinese:
            tail = f"；{invalid}不计入有效回答" if invalid else ""
            return f"满意率＝选择{satisfied}的人数÷有效回答人数{tail}。"
        tail = f"; {invalid} is not a valid answer" if invalid else ""
        return f"Satisfaction rate = answers {satisfied} ÷ valid answers{tail}."


def _score(level: Level) -> float:
    if level.score is None:
        raise ValueError(f"level {level.label!r} has no score")
    return float(level.score)
