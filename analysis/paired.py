"""Change among the same people asked twice: who changed decides, not who answered."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.comparison import Difference, share
from analysis.counts import check_counts, whole_numbers
from analysis.proportions import binomial_interval

Floats = NDArray[np.float64]


class McNemar(NamedTuple):
    """Two-sided p-values for matched people; arrays of the shape of the input."""

    exact: Floats
    """Binomial test of the people who changed."""
    mid_p: Floats
    """The same, half of the observed probability left out: less conservative, not guaranteed."""


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
    up_to = special.bdtr(fewer.astype(float), changed, 0.5)
    short_of = np.where(fewer > 0, special.bdtr(np.maximum(fewer - 1.0, 0), changed, 0.5), 0.0)
    level = 2 * b == changed
    mid_p = np.where(level, 2 * short_of, up_to + short_of)
    return McNemar(
        np.asarray(np.minimum(1.0, 2 * up_to)), np.asarray(np.where(changed == 0, 1.0, mid_p))
    )


def paired_interval(
    both: ArrayLike,
    only_first: ArrayLike,
    only_second: ArrayLike,
    neither: ArrayLike,
    *,
    level: float = 0.95,
) -> Difference:
    """Compute Newcombe's interval for the change among the same people.

    Parameters
    ----------
    both, only_first, only_second, neither : array_like of int
        Matched people satisfied in both waves, in one only, in neither; the test that belongs to
        it is `mcnemar`.
    level
        Confidence level, in (0, 1).

    Returns
    -------
    Difference
        Of the first less the second share; [-1, 1] where nobody was matched.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or the level is outside (0, 1).

    Notes
    -----
    As `analysis.comparison.newcombe_interval` with -2 phi (p1 - l1)(u2 - p2) under the root, phi
    the correlation of the two answers, lowered by n/2 in its numerator where that is positive.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial
    proportions based on paired data. Statistics in Medicine 17, 2635, method 10. The example is
    that of Fagerland, M. W., Lydersen, S. and Laake, P. (2014), Statistics in Medicine 33, 2850.

    Examples
    --------
    >>> [round(float(value), 3) for value in paired_interval(1, 1, 7, 12)]
    [-0.286, -0.507, -0.026]
    """
    a, b, c, d = np.broadcast_arrays(
        *(check_counts(0, count)[1] for count in (both, only_first, only_second, neither))
    )
    n = a + b + c + d
    first = binomial_interval(a + b, n, level=level, method="wilson")
    second = binomial_interval(a + c, n, level=level, method="wilson")
    p1, p2 = share(a + b, n), share(a + c, n)
    excess = (a * d - b * c).astype(float)
    excess = np.where(excess > 0, np.maximum(excess - n / 2, 0.0), excess)
    margins = np.sqrt((a + b) * 1.0 * (c + d) * (a + c) * (b + d))
    phi = np.divide(excess, margins, out=np.zeros(n.shape), where=margins > 0)
    below = p1 - first.low, second.high - p2
    above = first.high - p1, p2 - second.low
    half = [np.sqrt(u**2 - 2 * phi * u * v + v**2) for u, v in (below, above)]
    difference = p1 - p2
    silent = n == 0
    return Difference(
        difference,
        np.where(silent, -1.0, np.clip(difference - half[0], -1.0, 1.0)),
        np.where(silent, 1.0, np.clip(difference + half[1], -1.0, 1.0)),
    )
