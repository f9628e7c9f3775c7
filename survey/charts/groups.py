"""Rows of items under headings of their dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from survey.charts import layout, palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class GroupedRows(NamedTuple):
    """Where headings and items lie.

    Attributes
    ----------
    rows : Rows
        All rows.
    items : Rows
        The rows of items only, in the order of `frame`.
    headings : list of int
        Which rows are headings.
    frame : DataFrame
        The items, brought together by dimension.
    """

    rows: layout.Rows
    items: layout.Rows
    headings: list[int]
    frame: pd.DataFrame


def lay_out(items: pd.DataFrame, names: pd.Series[str], titles: Mapping[str, str]) -> GroupedRows:
    """Lay out items below the titles of their dimensions, in the order in which these occur.

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
    >>> laid = lay_out(items, pd.Series(["1", "2", "3"]), {"a": "A", "b": "B"})
    >>> laid.rows.labels, laid.headings
    (['A', '1', '3', 'B', '2'], [0, 3])
    """
    texts: list[str] = []
    positions: list[int] = []
    headings: list[int] = []
    groups = [group for _, group in items.groupby("dimension", sort=False)]
    for group in groups:
        headings.append(len(texts))
        texts.append(titles[group["dimension"].iloc[0]])
        for name in names[group.index]:
            positions.append(len(texts))
            texts.append(name)
    rows = layout.rows(texts, columns=34)
    return GroupedRows(rows, rows.select(positions), headings, pd.concat(groups))


def set_rows(ax: Axes, laid: GroupedRows) -> None:
    """Label the rows; headings are grey, with a thin rule above all but the first."""
    written = layout.set_rows(ax, laid.rows)
    for heading in laid.headings:
        written[heading].set_color(palette.UNDECIDED)
        if heading:
            rule = ax.axhline(
                laid.rows.edges[heading], color=palette.GRID, lw=0.7, xmin=-0.6, clip_on=False
            )
            rule.set_in_layout(False)
