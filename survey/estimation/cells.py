"""Rows become cells: one row for each combination of the groupings; units are sums of cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.counts import tabulate
from questionnaires import Scale
from survey.roster import Roster


def overall_cells(
    people: pd.DataFrame,
    score: pd.Series,
    status: pd.Series,
    scale: Scale,
    weight: pd.Series | None = None,
) -> pd.DataFrame:
    """Count the answers to the overall question in every combination of groupings.

    Parameters
    ----------
    people : DataFrame
        Groupings of the rows that are used; missing where a person's unit is not known.
    score, status : Series
        The overall question, aligned with `people`.
    scale : Scale
        Says which scores are satisfied, and their points on the index.
    weight : Series, optional
        Weights of the rows.

    Returns
    -------
    DataFrame
        The groupings, then the counts of `analysis.counts.tabulate.counts`; ``score_sum`` adds
        points of the index (0-100), NaN where the scale has none.
    """
    points = {float(rung.score or 0): rung.index for rung in scale.valid_levels}
    has_index = None not in points.values()
    rows = people.assign(
        status=status,
        satisfied=score.isin(scale.satisfied_scores),
        points=score.map(points).astype("float64") if has_index else np.nan,
        weight=weight,
    )
    return tabulate.counts(
        rows,
        by=[str(name) for name in people],
        satisfied="satisfied",
        status="status",
        score="points" if has_index else None,
        weight=None if weight is None else "weight",
    )


def item_cells(
    people: pd.DataFrame,
    scores: pd.DataFrame,
    status: pd.DataFrame,
    items: Sequence[str],
    weight: pd.Series | None = None,
) -> pd.DataFrame:
    """Count how every item was answered in every combination of groupings.

    Parameters
    ----------
    people : DataFrame
        Groupings of the rows that are used.
    scores, status : DataFrame
        Rows that are used; columns are item ids.
    items : sequence of str
        Ids of the items.
    weight : Series, optional
        Weights of the rows.

    Returns
    -------
    DataFrame
        Long: the groupings, ``item``, ``value`` (score; NaN without a valid answer), ``status``
        and ``n``; with weights their sum and that of their squares, ``weight`` and ``squares``.
    """
    kinds = {item: f"{item} status" for item in items}
    states = status[list(items)].rename(columns=kinds)
    rows = pd.concat([people, scores[list(items)], states], axis=1)
    return tabulate.item_counts(
        rows if weight is None else rows.assign(weight=weight),
        items,
        by=[str(name) for name in people],
        statuses=kinds,
        weight=None if weight is None else "weight",
    )


def of_units(cells: pd.DataFrame, units: Sequence[str], roster: Roster | None) -> pd.DataFrame:
    """Sum cells by unit and add the units' sizes.

    Parameters
    ----------
    cells : DataFrame
        As made by `overall_cells`.
    units : sequence of str
        Groupings; none is everyone. People without a unit's name belong to none.
    roster : Roster or None
        Gives sizes, and units that nobody answered for, in its order.

    Returns
    -------
    DataFrame
        The units, ``population`` (missing where it is not known), the counts and ``index`` (the
        mean of points).
    """
    names = list(units)
    counts = [str(name) for name in cells if str(name).startswith("n_")]
    weights = [str(name) for name in cells if str(name).startswith(("weight_", "squares_"))]
    sums = [*counts, "score_sum", *weights]
    known = cells.dropna(subset=names)
    if names:
        summed = known.groupby(names, as_index=False, observed=True)[sums].sum(min_count=1)
    else:
        summed = known[sums].sum(min_count=1).to_frame().T
    summed[counts] = summed[counts].fillna(0).astype("int64")
    answers = summed["weight_sum" if weights else "n_valid"]
    summed["index"] = summed["score_sum"] / answers.where(answers > 0)
    return _with_population(summed, roster, names)


def _with_population(frame: pd.DataFrame, roster: Roster | None, units: list[str]) -> pd.DataFrame:
    """Add sizes; units on the roster without answers join with zeros, in the roster's order."""
    sizes = roster.population(units) if roster is not None else pd.Series(dtype="int64")
    if sizes.empty:
        return frame.assign(population=pd.array([pd.NA] * len(frame), dtype="Int64"))
    if not units:
        return frame.assign(population=pd.array([int(sizes.iloc[0])], dtype="Int64"))
    counts = [str(name) for name in frame if str(name).startswith("n_")]
    weights = [str(name) for name in frame if str(name).startswith(("weight_", "squares_"))]
    joined = (
        sizes.rename("population").reset_index().merge(frame, on=units, how="outer", sort=False)
    )
    place = {unit: i for i, unit in enumerate(sizes.index)}
    keys = joined[units].apply(tuple, axis=1) if len(units) > 1 else joined[units[0]]
    joined = joined.iloc[np.argsort([place.get(key, len(place)) for key in keys], kind="stable")]
    joined[counts] = joined[counts].fillna(0).astype("int64")
    joined[weights] = joined[weights].fillna(0.0)
    return joined.astype({"population": "Int64"}).reset_index(drop=True)
