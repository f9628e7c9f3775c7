"""The rules of screening as data, for an analyst to change."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from survey.decisions.values import moment
from survey.errors import Place, UsageError

Action = Literal["remove", "flag", "note", "off"]


@dataclass(frozen=True)
class Rule:
    """One rule of screening.

    Parameters
    ----------
    name : str
        One of the keys of `survey.screening.checks.CHECKS`.
    action : {"remove", "flag", "note", "off"}
        ``remove`` takes the row out, ``flag`` keeps it but takes it out of the strict version,
        ``note`` lists it and keeps it in both.
    zh, en : str
        What the rule says, for readers.
    threshold : float, optional
        Seconds per closed question for ``too_fast`` and ``straight_line_fast``.
    since, until : datetime, optional
        Ends of ``outside_window``: the first moment that counts and the first that does not.
    """

    name: str
    action: Action
    zh: str
    en: str
    threshold: float | None = None
    since: datetime | None = None
    until: datetime | None = None


DEFAULT_RULES: tuple[Rule, ...] = (
    Rule("preview", "remove", "平台标明的预览或测试", "previews and tests, says the platform"),
    Rule("incomplete", "remove", "没有答完提交", "not finished"),
    Rule("branch_missing", "remove", "没有填写支部", "no branch given"),
    Rule("test_row", "remove", "测试答卷", "test answers"),
    Rule("outside_window", "off", "不在调查时间内", "outside the time window"),
    Rule("exact_double", "remove", "完全相同的重复提交", "exact double submission"),
    Rule("attention_check", "remove", "注意力检测题答错", "failed attention check"),
    Rule("too_fast", "flag", "作答过快", "too fast", threshold=2.0),
    Rule(
        "straight_line_fast",
        "flag",
        "作答过快且各题答案全部相同",
        "too fast, same answer to every item",
        threshold=2.0,
    ),
    Rule("straight_line", "note", "各题答案全部相同", "same answer to every item"),
    Rule("duplicate_person", "flag", "同一人重复提交", "several answers from one person"),
    Rule("duplicate_device", "flag", "同一设备重复提交", "several answers from one device"),
    Rule("several_roles", "flag", "同一账号以不同身份作答", "one account in several roles"),
    Rule("repeated_file", "flag", "整份文件与另一文件逐行相同", "the whole file repeats another"),
    Rule(
        "identical_sheets",
        "flag",
        "与本支部多份答卷各题全部相同，比其他支部的情形多得多",
        "repeats other sheets of the branch in every item, far more than elsewhere",
    ),
    Rule(
        "burst",
        "note",
        "与本支部上一份答卷只隔几秒，比其他支部的情形多得多（集体填写时常见）",
        "seconds after another of the branch, far more than elsewhere (as at meetings)",
    ),
    Rule("repeated_row", "note", "没有时间，各题与前面一份相同", "repeats a row before, no times"),
)
"""Removed is only what is certain; an honest contented person also answers all items alike."""
REPEATS = (
    *("duplicate_person", "duplicate_device", "several_roles", "repeated_file", "repeated_row"),
    "identical_sheets",
)
"""Rules by which a row may be another answer of the same person."""


def within(
    since: str | date | None,
    until: str | date | None,
    rules: Sequence[Rule] = DEFAULT_RULES,
) -> tuple[Rule, ...]:
    """Switch the time window on.

    Parameters
    ----------
    since, until : str or date, optional
        First and last moment of the survey, as text (``2025-11-30``, ``2025/11/30 18:00``) or
        dates. A day without a time of day counts as a whole; an open end is None.
    rules : sequence of Rule
        The rules to change.

    Returns
    -------
    tuple of Rule

    Raises
    ------
    UsageError
        If a text is no date, or `since` is not before `until`.

    Examples
    --------
    >>> rules = within("2025-11-01", "2025-11-30")
    >>> window = next(rule for rule in rules if rule.name == "outside_window")
    >>> window.action, str(window.since), str(window.until)
    ('remove', '2025-11-01 00:00:00', '2025-12-01 00:00:00')
    """
    if since is None and until is None:
        return tuple(rules)
    first = None if since is None else moment(since)[0]
    last = None if until is None else moment(until)[1]
    if first is not None and last is not None and first >= last:
        raise UsageError(
            zh=f"开始时间 {since} 不早于结束时间 {until}。",
            en=f"The start {since} is not before the end {until}.",
        )
    return tuple(
        replace(rule, action="remove", since=first, until=last)
        if rule.name == "outside_window"
        else rule
        for rule in rules
    )


def load_rules(path: str | Path) -> tuple[Rule, ...]:
    r"""Load changes to the default rules from a TOML file.

    Parameters
    ----------
    path : path
        A table a rule, named like it, with ``action`` and ``threshold``, for example
        ``[too_fast]`` with ``action = "remove"`` and ``threshold = 1.5``.

    Returns
    -------
    tuple of Rule
        The default rules with these changes.

    Raises
    ------
    UsageError
        If the file is missing, no TOML, or names a rule, key or action that does not exist.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "rules.toml"
    >>> _ = file.write_text('[too_fast]\naction = "off"', encoding="utf-8")
    >>> [rule.action for rule in load_rules(file) if rule.name == "too_fast"]
    ['off']
    """
    place = Place(file=str(path))
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            zh=f"筛查规则文件不能读取，应为 UTF-8 的 TOML：{error}。",
            en=f"The file of rules cannot be read; it must be TOML in UTF-8: {error}.",
            place=place,
        ) from error
    names = [rule.name for rule in DEFAULT_RULES]
    for name, table in content.items():
        _require(name in names, f"规则“{name}”", f"rule “{name}”", names, place)
        _require(isinstance(table, dict), f"“{name}”", f"“{name}”", [f"[{name}]"], place)
        for key, value in table.items():
            _require(key in ("action", "threshold"), key, key, ["action", "threshold"], place)
            allowed = list(get_args(Action)) if key == "action" else ["> 0"]
            fine = value in allowed if key == "action" else _is_positive(value)
            _require(fine, f"{name}.{key} = {value}", f"{name}.{key} = {value}", allowed, place)
    return tuple(replace(rule, **content.get(rule.name, {})) for rule in DEFAULT_RULES)


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _require(fine: bool, zh: str, en: str, allowed: Sequence[str], place: Place) -> None:
    if not fine:
        raise UsageError(
            zh=f"筛查规则中的 {zh} 不认识，可用的有：{'、'.join(allowed)}。",
            en=f"In the rules, {en} is not known; allowed are {', '.join(allowed)}.",
            place=place,
        )
