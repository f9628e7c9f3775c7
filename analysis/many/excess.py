"""Whether a group holds more of one kind than chance gives it, were it like the others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]


def chance_of_as_many(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, shares: npt.ArrayLike, n_looks: int = 1
) -> FloatArray:
    """Give the chance that groups hold as many of a kind as they do, or more.

    Parameters
    ----------
    counts : array_like of int
        How many of the kind each group holds, from 0 to its size.
    sizes : array_like of int
        How many each group holds in all.
    shares : array_like of float
        Share of the kind under ordinary behaviour, from 0 to 1; see `share_elsewhere`.
    n_looks : int
        How many groups and kinds were looked at: chances are multiplied by it (Bonferroni).

    Returns
    -------
    ndarray of float
        At most 1.

    Examples
    --------
    >>> chance_of_as_many([2, 0], [2, 5], [0.5, 0.5]).tolist()
    [0.25, 1.0]
    >>> float(chance_of_as_many(2, 2, 0.1, n_looks=10).round(6))
    0.1
    """
    x, n = np.asarray(counts, float), np.asarray(sizes, float)
    p = np.asarray(shares, float)
    tail = np.where(x > 0, special.betainc(np.maximum(x, 1), n - np.maximum(x, 1) + 1, p), 1.0)
    return np.asarray(np.minimum(tail * n_looks, 1.0))


def share_elsewhere(
    counts: npt.ArrayLike, sizes: npt.ArrayLike, total: npt.ArrayLike, of: float
) -> FloatArray:
    """Give the share of a kind outside each group, never nought: one more is taken to be there.

    Parameters
    ----------
    counts, sizes : array_like of int
        Of the kind and in all, in each group.
    total : array_like of int
        Of the kind in all groups.
    of : float
        In all groups.

    Examples
    --------
    >>> share_elsewhere([3, 0], [10, 10], 3, 20).round(4).tolist()
    [0.0909, 0.3636]
    """
    x, n = np.asarray(counts, float), np.asarray(sizes, float)
    return np.asarray((np.asarray(total, float) - x + 1) / (of - n + 1))
