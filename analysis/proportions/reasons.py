"""Why a unit is inconclusive."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import check_counts, distinct, exact_share, restore
from analysis.design.planning import least_answers
from analysis.proportions.intervals import finite_population_interval
from analysis.proportions.verdicts import bar_count, judge, side_level


def explain(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
    margin: float | str | Fraction = 0.05,
) -> NDArray[np.str_]:
    """Explain why `analysis.verdicts.judge` leaves units undecided.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N; broadcast against each other.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of the verdict, in (0, 1/2).
    margin : float, str or Fraction
        What counts as near the bar, in (0, 1], as a share.

    Returns
    -------
    ndarray of str
        Of the broadcast shape, a str for scalar input; empty for a decided unit, else the first
        that applies:

        ``"cannot_pass"``
            Even if all n answers were satisfied the unit would be inconclusive.
        ``"near_bar"``
            Everything that the exact interval at 1 - 2 alpha leaves possible lies within
            `margin` of the bar, or within one person where that is more.
        ``"needs_more_answers"``
            Otherwise.

        A unit without people cannot pass.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), or
        another argument is out of range.

    Notes
    -----
    The interval at 1 - 2 alpha inverts the same two one-sided tests that the verdict makes. How
    many further answers of one kind would decide a unit is not told: whoever asks on until they
    are there errs more often than `alpha` (`analysis.design.sequential`).

    References
    ----------
    Wright, T. (1991). Exact confidence bounds when sampling from small finite universes.

    Examples
    --------
    Six of ten; 17 of 19 among 22; 135 of 150 among 300; a decided branch.

    >>> explain([6, 17, 135, 12], [6, 19, 150, 12], [10, 22, 300, 16]).tolist()
    ['cannot_pass', 'needs_more_answers', 'near_bar', '']
    """
    level = side_level(alpha)
    near = exact_share("margin", margin)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    (x_, n_, N_), inverse = distinct(x, n, N)
    K0 = np.atleast_1d(bar_count(N_, bar))
    open_ = judge(x_, n_, N_, bar=bar, alpha=level).verdict == "inconclusive"
    interval = finite_population_interval(x_, n_, N_, level=1 - 2 * level)
    # Nearness in whole people: |K - bar * N| <= margin * N, or one person.
    allowed = np.maximum(1, N_ * near.numerator // near.denominator)
    is_near = (interval.low_count >= K0 - allowed) & (interval.high_count <= K0 + allowed)
    reason = np.full(x_.shape, "", dtype="<U18")
    reason[open_] = "needs_more_answers"
    reason[open_ & is_near] = "near_bar"
    reason[open_ & (n_ < least_answers(N_, 0, bar=bar, alpha=level))] = "cannot_pass"
    reason[open_ & (N_ == 0)] = "cannot_pass"
    return restore(reason, inverse, x.shape)
