"""Rows to counts: the only room that touches the rows of respondents.

Every estimate of this package starts from counts per unit. They are made here once, by the engine
that holds the data (pandas, Polars, DuckDB, Dask or Spark, through narwhals): flags of every item
and code, and their sums. A lazy frame is collected only after it has shrunk to one row a unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, get_args

import narwhals as nw
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["valid", "missing", "not_asked", "not_applicable"]
"""What became of one question for one respondent."""

STATUSES: tuple[str, ...] = get_args(Status)
MARKS = {"not_asked": -99.0, "not_applicable": -98.0}
"""What stands in the place of a code where there is none, beside null for ``missing``."""


def item_counts(
    frame: Any,
    items: Mapping[str, Sequence[float]],
    *,
    by: Sequence[str],
    weight: str | None = None,
) -> pd.DataFrame:
    """Count how often each code was given to each item, in one pass over the rows.

    Parameters
    ----------
    frame
        One row a respondent: any eager or lazy frame that narwhals understands.
    items
        Numeric columns, with the codes of valid answers. Null (or NaN) is ``missing``; see
        `MARKS` for the other two.
    by
        Columns that name the unit, for instance ``["branch", "role"]``; ``[]`` counts all rows
        together.
    weight
        Numeric column with the weight of a row, 0 or more.

    Returns
    -------
    pandas.DataFrame
        Long: the unit columns, ``item``, ``value`` (the code, NaN without a valid answer),
        ``status`` and ``n``, with `weight` also sums of weights and of their squares, ``weight``
        and ``squares``; sorted by unit (a missing name last), by item in the order of `items`, and
        by value and status. Codes nobody gave are absent.

    Raises
    ------
    ValueError
        If a code is one of the marks, or a column holds what is neither a code nor a mark.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"q1": [5, 5, 4], "q2": [5, -99, None]})
    >>> item_counts(answers, {"q1": [4, 5], "q2": [4, 5]}, by=[])
      item  value     status  n
    0   q1    4.0      valid  1
    1   q1    5.0      valid  2
    2   q2    5.0      valid  1
    3   q2    NaN    missing  1
    4   q2    NaN  not_asked  1
    """
    marked = [item for item, codes in items.items() if not {*codes}.isdisjoint(MARKS.values())]
    if marked:
        raise ValueError(f"codes of {marked[0]!r} are among the marks {MARKS}")
    outcomes = [
        (item, value, status)
        for item, codes in items.items()
        for value, status in [*((float(code), "valid") for code in sorted(codes)), *_NO_CODES]
    ]
    rows = nw.from_native(frame)
    count = _tallied if rows.implementation.is_pandas() else _summed
    units, sums = count(rows, list(by), outcomes, weight)
    n_rows = units.pop("rows").sum()
    long = _long(units, outcomes, sums)
    strange = int(len(items) * n_rows - long["n"].sum())
    if strange:
        known = long.groupby("item")["n"].sum().reindex(list(items), fill_value=0)
        item = known[known < n_rows].index[0]
        raise ValueError(f"{strange} answers, the first to {item!r}, are neither codes nor marks")
    return long


def totals(
    cells: pd.DataFrame, item: str, points: Mapping[float, float | None], satisfied: Sequence[float]
) -> pd.DataFrame:
    """Sum the counts of one item over its codes, in every unit.

    Parameters
    ----------
    cells
        As made by `item_counts`.
    item
        The item.
    points
        What each code is worth, where it is worth anything.
    satisfied
        The codes that count as satisfied.

    Returns
    -------
    pandas.DataFrame
        One row a unit: the unit columns, then ``n_responses``, ``n_valid``, ``n_missing``,
        ``n_not_asked``, ``n_not_applicable``, ``n_satisfied`` and ``score_sum``, the sum of points
        of the valid answers (NaN where a code has none). With weights also sums over the valid
        answers of weights and of their squares, of all and of the satisfied: ``weight_sum``,
        ``weight_satisfied``, ``squares_sum``, ``squares_satisfied``; ``score_sum`` is weighted
        then. Without rows there is no unit, but where no columns name one its row of zeros.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"branch": ["b1", "b1", "b1", "b2"], "q": [5, 3, None, 5]})
    >>> cells = item_counts(answers, {"q": [3, 4, 5]}, by=["branch"])
    >>> totals(cells, "q", {3: 50, 4: 75, 5: 100}, [4, 5]).iloc[:, :4]
      branch  n_responses  n_valid  n_missing
    0     b1            3        2          1
    1     b2            1        1          0
    """
    by = list(cells.columns[: cells.columns.get_loc("item")])
    rows = cells[cells["item"] == item]
    is_valid = rows["status"] == "valid"
    is_satisfied = rows["value"].isin(list(satisfied))
    w = rows["weight" if "weight" in rows else "n"].astype("float64")
    known = points and None not in points.values()
    sums = {"n_responses": rows["n"]}
    sums |= {f"n_{name}": rows["n"].where(rows["status"] == name, 0) for name in STATUSES}
    sums["n_satisfied"] = rows["n"].where(is_satisfied, 0)
    sums["score_sum"] = (w * rows["value"].map(dict(points)).astype("float64")).where(is_valid, 0.0)
    if "weight" in rows:
        for name, whom in (("sum", is_valid), ("satisfied", is_satisfied)):
            sums[f"weight_{name}"] = rows["weight"].where(whom, 0.0)
            sums[f"squares_{name}"] = rows["squares"].where(whom, 0.0)
    table = rows[by].assign(**sums)
    if by:
        table = table.groupby(by, dropna=False, as_index=False).sum()
    else:
        table = table.sum().to_frame().T.astype(table.dtypes)
    return table if known else table.assign(score_sum=float("nan"))


Outcome = tuple[str, float, str]
Sums = dict[str, npt.NDArray[np.float64]]
_NO_CODES = [(math.nan, status) for status in ("missing", "not_applicable", "not_asked")]


def _tallied(
    frame: Any, by: list[str], outcomes: Sequence[Outcome], weight: str | None
) -> tuple[pd.DataFrame, Sums]:
    """Count the rows of a pandas frame: each unit and outcome is one bin."""
    rows = frame.to_native()
    grouped = rows.groupby(by or np.zeros(len(rows)), dropna=False, observed=True)
    unit, units = grouped.ngroup().to_numpy(), grouped.size().rename("rows").reset_index()
    amounts: dict[str, npt.NDArray[np.float64] | None] = {"n": None}
    if weight is not None:
        w = rows[weight].to_numpy(np.float64)
        amounts |= {"weight": w, "squares": w * w}
    sums = {name: np.zeros((len(units), len(outcomes))) for name in amounts}
    for item, group in groupby(range(len(outcomes)), key=lambda place: outcomes[place][0]):
        places = list(group)
        values = rows[item].to_numpy(np.float64, na_value=np.nan)
        bins = np.full(len(values), len(places))
        for position, place in enumerate(places):
            _, value, status = outcomes[place]
            bins[_is(values, value, status)] = position
        width = len(places) + 1  # the last for what is neither
        for name, amount in amounts.items():
            counted = np.bincount(unit * width + bins, amount, len(units) * width)
            sums[name][:, places] = counted.reshape(-1, width)[:, :-1]
    return (units if by else _whole(units)), sums


def _summed(
    frame: Any, by: list[str], outcomes: Sequence[Outcome], weight: str | None
) -> tuple[pd.DataFrame, Sums]:
    """Count in the engine: flags of all outcomes, and their sums in one pass."""
    amounts = {"n": nw.lit(1)}
    if weight is not None:
        w = nw.col(weight).cast(nw.Float64)
        amounts |= {"weight": w, "squares": w * w}
    flags = {
        f"{name} {place}": nw.when(_is(nw.col(item).cast(nw.Float64), value, status))
        .then(amount)
        .otherwise(0)
        for name, amount in amounts.items()
        for place, (item, value, status) in enumerate(outcomes)
    }
    columns = {"rows": nw.lit(1), **flags}
    flagged = frame.lazy().select(*by, *(column.alias(name) for name, column in columns.items()))
    sums = [nw.col(name).sum() for name in columns]
    table = collect(flagged.group_by(*by).agg(*sums) if by else flagged.select(*sums))
    # an engine may answer the sum over no row with null
    table = table.fillna(dict.fromkeys(columns, 0))
    if by:
        # sorted, and texts of the type that pandas gives to them
        table = table.sort_values(by, ignore_index=True)
        table = table.assign(**{name: table[name].to_list() for name in by})
    return table[[*by, "rows"]].copy(), {
        name: table[[f"{name} {place}" for place in range(len(outcomes))]].to_numpy(np.float64)
        for name in amounts
    }


def _is(code: Any, value: float, status: str) -> Any:
    """Tell which codes, an array or an expression, are one outcome."""
    if status != "missing":
        return code == MARKS.get(status, value)
    return np.isnan(code) if isinstance(code, np.ndarray) else code.is_null() | code.is_nan()


def _whole(units: pd.DataFrame) -> pd.DataFrame:
    """Everybody as one unit, also where nobody is there."""
    return units[["rows"]].reindex([0], fill_value=0)


def _long(units: pd.DataFrame, outcomes: Sequence[Outcome], sums: Sums) -> pd.DataFrame:
    """Lay the sums out, one row a unit and outcome that occurs."""
    import pandas as pd

    unit, place = np.nonzero(sums["n"])
    named = pd.DataFrame(outcomes, columns=["item", "value", "status"])
    amounts = pd.DataFrame({name: values[unit, place] for name, values in sums.items()})
    amounts["n"] = amounts["n"].astype("int64")
    parts = [units.iloc[unit].reset_index(drop=True), named.iloc[place].reset_index(drop=True)]
    return pd.concat([*parts, amounts], axis=1)


def eager(frame: Any) -> Any:
    """Collect what is lazy; Polars by itself, others by pandas, as pyarrow need not be there.

    Parameters
    ----------
    frame
        Of narwhals, eager or lazy.
    """
    if not isinstance(frame, nw.LazyFrame):
        return frame
    return frame.collect() if frame.implementation.is_polars() else frame.collect("pandas")


def collect(frame: Any) -> pd.DataFrame:
    """Bring a frame into pandas without an intermediary that may not be installed.

    Parameters
    ----------
    frame
        Of narwhals, eager or lazy.

    Returns
    -------
    pandas.DataFrame
        Numbers as numpy holds them, everything else as objects.
    """
    import pandas as pd

    frame = eager(frame)
    columns = {
        name: frame[name].to_numpy()
        if frame.schema[name].is_numeric()
        else pd.Series(frame[name].to_list(), dtype="object")
        for name in frame.columns
    }
    return pd.DataFrame(columns)
