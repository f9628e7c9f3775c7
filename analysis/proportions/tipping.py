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

from analysis.counts.checks import Integers, check_counts, distinct
from analysis.proportions import strata
from analysis.proportions.bounds import LARGEST_TABLE
from analysis.proportions.critical import least_where
from analysis.proportions.verdicts import bar_count, side_level

Floats = NDArray[np.float64]

LARGEST = 1000.0
"""Odds ratio beyond which a verdict counts as standing whatever the difference."""
STEPS = 4096
"""Steps of equal ratio from 1 to there: the last one at which the verdict stands is found."""
STEP = float(np.log(LARGEST)) / STEPS


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
        (infinite beyond 1000), below 1 for ``"below"`` (0 under 1/1000), NaN for every other, and
        for units of tens of thousands of people, whose tables would be too large.

    Raises
    ------
    ValueError
        If counts are impossible or there are more than two strata.

    Notes
    -----
    The p-value is that of the verdict's own test with the hypergeometric probabilities of each
    stratum tilted by psi^x: the weighted estimate of the strata, the least favourable split of the
    satisfied among those that the answers of each stratum do not contradict at psi. It grows with
    psi; its normal quantile is nearly a line on the scale of log(psi), which leads to the root.

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
    people = N.sum(axis=1)
    K0 = np.atleast_1d(bar_count(people, bar))
    # a unit is below the bar if the dissatisfied reach a bar of their own
    below = said == "below"
    counted = np.where(below[:, None], n - x, x)
    most = np.where(below, people - K0, K0 - 1)
    asked = np.flatnonzero(below | (said == "meets"))
    columns = (*counted[asked].T, *n[asked].T, *N[asked].T, most[asked])
    (x1, x2, n1, n2, N1, N2, most), unit = distinct(*columns)
    x, n, N = (np.column_stack(pair) for pair in ((x1, x2), (n1, n2), (N1, N2)))
    found = _greatest(x, n, N, most, level)[unit]
    odds = np.full(len(said), np.nan)
    odds[asked] = np.where(below[asked], 1 / found, found)
    return odds


def _greatest(x: Integers, n: Integers, N: Integers, most: Integers, level: float) -> Floats:
    """Find the odds up to which it is an error of `level` that more than `most` are satisfied."""
    # no fewer of a stratum are satisfied than answered so, and no more than did not deny it; the
    # p-value grows with K, so that without a second stratum only the greatest matters
    last = np.maximum(np.minimum(N - n + x, most[:, None] - x[:, ::-1]), x)
    first = np.where([True, False] & (N[:, 1:] == 0), last, x)
    reach = 2 * strata.far(n)
    least = np.maximum(np.maximum(n + first - N, x - reach), 0)
    greatest = np.minimum(np.minimum(n, last), x + reach)
    weight = np.where(N[:, 1:] > 0, N * np.maximum(n[:, ::-1], 1), 1)
    share = np.clip(most / N.sum(axis=1), 0.01, 0.99)[:, None]
    variance = n * share * (1 - share) * (N - n) / np.maximum(N - 1, 1)
    slope = np.sum(weight * variance, axis=1) / np.sqrt(
        np.sum(weight**2.0 * variance, axis=1) + 1e-9
    )
    partly = ((n > 0) & (n < N)).all(axis=1)
    spent = np.where(partly, float(strata.CONFINEMENT), 0.0)
    rows, columns = last - first + 1, greatest - least + 1
    small = np.flatnonzero((rows * columns).max(axis=1) <= LARGEST_TABLE)
    odds = np.full(len(x), np.nan)
    for place in strata.batches(rows[small], columns[small]):
        own = small[place]
        one, other = (
            strata.between(*(count[own, h] for count in (first, last, least, greatest, N, n)))
            for h in (0, 1)
        )
        rest = np.sum(weight[own] * x[own], axis=1, keepdims=True) - weight[own, :1] * one.x
        needed = -(-rest // weight[own, 1:])
        odds[own] = _root(
            _Tests(one, other, x[own], needed, most[own], spent[own]), slope[own], level
        )
    return odds


class _Tests(NamedTuple):
    """Of each unit the hypothesis that at most `most` people are satisfied."""

    one: strata.Hypergeometric
    other: strata.Hypergeometric
    x: Integers
    needed: Integers
    """Answers of the second stratum that make the estimate as large as observed, by the first's."""
    most: Integers
    spent: Floats
    """Error of leaving out what the answers of a stratum contradict."""

    def p_values(self, unit: Integers, log_odds: Floats) -> Floats:
        """Give the p-values of some units, each at its odds of answering."""
        # where no error is spent on it, nothing is left out
        limit = np.where(self.spent > 0, self.spent / 4, -1.0)[unit, None]
        drawn, reaching, possible = zip(
            *(
                _tilted(table.of(unit), self.x[unit, h], log_odds, limit)
                for h, table in enumerate((self.one, self.other))
            ),
            strict=True,
        )
        # for each K of the first stratum the greatest possible one of the second
        greatest = possible[1].shape[1] - 1 - np.argmax(possible[1][:, ::-1], axis=1)
        room = (self.most - self.other.K[:, 0])[unit, None] - self.one.K[unit]
        second = np.minimum(room, greatest[:, None])
        fits = possible[0] & (second >= np.argmax(possible[1], axis=1)[:, None])
        fits &= possible[1].any(axis=1)[:, None]
        second = np.maximum(second, 0)
        other = strata.rows_of(reaching[1], (self.needed - self.other.x[:, :1])[unit])
        tail = np.sum(drawn[0] * np.take_along_axis(other, second[:, None], axis=2), axis=1)
        p = np.where(fits, tail, 0.0).max(axis=1) + self.spent[unit]
        return np.asarray(np.minimum(p, 1.0))


def _root(tests: _Tests, slope: Floats, level: float) -> Floats:
    """Find the greatest odds at which the p-values are at most `level`."""
    every = np.arange(len(slope))

    def score(step: Floats) -> Floats:
        p = tests.p_values(every, step * STEP)
        return np.asarray(special.ndtri(np.clip(p, 1e-300, 1 - 1e-15)))

    goal, rise = float(special.ndtri(level)), slope * STEP
    at: Floats = np.zeros(len(slope))
    reached = score(at)
    for _ in range(3):
        last, before = at, reached
        at = np.clip(last + (goal - before) / np.maximum(rise, 1e-9), 1, STEPS)
        reached = score(at)
        rise = np.where(at > last, (reached - before) / np.maximum(at - last, 1e-9), rise)
    guess = np.clip(np.ceil(at + (goal - reached) / np.maximum(rise, 1e-9)), 1, STEPS)
    beyond = least_where(
        lambda step, unit: tests.p_values(unit, np.asarray(step * STEP)) > level,
        np.ones_like(every),
        np.full_like(every, STEPS + 1),
        guess=guess.astype(np.int64),
    )
    return np.where(beyond > STEPS, np.inf, np.exp((beyond - 1) * STEP))


def _tilted(
    table: strata.Hypergeometric, x: Integers, log_odds: Floats, limit: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Tabulate P(X = .) and P(X >= .) of each K at the odds, and tell which K x leaves possible."""
    logs = table.logs(table.of_answers + log_odds[:, None] * table.x)
    logs -= np.maximum(logs.max(axis=1, keepdims=True), -1e300)
    drawn = np.exp(logs, out=logs)
    total = drawn.sum(axis=1, keepdims=True)
    drawn /= np.maximum(total, 1e-300)
    reaching = strata.at_least(drawn)
    here, every = x - table.x[:, 0], np.arange(len(x))
    tails = np.minimum(reaching[every, here], 1 - reaching[every, here + 1])
    return drawn, reaching, (tails > limit) & (total[:, 0] > 0)
