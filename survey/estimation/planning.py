"""How many answers each branch of a roster needs, by the chance of a verdict that they give."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pandas as pd

from analysis.design.planning import (
    answers_for_chance,
    least_answers,
    right_verdict,
    supposed_satisfied,
)
from analysis.design.sequential import course, spending, thresholds
from analysis.proportions.verdicts import bar_count
from questionnaires import Role
from survey.estimation.satisfaction import ALPHA
from survey.results import Planning
from survey.roster import Roster

CHANCES = (50, 80, 95)


def planning(
    roster: Roster,
    *,
    bar: str,
    suppose: Sequence[str],
    looks: Sequence[Fraction] = (),
    roles: Sequence[Role] = (),
) -> Planning:
    """Give the answers with which every branch has a chance of its verdict.

    Each branch is supposed to have every share of `suppose` in turn; `looks` are the rising shares
    of its people whose answers are there at each look.
    """
    sizes = roster.population(["branch"])
    parts = [_at(sizes, rate, bar) for rate in suppose]
    frame = pd.concat(parts, ignore_index=True)
    # the rates of a branch stand together, branches in the roster's order
    order = np.arange(len(frame)).reshape(len(parts), -1).T.ravel()
    return Planning(
        frame.iloc[order].reset_index(drop=True),
        bar=bar,
        alpha=ALPHA,
        looks=_looks(roster, looks, suppose[0], bar, roles) if looks else pd.DataFrame(),
    )


def _looks(
    roster: Roster, shares: Sequence[Fraction], rate: str, bar: str, roles: Sequence[Role]
) -> pd.DataFrame:
    """Lay out what decides each branch at each look, or each role of it where the roster has any.

    Over roles a branch has no thresholds of one number: each of its looks is judged at what that
    look adds to the error spent.
    """
    units = ["branch", "role"] if roster.has_roles else ["branch"]
    sizes = roster.population(units).rename("population").reset_index()
    each = [_looks_at(N, shares, rate, bar) for N in sizes["population"].unique() if N > 0]
    made = sizes.merge(pd.concat(each, ignore_index=True), on="population", how="left")
    return made.replace({"role": {role.id: role.title for role in roles}})


def _looks_at(N: int, shares: Sequence[Fraction], rate: str, bar: str) -> pd.DataFrame:
    n = [math.ceil(share * N) for share in shares]
    K = int(supposed_satisfied(N, rate))
    critical = thresholds(n, N, spending(len(n), ALPHA), bar=bar)
    found = course(n, N, K, critical)
    most, least = critical.most_dissatisfied, n - critical.most_satisfied
    return pd.DataFrame(
        {
            "population": N,
            "look": np.arange(1, len(n) + 1),
            "n_valid": n,
            "most_dissatisfied": pd.Series(most, dtype="Int64").where(most >= 0),
            "least_dissatisfied": pd.Series(least, dtype="Int64").where(least <= n),
            "supposed_rate": float(rate),
            "decided_by_then": np.cumsum(found.meets if bar_count(N, bar) <= K else found.below),
        }
    )


def _at(sizes: pd.Series[int], rate: str, bar: str) -> pd.DataFrame:
    N = sizes.to_numpy()
    K = supposed_satisfied(N, rate)
    least = least_answers(N, bar=bar, alpha=ALPHA)
    frame = pd.DataFrame(
        {
            "branch": sizes.index,
            "population": N,
            "bar_count": bar_count(N, bar),
            "supposed_rate": float(rate),
            "supposed_satisfied": K,
            "least_n": least,
            "chance_at_least": right_verdict(np.maximum(least, 0), N, K, bar=bar, alpha=ALPHA),
        }
    )
    for chance in CHANCES:
        frame[f"n_{chance}"] = answers_for_chance(N, K, chance / 100, bar=bar, alpha=ALPHA)
    # nobody can answer in a branch without people, and nothing is needed
    counted = frame[["least_n", "chance_at_least", *(f"n_{chance}" for chance in CHANCES)]]
    frame[counted.columns] = counted.convert_dtypes().mask(frame["population"] == 0)
    return frame.assign(response_rate_needed=frame["n_80"] / frame["population"])
