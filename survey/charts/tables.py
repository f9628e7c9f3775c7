"""The numbers of a chart: frames in pages and with names for readers."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from survey import vocabulary

if TYPE_CHECKING:
    import pandas as pd

    from survey.errors import Language

_R = TypeVar("_R")


def split(frame: pd.DataFrame, per_page: int) -> list[pd.DataFrame]:
    """Cut a sorted frame into pages of about equal length, at least one.

    Examples
    --------
    >>> import pandas as pd
    >>> [len(page) for page in split(pd.DataFrame({"branch": range(90)}), 40)]
    [30, 30, 30]
    """
    n_pages = max(1, math.ceil(len(frame) / per_page))
    edges = np.linspace(0, len(frame), n_pages + 1).round().astype(int)
    return [frame.iloc[a:b] for a, b in pairwise(edges)]


def display(frame: pd.DataFrame, columns: Sequence[str], language: Language) -> pd.DataFrame:
    """Keep some columns and give them their names for readers."""
    names = {column: vocabulary.column(column, language) for column in columns}
    return frame[list(columns)].rename(columns=names).reset_index(drop=True)


def with_frame(result: _R, frame: pd.DataFrame) -> _R:
    """Give the same result with another frame."""
    return dataclasses.replace(result, frame=frame)  # type: ignore[type-var]
