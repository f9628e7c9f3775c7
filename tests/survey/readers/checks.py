"""Compares what was read with what was made up, question by question."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from survey.readers import Export
from tests.writers.surveys import Asked, MadeUp


def given(export: Export, selector: str | int) -> list[object]:
    """Answers in plain Python: None, a label, a set, a tuple of labels, or ranks."""
    question = export.find(selector).question
    values = export.answers(question)
    if isinstance(values, pd.Series):
        return [None if pd.isna(x) else x for x in values.astype(object)]
    cells = [[None if pd.isna(x) else x for x in row] for row in values.astype(object).to_numpy()]
    if question.kind == "multi":
        names = question.options
        return [
            None if None in row or not row else {n for n, x in zip(names, row, strict=True) if x}
            for row in cells
        ]
    if question.kind == "ranking":
        names = question.options
        ranks = [{n: int(x) for n, x in zip(names, r, strict=True) if x is not None} for r in cells]
        return [rank or None for rank in ranks]
    return [None if all(x is None for x in row) else tuple(row) for row in cells]


def statuses(export: Export, selector: str | int) -> list[str]:
    """Status of the question, of the first row for a matrix."""
    found = export.status(selector)
    column = found if isinstance(found, pd.Series) else found.iloc[:, 0]
    if isinstance(found, pd.DataFrame):
        assert (found.astype(object).nunique(axis=1) == 1).all()
    return column.astype(str).tolist()


def as_sets(values: list[object]) -> list[object]:
    """A choice of several of which nobody took two is read as a single choice: same content."""
    return [{value} if isinstance(value, str) else value for value in values]


def assert_same(
    export: Export,
    survey: MadeUp,
    *,
    numbered: bool = False,
    selector: Callable[[Asked], str | int] = lambda asked: asked.number,
    joint: str = "",
) -> None:
    """Every question, every person: same answer, same status.

    With an ambiguous `joint` a choice of several may also be read as the joined text.
    """
    assert export.n_rows == len(survey.people)
    assert len(export.questions) == len(survey.questions), export.questions
    for index, asked in enumerate(survey.questions):
        expected = survey.expected(index, numbered=numbered)
        read = given(export, selector(asked))
        if asked.kind == "multi" and joint and any(isinstance(value, str) for value in read):
            whole = {joint.join(o for o in asked.options if o in v): v for v in expected if v}
            read = [None if value is None else whole[value] for value in read]
        if asked.kind == "multi":
            read = as_sets(read)
        assert statuses(export, selector(asked)) == survey.statuses(index), (
            asked,
            export.questions,
        )
        if (
            asked.kind == "ranking"
            and not numbered
            and all(not isinstance(value, dict) for value in read)
        ):
            # Where few ranked two, an order cannot be told from a label with an arrow.
            several = [isinstance(value, dict) and len(value) > 1 for value in expected]
            assert sum(several) < 0.5 * sum(value is not None for value in expected) or not any(
                several
            )
            read = [
                None
                if value is None
                else {option: rank for rank, option in enumerate(str(value).split("→"), 1)}
                for value in read
            ]
        assert read == expected, (asked, export.questions)
