"""Branches without names: numbers in their place, and sizes too rough to know them by."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from survey import identifiers
from survey.errors import UsageError
from survey.roster import Roster
from survey.workflow.answers import Answers

if TYPE_CHECKING:
    from survey.results import Findings

STEP = 5
"""Numbers of people are given in fives."""
_SIZES = ["population", "n_responses", "n_valid", "n"]
_EXACT = ["n_satisfied", "n_missing", "n_not_asked", "n_not_applicable", "share_of_answers"]
_EXACT += ["bound_low", "bound_high", "break_even", "p_meets", "p_below", "low"]
_EXACT += ["high", "index", "break_even_gap", "tipping_odds"]


_BY_BRANCH = {
    "branch_items": ("frame", "summary"),
    "drivers": ("branch_totals", "branches"),
    "ranking": ("frame",),
}
"""Results beside the tables that tell of branches, and in which of their frames."""

_A = TypeVar("_A", bound=Answers)


def aliases(names: Sequence[str]) -> dict[str, str]:
    """Give names numbers in an order drawn anew; see `survey.Survey.aliases`."""
    order = list(range(1, len(names) + 1))
    secrets.SystemRandom().shuffle(order)
    width = len(str(len(names)))
    return {name: f"支部 {n:0{width}d}" for name, n in zip(names, order, strict=True)}


def renamed(survey: _A, alias: Mapping[str, str]) -> _A:
    """Put aliases in the place of names, in answers, comments and roster."""
    nameless = [name for name in survey.branches if name not in alias]
    if nameless or len(set(alias.values())) < len(alias):
        raise UsageError(
            zh="alias 要给每个党支部一个不同的名称。"
            + "".join(f"没有：{n}。" for n in nameless[:1]),
            en="alias must give every branch a name of its own."
            + "".join(f" Without one: {n}." for n in nameless[:1]),
        )
    responses, known = survey.responses, survey.roster
    people = responses.people.assign(branch=responses.people["branch"].map(alias))
    texts = identifiers.masked_texts(responses.texts, alias)
    if known is not None:
        frame = known.frame.assign(branch=known.frame["branch"].map(alias))
        known = Roster(frame.sort_values("branch", ignore_index=True), {})
    responses = replace(responses, people=people, texts=texts)
    return replace(survey, responses=responses, roster=known, is_anonymous=True)


def coarsened(findings: Findings) -> Findings:
    """Round what would tell an anonymous branch by its size; verdicts are as they were.

    In every table by branch people are counted in fives, shares in whole percents, bounds outwards,
    scores in whole points, and what rests on exact counts is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"branch": ["支部 1"], "n_valid": [23], "rate": [0.8696],
    ...     "n_satisfied": [20], "verdict": "below"})
    >>> _coarse(frame)
      branch  n_valid  rate n_satisfied verdict
    0   支部 1       25  0.87        <NA>   below
    """
    changes: dict[str, Any] = {
        "tables": {
            by: replace(table, frame=_coarse(table.frame, table.bar)) if "branch" in by else table
            for by, table in findings.tables.items()
        }
    }
    for name, frames in _BY_BRANCH.items():
        if (result := getattr(findings, name)) is not None:
            changes[name] = replace(result, **{at: _coarse(getattr(result, at)) for at in frames})
    if (scores := findings.scores) is not None:
        points = _percents(scores.frame["score"] / 100, "rate", scores.pass_mark / 100) * 100
        frame = _coarse(scores.frame, findings.tables[()].bar).assign(score=points)
        changes["scores"] = replace(scores, frame=frame)
    notice = (
        f"支部不记名：各支部的人数取整到 {STEP} 的倍数，比例取整到 1%（上下限向外），"
        "得分取整到 1 分，判定仍按准确人数作出。",
        f"Branches are anonymous: their people are counted in steps of {STEP}, shares in whole "
        "percents (bounds outwards), scores in whole points; verdicts rest on the exact numbers.",
    )
    return replace(findings, **changes, notices=(*findings.notices, notice))


def _coarse(frame: pd.DataFrame, bar: str | None = None) -> pd.DataFrame:
    goal = None if bar is None else float(bar)
    columns: dict[str, Any] = {}
    for name in frame.columns.intersection(_SIZES):
        fives = (frame[name].astype("Float64") / STEP).round() * STEP
        columns[name] = fives.where(frame[name].isna() | (frame[name] == 0) | (fives > 0), STEP)
        columns[name] = columns[name].astype("Int64")
    # whatever else is no whole number is a share: two digits tell no numerator
    for name in frame.select_dtypes("float").columns.difference(_EXACT):
        columns[name] = _percents(frame[name], str(name), goal)
    for name in frame.columns.intersection(_EXACT):
        is_count = str(name).startswith("n_")
        columns[name] = pd.array([pd.NA] * len(frame), "Int64") if is_count else np.nan
    return frame.assign(**columns)


def _percents(shares: pd.Series[float], name: str, goal: float | None) -> pd.Series[float]:
    """Round to whole percents, bounds outwards, none to all, to nothing or past the bar."""
    exact = shares.to_numpy(dtype=float)
    whole = (exact * 100).round(9)
    if name.endswith(("lower", "low")):
        shown = np.floor(whole) / 100
    elif name.endswith(("upper", "high")):
        shown = np.ceil(whole) / 100
    else:
        shown = whole.round() / 100
        if name.endswith("rate"):
            shown = np.where((exact > 0) & (shown == 0), 0.01, shown)
            shown = np.where((exact < 1) & (shown == 1), 0.99, shown)
    if goal is not None and name in ("rate", "lower", "upper"):
        below = np.floor(whole) / 100
        if name == "upper":
            gaps = (0.001, 0.0001)
            below = np.select(
                [exact <= goal - gap for gap in gaps], [goal - g for g in gaps], exact
            )
        shown = np.where((exact >= goal) & (shown < goal), goal, shown)
        shown = np.where((exact < goal) & (shown >= goal), below, shown)
    return pd.Series(shown, shares.index)
