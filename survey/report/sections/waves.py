"""What has changed since the wave before: on the first pages in short, in the annex in full."""

from __future__ import annotations

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.columns import bounds_column, interval_column, label
from survey.report.document import Block, Column, Kind, Picture, Table, Text
from survey.report.naming import by_code, named_columns
from survey.report.texts import sentence
from survey.report.wording.phrases import rows, since
from survey.results import Comparison, Findings, Waves

_SHEETS = {
    "branch": ("变化", "Changes"),
    "item": ("指标变化", "Changes of items"),
    "dimension": ("构成变化", "Changes of breakdown"),
}


def compose(findings: Findings, language: Language) -> tuple[Block, ...]:
    """Annex: the change of every unit, indicator and dimension; nothing without another wave."""
    changes = findings.changes
    if changes is None:
        return ()
    titles = (
        (changes, "", say(language, "各党支部与上次相比", "Branches since the wave before")),
        *(
            (
                units,
                f"grouping_{number}_",
                say(language, "{by}与上次相比", "{by} since then", by=units.by),
            )
            for number, units in enumerate(changes.groupings, start=1)
        ),
        (changes.items, "item_", say(language, "各项指标与上次相比", "Indicators since then")),
        (
            changes.dimensions,
            "dimension_",
            say(language, "不满意的构成与上次相比", "The breakdown since the wave before"),
        ),
    )
    return tuple(
        block
        for result, prefix, title in titles
        if result is not None and len(result.frame)
        for block in (
            Picture(f"{prefix}changes", title, "changes", result, f"{prefix}changes_table"),
            _table(result, f"{prefix}changes_table", title, language),
        )
    )


def _table(result: Comparison, name: str, title: str, language: Language) -> Table:
    unit = say(language, "（百分点）", " (points)")
    of_dimension = result.by == "dimension"
    kind: Kind = "points" if of_dimension else "share"
    waves = {
        "rate_before": say(language, "上次", "Before"),
        "rate_after": say(language, "本次", "Now"),
    }
    named = result.named(language)
    words = named["change"].map(lambda code: vocabulary.change(code, language))
    columns = (
        Column(
            result.by if result.is_of_units else say(language, "title", "title_en"),
            label(result.by, language),
        ),
        *(Column(n, label(n, language), "count") for n in ("n_valid_before", "n_valid_after")),
        *(
            Column(rate, told + unit if of_dimension else label(rate, language), kind)
            for rate, told in waves.items()
        ),
        Column("change_in_rate", label("change_in_rate", language) + unit, "points"),
        interval_column(result.level, language, "points_interval", unit),
        Column("change", label("change", language)),
    )
    sheet = say(language, *_SHEETS.get(result.by, (f"{result.by}变化", f"Changes of {result.by}")))
    return Table(name, sheet, title, named.assign(change=words), columns, folded=True)


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
        none = "{n} 个可比的党支部，变化都在抽样误差以内。"
        none_en = "No change of the {n} branches in both waves is beyond chance."
        return (*blocks, Text(say(language, none, none_en, n=n))) if n else tuple(blocks)
    caption = sentence(language, "waves.moved_caption", n=n)
    words = made["change"].map(lambda code: vocabulary.change(code, language))
    columns = (Column("change", say(language, "变化", "Change")), *named_columns(language))
    sheet = say(language, "升降", "Moved")
    return *blocks, Table("moved", sheet, caption, made.assign(change=words), columns)


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
    title = say(language, "历次调查的满意率", "Satisfaction rate of every wave")
    whole = result.of()
    columns = (
        Column("wave", label("wave", language)),
        Column("population", label("population", language), "count"),
        Column("n_valid", label("n_valid", language), "count"),
        Column("rate", label("rate", language), "share", bar=whole.bar),
        bounds_column(whole.alpha, language, whole.bar),
        Column("verdict", label("verdict", language), "verdict"),
    )
    sheet = say(language, "历次", "Waves")
    table = Table("waves_table", sheet, title, whole.frame, columns, folded=True)
    return Picture("trends", title, "trends", result, "waves_table"), table
