"""Annex: branches against one another, by the funnel and by ranks with their intervals."""

from __future__ import annotations

import numpy as np

from analysis.many.pooling import SIGN_RATE
from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.columns import interval_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.texts import sentence
from survey.results import Findings, Ranking


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the funnel and the ranks; nothing where there is one branch."""
    result, ranked = findings.tables["branch",], findings.ranking
    if len(result.frame) < 2:
        return ()
    title = say(language, "满意率与有效回答人数（漏斗图）", "Funnel plot")
    funnel = Picture("funnel", title, "funnel", result, "branches")
    if ranked is None:
        return (funnel,)
    ranks = say(language, "名次的区间", "Ranks with intervals")
    return (
        Text(sides(ranked, language)),
        funnel,
        Text(ranking(ranked, language)),
        Picture("ranks", ranks, "ranks", ranked, "ranking"),
        table(ranked, language),
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


def table(result: Ranking, language: Language) -> Table:
    """Make the table of branches under one model, in the order of their names as given."""
    interval = interval_column(result.level, language)
    columns = (
        Column("branch", label("branch", language)),
        Column("n_valid", label("n_valid", language), "count"),
        Column("rate", label("rate", language), "share"),
        Column("pooled_rate", label("pooled_rate", language), "share"),
        Column("pooled_low", interval.label, "interval", "pooled_high"),
        Column("p_at_bar", label("p_at_bar", language), "share"),
        Column("verdict", label("verdict", language), "verdict"),
        Column("side", label("side", language), "verdict"),
        Column(
            "rank_low", say(language, "名次区间", "Rank interval"), "rank_interval", "rank_high"
        ),
    )
    caption = say(language, "同一模型下的各党支部", "Branches under one model")
    sheet = say(language, "多支部比较", "Comparison")
    return Table("ranking", sheet, caption, result.frame, columns, folded=True)
