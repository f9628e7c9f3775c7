"""Mutation campaign: damaged and rearranged exports end in the right answer or in a clear error.

Run by hand with ``python -m tests.simulations.mutate_exports 10000``; the test set runs a few. The
truth is what was made up and where the writers put it, known without any reader: a column belongs
to the question whose writing made it appear.
"""

from __future__ import annotations

import argparse
import random
import re
import signal
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from survey.errors import ReadError
from survey.readers import Export, Question, open_export
from tests.writers import wjx
from tests.writers.files import cells_of, write_csv, write_xls, write_xlsx
from tests.writers.platforms import WRITERS, simplified
from tests.writers.surveys import BLANK, LADDERS, SKIPPED, Asked, MadeUp, Person

SECONDS_ALLOWED = 10
WORDS = "希望改进活动更多一些天地玄黄宇宙洪荒"


@dataclass(frozen=True)
class Case:
    """A table about to be written, and where each of its columns and rows came from.

    `origin` gives for each column the original one, or None for one that is no answer; `person`
    gives for each row below the header the respondent, or None for a row that is nobody's. The
    columns of a `fixed` table stay: a stem that stands once above several columns goes astray with
    them, and nothing in the file could tell.
    """

    platform: str
    survey: MadeUp
    numbered: bool
    joint: str
    n_head: int
    cells: list[list[object]]
    origin: list[tuple[int, int] | None]
    person: list[int | None]
    fixed: bool = False


ALL = ("single", "scale", "nps", "multi", "matrix", "ranking", "text")


def random_survey(rng: random.Random, kinds: Sequence[str] = ALL, typed: str = "自习┋室") -> MadeUp:
    """Make up a survey with 10 to 40 people."""
    asked = []
    for number in sorted(rng.sample(range(1, 60), rng.randint(3, 8))):
        kind = rng.choice([*kinds])
        stem = f"您对第{number}件事的看法" + rng.choice(["", "？", "：", "（可补充）"])
        labels = tuple(f"选项{letter}{number}" for letter in "甲乙丙丁戊"[: rng.randint(2, 5)])
        rows = tuple(f"方面{letter}{number}" for letter in "ABCDE"[: rng.randint(2, 5)])
        options = {
            "single": rng.choice([labels, rng.choice(LADDERS)]),
            "scale": ("1", "2", "3", "4", "5"),
            "nps": tuple(f"{i}分" for i in range(11)),
            "multi": labels,
            "matrix": rng.choice(LADDERS),
            "ranking": labels,
            "text": (),
        }[kind]
        asked.append(Asked(number, stem, kind, options, rows if kind == "matrix" else ()))  # type: ignore[arg-type]
    people = [
        Person(tuple(_answer(rng, q, typed) for q in asked), rng.randint(20, 900), minute)
        for minute in range(rng.randint(10, 40))
    ]
    return MadeUp(tuple(asked), tuple(people))


def _answer(rng: random.Random, asked: Asked, typed: str) -> object:
    if rng.random() < 0.1:
        return rng.choice([SKIPPED, BLANK])
    size = len(asked.options)
    match asked.kind:
        case "multi":
            chosen = sorted(rng.sample(range(size), rng.randint(1, size)))
            return tuple((p, typed if rng.random() < 0.05 else "") for p in chosen)
        case "ranking":
            return tuple(rng.sample(range(size), rng.randint(2, size)))
        case "matrix":
            return tuple(rng.randrange(size) for _ in asked.rows)
        case "text":
            return "".join(rng.choices(WORDS, k=rng.randint(4, 15)))
    return ((rng.randrange(size), ""),)


def fresh(rng: random.Random) -> Case:
    """Make up a survey and its table, nothing mutated yet."""
    return _wjx(rng) if rng.random() < 0.3 else _other(rng, rng.choice(sorted(WRITTEN)))


def _wjx(rng: random.Random) -> Case:
    survey = random_survey(rng)
    style = wjx.Style(
        metadata=rng.choice([wjx.ORDER_A, wjx.ORDER_B, wjx.SHORT]),
        hints=rng.random() < 0.3,
        old_options=rng.random() < 0.3,
        spaces=rng.random() < 0.3,
        typed_numbers=rng.random() < 0.3,
        blank=rng.choice(["(空)", ""]),
    )
    numbered = rng.random() < 0.4
    cells = wjx.table(survey, style, numbered=numbered)
    origin: list[tuple[int, int] | None] = [None] * len(style.metadata)
    for index, asked in enumerate(survey.questions):
        width = len(asked.rows) or 1
        if numbered and asked.kind in ("multi", "ranking"):
            width = len(asked.options)
        origin += [(index, part) for part in range(width)]
    people = [*range(len(survey.people))]
    return Case("wjx", survey, numbered, "", 1, cells, origin, people)


# Merged headings cannot be moved by columns, and SPSS files are no tables.
WRITTEN = {name: w for name, w in WRITERS.items() if name not in ("spss", "manual with groups")}
# Every wording that is made up holds the number of its question.
_ASKED = (re.compile(r"第(\d+)件事|(?:选项|方面).(\d+)"), re.compile(r"Q(\d+)"))


def _other(rng: random.Random, name: str) -> Case:
    writer = WRITTEN[name]
    survey = simplified(random_survey(rng, writer.kinds, ""))
    # A row without anything is nobody.
    people = tuple(p for p in survey.people if {*p.answers} != {BLANK})
    survey = replace(survey, people=people)
    with tempfile.TemporaryDirectory() as folder:
        cells = cells_of(writer.write(Path(folder) / "made", survey))
    n_head = len(cells) - len(people)
    numbers = [q.number for q in survey.questions]
    parts: Counter[int] = Counter()
    origin: list[tuple[int, int] | None] = []
    for header in zip(*cells[:n_head], strict=True):
        text = " ".join(map(str, header))
        hits = (next(filter(None, m.groups())) for p in _ASKED if (m := p.search(text)))
        number = next(hits, "")
        known = int(number) in numbers if number else False
        if not known or text.startswith(("Points", "Feedback")):
            origin.append(None)
            continue
        index = numbers.index(int(number))
        asked = survey.questions[index]
        if name == "kobo" and asked.kind == "multi" and text == asked.stem:
            origin.append(None)  # says the choices once more
            continue
        origin.append((index, parts[index]))
        parts[index] += 1
    if writer.numbered:
        coded = tuple(by_code(q) for q in survey.questions)
        survey = replace(survey, questions=coded)
    rows = [*range(len(people))]
    joint = writer.joint or "┋"
    fixed = name == "surveymonkey"
    return Case(writer.platform, survey, writer.numbered, joint, n_head, cells, origin, rows, fixed)


def by_code(asked: Asked) -> Asked:
    """A coded choice of several names its options A1, A2, …"""
    names = tuple(f"A{i + 1}" for i in range(len(asked.options)))
    return replace(asked, options=names) if asked.kind == "multi" else asked


def _columns(case: Case, order: list[int]) -> Case:
    cells = [[row[i] for i in order] for row in case.cells]
    return replace(case, cells=cells, origin=[case.origin[i] for i in order])


def shuffled_columns(rng: random.Random, case: Case) -> Case:
    """All columns in another order."""
    return _columns(case, rng.sample(range(len(case.origin)), len(case.origin)))


def moved_column(rng: random.Random, case: Case) -> Case:
    """One column somewhere else."""
    order = [*range(len(case.origin))]
    order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    return _columns(case, order)


def duplicated_column(rng: random.Random, case: Case) -> Case:
    """One column twice, header and all."""
    order = [*range(len(case.origin))]
    chosen = rng.choice(order)
    order.insert(rng.choice([chosen, rng.randrange(len(order))]), chosen)
    return _columns(case, order)


def deleted_column(rng: random.Random, case: Case) -> Case:
    """One column taken out."""
    order = [*range(len(case.origin))]
    order.pop(rng.randrange(len(order)))
    return _columns(case, order)


def renamed_metadata(rng: random.Random, case: Case) -> Case:
    """One metadata header under another name: it then counts as a question of its own."""
    cells = [[*row] for row in case.cells]
    metadata = [column for column, source in enumerate(case.origin) if source is None]
    if metadata:
        cells[0][rng.choice(metadata)] = rng.choice(["提交时间1", "编号", "备用"])
    return replace(case, cells=cells)


def blanked_header(rng: random.Random, case: Case) -> Case:
    """One header cell emptied."""
    cells = [[*row] for row in case.cells]
    cells[0][rng.randrange(len(cells[0]))] = ""
    return replace(case, cells=cells)


def mixed_types(rng: random.Random, case: Case) -> Case:
    """Some cells as numbers, some as texts with a decimal zero or blanks around them."""

    def other(cell: object) -> object:
        text = str(cell)
        if not (text.isascii() and text.lstrip("-").isdigit()) or rng.random() < 0.5:
            return cell
        return rng.choice([float(text), int(text), f"{text}.0", f" {text} "])

    head, body = case.cells[: case.n_head], case.cells[case.n_head :]
    return replace(case, cells=[*head, *([other(c) for c in row] for row in body)])


def blank_rows(rng: random.Random, case: Case) -> Case:
    """Blank rows in the middle and at the end."""
    cells, person = [*case.cells], [*case.person]
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(case.n_head, len(cells))
        cells.insert(at, ["" for _ in cells[0]])
        person.insert(at - case.n_head, None)
    return replace(case, cells=cells, person=person)


def repeated_header(rng: random.Random, case: Case) -> Case:
    """A second download pasted below, header and all."""
    n = case.n_head
    at = rng.randint(n + 1, len(case.cells))
    cells = [*case.cells[:at], *case.cells[:n], *case.cells[at:]]
    person = [*case.person[: at - n], *[None] * n, *case.person[at - n :]]
    return replace(case, cells=cells, person=person)


def shuffled_rows(rng: random.Random, case: Case) -> Case:
    """Rows sorted by somebody."""
    order = rng.sample(range(len(case.person)), len(case.person))
    cells = [*case.cells[: case.n_head], *(case.cells[case.n_head + i] for i in order)]
    return replace(case, cells=cells, person=[case.person[i] for i in order])


def title_row(rng: random.Random, case: Case) -> Case:
    """A title above the header, as people add it."""
    title: list[object] = ["某某满意度调查结果", *[""] * (len(case.origin) - 1)]
    return replace(case, cells=[title, *case.cells], person=[None, *case.person])


def unchanged(rng: random.Random, case: Case) -> Case:
    """The table as it is, for mutations of the file."""
    return case


def truncated(rng: random.Random, path: Path) -> None:
    """The file cut off."""
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(1, len(data))])


def flipped_bits(rng: random.Random, path: Path) -> None:
    """A few bits turned over."""
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 5)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(data))


def wrong_encoding(rng: random.Random, path: Path) -> None:
    """A csv file in an encoding that nobody announced; other files get a foreign head."""
    data = path.read_bytes()
    if path.suffix != ".csv":
        path.write_bytes(rng.choice([b"\xef\xbb\xbf", b"\r\n", b"\x00\x00"]) + data)
        return
    text = data.decode("utf-8-sig")
    encoding = rng.choice(
        ["utf-16-le", "utf-16-be", "big5", "shift_jis", "utf-8", "gb18030", "utf-16"]
    )
    path.write_bytes(text.encode(encoding, errors="ignore"))


def nested_zip(rng: random.Random, path: Path) -> None:
    """The file zipped once more under its own name."""
    data = path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(path.name, data)


def merged_cells(rng: random.Random, path: Path) -> None:
    """Cells merged, so that all but the first lose their content."""
    if path.suffix != ".xlsx":
        return
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    row, column = rng.randint(1, page.max_row), rng.randint(1, page.max_column)
    page.merge_cells(
        start_row=row,
        end_row=row + rng.randint(0, 3),
        start_column=column,
        end_column=column + rng.randint(0, 3),
    )
    book.save(path)


def huge_dimensions(rng: random.Random, path: Path) -> None:
    """One cell far away."""
    if path.suffix != ".xlsx":
        return
    book = openpyxl.load_workbook(path)
    far = [(5_000, 1), (5_000, 300), (60_000, 40), (400_000, 300), (1_048_576, 16_384)]
    book.worksheets[0].cell(*rng.choice(far), 1)
    book.save(path)


TABLE_MUTATIONS: tuple[Callable[[random.Random, Case], Case], ...] = (
    unchanged,
    shuffled_columns,
    moved_column,
    duplicated_column,
    deleted_column,
    renamed_metadata,
    blanked_header,
    mixed_types,
    blank_rows,
    repeated_header,
    shuffled_rows,
    title_row,
)
OF_COLUMNS = (shuffled_columns, moved_column, duplicated_column, deleted_column, blanked_header)
FILE_MUTATIONS: tuple[Callable[[random.Random, Path], None], ...] = (
    truncated,
    flipped_bits,
    wrong_encoding,
    nested_zip,
    merged_cells,
    huge_dimensions,
)


def judge(export: Export, case: Case, *, touched: bool) -> str:
    """Compare what was read with the truth.

    Returns ``right``; ``altered`` where the file itself was damaged inside single cells, so that
    no reader could know; ``reported`` where cells were lost with a warning that names the place;
    or raises AssertionError where an answer stands under another question or person.
    """
    physical = export.provenance["row"].to_numpy() - 1 - case.n_head
    people = [case.person[row] if 0 <= row < len(case.person) else None for row in physical]
    known = [i for i, person in enumerate(people) if person is not None]
    wrong: list[str] = []
    for question in export.questions:
        sources = [case.origin[c] if c < len(case.origin) else None for c in question.columns]
        written = [case.cells[0][c] if c < len(case.origin) else "" for c in question.columns]
        if (
            touched
            and case.n_head == 1
            and [*map(str, written)] != [export.headers[c] for c in question.columns]
        ):
            # The damage changed this header itself: what it says now is all a reader can know.
            wrong.append("a header")
            continue
        answered = [source for source in sources if source is not None]
        if len(answered) < len(sources):
            assert not answered, f"{question.label} mixes answers and metadata"
            continue
        asked_by = {index for index, _ in answered}
        assert len(asked_by) == 1, f"{question.label} joins several questions"
        index = asked_by.pop()
        asked = case.survey.questions[index]
        if not touched and case.platform == "wjx":
            assert question.number == str(asked.number), f"{question.label} has another number"
        wrong += _wrong_cells(
            export, question, [part for _, part in answered], case, index, people, known
        )
    lost = len(case.survey.people) - len({people[i] for i in known})
    if not touched:
        assert not wrong, f"{len(wrong)} answers differ, as {wrong[0]}"
        assert lost == 0, f"{lost} people lost"
        return "right"
    if not wrong and lost == 0:
        return "right"
    if any(problem.severity == "warning" for problem in export.problems):
        return "reported"
    return "altered"


def _wrong_cells(
    export: Export,
    question: Question,
    parts: list[int],
    case: Case,
    index: int,
    people: list[int | None],
    known: list[int],
) -> list[str]:
    """List answers of a question that differ from the truth, for the people that are known."""
    asked = case.survey.questions[index]
    truth = case.survey.expected(index, numbered=case.numbered)
    values = export.answers(question)
    # Who ticked only an option whose column was taken out has ticked nothing that is left.
    alone = asked.kind == "multi" and question.layout == "cell"
    complete = set(parts) >= set(range(len(asked.options)))
    wrong: list[str] = []
    for position, part in enumerate(parts):
        for i in known:
            person = people[i]
            assert person is not None
            expected = truth[person]
            read = _read(values, question, position, i)
            if alone or export.platform != case.platform:
                # Read as another platform's or a plain table, or as an option that was moved away
                # from the others, cells stand for themselves.
                row = int(export.provenance["row"].iloc[i]) - 1
                cell = " ".join(str(case.cells[row][question.columns[position]]).split())
                if (read or "") in (cell, cell.removesuffix(".0"), re.sub(r"^[A-Z]\.", "", cell)):
                    continue
            if isinstance(expected, tuple):
                expected = expected[part]
            elif isinstance(expected, set) and question.layout == "indicator":
                expected = asked.options[part] in expected
            elif isinstance(expected, dict) and question.layout != "order":
                rank = expected.get(asked.options[part])
                expected = rank if question.layout == "ranks" or rank is None else str(rank)
            if isinstance(expected, set) and isinstance(read, set) and case.joint:
                # Options that always stand side by side may be one that holds the separator.
                read = {part for option in read for part in option.split(case.joint)}
            if isinstance(expected, set) and isinstance(read, str):
                # Joined choices may be left whole where it is not certain that they are several.
                options = [option for option in asked.options if option in expected]
                whole = [case.joint.join(options), case.joint.join(options) + ";"]
                read = expected if read in whole else {read}
            if read is None and expected is False and not complete:
                continue
            if read != expected:
                wrong.append(f"{question.label}, {question.kind}: {read!r}, not {expected!r}")
    return wrong


def _read(values: object, question: Question, position: int, i: int) -> object:
    if isinstance(values, pd.Series):
        value = values.iloc[i]
        return None if pd.isna(value) else value
    assert isinstance(values, pd.DataFrame)
    row = values.iloc[i]
    if question.layout == "joined":
        if row.isna().any() or not len(row):
            return None
        return {name for name, chosen in row.items() if chosen}
    if question.layout == "order":
        ranks = {name: int(rank) for name, rank in row.items() if not pd.isna(rank)}
        return ranks or None
    value = row.iloc[position]
    if pd.isna(value):
        return None
    return (
        bool(value)
        if question.layout == "indicator"
        else (int(value) if question.layout == "ranks" else value)
    )


@contextmanager
def alarm(seconds: int) -> Iterator[None]:
    """Stop a case that hangs."""

    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run_case(seed: int, folder: Path) -> tuple[str, str, str]:
    """Run one case: its mutation, its outcome, and what to say about a failure."""
    rng = random.Random(seed)
    case = fresh(rng)
    file_mutation: Callable[[random.Random, Path], object] | None
    file_mutation = rng.choice(FILE_MUTATIONS) if rng.random() < 0.5 else None
    mutation: Any = file_mutation or rng.choice(TABLE_MUTATIONS)
    if case.fixed and mutation in OF_COLUMNS:
        mutation = unchanged
    if file_mutation is None:
        case = mutation(rng, case)
    suffix, write = rng.choice([(".xlsx", write_xlsx), (".xls", write_xls), (".csv", write_csv)])
    path = write(folder / f"{seed}{suffix}", case.cells)
    if file_mutation is not None:
        file_mutation(rng, path)
    name = f"{mutation.__name__} {case.platform}"
    started = time.process_time()
    try:
        with alarm(12 * SECONDS_ALLOWED):
            export = open_export(path)
            for question in export.questions:
                export.count(question)
            outcome, said = judge(export, case, touched=file_mutation is not None), ""
    except ReadError as error:
        outcome, said = "refused", error.text("zh")
    except AssertionError as error:
        outcome, said = "MOVED", str(error)
    except TimeoutError:
        outcome, said = "HUNG", ""
    except Exception:
        outcome, said = "CRASHED", traceback.format_exc(limit=-4)
    if time.process_time() - started > SECONDS_ALLOWED:
        outcome = "HUNG"
    path.unlink()
    return name, outcome, said


FAILURES = ("MOVED", "CRASHED", "HUNG")


def campaign(
    n_cases: int, first_seed: int = 0, run: Callable[[int, Path], tuple[str, str, str]] = run_case
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Run many cases.

    Returns
    -------
    counts : Counter of (mutation, outcome)
    failures : list of str
        One line each with its seed.
    """
    counts: Counter[tuple[str, str]] = Counter()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first_seed, first_seed + n_cases):
            name, outcome, said = run(seed, Path(folder))
            counts[name, outcome] += 1
            if outcome in FAILURES:
                failures.append(f"seed {seed}: {name}: {outcome}: {said}")
    return counts, failures


def main(run: Callable[[int, Path], tuple[str, str, str]] = run_case) -> None:
    """Print the counts as a table and every failure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("n_cases", type=int)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    counts, failures = campaign(arguments.n_cases, arguments.seed, run)
    table = pd.Series(counts).unstack(fill_value=0)
    table.loc["all"] = table.sum()
    print(table.to_string())
    print(*failures, sep="\n")


if __name__ == "__main__":
    main()
