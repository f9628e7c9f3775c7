"""Code books: what an option's number means, from a pair of downloads, a file, or by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from questionnaires.text import normalise
from survey.errors import Place, ReadError, not_utf8
from survey.readers.grammar.model import MOST_CODES, VALID, Decoded, Mode, Question, valid_of
from survey.readers.wording import is_whole, key, plain_number

FORMAT = 1


@dataclass(frozen=True)
class Entry:
    """What a code book knows of one question."""

    number: str  # as in `Question`; the number finds the question, the stem where numbers repeat
    stem: str
    # Label of each code; empty for a choice of several or a ranking, whose option labels stand in
    # the headers.
    codes: Mapping[str, str]

    @property
    def unseen(self) -> tuple[str, ...]:
        """Codes below the largest one that have no label: learned from answers, nobody chose them.

        Digits that stand for themselves, as those of a 量表 do, need no label.

        Examples
        --------
        >>> Entry("4", "", {"1": "非常满意", "4": "不满意"}).unseen
        ('2', '3')
        """
        if all(code == label for code, label in self.codes.items()):
            return ()
        last = max(map(int, self.codes))
        return tuple(str(code) for code in range(1, last) if str(code) not in self.codes)


@dataclass(frozen=True)
class CodeBook:
    """Labels of the option numbers of one survey.

    Parameters
    ----------
    entries : tuple of Entry
        One a question.

    Examples
    --------
    >>> book = CodeBook.from_mapping({"4": ["非常满意", "满意", "一般"]})
    >>> book.entries[0].codes["2"]
    '满意'
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "book.json"
    >>> book.save(file)
    >>> CodeBook.load(file) == book, book.unseen
    (True, {})
    """

    entries: tuple[Entry, ...]

    @property
    def unseen(self) -> dict[str, tuple[str, ...]]:
        """Codes that nobody chose, by the number (or stem) of their question.

        What they mean, and whether there are options after the last one chosen, a pair of
        downloads cannot tell; `save` lists them for a person to complete.
        """
        return {e.number or e.stem: e.unseen for e in self.entries if e.unseen}

    @classmethod
    def from_mapping(cls, questions: Mapping[str, Mapping[str, str] | Sequence[str]]) -> CodeBook:
        """Build a code book by hand.

        Parameters
        ----------
        questions : mapping
            Question number or stem → labels by code, or the list of labels in order of code from 1.

        Returns
        -------
        CodeBook

        Raises
        ------
        ReadError
            Two codes of a question have the same label, or a code is no whole number.
        """
        entries = []
        for name, labels in questions.items():
            pairs = labels if isinstance(labels, Mapping) else dict(enumerate(labels, 1))
            codes = {plain_number(str(code)): str(label) for code, label in pairs.items()}
            number = name if name.isdigit() else ""
            entries.append(Entry(number, "" if number else name, codes))
        return cls(tuple(checked(entry) for entry in entries))

    @classmethod
    def load(cls, path: str | Path) -> CodeBook:
        """Read a code book from a JSON file.

        Parameters
        ----------
        path : str or Path
            As `save` writes it, labels perhaps added to ``codes``, or a plain object
            ``{"4": ["非常满意", …]}`` written by hand.

        Returns
        -------
        CodeBook

        Raises
        ------
        ReadError
            The file is missing, is no JSON, or has another shape.
        """
        location = Path(path)
        place = Place(file=location.name)
        try:
            content = json.loads(location.read_text("utf-8-sig"))
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise ReadError(
                zh=f"无法读取编码本（{reason}）。",
                en=f"Cannot read the code book ({reason}).",
                place=place,
            ) from fault
        except UnicodeDecodeError as fault:
            raise not_utf8(ReadError, "编码本", "The code book", place) from fault
        except json.JSONDecodeError as fault:
            raise ReadError(
                zh=f"编码本第 {fault.lineno} 行第 {fault.colno} 个字附近的写法不对，"
                "不是有效的 JSON：引号、逗号、冒号都要用英文的，最后一项之后没有逗号。",
                en=f"The code book is no valid JSON: {fault}.",
                place=place,
            ) from fault
        try:
            if isinstance(content, dict) and "questions" in content:
                entries = (
                    Entry(str(q["number"]), str(q["stem"]), dict(q["codes"]))
                    for q in content["questions"]
                )
                return cls(tuple(checked(entry) for entry in entries))
            return cls.from_mapping(content)
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise ReadError(
                zh='码本的结构应为 {"题号": ["选项1", "选项2", …]} 或 save 写出的形式。',
                en='The code book must have the form {"number": ["label 1", …]} or that of save.',
                place=place,
            ) from fault

    def save(self, path: str | Path) -> None:
        """Write the code book as JSON that a person can read, complete and edit.

        Parameters
        ----------
        path : str or Path
            Where to write.
        """
        questions = [
            {"number": e.number, "stem": e.stem, "codes": dict(e.codes)}
            | ({"unseen": [*e.unseen]} if e.unseen else {})
            for e in self.entries
        ]
        content = {"format": FORMAT, "questions": questions}
        Path(path).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")

    def entry(self, question: Question, questions: Sequence[Question]) -> Entry | None:
        """Find what the book knows of a question.

        Parameters
        ----------
        question : Question
            Of the export.
        questions : sequence of Question
            All of the export: where its number repeats, the stem decides.

        Returns
        -------
        Entry or None
        """
        unique = sum(other.number == question.number for other in questions) == 1
        for entry in self.entries:
            if entry.number and entry.number == question.number and unique:
                return entry
            if question.stem and normalise(entry.stem) == normalise(question.stem):
                return entry
        return None


def checked(entry: Entry) -> Entry:
    """Put an entry's codes in order; refuse codes that are no whole numbers and repeated labels.

    Raises
    ------
    ReadError
        Naming the question.
    """
    labels = [key(label) for label in entry.codes.values()]
    whole = all(map(is_whole, entry.codes))
    if len(set(labels)) == len(labels) and all(labels) and whole:
        return replace(entry, codes=dict(sorted(entry.codes.items(), key=lambda c: int(c[0]))))
    name = entry.number or entry.stem
    raise ReadError(
        zh=f"编码本里题目 {name} 的代码必须是整数，标签不得空白或重复。",
        en=f"In the code book the codes of {name} must be whole numbers, its labels distinct "
        "and not blank.",
        place=Place(question=name),
    )


def decode(
    questions: Sequence[Question],
    columns: Mapping[int, Decoded],
    mode: Mode,
    book: CodeBook,
    place: Place,
) -> tuple[tuple[Question, ...], dict[int, Decoded], Mode]:
    """Put labels in the place of option numbers.

    Questions that the book does not know stay coded. Where the mode was undecided the book says
    what the digits mean, so its questions are taken for numbered.

    Raises
    ------
    ReadError
        An answer has a code that the book does not know.
    """
    labelled = dict(columns)
    told = []
    all_known = True
    for question in questions:
        entry = book.entry(question, questions)
        coded = holds_codes(question, columns, mode)
        if entry is None or not (entry.codes and coded):
            stem = question.stem or (entry.stem if entry else "")
            told.append(replace(question, stem=stem))
            all_known &= not coded
            continue
        for column in question.columns:
            labelled[column] = _labelled(columns[column], entry, question, place)
        told.append(
            replace(
                question,
                stem=question.stem or entry.stem,
                kind="matrix" if question.rows else "single",
                options=tuple(entry.codes.values()),
                coded=False,
            )
        )
    return tuple(told), labelled, "text" if all_known else mode


def holds_codes(question: Question, columns: Mapping[int, Decoded], mode: Mode) -> bool:
    """Tell whether a question's answers are, or where the mode is undecided may be, positions."""
    if question.coded or mode != "undecided":
        return question.coded
    valid = valid_of([columns[column] for column in question.columns])
    whole = all(is_whole(text) and 0 <= int(text) <= MOST_CODES for text in valid)
    return question.layout == "cell" and not question.personal and bool(valid) and whole


def _labelled(cells: Decoded, entry: Entry, question: Question, place: Place) -> Decoded:
    codes = {plain_number(code): label for code, label in entry.codes.items()}
    unknown = sorted(text for text in cells.valid if text not in codes)
    if unknown:
        listed = "、".join(unknown[:8])
        raise ReadError(
            zh=f"编码本没有代码 {listed} 的标签（可能学习时没有人选过）。"
            f'请在编码本文件中这一题的 codes 里补上，如 "{unknown[0]}": "选项文字"。',
            en=f"The code book has no label for the codes {listed} (perhaps nobody chose them when "
            "it was learned). Add them to the codes of this question in its file, like "
            f'"{unknown[0]}": "label".',
            place=replace(place, question=question.label),
        )
    texts = tuple(
        codes[text] if status == VALID else text
        for text, status in zip(cells.texts, cells.status, strict=True)
    )
    return replace(cells, texts=texts)
