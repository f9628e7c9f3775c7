"""How differently the satisfied and the dissatisfied must answer for a verdict not to stand.

The tests of the verdict take the people who answered for a random sample of their stratum. If the
odds of answering of a satisfied person are psi times those of a dissatisfied one, the satisfied
answers follow Fisher's noncentral hypergeometric distribution; the verdict stands up to the psi at
which its p-value reaches alpha.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import Integers, check_counts
from analysis.proportions.strata import CONFINEMENT
from analysis.proportions.verdicts import bar_count, side_level

Floats = NDArray[np.float64]

LARGEST = 1000.0
"""Odds ratio beyond which a verdict counts as standing whatever the difference."""
HALVINGS = 12


def tipping_odds(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    verdict: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Floats:
    """Find the odds ratio of answering at which the verdict of a unit stops to stand.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int, shape (n_units, 1 or 2)
        Counts of each stratum.
    verdict : array_like of str, shape (n_units,)
        As of `analysis.bounds.whole` for one stratum, of `analysis.bounds.stratified` for two.
    bar, alpha
        As for these.

    Returns
    -------
    ndarray of float, shape (n_units,)
        Odds of answering of the satisfied over those of the dissatisfied: above 1 for ``"meets"``
        (infinite beyond 1000), below 1 for ``"below"`` (0 under 1/1000), NaN for every other.

    Raises
    ------
    ValueError
        If counts are impossible or there are more than two strata.

    Notes
    -----
    The p-value is that of the verdict's own test with the hypergeometric probabilities of each
    stratum tilted by psi^x: the weighted estimate of the strata, the least favourable split of the
    satisfied among those that the answers of each stratum do not contradict at psi. It grows with
    psi, and the root is found by halving on the scale of log(psi).

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. JRSS 98, 39. Rosenbaum, P. R. (2002).
    Observational Studies, 2nd ed., ch. 4 (sensitivity of a test to hidden bias).

    Examples
    --------
    29 of 30 satisfied among 40 pass unless the satisfied have 1.9 times the odds of answering:

    >>> tipping_odds([[29]], [[30]], [[40]], ["meets"]).round(2)
    array([1.9])
    """
    x, n, N = check_counts(n_satisfied, n_valid, population)
    if x.ndim != 2 or not 1 <= x.shape[1] <= 2:
        raise ValueError(f"counts must be units × one or two strata, not {x.shape}")
    x, n, N = (np.pad(counts, ((0, 0), (0, 2 - x.shape[1]))) for counts in (x, n, N))
    said, level = np.asarray(verdict), float(side_level(alpha))
    K0 = np.atleast_1d(bar_count(N.sum(axis=1), bar))
    odds = np.full(len(x), np.nan)
    for unit in np.flatnonzero(said == "meets").tolist():
        odds[unit] = _root(_Test.of(x[unit], n[unit], N[unit], int(K0[unit]) - 1), level)
    for unit in np.flatnonzero(said == "below").tolist():
        total = int(N[unit].sum())
        test = _Test.of(n[unit] - x[unit], n[unit], N[unit], total - int(K0[unit]))
        odds[unit] = 1 / _root(test, level)
    return np.where(odds < 1 / LARGEST, 0.0, odds)


class _Test(NamedTuple):
    """One unit's hypothesis that at most `most` people are satisfied."""

    logs: tuple[Floats, Floats]
    """Log-probabilities of the satisfied answers without bias; a row a K from `first`, an x."""
    first: tuple[int, int]
    x: Integers
    needed: Integers
    """Answers of the second stratum that make the estimate as large as observed, by the first's."""
    most: int
    spent: float
    """Error of leaving out what the answers of a stratum contradict."""

    @classmethod
    def of(cls, x: Integers, n: Integers, N: Integers, most: int) -> _Test:
        # the p-value grows with K: without a second stratum only the greatest matters
        first = (0 if N[1] else min(int(N[0]), most), 0)
        logs = [
            _log_points(np.arange(first[h], min(int(N[h]), most) + 1), int(n[h]), int(N[h]))
            for h in (0, 1)
        ]
        weight = N * np.maximum(n[::-1], 1) if N[1] else np.array([1, 1])
        rest = int(weight @ x) - int(weight[0]) * np.arange(int(n[0]) + 1)
        needed = np.clip(-(-rest // max(int(weight[1]), 1)), 0, int(n[1]) + 1)
        both = ((n > 0) & (n < N)).all()
        spent = float(CONFINEMENT) if both else 0.0
        return cls((logs[0], logs[1]), first, x, needed, most, spent)

    def p_value(self, log_odds: float) -> float:
        points = [_tilted(table, log_odds) for table in self.logs]
        # P(X >= 0, 1, …) of each K, with a last column of 0
        upper = [np.cumsum(table[:, ::-1], axis=1)[:, ::-1] for table in points]
        upper = [np.pad(table, ((0, 0), (0, 1))) for table in upper]
        tails = [(t[:, count], 1 - t[:, count + 1]) for count, t in zip(self.x, upper, strict=True)]
        possible = [
            np.flatnonzero(np.minimum(*tail) > max(self.spent / 4, 1e-12)) for tail in tails
        ]
        if not (len(possible[0]) and len(possible[1])):
            return self.spent
        # for each K of the first stratum the greatest possible one of the second
        one = possible[0]
        other = np.minimum(self.most - self.first[0] - one, possible[1][-1])
        one, other = one[other >= possible[1][0]], other[other >= possible[1][0]]
        tail = np.sum(points[0][one] * upper[1][other][:, self.needed], axis=1)
        return min(1.0, float(np.max(tail, initial=0.0)) + self.spent)


def _root(test: _Test, level: float) -> float:
    low, high = 0.0, float(np.log(LARGEST))
    if test.p_value(high) <= level:
        return float("inf")
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if test.p_value(middle) <= level else (low, middle)
    return float(np.exp(low))


def _log_points(K: Integers, n: int, N: int) -> Floats:
    """Tabulate log P(X = x | K) without its constant, one row a K and one column an x of 0 … n."""
    x, column = np.arange(n + 1), K[:, None]
    possible = (column >= x) & (N - column >= n - x)
    ways = (np.where(possible, column - x, 0), np.where(possible, N - column - (n - x), 0))
    logs = -sum(special.gammaln(count + 1.0) for count in (x, n - x, *ways))
    return np.where(possible, logs, -np.inf)


def _tilted(logs: Floats, log_odds: float) -> Floats:
    tilted = logs + log_odds * np.arange(logs.shape[1])
    weights = np.exp(tilted - tilted.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
