"""Put everything that is published together under the privacy rule.

The rule. A unit with fewer than `min_cell` respondents is withheld, and so is a difference of that
size between two published figures. All figures of a report together must bound the number of
satisfied people of such a unit no more tightly than the single published units that contain it do.
A published unit in which all answered alike says so of its members: that is accepted, since a
branch of `min_cell` answers or more is owed its verdict. Figures of several units together must
leave at least two values. A rate with its base is taken to tell the count.
Answers to single items have a rule of their own, see `survey.privacy.branch_items`.

Who left the role, the branch or most items blank is told to nobody. So these people count as one
published unit of the whole university each, however few they are; inside a branch the rule holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survey import identifiers
from survey.privacy.branch_items import protect_branch_items, withhold_items

if TYPE_CHECKING:
    from survey.privacy.alternatives import Mask
    from survey.results import Drivers, Findings, ItemResponses, Satisfaction

USUAL_MIN_CELL = 5
_COUNTS = ("n_responses", "n_valid", "n_missing", "n_not_asked", "n_not_applicable")
_PUBLIC = ("branch", "role", "population", "response_rate", *_COUNTS)


def protect(findings: Findings, *, width: int = 0) -> Findings:
    """Withhold small units, and as few others as keep these from being worked out.

    Parameters
    ----------
    findings : Findings
        Everything that is published together. Small units may have been withheld already.
    width : int
        How many values beyond one the smallest published unit around a small one must leave open
        by itself; otherwise it is withheld too. With 0 a branch of which all are satisfied is
        shown although it has a role with fewer than `min_cell` answers: its rate says so of
        everybody in it, as any published unit of one mind does, and the verdict is owed to the
        branch. With 1 such a branch is withheld, with ``min_cell - 1`` every value is left open.

    Returns
    -------
    Findings
        With copied frames and a notice of how many units are withheld and why. There is no ranking
        where a branch is withheld: the shown ones must be ranked anew, among themselves; no
        breakdown where the university's own rate is withheld.

    Raises
    ------
    ValueError
        If the tables contradict each other: a branch with fewer answers than its roles, or sums
        that no table can have.

    See Also
    --------
    survey.privacy.suppression.suppress : The rule on arrays, with sources.
    """
    from survey.privacy.published import hidden_units

    min_cell = findings.by_branch.min_cell
    hidden = hidden_units(findings, min_cell, width)
    by_role, by_branch_role, items = findings.by_role, findings.by_branch_role, findings.items
    overall = _withheld(findings.overall, hidden["overall"])
    by_branch = _withheld(findings.by_branch, hidden["by_branch"])
    if by_branch_role is not None:
        by_branch_role = _withheld(by_branch_role, hidden["by_branch_role"])
        by_branch = _without_telling_joint(by_branch, by_branch_role)
    protected = replace(
        findings,
        overall=overall,
        by_branch=by_branch,
        by_role=None if by_role is None else _withheld(by_role, hidden["by_role"]),
        by_branch_role=by_branch_role,
        strict=None if findings.strict is None else _strict(findings.strict, by_branch, min_cell),
        drivers=None
        if findings.drivers is None or _is_withheld(overall).any()
        else _drivers(findings.drivers, by_branch, min_cell),
        items=None if items is None else withhold_items(items, _is_few(items, min_cell)),
        branch_items=None
        if items is None or findings.branch_items is None
        else protect_branch_items(
            findings.branch_items, items, _hidden_branches(by_branch), min_cell
        ),
        # One model's mean would single out the answers of a hidden branch that took part in it.
        ranking=None if _is_withheld(by_branch).any() else findings.ranking,
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


def _withheld(result: Satisfaction, hidden: Mask) -> Satisfaction:
    return replace(result, frame=withhold(result.frame, hidden))


def _is_withheld(result: Satisfaction) -> pd.Series[bool]:
    return result.frame["verdict"] == "withheld"


def _is_few(items: ItemResponses, min_cell: int) -> pd.Series[bool]:
    return items.summary["n_valid"].between(1, min_cell - 1)


def _hidden_branches(by_branch: Satisfaction) -> set[Any]:
    return set(by_branch.frame.loc[_is_withheld(by_branch), "branch"])


def _without_telling_joint(by_branch: Satisfaction, by_branch_role: Satisfaction) -> Satisfaction:
    """Hide a joint verdict that would tell how a withheld role was judged."""
    frame, cross = by_branch.frame, by_branch_role.frame
    if "verdict_joint" not in frame:
        return by_branch
    split = cross.loc[_is_withheld(by_branch_role) & (cross["n_valid"] > 0), "branch"]
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
    for name in totals.columns.difference(["branch", "n", "withheld"]):
        totals[name] = totals[name].mask(hidden)
    totals["n"] = totals["n"].astype("Int64").mask(hidden)
    gone = branches["branch"].isin(set(totals.loc[hidden, "branch"])) | branches["withheld"]
    branches["withheld"] = gone
    kept = ["branch", "dimension", "title", "title_en", "university", "withheld"]
    for name in branches.columns.difference(kept):
        branches[name] = branches[name].mask(gone)
    return replace(drivers, branch_totals=totals, branches=branches)


def _notices(findings: Findings, min_cell: int) -> list[tuple[str, str]]:
    tables = (findings.overall, findings.by_branch, findings.by_role, findings.by_branch_role)
    n = pd.concat([t.frame.loc[_is_withheld(t), "n_valid"] for t in tables if t is not None])
    n_withheld, n_small = int((n > 0).sum()), int(n.between(1, min_cell - 1).sum())
    notices = []
    if n_withheld:
        notices.append(
            (
                f"为保护答卷人，满意率各表共有 {n_withheld} 个单元不予公布："
                f"{n_small} 个有效回答不足 {min_cell} 人，"
                f"{n_withheld - n_small} 个是为了不让前者由合计或差额推算出来。",
                f"To protect respondents, {n_withheld} units of the satisfaction tables are "
                f"withheld: {n_small} with fewer than {min_cell} valid answers, "
                f"{n_withheld - n_small} so that those cannot be worked out from totals or "
                f"differences.",
            )
        )
    shown = findings.by_branch.frame.loc[~_is_withheld(findings.by_branch), "branch"]
    if findings.strict is not None and (
        n_strict := int(
            findings.strict.frame.loc[_is_withheld(findings.strict), "branch"].isin(shown).sum()
        )
    ):
        notices.append(
            (
                f"从严筛查后另有 {n_strict} 个支部的结果不予公布：与全部答卷只差几个人，"
                f"或只剩不足 {min_cell} 人。",
                f"After strict screening the results of {n_strict} more branches are withheld: "
                f"they differ from all answers by a few people, or fewer than {min_cell} are left.",
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
