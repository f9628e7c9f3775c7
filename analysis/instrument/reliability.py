"""Does a set of items measure one thing, and how precisely.

Every function takes an array of respondents × items with NaN where there is no answer. With
``missing="complete"`` it looks at the respondents who answered every item of the set; with
``"pairwise"`` each covariance uses those who answered both items. The result says which.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.instrument.item_moments import FloatArray, Missing, item_moments
from analysis.instrument.one_factor import LEAST_UNIQUENESS, Method, fit_one_factor

# A variance of a sum this small beside the items' own is the rounding of a sum that is constant.
ROUNDING = 1e-12


class Alpha(NamedTuple):
    """Cronbach's alpha."""

    alpha: float
    """From the covariances; NaN where the sum of the items does not vary."""
    standardized: float
    """From the correlations; NaN where an item does not vary."""
    low: float
    """Lower end of Feldt's interval; NaN for pairwise data, where none is known."""
    high: float
    """Upper end."""
    level: float
    """Confidence level."""
    n: int
    """Respondents: with every item answered, or all rows for pairwise data."""
    n_pair_min: int
    """Respondents behind the weakest covariance."""
    k: int
    """Items."""
    missing: Missing
    """Which respondents counted."""


class Omega(NamedTuple):
    """McDonald's omega total of one common factor."""

    omega: float
    """(sum of loadings)² / ((sum of loadings)² + sum of uniquenesses)."""
    omega_observed: float
    """1 - sum of uniquenesses / sum of the observed correlations; NaN where these sum to 0."""
    loadings: FloatArray
    """Correlation of each item with the factor, shape (k,); their sum is not negative."""
    uniquenesses: FloatArray
    """1 - loading², shape (k,)."""
    is_heywood: bool
    """A uniqueness lies at its bound: do not trust the figures."""
    method: Method
    """How the factor was fitted."""
    n: int
    """Respondents."""
    k: int
    """Items."""
    missing: Missing
    """Which respondents counted."""


class Kmo(NamedTuple):
    """Kaiser–Meyer–Olkin measure of sampling adequacy."""

    overall: float
    """For the set, in [0, 1]."""
    items: FloatArray
    """For each item, shape (k,)."""
    n: int
    """Respondents."""
    missing: Missing
    """Which respondents counted."""


class Bartlett(NamedTuple):
    """Bartlett's test that the items are uncorrelated (complete respondents only)."""

    chi2: float
    """Test statistic."""
    df: int
    """k (k - 1) / 2."""
    p_value: float
    """P(X >= chi2)."""
    log10_p: float
    """Its decimal logarithm, finite where the p-value underflows to 0."""
    n: int
    """Respondents."""


class ItemTotal(NamedTuple):
    """Each item against the others of its set."""

    correlation: FloatArray
    """With the sum of the other items, shape (k,); NaN where one does not vary."""
    alpha_if_deleted: FloatArray
    """Alpha of the other items, shape (k,); NaN for fewer than two."""
    n: int
    """Respondents."""
    missing: Missing
    """Which respondents counted."""


class FloorCeiling(NamedTuple):
    """Shares of answers at the ends of the scale."""

    floor: FloatArray
    """Share at the lowest code, shape (k,); NaN for an item nobody answered."""
    ceiling: FloatArray
    """Share at the highest code, shape (k,)."""
    n: npt.NDArray[np.int64]
    """Answers, shape (k,)."""


def cronbach_alpha(
    items: npt.ArrayLike, *, level: float = 0.95, missing: Missing = "complete"
) -> Alpha:
    """Estimate Cronbach's alpha with Feldt's interval.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.
    level
        Confidence level of the interval, in (0, 1).
    missing
        Which respondents count (see the module).

    Returns
    -------
    Alpha

    Raises
    ------
    ValueError
        For fewer than two items or two respondents, or a level outside (0, 1).

    Notes
    -----
    alpha = k/(k-1) · (1 - sum of variances / variance of the sum); limits
    1 - (1 - alpha) F(1 - tail; n-1, (n-1)(k-1)) and 1 - (1 - alpha) F(tail; …).

    References
    ----------
    Cronbach, L. J. (1951). Psychometrika 16, 297–334. Feldt, L. S. (1965). Psychometrika 30,
    357–370; Feldt, L. S., Woodruff, D. J. and Salih, F. A. (1987). Applied Psychological
    Measurement 11, 93–103.

    Examples
    --------
    >>> result = cronbach_alpha([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 4, 5]])
    >>> round(result.alpha, 4), round(result.low, 4), round(result.high, 4)
    (0.9333, 0.5601, 0.9955)
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    moments = item_moments(items, missing)
    alpha = _alpha(moments.covariance)
    low = high = float("nan")
    if missing == "complete":
        df = moments.n - 1
        tail = (1 - level) / 2
        quantiles = special.fdtri(df, df * (moments.k - 1), [1 - tail, tail])
        low, high = (float(1 - (1 - alpha) * quantile) for quantile in quantiles)
    return Alpha(
        alpha=alpha,
        standardized=_alpha(moments.correlation),
        low=low,
        high=high,
        level=level,
        n=moments.n,
        n_pair_min=moments.n_pair_min,
        k=moments.k,
        missing=missing,
    )


def mcdonald_omega(
    items: npt.ArrayLike,
    *,
    method: Method = "minres",
    missing: Missing = "complete",
) -> Omega:
    """Estimate McDonald's omega total from one factor of the correlation matrix.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 3, since two items do not determine a factor.
    method
        ``"minres"`` (least squares off the diagonal) or ``"ml"`` (maximum likelihood).
    missing
        Which respondents count (see the module).

    Returns
    -------
    Omega
        All NaN where an item does not vary.

    Raises
    ------
    ValueError
        For fewer than three items or two respondents, or an unknown method.

    References
    ----------
    McDonald, R. P. (1999). Test Theory: A Unified Treatment, ch. 6. Minres: Harman, H. H. and
    Jones, W. H. (1966). Psychometrika 31, 351–368. Maximum likelihood: Jöreskog, K. G. (1967).
    Psychometrika 32, 443–482.

    Examples
    --------
    Three items determine the factor: its first loading is sqrt(r12 r13 / r23).

    >>> result = mcdonald_omega([[1, 2, 2], [2, 1, 1], [3, 4, 3], [4, 3, 5], [5, 5, 4]])
    >>> round(result.omega, 4), result.loadings.round(4)
    (0.9098, array([0.9562, 0.8367, 0.8367]))
    """
    moments = item_moments(items, missing)
    k = moments.k
    if k < 3:
        raise ValueError(f"one factor needs at least 3 items, not {k}")
    if np.isnan(moments.correlation).any():
        nothing = np.full(k, np.nan)
        loadings, omega, observed = nothing, float("nan"), float("nan")
    else:
        loadings = fit_one_factor(moments.correlation, method)
        unique = float(np.sum(1 - loadings**2))
        common = float(loadings.sum() ** 2)
        omega = common / (common + unique)
        total = float(moments.correlation.sum())
        observed = 1 - unique / total if total > ROUNDING * k else float("nan")
    uniquenesses = 1 - loadings**2
    return Omega(
        omega=omega,
        omega_observed=observed,
        loadings=loadings,
        uniquenesses=uniquenesses,
        is_heywood=bool((uniquenesses < LEAST_UNIQUENESS * 1.001).any()),
        method=method,
        n=moments.n,
        k=k,
        missing=missing,
    )


def kmo(items: npt.ArrayLike, *, missing: Missing = "complete") -> Kmo:
    """Measure how far the items' correlations are common rather than pair by pair.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.
    missing
        Which respondents count (see the module).

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
    moments = item_moments(items, missing)
    correlation = moments.correlation
    if _is_singular(correlation):
        return Kmo(float("nan"), np.full(moments.k, np.nan), moments.n, missing)
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    off_diagonal = ~np.eye(moments.k, dtype=bool)
    r2 = np.where(off_diagonal, correlation**2, 0).sum(axis=0)
    q2 = np.where(off_diagonal, partial**2, 0).sum(axis=0)
    total = r2 + q2
    # items without any correlation have none in common: 0/0 is read as undefined
    per_item = np.divide(r2, total, out=np.full(moments.k, np.nan), where=total > 0)
    overall = float(r2.sum() / total.sum()) if total.sum() > 0 else float("nan")
    return Kmo(overall, per_item, moments.n, missing)


def bartlett_sphericity(items: npt.ArrayLike) -> Bartlett:
    """Test that the items are uncorrelated, on complete respondents.

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
    moments = item_moments(items, "complete")
    k, n = moments.k, moments.n
    df = k * (k - 1) // 2
    if _is_singular(moments.correlation):
        return Bartlett(float("nan"), df, float("nan"), float("nan"), n)
    log_determinant = float(np.linalg.slogdet(moments.correlation)[1])
    chi2 = max(0.0, -(n - 1 - (2 * k + 5) / 6) * log_determinant)
    log10_p = _log_chi2_tail(chi2, df) / math.log(10)
    return Bartlett(chi2, df, float(special.chdtrc(df, chi2)), log10_p, n)


def item_total(items: npt.ArrayLike, *, missing: Missing = "complete") -> ItemTotal:
    """Correlate each item with the sum of the others, and leave each out of alpha.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2.
    missing
        Which respondents count (see the module).

    Returns
    -------
    ItemTotal

    Notes
    -----
    From the covariance matrix C: sum_j≠i C_ij / sqrt(C_ii · sum_{j,l≠i} C_jl), the part–whole
    corrected correlation of Henrysson, S. (1963). Psychometrika 28, 211–218.

    Examples
    --------
    >>> item_total([[1, 2, 1], [2, 2, 3], [3, 4, 3], [4, 4, 5]]).correlation.round(4)
    array([1.    , 0.8   , 0.8575])
    """
    moments = item_moments(items, missing)
    covariance, k = moments.covariance, moments.k
    variance = np.diag(covariance)
    with_rest = covariance.sum(axis=0) - variance
    rest = covariance.sum() - 2 * with_rest - variance
    varies = (variance > 0) & (rest > ROUNDING * variance.sum())
    correlation = np.full(k, np.nan)
    correlation[varies] = with_rest[varies] / np.sqrt((variance * rest)[varies])
    others = [np.delete(np.delete(covariance, i, 0), i, 1) for i in range(k)]
    alpha = np.array([_alpha(other) if k > 2 else np.nan for other in others])
    return ItemTotal(correlation, alpha, moments.n, missing)


def floor_ceiling(items: npt.ArrayLike, *, lowest: float, highest: float) -> FloorCeiling:
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
    n = (~np.isnan(answers)).sum(axis=0)
    share = [
        np.divide((answers == end).sum(axis=0), n, out=np.full(n.shape, np.nan), where=n > 0)
        for end in (lowest, highest)
    ]
    return FloorCeiling(share[0], share[1], n.astype(np.int64))


def _alpha(covariance: FloatArray) -> float:
    k = len(covariance)
    total, apart = float(covariance.sum()), float(np.trace(covariance))
    if not total > ROUNDING * apart:  # also where a correlation is NaN
        return float("nan")
    return k / (k - 1) * (1 - apart / total)


def _is_singular(correlation: FloatArray) -> bool:
    return bool(np.isnan(correlation).any() or np.linalg.cond(correlation) > 1e12)


def _log_chi2_tail(chi2: float, df: int) -> float:
    """Natural log of P(X > chi2), also where the probability itself underflows."""
    tail = float(special.chdtrc(df, chi2))
    if tail > 1e-290:
        return float(np.log(tail))
    a, x = df / 2, chi2 / 2
    # Gamma(a, x) = exp(-x) x^a U(1, a + 1, x): DLMF 8.5.3
    scaled = float(special.hyperu(1, a + 1, x))
    return float(-x + a * np.log(x) - special.gammaln(a) + np.log(scaled))
