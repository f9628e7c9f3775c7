"""Whether skips fit together: who was not asked should be who gave a certain earlier answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.readers import answers as reading
from survey.readers.export import Export
from survey.readers.model import NOT_ASKED, Question


def explain_skips(export: Export) -> pd.DataFrame:
    """Find for each skipped question the earlier answer that explains its skips.

    Parameters
    ----------
    export : Export
        Any export whose platform marks skips.

    Returns
    -------
    DataFrame
        One line a question that somebody was not asked: ``question``, ``n_not_asked``, and
        ``filter``, ``answer`` where exactly the people who gave that answer to that earlier
        question were skipped; both None where no single answer explains it.

    Notes
    -----
    An unexplained skip is no fault by itself: filters may combine answers.
    """
    lines = [
        (question.label, int(skipped.sum()), *_filter(export, question, skipped))
        for question in export.questions
        if (skipped := _skipped(export, question)).any()
    ]
    return pd.DataFrame(lines, columns=["question", "n_not_asked", "filter", "answer"])


def _skipped(export: Export, question: Question) -> npt.NDArray[np.bool_]:
    status = [reading.column_status(export.parsed, column) for column in question.columns]
    return np.asarray((np.stack(status) == NOT_ASKED).all(axis=0))


def _filter(
    export: Export, question: Question, skipped: npt.NDArray[np.bool_]
) -> tuple[str | None, str | None]:
    for earlier, answer, gave in _earlier(export, question):
        if np.array_equal(gave, skipped):
            return earlier.label, answer
    return None, None


def _earlier(
    export: Export, question: Question
) -> Iterator[tuple[Question, str, npt.NDArray[np.bool_]]]:
    """Give each answer to each single choice before the question, and who gave it."""
    for earlier in export.questions:
        if earlier.columns[0] >= question.columns[0]:
            return
        if earlier.kind in ("single", "scale"):
            values, _ = reading.one_cell(export.parsed, earlier, 0)
            for answer in earlier.options:
                yield earlier, answer, (values == answer).to_numpy(np.bool_)
