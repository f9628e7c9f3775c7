"""The root of all errors that a person can mend, and what is wrong in a questionnaire."""

from __future__ import annotations

from typing import Protocol

from questionnaires.language import Language, current


class Where(Protocol):
    """A place that can be put into words."""

    def text(self, language: Language = "zh") -> str:
        """Put the place into words; empty if it is unknown."""


class SurveyError(Exception):
    """Base of all errors that a person can mend; the message exists in Chinese and in English.

    Parameters
    ----------
    zh, en : str
        What is wrong and what to do, in each language.
    place : survey.errors.Place, optional
        Where it is; put in front of the message.
    """

    exit_code = 3

    def __init__(self, *, zh: str, en: str, place: Where | None = None) -> None:
        self.zh = zh
        self.en = en
        self.place = place
        super().__init__(zh)

    def text(self, language: Language | None = None) -> str:
        """Give the whole message, the place first, in a language or the one that is set.

        Examples
        --------
        >>> SurveyError(zh="文件是空的。", en="The file is empty.").text("en")
        'The file is empty.'
        """
        language = language or current()
        message = self.zh if language == "zh" else self.en
        where = self.place.text(language) if self.place else ""
        separator = "：" if language == "zh" else ": "
        return f"{where}{separator}{message}" if where else message

    def __str__(self) -> str:
        return self.text()

    def __reduce__(self) -> tuple[object, ...]:
        # Workers and notebooks send errors about; the arguments have names only.
        return _again, (type(self), self.__dict__)


def _again(kind: type[SurveyError], state: dict[str, object]) -> SurveyError:
    error = kind.__new__(kind, state["zh"])
    error.__dict__.update(state)
    return error


class QuestionnaireError(SurveyError):
    """Say what is wrong in a questionnaire.

    Parameters
    ----------
    zh, en : str
        What is wrong and what is allowed, in each language.
    file : str, optional
        The file as the person named it.
    key : str, optional
        The place in the file, for example ``scales.five.levels[2].score``.

    Examples
    --------
    >>> error = QuestionnaireError("缺少此项。", "is missing.", file="a.toml", key="title")
    >>> error.text("zh")
    '问卷文件 a.toml，title：缺少此项。'
    >>> error.text("en")
    'questionnaire file a.toml, title: is missing.'
    """

    def __init__(self, zh: str, en: str, *, file: str | None = None, key: str | None = None):
        super().__init__(zh=zh, en=en, place=_Key(file, key))
        self.file = file
        self.key = key

    def within(self, key: str, file: str | None = None) -> QuestionnaireError:
        """Return the same error placed inside a larger thing.

        Examples
        --------
        >>> QuestionnaireError("重复。", "repeated.", key="levels").within("scales.five").key
        'scales.five.levels'
        """
        inner = ".".join(part for part in (key, self.key) if part)
        return QuestionnaireError(self.zh, self.en, file=file or self.file, key=inner or None)


class _Key:
    """A place in a questionnaire's file."""

    def __init__(self, file: str | None, key: str | None) -> None:
        self.file, self.key = file, key

    def text(self, language: Language = "zh") -> str:
        named = "问卷文件 " if language == "zh" else "questionnaire file "
        parts = [named + self.file if self.file else "", self.key or ""]
        return ("，" if language == "zh" else ", ").join(part for part in parts if part)
