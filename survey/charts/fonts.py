"""The font of all charts: the one shipped, or the analyst's own, and what stands in for the rest.

Texts are measured and outlined here, character by character, so that a chart needs no renderer to
know how wide its names are.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey import settings
from survey.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

FAMILY = "Survey Sans SC"
"""Family name of the shipped font; it has one weight, so nothing is drawn bold."""
_OTHERS = ("DejaVu Sans",)
_RARE = ("Noto Sans CJK SC", "SimSun-ExtB", "HanaMinB", "Segoe UI Emoji", "Noto Emoji", "Symbola")
"""Where a system has them, they hold the rarest characters of names, and pictographs."""
STAND_IN = "□"
"""Drawn for a character that no font at hand holds; texts of a page keep the character."""
EM = 100.0
"""Size in points at which characters are measured."""


def path() -> Path:
    """Give the shipped font file, for example to embed a subset of it in a page.

    Examples
    --------
    >>> path().name
    'SurveySansSC-Regular.ttf'
    """
    return Path(__file__).parent / "fonts" / "SurveySansSC-Regular.ttf"


@cache
def add(file: Path) -> str:
    """Make a font file known to matplotlib and give its family; global settings stay as they are.

    Raises
    ------
    UsageError
        If it is no font file.
    """
    from matplotlib.font_manager import fontManager, ttfFontProperty
    from matplotlib.ft2font import FT2Font

    try:
        name: str = ttfFontProperty(FT2Font(str(file))).name
        fontManager.addfont(file)
    except (OSError, RuntimeError) as error:
        raise UsageError(
            zh=f"font={str(file)!r} 不是字体文件（.ttf 或 .otf）。",
            en=f"font={str(file)!r} is no font file (.ttf or .otf).",
        ) from error
    return name


def families() -> tuple[str, ...]:
    """Give the families in the order in which a character is looked for.

    Examples
    --------
    >>> families()
    ('Survey Sans SC', 'DejaVu Sans')
    """
    return _families(settings.current().font)


@cache
def _families(chosen: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((add(Path(chosen or path())), add(path()), *_OTHERS)))


def use_font(file: str | Path | None = None) -> str:
    """Set charts, and what the analyst draws with matplotlib, in a font that holds Chinese.

    Parameters
    ----------
    file : path, optional
        A TrueType or OpenType file; by default the font that is shipped.

    Returns
    -------
    str
        Its family name, now the first of matplotlib's ``font.family``.

    Raises
    ------
    UsageError
        If it is no font file.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     use_font(), mpl.rcParams["font.family"][0]
    ('Survey Sans SC', 'Survey Sans SC')
    """
    import matplotlib as mpl

    if file is not None:
        add(Path(file))
    settings.options(font=file or "")
    mpl.rcParams["font.family"] = list(families())
    return families()[0]


@cache
def font(family: str) -> FT2Font:
    """Give the face of a family that is there, set to the size at which texts are measured.

    Raises
    ------
    ValueError
        If there is no such family.
    """
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    found = FT2Font(findfont(FontProperties(family=[family]), fallback_to_default=False))
    found.set_size(EM, 72)
    return found


@cache
def rare() -> tuple[str, ...]:
    """Give the families of this machine that hold characters which ours lack."""
    from matplotlib.font_manager import fontManager

    there = {entry.name for entry in fontManager.ttflist}
    return tuple(family for family in _RARE if family in there)


@lru_cache(maxsize=50_000)
def _home(char: str, chosen: tuple[str, ...]) -> str | None:
    """Give the first family that holds a character."""
    code = ord(char)
    return next((name for name in (*chosen, *rare()) if font(name).get_char_index(code)), None)


def drawable(text: str) -> str:
    """Put a box for every character that no font at hand holds.

    Examples
    --------
    >>> drawable("支部 A"), drawable("\U0010fffe")
    ('支部 A', '□')
    """
    return "".join(part for _, part in runs(text))


def runs(text: str) -> list[tuple[str, str]]:
    """Part a text into pieces of one family each, boxes for what no font holds.

    Examples
    --------
    >>> runs("支部a")
    [('Survey Sans SC', '支部a')]
    """
    chosen = families()
    parts: list[tuple[str, str]] = []
    for char in text:
        family = _home(char, chosen)
        if family is None:
            family, char = chosen[0], " " if char.isspace() else STAND_IN
        if parts and parts[-1][0] == family:
            parts[-1] = (family, parts[-1][1] + char)
        else:
            parts.append((family, char))
    return parts


def _load(char: str, family: str) -> Any:
    from survey.charts.outlines import UNHINTED

    return font(family).load_char(ord(char), flags=UNHINTED)


@lru_cache(maxsize=50_000)
def advance(char: str, family: str) -> float:
    """Give how far a character moves on, as a share of the size."""
    return round(float(_load(char, family).linearHoriAdvance) / 65536 / EM, 4)


@lru_cache(maxsize=20_000)
def _line_width(line: str, chosen: tuple[str, ...]) -> float:
    return sum(advance(char, family) for family, part in runs(line) for char in part)


def width(text: str, size: float) -> float:
    r"""Measure the widest line of a text, in points.

    Parameters
    ----------
    size : float
        Size of the font in points.

    Examples
    --------
    >>> width("支部", 10), width("党支部\n甲", 10)
    (20.0, 30.0)
    """
    chosen = families()
    return size * max(_line_width(line, chosen) for line in text.split("\n"))


@lru_cache(maxsize=20_000)
def outline(char: str, family: str) -> str:
    """Give the outline of a character as an SVG path at a size of `EM`, y upwards."""
    from survey.charts.outlines import path_data

    _load(char, family)
    return path_data(*font(family).get_path(), digits=1)
