"""The table of units, as several sections and the branches' own pages show it."""

from __future__ import annotations

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.charts.units import worst_first
from survey.errors import Language
from survey.report.document import Column, Table
from survey.report.tables import bounds_column, columns, table
from survey.report.texts import sentence
from survey.report.wording.phrases import Row, has_roster, rows
from survey.results import Satisfaction

SHOWN = 0.0005
"""Shares that differ by less look alike in print."""


def satisfaction(
    result: Satisfaction, name: str, language: Language, *, text: str = "", folded: bool = False
) -> Table:
    """Make the table of units with their rate, bounds and verdict, those below the bar first.

    Parameters
    ----------
    result : Satisfaction
        Of branches, roles or both.
    name, text, folded
        As in `survey.report.tables.table`.
    """
    frame = worst_first(result.frame) if set(result.by) - {"role"} else result.frame.copy()
    frame["why"] = [why(row, result, language) for row in rows(frame)]
    rostered = has_roster(result)
    is_other = ((frame["rate"] - frame["share_of_answers"]).abs() > SHOWN).any()
    unprinted = "n_satisfied", *(("share_of_answers",) if is_other else ())
    shown = (
        *result.by,
        *(("population",) if rostered else ()),
        "n_valid",
        *(("response_rate",) if rostered else ()),
        *columns(language, *unprinted, unprinted=True),
        *columns(language, "rate", bar=result.bar),
        bounds_column(result.alpha, language, result.bar),
        "verdict",
        *_for_the_workbook(frame, result, language),
    )
    is_of, searched = "".join(result.by[-1:]), result.by == ("branch",)
    return table(
        language, name, frame, shown, text=text, folded=folded, searchable=searched, by=is_of
    )


def _for_the_workbook(
    frame: pd.DataFrame, result: Satisfaction, language: Language
) -> tuple[Column, ...]:
    """Add what few readers ask for, and put its codes into words."""
    added: list[str] = []
    words = {"estimator": vocabulary.estimator, "verdict_joint": vocabulary.joint}
    for name, word in words.items():
        wanted = name in frame and (name != "estimator" or frame[name].dropna().nunique() > 1)
        if wanted:
            frame[name] = frame[name].map(lambda code, w=word: w(code, language), "ignore")
            added.append(name)
    if frame["why"].ne("").any():
        added.append("why")
    return columns(language, *added, unprinted=True)


def verdict_alone(result: Satisfaction, language: Language) -> str:
    """Say why units have a verdict and no figures; empty where there are none.

    Examples
    --------
    >>> frame = pd.DataFrame({"role": ["党员"], "verdict": ["meets"], "rate": [None]})
    >>> verdict_alone(Satisfaction(frame, ("role",), "0.9", 0.05, None, "exact", 5, ()), "zh")[:12]
    '党员只公布判定，不公布数'
    """
    alone = result.frame[(result.frame["verdict"] != "withheld") & result.frame["rate"].isna()]
    if "n_valid" in alone:
        alone = alone[alone["n_valid"].ne(0).fillna(True)]
    if alone.empty or not result.by:
        return ""
    names = [" · ".join(map(str, name)) for name in alone[[*result.by]].itertuples(index=False)]
    return sentence(language, "units.verdict_alone", names=formats.listing(names, language))


def why(row: Row, result: Satisfaction, language: Language) -> str:
    """Say in few words why a unit is open or to be read with care; empty for most."""
    parts = []
    if row["verdict"] == "inconclusive" and formats.present(row["reason"]):
        parts.append(vocabulary.reason(str(row["reason"]), language))
    if (
        formats.number(row["response_rate"]) < vocabulary.LOW_RESPONSE
        and row["verdict"] != "withheld"
    ):
        parts.append(say(language, "回收率不到一半", "under half responded"))
    return say(language, "；", "; ").join(filter(None, parts))
