"""Paths and characters as SVG draws them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import ft2font
from matplotlib.path import Path

# at the sizes of print hinting only moves strokes away from where they belong
UNHINTED: Any = (
    ft2font.LoadFlags.NO_HINTING
    if hasattr(ft2font, "LoadFlags")
    else getattr(ft2font, "LOAD_NO_HINTING")  # noqa: B009 - releases before 3.10
)

_COMMANDS = {
    int(Path.MOVETO): ("M", 1),
    int(Path.LINETO): ("L", 1),
    int(Path.CURVE3): ("Q", 2),
    int(Path.CURVE4): ("C", 3),
}
"""Letter of a command and the points it takes."""


def path_data(vertices: Any, codes: Any, height: float | None = None, *, digits: int = 2) -> str:
    """Write a path as SVG does.

    Parameters
    ----------
    vertices, codes : array
        As in `matplotlib.path.Path`; without codes a line from point to point.
    height : float, optional
        Of the paper, to count from its top.
    digits : int
        Decimals that are kept.

    Examples
    --------
    >>> path_data([(0, 0), (10, 5)], None, 20)
    'M0 20L10 15'
    """
    points = np.asarray(vertices, float)
    if height is not None:
        points = points * (1, -1) + (0, height)
    if codes is None:
        codes = [Path.MOVETO] + [Path.LINETO] * (len(points) - 1)
    written, i = [], 0
    # numbers of NumPy's are slow to write
    texts = [f"{x:.5g} {y:.5g}" for x, y in (np.round(points, digits) + 0.0).tolist()]
    while i < len(texts):
        code = int(codes[i])
        if code == Path.CLOSEPOLY:
            written.append("Z")
            i += 1
        elif code == Path.STOP:
            break
        else:
            letter, length = _COMMANDS[code]
            written.append(letter + " ".join(texts[i : i + length]))
            i += length
    return "".join(written)
