"""What has changed since the wave before: on the first pages in short, in the annex in full."""

from __future__ import annotations

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Block, Column, Picture, Table, Text
from survey.report.naming import by_code
from survey.report.tables import (
    bounds_column,
    columns,
    interval_column,
    label,
    picture,
    points,
    table,
)
from survey.report.texts import sentence
from survey.report.wording.phrases import rows, since
from survey.results import Comparison, Findings, Waves


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Annex: the change of every unit, indicator and dimension; nothing without another wave."""
    changes = findings.changes
    if changes is None:
        return ()
    parts = (
        (changes, "", "branch_changes"),
        *(
            (units, f"grouping_{number}_", "grouping_changes")
            for number, units in enumerate(changes.groupings, start=1)
        ),
        (changes.items, "item_", "item_changes"),
        (changes.dimensions, "dimension_", "dimension_changes"),
    )
    return tuple(
        block
        for result, prefix, text in parts
        if result is not None and len(result.frame)
        for block in _pair(result, f"{prefix}changes", text, language)
    )


def _pair(result: Comparison, name: str, text: str, language: Language) -> tuple[Picture, Table]:
    """Show the changes in a chart, and their numbers folded away."""
    data, unit, of_dimension = f"{name}_table", points(language), result.by == "dimension"
    rates = "rate_before", "rate_after"
    waves = zip(rates, (("上次", "Before"), ("本次", "Now")), strict=True)
    named = result.named(language)
    words = named["change"].map(lambda code: vocabulary.change(code, language))
    title = result.by if result.is_of_units else say(language, "title", "title_en")
    shown: tuple[str | Column, ...] = (
        Column(title, label(result.by, language)),
        *("n_valid_before", "n_valid_after"),
        *(
            (Column(rate, say(language, *told) + unit, "points") for rate, told in waves)
            if of_dimension
            else rates
        ),
        *columns(language, "change_in_rate", unit=unit),
        interval_column(result.level, language, "points_interval", unit),
        "change",
    )
    frame = named.assign(change=words)
    return (
        picture(language, name, result, data, "changes", text=text, by=result.by),
        table(language, data, frame, shown, text=text, folded=True, by=result.by),
    )


def headlines(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Say how everything has changed, and which units, indicators and dimensions have."""
    changes = findings.changes
    if changes is None:
        return ()
    parts = (
        _parts(part, language)
        for part in (*changes.groupings, changes.items, changes.dimensions)
        if part is not None
    )
    return (
        *branches(changes, language),
        *(Text(text) for text in parts if text),
        *_trend(findings.waves, language),
    )


def branches(result: Comparison, language: Language = "zh") -> tuple[Block, ...]:
    """Say how the rate has changed since the wave before, and which branches' has."""
    whole = [row for row in rows(result.frame) if not formats.present(row["branch"])]
    own = result.frame[result.frame["branch"].notna()]
    blocks: list[Block] = [
        Text(text) for row in whole if (text := since(row, result.level, language))
    ]
    n = int(own["change"].isin(["up", "down", "undecided"]).sum())
    made = by_code(own, "change", ("up", "down"), language)
    if made.empty:
        none = Text(sentence(language, "waves.none_moved", n=n))
        return (*blocks, none) if n else tuple(blocks)
    words = made["change"].map(lambda code: vocabulary.change(code, language))
    shown = "change", "n", "names"
    return *blocks, table(language, "moved", made.assign(change=words), shown, n=n)


def _parts(result: Comparison, language: Language) -> str:
    """Say which units, or indicators, have changed beyond chance; empty where none compare."""
    frame = result.frame
    if result.is_of_units:
        frame = frame[frame[result.by].notna() & frame["change"].isin(["up", "down", "undecided"])]
    what = {
        "item": ("{n} 项可比的指标", "Of {n} indicators asked alike in both waves"),
        "dimension": (
            "{n} 个维度相联系的不满意率",
            "Of {n} dimensions, by the dissatisfaction that goes with them,",
        ),
    }.get(result.by, ("{n} 个可比的{by}", "Of {n} units of {by} in both waves"))
    if frame.empty:
        return ""
    start = say(language, *what, n=len(frame), by=result.by)
    told = [
        say(language, "{word}超出抽样误差的：{names}", "{word}: {names}", word=word, names=names)
        for code in ("up", "down")
        if (names := _listed(frame[frame["change"] == code], result, language))
        for word in [vocabulary.change(code, language)]
    ]
    if not told:
        text = "{start}，与上次相比变化都在抽样误差以内。"
        return say(language, text, "{start} none has changed beyond chance.", start=start)
    return sentence(language, "waves.parts", start=start, told=say(language, "；", "; ").join(told))


def _listed(frame: pd.DataFrame, result: Comparison, language: Language) -> str:
    write = formats.points if result.by == "dimension" else formats.percent
    title = result.by if result.is_of_units else say(language, "title", "title_en")
    mark = say(language, "（{}）", " ({})")
    names = [
        str(row[title]) + mark.format(f"{write(row['rate_before'])} → {write(row['rate_after'])}")
        for row in rows(frame)
    ]
    return formats.listing(names, language) if names else ""


def _trend(result: Waves | None, language: Language) -> tuple[Block, ...]:
    """Show the rate of all together in every wave; nothing of fewer than three."""
    if result is None:
        return ()
    whole = result.of()
    shown: tuple[str | Column, ...] = (
        *("wave", "population", "n_valid"),
        *columns(language, "rate", bar=whole.bar),
        bounds_column(whole.alpha, language, whole.bar),
        "verdict",
    )
    return (
        picture(language, "trends", result, "waves_table", text="waves_table"),
        table(language, "waves_table", whole.frame, shown, folded=True),
    )
