"""Annex: branches by dimensions, indicators, other choices, the regression, other tools."""

from __future__ import annotations

from questionnaires.language import say
from survey import formats
from survey.errors import Language
from survey.report.document import Block, Column, Text
from survey.report.sections import breakdown
from survey.report.tables import columns, interval_column, label, picture, points, table, titled
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
    titles = result.frame.set_index("dimension")[say(language, "title", "title_en")]
    wide = result.branches.pivot(index="branch", columns="dimension", values="contribution")
    frame = result.branch_totals.merge(wide.reset_index(), on="branch", how="left")
    numbers = ["observed_rate", "floor_rate", "residual"]
    frame[numbers] = frame[numbers].mask(frame["withheld"].astype(bool))
    shown: tuple[str | Column, ...] = (
        *("branch", "n", "observed_rate", "floor_rate"),
        *(Column(str(code), str(name), "points") for code, name in titles.items() if code in frame),
        "residual",
    )
    is_weighted = result.summary["estimator"] == "weighted"
    alike = "" if is_weighted else say(language, "，不加权", ", not weighted")
    return (
        picture(language, "dimension_map", result, "driver_branches"),
        table(language, "driver_branches", frame, shown, folded=True, alike=alike),
    )


def _items(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Show the items within the dimensions."""
    if result.items["contribution"].isna().all():
        return ()
    titles = result.frame.set_index("dimension")[say(language, "title", "title_en")]
    frame = result.items.assign(dimension_title=result.items["dimension"].map(titles))
    unit, weighted = points(language), breakdown_notes.weighted(result, language)
    shown = (
        titled(language, "item"),
        Column("dimension_title", label("dimension", language)),
        *columns(language, "contribution", unit=unit),
        interval_column(result.level, language, "points_interval", unit),
    )
    return (
        picture(language, "item_forest", result, "driver_items", more=weighted),
        table(language, "driver_items", frame, shown, folded=True, weighted=weighted),
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
        told = (" > ".join(names[part] for part in pair.split(" > ")) for pair in text.split("; "))
        return "; ".join(told) if text else none

    frame = result.sensitivity.assign(
        variant=[
            sentence(language, f"other_choice.{name}") for name in result.sensitivity["variant"]
        ],
        same_first=result.sensitivity["same_first"].map(answer),
        same_order=result.sensitivity["same_order"].map(answer),
        reversed=result.sensitivity["reversed"].map(pairs),
    )
    shown = "variant", "same_first", "same_order", "reversed"
    return (table(language, "sensitivity", frame, shown),)


def regression(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Give the regression in the usual form; nothing where there is none."""
    if result.regression.empty:
        return ()
    level = formats.level(result.level)
    intervals = "no_intervals" not in result.flags
    lower, upper = (
        Column(end, f"{level} {say(language, zh, en)}", "decimal")
        for end, zh, en in (("low", "下限", "lower limit"), ("high", "上限", "upper limit"))
    )
    shown = (
        titled(language, "regression_term"),
        *("coefficient", "odds_ratio"),
        *(("standard_error", lower, upper, "p_value") if intervals else ()),
    )
    weighted = breakdown_notes.weighted(result, language)
    made = table(language, "regression", result.regression, shown, weighted=weighted)
    return (
        Text(made.caption, "heading"),
        Text(sentence(language, "models.regression"), "note"),
        made,
    )


def companions(result: Drivers, language: Language) -> tuple[Block, ...]:
    """Give the shares of explained variance and the quadrants, for readers of SPSS and R."""
    if result.companions.empty:
        return ()
    frame = result.companions.assign(
        quadrant=[sentence(language, f"quadrant.{code}") for code in result.companions["quadrant"]]
    )
    n = int(frame["n"].iloc[0])
    shown = (
        titled(language, "dimension"),
        *("lmg", "relative_weight", "importance", "performance", "quadrant"),
    )
    return (
        Text(say(language, "解释方差的份额", "Shares of explained variance"), "heading"),
        Text(sentence(language, "models.companions", n=n), "note"),
        table(language, "explained_variance", frame, shown),
    )


def _titles(result: Drivers, language: Language) -> list[str]:
    return result.frame[say(language, "title", "title_en")].tolist()
