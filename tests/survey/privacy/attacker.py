"""An attacker who knows every published table of a report and owns a linear solver.

`attack` takes tables as a reader finds them, whether they come from results or from a file, and
bounds the number of satisfied people of everything that is withheld. It shares no code with the
protection it tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog

REST = "—"
"""Stands for people without a branch or role."""
TELLING = (
    "n_satisfied",
    "rate",
    "observed_rate",
    "index",
    "low",
    "high",
    "low_count",
    "high_count",
    "p_meets",
    "p_below",
    "more_needed",
    "bound_low",
    "bound_high",
    "break_even",
    "pooled_rate",
    "rank",
)


def tables_of(findings: Any) -> dict[str, pd.DataFrame]:
    """Collect the tables of findings as `attack` wants them."""
    found = {
        name: getattr(findings, name).frame
        for name in ("overall", "by_branch", "by_role", "by_branch_role", "strict", "ranking")
        if getattr(findings, name) is not None
    }
    if findings.drivers is not None:
        found["drivers"] = findings.drivers.branch_totals.rename(columns={"n": "n_valid"})
        summary = findings.drivers.summary
        found["drivers_overall"] = pd.DataFrame(
            {"n_valid": [summary["n_used"]], "n_satisfied": [summary["n_satisfied"]]}
        )
    return found


def attack(
    published: Mapping[str, pd.DataFrame],
    *,
    min_cell: int = 5,
    width: int = 0,
    decimals: int = 3,
    unions: bool = True,
    points: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Bound everything that is withheld and compare with what the rule allows.

    Parameters
    ----------
    published : mapping of str to DataFrame
        ``overall``, ``by_branch``, ``by_role``, ``by_branch_role``, ``strict`` (by branch),
        ``drivers`` (by branch), ``drivers_overall``, ``ranking``; any may be missing. Columns:
        ``branch``, ``role`` as needed, ``n_valid`` and any of ``n_satisfied``, ``rate``,
        ``observed_rate`` (of the dissatisfied); rates are shares.
    min_cell, width : int
        The rule, see `survey.privacy.protect`.
    decimals : int
        Decimals of the shares as printed: 3 is a percentage with one.
    unions : bool
        Attack two withheld small units together as well.
    points : tuple of float, optional
        Use ``index`` too: the least points of a satisfied answer and the most of another one.

    Notes
    -----
    The figure for everyone is never given up, nor are those for all people of the university who
    left branch or role blank: what one of these says by itself is no leak.

    Returns
    -------
    DataFrame
        One row a target: ``table``, ``unit``, ``n``, ``low``, ``high`` (bounds from everything),
        ``own_low``, ``own_high`` (bounds from single published units around it), ``leak`` (str,
        empty where the rule is kept).
    """
    system = _System(published, decimals, points)
    rows = [system.examine(*target, min_cell, width) for target in system.targets(min_cell, unions)]
    rows += _figures_in_withheld_rows(published)
    columns = ["table", "unit", "n", "low", "high", "own_low", "own_high", "leak"]
    return pd.DataFrame(rows, columns=columns)


def _figures_in_withheld_rows(published: Mapping[str, pd.DataFrame]) -> list[tuple[Any, ...]]:
    rows = []
    for table, frame in published.items():
        if "verdict" not in frame:
            continue
        withheld = frame[frame["verdict"] == "withheld"]
        for name in withheld.columns.intersection(TELLING):
            for unit in withheld.index[withheld[name].notna() & (withheld["n_valid"] != 0)]:
                rows.append((table, unit, *[np.nan] * 5, f"the row is withheld, its {name} is not"))
    return rows


class Stated(NamedTuple):
    """The least and the greatest number that a table states for a set of atoms."""

    atoms: frozenset[int]
    least: float
    most: float


class _System:
    """Unknown counts of satisfied people, and the equations of the published tables."""

    def __init__(
        self,
        published: Mapping[str, pd.DataFrame],
        decimals: int,
        points: tuple[float, float] | None,
    ) -> None:
        self.published = published
        self.half = 0.5 * 10.0**-decimals
        self.n: dict[tuple[Any, ...], float] = self._atoms()
        self.place = {atom: i for i, atom in enumerate(self.n)}
        self.limits = [(0.0, float(n)) for n in self.n.values()]
        self.equal: list[tuple[dict[int, float], float]] = []
        self.at_most: list[tuple[dict[int, float], float]] = []
        self.counts: list[Stated] = []
        self.points: list[Stated] = []
        self.links: list[tuple[dict[int, float], float]] = []
        self.withheld: list[tuple[str, Any, frozenset[int]]] = []
        self.implied: list[tuple[str, Any, dict[int, float], float]] = []
        for table in ("overall", "by_branch", "by_role", "by_branch_role", "ranking"):
            for unit, row in self._rows(table):
                self._state(table, unit, row, self._members(table, unit))
        self.counts += self._whole_university(self.counts)
        for table in ("strict", "drivers"):
            self._subset(table)
        if points is not None:
            self._sums_of_points(*points)

    def _rows(self, table: str) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        frame = self.published.get(table)
        if frame is None:
            return []
        units = [name for name in ("branch", "role") if name in frame]
        return [(tuple(row[name] for name in units), row) for row in frame.to_dict("records")]

    def _atoms(self) -> dict[tuple[Any, ...], float]:
        """Give the respondents of every branch and role, remainders by subtraction."""
        n = {table: {u: r["n_valid"] for u, r in self._rows(table)} for table in self.published}
        cells = dict(n.get("by_branch_role", {}))
        for (branch,), total in n.get("by_branch", {}).items():
            cells[branch, REST] = total - sum(v for u, v in cells.items() if u[0] == branch)
        if "by_branch_role" in n or not n.get("by_branch"):
            for (role,), total in n.get("by_role", {}).items():
                cells[REST, role] = total - sum(v for u, v in cells.items() if u[1] == role)
        elif "by_role" in n:
            # Without the inner cells the roles are a way of their own to make up the whole.
            for (role,), total in n["by_role"].items():
                cells["roles", role] = total
            rest = n["overall"][()] - sum(n["by_role"].values())
            cells["roles", REST] = rest
        cells[REST, REST] = n["overall"][()] - sum(v for u, v in cells.items() if u[0] != "roles")
        assert min(cells.values()) >= 0
        return cells

    def _members(self, table: str, unit: tuple[Any, ...]) -> list[frozenset[int]]:
        """Give the sets of atoms that make up a unit (the whole may be made up in two ways)."""
        by_roles = frozenset(i for atom, i in self.place.items() if atom[0] == "roles")
        others = frozenset(self.place.values()) - by_roles
        if table == "overall":
            return [others, by_roles] if by_roles else [others]
        if table in ("by_branch", "ranking", "strict", "drivers"):
            return [frozenset(i for atom, i in self.place.items() if atom[0] == unit[0])]
        if table == "by_role":
            pool = by_roles or others
            return [frozenset(i for a, i in self.place.items() if a[1] == unit[0] and i in pool)]
        return [frozenset([self.place[unit]])]

    def _count(self, row: Mapping[str, Any]) -> tuple[float, float] | None:
        """Give the least and the greatest count that the printed figures allow."""
        n = row.get("n_valid")
        if pd.notna(row.get("n_satisfied")):
            return float(row["n_satisfied"]), float(row["n_satisfied"])
        for name, flip in (("rate", False), ("observed_rate", True)):
            if pd.notna(row.get(name)) and pd.notna(n):
                rate = 1 - float(row[name]) if flip else float(row[name])
                least = np.ceil(n * (rate - self.half) - 1e-9)
                most = np.floor(n * (rate + self.half) + 1e-9)
                return max(0.0, least), min(float(n), most)
        return None

    def _state(
        self, table: str, unit: Any, row: Mapping[str, Any], ways: list[frozenset[int]]
    ) -> None:
        count = self._count(row)
        for atoms in ways:
            if count is not None:
                self._between(dict.fromkeys(atoms, 1.0), *count)
                self.counts.append(Stated(atoms, *count))
            elif table != "ranking":
                self.withheld.append((table, unit, atoms))

    def _whole_university(self, stated: list[Stated]) -> list[Stated]:
        """Give the figures for everyone, and for all without a branch or role by subtraction."""
        found = [s for s in stated if s.atoms in self._members("overall", ())]
        for everyone in list(found):
            for table in ("by_branch", "by_role"):
                units = {self._members(table, unit)[0] for unit, _ in self._rows(table)}
                parts = {s.atoms: s for s in stated if s.atoms in units}.values()
                inside = [part for part in parts if part.atoms <= everyone.atoms]
                if units and len(inside) == len(units):
                    rest = everyone.atoms.difference(*units)
                    least = everyone.least - sum(part.most for part in inside)
                    most = everyone.most - sum(part.least for part in inside)
                    found.append(Stated(rest, least, most))
        return found

    def _between(self, terms: dict[int, float], least: float, most: float) -> None:
        if least == most:
            self.equal.append((terms, least))
        else:
            self.at_most.append((terms, most))
            self.at_most.append(({i: -v for i, v in terms.items()}, -least))

    def _subset(self, table: str) -> None:
        """State figures of a part of every branch: one unknown each, and the people left out."""
        parts = {}
        for unit, row in self._rows(table):
            (atoms,) = self._members(table, unit)
            n_branch = sum(self.limits[i][1] for i in atoms)
            n, count = row.get("n_valid"), self._count(row)
            part = len(self.limits)
            self.limits.append((0.0, float(n) if pd.notna(n) else n_branch))
            parts[part] = 1.0
            left_out = {**dict.fromkeys(atoms, 1.0), part: -1.0}
            n_left_out = n_branch - float(n) if pd.notna(n) else n_branch
            self._between(left_out, 0.0, n_left_out)
            if count is not None:
                self._between({part: 1.0}, *count)
            if pd.notna(n) and n_left_out > 0:
                self.implied.append((f"{table}, left out", unit, left_out, n_left_out))
        for _, row in self._rows(f"{table}_overall"):
            rest = len(self.limits)
            self.limits.append((0.0, float(row["n_valid"])))
            count = self._count(row)
            if count is not None:
                self._between({**parts, rest: 1.0}, *count)

    def _sums_of_points(self, least_satisfied: float, most_other: float) -> None:
        """State the index: one more unknown an atom, the sum of its points over 100."""
        first, n_atoms = len(self.limits), len(self.n)
        for i in range(n_atoms):
            n = self.limits[i][1]
            self.limits.append((0.0, n))
            # least_satisfied * x <= 100 * sum <= 100 * x + most_other * (n - x)
            self.links.append(({i: least_satisfied / 100, first + i: -1.0}, 0.0))
            upper = {i: most_other / 100 - 1, first + i: 1.0}
            self.links.append((upper, most_other / 100 * n))
        self.at_most += self.links
        for table in ("overall", "by_branch", "by_role", "by_branch_role"):
            for unit, row in self._rows(table):
                if pd.notna(row.get("index")):
                    for atoms in self._members(table, unit):
                        terms = {first + i: 1.0 for i in atoms}
                        index, n = row["index"] / 100, row["n_valid"]
                        bounds = n * (index - self.half), n * (index + self.half)
                        self._between(terms, *bounds)
                        self.points.append(Stated(atoms, *bounds))

    def targets(
        self, min_cell: int, unions: bool
    ) -> list[tuple[str, Any, dict[int, float], float]]:
        found = []
        for table, unit, atoms in self.withheld:
            n = sum(self.limits[i][1] for i in atoms)
            if n > 0:
                found.append((table, unit, dict.fromkeys(atoms, 1.0), n))
        for atom, n in self.n.items():
            if REST in atom and 0 < n < min_cell:
                found.append(("remainder", atom, {self.place[atom]: 1.0}, n))
        found += [target for target in self.implied if target[3] < min_cell]
        if unions:
            small = [t for t in found if t[3] < min_cell and t[0] != "strict, left out"]
            for one, other in combinations(small, 2):
                n = one[3] + other[3]
                same_way = self._is_role(one[2]) == self._is_role(other[2])
                if n < min_cell and same_way and not set(one[2]) & set(other[2]):
                    unit = (one[1], other[1])
                    found.append((f"{one[0]}+{other[0]}", unit, one[2] | other[2], n))
        return found

    def _is_role(self, terms: dict[int, float]) -> bool:
        atoms = list(self.n)
        return all(i < len(atoms) and atoms[i][0] == "roles" for i in terms)

    def examine(
        self,
        table: str,
        unit: Any,
        terms: dict[int, float],
        n: float,
        min_cell: int,
        width: int,
    ) -> tuple[Any, ...]:
        low, high = self._extreme(terms, 1), self._extreme(terms, -1)
        own_low, own_high = 0.0, n
        for atoms, least, most in self.counts:
            if set(terms) <= atoms and min(terms.values()) > 0:
                n_group = sum(self.limits[i][1] for i in atoms)
                own_low = max(own_low, least - (n_group - n))
                own_high = min(own_high, most)
        # Two small units together are a difference: it may be narrowed, but must not be known.
        is_small = n < min_cell and "+" not in table
        leak = ""
        if is_small and (low > own_low + 1e-6 or high < own_high - 1e-6):
            leak = "bounded more tightly than by any published unit alone"
        if high - low < min(1, width, n) - 1e-6:
            leak = "determined"
        if leak:
            # What the figures say that are never given up is no leak.
            bare = [self._extreme(terms, sign, self._bare) for sign in (1, -1)]
            own_low, own_high = max(own_low, bare[0]), min(own_high, bare[1])
            kept = low <= own_low + 1e-6 and high >= own_high - 1e-6
            if (is_small and kept and own_high - own_low > 1e-6) or bare[1] - bare[0] < 1 - 1e-6:
                leak = ""
        return table, unit, n, low, high, own_low, own_high, leak

    def _extreme(self, terms: dict[int, float], sign: int, matrices: Any = None) -> float:
        cost = np.zeros(len(self.limits))
        for i, value in terms.items():
            cost[i] = sign * value
        solved = linprog(cost, *(matrices or self._all), bounds=self.limits, method="highs")
        assert solved.x is not None, "the published tables contradict each other"
        return float(sign * solved.fun)

    @cached_property
    def _all(self) -> tuple[Any, ...]:
        return (*self._matrix(self.at_most), *self._matrix(self.equal))

    @cached_property
    def _bare(self) -> tuple[Any, ...]:
        """Give only what is never given up, see `_whole_university`."""
        rows = list(self.links)
        for stated, first in ((self.counts, 0), (self.points, len(self.limits) - len(self.n))):
            for atoms, least, most in self._whole_university(stated):
                rows.append(({first + i: 1.0 for i in atoms}, most))
                rows.append(({first + i: -1.0 for i in atoms}, -least))
        return (*self._matrix(rows), None, None)

    def _matrix(self, rows: list[tuple[dict[int, float], float]]) -> tuple[Any, Any]:
        if not rows:
            return None, None
        made = np.zeros((len(rows), len(self.limits)))
        for line, (row, _) in zip(made, rows, strict=True):
            line[list(row)] = list(row.values())
        return made, np.array([right for _, right in rows])
