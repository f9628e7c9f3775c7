"""Whom to remind first, so that few reminders decide many units."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.counts.checks import check_counts
from analysis.design.planning import critical_counts
from analysis.proportions.verdicts import judge

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Reminders(NamedTuple):
    """Whom to remind first; all arrays have the shape of the input."""

    n_reminders: Integers
    """Fewest reminders that reach the wanted chance of a verdict; 0 where none do or need be."""
    chance: Floats
    """Chance of a verdict after them; the greatest that reminders reach where it falls short of
    the one wanted, 1 where there is a verdict already."""
    priority: Integers
    """1 for the unit to remind first, and so on; 0 where `n_reminders` is 0."""


def reminders(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    reply_rate: float = 0.3,
    silent_rate: float = 0.95,
    wanted_chance: float = 0.8,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
) -> Reminders:
    """Find the reminders that bring each unit to a verdict, and rank units by how few they are.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int
        Counts x, n, N with 0 <= x <= n <= N; broadcast against each other. A survey not yet
        begun has x = n = 0.
    reply_rate : float
        Supposed share of reminded people who then answer, in (0, 1].
    silent_rate : float
        Supposed satisfied share among them, in [0, 1].
    wanted_chance : float
        Chance of a verdict that makes reminding worth while, in (0, 1].
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of the verdict, in (0, 1/2).

    Returns
    -------
    Reminders
        Arrays of the broadcast shape, scalars for scalar input.

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order, or another argument is out of range.

    Notes
    -----
    With m further answers, m up to reply_rate times the silent, the unit is decided when the
    new dissatisfied or satisfied ones stay within `critical_counts` at n + m; their number is
    taken as binomial (m, silent_rate). m answers cost m / reply_rate reminders, rounded up. The
    least m that reaches `wanted_chance` is taken; units that need the fewest reminders come
    first, which gives the most verdicts for a given number of reminders. The survey must decide
    beforehand when it stops asking: going on until a verdict appears, and stopping then, makes
    wrong verdicts more frequent than `alpha`.

    References
    ----------
    Groves, R. M. and Heeringa, S. G. (2006). Responsive design for household surveys. Journal
    of the Royal Statistical Society A 169, 439: effort goes where it changes the answer most.

    Examples
    --------
    A branch of which much is known, a large one hardly begun, one that is decided.

    >>> found = reminders([14, 5, 20], [14, 5, 20], [25, 60, 20])
    >>> found.n_reminders, found.priority
    (array([7, 0, 0]), array([1, 0, 0]))
    >>> found.chance.round(2)
    array([0.9 , 0.46, 1.  ])
    """
    if not 0 < reply_rate <= 1:
        raise ValueError(f"reply_rate={reply_rate} must lie in (0, 1]")
    if not 0 <= silent_rate <= 1:
        raise ValueError(f"silent_rate={silent_rate} must lie in [0, 1]")
    if not 0 < wanted_chance <= 1:
        raise ValueError(f"wanted_chance={wanted_chance} must lie in (0, 1]")
    x, n, N = check_counts(n_satisfied, n_valid, population)
    decided = np.ravel(judge(x, n, N, bar=bar, alpha=alpha).verdict != "inconclusive")
    x_, n_, N_ = (array.ravel() for array in (x, n, N))

    # One line for each unit and each number of further answers that reminders may bring.
    most = np.where(decided, 0, np.floor(reply_rate * (N_ - n_) + 1e-9).astype(np.int64))
    unit = np.repeat(np.arange(most.size), most)
    further = np.arange(unit.size) - np.repeat(np.cumsum(most) - most, most) + 1
    critical = critical_counts(n_[unit] + further, N_[unit], bar=bar, alpha=alpha)
    chance = _binomial_at_most(
        critical.most_dissatisfied - (n_ - x_)[unit], further, 1 - silent_rate
    ) + _binomial_at_most(critical.most_satisfied - x_[unit], further, silent_rate)
    best = decided.astype(np.float64)
    np.maximum.at(best, unit, chance)
    enough = np.flatnonzero(chance >= wanted_chance)
    # The lines of a unit rise with the answers: written backwards, the least that is enough stays.
    enough = enough[::-1]
    answers = np.zeros(most.size, dtype=np.int64)
    answers[unit[enough]] = further[enough]
    best[unit[enough]] = chance[enough]
    n_reminders = np.ceil(answers / reply_rate - 1e-9).astype(np.int64)

    first = np.lexsort((-best, n_reminders))
    first = first[n_reminders[first] > 0]
    priority = np.zeros(most.size, dtype=np.int64)
    priority[first] = np.arange(1, first.size + 1)
    return Reminders(
        n_reminders.reshape(x.shape)[()],
        best.reshape(x.shape)[()],
        priority.reshape(x.shape)[()],
    )


def _binomial_at_most(most: Integers, trials: Integers, share: float) -> Floats:
    inside = np.clip(most, 0, trials - 1)
    tail = special.betainc(trials - inside, inside + 1, 1 - share)
    return np.where(most < 0, 0.0, np.where(most >= trials, 1.0, tail))
