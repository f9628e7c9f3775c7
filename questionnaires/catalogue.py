"""Load questionnaires: the shipped ones by name, anybody's own by path."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import TypeVar

from questionnaires import files, standard
from questionnaires.model import (
    AttentionCheck,
    ChoiceQuestion,
    Dimension,
    Indicator,
    Item,
    OpenQuestion,
    Questionnaire,
    Role,
)
from questionnaires.scale import Level, Scale
from questionnaires.standard import Standard
from questionnaires.table import Table, keys

_Q = TypeVar("_Q", Item, ChoiceQuestion, AttentionCheck, OpenQuestion)


def available() -> tuple[str, ...]:
    """List the names of the questionnaires that are shipped.

    Returns
    -------
    tuple of str
        Names that `load` accepts, sorted.

    Examples
    --------
    >>> available()
    ('jiangsu-2014', 'jiangsu-2014-short')
    """
    return files.shipped("shipped")


def load(name_or_path: str | os.PathLike[str]) -> Questionnaire:
    """Load a shipped questionnaire by name, or a TOML file by path.

    Parameters
    ----------
    name_or_path : str or path
        One of `available`, or the path of a TOML file.

    Returns
    -------
    Questionnaire
        Complete and checked.

    Raises
    ------
    QuestionnaireError
        If there is no such questionnaire, or the file is faulty: the message names file and key
        and says what is allowed.

    Examples
    --------
    >>> standard = load("jiangsu-2014")
    >>> standard.bar, len(standard.items), standard.item("q01").scale.target
    ('0.9', 18, 4.0)
    >>> standard.role_of("学生党员")
    'members'
    """
    text, file = files.read(name_or_path, "shipped", ("问卷", "questionnaire"))
    return parse(text, file=file)


def parse(text: str, *, file: str = "<text>") -> Questionnaire:
    """Read a questionnaire from TOML text.

    Parameters
    ----------
    text : str
        The TOML text.
    file : str
        Name used in error messages.

    Returns
    -------
    Questionnaire
        Complete and checked.

    Raises
    ------
    QuestionnaireError
        If the text is faulty.
    """
    top = Table(files.values(text, file), keys(Questionnaire, "scale", "scales"), file=file)
    scales = _scales(top)
    with top.placing():
        held = standard.beside(top.text("standard"), file) if top.has("standard") else None

    def once(kind: type[_Q], key: str) -> _Q:
        """Read a question that there is once: its table names it."""
        entry = top.table(key, keys(kind, without=("id",)))
        scale = {"scale": _scale(scales, entry, top)} if "scale" in keys(kind) else {}
        return entry.made(kind, id=key.removesuffix("_question"), **scale)

    return top.made(
        Questionnaire,
        source=top.text("source", held.citation if held else ""),
        standard=held,
        bar=_bar(top),
        dimensions=tuple(
            _dimension(top, entry, scales, held)
            for entry in top.tables("dimensions", keys(Dimension, "scale"))
        ),
        overall=once(Item, "overall"),
        branch=once(ChoiceQuestion, "branch"),
        role=once(ChoiceQuestion, "role") if top.has("role") else None,
        roles=tuple(entry.made(Role) for entry in top.tables("roles", keys(Role))),
        groupings=tuple(
            entry.made(ChoiceQuestion) for entry in top.tables("groupings", keys(ChoiceQuestion))
        ),
        attention=once(AttentionCheck, "attention") if top.has("attention") else None,
        open_question=once(OpenQuestion, "open_question") if top.has("open_question") else None,
    )


def _bar(top: Table) -> str:
    value = top.values.get("bar")
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return top.text("bar")


def _scales(top: Table) -> dict[str, Scale]:
    names = top.values.get("scales")
    tables = top.table("scales", tuple(names) if isinstance(names, dict) else ())
    scales = {}
    for id in tables.values:
        entry = tables.table(id, keys(Scale, without=("id",)))
        levels = tuple(row.made(Level) for row in entry.tables("levels", keys(Level)))
        scales[id] = entry.made(Scale, id=id, levels=levels)
    return scales


def _scale(scales: dict[str, Scale], *tables: Table) -> Scale:
    """Find the scale named by the first table that names one."""
    table = next((table for table in tables if table.has("scale")), tables[-1])
    name = table.text("scale")
    if name not in scales:
        raise table.error(
            "scale",
            f"没有量表“{name}”。已定义的量表：{'、'.join(scales)}。",
            f"there is no scale {name!r}. Scales defined: {', '.join(scales)}.",
        )
    return scales[name]


def _dimension(
    top: Table, entry: Table, scales: dict[str, Scale], held: Standard | None
) -> Dimension:
    """Read a dimension; what the standard calls it and its indicators need not be said again."""
    criteria = held.criteria if held else ()
    by_number = {criterion.number: criterion for criterion in criteria}
    indicators = []
    for indicator in entry.tables("indicators", keys(Indicator)):
        items = (
            item.made(Item, scale=_scale(scales, item, entry, top))
            for item in indicator.tables("items", keys(Item))
        )
        known = by_number.get(indicator.integer("number"))
        indicators.append(
            indicator.made(
                Indicator,
                title=indicator.text("title", known.title if known else None),
                title_en=indicator.text("title_en", known.title_en if known else ""),
                items=tuple(items),
            )
        )
    id = entry.text("id")
    named = next((criterion for criterion in criteria if criterion.dimension == id), None)
    return entry.made(
        Dimension,
        title=entry.text("title", named.dimension_title if named else None),
        title_en=entry.text("title_en", named.dimension_title_en if named else ""),
        indicators=tuple(indicators),
    )
