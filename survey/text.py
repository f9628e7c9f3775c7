"""One text in the two languages that people read, and names within it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from survey.errors import Language


@dataclass(frozen=True)
class Text:
    """One text in Chinese and in English.

    Examples
    --------
    >>> Text("支部", "branch").text("en")
    'branch'
    """

    zh: str
    en: str

    def text(self, language: Language) -> str:
        """Choose one of the two."""
        return self.zh if language == "zh" else self.en


def quoted(names: Iterable[str]) -> str:
    """List names in quotation marks.

    Examples
    --------
    >>> quoted(["甲", "乙"])
    '“甲”、“乙”'
    """
    return "、".join(f"“{name}”" for name in names)
