"""Thresholds for looks that were announced: several verdicts on one survey, one error for all.

Whoever looks at a survey while it runs, and stops where a verdict has appeared, errs more often
than one look allows: six looks, each at 5 %, err in up to 13 %. Here the error is shared out among
the looks beforehand (Lan and DeMets 1983), and each threshold is found by counting: answers come in
an order that has nothing to do with what they say, so that the D dissatisfied of N people may lie
among them in comb(N, D) ways, each as likely as any other. Ways are counted in whole numbers;
nothing is rounded.

**What was measured** (``tests/simulations/enumerate_looks.py``: every N from 8 to 300, one to six
looks between 30 and 80 % of the people): the greatest error is .0500 on either side. Of 150 people
of whom 95 % are satisfied six looks ask .51 and one asks .80 before the verdict, which comes for
certain either way; of 40 people three looks decide in .42 of cases, one in all. Where each look is
judged alone at what it adds to the error, as it has to be over roles, three looks decide .63 of
branches of 80 people of whom 95 % are satisfied in place of all; with 40, 150 or 300 people, or 98
or 80 % satisfied, they decide as many, and ask .02 more at most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.design.planning import CriticalCounts
from analysis.proportions.verdicts import bar_count, side_level

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Course(NamedTuple):
    """How a unit with looks is decided; arrays of shape (n_looks,)."""

    meets: Floats
    """Chance of *meets* at each look, none before."""
    below: Floats
    """Chance of *below* at each look, none before."""


def spending(n_looks: int, alpha: float | str | Fraction = 0.05) -> tuple[Fraction, ...]:
    """Share an error out among looks.

    Parameters
    ----------
    n_looks : int
        Looks announced, at least one.
    alpha : float, str or Fraction
        Error on either side in all, in (0, 1/2).

    Returns
    -------
    tuple of Fraction
        Error that may have been spent after each look; the last is `alpha`.

    Raises
    ------
    ValueError
        If there is no look or `alpha` is out of range.

    Notes
    -----
    alpha ln(1 + (e - 1) k / n_looks) after look k. Time counts looks and not answers, so that
    nothing but the announcement decides what may be spent.

    References
    ----------
    Lan, K. K. G. and DeMets, D. L. (1983). Discrete sequential boundaries for clinical trials.
    Biometrika 70, 659: the second of their functions, near to Pocock's boundary. Their first, near
    to O'Brien and Fleming's, lets surveys go on for longer: .56 of 150 people against .41 at looks
    of 40, 60 and 80 % with 98 % satisfied.

    Examples
    --------
    >>> [round(float(error), 4) for error in spending(3)]
    [0.0226, 0.0382, 0.05]
    """
    level = side_level(alpha)
    if n_looks < 1:
        raise ValueError(f"n_looks={n_looks} must be at least 1")
    early = [float(level) * math.log1p((math.e - 1) * k / n_looks) for k in range(1, n_looks)]
    return (*map(Fraction, early), level)


def thresholds(
    n_valid: Sequence[int],
    population: int,
    spent: Sequence[Fraction],
    *,
    bar: str | float | Fraction = "0.9",
) -> CriticalCounts:
    """Find the answers that decide one unit at each of its looks.

    Parameters
    ----------
    n_valid : sequence of int
        Valid answers at each look, 0 <= n_1 <= n_2 <= … <= N. They may be found out as the looks
        come: a threshold depends on the looks up to its own.
    population : int
        People N, at least 1.
    spent : sequence of Fraction
        Error that may have been spent after each look, see `spending`.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.

    Returns
    -------
    CriticalCounts
        Arrays of shape (n_looks,). A unit is decided at the first look at which one of them holds.

    Raises
    ------
    ValueError
        If nobody is there, the counts are out of order or `bar` is out of range.

    Notes
    -----
    With K0 the least count that meets the bar, P(any *meets* by look k) <= spent_k where K0 - 1
    are satisfied, and P(any *below*) likewise where K0 are. A satisfied person in place of a
    dissatisfied one lowers no count of satisfied answers, so that these are the worst cases of
    their hypotheses. Each side is computed as if the other did not stop the survey: the errors hold
    whether or not one goes on after a verdict. At one look this is the rule of
    `analysis.proportions.verdicts.judge`. Work grows with (N - K0)^2: seconds at 3,000 people.

    References
    ----------
    Lan and DeMets (1983), as in `spending`. Jennison, C. and Turnbull, B. W. (2000). Group
    sequential methods with applications to clinical trials, ch. 12: exact binomial designs.

    Examples
    --------
    Looks at 40, 60 and 80 % of 100 people. One look at 80 allows 6 dissatisfied.

    >>> found = thresholds([40, 60, 80], 100, spending(3))
    >>> found.most_dissatisfied, found.most_satisfied
    (array([0, 3, 5]), array([32, 50, 69]))
    """
    counts, N = tuple(n_valid), population
    if (
        N < 1
        or len(counts) != len(spent)
        or any(later < earlier for earlier, later in zip((0, *counts), (*counts, N), strict=True))
    ):
        raise ValueError(f"n_valid={counts} must rise to at most {N} > 0, one a look")
    K0 = int(bar_count(N, bar))
    few = _boundary(counts, N, N - K0 + 1, tuple(spent), True)
    many = _boundary(counts, N, N - K0, tuple(spent), False)
    return CriticalCounts(np.array(few), np.maximum(np.array(counts) - many, -1))


def course(
    n_valid: Sequence[int], population: int, satisfied: int, critical: CriticalCounts
) -> Course:
    """Compute when one unit is decided, and how, if `satisfied` of its people are satisfied.

    Parameters
    ----------
    n_valid : sequence of int
        Valid answers at each look, as in `thresholds`.
    population, satisfied : int
        N and the supposed K, 0 <= K <= N.
    critical : CriticalCounts
        Answers that decide, one a look.

    Returns
    -------
    Course
        The survey ends for the unit at its first verdict.

    Examples
    --------
    Of 100 people 97 are satisfied.

    >>> found = course([40, 60, 80], 100, 97, thresholds([40, 60, 80], 100, spending(3)))
    >>> found.meets.round(3)
    array([0.212, 0.788, 0.   ])
    """
    D, N = population - satisfied, population
    ways, before = np.array([1], dtype=object), 0
    found = np.zeros((2, len(n_valid)))
    for look, n in enumerate(n_valid):
        ways, paths = _arrivals(ways, before, n, N, D)
        d = np.arange(len(ways))
        meets, below = d <= critical.most_dissatisfied[look], n - d <= critical.most_satisfied[look]
        for side, decided in enumerate((meets, below)):
            found[side, look] = Fraction(int(paths[decided].sum()), math.comb(N, D))
        ways[meets | below] = 0
        before = n
    return Course(*found)


@lru_cache(maxsize=65_536)
def _boundary(
    n_valid: tuple[int, ...], N: int, D: int, spent: tuple[Fraction, ...], few: bool
) -> tuple[int, ...]:
    """Give the greatest d that is few enough at each look, or the least that is too many."""
    ways, before = np.array([1], dtype=object), 0
    used, found = 0, []
    for n, error in zip(n_valid, spent, strict=True):
        ways, paths = _arrivals(ways, before, n, N, D)
        order = slice(None) if few else slice(None, None, -1)
        reached = np.cumsum(paths[order])
        crossed = int(np.sum(reached <= math.floor(error * math.comb(N, D)) - used))
        used += int(reached[crossed - 1]) if crossed else 0
        ways[order][:crossed] = 0
        found.append(crossed - 1 if few else D + 1 - crossed)
        before = n
    return tuple(found)


def _arrivals(
    ways: NDArray[np.object_], before: int, n: int, N: int, D: int
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Count the ways to d dissatisfied among n answers, and those to all N people through them."""
    step = np.array([math.comb(n - before, k) for k in range(D + 1)], dtype=object)
    ways = np.convolve(ways, step)[: D + 1]
    return ways, ways * np.array([math.comb(N - n, D - d) for d in range(D + 1)], dtype=object)
