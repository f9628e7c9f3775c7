"""The language in which errors and results speak where none is asked for."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

_STRAIGHT = str.maketrans("“”", '""')
_chosen: list[Language] = ["zh"]


def current() -> Language:
    """Give the language that is set, Chinese by default."""
    return _chosen[0]


def choose(language: Language) -> None:
    """Set the language; `survey.options` does it for users, with a check of the value."""
    _chosen[0] = language


def named(part: object, language: Language, name: str = "title") -> str:
    """Give what a part of a questionnaire is called: in Chinese where it has no English name.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> role = SimpleNamespace(title="党员", title_en="members")
    >>> named(role, "zh"), named(role, "en")
    ('党员', 'members')
    """
    english = getattr(part, f"{name}_en") if language == "en" else ""
    return str(english or getattr(part, name))


def say(language: Language, zh: str, en: str, **slots: object) -> str:
    """Give the sentence in the reader's language, with what belongs into its slots.

    Examples
    --------
    >>> say("zh", "“达标”", "“meets”"), say("en", "“达标”", "“meets”")
    ('“达标”', '"meets"')
    >>> say("en", "{n} 个达标", "{n} meet the bar", n=3)
    '3 meet the bar'
    """
    # Chinese fonts set curly quotation marks as wide as a character, which tears Latin text apart.
    text = zh if language == "zh" else en.translate(_STRAIGHT)
    return text.format(**slots) if slots else text
