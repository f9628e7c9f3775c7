"""Figures do not depend on the order of rows, roster, items or dimensions, nor on names."""

from __future__ import annotations

import numpy as np
import pandas as pd

import survey

ITEMS = [*"abcdef"]


def drawn() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw fourteen branches of two roles, one item in eight left blank."""
    rng = np.random.default_rng(5)
    sizes = pd.DataFrame(
        {
            "支部": np.repeat([f"b{i:02}" for i in range(14)], 2),
            "身份": ["r", "s"] * 14,
            "人数": rng.integers(15, 40, 28),
        }
    )
    rows = sizes.loc[np.repeat(sizes.index, rng.binomial(sizes["人数"], 0.7)), ["支部", "身份"]]
    mood = rng.normal(size=(len(rows), 1))
    marks = np.clip(np.round(4.2 + mood + rng.normal(size=(len(rows), 7))), 1, 5)
    rows[["q", *ITEMS]] = marks
    rows[ITEMS] = rows[ITEMS].mask(rng.random((len(rows), 6)) < 0.12)
    return rows.reset_index(drop=True), sizes


def test_order_and_names_move_nothing() -> None:
    rows, sizes = drawn()
    rng = np.random.default_rng(0)
    names = dict(
        zip(sizes["支部"].unique(), rng.permutation([f"n{i}" for i in range(14)]), strict=True)
    )
    again, roster = (
        frame.assign(支部=frame["支部"].map(names)).sample(frac=1, random_state=1)
        for frame in (rows, sizes)
    )
    parts = {"甲": ["a", "b"], "乙": ["c", "d"], "丙": ["e", "f"]}
    moved = {"丙": ["f", "e"], "甲": ["a", "b"], "乙": ["d", "c"]}
    one, other = (
        survey.from_frame(
            frame.reset_index(drop=True),
            branch="支部",
            role="身份",
            overall="q",
            satisfied=["4", "5"],
            dimensions=dimensions,
            roster=known,
        )
        for frame, known, dimensions in ((rows, sizes, parts), (again, roster, moved))
    )
    columns = ["contribution", "low", "high", "low_blanks", "high_blanks", "solo", "last"]
    drivers = [held.drivers() for held in (one, other)]
    assert drivers[0].summary["imputation"] == "multiple"
    whole = [made.frame.set_index("title")[columns] for made in drivers]
    pd.testing.assert_frame_equal(whole[0], whole[1].loc[whole[0].index], atol=1e-7, rtol=0)
    branches = [made.branches.set_index(["branch", "title"])["contribution"] for made in drivers]
    keys = [(names[branch], title) for branch, title in branches[0].index]
    np.testing.assert_allclose(branches[0], branches[1].loc[keys], atol=1e-7)
    ranks = [held.ranking().frame.set_index("branch") for held in (one, other)]
    figures = ["rank", "rank_low", "rank_high", "pooled_rate", "p_at_bar"]
    moved_ranks = ranks[1].loc[[names[branch] for branch in ranks[0].index], figures]
    np.testing.assert_allclose(ranks[0][figures].astype(float), moved_ranks.astype(float))
