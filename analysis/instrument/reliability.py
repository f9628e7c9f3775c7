"""Does a set of items measure one thing, and how precisely.

Every function takes an array of respondents × items with NaN where there is no answer, and looks at
the respondents who answered every item of the set; where rows are response patterns
(`analysis.counts.patterns`), ``counts`` says how many respondents each stands for. Ordinal alpha
and omega are not given: they rest on polychoric correlations, for which no library in common use
was found.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.instrument.item_moments import FloatArray, item_moments
from analysis.instrument.one_factor import LEAST_UNIQUENESS, fit_one_factor, pair_slopes
from analysis.instrument.skewed_interval import skewed_interval

Counts = npt.ArrayLike | None

ENOUGH = 0.7
"""Alpha below which a set is flagged."""

# A variance of a sum this small beside the items' own is the rounding of a sum that is constant.
ROUNDING = 1e-12


class Alpha(NamedTuple):
    """Cronbach's alpha."""

    alpha: float
    """From the covariances; NaN where the sum of the items does not vary."""
    low: float
    """Lower end of its interval."""
    high: float
    """Upper end."""
    n: int
    """Respondents with every item answered."""


class Omega(NamedTuple):
    """McDonald's omega total of one common factor."""

    omega: float
    """(sum of loadings)² / ((sum of loadings)² + sum of uniquenesses)."""
    low: float
    """Lower end of its interval; NaN where the factor is not determined."""
    high: float
    """Upper end."""
    loadings: FloatArray
    """Correlation of each item with the factor, shape (k,); their sum is not negative."""
    is_heywood: bool
    """A loading lies at its bound: do not trust the figures."""
    n: int
    """Respondents with every item answered."""


class Kmo(NamedTuple):
    """Kaiser–Meyer–Olkin measure of sampling adequacy."""

    overall: float
    """For the set, in [0, 1]."""
    items: FloatArray
    """For each item, shape (k,)."""


class Bartlett(NamedTuple):
    """Bartlett's test that the items are uncorrelated."""

    chi2: float
    """Test statistic."""
    df: int
    """k (k - 1) / 2."""
    p_value: float
    """P(X >= chi2)."""


class FloorCeiling(NamedTuple):
    """Shares of answers at the ends of the scale."""

    floor: FloatArray
    """Share at the lowest code, shape (k,); NaN for an item nobody answered."""
    ceiling: FloatArray
    """Share at the highest code, shape (k,)."""
    n: npt.NDArray[np.int64]
    """Answers, shape (k,)."""


def cronbach_alpha(items: npt.ArrayLike, *, level: float = 0.95, counts: Counts = None) -> Alpha:
    """Estimate Cronbach's alpha with a distribution-free interval.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.
    level
        Confidence level of the interval, in (0, 1).

    Returns
    -------
    Alpha

    Raises
    ------
    ValueError
        For fewer than two items or two respondents, or a level outside (0, 1).

    Notes
    -----
    alpha = k/(k-1) · (1 - sum of variances / variance of the sum). The interval is that of
    `skewed_interval`: Feldt's, which assumes normal answers, covers .57–.79 where 80–90 % choose
    the top level.

    References
    ----------
    Cronbach, L. J. (1951). Psychometrika 16, 297–334.

    Examples
    --------
    >>> result = cronbach_alpha([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 4, 5]])
    >>> round(result.alpha, 4)
    0.9333
    """
    centred, people, n, covariance, _ = item_moments(items, counts)
    k = len(covariance)
    total, apart = float(covariance.sum()), float(np.trace(covariance))
    if not total > ROUNDING * apart:
        return Alpha(float("nan"), float("nan"), float("nan"), n)
    alpha = k / (k - 1) * (1 - apart / total)
    of_total = centred.sum(axis=1) ** 2
    influence = k / (k - 1) * (apart / total * of_total - (centred**2).sum(axis=1)) / total
    return Alpha(alpha, *skewed_interval(alpha, influence, level, people), n)


def mcdonald_omega(items: npt.ArrayLike, *, level: float = 0.95, counts: Counts = None) -> Omega:
    """Estimate McDonald's omega total from one factor of the correlation matrix.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 3, since two items do not determine a factor.
    level
        Confidence level of the interval, in (0, 1).

    Returns
    -------
    Omega
        All NaN where an item does not vary.

    Raises
    ------
    ValueError
        For fewer than three items or two respondents, or a level outside (0, 1).

    References
    ----------
    McDonald, R. P. (1999). Test Theory: A Unified Treatment, ch. 6.

    Examples
    --------
    Three items determine the factor: its first loading is sqrt(r12 r13 / r23).

    >>> result = mcdonald_omega([[1, 2, 2], [2, 1, 1], [3, 4, 3], [4, 3, 5], [5, 5, 4]])
    >>> round(result.omega, 4), result.loadings.round(4)
    (0.9098, array([0.9562, 0.8367, 0.8367]))
    """
    centred, people, n, _, correlation = item_moments(items, counts)
    k = len(correlation)
    if k < 3:
        raise ValueError(f"one factor needs at least 3 items, not {k}")
    unknown = float("nan")
    if np.isnan(correlation).any():
        return Omega(unknown, unknown, unknown, np.full(k, np.nan), False, n)
    loadings = fit_one_factor(correlation)
    common = float(loadings.sum() ** 2)
    omega = common / (common + float(np.sum(1 - loadings**2)))
    is_heywood = bool((1 - loadings**2 < LEAST_UNIQUENESS * 1.001).any())
    ends = (unknown, unknown)
    if not is_heywood:
        z = centred / np.sqrt(people @ centred**2 / n)
        ends = skewed_interval(omega, _omega_influence(z, correlation, loadings), level, people)
    return Omega(omega, *ends, loadings, is_heywood, n)


def _omega_influence(z: FloatArray, correlation: FloatArray, loadings: FloatArray) -> FloatArray:
    """Influence on omega of standardised answers, by the least squares' implicit derivative."""
    row, column = np.triu_indices(len(loadings), 1)
    slopes = pair_slopes(loadings)
    hessian = slopes.T @ slopes
    residual = correlation - np.outer(loadings, loadings)
    hessian[row, column] -= residual[row, column]
    hessian[column, row] -= residual[row, column]
    total, unique = loadings.sum(), np.sum(1 - loadings**2)
    gradient = 2 * total * (unique + total * loadings) / (total**2 + unique) ** 2
    weights = np.zeros_like(correlation)
    weights[row, column] = slopes @ np.linalg.lstsq(hessian, gradient, rcond=None)[0]
    # of a correlation: z_i z_j - r (z_i² + z_j²) / 2
    squares = ((weights + weights.T) * correlation).sum(axis=0) / 2
    return np.asarray(((z @ weights) * z).sum(axis=1) - z**2 @ squares)


def kmo(items: npt.ArrayLike, counts: Counts = None) -> Kmo:
    """Measure how far the items' correlations are common rather than pair by pair.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.

    Returns
    -------
    Kmo
        In [0, 1]; NaN where an item does not vary or is a linear function of the others.

    Notes
    -----
    Sum of r² / (sum of r² + sum of q²) off the diagonal, q the anti-image correlations
    s_ij / sqrt(s_ii s_jj) of the inverse S of the correlation matrix.

    References
    ----------
    Kaiser, H. F. (1974). Psychometrika 39, 31–36.

    Examples
    --------
    >>> result = kmo([[1, 2, 2], [2, 1, 1], [3, 4, 3], [4, 3, 5], [5, 5, 4]])
    >>> round(result.overall, 4), result.items.round(4)
    (0.7298, array([0.6711, 0.7679, 0.7679]))
    """
    correlation = item_moments(items, counts).correlation
    k = len(correlation)
    if _is_singular(correlation):
        return Kmo(float("nan"), np.full(k, np.nan))
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    off_diagonal = ~np.eye(k, dtype=bool)
    r2 = np.where(off_diagonal, correlation**2, 0).sum(axis=0)
    q2 = np.where(off_diagonal, partial**2, 0).sum(axis=0)
    total = r2 + q2
    # items without any correlation have none in common: 0/0 is read as undefined
    per_item = np.divide(r2, total, out=np.full(k, np.nan), where=total > 0)
    overall = float(r2.sum() / total.sum()) if total.sum() > 0 else float("nan")
    return Kmo(overall, per_item)


def bartlett_sphericity(items: npt.ArrayLike, counts: Counts = None) -> Bartlett:
    """Test that the items are uncorrelated.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.

    Returns
    -------
    Bartlett
        chi2 and p NaN where an item does not vary or is a linear function of the others.

    Notes
    -----
    chi2 = -(n - 1 - (2k + 5)/6) · log det R on k(k-1)/2 degrees of freedom.

    References
    ----------
    Bartlett, M. S. (1951). Biometrika 38, 337–344.

    Examples
    --------
    >>> result = bartlett_sphericity([[1, 2, 2], [2, 1, 1], [3, 4, 3], [4, 3, 5], [5, 5, 4]])
    >>> round(result.chi2, 4), result.df, round(result.p_value, 4)
    (4.4882, 3, 0.2133)
    """
    _, _, n, _, correlation = item_moments(items, counts)
    k = len(correlation)
    df = k * (k - 1) // 2
    if _is_singular(correlation):
        return Bartlett(float("nan"), df, float("nan"))
    chi2 = max(0.0, -(n - 1 - (2 * k + 5) / 6) * float(np.linalg.slogdet(correlation)[1]))
    return Bartlett(chi2, df, float(special.chdtrc(df, chi2)))


def item_total(items: npt.ArrayLike, counts: Counts = None) -> FloatArray:
    """Correlate each item with the sum of the others.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.

    Returns
    -------
    (k,) array
        NaN where the item or the sum of the others does not vary.

    Notes
    -----
    From the covariance matrix C: sum_j≠i C_ij / sqrt(C_ii · sum_{j,l≠i} C_jl), the part–whole
    corrected correlation of Henrysson, S. (1963). Psychometrika 28, 211–218.

    Examples
    --------
    >>> item_total([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 4, 5]]).round(4)
    array([1.    , 0.8   , 0.8575])
    """
    covariance = item_moments(items, counts).covariance
    variance = np.diag(covariance)
    with_rest = covariance.sum(axis=0) - variance
    rest = covariance.sum() - 2 * with_rest - variance
    varies = (variance > 0) & (rest > ROUNDING * variance.sum())
    correlation = np.full(len(variance), np.nan)
    correlation[varies] = with_rest[varies] / np.sqrt((variance * rest)[varies])
    return correlation


def floor_ceiling(
    items: npt.ArrayLike, *, lowest: float, highest: float, counts: Counts = None
) -> FloorCeiling:
    """Share of answers at the two ends of the scale, by item.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer.
    lowest, highest
        First and last code of the scale (not of the data).

    Returns
    -------
    FloorCeiling

    References
    ----------
    McHorney, C. A. and Tarlov, A. R. (1995). Quality of Life Research 4, 293–307: more than 15 %
    at an end is their limit.

    Examples
    --------
    >>> floor_ceiling([[1, 5], [5, 5], [3, float("nan")]], lowest=1, highest=5).ceiling.round(4)
    array([0.3333, 1. ])
    """
    answers = np.asarray(items, dtype=float)
    people = np.ones(len(answers)) if counts is None else np.asarray(counts, dtype=float)
    n = people @ ~np.isnan(answers)
    share = [
        np.divide(people @ (answers == end), n, out=np.full(n.shape, np.nan), where=n > 0)
        for end in (lowest, highest)
    ]
    return FloorCeiling(share[0], share[1], n.astype(np.int64))


def _is_singular(correlation: FloatArray) -> bool:
    return bool(np.isnan(correlation).any() or np.linalg.cond(correlation) > 1e12)
