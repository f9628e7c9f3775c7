"""Answers of a branch that agree, or come, closer together than chance gives: told, not judged.

What ordinary behaviour is, the other branches show. People who answer at a meeting answer in a
burst, and colleagues may agree word for word: that is for a person to find out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.many.excess import chance_of_as_many, share_elsewhere
from survey.coding import Responses
from survey.coding.responses import row_numbers
from survey.screening.rules import Rule

RARE = 0.001
"""Chance below which an agreement is told."""
FEWEST = 3
"""Least number of sheets, or of quick arrivals, that are told."""
QUICK = 10.0
"""Seconds between two submissions of one branch that are close together."""
MIN_ITEMS = 3
"""Least number of answers of a sheet beside its commonest one."""


def identical_sheets(responses: Responses, rule: Rule) -> pd.Series[float]:
    """Give the chance of every sheet that many of its branch repeat item by item.

    Sheets with one answer to nearly every item are left out: honest contented people fill in such.

    Notes
    -----
    The share of a sheet under ordinary behaviour is the larger of its share in the other branches
    and of what the answers of the branch itself would give, were its items independent.
    """
    chance = pd.Series(np.nan, index=responses.scores.index)
    branch = responses.people["branch"].dropna()
    items = responses.scores.loc[branch.index, ["overall", *responses.questionnaire.item_ids]]
    codes, levels = pd.factorize(items.to_numpy().ravel(order="F"))
    codes[codes < 0] = len(levels)  # blanks behind all levels
    answers = codes.reshape(items.shape, order="F").T  # by item
    known = [(answers == level).sum(axis=0) for level in range(len(levels))]
    varied = np.sum(known, axis=0) - np.max(known, axis=0, initial=0) >= MIN_ITEMS
    if not varied.any():
        return chance
    of_branch = pd.factorize(branch)[0]
    sizes = np.bincount(of_branch)
    own = np.ones(len(items))
    for answer in answers:
        alike = (len(levels) + 1) * of_branch + answer
        own *= np.bincount(alike)[alike] / sizes[of_branch]
    n_sheets = float(len(items))
    own, of_branch, sheet = own[varied], of_branch[varied], row_numbers(answers[:, varied])
    cell = row_numbers([of_branch, sheet])  # of one branch and sheet
    n, first = np.bincount(cell), np.unique(cell, return_index=True)[1]
    looked = n >= FEWEST
    n_looks, n, first = len(n), n[looked], first[looked]
    size = sizes[of_branch[first]]
    elsewhere = share_elsewhere(n, size, np.bincount(sheet)[sheet[first]], n_sheets)
    rare = np.full(n_looks, np.nan)
    rare[looked] = chance_of_as_many(n, size, np.maximum(elsewhere, own[first]), n_looks)
    rare[~(rare < RARE)] = np.nan
    chance[branch.index[varied]] = rare[cell]
    return chance


def burst(responses: Responses, rule: Rule) -> pd.Series[float]:
    """Give the chance of answers that came quickly one after another in one branch."""
    times = responses.people["submitted_at"]
    chance = pd.Series(np.nan, index=times.index)
    known = times.notna() & responses.people["branch"].notna()
    # Where seconds are not kept, nothing is known of a few of them.
    if not (known & (times.dt.second != 0)).any():
        return chance
    people = pd.DataFrame({"branch": responses.people["branch"], "time": times})[known]
    people = people.sort_values(["branch", "time"], kind="stable")
    gap = people.groupby("branch")["time"].diff().dt.total_seconds()
    quick = gap <= QUICK
    by_branch = pd.DataFrame({"n": gap.notna(), "quick": quick}).groupby(people["branch"]).sum()
    n, x = by_branch["n"].to_numpy(), by_branch["quick"].to_numpy()
    share = share_elsewhere(x, n, x.sum(), float(n.sum()))
    rare = pd.Series(chance_of_as_many(x, n, share, n_looks=len(n)), index=by_branch.index)
    told = people["branch"].map(rare.where((rare < RARE) & (x >= FEWEST)))
    chance[people.index] = told.where(quick)
    return chance
