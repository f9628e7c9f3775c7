"""What is withheld: decided on numbers of valid answers alone, before anything is estimated.

The rule, for a least number of answers `min_cell` (m):

1. A unit with 1 … m-1 valid answers is withheld (`FEW`). Below m in all there is no report.
2. In a partition of the whole (branches; roles) the withheld units number at least two, and m
   answers together; otherwise the smallest other unit goes with them (`PARTNER`). People who named
   no unit are one more unit without a row.
3. The least important goes first, see `PRIORITY`. A role that would be a partner loses its
   figures; its verdict is what published totals say of it, often that it is open.
4. The crossing of branch and role shows a row only where each of its cells has none or 2 m answers.
   If it hides any row it hides six, the smallest first, and 8 m answers in every column that could
   be worked out; otherwise the whole table. Rows of one cell say no more than their branch: they
   neither count nor need protection. With fewer than twelve branches there is no such table, and
   roles have no figures where one of its cells has 1 … m-1 answers.
5. An item is shown by branch where the branch is and m of its people answered it; the branches that
   do not show it number six and 8 m answers together, or nobody shows it.

Nobody is told who left branch or role blank. Inside a branch they count as one more role; in the
whole university they need m answers but no 8 m.

Why six rows and 8 m: at a bar of 90 % neighbours are often unanimous, and whole numbers then say
more than equations do. What is left of that is looked for by `survey.privacy.audit`.

Sources: Cox (1980) and Kelly, Golden and Assad (1992) on complementary suppression; Gusfield
(1988) on what the margins of a table determine; Wong, Fu, Wang and Pei (2007) on why answers may
not decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from survey.settings import USUAL_MIN_CELL

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Reasons = NDArray[np.str_]

FEW, PARTNER, SHOWN = "few", "partner", ""
PRIORITY = ("branch × role", "item by branch", "further groupings", "branch", "figures of a role")
"""What is given up to protect others, the least important first; roles' verdicts never are."""
LEAST_BRANCHES = 12
LEAST_ROWS = 6
ROW_FACTOR, POOL_FACTOR = 2, 8


@dataclass(frozen=True)
class Pattern:
    """What of the satisfaction tables is withheld."""

    # for every unit `SHOWN`, `FEW` or `PARTNER`. A role that is `PARTNER` has its verdict alone.
    branches: Reasons
    roles: Reasons
    crossing: Mask  # shape (n_branches,): branches whose roles are not told


def pattern(n: Integers, *, min_cell: int) -> Pattern:
    """Decide what is withheld of a table of branches and roles and of its margins.

    Parameters
    ----------
    n : ndarray of int of shape (n_branches + 1, n_roles + 1)
        Valid answers. The last row holds people of no known branch, the last column people of no
        known role; without roles it is the only one.
    min_cell : int
        Least number of answers of a published figure, at least 1.

    Returns
    -------
    Pattern
        From the usual least number on, a higher `min_cell` withholds whatever a lower one does.

    Examples
    --------
    Three answers in the first branch: the smallest other one goes with it.

    >>> pattern(np.array([[3], [20], [9], [0]]), min_cell=5).branches.tolist()
    ['few', '', 'partner']
    """
    branches = partition(n[:-1].sum(axis=1), int(n[-1].sum()), min_cell=min_cell)
    roles = partition(n[:, :-1].sum(axis=0), int(n[:, -1].sum()), min_cell=min_cell)
    n_branches = int((n[:-1].sum(axis=1) > 0).sum())
    cells = n[:, :-1]
    small_cell = bool(((cells > 0) & (cells < min_cell)).any())
    if _is_told(n, min_cell) or (n_branches < LEAST_BRANCHES and small_cell):
        roles = np.where(roles == FEW, FEW, PARTNER)
    crossing = np.full(len(branches), n_branches < LEAST_BRANCHES)
    for least in range(min(USUAL_MIN_CELL, min_cell), min_cell + 1):
        crossing |= _crossing(n, least)
    return Pattern(branches, roles, crossing)


def partition(n: Integers, rest: int = 0, *, min_cell: int) -> Reasons:
    """Decide which units of a partition are withheld.

    Parameters
    ----------
    n : ndarray of int of shape (n_units,)
        Valid answers of each unit.
    rest : int
        Valid answers of people who are in the whole and in no unit.
    min_cell : int
        Least number of answers of a published figure.

    Returns
    -------
    ndarray of str of shape (n_units,)
        `SHOWN`, `FEW` or `PARTNER`. A unit without answers is shown: it has nothing to hide.

    Examples
    --------
    >>> partition(np.array([0, 2, 4, 30]), min_cell=5).tolist()
    ['', 'few', 'few', '']
    """
    few = (n > 0) & (n < min_cell)
    reasons = np.where(few, FEW, SHOWN).astype("<U7")
    others = np.flatnonzero((n > 0) & ~few)
    pool, n_units = int(n[few].sum()) + rest, int(few.sum()) + (rest > 0)
    is_told = n_units == 1 and few.any()
    if (is_told or 0 < pool < min_cell) and len(others):
        reasons[others[np.argmin(n[others])]] = PARTNER
    return reasons


def lacking(n: Integers, rest: int, place: int, *, min_cell: int) -> int | None:
    """Count the further answers that would let a withheld unit of a partition be shown.

    Parameters
    ----------
    n : ndarray of int of shape (n_units,)
        Valid answers of each unit.
    rest : int
        Valid answers of people who are in the whole and in no unit.
    place : int
        The unit.
    min_cell : int
        Least number of answers of a published figure.

    Returns
    -------
    int or None
        In the unit itself where it has too few, else in one of those that it protects; 0 where it
        is shown; None where it protects nobody but people of no unit.

    Examples
    --------
    >>> n = np.array([3, 20, 9])
    >>> [lacking(n, 0, place, min_cell=5) for place in range(3)]
    [2, 0, 2]
    """
    reasons = partition(n, rest, min_cell=min_cell)
    if reasons[place] == SHOWN:
        return 0
    givers = [place] if reasons[place] == FEW else np.flatnonzero(reasons == FEW).tolist()
    for more in range(1, int(n.max()) + min_cell + 1):
        for giver in givers:
            grown = n + more * (np.arange(len(n)) == giver)
            if partition(grown, rest, min_cell=min_cell)[place] == SHOWN:
                return more
    return None


def groupings(tables: Sequence[Integers], withheld: Mask, *, min_cell: int) -> list[Reasons]:
    """Decide on several groupings that are published together.

    Parameters
    ----------
    tables : sequence of ndarray of int of shape (n_branches + 1, n_units + 1)
        For each grouping the valid answers by branch and unit (college, year); the last row and
        column hold people of no known one.
    withheld : ndarray of bool of shape (n_branches,)
        Branches that are withheld.
    min_cell : int
        Least number of answers of a published figure.

    Returns
    -------
    list of ndarray of str of shape (n_units,)
        `SHOWN`, `FEW` or, where figures would give others away, `PARTNER`; in the order given.

    Notes
    -----
    Of groupings that branches belong to (college, campus) the finer are decided first. What a unit
    leaves over beside its shown branches and its shown finer units must be safe; where a finer
    grouping lies across it, units with a withheld branch keep their verdict alone.

    Examples
    --------
    A college of two departments of which one has four answers: the other keeps its verdict alone,
    for beside the college its figures would tell them.

    >>> college = np.array([[3, 0], [1, 0], [9, 0], [8, 0], [0, 0]])
    >>> departments = np.array([[3, 0, 0], [1, 0, 0], [0, 9, 0], [0, 8, 0], [0, 0, 0]])
    >>> few = np.array([True, True, True, False])
    >>> [made.tolist() for made in groupings([college, departments], few, min_cell=5)]
    [[''], ['few', 'partner']]
    """
    parents = [i for i, n in enumerate(tables) if ((n > 0).sum(axis=1) <= 1).all()]
    made = {i: _grouping(n, withheld, min_cell) for i, n in enumerate(tables) if i not in parents}
    decided: list[tuple[Integers, Mask]] = []  # unit of every branch, and whether it has figures
    for place in sorted(parents, key=lambda i: -tables[i].shape[1]):
        n = tables[place]
        unit = n[:-1].argmax(axis=1)
        known = n[:-1].sum(axis=1) > 0
        across = False
        left = withheld.copy()
        for finer, has_figures in decided:
            pairs = np.unique(np.column_stack([finer, unit])[known], axis=0)
            across |= len(pairs) > len(np.unique(pairs[:, 0]))
            left &= ~has_figures[finer]
        reasons = _grouping(n, left, min_cell)
        if across:
            touched = np.bincount(unit[withheld & known], minlength=n.shape[1])[:-1] > 0
            reasons = np.where(touched & (reasons == SHOWN), PARTNER, reasons)
        made[place] = reasons
        decided.append((unit, np.append(reasons == SHOWN, False)))
    return [made[place] for place in range(len(tables))]


def _grouping(n: Integers, withheld: Mask, min_cell: int) -> Reasons:
    """Decide on one grouping.

    Where branches belong to units (a college), those that a unit's figure leaves over beside its
    shown branches must be nobody, or two branches and `min_cell` answers; so must those of all
    units without figures together. Otherwise a unit is told by what a table of two ways tells.
    """
    sizes, rest = n[:, :-1].sum(axis=0), int(n[:, -1].sum())
    reasons = partition(sizes, rest, min_cell=min_cell)
    shown = reasons == SHOWN
    if ((n > 0).sum(axis=1) > 1).any():
        return np.where(shown & _is_told(n, min_cell), PARTNER, reasons)
    left = np.vstack([n[:-1][withheld], n[-1:]])[:, :-1]
    branches, people = (left > 0).sum(axis=0), left.sum(axis=0)

    def unsafe(n_branches: Integers, n_people: Integers) -> Mask:
        told: Mask = (n_people > 0) & ((n_branches < 2) | (n_people < min_cell))
        return told

    hidden = ~shown | unsafe(branches, people)
    for place in np.argsort(sizes, kind="stable"):
        if not unsafe(branches[hidden].sum(), people[hidden].sum()):
            break
        hidden[place] |= people[place] > 0
    return np.where(hidden & shown, PARTNER, reasons)


def withheld_statuses(n: Integers, withheld: Mask, *, min_cell: int) -> Mask:
    """Decide of which units nothing is said of answers left open, not even how many there are.

    Parameters
    ----------
    n : ndarray of int of shape (n_units,)
        Valid answers of each unit of a partition.
    withheld : ndarray of bool of shape (n_units,)
        Units that are withheld altogether.
    min_cell : int
        Least number of answers of a published figure.

    Returns
    -------
    ndarray of bool of shape (n_units,)
        Those withheld, all others of fewer than `min_cell` valid answers, none included, and the
        smallest beyond them until they number two and `min_cell` answers together.

    Examples
    --------
    >>> withheld_statuses(np.array([0, 9, 7]), np.zeros(3, dtype=bool), min_cell=5).tolist()
    [True, False, True]
    """
    hidden: Mask = withheld | (n < min_cell)
    for place in np.argsort(n, kind="stable"):
        if not hidden.any() or (hidden.sum() > 1 and n[hidden].sum() >= min_cell):
            break
        hidden[place] = True
    return hidden


def withheld_items(n: Integers, withheld: Mask, *, min_cell: int) -> Mask:
    """Decide which items are not shown for which branches.

    Parameters
    ----------
    n : ndarray of int of shape (n_branches + 1, n_items)
        Valid answers to every item; the last row holds people of no known branch.
    withheld : ndarray of bool of shape (n_branches,)
        Branches that are withheld themselves.
    min_cell : int
        Least number of answers of a published figure.

    Returns
    -------
    ndarray of bool of shape (n_branches, n_items)

    Examples
    --------
    Four answers are hidden among those of the five smallest others.

    >>> n = np.array([[4], [9], [9], [9], [9], [9], [9], [0]])
    >>> withheld_items(n, np.zeros(7, dtype=bool), min_cell=5)[:, 0].tolist()
    [True, True, True, True, True, True, False]
    """
    forced = np.append(withheld, True)[:, np.newaxis] & (n > 0)
    hidden = np.zeros(n.shape, dtype=bool)
    for least in range(min(USUAL_MIN_CELL, min_cell), min_cell + 1):
        size = np.where(forced, 0, n)
        order = np.argsort(np.where(n > 0, size, n.max(initial=0) + 1), axis=0, kind="stable")
        sorted_n = np.take_along_axis(n, order, axis=0)
        wanted = ((n > 0) & (size < least)).sum(axis=0)
        length = np.arange(1, len(n) + 1)[:, np.newaxis]
        enough = (length >= LEAST_ROWS) & (sorted_n.cumsum(axis=0) >= POOL_FACTOR * least)
        enough &= (length >= wanted) & (sorted_n > 0)
        reach = np.where(enough.any(axis=0), enough.argmax(axis=0) + 1, len(n))
        place = np.empty_like(order)
        np.put_along_axis(place, order, np.broadcast_to(length - 1, n.shape), axis=0)
        hidden |= (place < reach) & (wanted > 0)
    of_branches: Mask = hidden[:-1]
    return of_branches


def _crossing(n: Integers, least: int) -> Mask:
    """Decide which rows of the crossing are hidden where `least` answers may be told."""
    withheld = partition(n[:-1].sum(axis=1), int(n[-1].sum()), min_cell=least) != SHOWN
    hidden_roles = partition(n[:, :-1].sum(axis=0), int(n[:, -1].sum()), min_cell=least) != SHOWN
    # Withheld branches are known by their sum alone, and so are roles without figures.
    pool = np.append(withheld, True)
    rows = np.vstack([n[~pool], n[pool].sum(axis=0)])
    is_mixed = (rows > 0).sum(axis=1) > 1
    smallest = np.where(rows > 0, rows, np.iinfo(np.int64).max).min(axis=1)
    smallest[-1] = 0
    order = np.flatnonzero(is_mixed)[np.argsort(smallest[is_mixed], kind="stable")]
    wanted = int((smallest[order] < ROW_FACTOR * least).sum())
    hidden: Mask = withheld.copy()
    if not wanted:
        return hidden
    known = rows[order][:, :-1]
    merged = known[:, hidden_roles].sum(axis=1, keepdims=True) + (
        rows[order][:, -1:] if hidden_roles.any() else 0
    )
    told = _told(np.hstack([known[:, ~hidden_roles], merged])).cumsum(axis=0)
    enough = ((told == 0) | (told >= POOL_FACTOR * least)).all(axis=1)
    length = np.arange(1, len(order) + 1)
    reach = np.flatnonzero(enough & (length >= max(wanted, LEAST_ROWS)))
    if not len(reach):
        return np.ones_like(hidden)
    gone = np.zeros(len(rows), dtype=bool)
    gone[order[: reach[0] + 1]] = True
    hidden[~withheld] |= gone[:-1]
    return hidden


def _is_told(n: Integers, min_cell: int) -> bool:
    """Tell whether the totals of branches and roles single out a group of a few."""
    for least in range(min(USUAL_MIN_CELL, min_cell), min_cell + 1):
        sizes, rest = n[:, :-1].sum(axis=0), int(n[:, -1].sum())
        hidden = partition(sizes, rest, min_cell=least) != SHOWN
        # roles without figures are known by their sum alone, with those who named none
        merged = n[:, :-1][:, hidden].sum(axis=1) + n[:, -1]
        rows = np.column_stack([n[:, :-1][:, ~hidden], merged])
        # and so are withheld branches
        pool = partition(n[:-1].sum(axis=1), int(n[-1].sum()), min_cell=least) != SHOWN
        pool = np.append(pool, True)
        rows = np.vstack([rows[~pool], rows[pool].sum(axis=0)])
        told = _told(rows[(rows > 0).sum(axis=1) > 1]).sum(axis=0)
        if ((told > 0) & (told < least)).any():
            return True
    return False


def _told(rows: Integers) -> Integers:
    """Count the people whom the margins single out, row by row, for every set of columns.

    The totals of all rows that touch a set of columns, less the totals of these columns, leave
    those of other columns in the same rows, and no other difference leaves people of one sign.
    """
    rows = rows[:, rows.any(axis=0)]
    n_columns = rows.shape[1]
    if n_columns < 2:
        return np.zeros((len(rows), 1), dtype=np.int64)
    chosen = np.array(
        [c for c in product([False, True], repeat=min(n_columns, 10)) if any(c) and not all(c)],
        dtype=bool,
    ).reshape(-1, min(n_columns, 10))
    chosen = np.pad(chosen, ((0, 0), (0, n_columns - chosen.shape[1])))
    inside = (rows > 0).astype(np.int64) @ chosen.T.astype(np.int64) > 0
    return inside * (rows @ (~chosen).T.astype(np.int64))
