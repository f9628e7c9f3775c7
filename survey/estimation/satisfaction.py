"""Satisfaction of units against the bar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counts.checks import exact_share
from analysis.proportions import bounds, intervals, nonresponse, verdicts
from analysis.proportions.reasons import explain
from analysis.proportions.tipping import tipping_odds
from analysis.weights.weighting import WeightedShare, weighted_share
from questionnaires import Role, Scale
from survey.errors import nearest
from survey.estimation.cells import of_units
from survey.estimation.looks import Looks
from survey.estimation.poststratification import filled, poststratified, split
from survey.results import Satisfaction
from survey.roster import Roster

Method = intervals.FinitePopulationMethod
ALPHA = 0.05
NEAR = 0.05
"""An open verdict is near the bar where both bounds lie within this share of it."""

Integers = NDArray[np.int64]
Strata = tuple[Integers, Integers, Integers]
"""Satisfied answers, valid answers and people, (n_units, n_strata)."""
Estimates = pd.DataFrame

COLUMNS = (
    "population",
    "n_responses",
    "n_valid",
    "n_missing",
    "n_not_asked",
    "n_not_applicable",
    "n_satisfied",
    "share_of_answers",
    "rate",
    "index",
    "lower",
    "upper",
    "estimator",
    "verdict",
    "reason",
    "p_meets",
    "p_below",
    "response_rate",
    "bound_low",
    "bound_high",
    "break_even",
    "break_even_gap",
    "tipping_odds",
)


@dataclass(frozen=True)
class Terms:
    """Whom a table of satisfaction is about, and what they are judged by."""

    by: tuple[str, ...]
    scale: Scale
    roles: Sequence[Role]
    roster: Roster | None
    bar: str
    min_cell: int


def satisfaction(
    cells: pd.DataFrame,
    terms: Terms,
    *,
    level: float | None = None,
    method: Method = "exact",
    unsplit: Collection[str] = (),
    pooled: Collection[str] = (),
    untold: Collection[str] = (),
    alone: Collection[str] = (),
    looks: Looks | None = None,
    roles: Satisfaction | None = None,
    explained: bool = True,
) -> Satisfaction:
    """Estimate and judge every unit; those on the roster without answers are there too.

    Roles of `unsplit` branches are not told, `pooled` branches are not told at all, `untold` roles
    have no figures of their own: only the totals of each are used. Units that have their verdict
    `alone` are judged as if the least, and the most, of their answers were satisfied that what is
    published allows.
    Everyone's joint verdict rests on those of the `roles`, which are judged where they are not
    given. If not `explained` there are verdicts alone, without reasons, joint verdicts and the odds
    at which they tip.

    Where the roster gives sizes by role, the answers of each role in each branch are one random
    sample. A branch is judged exactly over its roles (`analysis.bounds.stratified`), or by its
    total (`analysis.bounds.total_only`); everyone together and a role are post-stratified
    (`survey.estimation.poststratification`). Without a roster bounds and verdicts are binomial.

    Weighted answers are judged by their effective number, whatever the roster says
    (`analysis.weights.weighting.weighted_share`): nobody knows how the weights came about, so that
    there is no exact claim.
    """
    if method not in get_args(Method):
        raise nearest("method", method, get_args(Method))
    units, roster, bar = list(terms.by), terms.roster, terms.bar
    frame = _counts(cells, terms)
    frame["rate"] = frame["share_of_answers"]
    strata = None
    if roster is not None:
        has_roles = len(terms.roles) > 1 and roster.has_roles and bool(cells["role"].notna().any())
        parts = ["branch", "role"] if has_roles else ["branch"]
        inner = [*units, *(name for name in parts if name not in units)]
        if inner != units and set(inner) <= {*roster.frame.columns}:
            strata = of_units(cells, inner, roster)
    if "weight_sum" in frame:
        made, strata = _weighted(frame, bar), None
    else:
        sized = frame["population"].notna()
        published = strata
        if strata is not None and (unsplit or pooled) and "branch" not in units:
            further = [name for name in units if name != "role"]
            published = filled(
                strata, cells, further, unsplit=unsplit, pooled=pooled, untold=untold
            )
        known = _of_known_size(frame[sized], published, units, bar, unsplit, looks, explained)
        made = known
        if not sized.all():
            made = pd.concat([known, _of_unknown_size(frame[~sized], bar)]).reindex(frame.index)
    frame = frame.drop(columns="rate").join(made)
    if alone:
        (unit,) = units
        told: dict[str, Any] = {"explained": False}
        if unit != "role":
            # totals of roles hold the withheld cells that are replaced: theirs are not used
            told["unsplit"] = [name for name in unsplit if name not in pooled]
            told["untold"] = cells["role"].dropna().unique().tolist()
        least, most = (
            satisfaction(end, terms, **told).frame["verdict"]
            for end in split(cells, unit, alone, unsplit, pooled)
        )
        judged = np.where(least == "meets", "meets", "inconclusive")
        judged = np.where(most == "below", "below", judged)
        frame["verdict"] = frame["verdict"].mask(frame[unit].isin([*alone]), judged)
    columns = [*units, *COLUMNS]
    if level is not None:
        interval = _interval(frame, level, method)
        frame[["low", "high"]] = interval
        columns[columns.index("upper") + 1 : columns.index("upper") + 1] = ["low", "high"]
    if (
        explained
        and strata is not None
        and "role" in strata
        and (not units or "branch" in units)
        and "role" not in units
    ):
        if units:
            frame["verdict_joint"] = _joint(frame, *_of_roles(frame, strata, bar, unsplit))
        else:
            made = (
                roles
                or satisfaction(
                    cells,
                    replace(terms, by=("role",)),
                    unsplit=unsplit,
                    pooled=pooled,
                    untold=untold,
                    alone=untold,
                    explained=False,
                )
            ).frame
            judged = made.loc[made["population"] > 0, "verdict"].to_numpy(dtype=str)
            frame["verdict_joint"] = _joint(frame, judged[None], np.array([False]))
        columns.append("verdict_joint")
    name = method if roster is not None else "clopper-pearson"
    return replace(_table(frame.reindex(columns=columns), terms), level=level, method=name)


def counted(cells: pd.DataFrame, terms: Terms) -> Satisfaction:
    """Count the same units without an estimate: what is published is decided on numbers."""
    frame = _counts(cells, terms)
    frame["estimator"] = "weighted" if "weight_sum" in frame else ""
    return _table(frame.reindex(columns=[*terms.by, *COLUMNS]), terms)


def _counts(cells: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    frame = of_units(cells, terms.by, terms.roster)
    n = frame["n_valid"]
    frame["share_of_answers"] = frame["n_satisfied"] / n.where(n > 0)
    return frame


def _table(frame: pd.DataFrame, terms: Terms) -> Satisfaction:
    frame["n_satisfied"] = frame["n_satisfied"].astype("Int64")
    if "role" in terms.by:
        frame["role"] = frame["role"].replace({role.id: role.title for role in terms.roles})
    english = {role.title: role.title_en for role in terms.roles}
    english |= {level.label: level.label_en for level in terms.scale.levels}
    return Satisfaction(
        frame=frame,
        by=terms.by,
        bar=terms.bar,
        alpha=ALPHA,
        level=None,
        method="exact",
        min_cell=terms.min_cell,
        satisfied_labels=tuple(rung.label for rung in terms.scale.satisfied_levels),
        english={name: text for name, text in english.items() if text},
    )


def _of_known_size(
    frame: pd.DataFrame,
    cells: pd.DataFrame | None,
    units: list[str],
    bar: str,
    unsplit: Collection[str],
    looks: Looks | None,
    explained: bool,
) -> Estimates:
    """Estimate units whose people are known; `cells` are the strata that they consist of."""
    x, n, N = (_whole(frame[name]) for name in ("n_satisfied", "n_valid", "population"))
    even = nonresponse.break_even(x, n, N, bar=bar)
    made = pd.DataFrame(
        {
            "rate": frame["share_of_answers"].to_numpy(),
            "estimator": "hypergeometric",
            "bound_low": nonresponse.bounds(x, n, N)[0],
            "bound_high": nonresponse.bounds(x, n, N)[1],
            "break_even": even.share,
            "break_even_gap": even.gap,
            "response_rate": nonresponse.response_rate(n, N),
        },
        index=frame.index,
    )
    K0 = np.atleast_1d(verdicts.bar_count(N, bar))
    alpha, parts = ALPHA if looks is None else looks.alpha, None
    if cells is None:
        parts = x[:, None], n[:, None], N[:, None]
        made["reason"] = explain(x, n, N, bar=bar, alpha=alpha) if explained else ""
        found = bounds.whole(x, n, N, bar=bar, alpha=alpha)
    elif "branch" in units and "role" not in units:
        # beside its parents a branch is the same unit as without them
        parts = _strata_and_rest(frame, cells)
        found = _by_strata(made, frame, parts, bar, unsplit, alpha, explained)
    else:
        found = _by_poststrata(made, frame, cells, units, bar)
        # whom the answers show to be satisfied, or not, is certain
        lower, upper = (np.clip(end, x, N - n + x) for end in (found.lower, found.upper))
        found = found._replace(lower=lower, upper=upper)
        people = np.maximum(N, 1)
        made["rate"] = made["rate"].clip(lower / people, upper / people)
    if looks is not None:
        found = looks.tighten(found, frame, bar, is_one_sample=cells is None)
    decided = bounds.verdict(found, n, K0)
    size = np.maximum(N, 1)
    made["lower"] = np.where(N > 0, found.lower / size, 0.0)
    made["upper"] = np.where(N > 0, found.upper / size, 1.0)
    made["p_meets"], made["p_below"], made["verdict"] = found.p_meets, found.p_below, decided
    if not explained:
        return made.drop(columns="reason")
    made["tipping_odds"] = _tipping(made, parts, bar, alpha) if parts else np.nan
    if cells is not None:
        near = np.maximum(1, np.floor(NEAR * N))
        is_near = (found.lower >= K0 - near) & (found.upper <= K0 + near)
        made["reason"] = made["reason"].where(
            made["reason"] != "", np.where(is_near, "near_bar", "needs_more_answers")
        )
    made["reason"] = made["reason"].where(decided == "inconclusive", "")
    return made


def _by_strata(
    made: Estimates,
    frame: pd.DataFrame,
    parts: Strata,
    bar: str,
    unsplit: Collection[str],
    alpha: float | Fraction,
    explained: bool,
) -> bounds.Bounds:
    """Judge branches over their roles, by the total alone where these are not told."""
    x, n, N = parts
    total, answers = _whole(frame["n_satisfied"]), _whole(frame["n_valid"])
    unknown = answers - n.sum(axis=1)
    by_total = frame["branch"].isin(list(unsplit)).to_numpy() | (unknown > 0)
    told = n, N, unknown

    def judged(x: Integers, total: Integers, rows: Integers) -> bounds.Bounds:
        """Judge branches had so many been satisfied."""
        found = bounds.stratified(x[rows], n[rows], N[rows], bar=bar, alpha=alpha)
        here = np.flatnonzero(by_total[rows])
        if len(here):
            some = rows[here]
            part = bounds.total_only(total[some], *(t[some] for t in told), bar=bar, alpha=alpha)
            for values, of_total in zip(found, part, strict=True):
                values[here] = of_total
        return found

    found = judged(x, total, np.arange(len(x)))
    made["estimator"] = np.where(by_total, "total_only", "stratified")
    with np.errstate(invalid="ignore", divide="ignore"):
        people = np.where(n > 0, N, 0)
        weighted = np.sum(np.where(n > 0, people * (x / n), 0.0), axis=1) / people.sum(axis=1)
    made["rate"] = made["rate"].where(by_total, weighted)
    made["reason"] = ""
    if not explained:
        return found
    K0 = np.atleast_1d(verdicts.bar_count(N.sum(axis=1), bar))
    # only of undecided branches it is asked whether they could have passed at all
    open_ = np.flatnonzero(bounds.verdict(found, answers, K0) == "inconclusive")
    best = bounds.verdict(judged(n, answers, open_), answers[open_], K0[open_])
    reason = np.full(len(x), "", dtype="<U18")
    reason[open_[best != "meets"]] = "cannot_pass"
    made["reason"] = reason
    return found


def _tipping(
    made: Estimates, parts: Strata, bar: str, alpha: float | Fraction
) -> NDArray[np.float64]:
    """Say at which odds ratio of answering the exact verdicts stop to stand."""
    exact = (made["estimator"] != "total_only").to_numpy() & ((parts[2] > 0).sum(axis=1) <= 2)
    order = np.argsort(parts[2] == 0, axis=1, kind="stable")[exact, :2]
    x, n, N = (np.take_along_axis(count[exact], order, axis=1) for count in parts)
    odds = np.full(len(made), np.nan)
    odds[exact] = tipping_odds(x, n, N, made["verdict"].to_numpy()[exact], bar=bar, alpha=alpha)
    return odds


def _by_poststrata(
    made: Estimates, frame: pd.DataFrame, cells: pd.DataFrame, units: list[str], bar: str
) -> bounds.Bounds:
    """Judge everyone, or roles, from cells of known size."""
    place = np.zeros(len(cells), dtype=np.intp)
    if units:
        names = pd.MultiIndex.from_frame(frame[units])
        place = names.get_indexer(pd.MultiIndex.from_frame(cells[units]))
    parts = poststratified(cells, place, frame["population"].tolist(), bar=bar, alpha=ALPHA)
    made["rate"] = [part.rate for part in parts]
    made["estimator"] = [part.estimator for part in parts]
    made["reason"] = ""
    ends = ([getattr(part, name) for part in parts] for name in bounds.Bounds._fields)
    return bounds.Bounds(*(np.array(values) for values in ends))


def _of_unknown_size(frame: pd.DataFrame, bar: str) -> Estimates:
    """Estimate units of which nobody knows how many people they have."""
    x, n = (_whole(frame[name]) for name in ("n_satisfied", "n_valid"))
    low, high = intervals.binomial_interval(x, n, level=1 - 2 * ALPHA, method="clopper-pearson")
    judged = verdicts.judge_binomial(x, n, bar=bar, alpha=ALPHA)
    return pd.DataFrame(
        {
            "rate": frame["share_of_answers"].to_numpy(),
            "estimator": "binomial",
            "lower": low,
            "upper": high,
            "verdict": judged.verdict,
            "p_meets": judged.p_meets,
            "p_below": judged.p_below,
        },
        index=frame.index,
    )


def _weighted_share(frame: pd.DataFrame, level: float) -> WeightedShare:
    names = [f"{kind}_{whom}" for kind in ("weight", "squares") for whom in ("sum", "satisfied")]
    return weighted_share(*(frame[name].to_numpy() for name in ["n_valid", *names]), level=level)


def _weighted(frame: pd.DataFrame, bar: str) -> Estimates:
    """Estimate units from weighted answers: by the effective number of answers, approximately."""
    n = frame["n_valid"].to_numpy()
    rate, low, high = _weighted_share(frame, 1 - 2 * ALPHA)
    size = frame["population"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    goal = float(exact_share("bar", bar))
    decided = np.where(low >= goal, "meets", np.where(high < goal, "below", "inconclusive"))
    return pd.DataFrame(
        {
            "rate": rate,
            "estimator": "weighted",
            "lower": low,
            "upper": high,
            "verdict": decided,
            "p_meets": np.nan,
            "p_below": np.nan,
            "response_rate": n / size,
        },
        index=frame.index,
    )


def _interval(frame: pd.DataFrame, level: float, method: Method) -> NDArray[np.float64]:
    """Give two-sided intervals of the answers taken as one random sample, for whoever asks."""
    if "weight_sum" in frame:
        return np.column_stack(_weighted_share(frame, level)[1:])
    sized = frame["population"].notna().to_numpy()
    x, n = (_whole(frame[name]) for name in ("n_satisfied", "n_valid"))
    ends = np.column_stack(intervals.binomial_interval(x, n, level=level, method="clopper-pearson"))
    known = intervals.finite_population_interval(
        x[sized], n[sized], _whole(frame.loc[sized, "population"]), level=level, method=method
    )
    ends[sized] = np.column_stack([known.low, known.high])
    return ends


def _joint(
    frame: pd.DataFrame, judged: NDArray[np.str_], hidden: NDArray[np.bool_]
) -> pd.Series[str]:
    """Say of each unit whether each group meets the bar too, or one is below it.

    A group without people plays no part, nor does any where the roles are not told.
    """
    whole = frame["verdict"].to_numpy()
    each = ((judged == "meets") | (judged == "")).all(axis=1)
    one_below = (judged == "below").any(axis=1)
    joint = np.where((whole == "meets") & each, "meets_each", whole).astype("<U12")
    joint[(whole == "meets") & one_below] = "one_below"
    joint[hidden] = "withheld"
    return pd.Series(joint, index=frame.index)


def _of_roles(
    frame: pd.DataFrame, cells: pd.DataFrame, bar: str, unsplit: Collection[str]
) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    """Judge the roles of every branch; say of which branches they are not told."""
    x, n, N = _strata(frame, cells)
    judged = verdicts.judge(x, n, N, bar=bar, alpha=ALPHA).verdict
    return np.where(N > 0, judged, ""), frame["branch"].isin(list(unsplit)).to_numpy()


def _strata(frame: pd.DataFrame, cells: pd.DataFrame) -> Strata:
    """Lay the cells of branches out as arrays of shape (n_branches, n_roles)."""
    row = pd.Index(frame["branch"]).get_indexer(cells["branch"])
    role, roles = pd.factorize(cells["role"], sort=True)
    known = (row >= 0) & (role >= 0)
    counts = np.zeros((3, len(frame), len(roles)), dtype=np.int64)
    held = cells.loc[known, ["n_satisfied", "n_valid", "population"]]
    counts[:, row[known], role[known]] = held.fillna(0).to_numpy(dtype=np.int64).T
    return counts[0], counts[1], counts[2]


def _strata_and_rest(frame: pd.DataFrame, cells: pd.DataFrame) -> Strata:
    """Add a stratum that nobody answered for: who is on the roster without a role."""
    x, n, N = _strata(frame, cells)
    rest = _whole(frame["population"]) - N.sum(axis=1)
    return np.pad(x, ((0, 0), (0, 1))), np.pad(n, ((0, 0), (0, 1))), np.column_stack([N, rest])


def _whole(column: pd.Series[Any]) -> Integers:
    return column.to_numpy(dtype=np.int64)
