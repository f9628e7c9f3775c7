"""Change among the same people asked twice: who changed decides, not who answered."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.change.comparison import Difference, share
from analysis.counts.checks import check_counts
from analysis.proportions.intervals import binomial_interval

Floats = NDArray[np.float64]


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
        Matched people satisfied in both waves, in one only, in neither. The test that
        belongs to it is ``statsmodels.stats.contingency_tables.mcnemar``.
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
