"""The points about people: names of branches, roles, and the columns of the roster."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from questionnaires import Questionnaire
from questionnaires.text import normalise
from survey import identifiers
from survey.coding.answers import role_of
from survey.coding.naming import NAMED
from survey.forms import Text
from survey.readers.container.sheet import Sheet
from survey.roster import Roster
from survey.roster.agreement import nearest_names
from survey.roster.columns import Layout
from survey.screening.checks import is_test
from survey.understanding.points import LEFT_OUT, NO_COLUMN, NO_ROLE, Choice, Point

_FEW = 100
"""Branches of which a list may begin with the nearest ones; a longer list is one for all."""


def branches(
    answers: pd.Series[str], roster: Roster | None, stated: Mapping[str, str]
) -> list[Point]:
    """Give a point a name of a branch as answered: the roster's name of it."""
    if roster is None:
        return []
    counted = answers.value_counts()
    # a name of several branches is decided by the unit of everybody who gave it
    asked = [not is_test(name) and normalise(name) not in roster.shared for name in counted.index]
    counted = counted[asked]
    names = roster.match(pd.Series(counted.index, dtype="object"))
    points = []
    for (answer, n), known in zip(counted.items(), names, strict=True):
        given = stated.get(str(answer))
        if given is None and not pd.isna(known):
            value, why = str(known), Text(f"{n} 份，与名册相符", f"{n} answers, on the roster")
        elif given is not None and (given == "" or given in roster.branches):
            value, why = given, Text(f"{n} 份，已确认", f"{n} answers, confirmed")
        else:
            value, why = (
                None,
                Text(f"{n} 份答卷，名册上没有这个支部。", f"{n} answers; not on the roster."),
            )
        near = nearest_names(str(answer), roster.branches) if value is None else []
        if near:
            listed, listed_en = "或".join(f"“{name}”" for name in near), " or ".join(near)
            why = Text(f"{why.zh}最接近的是{listed}。", f"{why.en} Nearest: {listed_en}.")
        first = near if len(roster.branches) <= _FEW else []  # a list of its own for each is long
        offered = dict.fromkeys((*first, *roster.branches))
        shown = identifiers.shown(answer, n if pd.isna(known) else identifiers.OFTEN)
        choices = tuple(Choice(name, Text(name, name)) for name in offered)
        points.append(
            Point(
                "branches",
                str(answer),
                Text(shown, shown),
                value,
                why,
                (*choices, Choice("", LEFT_OUT)),
                is_stated=value is None or given is not None,
            )
        )
    return points


ROSTER: Mapping[str, Text] = {
    "branch": Text("支部", "branch"),
    "role": Text("身份", "role"),
    "population": Text("全体应答人员的人数", "number of all people"),
    "alias": Text("别名", "aliases"),
}
_HEADER_ROWS = 10


def headers(sheet: Sheet) -> list[str]:
    """List every text in the first rows of a roster, any of which may be its header."""
    rows = range(min(sheet.n_rows, _HEADER_ROWS))
    return [*dict.fromkeys(text.strip() for row in rows for text in sheet.row(row) if text.strip())]


def roster(
    sheet: Sheet, layout: Layout | None, is_read: bool, stated: Mapping[str, str]
) -> list[Point]:
    """Give a point a column that a roster may have: its header."""
    names = [*dict.fromkeys(filter(None, layout.names))] if layout else headers(sheet)
    sizes = [layout.names[at] for at in layout.sizes] if layout else []
    parts = [layout.names[at] for at in layout.parts] if layout else []
    several = not is_read and (len(sizes) > 1 or (not sizes and bool(parts)))
    points = []
    for key, shown in [*ROSTER.items()][: None if layout else 1]:
        value: str | None = (
            layout.names[layout.known[key]] if layout and key in layout.known else ""
        )
        why = Text("按列名", "by its header")
        near = sizes + parts if key == "population" else []
        if key == "population":
            value = sizes[0] if sizes else ""
            added = "、".join(parts)
            why = Text(f"由 {added} 相加", f"sum of {added}") if parts and not sizes else why
        if (key == "branch" and not value) or (key == "population" and several):
            listed = "、".join(near)
            value, why = (
                None,
                Text(
                    f"名册里哪一列是{shown.zh}？{listed}".rstrip(),
                    f"Which column is the {shown.en}? {listed}".rstrip(),
                ),
            )
        choices = (Choice(name, Text(name, name)) for name in dict.fromkeys((*near, *names)))
        points.append(
            Point(
                "roster",
                key,
                shown,
                value,
                why,
                (*choices, Choice("", NO_COLUMN)),
                is_stated=value is None or key in stated,
            )
        )
    return points


def roles(answers: pd.Series[str], asked: Questionnaire, stated: Mapping[str, str]) -> list[Point]:
    """Give a point a role as answered by several people: the questionnaire's role."""
    if asked.role is None or asked.id == NAMED:
        return []
    choices = (
        *(Choice(role.id, Text(role.title, role.title_en or role.title)) for role in asked.roles),
        Choice("", NO_ROLE),
    )
    points = []
    for answer, n in answers.value_counts().items():
        known = role_of(asked, str(answer))
        given = stated.get(str(answer))
        if known is None and given is None and n < identifiers.OFTEN:
            continue  # may be a person's name
        counts = Text(f"{n} 份", f"{n} answers")
        value = given if given is not None else known
        why = (
            counts
            if value is not None
            else Text(
                f"{n} 份答卷，不认识这个身份；不选则只计入支部，不计入任何一类人员。",
                f"{n} answers; this role is not known. Without a choice they count for no role.",
            )
        )
        shown = identifiers.shown(answer, n)
        points.append(
            Point(
                "roles",
                str(answer),
                Text(shown, shown),
                value,
                why,
                choices,
                is_stated=value is None or given is not None,
                stops=False,
            )
        )
    return points
