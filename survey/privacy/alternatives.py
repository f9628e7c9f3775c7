"""Find other tables that agree with the published ones, and how far hidden counts can move.

Respondents fall into disjoint *atoms* (branch × role). A *group* is a union of atoms of which a
table states how many are satisfied, and their points. Everything here is arrays: no frames, no
names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

TOLERANCE = 1e-6
N_CANDIDATES = 60


@dataclass(frozen=True)
class Tables:
    """Groups over atoms, and what is known of them.

    Attributes
    ----------
    members : csr_array of shape (n_groups, n_atoms)
        1 where the atom belongs to the group. The first group is everyone.
    n : ndarray of shape (n_atoms,)
        Respondents of each atom, public.
    x : ndarray of shape (n_atoms,)
        Satisfied respondents: the true number, or any that agrees with all known groups.
    loss : ndarray of shape (n_groups,)
        What hiding the group costs; infinite for everyone and for the people in none of the groups
        of a table, whose number follows by subtraction.
    has_row : ndarray of bool of shape (n_groups,)
        False for a remainder (people without a role) that no table states.
    partitions : tuple of ndarray of bool
        Masks of groups that are disjoint, one a table (branches, roles), with the remainder.
    points : ndarray of shape (n_atoms,) or None
        Sum of points, each between 0 and 1, that the index of every shown group tells too.
    least_satisfied, most_other : float
        Least points of a satisfied answer and most points of another one, between 0 and 1.
    """

    members: Any
    n: Floats
    x: Floats
    loss: Floats
    has_row: Mask
    partitions: tuple[Mask, ...]
    points: Floats | None = None
    least_satisfied: float = 0.0
    most_other: float = 1.0

    @property
    def single(self) -> Mask:
        """Groups of one atom."""
        alone: Mask = np.asarray(self.members.sum(axis=1)).ravel() == 1
        return alone

    def unknown(self, shown: Mask) -> Mask:
        """Atoms with respondents that no shown group states by themselves."""
        unstated: Mask = self.members.T @ (shown & self.single) == 0
        return unstated & (self.n > 0)


class Alternatives:
    """Moves away from the present table, among a choice of atoms, that keep points possible."""

    def __init__(self, tables: Tables, atoms: NDArray[np.intp]) -> None:
        self.atoms = atoms
        self.n_tables = 1 if tables.points is None else 2
        n, x = tables.n[atoms], tables.x[atoms]
        bounds = [np.column_stack([-x, n - x])]
        self.inequalities, self.right = None, None
        if tables.points is not None:
            s, least, most = tables.points[atoms], tables.least_satisfied, tables.most_other
            bounds.append(np.column_stack([-s, n - s]))
            eye = sparse.eye_array(len(atoms))
            # least x <= s <= x + most (n - x), for the table after the move.
            self.inequalities = sparse.block_array(
                [[least * eye, -eye], [(most - 1) * eye, eye]], format="csr"
            )
            slack = np.concatenate([s - least * x, x + most * (n - x) - s])
            self.right = np.maximum(slack, 0)
        self.bounds = np.vstack(bounds)

    def widen(self, matrix: Any) -> Any:
        """Apply a matrix over atoms to counts and points alike."""
        return sparse.block_diag([matrix] * self.n_tables, format="csr")

    def farthest(self, equations: Any, direction: Floats) -> Floats:
        """Move the counts as far as possible in a direction, nothing shown being changed."""
        from scipy.optimize import linprog

        cost = np.zeros(len(self.bounds))
        cost[: len(self.atoms)] = -direction
        solved = linprog(
            cost,
            A_ub=self.inequalities,
            b_ub=self.right,
            A_eq=equations,
            b_eq=np.zeros(equations.shape[0]),
            bounds=self.bounds,
            method="highs",
        )
        if solved.x is None:
            raise ArithmeticError(f"no table agrees with what is shown: {solved.message}")
        return np.asarray(solved.x[: len(self.atoms)], dtype=float)


def cheapest_change(tables: Tables, shown: Mask, row: Any, amount: float) -> Mask | None:
    """Find the shown groups that change if a combination of atoms moves, at the least loss.

    Parameters
    ----------
    tables : Tables
    shown : ndarray of bool of shape (n_groups,)
    row : csr_array of shape (1, n_atoms)
        The combination.
    amount : float
        How far it moves.

    Returns
    -------
    ndarray of bool of shape (n_groups,), or None
        The groups; None where the groups that are always shown do not allow the move.
    """
    for atoms in (_promising(tables, shown, row), np.flatnonzero(tables.n)):
        change = _change(tables, shown, row, amount, atoms)
        if change is not None:
            return change > TOLERANCE
    return None


def _promising(tables: Tables, shown: Mask, row: Any) -> NDArray[np.intp]:
    """Choose the atoms that may move: those already free and the cheapest others."""
    members = tables.members
    n, x = members @ tables.n, members @ tables.x
    price = tables.loss / np.maximum(np.minimum(x, n - x), 0.5)
    chosen = np.zeros(len(shown), dtype=bool)
    for candidates in (shown & tables.single & (n > 0), shown & tables.partitions[0] & (n > 0)):
        places = np.flatnonzero(candidates)
        chosen[places[np.argsort(price[places], kind="stable")[:N_CANDIDATES]]] = True
    wanted = tables.unknown(shown) | (members.T @ chosen > 0) | (row.toarray().ravel() > 0)
    parents = tables.partitions[0] & (members @ wanted.astype(float) > 0)
    return np.flatnonzero((wanted | (members.T @ parents.astype(float) > 0)) & (tables.n > 0))


def _change(
    tables: Tables, shown: Mask, row: Any, amount: float, atoms: NDArray[np.intp]
) -> Floats | None:
    from scipy.optimize import linprog

    program = Alternatives(tables, atoms)
    members = tables.members[:, atoms]
    touched = shown & (np.asarray(members.sum(axis=1)).ravel() > 0)
    movable = np.flatnonzero(touched & np.isfinite(tables.loss))
    fixed = np.flatnonzero(touched & ~np.isfinite(tables.loss))
    changes = program.widen(sparse.eye_array(len(movable)))
    n_changes, n_moves = changes.shape[0], len(program.bounds)
    moved = sparse.csr_array(row[:, atoms])
    moved.resize((1, n_moves))
    equations = sparse.block_array(
        [
            [program.widen(members[movable]), -changes, changes],
            [program.widen(members[fixed]), None, None],
            [moved, None, None],
        ],
        format="csr",
    )
    right = np.zeros(equations.shape[0])
    right[-1] = amount
    inequalities = program.inequalities
    if inequalities is not None:
        inequalities = sparse.hstack(
            [inequalities, sparse.csr_array((inequalities.shape[0], 2 * n_changes))], format="csr"
        )
    solved = linprog(
        np.concatenate([np.zeros(n_moves), np.tile(tables.loss[movable], 2 * program.n_tables)]),
        A_ub=inequalities,
        b_ub=program.right,
        A_eq=equations,
        b_eq=right,
        bounds=np.vstack([program.bounds, np.tile([0, np.inf], (2 * n_changes, 1))]),
        method="highs",
    )
    if solved.x is None:
        return None
    change = np.zeros(len(shown))
    change[movable] = solved.x[n_moves:].reshape(2 * program.n_tables, -1).sum(axis=0)
    return change
