"""Many branches at once: what they have in common, and what it says about each.

A branch with few answers leans on the others (empirical Bayes); the people who did not answer are
predicted, those who did are known. How the branches are spread is itself uncertain: it is estimated
anew for every draw of branches (Bayesian bootstrap), so that few branches say less.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import Integers, check_counts
from analysis.many.mixture import Mixture, fit_mixture
from analysis.proportions.verdicts import bar_count

Floats = NDArray[np.float64]

SIGN_RATE = 0.05
"""Greatest chance of error of each branch that is put on a side of the bar."""
REDRAWN = 40
"""Estimates of the spread, each from another draw of the branches."""
_UNEVEN = 0.25
"""Parameter of the Dirichlet draws of the branches: lower than 1, as what the tails of a
distribution are like is less known than a bootstrap says; set by simulation at 12 branches."""


class Pooled(NamedTuple):
    """What is expected of all people of each branch; arrays of shape (n_units,)."""

    rate: Floats
    """Mean of K / N, the shrunken rate."""
    low: Floats
    """Lower end of the interval of K / N."""
    high: Floats
    """Upper end."""
    p_meets: Floats
    """P(K / N >= bar)."""
    side: NDArray[np.str_]
    """``"meets"`` or ``"below"`` where the other has a chance of at most 5 % (the local false sign
    rate), else ``"inconclusive"``."""
    rank: Floats
    """Mean rank by K / N, 1 the best; equal rates share the mean of their places."""
    rank_low: Floats
    """Lower (better) end of the interval of the rank."""
    rank_high: Floats
    """Upper (worse) end."""
    mean: float
    """Mean rate of the branches."""
    spread: float
    """Standard deviation of the branches' expected rates, beyond chance."""
    slope: float
    """Log odds for a branch e times as large; 0 where size tells nothing."""


def compare(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    level: float = 0.95,
    n_draws: int = 2000,
    seed: int = 0,
) -> Pooled:
    """Predict, judge and rank many branches under one model.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int, shape (n_units, n_roles)
        x, n and N of each role in each branch, a last column for people of no known role; one
        column where nothing is told of roles. At least two branches, each with people.
    bar
        Share that K / N has to reach, compared exactly as written.
    level
        Probability of the intervals, in (0, 1).
    n_draws
        Draws of all branches' K.
    seed
        Seed of the draws; equal seeds give equal results.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        If counts are impossible, a branch has no people, or `level` is outside (0, 1).

    Notes
    -----
    The side is a statement about each branch among many, not the official verdict: of those put on
    a side at most 5 % are expected to lie on the other. Measured in
    ``tests/simulations/many_branches.py`` (500 surveys each of 12 branches of two roles, beta
    distributed, of two kinds, and all within .02 of the bar): .012, .010 and .014 of those on a
    side are on the wrong one (standard error .002-.003), rank intervals cover .970-.974; where
    P(meets) is .92 on average .916 (.007), .910 (.008) and .860 (.011) meet the bar, where it is
    .57, .596, .588 and .539. That it is too high where all are near the bar is little of the
    model: branches that just miss it and are called likely to meet it are those that chance
    favoured. One that knew their rates to be equal and the roles' shift said .91 where .887 did. Of
    40 with beta rates .015 (.002) are on the wrong side, ranks cover .960, .92 is .922 (.007).

    References
    ----------
    Stephens, M. (2017). False discovery rates: a new deal. Biostatistics 18, 275. Rubin, D. B.
    (1981). The Bayesian bootstrap. Annals of Statistics 9, 130. Goldstein, H. and Spiegelhalter,
    D. J. (1996). League tables and their limitations. JRSS A 159, 385, section 5.

    Examples
    --------
    >>> x, n = np.array([[20], [19], [12], [20]]), np.full((4, 1), 20)
    >>> pooled = compare(x, n, n + 5)
    >>> pooled.side.tolist(), float(pooled.rank_low[2])
    (['meets', 'meets', 'below', 'meets'], 4.0)
    """
    from scipy.stats import rankdata

    if not 0 < level < 1:
        raise ValueError(f"level={level} must lie between 0 and 1")
    x, n, N = check_counts(n_satisfied, n_valid, population)
    people = N.sum(axis=1)
    if not people.all():
        raise ValueError(f"unit {int(np.flatnonzero(people == 0)[0])} has no people to rank")
    fit = fit_mixture(x, n, N)
    rates = _draws(fit, x, n, N, n_draws, np.random.default_rng(seed)) / people
    p_meets = np.mean(np.rint(rates * people) >= np.atleast_1d(bar_count(people, bar)), axis=0)
    side = np.full(len(x), "inconclusive", dtype="<U12")
    side[p_meets >= 1 - SIGN_RATE] = "meets"
    side[p_meets <= SIGN_RATE] = "below"
    ranks = rankdata(-rates, axis=1)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(rates, tails, axis=0, method="inverted_cdf")
    rank_low, rank_high = np.quantile(ranks, tails, axis=0, method="inverted_cdf")
    middle = fit.tables.chances.mean(axis=(0, 1, 3))
    mean = float(fit.weights @ middle)
    spread = float(np.sqrt(fit.weights @ (middle - mean) ** 2))
    return Pooled(
        rates.mean(axis=0),
        low,
        high,
        p_meets,
        side,
        ranks.mean(axis=0),
        rank_low,
        rank_high,
        mean,
        spread,
        fit.slope,
    )


def _draws(
    fit: Mixture, x: Integers, n: Integers, N: Integers, n_draws: int, rng: np.random.Generator
) -> Floats:
    """Draw K of all branches, (n_draws, n_units), from estimates of the spread drawn anew."""
    units, roles = x.shape
    counts = rng.gamma(_UNEVEN, size=(REDRAWN, units))
    counts *= units / counts.sum(axis=1, keepdims=True)
    drawn = np.empty((n_draws, units))
    here = np.arange(units)
    for (weights, tables), block in zip(
        fit.redrawn(x, n, N, counts), np.array_split(drawn, REDRAWN), strict=True
    ):
        place = _choose(weights * tables.likelihood, len(block), rng)
        block[:] = x.sum(axis=1)
        for role in range(roles):
            table = tables.points[here, role, place]
            node = _choose(table.reshape(-1, table.shape[2]), 1, rng)[0].reshape(place.shape)
            chance = tables.chances[here, role, place, node]
            block += rng.binomial(N[:, role] - n[:, role], chance)
    return drawn


def _choose(weights: Floats, times: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw a column of each row in proportion to its weights, (times, n_rows)."""
    if weights.shape[1] == 1:
        return np.zeros((times, len(weights)), dtype=np.int64)
    steps = np.cumsum(weights, axis=1)
    cut = rng.random((times, len(weights), 1)) * steps[:, -1:]
    return np.asarray(np.sum(steps[:, :-1] < cut, axis=2))
