"""The tables of the report by their names: `texts.toml` has sheets, captions and headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from questionnaires.language import say
from survey import formats, vocabulary
from survey.errors import Language
from survey.report.document import Column, Kind, Picture, Table
from survey.report.texts import sentence, texts

_NAMES: Mapping[Kind, str] = {
    "count": "number order population n n_rows n_responses n_valid n_valid_before n_valid_after "
    "n_missing n_not_applicable n_satisfied n_items n_used n_against n_80 n_lacking n_reminders",
    "share": "rate rate_before rate_after response_rate share share_of_answers bound_low "
    "bound_high break_even pooled_rate p_at_bar university chance_now chance_after",
    "points": "break_even_gap difference floor_rate observed_rate residual",
    "decimal": "alpha omega omega_low omega_high low high coefficient odds_ratio standard_error "
    "lmg relative_weight importance performance",
    "p_value": "p_value",
    "score": "index score",
    "verdict": "verdict side",
}
KINDS: Mapping[str, Kind] = {name: kind for kind, own in _NAMES.items() for name in own.split()}
"""Kinds of the columns that look alike in every table; of any other it is text."""


def label(name: str, language: Language, of: str = "") -> str:
    """Give a column's heading: that of the table `of`, the report's, or the general one."""
    own = texts()["heading"]
    named = next((key for key in (f"{of}_{name}", name) if key in own), "")
    return sentence(language, f"heading.{named}") if named else vocabulary.column(name, language)


def columns(
    language: Language,
    *shown: str | Column,
    of: str = "",
    unit: str = "",
    bar: str = "",
    unprinted: bool = False,
) -> tuple[Column, ...]:
    """Make columns.

    Parameters
    ----------
    *shown : str or Column
        Names, of columns that look alike everywhere; any other column is taken as it is.
    of : str
        The table, where it has headings of its own.
    unit : str
        Put behind the headings, of figures that are points: see `points`.
    bar : str
        The bar as written, for the rate.
    unprinted : bool
        Whether they are left to the workbook.

    Examples
    --------
    >>> [(column.label, column.kind) for column in columns("zh", "branch", "n_valid", "rate")]
    [('支部', 'text'), ('有效回答', 'count'), ('满意率', 'share')]
    """
    return tuple(
        Column(
            name,
            label(name, language, of) + unit,
            "points" if unit else KINDS.get(name, "text"),
            bar=bar if name == "rate" else "",
            unprinted=unprinted,
        )
        if isinstance(name, str)
        else name
        for name in shown
    )


def points(language: Language) -> str:
    """Give the unit of percentage points behind a heading."""
    return say(language, "（百分点）", " (points)")


def titled(language: Language, heading: str, column: str = "title") -> Column:
    """Make the column of titles in the reader's language."""
    return Column(say(language, column, f"{column}_en"), label(heading, language))


def interval_column(
    level: float, language: Language, kind: Kind = "interval", unit: str = ""
) -> Column:
    """Make the column of an interval whose limits are ``low`` and ``high``."""
    heading = f"{formats.level(level)} {label('interval', language)}{unit}"
    return Column("low", heading, kind, "high")


def bounds_column(
    alpha: float, language: Language, bar: str = "", *, unprinted: bool = False
) -> Column:
    """Make the column of the two bounds, each of which is right with its own probability."""
    heading = f"{formats.level(1 - alpha)} {label('bounds', language)}"
    return Column("lower", heading, "interval", "upper", bar=bar, unprinted=unprinted)


def table(
    language: Language,
    name: str,
    frame: pd.DataFrame,
    shown: Iterable[str | Column],
    *,
    text: str = "",
    folded: bool = False,
    searchable: bool = False,
    foot: str = "",
    **slots: object,
) -> Table:
    """Make a table with the sheet, the caption and the headings that the texts have for it.

    Parameters
    ----------
    name : str
        Of the table, and of its texts where `text` gives no other.
    shown : iterable of str or Column
        See `columns`.
    folded, searchable, foot
        As in `Table`.
    **slots
        What belongs into the slots of its texts.
    """
    of = text or name
    sheet = _sheet(language, of, **slots)
    caption = sentence(language, f"caption.{of}", **slots) if of in texts()["caption"] else sheet
    made = columns(language, *shown, of=of)
    return Table(name, sheet, caption, frame, made, searchable, folded, foot)


def _sheet(language: Language, name: str, **slots: object) -> str:
    """Give the name of a sheet as workbooks can bear it, and as no other table has it."""
    named = texts()["sheet"]
    own = sentence(language, f"sheet.{name}", **slots)
    others = [say(language, *pair) for key, pair in named.items() if key != name]
    if "{" in named[name][0] and own in others:  # a grouping may be called like a table
        own += say(language, "（分组）", " (grouping)")
    return re.sub(r"[\\/?*\[\]:]", " ", own).strip("' ")[:31]


def picture(
    language: Language,
    name: str,
    result: object,
    data: str,
    chart: str = "",
    *,
    text: str = "",
    more: str = "",
    **slots: object,
) -> Picture:
    """Make a picture with the title that the texts have for it, and `more` behind that.

    Parameters
    ----------
    name : str
        Of the file, and of the chart and the text where these are not given; a text is that of
        the table with the same numbers where there is no other.
    data : str
        Name of the table that holds its numbers.
    """
    of = text or name
    if of in texts()["figure"]:
        title = sentence(language, f"figure.{of}", **slots)
    else:
        title = sentence(language, f"caption.{of}", **slots)
    return Picture(name, title + more, chart or name, result, data)
