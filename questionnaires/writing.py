"""Write a questionnaire back as TOML, so that one made or changed in code can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from questionnaires.model import (
    MATRIX_STEM,
    MATRIX_STEM_EN,
    Item,
    Level,
    Questionnaire,
    Scale,
)

_Value = str | int | float | bool | tuple[str, ...] | None


def to_toml(questionnaire: Questionnaire) -> str:
    """Write a questionnaire as TOML text.

    Parameters
    ----------
    questionnaire : Questionnaire
        What to write. Every item names its scale.

    Returns
    -------
    str
        Text that `questionnaires.parse` reads back to an equal questionnaire.

    Raises
    ------
    ValueError
        If two different scales have the same id.

    Examples
    --------
    >>> from questionnaires import load, parse
    >>> standard = load("jiangsu-2014")
    >>> parse(to_toml(standard)) == standard
    True
    """
    return "\n".join(_lines(questionnaire)).strip() + "\n"


def _lines(asked: Questionnaire) -> Iterator[str]:
    yield from _pairs(
        id=asked.id,
        title=asked.title,
        title_en=asked.title_en,
        source=asked.source,
        standard=asked.standard.name if asked.standard else None,
        bar=asked.bar,
        # The neutral stems are the reader's defaults.
        matrix_stem=asked.matrix_stem if asked.matrix_stem != MATRIX_STEM else None,
        matrix_stem_en=asked.matrix_stem_en if asked.matrix_stem_en != MATRIX_STEM_EN else None,
    )
    for scale in _scales(asked):
        yield from ("", f"[scales.{_text(scale.id)}]", "levels = [")
        yield from (f"  {_inline(_level(level))}," for level in scale.levels)
        yield "]"
    for name, choice in (("branch", asked.branch), ("role", asked.role)):
        if choice:
            yield from ("", f"[{name}]")
            yield from _pairs(text=choice.text, text_en=choice.text_en, aliases=choice.aliases)
    for role in asked.roles:
        yield from ("", "[[roles]]")
        yield from _pairs(
            id=role.id,
            title=role.title,
            title_en=role.title_en,
            answers=role.answers,
            answers_en=role.answers_en,
            aliases=role.aliases,
        )
    for grouping in asked.groupings:
        yield from ("", "[[groupings]]")
        yield from _pairs(
            id=grouping.id,
            text=grouping.text,
            text_en=grouping.text_en,
            aliases=grouping.aliases,
        )
    yield from ("", "[overall]")
    yield from _pairs(**{key: value for key, value in _item(asked.overall).items() if key != "id"})
    for dimension in asked.dimensions:
        yield from ("", "[[dimensions]]")
        yield from _pairs(id=dimension.id, title=dimension.title, title_en=dimension.title_en)
        for indicator in dimension.indicators:
            yield from ("", "[[dimensions.indicators]]")
            yield from _pairs(
                number=indicator.number,
                title=indicator.title,
                title_en=indicator.title_en,
                keywords=indicator.keywords,
            )
            yield "items = ["
            yield from (f"  {_inline(_item(item))}," for item in indicator.items)
            yield "]"
    if check := asked.attention:
        yield from ("", "[attention]")
        yield from _pairs(
            text=check.text, text_en=check.text_en, expected=check.expected, scale=check.scale.id
        )
    if told := asked.open_question:
        yield from ("", "[open_question]")
        yield from _pairs(text=told.text, text_en=told.text_en, aliases=told.aliases)


def _scales(asked: Questionnaire) -> list[Scale]:
    found: dict[str, Scale] = {}
    used = [item.scale for item in (asked.overall, *asked.items)]
    for scale in [*used, *([asked.attention.scale] if asked.attention else [])]:
        if found.setdefault(scale.id, scale) != scale:
            raise ValueError(f"two different scales have the id {scale.id!r}")
    return list(found.values())


def _level(level: Level) -> dict[str, _Value]:
    return {
        "label": level.label,
        "label_en": level.label_en,
        "score": level.score,
        "satisfied": level.satisfied,
        "valid": level.valid,
        "index": level.index,
        "aliases": level.aliases,
    }


def _item(item: Item) -> dict[str, _Value]:
    return {
        "id": item.id,
        "text": item.text,
        "text_en": item.text_en,
        "aliases": item.aliases,
        "scale": item.scale.id,
    }


def _pairs(**values: _Value) -> Iterator[str]:
    """Write the values that say something; the rest are the reader's defaults."""
    return (f"{key} = {_value(value)}" for key, value in values.items() if _says(value))


def _inline(values: Mapping[str, _Value]) -> str:
    return "{ " + ", ".join(_pairs(**values)) + " }"


def _says(value: _Value) -> bool:
    return value is not None and value not in ("", ())


def _value(value: _Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(part) for part in value) + "]"
    number = float(value or 0)
    return str(int(number)) if number.is_integer() else repr(number)


def _text(text: str) -> str:
    # TOML's basic strings are JSON's, but for the delete character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
