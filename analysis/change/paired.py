"""Change among the same people asked twice: who changed decides, not who answered."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.change.comparison import Change
from analysis.counts.checks import check_counts
from analysis.proportions.intervals import binomial_interval

Floats = NDArray[np.float64]


def paired_change(
    both: ArrayLike,
    only_before: ArrayLike,
    only_after: ArrayLike,
    neither: ArrayLike,
    *,
    level: float = 0.95,
) -> Change:
    """Compute Newcombe's interval for the change among the same people.

    Parameters
    ----------
    both, only_before, only_after, neither : array_like of int
        Matched people satisfied in both waves, in the earlier or the later only, in neither.
    level
        Confidence level, in (0, 1).

    Returns
    -------
    Change
        Of the later less the earlier share; [-1, 1] where nobody was matched. The interval is the
        test, there is no p-value.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or the level is outside (0, 1).

    Notes
    -----
    As `analysis.comparison.hybrid_change` of Wilson bounds, with -2 phi (p2 - l2)(u1 - p1) under
    the root, phi the correlation of the two answers, lowered by n/2 in its numerator where that is
    positive. People are taken as a sample of many; of a small unit that answered nearly in full
    the interval is wider than it has to be.

    References
    ----------
    Newcombe, R. G. (1998). Improved confidence intervals for the difference between binomial
    proportions based on paired data. Statistics in Medicine 17, 2635, method 10. The example is
    that of Fagerland, M. W., Lydersen, S. and Laake, P. (2014), Statistics in Medicine 33, 2850.

    Examples
    --------
    >>> [round(float(value), 3) for value in paired_change(1, 1, 7, 12)[:3]]
    [0.286, 0.026, 0.507]
    """
    a, b, c, d = np.broadcast_arrays(
        *(check_counts(0, count)[1] for count in (both, only_before, only_after, neither))
    )
    n = a + b + c + d
    base = np.maximum(n, 1)
    first = binomial_interval(a + b, n, level=level, method="wilson")
    second = binomial_interval(a + c, n, level=level, method="wilson")
    p1, p2 = (a + b) / base, (a + c) / base
    excess = (a * d - b * c).astype(float)
    excess = np.where(excess > 0, np.maximum(excess - n / 2, 0.0), excess)
    margins = np.sqrt((a + b) * 1.0 * (c + d) * (a + c) * (b + d))
    phi = np.divide(excess, margins, out=np.zeros(n.shape), where=margins > 0)
    below = p2 - second.low, first.high - p1
    above = second.high - p2, p1 - first.low
    half = [np.sqrt(u**2 - 2 * phi * u * v + v**2) for u, v in (below, above)]
    difference = np.where(n == 0, np.nan, (c - b) / base)
    silent = n == 0
    return Change(
        difference[()],
        np.where(silent, -1.0, np.clip(difference - half[0], -1.0, 1.0)),
        np.where(silent, 1.0, np.clip(difference + half[1], -1.0, 1.0)),
        np.full(n.shape, np.nan)[()],
    )
