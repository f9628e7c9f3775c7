"""Whatever people do to the layout of a download, its questions and counts stay the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.readers import Export, open_export
from tests.writers import wjx
from tests.writers.files import Table, cells_of, write_csv, write_xlsx
from tests.writers.platforms import WRITERS
from tests.writers.surveys import Asked, MadeUp, Person

SQUARE = MadeUp(
    (
        Asked(1, "所在支部", "single", ("甲支部", "乙支部")),
        Asked(2, "常去的地方", "multi", ("食堂", "宿舍", "操场")),
        Asked(3, "评价", "matrix", ("好", "一般", "差"), ("速度", "态度")),
        Asked(4, "总体满意度", "single", ("满意", "一般", "不满意")),
    ),
    tuple(
        Person(
            (
                ((i % 2, ""),),
                ((0, ""), (1, ""), (2, ""))[i % 3 : i % 3 + 1 + i % 2],
                (i % 3, i // 2 % 3),
                ((i % 3, ""),),
            )
        )
        for i in range(24)
    ),
)

Cells = list[list[object]]
# What stands merged above several names cannot be moved by columns.
MOVABLE = [*sorted({*WRITERS} - {"spss", "manual with groups"}), "wjx text", "wjx numbered"]


def made(name: str, folder: Path) -> tuple[Cells, Callable[[Path, Table], Path]]:
    """The table that a platform writes, and how it is put into a file."""
    if name.startswith("wjx"):
        numbered = name.endswith("numbered")
        return wjx.table(SQUARE, wjx.Style(), numbered=numbered), write_xlsx
    writer = WRITERS[name]
    kept = [i for i, asked in enumerate(SQUARE.questions) if asked.kind in writer.kinds]
    people = (Person(tuple(p.answers[i] for i in kept)) for p in SQUARE.people)
    file = writer.write(
        folder / "made", MadeUp(tuple(SQUARE.questions[i] for i in kept), tuple(people))
    )
    return cells_of(file), write_csv if file.suffix == ".csv" else write_xlsx


def counted(export: Export) -> dict[str, object]:
    """What every question asks and how often each answer was given, by its label."""
    return {
        question.label: (
            question.kind,
            sorted(
                (row, answer, n, base)
                for row, answer, n, base in export.count(question)[
                    ["row", "answer", "n", "base"]
                ].itertuples(index=False)
                if n
            ),
        )
        for question in export.questions
    }


def written(folder: Path, cells: Cells, write: Callable[[Path, Table], Path]) -> Export:
    suffix = ".csv" if write is write_csv else ".xlsx"
    return open_export(write(folder / f"written{suffix}", cells))


def pasted(rng: random.Random, cells: Cells, n_head: int) -> Cells:
    at = rng.randint(n_head + 1, len(cells))
    return [*cells[:at], *cells[:n_head], *cells[at:]]


def titled(rng: random.Random, cells: Cells, n_head: int) -> Cells:
    titles = ["某某大学满意度调查", "（内部资料）", "统计时间：2025年7月"][: rng.randint(1, 3)]
    return [*([title, *[""] * (len(cells[0]) - 1)] for title in titles), *cells]


def tailed(rng: random.Random, cells: Cells, n_head: int) -> Cells:
    return [*cells, *([""] * len(cells[0]) for _ in range(rng.randint(1, 30)))]


def parted(rng: random.Random, cells: Cells, n_head: int) -> Cells:
    at = rng.randint(n_head + 1, len(cells))
    return [*cells[:at], [""] * len(cells[0]), *cells[at:]]


@pytest.mark.parametrize("name", MOVABLE)
@settings(max_examples=4)
@given(
    seed=st.integers(0, 2**32),
    done=st.lists(st.sampled_from([pasted, titled, tailed, parted]), min_size=1, unique=True),
)
def test_rows_that_are_nobodys_change_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    seed: int,
    done: list[Callable[[random.Random, Cells, int], Cells]],
) -> None:
    folder, rng = tmp_path_factory.mktemp("layout"), random.Random(seed)
    cells, write = made(name, folder)
    clean = written(folder, cells, write)
    n_head = int(clean.provenance["row"].min()) - 1
    for disturb in sorted(done, key=[pasted, parted, tailed, titled].index):
        cells = disturb(rng, cells, n_head)
    read = written(folder, cells, write)
    assert (read.platform, read.n_rows) == (clean.platform, clean.n_rows)
    assert counted(read) == counted(clean)


@pytest.mark.parametrize("name", MOVABLE)
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32))
def test_questions_in_another_order_stay_the_same(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int
) -> None:
    folder, rng = tmp_path_factory.mktemp("layout"), random.Random(seed)
    cells, write = made(name, folder)
    clean = written(folder, cells, write)
    used = {c for question in clean.questions for c in question.columns}
    # A column of joined choices stands before the options that say them again.
    blocks = [_block(q.columns, cells, used) for q in clean.questions]
    inside = {c for block in blocks for c in block}
    rng.shuffle(blocks)
    first = min(inside)
    order = [*range(first), *(c for block in blocks for c in block)]
    order += [c for c in range(first, len(cells[0])) if c not in inside]
    read = written(folder, [[row[c] for c in order] for row in cells], write)
    assert counted(read) == counted(clean)


def _block(columns: tuple[int, ...], cells: Cells, used: set[int]) -> list[int]:
    before = columns[0] - 1
    says_again = before not in used and str(cells[0][columns[0]]).startswith(f"{cells[0][before]}/")
    return [before, *columns] if says_again else [*columns]


@pytest.mark.parametrize("name", MOVABLE)
def test_a_column_taken_out_takes_nothing_else_with_it(tmp_path: Path, name: str) -> None:
    cells, write = made(name, tmp_path)
    clean = written(tmp_path, cells, write)
    whole = counted(clean)
    for question in clean.questions:
        if len(question.columns) > 1:
            continue
        gone = question.columns[0]
        read = written(
            tmp_path, [[c for i, c in enumerate(row) if i != gone] for row in cells], write
        )
        left = {label: said for label, said in whole.items() if label != question.label}
        assert counted(read) == left
    for question in clean.questions:
        if len(question.rows) > 1:
            gone = question.columns[-1]
            read = written(
                tmp_path, [[c for i, c in enumerate(row) if i != gone] for row in cells], write
            )
            others = {label: said for label, said in whole.items() if label != question.label}
            assert others.items() <= counted(read).items()


def test_merged_headings_pasted_in_again_change_nothing(tmp_path: Path) -> None:
    file = WRITERS["manual with groups"].write(
        tmp_path / "made",
        MadeUp(SQUARE.questions[2:], tuple(Person(p.answers[2:]) for p in SQUARE.people)),
    )
    clean = open_export(file)
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    rows = [[cell.value for cell in row] for row in page.iter_rows(max_row=10)]
    for row in rows[:3]:
        page.append(row)
    book.save(file)
    assert counted(open_export(file)) == counted(clean)


@pytest.mark.parametrize("name", ["feishu", "jinshuju", "wjx text", "msforms", "manual"])
def test_totals_put_below_are_nobody_s(tmp_path: Path, name: str) -> None:
    cells, write = made(name, tmp_path)
    clean = written(tmp_path, cells, write)
    read = written(tmp_path, [*cells, ["合计", *["24"] * (len(cells[0]) - 1)]], write)
    assert (read.n_rows, counted(read)) == (clean.n_rows, counted(clean))
    assert any("合计" in problem.zh for problem in read.problems)


def test_an_option_that_is_a_word_for_totals_is_an_answer(tmp_path: Path) -> None:
    table = [
        ["Timestamp", "水平"],
        *([f"2025/7/4 7:0{i}", "平均" if i % 2 else "高"] for i in range(8)),
    ]
    assert open_export(write_csv(tmp_path / "a.csv", table)).count("水平")["n"].tolist() == [4, 4]
