"""Figures as SVG for pages and as files, the same bytes for the same figure."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(href="#|url\(#)([^")]+)')


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
    buffer = io.StringIO()
    settings: dict[Any, Any] = {
        "svg.fonttype": "none" if embed_text else "path",
        "svg.hashsalt": "survey",
    }
    with mpl.rc_context(settings):
        figure.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None}, facecolor="none"
        )
    text = buffer.getvalue()
    text = text[text.index("<svg ") :].rstrip()
    if prefix is None:
        prefix = "c" + hashlib.sha256(text.encode()).hexdigest()[:8]
    text = _ID.sub(rf'id="{prefix}-\1"', text)
    return _REFERENCE.sub(rf"\1{prefix}-\2", text)


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
    figure.savefig(png, dpi=dpi, metadata={"Software": None})
    text = to_svg(figure, embed_text=False)
    svg.write_text(text + "\n", encoding="utf-8", newline="\n")
    return png, svg
