"""Protect random surveys, then try to work out what is withheld from everything published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import questionnaires
from survey import privacy
from survey.results import Drivers, Findings, Ranking, Satisfaction
from tests.survey.privacy.attacker import attack, tables_of

MIN_CELL = 5


def people(
    seed: int,
    *,
    n_branches: int,
    rate: float = 0.9,
    n_roles: int = 2,
    no_role: float = 0.0,
    no_branch: float = 0.0,
    flagged: float = 0.1,
    few_items: float = 0.05,
    sizes: tuple[int, int] = (1, 25),
) -> pd.DataFrame:
    """Draw respondents, one row each, all of whom answered the overall question."""
    rng = np.random.default_rng(seed)
    size = rng.integers(*sizes, n_branches)
    branch = np.repeat([f"b{i}" for i in range(n_branches)], size).astype(object)
    n = len(branch)
    shares = rng.dirichlet(np.ones(n_roles), n_branches).repeat(size, axis=0)
    role = (rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1).clip(max=n_roles - 1)
    frame = pd.DataFrame(
        {
            "branch": branch,
            "role": np.array([f"r{i}" for i in range(n_roles)], dtype=object)[role],
            "satisfied": rng.random(n)
            < np.repeat(rng.beta(rate * 9, 9 - rate * 9, n_branches), size),
            "luck": rng.integers(0, 12, n),
            "flagged": rng.random(n) < flagged,
            "few_items": rng.random(n) < few_items,
        }
    )
    # Five levels: 100 and 75 points for the satisfied, 50, 25 and 0 for the others.
    frame["points"] = np.where(
        frame["satisfied"], 75 + 25 * (frame["luck"] % 2), 25 * (frame["luck"] % 3)
    )
    frame.loc[rng.random(n) < no_role, "role"] = None
    frame.loc[rng.random(n) < no_branch, "branch"] = None
    return frame


def satisfaction(rows: pd.DataFrame, by: tuple[str, ...], *, before: bool = False) -> Satisfaction:
    """Count units; `before` withholds small ones already, as the estimates do."""
    groups = rows.groupby(list(by), sort=False) if by else [((), rows)]
    counted = [
        (*unit, len(part), int(part["satisfied"].sum()), part["points"].mean())
        for unit, part in groups
    ]
    frame = pd.DataFrame(counted, columns=[*by, "n_valid", "n_satisfied", "index"])
    frame = frame.astype({"n_satisfied": "Int64"}).assign(
        population=frame["n_valid"] + 2,
        n_responses=frame["n_valid"],
        rate=frame["n_satisfied"].astype(float) / frame["n_valid"],
        low=0.1,
        high=0.9,
        verdict="inconclusive",
        verdict_fdr="inconclusive",
        reason="few_answers",
        p_meets=0.2,
    )
    if before:
        frame = privacy.withhold(frame, frame["n_valid"] < MIN_CELL)
    return Satisfaction(frame, by, "0.9", 0.95, "exact", MIN_CELL, ("满意",))


def drivers(rows: pd.DataFrame) -> Drivers:
    used = rows[~rows["few_items"]]
    totals = used.groupby("branch", sort=False)["satisfied"].agg(["size", "mean"]).reset_index()
    totals.columns = ["branch", "n", "observed_rate"]
    totals["observed_rate"] = 1 - totals["observed_rate"]
    totals["withheld"] = totals["n"] < 10
    totals.loc[totals["withheld"], "observed_rate"] = np.nan
    branches = totals[["branch", "withheld"]].assign(
        dimension="d", title="d", title_en="d", contribution=0.01, university=0.02, difference=0.01
    )
    n_satisfied = int(used["satisfied"].sum())
    summary = {"n_used": len(used), "n_satisfied": n_satisfied}
    empty = pd.DataFrame()
    return Drivers(
        empty, branches, totals, empty, summary, "full", (), empty, empty, target=4.0, level=0.95
    )


def ranking(by_branch: Satisfaction) -> Ranking:
    frame = by_branch.frame[by_branch.frame["n_valid"] >= MIN_CELL]
    frame = frame[["branch", "n_valid", "rate"]].assign(pooled_rate=frame["rate"] * 0.9)
    rank = frame["rate"].rank(ascending=False)
    frame = frame.assign(rank=rank, rank_low=(rank - 2).clip(lower=1), rank_high=rank + 2)
    return Ranking(frame, 0.9, 0.02, 0.95)


def findings(rows: pd.DataFrame, *, roles: str = "crossed", before: bool = True) -> Findings:
    """Make findings; `roles` is ``crossed``, ``apart`` (no inner cells) or ``none``."""
    named = rows[rows["branch"].notna()]
    by_branch = satisfaction(named, ("branch",), before=before)
    known = named[named["role"].notna()]
    kept = named[~named["flagged"]]
    empty = pd.DataFrame()
    return Findings(
        title="",
        questionnaire=questionnaires.load("jiangsu-2014"),
        created="",
        files=empty,
        n_read=len(rows),
        n_used=len(rows),
        removed=empty,
        flagged=empty,
        overall=satisfaction(rows, ()),
        by_branch=by_branch,
        by_role=None
        if roles == "none"
        else satisfaction(rows[rows["role"].notna()], ("role",), before=before),
        by_branch_role=satisfaction(known, ("branch", "role"), before=before)
        if roles == "crossed"
        else None,
        strict=satisfaction(kept, ("branch",), before=before),
        drivers=drivers(named),
        items=None,
        ranking=ranking(satisfaction(named, ("branch",))),
        reliability=None,
    )


def leaks(found: Findings, **options: Any) -> pd.DataFrame:
    result = attack(tables_of(found), min_cell=MIN_CELL, **options)
    return result[result["leak"] != ""]


SURVEYS: list[dict[str, Any]] = [
    {"n_branches": 4},
    {"n_branches": 8},
    {"n_branches": 8, "rate": 0.97},
    {"n_branches": 8, "rate": 0.5},
    {"n_branches": 12, "sizes": (8, 40), "rate": 0.95},
    {"n_branches": 8, "no_role": 0.05},
    {"n_branches": 8, "no_branch": 0.03, "no_role": 0.03},
    {"n_branches": 6, "n_roles": 3},
    {"n_branches": 6, "n_roles": 4, "no_role": 0.1},
    {"n_branches": 2},
]


POINTS = (75.0, 50.0)


@pytest.mark.parametrize("survey", SURVEYS, ids=str)
@pytest.mark.parametrize("seed", range(2))
def test_nothing_withheld_can_be_worked_out(survey, seed):
    found = findings(people(seed, **survey), before=seed % 2 == 0)
    assert leaks(privacy.protect(found), points=POINTS).empty


@pytest.mark.parametrize("roles", ["apart", "none"])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_can_be_worked_out_without_a_table_of_branch_by_role(roles, seed):
    found = findings(people(seed, n_branches=8), roles=roles)
    assert leaks(privacy.protect(found)).empty


@pytest.mark.parametrize("width", [1, 2, 4])
@pytest.mark.parametrize("seed", range(2))
def test_every_width_keeps_its_promise(width, seed):
    protected = privacy.protect(findings(people(seed, n_branches=8)), width=width)
    result = attack(tables_of(protected), min_cell=MIN_CELL, width=width)
    assert (result["leak"] == "").all()
    if width == 4:
        small = result[(result["n"] < MIN_CELL) & result["table"].str.startswith("by_branch")]
        small = small[~small["table"].str.contains("[+]")]
        assert ((small["high"] - small["low"]) == small["n"]).all()


def test_rates_printed_with_one_decimal_tell_as_much():
    protected = privacy.protect(findings(people(3, n_branches=8)))
    tables = tables_of(protected)
    for frame in tables.values():
        if "rate" in frame:
            frame["rate"] = frame["rate"].astype(float).round(3)
    printed = {name: f.drop(columns="n_satisfied", errors="ignore") for name, f in tables.items()}
    exact, rounded = attack(tables), attack(printed)
    assert (rounded["leak"] == "").all()
    assert np.allclose(exact[["low", "high"]], rounded[["low", "high"]])


@pytest.mark.parametrize("seed", range(3))
def test_the_attacker_sees_through_withholding_small_units_only(seed):
    found = findings(people(seed, n_branches=8), before=True)
    assert not leaks(found).empty
    assert "determined" in set(attack(tables_of(found), min_cell=MIN_CELL, width=1)["leak"])


def protected_with_secondary() -> tuple[Findings, Findings, pd.DataFrame]:
    raw = findings(people(1, n_branches=8), before=False)
    protected = privacy.protect(raw)
    frame = protected.by_branch.frame
    return raw, protected, frame[frame["verdict"] == "withheld"]


def test_the_attacker_uses_a_withheld_branch_that_another_table_shows():
    raw, protected, withheld = protected_with_secondary()
    branch = withheld["branch"].iloc[0]
    for name in ("strict", "ranking", "drivers"):
        tables = tables_of(protected)
        told = tables_of(raw)["by_branch"]
        row = told.loc[told["branch"] == branch, ["branch", "n_valid", "n_satisfied"]]
        table = tables.get(name, row)
        tables[name] = pd.concat([table[table["branch"] != branch], row])
        result = attack(tables)
        assert (result["leak"] != "").any(), name


def test_the_attacker_subtracts_strict_from_all():
    raw = findings(people(1, n_branches=8, flagged=0.1, sizes=(12, 30)), before=True)
    protected = privacy.protect(raw)
    careless = replace(protected, strict=raw.strict)
    assert leaks(protected).empty
    assert "strict, left out" in set(leaks(careless)["table"])


def test_the_attacker_subtracts_the_base_of_the_breakdown():
    raw = findings(people(1, n_branches=8, few_items=0.05, sizes=(12, 30)), before=True)
    protected = privacy.protect(raw)
    careless = replace(protected, drivers=raw.drivers)
    assert leaks(protected).empty
    assert "drivers, left out" in set(leaks(careless)["table"])


def test_no_withheld_row_keeps_a_figure():
    _, protected, _ = protected_with_secondary()
    frame = protected.by_branch.frame.assign(bound_low=0.5)
    careless = replace(protected, by_branch=replace(protected.by_branch, frame=frame))
    assert leaks(protected).empty
    assert leaks(careless)["leak"].str.contains("bound_low").any()


def withheld_branches(found: Findings) -> set[str]:
    frame = found.by_branch.frame
    return set(frame.loc[frame["verdict"] == "withheld", "branch"])


@pytest.mark.parametrize("seed", range(4))
def test_hardly_more_is_withheld_than_the_least_that_is_safe(seed):
    """Try all sets of branches: with branches alone, at most one more than needed is withheld."""
    rows = people(seed, n_branches=6, sizes=(3, 14), flagged=0, few_items=0)
    raw = replace(
        findings(rows, roles="none", before=False), strict=None, drivers=None, ranking=None
    )
    chosen = len(withheld_branches(privacy.protect(raw)))
    n = raw.by_branch.frame["n_valid"]
    least = len(n)
    for pattern in range(2 ** len(n)):
        hidden = np.array([bool(pattern >> i & 1) for i in range(len(n))]) | (n < MIN_CELL)
        if hidden.sum() >= least:
            continue
        frame = privacy.withhold(raw.by_branch.frame, hidden)
        tried = replace(raw, by_branch=replace(raw.by_branch, frame=frame))
        if leaks(tried).empty:
            least = int(hidden.sum())
    assert least <= chosen <= least + 1
