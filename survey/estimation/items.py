"""How every item was answered, by everyone or in every branch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counts import tabulate
from analysis.proportions import bounds, intervals
from questionnaires import Questionnaire
from survey.estimation.satisfaction import ALPHA
from survey.results import ItemResponses

_NAMES = ("item", "title", "title_en", "dimension")
_KINDS = ("missing", "not_asked", "not_applicable")


def item_responses(
    scores: pd.DataFrame,
    status: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    population: int | None,
) -> ItemResponses:
    """Count the answers to every item, level by level.

    Parameters
    ----------
    scores, status : DataFrame
        Rows that are used; columns are item ids.
    questionnaire : Questionnaire
        Gives order, titles and scales.
    population : int or None
        People on the roster; None where there is none.

    Returns
    -------
    ItemResponses
    """
    everyone = pd.Series("", index=scores.index, dtype=object)
    sizes = None if population is None else pd.Series({"": population})
    made = _responses(everyone, [""], scores, status, questionnaire, sizes)
    return ItemResponses(made.frame.drop(columns="branch"), made.summary.drop(columns="branch"))


def branch_item_responses(
    branch: pd.Series[Any],
    scores: pd.DataFrame,
    status: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    branches: Sequence[str],
    population: pd.Series[int] | None,
) -> ItemResponses:
    """Count the answers to every item in every branch.

    Parameters
    ----------
    branch : Series
        Branch of every row, missing where it is not known.
    scores, status : DataFrame
        Rows that are used; columns are item ids.
    questionnaire : Questionnaire
        Gives order, titles and scales.
    branches : sequence of str
        Branches in the order in which they are wanted.
    population : Series or None
        People of every branch on the roster; None where there is none.

    Returns
    -------
    ItemResponses
        Its tables begin with the column ``branch``.
    """
    return _responses(branch, branches, scores, status, questionnaire, population)


def _responses(
    branch: pd.Series[Any],
    branches: Sequence[str],
    scores: pd.DataFrame,
    status: pd.DataFrame,
    questionnaire: Questionnaire,
    population: pd.Series[int] | None,
) -> ItemResponses:
    ladders = _ladders(questionnaire)
    ids = list(questionnaire.item_ids)
    if ladders.empty:
        return ItemResponses(pd.DataFrame({"branch": []}), pd.DataFrame({"branch": []}))
    units = pd.DataFrame({"branch": list(branches)})
    counted = tabulate.item_counts(scores[ids].assign(branch=branch), ids, by=["branch"])
    given = counted.dropna(subset=["branch", "value"]).set_index(["branch", "item", "value"])["n"]

    frame = units.merge(ladders, how="cross")
    places = pd.MultiIndex.from_frame(frame[["branch", "item", "value"]])
    frame["n"] = given.reindex(places, fill_value=0).to_numpy(dtype=np.int64)
    frame["n_satisfied"] = frame["n"].where(frame["satisfied"], 0)
    frame["points"] *= frame["n"]
    groups = frame.groupby(["branch", "item"], sort=False)
    sums = groups[["n", "n_satisfied"]].sum().rename(columns={"n": "n_valid"})
    # a level without a place on the index leaves its item without one
    points = groups["points"].sum().where(groups["points"].count() == groups.size())
    sums["index"] = points / sums["n_valid"].where(sums["n_valid"] > 0)
    names = frame.drop_duplicates(["branch", "item"], ignore_index=True)
    summary = names[["branch", *_NAMES, "number", "dimension_title", "dimension_title_en"]].assign(
        n_valid=sums["n_valid"].to_numpy(),
        **{f"n_{kind}": _tally(branch, status[ids] == kind, names) for kind in _KINDS},
        n_satisfied=sums["n_satisfied"].to_numpy(),
        index=sums["index"].to_numpy(),
    )
    bases = groups["n"].transform("sum")
    frame["share"] = frame["n"] / bases.where(bases > 0)
    kept = ["branch", *_NAMES, "label", "label_en", "score", "satisfied", "n", "share"]
    sizes = None if population is None else summary["branch"].map(population).to_numpy()
    return ItemResponses(frame[kept], _with_bounds(summary, sizes))


def _ladders(questionnaire: Questionnaire) -> pd.DataFrame:
    """List the levels of every item, from best to worst."""
    return pd.DataFrame(
        [
            {
                "item": item.id,
                "title": title,
                "title_en": title_en or title,
                "dimension": dimension.id,
                "number": indicator.number,
                "dimension_title": dimension.title,
                "dimension_title_en": dimension.title_en or dimension.title,
                "label": rung.label,
                "label_en": rung.label_en or rung.label,
                "score": rung.score,
                "value": float(rung.score or 0),
                "satisfied": rung.satisfied,
                "points": np.nan if rung.index is None else rung.index,
            }
            for dimension in questionnaire.dimensions
            for indicator in dimension.indicators
            for item in indicator.items
            for title, title_en in [
                (item.text, item.text_en)
                if len(indicator.items) > 1
                else (indicator.title, indicator.title_en)
            ]
            for rung in sorted(item.scale.valid_levels, key=lambda rung: -float(rung.score or 0))
        ]
    )


def _tally(branch: pd.Series[Any], flags: pd.DataFrame, names: pd.DataFrame) -> NDArray[np.int64]:
    """Count for every branch and item the rows that are flagged."""
    counted = flags.groupby(branch).sum()
    table = counted.reindex(
        index=names["branch"].unique(), columns=names["item"].unique(), fill_value=0
    )
    return table.to_numpy(dtype=np.int64).ravel()


def _with_bounds(summary: pd.DataFrame, population: Any) -> pd.DataFrame:
    x, n = summary["n_satisfied"].to_numpy(), summary["n_valid"].to_numpy()
    if population is None:
        lower, upper = intervals.binomial_interval(
            x, n, level=1 - 2 * ALPHA, method="clopper-pearson"
        )
    else:
        N = np.broadcast_to(population, n.shape)
        found = bounds.whole(x, n, N, alpha=ALPHA)
        lower, upper = found.lower / np.maximum(N, 1), found.upper / np.maximum(N, 1)
    rate = np.divide(x, n, out=np.full(len(n), np.nan), where=n > 0)
    return summary.assign(rate=rate, lower=lower, upper=upper)
