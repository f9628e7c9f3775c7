"""Branches, roles and the university from roles that answered at different rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

import survey
from analysis.proportions import bounds
from analysis.weights.weighting import stratified_proportion
from survey.estimation.poststratification import Poststratified, filled, poststratified
from survey.report.sections.summary import reading
from tests.survey.estimation.test_satisfaction import MEMBER, NO, STAFF, YES, held

COUNTS = {
    ("甲", MEMBER, YES): 40,
    ("甲", STAFF, YES): 8,
    ("甲", STAFF, NO): 8,
    ("乙", MEMBER, YES): 10,
    ("乙", MEMBER, NO): 10,
    ("乙", STAFF, NO): 3,
}
SIZES = {
    ("甲", "党员"): 50,
    ("甲", "师生员工"): 100,
    ("乙", "党员"): 40,
    ("乙", "师生员工"): 20,
    ("丙", "师生员工"): 10,
}


CELL = st.integers(0, 40).flatmap(
    lambda N: st.integers(0, N).flatmap(
        lambda n: st.tuples(st.integers(0, n), st.just(n), st.just(N))
    )
)


def test_everyone_at_their_true_sizes(tmp_path: Path) -> None:
    row = held(tmp_path, COUNTS, SIZES).satisfaction(None).frame.iloc[0]
    # The silent branch joins the cell of its role with most answers: 16 of 110 people.
    strata = np.array([[40, 8, 10, 0], [40, 16, 20, 3], [50, 110, 40, 20]])
    expected = stratified_proportion(*strata, level=0.9)
    assert row["rate"] == pytest.approx(float(expected.rate))
    assert row["lower"] * 220 == np.floor(expected.low * 220)
    assert row["upper"] * 220 == np.ceil(expected.high * 220)
    assert row["estimator"] == "poststratified"
    assert row["rate"] < row["share_of_answers"] == 58 / 79


def test_each_role_at_its_true_sizes(tmp_path: Path) -> None:
    frame = held(tmp_path, COUNTS, SIZES).satisfaction("role").frame.set_index("role")
    assert frame.loc["党员", "rate"] == pytest.approx((50 + 20) / 90)
    # two branches answered: judged exactly
    assert frame.loc["党员", "estimator"] == "stratified"
    exact = bounds.stratified([[40, 10]], [[40, 20]], [[50, 40]])
    assert frame.loc["党员", "lower"] == exact.lower[0] / 90


def test_a_branch_is_judged_over_its_roles(tmp_path: Path) -> None:
    frame = held(tmp_path, COUNTS, SIZES).satisfaction().frame.set_index("branch")
    row = frame.loc["甲"]
    exact = bounds.stratified([[40, 8]], [[40, 16]], [[50, 100]])
    assert (row["lower"], row["upper"]) == (exact.lower[0] / 150, exact.upper[0] / 150)
    assert row["rate"] == pytest.approx((50 + 0.5 * 100) / 150)
    assert row["share_of_answers"] == 48 / 56
    assert row["estimator"] == "stratified"
    assert frame.loc["丙", "verdict"] == "inconclusive"
    assert (frame.loc["丙", "lower"], frame.loc["丙", "upper"]) == (0, 1)


@pytest.mark.parametrize("untold", [(), ("members",)])
def test_everyone_is_judged_over_roles_that_were_judged_before(
    tmp_path: Path, untold: tuple[str, ...]
) -> None:
    one = held(tmp_path, COUNTS, SIZES)
    roles = one.estimate(("role",), unsplit=("甲",), untold=untold, alone=untold)
    anew, given = (
        one.estimate((), unsplit=("甲",), untold=untold, roles=known).frame
        for known in (None, roles)
    )
    pd.testing.assert_frame_equal(anew, given)


def test_a_branch_whose_roles_are_not_told_is_judged_by_its_total(tmp_path: Path) -> None:
    one = held(tmp_path, COUNTS, SIZES)
    row = one.published()["branch",].frame.set_index("branch").loc["甲"]
    alone = bounds.total_only([48], [[40, 16]], [[50, 100]])
    assert row["estimator"] == "total_only"
    assert (row["lower"], row["upper"]) == (alone.lower[0] / 150, alone.upper[0] / 150)
    assert row["rate"] == row["share_of_answers"]


def test_other_splits_of_one_total_are_published_alike(tmp_path: Path) -> None:
    """What is published of a branch with a withheld role is a function of its total."""
    told = []
    for name, counts in (
        ("a", {("甲", MEMBER, YES): 10, ("甲", STAFF, YES): 2, ("甲", STAFF, NO): 2}),
        ("b", {("甲", MEMBER, YES): 8, ("甲", MEMBER, NO): 2, ("甲", STAFF, YES): 4}),
    ):
        (tmp_path / name).mkdir()
        sizes = {
            ("甲", "党员"): 20,
            ("甲", "师生员工"): 30,
            ("乙", "党员"): 20,
            ("乙", "师生员工"): 20,
        }
        everyone = {**counts, ("乙", MEMBER, YES): 11, ("乙", STAFF, YES): 12}
        made = held(tmp_path / name, everyone, sizes).published()["branch",].frame
        told.append(made[made["branch"] == "甲"].drop(columns="index"))
    pd.testing.assert_frame_equal(*told)


def test_a_census_is_a_point(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 9, ("甲", MEMBER, NO): 1, ("乙", MEMBER, YES): 10}
    row = held(tmp_path, counts, {"甲": 10, "乙": 10}).satisfaction(None).frame.iloc[0]
    assert row[["rate", "lower", "upper"]].tolist() == [0.95] * 3
    assert row["verdict"] == "meets"


def test_answers_without_a_role_leave_the_branch_to_its_total(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 10, ("甲", "校友", NO): 10, ("乙", MEMBER, YES): 10}
    sizes = {("甲", "党员"): 10, ("甲", "师生员工"): 30, ("乙", "党员"): 10}
    frame = held(tmp_path, counts, sizes).satisfaction().frame.set_index("branch")
    assert frame.loc["甲", "estimator"] == "total_only"
    alone = bounds.total_only([10], [[10, 0]], [[10, 30]], [10])
    assert frame.loc["甲", "lower"] == alone.lower[0] / 40


def test_a_role_below_beside_a_whole_that_meets_has_its_own_name(tmp_path: Path) -> None:
    counts = {("甲", MEMBER, YES): 190, ("甲", STAFF, YES): 6, ("甲", STAFF, NO): 4}
    counts |= {("乙", MEMBER, YES): 50, ("乙", STAFF, YES): 50}
    sizes = {
        ("甲", "党员"): 190,
        ("甲", "师生员工"): 10,
        ("乙", "党员"): 50,
        ("乙", "师生员工"): 50,
    }
    made = held(tmp_path, counts, sizes).satisfaction()
    frame = made.frame.set_index("branch")
    assert frame["verdict"].tolist() == ["meets", "meets"]
    assert frame["verdict_joint"].to_dict() == {"甲": "one_below", "乙": "meets_each"}
    assert "总体达标，有一类人员未达标" in made.to_display()["判定（兼顾各类人员）"].tolist()


def test_without_sizes_there_is_the_share_of_answers(tmp_path: Path) -> None:
    frame = held(tmp_path, COUNTS).satisfaction(None).frame
    assert frame["estimator"].tolist() == ["binomial"]
    assert frame["rate"].tolist() == frame["share_of_answers"].tolist()


def test_published_rates_of_everyone_are_rounded(tmp_path: Path) -> None:
    one = held(tmp_path, COUNTS, SIZES)
    raw, published = one.satisfaction(None).frame.iloc[0], one.published()[()].frame.iloc[0]
    assert published["rate"] == round(published["rate"], 3) != raw["rate"]
    # of whom the roles are not told, the bounds allow any split of the satisfied
    assert published["lower"] < raw["rate"] < published["upper"]


@given(st.lists(CELL, min_size=4, max_size=12))
def test_what_is_filled_in_keeps_the_totals(drawn: list[tuple[int, int, int]]) -> None:
    cells = pd.DataFrame(drawn, columns=["n_satisfied", "n_valid", "population"])
    cells["branch"], cells["role"] = cells.index // 2, cells.index % 2
    told = filled(cells, cells, [], unsplit=cells["branch"], pooled=[])
    for by in ("branch", "role"):
        sums = (frame.groupby(by)["n_satisfied"].sum() for frame in (told, cells))
        np.testing.assert_allclose(*sums, atol=0.01)
    untold = filled(cells, cells, [], unsplit=cells["branch"], pooled=[], untold=[0, 1])
    n, x = (cells.groupby("branch")[name].transform("sum") for name in ("n_valid", "n_satisfied"))
    np.testing.assert_allclose(untold["n_satisfied"] * n, cells["n_valid"] * x, atol=1e-6)
    assert untold["fewer"].sum() >= -1e-9
    assert untold["more"].sum() >= -1e-9
    # beside branches that are shown, which stay what they are
    half = cells["branch"] % 2 == 1
    told = filled(cells, cells, [], unsplit=cells["branch"][~half], pooled=[])
    assert (told["n_satisfied"] == cells["n_satisfied"])[half].all()
    for by in ("branch", "role"):
        sums = (frame.groupby(by)["n_satisfied"].sum() for frame in (told, cells))
        np.testing.assert_allclose(*sums, atol=0.01)


@pytest.mark.parametrize("seed", range(6))
def test_bounds_never_contradict_the_answers_themselves(seed: int) -> None:
    rng = np.random.default_rng(seed)
    roster = pd.DataFrame({"支部": np.repeat([*"abcdef"], 2), "身份": ["r", "s"] * 6})
    roster["人数"] = rng.integers(1, 12, 12)
    rows = roster.loc[np.repeat(roster.index, rng.binomial(roster["人数"], 0.6)), ["支部", "身份"]]
    rows["q"] = rng.choice([5, 1], len(rows), p=[0.7, 0.3])
    rows["身份"] = rows["身份"].mask(rng.random(len(rows)) < seed / 20)
    one = survey.from_frame(
        rows, branch="支部", role="身份", overall="q", satisfied=["5"], roster=roster
    )
    published = [one.published()[by].frame for by in ((), ("role",)) if by in one.published()]
    for frame in (one.satisfaction(None).frame, one.satisfaction("role").frame, *published):
        frame = frame[frame["rate"].notna() & frame["lower"].notna()]
        # figures that are published are rounded to thousandths
        assert (frame["lower"] <= frame["rate"] + 6e-4).all()
        assert (frame["rate"] <= frame["upper"] + 6e-4).all()
        assert (frame["bound_low"] <= frame["lower"] + 1e-3).all()
        assert (frame["upper"] <= frame["bound_high"] + 1e-3).all()


def test_roles_left_blank_beside_a_roster_without_roles_count_with_all_others() -> None:
    rows = pd.DataFrame({"支部": np.repeat([*"abcdefghij"], 30)})
    place = np.arange(len(rows)) % 30
    rows["身份"] = np.where(place < 2, None, np.where(place % 2, "r", "s"))
    rows["q"] = np.where((place < 2) | (place == 29), 1, 5)
    roster = pd.DataFrame({"支部": [*"abcdefghij"], "人数": 40})
    one = survey.from_frame(
        rows, branch="支部", role="身份", overall="q", satisfied=["5"], roster=roster
    )
    for frame in (one.satisfaction(None).frame, one.published()[()].frame):
        (found,) = frame.itertuples()
        assert found.rate == pytest.approx(0.9, abs=6e-4)
        assert found.lower < 0.9 < found.upper
        assert found.verdict == "inconclusive"


def of_one(cells: pd.DataFrame, population: int, *, bar: str, alpha: float) -> Poststratified:
    """Estimate one unit, and the same beside another and cells of none."""
    n = len(cells)
    (alone,) = poststratified(cells, [0] * n, [population], bar=bar, alpha=alpha)
    other = cells.iloc[::-1].assign(n_satisfied=0)
    three = pd.concat([other, cells, cells.assign(population=10**6)], ignore_index=True)
    place = [1] * n + [0] * n + [-1] * n
    made, _ = poststratified(three, place, [population, population], bar=bar, alpha=alpha)
    np.testing.assert_equal(tuple(made), tuple(alone))
    return alone


def test_a_lone_answer_joins_the_same_stratum_beside_other_units() -> None:
    """Which of two roles of equally many answers it joins is no matter of who else is there."""
    cells = cells_of([(1, 1, 700, "a"), (36, 40, 90, "b"), (20, 40, 60, "c")])
    made = [
        of_one(cells.iloc[order], 850, bar="0.9", alpha=0.05) for order in ([0, 1, 2], [2, 1, 0])
    ]
    np.testing.assert_equal(tuple(made[0]), tuple(made[1]))


def cells_of(rows: list[tuple[int, int, int, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["n_satisfied", "n_valid", "population", "role"])


@pytest.mark.parametrize(
    "silent",
    [
        [(0, 0, 700, "b")],
        [(0, 0, 500, "b"), (0, 0, 200, "c")],
        [(1, 1, 400, "b"), (0, 0, 301, "b")],
        [(0, 1, 701, "b")],
    ],
)
@pytest.mark.parametrize("last", [(2, 2, 3, "a"), (0, 3, 4, "a"), (30, 40, 41, "a")])
def test_no_role_speaks_for_a_silent_one(
    silent: list[tuple[int, int, int, str]], last: tuple[int, int, int, str]
) -> None:
    """The bounds allow all silent people of the role either way, and none of them has a rate."""
    answered = [(80, 100, 120, "a"), (9, 12, 20, "a"), last]
    alone = cells_of(answered)
    everyone = cells_of([*answered, *silent])
    N = int(alone["population"].sum())
    own = of_one(alone, N, bar="0.9", alpha=0.05)
    made = of_one(everyone, int(everyone["population"].sum()), bar="0.9", alpha=0.05)
    assert made.rate == pytest.approx(own.rate, abs=0.01)  # a lone answer counts once
    assert made.lower <= own.lower + 1
    assert made.upper >= own.upper + 699
    assert made.verdict == "inconclusive"


@pytest.mark.parametrize("n_alike", [2, 5, 9])
def test_few_answers_alike_do_not_speak_for_many_people(n_alike: int) -> None:
    """Against the exact bounds of the many, all others taken to be as they answered."""
    cells = pd.DataFrame(
        {
            "role": ["a", "a", "b"],
            "n_satisfied": [80, 40, n_alike],
            "n_valid": [100, 45, n_alike],
            "population": [120, 60, 700],
        }
    )
    made = of_one(cells, 880, bar="0.9", alpha=0.05)
    least = next(K for K in range(701) if hypergeom(700, K, n_alike).pmf(n_alike) > 0.05)
    assert made.lower <= 120 * 0.8 + 60 * 40 / 45 + least
    assert made.verdict == "inconclusive"
    mirrored = of_one(
        cells.assign(n_satisfied=cells["n_valid"] - cells["n_satisfied"]),
        880,
        bar="0.1",
        alpha=0.05,
    )
    assert mirrored.upper == 880 - made.lower


def test_a_silent_branch_is_like_the_best_known_of_its_role() -> None:
    cells = cells_of([(80, 100, 120, "a"), (2, 2, 3, "a"), (9, 12, 20, "a"), (0, 0, 700, "a")])
    made = of_one(cells, 843, bar="0.9", alpha=0.05)
    assert made.rate == pytest.approx((0.8 * 820 + 3 + 0.75 * 20) / 843)
    assert made.upper - made.lower > 100


def test_report_and_library_agree_where_a_role_is_silent(tmp_path: Path) -> None:
    counts = {(name, MEMBER, YES): 17 for name in "甲乙丙丁"}
    counts |= {(name, MEMBER, NO): 2 for name in "甲乙丙丁"} | {("戊", MEMBER, YES): 2}
    sizes = {(name, role): 20 for name in "甲乙丙丁戊" for role in ("党员", "师生员工")}
    one = held(tmp_path, counts, sizes)
    role = one.satisfaction("role").frame.set_index("role")["rate"]["党员"]
    rows = [one.satisfaction(None).frame.iloc[0], one.published()[()].frame.iloc[0]]
    for row in rows:
        assert row["rate"] == pytest.approx(role, abs=0.03)
        assert row["lower"] < 0.5 < 0.9 < row["upper"]
        assert row["verdict"] == "inconclusive"
    assert abs(rows[0]["rate"] - rows[1]["rate"]) < 0.03
    said = reading(one.findings(comments="none"))
    assert "“师生员工”没有人回答，总的满意率不含这类人员" in said
    assert "党员”没有人" not in said


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(CELL, st.sampled_from("ab")), min_size=1, max_size=8))
def test_bounds_hold_the_rate_and_what_is_certain(
    drawn: list[tuple[tuple[int, int, int], str]],
) -> None:
    cells = pd.DataFrame(
        [(*counts, role) for counts, role in drawn],
        columns=["n_satisfied", "n_valid", "population", "role"],
    )
    x, n, N = (int(cells[name].sum()) for name in ("n_satisfied", "n_valid", "population"))
    made = of_one(cells, N, bar="0.9", alpha=0.05)
    assert 0 <= made.lower <= made.upper <= N
    if n:
        assert made.lower <= made.rate * N + 1e-6
        assert made.rate * N - 1e-6 <= made.upper
    if n == N:
        assert made.lower == made.upper == x


def simulated(tmp: Path) -> survey.Survey:
    made = survey.simulate(tmp, n_branches=14, seed=3, sizes=(30, 80))
    return survey.read(made.export, roster=made.roster)


def test_totals_of_published_tables_agree(tmp_path: Path) -> None:
    tables = simulated(tmp_path).published()
    assert list(tables) == [(), ("branch",), ("role",), ("branch", "role")]
    whole = tables[()].frame.iloc[0]
    for by in (("branch",), ("role",)):
        assert tables[by].frame["n_satisfied"].sum() == whole["n_satisfied"]
        assert tables[by].frame["population"].sum() == whole["population"]


def test_rounding_errors_of_unanimous_cells_are_none() -> None:
    n = np.array([5.0, 6, 7, 4])
    counts = pd.DataFrame({"n_satisfied": [5.0, 6, 7, 0], "n_valid": n, "population": n + 3})
    off = counts.assign(n_satisfied=[5 - 9e-16, 6.0, 7 - 2e-16, 2e-16])
    exact, made = (of_one(cells, 34, bar="0.9", alpha=0.05) for cells in (counts, off))
    np.testing.assert_equal(tuple(made), tuple(exact))
