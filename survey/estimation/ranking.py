"""Branches compared under one model, with the uncertainty of their ranks."""

from __future__ import annotations

import math

import pandas as pd

from analysis.many import pooling
from survey.results import Ranking, Satisfaction

MIN_BRANCHES = 3
COLUMNS = (
    *("branch", "n_valid", "rate", "pooled_rate", "pooled_low", "pooled_high", "p_at_bar"),
    *("rank", "rank_low", "rank_high"),
)


def ranking(satisfaction: Satisfaction, *, level: float, seed: int) -> Ranking:
    """Shrink the branches' rates towards their mean and rank them.

    Parameters
    ----------
    satisfaction : Satisfaction
        By branch; branches that are withheld or silent take no part.
    level : float
        Probability of the intervals.
    seed : int
        Seed of the draws of ranks.

    Returns
    -------
    Ranking
        Without figures where sizes are not known, with fewer than three branches, where answers
        are weighted, or where all are alike: the model would then be certain of those who did not
        answer too.
    """
    frame = satisfaction.frame
    shown = frame[
        (frame["verdict"] != "withheld") & (frame["n_valid"] > 0) & frame["population"].notna()
    ]
    if (shown["estimator"] == "weighted").any():
        return _none("weighted", level)
    if len(shown) < MIN_BRANCHES:
        return _none("no_population", level)
    x, n, N = (
        shown[c].astype("int64").to_numpy() for c in ("n_satisfied", "n_valid", "population")
    )
    fit = pooling.fit_beta_binomial(x, n)
    if fit.mu in (0.0, 1.0):
        return _none("all_alike", level)
    predicted = pooling.predict(fit, x, n, N, bar=satisfaction.bar, level=level)
    ranks = pooling.rank_intervals(fit, x, n, N, level=level, seed=seed)
    values = (
        *(shown["branch"].to_numpy(), n, shown["rate"].to_numpy()),
        *(predicted.rate, predicted.low, predicted.high, predicted.p_meets),
        *(ranks.mean, ranks.low, ranks.high),
    )
    ranked = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
    return Ranking(frame=ranked, mean=fit.mu, overdispersion=fit.rho, level=level)


def _none(why: str, level: float) -> Ranking:
    nothing = pd.DataFrame(columns=COLUMNS)
    return Ranking(nothing, math.nan, math.nan, level, status=f"none_{why}")
