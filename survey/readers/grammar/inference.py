"""From columns that belong together to a question: what kind it is and which options it has."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from questionnaires.words import words
from survey import identifiers
from survey.readers.grammar.decoding import is_numeric_column, label_levels, looks_closed
from survey.readers.grammar.joined import SMALL, is_joined, is_multi, pieces, whole_options
from survey.readers.grammar.model import (
    MOST_CODES,
    TYPED,
    VALID,
    Decoded,
    Grammar,
    Kind,
    Layout,
    Mode,
    Question,
    valid_of,
)
from survey.readers.wording import is_whole, key

_LONGEST_SCALE = 10
# Shares of thirds are rounded.
_WHOLE, _ROUNDED = 100, 0.1
# Options may go from 0 % to 100 % in steps of five.
_MOST_SHARES = 21
PERCENTAGE = re.compile(r"\d+(?:\.\d+)?[%％]")


def understand(
    asked: Question, decoded: Mapping[int, Decoded], grammar: Grammar, mode: Mode
) -> Question:
    """Complete a question from its answers."""
    cells = [decoded[index] for index in asked.columns]
    answers = valid_of(cells)
    kind, layout, rows, options = asked.kind, asked.layout, asked.rows, asked.options
    if options:
        if not layout:
            kind, layout = _by_option(cells, answers)
        if layout == "cell":
            rows, options = options, ()
    elif not kind:
        kind, layout = _kind(answers, asked, grammar, mode)
    layout = layout or "cell"
    if kind == "matrix" and ("比重" in asked.hint or are_shares(cells, answers)):
        kind = "shares"
    if not options:
        options = _options(cells, answers, kind, layout, grammar, mode)
    return replace(
        asked,
        rows=rows,
        options=options,
        kind=kind,
        layout=layout,
        markers=_markers(cells),
        personal=identifiers.is_personal(asked.stem, answers, typed=kind in TYPED),
        coded=mode == "numbered" and layout == "cell" and kind not in TYPED,
    )


def _markers(cells: Sequence[Decoded]) -> dict[str, int]:
    markers: dict[str, int] = {}
    for cell in cells:
        for level in np.flatnonzero((cell.status != VALID) & (cell.counts > 0)):
            text = cell.texts[level]
            markers[text] = markers.get(text, 0) + int(cell.counts[level])
    return markers


def _by_option(cells: Sequence[Decoded], valid: Mapping[str, int]) -> tuple[Kind, Layout]:
    """Tell ticks from ranks and from one rating an option."""
    in_range = all(is_whole(text) and 1 <= int(text) <= len(cells) for text in valid)
    ranks = in_range and _all_differ(cells)
    # Only rankings write -2, for an option left out; a lone -2 also occurs among ratings.
    if ranks and any("-2" in cell.texts for cell in cells):
        return "ranking", "ranks"
    if {*map(key, valid)} <= words().chosen | words().not_chosen:
        return "multi", "indicator"
    return ("ranking", "ranks") if ranks else ("matrix", "cell")


def _all_differ(cells: Sequence[Decoded]) -> bool:
    """Tell whether no respondent gives the same rank twice."""
    ranks = np.stack(
        [np.array([int(t) if is_whole(t) else -1 for t in c.texts])[c.codes] for c in cells],
        axis=1,
    )
    ranks.sort(axis=1)
    return not bool(((ranks[:, 1:] == ranks[:, :-1]) & (ranks[:, 1:] > 0)).any())


def are_shares(cells: Sequence[Decoded], valid: Mapping[str, int]) -> bool:
    """Tell whether everybody's numbers add up to 100, and are no scores of a scale."""
    if not is_numeric_column(valid) or max(map(float, valid)) <= _LONGEST_SCALE:
        return False
    known = [(c.status == VALID).tolist() for c in cells]
    numbers = [
        np.array([float(text) if ok else 0.0 for text, ok in zip(c.texts, oks, strict=True)])
        for c, oks in zip(cells, known, strict=True)
    ]
    total = np.sum([n[c.codes] for n, c in zip(numbers, cells, strict=True)], axis=0)
    given = np.any([np.array(oks)[c.codes] for c, oks in zip(cells, known, strict=True)], axis=0)
    return bool(np.allclose(total[given], _WHOLE, atol=_ROUNDED))


def _kind(
    valid: Mapping[str, int], asked: Question, grammar: Grammar, mode: Mode
) -> tuple[Kind, Layout]:
    hint = asked.hint
    typed = "填空" in hint or hint in ("简答题", "问答题")
    if asked.rows:
        if typed:
            return "blanks", "cell"
        if is_joined(valid, grammar) and is_multi(valid, grammar):
            return "matrix_multi", "joined"
        numeric = is_numeric_column(valid)
        closed = not valid or numeric or looks_closed(without_typed(valid, grammar))
        return ("matrix" if closed else "blanks"), "cell"
    if typed:
        return "text", "cell"
    if "排序" in hint or _is_ranking(valid, grammar):
        return "ranking", "order"
    several = "多选" in hint or "多选" in asked.stem[-12:]
    if mode != "numbered" and (several or is_joined(valid, grammar)) and is_multi(valid, grammar):
        return "multi", "joined"
    if is_numeric_column(valid):
        return _number_kind(valid, mode), "cell"
    if mode == "numbered" and not hint:
        return "text", "cell"
    labels = without_typed(valid, grammar)
    recurs = sum(labels.values()) >= SMALL and looks_closed(labels)
    measured = not recurs or len(labels) > _MOST_SHARES
    if measured and labels and all(map(PERCENTAGE.fullmatch, labels)):
        return "number", "cell"
    if not hint and not looks_closed(labels):
        return "text", "cell"
    if not hint and sum(labels.values()) < SMALL and identifiers.kind_of_header(asked.stem):
        return "text", "cell"
    return "single", "cell"


def _number_kind(valid: Mapping[str, int], mode: Mode) -> Kind:
    """Tell scores, in whole or half steps, from numbers that were typed."""
    numbers = [float(text) for text in valid]
    low, high = min(numbers), max(numbers)
    if any(number % 0.5 for number in numbers) or low < -high or high > 100:
        return "number"
    if mode != "numbered":
        return "number" if high > _LONGEST_SCALE else "scale"
    return "single" if all(map(is_whole, valid)) and low >= 0 else "number"


def without_typed(valid: Mapping[str, int], grammar: Grammar) -> dict[str, int]:
    """Take the texts typed beside options off, and add up the counts."""
    labels: dict[str, int] = {}
    for text, count in valid.items():
        label = grammar.open_text(text)[0]
        labels[label] = labels.get(label, 0) + count
    return labels


def _is_ranking(valid: Mapping[str, int], grammar: Grammar) -> bool:
    """Tell ranked options from typed text or labels that happen to hold an arrow."""
    if not any(len(grammar.order(text)) > 1 for text in valid):
        return False
    orders = {text: grammar.order(text) for text in valid}
    ranked = {item for items in orders.values() if len(items) > 1 for item in items}
    alone = {items[0] for items in orders.values() if len(items) == 1}
    total = sum(valid.values())
    several = sum(valid[text] for text, items in orders.items() if len(items) > 1)
    items = [item for items in orders.values() for item in items]
    if total < SMALL:
        return sum(map(len, items)) <= 24 * len(items)
    if several < 0.5 * total and not alone <= ranked:
        return False
    n_given = sum(valid[text] * len(items) for text, items in orders.items())
    return len(set(items)) <= 0.5 * n_given


def _options(
    cells: Sequence[Decoded],
    valid: Mapping[str, int],
    kind: Kind,
    layout: Layout,
    grammar: Grammar,
    mode: Mode,
) -> tuple[str, ...]:
    if kind in TYPED:
        return ()
    if layout == "joined":
        whole = whole_options(valid, grammar)
        return _once(option for text in valid for option, _ in pieces(text, grammar, whole))
    if layout == "order":
        return _once(item for text in valid for item in grammar.order(text))
    options = label_levels(cells, grammar)[0].categories
    if mode == "numbered" and options and all(is_whole(option) for option in options):
        largest = max(int(option) for option in options)
        if largest <= MOST_CODES:
            return tuple(str(code) for code in range(1, largest + 1))
    return options


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(key(text), text)
    return tuple(first.values())
