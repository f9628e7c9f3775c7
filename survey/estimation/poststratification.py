"""A rate of many people from cells of known size that answered at different rates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.proportions import bounds
from analysis.proportions.verdicts import bar_count
from analysis.weights.weighting import stratified_proportion

Integers = NDArray[np.int64]
ROUNDING = 1e-6
LEAST = 2
"""Answers that a stratum needs to have a variance of its own."""


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
    cells: pd.DataFrame, population: int, *, bar: str, alpha: float
) -> Poststratified:
    """Estimate the rate of a unit from its cells, each bound with the error `alpha`.

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
    >>> made = poststratified(cells, 190, bar="0.9", alpha=0.05)
    >>> round(made.rate, 3), made.lower, made.upper, made.verdict
    (0.632, 97, 141, 'below')
    >>> silent = pd.DataFrame({"n_satisfied": 0, "n_valid": 0, "population": 800, "role": "b"}, [0])
    >>> made = poststratified(
    ...     pd.concat([cells.assign(role="a"), silent]), 990, bar="0.9", alpha=0.05
    ... )
    >>> round(made.rate, 3), made.lower, made.upper, made.verdict
    (0.632, 97, 941, 'inconclusive')
    """
    x, n, N = _collapsed(cells)
    if len(N) == 0 or n.sum() == 0:
        return Poststratified(np.nan, 0, population, 1.0, 1.0, "inconclusive", "poststratified")
    rate = float(np.sum(N[n > 0] * (x[n > 0] / n[n > 0])) / N[n > 0].sum())
    outside = population - int(N.sum())
    if len(N) <= 2 and not outside:
        made = bounds.stratified(x[None], n[None], N[None], bar=bar, alpha=alpha)
        name = "stratified" if len(N) == 2 else "hypergeometric"
    else:
        estimate = stratified_proportion(x, n, N, level=1 - 2 * alpha)
        # of a stratum that answered alike the variance is 0, however few of its people answered
        alone, told = bounds.whole(x, n, N, bar=bar, alpha=alpha), N * (x / n)
        total = told.sum()
        low = min(float(estimate.low) * N.sum(), total - np.max(told - alone.lower))
        high = max(float(estimate.high) * N.sum(), total + np.max(alone.upper - told))
        ends = np.floor(low + ROUNDING), np.ceil(high - ROUNDING) + outside
        lower, upper = (np.array([int(end)]) for end in ends)
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


def _collapsed(cells: pd.DataFrame) -> tuple[Integers, Integers, Integers]:
    """Join cells of too few answers; one row of counts a stratum, without whom none can tell of."""
    cells = cells[cells["population"] > 0]
    names = ["n_satisfied", "n_valid", "population"]
    groups = [own for _, own in cells.groupby("role", sort=False)] if "role" in cells else [cells]
    strata: list[Integers] = []
    lone = np.zeros(3, dtype=np.int64)
    for own in groups:
        counts = own[names].to_numpy(dtype=np.int64)
        counts = counts[np.argsort(-counts[:, 1], kind="stable")]
        few = counts[:, 1] < LEAST
        joined, counts = counts[few].sum(axis=0), counts[~few]
        if joined[1] >= LEAST or (len(groups) == 1 and not len(counts)):
            strata.append(joined)
        elif len(counts):
            counts[0] += joined
        else:
            # who answered is known, the others of the role are not
            lone += joined[[0, 1, 1]]
        strata += list(counts)
    if lone[1]:
        if not strata:
            strata.append(np.zeros(3, dtype=np.int64))
        strata[int(np.argmax([stratum[1] for stratum in strata]))] += lone
    x, n, N = np.array(strata, dtype=np.int64).reshape(-1, 3).T
    return x, n, N
