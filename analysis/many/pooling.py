"""Many branches at once: what they have in common, and what it says about each.

The satisfied shares of the branches are taken as draws from one beta distribution whose mean and
spread are estimated from all of them (empirical Bayes). A branch with few answers then leans on
the others; the people who did not answer are predicted, those who did are known. The estimates of
mean and spread are plugged in: their own uncertainty is left out, which matters below about twenty
branches.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import Integers, check_counts, distinct, exact_share
from analysis.many.beta_binomial import MOST_CELLS, Profile, unseen_probabilities

Floats = NDArray[np.float64]

# rho = 1 (every branch of one mind) is approached this far; the formulas stay finite.
GREATEST_RHO = 1 - 1e-9


class BetaBinomial(NamedTuple):
    """Distribution of the satisfied share over branches."""

    mu: float
    """Mean share, in [0, 1]."""
    rho: float
    """Correlation of two people of one branch, in [0, 1): 0 where branches do not differ."""
    loglik: float
    """Log-likelihood at the maximum, with the binomial coefficients."""
    is_boundary: bool
    """Whether the maximum lies at rho = 0: no spread beyond chance was seen."""

    @property
    def a(self) -> float:
        """First parameter of the beta distribution; infinite at rho = 0."""
        return self.mu * (1 - self.rho) / self.rho if self.rho > 0 else float("inf")

    @property
    def b(self) -> float:
        """Second parameter of the beta distribution; infinite at rho = 0."""
        return (1 - self.mu) * (1 - self.rho) / self.rho if self.rho > 0 else float("inf")


class Prediction(NamedTuple):
    """What is expected of all N people of each unit; arrays of the shape of the input."""

    rate: Floats
    """Mean of K / N, the shrunken rate."""
    low_count: Integers
    """Least k with P(K <= k) >= (1 - level) / 2."""
    high_count: Integers
    """Least k with P(K <= k) >= (1 + level) / 2."""
    low: Floats
    """low_count / N."""
    high: Floats
    """high_count / N."""
    p_meets: Floats
    """P(K / N >= bar)."""


class Ranks(NamedTuple):
    """Where each unit stands by K / N, 1 the best; arrays of shape (n_units,)."""

    mean: Floats
    """Mean rank; equal rates share the mean of their places."""
    low: Floats
    """Lower (better) end of the interval."""
    high: Floats
    """Upper (worse) end of the interval."""


def fit_beta_binomial(n_satisfied: ArrayLike, n_valid: ArrayLike) -> BetaBinomial:
    """Estimate mean and over-dispersion of the satisfied share by maximum likelihood.

    Parameters
    ----------
    n_satisfied, n_valid : array_like of int, shape (n_units,)
        Satisfied and valid answers; units without an answer take no part.

    Returns
    -------
    BetaBinomial
        With `rho` 0 where the shares spread no more than chance explains, where all answers are
        alike (`mu` 0 or 1) and where no unit has two answers; at most 1 - 1e-9 where every unit
        is of one mind.

    Raises
    ------
    ValueError
        If counts are impossible or there is no answer at all.

    Notes
    -----
    With t = rho / (1 - rho) the likelihood is a product over units of
    prod(mu + r t, r < x) prod(1 - mu + r t, r < n - x) / prod(1 + r t, r < n), valid at t = 0
    (Griffiths 1973). Units enter only by how many have x, n - x and n above r. For given t it is
    concave in mu; the profile's slope is taken on a grid of t and solved wherever it turns from
    up to down, and the highest of these maxima and the two ends is the estimate.

    References
    ----------
    Skellam, J. G. (1948). A probability distribution derived from the binomial distribution.
    JRSS B 10, 257. Griffiths, D. A. (1973). Maximum likelihood estimation for the beta-binomial
    distribution. Biometrics 29, 637.

    Examples
    --------
    Eight shares that vary more than chance; then three that vary less.

    >>> fit = fit_beta_binomial([4, 71, 26, 169, 189, 31, 104, 107],
    ...                         [4, 72, 29, 171, 231, 35, 133, 121])
    >>> round(fit.mu, 6), round(fit.rho, 6)
    (0.895903, 0.069853)
    >>> fit_beta_binomial([9, 18, 27], [10, 20, 30])[1:]
    (0.0, -3.6464..., True)
    """
    x, n = (column.ravel() for column in check_counts(n_satisfied, n_valid))
    if not n.any():
        raise ValueError("no unit has a valid answer")
    constant = float(np.sum(special.gammaln(n + 1.0) - special.gammaln(x + 1.0)))
    constant -= float(np.sum(special.gammaln(n - x + 1.0)))
    share = float(x.sum() / n.sum())
    if share in (0.0, 1.0):
        return BetaBinomial(share, 0.0, 0.0, True)

    profile = Profile(x, n)
    grid = np.concatenate([[0.0], np.logspace(-7, 9, 65)])
    grid[-1] = GREATEST_RHO / (1 - GREATEST_RHO)
    slope = profile.score(grid)
    peaks = [
        _root(profile, grid[i], grid[i + 1])
        for i in np.flatnonzero((slope[:-1] > 0) & (slope[1:] <= 0))
    ]
    if slope[0] <= 0:
        peaks.append(0.0)
    if slope[-1] > 0:
        peaks.append(float(grid[-1]))
    heights = profile.loglik(np.array(peaks))
    t = peaks[int(np.argmax(heights))]
    mu = float(profile.mean(np.array([t]))[0])
    return BetaBinomial(mu, t / (1 + t), constant + float(heights.max()), t == 0)


def predict(
    fit: BetaBinomial,
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: float | str | Fraction = 0.9,
    level: float = 0.95,
) -> Prediction:
    """Predict how many of all people of each unit are satisfied.

    Parameters
    ----------
    fit : BetaBinomial
        From `fit_beta_binomial`.
    n_satisfied, n_valid, population : array_like of int
        x, n and N of each unit; a unit without answers gets the prior prediction.
    bar
        Share that K / N has to reach, compared exactly as written.
    level
        Probability of the interval, in (0, 1).

    Returns
    -------
    Prediction
        A unit without people has the rate `mu` and the interval [0, 1].

    Raises
    ------
    ValueError
        If counts are impossible, or `bar` or `level` lies outside its range.

    Notes
    -----
    K = x + Y, Y the satisfied among the N - n unseen: beta-binomial with parameters a + x and
    b + n - x, by the recursion P(y+1) / P(y) = (N-n-y) (a+x+y) / ((y+1) (b+N-x-y-1)) multiplied
    through by rho, which holds at rho = 0 as well.

    References
    ----------
    Skellam (1948), as in `fit_beta_binomial`; Ericson, W. A. (1969). Subjective Bayesian models
    in sampling finite populations. JRSS B 31, 195.

    Examples
    --------
    >>> fit = BetaBinomial(mu=0.9, rho=0.05, loglik=0.0, is_boundary=False)
    >>> prediction = predict(fit, [4, 0], [4, 0], [8, 10])
    >>> prediction.rate.round(4)
    array([0.9587, 0.9 ])
    >>> prediction.low_count, prediction.high_count, prediction.p_meets.round(4)
    (array([6, 6]), array([ 8, 10]), array([0.7235, 0.7333]))
    """
    bar = exact_share("bar", bar)
    _check_level(level)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    rows = distinct(x, n, N)
    satisfied, answered, people = rows.columns
    least = -((-people * bar.numerator) // bar.denominator)
    low, high = np.empty_like(people), np.empty_like(people)
    p_meets = np.empty(people.shape)
    for unit, probability in unseen_probabilities(fit.mu, fit.rho, satisfied, answered, people):
        below = np.cumsum(probability, axis=1)
        # a hair of slack: a sum that equals the quantile in exact arithmetic counts as reaching it
        low[unit] = satisfied[unit] + np.sum(below < (1 - level) / 2 - 1e-12, axis=1)
        high[unit] = satisfied[unit] + np.sum(below < (1 + level) / 2 - 1e-12, axis=1)
        enough = np.arange(probability.shape[1]) >= (least - satisfied)[unit, None]
        p_meets[unit] = np.minimum(np.sum(probability * enough, axis=1), 1.0)
    mean = (fit.mu * (1 - fit.rho) + satisfied * fit.rho) / (1 - fit.rho + answered * fit.rho)
    size = np.maximum(people, 1)
    someone = people > 0
    rate = np.where(someone, (satisfied + (people - answered) * mean) / size, fit.mu)
    place = rows.inverse.reshape(x.shape)
    return Prediction(
        rate=rate[place],
        low_count=low[place],
        high_count=high[place],
        low=(low / size)[place],
        high=np.where(someone, high / size, 1.0)[place],
        p_meets=p_meets[place],
    )


def rank_intervals(
    fit: BetaBinomial,
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    level: float = 0.95,
    n_draws: int = 4000,
    seed: int = 0,
) -> Ranks:
    """Say between which places each unit stands.

    Parameters
    ----------
    fit : BetaBinomial
        From `fit_beta_binomial`.
    n_satisfied, n_valid, population : array_like of int, shape (n_units,)
        x, n and N of each unit, N >= 1.
    level
        Probability of the interval of each unit's rank, in (0, 1).
    n_draws
        Draws of all units' K from their predictions.
    seed
        Seed of the draws; equal seeds give equal intervals.

    Returns
    -------
    Ranks

    Raises
    ------
    ValueError
        If counts are impossible, a unit has no people, or `level` is outside (0, 1).

    References
    ----------
    Goldstein, H. and Spiegelhalter, D. J. (1996). League tables and their limitations.
    JRSS A 159, 385, section 5.

    Examples
    --------
    Two branches without an answer are in any order; the census of the third is known.

    >>> fit = BetaBinomial(mu=0.9, rho=0.05, loglik=0.0, is_boundary=False)
    >>> ranks = rank_intervals(fit, [0, 0, 5], [0, 0, 10], [20, 20, 10], n_draws=1000)
    >>> ranks.low, ranks.high
    (array([1., 1., 3.]), array([2., 2., 3.]))
    """
    from scipy.stats import rankdata

    _check_level(level)
    x, n, N = (column.ravel() for column in check_counts(n_satisfied, n_valid, population))
    if not N.all():
        raise ValueError(f"unit {int(np.flatnonzero(N == 0)[0])} has no people to rank")
    rng = np.random.default_rng(seed)
    ranks = np.empty((n_draws, x.size), dtype=np.float32)
    step = max(1, MOST_CELLS // max(x.size, 1))
    for start in range(0, n_draws, step):
        block = ranks[start : start + step]
        if fit.rho > 0:
            share = rng.beta(fit.a + x, fit.b + n - x, size=block.shape)
        else:
            share = np.full(block.shape, fit.mu)
        rates = (x + rng.binomial(N - n, share)) / N
        block[:] = rankdata(-rates, axis=1)
    quantiles = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(ranks, quantiles, axis=0, method="inverted_cdf").astype(np.float64)
    return Ranks(ranks.mean(axis=0, dtype=np.float64), low, high)


def _root(profile: Profile, lower: float, upper: float) -> float:
    from scipy import optimize

    return float(
        optimize.brentq(
            lambda t: float(profile.score(np.array([t]))[0]), lower, upper, xtol=1e-15, rtol=1e-13
        )
    )


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level={level} must lie between 0 and 1")
