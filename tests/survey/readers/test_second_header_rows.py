"""Headers in two rows, and headers that somebody pasted in again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import pytest

import survey
from survey.readers import Export, open_export
from tests.writers.files import write_csv, write_xlsx

META = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"]
META += ["First Name", "Last Name", "Custom Data 1"]


def monkey(
    path: Path,
    stems: Sequence[str],
    parts: Sequence[str],
    rows: Sequence[Sequence[str]],
    **given: bool,
) -> Export:
    """Write two header rows as SurveyMonkey does; `again` pastes both in once more."""
    head = [[*META, *stems], [*[""] * 9, *parts]] if parts else [[*META, *stems]]
    known = ["77", "03/01/2024 10:00:00 AM", "03/01/2024 10:05:00 AM", "", "", "Ada", "Zhang", ""]
    table = [[str(9000 + i), *known, *row] for i, row in enumerate(rows)]
    if given.get("again"):
        table = [*table[:5], *head, *table[5:]]
    return open_export(write_csv(path / "s.csv", [*head, *table]))


def counts(export: Export) -> list[list[object]]:
    return [[q.kind, q.stem, q.rows, export.count(q).to_numpy().tolist()] for q in export.questions]


STEMS = ["Office?", "Overall?", "Services?", "", "", "", "Rate", "", "Else?"]
PARTS = ["Response", "Response", "Desk", "Web", "Phone", "Other (please specify)", "Speed", "Care"]
PARTS += ["Open-Ended Response"]


def answers(n: int = 30) -> list[list[str]]:
    kinds = [
        ["North", "Satisfied", "Desk", "", "", "", "Good", "Poor", ""],
        ["South", "Neutral", "", "Web", "Phone", "", "Fair", "Good", "more chairs"],
        ["North", "Dissatisfied", "Desk", "Web", "", "the canteen", "Good", "Good", ""],
    ]
    return [*islice(cycle(kinds), n)]


@pytest.mark.parametrize("again", [False, True])
def test_stems_in_the_first_row_and_options_in_the_second(tmp_path: Path, again: bool) -> None:
    export = monkey(tmp_path, STEMS, PARTS, answers(), again=again)
    assert (export.platform, export.n_rows) == ("surveymonkey", 30)
    shape = [(q.kind, q.stem, q.rows or q.options) for q in export.questions]
    assert shape == [
        ("single", "Office?", ("North", "South")),
        ("single", "Overall?", ("Satisfied", "Neutral", "Dissatisfied")),
        ("multi", "Services?", ("Desk", "Web", "Phone")),
        ("text", "Services? - Other (please specify)", ()),
        ("matrix", "Rate", ("Speed", "Care")),
        ("text", "Else?", ()),
    ]
    assert export.count("Services?")["n"].tolist() == [20, 20, 10]
    assert {"name", "email", "last_name"} & set(export.metadata) == set()
    assert export.metadata["submitted_at"].notna().all()


def test_one_header_row_with_a_dash(tmp_path: Path) -> None:
    double = monkey(tmp_path, STEMS, PARTS, answers())
    stems = ["Office?", "Overall?", "Services? - Desk", "Services? - Web", "Services? - Phone"]
    stems += ["Services? - Other (please specify)", "Rate - Speed", "Rate - Care", "Else?"]
    single = monkey(tmp_path, stems, [], answers())
    assert counts(single)[:5] == counts(double)[:5]


def test_two_header_rows_without_the_metadata(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "s.csv", [STEMS, PARTS, *answers()])
    held = survey.read(file, branch="Office?", overall="Overall?", satisfied=["Satisfied"])
    frame = held.satisfaction(by=None).frame.iloc[0]
    assert (frame["n_satisfied"], frame["n_valid"]) == (10, 30)


NAMES = ["所在支部", "总体满意度", "食堂", "宿舍"]
ROWS = [["甲", "满意", "好", "差"], ["乙", "一般", "差", "好"], ["甲", "不满意", "好", "好"]]


@pytest.mark.parametrize(
    "codes",
    [
        ["Q1", "Q2", "Q3_1", "Q3_2"],
        ["v1", "v2", "v3", "v4"],
        ["SQ001", "SQ002", "SQ003", "SQ004"],
        ["var01", "var02", "x_3a", "x_3b"],
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_a_row_of_codes_beside_the_names(tmp_path: Path, codes: list[str], above: bool) -> None:
    head = [codes, NAMES] if above else [NAMES, codes]
    export = open_export(write_xlsx(tmp_path / "a.xlsx", [*head, *ROWS * 6]))
    assert [question.stem for question in export.questions] == NAMES
    assert export.n_rows == 18
    assert any("也是表头" in problem.zh for problem in export.problems)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (NAMES, ["A1", "B2", "C3", "D4"]),
        (NAMES, ["甲", "满意", "好", "差"]),
        (["Q1", "Q2", "Q3", "Q4"], ["甲", "满意", "好", "差"]),
    ],
)
def test_a_first_answer_is_no_header(tmp_path: Path, head: list[str], row: list[str]) -> None:
    others = [list(row) for _ in range(3)] + ROWS * 5
    export = open_export(write_csv(tmp_path / "a.csv", [head, row, *others]))
    assert export.n_rows == 19
    assert [question.stem for question in export.questions] == head


def test_who_ticks_every_option_is_no_header(tmp_path: Path) -> None:
    rows = [*answers(9), ["North", "Satisfied", "Desk", "Web", "Phone", "", "Speed", "Care", ""]]
    rows += [["", "", "Desk", "Web", "Phone", "", "", "", ""]] * 2
    export = monkey(tmp_path, ["Office?", "Overall?", *STEMS[2:]], PARTS, rows)
    assert export.n_rows == 12
    assert export.count("Services?")["n"].tolist() == [9, 9, 6]
