"""Dissatisfaction by dimension: how much of it goes with each, as far as the data tell."""

from __future__ import annotations

from questionnaires.language import say
from survey.errors import Language
from survey.report.document import Block, Column, Table, Text
from survey.report.tables import columns, interval_column, label, picture, points, table, titled
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
    more = breakdown_notes.weighted(result, language)
    chart = picture(language, "waterfall", result, "drivers_table", more=more)
    return (*blocks, note, chart, drivers(result, language))


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
    unit = points(language)
    told = result.frame["low"].notna()
    answers = {True: say(language, "是", "yes"), False: say(language, "否", "no")}
    frame = result.frame.assign(
        distinguishable=result.frame["distinguishable"].map(answers).where(told, "—")
    )
    blanks = label("low_blanks", language) + unit
    has_intervals = told.any()
    shown = (
        titled(language, "dimension"),
        *columns(language, "contribution", unit=unit),
        *(
            (interval_column(result.level, language, "points_interval", unit), "distinguishable")
            if has_intervals
            else ()
        ),
        *(
            (Column("low_blanks", blanks, "points_interval", "high_blanks"),)
            if tells_of_blanks(result)
            else ()
        ),
        *columns(language, "solo", "last", unit=unit, unprinted=True),
    )
    weighted = breakdown_notes.weighted(result, language)
    return table(language, "drivers_table", frame, shown, weighted=weighted)
