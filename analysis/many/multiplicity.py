"""P-values adjusted for the number of questions asked at once."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Adjustment = Literal["bh", "by", "holm", "bonferroni"]


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
    adjusted[tested] = _stepped(given[tested], method)
    return adjusted


def _stepped(p: NDArray[np.float64], method: Adjustment) -> NDArray[np.float64]:
    """Adjust p-values of tests that were made.

    `statsmodels` has these methods, too, but collects all garbage of the process at every call.
    """
    rank = np.arange(1, p.size + 1)
    order = np.argsort(p)
    factor = {
        "bonferroni": np.full(p.size, float(p.size)),
        "holm": p.size + 1.0 - rank,
        "bh": p.size / rank,
        "by": p.size / rank * np.sum(1 / rank),
    }[method]
    scaled = p[order] * factor
    if method in ("bh", "by"):
        scaled = np.minimum.accumulate(scaled[::-1])[::-1]
    else:
        scaled = np.maximum.accumulate(scaled)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(scaled, 1.0)
    return adjusted
