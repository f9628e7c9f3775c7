"""Items that run against the others: scored the wrong way round, or measuring the opposite."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.instrument.item_moments import FloatArray, Moments, item_moments
from analysis.instrument.one_factor import first_axis

LEVEL = 0.01
"""Chance that any sound item of a set is named."""


class Against(NamedTuple):
    """Items that run against the others."""

    named: npt.NDArray[np.bool_]
    """Whether an item does, shape (k,)."""
    p_value: FloatArray
    """Shape (k,); 1 for an item that goes with the others in either half."""
    is_clear: bool
    """False where they are half of the items or more: either side may be the reversed one."""


def items_against(
    items: npt.ArrayLike, *, level: float = LEVEL, counts: npt.ArrayLike | None = None
) -> Against:
    """Name the items that go down where the others go up.

    Parameters
    ----------
    items : (n, k) array_like
        Codes, NaN where there is no answer; k >= 2. Rows with every item answered count.
    level
        Chance that any item that is independent of the others, or goes with them, is named.
    counts : (n,) array_like of int, optional
        Respondents of each row. Who falls into which half is drawn, always alike for the same
        rows in the same order, as response patterns have it.

    Returns
    -------
    Against
        An item that does not vary is never named.

    Notes
    -----
    The first principal axis of the correlations divides the items into a side with the greater sum
    of loadings and one against it. Each half of the respondents is tested with the axis of the
    other half, and the square of the greater p-value, the chance that both are so small, is held
    against level/k: an axis that is found and tested on the same people accuses in noise, since it
    was chosen to divide them. The test is one of an item's
    covariance with the sum of the greater side, against its distribution over all permutations,
    a Pearson type III with the exact variance and skewness; where that is skewed to the right the
    normal tail is taken, which is heavier. (A standard error from the data would not do: of two
    sound items with which few are dissatisfied, nobody with both, it makes r = -.05 certain.)
    Measured in ``tests/simulations/instrument_truth.py``.

    References
    ----------
    Mielke, P. W. and Berry, K. J. (2007). Permutation Methods, 2nd ed., ch. 2 (moments).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> mood = rng.normal(size=(300, 1))
    >>> items = np.round(4 + mood + rng.normal(size=(300, 4))).clip(1, 5)
    >>> items[:, 2] = 6 - items[:, 2]
    >>> items_against(items).named
    array([False, False,  True, False])
    """
    centred, people, n, _, correlation = item_moments(items, counts)
    k = centred.shape[1]
    if n < 6:
        return Against(np.zeros(k, dtype=bool), np.ones(k), True)
    whole = _axis(correlation)
    of_first = np.random.default_rng(0).multivariate_hypergeometric(
        people.astype(np.int64), n // 2, method="marginals"
    )
    halves = [item_moments(centred, half) for half in (of_first, people - of_first)]
    axes = [_axis(half.correlation) for half in halves]
    first, second = (axis if axis @ whole >= 0 else -axis for axis in axes)
    p_value = np.maximum(_against(halves[0], second), _against(halves[1], first)) ** 2
    named = p_value < level / k
    return Against(named, p_value, bool(2 * named.sum() < k))


def _axis(correlation: FloatArray) -> FloatArray:
    varies = np.diag(correlation) > 0
    axis = np.zeros(len(correlation))
    if varies.any():
        axis[varies] = first_axis(correlation[np.ix_(varies, varies)])
    return axis


def _against(half: Moments, axis: FloatArray) -> FloatArray:
    """P-value of each item on the negative side of an axis; 1 for every other."""
    centred, people, n = half.centred, half.counts, half.n
    others = centred[:, axis > 0].sum(axis=1)
    squares = (people @ centred**2) * (people @ others**2)
    tested = (axis < 0) & (squares > 0)
    p_value = np.ones(len(axis))
    suspects, squares = centred[:, tested], squares[tested]
    z = (people * others) @ suspects / np.sqrt(squares / (n - 1))
    cubes = (people @ suspects**3) * (people @ others**3)
    skewness = n * cubes * (n - 1) ** 0.5 / ((n - 2) * squares**1.5)
    p_value[tested] = _lower_tail(z, skewness)
    return p_value


def _lower_tail(z: FloatArray, skewness: FloatArray) -> FloatArray:
    """P(Z <= z) of a standardised Pearson type III skewed to the left, or of a normal variable."""
    shape = 4 / np.minimum(skewness, -1e-3) ** 2
    return np.asarray(special.gammaincc(shape, np.maximum(shape - z * np.sqrt(shape), 0)))
