"""An attacker who knows every published table of a report and owns a solver.

`singled_out` asks which small groups linear algebra alone singles out; `attack` bounds with whole
numbers how many of a small group are satisfied. Both take tables as a reader finds them, from
results or from a file, and share no code with the protection they test.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.linalg import null_space
from scipy.optimize import Bounds, LinearConstraint, milp

REST = "—"
"""Stands for people without a branch or role."""
TABLES: dict[str, tuple[str, ...]] = {
    "overall": (),
    "by_branch": ("branch",),
    "by_role": ("role",),
    "by_branch_role": ("branch", "role"),
}
PUBLIC = {"branch", "role", "population", "n_valid", "response_rate", "reason"}

Tables = Mapping[str, pd.DataFrame]
Atom = tuple[Any, Any]


def tables_of(findings: Any) -> dict[str, pd.DataFrame]:
    """Collect the tables of findings as the attacks want them."""
    return {name: findings.tables[by].frame for name, by in TABLES.items() if by in findings.tables}


def atoms_of(published: Tables, inner: pd.Series[int] | None = None) -> dict[Atom, int]:
    """Give the respondents of every branch and role, remainders by subtraction.

    The attacker is given the numbers of a table that is withheld as a whole (`inner`, by branch and
    role): they are public elsewhere, in rosters and in response rates.
    """
    whole = int(published["overall"]["n_valid"].iloc[0])
    branches = published["by_branch"].set_index("branch")["n_valid"].astype(int)
    if inner is None and "by_branch_role" in published:
        inner = published["by_branch_role"].set_index(["branch", "role"])["n_valid"].astype(int)
    cells: dict[Atom, int] = {} if inner is None else {k: int(v) for k, v in inner.items()}  # type: ignore[misc]
    roles = (
        published["by_role"].set_index("role")["n_valid"].astype(int)
        if "by_role" in published and cells
        else pd.Series(dtype=int)
    )
    for branch, n in branches.items():
        cells[branch, REST] = n - sum(v for (b, _), v in cells.items() if b == branch)
    for role, n in roles.items():
        cells[REST, role] = n - sum(v for (_, r), v in cells.items() if r == role)
    cells[REST, REST] = whole - sum(cells.values())
    assert min(cells.values()) >= 0
    return {atom: n for atom, n in cells.items() if n}


def stated(published: Tables, atoms: Mapping[Atom, int]) -> list[tuple[str, Any, np.ndarray, Any]]:
    """List the published units: table, unit, members among the atoms, row."""
    found = []
    for table in TABLES:
        if table not in published:
            continue
        for row in published[table].to_dict("records"):
            keys = [row.get("branch"), row.get("role")]
            inside = [
                all(key is None or key == part for key, part in zip(keys, atom, strict=True))
                for atom in atoms
            ]
            found.append((table, tuple(k for k in keys if k), np.array(inside, dtype=float), row))
    return found


def counted(row: Mapping[str, Any], decimals: int = 3) -> tuple[float, float] | None:
    """Give the least and the greatest count that the printed figures allow; None for none.

    A rate is weighted by roles: the share of the answers is what a count could be read from.
    """
    n = row["n_valid"]
    if pd.notna(row.get("n_satisfied")):
        return float(row["n_satisfied"]), float(row["n_satisfied"])
    share = row.get("share_of_answers")
    if pd.notna(share) and n:
        half = 0.5 * 10.0**-decimals
        least = np.ceil(n * (share - half) - 1e-9)
        return max(0.0, least), min(float(n), np.floor(n * (share + half) + 1e-9))
    return None


def figures_in_withheld_rows(published: Tables) -> list[tuple[str, str]]:
    """List columns that say something of a unit whose verdict is withheld."""
    return [
        (table, str(name))
        for table, frame in published.items()
        if "verdict" in frame
        for name in frame.columns.difference(list(PUBLIC))
        if not str(name).startswith("verdict")
        and frame.loc[(frame["verdict"] == "withheld") & (frame["n_valid"] > 0), name].notna().any()
    ]


def small_groups(atoms: Mapping[Atom, int], min_cell: int) -> list[tuple[int, ...]]:
    """List the atoms and pairs of atoms that hold fewer than `min_cell` people."""
    n = list(atoms.values())
    few = [i for i in range(len(n)) if n[i] < min_cell]
    pairs = [pair for pair in combinations(few, 2) if n[pair[0]] + n[pair[1]] < min_cell]
    return [(i,) for i in few] + pairs


def singled_out(
    published: Tables, *, min_cell: int = 5, inner: pd.Series[int] | None = None
) -> list[tuple[Atom, ...]]:
    """Give the small groups whose answers are a combination of published counts.

    Those who left the role blank count as a group of the university however few they are.
    """
    atoms = atoms_of(published, inner)
    rows = [members for _, _, members, row in stated(published, atoms) if counted(row) is not None]
    free = null_space(np.array(rows).reshape(-1, len(atoms)))
    names = list(atoms)
    return [
        tuple(names[i] for i in group)
        for group in small_groups(atoms, min_cell)
        if np.abs(free[list(group)].sum(axis=0)).max(initial=0) < 1e-9
    ]


def attack(
    published: Tables,
    *,
    min_cell: int = 5,
    decimals: int = 3,
    points: tuple[float, float] | None = None,
    inner: pd.Series[int] | None = None,
) -> pd.DataFrame:
    """Bound the dissatisfied of every small atom in whole numbers.

    Parameters
    ----------
    published : mapping of str to DataFrame
        ``overall``, ``by_branch``, ``by_role``, ``by_branch_role``; the last two may be missing.
    min_cell : int
        Atoms of fewer people are attacked.
    decimals : int
        Decimals of the shares as printed: 3 is a percentage with one.
    points : tuple of float, optional
        Use ``index`` too: the least points of a satisfied answer and the most of another one.
    inner : Series, optional
        Numbers by branch and role, where that table is withheld as a whole.

    Returns
    -------
    DataFrame
        One row an atom: ``branch``, ``role``, ``n``, ``low``, ``high`` (least and most
        dissatisfied), ``own_low``, ``own_high`` (from the single published units around it),
        ``holds`` (shown to hold a dissatisfied person though no unit around it says so),
        ``determined`` (known to the person, likewise).

    Notes
    -----
    The branches that are withheld together are a unit too: their sum is published by subtraction.
    """
    atoms = atoms_of(published, inner)
    n = np.array(list(atoms.values()), dtype=float)
    units = stated(published, atoms)
    units += _withheld_branches(units, decimals)
    system = _constraints(units, n, decimals, points)
    rows = []
    for place, (branch, role) in enumerate(atoms):
        if n[place] >= min_cell:
            continue
        low, high = (_extreme(system, place, sign, len(n), points) for sign in (1, -1))
        own_low, own_high = 0.0, n[place]
        for _, _, members, row in units:
            count = counted(row, decimals)
            if members[place] and count is not None:
                n_bad = row["n_valid"] - count[1], row["n_valid"] - count[0]
                own_low = max(own_low, n_bad[0] - (members @ n - n[place]))
                own_high = min(own_high, n_bad[1])
        rows.append((branch, role, n[place], low, high, own_low, own_high))
    names = ["branch", "role", "n", "low", "high", "own_low", "own_high"]
    result = pd.DataFrame(rows, columns=names)
    holds = (result["low"] >= 1) & (result["low"] > result["own_low"])
    known = (result["low"] == result["high"]) & (result["own_low"] < result["own_high"])
    return result.assign(holds=holds, determined=known)


def _withheld_branches(
    units: list[tuple[str, Any, np.ndarray, Any]], decimals: int
) -> list[tuple[str, Any, np.ndarray, Any]]:
    """Give the withheld branches together as a unit, where exact counts tell it."""
    (whole,) = [unit for unit in units if unit[0] == "overall"]
    shown = [u for u in units if u[0] == "by_branch" and counted(u[3], decimals) is not None]
    counts = [counted(row, decimals) for _, _, _, row in (whole, *shown)]
    if any(count is None or count[0] != count[1] for count in counts):
        return []
    members = whole[2] - sum((unit[2] for unit in shown), np.zeros_like(whole[2]))
    n = whole[3]["n_valid"] - sum(row["n_valid"] for _, _, _, row in shown)
    x = counts[0][0] - sum(count[0] for count in counts[1:])  # type: ignore[index]
    row = {"n_valid": n, "n_satisfied": x}
    return [("withheld branches", (), members, row)] if n else []


def _constraints(
    units: list[tuple[str, Any, np.ndarray, Any]],
    n: np.ndarray,
    decimals: int,
    points: tuple[float, float] | None,
) -> tuple[list[LinearConstraint], np.ndarray]:
    """State what is published of the dissatisfied of every atom and of the points they lose."""
    zero = np.zeros_like(n)
    width = 1 if points is None else 2
    lines, low, high = [], [], []
    for _, _, members, row in units:
        count = counted(row, decimals)
        if count is None:
            continue
        lines.append(np.concatenate([members, zero][:width]))
        low.append(row["n_valid"] - count[1])
        high.append(row["n_valid"] - count[0])
        if points is not None and pd.notna(row.get("index")):
            lines.append(np.concatenate([zero, members]))
            lost = row["n_valid"] * (1 - row["index"] / 100)
            half = row["n_valid"] * 0.5 * 10.0**-decimals
            low.append(lost - half)
            high.append(lost + half)
    everything = np.array(lines).reshape(-1, width * len(n))
    constraints = [LinearConstraint(everything, low, high)] if lines else []
    if points is not None:
        eye, (least_good, most_bad) = np.eye(len(n)), np.array(points) / 100
        # (1 - most_bad) bad <= lost <= bad + (1 - least_good) (n - bad)
        constraints.append(LinearConstraint(np.hstack([(1 - most_bad) * eye, -eye]), -np.inf, 0))
        lines_2 = np.hstack([-least_good * eye, eye])
        constraints.append(LinearConstraint(lines_2, -np.inf, (1 - least_good) * n))
    return constraints, np.tile(n, width)


def _extreme(
    system: tuple[list[LinearConstraint], np.ndarray],
    place: int,
    sign: int,
    n_atoms: int,
    points: tuple[float, float] | None,
) -> float:
    constraints, upper = system
    cost = np.zeros(len(upper))
    cost[place] = sign
    solved = milp(
        cost,
        constraints=constraints,
        bounds=Bounds(np.zeros(len(upper)), upper),
        integrality=np.repeat([1, 0], n_atoms)[: len(upper)],
    )
    assert solved.x is not None, "the published tables contradict each other"
    return float(round(sign * solved.fun))
