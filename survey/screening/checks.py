"""What each rule looks for: rows of a survey that it touches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from questionnaires.text import normalise
from survey.coding import Responses
from survey.errors import UsageError
from survey.screening.patterns import burst, identical_sheets
from survey.screening.rules import Rule

Check = Callable[[Responses, Rule], "pd.Series[bool] | pd.Series[float]"]
"""What tells the rows that a rule touches: marks, or chances where the others are missing."""

_T = TypeVar("_T", bool, int)
_MOMENT = ["submitted_at", "seconds"]
_TESTS = frozenset(map(normalise, ("测试", "test")))
MIN_ITEMS = 3
"""Least number of answered items of which it is said that all are alike."""


def _once(look: Callable[..., pd.Series[_T]]) -> Callable[..., pd.Series[_T]]:
    """Look once for what several rules ask of the same responses, whatever the rule."""
    known: WeakKeyDictionary[Responses, pd.Series[_T]] = WeakKeyDictionary()

    @wraps(look)
    def looked(responses: Responses, *rule: Any) -> pd.Series[_T]:
        if responses not in known:
            known[responses] = look(responses, *rule)
        return known[responses]

    return looked


def preview(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that the platform calls previews or tests."""
    return responses.people["state"] == "preview"


def incomplete(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that the platform calls not finished."""
    return responses.people["state"] == "incomplete"


def branch_missing(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows without a branch."""
    return responses.people["branch"].isna()


def test_row(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows whose branch is called a test."""
    branch, names = responses.numbered("branch")
    tests = np.array([*map(is_test, names), False])  # the last stands for no branch
    return pd.Series(tests[branch], index=responses.people.index)


def is_test(name: str) -> bool:
    """Tell whether the name of a branch stands for a test of the questionnaire."""
    return normalise(name) in _TESTS


def outside_window(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows submitted before the window or after it; a row without a time is kept.

    Raises
    ------
    UsageError
        If no row has a time of submission.
    """
    times = responses.people["submitted_at"]
    if times.isna().all():
        raise UsageError(
            zh="导出文件没有提交时间，不能按时间筛选（--since、--until）。",
            en="The export has no times of submission: a window (--since, --until) cannot apply.",
        )
    outside = pd.Series(False, index=times.index)
    if rule.since is not None:
        outside |= times < rule.since
    if rule.until is not None:
        outside |= times >= rule.until
    return outside


@_once
def exact_double(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that repeat a row before: number, time and every answer, in any file.

    In another file the number may be another one, if time and duration agree to the second:
    downloads that overlap may be numbered anew.
    """
    people = responses.people
    # Without a number and a time of submission equal answers are two people who agree.
    known = people["serial"].notna() & people["submitted_at"].notna()
    keys = people[["serial", *_MOMENT]].assign(sheet=responses.sheet)[_alike(responses)]
    again = keys.duplicated(keep="first").reindex(people.index, fill_value=False)
    file, _ = responses.numbered("file")
    to_the_second = np.bincount(file, people["submitted_at"].dt.second > 0) > 0
    told = to_the_second[file] & people["seconds"].notna()
    anew = _of_other_file(responses) & told
    return anew | (known & again)


@_once
def _alike(responses: Responses) -> pd.Series[bool]:
    """Find rows that agree with another in time, duration and every answer: few of many."""
    people, shared = responses.people, _shared(responses)
    keys = people[_MOMENT].assign(sheet=responses.sheet)[shared]
    return keys.duplicated(keep=False).reindex(people.index, fill_value=False)


@_once
def _shared(responses: Responses) -> pd.Series[bool]:
    """Find rows that agree with another in every answer."""
    n = np.bincount(responses.sheet)
    return pd.Series(n[responses.sheet] > 1, responses.sheet.index)


@_once
def _of_other_file(responses: Responses) -> pd.Series[bool]:
    """Find rows that agree with one of a file before in time, duration and every answer."""
    people = responses.people
    file, names = responses.numbered("file")
    if len(names) < 2:
        return pd.Series(False, index=people.index)
    again = people["submitted_at"].notna() & _alike(responses)
    keys = people[_MOMENT].assign(sheet=responses.sheet)[again]
    # In one file two people may agree to the second; only as many of another file repeat them.
    alike = keys.groupby(list(keys), dropna=False, sort=False).ngroup()
    occurrence = alike.groupby([alike, file[again]]).cumcount()
    repeated = keys.assign(occurrence=occurrence).duplicated(keep="first")
    return repeated.reindex(people.index, fill_value=False)


def attention_check(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that failed the attention check; a blank one did not fail."""
    return ~responses.people["attention"].fillna(True).astype(bool)


def too_fast(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows below the rule's seconds per closed question or below a third of the median."""
    seconds = responses.people["seconds"]
    if seconds.isna().all():
        return pd.Series(False, index=seconds.index)
    limit = np.maximum((rule.threshold or 0.0) * _n_closed(responses), seconds.median() / 3)
    return seconds < limit


@_once
def _n_closed(responses: Responses) -> pd.Series[int]:
    """Count the closed questions that each row answers."""
    return responses.status.isin(["valid", "not_applicable"]).sum(axis=1)


@_once
def straight_line(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows with the same answer to every item that is answered."""
    places, missing = responses.levels
    items = places[list(responses.questionnaire.item_ids)].to_numpy()
    highest = np.where(items < missing, items, 0).max(axis=1, initial=0)
    alike: NDArray[np.bool_] = highest == items.min(axis=1, initial=missing)
    return _rates_enough(responses) & alike


@_once
def _rates_enough(responses: Responses) -> pd.Series[bool]:
    """Tell which rows rate as many items as can be said to be all alike."""
    places, missing = responses.levels
    items = places[list(responses.questionnaire.item_ids)]
    return (items < missing).sum(axis=1) >= MIN_ITEMS


def straight_line_fast(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that are both too fast and alike."""
    return straight_line(responses, rule) & too_fast(responses, rule)


def duplicate_person(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that seem to be a person's second: which of the two is meant is not known.

    These are rows with number and time of a row before but other answers, and rows that agree with
    one of another file but for their number, where times are not told to the second.
    """
    people = responses.people
    same_number = people["serial"].notna() & people[["serial", "submitted_at"]].duplicated(
        keep="first"
    )
    same_number &= people["submitted_at"].notna()
    return (same_number | _of_other_file(responses)) & ~exact_double(responses, rule)


def duplicate_device(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that repeat every answer of a row before from the same device of the same file.

    An address alone is not enough: a campus goes out by one.
    """
    people = responses.people
    keys = people[["device"]].assign(file=responses.numbered("file")[0], sheet=responses.sheet)
    again = keys[people["device"].notna() & _shared(responses)].duplicated(keep="first")
    return again.reindex(people.index, fill_value=False) & ~exact_double(responses, rule)


def several_roles(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows of an account that answered in another role before, in any file."""
    people = responses.people
    first = people.groupby("account")["role"].transform("first")
    return people["role"].notna() & first.notna() & (people["role"] != first)


def repeated_file(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find the rows of files that repeat another file row by row and have no times to tell by."""
    known: set[tuple[int, ...]] = set()
    repeated = pd.Series(False, index=responses.sheet.index)
    for _, rows in responses.sheet[_untold(responses)].groupby(
        responses.people["file"], sort=False
    ):
        # A few rows alike, or nothing but rows alike, happens by chance.
        if tuple(rows) in known and rows.nunique() >= MIN_ITEMS:
            repeated[rows.index] = True
        known.add(tuple(rows))
    return repeated


def repeated_row(responses: Responses, rule: Rule) -> pd.Series[bool]:
    """Find rows that repeat a row before and have no time to tell by; all alike is no sign."""
    again = _untold(responses) & _rates_enough(responses)
    again &= responses.sheet.duplicated(keep="first")
    return again & ~straight_line(responses, rule) & ~repeated_file(responses, rule)


@_once
def _untold(responses: Responses) -> pd.Series[bool]:
    """Tell which rows have neither a number nor a time of submission."""
    return responses.people["submitted_at"].isna() & responses.people["serial"].isna()


CHECKS: Mapping[str, Check] = {
    check.__name__: check
    for check in (
        preview,
        incomplete,
        branch_missing,
        test_row,
        outside_window,
        exact_double,
        attention_check,
        too_fast,
        straight_line_fast,
        straight_line,
        duplicate_person,
        duplicate_device,
        several_roles,
        repeated_file,
        repeated_row,
        identical_sheets,
        burst,
    )
}
