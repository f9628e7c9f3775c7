"""Texts in charts: wrapped names, percentages, counts and intervals."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from survey.charts import fonts
from survey.errors import Language
from survey.rounding import digits_beside, half_up

MINUS = "−"
_NO_LINE_START = frozenset("）〕】》」』，。、；：？！%）)]},.;:?!·")
_NO_LINE_END = frozenset("（〔【《「『([{")
_LINE_END = frozenset("院系部处室所会心司局班组委）〕】》) ·，、；：。")


def say(language: Language, zh: str, en: str) -> str:
    """Choose the text of a language.

    Examples
    --------
    >>> say("en", "支部", "Branch")
    'Branch'
    """
    return zh if language == "zh" else en


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
    text : str
        The name.
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


def percent(value: float, *, sign: bool = False, bar: str = "") -> str:
    """Write a share as a percentage with one decimal, or a dash where there is none.

    Beside a bar that it is not a share has as many decimals as show it.

    Examples
    --------
    >>> percent(0.8667), percent(-0.031, sign=True), percent(float("nan"))
    ('86.7%', '−3.1%', '—')
    >>> percent(39 / 48), percent(269 / 299), percent(269 / 299, bar="0.9")
    ('81.3%', '90.0%', '89.97%')
    """
    if pd.isna(value):
        return "—"
    decimals = digits_beside(float(value), bar) if bar else 1
    return f"{points(value, sign=sign, decimals=decimals)}%"


def points(value: float, *, sign: bool = False, decimals: int = 1) -> str:
    """Write a share in percentage points with one decimal, with a true minus sign.

    Examples
    --------
    >>> points(0.037), points(-0.0004, sign=True), points(0.01, sign=True)
    ('3.7', '0.0', '+1.0')
    """
    if pd.isna(value):
        return "—"
    return half_up(100 * float(value), decimals, sign=sign).replace("-", MINUS)


def percent_short(value: float) -> str:
    """Write a round share without needless decimals, for bars and levels.

    Examples
    --------
    >>> percent_short(0.9), percent_short(0.925)
    ('90%', '92.5%')
    """
    return f"{100 * value:.6g}%"


def interval(low: float, high: float, language: Language = "zh", *, decimals: int = 1) -> str:
    """Write an interval in percentage points.

    Examples
    --------
    >>> interval(0.027, 0.047), interval(-0.01, 0.02, "en")
    ('2.7～4.7', '−1.0 to 2.0')
    """
    joint = say(language, "～", " to ")
    return f"{points(low, decimals=decimals)}{joint}{points(high, decimals=decimals)}"


def count(n: object, population: object) -> str:
    """Write answers over people, or answers alone where nobody knows of how many.

    Examples
    --------
    >>> count(24, 30), count(24, pd.NA)
    ('24/30', '24')
    """
    return f"{n}" if pd.isna(population) else f"{n}/{population}"  # type: ignore[call-overload]


def estimate(
    value: float, low: float, high: float, language: Language = "zh", *, decimals: int = 1
) -> str:
    """Write a number of percentage points with its interval.

    Examples
    --------
    >>> estimate(0.037, 0.027, 0.047), estimate(-0.01, -0.02, 0.01, "en")
    ('+3.7（2.7～4.7）', '−1.0 (−2.0 to 1.0)')
    """
    if pd.isna(value):
        return "—"
    inside = interval(low, high, language, decimals=decimals)
    return points(value, sign=True, decimals=decimals) + say(
        language, f"（{inside}）", f" ({inside})"
    )


def estimates(frame: pd.DataFrame, language: Language, *, decimals: int = 1) -> list[str]:
    """Write the contributions of a frame with their intervals, as `estimate` does."""
    rows = zip(frame["contribution"], frame["low"], frame["high"], strict=True)
    return [estimate(*row, language, decimals=decimals) for row in rows]


def level_text(level: float, language: Language) -> str:
    """Name a confidence interval.

    Examples
    --------
    >>> level_text(0.95, "zh"), level_text(0.95, "en")
    ('95% 区间', '95% interval')
    """
    return f"{100 * level:g}% " + say(language, "区间", "interval")
