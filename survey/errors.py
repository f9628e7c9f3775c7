"""What went wrong, where, and what to do: one base class, one class per stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the input something is: every part is optional.

    Parameters
    ----------
    file, sheet, column, question : str, optional
        Names as a person sees them.
    row : int, optional
        Physical row in the file, counted from 1.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    question: str | None = None

    def text(self, language: Language = "zh") -> str:
        """Put the place into words, for example ``文件 a.xlsx，工作表 Sheet1，第 3 行``.

        Examples
        --------
        >>> Place(file="a.xlsx", row=3).text()
        '文件 a.xlsx，第 3 行'
        >>> Place(file="a.xlsx", row=3).text("en")
        'file a.xlsx, row 3'
        """
        patterns = {
            "file": ("文件 {}", "file {}"),
            "sheet": ("工作表 {}", "sheet {}"),
            "row": ("第 {} 行", "row {}"),
            "column": ("列 {}", "column {}"),
            "question": ("题目 {}", "question {}"),
        }
        index = 0 if language == "zh" else 1
        parts = [
            pattern[index].format(value)
            for name, pattern in patterns.items()
            if (value := getattr(self, name)) is not None
        ]
        return ("，" if language == "zh" else ", ").join(parts)


class SurveyError(Exception):
    """Base of all errors that a person can mend; the message exists in Chinese and in English.

    Parameters
    ----------
    zh, en : str
        What is wrong and what to do, in each language.
    place : Place, optional
        Where it is; put in front of the message.
    """

    exit_code = 3

    def __init__(self, *, zh: str, en: str, place: Place | None = None) -> None:
        self.zh = zh
        self.en = en
        self.place = place
        super().__init__(zh)

    def text(self, language: Language = "zh") -> str:
        """Give the whole message in one language, the place first.

        Examples
        --------
        >>> ReadError(zh="文件是空的。", en="The file is empty.", place=Place(file="a.xlsx")).text()
        '文件 a.xlsx：文件是空的。'
        """
        message = self.zh if language == "zh" else self.en
        where = self.place.text(language) if self.place else ""
        separator = "：" if language == "zh" else ": "
        return f"{where}{separator}{message}" if where else message

    def __str__(self) -> str:
        return self.text("zh")


def not_utf8(kind: type[SurveyError], zh: str, en: str, place: Place) -> SurveyError:
    """Make the error for a text file in another encoding than UTF-8.

    Parameters
    ----------
    kind : type
        Of the error.
    zh, en : str
        What the file is, in each language; it begins a sentence.
    place : Place
        The file.

    Examples
    --------
    >>> print(not_utf8(ReadError, "编码本", "The code book", Place(file="a.json")))
    文件 a.json：编码本不是 UTF-8 编码（多半存成了 GBK，即“ANSI”）。请用记事本打开，...
    """
    return kind(
        zh=f"{zh}不是 UTF-8 编码（多半存成了 GBK，即“ANSI”）。"
        "请用记事本打开，选“另存为”，编码选 UTF-8，再读入。",
        en=f"{en} is not in UTF-8 (probably in GBK, “ANSI”). Open it in an editor, save it as "
        "UTF-8 and try again.",
        place=place,
    )


class UsageError(SurveyError):
    """An argument or option is wrong."""

    exit_code = 2


class ReadError(SurveyError):
    """A file cannot be read, is refused, or is not what it claims to be."""


class CodingError(SurveyError):
    """Columns or answers cannot be matched to the questionnaire for certain."""


class RosterError(SurveyError):
    """The roster is faulty or contradicts the answers."""


class ReportError(SurveyError):
    """Output cannot be written."""

    exit_code = 4
