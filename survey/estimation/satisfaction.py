"""Satisfaction of units against the bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import multiplicity, nonresponse, proportions, tabulate, verdicts
from analysis.joint import judge_roles
from analysis.reasons import explain
from questionnaires import Role, Scale
from survey.results import Satisfaction
from survey.roster import Roster

Method = Literal["exact", "blaker", "wilson"]
ALPHA = 0.05

Integers = NDArray[np.int64]
Estimates = dict[str, NDArray[Any]]

COLUMNS = (
    "population",
    "n_responses",
    "n_valid",
    "n_missing",
    "n_not_asked",
    "n_not_applicable",
    "n_satisfied",
    "rate",
    "index",
    "low",
    "high",
    "verdict",
    "verdict_fdr",
    "reason",
    "more_needed",
    "p_meets",
    "p_below",
    "response_rate",
    "bound_low",
    "bound_high",
    "break_even",
)


def satisfaction(
    people: pd.DataFrame,
    score: pd.Series,
    status: pd.Series,
    scale: Scale,
    *,
    roles: Sequence[Role],
    roster: Roster | None,
    by: Sequence[str],
    bar: str,
    level: float,
    method: Method,
    min_cell: int,
) -> Satisfaction:
    """Estimate and judge every unit.

    Parameters
    ----------
    people : DataFrame
        ``branch`` and ``role`` of the rows that are used.
    score, status : Series
        The overall question, aligned with `people`.
    scale : Scale
        Of the overall question.
    roles : sequence of Role
        Populations counted separately.
    roster : Roster or None
        Sizes; None gives binomial intervals and verdicts.
    by : sequence of str
        Unit columns.
    bar, level, method, min_cell
        See `survey.Survey.satisfaction`.

    Returns
    -------
    Satisfaction
        Units on the roster without answers are there too.
    """
    units = list(by)
    frame = _with_population(_count(people, score, status, scale, units), roster, units)
    x, n = frame["n_satisfied"].to_numpy(), frame["n_valid"].to_numpy()
    frame["rate"] = frame["n_satisfied"] / frame["n_valid"].where(n > 0)
    sized = frame["population"].notna().to_numpy()
    estimates = [
        pd.DataFrame(made, index=frame.index[rows])
        for rows, made in (
            (sized, _finite(x[sized], n[sized], _whole(frame, sized), bar, level, method)),
            (~sized, _binomial(x[~sized], n[~sized], bar, level)),
        )
        if rows.any()
    ]
    if estimates:
        frame = frame.join(pd.concat(estimates).sort_index())
    frame = frame.reindex(columns=[*units, *COLUMNS])
    frame["more_needed"] = frame["more_needed"].astype("Int64")
    frame["n_satisfied"] = frame["n_satisfied"].astype("Int64")
    if "role" not in units and roster is not None and roster.has_roles and len(roles) == 2:
        cells = [*units, "role"]
        counted = _with_population(_count(people, score, status, scale, cells), roster, cells)
        if units:
            frame["verdict_joint"] = frame["branch"].map(_joint(counted, roles, bar))
        else:
            frame["verdict_joint"] = _joint(counted.assign(branch="all"), roles, bar)["all"]
    if "role" in units:
        frame["role"] = frame["role"].replace({role.id: role.title for role in roles})
    return adjust_verdicts(
        Satisfaction(
            frame=frame,
            by=tuple(units),
            bar=bar,
            level=level,
            method=method if roster is not None else "clopper-pearson",
            min_cell=min_cell,
            satisfied_labels=tuple(rung.label for rung in scale.satisfied_levels),
        )
    )


def adjust_verdicts(result: Satisfaction) -> Satisfaction:
    """Judge the shown units anew for being many; withheld ones must not weigh on others.

    Parameters
    ----------
    result : Satisfaction
        Some of its units may be withheld.

    Returns
    -------
    Satisfaction
        With ``verdict_fdr`` of the units that are shown, see
        `analysis.multiplicity.adjusted_verdicts`.
    """
    frame = result.frame
    judged = multiplicity.adjusted_verdicts(frame["p_meets"], frame["p_below"], alpha=ALPHA)
    adjusted = np.where(frame["verdict"] == "withheld", "withheld", judged.verdict)
    return replace(result, frame=frame.assign(verdict_fdr=adjusted))


def _count(
    people: pd.DataFrame, score: pd.Series, status: pd.Series, scale: Scale, units: list[str]
) -> pd.DataFrame:
    """Count answers by unit; people without a unit's name belong to none."""
    points = {float(rung.score or 0): rung.index for rung in scale.valid_levels}
    has_index = None not in points.values()
    rows = people[units].assign(
        status=status,
        satisfied=score.isin(scale.satisfied_scores),
        points=score.map(points).astype("float64") if has_index else np.nan,
    )
    counted = tabulate.counts(
        rows.dropna(subset=units),
        by=units,
        satisfied="satisfied",
        status="status",
        score="points" if has_index else None,
    )
    return counted.assign(
        index=counted["score_sum"] / counted["n_valid"].where(counted["n_valid"] > 0)
    )


def _with_population(frame: pd.DataFrame, roster: Roster | None, units: list[str]) -> pd.DataFrame:
    """Add sizes; units on the roster without answers join with zeros, in the roster's order."""
    sizes = roster.population(units) if roster is not None else pd.Series(dtype="int64")
    if sizes.empty:
        return frame.assign(population=pd.array([pd.NA] * len(frame), dtype="Int64"))
    if not units:
        return frame.assign(population=pd.array([int(sizes.iloc[0])], dtype="Int64"))
    counts = [str(name) for name in frame if str(name).startswith("n_")]
    joined = (
        sizes.rename("population").reset_index().merge(frame, on=units, how="outer", sort=False)
    )
    place = {unit: i for i, unit in enumerate(sizes.index)}
    keys = joined[units].apply(tuple, axis=1) if len(units) > 1 else joined[units[0]]
    joined = joined.iloc[np.argsort([place.get(key, len(place)) for key in keys], kind="stable")]
    joined[counts] = joined[counts].fillna(0).astype("int64")
    return joined.astype({"population": "Int64"}).reset_index(drop=True)


def _finite(
    x: Integers, n: Integers, N: Integers, bar: str, level: float, method: Method
) -> Estimates:
    interval = proportions.finite_population_interval(x, n, N, level=level, method=method)
    judged = verdicts.judge(x, n, N, bar=bar, alpha=ALPHA)
    explained = explain(x, n, N, bar=bar, alpha=ALPHA)
    least, most = nonresponse.bounds(x, n, N)
    return {
        "low": interval.low,
        "high": interval.high,
        "verdict": judged.verdict,
        "p_meets": judged.p_meets,
        "p_below": judged.p_below,
        "reason": explained.reason,
        "more_needed": explained.n_more_satisfied,
        "bound_low": least,
        "bound_high": most,
        "break_even": nonresponse.break_even(x, n, N, bar=bar).share,
        "response_rate": nonresponse.response_rate(n, N),
    }


def _binomial(x: Integers, n: Integers, bar: str, level: float) -> Estimates:
    low, high = proportions.binomial_interval(x, n, level=level, method="clopper-pearson")
    judged = verdicts.judge_binomial(x, n, bar=bar, alpha=ALPHA)
    return {
        "low": low,
        "high": high,
        "verdict": judged.verdict,
        "p_meets": judged.p_meets,
        "p_below": judged.p_below,
    }


def _whole(frame: pd.DataFrame, rows: NDArray[np.bool_]) -> Integers:
    return frame.loc[rows, "population"].to_numpy(dtype=np.int64)


def _joint(counted: pd.DataFrame, roles: Sequence[Role], bar: str) -> pd.Series:
    """Judge every branch by the rule that no role may be below; indexed by branch."""
    ids = [role.id for role in roles]
    wide = [
        counted.pivot(index="branch", columns="role", values=name).reindex(columns=ids)
        for name in ("n_satisfied", "n_valid", "population")
    ]
    x, n, N = (table.fillna(0).to_numpy(dtype=np.int64) for table in wide)
    return pd.Series(judge_roles(x, n, N, bar=bar, alpha=ALPHA).overall, index=wide[0].index)
