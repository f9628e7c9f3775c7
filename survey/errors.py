"""What went wrong, where, and what to do: one base class, one class per stage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from questionnaires.errors import SurveyError
from questionnaires.language import Language


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the input something is: every part is optional."""

    # names as a person sees them
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None  # physical row in the file, counted from 1
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
            "cell": ("单元格 {}", "cell {}"),
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


def require_level(level: float | None, name: str = "level") -> None:
    """Stop at a confidence level that is none, with the one that was probably meant.

    Raises
    ------
    UsageError
        If it is no number between 0 and 1.

    Examples
    --------
    >>> try:
    ...     require_level(95)
    ... except UsageError as error:
    ...     print(error.text("en"))
    level=95 is no number between 0 and 1; did you mean 0.95?
    """
    is_number = isinstance(level, int | float) and not isinstance(level, bool)
    if level is None or (is_number and 0 < level < 1):
        return
    meant = f"{level / 100:g}" if is_number and 1 < level < 100 else "0.95"
    raise UsageError(
        zh=f"{name}={level!r} 不是 0 与 1 之间的数，是否要写 {meant}？",
        en=f"{name}={level!r} is no number between 0 and 1; did you mean {meant}?",
    )


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


LISTED = 8
"""Right values that a message lists before it counts the rest."""


def nearest(name: str, given: object, allowed: Iterable[str]) -> UsageError:
    """Make the error for an argument that is none of the values allowed, with the nearest of them.

    Examples
    --------
    >>> print(nearest("method", "wilsn", ["exact", "blaker", "wilson"]).text("en"))
    method='wilsn' is not one of 'exact', 'blaker', 'wilson'; did you mean 'wilson'?
    """
    from difflib import get_close_matches

    choices = [str(choice) for choice in allowed]
    close = get_close_matches(str(given), choices, n=1, cutoff=0.5)
    some, more = choices[:LISTED], len(choices) - LISTED
    zh = "、".join(map(repr, some)) + (f" 等 {len(choices)} 个" if more > 0 else "")
    en = ", ".join(map(repr, some)) + (f" and {more} more" if more > 0 else "")
    meant_zh = f"，是否要写 {close[0]!r}？" if close else "。"
    meant_en = f"; did you mean {close[0]!r}?" if close else "."
    return UsageError(
        zh=f"{name}={given!r} 不在可选值 {zh} 中{meant_zh}",
        en=f"{name}={given!r} is not one of {en}{meant_en}",
    )


class ReadError(SurveyError):
    """A file cannot be read, is refused, or is not what it claims to be."""


class CodingError(SurveyError):
    """Columns or answers cannot be matched to the questionnaire for certain."""


class RosterError(SurveyError):
    """The roster is faulty or contradicts the answers."""


class ReportError(SurveyError):
    """Output cannot be written."""

    exit_code = 4


def unwritable(error: OSError) -> ReportError:
    """Say that the system failed to read or write, the terminal included."""
    named = f"{error.filename}: " if error.filename is not None else ""
    text = f"{named}{error.strerror or error}"
    return ReportError(
        zh=f"系统不能读写（{text}）。请检查磁盘空间、权限和输出去向。",
        en=f"The system cannot read or write ({text}). Check disk space, permissions and where the "
        "output goes.",
    )
