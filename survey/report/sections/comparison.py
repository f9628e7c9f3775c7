"""Annex: branches against one another, by the funnel and by ranks with their intervals."""

from __future__ import annotations

import numpy as np

from survey.errors import Language
from survey.report import formats
from survey.report.columns import interval_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.wording.phrases import say
from survey.results import Findings, Ranking, Satisfaction

FEW_TO_POOL = 20


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the funnel and the ranks; nothing where there is one branch."""
    result, ranked = findings.tables["branch",], findings.ranking
    if len(result.frame) < 2:
        return ()
    title = say(language, "满意率与有效回答人数（漏斗图）", "Funnel plot")
    blocks: list[Block] = [
        Text(adjusted(result, language)),
        Picture("funnel", title, "funnel", result, "branches"),
    ]
    if ranked is None:
        return tuple(blocks)
    ranks = say(language, "名次的区间", "Ranks with intervals")
    return (
        *blocks,
        Text(ranking(ranked, language)),
        Picture("ranks", ranks, "ranks", ranked, "ranking"),
        table(ranked, language),
    )


def adjusted(result: Satisfaction, language: Language = "zh") -> str:
    """Say how many verdicts stand when all are judged together; empty where none was given."""
    after = result.frame["verdict_fdr"].value_counts()
    if not result.frame["verdict"].isin(["meets", "below"]).any():
        return ""
    return say(
        language,
        "对各党支部一并校正（所作判定中出错的预期比例不超过 {error}）后，仍有 {meets} 个达标、"
        "{below} 个未达标。",
        "After correction for judging many branches at once (expected share of wrong ones among "
        "the verdicts given at most {error}), {meets} still meet the bar and {below} are below it.",
        error=formats.level(result.alpha),
        meets=int(after.get("meets", 0)),
        below=int(after.get("below", 0)),
    )


def ranking(result: Ranking, language: Language = "zh") -> str:
    """Say what ranks can and cannot tell; empty where there is none."""
    frame = result.frame.dropna(subset=["rank_low", "rank_high"])
    if frame.empty:
        return ""
    held = np.ceil(frame["rank_high"]) - np.floor(frame["rank_low"]) + 1
    text = say(
        language,
        "{n} 个党支部放在同一模型中比较（平均满意率 {mean}，支部内相关 {icc}）。名次的 {level} 区间"
        "一般包含 {places} 个名次；名次相近的支部一般不能分出先后，本报告不作排名。",
        "{n} branches under one model (mean rate {mean}, intra-branch correlation {icc}). A rank's "
        "{level} interval typically holds {places} places; neighbours can rarely be told apart, "
        "and this report gives no league table.",
        n=len(frame),
        mean=formats.percent(result.mean),
        icc=formats.decimal(result.overdispersion, 3),
        level=formats.level(result.level),
        places=formats.decimal(held.median(), 0),
    )
    if len(frame) >= FEW_TO_POOL:
        return text
    return text + say(
        language,
        "党支部不足 {few} 个，模型的均值与离散程度本身也不确定；区间没有计入这一点，可能偏窄。",
        " With fewer than {few} branches the model's mean and spread are themselves uncertain; the "
        "intervals do not allow for that and may be too narrow.",
        few=FEW_TO_POOL,
    )


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
        Column(
            "rank_low", say(language, "名次区间", "Rank interval"), "rank_interval", "rank_high"
        ),
    )
    caption = say(language, "同一模型下的各党支部", "Branches under one model")
    sheet = say(language, "多支部比较", "Comparison")
    return Table("ranking", sheet, caption, result.frame, columns, folded=True)
