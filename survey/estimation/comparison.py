"""Change of every branch between two waves."""

from __future__ import annotations

import pandas as pd

from analysis.change.comparison import compare_waves
from survey.results import Comparison, Satisfaction

CHANGES = {1: "up", -1: "down", 0: "undecided"}


def comparison(
    earlier: tuple[Satisfaction, Satisfaction],
    later: tuple[Satisfaction, Satisfaction],
    *,
    level: float,
) -> Comparison:
    """Compare two waves, for everyone and for every branch in both.

    Parameters
    ----------
    earlier, later : pair of Satisfaction
        Of everyone and by branch, of the wave before and of the wave after.
    level : float
        Confidence level of the differences.

    Returns
    -------
    Comparison
        A branch that is withheld in either wave, or missing from one, has no figures of change.
    """
    before, after = (
        pd.concat([everyone.frame.assign(branch=None), by_branch.frame], ignore_index=True)
        .drop(columns="rate")
        .rename(columns={"share_of_answers": "rate"})
        for everyone, by_branch in (earlier, later)
    )
    both = after.merge(before, on="branch", how="left", suffixes=("_after", "_before"))
    gone = before[~before["branch"].isin(after["branch"])]
    both = pd.concat([both, gone.add_suffix("_before").rename(columns={"branch_before": "branch"})])
    both = both.reset_index(drop=True)
    shown = both["n_satisfied_before"].notna() & both["n_satisfied_after"].notna()
    shown &= (both["n_valid_before"] > 0) & (both["n_valid_after"] > 0)
    part = both[shown]
    sized = bool(part[["population_before", "population_after"]].notna().all(axis=None))
    change = compare_waves(
        part["n_satisfied_after"].astype("int64"),
        part["n_valid_after"].astype("int64"),
        part["n_satisfied_before"].astype("int64"),
        part["n_valid_before"].astype("int64"),
        level=level,
        population_1=part["population_after"].astype("int64") if sized else None,
        population_2=part["population_before"].astype("int64") if sized else None,
    )
    counts = ["n_valid_before", "n_valid_after"]
    both[counts] = both[counts].astype("Int64")
    estimated = pd.DataFrame(change._asdict(), index=part.index)
    both = both[["branch", "n_valid_before", "rate_before", "n_valid_after", "rate_after"]]
    frame = both.join(estimated[["difference", "low", "high", "p_value", "p_adjusted"]])
    directions = pd.Series(change.direction, index=part.index)
    unknown = pd.Series("withheld", index=frame.index)
    unknown[~frame["branch"].isin(before["branch"])] = "new"
    unknown[~frame["branch"].isin(after["branch"])] = "gone"
    frame["change"] = directions.map(CHANGES).reindex(frame.index).fillna(unknown)
    return Comparison(frame=frame, level=level)
