"""Universities drawn at random, as findings: a generator that is not the product's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import questionnaires
from survey.results import Findings, Satisfaction

MIN_CELL = 5
POINTS = (75.0, 50.0)
"""Least points of a satisfied answer and most of another one."""


def people(
    seed: int,
    *,
    n_branches: int,
    rate: float = 0.9,
    n_roles: int = 2,
    no_role: float = 0.0,
    no_branch: float = 0.0,
    response: float = 0.8,
    sizes: tuple[int, int] = (1, 25),
) -> pd.DataFrame:
    """Draw respondents, one row each, all of whom answered the overall question."""
    rng = np.random.default_rng(seed)
    size = rng.binomial(rng.integers(*sizes, n_branches, endpoint=True), response)
    n = int(size.sum())
    shares = rng.dirichlet(np.full(n_roles, 4.0), n_branches).repeat(size, axis=0)
    role = (rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1).clip(max=n_roles - 1)
    good = rng.random(n) < np.repeat(rng.beta(rate * 9, 9 - rate * 9, n_branches), size)
    luck = rng.integers(0, 12, n)
    frame = pd.DataFrame(
        {
            "branch": np.repeat([f"b{i}" for i in range(n_branches)], size).astype(object),
            "role": np.array([f"r{i}" for i in range(n_roles)], dtype=object)[role],
            "satisfied": good,
            # Five levels: 100 and 75 points for the satisfied, 50, 25 and 0 for the others.
            "points": np.where(good, 75 + 25 * (luck % 2), 25 * (luck % 3)),
        }
    )
    frame.loc[rng.random(n) < no_role, "role"] = None
    frame.loc[rng.random(n) < no_branch, "branch"] = None
    return frame


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
    return frame.assign(points=np.where(frame["satisfied"], 75, 25))


def satisfaction(rows: pd.DataFrame, by: tuple[str, ...]) -> Satisfaction:
    """Count units."""
    groups: Any = rows.groupby(list(by), sort=False) if by else [((), rows)]
    made = [
        (*unit, len(part), int(part["satisfied"].sum()), part["points"].mean())
        for unit, part in groups
    ]
    frame = pd.DataFrame(made, columns=[*by, "n_valid", "n_satisfied", "index"])
    frame = frame.astype({"n_satisfied": "Int64"}).assign(
        population=frame["n_valid"] + 2,
        n_responses=frame["n_valid"] + 1,
        rate=frame["n_satisfied"].astype(float) / frame["n_valid"],
        share_of_answers=frame["n_satisfied"].astype(float) / frame["n_valid"],
        estimator="hypergeometric",
        lower=0.1,
        upper=0.9,
        verdict="inconclusive",
        reason="",
        p_meets=0.2,
        response_rate=0.5,
    )
    return Satisfaction(frame, by, "0.9", 0.05, None, "exact", MIN_CELL, ("满意",))


def findings(rows: pd.DataFrame, *, roles: bool = True) -> Findings:
    """Make findings with every figure in them."""
    named = rows[rows["branch"].notna()]
    known = named[named["role"].notna()]
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
        tables={
            table.by: table
            for table in (
                satisfaction(rows, ()),
                satisfaction(named, ("branch",)),
                *([satisfaction(rows[rows["role"].notna()], ("role",))] if roles else []),
                *([satisfaction(known, ("branch", "role"))] if roles else []),
            )
        },
        strict=None,
        drivers=None,
        items=None,
        ranking=None,
        reliability=None,
    )
