"""The language in which errors and results speak where none is asked for."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

_chosen: list[Language] = ["zh"]


def current() -> Language:
    """Give the language that is set, Chinese by default."""
    return _chosen[0]


def choose(language: Language) -> None:
    """Set the language; `survey.options` does it for users, with a check of the value."""
    _chosen[0] = language
