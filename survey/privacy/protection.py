"""Put everything that is published together under the rule of `survey.privacy.rule`.

A published unit in which all answered alike says so of its members: that is accepted, since a
branch of `min_cell` answers or more is owed its verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.privacy import audit, rule
from survey.privacy.rule import FEW, PARTNER, SHOWN, Mask, Pattern
from survey.settings import USUAL_MIN_CELL

if TYPE_CHECKING:
    from questionnaires import Scale
    from survey.results import Drivers, Findings, ItemResponses, Satisfaction

Table = NDArray[np.float64]
_STATUSES = ["n_responses", "n_missing", "n_not_asked", "n_not_applicable"]
_PUBLIC = ("branch", "role", "population", "n_valid", "response_rate")


def protect(
    findings: Findings,
    decided: Pattern | None = None,
    further: Mapping[tuple[str, ...], NDArray[np.str_]] | None = None,
) -> Findings:
    """Withhold small units, and as few others as keep these from being worked out.

    Parameters
    ----------
    findings : Findings
        Everything that is published together, with every figure.
    decided : Pattern, optional
        What `decide` says of the same numbers.
    further : mapping of tuple of str to ndarray of str, optional
        What `survey.privacy.rule.groupings` says of every further grouping, which is required.

    Returns
    -------
    Findings
        With copied frames and a notice of how many units are withheld and why. A table of branches
        and roles that is withheld as a whole is None; there is no ranking where a branch is
        withheld: the shown ones must be ranked anew, among themselves.

    Raises
    ------
    ValueError
        If the tables contradict each other: a branch with fewer answers than its roles.

    See Also
    --------
    survey.privacy.rule.pattern : The rule on arrays, with sources.
    """
    min_cell = findings.tables["branch",].min_cell
    decided = decided or decide(findings)
    by_branch = _branches(findings.tables["branch",], decided)
    hidden = set(by_branch.frame.loc[decided.branches != SHOWN, "branch"])
    items = None if findings.items is None else _items(findings.items, min_cell)
    tables = {**findings.tables, ("branch",): by_branch}
    tables[()] = _overall(tables[()], decided)
    if ("role",) in tables:
        tables["role",] = _verdicts_alone(tables["role",], decided.roles)
    if ("branch", "role") in tables and (inner := _crossing(findings, decided)) is not None:
        tables["branch", "role"] = inner
    else:
        tables.pop(("branch", "role"), None)
    for table in findings.further:
        tables[table.by] = _verdicts_alone(table, (further or {})[table.by])
    protected = replace(
        findings,
        tables=tables,
        drivers=None
        if findings.drivers is None
        else _drivers(findings.drivers, by_branch, hidden, min_cell),
        items=items,
        branch_items=None
        if items is None or findings.branch_items is None
        else protect_branch_items(findings.branch_items, items, hidden, min_cell),
        ranking=None if hidden else findings.ranking,
    )
    if findings.tables[()].is_weighted:
        protected = _rates_alone(protected)
    return replace(
        protected, notices=(*findings.notices, *_notices(findings, protected, decided, min_cell))
    )


def withhold(
    frame: pd.DataFrame, reasons: Iterable[str], units: Sequence[str] = ()
) -> pd.DataFrame:
    """Hide whatever tells the answers of some units of a satisfaction frame.

    Parameters
    ----------
    frame : DataFrame
        One row a unit, as `Satisfaction.frame`.
    reasons : iterable of str, one a row
        Why the unit is withheld, empty where it is shown.
    units : sequence of str
        Columns that name the unit, beside ``branch`` and ``role``.

    Returns
    -------
    DataFrame
        A copy: verdicts ``withheld``, the column ``reason`` as given, all columns but the public
        ones missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"branch": ["a", "b"], "n_valid": [3, 9], "rate": [1.0, 0.9],
    ...     "verdict": "meets"})
    >>> withhold(frame, ["few", ""])
      branch  n_valid  rate   verdict
    0      a        3   NaN  withheld
    1      b        9   0.9     meets
    """
    why = pd.Series(list(reasons), index=frame.index, dtype="str")
    hidden = why != SHOWN
    frame = _without_figures(frame, hidden, units)
    for name in frame.columns:
        if str(name).startswith("verdict"):
            frame[name] = frame[name].mask(hidden, "withheld")
        elif name == "reason":
            frame[name] = frame[name].mask(hidden, why)
    return frame


def protect_branch_items(
    by_branch: ItemResponses, everyone: ItemResponses, hidden: set[Any], min_cell: int
) -> ItemResponses:
    """Withhold items of branches that are too few, or that would give a few away.

    Parameters
    ----------
    by_branch : ItemResponses
        Answers in every branch.
    everyone : ItemResponses
        Answers of all people, those of unknown branch too, as published with it.
    hidden : set of str
        Branches that are withheld.
    min_cell : int
        Least number of answers of a published item.

    Returns
    -------
    ItemResponses
        Without the hidden branches. An item that a branch withholds has no figures and no bases.

    Notes
    -----
    An item whose pool of hidden branches holds too many dissatisfied people to leave a small one
    without any is shown for no branch.
    """
    summary, frame = by_branch.summary, by_branch.frame
    if summary.empty:
        return by_branch
    names, ids = summary["branch"].unique(), summary["item"].unique()
    shape = (len(names), len(ids))
    total = everyone.summary.set_index("item").reindex(ids)
    is_out = np.isin(names, list(hidden))
    n = summary["n_valid"].to_numpy(dtype=np.int64).reshape(shape)
    x = summary["n_satisfied"].to_numpy(dtype=np.int64).reshape(shape)
    whole = total["n_valid"].to_numpy(dtype=np.int64)
    gone = rule.withheld_items(np.vstack([n, whole - n.sum(axis=0)]), is_out, min_cell=min_cell)
    # what is hidden of an item, and how many of it are not satisfied
    pool = whole - np.where(gone, 0, n).sum(axis=0)
    satisfied = total["n_satisfied"].to_numpy(dtype=float, na_value=np.nan)
    bad = pool - (satisfied - np.where(gone, 0, x).sum(axis=0))
    few = gone & (n > 0) & (n < min_cell)
    gone |= (few & (bad - (pool - n) >= 1)).any(axis=0)
    kept = ~summary["branch"].isin(hidden)
    shown = replace(
        by_branch,
        summary=summary[kept].reset_index(drop=True),
        frame=frame[~frame["branch"].isin(hidden)].reset_index(drop=True),
    )
    mask = pd.Series(gone.ravel(), index=summary.index)[kept].reset_index(drop=True)
    bases = [str(name) for name in summary if str(name).startswith("n_")]
    return _withhold_items(shown, mask & (shown.summary["n_valid"] > 0), bases)


def decide(findings: Findings) -> Pattern:
    """Apply the rule to numbers of answers, then the audit to the crossing as a whole.

    Parameters
    ----------
    findings : Findings
        Everything that is published together, with every figure.

    Returns
    -------
    Pattern
        In the order of the tables' rows.

    Raises
    ------
    ValueError
        If units have fewer answers than the units inside them.
    """
    min_cell = findings.tables["branch",].min_cell
    n = _cells(findings, "n_valid").round().astype(np.int64)
    if (n < 0).any():
        raise ValueError("units have fewer valid answers than the units inside them")
    decided = rule.pattern(n, min_cell=min_cell)
    if ("branch", "role") not in findings.tables or len(decided.branches) < rule.LEAST_BRANCHES:
        return decided
    hidden = np.append(decided.crossing, True)
    if _tells(findings, n, hidden, decided, min_cell):
        decided = replace(decided, crossing=np.ones_like(decided.crossing))
        if _tells(findings, n, np.ones_like(hidden), decided, min_cell):
            roles = np.where(decided.roles == FEW, FEW, PARTNER)
            decided = replace(decided, roles=roles)
    return decided


def _tells(
    findings: Findings, n: NDArray[Any], hidden: Mask, decided: Pattern, min_cell: int
) -> bool:
    """Tell whether the margins of the hidden rows show a dissatisfied person among a few."""
    shown_roles = np.append(decided.roles == SHOWN, (decided.roles == SHOWN).all())
    if not shown_roles.any():
        return False
    # Withheld branches are known by their sum alone, and so are roles without figures.
    pool = np.append(decided.branches != SHOWN, True)

    def merged(cells: Table) -> Table:
        rows = np.vstack([cells[~pool], cells[pool].sum(axis=0)])
        rest = rows[:, ~shown_roles].sum(axis=1, keepdims=True)
        return np.hstack([rows[:, shown_roles], rest])

    satisfied = _cells(findings, "n_satisfied")
    index = _cells(findings, "index")
    points = None
    lost = _lost(findings.questionnaire.overall.scale)
    if lost is not None and not np.isnan(index).any() and not findings.tables[()].is_weighted:
        points = audit.Points(*lost, merged(n - index))
    return audit.tells(
        merged(n),
        merged(n - satisfied),
        np.append(hidden[~pool], True),
        min_cell=min_cell,
        points=points,
    )


def _rates_alone(findings: Findings) -> Findings:
    """Leave numbers of satisfied people out: beside a weighted rate they tell who weighs what."""

    def without(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
        return frame.assign(**{name: pd.array([pd.NA] * len(frame), "Int64") for name in names})

    def rates(items: ItemResponses | None) -> ItemResponses | None:
        if items is None:
            return None
        summary, frame = without(items.summary, "n_satisfied"), without(items.frame, "n")
        return replace(items, summary=summary, frame=frame)

    tables = {
        by: replace(
            table,
            frame=without(table.frame, "n_satisfied").assign(share_of_answers=np.nan),
        )
        for by, table in findings.tables.items()
    }
    parts = (rates(findings.items), rates(findings.branch_items))
    return replace(findings, tables=tables, items=parts[0], branch_items=parts[1])


def _cells(findings: Findings, column: str) -> Table:
    """Give a sum by branch and role; the last row and column are people of no known one.

    The index, a mean of 0–100, is given as a sum of shares.
    """

    def sums(result: Satisfaction) -> pd.Series[Any]:
        values = result.frame[column].astype(float)
        if column == "index":
            values = (values * result.frame["n_valid"] / 100).mask(result.frame["n_valid"] == 0, 0)
        return values.set_axis(
            pd.MultiIndex.from_frame(result.frame[list(result.by)])
            if len(result.by) > 1
            else result.frame[result.by[0]]
            if result.by
            else pd.RangeIndex(1)
        )

    whole = sums(findings.tables[()]).to_numpy()
    branches = sums(findings.tables["branch",])
    inner, roles = np.empty((len(branches), 0)), np.empty(0)
    if ("role",) in findings.tables and ("branch", "role") in findings.tables:
        of_role = sums(findings.tables["role",])
        crossed = sums(findings.tables["branch", "role"]).unstack().fillna(0.0)
        placed = crossed.reindex(index=branches.index, columns=of_role.index, fill_value=0.0)
        inner, roles = placed.to_numpy(dtype=float), of_role.to_numpy()
    below = roles - inner.sum(axis=0)
    beside = branches.to_numpy() - inner.sum(axis=1)
    corner = whole - branches.sum() - below.sum()
    return np.vstack([np.column_stack([inner, beside]), [*below, *corner]])


def _lost(scale: Scale) -> tuple[float, float] | None:
    """Give the least points that a dissatisfied answer loses, and the most of a satisfied one."""
    rungs = [(rung.satisfied, rung.index) for rung in scale.valid_levels]
    good = [index for satisfied, index in rungs if satisfied and index is not None]
    bad = [index for satisfied, index in rungs if not satisfied and index is not None]
    if not good or not bad or max(bad) >= 100 or min(good) <= 0:
        return None
    return 1 - max(bad) / 100, 1 - min(good) / 100


def _branches(by_branch: Satisfaction, decided: Pattern) -> Satisfaction:
    """Withhold branches, and joint verdicts that would tell how a withheld role was judged."""
    frame = withhold(by_branch.frame, decided.branches)
    n = frame["n_valid"].to_numpy(dtype=np.int64)
    gone = rule.withheld_statuses(n, decided.branches != SHOWN, min_cell=by_branch.min_cell)
    frame = _without_statuses(frame, gone)
    if "verdict_joint" in frame:
        frame["verdict_joint"] = frame["verdict_joint"].mask(decided.crossing, "withheld")
        if (frame["verdict_joint"] == "withheld").all():
            frame = frame.drop(columns="verdict_joint")
    return replace(by_branch, frame=frame, is_protected=True)


def _overall(overall: Satisfaction, decided: Pattern) -> Satisfaction:
    """Let no joint verdict say how a withheld role was judged."""
    frame = overall.frame
    if "verdict_joint" in frame and (decided.roles == FEW).any():
        told = frame["verdict_joint"].mask(frame["verdict"] == "meets", "withheld")
        overall = replace(overall, frame=frame.assign(verdict_joint=told))
    return rounded(overall)


def _verdicts_alone(result: Satisfaction, reasons: NDArray[np.str_]) -> Satisfaction:
    """Withhold units of a few; others that would give them away keep their verdict alone."""
    frame = withhold(result.frame, np.where(reasons == FEW, FEW, SHOWN), result.by)
    verdict_alone = pd.Series(reasons == PARTNER, index=frame.index)
    frame = _without_statuses(_without_figures(frame, verdict_alone, result.by), True)
    if "reason" in frame:
        frame["reason"] = frame["reason"].mask(verdict_alone, "")
    return rounded(replace(result, frame=frame))


def rounded(result: Satisfaction) -> Satisfaction:
    """Round rates that rest on all cells as they are shown: many digits would tell hidden ones."""
    frame = result.frame
    rate = frame["rate"].astype(float)
    shown = rate.round(3)
    # beside the bar, nothing and all one decimal more is printed
    shown = shown.where(~shown.isin([0.0, 1.0, float(result.bar)]), rate.round(4))
    known = frame["lower"] == frame["upper"]
    frame = frame.assign(rate=rate.where(known, shown))
    for name, outward in (("lower", np.floor), ("upper", np.ceil)):
        end = frame[name].to_numpy(dtype=float)
        widened = outward((end * 1000).round(9)) / 1000
        decides = (end >= float(result.bar)) != (widened >= float(result.bar))
        frame[name] = np.where(known | decides, end, widened)
    return replace(result, frame=frame, is_protected=True)


def _crossing(findings: Findings, decided: Pattern) -> Satisfaction | None:
    both = findings.tables.get(("branch", "role"))
    if both is None or decided.crossing.all():
        return None
    gone = findings.tables["branch",].frame.loc[decided.crossing, "branch"]
    n = both.frame["n_valid"]
    few = n.between(1, both.min_cell - 1)
    reasons = np.where(both.frame["branch"].isin(gone), np.where(few, FEW, PARTNER), SHOWN)
    frame = _without_statuses(withhold(both.frame, reasons), True)
    return replace(both, frame=frame, is_protected=True)


def _without_statuses(frame: pd.DataFrame, hidden: Mask | bool) -> pd.DataFrame:
    """Hide how many left the question open: of roles and their cells, the branches' would tell."""
    mask = pd.Series(hidden, index=frame.index)
    columns = frame.columns.intersection(_STATUSES)
    return frame.assign(**{name: frame[name].astype("Int64").mask(mask) for name in columns})


def _without_figures(
    frame: pd.DataFrame, hidden: pd.Series[bool], units: Sequence[str]
) -> pd.DataFrame:
    frame = frame.copy()
    for name in frame.columns:
        told = (
            name in _PUBLIC or name in units or str(name).startswith("verdict") or name == "reason"
        )
        if not told and hidden.any():
            column = frame[name]
            is_int = pd.api.types.is_integer_dtype(column.dtype)
            frame[name] = (column.astype("Int64") if is_int else column).mask(hidden)
    return frame


def _items(items: ItemResponses, min_cell: int) -> ItemResponses:
    return _withhold_items(items, items.summary["n_valid"].between(1, min_cell - 1))


def _withhold_items(
    items: ItemResponses, hidden: pd.Series[bool], bases: Iterable[str] = ()
) -> ItemResponses:
    """Hide how items were answered and, where asked for, by how many."""
    summary, frame = items.summary.copy(), items.frame.copy()
    figures = ["n_satisfied", "rate", "lower", "upper", "index"]
    for name in summary.columns.intersection([*figures, *bases]):
        column = summary[name]
        is_int = pd.api.types.is_integer_dtype(column.dtype)
        summary[name] = (column.astype("Int64") if is_int else column).mask(hidden)
    keys = [name for name in ("branch", "item") if name in summary]
    gone = pd.MultiIndex.from_frame(summary.loc[hidden, keys])
    rows = pd.Series(pd.MultiIndex.from_frame(frame[keys]).isin(gone), index=frame.index)
    frame[["n", "share"]] = frame[["n", "share"]].mask(rows)
    return replace(items, summary=summary, frame=frame)


def _drivers(
    drivers: Drivers, by_branch: Satisfaction, hidden_branches: set[Any], min_cell: int
) -> Drivers:
    """Withhold the breakdown of hidden branches and of those whose base differs by a few people."""
    totals, branches = drivers.branch_totals.copy(), drivers.branches.copy()
    n = totals["n"].to_numpy(dtype=float)
    everyone = by_branch.frame.set_index("branch")["n_valid"]
    left_out = totals["branch"].map(everyone).to_numpy(dtype=float) - n
    hidden = (
        totals["withheld"].to_numpy(dtype=bool)
        | totals["branch"].isin(hidden_branches).to_numpy()
        | (n < min_cell)
        | ((left_out != 0) & ~(left_out >= min_cell))
    )
    # Contributions add up to the university's: one branch, or a few people, must not be all that
    # is missing.
    for place in np.argsort(n, kind="stable"):
        if not hidden.any() or (hidden.sum() > 1 and n[hidden].sum() >= min_cell):
            break
        hidden[place] = True
    totals["withheld"] = hidden
    for name in totals.columns.difference(["branch", "n", "withheld"]):
        totals[name] = totals[name].mask(hidden)
    totals["n"] = totals["n"].astype("Int64").mask(hidden)
    gone = branches["branch"].isin(set(totals.loc[hidden, "branch"])) | branches["withheld"]
    branches["withheld"] = gone
    kept = ["branch", "dimension", "title", "title_en", "university", "withheld"]
    for name in branches.columns.difference(kept):
        branches[name] = branches[name].mask(gone)
    return replace(drivers, branch_totals=totals, branches=branches, fit_model=None)


def _notices(
    findings: Findings, protected: Findings, decided: Pattern, min_cell: int
) -> list[tuple[str, str]]:
    """Say how many units are withheld and by which rule, not which rule withheld a table."""
    notices = []
    few, partners = (int((decided.branches == why).sum()) for why in (FEW, PARTNER))
    if few + partners:
        zh, en = (
            (f"，另有 {partners} 个是为了不让前者由合计推算出来", f", and {partners} more because")
            if partners
            else ("", "")
        )
        notices.append(
            (
                f"为保护答卷人，有 {few + partners} 个党支部暂不评定："
                f"{few} 个有效回答不足 {min_cell} 人{zh}。",
                f"To protect respondents, the results of {few + partners} branches are withheld: "
                f"{few} with fewer than {min_cell} valid answers{en}"
                f"{' those could be worked out from totals' if en else ''}.",
            )
        )
    n_roles = int((decided.roles == FEW).sum())
    if n_roles:
        notices.append(
            (
                f"有 {n_roles} 类人员的有效回答不足 {min_cell} 人，其结果暂不公布。",
                f"The results of {n_roles} roles with fewer than {min_cell} valid answers are "
                "withheld.",
            )
        )
    if (decided.roles == PARTNER).any():
        notices.append(
            (
                "为了不让个别人的回答被推算出来，部分身份只公布判定，不公布数字。",
                "So that nobody's answers can be worked out, some roles have their verdict alone, "
                "without figures.",
            )
        )
    if ("branch", "role") in findings.tables:
        rows = int((decided.crossing & (decided.branches == SHOWN)).sum())
        if ("branch", "role") not in protected.tables:
            notices.append(
                (
                    "为保护答卷人，不公布各党支部分身份的结果。",
                    "To protect respondents, no results by branch and role are published.",
                )
            )
        elif rows:
            notices.append(
                (
                    f"为保护答卷人，另有 {rows} 个党支部只公布合计，不公布分身份的结果。",
                    f"To protect respondents, {rows} more branches have their totals alone, not "
                    "the results by role.",
                )
            )
    if min_cell < USUAL_MIN_CELL:
        notices.append(
            (
                f"按要求，最小公布人数由 {USUAL_MIN_CELL} 降为 {min_cell}，个人的回答可能被推知。",
                f"As requested, the least number of respondents of a published figure is "
                f"{min_cell} instead of {USUAL_MIN_CELL}: single answers may be inferred.",
            )
        )
    return notices
