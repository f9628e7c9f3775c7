"""The Chinese font that is shipped, so that charts look the same on every computer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FAMILY = "Survey Sans SC"
"""Family name of the shipped font; it has one weight, so nothing is drawn bold."""

FAMILIES = (FAMILY, "DejaVu Sans")
"""Families in the order in which a character is looked for."""


def path() -> Path:
    """Give the font file, for example to embed a subset of it in a page.

    Examples
    --------
    >>> path().name
    'SurveySansSC-Regular.ttf'
    """
    return Path(__file__).parent / "fonts" / "SurveySansSC-Regular.ttf"


@cache
def register() -> None:
    """Make the font known to matplotlib, once per process; global settings stay as they are."""
    from matplotlib.font_manager import fontManager

    fontManager.addfont(path())
