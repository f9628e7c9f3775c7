"""Cells as ranges of bytes, numbered by their texts without a Python object a cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from survey.readers.container.sheet import Column, IntArray, column_of, numbering

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]
PAD = 40
"""Bytes that a block must have behind its last cell."""
_WORD = 8
_MOST_WORDS = 4
_KEPT = np.array([2 ** (8 * n) - 1 for n in range(_WORD + 1)], np.uint64)
# Odd numbers without a pattern; what they mix up is found out and looked at text by text.
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
            codes, first = _alike(block, starts[at], ends[at], n)
            cells = at[first]
            pairs = zip(starts[cells].tolist(), ends[cells].tolist(), strict=True)
            keys = [block[start:end] for start, end in pairs]
            numbers = np.fromiter(map(self._numbers.__getitem__, keys), np.int32, len(keys))
            found[at] = numbers[codes]
        return found

    def strings(self) -> list[str]:
        """Give the texts by their numbers.

        Raises
        ------
        UnicodeDecodeError
            If one is not UTF-8.
        """
        return b"\0".join(self._numbers).decode().split("\0") if self._numbers else []


def _alike(
    block: bytes, starts: Positions, ends: Positions, n_words: int
) -> tuple[Positions | slice, Positions | slice]:
    """Give cells of so many words numbers by their text, and the first cell of each."""
    every = slice(None)
    if n_words == 0:
        return np.zeros(len(starts), np.int64), np.zeros(1, np.int64)
    if n_words > _MOST_WORDS:
        return every, every
    import pandas as pd

    at_each = np.ndarray((len(block) - _WORD + 1,), "<u8", block, strides=(1,))
    words = [at_each[starts + _WORD * i] for i in range(n_words)]
    words[-1] &= _KEPT[ends - starts - _WORD * (n_words - 1)]
    mixed = words[0]
    if n_words > 1:
        mixed = np.sum([w * f for w, f in zip(words, _FACTORS, strict=False)], axis=0)
        mixed ^= mixed >> np.uint64(29)
    codes, known = pd.factorize(mixed)
    first = np.empty(len(known), np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    if n_words > 1 and not all((word == word[first][codes]).all() for word in words):
        return every, every
    return codes, first


def placed(places: IntArray, strings: Sequence[str]) -> Column:
    """Make a column of places in a list of texts, negative ones counted from its end."""
    import pandas as pd

    codes, used = pd.factorize(places)
    return column_of(codes.astype(np.int32, copy=False), map(strings.__getitem__, used.tolist()))
