"""Annex: branches by dimensions, indicators, other choices, the regression, other tools."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.columns import interval_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.sections import breakdown
from survey.report.texts import sentence
from survey.report.wording import breakdown as sentences
from survey.report.wording import breakdown_notes
from survey.results import Drivers, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the breakdown in detail; nothing where it is withheld."""
    result = findings.drivers
    if result is None or not breakdown.shown(result):
        return ()
    target = sentences.target_label(findings.questionnaire, result, language)
    texts = sentences.floor(result, target, language), breakdown_notes.used(result, language)
    return (
        *(Text(text) for text in texts if text),
        *_branches(result, language),
        *_items(result, language),
        *sensitivity(result, language),
        *regression(result, language),
        *companions(result, language),
    )


def _branches(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Show branches by dimensions; nothing where all are withheld."""
    if result.branch_totals["withheld"].astype(bool).all():
        return ()
    title = say(language, "各党支部、各维度与全校相比", "Branches by dimensions")
    picture = Picture("dimension_map", title, "dimension_map", result, "driver_branches")
    titles = result.frame.set_index("dimension")[say(language, "title", "title_en")]
    wide = result.branches.pivot(index="branch", columns="dimension", values="contribution")
    frame = result.branch_totals.merge(wide.reset_index(), on="branch", how="left")
    numbers = ["observed_rate", "floor_rate", "residual"]
    frame[numbers] = frame[numbers].mask(frame["withheld"].astype(bool))
    columns = (
        Column("branch", label("branch", language)),
        Column("n", label("n", language), "count"),
        *(Column(name, label(name, language), "points") for name in numbers[:2]),
        *(Column(str(code), str(name), "points") for code, name in titles.items() if code in frame),
        Column("residual", label("residual", language), "points"),
    )
    is_weighted = result.summary["estimator"] == "weighted"
    alike = "" if is_weighted else say(language, "，不加权", ", not weighted")
    caption = sentence(language, "models.branches_caption", alike=alike)
    sheet = say(language, "支部构成", "Breakdown by branch")
    return picture, Table("driver_branches", sheet, caption, frame, columns, folded=True)


def _items(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Show the items within the dimensions."""
    if result.items["contribution"].isna().all():
        return ()
    title = say(language, "各项指标相联系的不满意率", "Dissatisfaction by item")
    title += breakdown_notes.weighted(result, language)
    unit = say(language, "（百分点）", " (points)")
    titles = result.frame.set_index("dimension")[say(language, "title", "title_en")]
    frame = result.items.assign(dimension_title=result.items["dimension"].map(titles))
    columns = (
        Column(say(language, "title", "title_en"), label("item", language)),
        Column("dimension_title", label("dimension", language)),
        Column("contribution", label("contribution", language) + unit, "points"),
        interval_column(result.level, language, "points_interval", unit),
    )
    sheet = say(language, "指标构成", "Breakdown by item")
    return (
        Picture("item_forest", title, "item_forest", result, "driver_items"),
        Table("driver_items", sheet, title, frame, columns, folded=True),
        Text(breakdown_notes.of_items(result, language), "note"),
    )


def sensitivity(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Show whether the order depends on a choice; nothing where the breakdown is withheld."""
    if result.sensitivity.empty:
        return ()
    yes, no, none = say(language, "是", "yes"), say(language, "否", "no"), "—"
    names = dict(zip(result.frame["dimension"], _titles(result, language), strict=True))

    def answer(value: object) -> str:
        return none if value is None or value != value else yes if value else no

    def pairs(text: str) -> str:
        shown = text
        for dimension, title in names.items():
            shown = shown.replace(dimension, title)
        return shown or none

    frame = result.sensitivity.assign(
        variant=[
            sentence(language, f"other_choice.{name}") for name in result.sensitivity["variant"]
        ],
        same_first=result.sensitivity["same_first"].map(answer),
        same_order=result.sensitivity["same_order"].map(answer),
        reversed=result.sensitivity["reversed"].map(pairs),
    )
    columns = (
        Column("variant", say(language, "做法", "Other choice")),
        Column("same_first", say(language, "居首的维度相同", "Same first dimension")),
        Column("same_order", say(language, "次序完全相同", "Same order")),
        Column(
            "reversed", say(language, "已能区分而次序相反的维度", "Pairs told apart and reversed")
        ),
    )
    return (
        Table(
            "sensitivity",
            say(language, "稳健性", "Sensitivity"),
            sentence(language, "models.sensitivity_caption"),
            frame,
            columns,
        ),
    )


def regression(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Give the regression in the usual form; nothing where there is none."""
    if result.regression.empty:
        return ()
    level = formats.level(result.level)
    intervals = "no_intervals" not in result.flags
    columns = (
        Column(say(language, "title", "title_en"), say(language, "项", "Term")),
        Column("coefficient", say(language, "系数", "Coefficient"), "decimal"),
        Column("odds_ratio", say(language, "优势比", "Odds ratio"), "decimal"),
        *(
            (
                Column("standard_error", say(language, "标准误", "Standard error"), "decimal"),
                Column("low", say(language, f"{level} 下限", f"{level} lower limit"), "decimal"),
                Column("high", say(language, f"{level} 上限", f"{level} upper limit"), "decimal"),
                Column("p_value", say(language, "p 值", "p"), "p_value"),
            )
            if intervals
            else ()
        ),
    )
    title = say(language, "不满意的 logit 回归", "Logit of dissatisfaction")
    title += breakdown_notes.weighted(result, language)
    return (
        Text(title, "heading"),
        Text(
            sentence(language, "models.regression"),
            "note",
        ),
        Table(
            "regression",
            say(language, "回归", "Regression"),
            title,
            result.regression,
            columns,
        ),
    )


def companions(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Give the shares of explained variance and the quadrants, for readers of SPSS and R."""
    if result.companions.empty:
        return ()
    frame = result.companions.assign(
        quadrant=[sentence(language, f"quadrant.{code}") for code in result.companions["quadrant"]],
    )
    n = int(frame["n"].iloc[0])
    columns = (
        Column(say(language, "title", "title_en"), say(language, "维度", "Dimension")),
        Column("lmg", "LMG", "decimal"),
        Column("relative_weight", say(language, "Johnson 相对权重", "Johnson's weight"), "decimal"),
        Column("importance", say(language, "与满意的相关", "Correlation"), "decimal"),
        Column("performance", say(language, "平均分", "Mean score"), "decimal"),
        Column("quadrant", say(language, "IPA 象限", "IPA quadrant")),
    )
    return (
        Text(say(language, "解释方差的份额", "Shares of explained variance"), "heading"),
        Text(
            sentence(language, "models.companions", n=n),
            "note",
        ),
        Table(
            "explained_variance",
            say(language, "解释方差的份额", "Explained variance"),
            say(language, "解释方差的份额与重要性—表现分析", "Explained variance and IPA"),
            frame,
            columns,
        ),
    )


def _titles(result: Drivers, language: Language) -> list[str]:
    return result.frame[say(language, "title", "title_en")].tolist()
