import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey import privacy
from survey.results import ItemResponses
from tests.survey.privacy.test_attack import findings, people, withheld_branches


def survey_of(branches: dict[str, dict[str, tuple[int, int]]]) -> pd.DataFrame:
    """Make respondents from ``{branch: {role: (satisfied, others)}}``."""
    rows = [
        (branch, role, good)
        for branch, roles in branches.items()
        for role, counts in roles.items()
        for good, n in zip((True, False), counts, strict=True)
        for _ in range(n)
    ]
    frame = pd.DataFrame(rows, columns=["branch", "role", "satisfied"])
    frame["points"] = np.where(frame["satisfied"], 75, 25)
    return frame.assign(flagged=False, few_items=False)


LARGE = {"members": (20, 3), "staff": (18, 4)}


def verdicts(satisfaction) -> dict:
    by = list(satisfaction.by)
    return satisfaction.frame.set_index(by if len(by) > 1 else by[0])["verdict"].to_dict()


def test_nothing_changes_where_every_unit_is_large():
    found = findings(survey_of({"a": LARGE, "b": LARGE, "c": LARGE}))
    protected = privacy.protect(found)
    for name in ("overall", "by_branch", "by_role", "by_branch_role", "strict"):
        pd.testing.assert_frame_equal(getattr(protected, name).frame, getattr(found, name).frame)
    assert protected.notices == ()
    assert protected.ranking is not None
    assert len(protected.ranking.frame) == 3


def test_a_small_branch_takes_one_other_with_it_and_their_roles():
    small = {"members": (1, 1), "staff": (1, 0)}
    found = findings(survey_of({"a": small, "b": LARGE, "c": LARGE, "d": LARGE}), before=False)
    protected = privacy.protect(found)
    hidden = withheld_branches(protected)
    assert "a" in hidden
    assert len(hidden) == 2
    assert "withheld" not in verdicts(protected.by_role).values()
    cells = {
        unit
        for unit, verdict in verdicts(protected.by_branch_role).items()
        if verdict == "withheld"
    }
    assert cells == {(branch, role) for branch in hidden for role in ("members", "staff")}
    ((zh, en),) = protected.notices
    assert "6 个单元不予公布：3 个有效回答不足 5 人，3 个" in zh
    assert "6 units" in en


def test_strict_figures_that_differ_by_a_few_people_are_withheld_with_their_bases():
    rows = survey_of({"a": LARGE, "b": LARGE, "c": LARGE})
    rows.loc[rows.index[rows["branch"] == "a"][:2], "flagged"] = True
    rows.loc[rows.index[rows["branch"] == "b"][:6], "flagged"] = True
    protected = privacy.protect(findings(rows))
    strict = protected.strict.frame.set_index("branch")
    assert strict["verdict"].to_dict() == {
        "a": "withheld",
        "b": "inconclusive",
        "c": "inconclusive",
    }
    assert strict["n_valid"].isna().tolist() == [True, False, False]
    assert withheld_branches(protected) == set()
    assert "另有 1 个支部" in protected.notices[-1][0]


def test_a_small_role_hides_the_other_role_but_not_the_branch():
    found = findings(
        survey_of({"a": {"members": (12, 3), "staff": (2, 1)}, "b": LARGE, "c": LARGE})
    )
    protected = privacy.protect(found)
    assert withheld_branches(protected) == set()
    hidden = {unit for unit, v in verdicts(protected.by_branch_role).items() if v == "withheld"}
    assert {("a", "members"), ("a", "staff")} < hidden
    assert len(hidden) == 4


def test_a_branch_of_one_mind_is_withheld_only_where_the_width_asks_for_it():
    alike = {"members": (12, 0), "staff": (3, 0)}
    found = findings(survey_of({"a": alike, "b": LARGE, "c": LARGE, "d": LARGE}))
    assert withheld_branches(privacy.protect(found)) == set()
    assert "a" in withheld_branches(privacy.protect(found, width=1))


@pytest.mark.parametrize("seed", range(3))
def test_small_branches_that_answered_keep_their_verdict(seed):
    """Thirty branches of 8 to 14 people in two roles, 88 % of the answers satisfied."""
    rng = np.random.default_rng(seed)
    n = rng.binomial(rng.integers(4, 8, size=(30, 2)), 0.8)
    others = rng.binomial(n, 0.12)
    branches = {
        f"b{place:02}": {"members": (x[0], y[0]), "staff": (x[1], y[1])}
        for place, (x, y) in enumerate(zip(n - others, others, strict=True))
    }
    found = findings(survey_of(branches))
    lost = []
    for width in (0, 1):
        frame = privacy.protect(found, width=width).by_branch.frame
        lost.append(((frame["verdict"] == "withheld") & (frame["n_valid"] >= 5)).sum())
    assert lost[0] <= 4
    assert lost[1] >= 8


def test_withheld_rows_keep_their_bases_and_nothing_else():
    frame = findings(people(1, n_branches=8), before=False).by_branch.frame
    frame = frame.assign(more_needed=3, bound_low=0.2, something_new=1.0, response_rate=0.5)
    hidden = np.arange(len(frame)) == 2
    row = privacy.withhold(frame, hidden).iloc[2]
    kept = row[row.notna()].index
    assert set(kept) == {
        "branch", "population", "n_responses", "n_valid", "verdict", "verdict_fdr", "reason",
        "response_rate",
    }  # fmt: skip
    assert row["verdict"] == row["verdict_fdr"] == "withheld"
    assert row["reason"] == ""
    counts = privacy.withhold(frame, hidden, counts=True).iloc[2]
    assert counts[["n_valid", "n_responses", "response_rate"]].isna().all()
    assert frame["rate"].notna().all()


def test_the_findings_given_are_left_as_they_are():
    found = findings(people(1, n_branches=8), before=False)
    before = [found.by_branch.frame.copy(), found.drivers.branch_totals.copy()]
    privacy.protect(found)
    pd.testing.assert_frame_equal(found.by_branch.frame, before[0])
    pd.testing.assert_frame_equal(found.drivers.branch_totals, before[1])


@pytest.mark.parametrize("seed", range(3))
def test_it_does_not_matter_whether_small_units_were_withheld_before(seed):
    rows = people(seed, n_branches=10, sizes=(3, 30))
    for before in (True, False):
        protected = privacy.protect(findings(rows, before=before))
        frame = protected.by_branch.frame
        small = frame["n_valid"] < 5
        assert (frame.loc[small, "verdict"] == "withheld").all()
        assert "withheld" not in set(protected.overall.frame["verdict"])


def test_a_joint_verdict_does_not_tell_how_a_withheld_role_was_judged():
    found = findings(
        survey_of({"a": {"members": (12, 3), "staff": (2, 1)}, "b": LARGE, "c": LARGE, "d": LARGE})
    )
    frame = found.by_branch.frame.assign(verdict_joint="below")
    protected = privacy.protect(replace(found, by_branch=replace(found.by_branch, frame=frame)))
    joint = protected.by_branch.frame.set_index("branch")["verdict_joint"]
    cells = protected.by_branch_role.frame
    split = set(cells.loc[cells["verdict"] == "withheld", "branch"])
    assert set(joint.index[joint == "withheld"]) == split
    assert joint["a"] == "withheld"
    assert "below" in set(joint)


def test_no_ranking_is_left_that_a_hidden_branch_took_part_in():
    found = findings(people(2, n_branches=10), before=False)
    protected = privacy.protect(found)
    assert withheld_branches(protected) & set(found.ranking.frame["branch"])
    assert protected.ranking is None


def test_no_breakdown_where_the_rate_of_all_is_withheld():
    found = findings(survey_of({"a": {"members": (3, 1)}}))
    protected = privacy.protect(found)
    assert set(protected.overall.frame["verdict"]) == {"withheld"}
    assert protected.drivers is None


def test_the_breakdown_of_a_withheld_branch_goes_with_its_base():
    found = findings(people(2, n_branches=10, few_items=0.0, sizes=(4, 40)), before=False)
    protected = privacy.protect(found)
    totals, branches = protected.drivers.branch_totals, protected.drivers.branches
    hidden = set(totals.loc[totals["withheld"], "branch"])
    assert withheld_branches(protected) & set(totals["branch"]) <= hidden
    assert len(hidden) > 1
    assert totals.loc[totals["withheld"], ["n", "observed_rate"]].isna().all(axis=None)
    gone = branches[branches["branch"].isin(hidden)]
    assert gone["withheld"].all()
    assert gone[["contribution", "difference"]].isna().all(axis=None)
    assert gone["university"].notna().all()


def test_one_withheld_breakdown_is_never_alone():
    rows = survey_of({"a": LARGE, "b": LARGE, "c": LARGE})
    rows.loc[0, "few_items"] = True
    totals = privacy.protect(findings(rows)).drivers.branch_totals
    assert totals.set_index("branch")["withheld"]["a"]
    assert totals["withheld"].sum() == 2


def test_items_that_few_answered_are_withheld():
    summary = pd.DataFrame(
        {"item": ["i", "j"], "n_valid": [3, 30], "n_satisfied": [2, 20], "rate": [0.67, 0.67]}
    )
    frame = pd.DataFrame({"item": ["i", "j"], "n": [2, 20], "share": [0.67, 0.67]})
    found = replace(
        findings(survey_of({"a": LARGE, "b": LARGE})), items=ItemResponses(frame, summary)
    )
    items = privacy.protect(found).items
    assert items.summary["rate"].isna().tolist() == [True, False]
    assert items.frame["n"].isna().tolist() == [True, False]


def test_a_lower_minimum_is_printed():
    found = findings(survey_of({"a": LARGE, "b": LARGE}))
    lowered = replace(found, by_branch=replace(found.by_branch, min_cell=3))
    assert "由 5 降为 3" in privacy.protect(lowered).notices[-1][0]


def test_contradicting_tables_are_refused():
    found = findings(survey_of({"a": LARGE, "b": LARGE}))
    frame = found.by_branch.frame.assign(n_valid=[45, 46])
    with pytest.raises(ValueError, match="fewer valid answers"):
        privacy.protect(replace(found, by_branch=replace(found.by_branch, frame=frame)))
    frame = found.by_branch.frame.assign(n_satisfied=[1, 2])
    with pytest.raises(ValueError, match="agree"):
        privacy.protect(replace(found, by_branch=replace(found.by_branch, frame=frame)))


@pytest.mark.parametrize("n_respondents", [1, 4])
def test_a_survey_of_a_handful_shows_nothing(n_respondents):
    rows = survey_of({"a": {"members": (n_respondents, 0)}})
    protected = privacy.protect(findings(rows))
    for name in ("overall", "by_branch", "by_role", "by_branch_role", "strict"):
        assert set(getattr(protected, name).frame["verdict"]) == {"withheld"}


def test_open_answers_lose_identifiers_and_their_order():
    texts = pd.Series(["乙：13812345678", None, "甲说得好", " ", "乙：13812345678"])
    assert privacy.masked_texts(texts, known=["甲说"]).tolist() == [
        "【隐去】得好",
        "乙：【手机号】",
        "乙：【手机号】",
    ]


def test_a_hundred_branches_take_little_time():
    found = findings(people(1, n_branches=100, sizes=(4, 60)))
    started = time.perf_counter()
    privacy.protect(found)
    assert time.perf_counter() - started < 30
