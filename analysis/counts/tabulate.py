"""Rows to counts: the only room that touches the rows of respondents.

Every estimate of this package starts from counts per unit. They are made here once, by the engine
that holds the data (pandas, Polars, DuckDB, Dask or Spark, through narwhals); a lazy frame is
collected only after it has shrunk to one row a unit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import narwhals as nw

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["valid", "missing", "not_asked", "not_applicable"]
"""What became of one question for one respondent."""

STATUSES: tuple[str, ...] = get_args(Status)


def counts(
    frame: Any,
    *,
    by: Sequence[str],
    satisfied: str,
    status: str,
    score: str | None = None,
    weight: str | None = None,
) -> pd.DataFrame:
    """Count the answers to one question in every unit.

    Parameters
    ----------
    frame
        One row a respondent: any eager or lazy frame that narwhals understands.
    by
        Columns that name the unit, for instance ``["branch", "role"]``; ``[]`` counts all rows
        together.
    satisfied
        Column that is true (or 1) where a valid answer lies in the satisfied levels; its value
        matters only where the answer is valid.
    status
        Column with ``"valid"``, ``"missing"``, ``"not_asked"`` or ``"not_applicable"``.
    score
        Numeric column with the score of a valid answer.
    weight
        Numeric column with the weight of a row, 0 or more.

    Returns
    -------
    pandas.DataFrame
        One row a unit, sorted by `by` (a missing unit name last): the unit columns, then
        ``n_responses``, ``n_valid``, ``n_missing``, ``n_not_asked``, ``n_not_applicable``,
        ``n_satisfied`` and ``score_sum`` over the valid answers (NaN where `score` is not given).
        With `weight` also sums over the valid answers of weights and of their squares, of all and
        of the satisfied: ``weight_sum``, ``weight_satisfied``, ``squares_sum``,
        ``squares_satisfied``; ``score_sum`` is weighted then.
        Without rows there is no unit, but ``by=[]`` still gives its one row of zeros.

    Raises
    ------
    ValueError
        If a row's status is none of the four, or a valid answer has no value of `satisfied`
        or `score`: such a row would silently be counted as dissatisfied.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({
    ...     "branch": ["b1", "b1", "b1", "b2"],
    ...     "status": ["valid", "valid", "missing", "valid"],
    ...     "satisfied": [True, False, None, True],
    ... })
    >>> table = counts(answers, by=["branch"], satisfied="satisfied", status="status")
    >>> table[["branch", "n_responses", "n_valid", "n_missing", "n_satisfied"]]
      branch  n_responses  n_valid  n_missing  n_satisfied
    0     b1            3        2          1            1
    1     b2            1        1          0            1
    """
    is_valid = nw.col(status).cast(nw.String) == "valid"
    is_satisfied = nw.col(satisfied).cast(nw.Float64)
    points = nw.lit(0.0) if score is None else nw.col(score).cast(nw.Float64)
    flags = {
        **{f"n_{name}": nw.col(status).cast(nw.String) == name for name in STATUSES},
        "n_satisfied": is_valid & (is_satisfied == 1),
        "n_undecided": is_valid
        & nw.any_horizontal(
            is_satisfied.is_null(),
            is_satisfied.is_nan(),
            points.is_null(),
            points.is_nan(),
            ignore_nulls=True,
        ),
    }
    w = nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    amounts = {"score_sum": nw.when(is_valid).then(points * w).otherwise(0.0)}
    if weight is not None:
        for name, whom in (("sum", is_valid), ("satisfied", flags["n_satisfied"])):
            amounts[f"weight_{name}"] = nw.when(whom).then(w).otherwise(0.0)
            amounts[f"squares_{name}"] = nw.when(whom).then(w * w).otherwise(0.0)
    rows = (
        nw.from_native(frame)
        .lazy()
        .select(
            *by,
            nw.lit(1).alias("n_responses"),
            *(nw.when(flag).then(1).otherwise(0).alias(name) for name, flag in flags.items()),
            *(amount.alias(name) for name, amount in amounts.items()),
        )
    )
    sums = [nw.col(name).sum() for name in ("n_responses", *flags, *amounts)]
    table = _collect(rows.group_by(*by).agg(*sums) if by else rows.select(*sums))
    whole = ["n_responses", *flags]
    # an engine may answer the sum over no row with null
    table[whole] = table[whole].fillna(0).astype("int64")
    table[[*amounts]] = table[[*amounts]].fillna(0.0)
    if score is None:
        table["score_sum"] = float("nan")

    unknown = table["n_responses"] - table[[f"n_{name}" for name in STATUSES]].sum(axis=1)
    if (unknown > 0).any():
        raise ValueError(f"{unknown.sum()} rows of {status!r} hold none of {', '.join(STATUSES)}")
    if (undecided := table.pop("n_undecided").sum()) > 0:
        columns = repr(satisfied) if score is None else f"{satisfied!r} or {score!r}"
        raise ValueError(f"{undecided} valid answers have no value of {columns}")
    return _sort(table, by)


def item_counts(
    frame: Any,
    items: Sequence[str],
    *,
    by: Sequence[str],
    statuses: Mapping[str, str] | None = None,
    weight: str | None = None,
) -> pd.DataFrame:
    """Count how often each code was given to each item.

    Parameters
    ----------
    frame
        One row a respondent: any eager or lazy frame that narwhals understands.
    items
        Columns with the numeric codes, null where there is no answer.
    by
        Columns that name the unit; ``[]`` counts all rows together.
    statuses
        For every item the column that says what became of it (see `counts`), if that is wanted.
    weight
        Numeric column with the weight of a row, if there is one.

    Returns
    -------
    pandas.DataFrame
        Long: the unit columns, ``item``, ``value`` (the code, NaN for no answer), with `statuses`
        also ``status``, and ``n``, with `weight` also sums of weights and of their squares,
        ``weight`` and ``squares``; sorted by unit, by item in the order of `items`, and by value
        (and status). Codes nobody gave are absent.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"q1": [5, 5, 4], "q2": [5, 3, None]})
    >>> item_counts(answers, ["q1", "q2"], by=[])
      item  value  n
    0   q1    4.0  1
    1   q1    5.0  2
    2   q2    3.0  1
    3   q2    5.0  1
    4   q2    NaN  1
    """
    rows = nw.from_native(frame).lazy()
    kinds = {item: nw.col(name).cast(nw.String) for item, name in (statuses or {}).items()}
    keys = ["value", "status"] if kinds else ["value"]
    w = nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    amounts = {} if weight is None else {"weight": w, "squares": w * w}
    # one small aggregate an item, joined before the single collect; unpivot would repeat the rows
    parts = [
        rows.select(
            *by,
            nw.col(item).cast(nw.Float64).alias("value"),
            *([kinds[item].alias("status")] if kinds else []),
            nw.lit(1).alias("n"),
            *(amount.alias(name) for name, amount in amounts.items()),
        )
        .group_by(*by, *keys)
        .agg(*(nw.col(name).sum() for name in ("n", *amounts)))
        .with_columns(nw.lit(item).alias("item"))
        .select(*by, "item", *keys, "n", *amounts)
        for item in items
    ]
    table = _collect(nw.concat(parts))
    table["value"] = table["value"].astype("float64")
    table["n"] = table["n"].astype("int64")
    place = {item: position for position, item in enumerate(items)}
    return _sort(table.assign(_place=table["item"].map(place)), [*by, "_place", *keys]).drop(
        columns="_place"
    )


def _collect(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Bring an aggregated frame into pandas without an intermediary that may not be installed."""
    import pandas as pd

    is_polars = frame.implementation.is_polars()
    collected = frame.collect() if is_polars else frame.collect(backend="pandas")
    return pd.DataFrame(collected.to_dict(as_series=False), columns=collected.columns)


def _sort(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    return table.sort_values(list(by), ignore_index=True) if by else table
