"""Verdicts of the roles in a branch and of the branch as a whole, by one joint rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.counts import check_counts, ordered_counts
from analysis.hypergeometric import upper_tail
from analysis.strata import stratified_interval
from analysis.verdicts import Verdicts, bar_count, judge, side_level

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
UnionRule = Literal["stratified", "pooled"]


class RoleVerdicts(NamedTuple):
    """Verdicts of roles, of everyone together, and of the joint rule; r roles."""

    overall: NDArray[np.str_]
    """Joint verdict, shape (...)."""
    union: NDArray[np.str_]
    """Verdict of everyone on the roster, shape (...)."""
    roles: Verdicts
    """Verdict of each role with its p-values, arrays of shape (..., r)."""


class VerdictChances(NamedTuple):
    """Chance of each joint verdict at a supposed truth."""

    meets: float
    below: float
    inconclusive: float


def judge_roles(
    n_satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
    union: UnionRule = "stratified",
) -> RoleVerdicts:
    """Judge each role, everyone together, and the branch by the joint rule.

    The branch *meets* the bar where everyone together meets it and no role is *below*; it is
    *below* where everyone together is below; otherwise it is *inconclusive*.

    Parameters
    ----------
    n_satisfied, n_valid, population : array_like of int, shape (..., r)
        Counts x, n, N of the roles of each branch, 0 <= x <= n <= N; broadcast together.
    bar : str, float or Fraction
        Share in (0, 1], read as the exact decimal that is written.
    alpha : float, str or Fraction
        Level of every verdict, in (0, 1/2).
    union : {"stratified", "pooled"}
        ``"stratified"`` (two roles) judges everyone by the exact interval of the two strata at
        1 - 2 alpha, right however often each role answered; ``"pooled"`` adds the counts and
        judges the sum, right only where the roles answered equally often.

    Returns
    -------
    RoleVerdicts
        Verdicts of shape (...) and, of the roles, (..., r).

    Raises
    ------
    ValueError
        If counts are not whole, negative or out of order (the first bad unit is named), the
        roles are missing, or another argument is out of range.

    Notes
    -----
    The truth that `overall` speaks of is everyone's: K_1 + ... + K_r against the bar. A role
    that is below can only take a *meets* away, so that a wrong *meets* is no likelier than
    without the roles, and a wrong *below* exactly as likely; `role_verdict_chances` and
    `worst_role_errors` compute how likely. It does not say that each role meets the bar:
    a small role that falls short need not be found *below*.

    References
    ----------
    Berger, R. L. (1982). Multiparameter hypothesis testing and acceptance sampling.
    Technometrics 24, 295 (verdicts that require several tests at once).

    Examples
    --------
    Everyone together meets the bar, but the Party members do not.

    >>> judged = judge_roles([[10, 78], [18, 78]], [20, 80], [20, 80], bar="0.85")
    >>> judged.overall, judged.union
    (array(['inconclusive', 'meets'], dtype='<U12'), array(['meets', 'meets'], dtype='<U12'))
    >>> judged.roles.verdict
    array([['below', 'meets'],
           ['meets', 'meets']], dtype='<U12')
    """
    if union not in get_args(UnionRule):
        raise ValueError(f"union={union!r} is not one of {', '.join(get_args(UnionRule))}")
    x, n, N = check_counts(n_satisfied, n_valid, population)
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError("the last axis must hold the roles")
    roles = judge(x, n, N, bar=bar, alpha=alpha)
    if union == "pooled":
        together = judge(x.sum(axis=-1), n.sum(axis=-1), N.sum(axis=-1), bar=bar, alpha=alpha)
        of_union = together.verdict
    else:
        interval = stratified_interval(x, n, N, level=1 - 2 * side_level(alpha))
        K0 = bar_count(N.sum(axis=-1), bar)
        of_union = np.full(x.shape[:-1], "inconclusive", dtype="<U12")
        of_union = np.where(interval.low_count >= K0, "meets", of_union)
        of_union = np.where(interval.high_count < K0, "below", of_union)
        of_union = np.where(n.sum(axis=-1) > 0, of_union, "inconclusive")[()]
    vetoed = (of_union == "meets") & (roles.verdict == "below").any(axis=-1)
    return RoleVerdicts(np.where(vetoed, "inconclusive", of_union)[()], of_union, roles)


def role_verdict_chances(
    satisfied: ArrayLike,
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
    union: UnionRule = "stratified",
) -> VerdictChances:
    """Compute the chance of each joint verdict of one branch by going through all outcomes.

    Parameters
    ----------
    satisfied : array_like of int, shape (r,)
        Supposed number K_h satisfied among all N_h people of each role.
    n_valid, population : array_like of int, shape (r,)
        Valid answers n_h and people N_h of each role.
    bar, alpha, union
        As in `judge_roles`.

    Returns
    -------
    VerdictChances
        Three chances that add up to 1.

    Raises
    ------
    ValueError
        As `judge_roles`.

    References
    ----------
    Berger, R. L. (1982). Multiparameter hypothesis testing and acceptance sampling.
    Technometrics 24, 295.

    Examples
    --------
    Both roles of 40 people lie just below the bar and half of each answered.

    >>> chances = role_verdict_chances([35, 36], [20, 20], [40, 40])
    >>> round(chances.meets, 4), round(chances.below, 4)
    (0.0149, 0.0784)
    """
    n, N = ordered_counts(n_valid=n_valid, population=population)
    K, N = ordered_counts(satisfied=satisfied, population=N)
    verdict = _verdict_of_every_outcome(n, N, bar, alpha, union)
    return _chances(verdict, K, n, N)


def worst_role_errors(
    n_valid: ArrayLike,
    population: ArrayLike,
    *,
    bar: str | float | Fraction = "0.9",
    alpha: float | str | Fraction = 0.05,
    union: UnionRule = "stratified",
) -> tuple[float, float]:
    """Compute the greatest chances of a wrong joint verdict on one branch of two roles.

    Parameters
    ----------
    n_valid, population : array_like of int, shape (2,)
        Valid answers n_h and people N_h of each role.
    bar, alpha, union
        As in `judge_roles`.

    Returns
    -------
    tuple of float
        Greatest chance of *meets* though K_1 + K_2 misses the bar, and of *below* though it
        meets the bar, over all K_1, K_2. Both verdicts being monotone in every answer, the
        first is greatest one person short of the bar and the second on the bar.

    Raises
    ------
    ValueError
        As `judge_roles`; if there are not two roles.

    References
    ----------
    Berger, R. L. (1982). Multiparameter hypothesis testing and acceptance sampling.
    Technometrics 24, 295.

    Examples
    --------
    Where only the smaller role answered well, pooling is no longer safe; strata are.

    >>> worst_role_errors([25, 30], [30, 90], union="pooled")
    (0.119..., 0.931...)
    >>> worst_role_errors([25, 30], [30, 90])
    (0.042..., 0.048...)
    """
    n, N = ordered_counts(n_valid=n_valid, population=population)
    if n.shape != (2,):
        raise ValueError(f"there must be two roles, not an array of shape {n.shape}")
    verdict = _verdict_of_every_outcome(n, N, bar, alpha, union)
    K0 = int(bar_count(N.sum(), bar))
    worst = []
    for total, wrong in ((K0 - 1, "meets"), (K0, "below")):
        first = np.arange(max(0, total - N[1]), min(N[0], total) + 1)
        errors = [getattr(_chances(verdict, np.array([k, total - k]), n, N), wrong) for k in first]
        worst.append(max(errors, default=0.0))
    return worst[0], worst[1]


def _verdict_of_every_outcome(
    n: Integers,
    N: Integers,
    bar: str | float | Fraction,
    alpha: float | str | Fraction,
    union: UnionRule,
) -> NDArray[np.str_]:
    outcomes = np.stack(np.meshgrid(*(np.arange(m + 1) for m in n), indexing="ij"), axis=-1)
    return judge_roles(outcomes, n, N, bar=bar, alpha=alpha, union=union).overall


def _chances(verdict: NDArray[np.str_], K: Integers, n: Integers, N: Integers) -> VerdictChances:
    chance = np.ones(())
    for k, draws, people in zip(K, n, N, strict=True):
        from_x = np.arange(draws + 2)
        tail = upper_tail(from_x, *(np.full(from_x.shape, value) for value in (people, k, draws)))
        chance = np.multiply.outer(chance, -np.diff(tail))
    return VerdictChances(
        *(float(chance[verdict == name].sum()) for name in ("meets", "below", "inconclusive"))
    )
