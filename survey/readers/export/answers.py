"""Answers of one question as labelled tables, computed on distinct texts rather than on people."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.readers.grammar.decoding import label_levels
from survey.readers.grammar.joined import holding_joint, pieces
from survey.readers.grammar.model import MISSING, NOT_ASKED, TYPED, VALID, Parsed, Question
from survey.readers.wording import is_whole, key

STATUSES = ("valid", "missing", "not_asked")

BoolArray = npt.NDArray[np.bool_]
StatusArray = npt.NDArray[np.int8]


class Answered(NamedTuple):
    """A question's answers with the status of each."""

    values: pd.Series[str] | pd.DataFrame  # one line a respondent
    status: StatusArray  # `VALID`, `MISSING` or `NOT_ASKED`


def column_status(parsed: Parsed, column: int) -> StatusArray:
    """Give the status of every respondent's cell in one column."""
    return parsed.decoded[column].status[parsed.body.columns[column].codes]


def one_cell(parsed: Parsed, question: Question, position: int) -> Answered:
    """Read a question, or one row of a matrix, whose answer is one cell.

    Closed answers as a categorical, typed ones as text; NaN where not valid.
    """
    column = question.columns[position]
    codes = parsed.body.columns[column].codes
    status = column_status(parsed, column)
    if question.kind in TYPED:
        texts = np.array([*parsed.decoded[column].texts], dtype=object)
        texts[parsed.decoded[column].status != VALID] = np.nan
        return Answered(pd.Series(texts[codes], dtype=object), status)
    labels = label_levels([parsed.decoded[c] for c in question.columns], parsed.grammar)[position]
    categories = [*labels.categories]
    categories = [*dict.fromkeys((*categories, *question.options))]
    order = categories
    if all(is_whole(name) for name in categories):
        order = sorted(categories, key=int)
    values = pd.Categorical.from_codes(labels.index[codes], categories=pd.Index(categories))
    return Answered(pd.Series(values.set_categories(order)), status)


def chosen_options(parsed: Parsed, question: Question, position: int = 0) -> Answered:
    """Read a choice of several options as one boolean column an option.

    Nullable booleans, NA where the answer is not valid.
    """
    if question.layout == "indicator":
        return _indicators(parsed, question)
    column = question.columns[position]
    decoded = parsed.decoded[column]
    place = {key(option): i for i, option in enumerate(question.options)}
    whole = holding_joint(question.options, parsed.grammar)
    member = np.zeros((len(decoded.texts), len(question.options)), np.bool_)
    for level in np.flatnonzero(decoded.status == VALID):
        for option, _ in pieces(decoded.texts[level], parsed.grammar, whole):
            member[level, place[key(option)]] = True
    codes = parsed.body.columns[column].codes
    return _masked(member[codes], decoded.status[codes], question.options)


def _indicators(parsed: Parsed, question: Question) -> Answered:
    chosen = np.zeros((parsed.body.n_rows, len(question.columns)), np.bool_)
    known = np.zeros_like(chosen)
    asked = np.ones(parsed.body.n_rows, np.bool_)
    grammar = parsed.grammar
    for i, column in enumerate(question.columns):
        decoded, codes = parsed.decoded[column], parsed.body.columns[column].codes
        valid = decoded.status == VALID
        picked = valid & np.fromiter(
            (
                t in grammar.chosen or (not grammar.chosen and t not in grammar.not_chosen)
                for t in decoded.texts
            ),
            np.bool_,
            len(decoded.texts),
        )
        chosen[:, i] = picked[codes]
        known[:, i] = valid[codes]
        asked &= decoded.status[codes] != NOT_ASKED
    # Someone who ticked nothing cannot be told from someone who left the question blank.
    answered = (chosen & known).any(axis=1)
    status = np.where(answered, VALID, np.where(asked, MISSING, NOT_ASKED)).astype(np.int8)
    return _masked(chosen, status, question.options)


def _masked(values: BoolArray, status: StatusArray, options: tuple[str, ...]) -> Answered:
    mask = status != VALID
    columns = [
        pd.Series(pd.arrays.BooleanArray(values[:, i].copy(), mask.copy()))
        for i in range(len(options))
    ]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(len(status)))
    frame.columns = pd.Index(options, dtype=object)
    return Answered(frame, status)


def ranks(parsed: Parsed, question: Question) -> Answered:
    """Read a ranking as one column an option that holds its rank.

    Ranks from 1; NaN where an option was left out or the answer is not valid.
    """
    n_options = len(question.options)
    if question.layout == "order":
        column = question.columns[0]
        decoded = parsed.decoded[column]
        place = {key(option): i for i, option in enumerate(question.options)}
        table = np.full((len(decoded.texts), n_options), np.nan)
        for level in np.flatnonzero(decoded.status == VALID):
            for rank, item in enumerate(parsed.grammar.order(decoded.texts[level]), 1):
                table[level, place[key(item)]] = rank
        codes = parsed.body.columns[column].codes
        return Answered(
            pd.DataFrame(table[codes], columns=pd.Index(question.options, dtype=object)),
            decoded.status[codes],
        )
    values = np.full((parsed.body.n_rows, n_options), np.nan)
    unranked = np.ones(parsed.body.n_rows, np.bool_)
    skipped = np.zeros(parsed.body.n_rows, np.bool_)
    for i, column in enumerate(question.columns):
        decoded, codes = parsed.decoded[column], parsed.body.columns[column].codes
        numbers = np.array(
            [
                float(text) if status == VALID and is_whole(text) else np.nan
                for text, status in zip(decoded.texts, decoded.status, strict=True)
            ]
        )
        values[:, i] = numbers[codes]
        unranked &= np.array([text == "-2" for text in decoded.texts], np.bool_)[codes]
        skipped |= (decoded.status == NOT_ASKED)[codes]
    answered = ~np.isnan(values).all(axis=1)
    # A ranking writes -2 for every option both when skipped and when nothing was ranked.
    status = np.where(answered, VALID, np.where(skipped | unranked, NOT_ASKED, MISSING))
    frame = pd.DataFrame(values, columns=pd.Index(question.options, dtype=object))
    return Answered(frame, status.astype(np.int8))
