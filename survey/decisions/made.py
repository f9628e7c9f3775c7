"""What people decided about a survey, and where each decision stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from survey.errors import CodingError, Place

Topic = Literal["survey", "columns", "dimensions", "levels", "branches", "roles", "roster"]
TOPICS: tuple[Topic, ...] = get_args(Topic)

OPEN = "?"
"""Written where a person has still to decide."""


@dataclass(frozen=True)
class Decision:
    """What was decided, as it was written, and where it stands."""

    value: str
    place: Place = field(default_factory=Place, compare=False)


@dataclass(frozen=True)
class Decisions:
    """Everything that people decided about a survey.

    Examples
    --------
    >>> stated = Decisions.of({"columns": {"q07": "提意见有人管"}, "levels": {"基本满意": "aside"}})
    >>> stated.about("columns")
    {'q07': '提意见有人管'}
    >>> (stated | Decisions.of({"columns": {"q07": "8"}})).about("columns")
    {'q07': '8'}
    """

    # by topic and key: a slot of the questionnaire, an answer, the name of a branch as answered, a
    # role as answered, a column of the roster, or a fact of the survey
    made: Mapping[tuple[Topic, str], Decision] = field(default_factory=dict)
    # cells of a sheet to confirm that ask for a decision and were left empty
    empty: Mapping[tuple[Topic, str], Place] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, Mapping[str, str]], place: Place | None = None) -> Decisions:
        """Take decisions by topic and key, as they stand in the file.

        Raises
        ------
        CodingError
            If a topic is none, or a value no text.
        """
        for topic, table in tables.items():
            if topic not in TOPICS or not isinstance(table, Mapping):
                raise CodingError(
                    zh=f"“{topic}”不是可以决定的事项；应有 [columns] 等各节：{'、'.join(TOPICS)}。",
                    en=f"“{topic}” is nothing to decide; there are the tables [columns] and so on: "
                    f"{', '.join(TOPICS)}.",
                    place=place,
                )
            wrong = next((key for key, value in table.items() if not isinstance(value, str)), None)
            if wrong is not None:
                raise CodingError(
                    zh=f'[{topic}] 一节的每一行都应写作 名称 = "文字"，“{wrong}”不是。',
                    en=f'Every line of [{topic}] must be name = "text"; “{wrong}” is not.',
                    place=place,
                )
        return cls(
            {
                (topic, key): Decision(value, place or Place())  # type: ignore[misc]
                for topic, table in tables.items()
                for key, value in table.items()
            }
        )

    def about(self, topic: Topic) -> dict[str, str]:
        """Give what was decided of one topic, by key; what is still open is left out."""
        return {
            key: decision.value
            for (of, key), decision in self.made.items()
            if of == topic and decision.value != OPEN
        }

    def place(self, topic: Topic, key: str) -> Place:
        """Tell where something was decided."""
        return self.made[topic, key].place

    def __or__(self, over: Decisions) -> Decisions:
        """Put other decisions over these."""
        return Decisions({**self.made, **over.made}, {**self.empty, **over.empty})
