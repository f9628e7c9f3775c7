"""Values as people type them: shares, whole numbers, lists."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from survey.errors import UsageError

# Quotes hold an entry together only if they stand around the whole of it: a header may begin with
# a quoted word. Wide ones are known too: shells take plain ones for their own.
_ENTRY = re.compile(
    r"""\s*(?:"(?P<plain>[^"]*)"|“(?P<wide>[^”]*)”)\s*(?:[,，]|$)|(?P<bare>[^,，]*)(?:[,，]|$)"""
)
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?=$|[ T])")
_YES, _NO = ("是", "yes", "true", "1"), ("否", "no", "false", "0", "")


def split(text: str) -> list[str]:
    """Part a list; blank entries are nothing.

    Parameters
    ----------
    text : str
        Entries parted by ``,`` or ``，``. One that holds a comma stands in ``""`` or ``“”``.

    Examples
    --------
    >>> split("非常满意，满意, 5")
    ['非常满意', '满意', '5']
    >>> split("“热情，周到”,5"), split("“热情”的服务,5")
    (['热情，周到', '5'], ['“热情”的服务', '5'])
    """
    entries = [
        next(part for part in match.groups() if part is not None) for match in _ENTRY.finditer(text)
    ]
    return [entry.strip() for entry in entries if entry.strip()]


def written(value: object) -> str:
    """Write a value as it is typed: what `split` and `yes` take.

    Examples
    --------
    >>> written(["热情，周到", "5"]), written(True), written(0.9)
    ('"热情，周到",5', 'yes', '0.9')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ",".join(f'"{one}"' if re.search("[,，]", str(one)) else str(one) for one in value)
    return str(value)


def positive(text: str) -> int:
    """Take a whole number from 1."""
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def bar(text: str) -> str:
    """Take a share as written, exactly; 90% is 0.9, and so is 90: from 10 on it can be no other.

    Examples
    --------
    >>> bar("0.90"), bar("90%"), bar("90")
    ('0.9', '0.9', '0.9')
    """
    value = _part(text)
    if not 0 < value <= 1:
        raise ValueError(text)
    return f"{value.normalize():f}"


def share(text: str) -> float:
    """Take a number between 0 and 1, or percent as `bar` does.

    Examples
    --------
    >>> share("0.95"), share("95")
    (0.95, 0.95)
    """
    value = float(_part(text))
    if not 0 < value < 1:
        raise ValueError(text)
    return value


def _part(text: str) -> Decimal:
    given = text.strip().replace("％", "%")
    try:
        value = Decimal(given.removesuffix("%"))
        return value / 100 if given.endswith("%") or 10 <= value <= 100 else value
    except ArithmeticError as error:
        raise ValueError(text) from error


def yes(text: str) -> bool:
    """Take a yes or a no.

    Examples
    --------
    >>> yes("是"), yes("no")
    (True, False)
    """
    said = text.strip().lower()
    if said not in (*_YES, *_NO):
        raise ValueError(text)
    return said in _YES


def _iso(day: re.Match[str]) -> str:
    return f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}"


def moment(given: str | date) -> tuple[datetime, datetime]:
    """Give the first moment of a date or time, and the first after it.

    Raises
    ------
    UsageError
        If it is no date.
    """
    try:
        text = _DAY.sub(_iso, given.strip()) if isinstance(given, str) else given.isoformat()
        start = datetime.fromisoformat(text)
        if start.tzinfo is not None:
            raise ValueError("exports state local times")
        whole_day = len(text) <= len("2025-11-30")
        after = start + (timedelta(days=1) if whole_day else timedelta(microseconds=1))
    except (ValueError, OverflowError) as error:
        raise UsageError(
            zh=f"“{given}”不是日期，请写成 2025-11-30 或 2025-11-30 18:00。",
            en=f"“{given}” is no date; write it like 2025-11-30 or 2025-11-30 18:00.",
        ) from error
    return start, after


def day(text: str) -> str:
    """Take a day or moment as written; a cell that Excel took for a date holds midnight.

    Raises
    ------
    UsageError
        If it is no date.

    Examples
    --------
    >>> day("2025-11-30 00:00:00")
    '2025-11-30'
    """
    moment(told := text.removesuffix(" 00:00:00"))
    return told
