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
    of_branch = responses.numbered("branch")[0]
    named = of_branch >= 0
    of_branch = of_branch[named]
    places, n_levels = responses.levels
    items = places[["overall", *responses.questionnaire.item_ids]].to_numpy().T
    answers = np.minimum(items[:, named], n_levels)
    count = np.min_scalar_type(len(answers))
    known = [(answers == level).sum(axis=0, dtype=count) for level in range(n_levels)]
    varied = np.sum(known, axis=0) - np.max(known, axis=0, initial=0) >= MIN_ITEMS
    if not varied.any():
        return chance
    sizes = np.bincount(of_branch)
    own = np.ones(len(of_branch))
    for answer in answers:
        alike = (n_levels + 1) * of_branch + answer
        n_alike = np.bincount(alike, minlength=(n_levels + 1) * len(sizes))
        own *= (n_alike / np.repeat(sizes, n_levels + 1))[alike]
    n_sheets = float(len(of_branch))
    own, of_branch, sheet = own[varied], of_branch[varied], row_numbers(answers[:, varied])
    cell = row_numbers([of_branch, sheet])  # of one branch and sheet
    n = np.bincount(cell)
    first = np.empty(len(n), np.intp)
    first[cell[::-1]] = np.arange(len(cell))[::-1]
    looked = n >= FEWEST
    n_looks, n, first = len(n), n[looked], first[looked]
    size = sizes[of_branch[first]]
    elsewhere = share_elsewhere(n, size, np.bincount(sheet)[sheet[first]], n_sheets)
    rare = np.full(n_looks, np.nan)
    rare[looked] = chance_of_as_many(n, size, np.maximum(elsewhere, own[first]), n_looks)
    rare[~(rare < RARE)] = np.nan
    chance[chance.index[named][varied]] = rare[cell]
    return chance


def burst(responses: Responses, rule: Rule) -> pd.Series[float]:
    """Give the chance of answers that came quickly one after another in one branch."""
    times = responses.people["submitted_at"]
    chance = pd.Series(np.nan, index=times.index)
    known = times.notna() & responses.people["branch"].notna()
    # Where seconds are not kept, nothing is known of a few of them.
    if not (known & (times.dt.second != 0)).any():
        return chance
    of, branches = pd.factorize(responses.numbered("branch")[0][known])
    time = times[known].to_numpy(dtype="datetime64[ns]").astype(np.int64)
    order = np.lexsort((time, of))
    of, n_branches = of[order], len(branches)
    in_one = of[1:] == of[:-1]
    quick = in_one & (np.diff(time[order]) <= QUICK * 1e9)
    n, x = (np.bincount(of[1:][which], minlength=n_branches) for which in (in_one, quick))
    share = share_elsewhere(x, n, x.sum(), float(n.sum()))
    rare = chance_of_as_many(x, n, share, n_looks=n_branches)
    told = np.where((rare < RARE) & (x >= FEWEST), rare, np.nan)
    chance.loc[times.index[known][order[1:][quick]]] = told[of[1:][quick]]
    return chance
