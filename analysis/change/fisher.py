"""Fisher's exact test of two independent samples, for many pairs at once."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import Integers, check_counts

Floats = NDArray[np.float64]
Alternative = Literal["two-sided", "greater", "less"]

# Tables whose probability equals the observed one but for rounding count as no more likely.
RELATIVE_SLACK = 1e-7


def fisher_p_value(
    n_satisfied_1: ArrayLike,
    n_valid_1: ArrayLike,
    n_satisfied_2: ArrayLike,
    n_valid_2: ArrayLike,
    *,
    alternative: Alternative = "two-sided",
) -> Floats:
    """Test that two independent samples have the same share, exactly given the margins.

    Parameters
    ----------
    n_satisfied_1, n_valid_1, n_satisfied_2, n_valid_2 : array_like of int
        Satisfied and valid answers of the two samples.
    alternative
        ``"greater"``: the first share is the greater; ``"two-sided"``: all tables at most as
        likely as the observed one.

    Returns
    -------
    ndarray of float64
        P-values of the shape of the input.

    Raises
    ------
    ValueError
        If counts are impossible or `alternative` is unknown.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. JRSS 98, 39.

    Examples
    --------
    >>> fisher_p_value([10, 9], 10, [0, 8], 10).round(8)
    array([1.083e-05, 1.000e+00])
    """
    if alternative not in get_args(Alternative):
        raise ValueError(
            f"alternative={alternative!r} is not one of {', '.join(get_args(Alternative))}"
        )
    x1, n1 = check_counts(n_satisfied_1, n_valid_1)
    x2, n2 = check_counts(n_satisfied_2, n_valid_2)
    x1, n1, x2, n2 = np.broadcast_arrays(x1, n1, x2, n2)
    shape, satisfied = x1.shape, (x1 + x2).reshape(-1, 1)
    size1, size2 = n1.reshape(-1, 1), n2.reshape(-1, 1)
    cell = np.arange(int(satisfied.max(initial=0)) + 1)
    possible = (cell <= np.minimum(satisfied, size1)) & (satisfied - cell <= size2)
    inside = np.where(possible, cell, np.maximum(0, satisfied - size2))
    logs = _log_choose(size1, inside) + _log_choose(size2, satisfied - inside)
    weight = np.where(possible, np.exp(logs - logs.max(axis=1, keepdims=True)), 0.0)
    weight /= weight.sum(axis=1, keepdims=True)
    observed = x1.reshape(-1, 1)
    if alternative == "greater":
        counted = cell >= observed
    elif alternative == "less":
        counted = cell <= observed
    else:
        limit = np.take_along_axis(weight, observed, axis=1) * (1 + RELATIVE_SLACK)
        counted = weight <= limit
    p = np.sum(np.where(counted, weight, 0.0), axis=1)
    return np.asarray(np.minimum(p, 1.0)).reshape(shape)


def _log_choose(n: Integers, k: Integers) -> Floats:
    return np.asarray(
        special.gammaln(n + 1.0) - special.gammaln(k + 1.0) - special.gammaln(n - k + 1.0)
    )
