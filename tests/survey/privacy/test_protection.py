"""The rule applied to findings: what rows lose, what they keep, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import questionnaires
import survey
from survey import estimation, identifiers, privacy
from survey.privacy.protection import protect_branch_items
from survey.results import Drivers, Findings, ItemResponses, Satisfaction
from tests.survey.privacy.universities import MIN_CELL, findings, people, survey_of

LARGE = {"members": (20, 3), "staff": (18, 4)}
MANY = {f"b{i}": LARGE for i in range(12)}
ASKED = questionnaires.load("jiangsu-2014")
IDS = list(ASKED.item_ids)


def verdicts(result: Satisfaction | None) -> dict[Any, str]:
    assert result is not None
    by = list(result.by)
    return result.frame.set_index(by if len(by) > 1 else by[0])["verdict"].to_dict()


def withheld(result: Satisfaction | None) -> set[Any]:
    return {unit for unit, verdict in verdicts(result).items() if verdict == "withheld"}


def with_branches(found: Findings, **changes: Any) -> Findings:
    branches = replace(found.tables["branch",], **changes)
    return replace(found, tables={**found.tables, ("branch",): branches})


def test_nothing_changes_where_every_unit_is_large() -> None:
    found = findings(survey_of(MANY))
    protected = privacy.protect(found)
    for by, table in protected.tables.items():
        shown, raw = table.frame, found.tables[by].frame
        if "role" in shown:  # of roles nothing is said of what was left open
            assert shown["n_responses"].isna().all()
            shown, raw = (frame.drop(columns="n_responses") for frame in (shown, raw))
        pd.testing.assert_frame_equal(shown, raw, atol=5e-4, check_dtype=False)
        assert table.is_protected
    assert protected.notices == ()


def test_a_small_branch_takes_the_smallest_other_with_it() -> None:
    small = {"members": (1, 1), "staff": (1, 0)}
    smallest = {"members": (15, 0), "staff": (15, 0)}
    protected = privacy.protect(findings(survey_of({**MANY, "a": small, "z": smallest})))
    assert withheld(protected.tables["branch",]) == {"a", "z"}
    frame = protected.tables["branch",].frame.set_index("branch")
    assert frame.loc[["a", "z"], "reason"].tolist() == ["few", "partner"]
    assert not withheld(protected.tables["role",])
    # their rows and four more, so that six hide each other
    assert len({branch for branch, _ in withheld(protected.tables["branch", "role"])}) >= 6
    (zh, en), (rows, _) = protected.notices
    assert "2 个党支部暂不评定：1 个有效回答不足 5 人，另有 1 个" in zh
    assert "2 branches" in en
    assert "党支部只公布合计" in rows


def test_shuffled_answers_change_nothing_that_is_withheld() -> None:
    rows = people(3, n_branches=20, sizes=(2, 20), rate=0.7)
    shuffled = rows.sample(frac=1, random_state=1)[["satisfied", "points"]].to_numpy()
    again = rows.assign(satisfied=shuffled[:, 0].astype(bool), points=shuffled[:, 1].astype(float))
    one, other = (privacy.protect(findings(made)) for made in (rows, again))
    assert withheld(one.tables["branch",]) == withheld(other.tables["branch",])
    assert withheld(one.tables["branch",])


def test_roles_keep_their_verdict_where_a_figure_would_tell() -> None:
    few = {"a": {"members": (20, 3), "staff": (2, 1)}, "b": LARGE, "c": LARGE}
    protected = privacy.protect(findings(survey_of(few)))
    assert not withheld(protected.tables["branch",])
    assert not withheld(protected.tables["role",])
    assert ("role",) in protected.tables
    assert (
        protected.tables["role",]
        .frame[["rate", "n_satisfied", "lower", "p_meets"]]
        .isna()
        .all(axis=None)
    )
    assert protected.tables["role",].frame["n_valid"].notna().all()
    assert ("branch", "role") not in protected.tables
    assert "部分身份只公布判定" in "".join(zh for zh, _ in protected.notices)
    assert "不公布各党支部分身份的结果" in protected.notices[-1][0]


def test_whole_numbers_that_tell_take_the_whole_table() -> None:
    # In the branches that are hidden nobody of the staff is satisfied, and their total says so.
    hidden = {f"h{i}": {"members": (9, 0), "staff": (0, 7)} for i in range(6)}
    hidden["h6"] = {"members": (9, 7), "staff": (0, 2)}
    protected = privacy.protect(findings(survey_of({**MANY, **hidden})))
    assert ("branch", "role") not in protected.tables


def test_withheld_rows_keep_their_public_columns_and_nothing_else() -> None:
    frame = findings(people(1, n_branches=8)).tables["branch",].frame
    frame = frame.assign(bound_low=0.2, something_new=1.0)
    reasons = np.where(np.arange(len(frame)) == 2, "partner", "")
    row = privacy.withhold(frame, reasons).iloc[2]
    kept = set(row[row.notna()].index)
    assert kept == {
        "branch", "population", "n_valid", "verdict", "reason", "response_rate",
    }  # fmt: skip
    assert row["verdict"] == "withheld"
    assert row["reason"] == "partner"
    assert frame["rate"].notna().all()


def test_the_findings_given_are_left_as_they_are() -> None:
    found = findings(people(1, n_branches=8))
    before = found.tables["branch",].frame.copy()
    privacy.protect(found)
    pd.testing.assert_frame_equal(found.tables["branch",].frame, before)


def test_a_joint_verdict_does_not_tell_how_a_withheld_role_was_judged() -> None:
    small = {f"s{i}": {"members": (12, 3), "staff": (2, 1)} for i in range(4)}
    found = findings(survey_of({**MANY, **small}))
    frame = found.tables["branch",].frame.assign(verdict_joint="below")
    protected = privacy.protect(with_branches(found, frame=frame))
    joint = protected.tables["branch",].frame.set_index("branch")["verdict_joint"]
    split = {branch for branch, _ in withheld(protected.tables["branch", "role"])}
    assert set(joint.index[joint == "withheld"]) == split > set(small)
    assert "below" in set(joint)


def drivers(rows: pd.DataFrame, left_out: int = 0) -> Drivers:
    used = rows.iloc[left_out:]
    totals = used.groupby("branch", sort=False)["satisfied"].agg(["size", "mean"]).reset_index()
    totals.columns = ["branch", "n", "observed_rate"]
    totals["withheld"] = totals["n"] < 10
    branches = totals[["branch", "withheld"]].assign(
        dimension="d", title="d", title_en="d", contribution=0.01, university=0.02, difference=0.01
    )
    empty = pd.DataFrame()
    return Drivers(
        empty, branches, totals, empty, {}, "full", (), empty, empty, target=4.0, level=0.95
    )


def test_the_breakdown_of_a_withheld_branch_goes_with_its_base() -> None:
    rows = people(2, n_branches=14, sizes=(2, 20))
    found = replace(findings(rows), drivers=drivers(rows))
    protected = privacy.protect(found)
    assert protected.drivers is not None
    totals, branches = protected.drivers.branch_totals, protected.drivers.branches
    hidden = set(totals.loc[totals["withheld"], "branch"])
    assert withheld(protected.tables["branch",])
    assert withheld(protected.tables["branch",]) & set(totals["branch"]) <= hidden
    assert totals.loc[totals["withheld"], ["n", "observed_rate"]].isna().all(axis=None)
    gone = branches[branches["branch"].isin(hidden)]
    assert gone["withheld"].all()
    assert gone[["contribution", "difference"]].isna().all(axis=None)
    assert gone["university"].notna().all()


@pytest.mark.parametrize("left_out", [0, 1])
def test_one_withheld_breakdown_is_never_alone(left_out: int) -> None:
    alone = {"a": {"members": (7, 1)}} if not left_out else {}
    rows = survey_of({**alone, "b": LARGE, "c": LARGE})
    found = replace(findings(rows), drivers=drivers(rows, left_out))
    made = privacy.protect(found).drivers
    assert made is not None
    assert made.branch_totals["withheld"].sum() == 2


def test_items_that_few_answered_are_withheld() -> None:
    summary = pd.DataFrame(
        {"item": ["i", "j"], "n_valid": [3, 30], "n_satisfied": [2, 20], "rate": [0.67, 0.67]}
    )
    frame = pd.DataFrame({"item": ["i", "j"], "n": [2, 20], "share": [0.67, 0.67]})
    found = replace(
        findings(survey_of({"a": LARGE, "b": LARGE})), items=ItemResponses(frame, summary)
    )
    items = privacy.protect(found).items
    assert items is not None
    assert items.summary["rate"].isna().tolist() == [True, False]
    assert items.frame["n"].isna().tolist() == [True, False]


def answers(
    sizes: list[int], blank: float, seed: int, best: float = 0.2
) -> tuple[ItemResponses, ItemResponses]:
    """Simulate branches (the last size is that of people of no known branch) and count them."""
    rng = np.random.default_rng(seed)
    names = [f"b{i}" for i in range(len(sizes) - 1)]
    branch = pd.Series(np.repeat([*names, None], sizes), dtype="str")
    shares = [*np.full(4, (1 - best) / 4), best]
    drawn = rng.choice(np.arange(1, 6), size=(len(branch), len(IDS)), p=shares)
    scores = pd.DataFrame(drawn.astype(float), columns=IDS)
    scores = scores.mask(rng.random(scores.shape) < blank)
    status = scores.notna().replace({True: "valid", False: "missing"})
    cells = estimation.item_cells(branch.to_frame("branch"), scores, status, ASKED)
    units = pd.DataFrame({"branch": names, "population": None})
    everyone = estimation.item_responses(cells, ASKED, units=units[["population"]][:1])
    return estimation.item_responses(cells, ASKED, units=units), everyone


def left_over(shown: ItemResponses, everyone: ItemResponses) -> pd.DataFrame:
    """Attack: what the university's figures say of those whom no branch shows, item by level."""
    keys = ["item", "score"]
    told = shown.frame.groupby(keys)["n"].sum()
    return everyone.frame.set_index(keys)["n"].sub(told, fill_value=0).unstack()


@pytest.mark.parametrize("blank", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_left_of_an_item_is_nobody_or_many(blank: float, seed: int) -> None:
    sizes = [3, *np.random.default_rng(seed).integers(4, 30, 12).tolist(), 2]
    by_branch, everyone = answers(sizes, blank, seed)
    shown = protect_branch_items(by_branch, everyone, {"b0"}, MIN_CELL)
    assert "b0" not in set(shown.summary["branch"])
    kept = shown.summary[shown.summary["rate"].notna()]
    assert (kept["n_valid"] >= MIN_CELL).all()
    pools = left_over(shown, everyone).sum(axis=1)
    assert (pools >= 40).all()
    gone = shown.summary["n_valid"].isna()
    assert (gone | shown.summary["rate"].notna() | (shown.summary["n_valid"] == 0)).all()
    bases = ["n_valid", "n_satisfied", "n_missing", "n_not_applicable", "index", "lower"]
    assert shown.summary.loc[gone, bases].isna().all(axis=None)
    if not blank:
        assert not kept.empty


def test_an_item_of_which_the_pool_tells_is_shown_for_no_branch() -> None:
    by_branch, everyone = answers([3, *[8] * 12, 0], blank=0.0, seed=2, best=1.0)
    worst = by_branch.summary["item"] == IDS[0]
    small = by_branch.summary.assign(
        n_satisfied=by_branch.summary["n_satisfied"].where(
            ~worst | by_branch.summary["branch"].isin([f"b{i}" for i in range(7, 13)]), 0
        )
    )
    total = small.groupby("item")["n_satisfied"].sum()
    whole = everyone.summary.assign(n_satisfied=everyone.summary["item"].map(total))
    shown = protect_branch_items(
        replace(by_branch, summary=small), replace(everyone, summary=whole), {"b0"}, MIN_CELL
    ).summary
    assert shown.loc[shown["item"] == IDS[0], "rate"].isna().all()
    assert shown.loc[shown["item"] == IDS[1], "rate"].notna().any()


def test_findings_hold_the_items_of_shown_branches(tmp_path: Path) -> None:
    made = survey.simulate(tmp_path, n_branches=16, seed=2, sizes=(5, 40), response_rate=0.5)
    found = survey.read(made.export, roster=made.roster).findings()
    told = verdicts(found.tables["branch",])
    shown = [branch for branch, verdict in told.items() if verdict != "withheld"]
    assert 0 < len(shown) < len(told)
    assert found.branch_items is not None
    assert list(found.branch_items.of_branches()) == shown


def test_a_lower_minimum_is_printed() -> None:
    found = findings(survey_of(MANY))
    lowered = with_branches(found, min_cell=3)
    assert "由 5 降为 3" in privacy.protect(lowered).notices[-1][0]


def test_contradicting_tables_are_refused() -> None:
    found = findings(survey_of({"a": LARGE, "b": LARGE}))
    frame = found.tables["branch",].frame.assign(n_valid=[40, 46])
    with pytest.raises(ValueError, match="fewer valid answers"):
        privacy.protect(with_branches(found, frame=frame))


def test_open_answers_lose_identifiers_and_their_order() -> None:
    texts = pd.Series(["乙：13812345678", None, "甲说得好", " ", "乙：13812345678"])
    assert identifiers.masked_texts(texts, known=["甲说"]).tolist() == [
        "【隐去】得好",
        "乙：【手机号】",
        "乙：【手机号】",
    ]
