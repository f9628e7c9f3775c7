"""Where satisfaction begins among numbers: `>= 90`, stated once for every number there may be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from questionnaires.text import folded
from questionnaires.words import words

_RULE = re.compile(r"(?P<sign>>=|<=|≥|≤|⩾|⩽)(?P<number>-?\d+(?:\.\d+)?)(?P<unit>\D*)")
_NUMBER = re.compile(r"(?P<number>[+-]?\d+(?:\.\d+)?)(?P<unit>\D*)")
_STARS = re.compile(r"[★⭐*]+[☆]*")


@dataclass(frozen=True)
class Threshold:
    """A number that counts as satisfied, and every one beyond it.

    Parameters
    ----------
    value : float
        The last number that still counts.
    more_is_better : bool
        Whether the numbers above it count, or those below.

    Examples
    --------
    >>> at_least(90).holds(90), at_least(90).holds(89.5), str(at_most(2))
    (True, False, '<= 2')
    """

    value: float
    more_is_better: bool = True

    def holds(self, number: float) -> bool:
        """Tell whether a number counts as satisfied."""
        return number >= self.value if self.more_is_better else number <= self.value

    def __str__(self) -> str:
        return f"{'>=' if self.more_is_better else '<='} {self.value:g}"


def at_least(value: float) -> Threshold:
    """Count a number from `value` upwards as satisfied."""
    return Threshold(float(value))


def at_most(value: float) -> Threshold:
    """Count a number up to `value` as satisfied: where 1 is the best mark."""
    return Threshold(float(value), more_is_better=False)


def threshold(text: str) -> Threshold | None:
    """Read a rule as people write it; None for anything else.

    Examples
    --------
    >>> str(threshold("≥ 90分")), str(threshold("<=2")), threshold("90分及以上")
    ('>= 90', '<= 2', None)
    """
    match = _RULE.fullmatch(folded(text))
    if match is None or (match["unit"] and match["unit"] not in words().units):
        return None
    return Threshold(float(match["number"]), match["sign"] in (">=", "≥", "⩾"))


def numbers(labels: Iterable[str]) -> dict[str, float]:
    """Read labels as numbers, units left out; empty unless every label is one of its own.

    Examples
    --------
    >>> numbers(["5星", "4星"]), numbers(["5", "很好"]), numbers(["★★", "★☆"])
    ({'5星': 5.0, '4星': 4.0}, {}, {'★★': 2.0, '★☆': 1.0})
    """
    read: dict[str, float] = {}
    for label in labels:
        text = folded(label)
        match = _NUMBER.fullmatch(text)
        if match and (not match["unit"] or match["unit"] in words().units):
            read[label] = float(match["number"])
        elif _STARS.fullmatch(text):
            read[label] = float(len(text) - text.count("☆"))
        else:
            return {}
    return read if len(set(read.values())) == len({folded(label) for label in read}) else {}
