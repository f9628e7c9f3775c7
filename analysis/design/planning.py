"""How many answers a verdict or an interval needs."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import distinct, exact_share, ordered_counts, restore, whole_numbers
from analysis.proportions.critical import least_draws, most_rare
from analysis.proportions.hypergeometric import upper_tail
from analysis.proportions.verdicts import bar_count, side_level

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class CriticalCounts(NamedTuple):
    """Answers that decide a unit with n valid answers; arrays of the input's shape."""

    most_dissatisfied: Integers
    """It meets the bar with at most this many dissatisfied; -1 if not even with none."""
    most_satisfied: Integers
    """It is below the bar with at most this many satisfied; -1 if not even with none."""


class Power(NamedTuple):
    """Chance of each verdict at a supposed truth; arrays of the input's shape."""

    meets: Floats
    """Chance of *meets*."""
    below: Floats
    """Chance of *below*."""


def least_answers(
    population: ArrayLike,
    n_dissatisfied: ArrayLike = 0,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Integers:
    """Find the least number of answers with which a unit meets the bar.

    Parameters
    ----------
    population : array_like of int
        People N of each unit.
    n_dissatisfied : array_like of int
        Dissatisfied answers d among those given; broadcast against `population`.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of the verdict, in (0, 1/2).

    Returns
    -------
    ndarray of int64
        Least n such that n answers, d of them dissatisfied, give *meets*; more answers with the
        same d give it too. -1 where no n does: with d dissatisfied the unit misses the bar.

    Raises
    ------
    ValueError
        If a count is not whole or negative, or `bar` or `alpha` is out of range.

    Notes
    -----
    The verdict is that of `analysis.verdicts.judge`: P(at most d of n | N, N - K0 + 1
    dissatisfied) <= alpha, with K0 the least count that meets the bar.

    References
    ----------
    Wright, T. (1991). Exact confidence bounds when sampling from small finite universes.

    Examples
    --------
    >>> least_answers(20, [0, 1, 2, 3])
    array([12, 17, 20, -1])
    """
    level = side_level(alpha)
    N, d = np.broadcast_arrays(
        whole_numbers("population", population), whole_numbers("n_dissatisfied", n_dissatisfied)
    )
    (N_, d_), inverse = distinct(N, d)
    least = least_draws(level, d_, N_, N_ - _last_below(N_, bar))
    return restore(np.where(N_ > 0, least, -1), inverse, N.shape)


def critical_counts(
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> CriticalCounts:
    """Find the answers that decide a unit with n valid answers.

    Parameters
    ----------
    n_valid, population : array_like of int
        Counts n, N with 0 <= n <= N; broadcast against each other.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of the verdict, in (0, 1/2).

    Returns
    -------
    CriticalCounts
        Arrays of the broadcast shape, scalars for scalar input.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order, or `bar` or `alpha` is out of range.

    References
    ----------
    Wright, T. (1991). Exact confidence bounds when sampling from small finite universes.

    Examples
    --------
    Of 20 people 17 answered: with one dissatisfied the branch passes, with four it fails.

    >>> critical_counts(17, 20)
    CriticalCounts(most_dissatisfied=np.int64(1), most_satisfied=np.int64(14))
    """
    level = side_level(alpha)
    n, N = ordered_counts(n_valid=n_valid, population=population)
    (n_, N_), inverse = distinct(n, N)
    most_dissatisfied = most_rare(level, N_, N_ - _last_below(N_, bar), n_)
    most_satisfied = most_rare(level, N_, np.atleast_1d(bar_count(N_, bar)), n_)
    return CriticalCounts(
        restore(most_dissatisfied, inverse, n.shape), restore(most_satisfied, inverse, n.shape)
    )


def power(
    n_valid: ArrayLike,
    population: ArrayLike,
    satisfied: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Power:
    """Compute the chance of each verdict if `satisfied` of the N people are satisfied.

    Parameters
    ----------
    n_valid, population : array_like of int
        Counts n, N with 0 <= n <= N.
    satisfied : array_like of int
        Supposed number K satisfied among all N, 0 <= K <= N; all broadcast together.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of the verdict, in (0, 1/2).

    Returns
    -------
    Power
        Chances of *meets* and *below*; the rest is *inconclusive*.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order, or `bar` or `alpha` is out of range.

    References
    ----------
    Lehmann, E. L. and Romano, J. P. (2005). Testing statistical hypotheses, 3rd ed., 3.4.

    Examples
    --------
    >>> power(30, 40, [34, 38, 40]).meets.round(3)
    array([0.002, 0.442, 1.   ])
    """
    n, people = ordered_counts(n_valid=n_valid, population=population)
    K, N = ordered_counts(satisfied=satisfied, population=people)
    n, N, K = np.broadcast_arrays(n, N, K)
    critical = critical_counts(n, N, bar=bar, alpha=alpha)
    n_, N_, K_ = (array.ravel() for array in (n, N, K))
    meets = upper_tail(n_ - np.ravel(critical.most_dissatisfied), N_, K_, n_)
    below = upper_tail(n_ - np.ravel(critical.most_satisfied), N_, N_ - K_, n_)
    return Power(meets.reshape(n.shape)[()], below.reshape(n.shape)[()])


def right_verdict(
    n_valid: ArrayLike,
    population: ArrayLike,
    satisfied: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Floats:
    """Compute the chance of *meets* where `satisfied` reaches the bar, of *below* where not.

    Parameters
    ----------
    n_valid, population, satisfied, bar, alpha
        As in `power`.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    ValueError
        As in `power`.

    Examples
    --------
    >>> right_verdict(30, 40, [34, 38, 40]).round(3)
    array([0.526, 0.442, 1.   ])
    """
    found = power(n_valid, population, satisfied, bar=bar, alpha=alpha)
    passes = bar_count(population, bar) <= np.asarray(satisfied)
    return np.where(passes, found.meets, found.below)[()]


def supposed_satisfied(population: ArrayLike, rate: str | float | Fraction) -> Integers:
    """Give the whole number of satisfied people next to a supposed share.

    Parameters
    ----------
    population : array_like of int
        People N of each unit.
    rate : str, float or Fraction
        Supposed share in (0, 1], read as the exact decimal that is written.

    Returns
    -------
    ndarray of int64
        The count nearest to rate * N, the greater of two.

    Raises
    ------
    ValueError
        If a population is not whole or negative, or `rate` is out of range.

    Examples
    --------
    >>> supposed_satisfied([8, 10, 80], "0.95")
    array([ 8, 10, 76])
    """
    share, people = exact_share("rate", rate), whole_numbers("population", population)
    return (2 * people * share.numerator + share.denominator) // (2 * share.denominator)


def answers_for_chance(
    population: ArrayLike,
    satisfied: ArrayLike,
    chance: float,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Integers:
    """Find the number of answers from which on the right verdict has a wanted chance.

    Parameters
    ----------
    population : array_like of int
        People N of each unit.
    satisfied : array_like of int
        Supposed number K satisfied among all N, 0 <= K <= N; broadcast against `population`.
    chance : float
        Wanted chance of *meets* where K reaches the bar, of *below* where not; in (0, 1].
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of the verdict, in (0, 1/2).

    Returns
    -------
    ndarray of int64
        Least n such that n and every greater number of answers have the chance; at most N, since
        a census is always decided.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order, or another argument is out of range.

    Notes
    -----
    The chance does not rise steadily: where one more answer allows no more dissatisfied ones,
    passing becomes harder. The first n that has it may be lost by one answer too many.

    References
    ----------
    Lehmann, E. L. and Romano, J. P. (2005). Testing statistical hypotheses, 3rd ed., 3.4.

    Examples
    --------
    95 % of 80, 200 and 300 people are satisfied:

    >>> answers_for_chance([80, 200, 300], [76, 190, 285], 0.8)
    array([ 59, 106, 123])
    """
    if not 0 < chance <= 1:
        raise ValueError(f"chance={chance} must lie in (0, 1]")
    K, N = ordered_counts(satisfied=satisfied, population=population)
    (N_, K_), inverse = distinct(N, K)
    # One line for each unit and each number of answers, from none to all.
    end = np.cumsum(N_ + 1)
    unit = np.repeat(np.arange(N_.size), N_ + 1)
    n = np.arange(unit.size) - (end - N_ - 1)[unit]
    short = right_verdict(n, N_[unit], K_[unit], bar=bar, alpha=alpha) < chance
    least = np.zeros(N_.size, dtype=np.int64)
    np.maximum.at(least, unit[short], n[short] + 1)
    return restore(np.minimum(least, N_), inverse, N.shape)


def _last_below(N: Integers, bar: str | float | Fraction) -> Integers:
    # The greatest count that misses the bar; a unit without people has none.
    return np.maximum(np.atleast_1d(bar_count(N, bar)) - 1, 0)
