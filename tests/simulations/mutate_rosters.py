"""Mutation campaign on rosters: the sizes that were written, or a clear error, never other sizes.

Run by hand with ``python -m tests.simulations.mutate_rosters 2000``; the test set runs a few.
"""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pandas as pd

import questionnaires
from survey.errors import ReadError, RosterError
from survey.roster import Roster, read_roster
from tests.simulations.mutate_exports import (
    SECONDS_ALLOWED,
    alarm,
    flipped_bits,
    main,
    nested_zip,
    truncated,
    wrong_encoding,
)
from tests.writers.files import write_csv, write_xls, write_xlsx

ASKED = questionnaires.load("jiangsu-2014")
ROLES = tuple(role.title for role in ASKED.roles)


@dataclass(frozen=True)
class Case:
    """A roster about to be written: its sizes by branch and role (``""`` without roles)."""

    sizes: dict[tuple[str, str], int]
    cells: list[list[object]]
    wide: bool = False


def fresh(rng: random.Random) -> Case:
    """Make up a roster: one size a branch, a line a role, or a column a role."""
    names = [f"第{i}党支部" for i in range(1, rng.randint(4, 20))]
    shape = rng.choice(["branches", "long", "wide"])
    roles = ROLES[: rng.randint(2, len(ROLES))] if shape != "branches" else ("",)
    sizes = {(name, role): rng.randint(1, 60) for name in names for role in roles}
    head = rng.choice(["支部", "党支部名称", "所在支部"])
    if shape == "wide":
        # A column of sizes a role.
        cells: list[list[object]] = [[head, *roles]]
        cells += [[name, *(sizes[name, role] for role in roles)] for name in names]
        return Case(sizes, cells, True)
    size = rng.choice(["人数", "支部人数", "实有人数"])
    if shape == "long":
        cells = [[head, "身份", size], *([*key, n] for key, n in sizes.items())]
    else:
        cells = [[head, size], *([name, n] for (name, _), n in sizes.items())]
    return Case(sizes, cells)


def unchanged(rng: random.Random, case: Case) -> Case:
    """The table as it is."""
    return case


def title_rows(rng: random.Random, case: Case) -> Case:
    """Titles above."""
    titles = ["某某大学党支部名册", "截至2025年10月"][: rng.randint(1, 2)]
    blank: list[object] = [""] * (len(case.cells[0]) - 1)
    return replace(case, cells=[*([title, *blank] for title in titles), *case.cells])


def totals(rng: random.Random, case: Case) -> Case:
    """A line of sums below, right or, once in three times, wrong."""
    columns = [*zip(*case.cells[1:], strict=True)]
    off = int(rng.random() < 0.34)
    sums = ["合计", *(sum(c) + off if isinstance(c[0], int) else "" for c in columns[1:])]
    return replace(case, cells=[*case.cells, [*sums]])


def remark_rows(rng: random.Random, case: Case) -> Case:
    """A remark and blank lines below."""
    blank = [""] * (len(case.cells[0]) - 1)
    return replace(case, cells=[*case.cells, ["", *blank], ["注：数据以组织部为准", *blank]])


def further_columns(rng: random.Random, case: Case) -> Case:
    """Columns that are no sizes, somewhere."""
    header, *body = case.cells
    at = rng.randint(0, len(header))
    name, cell = rng.choice([("序号", None), ("所属学院", "理学院"), ("备注", "")])
    new = [[*row[:at], i if cell is None else cell, *row[at:]] for i, row in enumerate(body, 1)]
    return replace(case, cells=[[*header[:at], name, *header[at:]], *new])


def shuffled_rows(rng: random.Random, case: Case) -> Case:
    """Lines in another order."""
    return replace(case, cells=[case.cells[0], *rng.sample(case.cells[1:], len(case.cells) - 1)])


def shuffled_columns(rng: random.Random, case: Case) -> Case:
    """Columns in another order."""
    order = rng.sample(range(len(case.cells[0])), len(case.cells[0]))
    return replace(case, cells=[[row[i] for i in order] for row in case.cells])


def mixed_types(rng: random.Random, case: Case) -> Case:
    """Sizes as texts, as decimals, with blanks or a unit."""

    def other(cell: object) -> object:
        if not isinstance(cell, int) or rng.random() < 0.5:
            return cell
        return rng.choice([f" {cell} ", f"{cell}人", float(cell), f"{cell}.0"])

    return replace(case, cells=[case.cells[0], *([other(c) for c in r] for r in case.cells[1:])])


def damaged_size(rng: random.Random, case: Case) -> Case:
    """One size that is none: blank, a word, negative, or a fraction."""
    cells = [[*row] for row in case.cells]
    row = rng.choice(cells[1:])
    row[-1] = rng.choice(["", "约三十", -3, 12.5, "#REF!"])
    return replace(case, cells=cells)


def repeated_line(rng: random.Random, case: Case) -> Case:
    """One line twice, the second time with another size."""
    line = [*rng.choice(case.cells[1:])]
    line[-1] = int(str(line[-1])) + 1
    return replace(case, cells=[*case.cells, line])


# In this order where several are done: what looks at sizes comes first.
TABLE_MUTATIONS: tuple[Callable[[random.Random, Case], Case], ...] = (
    unchanged,
    totals,
    repeated_line,
    damaged_size,
    mixed_types,
    further_columns,
    shuffled_rows,
    shuffled_columns,
    remark_rows,
    title_rows,
)


def described(rng: random.Random, path: Path) -> None:
    """A sheet of explanations before the roster."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        page = book.create_sheet("说明", 0)
        page.append(["填表说明：一行一个支部"])
        book.save(path)


FILE_MUTATIONS = (truncated, flipped_bits, wrong_encoding, nested_zip, described)


def judge(roster: Roster, case: Case, *, damaged: bool) -> str:
    """Compare sizes with the truth; raises AssertionError where a size is another one."""
    titles = {role.id: role.title for role in ASKED.roles}
    read = {
        (str(branch), "" if pd.isna(role) else titles[role]): int(n)
        for branch, role, n in roster.frame[["branch", "role", "population"]].itertuples(
            index=False
        )
        if n
    }
    if damaged:
        return "right" if read == case.sizes else "altered"
    wrong = {k: (n, case.sizes.get(k)) for k, n in read.items() if n != case.sizes.get(k)}
    missing = [key for key in case.sizes if key not in read]
    assert not wrong, f"sizes read and written: {wrong}"
    assert not missing, f"lost without a word: {missing}"
    return "right"


def run_case(seed: int, folder: Path) -> tuple[str, str, str]:
    """Run one case: its mutation, its outcome, and what to say about a failure."""
    rng = random.Random(seed)
    case = fresh(rng)
    damage = rng.choice(FILE_MUTATIONS) if rng.random() < 0.3 else None
    names = []
    if damage is None:
        several = rng.sample(TABLE_MUTATIONS, rng.randint(1, 3))
        for mutation in sorted(several, key=TABLE_MUTATIONS.index):
            case = mutation(rng, case)
            names.append(mutation.__name__)
    suffix, write = rng.choice([(".xlsx", write_xlsx), (".xls", write_xls), (".csv", write_csv)])
    path = write(folder / f"{seed}{suffix}", case.cells)
    if damage is not None:
        names.append(damage.__name__)
        damage(rng, path)
    try:
        with alarm(12 * SECONDS_ALLOWED):
            unsafe = damage is not None and damage is not described
            outcome = judge(read_roster(path, ASKED), case, damaged=unsafe)
            said = ""
    except (ReadError, RosterError) as error:
        outcome, said = "refused", error.text("zh")
    except AssertionError as error:
        outcome, said = "MOVED", str(error)
    except TimeoutError:
        outcome, said = "HUNG", ""
    except Exception:
        outcome, said = "CRASHED", traceback.format_exc(limit=-4)
    path.unlink()
    return " + ".join(names), outcome, said


if __name__ == "__main__":
    main(run_case)
