"""An export as an analyst holds it: questions, answers, their status, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.errors import Place
from survey.readers.container.sheet import IntArray, Sheet
from survey.readers.export import answers as reading
from survey.readers.export.codebook import CodeBook, decode
from survey.readers.export.metadata import PERSONAL
from survey.readers.export.selecting import Found, find
from survey.readers.export.states import states
from survey.readers.grammar.joined import holding_joint
from survey.readers.grammar.model import (
    MISSING,
    NOT_ASKED,
    VALID,
    Decoded,
    Evidence,
    Grammar,
    Mode,
    Question,
)
from survey.readers.problems import Problem

Selector = Question | str | int


@dataclass(frozen=True, eq=False)
class Export:
    """A questionnaire platform's export, read but not yet matched to a questionnaire.

    Parameters
    ----------
    paths : tuple of Path
        The file, or the files that were put together.
    evidence : Evidence
        Platform, the rule that recognised it, and how sure that is.
    body : Sheet
        The respondents' rows, every cell as it stands in the file.
    headers : tuple of str
        Raw header of each column.
    metadata_columns : mapping of str to int
        Position of each metadata column by its English name.
    questions : tuple of Question
        In the order of the file.
    mode : {"text", "numbered", "undecided"}
        Whether answers are option texts or option numbers.
    grammar : Grammar
        How its cells are read.
    decoded : mapping of int to Decoded
        The questions' columns, understood, by position.
    table : DataFrame
        Metadata with personal columns; use `metadata`.
    problems : tuple of Problem
        What a person should know before trusting the numbers.

    Examples
    --------
    >>> import survey, tempfile
    >>> export = survey.open_export(survey.simulate(tempfile.mkdtemp(), n_branches=2).export)
    >>> export.platform, export.mode, export.n_rows == len(export.provenance)
    ('wjx', 'text', True)
    >>> export.origin.max()  # one file
    np.int32(0)
    >>> export.place.file == export.name, len(export.headers) > len(export.questions)
    (True, True)
    >>> "ip" in export.metadata, "ip" in export.personal(), export.state.isna().all()
    (False, True, np.True_)
    >>> question = export.questions[0]
    >>> export.find(question.number).question is question
    True
    >>> answers, status = export.answers(question), export.status(question)
    >>> (answers.notna() == (status == "valid")).all()
    np.True_
    >>> export.count(question)["n"].sum() == (status == "valid").sum()
    np.True_
    >>> export.raw(question.columns[0])[0] == answers[0], export.open_text(question).notna().any()
    (True, np.False_)
    """

    paths: tuple[Path, ...]
    evidence: Evidence
    body: Sheet
    headers: tuple[str, ...]
    metadata_columns: Mapping[str, int]
    questions: tuple[Question, ...]
    mode: Mode
    grammar: Grammar
    decoded: Mapping[int, Decoded]
    table: pd.DataFrame
    problems: tuple[Problem, ...]

    @property
    def name(self) -> str:
        """Name of the file, with folders before it where several share it, or of the files."""
        return self.body.file

    @property
    def platform(self) -> str:
        """Short name of the platform."""
        return self.evidence.platform

    @property
    def n_rows(self) -> int:
        """Number of respondents' rows."""
        return self.body.n_rows

    @property
    def metadata(self) -> pd.DataFrame:
        """Metadata of each respondent without personal columns."""
        return self.table.drop(columns=[name for name in self.table if name in PERSONAL])

    def personal(self) -> pd.DataFrame:
        """Give the personal columns: IP, names, addresses, and questions that ask for them.

        Returns
        -------
        DataFrame, one line a respondent
            Meant for finding duplicates, never for output.
        """
        frame = self.table[[name for name in self.table if name in PERSONAL]].copy()
        for question in self.questions:
            if question.personal:
                for column in question.columns:
                    frame[question.label] = self.raw(column)
        return frame

    @property
    def provenance(self) -> pd.DataFrame:
        """File, sheet and physical row (from 1) of each respondent."""
        body = self.body
        files = pd.array([*(body.files or [body.file])], dtype="str").take(self.origin)
        sheets = pd.array([body.name], dtype="str").take(np.zeros_like(self.origin))
        return pd.DataFrame({"file": files, "sheet": sheets, "row": body.rows})

    @property
    def origin(self) -> IntArray:
        """Position of each respondent's file among those that were put together."""
        origin = self.body.origin
        return np.zeros(self.n_rows, np.int32) if origin is None else origin

    @property
    def state(self) -> pd.Series[str]:
        """``preview`` or ``incomplete`` where the platform says so, else missing."""
        return states(self.body, self.metadata_columns, self.grammar.previews)

    @property
    def place(self) -> Place:
        """The file and sheet, for messages."""
        return self.body.place()

    def find(self, selector: Selector) -> Found:
        """Resolve a selector to a question and, for a matrix, a row.

        Parameters
        ----------
        selector : Question, str or int
            ``17``, ``"17—逻辑拆解"``, a stem, a header, a row's label, or ``"列 C"``.

        Returns
        -------
        Found

        Raises
        ------
        ReadError
            Nothing or several things have that name; near candidates are listed.
        """
        if isinstance(selector, Question):
            return Found(selector, None)
        return find(selector, self.questions, self.headers, self.place)

    def _resolve(self, question: Selector, row: str | int | None) -> Found:
        found = self.find(question)
        if row is None:
            return found
        rows = found.question.rows
        if isinstance(row, int) and 0 <= row < len(rows):
            return Found(found.question, row)
        part = [
            replace(found.question, stem="", number="", columns=(c,), rows=(r,))
            for c, r in zip(found.question.columns, rows, strict=False)
        ]
        hit = find(str(row), part, self.headers, self.place).question
        return Found(found.question, found.question.columns.index(hit.columns[0]))

    def answers(
        self, question: Selector, row: str | int | None = None
    ) -> pd.Series[str] | pd.DataFrame:
        """Give the answers to a question.

        Parameters
        ----------
        question : Question, str or int
            A question or a selector of one.
        row : str or int, optional
            A matrix's row by label or position.

        Returns
        -------
        Series or DataFrame, one line a respondent
            single, scale: Series of labels (categorical, NaN where not valid); text: Series of
            text; multi: frame of nullable booleans, one column an option; ranking: frame of
            ranks; matrix: frame of labels, one column a row; matrix with several choices: frame
            of booleans by (row, option).
        """
        found = self._resolve(question, row)
        if self._is_table(found):
            parts = [
                self._answered(Found(found.question, i)) for i in range(len(found.question.rows))
            ]
            frame = pd.concat([part.values for part in parts], axis=1)
            if found.question.kind == "matrix_multi":
                pairs = [(r, o) for r in found.question.rows for o in found.question.options]
                frame.columns = pd.MultiIndex.from_tuples(pairs, names=["row", "option"])
            else:
                frame.columns = pd.Index(found.question.rows, dtype=object)
            return frame
        return self._answered(found).values

    def status(
        self, question: Selector, row: str | int | None = None
    ) -> pd.Series[str] | pd.DataFrame:
        """Tell for each respondent whether the answer is valid, missing or was not asked.

        Parameters
        ----------
        question, row
            As in `answers`.

        Returns
        -------
        Series or DataFrame, one line a respondent
            Categorical of ``valid``, ``missing``, ``not_asked``; a frame with one column a row
            for a whole matrix.
        """
        found = self._resolve(question, row)
        if not self._is_table(found):
            return self._status(found)
        parts = [self._status(Found(found.question, i)) for i in range(len(found.question.rows))]
        frame = pd.concat(parts, axis=1)
        frame.columns = pd.Index(found.question.rows, dtype=object)
        return frame

    def count(self, question: Selector, row: str | int | None = None) -> pd.DataFrame:
        """Count the answers.

        Parameters
        ----------
        question, row
            As in `answers`.

        Returns
        -------
        DataFrame
            One line a row and answer: ``row``, ``answer``, ``n``, and, the same for all answers of
            a row, ``not_asked``, ``blank`` and ``base`` (respondents with a valid answer). For a
            ranking ``n`` counts who ranked the option at all.
        """
        found = self._resolve(question, row)
        if self._is_table(found):
            targets = [Found(found.question, i) for i in range(len(found.question.rows))]
        else:
            targets = [found]
        return pd.concat([self._count(target) for target in targets], ignore_index=True)

    def open_text(self, question: Selector, row: str | int | None = None) -> pd.Series[str]:
        """Give the texts typed beside an option such as ``其他〖…〗``.

        Parameters
        ----------
        question, row
            As in `answers`; for a matrix name a row.

        Returns
        -------
        Series of str, one line a respondent
            NaN where nothing was typed; several texts are joined by ``；``.
        """
        found = self._resolve(question, row)
        column = found.question.columns[found.row or 0]
        decoded, grammar = self.decoded[column], self.grammar
        whole = holding_joint(found.question.options, grammar)
        texts = np.empty(len(decoded.texts), dtype=object)
        for level, text in enumerate(decoded.texts):
            parts = grammar.split(text, whole) if found.question.layout == "joined" else [text]
            typed = "；".join(t for part in parts if (t := grammar.open_text(part)[1]))
            texts[level] = typed if typed and decoded.status[level] == VALID else np.nan
        return pd.Series(texts[decoded.codes], dtype=object)

    def raw(self, column: int) -> pd.Series[str]:
        """Give a column's texts exactly as they stand in the file.

        Parameters
        ----------
        column : int
            Position of the column, from 0.

        Returns
        -------
        Series of str, one line a respondent
        """
        cells = self.body.columns[column]
        levels = np.array([*cells.levels], dtype=object)
        return pd.Series(levels[cells.codes], dtype=object)

    def decode(self, codebook: CodeBook) -> Export:
        """Put option labels in the place of option numbers.

        Parameters
        ----------
        codebook : CodeBook
            From `pair_exports`, a file, or by hand.

        Returns
        -------
        Export
            Its mode is ``text`` once no question is left coded.

        Raises
        ------
        ReadError
            An answer has a code that the book does not know.
        """
        questions, decoded, mode = decode(
            self.questions, self.decoded, self.mode, codebook, self.place
        )
        return replace(self, questions=questions, decoded=decoded, mode=mode)

    @staticmethod
    def _is_table(found: Found) -> bool:
        return bool(found.question.rows) and found.row is None

    def _answered(self, found: Found) -> reading.Answered:
        return reading.answered(found.question, found.row or 0, self.decoded, self.grammar)

    def _status(self, found: Found) -> pd.Series[str]:
        question, row = found
        if question.layout == "cell":
            codes = reading.status_of(self.decoded[question.columns[row or 0]])
        else:
            codes = self._answered(found).status
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(reading.STATUSES)))

    def _count(self, found: Found) -> pd.DataFrame:
        values, status = self._answered(found)
        if isinstance(values, pd.DataFrame):
            counts = (values.notna() if found.question.kind == "ranking" else values).sum()
        else:
            counts = values.value_counts(sort=False)
        return pd.DataFrame(
            {
                "row": "" if found.row is None else found.question.rows[found.row],
                "answer": [str(answer) for answer in counts.index],
                "n": counts.to_numpy(dtype=np.int64),
                "not_asked": int((status == NOT_ASKED).sum()),
                "blank": int((status == MISSING).sum()),
                "base": int((status == VALID).sum()),
            }
        )
