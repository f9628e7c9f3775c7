"""Coded answers: one row a person, one column an item, with what became of every cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import numpy.typing as npt
import pandas as pd

from questionnaires import Questionnaire

_MOST_NUMBERS = 2**62


@dataclass(frozen=True, eq=False)
class Responses:
    """The answers of one survey in the terms of its questionnaire."""

    questionnaire: Questionnaire  # what was asked
    # one row a person: ``file``, ``sheet``, ``row`` (physical, from 1), ``serial`` (the platform's
    # number, text), ``submitted_at``, ``seconds``, ``state`` (``preview`` or ``incomplete`` where
    # the platform says so), ``device`` (a number that is the same for one account or address of a
    # file and tells nothing else), ``account`` (the same for accounts only, in all files),
    # ``branch`` (as answered, missing if blank), ``role`` (role id), ``role_answer`` (as answered)
    # and ``attention`` (True passed, False failed, missing where not asked or blank)
    people: pd.DataFrame
    # same rows; the overall question and every item, NaN where there is no valid answer
    scores: pd.DataFrame
    # same shape as `scores`: ``valid``, ``missing``, ``not_asked`` or ``not_applicable``
    status: pd.DataFrame
    # open answers that say something, in an order of their own: not aligned with `people`
    texts: pd.Series
    # how every column of every file was understood: ``file``, ``column`` (from 1), ``header``,
    # ``item``, ``how``
    columns: pd.DataFrame
    # what was odd but did not stop the reading: ``file``, ``severity`` (``notice`` or ``warning``),
    # ``zh``, ``en``
    problems: pd.DataFrame

    @property
    def n_rows(self) -> int:
        """Number of rows read."""
        return len(self.people)

    @cached_property
    def sheet(self) -> pd.Series[int]:
        """A number that rows share which answered all alike.

        Branch, role, scores, and why a score is missing.
        """
        numbers: list[npt.NDArray[np.integer]] = [
            *(self.numbered(name)[0] for name in ("branch", "role_answer")),
            *self.levels[0].to_numpy().T,
        ]
        return pd.Series(row_numbers(numbers), index=self.people.index)

    @cached_property
    def levels(self) -> tuple[pd.DataFrame, int]:
        """Every score as its place among all that were given, and how many these are.

        The places behind the last are those of missing scores, one a status.
        """
        found = []
        for _, column in self.scores.items():
            places, own = pd.factorize(column.to_numpy())
            found.append((places.astype(np.min_scalar_type(-1 - len(own))), own))
        given = np.unique(np.concatenate([own for _, own in found]))
        n_kinds = max(len(status.cat.categories) for _, status in self.status.items())
        of_all = np.empty((len(found), self.n_rows), np.min_scalar_type(len(given) + n_kinds))
        for row, (places, own), (_, status) in zip(of_all, found, self.status.items(), strict=True):
            place = np.append(np.searchsorted(given, own), 0)[places]
            row[:] = np.where(places < 0, len(given) + status.cat.codes.astype(np.intp), place)
        frame = pd.DataFrame(of_all.T, self.scores.index, self.scores.columns, copy=False)
        return frame, len(given)

    def numbered(self, name: str) -> tuple[npt.NDArray[np.intp], pd.Index]:
        """Give the number of everybody's value in a column of people, and the values.

        Missing ones are −1. Rules ask again and again: they are numbered once.
        """
        if name not in self._numbered:
            self._numbered[name] = pd.factorize(self.people[name])
        return self._numbered[name]

    @cached_property
    def _numbered(self) -> dict[str, tuple[npt.NDArray[np.intp], pd.Index]]:
        return {}


def row_numbers(columns: Iterable[npt.NDArray[np.integer]]) -> npt.NDArray[np.int64]:
    """Give rows that agree in every column one number, in the order of appearance.

    Parameters
    ----------
    columns : iterable of ndarray of int, shape (n,)
        Numbers from −1 on.

    Returns
    -------
    ndarray of int, shape (n,)

    Examples
    --------
    >>> row_numbers([np.array([5, -1, 5]), np.array([0, 1, 0])]).tolist()
    [0, 1, 0]
    """
    row, n_rows = np.zeros(1, np.int64), 1
    for column in columns:
        n = int(column.max(initial=0)) + 2
        if n_rows * n >= _MOST_NUMBERS:
            row = pd.factorize(row)[0]
            n_rows = int(row.max(initial=-1)) + 1
        if len(row) != len(column):
            row = np.zeros(len(column), np.int64)
        row *= n
        row += column
        n_rows *= n
    return pd.factorize(row)[0]


def unused_columns(responses: Responses) -> pd.DataFrame:
    """List the columns that are not used, as lines of an audit.

    ``file``, ``column``, ``rule`` (``unused_column`` or ``personal_column``), ``action``
    (``note``), ``zh``, ``en``.
    """
    columns = responses.columns
    unused = columns[columns["how"].isin(["unused", "personal"])]
    personal = unused["how"] == "personal"
    return pd.DataFrame(
        {
            "file": unused["file"],
            "column": unused["column"],
            "rule": unused["how"] + "_column",
            "action": "note",
            "zh": "“"
            + unused["header"]
            + "”"
            + personal.map({True: "是个人信息，不读入", False: "没有用到"}),
            "en": "“"
            + unused["header"]
            + "” "
            + personal.map({True: "is personal", False: "is not used"}),
        }
    )


def concatenate(parts: Sequence[Responses]) -> Responses:
    """Put the responses of several files under each other, items aligned by id."""
    if len(parts) == 1:
        return parts[0]

    def stack(name: str) -> pd.DataFrame:
        frames: list[pd.DataFrame] = [getattr(part, name) for part in parts]
        return pd.concat(frames, ignore_index=True)

    # Numbers of devices start anew in every file.
    before = accumulate((part.n_rows for part in parts[:-1]), initial=0)
    people = pd.concat(
        [
            part.people.assign(device=part.people["device"] + first)
            for part, first in zip(parts, before, strict=True)
        ],
        ignore_index=True,
    )
    return Responses(
        questionnaire=parts[0].questionnaire,
        people=people,
        scores=stack("scores"),
        status=stack("status"),
        texts=pd.concat([part.texts for part in parts], ignore_index=True),
        columns=stack("columns"),
        problems=stack("problems"),
    )
