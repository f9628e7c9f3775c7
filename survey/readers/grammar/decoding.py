"""A column's levels understood: marker or answer, option or typed text, closed or free."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from questionnaires.text import normalise
from questionnaires.words import words
from survey.readers.container.sheet import Column
from survey.readers.grammar.joined import SMALL
from survey.readers.grammar.model import MISSING, NOT_ASKED, VALID, Decoded, Grammar
from survey.readers.wording import is_number, is_whole, key, plain_number, tidy

_LONGER_THAN_NOTHING = 12
_MANY = 100
_DIGITS = re.compile(r"\d+")


def decode_column(column: Column, grammar: Grammar) -> Decoded:
    """Tell markers from answers for each distinct text of a column.

    Notes
    -----
    A negative code is a marker only where every other whole number of the column is ≥ 0.
    """
    levels = column.levels
    if grammar.lines:
        levels = tuple("┋".join(level.strip().splitlines()) for level in levels)
    texts = tuple(plain_number(tidy(level)) for level in levels)
    negatives = grammar.negative_codes
    if negatives and any(
        text.startswith("-") and is_whole(text) and text not in negatives for text in texts
    ):
        negatives = {}
    status = np.fromiter((_status(x, grammar, negatives) for x in texts), np.int8, len(texts))
    return Decoded(texts, status, column.codes)


def _status(text: str, grammar: Grammar, negatives: Mapping[str, int]) -> int:
    if not text:
        return MISSING
    if len(text) > 8:
        return VALID
    marker, known = key(text), words()
    if marker in known.not_asked or text in grammar.not_asked:
        return NOT_ASKED
    if marker in known.missing:
        return MISSING
    return negatives.get(text, VALID)


@dataclass(frozen=True, eq=False)
class Labels:
    """A closed column's answers as numbers into a list of labels."""

    categories: tuple[str, ...]  # distinct labels, each as it is written most often
    index: npt.NDArray[np.int32]  # label of each level, −1 where the level is not a valid answer


def label_levels(decoded: Iterable[Decoded], grammar: Grammar) -> list[Labels]:
    """Give several columns one common list of labels, typed texts taken off.

    All with the same categories. Labels equal after NFKC and blanks removed are one label.
    """
    columns = list(decoded)
    numbers: dict[str, int] = {}
    spellings: list[dict[str, int]] = []
    indices = []
    for column in columns:
        index = np.full(len(column.texts), -1, np.int32)
        for level in np.flatnonzero(column.status == VALID):
            label = grammar.open_text(column.texts[level])[0]
            number = numbers.setdefault(key(label), len(numbers))
            if number == len(spellings):
                spellings.append({})
            spelling = spellings[number]
            spelling[label] = spelling.get(label, 0) + int(column.counts[level])
            index[level] = number
        indices.append(index)
    names = [max(spelling, key=spelling.__getitem__) for spelling in spellings]
    if all(is_whole(name) for name in names):
        order = sorted(range(len(names)), key=lambda i: int(names[i]))
    else:
        order = list(range(len(names)))
    rank = np.empty(len(names) + 1, np.int32)
    rank[order] = np.arange(len(names), dtype=np.int32)
    rank[-1] = -1
    categories = tuple(names[i] for i in order)
    return [Labels(categories, rank[index]) for index in indices]


def is_numeric_column(valid: Mapping[str, int]) -> bool:
    """Tell whether every valid answer is a number; without any answer it is not."""
    return bool(valid) and all(map(is_number, valid))


def looks_closed(valid: Mapping[str, int]) -> bool:
    """Tell options from typed text by how often answers repeat.

    Words for «nothing» are left out of the judgement. With fewer than ten answers their length must
    tell.
    """
    nothing = words().nothing
    # Among many texts one that stands there once tells little, whatever it says.
    alone = int(len(valid) > _MANY)
    rest = {
        text: count
        for text, count in valid.items()
        if count == alone or len(text) > _LONGER_THAN_NOTHING or normalise(text) not in nothing
    }
    total = sum(rest.values())
    if not total:
        return False
    length = sum(len(text) * count for text, count in rest.items()) / total
    if total < SMALL:
        return length <= 24
    repeated = sum(count for count in rest.values() if count > 1)
    # Nobody types long texts alike: where nearly all recur they are wordy options.
    return repeated >= (0.5 if length <= 40 else 0.9) * total


def same_scale(earlier: Iterable[Decoded], column: Decoded) -> bool:
    """Tell whether a column may answer on the same scale as columns before it.

    True without evidence against it. Fewer than ten people need not share a level; their answers
    then only must be worded alike.
    """
    old = {text for cells in earlier for text in cells.valid}
    new = column.valid
    if not old or not new:
        return True
    if looks_closed(dict.fromkeys(old, 2)) != looks_closed(new):
        return False
    shapes = {_DIGITS.sub("#", text) for text in old}
    shared = sum(_DIGITS.sub("#", text) in shapes for text in new)
    few = sum(new.values()) < SMALL
    return shared >= 0.5 * len(new) or (few and _worded(old) == _worded(new))


def _worded(texts: Iterable[str]) -> tuple[bool, bool]:
    return any(map(is_whole, texts)), any("-" in text for text in texts)
