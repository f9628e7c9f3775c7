"""Learning a code book from two downloads of the same answers, one by text and one by number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from questionnaires.text import normalise
from survey.errors import Place, ReadError
from survey.readers.export.codebook import CodeBook, Entry, checked, holds_codes
from survey.readers.export.export import Export
from survey.readers.export.opening import open_export
from survey.readers.grammar.model import VALID, Question, valid_of
from survey.readers.wording import is_whole, key


class _Pair(NamedTuple):
    """One question in both downloads."""

    text: Question
    numbered: Question


def pair_exports(
    text: Export | str | Path,
    numbered: Export | str | Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
) -> CodeBook:
    """Learn what the option numbers mean from two downloads of the same answers.

    Parameters
    ----------
    text : Export or path
        Downloaded by option text.
    numbered : Export or path
        The same survey downloaded by option number.
    sheet, encoding : str, optional
        As in `open_export`, for what is given as a path.

    Returns
    -------
    CodeBook
        Labels of the codes that somebody chose, and the stems that the numbered headers lost;
        its `unseen` are the codes between them that nobody chose.

    Raises
    ------
    ReadError
        The modes are not text and numbered, rows cannot be matched, or one code would mean
        two labels.

    Notes
    -----
    Rows are matched by 序号 and submit time where these are unique, otherwise by order when both
    files have equally many rows. Texts typed beside an option are taken off before comparing.

    Examples
    --------
    >>> import tempfile
    >>> head = "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您满意吗？"
    >>> row = "{0},2026/5/{0} 8:00:00,60秒,微信,N/A,10.0.0.{0},{1}"
    >>> files = [Path(tempfile.mkdtemp()) / "导出.csv" for _ in range(2)]
    >>> for file, answers in zip(files, (["满意", "不满意"], ["1", "2"])):
    ...     rows = [row.format(n, answer) for n, answer in enumerate(answers, start=1)]
    ...     _ = file.write_text(chr(10).join([head, *rows]), encoding="utf-8")
    >>> book = pair_exports(*files)
    >>> question = open_export(files[1]).questions[0]
    >>> book.entry(question, [question]).codes
    {'1': '满意', '2': '不满意'}
    """
    text, numbered = (
        given if isinstance(given, Export) else open_export(given, sheet=sheet, encoding=encoding)
        for given in (text, numbered)
    )
    pairs = [*_matched_questions(text.questions, numbered.questions)]
    _require_order(text, numbered, pairs)
    left, right = _matched_rows(text, numbered)
    entries = []
    for pair in pairs:
        codes: dict[str, str] = {}
        coded = holds_codes(pair.numbered, numbered.decoded, numbered.mode)
        if coded and len(pair.text.columns) == len(pair.numbered.columns):
            for one, other in zip(pair.text.columns, pair.numbered.columns, strict=True):
                _learn(codes, text, one, left, numbered, other, right, pair)
        entries.append(Entry(pair.numbered.number, pair.text.stem, codes))
    return CodeBook(tuple(checked(entry) for entry in entries))


def _require_order(text: Export, numbered: Export, pairs: Sequence[_Pair]) -> None:
    """Stop unless the first file is the one by text and the second the one by number.

    Where the modes are undecided, words beside digits of the same question tell.
    """
    digits = [(_is_digits(text, pair.text), _is_digits(numbered, pair.numbered)) for pair in pairs]
    one, other = text.paths[0].name, numbered.paths[0].name
    if digits.count((True, False)) > digits.count((False, True)) or (
        text.mode == "numbered" and numbered.mode == "text"
    ):
        raise ReadError(
            zh=f"两个文件给反了：“{one}”是按序号下载的，“{other}”是按文本下载的。"
            "请先写按文本的，再写按序号的。",
            en=f"The files are swapped: {one} was downloaded by number, {other} by text. "
            "Give the one by text first.",
            place=numbered.place,
        )
    if text.mode == "numbered" or numbered.mode == "text":
        zh, en = ("序号", "number") if text.mode == "numbered" else ("文本", "text")
        raise ReadError(
            zh=f"配对需要一个按文本和一个按序号的下载，“{one}”和“{other}”却都是按{zh}下载的。",
            en=f"Pairing needs a download by text and one by number, but {one} and {other} are "
            f"both by {en}.",
            place=numbered.place,
        )


def _is_digits(export: Export, question: Question) -> bool | None:
    """Tell whether a question's answers are all digits or all words; None for anything else."""
    whole = {*map(is_whole, valid_of([export.decoded[column] for column in question.columns]))}
    return whole.pop() if question.layout == "cell" and len(whole) == 1 else None


def _matched_rows(
    text: Export, numbered: Export
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    names = [
        name
        for name in ("sequence", "respondent_id", "submitted_at")
        if name in text.metadata and name in numbered.metadata
    ]
    if names:
        one = text.metadata[names].assign(left=np.arange(text.n_rows))
        other = numbered.metadata[names].assign(right=np.arange(numbered.n_rows))
        if not one.duplicated(names).any() and not other.duplicated(names).any():
            both = one.merge(other, on=names)
            if len(both):
                return both["left"].to_numpy(np.intp), both["right"].to_numpy(np.intp)
            raise ReadError(
                zh="两个文件没有共同的答卷（按序号和提交时间对照），不是同一份问卷的下载。",
                en="The two files share no answer (by number and submit time).",
                place=numbered.place,
            )
    if text.n_rows != numbered.n_rows:
        raise ReadError(
            zh=f"无法对应答卷：缺少唯一的序号和提交时间，且行数不同"
            f"（{text.n_rows} 与 {numbered.n_rows}）。",
            en="Answers cannot be matched: no unique number and submit time, and "
            f"{text.n_rows} against {numbered.n_rows} rows.",
            place=numbered.place,
        )
    return np.arange(text.n_rows), np.arange(text.n_rows)


def _matched_questions(worded: Sequence[Question], numbered: Sequence[Question]) -> Iterator[_Pair]:
    for question in numbered:
        same = [q for q in worded if q.number == question.number] if question.number else []
        if len(same) != 1 or sum(q.number == question.number for q in numbered) > 1:
            wanted = normalise(question.stem)
            same = [q for q in worded if wanted and normalise(q.stem) == wanted]
        if len(same) == 1:
            yield _Pair(same[0], question)


def _learn(
    codes: dict[str, str],
    worded: Export,
    one: int,
    left: npt.NDArray[np.intp],
    numbered: Export,
    other: int,
    right: npt.NDArray[np.intp],
    pair: _Pair,
) -> None:
    """Add the code–label pairs of one column, each pair of levels looked at once."""
    labels, numbers = worded.decoded[one], numbered.decoded[other]
    together = np.stack([labels.codes[left], numbers.codes[right]])
    for label_level, code_level in np.unique(together, axis=1).T:
        said = labels.status[label_level] == VALID, numbers.status[code_level] == VALID
        code = numbers.texts[code_level]
        label = worded.grammar.open_text(labels.texts[label_level])[0]
        known = codes.get(code)
        if said == (True, True) and (known is None or key(known) == key(label)):
            codes.setdefault(code, label)
        elif any(said):
            raise ReadError(
                zh=f"同一答卷在两个文件里不一致：代码 {code or '（空）'} 对应“{label or '（空）'}”"
                + (f"，此前对应“{known}”" if known else "")
                + "。两个文件可能不是同一份数据，或顺序不同。",
                en=f"One answer differs between the files: code {code!r} stands beside {label!r}"
                + (f", before beside {known!r}" if known else "")
                + ". They may hold different data or another order.",
                place=Place(file=numbered.name, question=pair.text.label),
            )
