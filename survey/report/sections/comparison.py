"""Annex: branches against one another, by the funnel and by ranks with their intervals."""

from __future__ import annotations

import numpy as np

from analysis.many.pooling import SIGN_RATE
from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.report.tables import interval_column, label, picture, table
from survey.report.texts import sentence
from survey.results import Findings, Ranking


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the funnel and the ranks; nothing where there is one branch."""
    result, ranked = findings.tables["branch",], findings.ranking
    if len(result.frame) < 2:
        return ()
    funnel = picture(language, "funnel", result, "branches")
    if ranked is None:
        return (funnel,)
    return (
        Text(sides(ranked, language)),
        funnel,
        Text(ranking(ranked, language)),
        picture(language, "ranks", ranked, "ranking"),
        ranks(ranked, language),
    )


def sides(result: Ranking, language: Language = "zh") -> str:
    """Say how many branches the model puts on a side of the bar, beside the verdicts."""
    counted = result.frame["side"].value_counts()
    return sentence(
        language,
        "comparison.sides",
        n=len(result.frame),
        meets=int(counted.get("meets", 0)),
        below=int(counted.get("below", 0)),
        error=formats.level(SIGN_RATE),
    )


def ranking(result: Ranking, language: Language = "zh") -> str:
    """Say what ranks can and cannot tell; empty where there is none."""
    frame = result.frame.dropna(subset=["rank_low", "rank_high"])
    if frame.empty:
        return ""
    held = np.ceil(frame["rank_high"]) - np.floor(frame["rank_low"]) + 1
    return sentence(
        language,
        "comparison.ranks",
        mean=formats.percent(result.mean),
        spread=formats.points(result.spread),
        size=_size(result, language),
        level=formats.level(result.level),
        places=formats.decimal(held.median(), 0),
    )


def _size(result: Ranking, language: Language) -> str:
    if not result.slope:
        return ""
    if result.slope < 0:
        return say(language, "，人多的党支部较低", ", large branches being lower")
    return say(language, "，人多的党支部较高", ", large branches being higher")


def ranks(result: Ranking, language: Language) -> Table:
    """Make the table of branches under one model, in the order of their names as given."""
    interval = interval_column(result.level, language).label
    rank = label("rank_interval", language)
    shown = (
        *("branch", "n_valid", "rate", "pooled_rate"),
        Column("pooled_low", interval, "interval", "pooled_high"),
        *("p_at_bar", "verdict", "side"),
        Column("rank_low", rank, "rank_interval", "rank_high"),
    )
    return table(language, "ranking", result.frame, shown, folded=True)
