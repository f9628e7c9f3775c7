"""What is asked: questionnaires as data, knowing nothing of answers."""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

if _TYPE_CHECKING:
    from questionnaires.catalogue import available, load, parse
    from questionnaires.errors import QuestionnaireError
    from questionnaires.model import (
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
    from questionnaires.text import normalise
    from questionnaires.writing import to_toml

__all__ = [
    "AttentionCheck",
    "ChoiceQuestion",
    "Dimension",
    "Indicator",
    "Item",
    "Level",
    "OpenQuestion",
    "Questionnaire",
    "QuestionnaireError",
    "Role",
    "Scale",
    "available",
    "load",
    "normalise",
    "parse",
    "to_toml",
]

_HOMES = {
    **dict.fromkeys(__all__, "questionnaires.model"),
    **dict.fromkeys(("available", "load", "parse"), "questionnaires.catalogue"),
    "QuestionnaireError": "questionnaires.errors",
    "normalise": "questionnaires.text",
    "to_toml": "questionnaires.writing",
}


def __getattr__(name: str) -> object:
    # Errors have their root here: who says --help must not wait for TOML and regular expressions.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
