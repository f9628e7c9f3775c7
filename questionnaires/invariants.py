"""What must hold inside a questionnaire, as errors that say where it does not."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaires.errors import QuestionnaireError
from questionnaires.text import normalise


def require(condition: bool, key: str, zh: str, en: str) -> None:
    """Raise an error at `key` unless the condition holds."""
    if not condition:
        raise QuestionnaireError(zh, en, key=key)


def unique(names: Iterable[str], key: str, zh: str, en: str) -> None:
    """Raise an error at `key` if two names agree after normalising."""
    seen: set[str] = set()
    for name in names:
        require(
            normalise(name) not in seen,
            key,
            f"{zh}“{name}”出现了两次。",
            f"{en} {name!r} occurs twice.",
        )
        seen.add(normalise(name))
