"""What a reader noticed and a person should know: the same two languages and place as an error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from survey.errors import Language, Place

Severity = Literal["notice", "warning"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One observation that does not stop the reading.

    Parameters
    ----------
    zh, en : str
        What was seen and what was done about it, in each language.
    place : Place
        Where it is.
    severity : {"notice", "warning"}
        A warning may change numbers; a notice only explains what was understood.

    Examples
    --------
    >>> Problem(zh="整行空白，已略去。", en="Blank row left out.", place=Place(row=3)).text("en")
    'row 3: Blank row left out.'
    """

    zh: str
    en: str
    place: Place
    severity: Severity = "notice"

    def text(self, language: Language = "zh") -> str:
        """Give place and message in one language.

        Parameters
        ----------
        language : {"zh", "en"}
            Language of the text.

        Returns
        -------
        str
            For example ``文件 a.xlsx，第 3 行：整行空白，已略去。``.
        """
        message = self.zh if language == "zh" else self.en
        where = self.place.text(language)
        separator = "：" if language == "zh" else ": "
        return f"{where}{separator}{message}" if where else message
