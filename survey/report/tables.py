"""The tables of the report: which columns, under which names, with which kind of number."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pandas as pd

from questionnaires import Questionnaire
from survey import vocabulary
from survey.errors import Language
from survey.report import formats
from survey.report.document import Column, Kind, Table
from survey.report.wording import branches as branch_wording
from survey.report.wording import quality
from survey.report.wording.phrases import has_roster, rows, say
from survey.results import (
    Drivers,
    Findings,
    ItemResponses,
    Ranking,
    Reliability,
    Satisfaction,
)


@dataclass(frozen=True)
class Labels:
    """Headings of columns in one language."""

    language: Language

    def of(self, name: str) -> str:
        """Give a column's heading, with the words of this report before the general ones."""
        own = {
            "population": ("名册人数", "Population"),
            "interval": ("区间", "Interval"),
            "why": ("说明", "Why"),
        }
        if name in own:
            return say(self.language, *own[name])
        return vocabulary.column(name, self.language)


def _interval(label: str, kind: Kind = "interval") -> Column:
    return Column("low", label, kind, "high")


def _level(label: str, level: float) -> str:
    return f"{formats.level(level)} {label}"


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
        Column("rate", label("rate"), "share"),
        _interval(_level(label("interval"), result.level)),
        Column("verdict", label("verdict"), "verdict"),
    ]
    if len(frame) > 1 and "branch" in result.by and "role" not in result.by:
        columns.append(Column("verdict_fdr", label("verdict_fdr"), "verdict"))
        if "verdict_joint" in frame:
            columns.append(Column("verdict_joint", label("verdict_joint"), "verdict"))
    columns.append(Column("why", label("why")))
    searchable = result.by == ("branch",)
    return Table(name, sheet, caption, frame, tuple(columns), searchable)


def everyone(findings: Findings, language: Language) -> Table:
    """Make the table of the university and of each role."""
    parts = [findings.overall.frame.assign(unit=say(language, "全校", "University"))]
    if findings.by_role is not None:
        parts.append(findings.by_role.frame.assign(unit=findings.by_role.frame["role"]))
    table = satisfaction(
        dataclasses.replace(findings.overall, frame=pd.concat(parts, ignore_index=True)),
        name="everyone",
        sheet=say(language, "全校", "University"),
        caption=say(language, "全校满意率", "Satisfaction of the university")
        if findings.by_role is None
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


def drivers(result: Drivers, language: Language) -> Table:
    """Make the table of the dimensions."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("dimension")),
        Column("contribution", say(language, "相联系的不满意率（百分点）", "Points"), "points"),
        _interval(_level(label("interval"), result.level), "points_interval"),
        Column("last", say(language, "最后提高时（百分点）", "Raised last"), "points"),
        Column("solo", say(language, "单独提高时（百分点）", "Raised alone"), "points"),
        Column("distinguishable", say(language, "能否与 0 区分", "Differs from 0"), "text"),
    )
    frame = result.frame.assign(
        distinguishable=[
            say(language, "能", "yes") if flag else say(language, "不能", "no")
            for flag in result.frame["distinguishable"]
        ]
    )
    caption = say(language, "各维度相联系的不满意率", "Dissatisfaction by dimension")
    return Table("drivers_table", say(language, "构成", "Breakdown"), caption, frame, columns)


def driver_branches(result: Drivers, language: Language) -> Table:
    """Make the table of branches by dimensions, in percentage points."""
    label = Labels(language).of
    titles = dict(
        zip(
            result.frame["dimension"], result.frame[say(language, "title", "title_en")], strict=True
        )
    )
    wide = result.branches.pivot(index="branch", columns="dimension", values="contribution")
    frame = result.branch_totals.merge(wide.reset_index(), on="branch", how="left")
    hidden = frame["withheld"].astype(bool)
    numbers = ["observed_rate", "floor_rate", "residual"]
    frame[numbers] = frame[numbers].mask(hidden)
    columns = (
        Column("branch", label("branch")),
        Column("n", label("n"), "count"),
        Column("observed_rate", label("observed_rate"), "points"),
        Column("floor_rate", label("floor_rate"), "points"),
        *(Column(code, str(title), "points") for code, title in titles.items() if code in frame),
        Column("residual", label("residual"), "points"),
    )
    caption = say(
        language,
        "各支部不满意率的构成（百分点；不公布的留空）",
        "Breakdown by branch (percentage points; empty where withheld)",
    )
    sheet = say(language, "支部构成", "Breakdown by branch")
    return Table("driver_branches", sheet, caption, frame, columns, folded=True)


def driver_items(result: Drivers, language: Language) -> Table:
    """Make the table of the items within the dimensions."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("item")),
        Column("dimension_title", label("dimension")),
        Column("contribution", say(language, "相联系的不满意率（百分点）", "Points"), "points"),
        _interval(_level(label("interval"), result.level), "points_interval"),
    )
    titles = result.frame.set_index("dimension")[say(language, "title", "title_en")]
    frame = result.items.assign(dimension_title=result.items["dimension"].map(titles))
    caption = say(language, "各指标相联系的不满意率", "Dissatisfaction by item")
    sheet = say(language, "指标构成", "Breakdown by item")
    return Table("driver_items", sheet, caption, frame, columns, folded=True)


def items(result: ItemResponses, level: float, language: Language) -> Table:
    """Make the table of items with their rates."""
    label = Labels(language).of
    columns = (
        Column("number", say(language, "序号", "No."), "count"),
        Column(say(language, "title", "title_en"), label("item")),
        Column("dimension_title", label("dimension")),
        Column("n_valid", label("n_valid"), "count"),
        Column("n_not_applicable", label("n_not_applicable"), "count"),
        Column("n_missing", label("n_missing"), "count"),
        Column("n_satisfied", label("n_satisfied"), "count"),
        Column("rate", label("rate"), "share"),
        _interval(_level(label("interval"), level)),
        Column("index", label("index"), "score"),
    )
    caption = say(language, "各项指标的满意率", "Satisfaction by item")
    sheet = say(language, "指标", "Items")
    return Table("items_table", sheet, caption, result.summary, columns, folded=True)


def answers(result: ItemResponses, language: Language) -> Table:
    """Make the table of how often each answer to each item was chosen."""
    label = Labels(language).of
    columns = (
        Column(say(language, "title", "title_en"), label("item")),
        Column(say(language, "label", "label_en"), label("label")),
        Column("n", label("n"), "count"),
        Column("share", label("share"), "share"),
    )
    caption = say(language, "各项指标的答案分布", "Answers to every item")
    sheet = say(language, "答案分布", "Answers")
    return Table("answers", sheet, caption, result.frame, columns, folded=True)


def scorecard(
    questionnaire: Questionnaire, result: ItemResponses, level: float, language: Language
) -> Table:
    """Set the survey's result of every indicator beside a place for people's judgement.

    The standard defines no total, so there is none; documentary minimums that no evidence was
    given for read «未提供».
    """
    required = {
        minimum.indicator: say(
            language,
            f"{minimum.text}：未提供",
            f"{minimum.text_en or minimum.text}: not given",
        )
        for minimum in questionnaire.documentary
    }
    indicators = [
        (
            indicator.number,
            say(language, dimension.title, dimension.title_en or dimension.title),
            say(language, indicator.title, indicator.title_en or indicator.title),
            required.get(indicator.number, ""),
            "",
        )
        for dimension in questionnaire.dimensions
        for indicator in dimension.indicators
    ]
    names = ["number", "dimension", "indicator", "documents", "judgement"]
    figures = result.summary[["number", "n_valid", "rate", "low", "high"]]
    frame = pd.DataFrame(indicators, columns=names).merge(figures, on="number", how="left")
    columns = (
        Column("number", say(language, "序号", "No."), "count"),
        Column("dimension", say(language, "维度", "Dimension")),
        Column("indicator", say(language, "指标（标准原文）", "Indicator (as in the standard)")),
        Column("n_valid", say(language, "有效回答", "Valid answers"), "count"),
        Column("rate", say(language, "问卷满意率", "Rate in the survey"), "share"),
        _interval(_level(say(language, "区间", "interval"), level)),
        Column("documents", say(language, "须查文件", "To be shown by documents")),
        Column("judgement", say(language, "评议意见", "Judgement")),
    )
    caption = say(
        language,
        "对照标准：问卷结果与评议意见（标准未规定总分，不计总分）",
        "The standard: survey results beside people's judgement (no total is defined)",
    )
    return Table("scorecard", say(language, "对照标准", "Scorecard"), caption, frame, columns)


def ranking(result: Ranking, language: Language) -> Table:
    """Make the table of branches under one model, in the order of their names as given."""
    label = Labels(language).of
    columns = (
        Column("branch", label("branch")),
        Column("n_valid", label("n_valid"), "count"),
        Column("rate", label("rate"), "share"),
        Column("pooled_rate", say(language, "模型满意率", "Pooled rate"), "share"),
        Column("pooled_low", _level(label("interval"), result.level), "interval", "pooled_high"),
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
        Column("omega", "McDonald ω", "decimal"),
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


def strict(findings: Findings, language: Language) -> Table | None:
    """Make the table of verdicts that strict screening changes; None where it changes none."""
    if findings.strict is None:
        return None
    changed = quality.changed_verdicts(findings.by_branch, findings.strict)
    if changed.empty:
        return None
    label = Labels(language).of
    columns = (
        Column("branch", label("branch")),
        Column("verdict", say(language, "全部答卷", "All answers"), "verdict"),
        Column("strict", say(language, "从严筛查后", "Strict screening"), "verdict"),
    )
    caption = say(language, "从严筛查后判定改变的支部", "Verdicts that strict screening changes")
    return Table("strict", say(language, "从严筛查", "Strict"), caption, changed, columns)


def files(findings: Findings, language: Language) -> Table:
    """Make the table of input files with their fingerprints."""
    label = Labels(language).of
    kinds = {"export": ("问卷导出", "export"), "roster": ("名册", "roster")}
    frame = findings.files.assign(
        kind=[
            say(language, *kinds.get(str(kind), (str(kind), str(kind))))
            for kind in findings.files["kind"]
        ]
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


def branch_drivers(result: Drivers, branch: str, language: Language) -> Table:
    """Make the table of one branch's dimensions against the university."""
    label = Labels(language).of
    unit = say(language, "（百分点）", " (points)")
    columns = (
        Column(say(language, "title", "title_en"), label("dimension")),
        Column("contribution", say(language, "本支部", "Branch") + unit, "points"),
        _interval(_level(label("interval"), result.level), "points_interval"),
        Column("university", label("university") + unit, "points"),
        Column("difference", say(language, "与全校之差", "Difference") + unit, "points"),
    )
    caption = say(language, "各维度相联系的不满意率", "Dissatisfaction by dimension")
    frame = result.branches[result.branches["branch"] == branch]
    return Table("branch_drivers", say(language, "构成", "Breakdown"), caption, frame, columns)
