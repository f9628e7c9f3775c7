"""A rate of many people from cells of known size that answered at different rates.

What is published of it must tell nothing of cells that are not: weighted by N / n of every cell,
each of them is an equation more about whole numbers, beside the totals of branches and roles. So in
a report `filled` first puts in place of such cells what these totals say of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import distinct
from analysis.proportions import bounds
from analysis.proportions.verdicts import bar_count
from analysis.weights.calibration import LEAST
from analysis.weights.weighting import stratified_proportion

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
STEPS, FURTHEST = 25, 15.0
"""Newton's steps, and the log odds that stand for none and all of a role."""
ROUNDING = 1e-6
NOBODY, POOL = -1, -2
"""Codes of people without a branch, or of a role whose figures are not told; and of the branches
that are not told."""


class Poststratified(NamedTuple):
    """Rate, bounds and verdict of one unit."""

    rate: float
    """Share satisfied, of the people of the roles that can be estimated; NaN where none can."""
    lower: int
    """Least number satisfied of all people."""
    upper: int
    """Greatest such number."""
    p_meets: float
    """P-value against lying below the bar; NaN where the bounds are approximate."""
    p_below: float
    """P-value against meeting the bar; NaN where the bounds are approximate."""
    verdict: str
    """``"meets"``, ``"below"`` or ``"inconclusive"``."""
    estimator: str
    """``"poststratified"``, ``"stratified"`` or ``"hypergeometric"``."""


def poststratified(
    cells: pd.DataFrame, unit: ArrayLike, population: Sequence[int], *, bar: str, alpha: float
) -> list[Poststratified]:
    """Estimate the rates of units from their cells, each bound with the error `alpha`.

    `unit` is the place of each cell's unit in `population`, -1 for none.

    Cells with fewer than two answers are collapsed into one stratum within their role, together
    with the role's cell of most answers where they still have fewer. Of several roles one with
    fewer than two answers cannot be estimated, and no other role speaks for it: the rate is that of
    the others, and its silent people may all be satisfied or all dissatisfied within the bounds,
    like people of the unit in no cell. One stratum, or two, of everybody are judged exactly
    (`analysis.bounds`). Else the bounds are those of Korn and Graubard (1998) with the
    finite-population correction, widened to whole people, and never narrower than the exact ones of
    any one stratum would be if the others were known: few answers that are alike do not speak for
    many people.

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     {"n_satisfied": [40, 8, 10], "n_valid": [40, 16, 20], "population": [50, 100, 40]}
    ... )
    >>> (made,) = poststratified(cells, [0, 0, 0], [190], bar="0.9", alpha=0.05)
    >>> round(made.rate, 3), made.lower, made.upper, made.verdict
    (0.632, 97, 141, 'below')
    >>> silent = pd.DataFrame({"n_satisfied": 0, "n_valid": 0, "population": 800, "role": "b"}, [0])
    >>> cells = pd.concat([cells.assign(role="a"), silent])
    >>> (made,) = poststratified(cells, [0, 0, 0, 0], [990], bar="0.9", alpha=0.05)
    >>> round(made.rate, 3), made.lower, made.upper, made.verdict
    (0.632, 97, 941, 'inconclusive')
    """
    place, n_units = np.asarray(unit, dtype=np.intp), len(population)
    x, n, N, of = _collapsed(cells, place, n_units)
    # what a model gives of unanimous answers is a rounding error off: no bound is that sure
    x = np.where(np.abs(x - np.rint(x)) < ROUNDING, np.rint(x), x)
    # of a stratum that answered alike the variance is 0, however few of its people answered
    alone = bounds.whole(np.clip(np.rint(x), 0, n), n, N, bar=bar, alpha=alpha)
    moved = [
        np.bincount(place[place >= 0], cells.loc[place >= 0, name], n_units).tolist()
        if name in cells
        else [0.0] * n_units
        for name in ("fewer", "more")
    ]
    starts = np.searchsorted(of, np.arange(n_units))
    strata = np.split(np.array([x, n, N, *alone[:2]]), starts, axis=1)[1:]
    return [
        _of_strata(part, *known, bar=bar, alpha=alpha)
        for part, *known in zip(strata, population, *moved, strict=True)
    ]


def _of_strata(
    strata: Floats, population: int, fewer: float, more: float, *, bar: str, alpha: float
) -> Poststratified:
    """Estimate one unit from its strata, of which each has bounds of its own."""
    x, n, N, least, most = strata
    if n.sum() == 0:
        return Poststratified(np.nan, 0, population, 1.0, 1.0, "inconclusive", "poststratified")
    weight = np.divide(N, n, out=np.zeros(len(n)), where=n > 0)
    told, counts = weight * x, np.rint(x)
    rate = float(told.sum() / N[n > 0].sum())
    outside = population - int(N.sum())
    is_exact = fewer + more == 0 and np.allclose(x, counts, rtol=0, atol=ROUNDING)
    if len(N) <= 2 and not outside and is_exact:
        made = bounds.stratified(counts[None], n[None], N[None], bar=bar, alpha=alpha)
        name = "stratified" if len(N) == 2 else "hypergeometric"
    else:
        # as expected by a model, a few more than all may be satisfied
        inside = np.clip(x, 0, n)
        estimate = stratified_proportion(inside, n, N, level=1 - 2 * alpha)
        total = told.sum()
        beyond = float(weight @ (x - inside))
        low, high = (float(end) * N.sum() + beyond for end in (estimate.low, estimate.high))
        low = min(low, total - np.max(weight * counts - least)) - fewer
        high = max(high, total + np.max(most - weight * counts)) + more
        ends = np.floor(low + ROUNDING), np.ceil(high - ROUNDING) + outside
        lower, upper = (np.array([int(end)]) for end in np.clip(ends, 0, population))
        made = bounds.Bounds(lower, upper, np.array([np.nan]), np.array([np.nan]))
        name = "poststratified"
    decided = bounds.verdict(made, [int(n.sum())], np.atleast_1d(bar_count(population, bar)))
    return Poststratified(
        rate,
        int(made.lower[0]),
        int(made.upper[0]),
        float(made.p_meets[0]),
        float(made.p_below[0]),
        str(decided[0]),
        name,
    )


def _collapsed(
    cells: pd.DataFrame, unit: Integers, n_units: int
) -> tuple[Floats, Floats, Floats, Integers]:
    """Join cells of too few answers; counts of strata and their unit, without whom none tells of.

    Strata are in the order of the units, whose roles are in the order of their names.
    """
    names = ["n_satisfied", "n_valid", "population"]
    counts = cells[names].to_numpy(dtype=float, na_value=np.nan)
    role = (
        pd.factorize(cells["role"], sort=True)[0] if "role" in cells else np.zeros(len(cells), int)
    )
    known = (unit >= 0) & (role >= 0) & (counts[:, 2] > 0)
    counts, unit, role = counts[known], unit[known], role[known]
    few = counts[:, 1] < LEAST
    # whatever the order that cells are given in: the few of each role, then the others
    order = np.lexsort((counts[:, 0], -counts[:, 2], -counts[:, 1], ~few, role, unit))
    counts, unit, role, few = counts[order], unit[order], role[order], few[order]
    first = (np.diff(unit, prepend=-1) != 0) | (np.diff(role, prepend=-1) != 0)
    group = np.cumsum(first) - 1
    of = unit[first]
    answers = np.bincount(group, counts[:, 1] * few)
    has_others = np.bincount(group, ~few) > 0
    is_only = np.bincount(of, minlength=n_units)[of] == 1
    # the few of a role are a stratum, join the first of the others, or are known by answers alone
    apart = (answers >= LEAST) | (is_only & ~has_others)
    begins = first | ~(few | (np.append(False, few[:-1]) & ~apart[group]))
    strata = np.add.reduceat(counts, np.flatnonzero(begins)) if len(counts) else counts
    at, of = group[begins], unit[begins]
    is_lone = ~(apart | has_others)[at]
    lone = np.zeros((n_units, 3))
    np.add.at(lone, of[is_lone], strata[is_lone][:, [0, 1, 1]])
    strata, of = strata[~is_lone], of[~is_lone]
    # who answered of these is known, the others of the role are not
    bare = np.setdiff1d(np.arange(n_units), of)
    strata, of = np.vstack([strata, np.zeros((len(bare), 3))]), np.append(of, bare)
    order = np.argsort(of, kind="stable")
    strata, of = strata[order], of[order]
    most = np.lexsort((-strata[:, 1], of))[np.searchsorted(of, np.arange(n_units))]
    strata[most] += lone
    x, n, N = strata.T
    return x, n, N, of


def filled(
    strata: pd.DataFrame,
    cells: pd.DataFrame,
    unit: Sequence[str],
    *,
    unsplit: Collection[str],
    pooled: Collection[str],
    untold: Collection[str] = (),
) -> pd.DataFrame:
    """Put what published totals say in place of satisfied answers that are not told.

    Parameters
    ----------
    strata : DataFrame
        ``branch``, perhaps ``role``, the columns of `unit`, and counts of known people.
    cells : DataFrame
        Counts of all answers, those of people without a branch or role too.
    unit : sequence of str
        Columns beside branch and role of which totals are published.
    unsplit, pooled, untold : collection of str
        Branches whose roles are not told, branches that are not told at all, and roles that are
        known by their sum alone.

    Returns
    -------
    DataFrame
        The strata with the satisfied of such branches as a logit of branch and role without
        interaction expects them. Where no role is told they are shared out as the answers are, and
        ``fewer`` and ``more`` say for how many people fewer and more they would stand with the
        least and the most favourable split, an answer of a role standing for N / n.

    Notes
    -----
    The logit takes of the answers nothing but the totals of branches and of roles, so that a rate
    of everyone, a role or a college is a function of what is published beside it. It is what
    answers say that are calibrated to the sizes of branches and of roles instead of to those of
    their cells (incomplete post-stratification: Bethlehem and Keller 1987).

    Where no role is told, no narrower bounds hold: with half of what the splits add the lower one
    covers .85 where roles differ by 40 points (``tests/simulations/cover_untold.py``).

    References
    ----------
    Bethlehem, J. G. and Keller, W. J. (1987). Linear weighting of sample survey data. Journal of
    Official Statistics 3, 141.

    Examples
    --------
    >>> cells = pd.DataFrame({"branch": [*"aabb"], "role": [*"rsrs"], "n_valid": 4,
    ...     "n_satisfied": [4, 2, 3, 3], "population": [4, 8, 4, 8]})
    >>> made = filled(cells, cells, [], unsplit=["a", "b"], pooled=[])
    >>> made["n_satisfied"].round(6).tolist()
    [3.5, 2.5, 3.5, 2.5]
    >>> made = filled(cells, cells, [], unsplit=["a", "b"], pooled=[], untold=["r", "s"])
    >>> made[["n_satisfied", "fewer", "more"]].iloc[:2].sum().tolist()
    [6.0, 1.0, 1.0]
    """
    hidden = [*unsplit, *pooled]
    # what is shown is known beside the totals: these tell of the rest alone
    cells = cells[cells["branch"].isna() | cells["branch"].isin(hidden)]
    names = [*unit, "branch", *({"role"} & {*strata})]
    both = pd.concat([cells[names], strata[names]])
    rows = _codes(both["branch"], pooled, POOL)
    roles = _codes(both["role"], untold, NOBODY) if "role" in both else np.zeros_like(rows)
    (*own, rows, roles), at = distinct(*(_codes(both[name]) for name in unit), rows, roles)
    given, here = np.split(at, [len(cells)])
    x, n = (
        np.bincount(given, cells[name], len(rows)).astype(float)
        for name in ("n_satisfied", "n_valid")
    )
    there = np.unique(given)
    share = np.zeros(len(rows))
    share[there] = _without_interaction(rows[there], roles[there], x[there], n[there])
    # the totals of units are told, too
    total = distinct(*own, rows).inverse
    rest, answers = (np.bincount(total, part) for part in (x - n * share, n))
    share += (rest / np.maximum(answers, 1.0))[total]
    made = strata.assign(
        n_satisfied=np.where(
            strata["branch"].isin(hidden),
            strata["n_valid"].to_numpy(dtype=float) * share[here],
            strata["n_satisfied"].to_numpy(dtype=float),
        )
    )
    if "role" not in strata or not {*strata["role"]} <= {*untold}:
        return made
    return made.assign(fewer=_moved(made, -1), more=_moved(made, 1))


def split(
    cells: pd.DataFrame,
    unit: str,
    alone: Collection[str],
    unsplit: Collection[str],
    pooled: Collection[str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give units the least, and the most, satisfied answers that published totals allow.

    Parameters
    ----------
    cells : DataFrame
        Counts of all answers.
    unit : str
        Column of the units: ``role``, or what branches lie in.
    alone : collection of str
        Units without figures of their own.
    unsplit, pooled : collection of str
        As for `filled`.

    Examples
    --------
    >>> cells = pd.DataFrame({"branch": "a", "role": [*"rs"], "n_valid": [4, 2],
    ...     "n_satisfied": [3, 1]})
    >>> [end["n_satisfied"].tolist() for end in split(cells, "role", ["r"], ["a"], [])]
    [[2, 1], [4, 1]]
    """
    inner = ["branch", *({"role", unit} & {*cells})]
    made = cells.groupby(inner, dropna=False).sum(numeric_only=True).reset_index()
    branch, n = made["branch"], made["n_valid"]
    unknown = branch.isna() | branch.isin([*pooled])
    least, most = 0 * n, n
    if unit == "role":
        # of the branch's own number the other roles may have all or none
        total, answers = (
            made.groupby("branch")[name].transform("sum") for name in ("n_satisfied", "n_valid")
        )
        least = (total - answers + n).clip(lower=0).mask(unknown, 0).astype("int64")
        most = n.clip(upper=total.mask(unknown, n)).astype("int64")
        unknown |= branch.isin([*unsplit])
    hidden = unknown & made[unit].isin([*alone])
    weights = {"weight", "squares"} & {str(column).partition("_")[0] for column in made}

    def end(satisfied: pd.Series[Any], share: int) -> pd.DataFrame:
        """Give the hidden cells so many satisfied answers."""
        of = {"n_satisfied": satisfied}
        # of weighted answers not even a branch's own number is told
        of |= {f"{name}_satisfied": share * made[f"{name}_sum"] for name in weights}
        return made.assign(**{name: made[name].mask(hidden, bound) for name, bound in of.items()})

    return end(least, 0), end(most, 1)


def _without_interaction(rows: Integers, roles: Integers, x: Floats, n: Floats) -> Floats:
    """Fit the logit of branch and role to the totals of both; give the share of every cell."""
    rows, roles = (np.unique(at, return_inverse=True)[1] for at in (rows, roles))
    a, c = np.zeros(rows.max(initial=-1) + 1), np.zeros(roles.max(initial=-1) + 1)
    cell = rows * len(c) + roles
    for _ in range(STEPS):
        share = special.expit(a[rows] + c[roles])
        table = np.bincount(cell, n * share * (1 - share) + 1e-9, len(a) * len(c))
        table = table.reshape(len(a), len(c))
        of_row, of_role = (np.bincount(at, x - n * share) for at in (rows, roles))
        scaled = table / table.sum(axis=1, keepdims=True)
        matrix = np.diag(table.sum(axis=0)) - table.T @ scaled
        step = np.linalg.lstsq(matrix, of_role - scaled.T @ of_row, rcond=1e-10)[0]
        step = np.clip(c + np.clip(step, -1, 1), -FURTHEST, FURTHEST) - c
        c = c + step
        step = of_row / table.sum(axis=1) - scaled @ step
        a = np.clip(a + np.clip(step, -4, 4), -2 * FURTHEST, 2 * FURTHEST)
    return np.asarray(special.expit(a[rows] + c[roles]))


def _codes(names: pd.Series[Any], joined: Collection[str] = (), code: int = NOBODY) -> Integers:
    """Give names the numbers of their order, and those `joined` one of their own."""
    codes, known = pd.factorize(names, sort=True)
    own = np.where(known.isin([*joined]), code, np.arange(len(known)))
    return np.append(own, NOBODY)[codes]


def _moved(strata: pd.DataFrame, sign: int) -> Floats:
    """Say for how many people more, or fewer, the satisfied would stand with another split."""
    sums = strata.groupby("role")[["n_valid", "population"]].transform("sum").to_numpy(dtype=float)
    weight = np.where(sums[:, 0] < LEAST, 1.0, sums[:, 1] / np.maximum(sums[:, 0], 1.0))
    x, n = (strata[name].to_numpy(dtype=float) for name in ("n_satisfied", "n_valid"))
    row = pd.factorize(strata["branch"])[0]
    order = np.lexsort((-sign * weight, row))
    before = pd.Series(n[order]).groupby(row[order]).cumsum().to_numpy() - n[order]
    taken = np.empty(len(n))
    taken[order] = np.clip(np.bincount(row, x)[row][order] - before, 0, n[order])
    return np.asarray(sign * weight * (taken - x))
