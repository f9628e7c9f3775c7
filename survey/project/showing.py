"""Tables to watch: published ones as the report prints them, others in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from survey import display, vocabulary
from survey.errors import Language
from survey.project.views import Table
from survey.report import cells, units
from survey.results import Satisfaction
from survey.text import Text

_BOTH: tuple[Language, ...] = ("zh", "en")


def table(frame: pd.DataFrame, language: Language) -> Table:
    """Give a frame of a result in words."""
    shown = display.display(frame, language).astype("str")
    rows = tuple(shown.itertuples(index=False, name=None))
    return Table((), tuple(map(str, frame)), tuple(titles(map(str, frame))), rows, ())


def titles(names: Iterable[str]) -> list[Text]:
    """Name columns of results."""
    return [Text(*(vocabulary.column(name, one) for one in _BOTH)) for name in names]


def published(
    result: Satisfaction, language: Language, parents: Mapping[str, Mapping[str, str]]
) -> Table:
    """Give a published table cell by cell as the report prints it, in the report's order.

    Parameters
    ----------
    result : Satisfaction
        Under the privacy rule.
    language : {"zh", "en"}
        Of the cells.
    parents : mapping of str to mapping of str to str
        What each branch belongs to, by the name of the grouping, say its college.
    """
    made = {one: units.satisfaction(result, "branches", one) for one in _BOTH}
    columns = [*zip(*(made[one].shown.columns for one in _BOTH), strict=True)]
    rows = [[cell.text for cell in line] for line in cells.lines(made[language].shown, language)]
    above = list(parents) if result.by == ("branch",) else []
    return Table(
        result.by,
        ("branch", *above, *(zh.name for zh, _ in columns[1:]))
        if above
        else tuple(zh.name for zh, _ in columns),
        tuple(
            [Text(zh.label, en.label) for zh, en in columns[:1]]
            + [Text(name, name) for name in above]
            + [Text(zh.label, en.label) for zh, en in columns[1:]]
        ),
        tuple((row[0], *(parents[n].get(row[0], "") for n in above), *row[1:]) for row in rows),
        tuple(map(str, made[language].frame["verdict"])),
    )
