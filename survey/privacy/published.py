"""Read the satisfaction tables of a report as groups of atoms (branch × role) and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.privacy.alternatives import Mask, Tables
from survey.privacy.suppression import suppress

if TYPE_CHECKING:
    from questionnaires import Scale
    from survey.results import Findings


def hidden_units(findings: Findings, min_cell: int, width: int) -> dict[str, Mask]:
    """Find the rows of the four satisfaction tables that are withheld.

    Parameters
    ----------
    findings : Findings
        Everything that is published together.
    min_cell, width : int
        The rule, see `survey.privacy.suppression.suppress`.

    Returns
    -------
    dict of str to ndarray of bool
        For ``overall``, ``by_branch``, ``by_role`` and ``by_branch_role`` one value a row.

    Raises
    ------
    ValueError
        If the tables contradict each other.
    """
    cross = findings.by_branch_role
    points = _points(findings.questionnaire.overall.scale)
    if cross is None and findings.by_role is not None:
        roles = _Layout(points, findings.overall.frame, findings.by_role.frame, "role").solve(
            min_cell, width
        )
        branches = _Layout(points, findings.overall.frame, findings.by_branch.frame).solve(
            min_cell, width
        )
        return {**branches, "by_role": roles["by_branch"]}
    return _Layout(
        points,
        findings.overall.frame,
        findings.by_branch.frame,
        by_role=None if findings.by_role is None else findings.by_role.frame,
        by_branch_role=None if cross is None else cross.frame,
    ).solve(min_cell, width)


class _Points(NamedTuple):
    """Least points of a satisfied answer and most points of another one, between 0 and 1."""

    least_satisfied: float
    most_other: float


def _points(scale: Scale) -> _Points:
    rungs = [(rung.satisfied, rung.index) for rung in scale.valid_levels]
    satisfied = [index for good, index in rungs if good and index is not None]
    others = [index for good, index in rungs if not good and index is not None]
    return _Points(min(satisfied, default=0.0) / 100, max(others, default=100.0) / 100)


@dataclass(frozen=True)
class _Layout:
    """Tables as groups of atoms: an atom is a branch and role, the last of each the remainder."""

    points: _Points
    overall: pd.DataFrame
    by_branch: pd.DataFrame
    unit: str = "branch"
    by_role: pd.DataFrame | None = None
    by_branch_role: pd.DataFrame | None = None

    def solve(self, min_cell: int, width: int) -> dict[str, Mask]:
        from scipy import sparse

        branches = _places(self.by_branch[self.unit])
        roles = _places(None if self.by_role is None else self.by_role["role"])
        cross = self.by_branch_role
        if cross is not None:
            roles = roles | {
                role: len(roles) + i
                for i, role in enumerate(r for r in cross["role"].unique() if r not in roles)
            }
        n_rows, n_columns = len(branches) + 1, len(roles) + 1
        cells = np.empty(0, dtype=np.intp)
        if cross is not None:
            cells = np.array(
                [
                    branches[b] * n_columns + roles[r]
                    for b, r in zip(cross["branch"], cross["role"], strict=True)
                ],
                dtype=np.intp,
            )
        atoms = np.arange(n_rows * n_columns)
        frames = [self.overall, self.by_branch, self.by_role, cross]
        n_roles = 0 if self.by_role is None else len(self.by_role)
        stated = sparse.vstack(
            [
                np.ones((1, len(atoms))),
                _incidence(atoms // n_columns, n_rows - 1),
                _incidence(atoms % n_columns, n_roles),
                sparse.eye_array(len(atoms), format="csr")[cells],
            ],
            format="csr",
        )
        n = _stated(frames, "n_valid")
        n_atoms = _remainders(n, n_rows, n_columns, n_roles, cells)
        rest = np.setdiff1d(atoms, cells)
        without = [atoms // n_columns == n_rows - 1] + [atoms % n_columns >= n_roles] * (
            n_roles > 0
        )
        members = sparse.vstack(
            [
                stated,
                sparse.eye_array(len(atoms), format="csr")[rest],
                np.array(without, dtype=float),
            ],
            format="csr",
        )
        table = np.repeat(
            [0, 1, 2, 3, 4, 5, 6],
            [1, n_rows - 1, n_roles, len(cells), len(rest), 1, len(without) - 1],
        )
        points = n * _stated(frames, "index") / 100
        x, s = _agreeing(stated, n_atoms, _stated(frames, "n_satisfied"), points, self.points)
        size = members @ n_atoms
        tables = Tables(
            members=sparse.csr_array(members),
            n=n_atoms,
            x=x,
            # A cell of role and branch is missed least, the university's figure is never given up.
            loss=np.select(
                [
                    (table == 0) & (size < min_cell),
                    (table == 0) | (table > 4),
                    table == 1,
                    table == 2,
                ],
                [1e6, np.inf, 50 + 10 * size, 1000 * size],
                10 + size,
            ),
            has_row=table < 4,
            points=None if np.isnan(points).all() else s,
            least_satisfied=self.points.least_satisfied,
            most_other=self.points.most_other,
            partitions=((table == 1) | (table == 5), (table == 2) | (table == 6)),
        )
        hidden = ~suppress(tables, min_cell, width)
        names = ("overall", "by_branch", "by_role", "by_branch_role")
        return {name: hidden[table == i] | (size[table == i] == 0) for i, name in enumerate(names)}


def _places(units: pd.Series[Any] | None) -> dict[Any, int]:
    return {} if units is None else {unit: i for i, unit in enumerate(units)}


def _incidence(groups: NDArray[np.intp], n_groups: int) -> Any:
    from scipy import sparse

    kept = np.flatnonzero(groups < n_groups)
    return sparse.csr_array(
        (np.ones(len(kept)), (groups[kept], kept)), shape=(n_groups, len(groups))
    )


def _stated(frames: list[pd.DataFrame | None], column: str) -> NDArray[np.float64]:
    return np.concatenate(
        [
            frame[column].to_numpy(dtype=float, na_value=np.nan)
            for frame in frames
            if frame is not None
        ]
    )


def _remainders(
    n: NDArray[np.float64], n_rows: int, n_columns: int, n_roles: int, cells: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Fill the table of atoms, remainders (people without a role or branch) by subtraction."""
    atoms = np.zeros((n_rows, n_columns))
    total, branches, roles, inner = np.split(n, np.cumsum([1, n_rows - 1, n_roles]))
    atoms.flat[cells] = inner
    atoms[:-1, -1] = branches - atoms[:-1, :-1].sum(axis=1)
    atoms[-1, :n_roles] = roles - atoms[:-1, :n_roles].sum(axis=0)
    atoms[-1, -1] = total[0] - atoms.sum()
    if (atoms < 0).any():
        raise ValueError("units have fewer valid answers than the units inside them")
    return atoms.ravel()


def _agreeing(
    stated: Any,
    n: NDArray[np.float64],
    x: NDArray[np.float64],
    s: NDArray[np.float64],
    scale: _Points,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find satisfied people and points of all atoms that agree with what is known."""
    from scipy import sparse
    from scipy.optimize import linprog

    empty = stated @ n == 0
    known = [np.flatnonzero(~np.isnan(values) | empty) for values in (x, s)]
    eye = sparse.eye_array(len(n))
    solved = linprog(
        np.zeros(2 * len(n)),
        A_ub=sparse.block_array(
            [[scale.least_satisfied * eye, -eye], [(scale.most_other - 1) * eye, eye]], format="csr"
        ),
        b_ub=np.concatenate([np.zeros(len(n)), scale.most_other * n]),
        A_eq=sparse.block_diag([stated[known[0]], stated[known[1]]], format="csr"),
        b_eq=np.nan_to_num(np.concatenate([x[known[0]], s[known[1]]])),
        bounds=np.column_stack([np.zeros(2 * len(n)), np.tile(n, 2)]),
        method="highs",
    )
    if solved.x is None:
        raise ValueError("no numbers of satisfied people agree with all tables")
    return solved.x[: len(n)], solved.x[len(n) :]
