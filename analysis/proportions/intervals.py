"""Intervals for a satisfied share: of a branch of known size, or of a binomial proportion."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import check_counts, distinct, exact_share, restore
from analysis.proportions.blaker import blaker_least_successes
from analysis.proportions.critical import least_successes

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
FinitePopulationMethod = Literal["exact", "blaker", "wilson"]
BinomialMethod = Literal["clopper-pearson", "mid-p", "wilson", "jeffreys", "agresti-coull", "wald"]


class FinitePopulationInterval(NamedTuple):
    """Interval for the satisfied people of each unit; all arrays have the shape of the input."""

    low_count: Integers
    """Least number satisfied among all N people."""
    high_count: Integers
    """Greatest number satisfied among all N people."""
    low: Floats
    """Lower bound of the satisfied share, in [0, 1]."""
    high: Floats
    """Upper bound of the satisfied share, in [0, 1]."""


class BinomialInterval(NamedTuple):
    """Interval for a binomial proportion; both arrays have the shape of the input."""

    low: Floats
    """Lower bound, in [0, 1]."""
    high: Floats
    """Upper bound, in [0, 1]."""


def finite_population_interval(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    level: float | str | Fraction = 0.95,
    method: FinitePopulationMethod = "exact",
) -> FinitePopulationInterval:
    """Compute an interval for the share satisfied among the N people of a unit.

    Of N people n answered and x of those are satisfied; K, satisfied among all N, is unknown.
    With random non-response x follows the hypergeometric distribution (N, K, n).

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N; broadcast against each other.
    level : float, str or Fraction
        Confidence in (0, 1), read as the exact decimal that is written.
    method : {"exact", "blaker", "wilson"}
        ``"exact"`` inverts two one-sided hypergeometric tests at (1 - level)/2 each, the
        Clopper–Pearson interval of a finite population: it covers with at least `level`
        whatever K is. ``"blaker"`` does so too, is never wider, and spans the ends of its set.
        ``"wilson"`` is Wilson's score interval with n replaced by n(N - 1)/(N - n), approximate.

    Returns
    -------
    FinitePopulationInterval
        Arrays of the broadcast shape, scalars for scalar input. Counts of ``"wilson"`` are the
        bounds widened to whole people and kept within what the answers leave possible. A unit
        without answers has the interval [0, 1], a census (n = N) the point x/N.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), `level`
        is outside (0, 1) or `method` is unknown.

    Notes
    -----
    Comparisons with (1 - level)/2 are made in exact arithmetic wherever floats could err.

    References
    ----------
    Konijn, H. S. (1973). Statistical theory of sample survey design and analysis.
    Wang, W. (2015). Exact optimal confidence intervals for hypergeometric parameters. Journal
    of the American Statistical Association 110, 1491.
    Blaker, H. (2000). Confidence curves and improved exact confidence intervals for discrete
    distributions. Canadian Journal of Statistics 28, 783.
    Wilson, E. B. (1927). Probable inference. Journal of the American Statistical Association
    22, 209.

    Examples
    --------
    Six of twelve answered and all six are satisfied: the branch is not known to be perfect.

    >>> interval = finite_population_interval([6, 17], [6, 18], [12, 20])
    >>> interval.low_count, interval.high_count
    (array([ 8, 18]), array([12, 19]))
    >>> interval.low.round(4)
    array([0.6667, 0.9   ])
    """
    if method not in get_args(FinitePopulationMethod):
        raise ValueError(
            f"method={method!r} is not one of {', '.join(get_args(FinitePopulationMethod))}"
        )
    alpha = 1 - _level(level)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    (x_, n_, N_), inverse = distinct(x, n, N)
    if method == "wilson":
        low, high = _finite_population_wilson(x_, n_, N_, float(alpha))
        low_count, high_count = _whole_people(low, high, x_, n_, N_)
    else:
        low_count, high_count = _exact_counts(x_, n_, N_, alpha, method)
        low = low_count / np.maximum(N_, 1)
        high = np.where(N_ > 0, high_count / np.maximum(N_, 1), 1.0)
    return FinitePopulationInterval(
        restore(low_count, inverse, x.shape),
        restore(high_count, inverse, x.shape),
        restore(low, inverse, x.shape),
        restore(high, inverse, x.shape),
    )


def binomial_interval(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    *,
    level: float | str | Fraction = 0.95,
    method: BinomialMethod = "clopper-pearson",
) -> BinomialInterval:
    """Compute an interval for a binomial proportion, for units without a roster.

    Where the number of people is known, `finite_population_interval` is shorter.

    Parameters
    ----------
    n_satisfied, n_valid : array_like of int
        Counts x, n with 0 <= x <= n; broadcast against each other.
    level : float, str or Fraction
        Confidence in (0, 1).
    method : {"clopper-pearson", "mid-p", "wilson", "jeffreys", "agresti-coull", "wald"}
        ``"clopper-pearson"`` covers with at least `level`; ``"mid-p"`` counts half of the
        observed point in each tail and covers about `level` on average; ``"jeffreys"`` gives
        the quantiles of Beta(x + 1/2, n - x + 1/2), 0 at x = 0 and 1 at x = n. ``"wald"`` has
        no width at x = 0 and x = n and is kept for comparison only.

    Returns
    -------
    BinomialInterval
        Arrays of the broadcast shape, scalars for scalar input, clipped to [0, 1]. A unit
        without answers has the interval [0, 1].

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), `level`
        is outside (0, 1) or `method` is unknown.

    Notes
    -----
    All but Clopper–Pearson and mid-p are ``proportion_confint`` of statsmodels.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). Biometrika 26, 404.
    Berry, G. and Armitage, P. (1995). Mid-P confidence intervals. The Statistician 44, 417.
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial
    proportion. Statistical Science 16, 101 (Wilson, Jeffreys, Agresti–Coull, Wald).

    Examples
    --------
    >>> interval = binomial_interval([29, 30], 30, method="wilson")
    >>> interval.low.round(4), interval.high.round(4)
    (array([0.8333, 0.8865]), array([0.9941, 1.    ]))
    """
    if method not in get_args(BinomialMethod):
        raise ValueError(f"method={method!r} is not one of {', '.join(get_args(BinomialMethod))}")
    alpha = float(1 - _level(level))
    x, n = check_counts(n_satisfied, n_valid)
    (x_, n_), inverse = distinct(x, n)
    low, high = np.zeros(x_.size), np.ones(x_.size)
    asked = n_ > 0
    low[asked], high[asked] = _binomial(x_[asked], n_[asked], alpha, method)
    return BinomialInterval(
        restore(np.clip(low, 0.0, 1.0), inverse, x.shape),
        restore(np.clip(high, 0.0, 1.0), inverse, x.shape),
    )


def _level(level: float | str | Fraction) -> Fraction:
    share = exact_share("level", level)
    if share == 1:
        raise ValueError("level=1 must lie below 1: certainty needs a census")
    return share


def _exact_counts(
    x: Integers, n: Integers, N: Integers, alpha: Fraction, method: FinitePopulationMethod
) -> tuple[Integers, Integers]:
    # The upper bound of the satisfied is N less the lower bound of the others.
    both = np.concatenate([x, n - x]), np.concatenate([N, N]), np.concatenate([n, n])
    least = least_successes(alpha / 2, *both)
    if method == "blaker":
        least = blaker_least_successes(alpha, least, *both)
    return least[: x.size], N - least[x.size :]


def _finite_population_wilson(
    x: Integers, n: Integers, N: Integers, alpha: float
) -> tuple[Floats, Floats]:
    low, high = np.zeros(x.size), np.ones(x.size)
    census = (n == N) & (n > 0)
    low[census] = high[census] = x[census] / n[census]
    sampled = (n > 0) & (n < N)
    answers, people = n[sampled].astype(np.float64), N[sampled].astype(np.float64)
    effective = answers * (people - 1) / (people - answers)
    successes = x[sampled] / answers * effective
    low[sampled], high[sampled] = _binomial(successes, effective, alpha, "wilson")
    return low, high


def _whole_people(
    low: Floats, high: Floats, x: Integers, n: Integers, N: Integers
) -> tuple[Integers, Integers]:
    # A bound that is a whole number but for rounding must not be widened by a person.
    slack = 1e-9
    low_count = np.floor(low * N + slack).astype(np.int64)
    high_count = np.ceil(high * N - slack).astype(np.int64)
    return np.clip(low_count, x, N - n + x), np.clip(high_count, x, N - n + x)


def _binomial(
    x: Floats | Integers, n: Floats | Integers, alpha: float, method: BinomialMethod
) -> tuple[Floats, Floats]:
    """Compute the bounds; none is exceeded where nobody or everybody is satisfied."""
    if method == "mid-p":
        return _mid_p(np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64), alpha)
    if method == "clopper-pearson":
        return clopper_pearson(x, n - x, alpha)
    from statsmodels.stats.proportion import proportion_confint  # heavy: only where asked for

    low, high = proportion_confint(x, n, alpha, _STATSMODELS[method])
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def clopper_pearson(
    x: Floats | Integers, rest: Floats | Integers, alpha: float
) -> tuple[Floats, Floats]:
    """Bound a share by beta quantiles; the counts need not be whole.

    Parameters
    ----------
    x, rest : ndarray, shape (n_units,)
        Satisfied answers and the others, 0 or more.
    alpha : float
        One less the probability of the interval, in (0, 1).

    Returns
    -------
    tuple of ndarray
        Lower and upper bounds, each beyond the true share with at most ``alpha / 2``.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). Biometrika 26, 404.

    Examples
    --------
    >>> low, high = clopper_pearson(np.array([0.0, 8.5]), np.array([5.0, 1.5]), 0.05)
    >>> low.round(3), high.round(3)
    (array([0.   , 0.497]), array([0.522, 0.989]))
    """
    # a beta parameter of 0, everyone alike, is the end of the scale
    some, others = x > 0, rest > 0
    low = np.where(some, special.betaincinv(np.where(some, x, 1.0), rest + 1, alpha / 2), 0.0)
    high = np.where(others, special.betainccinv(x + 1, np.where(others, rest, 1.0), alpha / 2), 1.0)
    return low, high


def _mid_p(x: Floats, n: Floats, alpha: float) -> tuple[Floats, Floats]:
    low = _mid_p_low(x, n, alpha)
    return low, 1.0 - _mid_p_low(n - x, n, alpha)


def _mid_p_low(x: Floats, n: Floats, alpha: float) -> Floats:
    # P(X > x) + P(X = x)/2 is the mean of two beta tails, whose own roots enclose the solution.
    inner = np.flatnonzero(x > 0)
    low = np.zeros(x.shape)
    a, b = x[inner], n[inner] - x[inner]
    below = special.betaincinv(a, b + 1, alpha / 2)
    last = b == 0
    above = np.where(last, 1.0, special.betaincinv(a + 1, np.where(last, 1.0, b), alpha / 2))
    for _ in range(60):
        middle = (below + above) / 2
        beyond = np.where(last, 0.0, special.betainc(a + 1, np.where(last, 1.0, b), middle))
        tail = (special.betainc(a, b + 1, middle) + beyond) / 2
        short = tail < alpha / 2
        below, above = np.where(short, middle, below), np.where(short, above, middle)
    low[inner] = above
    return low


_STATSMODELS = {
    "wilson": "wilson",
    "jeffreys": "jeffreys",
    "agresti-coull": "agresti_coull",
    "wald": "normal",
}
