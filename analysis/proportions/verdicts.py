"""Verdicts of units against a bar: exact one-sided tests, exact at ties."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import check_counts, distinct, exact_share, restore, whole_numbers
from analysis.proportions.hypergeometric import NEAR, compare

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class Verdicts(NamedTuple):
    """Verdict of each unit with its p-values; all arrays have the shape of the input."""

    verdict: NDArray[np.str_]
    """``"meets"``, ``"below"`` or ``"inconclusive"``."""
    p_meets: Floats
    """P-value against the hypothesis that the unit lies below the bar."""
    p_below: Floats
    """P-value against the hypothesis that the unit meets the bar."""
    bar_count: Integers
    """Least number of satisfied people that meets the bar; -1 where N is unknown."""


def bar_count(population: ArrayLike, bar: str | float | Fraction = "0.9") -> Integers:
    """Compute the least whole number of satisfied people that meets the bar.

    Parameters
    ----------
    population : array_like of int
        People N of each unit.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.

    Returns
    -------
    ndarray of int64
        Least K with K >= bar * N.

    Raises
    ------
    ValueError
        If a population is no whole number or negative, or `bar` is outside (0, 1].

    Examples
    --------
    >>> bar_count([8, 10, 12, 199], "0.90")
    array([  8,   9,  11, 180])
    """
    share = exact_share("bar", bar)
    people = whole_numbers("population", population)
    if int(people.max(initial=0)) * share.numerator >= 2**63:
        # A bar of very many digits leaves 64 bits: Python's integers have no such limit.
        exact = -(-people.astype(object) * share.numerator // share.denominator)
        return np.asarray(exact, dtype=np.int64)[()]
    return (-(-people * share.numerator // share.denominator))[()]


def judge(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Verdicts:
    """Judge units of known size against the bar, each side at level `alpha`.

    Of N people n answered, x of them satisfied; K0 is the least number of satisfied people that
    meets the bar. A unit *meets* it if P(X >= x | K = K0 - 1) <= alpha, is *below* if
    P(X <= x | K = K0) <= alpha, and is *inconclusive* otherwise, X being hypergeometric.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N; broadcast against each other.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Greatest chance of a wrong verdict on either side, in (0, 1/2), read as the exact decimal.

    Returns
    -------
    Verdicts
        Arrays of the broadcast shape, scalars for scalar input. A unit without answers has
        p-values of 1 and is inconclusive; a census is always decided.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), or
        `bar` or `alpha` is out of range.

    Notes
    -----
    Each side is a test of one count in a family with monotone likelihood ratio, so that the
    chance of a wrong *meets* is greatest at K = K0 - 1 and that of a wrong *below* at K = K0:
    neither exceeds `alpha`, whatever K is. A rule that calls x *meets* must, to make sense, call
    every greater x so; those x >= c with an error of at most `alpha` given n are just the ones
    taken here, so no sensible rule that is not randomised decides more. Both verdicts at once are
    impossible, because P(X <= x | K0) >= P(X <= x - 1 | K0 - 1), so the two p-values add up to at
    least 1.

    References
    ----------
    Lehmann, E. L. and Romano, J. P. (2005). Testing statistical hypotheses, 3rd ed., 3.4.

    Examples
    --------
    With 12 of 16 answers, all satisfied, the p-value is exactly one twentieth.

    >>> judge([12, 11, 9], [12, 13, 10], [16, 16, 10]).verdict
    array(['meets', 'below', 'meets'], dtype='<U12')
    >>> judge(6, 6, 10)
    Verdicts(verdict=np.str_('inconclusive'), p_meets=np.float64(0.133...),
             p_below=np.float64(1.0), bar_count=np.int64(9))
    """
    level = side_level(alpha)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    (x_, n_, N_), inverse = distinct(x, n, N)
    K0 = np.atleast_1d(bar_count(N_, bar))
    # Without people there is no bar to test; K0 - 1 would be -1.
    p_meets, open_above = compare(level, x_, N_, np.maximum(K0 - 1, 0), n_)
    p_below, open_below = compare(level, n_ - x_, N_, N_ - K0, n_)
    return _verdicts(x.shape, inverse, ~open_above, ~open_below, p_meets, p_below, K0)


def judge_binomial(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Verdicts:
    """Judge units of unknown size against the bar, each side at level `alpha`.

    The share p of satisfied people is that of an endless population: a unit *meets* the bar if
    P(X >= x | p = bar) <= alpha, is *below* if P(X <= x | p = bar) <= alpha, X being binomial.
    With a roster `judge` decides more units.

    Parameters
    ----------
    n_satisfied, n_valid : array_like of int
        Counts x, n with 0 <= x <= n; broadcast against each other.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Greatest chance of a wrong verdict on either side, in (0, 1/2), read as the exact decimal.

    Returns
    -------
    Verdicts
        As from `judge`, with a `bar_count` of -1.

    Raises
    ------
    ValueError
        As `judge`.

    References
    ----------
    Lehmann, E. L. and Romano, J. P. (2005). Testing statistical hypotheses, 3rd ed., 3.4.

    Examples
    --------
    Twenty-nine satisfied answers without exception are the least that pass at 90 %.

    >>> judge_binomial([28, 29, 20], [28, 29, 29]).verdict
    array(['inconclusive', 'meets', 'below'], dtype='<U12')
    """
    share, level = exact_share("bar", bar), side_level(alpha)
    x, n = check_counts(n_satisfied, n_valid)
    (x_, n_), inverse = distinct(x, n)
    p_meets, open_above = _compare_binomial(level, x_, n_, share)
    p_below, open_below = _compare_binomial(level, n_ - x_, n_, 1 - share)
    unknown = np.full(x_.shape, -1)
    return _verdicts(x.shape, inverse, ~open_above, ~open_below, p_meets, p_below, unknown)


def side_level(alpha: float | str | Fraction) -> Fraction:
    """Read the level of a one-sided verdict as the exact decimal that is written.

    Parameters
    ----------
    alpha : float, str or Fraction
        Level in (0, 1/2).

    Returns
    -------
    Fraction
        The level.

    Raises
    ------
    ValueError
        If it is outside (0, 1/2): from 1/2 on both verdicts could hold at once.

    Examples
    --------
    >>> side_level(0.05)
    Fraction(1, 20)
    """
    level = exact_share("alpha", alpha)
    if level >= Fraction(1, 2):
        raise ValueError(f"alpha={alpha} must lie below 1/2, or both verdicts could hold at once")
    return level


def _verdicts(
    shape: tuple[int, ...],
    inverse: Integers,
    meets: Booleans,
    below: Booleans,
    p_meets: Floats,
    p_below: Floats,
    K0: Integers,
) -> Verdicts:
    verdict = np.full(meets.shape, "inconclusive", dtype="<U12")
    verdict[meets] = "meets"
    verdict[below] = "below"
    return Verdicts(
        restore(verdict, inverse, shape),
        restore(p_meets, inverse, shape),
        restore(p_below, inverse, shape),
        restore(K0, inverse, shape),
    )


def _compare_binomial(
    level: Fraction, at_least: Integers, n: Integers, share: Fraction
) -> tuple[Floats, Booleans]:
    # P(X >= x) is the beta tail of x and n - x + 1.
    tail = special.betainc(np.maximum(at_least, 1), n - at_least + 1, float(share))
    tail = np.where(at_least == 0, 1.0, tail)
    greater: Booleans = tail > float(level)
    for i in np.flatnonzero(np.abs(tail - float(level)) <= NEAR * float(level)):
        exact = _exact_binomial_upper_tail(int(at_least[i]), int(n[i]), share)
        tail[i], greater[i] = float(exact), exact > level
    return tail, greater


def _exact_binomial_upper_tail(at_least: int, n: int, share: Fraction) -> Fraction:
    yes, no = share.numerator, share.denominator - share.numerator
    total = sum(comb(n, i) * yes**i * no ** (n - i) for i in range(at_least, n + 1))
    return Fraction(total, share.denominator**n)
