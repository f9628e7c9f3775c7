"""What people wrote, counted by subject."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from survey.contract import Result


@dataclass(frozen=True, eq=False, repr=False)
class Comments(Result):
    """What the open answers speak of, for the whole university alone.

    Attributes
    ----------
    frame : DataFrame
        One row a dimension, followed by its indicators: ``dimension``, ``dimension_title``,
        ``dimension_title_en``, ``number`` (missing for the dimension itself), ``title``,
        ``title_en``, ``n`` (comments with one of its keywords; missing where they are too few).
    n : int or None
        Comments in all; None where there are fewer than `least`.
    least : int
        Least number of comments of a published count.
    quotes : DataFrame or None
        ``text`` (masked), ``theme``, ``theme_en`` (its dimensions), ``kept`` (True, False, or
        missing where a review says nothing), in the order of the texts.
    is_reviewed : bool
        Whether a person went through the quotations.
    """

    _name = ("意见提及的方面", "What comments speak of")
    _shown = ("title", "title_en", "n")

    frame: pd.DataFrame
    n: int | None
    least: int
    quotes: pd.DataFrame | None = None
    is_reviewed: bool = False
