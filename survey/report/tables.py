"""Tables of units, ranks, reliability, screening and files: columns, names, kinds of number."""

from __future__ import annotations

import dataclasses

import pandas as pd

from survey import vocabulary
from survey.errors import Language
from survey.readers.detection import platforms
from survey.report.columns import Labels, bounds_column, level_heading
from survey.report.document import Column, Table
from survey.report.wording import branches as branch_wording
from survey.report.wording import quality
from survey.report.wording.phrases import has_roster, rows, say
from survey.results import (
    Findings,
    Ranking,
    Reliability,
    Satisfaction,
)

SHOWN = 0.0005
"""Shares that differ by less look alike in print."""


def satisfaction(
    result: Satisfaction, *, name: str, sheet: str, caption: str, language: Language
) -> Table:
    """Make the table of units with their rate, interval and verdict.

    Parameters
    ----------
    result : Satisfaction
        Of branches, roles or both.
    name, sheet, caption : str
        As in `Table`.
    language : {"zh", "en"}
        Language of headings and reasons.
    """
    label = Labels(language).of
    frame = result.frame.copy()
    frame["why"] = [branch_wording.remark(row, result, language) for row in rows(frame)]
    rostered = has_roster(result)
    columns = [Column(unit, label(unit)) for unit in result.by]
    if rostered:
        columns.append(Column("population", label("population"), "count"))
    columns.append(Column("n_valid", label("n_valid"), "count"))
    if rostered:
        columns.append(Column("response_rate", label("response_rate"), "share", minor=True))
    columns += [
        Column("n_satisfied", label("n_satisfied"), "count", minor=True),
        Column("rate", label("rate"), "share", bar=result.bar),
        bounds_column(result.alpha, language, result.bar),
        Column("verdict", label("verdict"), "verdict"),
    ]
    differs = (frame["rate"] - frame["share_of_answers"]).abs() > SHOWN
    if differs.any():
        place = [column.name for column in columns].index("rate")
        share = Column("share_of_answers", label("share_of_answers"), "share", minor=True)
        columns.insert(place, share)
    if frame["estimator"].dropna().nunique() > 1:
        frame["estimator"] = frame["estimator"].map(
            lambda code: vocabulary.estimator(code, language), na_action="ignore"
        )
        columns.append(Column("estimator", label("estimator"), minor=True))
    if len(frame) > 1 and "branch" in result.by and "role" not in result.by:
        columns.append(Column("verdict_fdr", label("verdict_fdr"), "verdict"))
        if "verdict_joint" in frame:
            frame["verdict_joint"] = frame["verdict_joint"].map(
                lambda code: vocabulary.joint(code, language), na_action="ignore"
            )
            columns.append(Column("verdict_joint", label("verdict_joint")))
    columns.append(Column("why", label("why")))
    searchable = result.by == ("branch",)
    return Table(name, sheet, caption, frame, tuple(columns), searchable)


def everyone(findings: Findings, language: Language) -> Table:
    """Make the table of the university and of each role."""
    parts = [findings.tables[()].frame.assign(unit=say(language, "全校", "University"))]
    if ("role",) in findings.tables:
        parts.append(
            findings.tables["role",].frame.assign(unit=findings.tables["role",].frame["role"])
        )
    table = satisfaction(
        dataclasses.replace(findings.tables[()], frame=pd.concat(parts, ignore_index=True)),
        name="everyone",
        sheet=say(language, "全校", "University"),
        caption=say(language, "全校满意率", "Satisfaction of the university")
        if ("role",) not in findings.tables
        else say(language, "全校及两类人员的满意率", "Satisfaction of all and of each role"),
        language=language,
    )
    unit = Column("unit", say(language, "范围", "Unit"))
    shown = tuple(column for column in table.columns if column.name != "why")
    return dataclasses.replace(table, columns=(unit, *shown))


def nonresponse(result: Satisfaction, language: Language) -> Table:
    """Make the table of response rates and of what the silent could change."""
    label = Labels(language).of
    columns = (
        Column("branch", label("branch")),
        Column("population", label("population"), "count"),
        Column("n_responses", label("n_responses"), "count"),
        Column("n_valid", label("n_valid"), "count"),
        Column("n_missing", label("n_missing"), "count"),
        Column("n_not_applicable", label("n_not_applicable"), "count"),
        Column("response_rate", label("response_rate"), "share"),
        Column("bound_low", label("bound_low"), "share"),
        Column("bound_high", label("bound_high"), "share"),
        Column("break_even", label("break_even"), "share"),
    )
    caption = say(language, "回收率与未回收的影响", "Response rates and the silent")
    return Table(
        "nonresponse_table",
        say(language, "回收率", "Response"),
        caption,
        result.frame,
        columns,
        folded=True,
    )


def ranking(result: Ranking, language: Language) -> Table:
    """Make the table of branches under one model, in the order of their names as given."""
    label = Labels(language).of
    columns = (
        Column("branch", label("branch")),
        Column("n_valid", label("n_valid"), "count"),
        Column("rate", label("rate"), "share"),
        Column("pooled_rate", say(language, "模型满意率", "Pooled rate"), "share"),
        Column(
            "pooled_low", level_heading(label("interval"), result.level), "interval", "pooled_high"
        ),
        Column("p_at_bar", say(language, "达到标准的概率", "P(meets the bar)"), "share"),
        Column(
            "rank_low", say(language, "名次区间", "Rank interval"), "rank_interval", "rank_high"
        ),
    )
    caption = say(language, "同一模型下的各支部", "Branches under one model")
    sheet = say(language, "多支部比较", "Comparison")
    return Table("ranking", sheet, caption, result.frame, columns, folded=True)


def reliability(result: Reliability, language: Language) -> Table:
    """Make the table of reliability."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("dimension")),
        Column("n_items", say(language, "指标数", "Items"), "count"),
        Column("n_used", label("n"), "count"),
        Column("alpha", "Cronbach α", "decimal"),
        Column("low", label("low"), "decimal"),
        Column("high", label("high"), "decimal"),
        *(Column(name, label(name), "decimal") for name in ("omega", "omega_low", "omega_high")),
        Column("n_against", label("n_against"), "count"),
    )
    caption = say(language, "各维度的信度", "Reliability by dimension")
    return Table(
        "reliability_table", say(language, "信度", "Reliability"), caption, result.frame, columns
    )


def screening(findings: Findings, language: Language) -> Table:
    """Make the table of rows removed and rows flagged, by rule."""
    label = Labels(language).of
    removed = findings.removed.assign(action=say(language, "剔除", "removed"))
    flagged = findings.flagged.assign(action=say(language, "保留并标记", "kept, flagged"))
    frame = pd.concat([removed, flagged], ignore_index=True)
    frame["rule"] = [quality.rule(row, language) for row in rows(frame)]
    columns = (
        Column("rule", label("rule")),
        Column("action", label("action")),
        Column("n", say(language, "答卷数", "Answers"), "count"),
    )
    caption = say(language, "答卷筛查", "Screening")
    return Table("screening", say(language, "筛查", "Screening"), caption, frame, columns)


def files(findings: Findings, language: Language) -> Table:
    """Make the table of input files with their fingerprints."""
    label = Labels(language).of
    kinds = {"export": ("问卷导出", "export"), "roster": ("名册", "roster")}
    frame = findings.files.assign(
        kind=[
            say(language, *kinds.get(str(kind), (str(kind), str(kind))))
            for kind in findings.files["kind"]
        ],
        platform=findings.files["platform"].map(
            {name: platform.title for name, platform in platforms().items()}
        ),
    )
    columns = (
        Column("file", label("file")),
        Column("kind", say(language, "用途", "Kind")),
        Column("platform", say(language, "来源", "Platform")),
        Column("n_rows", say(language, "行数", "Rows"), "count"),
        Column("sha256", "SHA-256"),
    )
    caption = say(language, "输入文件", "Input files")
    return Table("files", say(language, "文件", "Files"), caption, frame, columns)
