"""How every item was answered, by everyone or in every branch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.proportions import bounds, intervals
from analysis.weights.weighting import weighted_share
from questionnaires import Questionnaire
from survey.estimation.satisfaction import ALPHA
from survey.results import ItemResponses

_NAMES = ("item", "title", "title_en", "dimension")
_KINDS = ("missing", "not_asked", "not_applicable")


def item_responses(
    cells: pd.DataFrame, questionnaire: Questionnaire, *, units: pd.DataFrame
) -> ItemResponses:
    """Count the answers to every item, level by level, in every unit.

    `units` has one row a unit in the order wanted: its names, if it is not everyone, and
    ``population``, missing where that is not known.
    """
    by = [str(name) for name in units if name != "population"]
    ladders = _ladders(questionnaire)
    if ladders.empty:
        none = pd.DataFrame({name: [] for name in by})
        return ItemResponses(none, none)
    known = cells.dropna(subset=by)
    # what shares are made of: answers, or their weights
    is_weighted = "weight" in cells
    sums = ["n", "weight", "squares"] if is_weighted else ["n"]
    given = known[known["status"] == "valid"].groupby([*by, "item", "value"])[sums].sum()
    states = known.groupby([*by, "item", "status"])["n"].sum()

    keys = [*by, "item"]
    frame = units[by].merge(ladders, how="cross") if by else ladders.copy()
    frame[sums] = _found(given, frame[[*keys, "value"]])
    frame["n"] = frame["n"].astype("int64")
    amount = frame["weight"] if is_weighted else frame["n"]
    frame["points"] *= amount
    frame["amount"] = amount
    for name in (*sums, "amount"):
        frame[f"{name}_satisfied"] = frame[name].where(frame["satisfied"], 0)
    groups = frame.groupby(keys, sort=False)
    totals = groups[[name for name in frame if str(name).split("_")[0] in (*sums, "amount")]].sum()
    # a level without a place on the index leaves its item without one
    points = groups["points"].sum().where(groups["points"].count() == groups.size())
    names = frame.drop_duplicates(keys, ignore_index=True)
    totals.index = names.index
    summary = names[[*by, *_NAMES, "number", "dimension_title", "dimension_title_en"]].assign(
        n_valid=totals["n"].astype("int64"),
        **{f"n_{kind}": _found(states, names[keys].assign(status=kind)) for kind in _KINDS},
        n_satisfied=totals["n_satisfied"].astype("int64"),
        index=points.to_numpy() / totals["amount"].where(totals["amount"] > 0),
    )
    bases = groups["amount"].transform("sum")
    frame["share"] = amount / bases.where(bases > 0)
    kept = [*by, *_NAMES, "label", "label_en", "score", "satisfied", "n", "share"]
    sizes = units["population"].repeat(len(summary) // max(len(units), 1))
    bounded = _weighted(summary, totals) if is_weighted else _with_bounds(summary, sizes)
    made = [frame[kept], bounded]
    if "role" in by:
        titles = {role.id: role.title for role in questionnaire.roles}
        made = [table.assign(role=table["role"].replace(titles)) for table in made]
    return ItemResponses(*made)


def _found(sums: pd.DataFrame | pd.Series[int], places: pd.DataFrame) -> NDArray[Any]:
    """Look sums up by their index; what is not there is nought."""
    return sums.reindex(pd.MultiIndex.from_frame(places), fill_value=0).to_numpy()


def _ladders(questionnaire: Questionnaire) -> pd.DataFrame:
    """List the levels of every item, from best to worst."""
    titles = questionnaire.item_titles
    frame = pd.DataFrame(
        [
            {
                "item": item.id,
                "title": titles[item.id][0],
                "title_en": titles[item.id][1],
                "dimension": dimension.id,
                # an indicator that the overall question measures has no other figure
                "number": None
                if indicator.number in questionnaire.measured_by_overall
                else indicator.number,
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
            for rung in sorted(item.scale.valid_levels, key=lambda rung: -float(rung.score or 0))
        ]
    )
    return frame.astype({"number": "Int64"})


def _with_bounds(summary: pd.DataFrame, population: pd.Series[Any]) -> pd.DataFrame:
    x, n = summary["n_satisfied"].to_numpy(), summary["n_valid"].to_numpy()
    lower, upper = intervals.binomial_interval(x, n, level=1 - 2 * ALPHA, method="clopper-pearson")
    sized = population.notna().to_numpy()
    N = population[sized].to_numpy(dtype=np.int64)
    found = bounds.whole(x[sized], n[sized], N, alpha=ALPHA)
    lower[sized], upper[sized] = (end / np.maximum(N, 1) for end in (found.lower, found.upper))
    rate = np.divide(x, n, out=np.full(len(n), np.nan), where=n > 0)
    return summary.assign(rate=rate, lower=lower, upper=upper)


def _weighted(summary: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    sums = ("n", "weight", "weight_satisfied", "squares", "squares_satisfied")
    made = weighted_share(*(totals[name] for name in sums), level=1 - 2 * ALPHA)
    return summary.assign(rate=made.rate, lower=made.low, upper=made.high)
