"""Texts in charts: names wrapped into lines, answers over people."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from questionnaires.language import say
from survey import formats
from survey.charts import fonts
from survey.errors import Language

_NO_LINE_START = frozenset("）〕】》」』，。、；：？！%）)]},.;:?!·")
_NO_LINE_END = frozenset("（〔【《「『([{")
_LINE_END = frozenset("院系部处室所会心司局班组委）〕】》) ·，、；：。")


def title(language: Language) -> str:
    """Name the column that holds the titles of dimensions and items in a language."""
    return say(language, "title", "title_en")


def width(text: str) -> float:
    """Measure a text in half-width columns: a Chinese character takes two.

    Examples
    --------
    >>> width("支部")
    4.0
    """
    return 2 * fonts.width(text, 1.0)


def pieces(text: str) -> list[str]:
    """Cut a text into the pieces between which a line may break."""
    found: list[str] = []
    for char in text:
        last = found[-1][-1] if found else ""
        latin = char.isascii() and char != " " and last.isascii()
        glued = char in _NO_LINE_START or last in _NO_LINE_END or latin
        if last and glued and last != " ":
            found[-1] += char
        else:
            found.append(char)
    return found


def _no_longer(piece: str, columns: float) -> list[str]:
    """Part a word that is longer than a line."""
    parts = [""]
    for char in piece:
        if parts[-1] and width(parts[-1] + char) > columns:
            parts.append("")
        parts[-1] += char
    return parts


@lru_cache(maxsize=20_000)
def wrap(text: str, columns: float = 32) -> str:
    """Break a name into as few lines as possible, if possible behind a word; nothing is cut.

    Parameters
    ----------
    columns : float
        Longest line in half-width columns.

    Returns
    -------
    str
        The name with line breaks. A closing bracket never begins a line, a Latin word stays whole
        unless it is longer than a line.

    Examples
    --------
    >>> print(wrap("计算机科学与技术学院教工第一党支部", 28))
    计算机科学与技术学院
    教工第一党支部
    """
    if "\n" in text:
        return "\n".join(wrap(line, columns) for line in text.split("\n"))
    if width(text) <= columns:
        return text
    parts = [part for word in pieces(text) for part in _no_longer(word, columns)]
    widths = [width(part) for part in parts]
    # best[i] = (cost, start of the last line) of the pieces before i; a line costs far more than
    # a ragged edge, and a break inside a word more than the raggedness it saves
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(parts) + 1):
        natural = (
            end == len(parts)
            or (end > 1 and parts[end - 1][-1] in _LINE_END)
            or parts[end][0] in _NO_LINE_END
        )
        options = []
        for start in range(end - 1, -1, -1):
            room = columns - sum(widths[start:end])
            if room < 0 and start < end - 1:
                break
            cost = 1e4 + max(room, 0) ** 2 + (0 if natural else 150)
            options.append((best[start][0] + cost, start))
        best.append(min(options))
    lines: list[str] = []
    end = len(parts)
    while end:
        start = best[end][1]
        lines.append("".join(parts[start:end]).strip())
        end = start
    return "\n".join(reversed(lines))


def count(n: object, population: object) -> str:
    """Write answers over people, or answers alone where nobody knows of how many.

    Examples
    --------
    >>> count(24, 30), count(24, pd.NA)
    ('24/30', '24')
    """
    return f"{n}" if pd.isna(population) else f"{n}/{population}"  # type: ignore[call-overload]


def estimates(frame: pd.DataFrame, language: Language, *, digits: int = 1) -> list[str]:
    """Write the contributions of a frame with their intervals, as `formats.estimate` does."""
    rows = zip(frame["contribution"], frame["low"], frame["high"], strict=True)
    return [formats.estimate(*row, language, digits=digits) for row in rows]
