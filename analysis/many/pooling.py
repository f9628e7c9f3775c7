"""Many branches at once: what they have in common, and what it says about each.

A branch with few answers leans on the others (empirical Bayes); the people who did not answer are
predicted, those who did are known. How the branches are spread is itself uncertain: it is estimated
anew for every draw of branches (Bayesian bootstrap), beside some that are supposed about the bar
(`analysis.many.mixture.sceptical`), so that few branches say less.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from analysis.counts.checks import Integers, check_counts, exact_share
from analysis.many.mixture import Mixture, Tables, fit_mixture, sceptical
from analysis.proportions.verdicts import bar_count

Floats = NDArray[np.float64]
Counts = NDArray[np.int32]

SIGN_RATE = 0.05
"""Greatest chance of error of each branch that is put on a side of the bar."""
REDRAWN = 40, 4, 20_000
"""Estimates of the spread, each from another draw of the branches: so many, but with many branches
fewer, down to the second, the third divided by the number of branches. Of the variance of a branch
they make up 5-8 % with 100 branches, 1-2 % with 500 and .3 % with 8,000."""
_AT_ONCE = 1_000  # branches whose draws are made or sorted together


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
    ``tests/simulations/many_branches.py`` (two roles, whose error in a branch is .5; rates beta
    distributed, of two kinds, or all within .02 of the bar; 2,000 surveys each). Of 12 branches
    .011, .007 and .016 of those on a side are on the wrong one (standard error .002), rank
    intervals cover .974, .974 and .971 (.001); where P(meets) is .92 on average, .936, .928 and
    .876 meet the bar (.005). Of 40 .012, .008 and .012 are on the wrong side, ranks cover .963,
    .960 and .954; where it is .92, .92 and .91, .932, .929 and .892 do (.003).

    Near the bar P(meets) is too high by .035, without the supposed branches by .045. A dozen
    branches about .90 can hardly be told from a dozen about .93, and those whose answers chance
    favoured look like the latter: a full Bayesian model of the right form, with a flat prior, says
    .92 where .86 do. Twice as many supposed branches would give .03, and .02 too low where rates
    are .93; .41 in place of .44 of these would be put on a side.

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
    (['meets', 'inconclusive', 'below', 'meets'], 4.0)
    """
    if not 0 < level < 1:
        raise ValueError(f"level={level} must lie between 0 and 1")
    x, n, N = check_counts(n_satisfied, n_valid, population)
    people = N.sum(axis=1)
    if not people.all():
        raise ValueError(f"unit {int(np.flatnonzero(people == 0)[0])} has no people to rank")
    # draws follow the counts, in whatever order branches and roles are given
    roles = np.lexsort([x.sum(axis=0), N.sum(axis=0), -n.sum(axis=0)])
    told = np.hstack([part[:, roles] for part in (x, n, N)])
    alike, kind, times = np.unique(told, axis=0, return_inverse=True, return_counts=True)
    kind, start = kind.reshape(-1), np.cumsum(times) - times
    x, n, N = np.hsplit(np.repeat(alike, times, axis=0), 3)
    people = N.sum(axis=1)
    fit = fit_mixture(x, n, N)
    supposed = sceptical(len(x), float(exact_share("bar", bar)))
    drawn, order = _draws(fit, x, n, N, supposed, n_draws, np.random.default_rng(seed))
    people, back = people[order], np.argsort(order)

    def mean_of(values: Floats) -> Floats:
        """Give those of the same counts what they have on average, in the order given."""
        return np.asarray((np.add.reduceat(values[back], start) / times)[kind])

    p_meets = mean_of(np.mean(drawn >= np.atleast_1d(bar_count(people, bar)), axis=0))
    side = np.full(len(x), "inconclusive", dtype="<U12")
    side[p_meets >= 1 - SIGN_RATE] = "meets"
    side[p_meets <= SIGN_RATE] = "below"
    tails = (1 - level) / 2, (1 + level) / 2
    ranks = _ranks(drawn, people)
    low, high = _quantiles(drawn, tails) / people
    rank_low, rank_high = (_quantiles(ranks, tails) + 1) / 2
    middle = expit(fit.tables.log_odds(fit.alike.kind)).mean(axis=(0, 1, 3))
    mean = float(fit.weights @ middle)
    spread = float(np.sqrt(fit.weights @ (middle - mean) ** 2))
    low, rank_low = (np.minimum.reduceat(ends[back], start)[kind] for ends in (low, rank_low))
    high, rank_high = (np.maximum.reduceat(ends[back], start)[kind] for ends in (high, rank_high))
    return Pooled(
        mean_of(drawn.mean(axis=0) / people),
        low,
        high,
        p_meets,
        side,
        mean_of((ranks.mean(axis=0) + 1) / 2),
        rank_low,
        rank_high,
        mean,
        spread,
        fit.slope,
    )


def _draws(
    fit: Mixture,
    x: Integers,
    n: Integers,
    N: Integers,
    supposed: Floats,
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[Counts, Integers]:
    """Draw K of all branches, (n_draws, n_units), from estimates of the spread drawn anew.

    They are in an order of their own, which is given too: to move the draws would take a while.
    """
    units = len(x)
    usual, least, enough = REDRAWN
    redrawn = min(usual, max(least, enough // units))
    counts = units * rng.dirichlet(np.ones(units), size=redrawn)
    outcomes = np.prod(N - n + 1.0, axis=1)
    order = np.argsort(outcomes, kind="stable")
    silent, kind = (N - n)[order], fit.alike.kind[order]
    # all outcomes are gone through where they are no more than the draws
    few = int(np.count_nonzero(outcomes <= n_draws / redrawn))
    ends = sorted({*range(0, units, _AT_ONCE), few, units})
    drawn = np.empty((n_draws, units), dtype=np.int32)
    for (posterior, tables), block in zip(
        fit.redrawn(x, n, counts, supposed), np.array_split(drawn, redrawn), strict=True
    ):
        for low, high in pairwise(ends):
            own = kind[low:high], silent[low:high]
            if low < few:
                chances = _totals(posterior[own[0]], tables, *own)
                block[:, low:high] = _choose(chances, len(block), rng)
            else:
                place = _choose(posterior[own[0]], len(block), rng)
                block[:, low:high] = _satisfied(place, tables, *own, rng)
    drawn += x.sum(axis=1, dtype=np.int32)[order]
    return drawn, order


def _totals(posterior: Floats, tables: Tables, kind: Integers, silent: Integers) -> Floats:
    """Give the chances that 0, 1, … of the silent of each branch are satisfied, (n_units, k)."""
    parts = [tables.outcomes(kind, role, silent[:, role]) for role in range(silent.shape[1])]
    *others, last = sorted(parts, key=lambda part: part.shape[2])
    at_place = posterior[:, :, None]
    for part in others:
        before, most = at_place, part.shape[2]
        at_place = np.zeros((*posterior.shape, before.shape[2] + most - 1))
        for some in range(before.shape[2]):
            at_place[:, :, some : some + most] += before[:, :, some, None] * part
    joint = at_place.swapaxes(1, 2) @ last
    chances = np.zeros((len(joint), joint.shape[1] + joint.shape[2] - 1))
    for some in range(joint.shape[1]):
        chances[:, some : some + joint.shape[2]] += joint[:, some]
    return chances


def _satisfied(
    place: NDArray[np.unsignedinteger],
    tables: Tables,
    kind: Integers,
    silent: Integers,
    rng: np.random.Generator,
) -> Counts:
    """Draw how many of the silent are satisfied, (n_draws, n_units), at these places of theta."""
    total, unit = np.zeros(place.shape, dtype=np.int32), np.arange(len(kind))
    for role in range(silent.shape[1]):
        errors = tables.errors(kind, role)[unit, place]
        error = _choose(errors.reshape(-1, errors.shape[2]), 1, rng)[0].reshape(place.shape)
        odds = tables.log_odds(kind)[unit if len(tables.odds) > 1 else 0, role, place, error]
        total += rng.binomial(silent[:, role], expit(odds))
    return total


def _choose(weights: Floats, times: int, rng: np.random.Generator) -> NDArray[np.unsignedinteger]:
    """Draw a column of each row in proportion to its weights, (times, n_rows)."""
    steps = np.cumsum(weights, axis=1, dtype=np.float32).T
    cut = rng.random((times, len(weights)), dtype=np.float32) * steps[-1]
    chosen = np.zeros(cut.shape, dtype=np.min_scalar_type(len(steps)))
    for step in steps[:-1].copy():
        chosen += cut > step
    return chosen


def _ranks(drawn: Counts, people: Integers) -> Counts:
    """Rank K / N in every draw, the greatest first: twice the rank, less one, as a whole number."""
    least = drawn.min(axis=0)
    widths = drawn.max(axis=0) - least + 1
    start = np.cumsum(widths) - widths
    satisfied = np.arange(widths.sum()) - np.repeat(start - least, widths)
    rates, place = np.unique(-satisfied / np.repeat(people, widths), return_inverse=True)
    ranks = np.empty_like(drawn)
    first = start - least
    for one, row in zip(drawn, ranks, strict=True):
        rate = place.take(one + first)
        alike = np.bincount(rate, minlength=len(rates))
        row[:] = (2 * np.cumsum(alike) - alike)[rate]
    return ranks


def _quantiles(values: Counts, shares: tuple[float, ...]) -> Floats:
    """Give the least values that such shares of the rows do not exceed, (n_shares, n_columns)."""
    rows = [max(0, math.ceil(round(share * len(values), 6)) - 1) for share in shares]
    parts = np.array_split(values, 1 + values.shape[1] // _AT_ONCE, axis=1)
    # whole numbers of two bytes are sorted by their digits, in half the time
    is_short = values.max(initial=0) < 2**16
    columns = [part.T.astype(np.uint16 if is_short else np.int32, order="C") for part in parts]
    for column in columns:
        column.sort(axis=1, kind="stable" if is_short else None)
    return np.concatenate([column.T[rows] for column in columns], axis=1) * 1.0
