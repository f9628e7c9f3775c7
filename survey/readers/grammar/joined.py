"""Cells that may hold several options: taken apart where that is proven, never inside an option."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from survey.readers.grammar.model import Grammar
from survey.readers.wording import tidy

SMALL = 10
"""Answers from which on their repetition tells something."""

# A cell is taken apart at an ambiguous separator only with this much evidence.
_MOST_OPTIONS = 40
_END = ""


def pieces(text: str, grammar: Grammar, whole: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Split a cell with several options into (option, typed text) pairs."""
    parts = (tidy(part) for part in grammar.split(text, whole))
    return [grammar.open_text(part) for part in parts if part]


def holding_joint(options: Iterable[str], grammar: Grammar) -> tuple[str, ...]:
    """Give the options that hold the separator themselves."""
    return tuple(o for o in options if grammar.joint and grammar.joint.search(o))


def is_joined(valid: Iterable[str], grammar: Grammar) -> bool:
    """Tell whether any cell holds several pieces."""
    if grammar.joint is None or not grammar.joint.search("\n".join(valid)):
        return False
    return any(len(grammar.split(text)) > 1 for text in valid)


def whole_options(valid: Mapping[str, int], grammar: Grammar) -> tuple[str, ...]:
    """Find the options that hold the separator: pieces that are never met but side by side.

    Longest first. A piece belongs to the one before it where it is met after no other, and that one
    is met often and never without such a piece after it.

    Examples
    --------
    >>> import re
    >>> comma = Grammar(joint=re.compile(", "), certain_join=False)
    >>> whole_options({"Yes, fully": 9, "No": 9, "Yes, fully, No": 3}, comma)
    ('Yes, fully',)
    """
    if grammar.certain_join:
        return ()
    whole: tuple[str, ...] = ()
    while True:
        before: dict[str, set[str]] = {}
        after: dict[str, Counter[str]] = {}
        for text, count in valid.items():
            cell = [option for option, _ in pieces(text, grammar, whole)]
            for one, next_ in pairwise((_END, *cell, _END)):
                before.setdefault(next_, set()).add(one)
                after.setdefault(one, Counter())[next_] += count
        heads = {
            one
            for one, tails in after.items()
            if one != _END and tails.total() >= SMALL and all(before[t] == {one} for t in tails)
        }
        found = {
            label
            for text in valid
            for one, next_ in pairwise(p for p, _ in pieces(text, grammar, whole))
            if one in heads
            for label in _between(text, one, next_)
        }
        if not found - {*whole}:
            return whole
        whole = tuple(sorted({*whole, *found}, key=len, reverse=True))


def _between(text: str, one: str, next_: str) -> list[str]:
    """Give the part of a cell from one piece to the end of the next, as it is written."""
    start = text.find(one)
    stop = text.find(next_, start + len(one))
    return [text[start : stop + len(next_)]] if start >= 0 and stop >= 0 else []


def is_multi(valid: Mapping[str, int], grammar: Grammar) -> bool:
    """Tell chosen options from several typed texts joined by the same sign.

    With an ambiguous separator the same piece must also be met in other company, and none may
    always be met after the same other one.
    """
    total = sum(valid.values())
    if grammar.certain_join and total < SMALL:
        return True
    counts, company = _counted(valid, grammar, ())
    everything = sum(counts.values())
    repeated = sum(count for count in counts.values() if count > 1)
    if grammar.certain_join:
        return repeated >= 0.5 * everything
    # What neighbours always is looked at last: it takes long where many people typed.
    if len(counts) > 2 * _MOST_OPTIONS or repeated < 0.8 * everything:
        return False
    whole = whole_options(valid, grammar)
    counts, company = _counted(valid, grammar, whole)
    return (
        len(counts) <= _MOST_OPTIONS
        and len(counts) < len(valid)
        and sum(times > 1 for times in company.values()) >= 0.5 * len(company)
        and not has_cut_option(valid, grammar, whole)
    )


def is_unsure(valid: Mapping[str, int], grammar: Grammar) -> bool:
    """Tell whether cells that were left whole look like several options all the same."""
    if grammar.certain_join or not is_joined(valid, grammar):
        return False
    counts, _ = _counted(valid, grammar, whole_options(valid, grammar))
    return len(counts) < len(valid)


def _counted(
    valid: Mapping[str, int], grammar: Grammar, whole: Sequence[str]
) -> tuple[Counter[str], Counter[str]]:
    """Count how often every piece was given, and in how many different cells."""
    counts: Counter[str] = Counter()
    company: Counter[str] = Counter()
    for text, count in valid.items():
        for option, _ in pieces(text, grammar, whole):
            counts[option] += count
            company[option] += 1
    return counts, company


def has_cut_option(valid: Mapping[str, int], grammar: Grammar, whole: Sequence[str]) -> bool:
    """Tell whether a piece is met often and only after one other: a label that was cut in two."""
    before: dict[str, Counter[str]] = {}
    for text, count in valid.items():
        cell = [option for option, _ in pieces(text, grammar, whole)]
        for one, next_ in pairwise((_END, *cell)):
            before.setdefault(next_, Counter())[one] += count
    return any(len(c) == 1 and _END not in c and c.total() > 2 for c in before.values())
