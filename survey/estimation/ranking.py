"""Branches compared under one model: which side of the bar, and between which ranks."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.many import pooling
from survey.results import Ranking, Satisfaction

MIN_BRANCHES = 3
COLUMNS = (
    *("branch", "n_valid", "rate", "verdict", "side", "pooled_rate", "pooled_low", "pooled_high"),
    *("p_at_bar", "rank", "rank_low", "rank_high"),
)
_COUNTS = ("n_satisfied", "n_valid", "population")

Integers = NDArray[np.int64]


def ranking(
    satisfaction: Satisfaction, by_role: Satisfaction | None, *, level: float, seed: int
) -> Ranking:
    """Shrink the branches' rates towards their like, put them on a side of the bar and rank them.

    Branches that are withheld or silent take no part; one whose roles are all told is taken role by
    role. There are no figures where sizes are not known, with fewer than three branches, where
    answers are weighted, or where all are alike: the model would then be certain of those who did
    not answer too.
    """
    frame = satisfaction.frame
    shown = frame[
        (frame["verdict"] != "withheld") & (frame["n_valid"] > 0) & frame["population"].notna()
    ]
    if (shown["estimator"] == "weighted").any():
        return _none("weighted", level)
    if len(shown) < MIN_BRANCHES:
        return _none("no_population", level)
    if shown["n_satisfied"].sum() in (0, shown["n_valid"].sum()):
        return _none("all_alike", level)
    found = pooling.compare(*_counts(shown, by_role), bar=satisfaction.bar, level=level, seed=seed)
    values = (
        *(shown[name].to_numpy() for name in COLUMNS[:4]),
        *(found.side, found.rate, found.low, found.high),
        *(found.p_meets, found.rank, found.rank_low, found.rank_high),
    )
    ranked = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    return Ranking(ranked, found.mean, found.spread, found.slope, level)


def _none(why: str, level: float) -> Ranking:
    nothing = pd.DataFrame(columns=COLUMNS)
    return Ranking(nothing, math.nan, math.nan, math.nan, level, status=f"none_{why}")


def _counts(shown: pd.DataFrame, by_role: Satisfaction | None) -> list[Integers]:
    """Lay counts out by branch and role; in the last column whom no role is told of."""
    total = [shown[name].to_numpy(dtype=np.int64) for name in _COUNTS]
    if by_role is None:
        return [count[:, None] for count in total]
    cells = by_role.frame
    told = cells[(cells["verdict"] != "withheld") & cells["population"].notna()]
    wide = [
        told.pivot(index="branch", columns="role", values=name)
        .reindex(shown["branch"])
        .fillna(0)
        .to_numpy(dtype=np.int64)
        for name in _COUNTS
    ]
    # a branch of which a role is withheld, or whose rest would tell of one, is taken as one
    rest = np.array([whole - parts.sum(axis=1) for whole, parts in zip(total, wide, strict=True)])
    hidden = cells.loc[cells["verdict"] == "withheld", "branch"]
    split = ~shown["branch"].isin(hidden).to_numpy()
    split &= (shown["estimator"] == "stratified").to_numpy() & (rest >= 0).all(axis=0)
    return [
        np.where(split[:, None], np.column_stack([parts, left]), _alone(whole, parts.shape[1]))
        for whole, parts, left in zip(total, wide, rest, strict=True)
    ]


def _alone(whole: Integers, n_roles: int) -> Integers:
    return np.column_stack([*([np.zeros_like(whole)] * n_roles), whole])
