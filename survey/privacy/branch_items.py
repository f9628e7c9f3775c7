"""Put the answers to items in single branches under the privacy rule.

The rule. A branch's items are published only where the branch itself is, and an item only where at
least `min_cell` of its people answered it. For every item, those who answered it and are in no
branch that shows it are the pool that anybody can work out from the university's figures; it must
hold nobody or at least `min_cell` people. Otherwise the branch with the fewest answers among those
that show the item withholds it as well.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pandas as pd

from survey.results import ItemResponses


def protect_branch_items(
    by_branch: ItemResponses,
    everyone: ItemResponses,
    hidden: Collection[str],
    min_cell: int,
) -> ItemResponses:
    """Withhold items of branches that are too small, or that would give a small pool away.

    Parameters
    ----------
    by_branch : ItemResponses
        Answers in every branch.
    everyone : ItemResponses
        Answers of all people, those of unknown branch too, as published with it.
    hidden : collection of str
        Branches that are withheld.
    min_cell : int
        Least number of answers of a published item.

    Returns
    -------
    ItemResponses
        Without the hidden branches. An item that a branch withholds keeps its bases alone.

    Examples
    --------
    Four people of no known branch answered: branch a, the smaller one, goes with them.

    >>> def answers(n, **unit):
    ...     n = pd.DataFrame({**unit, "item": "q1", "n_valid": n})
    ...     return ItemResponses(n.assign(n=n["n_valid"], share=1.0), n.assign(rate=1.0))
    >>> shown = protect_branch_items(
    ...     answers([6, 9], branch=["a", "b"]), answers([19]), hidden=[], min_cell=5
    ... )
    >>> shown.summary[["branch", "n_valid", "rate"]]
      branch  n_valid  rate
    0      a        6   NaN
    1      b        9   1.0
    """
    summary = by_branch.summary[~by_branch.summary["branch"].isin(hidden)].reset_index(drop=True)
    frame = by_branch.frame[~by_branch.frame["branch"].isin(hidden)].reset_index(drop=True)
    shown = summary["n_valid"] >= min_cell
    total = everyone.summary.set_index("item")["n_valid"]
    told = summary["n_valid"].where(shown, 0).groupby(summary["item"]).sum()
    pool = total - told.reindex(total.index, fill_value=0)
    telling = pool.index[pool.between(1, min_cell - 1)]
    # one branch more is enough: whatever it shows is min_cell answers at least
    fewest = summary[shown & summary["item"].isin(telling)].sort_values("n_valid", kind="stable")
    shown[fewest.drop_duplicates("item").index] = False
    return withhold_items(ItemResponses(frame, summary), ~shown & (summary["n_valid"] > 0))


def withhold_items(items: ItemResponses, hidden: pd.Series[bool]) -> ItemResponses:
    """Hide how items were answered, but not by how many.

    Parameters
    ----------
    items : ItemResponses
        By everyone or by branch.
    hidden : Series of bool
        One value a row of the summary.

    Returns
    -------
    ItemResponses
        A copy.
    """
    summary, frame = items.summary.copy(), items.frame.copy()
    for name in summary.columns.intersection(["n_satisfied", "rate", "low", "high", "index"]):
        summary[name] = summary[name].mask(hidden)
    keys = [name for name in ("branch", "item") if name in summary]
    gone = pd.MultiIndex.from_frame(summary.loc[hidden, keys])
    rows = pd.Series(pd.MultiIndex.from_frame(frame[keys]).isin(gone), index=frame.index)
    frame[["n", "share"]] = frame[["n", "share"]].mask(rows)
    return replace(items, summary=summary, frame=frame)
