"""The points of a survey that can be decided: what each is taken for, why, what else it may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey.decisions import OPEN, Topic
from survey.forms import Text

HOW: Mapping[str, Text] = {
    "wording": Text("题目文字相同", "same wording"),
    "core": Text("去掉套话后相同", "same wording without its shell"),
    "mapping": Text("已确认", "confirmed"),
    "named": Text("用户指明", "named"),
}
LEVELS: Mapping[str, Text] = {
    "satisfied": Text("满意", "satisfied"),
    "unsatisfied": Text("不满意", "not satisfied"),
    "aside": Text("不计入", "not counted"),
}
NOT_ASKED = Text("没有问", "not asked")
LEFT_OUT = Text("不计这些答卷", "leave these answers out")
NO_COLUMN = Text("没有这一列", "no such column")
NO_ROLE = Text("哪类都不算", "none of them")


@dataclass(frozen=True)
class Choice:
    """One thing that a point may be: its value, and what a person chooses."""

    value: str
    label: Text


@dataclass(frozen=True)
class Point:
    """One thing to know about a survey."""

    # what it is, as in `Decisions`
    topic: Topic
    key: str
    shown: Text  # what a person sees of it
    value: str | None  # what it is taken for; None where a person has to decide
    why: Text  # how that is known, or why it is asked: one sentence
    choices: tuple[Choice, ...] = ()  # what it may be, the likeliest first
    is_stated: bool = False  # whether a person decided it, or has to
    stops: bool = True  # whether nothing is read before it is decided
    is_free: bool = False  # whether another value than the choices may be written

    def label(self, value: str) -> Text:
        """Give what a person sees of a value."""
        return next((c.label for c in self.choices if c.value == value), Text(value, value))


def written(
    points: Iterable[Point],
) -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], str]]:
    """Give what stands in survey-report.toml of points that need a person or were decided.

    Returns
    -------
    tables, notes
        As for `survey.decisions.dump`; all columns are in it, sure ones too.
    """
    tables: dict[str, dict[str, str]] = {}
    notes: dict[tuple[str, str], str] = {}
    for point in points:
        if point.topic == "columns" or point.is_stated:
            near = "、".join(choice.value for choice in point.choices[:3] if choice.value)
            hint = f"请填写 / fill in: {near}" if point.value is None else ""
            value = OPEN if point.value is None else point.value
            tables.setdefault(point.topic, {})[point.key] = value
            told = (point.shown.zh, point.why.zh, hint)
            notes[point.topic, point.key] = " ".join(part for part in told if part)
    return tables, notes
