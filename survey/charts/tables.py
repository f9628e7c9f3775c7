"""The numbers of a chart: frames in pages and with names for readers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from survey import vocabulary

if TYPE_CHECKING:
    import pandas as pd

    from survey.errors import Language

_R = TypeVar("_R")


def display(frame: pd.DataFrame, columns: Sequence[str], language: Language) -> pd.DataFrame:
    """Keep some columns and give them their names for readers."""
    names = {column: vocabulary.column(column, language) for column in columns}
    return frame[list(columns)].rename(columns=names).reset_index(drop=True)


def with_frame(result: _R, frame: pd.DataFrame) -> _R:
    """Give the same result with another frame."""
    return dataclasses.replace(result, frame=frame)  # type: ignore[type-var]
