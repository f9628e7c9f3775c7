"""Shares that an analyst supposes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from analysis.counts.checks import exact_share
from survey.errors import UsageError


def supposed(rates: Sequence[str | float] | None, bar: str) -> list[str]:
    """Give satisfied shares to suppose; by default one above the bar and one below it.

    Examples
    --------
    >>> supposed(None, "0.9"), supposed([0.97], "0.9")
    (['0.95', '0.8'], ['0.97'])
    """
    if rates is not None:
        given = [rates] if isinstance(rates, str) else rates
        shares("suppose", given)
        return [str(rate) for rate in given]
    goal = Decimal(bar)
    default = (1 + goal) / 2, max(goal - Decimal("0.1"), goal / 2)
    return [f"{rate.normalize():f}" for rate in default]


def shares(name: str, given: Sequence[str | float]) -> list[Fraction]:
    """Read shares in (0, 1] as exact decimals; an error says what was probably meant.

    Examples
    --------
    >>> try:
    ...     shares("bar", ["85%"])
    ... except UsageError as error:
    ...     print(error.text("en"))
    bar='85%' is no share between 0 and 1; did you mean '0.85'?
    """
    read = []
    for share in [given] if isinstance(given, str) else given:
        try:
            read.append(exact_share(name, share))
        except (ValueError, TypeError, ZeroDivisionError) as error:
            meant = _meant(share)
            raise UsageError(
                zh=f"{name}={share!r} 不是 0 与 1 之间的比例，是否要写 {meant!r}？",
                en=f"{name}={share!r} is no share between 0 and 1; did you mean {meant!r}?",
            ) from error
    return read


def checked(name: str, share: str | float) -> str:
    """Give a share as it was written, or stop where it is none."""
    shares(name, [share])
    return str(share)


def _meant(share: object) -> str:
    """Guess the share behind a percentage."""
    digits = re.sub(r"[%％\s]", "", str(share))
    is_percentage = re.fullmatch(r"\d{1,2}(\.\d+)?", digits) and float(digits) > 1
    return f"{Decimal(digits) / 100:f}" if is_percentage else "0.9"


def rising(name: str, given: Sequence[str | float]) -> list[Fraction]:
    """Read shares that must rise."""
    read = shares(name, given)
    if any(later <= earlier for earlier, later in pairwise(read)):
        raise UsageError(zh=f"{name} 中的比例须逐次增大。", en=f"{name} must rise.")
    return read
