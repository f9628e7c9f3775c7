"""How far a running survey is: answers against what a verdict needs, and whom to remind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.design.planning import answers_for_chance, supposed_satisfied
from analysis.design.reminders import chance_after, reminders
from survey.estimation.satisfaction import ALPHA
from survey.results import Fieldwork, Satisfaction

WANTED = 0.8
_COUNTS = ["population", "n_valid", "response_rate"]


def fieldwork(
    by_branch: Satisfaction,
    by_branch_role: Satisfaction | None,
    *,
    suppose: Sequence[str],
    reply_rate: float,
) -> Fieldwork:
    """Hold the answers of every branch against what a verdict needs.

    Only counts of people and of valid answers are read. Needs and reminders are those of the first
    share that is supposed; `reply_rate` is the chance that a reminded person answers.
    """
    bar = by_branch.bar
    counts = by_branch.frame[["branch", *_COUNTS]]
    n, N = (counts[name].to_numpy(dtype="int64") for name in ("n_valid", "population"))
    terms: dict[str, Any] = {"reply_rate": reply_rate, "bar": bar, "alpha": ALPHA}
    found = reminders(n, N, supposed_satisfied(N, suppose[0]), wanted_chance=WANTED, **terms)
    frame = _with_needs(counts, suppose[0], bar).assign(
        chance_now=found.chance_now,
        n_reminders=found.n_reminders,
        chance_after=found.chance,
        priority=pd.Series(found.priority, counts.index, "Int64").replace(0, pd.NA),
    )
    expected = []
    for rate in suppose:
        units = zip(found.n_reminders, n, N, supposed_satisfied(N, rate), strict=True)
        chances = np.array([chance_after([0, sent], *unit, **terms) for sent, *unit in units])
        now, after = chances.sum(axis=0)
        expected.append((float(rate), len(frame), now, after))
    by_role = by_branch_role
    return Fieldwork(
        frame.sort_values("priority", kind="stable", ignore_index=True),
        roles=pd.DataFrame()
        if by_role is None
        else _with_needs(by_role.frame[["branch", "role", *_COUNTS]], suppose[0], bar),
        expected=pd.DataFrame(
            expected, columns=["supposed_rate", "n_units", "decided_now", "decided_after"]
        ),
        bar=bar,
        reply_rate=reply_rate,
    )


def _with_needs(counts: pd.DataFrame, rate: str, bar: str) -> pd.DataFrame:
    N = counts["population"].to_numpy(dtype="int64")
    needed = answers_for_chance(N, supposed_satisfied(N, rate), WANTED, bar=bar, alpha=ALPHA)
    lacking = np.maximum(needed - counts["n_valid"].to_numpy(dtype="int64"), 0)
    return counts.assign(n_80=needed, n_lacking=lacking)
