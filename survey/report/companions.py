"""Beside the breakdown: whether other choices would order the dimensions otherwise; other tools."""

from __future__ import annotations

from survey.errors import Language
from survey.report import formats
from survey.report.document import Block, Column, Table, Text
from survey.report.wording.phrases import say
from survey.results import Drivers

_VARIANTS = {
    "target": ("以更高一级为目标", "a higher target"),
    "calibrated": ("校正测量误差", "measurement error corrected"),
    "ordinal": ("各等级同一系数（有序回归）", "same slopes at all levels (ordinal model)"),
    "logit": ("只看是否不满意（logit 回归）", "dissatisfied or not alone (logit)"),
    "strict": ("从严筛查后的答卷", "strict screening"),
}
_QUADRANTS = {
    "keep_up": ("评分较高 · 相关较高", "higher score · higher correlation"),
    "concentrate_here": ("评分较低 · 相关较高", "lower score · higher correlation"),
    "low_priority": ("评分较低 · 相关较低", "lower score · lower correlation"),
    "possible_overkill": ("评分较高 · 相关较低", "higher score · lower correlation"),
}
"""What a quadrant is, not what is usually advised for it: it has no interval."""


def sensitivity(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Show whether the order of the dimensions depends on a choice; nothing where it is withheld.

    Parameters
    ----------
    result : Drivers
        The breakdown.
    language : {"zh", "en"}
        Language of the report.
    """
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
        Column("variant", say(language, "换一种做法", "Other choice")),
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
                language, "换一种做法，维度的次序是否改变", "Would other choices change the order?"
            ),
            frame,
            columns,
        ),
    )


def regression(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Give the regression in the usual form; nothing where no dimension's contribution is shown.

    Parameters
    ----------
    result : Drivers
        The breakdown.
    language : {"zh", "en"}
        Language of the report.
    """
    if result.regression.empty or result.frame["contribution"].isna().all():
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
    return (
        Text(say(language, f"附：{title}", f"Appendix: {title.lower()}"), "heading"),
        Text(
            say(
                language,
                "因变量为总体不满意，自变量为各维度的平均分；优势比是平均分高 1 分时不满意的"
                "优势之比，小于 1 表示评分越高、不满意越少。"
                "标准误按支部聚类（支部不足 10 个时按人稳健）。"
                "“不满意的构成”所用的系数见“方法与局限”；系数大的维度，如果评分普遍高，"
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
            folded=True,
        ),
    )


def companions(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Give the shares of explained variance and the quadrants, for readers of SPSS and R.

    Nothing where no dimension's contribution is shown: these measures would step into its place.

    Parameters
    ----------
    result : Drivers
        The breakdown.
    language : {"zh", "en"}
        Language of the report.
    """
    if result.companions.empty or result.frame["contribution"].isna().all():
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
        Text(
            say(language, "附：解释方差的份额", "Appendix: shares of explained variance"), "heading"
        ),
        Text(
            say(
                language,
                f"供熟悉 SPSS、R 的读者对照（n={n}，只含全部作答者）。"
                "它们分解的是方差而不是不满意率，与上文的分解回答不同的问题，不作为结论的依据。"
                "这些是其他软件的指标，没有区间，维度的次序可能与上文不同；"
                "象限只表示评分和相关高于或低于各维度的平均。",
                f"For readers used to SPSS or R (n={n}, people who answered everything). They "
                "split variance, not the rate of dissatisfaction: another question than above, "
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
            folded=True,
        ),
    )


def _titles(result: Drivers, language: Language) -> list[str]:
    return result.frame[say(language, "title", "title_en")].tolist()
