"""Answers to items in single branches: nothing small is shown, and nothing small is left over."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import questionnaires
import survey
from survey import estimation
from survey.privacy.branch_items import protect_branch_items
from survey.results import ItemResponses

ASKED = questionnaires.load("jiangsu-2014")
IDS = list(ASKED.item_ids)
MIN_CELL = 5
FIGURES = ["n_satisfied", "rate", "low", "high", "index"]


def answers(
    sizes: list[int], blank: float, seed: int
) -> tuple[ItemResponses, ItemResponses, list[str]]:
    """Simulate branches (the last size is that of people of no known branch) and count them."""
    rng = np.random.default_rng(seed)
    names = [f"b{i}" for i in range(len(sizes) - 1)]
    branch = pd.Series(np.repeat([*names, None], sizes), dtype="str")
    scores = pd.DataFrame(rng.integers(1, 6, (len(branch), len(IDS))).astype(float), columns=IDS)
    scores = scores.mask(rng.random(scores.shape) < blank)
    status = scores.notna().replace({True: "valid", False: "missing"})
    everyone = estimation.item_responses(scores, status, ASKED, population=None, level=0.95)
    by_branch = estimation.branch_item_responses(
        branch, scores, status, ASKED, branches=names, population=None, level=0.95
    )
    return by_branch, everyone, names


def left_over(shown: ItemResponses, everyone: ItemResponses) -> pd.DataFrame:
    """Attack: what the university's figures say of those whom no branch shows, item by level."""
    keys = ["item", "score"]
    told = shown.frame.groupby(keys)["n"].sum()
    return everyone.frame.set_index(keys)["n"].sub(told, fill_value=0).unstack()


def test_subtraction_finds_a_small_branch_without_the_rule() -> None:
    by_branch, everyone, _ = answers([3, 12, 20, 0], blank=0.0, seed=1)
    naive = ItemResponses(by_branch.frame[by_branch.frame["branch"] != "b0"], by_branch.summary)
    secret = by_branch.frame[by_branch.frame["branch"] == "b0"].set_index(["item", "score"])["n"]
    pd.testing.assert_frame_equal(
        left_over(naive, everyone), secret.unstack(), check_dtype=False, check_like=True
    )
    shown = protect_branch_items(by_branch, everyone, ["b0"], MIN_CELL)
    assert (left_over(shown, everyone).sum(axis=1) == 15).all()


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(0, 14), min_size=2, max_size=7),
    blank=st.sampled_from([0.0, 0.2, 0.6]),
    seed=st.integers(0, 10_000),
    data=st.data(),
)
def test_nothing_small_is_shown_or_left_over(
    sizes: list[int], blank: float, seed: int, data: st.DataObject
) -> None:
    if not sum(sizes):
        return
    by_branch, everyone, names = answers(sizes, blank, seed)
    hidden = data.draw(st.sets(st.sampled_from(names)))
    shown = protect_branch_items(by_branch, everyone, hidden, MIN_CELL)
    assert not set(shown.summary["branch"]) & hidden
    assert not set(shown.frame["branch"]) & hidden
    bases = shown.summary.loc[shown.summary["rate"].notna(), "n_valid"]
    assert (bases >= MIN_CELL).all()
    # the university's own item is withheld where fewer answered
    printed = everyone.summary.set_index("item")["n_valid"] >= MIN_CELL
    pools = left_over(shown, everyone).sum(axis=1)[printed]
    assert not pools.between(1, MIN_CELL - 1).any()
    # no more is hidden than the rule asks for: one branch an item beyond the small ones
    visible = by_branch.summary[~by_branch.summary["branch"].isin(hidden)]
    kept = shown.summary["rate"].notna().groupby(shown.summary["item"]).sum()
    wanted = (visible["n_valid"] >= MIN_CELL).groupby(visible["item"]).sum()
    assert (kept >= wanted - 1).all()


def test_withheld_items_show_their_bases_alone() -> None:
    by_branch, everyone, _ = answers([4, 9, 20, 2], blank=0.0, seed=2)
    shown = protect_branch_items(by_branch, everyone, [], MIN_CELL)
    small = shown.summary["branch"] == "b0"
    assert shown.summary.loc[small, FIGURES].isna().all(axis=None)
    assert (shown.summary.loc[small, "n_valid"] == 4).all()
    assert shown.frame.loc[shown.frame["branch"] == "b0", ["n", "share"]].isna().all(axis=None)
    assert shown.summary.loc[~small, "rate"].notna().all()


def test_findings_are_protected_by_this_rule(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=6, seed=2, sizes=(5, 40))
    found = survey.read(made.export, roster=made.roster).findings()
    verdicts = found.by_branch.frame.set_index("branch")["verdict"]
    shown = verdicts.index[verdicts != "withheld"]
    assert 0 < len(shown) < len(verdicts)
    assert found.branch_items is not None
    assert found.items is not None
    assert list(found.branch_items.of_branches()) == list(shown)
    pools = left_over(found.branch_items, found.items).sum(axis=1)
    assert not pools.between(1, MIN_CELL - 1).any()


@pytest.mark.parametrize("n", [1, 4])
def test_a_few_people_of_no_branch_take_the_smallest_branch_with_them(n: int) -> None:
    by_branch, everyone, _ = answers([9, 7, 8, n], blank=0.0, seed=4)
    shown = protect_branch_items(by_branch, everyone, [], MIN_CELL).summary
    assert set(shown.loc[shown["rate"].isna(), "branch"]) == {"b1"}
