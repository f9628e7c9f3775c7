"""What is wrong in a questionnaire: where, and what is allowed there."""

from __future__ import annotations

from typing import Literal


class QuestionnaireError(ValueError):
    """Say what is wrong in a questionnaire, in Chinese and in English.

    Parameters
    ----------
    zh, en : str
        What is wrong and what is allowed, in each language.
    file : str, optional
        The file as the person named it.
    key : str, optional
        The place in the file, for example ``scales.five.levels[2].score``.
    """

    def __init__(self, zh: str, en: str, *, file: str | None = None, key: str | None = None):
        self.zh = zh
        self.en = en
        self.file = file
        self.key = key
        super().__init__(zh)

    def text(self, language: Literal["zh", "en"] = "zh") -> str:
        """Give the whole message in one language, the place first.

        Examples
        --------
        >>> error = QuestionnaireError("缺少此项。", "is missing.", file="a.toml", key="title")
        >>> error.text()
        '问卷文件 a.toml，title：缺少此项。'
        >>> error.text("en")
        'questionnaire file a.toml, title: is missing.'
        """
        chinese = language == "zh"
        parts = []
        if self.file:
            parts.append(f"问卷文件 {self.file}" if chinese else f"questionnaire file {self.file}")
        if self.key:
            parts.append(self.key)
        where = ("，" if chinese else ", ").join(parts)
        message = self.zh if chinese else self.en
        return f"{where}{'：' if chinese else ': '}{message}" if where else message

    def within(self, key: str, file: str | None = None) -> QuestionnaireError:
        """Return the same error placed inside a larger thing.

        Examples
        --------
        >>> QuestionnaireError("重复。", "repeated.", key="levels").within("scales.five").key
        'scales.five.levels'
        """
        inner = ".".join(part for part in (key, self.key) if part)
        return QuestionnaireError(self.zh, self.en, file=file or self.file, key=inner or None)

    def __str__(self) -> str:
        return self.text("zh")
