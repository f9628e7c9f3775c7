"""Which rows count: rules as data, and a line for every row that a rule touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from questionnaires.text import normalise
from survey.coding import Responses

Action = Literal["remove", "flag", "off"]
Version = Literal["all", "strict"]


@dataclass(frozen=True)
class Rule:
    """One rule of screening.

    Parameters
    ----------
    name : str
        One of the keys of `CHECKS`.
    action : {"remove", "flag", "off"}
        ``remove`` takes the row out, ``flag`` keeps it but takes it out of the strict version.
    zh, en : str
        What the rule says, for readers.
    threshold : float, optional
        Seconds per closed question for ``too_fast``.
    """

    name: str
    action: Action
    zh: str
    en: str
    threshold: float | None = None


DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("no_branch", "remove", "未填写所在支部", "branch left blank"),
    Rule("test_row", "remove", "测试答卷", "test row"),
    Rule("double_submission", "remove", "完全相同的重复提交", "exact double submission"),
    Rule("failed_attention", "remove", "注意力检测题答错", "failed the attention check"),
    Rule("too_fast", "flag", "作答过快", "answered too fast", threshold=2.0),
    Rule(
        "straight_lining",
        "flag",
        "各项答案完全相同且作答过快",
        "all items answered alike, and too fast",
        threshold=2.0,
    ),
)
"""Removed is only what is certain; an honest contented person also answers all items alike."""


@dataclass(frozen=True)
class Screening:
    """Which rows are used, and why the others are not.

    Attributes
    ----------
    used : Series of bool
        Rows that count.
    strict : Series of bool
        Rows that count when every flagged row is taken out too.
    audit : DataFrame
        One row a person and rule: ``file``, ``sheet``, ``row``, ``rule``, ``action``, ``zh``,
        ``en``. A removed row stands there once, under the first rule that removes it.
    rules : tuple of Rule
        The rules that were applied.
    """

    used: pd.Series
    strict: pd.Series
    audit: pd.DataFrame
    rules: tuple[Rule, ...]

    def rows(self, version: Version = "all") -> pd.Series:
        """Give the mask of one version."""
        return self.strict if version == "strict" else self.used

    def tally(self, action: Action) -> pd.DataFrame:
        """Count the audit's rows by rule: ``rule``, ``zh``, ``en``, ``n``."""
        part = self.audit[self.audit["action"] == action]
        return part.groupby(["rule", "zh", "en"], sort=False).size().rename("n").reset_index()


def screen(
    responses: Responses,
    rules: Sequence[Rule] = DEFAULT_RULES,
    *,
    unknown_branch: pd.Series | None = None,
) -> Screening:
    """Apply the rules to every row.

    Parameters
    ----------
    responses : Responses
        All rows as read.
    rules : sequence of Rule
        Applied in their order.
    unknown_branch : Series of bool, optional
        Rows whose branch the roster does not know; they are removed before any other rule.

    Returns
    -------
    Screening
        ``used`` is every row not removed, so rows read = used + removed.

    Examples
    --------
    >>> [rule.name for rule in DEFAULT_RULES if rule.action == "remove"]
    ['no_branch', 'test_row', 'double_submission', 'failed_attention']
    """
    removed = pd.Series(False, index=responses.people.index)
    flagged = removed.copy()
    lines = []

    def note(mask: pd.Series, rule: Rule) -> None:
        hit = responses.people.loc[mask, ["file", "sheet", "row"]]
        lines.append(hit.assign(rule=rule.name, action=rule.action, zh=rule.zh, en=rule.en))

    if unknown_branch is not None and unknown_branch.any():
        rule = Rule("unknown_branch", "remove", "名册中没有该支部", "branch not on the roster")
        note(unknown_branch, rule)
        removed |= unknown_branch
    active = tuple(rule for rule in rules if rule.action != "off")
    for rule in sorted(active, key=lambda rule: rule.action == "flag"):
        mask = CHECKS[rule.name](responses, rule) & ~removed
        note(mask, rule)
        if rule.action == "remove":
            removed |= mask
        else:
            flagged |= mask
    columns = ["file", "sheet", "row", "rule", "action", "zh", "en"]
    audit = pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=columns)
    return Screening(used=~removed, strict=~removed & ~flagged, audit=audit, rules=active)


def _no_branch(responses: Responses, rule: Rule) -> pd.Series:
    return responses.people["branch"].isna()


def _test_row(responses: Responses, rule: Rule) -> pd.Series:
    names = responses.people["branch"]
    tests = [name for name in names.dropna().unique() if normalise(name) in {"测试", "test"}]
    return names.isin(tests)


def _double_submission(responses: Responses, rule: Rule) -> pd.Series:
    people = responses.people
    # Without a number and a time of submission equal answers are two people who agree.
    known = people["serial"].notna() & people["submitted_at"].notna()
    keys = pd.concat(
        [
            people[["serial", "submitted_at", "seconds", "branch", "role_answer"]],
            responses.scores,
            responses.status.add_prefix("status_"),
        ],
        axis=1,
    )
    return known & keys.duplicated(keep="first")


def _failed_attention(responses: Responses, rule: Rule) -> pd.Series:
    return responses.people["attention"].eq(False).fillna(False).astype(bool)


def _too_fast(responses: Responses, rule: Rule) -> pd.Series:
    seconds = responses.people["seconds"].astype("float64")
    n_closed = responses.status.isin(["valid", "not_applicable"]).sum(axis=1)
    median = seconds.median()
    limit = np.maximum(
        (rule.threshold or 0.0) * n_closed, median / 3 if seconds.notna().any() else 0
    )
    return seconds.notna() & (seconds < limit)


def _straight_lining(responses: Responses, rule: Rule) -> pd.Series:
    items = responses.scores[list(responses.questionnaire.item_ids)]
    if items.shape[1] < 3:
        return pd.Series(False, index=items.index)
    alike = (items.max(axis=1) == items.min(axis=1)) & (items.notna().sum(axis=1) >= 3)
    return alike & _too_fast(responses, rule)


CHECKS = {
    "no_branch": _no_branch,
    "test_row": _test_row,
    "double_submission": _double_submission,
    "failed_attention": _failed_attention,
    "too_fast": _too_fast,
    "straight_lining": _straight_lining,
}
