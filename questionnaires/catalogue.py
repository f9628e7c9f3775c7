"""Load questionnaires: the shipped ones by name, anybody's own by path."""

from __future__ import annotations

import os
from decimal import Decimal

from questionnaires import files, standard
from questionnaires.model import (
    MATRIX_STEM,
    MATRIX_STEM_EN,
    AttentionCheck,
    ChoiceQuestion,
    Dimension,
    Indicator,
    Item,
    Level,
    OpenQuestion,
    Questionnaire,
    Role,
    Scale,
)
from questionnaires.standard import Standard
from questionnaires.table import Table

_CHOICE = ("text", "text_en", "aliases")
_TOP = (
    *("id", "title", "title_en", "source", "standard", "bar", "scale", "scales"),
    *("branch", "role", "roles", "groupings"),
    *("overall", "dimensions", "attention", "open_question"),
    *("matrix_stem", "matrix_stem_en"),
)
_LEVEL = ("label", "label_en", "score", "satisfied", "valid", "index", "aliases")
_DIMENSION = ("id", "title", "title_en", "scale", "indicators")
_ROLE = ("id", "title", "title_en", "answers", "answers_en", "aliases")
_INDICATOR = ("number", "title", "title_en", "keywords", "items")
_ITEM = ("id", "text", "text_en", "aliases", "scale")


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
    top = Table(files.values(text, file), _TOP, file=file)
    scales = _scales(top)
    with top.placing():
        held = standard.beside(top.text("standard"), file) if top.has("standard") else None
        return Questionnaire(
            id=top.text("id"),
            title=top.text("title"),
            title_en=top.text("title_en", ""),
            source=top.text("source", held.citation if held else ""),
            standard=held,
            bar=_bar(top),
            dimensions=tuple(
                _dimension(top, entry, scales, held)
                for entry in top.tables("dimensions", _DIMENSION)
            ),
            overall=_overall(top, scales),
            branch=_choice(top, "branch"),
            role=_choice(top, "role") if top.has("role") else None,
            roles=tuple(_role(entry) for entry in top.tables("roles", _ROLE)),
            groupings=tuple(
                _chosen(entry.text("id"), entry)
                for entry in top.tables("groupings", ("id", *_CHOICE))
            ),
            attention=_attention(top, scales) if top.has("attention") else None,
            open_question=_open(top) if top.has("open_question") else None,
            matrix_stem=top.text("matrix_stem", MATRIX_STEM),
            matrix_stem_en=top.text("matrix_stem_en", MATRIX_STEM_EN),
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
        entry = tables.table(id, ("levels",))
        with entry.placing():
            scales[id] = Scale(id, tuple(_level(row) for row in entry.tables("levels", _LEVEL)))
    return scales


def _level(row: Table) -> Level:
    with row.placing():
        return Level(
            label=row.text("label"),
            label_en=row.text("label_en", ""),
            score=row.number("score") if row.has("score") else None,
            satisfied=row.flag("satisfied", False),
            valid=row.flag("valid", True),
            index=row.number("index") if row.has("index") else None,
            aliases=row.texts("aliases"),
        )


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


def _overall(top: Table, scales: dict[str, Scale]) -> Item:
    entry = top.table("overall", _ITEM[1:])
    return _item("overall", entry, _scale(scales, entry, top))


def _item(id: str, entry: Table, scale: Scale) -> Item:
    return Item(
        id=id,
        text=entry.text("text"),
        text_en=entry.text("text_en", ""),
        aliases=entry.texts("aliases"),
        scale=scale,
    )


def _dimension(
    top: Table, entry: Table, scales: dict[str, Scale], held: Standard | None
) -> Dimension:
    """Read a dimension; what the standard calls it and its indicators need not be said again."""
    criteria = held.criteria if held else ()
    by_number = {criterion.number: criterion for criterion in criteria}
    indicators = []
    for indicator in entry.tables("indicators", _INDICATOR):
        items = [
            _item(item.text("id"), item, _scale(scales, item, entry, top))
            for item in indicator.tables("items", _ITEM)
        ]
        number = indicator.integer("number")
        known = by_number.get(number)
        indicators.append(
            Indicator(
                number=number,
                title=indicator.text("title", known.title if known else None),
                title_en=indicator.text("title_en", known.title_en if known else ""),
                items=tuple(items),
                keywords=indicator.texts("keywords"),
            )
        )
    id = entry.text("id")
    named = next((criterion for criterion in criteria if criterion.dimension == id), None)
    return Dimension(
        id=id,
        title=entry.text("title", named.dimension_title if named else None),
        title_en=entry.text("title_en", named.dimension_title_en if named else ""),
        indicators=tuple(indicators),
    )


def _choice(top: Table, id: str) -> ChoiceQuestion:
    return _chosen(id, top.table(id, _CHOICE))


def _chosen(id: str, entry: Table) -> ChoiceQuestion:
    return ChoiceQuestion(id, entry.text("text"), entry.texts("aliases"), entry.text("text_en", ""))


def _role(entry: Table) -> Role:
    return Role(
        id=entry.text("id"),
        title=entry.text("title"),
        title_en=entry.text("title_en", ""),
        answers=entry.texts("answers"),
        answers_en=entry.texts("answers_en"),
        aliases=entry.texts("aliases"),
    )


def _attention(top: Table, scales: dict[str, Scale]) -> AttentionCheck:
    entry = top.table("attention", ("text", "text_en", "expected", "scale"))
    with entry.placing():
        return AttentionCheck(
            id="attention",
            text=entry.text("text"),
            text_en=entry.text("text_en", ""),
            expected=entry.text("expected"),
            scale=_scale(scales, entry, top),
        )


def _open(top: Table) -> OpenQuestion:
    entry = top.table("open_question", _CHOICE)
    return OpenQuestion(
        "open", entry.text("text"), entry.text("text_en", ""), entry.texts("aliases")
    )
