"""What an analyst can ask of every chart: language, title, size, colours, order and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Unpack

import pandas as pd

from questionnaires.language import say
from survey import settings
from survey.contract import Wishes
from survey.errors import Language, UsageError, nearest
from survey.palette import Palette
from survey.palette import of as palette_of


@dataclass(frozen=True)
class Look:
    """The wishes for one chart, settled."""

    language: Language = "zh"
    title: str | None = None
    colours: Palette = field(default_factory=Palette)
    sort: str | None = None
    top: int | None = None

    def say(self, zh: str, en: str) -> str:
        """Choose the text of the language."""
        return say(self.language, zh, en)

    def heading(self, zh: str, en: str, shown: int = 0, of: int = 0) -> str:
        """Give the title asked for, or this one, with how many of how many rows are shown."""
        if self.title is not None:
            return self.title
        cut = shown < of
        zh += f"（{of} 个中列出 {shown} 个）" if cut else ""
        en += f" ({shown} of {of})" if cut else ""
        return self.say(zh, en)

    def arrange(
        self, frame: pd.DataFrame, by: Sequence[str] = (), ascending: Sequence[bool] = ()
    ) -> pd.DataFrame:
        """Sort rows as asked for, or by these columns, and keep as many as were asked for.

        Raises
        ------
        UsageError
            If the frame has no such column.

        Examples
        --------
        >>> frame = pd.DataFrame({"branch": ["甲", "乙", "丙"], "rate": [0.8, 0.9, 0.7]})
        >>> Look(sort="-rate", top=2).arrange(frame)["branch"].to_list()
        ['乙', '甲']
        """
        if self.sort is not None and self.sort != "given":
            name = self.sort.removeprefix("-")
            shown = [str(column) for column in frame if not str(column).startswith("_")]
            if name not in shown:
                raise nearest("sort", name, [*shown, "given"])
            by, ascending = [name], [not self.sort.startswith("-")]
        if len(by) and self.sort != "given":
            frame = frame.sort_values(list(by), ascending=list(ascending), kind="stable")
        return frame if self.top is None else frame.head(self.top)

    @classmethod
    def of(cls, **wishes: Unpack[Wishes]) -> Look:
        """Check the wishes for a chart.

        Raises
        ------
        UsageError
            If one cannot be met.

        Examples
        --------
        >>> Look.of(top=3, language="en").say("支部", "branch")
        'branch'
        """
        for name in wishes:
            if name not in Wishes.__annotations__:
                raise nearest("argument", name, Wishes.__annotations__)
        language, figsize, top = wishes.get("language"), wishes.get("figsize"), wishes.get("top")
        if language not in (None, "zh", "en"):
            raise nearest("language", language, ("zh", "en"))
        if top is not None and (isinstance(top, bool) or not isinstance(top, int) or top < 1):
            raise UsageError(
                zh=f"top={top!r} 不行：写要列出的个数，是从 1 起的整数。",
                en=f"top={top!r} cannot be: it is the number of rows, a whole number from 1.",
            )
        if figsize is not None and not _is_size(figsize):
            raise UsageError(
                zh=f"figsize={figsize!r} 不行：写宽与高，单位是英寸，例如 (7, 4)。",
                en=f"figsize={figsize!r} cannot be: width and height in inches, such as (7, 4).",
            )
        chosen = settings.language(language)
        colours, title = palette_of(wishes.get("palette")), wishes.get("title")
        return cls(chosen, title, colours, wishes.get("sort"), top)


def _is_size(given: object) -> bool:
    numbers = given if isinstance(given, tuple | list) else ()
    return len(numbers) == 2 and all(isinstance(n, int | float) and n > 0 for n in numbers)
