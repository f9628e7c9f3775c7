"""The page's font: the shipped one, cut to the characters of the page and embedded."""

from __future__ import annotations

import base64
import io
from copy import copy
from functools import cache
from typing import Any

from survey.charts import fonts

_NAMES = 0, 1, 2, 4, 6, 13, 14
"""Ids of the names that stay: of the font, its makers and its licence."""


@cache
def _read() -> tuple[list[str], dict[str, Any], Any]:
    """Read once a process what every cut has: names of the glyphs, outlines and widths; its names.

    The font does not name its glyphs itself: finding names takes a third of a first cut.
    """
    from fontTools.ttLib import TTFont

    with TTFont(fonts.path(), lazy=True) as font:
        said = font["name"]
        said.names = [name for name in said.names if name.nameID in _NAMES]
        return font.getGlyphOrder(), {tag: font[tag] for tag in ("glyf", "hmtx")}, said


def subset(text: str) -> bytes:
    """Cut the font that is shipped with the charts to the characters of a text.

    Parameters
    ----------
    text : str
        All that is to be set; characters that the font lacks are left to the reader's fonts.

    Notes
    -----
    WOFF2 would be a quarter smaller and take three times as long: a third of writing a page.

    Examples
    --------
    >>> subset("达标 90%")[:4]
    b'wOFF'
    """
    from fontTools import subset as cutter
    from fontTools.ttLib import TTFont

    options = cutter.Options(
        flavor="woff", layout_features=["kern", "tnum", "halt", "chws"], drop_tables=["name"]
    )
    # glyphs are kept as they are: their boxes need no reckoning, which takes as long as all else
    kept = {"recalcTimestamp": False, "recalcBBoxes": False}
    names, tables, said = _read()
    with TTFont(fonts.path(), lazy=True, **kept) as font:
        font.setGlyphOrder([*names])
        # a cut leaves glyphs out; it would renumber those made of others, of which there are none
        font.tables |= {tag: copy(table) for tag, table in tables.items()}
        worker = cutter.Subsetter(options)
        worker.populate(text=text)
        worker.subset(font)
        font["name"] = said  # a cutter would look for those that the layout tables refer to
        buffer = io.BytesIO()
        font.flavor = "woff"
        font.save(buffer)
    return buffer.getvalue()


def css(text: str) -> str:
    """Give the ``@font-face`` rule that embeds the characters of a text under `fonts.FAMILY`."""
    encoded = base64.b64encode(subset(text)).decode("ascii")
    return (
        f'@font-face{{font-family:"{fonts.FAMILY}";font-weight:400;font-display:block;'
        f'src:url("data:font/woff;base64,{encoded}") format("woff")}}'
    )
