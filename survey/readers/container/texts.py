"""Cells as ranges of bytes, numbered by their texts without a Python object a cell."""

from __future__ import annotations

from collections.abc import KeysView, Sequence

import numpy as np
import numpy.typing as npt

from survey.readers.container.sheet import Column, IntArray, column_of, numbering

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
PAD = 40
"""Bytes that a block must have behind its last cell."""
_WORD = 8
_MOST_WORDS = 4
_KEPT = np.array([2 ** (8 * n) - 1 for n in range(_WORD + 1)], np.uint64)
# Odd numbers without a pattern; what they mix up gets numbers of its own.
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64
)


class Texts:
    """Distinct texts in the order of appearance, each with a number."""

    def __init__(self) -> None:
        self._numbers = numbering()

    def places(self, block: bytes, starts: Positions, ends: Positions) -> IntArray:
        """Give the number of every cell's text.

        Parameters
        ----------
        block : bytes
            Some text in UTF-8, and `PAD` bytes more.
        starts, ends : ndarray of int, shape (n,)
            Where each cell begins, and where it ends.

        Returns
        -------
        ndarray of int32, shape (n,)
        """
        found = np.empty(len(starts), np.int32)
        n_words = (ends - starts + _WORD - 1) // _WORD
        few = np.minimum(n_words, _MOST_WORDS + 1)
        for n in np.flatnonzero(np.bincount(few)).tolist():
            at = np.flatnonzero(few == n)
            codes, first = _alike(_words(block, starts[at], ends[at], n), len(at))
            cells = at[first]
            pairs = zip(starts[cells].tolist(), ends[cells].tolist(), strict=True)
            keys = [block[start:end] for start, end in pairs]
            numbers = np.fromiter(map(self._numbers.__getitem__, keys), np.int32, len(keys))
            found[at] = numbers[codes]
        return found

    def places_of_words(self, words: Words) -> IntArray:
        """Give the number of every word, each a text of eight bytes."""
        words = np.ascontiguousarray(words)
        codes, first = _alike([words], len(words))
        block = words[first].tobytes()
        keys = (block[at : at + _WORD] for at in range(0, len(block), _WORD))
        return np.fromiter(map(self._numbers.__getitem__, keys), np.int32, len(first))[codes]

    def keys(self) -> KeysView[bytes]:
        """Give the texts by their numbers, as they lie in the file."""
        return self._numbers.keys()

    def strings(self) -> list[str]:
        """Give the texts by their numbers.

        Raises
        ------
        UnicodeDecodeError
            If one is not UTF-8.
        """
        return b"\0".join(self._numbers).decode().split("\0") if self._numbers else []


def _words(block: bytes, starts: Positions, ends: Positions, n: int) -> list[Words]:
    """Give the cells, each of so many words; none where they are too long to be compared so."""
    if n > _MOST_WORDS:
        return []
    at_each = np.ndarray((len(block) - _WORD + 1,), "<u8", block, strides=(1,))
    words = [at_each[starts + _WORD * i] for i in range(max(n, 1))]
    words[-1] &= _KEPT[ends - starts - _WORD * (len(words) - 1)]
    return words


def _alike(words: Sequence[Words], n: int) -> tuple[IntArray, Positions]:
    """Give things numbers by their words in the order of appearance, and the first of each number.

    Things of one number have the same words; a few that have may have several numbers.
    """
    if not words:
        return np.arange(n, dtype=np.int32), np.arange(n)
    mixed = words[0] * _FACTORS[0]
    for word, factor in zip(words[1:], _FACTORS[1:], strict=False):
        mixed += word * factor
    n_bits = (4 * n).bit_length()
    first = _first((mixed >> np.uint64(64 - n_bits)).astype(np.int64), 2**n_bits)
    own = np.arange(n, dtype=np.int32)
    for word in words:
        first = np.where(word == word[first], first, own)
    return _numbered(first)


def _first(slots: npt.NDArray[np.signedinteger], n_slots: int) -> IntArray:
    """Give the first thing in the slot of every thing."""
    table = np.empty(n_slots, np.int32)  # only the slots that are in use are ever touched
    table[slots[::-1]] = np.arange(len(slots), dtype=np.int32)[::-1]
    first: IntArray = table[slots]
    return first


def _numbered(first: IntArray) -> tuple[IntArray, Positions]:
    starts = first == np.arange(len(first))
    return (np.cumsum(starts, dtype=np.int32) - np.int32(1))[first], np.flatnonzero(starts)


def placed(places: IntArray, strings: Sequence[str]) -> Column:
    """Make a column of places in a list of texts, negative ones counted from its end."""
    codes, first = _numbered(_first(places, len(strings)))
    return column_of(codes, map(strings.__getitem__, places[first].tolist()))
