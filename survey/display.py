"""Frames for people: names in their language, verdicts in words, colours where they help."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from survey import vocabulary
from survey.errors import Language

SHARES = frozenset(
    [
        "rate",
        "weighted_rate",
        "weighted_low",
        "weighted_high",
        "low",
        "high",
        "response_rate",
        "bound_low",
        "bound_high",
        "break_even",
        "contribution",
        "share",
        "solo",
        "last",
        "observed_rate",
        "predicted_rate",
        "floor_rate",
        "residual",
        "university",
        "difference",
        "change_in_rate",
        "difference_low",
        "difference_high",
        "pooled_rate",
        "pooled_low",
        "pooled_high",
        "p_at_bar",
        "rate_before",
        "rate_after",
        "response_rate_needed",
        "floor_share",
        "ceiling_share",
    ]
)
_VERDICTS = ("verdict", "verdict_fdr", "verdict_joint")


def labelled(frame: pd.DataFrame, language: Language = "zh") -> pd.DataFrame:
    """Name columns, verdicts and changes in words; numbers stay numbers.

    Parameters
    ----------
    frame : DataFrame
        A frame of `survey.results`.
    language : {"zh", "en"}
        Language of the names.

    Returns
    -------
    DataFrame
        Same rows and columns.

    Examples
    --------
    >>> labelled(pd.DataFrame({"branch": ["A"], "rate": [0.9], "verdict": ["meets"]}))
      支部  满意率  判定
    0  A  0.9  达标
    """
    named = {}
    for name in frame:
        column = frame[name]
        if name in _VERDICTS:
            column = column.map(lambda code: vocabulary.verdict(code, language), na_action="ignore")
        elif name == "change":
            column = column.map(lambda code: vocabulary.change(code, language))
        named[vocabulary.column(str(name), language)] = column
    return pd.DataFrame(named, index=frame.index)


def display(frame: pd.DataFrame, language: Language = "zh") -> pd.DataFrame:
    """Put a result's frame into words: column names, verdicts, percentages with one decimal.

    Parameters
    ----------
    frame : DataFrame
        A frame of `survey.results`.
    language : {"zh", "en"}
        Language of names and verdicts.

    Returns
    -------
    DataFrame
        Same rows and columns; shares are texts, missing figures are ``—``.

    Examples
    --------
    >>> display(pd.DataFrame({"branch": ["A"], "rate": [0.9], "verdict": ["meets"]}))
      支部    满意率  判定
    0  A  90.0%  达标
    """
    shown = {}
    for name, (label, column) in zip(frame, labelled(frame, language).items(), strict=True):
        if name in SHARES:
            column = column.map(lambda share: f"{share:.1%}", na_action="ignore")
        elif pd.api.types.is_float_dtype(column):
            column = column.map(lambda value: f"{value:.4g}", na_action="ignore")
        shown[label] = column.astype(object).where(column.notna(), "—")
    return pd.DataFrame(shown, index=frame.index)


def html(frame: pd.DataFrame, language: Language = "zh") -> str:
    """Show a result in a notebook: the displayed frame with the verdicts coloured."""
    from survey.charts.style import VERDICT_COLOURS

    words = {vocabulary.verdict(code, language): code for code in vocabulary.VERDICTS}
    verdicts: list[Hashable] = [
        vocabulary.column(name, language) for name in _VERDICTS if name in frame
    ]

    def colour(text: object) -> str:
        code = words.get(str(text))
        return f"color: {VERDICT_COLOURS[code]}; font-weight: 600" if code else ""

    styled = display(frame, language).style.hide(axis="index").map(colour, subset=verdicts)
    # A branch's name may be whatever a respondent typed.
    return str(styled.format(escape="html").to_html())
