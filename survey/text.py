"""One text in the two languages that people read."""

from __future__ import annotations

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
