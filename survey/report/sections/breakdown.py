"""Dissatisfaction by dimension: how much of it goes with each, as far as the data tell."""

from __future__ import annotations

from questionnaires.language import say
from survey.errors import Language
from survey.report.columns import interval_column, label
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.texts import sentence
from survey.report.wording import breakdown, breakdown_notes
from survey.results import Drivers, Findings


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Show the dimensions; why they are not shown where they cannot be; nothing where none is."""
    result = findings.drivers
    if result is None:
        return ()
    target = breakdown.target_label(findings.questionnaire, result, language)
    # the conclusion has said which is largest
    texts = (
        breakdown_notes.status(result, language)
        if shown(result)
        else breakdown.largest(result, target, language),
        "" if result.status == "sum_only_vif" else breakdown.total(result, language),
        breakdown.pairs(result, language),
    )
    warnings = breakdown_notes.left_out(result, language), *breakdown_notes.flags(result, language)
    note = Text(sentence(language, "breakdown.association"), "note")
    blocks: list[Block] = [Text(text) for text in texts if text]
    blocks += [Text(text, "warning") for text in warnings if text]
    if not shown(result):
        return (*blocks, note)
    title = say(language, "不满意率的构成", "How the dissatisfaction rate is made up")
    title += breakdown_notes.weighted(result, language)
    picture = Picture("waterfall", title, "waterfall", result, "drivers_table")
    return (*blocks, note, picture, drivers(result, language))


def shown(result: Drivers) -> bool:
    """Say whether the contribution of any dimension may be shown."""
    return bool(result.frame["contribution"].notna().any())


def tells_of_blanks(result: Drivers | None) -> bool:
    """Say whether there are intervals that allow for blanks below the answers of people alike."""
    return (
        result is not None
        and "low_blanks" in result.frame
        and bool(result.frame["low_blanks"].notna().any())
    )


def drivers(result: Drivers, language: Language) -> Table:
    """Make the table of the dimensions."""
    unit = say(language, "（百分点）", " (points)")
    told = result.frame["low"].notna()
    answers = {True: say(language, "是", "yes"), False: say(language, "否", "no")}
    frame = result.frame.assign(
        distinguishable=result.frame["distinguishable"].map(answers).where(told, "—")
    )
    columns: tuple[Column, ...] = (
        Column(say(language, "title", "title_en"), label("dimension", language)),
        Column("contribution", label("contribution", language) + unit, "points"),
        interval_column(result.level, language, "points_interval", unit),
        Column("distinguishable", say(language, "足以说明有联系", "Shown to differ from 0")),
        *(
            (
                Column(
                    "low_blanks",
                    say(language, "留空者或低评一级时", "Blanks perhaps a level lower") + unit,
                    "points_interval",
                    "high_blanks",
                ),
            )
            if tells_of_blanks(result)
            else ()
        ),
        Column("solo", label("solo", language) + unit, "points", unprinted=True),
        Column("last", label("last", language) + unit, "points", unprinted=True),
    )
    if not told.any():
        columns = tuple(c for c in columns if c.name not in ("low", "distinguishable"))
    caption = say(language, "各维度相联系的不满意率", "Dissatisfaction by dimension")
    caption += breakdown_notes.weighted(result, language)
    return Table("drivers_table", say(language, "构成", "Breakdown"), caption, frame, columns)
