"""Numbers as text, halves rounded away from zero as spreadsheets and people round them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_CERTAIN = 13
"""Significant digits of a float that arithmetic leaves right."""
_SAME = 1e-9
"""Shares closer than that are one: with ten million people two differ by more."""
_MOST_DIGITS = 6


def half_up(value: float, digits: int = 1, *, sign: bool = False) -> str:
    """Write a number with a fixed number of decimals, grouped by thousands, and never −0.

    Parameters
    ----------
    value : float
        A finite number.
    digits : int
        Decimals.
    sign : bool
        Whether a number above 0 has its sign.

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
    step = Decimal(1).scaleb(-digits)
    number = Decimal(f"{float(value):.{_CERTAIN}g}").quantize(step, ROUND_HALF_UP)
    if not number:
        number = abs(number)
    return f"{number:{'+' if sign and number else ''},f}"


def digits_beside(share: float, bar: str) -> int:
    """Give the decimals of a percentage that tell a share from a bar that it is not.

    Parameters
    ----------
    share : float
        Between 0 and 1.
    bar : str
        As written, for example ``"0.9"``.

    Returns
    -------
    int
        1 where one decimal does, as nearly always.

    Examples
    --------
    >>> digits_beside(0.9, "0.9"), digits_beside(0.8997, "0.9"), digits_beside(0.89, "0.9")
    (1, 2, 1)
    """
    goal, digits = float(Fraction(bar)), 1
    if abs(share - goal) < _SAME:
        return digits
    while digits < _MOST_DIGITS and half_up(100 * share, digits) == half_up(100 * goal, digits):
        digits += 1
    return digits
