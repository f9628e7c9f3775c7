"""Rows to response patterns: people who answered alike are one row with a count.

A regression, the filling of blanks and the reliability of an instrument need more of the answers
than counts of each question, but no more than sums over people, and so over patterns. This is
the whole protocol of chunks: **patterns of patterns are the patterns of the whole**.

* A chunk - a frame in memory, a file, the part of a province that one process or one partition of
  Spark holds - becomes patterns where it lies, by the engine that holds it.
* Patterns of several chunks, laid under each other, become those of the whole by the same
  function: counts add up.
* They come in one canonical order. So no result depends on the order of rows, on how they were
  cut into chunks, or on the engine; also a drawn number meets the same person everywhere.

Sums of gradients by chunk would be the other way. But a fit, a model of blanks and its draws take
dozens of passes, each of them a job on a cluster, and who gets which draw would hang on how
the rows lie. Patterns take one pass, and no more of memory than a code an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from analysis.counts.tabulate import MARKS, collect

if TYPE_CHECKING:
    import pandas as pd

Integers = npt.NDArray[np.int64]


def response_patterns(
    frame: Any, items: Sequence[str], *, by: Sequence[str], counts: str | None = None
) -> pd.DataFrame:
    """Count the people of every unit who gave the same answers to all items.

    Parameters
    ----------
    frame
        One row a respondent, or patterns of chunks under each other: any eager or lazy frame that
        narwhals understands.
    items
        Numeric columns; null, NaN and the `MARKS` of `tabulate` are no answer.
    by
        Columns that name the unit, and whatever else tells people apart, as a weight.
    counts
        Column of counts, where a row stands for several people.

    Returns
    -------
    pandas.DataFrame
        The columns `by`, the items as floats (NaN without an answer) and ``n``; sorted by all of
        them in this order, a missing name last and a missing answer first.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"branch": ["b", "a", "b"], "q1": [5, 4, 5], "q2": [4, -99, 4]})
    >>> response_patterns(answers, ["q1", "q2"], by=["branch"])
      branch   q1   q2  n
    0      a  4.0  NaN  1
    1      b  5.0  4.0  2

    Chunks merge by the same function.

    >>> chunks = [response_patterns(part, ["q1", "q2"], by=["branch"])
    ...           for part in (answers[:1], answers[1:])]
    >>> merged = response_patterns(pd.concat(chunks), ["q1", "q2"], by=["branch"], counts="n")
    >>> merged.equals(response_patterns(answers, ["q1", "q2"], by=["branch"]))
    True
    """
    given = nw.from_native(frame)
    if given.implementation.is_pandas():  # the rows are told apart below at once
        native = given.to_native()
        rows = native[[*by]].assign(n=1 if counts is None else native[counts])
        answers = native[[*items]].to_numpy(np.float64, na_value=np.nan)
        answers = np.where(np.isin(answers, [*MARKS.values()]), np.nan, answers)
        return _distinct(collect(nw.from_native(rows)), answers, items)
    n = nw.lit(1) if counts is None else nw.col(counts)
    lazy = given.lazy().select(
        *by, *(_answer(item).alias(item) for item in items), n.cast(nw.Int64).alias("n")
    )
    rows = collect(lazy.group_by(*by, *items).agg(nw.col("n").sum()))
    return _distinct(rows[[*by, "n"]], rows[[*items]].to_numpy(np.float64), items)


def _answer(item: str) -> nw.Expr:
    """Give the answer to an item, null where there is none."""
    code = nw.col(item).cast(nw.Float64)
    return nw.when(~code.is_nan() & ~code.is_in(list(MARKS.values()))).then(code)


def _distinct(
    people: pd.DataFrame, answers: npt.NDArray[np.float64], items: Sequence[str]
) -> pd.DataFrame:
    """Sort rows and add up the counts of equal ones; people bear theirs last."""
    import pandas as pd

    by = people.columns[:-1]
    keys = [pd.factorize(people[name], sort=True, use_na_sentinel=False)[0] for name in by]
    keys += _words(answers)
    order = np.lexsort(keys[::-1]) if keys else np.arange(len(people))
    first = np.zeros(len(people), dtype=bool)
    first[:1] = True
    for key in keys:
        ordered = key[order]
        first[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(first)
    n = people["n"].to_numpy(np.int64)[order]
    names = people[by].iloc[order[starts]].reset_index(drop=True)
    names = names.where(names.notna(), None)  # no name is written alike by all engines
    given = pd.DataFrame(answers[order[starts]], columns=[*items])
    totals = np.add.reduceat(n, starts) if starts.size else n
    return pd.concat([names, given, pd.DataFrame({"n": totals})], axis=1)


def _words(answers: npt.NDArray[np.float64]) -> list[Integers]:
    """Write each row's answers as the digits of few whole numbers, which sort as the answers do."""
    import pandas as pd

    codes, levels = pd.factorize(answers.ravel())
    digit = np.zeros(levels.size + 1, dtype=np.int64)  # the last is that of no answer, 0
    digit[np.argsort(levels)] = np.arange(1, levels.size + 1)
    digits = digit[codes].reshape(answers.shape)
    base = levels.size + 1
    places = max(int(62 / np.log2(max(base, 2))), 1)
    words = []
    for start in range(0, answers.shape[1], places):
        word = np.zeros(len(answers), dtype=np.int64)
        for column in digits[:, start : start + places].T:
            word = word * base + column
        words.append(word)
    return words
