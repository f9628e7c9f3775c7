"""Standards that branches are held against: indicators, and the minimums that documents prove."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from questionnaires import files
from questionnaires.invariants import require, unique
from questionnaires.language import Language, named
from questionnaires.table import Table, keys

Per = Literal["term", "year", "month", "week", "member", "survey"]
"""What a minimum is counted by: a time, a member of the leading body, or the overall question."""


@dataclass(frozen=True)
class Minimum:
    """The least that an indicator asks for, in numbers `per` time or member.

    `per` survey it is a percentage; `unit` is the measure word of `least`.
    """

    number: int
    text: str
    per: Per
    least: float
    unit: str
    text_en: str = ""

    def __post_init__(self) -> None:
        require(
            self.per in get_args(Per),
            "per",
            f"“{self.per}”不在可选值中：{'、'.join(get_args(Per))}。",
            f"{self.per!r} is none of {', '.join(get_args(Per))}.",
        )
        require(
            self.least > 0 and (self.per == "survey" or float(self.least).is_integer()),
            "least",
            "须为大于 0 的整数。",
            "should be a whole number above 0.",
        )

    def required(self, language: Language = "zh") -> str:
        """Say what is required.

        Examples
        --------
        >>> Minimum(4, "每学期组织培训", "term", 1, "次", "Trainings each term").required()
        '每学期组织培训不少于 1 次'
        """
        gap = "" if self.unit == "%" else " "
        text, least = named(self, language, "text"), f"{self.least:g}"
        if language == "zh":
            return f"{text}不少于 {least}{gap}{self.unit}"
        return f"{text}: at least {least}{self.unit if not gap else ''}"


@dataclass(frozen=True)
class Criterion:
    """One numbered indicator as the standard words it, with its dimension's title."""

    number: int
    title: str
    title_en: str
    dimension: str
    dimension_title: str
    dimension_title_en: str
    minimums: tuple[Minimum, ...] = ()


@dataclass(frozen=True)
class Standard:
    """A standard in one version; `name` is what it is loaded by, `criteria` stand in its order."""

    name: str
    id: str
    version: str
    province: str
    title: str
    source: str
    criteria: tuple[Criterion, ...]
    title_en: str = ""

    def __post_init__(self) -> None:
        require(bool(self.criteria), "dimensions", "没有指标。", "there are no indicators.")
        numbers = [str(criterion.number) for criterion in self.criteria]
        unique(numbers, "dimensions", "指标序号", "indicator number")

    @property
    def citation(self) -> str:
        """Its title and its document."""
        return f"《{self.title}》（{self.source}）"

    @property
    def minimums(self) -> tuple[Minimum, ...]:
        """All that it asks for in numbers, in the order of its indicators."""
        return tuple(minimum for criterion in self.criteria for minimum in criterion.minimums)

    @property
    def measured(self) -> tuple[Minimum, ...]:
        """The minimums that the overall question tells."""
        return tuple(m for m in self.minimums if m.per == "survey")

    @property
    def measured_by_overall(self) -> tuple[int, ...]:
        """Numbers of the indicators that the overall question tells."""
        return tuple(m.number for m in self.measured)

    @property
    def to_be_proved(self) -> tuple[Minimum, ...]:
        """The minimums that documents must prove, as no question asks for them."""
        return tuple(m for m in self.minimums if m.per != "survey")


def available() -> tuple[str, ...]:
    """List the standards that are shipped.

    Examples
    --------
    >>> available()
    ('jiangsu-2014',)
    """
    return files.shipped("standards")


def load(name_or_path: str | os.PathLike[str]) -> Standard:
    """Load a shipped standard by name, or a TOML file by path.

    Parameters
    ----------
    name_or_path : str or path
        One of `available`, or the path of a TOML file.

    Returns
    -------
    Standard

    Raises
    ------
    QuestionnaireError
        If there is no such standard, or the file is faulty.

    Examples
    --------
    >>> standard = load("jiangsu-2014")
    >>> standard.version, standard.province, len(standard.criteria)
    ('2014 年试行', '江苏', 18)
    >>> [minimum.number for minimum in standard.to_be_proved], standard.measured_by_overall
    ([1, 2, 3, 4], (18,))
    """
    text, file = files.read(name_or_path, "standards", ("标准", "standard"))
    allowed = keys(Standard, "dimensions", without=("name", "criteria"))
    top = Table(files.values(text, file), allowed, file=file)
    criteria = tuple(_criteria(top))
    return top.made(
        Standard, name=os.fspath(name_or_path), province=top.text("province", ""), criteria=criteria
    )


def beside(name: str, file: str) -> Standard:
    """Load the standard that a questionnaire's file names, a path being seen from that file."""
    return load(name if name in available() else (Path(file).parent / name).resolve())


def _criteria(top: Table) -> Iterator[Criterion]:
    for dimension in top.tables("dimensions", ("id", "title", "title_en", "indicators")):
        for entry in dimension.tables("indicators", ("number", "title", "title_en", "minimums")):
            number = entry.integer("number")
            minimums = entry.tables("minimums", keys(Minimum, without=("number",)))
            yield entry.made(
                Criterion,
                title_en=entry.text("title_en", ""),
                dimension=dimension.text("id"),
                dimension_title=dimension.text("title"),
                dimension_title_en=dimension.text("title_en", ""),
                minimums=tuple(minimum.made(Minimum, number=number) for minimum in minimums),
            )
