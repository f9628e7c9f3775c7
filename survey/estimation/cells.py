"""Rows become cells: one row for each combination of the groupings; units are sums of cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
    made = scores.where(status == "valid")
    for state, mark in tabulate.MARKS.items():
        made = made.mask(status == state, mark)
    return made


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
    keys, sums = _summed(cells, names, [*counts, "score_sum", *weights])
    sizes = {} if roster is None else roster.sizes(tuple(names))
    whole = [*sizes, *(key for key in keys if key not in sizes)]
    at = {key: row for row, key in enumerate(keys)}
    row = np.array([at.get(key, -1) for key in whole], dtype=np.intp)
    values = {name: np.append(column, np.nan)[row] for name, column in sums.items()}
    frame = pd.DataFrame(
        {
            **{name: [key[i] for key in whole] for i, name in enumerate(names)},
            "population": pd.array([sizes.get(key, pd.NA) for key in whole], dtype="Int64"),
            **{name: np.nan_to_num(values[name]).astype(np.int64) for name in counts},
            "score_sum": values["score_sum"],
            **{name: np.nan_to_num(values[name]) if sizes else values[name] for name in weights},
        }
    )
    answers = frame["weight_sum" if weights else "n_valid"].to_numpy(dtype=float)
    answers = np.where(answers > 0, answers, np.nan)
    frame["index"] = frame["score_sum"].to_numpy() / answers
    return frame


def _summed(
    cells: pd.DataFrame, names: list[str], columns: list[str]
) -> tuple[list[tuple[Any, ...]], dict[str, NDArray[np.float64]]]:
    """Sum columns by unit: the names of the units in their order, and the sums, missing of none."""
    parts = [pd.factorize(cells[name], sort=True) for name in names]
    shape = tuple(len(known) for _, known in parts)
    codes = [codes for codes, _ in parts]
    known = np.all([np.ones(len(cells), bool), *(code >= 0 for code in codes)], axis=0)
    of_one = [code[known] for code in codes]
    flat = np.ravel_multi_index(of_one, shape) if names and known.any() else np.zeros(known.sum())
    found, group = np.unique(flat, return_inverse=True)
    n_units = len(found) if names else 1
    sums = {}
    for name in columns:
        column = cells[name].to_numpy(dtype=float, na_value=np.nan)[known]
        there = ~np.isnan(column)
        n = np.bincount(group[there], minlength=n_units)
        total = np.bincount(group[there], column[there], minlength=n_units)
        sums[name] = np.where(n > 0, total, np.nan)
    if not names or not n_units:
        return [()] * n_units, sums
    places = np.unravel_index(found, shape)
    values = [levels.take(place).tolist() for (_, levels), place in zip(parts, places, strict=True)]
    return [*zip(*values, strict=True)], sums


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
