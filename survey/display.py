"""Frames for people: names in their language, verdicts in words, colours where they help."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from html import escape
from typing import Any

import pandas as pd

from survey import formats, vocabulary
from survey.errors import Language

_VERDICTS = ("verdict", "side", "verdict_joint")
_WORDS: dict[Hashable, Callable[..., str]] = {
    **dict.fromkeys(_VERDICTS, vocabulary.joint),
    **dict.fromkeys(("estimator", "method"), vocabulary.estimator),
    "change": vocabulary.change,
    "reason": vocabulary.reason,
}
_YES_NO: dict[Language, dict[bool, str]] = {
    "zh": {True: "是", False: "否"},
    "en": {True: "yes", False: "no"},
}
MOST_ROWS = 50
"""Rows that a notebook shows of a result."""


def labelled(frame: pd.DataFrame, language: Language = "zh") -> pd.DataFrame:
    """Name columns, verdicts and changes of a result's frame in words; numbers stay numbers.

    Examples
    --------
    >>> labelled(pd.DataFrame({"branch": ["A"], "rate": [0.9], "verdict": ["meets"]}))
      支部  满意率  判定
    0  A  0.9  达标
    """
    named = {}
    for name in frame:
        column = frame[name]
        if name in _WORDS:
            column = column.map(partial(_WORDS[name], language=language), na_action="ignore")
        elif pd.api.types.is_bool_dtype(column):
            column = column.map(_YES_NO[language], na_action="ignore")
        named[vocabulary.column(str(name), language)] = column
    return pd.DataFrame(named, index=frame.index)


def display(frame: pd.DataFrame, language: Language = "zh") -> pd.DataFrame:
    """Put a result's frame into words: names, verdicts, percentages with one decimal, ``—``.

    Examples
    --------
    >>> display(pd.DataFrame({"branch": ["A"], "rate": [0.9], "verdict": ["meets"]}))
      支部    满意率  判定
    0  A  90.0%  达标
    """
    # Reliability has limits of a coefficient, everything else limits of a share.
    is_coefficient = "alpha" in frame
    other = "title_en" if language == "zh" else "title"
    frame = frame.drop(columns=[other], errors="ignore").rename(columns={"title_en": "title"})
    shown = {}
    for name, (label, column) in zip(frame, labelled(frame, language).items(), strict=True):
        kind = vocabulary.kind(str(name))
        if kind == "coefficient" or (is_coefficient and name in ("low", "high")):
            column = column.map(formats.decimal, na_action="ignore")
        elif kind == "p_value":
            column = column.map(formats.p_value, na_action="ignore")
        elif kind == "share":
            column = column.map(
                lambda share: formats.percent(share, language=language), na_action="ignore"
            )
        elif pd.api.types.is_float_dtype(column):
            column = column.map(lambda value: f"{value:.4g}", na_action="ignore")
        shown[label] = column.astype(object).where(column.notna(), "—")
    return pd.DataFrame(shown, index=frame.index)


def html(
    frame: pd.DataFrame,
    language: Language = "zh",
    *,
    columns: Sequence[str] | None = None,
    caption: str = "",
    bar: float | None = None,
) -> str:
    """Show a result in a notebook: names unbroken, verdicts coloured, intervals drawn.

    Of `columns` those the frame has are shown; with a `bar` every row has a small picture of its
    interval, its rate and the bar.
    """
    from survey.palette import STANDARD

    chosen = [name for name in columns or frame.columns if name in frame]
    part = frame[chosen].head(MOST_ROWS)
    words = {vocabulary.verdict(code, language): code for code in vocabulary.VERDICTS}
    verdicts: list[Hashable] = [
        vocabulary.column(name, language) for name in _VERDICTS if name in part
    ]

    def colour(text: object) -> str:
        code = words.get(str(text))
        return f"color: {STANDARD.verdict(code).colour}; font-weight: 600" if code else ""

    shown = display(part, language)
    texts: list[Hashable] = list(shown.columns)
    if bar is not None:
        ends = frame.loc[part.index, ["lower", "upper", "rate", "verdict"]].astype(object)
        shown[""] = [
            _interval_picture(low, high, rate, bar, STANDARD.verdict(code).colour)
            for low, high, rate, code in ends.itertuples(index=False)
        ]
    left = len(frame) - len(part)
    more = f"（另有 {left} 行）" if language == "zh" else f" ({left} more rows)"
    styled = shown.style.hide(axis="index").map(colour, subset=verdicts)
    styled = styled.set_caption(escape(caption) + (more if left else ""))
    nowrap: Any = [{"selector": "td, th", "props": "white-space: nowrap; text-align: left"}]
    # A branch's name may be whatever a respondent typed.
    return str(styled.set_table_styles(nowrap).format(escape="html", subset=texts).to_html())


def _interval_picture(low: Any, high: Any, rate: Any, bar: float, colour: str) -> str:
    """Draw an interval from 0 to 1 as a small inline SVG; nothing where it is withheld."""
    if pd.isna(low):
        return ""
    return (
        "<svg width='104' height='12' role='img'>"
        f"<line x1='{2 + 100 * bar:.1f}' x2='{2 + 100 * bar:.1f}' y1='0' y2='12' stroke='#1F2328' "
        "stroke-dasharray='2 2'/>"
        f"<line x1='{2 + 100 * low:.1f}' x2='{2 + 100 * high:.1f}' y1='6' y2='6' stroke='{colour}' "
        "stroke-width='3'/>"
        f"<circle cx='{2 + 100 * rate:.1f}' cy='6' r='3' fill='{colour}'/></svg>"
    )
