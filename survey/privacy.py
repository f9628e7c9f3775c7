"""Put everything that is published together under the privacy rule.

The rule. A unit with fewer than `min_cell` respondents is withheld, and so is a difference of that
size between two published figures. All figures of a report together must bound the number of
satisfied people of such a unit no more tightly than the single published units that contain it do,
and must leave at least two values. Units of `min_cell` respondents or more that are withheld to
achieve this keep at least two values as well. A rate with its base is taken to tell the count.

Who left the role, the branch or most items blank is told to nobody. So these people count as one
published unit of the whole university each, however few they are; inside a branch the rule holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey import identifiers
from survey.alternatives import Mask, Tables
from survey.suppression import suppress

if TYPE_CHECKING:
    from questionnaires import Scale
    from survey.results import Drivers, Findings, ItemResponses, Ranking, Satisfaction

USUAL_MIN_CELL = 5
_COUNTS = ("n_responses", "n_valid", "n_missing", "n_not_asked", "n_not_applicable")
_PUBLIC = ("branch", "role", "population", "response_rate", *_COUNTS)


def protect(findings: Findings, *, width: int = 1) -> Findings:
    """Withhold small units, and as few others as keep these from being worked out.

    Parameters
    ----------
    findings : Findings
        Everything that is published together. Small units may have been withheld already.
    width : int
        How many values beyond one the smallest published unit around a small one must leave open
        by itself; otherwise it is withheld too. With 1 a branch where all are satisfied is
        withheld if it has a role with fewer than `min_cell` answers; 0 shows such a branch, since
        its own rate already says so of everybody in it; ``min_cell - 1`` leaves every value open.

    Returns
    -------
    Findings
        With copied frames and a notice of how many units are withheld and why.

    Raises
    ------
    ValueError
        If the tables contradict each other: a branch with fewer answers than its roles, or sums
        that no table can have.

    See Also
    --------
    survey.suppression.suppress : The rule on arrays, with sources.
    """
    min_cell = findings.by_branch.min_cell
    hidden = _hidden_units(findings, min_cell, width)
    by_role, by_branch_role = findings.by_role, findings.by_branch_role
    by_branch = _withheld(findings.by_branch, hidden["by_branch"])
    if by_branch_role is not None:
        by_branch_role = _withheld(by_branch_role, hidden["by_branch_role"])
        by_branch = _without_telling_joint(by_branch, by_branch_role)
    protected = replace(
        findings,
        overall=_withheld(findings.overall, hidden["overall"]),
        by_branch=by_branch,
        by_role=None if by_role is None else _withheld(by_role, hidden["by_role"]),
        by_branch_role=by_branch_role,
        strict=None if findings.strict is None else _strict(findings.strict, by_branch, min_cell),
        drivers=None
        if findings.drivers is None
        else _drivers(findings.drivers, by_branch, min_cell),
        items=None if findings.items is None else _items(findings.items, min_cell),
        ranking=None if findings.ranking is None else _ranking(findings.ranking, by_branch),
    )
    return replace(protected, notices=(*findings.notices, *_notices(protected, min_cell)))


def withhold(
    frame: pd.DataFrame, hidden: Mask | pd.Series[bool], *, counts: bool = False
) -> pd.DataFrame:
    """Hide whatever tells the answers of some units of a satisfaction frame.

    Parameters
    ----------
    frame : DataFrame
        One row a unit, as `Satisfaction.frame`.
    hidden : mask of shape (n_units,)
        Units to be withheld.
    counts : bool
        Hide the numbers of respondents as well.

    Returns
    -------
    DataFrame
        A copy: verdicts ``withheld``, reasons empty, all columns but the public ones missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"branch": ["a", "b"], "n_valid": [3, 9], "rate": [1.0, 0.9],
    ...     "verdict": "meets"})
    >>> withhold(frame, frame["n_valid"] < 5)
      branch  n_valid  rate   verdict
    0      a        3   NaN  withheld
    1      b        9   0.9     meets
    """
    mask = pd.Series(np.asarray(hidden, dtype=bool), index=frame.index)
    frame = frame.copy()
    for name in frame.columns:
        if str(name).startswith("verdict"):
            frame[name] = frame[name].mask(mask, "withheld")
        elif name == "reason":
            frame[name] = frame[name].mask(mask, "")
        elif name in _COUNTS and counts and mask.any():
            frame[name] = frame[name].astype("Int64").mask(mask)
        elif name not in _PUBLIC or (name == "response_rate" and counts):
            frame[name] = frame[name].mask(mask)
    return frame


def masked_texts(texts: pd.Series[Any], known: Iterable[str] = ()) -> pd.Series[str]:
    """Give open answers of the whole university with identifiers masked, in no one's order.

    Parameters
    ----------
    texts : Series
        Open answers; blanks are left out.
    known : iterable of str
        Names, numbers and addresses that the files state in other columns.

    Returns
    -------
    Series
        Sorted by their text, so that their order does not lead back to rows.

    Examples
    --------
    >>> masked_texts(pd.Series(["我叫张三", None, " "])).tolist()
    ['我叫【姓名】']
    """
    written = texts.dropna().astype("str").str.strip()
    masked = identifiers.mask(written[written != ""], known)
    return masked.sort_values(ignore_index=True)


# --- which units --------------------------------------------------------------------------------


def _hidden_units(findings: Findings, min_cell: int, width: int) -> dict[str, Mask]:
    """Tell which rows of the four satisfaction tables are withheld."""
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


# --- what goes with them ------------------------------------------------------------------------


def _withheld(result: Satisfaction, hidden: Mask) -> Satisfaction:
    return replace(result, frame=withhold(result.frame, hidden))


def _hidden_branches(by_branch: Satisfaction) -> set[Any]:
    frame = by_branch.frame
    return set(frame.loc[frame["verdict"] == "withheld", "branch"])


def _without_telling_joint(by_branch: Satisfaction, by_branch_role: Satisfaction) -> Satisfaction:
    """Hide a joint verdict that would tell how a withheld role was judged."""
    frame, cross = by_branch.frame, by_branch_role.frame
    if "verdict_joint" not in frame:
        return by_branch
    split = cross.loc[(cross["verdict"] == "withheld") & (cross["n_valid"] > 0), "branch"]
    joint = frame["verdict_joint"].mask(frame["branch"].isin(split), "withheld")
    return replace(by_branch, frame=frame.assign(verdict_joint=joint))


def _strict(strict: Satisfaction, by_branch: Satisfaction, min_cell: int) -> Satisfaction:
    """Hide strict figures that differ from the ordinary ones by a few people, and their bases."""
    everyone = by_branch.frame.set_index("branch")["n_valid"]
    n = strict.frame["n_valid"].to_numpy(dtype=float)
    removed = strict.frame["branch"].map(everyone).to_numpy(dtype=float) - n
    hidden = (
        strict.frame["branch"].isin(_hidden_branches(by_branch)).to_numpy()
        | (n < min_cell)
        | ((removed != 0) & ~(removed >= min_cell))
    )
    return replace(strict, frame=withhold(strict.frame, hidden, counts=True))


def _drivers(drivers: Drivers, by_branch: Satisfaction, min_cell: int) -> Drivers:
    """Withhold the breakdown of hidden branches and of those whose base differs by a few people."""
    totals, branches = drivers.branch_totals.copy(), drivers.branches.copy()
    n = totals["n"].to_numpy(dtype=float)
    everyone = by_branch.frame.set_index("branch")["n_valid"]
    left_out = totals["branch"].map(everyone).to_numpy(dtype=float) - n
    private = (
        totals["branch"].isin(_hidden_branches(by_branch)).to_numpy()
        | (n < min_cell)
        | ((left_out != 0) & ~(left_out >= min_cell))
    )
    hidden = totals["withheld"].to_numpy(dtype=bool) | private
    # Contributions add up to the university's: one branch, or a few people, must not be all that
    # is missing.
    for place in np.argsort(n, kind="stable"):
        if not private.any() or (hidden.sum() > 1 and n[hidden].sum() >= min_cell):
            break
        hidden[place] = True
    totals["withheld"] = hidden
    figures = totals.columns.difference(["branch", "withheld"])
    totals[figures] = totals[figures].astype("Float64").mask(pd.Series(hidden, totals.index))
    totals["n"] = totals["n"].astype("Int64")
    gone = branches["branch"].isin(set(totals.loc[hidden, "branch"])) | branches["withheld"]
    branches["withheld"] = gone
    kept = ["branch", "dimension", "title", "title_en", "university", "withheld"]
    for name in branches.columns.difference(kept):
        branches[name] = branches[name].mask(gone)
    return replace(drivers, branch_totals=totals, branches=branches)


def _items(items: ItemResponses, min_cell: int) -> ItemResponses:
    few = items.summary["n_valid"].between(1, min_cell - 1)
    summary, frame = items.summary.copy(), items.frame.copy()
    for name in summary.columns.intersection(["n_satisfied", "rate", "low", "high", "index"]):
        summary[name] = summary[name].mask(few)
    rows = frame["item"].isin(set(summary.loc[few, "item"]))
    frame[["n", "share"]] = frame[["n", "share"]].mask(rows)
    return replace(items, summary=summary, frame=frame)


def _ranking(ranking: Ranking, by_branch: Satisfaction) -> Ranking | None:
    """Rank the shown branches among themselves: a gap would tell a hidden one's place."""
    hidden = ranking.frame["branch"].isin(_hidden_branches(by_branch))
    if not hidden.any():
        return ranking
    frame = ranking.frame[~hidden].reset_index(drop=True)
    if len(frame) < 2:
        return None
    frame["rank"] = frame["rank"].rank()
    frame["rank_low"] = np.minimum((frame["rank_low"] - hidden.sum()).clip(lower=1), frame["rank"])
    frame["rank_high"] = np.maximum(frame["rank_high"].clip(upper=len(frame)), frame["rank"])
    return replace(ranking, frame=frame)


def _notices(findings: Findings, min_cell: int) -> list[tuple[str, str]]:
    n_small = n_others = 0
    for result in (
        findings.overall,
        findings.by_branch,
        findings.by_role,
        findings.by_branch_role,
        findings.strict,
    ):
        if result is None:
            continue
        n = result.frame["n_valid"]
        hidden = (result.frame["verdict"] == "withheld") & ~(n == 0).fillna(False)
        small = (hidden & (n < min_cell)).fillna(False)
        n_small += int(small.sum())
        n_others += int((hidden & ~small).sum())
    notices = []
    if n_small + n_others:
        notices.append(
            (
                f"为保护答卷人，满意率各表共有 {n_small + n_others} 个单元不予公布："
                f"{n_small} 个有效回答不足 {min_cell} 人，"
                f"{n_others} 个是为了不让前者由合计或差额推算出来。",
                f"To protect respondents, {n_small + n_others} units of the satisfaction tables "
                f"are withheld: {n_small} with fewer than {min_cell} valid answers, {n_others} so "
                f"that those cannot be worked out from totals or differences.",
            )
        )
    if min_cell < USUAL_MIN_CELL:
        notices.append(
            (
                f"按要求，最小公布人数由 {USUAL_MIN_CELL} 降为 {min_cell}。",
                f"As requested, the least number of respondents of a published figure is "
                f"{min_cell} instead of {USUAL_MIN_CELL}.",
            )
        )
    return notices
