"""Exact tests of two samples: independent ones by their margins, matched ones by who changed."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts import Integers, check_counts, whole_numbers

Floats = NDArray[np.float64]
Alternative = Literal["two-sided", "greater", "less"]

# Tables whose probability equals the observed one but for rounding count as no more likely.
RELATIVE_SLACK = 1e-7


class McNemar(NamedTuple):
    """Two-sided p-values for matched people; arrays of the shape of the input."""

    exact: Floats
    """Binomial test of the people who changed."""
    mid_p: Floats
    """The same, half of the observed probability left out: less conservative, not guaranteed."""


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


def mcnemar(only_first: ArrayLike, only_second: ArrayLike) -> McNemar:
    """Test change among the same people by those who changed.

    Parameters
    ----------
    only_first, only_second : array_like of int
        People satisfied in the first wave only and in the second wave only.

    Returns
    -------
    McNemar
        1 where nobody changed.

    Raises
    ------
    ValueError
        If a count is negative or no whole number.

    References
    ----------
    McNemar, Q. (1947). Psychometrika 12, 153. Fagerland, M. W., Lydersen, S. and Laake, P.
    (2013). The McNemar test for binary matched-pairs data. BMC Medical Research Methodology 13,
    91: mid-p is exact minus P(b), and 1 - P(b) where b = c.

    Examples
    --------
    >>> mcnemar([5, 7], [1, 7])
    McNemar(exact=array([0.21875, 1. ]), mid_p=array([0.125 , 0.79052734]))
    """
    b, c = whole_numbers("only_first", only_first), whole_numbers("only_second", only_second)
    b, changed = check_counts(b, b + c)
    fewer = np.minimum(b, changed - b)
    exact = np.minimum(1.0, 2 * special.bdtr(fewer.astype(float), changed, 0.5))
    point = np.exp(_log_choose(changed, fewer) - changed * np.log(2.0))
    mid_p = np.where(changed == 0, 1.0, np.where(2 * b == changed, 1.0, exact) - point)
    return McNemar(np.asarray(exact), np.asarray(np.where(changed == 0, 1.0, mid_p)))


def _log_choose(n: Integers, k: Integers) -> Floats:
    return np.asarray(
        special.gammaln(n + 1.0) - special.gammaln(k + 1.0) - special.gammaln(n - k + 1.0)
    )
