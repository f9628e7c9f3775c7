"""The times that a minimum is counted by: terms, school years, months, weeks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from questionnaires.language import say
from questionnaires.standard import Per
from survey.errors import Language

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONGER = {"week": 7, "month": 32, "term": 200, "year": 380}
"""Days after the beginning of a time that surely lie in the next one."""


@dataclass(frozen=True, order=True)
class Period:
    """One time, first and last day included."""

    first: date
    last: date
    per: Per

    @property
    def school_year(self) -> int:
        """The calendar year in which its school year begins."""
        return self.first.year - (self.first.month < 8)

    def name(self, language: Language = "zh", *, alone: bool = False) -> str:
        """Name it as schools do; without its school year where it is seen `alone`.

        Examples
        --------
        >>> autumn, spring = between("term", date(2025, 9, 1), date(2026, 6, 30))
        >>> autumn.name(), spring.name("en")
        ('2025—2026 学年第一学期', 'second term 2025–26')
        """
        year, after = self.school_year, self.school_year + 1
        if self.per == "term":
            is_first = self.first.month == 8
            zh, en = ("第一学期", "first term") if is_first else ("第二学期", "second term")
            if alone:
                return say(language, zh, en)
            return say(language, f"{year}—{after} 学年{zh}", f"{en} {year}–{after % 100:02d}")
        if self.per == "year":
            return say(language, f"{year}—{after} 学年", f"school year {year}–{after % 100:02d}")
        if self.per == "month":
            return say(
                language, f"{self.first.year} 年 {self.first.month} 月", f"{self.first:%Y-%m}"
            )
        return say(language, f"{self.first} 起的一周", f"week from {self.first}")

    def label(self, language: Language = "zh") -> str:
        """Name it with its days; `parse` reads them back."""
        days = f"（{self.first}～{self.last}）", f" ({self.first} to {self.last})"
        return self.name(language) + say(language, *days)


def parse(label: str, per: Per) -> Period | None:
    """Read a time from its label; None where it is none.

    Examples
    --------
    >>> parse("第一学期（2025-08-01～2026-01-31）", "term").last
    datetime.date(2026, 1, 31)
    """
    try:
        days = [date.fromisoformat(text) for text in _DAY.findall(label)]
    except ValueError:
        return None
    return Period(days[0], days[1], per) if len(days) == 2 and days[0] < days[1] else None


def between(per: Per, since: date, until: date) -> tuple[Period, ...]:
    """List the times that have a day from `since` to `until`.

    A term begins in February or in August, a school year in August, a week on Monday.
    """
    found = []
    first = _beginning(per, since)
    while first <= until:
        after = _beginning(per, first + timedelta(days=_LONGER[per]))
        found.append(Period(first, after - timedelta(days=1), per))
        first = after
    return tuple(found)


def last_year(today: date) -> tuple[date, date]:
    """Give the first and the last day of the two terms that have ended last.

    Examples
    --------
    >>> last_year(date(2026, 11, 28))
    (datetime.date(2025, 8, 1), datetime.date(2026, 7, 31))
    """
    now = _beginning("term", today)
    return now.replace(year=now.year - 1), now - timedelta(days=1)


def _beginning(per: Per, day: date) -> date:
    if per == "week":
        return day - timedelta(days=day.weekday())
    if per == "month":
        return day.replace(day=1)
    if per == "term" and 2 <= day.month <= 7:
        return date(day.year, 2, 1)
    is_before = day.month < (2 if per == "term" else 8)
    return date(day.year - is_before, 8, 1)
