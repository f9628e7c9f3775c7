"""Fill blank items from a normal model, several times, and combine what is computed from them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def barnard_rubin(total: ArrayLike, between: ArrayLike, draws: int, complete: ArrayLike) -> Floats:
    """Compute the degrees of freedom of an estimate combined over imputations.

    Parameters
    ----------
    total : array_like
        Total variance.
    between : array_like
        Its part from between the imputations, (1 + 1/m) times their variance.
    draws : int
        Number of imputations m; 1 means complete data.
    complete : array_like
        Degrees of freedom without blanks.

    Returns
    -------
    ndarray

    References
    ----------
    Barnard, J. and Rubin, D. B. (1999), Small-sample degrees of freedom with multiple
    imputation, Biometrika 86, 948-955.

    Examples
    --------
    >>> barnard_rubin(2.0, 1.0, 20, 19.0).round(2)
    np.float64(7.81)
    """
    freedom = np.broadcast_to(np.asarray(complete, dtype=np.float64), np.shape(total))
    if draws == 1:
        return np.array(freedom)
    share = np.clip(np.asarray(between) / np.maximum(total, 1e-300), 1e-12, 1.0 - 1e-12)
    observed = (freedom + 1) / (freedom + 3) * freedom * (1 - share)
    return 1 / (share**2 / (draws - 1) + 1 / observed)
