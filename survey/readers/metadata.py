"""Metadata columns as typed values: times, durations, counters; personal ones kept apart."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from survey.readers.guard import column_letters
from survey.readers.model import Parsed
from survey.readers.problems import Problem
from survey.readers.wording import tidy

PERSONAL = frozenset(
    {"ip", "nickname", "openid", "name", "email", "latitude", "longitude", "user", "phone"}
)
_TIMES = ("submitted_at", "started_at", "modified_at", "recorded_at")
_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d",
    "%d-%b-%Y %H:%M:%S",
    "%m-%d-%Y %H:%M:%S",
    "%m-%d-%y %H:%M:%S",
    "%m-%d-%Y %H:%M",
    "%m-%d-%Y %I:%M:%S %p",
)
_MONTH_FIRST = "%m-%d"
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
    r"\s*(?:(?:GMT|UTC)(?:[+-]\d{1,2}(?::?\d{2})?)?|(?<=\d)Z|(?<=:\d\d)[+-]\d{2}:\d{2})\s*$",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(r"(\d{4})[年/.-]\s*(\d{1,2})[月/.-]\s*(\d{1,2})日?[\sT]*")
_YEAR_LAST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2,4})\b")
# A year outside is a damaged cell, and far ones do not fit into a timestamp.
_YEARS = (1990, 2200)
_DURATION = re.compile(
    r"(?:(?P<d>\d+)天)?(?:(?P<h>\d+)(?:小时|时))?(?:(?P<m>\d+)(?:分钟|分))?(?:(?P<s>\d+(?:\.\d+)?)秒?)?"
)
_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d{1,2}):(?P<s>\d{2})")


def metadata_frame(parsed: Parsed) -> tuple[pd.DataFrame, list[Problem]]:
    """Build the table of metadata.

    Parameters
    ----------
    parsed : Parsed
        The export.

    Returns
    -------
    frame : DataFrame
        One line a respondent: times as datetimes, `duration` in seconds, `score` as a number,
        everything else as text; all columns, personal ones too.
    problems : list of Problem
        Columns with values that could not be understood.
    """
    values: dict[str, pd.Series] = {}
    problems = []
    for name, index in parsed.metadata.items():
        column = parsed.body.columns[index]
        levels = [tidy(level) for level in column.levels]
        filled = np.array([bool(level) and level.upper() != "NULL" for level in levels])
        converted: pd.Series
        if name in _TIMES:
            converted = _times(levels)
        elif name == "duration":
            converted = pd.Series([seconds(level) for level in levels], dtype=float)
        elif name == "score":
            converted = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
        else:
            texts = [level if ok else None for level, ok in zip(levels, filled, strict=True)]
            values[name] = pd.Series(np.array([*texts], dtype=object)[column.codes], dtype=object)
            continue
        bad = int(column.counts()[filled & converted.isna().to_numpy()].sum())
        if bad:
            problems.append(_unread(parsed, index, bad))
        values[name] = converted.take(column.codes).reset_index(drop=True)
    return pd.DataFrame(values, index=pd.RangeIndex(parsed.body.n_rows)), problems


def seconds(text: str) -> float:
    """Turn a duration into seconds.

    Parameters
    ----------
    text : str
        ``101秒``, ``1分20秒``, ``00:01:20`` or a bare number of seconds.

    Returns
    -------
    float
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

    Parameters
    ----------
    text : str
        A cleaned cell.

    Returns
    -------
    str
        Wall-clock time as the platform showed it.

    Examples
    --------
    >>> plain_time("2026/7/3 1:05:09 下午 GMT+8"), plain_time("2026年7月3日 10:13")
    ('2026-7-3 1:05:09 PM', '2026-7-3 10:13')
    """
    text = _YEAR_FIRST.sub(r"\1-\2-\3 ", _ZONE.sub("", text))
    text = _YEAR_LAST.sub(r"\1-\2-\3", text)
    half = _HALF.search(text)
    if half is not None:
        text = f"{_HALF.sub(' ', text).strip()} {_HALVES[half[1].lower()]}"
    return text.strip()


def _times(levels: list[str]) -> pd.Series[pd.Timestamp]:
    texts = pd.Series([plain_time(level) for level in levels], dtype=object)
    times = pd.Series(pd.NaT, index=texts.index, dtype="datetime64[ns]")
    for form in _FORMATS:
        open_ = times.isna()
        if not open_.any():
            break
        parsed = _parsed(texts[open_], form)
        if form.startswith(_MONTH_FIRST):
            # Elsewhere than in America the day comes first: a 13th month gives that away.
            turned = _parsed(texts[open_], form.replace(_MONTH_FIRST, "%d-%m"))
            parsed = turned if turned.notna().sum() > parsed.notna().sum() else parsed
        times[open_] = parsed
    # Excel's day count, where a date lost its format.
    days = pd.to_numeric(texts, errors="coerce")
    serial = times.isna() & days.between(20_000, 80_000)
    if serial.any():
        since = pd.to_timedelta((days[serial] * 86_400).round(), unit="s")
        times[serial] = pd.Timestamp(1899, 12, 30) + since
    return times


def _parsed(texts: pd.Series[str], form: str) -> pd.Series[pd.Timestamp]:
    parsed = pd.to_datetime(texts, format=form, errors="coerce")
    return parsed.where(parsed.dt.year.between(*_YEARS)).astype("datetime64[ns]")


def _unread(parsed: Parsed, index: int, count: int) -> Problem:
    header = tidy(parsed.headers[index])
    return Problem(
        zh=f"“{header}”有 {count} 个值无法理解，按缺失处理。",
        en=f"{count} values of {header} cannot be understood and are taken as missing.",
        place=parsed.body.place(column=column_letters(index)),
        severity="warning",
    )
