"""Why a unit is inconclusive, and what would decide it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts.checks import check_counts, distinct, exact_share, restore
from analysis.design.planning import least_answers
from analysis.proportions.critical import least_draws
from analysis.proportions.intervals import finite_population_interval
from analysis.proportions.verdicts import bar_count, judge, side_level

Integers = NDArray[np.int64]


class Reasons(NamedTuple):
    """Reason of each inconclusive unit; all arrays have the shape of the input."""

    reason: NDArray[np.str_]
    """``"cannot_pass"``, ``"near_bar"``, ``"needs_more_answers"``; empty for a decided unit."""
    n_more_satisfied: Integers
    """Least number of further answers, all satisfied, that gives *meets*; 0 where decided."""
    n_more_dissatisfied: Integers
    """Least number of further answers, none satisfied, that gives *below*; 0 where decided."""


def explain(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
    margin: float | str | Fraction = 0.05,
) -> Reasons:
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
    Reasons
        Arrays of the broadcast shape, scalars for scalar input. The first that applies:

        ``"cannot_pass"``
            Even if all n answers were satisfied the unit would be inconclusive.
        ``"near_bar"``
            Everything that the exact interval at 1 - 2 alpha leaves possible lies within
            `margin` of the bar, or within one person where that is more.
        ``"needs_more_answers"``
            Otherwise.

        A unit without people needs nothing and cannot pass.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), or
        another argument is out of range.

    Notes
    -----
    The interval at 1 - 2 alpha inverts the same two one-sided tests that the verdict makes. An
    inconclusive unit is always decided by a census, so that the numbers of further answers
    exist; with answers of both kinds more are needed.

    References
    ----------
    Wright, T. (1991). Exact confidence bounds when sampling from small finite universes.

    Examples
    --------
    Six of ten; 17 of 19 among 22; 135 of 150 among 300; a decided branch.

    >>> explained = explain([6, 17, 135, 12], [6, 19, 150, 12], [10, 22, 300, 16])
    >>> explained.reason.tolist()
    ['cannot_pass', 'needs_more_answers', 'near_bar', '']
    >>> explained.n_more_satisfied, explained.n_more_dissatisfied
    (array([ 2,  3, 41,  0]), array([2, 1, 6, 0]))
    """
    level = side_level(alpha)
    near = exact_share("margin", margin)
    x, n, N = check_counts(n_satisfied, n_valid, population)
    (x_, n_, N_), inverse = distinct(x, n, N)
    K0 = np.atleast_1d(bar_count(N_, bar))
    open_ = judge(x_, n_, N_, bar=bar, alpha=level).verdict == "inconclusive"
    with_people = open_ & (N_ > 0)

    interval = finite_population_interval(x_, n_, N_, level=1 - 2 * level)
    # Nearness in whole people: |K - bar * N| <= margin * N, or one person.
    allowed = np.maximum(1, N_ * near.numerator // near.denominator)
    is_near = (interval.low_count >= K0 - allowed) & (interval.high_count <= K0 + allowed)
    reason = np.full(x_.shape, "", dtype="<U18")
    reason[open_] = "needs_more_answers"
    reason[open_ & is_near] = "near_bar"
    reason[open_ & (n_ < least_answers(N_, 0, bar=bar, alpha=level))] = "cannot_pass"
    reason[open_ & ~with_people] = "cannot_pass"

    n_more_satisfied, n_more_dissatisfied = np.zeros_like(x_), np.zeros_like(x_)
    here = np.flatnonzero(with_people)
    n_more_satisfied[here] = (
        least_answers(N_[here], (n_ - x_)[here], bar=bar, alpha=level) - n_[here]
    )
    n_more_dissatisfied[here] = least_draws(level, x_[here], N_[here], K0[here]) - n_[here]
    return Reasons(
        restore(reason, inverse, x.shape),
        restore(n_more_satisfied, inverse, x.shape),
        restore(n_more_dissatisfied, inverse, x.shape),
    )
