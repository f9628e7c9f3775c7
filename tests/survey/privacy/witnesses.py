"""An attacker who knows every printed figure, how it is computed, and owns a solver.

What somebody may conclude of a small group is what holds in every university that prints the same.
So for every group of a few a *witness* is sought: other answers, in whole numbers, that agree with
all printed counts and mean scores, in which the group differs in what matters; then the whole
report is made of them. If it is the same to the last digit, nobody can tell. Counts are equations,
which the solver knows; rates, bounds, verdicts and whatever else is printed are compared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

import survey
from tests.survey.privacy.universities import MIN_CELL, people

LEVELS = range(1, 6)
LEAST_SATISFIED = 4
CELL = ["college", "branch", "role"]
TRIES = 2
"""Witnesses that are tried for a group where the first prints something else."""

Mask = np.ndarray
Read = Callable[[pd.DataFrame], survey.Survey]


@dataclasses.dataclass(frozen=True)
class Report:
    """A report that the attacker has: what it covers, and how it is made of answers."""

    read: Read
    colleges: frozenset[str] | None = None  # all where None

    def covers(self, rows: pd.DataFrame) -> pd.Series[bool]:
        """Tell which answers it is made of."""
        if self.colleges is None:
            return pd.Series(True, rows.index)
        return rows["college"].isin(self.colleges)

    def of(self, rows: pd.DataFrame) -> survey.Findings:
        """Make it."""
        return self.read(rows[self.covers(rows)]).findings()


def university(
    seed: int, *, colleges: int = 1, small_role: float = 0.0, **shape: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw respondents with the level that they chose, and sizes by college, branch and role.

    The first role answers nearly all, the others one in two; some are of a small role.
    """
    rows = people(seed, **shape)
    rng = np.random.default_rng([seed, 1])
    place = rows["branch"].str[1:].fillna("0").astype(int)
    rows["college"] = "c" + (place % colleges).astype(str)
    rows["level"] = (rows["points"] // 25 + 1).astype(int)
    rows.loc[rng.random(len(rows)) < small_role, "role"] = "r9"
    rows = rows[[*CELL, "level"]]
    n = rows.groupby(CELL).size().rename("n").reset_index()
    silent = rng.negative_binomial(n["n"], np.where(n["role"] == "r0", 0.9, 0.5))
    blank = rows["branch"][rows["role"].isna()].value_counts()
    return rows, n.assign(n=n["n"] + silent + n["branch"].map(blank).fillna(0).astype(int))


def reader(sizes: pd.DataFrame, *, by_role: bool = True, colleges: bool = True) -> Read:
    """Read answers beside a roster of the branches that answered."""
    known = CELL if by_role else CELL[:2]
    roster = sizes.groupby(known)["n"].sum().reset_index()
    if not colleges:
        roster = roster.drop(columns="college")
    names = {"branch": "支部", "role": "身份", "n": "人数"}

    def read(rows: pd.DataFrame) -> survey.Survey:
        return survey.from_frame(
            rows.assign(q=rows["level"].astype(str)).drop(columns="level"),
            branch="branch",
            role="role",
            overall="q",
            satisfied=["4", "5"],
            roster=roster[roster["branch"].isin(rows["branch"])].rename(columns=names),
            keep=["college"] if colleges else (),
        )

    return read


def figures(value: Any) -> Any:
    """Give everything that a result holds, floats to nine decimals."""
    if isinstance(value, pd.DataFrame):
        return [figures(row) for row in value.to_dict("records")]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: figures(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): figures(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [figures(part) for part in value]
    if isinstance(value, float):
        return repr(round(value, 9) + 0.0)
    return None if callable(value) else str(value)


def printed(found: survey.Findings) -> dict[str, Any]:
    """Give all that a report prints, but for the time and the names of files."""
    made: dict[str, Any] = figures(found)
    return {name: part for name, part in made.items() if name not in ("created", "files")}


def atoms_of(rows: pd.DataFrame) -> pd.DataFrame:
    """List college, branch, role and level with the people of the first three, and of all."""
    held = rows.groupby([*CELL, "level"], dropna=False).size()
    cells = rows.groupby(CELL, dropna=False).size().rename("n").reset_index()
    atoms = cells.loc[cells.index.repeat(len(LEVELS))].rename_axis("cell").reset_index()
    atoms["level"] = np.tile(LEVELS, len(cells))
    keys = pd.MultiIndex.from_frame(atoms[[*CELL, "level"]])
    return atoms.assign(truth=held.reindex(keys, fill_value=0).to_numpy())


def rows_of(atoms: pd.DataFrame, counts: np.ndarray) -> pd.DataFrame:
    """Make respondents of counts."""
    return atoms.loc[atoms.index.repeat(counts), [*CELL, "level"]].reset_index(drop=True)


def equations(
    tables: Mapping[tuple[str, ...], Any], atoms: pd.DataFrame, inside: Mask
) -> Iterator[tuple[np.ndarray, int]]:
    """State the printed numbers of satisfied people and mean scores."""
    satisfied = (atoms["level"] >= LEAST_SATISFIED).to_numpy(dtype=float)
    points = (atoms["level"] - 1).to_numpy(dtype=float)
    for by, table in tables.items():
        for row in table.frame.to_dict("records"):
            members = inside.copy()
            for name in by:
                members &= (atoms[name] == row[name]).to_numpy()
            if pd.notna(row["n_satisfied"]):
                yield members * satisfied, int(row["n_satisfied"])
            if pd.notna(row["index"]) and row["n_valid"]:
                yield members * points, round(row["index"] * row["n_valid"] / 25)


def attacked(
    reports: Sequence[Report],
    rows: pd.DataFrame,
    seed: int = 0,
    only: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """Seek a witness for every group of a few, given all reports, or for one branch and role.

    Returns
    -------
    DataFrame
        One row a college, branch and role of 1 … `MIN_CELL` - 1 answers: ``n``, ``bad`` (of them
        dissatisfied), ``by_counts`` (counts alone tell that somebody is dissatisfied, or that
        nobody is), ``beyond`` (counts do not, but no witness prints the same).
    """
    rng = np.random.default_rng(seed)
    atoms = atoms_of(rows)
    rows = rows_of(atoms, atoms["truth"].to_numpy())
    inside = [report.covers(atoms).to_numpy(dtype=bool) for report in reports]
    found = [report.of(rows) for report in reports]
    wanted = [printed(one) for one in found]
    lines = [
        line
        for one, own in zip(found, inside, strict=True)
        for line in equations(one.tables, atoms, own)
    ]
    cell = atoms["cell"].to_numpy()
    n_cells = int(cell.max()) + 1
    in_cell = np.zeros((n_cells, len(atoms)))
    in_cell[cell, np.arange(len(atoms))] = 1
    size = np.bincount(cell, atoms["truth"]).astype(int)
    bad_of = in_cell * (atoms["level"] < LEAST_SATISFIED).to_numpy()
    bad = (bad_of @ atoms["truth"]).astype(int)
    # roles are judged by their own answers where nothing else is told of them
    totals = [
        (own * (atoms["role"] == role) * (atoms["level"] >= LEAST_SATISFIED)).to_numpy(dtype=float)
        for own in inside
        for role in atoms["role"].dropna().unique()
    ]
    counted = _system(
        [*lines, *((row, int(count)) for row, count in zip(in_cell, size, strict=True))]
    )
    kept = _system([(row, int(row @ atoms["truth"])) for row in totals])
    names = atoms.drop_duplicates("cell").set_index("cell")[CELL]
    few = (size > 0) & (size < MIN_CELL)
    if only is not None:
        few &= ((names["branch"] == only[0]) & (names["role"] == only[1])).to_numpy()
    open_ = {int(c) for c in np.flatnonzero(few)}
    groups = sorted(open_)
    by_counts, beyond = set(), set()

    def covered(y: np.ndarray) -> set[int]:
        values = np.rint(bad_of @ y).astype(int)
        return {c for c in open_ if (values[c] == 0) != (bad[c] == 0)}

    while open_:
        at = min(open_)
        for fixed, cost in _goals(at, {c: 1 if bad[c] else -1 for c in open_}, bad_of, atoms, rng):
            bound = LinearConstraint(bad_of[at], *((0, 0) if bad[at] else (1, np.inf)))
            y = _solved(cost, [counted, bound, *([kept] if fixed else [])], size[cell])
            if y is None and fixed:
                continue
            if y is None:
                by_counts.add(at)
                break
            other = rows_of(atoms, y)
            if [printed(report.of(other)) for report in reports] == wanted:
                open_ -= covered(y)
                break
        else:
            beyond.add(at)
        open_.discard(at)
    # a printed unit of which nobody is dissatisfied, or so many that the others are not enough
    satisfied = (atoms["level"] >= LEAST_SATISFIED).to_numpy()
    by_unit = set()
    for line, count in lines:
        if (line[~satisfied] == 0).all():
            members = (in_cell @ line > 0) & (size > 0)
            n_bad = size[members].sum() - count
            by_unit |= {
                int(c)
                for c in np.flatnonzero(members)
                if n_bad == 0 or n_bad > size[members].sum() - size[c]
            }
    return names.loc[groups].assign(
        n=size[groups],
        bad=bad[groups],
        by_unit=[c in by_unit for c in groups],
        by_counts=[c in by_counts - by_unit for c in groups],
        beyond=[c in beyond for c in groups],
    )


def _goals(
    at: int, side: Mapping[int, int], bad_of: np.ndarray, atoms: pd.DataFrame, rng: Any
) -> Iterator[tuple[bool, np.ndarray]]:
    """Give what a witness for the group `at` should be like: totals of roles kept or not, and cost.

    Many groups at once, then as little else as can be, then the dissatisfied all in one role (as
    where totals of roles would tell too much), then anything.
    """
    many = sum((sign * bad_of[c] for c, sign in side.items() if c != at), 0.0 * bad_of[0])
    yield True, many + rng.uniform(0, 0.01, len(atoms))
    for sign in (1, -1):
        yield False, sign * many + rng.uniform(0, 0.1, len(atoms))
    is_bad = (atoms["level"] < LEAST_SATISFIED).to_numpy(dtype=float)
    for _ in range(TRIES):
        for role in atoms["role"].dropna().unique():
            in_role = is_bad * (atoms["role"] == role).to_numpy()
            yield False, -in_role * rng.uniform(0.5, 1, len(atoms))
        yield False, rng.uniform(-1, 1, len(atoms))


def _system(lines: Sequence[tuple[np.ndarray, int]]) -> LinearConstraint:
    left, right = zip(*lines, strict=True)
    return LinearConstraint(sparse.csr_array(np.array(left)), right, right)


def _solved(
    cost: np.ndarray, constraints: list[LinearConstraint], most: np.ndarray
) -> np.ndarray | None:
    """Give whole numbers at least cost, None where there are none."""
    made = milp(
        cost,
        constraints=constraints,
        bounds=Bounds(0, most),
        integrality=np.ones(len(cost)),
        options={"time_limit": 5.0, "mip_rel_gap": 0.2},
    )
    if made.x is None:
        assert made.status == 2, made.message
        return None
    return np.rint(made.x).astype(np.int64)
