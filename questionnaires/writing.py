"""Write a questionnaire back as TOML, so that one made or changed in code can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

from questionnaires.model import MATRIX_STEM, MATRIX_STEM_EN, Questionnaire, Scale

_ASKED = ("text", "text_en", "aliases")
_LEVEL = ("label", "label_en", "score", "satisfied", "valid", "index", "aliases")
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
    yield from _told(asked, "id", "title", "title_en", "source")
    yield from _pairs(
        standard=asked.standard.name if asked.standard else None,
        bar=asked.bar,
        # The neutral stems are the reader's defaults.
        matrix_stem=asked.matrix_stem if asked.matrix_stem != MATRIX_STEM else None,
        matrix_stem_en=asked.matrix_stem_en if asked.matrix_stem_en != MATRIX_STEM_EN else None,
    )
    for scale in _scales(asked):
        yield from ("", f"[scales.{_text(scale.id)}]", "levels = [")
        yield from (_inline(*_told(level, *_LEVEL)) for level in scale.levels)
        yield "]"
    for name, choice in (("branch", asked.branch), ("role", asked.role)):
        if choice:
            yield from ("", f"[{name}]")
            yield from _told(choice, *_ASKED)
    for role in asked.roles:
        yield from ("", "[[roles]]")
        yield from _told(role, "id", "title", "title_en", "answers", "answers_en", "aliases")
    for grouping in asked.groupings:
        yield from ("", "[[groupings]]")
        yield from _told(grouping, "id", *_ASKED)
    yield from ("", "[overall]")
    yield from (*_told(asked.overall, *_ASKED), *_pairs(scale=asked.overall.scale.id))
    for dimension in asked.dimensions:
        yield from ("", "[[dimensions]]")
        yield from _told(dimension, "id", "title", "title_en")
        for indicator in dimension.indicators:
            yield from ("", "[[dimensions.indicators]]")
            yield from _told(indicator, "number", "title", "title_en", "keywords")
            yield "items = ["
            for item in indicator.items:
                yield _inline(*_told(item, "id", *_ASKED), *_pairs(scale=item.scale.id))
            yield "]"
    if check := asked.attention:
        yield from ("", "[attention]")
        yield from (*_told(check, "text", "text_en", "expected"), *_pairs(scale=check.scale.id))
    if told := asked.open_question:
        yield from ("", "[open_question]")
        yield from _told(told, *_ASKED)


def _scales(asked: Questionnaire) -> list[Scale]:
    found: dict[str, Scale] = {}
    used = [item.scale for item in (asked.overall, *asked.items)]
    for scale in [*used, *([asked.attention.scale] if asked.attention else [])]:
        if found.setdefault(scale.id, scale) != scale:
            raise ValueError(f"two different scales have the id {scale.id!r}")
    return list(found.values())


def _pairs(**values: _Value) -> Iterator[str]:
    """Write the values that say something; the rest are the reader's defaults."""
    return (f"{key} = {_value(value)}" for key, value in values.items() if _says(value))


def _told(thing: object, *names: str) -> Iterator[str]:
    """Write the attributes of a part, which are its keys."""
    return _pairs(**{name: getattr(thing, name) for name in names})


def _inline(*pairs: str) -> str:
    return "  { " + ", ".join(pairs) + " },"


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
