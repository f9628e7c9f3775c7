"""Rows of items under headings of their dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Grouped(NamedTuple):
    """Items below headings."""

    names: tuple[str, ...]  # of all rows
    headings: frozenset[int]  # which rows are headings
    row: NDArray[np.int64]  # row of every item, in the order of `frame`
    frame: pd.DataFrame  # the items, brought together by dimension

    def spread(self, texts: list[str]) -> list[str]:
        """Put a text an item into the rows, nothing beside the headings."""
        given = dict(zip(self.row.tolist(), texts, strict=True))
        return [given.get(row, "") for row in range(len(self.names))]


def grouped(items: pd.DataFrame, names: pd.Series[str], titles: Mapping[str, str]) -> Grouped:
    """Put items below the titles of their dimensions, in the order in which these occur.

    Parameters
    ----------
    items : DataFrame
        One row an item with the column ``dimension``.
    names : Series of str
        Label of every item, with the index of `items`.
    titles : mapping
        Title of every dimension.

    Examples
    --------
    >>> items = pd.DataFrame({"dimension": ["a", "b", "a"]})
    >>> laid = grouped(items, pd.Series(["1", "2", "3"]), {"a": "A", "b": "B"})
    >>> laid.names, sorted(laid.headings), laid.row
    (('A', '1', '3', 'B', '2'), [0, 3], array([1, 2, 4]))
    """
    texts: list[str] = []
    rows: list[int] = []
    headings: list[int] = []
    groups = [group for _, group in items.groupby("dimension", sort=False)]
    for group in groups:
        headings.append(len(texts))
        texts.append(titles[group["dimension"].iloc[0]])
        for name in names[group.index]:
            rows.append(len(texts))
            texts.append(name)
    return Grouped(tuple(texts), frozenset(headings), np.array(rows, int), pd.concat(groups))
