"""The colours of all charts: one meaning each, for colour-blind readers and for print."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from matplotlib.colors import to_hex, to_rgb

GOOD = "#0072B2"
"""Satisfied, meets the bar, better than the university, risen."""
BAD = "#B84A00"
"""Dissatisfied, below the bar, worse than the university, fallen."""
UNDECIDED = "#5F6368"
"""Not decided, neutral, not distinguishable from 0."""
HIDDEN = "#767676"
"""Withheld."""
INK = "#1F2328"
"""Text, totals and the bar line."""
QUANTITY = "#4A7A78"
"""Amounts that are neither good nor bad, such as response rates."""
GRID = "#DADDE1"

VERDICT_COLOURS: Mapping[str, str] = MappingProxyType(
    {"meets": GOOD, "below": BAD, "inconclusive": UNDECIDED, "withheld": HIDDEN}
)
"""Colour of every verdict: at least 4.5:1 against white, and apart for colour-blind readers."""
VERDICT_MARKERS: Mapping[str, str] = MappingProxyType(
    {"meets": "o", "below": "D", "inconclusive": "o", "withheld": "x"}
)
"""Marker of every verdict, so that black-and-white print tells them apart."""
VERDICT_FILLED: Mapping[str, bool] = MappingProxyType(
    {"meets": True, "below": True, "inconclusive": False, "withheld": True}
)


def mix(colour: str, white: float) -> str:
    """Lighten a colour.

    Parameters
    ----------
    white : float
        Share of white, from 0 to 1.

    Examples
    --------
    >>> mix("#000000", 0.5)
    '#808080'
    """
    return to_hex(tuple((1 - white) * part + white for part in to_rgb(colour)))  # type: ignore[arg-type]


def text_on(colour: str) -> str:
    """Choose white or black for a text on a colour, so that the contrast is 4.5:1 or more.

    Examples
    --------
    >>> text_on(GOOD), text_on("#F0F0F0")
    ('white', 'black')
    """
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "white" if luminance < 0.179 else "black"
