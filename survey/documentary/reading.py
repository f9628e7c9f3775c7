"""Read the workbook of documentary minimums; what cannot be is named by its cell, all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from questionnaires.standard import Minimum, Standard
from questionnaires.text import normalise
from survey import forms
from survey.documentary.periods import Period, parse
from survey.documentary.sheets import EVENTS, FORMS, MEMBER, OPINIONS, REMARKS
from survey.errors import Place, ReadError
from survey.forms import Entry
from survey.readers.export.times import times_of

Match = Callable[[str], str | None]
"""Gives a branch's name as the survey has it, None where it has no such branch."""
LISTED = 20
"""Impossible cells that a message names before it counts the rest."""


@dataclass(frozen=True)
class Proof:
    """One line: something done for a minimum, or a time for which nothing is written."""

    branch: str
    at: int  # place of its minimum among the standard's that are to be proved
    period: Period | None  # the time it is for; None for a member of the leading body
    subject: str  # of an event, or the position of a member
    day: date | None
    n: int | None  # people present, or paired with a member
    file: str

    @property
    def is_begun(self) -> bool:
        """Whether anything is written."""
        return bool(self.subject or self.day or self.n or self.file)

    @property
    def is_whole(self) -> bool:
        """Whether everything is: what lacks its file or its day proves nothing."""
        has_day = self.day is not None or self.period is None
        return bool(self.subject and self.n and self.file) and has_day


@dataclass(frozen=True)
class Filled:
    """What a workbook holds."""

    proofs: tuple[Proof, ...]
    opinions: dict[int, str]
    remarks: dict[str, str]


def read(path: str | Path, standard: Standard, match: Match, today: date | None = None) -> Filled:
    """Read the workbook and check every cell.

    Parameters
    ----------
    path : path
        As `survey.documentary.write` made it, in either language.
    match : callable
        Finds branches.
    today : date, optional
        No event lies after it; the present day by default.

    Returns
    -------
    Filled

    Raises
    ------
    ReadError
        Naming every cell that cannot be: an unknown branch, a minimum that the standard does not
        have, a day that is none, lies outside its time or is still to come, a number that is none,
        the same event twice.
    """
    desk = _Desk(standard, match, today or date.today())
    entries = forms.read(path, FORMS)
    desk.days = _days(entries)
    proofs = [desk.proof(entry) for entry in entries if entry.form in (EVENTS.key, MEMBER.key)]
    said = [entry for entry in entries if entry.values.get("opinion")]
    opinions = {desk.criterion(e): e.values["opinion"] for e in said if e.form == OPINIONS.key}
    remarks = {desk.branch(e): e.values["opinion"] for e in said if e.form == REMARKS.key}
    desk.stop()
    return Filled(tuple(proof for proof in proofs if proof is not None), opinions, remarks)


def _days(entries: list[Entry]) -> dict[str, date | None]:
    """Read all texts of dates together: which comes first, day or month, they tell each other."""
    texts = sorted({text for entry in entries if (text := entry.values.get("date"))})
    values = times_of(texts).values if texts else pd.Series(dtype="datetime64[ns]")
    return {
        text: None if pd.isna(value) else value.date()
        for text, value in zip(texts, values, strict=True)
    }


@dataclass
class _Desk:
    """Checks lines one by one and keeps what is wrong with them."""

    standard: Standard
    match: Match
    today: date
    days: dict[str, date | None] = field(default_factory=dict)
    seen: dict[tuple[object, ...], Place] = field(default_factory=dict)
    wrong: list[tuple[Place, str, str]] = field(default_factory=list)

    def proof(self, entry: Entry) -> Proof | None:
        """Check one line; None where its branch, its minimum or its time is unknown."""
        branch, at = self.branch(entry), self.minimum(entry)
        period = self.period(entry, at)
        if not branch or at is None or (entry.form == EVENTS.key and period is None):
            return None
        is_event = entry.form == EVENTS.key
        return Proof(
            branch=branch,
            at=at,
            period=period,
            subject=entry.values["subject" if is_event else "member"],
            day=self.day(entry, period) if period is not None else None,
            n=self.number(entry, "present" if is_event else "n"),
            file=self.once(entry, branch, at) if is_event else entry.values["file"],
        )

    def branch(self, entry: Entry) -> str:
        """Find the branch of a line."""
        given = entry.values["branch"]
        found = self.match(given)
        if found is None:
            self.refuse(entry, "branch", f"没有“{given}”这个支部", f"there is no branch {given!r}")
        return found or ""

    def minimum(self, entry: Entry) -> int | None:
        """Find the minimum of a line among those of the standard."""
        given = tuple(normalise(entry.values[key]) for key in ("number", "required"))
        for at, minimum in enumerate(self.standard.to_be_proved):
            if given in _named(minimum):
                return at
        title = f"{self.standard.title}（{self.standard.version}）"
        self.refuse(
            entry,
            "required",
            f"“{title}”没有这项最低要求；这张表可能是按另一个标准写出的",
            f"{title} has no such minimum; the sheet may have been written for another standard",
        )
        return None

    def period(self, entry: Entry, at: int | None) -> Period | None:
        """Read the time that an event is for."""
        if entry.form != EVENTS.key or at is None:
            return None
        found = parse(entry.values["period"], self.standard.to_be_proved[at].per)
        if found is None:
            self.refuse(
                entry,
                "period",
                "时段中应有起止日期，请照原表恢复",
                "a time needs its first and last day: restore it",
            )
        return found

    def day(self, entry: Entry, period: Period) -> date | None:
        """Read a day inside its time."""
        text = entry.values["date"]
        day = self.days.get(text)
        if not text:
            return None
        if day is None:
            self.refuse(entry, "date", f"“{text}”不是日期", f"{text!r} is no date")
        elif day > self.today:
            self.refuse(entry, "date", f"{day} 还没有到", f"{day} is still to come")
        elif not period.first <= day <= period.last:
            self.refuse(
                entry,
                "date",
                f"{day} 不在{period.label()}之内",
                f"{day} is not within {period.label('en')}",
            )
        return day

    def number(self, entry: Entry, key: str) -> int | None:
        """Read a number of people."""
        text = entry.values[key]
        found = forms.whole(text)
        if text and not found:
            self.refuse(
                entry, key, f"“{text}”不是大于 0 的整数", f"{text!r} is no whole number above 0"
            )
        return found or None

    def once(self, entry: Entry, branch: str, at: int) -> str:
        """Give the file of an event that is written down once."""
        values = entry.values
        place = entry.places["subject"]
        if values["date"] and values["subject"]:
            key = branch, at, values["date"], normalise(values["subject"])
            first = self.seen.setdefault(key, place)
            if first != place:
                self.refuse(
                    entry,
                    "subject",
                    f"与单元格 {first.cell} 是同一次活动，只能填一次",
                    f"the same event as in cell {first.cell}: write it once",
                )
        return values["file"]

    def criterion(self, entry: Entry) -> int:
        """Find the indicator that an opinion is on."""
        text = entry.values["number"]
        known = {str(criterion.number): criterion.number for criterion in self.standard.criteria}
        if text not in known:
            self.refuse(
                entry,
                "number",
                f"标准没有第 {text} 项指标",
                f"the standard has no indicator {text}",
            )
        return known.get(text, 0)

    def refuse(self, entry: Entry, key: str, zh: str, en: str) -> None:
        self.wrong.append((entry.places[key], zh, en))

    def stop(self) -> None:
        """Stop if anything is wrong, with all of it."""
        if not self.wrong:
            return
        more = len(self.wrong) - LISTED
        zh = [f"{place.sheet} {place.cell}：{text}" for place, text, _ in self.wrong[:LISTED]]
        en = [f"{place.sheet} {place.cell}: {text}" for place, _, text in self.wrong[:LISTED]]
        raise ReadError(
            zh=f"有 {len(self.wrong)} 格不可能，请改正后再运行：\n"
            + "\n".join(zh)
            + (f"\n另有 {more} 格。" if more > 0 else ""),
            en=f"{len(self.wrong)} cells cannot be; mend them and run again:\n"
            + "\n".join(en)
            + (f"\nand {more} more." if more > 0 else ""),
            place=Place(file=self.wrong[0][0].file),
        )


def _named(minimum: Minimum) -> tuple[tuple[str, str], ...]:
    number = str(minimum.number)
    return tuple((number, normalise(minimum.required(language))) for language in ("zh", "en"))
