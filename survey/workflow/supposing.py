"""Shares that an analyst supposes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from analysis.counts.checks import exact_share
from survey.errors import UsageError


def supposed(rates: Sequence[str | float] | None, bar: str) -> list[str]:
    """Give satisfied shares to suppose; by default one above the bar and one below it.

    Parameters
    ----------
    rates : sequence of str or float, or None
        Shares in (0, 1].
    bar : str
        The bar as written.

    Raises
    ------
    UsageError
        If a share is out of range.

    Examples
    --------
    >>> supposed(None, "0.9"), supposed([0.97], "0.9")
    (['0.95', '0.8'], ['0.97'])
    """
    if rates is not None:
        shares("suppose", rates)
        return [str(rate) for rate in rates]
    goal = Decimal(bar)
    default = (1 + goal) / 2, max(goal - Decimal("0.1"), goal / 2)
    return [f"{rate.normalize():f}" for rate in default]


def shares(name: str, given: Sequence[str | float]) -> list[Fraction]:
    """Read shares as exact decimals.

    Raises
    ------
    UsageError
        If one is no share in (0, 1].
    """
    try:
        return [exact_share(name, share) for share in given]
    except ValueError as error:
        raise UsageError(
            zh=f"{name} 中的数须是 0 与 1 之间的比例：{error}。",
            en=f"{name} takes shares between 0 and 1: {error}.",
        ) from error
