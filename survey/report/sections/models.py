"""Annex: branches by dimensions, indicators, other choices, the regression, other tools."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.columns import interval_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.sections import breakdown
from survey.report.wording import breakdown as sentences
from survey.report.wording import breakdown_notes
from survey.results import Drivers, Findings

_VARIANTS = {
    "target": ("以更高一级为目标", "a higher target"),
    "calibrated": ("校正测量误差", "measurement error corrected"),
    "ordinal": ("各等级同一系数（有序回归）", "same slopes at all levels (ordinal model)"),
    "logit": ("只看是否不满意（logit 回归）", "dissatisfied or not alone (logit)"),
    "blanks": ("留空者本会比同类人低评一级", "blanks a level below people alike"),
    "strict": ("从严筛查后的答卷", "strict screening"),
}
_QUADRANTS = {
    "keep_up": ("评分较高 · 相关较高", "higher score · higher correlation"),
    "concentrate_here": ("评分较低 · 相关较高", "lower score · higher correlation"),
    "low_priority": ("评分较低 · 相关较低", "lower score · lower correlation"),
    "possible_overkill": ("评分较高 · 相关较低", "higher score · lower correlation"),
}
"""What a quadrant is, not what is usually advised for it: it has no interval."""


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
    caption = say(
        language,
        "各党支部不满意率的构成（百分点；按所得回答{alike}；不公布的留空）",
        "Breakdown by branch (percentage points; of the answers{alike}; empty where withheld)",
        alike=""
        if result.summary["estimator"] == "weighted"
        else say(language, "，不加权", ", not weighted"),
    )
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
            say(language, *_VARIANTS.get(name, (name, name)))
            for name in result.sensitivity["variant"]
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
            say(
                language,
                "采用其他做法时各维度的次序是否改变",
                "Would other choices change the order?",
            ),
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
            say(
                language,
                "因变量为总体不满意，自变量为各维度的平均分；优势比是平均分高 1 分时不满意的"
                "优势之比，小于 1 表示评分越高、不满意越少。"
                "标准误按支部聚类（支部不足 10 个时按人稳健）。"
                "分解所用的系数见“方法、局限与名词”；系数大的维度，如果评分普遍高，"
                "构成中的份额仍可以很小。",
                "Overall dissatisfaction on the mean ratings of the dimensions; the odds ratio is "
                "that of dissatisfaction for one point more of the mean rating, below 1 where "
                "better ratings go with less of it. Standard errors are clustered by branch "
                "(robust by person with fewer than 10 branches). Which slopes the breakdown takes "
                "is said under methods; a dimension with a large one still counts little where "
                "its ratings are high.",
            ),
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
        quadrant=[say(language, *_QUADRANTS[code]) for code in result.companions["quadrant"]],
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
            say(
                language,
                f"供熟悉 SPSS、R 的读者对照（n={n}，只含全部作答者，不加权）。"
                "它们分解的是方差而不是不满意率，与上文的分解回答不同的问题，不作为结论的依据。"
                "这些是其他软件的指标，没有区间，维度的次序可能与上文不同；"
                "象限只表示评分和相关高于或低于各维度的平均。",
                f"For readers used to SPSS or R (n={n}, people who answered everything, "
                "not weighted). They split variance, not the rate of dissatisfaction: another "
                "question than above, "
                "and no ground of the conclusions. These are other tools' measures, without "
                "intervals, and may order the dimensions otherwise; a quadrant only says whether "
                "score and correlation are above or below the mean of the dimensions.",
            ),
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
