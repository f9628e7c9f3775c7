"""Tables of any library that narwhals knows, taken into pandas."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from analysis.counts.tabulate import eager
from survey.errors import UsageError

if TYPE_CHECKING:
    from narwhals.typing import IntoFrame

Roll: TypeAlias = "str | Path | Mapping[str, int] | pd.Series[int] | IntoFrame"
"""A roster: a file, a frame, or people by branch."""


def roster_of(roster: Roll | None) -> Any:
    """Give a roster as a file or a frame: people by branch are one with two columns."""
    if roster is None or isinstance(roster, str | Path):
        return roster
    sizes = roster.to_dict() if isinstance(roster, pd.Series) else roster
    if isinstance(sizes, Mapping):
        return pd.DataFrame({"支部": [*sizes], "人数": [*sizes.values()]})
    return to_pandas(sizes)


def native(frame: IntoFrame) -> Any:
    """Take a frame of any library, refusing what is none."""
    import narwhals as nw

    if isinstance(frame, pd.DataFrame) and not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise UsageError(
            zh=f"数据框有两列都叫“{twice}”：请先改名，或只给用到的列。",
            en=f"The frame has two columns called {twice!r}: rename one, or give those in use.",
        )
    try:
        return nw.from_native(frame)
    except TypeError as fault:
        raise UsageError(
            zh=f"{type(frame).__name__} 不是数据框：请给 pandas、Polars、DuckDB 等的数据框。",
            en=f"{type(frame).__name__} is no data frame: give one of pandas, Polars, DuckDB ….",
        ) from fault


def to_pandas(frame: IntoFrame) -> pd.DataFrame:
    """Collect a frame of any library into pandas."""
    table = eager(native(frame))
    return pd.DataFrame({name: table[name].to_list() for name in table.columns})


def refuse_frames(paths: object) -> None:
    """Stop where a frame is given in place of files, naming what takes one."""
    if hasattr(paths, "columns") or hasattr(paths, "__dataframe__"):
        raise UsageError(
            zh="survey.read 读的是文件。内存中的数据框请用 survey.from_frame(frame, overall=…, "
            "satisfied=[…], branch=…)。",
            en="survey.read reads files. For a data frame in memory use survey.from_frame(frame, "
            "overall=…, satisfied=[…], branch=…).",
        )
