"""Figures as SVG for pages and as files, the same bytes for the same figure."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from survey.charts import fonts, recording

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(href="#|url\(#)([^")]+)')
_COUNTED_ID = re.compile(r' id="([^"]+_\d+)"')
_TAG = re.compile(r"<[^>]*>")
_LONG_DECIMAL = re.compile(r"(\.\d\d)\d+")
_NO_ROTATION = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_GLOBAL_STYLE = re.compile(r'<defs>\s*<style type="text/css">\*\{([^}]*)\}</style>\s*</defs>')


def to_svg(figure: Figure, *, embed_text: bool, prefix: str | None = None) -> str:
    """Draw a figure as one SVG element.

    Parameters
    ----------
    figure : Figure
        What a chart has drawn on.
    embed_text : bool
        Keep texts as texts, for a page that carries the font `fonts.FAMILY`; otherwise every
        character becomes an outline and the picture needs no font.
    prefix : str, optional
        Put before every id, so that many pictures stand in one page; by default made from the
        picture's content.

    Returns
    -------
    str
        ``<svg …>…</svg>`` without XML declaration, date or version.

    Examples
    --------
    >>> from survey.charts import style
    >>> with style.offscreen():
    ...     text = to_svg(style.figure(1.0), embed_text=True)
    >>> text[:5], "dc:date" in text
    ('<svg ', False)
    """
    with recording.record(figure) as drawn:
        return element(drawn.svg(embed_text=embed_text), prefix)


def element(text: str, prefix: str | None = None) -> str:
    """Make one compact element of an SVG file; `prefix` as for `to_svg`."""
    text = _compact(text[text.index("<svg ") :])
    if prefix is None:
        prefix = "c" + hashlib.sha256(text.encode()).hexdigest()[:8]
    text = _ID.sub(rf'id="{prefix}-\1"', text)
    return _REFERENCE.sub(rf"\1{prefix}-\2", text)


def _compact(text: str) -> str:
    """Leave out what a page of many pictures would carry in vain: about half of the characters."""
    families = ", ".join(f"'{family}'" for family in fonts.FAMILIES)
    style = _GLOBAL_STYLE.search(text)
    if style is None:
        raise ValueError("matplotlib wrote no style for lines")
    # a style element inside a page would hold for the whole page
    text = _GLOBAL_STYLE.sub("", _METADATA.sub("", text))
    text = text.replace(f"font-family: {families}; ", "")
    text = text.replace("<svg ", f'<svg style="{style[1]}; font-family: {families}" ', 1)
    text = _NO_ROTATION.sub("", text)
    referenced = {match[1] for match in _REFERENCE.findall(text)}
    text = _COUNTED_ID.sub(lambda found: found[0] if found[1] in referenced else "", text)
    text = _TAG.sub(lambda tag: _LONG_DECIMAL.sub(r"\1", tag[0]).replace("\n", ""), text)
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and line != "<g/>")


def save(figure: Figure, folder: str | Path, name: str, *, dpi: float = 300) -> tuple[Path, Path]:
    """Write a figure as ``name.png`` and ``name.svg``.

    Parameters
    ----------
    figure : Figure
        What a chart has drawn on.
    folder : path
        Existing folder.
    name : str
        File name without extension.
    dpi : float
        Dots per inch of the PNG.

    Returns
    -------
    tuple of Path
        The PNG and the SVG.
    """
    png, svg = Path(folder) / f"{name}.png", Path(folder) / f"{name}.svg"
    with recording.record(figure) as drawn:
        png.write_bytes(to_png(drawn.dots(dpi), dpi))
        text = element(drawn.svg(embed_text=False))
    svg.write_text(text + "\n", encoding="utf-8", newline="\n")
    return png, svg


def to_png(dots: NDArray[np.uint8], dpi: float) -> bytes:
    """Write dots with 256 colours: a third of the size, and no eye can tell.

    Parameters
    ----------
    dots : array of shape (height, width, 4)
        As `recording.Recording.dots` gives them.
    dpi : float
        Dots per inch.
    """
    picture = Image.fromarray(dots).convert("RGB")
    picture = picture.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # the mean of white and almost white is no longer white: set the paper's colour right
    palette, paper = picture.getpalette() or [], picture.getpixel((0, 0))
    assert isinstance(paper, int)
    palette[3 * paper : 3 * paper + 3] = [255, 255, 255]
    picture.putpalette(palette)
    png = io.BytesIO()
    picture.save(png, "png", dpi=(dpi, dpi), compress_type=zlib.Z_RLE)
    return png.getvalue()
