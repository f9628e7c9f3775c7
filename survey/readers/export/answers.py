"""Answers of one question as labelled tables, computed on distinct texts rather than on people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaires.words import words
from survey.readers.grammar.decoding import label_levels
from survey.readers.grammar.joined import holding_joint, pieces
from survey.readers.grammar.model import (
    MISSING,
    NOT_ASKED,
    TYPED,
    VALID,
    Decoded,
    Grammar,
    Question,
)
from survey.readers.wording import is_whole, key

STATUSES = ("valid", "missing", "not_asked")

Columns = Mapping[int, Decoded]
BoolArray = npt.NDArray[np.bool_]
StatusArray = npt.NDArray[np.int8]


class Answered(NamedTuple):
    """A question's answers with the status of each."""

    values: pd.Series[str] | pd.DataFrame  # one line a respondent
    status: StatusArray  # `VALID`, `MISSING` or `NOT_ASKED`


def answered(question: Question, position: int, columns: Columns, grammar: Grammar) -> Answered:
    """Read a question, or one row of a matrix.

    Closed answers as a categorical, typed ones as text, choices of several as a boolean column an
    option, rankings as a column of ranks an option; missing where not valid.
    """
    if question.layout == "cell":
        return _one_cell(question, position, columns, grammar)
    if question.layout == "indicator":
        return _indicators(question, columns, grammar)
    if question.layout == "joined":
        return _joined(question, columns[question.columns[position]], grammar)
    if question.layout == "order":
        return _ordered(question, columns[question.columns[0]], grammar)
    return _ranks(question, columns)


def label_counts(
    question: Question, position: int, columns: Columns, grammar: Grammar
) -> dict[str, int]:
    """Count the valid answers in a column that holds one answer a person."""
    column = columns[question.columns[position]]
    if question.kind in TYPED:
        return {**column.valid}
    labels = label_levels([columns[c] for c in question.columns], grammar)[position]
    known = labels.index >= 0
    n = np.bincount(labels.index[known], column.counts[known], len(labels.categories))
    return {label: int(k) for label, k in zip(labels.categories, n, strict=True) if k}


def status_of(column: Decoded) -> StatusArray:
    """Give the status of every respondent's cell in one column."""
    return column.status[column.codes]


def _one_cell(question: Question, position: int, columns: Columns, grammar: Grammar) -> Answered:
    column = columns[question.columns[position]]
    if question.kind in TYPED:
        texts = np.array([*column.texts], dtype=object)
        texts[column.status != VALID] = np.nan
        return Answered(pd.Series(texts[column.codes], dtype=object), status_of(column))
    labels = label_levels([columns[c] for c in question.columns], grammar)[position]
    categories = [*dict.fromkeys((*labels.categories, *question.options))]
    order = categories
    if all(is_whole(name) for name in categories):
        order = sorted(categories, key=int)
    values = pd.Categorical.from_codes(labels.index[column.codes], categories=pd.Index(categories))
    return Answered(pd.Series(values.set_categories(order)), status_of(column))


def _joined(question: Question, column: Decoded, grammar: Grammar) -> Answered:
    place = {key(option): i for i, option in enumerate(question.options)}
    whole = holding_joint(question.options, grammar)
    member = np.zeros((len(column.texts), len(question.options)), np.bool_)
    for level in np.flatnonzero(column.status == VALID):
        for option, _ in pieces(column.texts[level], grammar, whole):
            member[level, place[key(option)]] = True
    return _masked(member[column.codes], status_of(column), question.options)


def _indicators(question: Question, columns: Columns, grammar: Grammar) -> Answered:
    cells = [columns[index] for index in question.columns]
    told = zip(cells, question.options, strict=True)
    chosen = np.stack([_ticked(cell, option, grammar) for cell, option in told], axis=1)
    asked = ~np.any([status_of(column) == NOT_ASKED for column in cells], axis=0)
    # Someone who ticked nothing cannot be told from someone who left the question blank.
    status = np.where(chosen.any(axis=1), VALID, np.where(asked, MISSING, NOT_ASKED))
    return _masked(chosen, status.astype(np.int8), question.options)


def _ticked(column: Decoded, option: str, grammar: Grammar) -> BoolArray:
    """Tell who chose an option by its own column: by a word for it, or by the option itself."""
    yes = words().chosen | {key(option)}
    no = words().not_chosen if grammar.any_text else frozenset[str]()
    said = [
        status == VALID and ((k := key(text)) in yes or (grammar.any_text and k not in no))
        for text, status in zip(column.texts, column.status, strict=True)
    ]
    return np.array(said, np.bool_)[column.codes]


def _masked(values: BoolArray, status: StatusArray, options: tuple[str, ...]) -> Answered:
    mask = status != VALID
    columns = [
        pd.Series(pd.arrays.BooleanArray(values[:, i].copy(), mask.copy()))
        for i in range(len(options))
    ]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(len(status)))
    frame.columns = pd.Index(options, dtype=object)
    return Answered(frame, status)


def _ordered(question: Question, column: Decoded, grammar: Grammar) -> Answered:
    place = {key(option): i for i, option in enumerate(question.options)}
    table = np.full((len(column.texts), len(question.options)), np.nan)
    for level in np.flatnonzero(column.status == VALID):
        for rank, item in enumerate(grammar.order(column.texts[level]), 1):
            table[level, place[key(item)]] = rank
    frame = pd.DataFrame(table[column.codes], columns=pd.Index(question.options, dtype=object))
    return Answered(frame, status_of(column))


def _ranks(question: Question, columns: Columns) -> Answered:
    cells = [columns[index] for index in question.columns]
    values = np.stack(
        [
            np.array(
                [
                    float(text) if status == VALID and is_whole(text) else np.nan
                    for text, status in zip(column.texts, column.status, strict=True)
                ]
            )[column.codes]
            for column in cells
        ],
        axis=1,
    )
    unranked = [np.array([t == "-2" for t in c.texts], np.bool_)[c.codes] for c in cells]
    skipped = np.any([status_of(column) == NOT_ASKED for column in cells], axis=0)
    # A ranking writes -2 for every option both when skipped and when nothing was ranked.
    skipped |= np.all(unranked, axis=0)
    given = ~np.isnan(values).all(axis=1)
    status = np.where(given, VALID, np.where(skipped, NOT_ASKED, MISSING))
    frame = pd.DataFrame(values, columns=pd.Index(question.options, dtype=object))
    return Answered(frame, status.astype(np.int8))
