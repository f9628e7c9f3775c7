"""Numbers as readers see them, in tables, sentences and charts alike.

One decimal for percentages, halves rounded away from zero as spreadsheets and people round them,
～ for intervals, — for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import SupportsFloat, cast

import pandas as pd

from questionnaires.language import Language, say
from survey import vocabulary

MISSING, MINUS = "—", "−"
_CERTAIN = 13
"""Significant digits of a float that arithmetic leaves right."""
_SAME = 1e-9
"""Shares closer than that are one: with ten million people two differ by more."""
_MOST_DIGITS = 6


def half_up(value: float, digits: int = 1, *, sign: bool = False) -> str:
    """Write a number with a fixed number of decimals, grouped by thousands, and never −0.

    Returns
    -------
    str
        With a plain hyphen for a minus sign.

    Examples
    --------
    39 of 48 are 81.25%, which binary arithmetic would write as 81.2:

    >>> half_up(100 * 39 / 48), half_up(-0.25), half_up(-0.04), half_up(1234.5, 0)
    ('81.3', '-0.3', '0.0', '1,235')
    >>> half_up(2.0, sign=True), half_up(0.01, sign=True)
    ('+2.0', '0.0')
    """
    return _written(float(value), digits, sign)


@lru_cache(maxsize=10_000)
def _written(value: float, digits: int, sign: bool) -> str:
    step = Decimal(1).scaleb(-digits)
    number = Decimal(f"{value:.{_CERTAIN}g}").quantize(step, ROUND_HALF_UP)
    if not number:
        number = abs(number)
    return f"{number:{'+' if sign and number else ''},f}"


def digits_beside(share: float, bar: str) -> int:
    """Give the decimals of a percentage that tell a share from a bar that it is not.

    Returns
    -------
    int
        1 where one decimal does, as nearly always.

    Examples
    --------
    >>> digits_beside(0.9, "0.9"), digits_beside(0.8997, "0.9"), digits_beside(0.89, "0.9")
    (1, 2, 1)
    """
    goal, digits = _as_number(bar), 1
    apart = abs(share - goal)
    if apart < _SAME:
        return digits
    while (
        digits < _MOST_DIGITS
        and apart < 10.0 ** -(digits + 2)
        and half_up(100 * share, digits) == half_up(100 * goal, digits)
    ):
        digits += 1
    return digits


@cache
def _as_number(bar: str) -> float:
    return float(Fraction(bar))


def present(value: object) -> bool:
    """Say whether a value of a frame is there: neither None nor NaN nor NA.

    Examples
    --------
    >>> present(0), present(float("nan")), present(None)
    (True, False, False)
    """
    return value is not None and value is not pd.NA and bool(value == value)


def number(value: object) -> float:
    """Give a value of a frame as a float, NaN where it is missing.

    Examples
    --------
    >>> number(3), number(None)
    (3.0, nan)
    """
    return float(cast(SupportsFloat, value)) if present(value) else math.nan


def percent(
    value: object, digits: int = 1, *, bar: str = "", sign: bool = False, language: Language = "zh"
) -> str:
    """Give a share as a percentage that never rounds to all, to nothing or to the bar.

    Parameters
    ----------
    value : object
        A share; infinity stands for one that nothing can bring about.
    bar : str
        The bar as written: a share that it is not has as many decimals as show it.
    sign : bool
        Whether a share above 0 has its sign, as differences have.

    Examples
    --------
    >>> percent(0.9333), percent(0.9999), percent(0.0002), percent(1), percent(None)
    ('93.3%', '>99.9%', '<0.1%', '100.0%', '—')
    >>> percent(39 / 48), percent(269 / 299), percent(269 / 299, bar="0.9"), percent(float("inf"))
    ('81.3%', '90.0%', '89.97%', '达不到')
    >>> percent(-0.031, sign=True)
    '−3.1%'
    """
    if not present(value):
        return MISSING
    share = number(value)
    if math.isinf(share):
        return vocabulary.out_of_reach(language)
    if bar:
        digits = max(digits, digits_beside(share, bar))
    step = 10.0 ** -(digits + 2)
    if 1 - step / 2 <= share < 1:
        return f">{100 * (1 - step):.{digits}f}%"
    if 0 < share < step / 2:
        return f"<{100 * step:.{digits}f}%"
    return f"{points(share, digits, sign=sign)}%"


def interval(low: object, high: object, language: Language = "zh", *, bar: str = "") -> str:
    """Give an interval of shares; a limit that is not the bar is not rounded to it.

    Examples
    --------
    >>> interval(0.8712, 0.9571), interval(None, None), interval(0.8, 0.9, "en")
    ('87.1%～95.7%', '—', '80.0% to 90.0%')
    """
    if not (present(low) and present(high)):
        return MISSING
    return say(language, "～", " to ").join(percent(end, bar=bar) for end in (low, high))


def points(value: object, digits: int = 1, *, sign: bool = False) -> str:
    """Give a share in percentage points, with a true minus sign.

    Examples
    --------
    >>> points(0.037), points(-0.0041), points(0.0), points(-0.00001), points(0.01, sign=True)
    ('3.7', '−0.4', '0.0', '0.0', '+1.0')
    """
    if not present(value):
        return MISSING
    return half_up(100 * number(value), digits, sign=sign).replace("-", MINUS)


def points_interval(
    low: object, high: object, language: Language = "zh", *, digits: int = 1
) -> str:
    """Give an interval in percentage points.

    Examples
    --------
    >>> points_interval(0.027, 0.047), points_interval(-0.004, 0.012, "en")
    ('2.7～4.7', '−0.4 to 1.2')
    """
    if not (present(low) and present(high)):
        return MISSING
    return say(language, "～", " to ").join(points(end, digits) for end in (low, high))


def estimate(
    value: object, low: object, high: object, language: Language = "zh", *, digits: int = 1
) -> str:
    """Give a number of percentage points with its interval.

    Examples
    --------
    >>> estimate(0.037, 0.027, 0.047), estimate(-0.01, -0.02, 0.01, "en")
    ('+3.7（2.7～4.7）', '−1.0 (−2.0 to 1.0)')
    """
    if not present(value):
        return MISSING
    inside = points_interval(low, high, language, digits=digits)
    return points(value, digits, sign=True) + say(language, f"（{inside}）", f" ({inside})")


def count(value: object) -> str:
    """Give a whole number, grouped by thousands.

    Examples
    --------
    >>> count(20000), count(7.0), count(None)
    ('20,000', '7', '—')
    """
    return half_up(number(value), 0) if present(value) else MISSING


def rank_interval(low: object, high: object) -> str:
    """Give an interval of ranks; a rank shared by two widens it to whole ranks.

    Examples
    --------
    >>> rank_interval(2.0, 5.0), rank_interval(11.5, 14.5), rank_interval(None, None)
    ('2–5', '11–15', '—')
    """
    if not (present(low) and present(high)):
        return MISSING
    return f"{math.floor(number(low))}–{math.ceil(number(high))}"


def decimal(value: object, digits: int = 2) -> str:
    """Give a plain number.

    Examples
    --------
    >>> decimal(0.8312), decimal(83.27, 1), decimal(-0.5)
    ('0.83', '83.3', '−0.50')
    """
    return half_up(number(value), digits).replace("-", MINUS) if present(value) else MISSING


def odds(value: object) -> str:
    """Give an odds ratio, or beyond which one it lies.

    Examples
    --------
    >>> odds(1.376), odds(0.04), odds(float("inf")), odds(0.0)
    ('1.38', '0.04', '＞1000', '＜0.001')
    """
    if not present(value):
        return MISSING
    ratio = number(value)
    if ratio in (0, float("inf")):
        return "＞1000" if ratio else "＜0.001"
    return decimal(ratio)


P_VALUE = '[<0.001]"<0.001";0.000'
"""Number format of a spreadsheet that shows what `p_value` writes."""


def p_value(value: object) -> str:
    """Give a p-value to three decimals.

    Examples
    --------
    >>> p_value(0.05), p_value(0.00001), p_value(None)
    ('0.050', '<0.001', '—')
    """
    if not present(value):
        return MISSING
    return "<0.001" if number(value) < 0.001 else f"{number(value):.3f}"


def bar(text: str) -> str:
    """Give the bar as a percentage, exactly as it was written.

    Examples
    --------
    >>> bar("0.9"), bar("0.925"), bar("9/10"), bar("2/3")
    ('90%', '92.5%', '90%', '2/3')
    """
    share = 100 * Fraction(text)
    if share.denominator == 1:
        return f"{share.numerator}%"
    decimals = f"{float(share):.4f}".rstrip("0")
    return f"{decimals}%" if Fraction(decimals) == share else text


def level(value: float) -> str:
    """Give a round share without needless decimals, as levels and bars have.

    Examples
    --------
    >>> level(0.95), level(0.998), level(0.925)
    ('95%', '99.8%', '92.5%')
    """
    return f"{100 * value:.6g}%"


def level_interval(value: float, language: Language) -> str:
    """Name a confidence interval.

    Examples
    --------
    >>> level_interval(0.95, "zh"), level_interval(0.95, "en")
    ('95% 区间', '95% interval')
    """
    return f"{level(value)} " + say(language, "区间", "interval")


def date(iso: str, language: Language = "zh") -> str:
    """Write a day as documents date themselves.

    Examples
    --------
    >>> date("2026-03-09"), date("2026-03-09", "en")
    ('2026年3月9日', '2026-03-09')
    """
    if language == "en":
        return iso
    year, month, day = map(int, iso.split("-"))
    return f"{year}年{month}月{day}日"


def listing(names: Sequence[str], language: Language = "zh", most: int = 6) -> str:
    """Join names into a phrase; beyond `most` the rest is counted.

    Examples
    --------
    >>> listing(["甲", "乙", "丙"]), listing(["A", "B", "C"], "en")
    ('甲、乙、丙', 'A, B, C')
    >>> listing(["甲", "乙", "丙"], most=2)
    '甲、乙等 3 个'
    """
    shown = say(language, "、", ", ").join(names[:most])
    if len(names) <= most:
        return shown
    return say(language, f"{shown}等 {len(names)} 个", f"{shown} and {len(names) - most} more")
