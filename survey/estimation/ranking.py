"""Branches compared under one model, with the uncertainty of their ranks."""

from __future__ import annotations

import pandas as pd

from analysis.many import pooling
from survey.results import Ranking, Satisfaction

MIN_BRANCHES = 3


def ranking(satisfaction: Satisfaction, *, level: float, seed: int) -> Ranking | None:
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
    Ranking or None
        None without sizes, with fewer than three branches, or where all answers are alike: the
        model would then be certain of those who did not answer too.
    """
    frame = satisfaction.frame
    shown = frame[
        (frame["verdict"] != "withheld") & (frame["n_valid"] > 0) & frame["population"].notna()
    ]
    if len(shown) < MIN_BRANCHES:
        return None
    x, n, N = (
        shown[c].astype("int64").to_numpy() for c in ("n_satisfied", "n_valid", "population")
    )
    fit = pooling.fit_beta_binomial(x, n)
    if fit.mu in (0.0, 1.0):
        return None
    predicted = pooling.predict(fit, x, n, N, bar=satisfaction.bar, level=level)
    ranks = pooling.rank_intervals(fit, x, n, N, level=level, seed=seed)
    ranked = pd.DataFrame(
        {
            "branch": shown["branch"].to_numpy(),
            "n_valid": n,
            "rate": shown["rate"].to_numpy(),
            "pooled_rate": predicted.rate,
            "pooled_low": predicted.low,
            "pooled_high": predicted.high,
            "p_at_bar": predicted.p_meets,
            "rank": ranks.mean,
            "rank_low": ranks.low,
            "rank_high": ranks.high,
        }
    )
    return Ranking(frame=ranked, mean=fit.mu, overdispersion=fit.rho, level=level)
