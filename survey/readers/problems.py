"""What a reader noticed and a person should know: the same two languages and place as an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from survey.errors import Language, Place

Severity = Literal["notice", "warning"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One observation that does not stop the reading.

    Examples
    --------
    >>> Problem(zh="整行空白，已略去。", en="Blank row left out.", place=Place(row=3)).text("en")
    'row 3: Blank row left out.'
    """

    # what was seen and what was done about it, in each language
    zh: str
    en: str
    place: Place  # where it is
    # a warning may change numbers; a notice only explains what was understood
    severity: Severity = "notice"

    def text(self, language: Language = "zh") -> str:
        """Give place and message in one language.

        For example ``文件 a.xlsx，第 3 行：整行空白，已略去。``.
        """
        message = self.zh if language == "zh" else self.en
        where = self.place.text(language)
        separator = "：" if language == "zh" else ": "
        return f"{where}{separator}{message}" if where else message


def abridged(problems: Iterable[Problem], file: str, most: int = 50) -> tuple[Problem, ...]:
    """Keep the first problems of a kind that may occur in every row, and count the rest.

    Examples
    --------
    >>> one = Problem(zh="空白。", en="Blank.", place=Place(row=1), severity="warning")
    >>> [problem.en for problem in abridged([one] * 3, "a.csv", most=2)]
    ['Blank.', 'Blank.', '1 more of the same kind.']
    """
    stream = iter(problems)
    first = tuple(islice(stream, most))
    n_more = sum(1 for _ in stream)
    if not n_more:
        return first
    rest = Problem(
        zh=f"同类问题另有 {n_more:,} 处，未逐一列出。",
        en=f"{n_more:,} more of the same kind.",
        place=Place(file=file),
        severity=first[0].severity,
    )
    return (*first, rest)
