"""Apply the rules to every row, and keep a line for every row that a rule touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from survey.coding import Responses
from survey.errors import UsageError
from survey.screening.checks import CHECKS
from survey.screening.rules import DEFAULT_RULES, REPEATS, Action, Rule

Version = Literal["all", "strict"]


@dataclass(frozen=True)
class Screening:
    """Which rows are used, and why the others are not."""

    used: pd.Series  # rows that count
    strict: pd.Series  # rows that count when every flagged row is taken out too
    # one row a person and rule: ``file``, ``sheet``, ``row``, ``rule``, ``action``, ``zh``, ``en``,
    # ``chance`` (of what a rule on agreement tells, under ordinary behaviour). A removed row stands
    # there once, under the first rule that removes it.
    audit: pd.DataFrame
    rules: tuple[Rule, ...]  # the rules that were applied

    def __repr__(self) -> str:
        return (
            f"<Screening {len(self.used)} rows: {self.used.sum()} used, "
            f"{self.strict.sum()} without the flagged>"
        )

    def rows(self, version: Version = "all") -> pd.Series:
        """Give the mask of one version."""
        return self.strict if version == "strict" else self.used

    def lines(self) -> pd.DataFrame:
        """Give the audit with chances put into its words."""
        chance = self.audit["chance"]
        known = chance.dropna().clip(lower=1e-6).map("{:.1g}".format)
        told = self.audit.drop(columns="chance")
        for name, words in (("zh", "（偶然如此的机会约 {}）"), ("en", " (chance about {})")):
            shown = known.map(words.format).astype("object").reindex(told.index)
            told[name] += shown.where(shown.notna(), "")
        return told

    def repeated(self, people: pd.DataFrame) -> pd.Series[bool]:
        """Tell which rows are listed because they may be another answer of the same person."""
        keys = ["file", "sheet", "row"]
        lines = self.audit.loc[self.audit["rule"].isin(REPEATS), keys]
        known = pd.MultiIndex.from_frame(people[keys]).isin(pd.MultiIndex.from_frame(lines))
        return pd.Series(known, index=people.index)

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

    Raises
    ------
    UsageError
        If a rule has a name without a check.

    Examples
    --------
    >>> [rule.name for rule in DEFAULT_RULES if rule.action == "remove"]
    ['preview', 'incomplete', 'branch_missing', 'test_row', 'exact_double', 'attention_check']
    """
    unknown = [rule.name for rule in rules if rule.name not in CHECKS]
    if unknown:
        raise UsageError(
            zh=f"没有筛查规则“{'、'.join(unknown)}”，可用的有：{'、'.join(CHECKS)}。",
            en=f"There is no rule {', '.join(unknown)}; there are {', '.join(CHECKS)}.",
        )
    removed = pd.Series(False, index=responses.people.index)
    flagged = removed.copy()
    lines = []

    def note(mask: pd.Series, rule: Rule, chance: pd.Series | None = None) -> None:
        hit = responses.people.loc[mask, ["file", "sheet", "row"]]
        hit = hit.assign(rule=rule.name, action=rule.action, zh=rule.zh, en=rule.en)
        lines.append(hit.assign(chance=np.nan if chance is None else chance[mask]))

    if unknown_branch is not None and unknown_branch.any():
        rule = Rule("unknown_branch", "remove", "名册中没有该支部", "branch not on the roster")
        note(unknown_branch, rule)
        removed |= unknown_branch
    active = tuple(rule for rule in rules if rule.action != "off")
    for rule in sorted(active, key=lambda rule: rule.action != "remove"):
        found = CHECKS[rule.name](responses, rule)
        told = found if found.dtype.kind == "f" else None
        mask = (found if told is None else found.notna()) & ~removed
        note(mask, rule, told)
        if rule.action == "remove":
            removed |= mask
        elif rule.action == "flag":
            flagged |= mask
    columns = ["file", "sheet", "row", "rule", "action", "zh", "en", "chance"]
    audit = pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=columns)
    return Screening(used=~removed, strict=~removed & ~flagged, audit=audit, rules=active)


def filtered(screening: Screening, kept: pd.Series[bool], people: pd.DataFrame) -> Screening:
    """Take rows out that a filter of the analyst's leaves out, with a line each in the audit.

    Parameters
    ----------
    screening : Screening
        As it was.
    kept : Series of bool
        Rows that stay.
    people : DataFrame
        ``file``, ``sheet`` and ``row`` of every row.

    Returns
    -------
    Screening
    """
    rule = Rule("filtered", "remove", "分析者筛去", "left out by a filter")
    out = people.loc[screening.used & ~kept, ["file", "sheet", "row"]]
    lines = out.assign(rule=rule.name, action=rule.action, zh=rule.zh, en=rule.en)
    audit = pd.concat([screening.audit, lines], ignore_index=True)
    return replace(
        screening,
        used=screening.used & kept,
        strict=screening.strict & kept,
        audit=audit,
        rules=(*screening.rules, rule),
    )
