"""The colours of all charts: one meaning each, for colour-blind readers and for print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from matplotlib.colors import is_color_like, to_hex, to_rgb

from survey.errors import UsageError, nearest
from survey.vocabulary import VERDICTS


class Marker(NamedTuple):
    """How a marker looks, so that black-and-white print tells it apart, too."""

    colour: str
    marker: str = "o"
    filled: bool = True


@dataclass(frozen=True)
class Palette:
    """Colours by meaning.

    Attributes
    ----------
    good : str
        Satisfied, meets the bar, better than the university, risen.
    bad : str
        Dissatisfied, below the bar, worse than the university, fallen.
    undecided : str
        Not decided, neutral, not distinguishable from 0.
    hidden : str
        Withheld.
    ink : str
        Text, totals and the bar line.
    quantity : str
        Amounts that are neither good nor bad, such as response rates.
    neutral : str
        Answers in the middle of a scale.
    grid : str
        Lines of the grid.
    """

    good: str = "#0072B2"
    bad: str = "#B84A00"
    undecided: str = "#5F6368"
    hidden: str = "#767676"
    ink: str = "#1F2328"
    quantity: str = "#4A7A78"
    neutral: str = "#C8CCD1"
    grid: str = "#DADDE1"

    def verdict(self, code: str) -> Marker:
        """Give the look of a verdict: colours of 4.5:1 or more, apart for colour-blind readers.

        Examples
        --------
        >>> Palette().verdict("below")
        Marker(colour='#B84A00', marker='D', filled=True)
        """
        return {
            "meets": Marker(self.good),
            "below": Marker(self.bad, "D"),
            "inconclusive": Marker(self.undecided, filled=False),
            "withheld": Marker(self.hidden, "x"),
        }[code]

    def verdicts(self) -> dict[str, str]:
        """Give the colour of every verdict by its code."""
        return {code: self.verdict(code).colour for code in VERDICTS}


STANDARD = Palette()


def of(colours: Mapping[str, str] | None) -> Palette:
    """Change some colours of the standard palette.

    Raises
    ------
    UsageError
        If there is no such meaning or no such colour.

    Examples
    --------
    >>> of({"good": "green"}).good
    'green'
    """
    names = [field.name for field in fields(Palette)]
    if not isinstance(colours, Mapping | None):
        raise UsageError(
            zh=f"palette={colours!r} 不行：写成 {{名称: 颜色}}，名称如 {names[0]!r}。",
            en=f"palette={colours!r} cannot be: give {{name: colour}}, a name being {names[0]!r}.",
        )
    for name, colour in (colours or {}).items():
        if name not in names:
            raise nearest("palette", name, names)
        if not is_color_like(colour):
            raise UsageError(
                zh=f"palette 中 {name!r} 的 {colour!r} 不是颜色，可写作 '#0072B2'。",
                en=f"{colour!r} for {name!r} of the palette is no colour; write '#0072B2'.",
            )
    return replace(STANDARD, **(colours or {}))


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


def between(better: str, worse: str, share: float) -> str:
    """Choose a colour from better (−1) over white (0) to worse (1).

    Examples
    --------
    >>> between("#000000", "#ff0000", 0), between("#000000", "#ff0000", 1)
    ('#ffffff', '#ff0000')
    """
    share = max(-1.0, min(1.0, share))
    return mix(worse if share > 0 else better, 1 - abs(share))


def text_on(colour: str) -> str:
    """Choose white or black for a text on a colour, so that the contrast is 4.5:1 or more.

    Examples
    --------
    >>> text_on(STANDARD.good), text_on("#F0F0F0")
    ('white', 'black')
    """
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "white" if luminance < 0.179 else "black"
