"""When a survey ends, and when verdicts were announced to be looked at before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import pairwise

import pandas as pd

from analysis.design.sequential import spending
from survey.errors import UsageError
from survey.screening import moment


@dataclass(frozen=True)
class Timetable:
    """The looks of a survey; the end is the last of them.

    `ends` are the first moments after each look, none where no end is known; `at` is the look,
    counted from 0, that the answers belong to.
    """

    ends: tuple[datetime, ...] = ()
    at: int = 0

    @property
    def has_looks(self) -> bool:
        """Whether there are looks before the end."""
        return len(self.ends) > 1

    @property
    def spent(self) -> tuple[Fraction, ...]:
        """Error that may have been spent after each look up to this one."""
        return spending(len(self.ends))[: self.at + 1]

    @property
    def steps(self) -> tuple[Fraction, ...]:
        """What each look up to this one adds to it."""
        spent = self.spent
        return (spent[0], *(after - before for before, after in pairwise(spent)))

    def is_open(self, now: datetime | None = None) -> bool:
        """Tell whether the survey has not ended yet."""
        return bool(self.ends) and (now or datetime.now()) < self.ends[-1]

    def look(self, now: datetime | None = None) -> Timetable | None:
        """Give the timetable at the last look before the end that has passed; None before any."""
        passed = sum(end <= (now or datetime.now()) for end in self.ends[:-1])
        return replace(self, at=passed - 1) if passed else None

    def answered_by(self, at: int, submitted: pd.Series) -> pd.Series:
        """Tell which answers had been given at a look; those without a time only at the end."""
        whole: pd.Series = pd.Series(True, index=submitted.index)
        return whole if at == len(self.ends) - 1 else submitted < self.ends[at]


UNKNOWN = Timetable()
"""Of a survey whose end nobody stated."""


def timetable(looks: Sequence[str | date], until: str | date | None) -> Timetable:
    """Read the last days or moments of looks before the end, rising, and of the end.

    Examples
    --------
    >>> timetable(["2025-11-10"], "2025-11-30").has_looks
    True
    """
    if until is None:
        if looks:
            raise UsageError(
                zh="预先公布查看时间的调查须给出截止时间（until、--until）。",
                en="A survey with announced looks needs its end (until, --until).",
            )
        return UNKNOWN
    ends = tuple(moment(given)[1] for given in (*looks, until))
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise UsageError(
            zh="各次查看的时间须先后排列，并在截止时间之前。",
            en="Looks must be in order and before the end.",
        )
    return Timetable(ends, at=len(ends) - 1)
