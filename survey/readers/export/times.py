"""Times and durations as platforms of several languages and spreadsheets write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import pandas as pd

_USUAL = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S")
"""Formats of nearly all times of nearly all exports, of which there are as many as answers."""
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d",
    "%d-%b-%Y %H:%M:%S",
    "%b %d, %Y",
    "%b %d, %Y %H:%M",
)
_HALVES = {
    "上午": "AM",
    "凌晨": "AM",
    "am": "AM",
    "中午": "PM",
    "下午": "PM",
    "晚上": "PM",
    "pm": "PM",
}
_HALF = re.compile(rf"\s*({'|'.join(_HALVES)})\s*", re.IGNORECASE)
_ZONE = re.compile(
    r"\s*(?:(?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d{2})?)?|(?<=\d)Z|(?<=:\d\d)(?:\.\d+)?[+-]\d{2}:?\d{2})\s*$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})[年/.-]\s*(\d{1,2})[月/.-]\s*(\d{1,2})日?[\sT]*")
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
# A year outside is a damaged cell, and far ones do not fit into a timestamp.
_YEARS = (1990, 2200)
# Answers come in within weeks: a reading of dates that spreads them this much more is wrong.
_WIDER = 3
_DAYS_OF_1904 = 1_462
_DURATION = re.compile(
    r"(?:(?P<d>\d+)天)?(?:(?P<h>\d+)(?:小时|时))?(?:(?P<m>\d+)(?:分钟|分))?(?:(?P<s>\d+(?:\.\d+)?)秒?)?"
)
_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d{1,2}):(?P<s>\d{2})")


Order = Literal["day", "month"]


class Times(NamedTuple):
    """Times of a column's levels."""

    # Wall-clock times as the platform showed them, NaT where a text is no time.
    values: pd.Series[pd.Timestamp]
    # What was taken to stand first in dates like 1/11/2025, where no date proves it.
    guessed: Order | None


def times_of(levels: list[str], *, since_1904: bool = False) -> Times:
    """Turn the distinct texts of a column into times.

    Examples
    --------
    >>> times_of(["1/11/2025 9:00", "13/11/2025 9:00"]).values.dt.month.tolist()
    [11, 11]
    >>> times_of(["1/11/2025 9:00", "10/11/2025 9:00"]).guessed
    'day'
    """
    told = pd.Series(levels, dtype=object)
    usual = _by_formats(told, _USUAL)
    is_other = usual.isna()
    texts = [plain_time(level) for level in told[is_other]]
    dates = [match for text in texts if (match := _YEAR_LAST.match(text))]

    def parsed(order: Order) -> pd.Series[pd.Timestamp]:
        others = _parsed(texts, order, since_1904)
        return usual.where(~is_other, others.set_axis(usual.index[is_other]))

    day_first = [match for match in dates if match[2] == "." or int(match[1]) > 12]
    month_first = [match for match in dates if match[2] != "." and int(match[3]) > 12]
    if day_first or month_first or not dates:
        order: Order = "day" if len(day_first) > len(month_first) else "month"
        return Times(parsed(order) if texts else usual, None)
    by_day, by_month = parsed("day"), parsed("month")
    # Elsewhere than in America the day comes first, and gives the shorter survey.
    is_day = by_day.max() - by_day.min() <= (by_month.max() - by_month.min()) / _WIDER
    is_day &= by_month.max() > by_month.min()
    same = all(match[1].lstrip("0") == match[3].lstrip("0") for match in dates)
    guessed: Order = "day" if is_day else "month"
    return Times(by_day if is_day else by_month, None if same else guessed)


def seconds(text: str) -> float:
    """Turn a duration into seconds.

    NaN where the text is no duration.

    Examples
    --------
    >>> seconds("101秒"), seconds("1分20秒"), seconds("0:01:20")
    (101.0, 80.0, 80.0)
    """
    match = _CLOCK.fullmatch(text) or (_DURATION.fullmatch(text) if text else None)
    if match is None:
        return float("nan")
    found = {unit: float(value or 0) for unit, value in match.groupdict().items()}
    return 86_400 * found.get("d", 0) + 3_600 * found["h"] + 60 * found["m"] + found["s"]


def plain_time(text: str) -> str:
    """Write a time as platforms of several languages do in one way, the zone left out.

    Wall-clock time as the platform showed it.

    Examples
    --------
    >>> plain_time("2026/7/3 1:05:09 下午 GMT+8"), plain_time("2026年7月3日 10:13")
    ('2026-7-3 1:05:09 PM', '2026-7-3 10:13')
    """
    text = _YEAR_FIRST.sub(r"\1-\2-\3 ", _ZONE.sub("", text))
    half = _HALF.search(text)
    if half is not None:
        text = f"{_HALF.sub(' ', text).strip()} {_HALVES[half[1].lower()]}"
    return text.strip()


def _parsed(texts: list[str], order: Order, since_1904: bool) -> pd.Series[pd.Timestamp]:
    turned = r"\4-\3-\1" if order == "day" else r"\4-\1-\3"
    plain = pd.Series([_year_first(text, turned) for text in texts], dtype=object)
    times = _by_formats(plain, _FORMATS)
    # The spreadsheet's day count, where a date lost its format.
    days = pd.to_numeric(plain[times.isna()], errors="coerce") + since_1904 * _DAYS_OF_1904
    days = days[days.between(20_000, 80_000)]
    if len(days):
        since = pd.to_timedelta((days * 86_400).round(), unit="s")
        times[days.index] = pd.Timestamp(1899, 12, 30) + since
    return times


def _by_formats(texts: pd.Series[str], formats: Sequence[str]) -> pd.Series[pd.Timestamp]:
    texts = texts.mask(texts.isin(["now", "today"]))  # words that pandas takes for times
    times = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[ns]")
    for form in formats:
        left = times.isna()
        if not left.any():
            break
        found = pd.to_datetime(texts[left], format=form, errors="coerce")
        times[left] = found.where(found.dt.year.between(*_YEARS)).astype("datetime64[ns]")
    return times


def _year_first(text: str, turned: str) -> str:
    match = _YEAR_LAST.match(text)
    if match is None:
        return text
    century = "20" if len(match[4]) == 2 else ""
    return century + match.expand(turned) + text[match.end() :]
