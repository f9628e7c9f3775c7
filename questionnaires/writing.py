"""Write a questionnaire back as TOML, so that one made or changed in code can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from questionnaires.model import MATRIX_STEM, MATRIX_STEM_EN, Questionnaire
from questionnaires.scale import Scale

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
    stems = {"matrix_stem": MATRIX_STEM, "matrix_stem_en": MATRIX_STEM_EN}
    usual = [name for name, stem in stems.items() if getattr(asked, name) == stem]
    yield from _told(asked, *usual)
    yield from _pairs(standard=asked.standard.name if asked.standard else None)
    for scale in _scales(asked):
        yield from ("", f"[scales.{_text(scale.id)}]", "levels = [")
        yield from (_inline(*_told(level)) for level in scale.levels)
        yield "]"
    for name in ("branch", "role", "overall", "attention", "open_question"):
        if once := getattr(asked, name):
            yield from ("", f"[{name}]", *_told(once, "id"))
    for name in ("roles", "groupings"):
        for each in getattr(asked, name):
            yield from ("", f"[[{name}]]", *_told(each))
    for dimension in asked.dimensions:
        yield from ("", "[[dimensions]]", *_told(dimension))
        for indicator in dimension.indicators:
            yield from ("", "[[dimensions.indicators]]", *_told(indicator), "items = [")
            yield from (_inline(*_told(item)) for item in indicator.items)
            yield "]"


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


def _told(thing: Any, *without: str) -> Iterator[str]:
    """Write the plain fields of a part, which are its keys; a scale is named."""
    values = {f.name: getattr(thing, f.name) for f in fields(thing) if f.name not in without}
    named = {name: v.id if isinstance(v, Scale) else v for name, v in values.items()}
    return _pairs(**{name: value for name, value in named.items() if _is_plain(value)})


def _is_plain(value: object) -> bool:
    each = value if isinstance(value, tuple) else (value,)
    return all(isinstance(part, str | int | float) for part in each)


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
