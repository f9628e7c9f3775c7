"""Texts for people: one in two languages, names within it, none of what nobody can read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.errors import Language

if TYPE_CHECKING:
    import pandas as pd

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    r"""Leave out what people do not see and no workbook, document or page can hold.

    Examples
    --------
    >>> legible("甲\x0b支部\n"), legible("乙")
    ('甲支部\n', '乙')
    """
    return text if text.isprintable() else _UNFIT.sub("", text)


def translated(texts: pd.Series[Any], meaning: Callable[[Any], object]) -> pd.Series[Any]:
    """Give what every text of a column stands for, found once for those that are alike.

    Examples
    --------
    >>> import pandas as pd
    >>> translated(pd.Series(["a", None, "b", "a"]), str.upper).tolist()
    ['A', nan, 'B', 'A']
    """
    import numpy as np
    import pandas as pd

    codes, distinct = pd.factorize(texts)
    meanings = np.empty(len(distinct) + 1, dtype=object)
    meanings[:-1], meanings[-1] = [meaning(text) for text in distinct], np.nan
    return pd.Series(meanings[codes], index=texts.index, dtype=object)


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
