"""P-values adjusted for the number of questions asked at once."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Adjustment = Literal["bh", "by", "holm", "bonferroni"]
# An adjusted p-value that equals the level but for rounding counts as reaching it.
ROUNDING = 1e-9


class AdjustedVerdicts(NamedTuple):
    """Verdicts that hold for many units at once, arrays of shape (m,)."""

    verdict: NDArray[np.str_]
    """``"meets"``, ``"below"`` or ``"inconclusive"``."""
    p_adjusted: NDArray[np.float64]
    """Adjusted p-value of the side that the unit leans to."""


def adjust(p: ArrayLike, method: Adjustment = "bh") -> NDArray[np.float64]:
    """Adjust p-values so that each may be compared with the level itself.

    Parameters
    ----------
    p : array_like of float, shape (m,)
        P-values in [0, 1]; NaN means that no test was made. It stays NaN and does not count.
    method : {"bh", "by", "holm", "bonferroni"}
        ``"bh"`` (Benjamini–Hochberg) bounds the expected share of false findings when the tests
        are independent or positively dependent, ``"by"`` (Benjamini–Yekutieli) under any
        dependence; ``"holm"`` and ``"bonferroni"`` bound the chance of a single false finding
        under any dependence, and Holm is never the stricter of the two.

    Returns
    -------
    ndarray of float, shape (m,)
        Adjusted p-values in [0, 1], in the order given.

    Raises
    ------
    ValueError
        If a p-value lies outside [0, 1], `p` is not one-dimensional or `method` is unknown.

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. JRSS B 57, 289.
    Benjamini, Y. and Yekutieli, D. (2001). The control of the false discovery rate in multiple
    testing under dependency. Annals of Statistics 29, 1165.
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
    Journal of Statistics 6, 65.

    Examples
    --------
    >>> adjust([0.01, 0.02, 0.03, 0.04, 0.05], "bh")
    array([0.05, 0.05, 0.05, 0.05, 0.05])
    >>> adjust([0.01, 0.04, float("nan")], "holm")
    array([0.02, 0.04,  nan])
    """
    if method not in get_args(Adjustment):
        raise ValueError(f"method={method!r} is not one of {', '.join(get_args(Adjustment))}")
    given = np.asarray(p, dtype=np.float64)
    if given.ndim != 1:
        raise ValueError(f"p must be one-dimensional, not of shape {given.shape}")
    outside = (given < 0) | (given > 1)
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        raise ValueError(f"p[{first}]={given[first]:g} lies outside [0, 1]")

    tested = ~np.isnan(given)
    adjusted = np.full(given.shape, np.nan)
    if tested.any():
        from statsmodels.stats.multitest import multipletests  # heavy: only where asked for

        name = {"bh": "fdr_bh", "by": "fdr_by"}.get(method, method)
        adjusted[tested] = multipletests(given[tested], method=name)[1]
    return adjusted


def adjusted_verdicts(
    p_meets: ArrayLike,
    p_below: ArrayLike,
    *,
    alpha: float = 0.05,
    method: Literal["bh", "holm"] = "bh",
) -> AdjustedVerdicts:
    """Judge many units so that few of the verdicts given, or none, are wrong.

    Parameters
    ----------
    p_meets, p_below : array_like of float, shape (m,)
        P-values of the two sides of each unit, as from `analysis.verdicts.judge`.
    alpha : float
        With ``"bh"`` the greatest expected share of wrong ones among the verdicts given, with
        ``"holm"`` the greatest chance of any wrong one; in (0, 1/2).
    method : {"bh", "holm"}
        ``"bh"`` needs units that are independent of each other, ``"holm"`` does not.

    Returns
    -------
    AdjustedVerdicts
        The verdict is that of the side with the smaller p-value, where its adjusted value is at
        most `alpha`; otherwise ``"inconclusive"``.

    Raises
    ------
    ValueError
        If a p-value lies outside [0, 1], the arrays are not one-dimensional and equally long, or
        `alpha` or `method` is out of range.

    Notes
    -----
    Each unit carries two hypotheses, below the bar and not below it, of which exactly one is
    true: m of 2m. Benjamini and Hochberg's rule with 2m p-values at level 2 alpha then has a
    false discovery rate of at most (m / 2m) 2 alpha = alpha. Since the two p-values of a unit
    add up to at least 1, the greater never counts, and the rule equals theirs at `alpha` with
    the smaller p-value of each unit. (The two p-values of a unit depend on each other, which
    does no harm: where one is rejected, the other never is.) Holm's steps rest on hypotheses
    already rejected being out of the count; here the other one of the pair is true instead, so
    that m can be true at every step and each step compares with alpha / m (Shaffer 1986).

    References
    ----------
    Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. JRSS B 57, 289.
    Shaffer, J. P. (1986). Modified sequentially rejective multiple test procedures. Journal of
    the American Statistical Association 81, 826.

    Examples
    --------
    >>> adjusted_verdicts([0.001, 0.04, 0.9, 0.3], [1.0, 0.99, 0.02, 0.8])
    AdjustedVerdicts(verdict=array(['meets', 'inconclusive', 'below', 'inconclusive'],
        dtype='<U12'), p_adjusted=array([0.004..., 0.053..., 0.04 , 0.3 ]))
    """
    if method not in ("bh", "holm"):
        raise ValueError(f"method={method!r} is not one of bh, holm")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha={alpha} must lie in (0, 1/2)")
    meets, below = np.asarray(p_meets, dtype=np.float64), np.asarray(p_below, dtype=np.float64)
    if meets.shape != below.shape:
        raise ValueError(f"p_meets has shape {meets.shape}, p_below {below.shape}")
    smaller = np.minimum(meets, below)
    p_adjusted = adjust(smaller, "bh" if method == "bh" else "bonferroni")
    side = np.where(meets <= below, "meets", "below")
    given = p_adjusted <= alpha * (1 + ROUNDING)
    return AdjustedVerdicts(np.where(given, side, "inconclusive"), p_adjusted)
