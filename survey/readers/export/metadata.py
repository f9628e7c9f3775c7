"""Metadata columns as typed values: times, durations, counters; personal ones kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from survey import identifiers
from survey.errors import Place
from survey.readers.container.guard import column_letters
from survey.readers.container.sheet import Sheet
from survey.readers.export.times import Order, seconds, times_of
from survey.readers.problems import Problem
from survey.readers.wording import tidy

PERSONAL = frozenset(
    (
        *("ip", "nickname", "openid", "name", "first_name", "last_name", "email", "user", "phone"),
        *("latitude", "longitude"),
    )
)
# LimeSurvey writes it in place of every time of an anonymised survey.
_ANONYMISED = "1980-01-01"
_TIMES = ("submitted_at", "started_at", "modified_at", "recorded_at")


def metadata_frame(
    body: Sheet, headers: Sequence[str], columns: Mapping[str, int]
) -> tuple[pd.DataFrame, list[Problem]]:
    """Build the table of metadata.

    `frame`: One line a respondent: times as datetimes, `duration` in seconds, `score` as a number,
    everything else as text; all columns, personal ones too.

    `problems`: Columns with values that could not be understood.
    """
    values: dict[str, pd.Series] = {}
    problems = []
    for name, index in columns.items():
        column = body.columns[index]
        header, place = tidy(headers[index]), body.place(column=column_letters(index))
        levels = [tidy(level) for level in column.levels]
        filled = np.array([bool(level) and level.upper() != "NULL" for level in levels])
        converted: pd.Series
        if name in _TIMES:
            converted, guessed = times_of(levels, since_1904=body.since_1904)
            if guessed is not None:
                problems.append(_guessed(header, place, guessed))
            anonymised = np.array([level.startswith(_ANONYMISED) for level in levels])
            if anonymised.any():
                filled &= ~anonymised
                problems.append(_anonymised(header, place))
        elif name == "duration":
            converted = pd.Series([seconds(level) for level in levels], dtype=float)
        elif name == "score":
            converted = pd.to_numeric(pd.Series(levels, dtype=object), errors="coerce")
        else:
            # 来源详情 may hold a user of WeChat: 昵称[性别,省,市]
            told = [identifiers.mask(level) if level[-1:] == "]" else level for level in levels]
            texts = [level if ok else None for level, ok in zip(told, filled, strict=True)]
            values[name] = pd.Series(np.array([*texts], dtype=object)[column.codes], dtype=object)
            continue
        bad = int(column.counts()[filled & converted.isna().to_numpy()].sum())
        if bad:
            problems.append(_unread(header, place, bad))
        values[name] = converted.take(column.codes).reset_index(drop=True)
    return pd.DataFrame(values, index=pd.RangeIndex(body.n_rows)), problems


def _unread(header: str, place: Place, count: int) -> Problem:
    return Problem(
        zh=f"“{header}”有 {count} 个值无法理解，按缺失处理。",
        en=f"{count} values of {header} cannot be understood and are taken as missing.",
        place=place,
        severity="warning",
    )


def _anonymised(header: str, place: Place) -> Problem:
    return Problem(
        zh=f"“{header}”是 {_ANONYMISED}，即问卷已匿名、不记录时间，按没有时间处理。",
        en=f"{header} says {_ANONYMISED}: the survey is anonymised and keeps no times.",
        place=place,
    )


def _guessed(header: str, place: Place, first: Order) -> Problem:
    zh, en = ("日/月/年", "day/month/year") if first == "day" else ("月/日/年", "month/day/year")
    return Problem(
        zh=f"“{header}”的日期看不出日、月哪个在前，按 {zh} 读取。"
        "若不对，请把这一列改成 2025-11-01 这样年在前的写法。",
        en=f"The dates of {header} do not tell whether day or month comes first; they are read as "
        f"{en}. If that is wrong, write them with the year first, like 2025-11-01.",
        place=place,
        severity="warning",
    )
