"""Rows become cells: one row for each combination of the groupings; units are sums of cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.counts import tabulate
from questionnaires import Questionnaire, Scale
from survey import vocabulary
from survey.errors import UsageError
from survey.roster import Roster

OF_PEOPLE = frozenset(
    [
        *("file", "sheet", "row", "serial", "submitted_at", "seconds", "state", "device"),
        *("account", "branch", "role_answer", "role", "attention", "weight", "overall"),
    ]
)
"""Columns that every frame of people has, or of their answers."""


def item_cells(
    people: pd.DataFrame,
    scores: pd.DataFrame,
    status: pd.DataFrame,
    questionnaire: Questionnaire,
    weight: pd.Series | None = None,
) -> pd.DataFrame:
    """Count how every item was answered in every combination of groupings."""
    marked = {str(name): coded(scores[name], status[name]) for name in scores}
    rows = pd.concat([people, pd.DataFrame(marked, index=people.index)], axis=1)
    return tabulate.item_counts(
        rows if weight is None else rows.assign(weight=weight),
        codes(questionnaire, marked),
        by=[str(name) for name in people],
        weight=None if weight is None else "weight",
    )


def coded(scores: pd.Series[float], status: pd.Series[str]) -> pd.Series[float]:
    """Put scores and what became of the others into one column, see `tabulate.MARKS`."""
    return scores.where(status == "valid", status.map(tabulate.MARKS).astype("float64"))


def codes(questionnaire: Questionnaire, items: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """Give the scores that each item's scale has."""
    return {
        item: tuple(
            float(level.score or 0) for level in questionnaire.item(item).scale.valid_levels
        )
        for item in items
    }


def overall_cells(cells: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Sum the counts of the overall question in every combination of groupings."""
    points = {float(level.score or 0): level.index for level in scale.valid_levels}
    return tabulate.totals(cells, "overall", points, scale.satisfied_scores)


def of_units(cells: pd.DataFrame, units: Sequence[str], roster: Roster | None) -> pd.DataFrame:
    """Sum cells by unit; add ``population``, missing where it is not known, and ``index``.

    Without units it is everyone; people without a unit's name belong to none. Units of the roster
    that nobody answered for are there too, in its order.
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
    answered = frame.set_index(units)
    there = sizes.index.append(answered.index[~answered.index.isin(sizes.index)])
    joined = answered.reindex(there)
    joined.insert(0, "population", sizes.reindex(there))
    joined = joined.reset_index()
    joined[counts] = joined[counts].fillna(0).astype("int64")
    joined[weights] = joined[weights].fillna(0.0)
    return joined.astype({"population": "Int64"})


def groupings(keep: str | Sequence[str]) -> list[str]:
    """List the columns to group by, refusing names that results and people have for their own."""
    names = [keep] if isinstance(keep, str) else [*dict.fromkeys(map(str, keep))]
    for name in names:
        if name in OF_PEOPLE or name in vocabulary.COLUMNS or re.fullmatch(r"q\d+", name):
            raise UsageError(
                zh=f"keep 中的“{name}”与结果自己的列同名：请先给这一列改名。",
                en=f"keep={name!r} is what results call a column of their own: rename yours.",
            )
    return names
