"""Choose which groups of a system of tables to hide so that small ones cannot be worked out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from survey.privacy.alternatives import (
    TOLERANCE,
    Alternatives,
    Floats,
    Mask,
    Tables,
    cheapest_change,
)

_MAX_ROUNDS = 40


def suppress(tables: Tables, min_cell: int, width: int = 0) -> Mask:
    """Find the groups that may be shown.

    Parameters
    ----------
    tables : Tables
        What would be published.
    min_cell : int
        Groups of 1 to ``min_cell - 1`` respondents are hidden.
    width : int
        A group is hidden, too, where it alone would bound a small group inside it to fewer than
        ``width + 1`` values (fewer than all, if the small group has fewer).

    Returns
    -------
    ndarray of bool of shape (n_groups,)
        True where the group is shown.

    Notes
    -----
    The rule, for every hidden group of fewer than `min_cell` respondents, and for every difference
    of shown groups of that size: all shown figures together bound its number of satisfied people
    no more tightly than the single shown groups that contain it do, and leave at least two values.
    Every other hidden group keeps at least two values.

    For a group that breaks the rule, the cheapest other table that agrees with what stays
    shown is found by a linear programme, and the groups that it changes are hidden too.

    References
    ----------
    Kelly, Golden, Assad (1992), Cell suppression: disclosure protection for sensitive tabular
    data, Networks 22. Fischetti, Salazar (2001), Solving the cell suppression problem on tabular
    data with linear constraints, Management Science 47.

    Examples
    --------
    Three branches, of which one has two respondents: a second one must go with it.

    >>> members = sparse.csr_array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> tables = Tables(members, np.array([2.0, 20, 30]), np.array([1.0, 18, 25]),
    ...     loss=np.array([np.inf, 2, 20, 30]), has_row=np.ones(4, dtype=bool),
    ...     partitions=(np.array([False, True, True, True]),))
    >>> suppress(tables, min_cell=5)
    array([ True, False, False,  True])
    """
    n = tables.members @ tables.n
    shown: Mask = (tables.has_row & ((n >= min_cell) | (n == 0))) | np.isinf(tables.loss)
    # What protects the counts mostly protects the points too, and is found much sooner.
    for known in (replace(tables, points=None), tables):
        shown = _complement(known, shown, min_cell, width)
    return shown


def _complement(tables: Tables, shown: Mask, min_cell: int, width: int) -> Mask:
    """Hide further groups until the rule holds."""
    rng = np.random.default_rng(0)
    while True:
        shown = _hide_unanimous(tables, _with_remainders(tables, shown), min_cell, width)
        shown = _hide_lone(tables, shown, min_cell)
        targets = _targets(tables, shown, min_cell)
        before = shown
        for i, amount in _failing(tables, shown, targets, rng):
            partners = cheapest_change(tables, shown, targets.rows[[i]], amount)
            # None: the figures that are always shown say so together, whatever else is hidden.
            shown = shown if partners is None else shown & ~partners
        if (shown == before).all():
            return shown


def _with_remainders(tables: Tables, shown: Mask) -> Mask:
    """Tell whether the people in none of a table's groups are known by subtraction."""
    shown = shown.copy()
    for partition in tables.partitions:
        remainder = partition & np.isinf(tables.loss)
        shown[remainder] = shown[0] and shown[partition & ~remainder].all()
    return shown


@dataclass(frozen=True)
class _Targets:
    """Combinations of atoms to be protected, and how far each must be able to move from x."""

    rows: Any
    down: Floats
    up: Floats
    is_small: Mask


def _protected(tables: Tables, shown: Mask, min_cell: int) -> tuple[Any, Mask]:
    """Give hidden groups and small differences of shown ones, and which of them are small."""
    n = tables.members @ tables.n
    hidden = ~shown & (n > 0) & (tables.has_row | (n < min_cell))
    small = hidden & (n < min_cell)
    pools = _small_pools(tables, shown, min_cell)
    rows = sparse.vstack([tables.members[np.flatnonzero(hidden)], pools], format="csr")
    return rows, np.concatenate([small[hidden], np.ones(pools.shape[0], dtype=bool)])


def _small_pools(tables: Tables, shown: Mask, min_cell: int) -> Any:
    """Give what is left of a shown group after the shown groups inside it, where that is small."""
    members = tables.members
    single, unknown = tables.single, 1.0 * tables.unknown(shown)
    everyone = sparse.csr_array(members[[0]])
    pools = [members[np.flatnonzero(shown & ~single)].multiply(unknown[None, :])]
    for partition in tables.partitions:
        outside = 1.0 - members.T @ (shown & partition)
        pools += [everyone.multiply(outside[None, :])] * bool(shown[0])
        pools += [everyone.multiply((outside * unknown)[None, :])] * bool(shown[0])
    stacked = sparse.csr_array(sparse.vstack(pools, format="csr"))
    n = stacked @ tables.n
    return stacked[np.flatnonzero((n > 0) & (n < min_cell))]


def _own_bounds(tables: Tables, shown: Mask, rows: Any) -> tuple[Floats, Floats, Any, Floats]:
    """Bound each row by the single shown groups that contain it."""
    groups = np.flatnonzero(shown)
    inside = tables.members[groups]
    n_row, n_group, x_group = rows @ tables.n, inside @ tables.n, inside @ tables.x
    overlap = sparse.coo_array(rows @ inside.T)
    contains = overlap.data >= np.asarray(rows.sum(axis=1)).ravel()[overlap.row]
    row, column = overlap.row[contains], overlap.col[contains]
    low, high = np.zeros(len(n_row)), n_row.copy()
    np.maximum.at(low, row, x_group[column] - n_group[column] + n_row[row])
    np.minimum.at(high, row, x_group[column])
    pair_low = np.maximum(0, x_group[column] - n_group[column] + n_row[row])
    pair_width = np.minimum(n_row[row], x_group[column]) - pair_low
    return low, high, (row, groups[column]), pair_width


def _hide_unanimous(tables: Tables, shown: Mask, min_cell: int, width: int) -> Mask:
    """Hide groups whose answers are so alike that they tell those of a hidden group inside."""
    while True:
        rows, small = _protected(tables, shown, min_cell)
        low, high, (row, group), pair_width = _own_bounds(tables, shown, rows)
        wanted = np.minimum(np.where(small, width, min(width, 1)), rows @ tables.n)
        hideable = np.isfinite(tables.loss[group])
        telling = hideable & (pair_width < wanted[row] - TOLERANCE)
        if not telling.any():
            # Two groups, of which one bounds from above and the other from below.
            open_to_all = np.ones(len(wanted), dtype=bool)
            open_to_all[row[~hideable & (pair_width < wanted[row] - TOLERANCE)]] = False
            telling = (
                hideable & (open_to_all & (high - low < np.minimum(1, wanted) - TOLERANCE))[row]
            )
        if not telling.any():
            return shown
        shown = shown.copy()
        shown[group[telling]] = False


def _hide_lone(tables: Tables, shown: Mask, min_cell: int) -> Mask:
    """Hide a second cell wherever a shown group of the first partition lacks only small ones."""
    single = tables.single
    while True:
        n_unknown = tables.members @ (tables.n * tables.unknown(shown))
        lacking = shown & tables.partitions[0] & (n_unknown > 0) & (n_unknown < min_cell)
        cells = np.flatnonzero(shown & single & (tables.members @ tables.n > 0))
        parent = (tables.members[cells] @ tables.members[np.flatnonzero(lacking)].T).tocoo()
        if not parent.nnz:
            return shown
        order = np.argsort(tables.loss[cells[parent.row]], kind="stable")
        _, first = np.unique(parent.col[order], return_index=True)
        shown = shown.copy()
        shown[cells[parent.row[order[first]]]] = False


def _targets(tables: Tables, shown: Mask, min_cell: int) -> _Targets:
    rows, small = _protected(tables, shown, min_cell)
    low, high, _, _ = _own_bounds(tables, shown, rows)
    x = rows @ tables.x
    down, up = np.maximum(x - low, 0), np.maximum(high - x, 0)
    return _Targets(rows, down, up, small)


def _failing(
    tables: Tables, shown: Mask, targets: _Targets, rng: np.random.Generator
) -> list[tuple[int, float]]:
    """Look for rows that shown figures bound too tightly: each with the move it must make."""
    reach = _Reach(targets, np.zeros(len(targets.up)), np.zeros(len(targets.up)))
    unknown = np.flatnonzero(tables.unknown(shown))
    _explore(tables, shown, reach, unknown, rng)
    lacks_up, lacks_down = reach.lacking()
    failing: list[tuple[int, float]] = []
    # Small groups first: what is hidden for them often frees the larger ones as well.
    for i in np.lexsort((targets.rows @ tables.n, ~targets.is_small)):
        if targets.is_small[i]:
            failing += [(i, targets.up[i])] * bool(lacks_up[i])
            failing += [(i, -targets.down[i])] * bool(lacks_down[i])
        elif lacks_up[i]:
            failing.append((i, 1.0 if targets.up[i] >= 1 else -1.0))
    return failing


@dataclass
class _Reach:
    """How far each protected row was seen to move."""

    targets: _Targets
    least: Floats
    most: Floats

    def lacking(self) -> tuple[Mask, Mask]:
        """Tell which rows still have to move up, and which down."""
        small, up, down = self.targets.is_small, self.targets.up, self.targets.down
        stuck = ~small & (self.most - self.least < np.minimum(1, up + down) - TOLERANCE)
        lacks_up = (small & (self.most < up - TOLERANCE)) | stuck
        return lacks_up, (small & (self.least > -down + TOLERANCE)) | stuck


def _explore(
    tables: Tables,
    shown: Mask,
    reach: _Reach,
    atoms: NDArray[np.intp],
    rng: np.random.Generator,
) -> None:
    """Move the rows that lie within some atoms as far as the shown figures allow.

    Feasible tables far out in random directions prove most rows free at once; only what they leave
    open is asked for by a programme of its own.
    """
    program = Alternatives(tables, atoms)
    equations = tables.members[np.flatnonzero(shown & ~tables.single)][:, atoms]
    equations = program.widen(equations[np.flatnonzero(equations.sum(axis=1))])
    rows = reach.targets.rows[:, atoms]
    inside = rows.sum(axis=1) > 0

    def try_direction(weights: Floats) -> None:
        moved = rows @ program.farthest(equations, rows.T @ weights)
        np.minimum(reach.least, moved, out=reach.least)
        np.maximum(reach.most, moved, out=reach.most)

    n_open = -1
    for _ in range(_MAX_ROUNDS):
        up, down = (side & inside for side in reach.lacking())
        if n_open == (n_open := int(up.sum() + down.sum())) or not n_open:
            break
        side = np.where(up & down, rng.choice([-1.0, 1.0], len(up)), 1.0 * up - 1.0 * down)
        try_direction(side * rng.uniform(0.5, 1, len(up)))
        if (up & down).any():
            try_direction(-side * rng.uniform(0.5, 1, len(up)) * (up & down))
    for place, sign in ((0, 1.0), (1, -1.0)):
        for i in np.flatnonzero(reach.lacking()[place] & inside):
            if reach.lacking()[place][i]:
                try_direction(np.where(np.arange(len(inside)) == i, sign, 0.0))
