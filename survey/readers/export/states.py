"""What a platform says of a row: a preview or a test, not finished, or an answer like any other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaires.text import normalise
from questionnaires.words import words
from survey.readers.container.sheet import Sheet
from survey.readers.wording import tidy

PREVIEW, INCOMPLETE = "preview", "incomplete"


def states(body: Sheet, columns: Mapping[str, int], previews: frozenset[str]) -> pd.Series[str]:
    """Tell which rows are no answers, as far as the platform says.

    ``preview`` by the column of states; ``incomplete`` by it, by the column of finished ones, or
    where the time of submission is empty beside one of the start or the last page while others have
    it; missing for everything else.
    """
    known = words()
    state = np.full(body.n_rows, None, dtype=object)
    begun = [name for name in ("started_at", "last_page") if name in columns]
    if begun:
        sent = _filled(body, columns, "submitted_at")
        if sent.any():
            state[~sent & _filled(body, columns, begun[-1])] = INCOMPLETE
    state[_holds(body, columns, "finished", known.not_chosen)] = INCOMPLETE
    state[_holds(body, columns, "status", known.incomplete)] = INCOMPLETE
    state[_holds(body, columns, "status", known.preview | previews)] = PREVIEW
    return pd.Series(state, dtype="object")


def _holds(
    body: Sheet, columns: Mapping[str, int], name: str, texts: frozenset[str]
) -> npt.NDArray[np.bool_]:
    """Tell which rows hold one of some words in a metadata column."""
    if name not in columns:
        return np.zeros(body.n_rows, np.bool_)
    column = body.columns[columns[name]]
    hits = [normalise(tidy(level)) in texts for level in column.levels]
    return np.array(hits, np.bool_)[column.codes]


def _filled(body: Sheet, columns: Mapping[str, int], name: str) -> npt.NDArray[np.bool_]:
    """Tell which rows hold anything in a metadata column; without the column none do."""
    return ~_holds(body, columns, name, frozenset({"", "null"})) & (name in columns)
