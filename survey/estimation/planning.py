"""How many answers each branch of a roster needs, by the chance of a verdict that they give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.design.planning import answers_for_chance, least_answers, power, supposed_satisfied
from analysis.proportions.verdicts import bar_count
from survey.estimation.satisfaction import ALPHA
from survey.results import Planning
from survey.roster import Roster

CHANCES = (50, 80, 95)


def planning(roster: Roster, *, bar: str, suppose: Sequence[str]) -> Planning:
    """Give the answers with which every branch has a chance of its verdict.

    Parameters
    ----------
    roster : Roster
        Sizes of branches.
    bar : str
        Share to be reached.
    suppose : sequence of str
        Satisfied shares, in (0, 1], that each branch is supposed to have in turn.

    Returns
    -------
    Planning
    """
    sizes = roster.population(["branch"])
    parts = [_at(sizes, rate, bar) for rate in suppose]
    frame = pd.concat(parts, ignore_index=True)
    # the rates of a branch stand together, branches in the roster's order
    order = np.arange(len(frame)).reshape(len(parts), -1).T.ravel()
    return Planning(frame.iloc[order].reset_index(drop=True), bar=bar, alpha=ALPHA)


def _at(sizes: pd.Series[int], rate: str, bar: str) -> pd.DataFrame:
    N = sizes.to_numpy()
    K0, K = np.atleast_1d(bar_count(N, bar)), supposed_satisfied(N, rate)
    least = least_answers(N, bar=bar, alpha=ALPHA)
    at_least = power(np.maximum(least, 0), N, K, bar=bar, alpha=ALPHA)
    frame = pd.DataFrame(
        {
            "branch": sizes.index,
            "population": N,
            "bar_count": K0,
            "supposed_rate": float(rate),
            "supposed_satisfied": K,
            "least_n": least,
            "chance_at_least": np.where(K0 <= K, at_least.meets, at_least.below),
        }
    )
    for chance in CHANCES:
        frame[f"n_{chance}"] = answers_for_chance(N, K, chance / 100, bar=bar, alpha=ALPHA)
    # nobody can answer in a branch without people, and nothing is needed
    counted = frame[["least_n", "chance_at_least", *(f"n_{chance}" for chance in CHANCES)]]
    frame[counted.columns] = counted.convert_dtypes().mask(frame["population"] == 0)
    return frame.assign(response_rate_needed=frame["n_80"] / frame["population"])
