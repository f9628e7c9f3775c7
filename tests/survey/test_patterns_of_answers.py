"""Sheets that agree, and answers that come in bursts, with their chance by the other branches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import survey
from tests.writers.files import write_csv

ITEMS = [f"{i + 1}、第{i + 1}项" for i in range(6)]
HEADERS = ["序号", "提交答卷时间", "所用时间", "来源", "7、所在支部", "8、总体满意度", *ITEMS]
LEVELS = ["非常满意", "满意", "一般", "不满意"]
Row = tuple[str, str, Sequence[str]]


def read(path: Path, rows: Sequence[Row]) -> survey.Survey:
    """Read rows of branch, time and answers: the overall one first."""
    table = [[i, w, "60秒", "微信", branch, *said] for i, (branch, w, said) in enumerate(rows)]
    file = write_csv(path / "a.csv", [HEADERS, *table])
    return survey.read(
        file,
        branch="所在支部",
        overall="总体满意度",
        dimensions={"服务": [item.split("、")[1] for item in ITEMS]},
        satisfied=["非常满意", "满意"],
    )


def ordinary(seed: int, n_branches: int = 12, n: int = 20) -> list[Row]:
    """Make people who lean to one answer each, some minutes after one another."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for b in range(n_branches):
        seconds = np.cumsum(rng.exponential(400, n)).astype(int) + 1
        for second in seconds:
            leaning = rng.choice(4, p=[0.5, 0.3, 0.15, 0.05])
            said = np.where(rng.random(7) < 0.6, leaning, rng.choice(4, 7, p=[0.4, 0.4, 0.1, 0.1]))
            when = np.datetime64("2025-11-03T08:00:00") + np.timedelta64(int(second), "s")
            rows.append((f"第{b}支部", str(when).replace("T", " "), [LEVELS[i] for i in said]))
    return rows


def told(held: survey.Survey, rule: str) -> list[int]:
    lines = held.audit[held.audit["rule"] == rule]
    return [int(row) - 2 for row in lines["row"]]


SHEET = ["满意", "非常满意", "一般", "满意", "非常满意", "满意", "一般"]


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_answers_are_not_told(tmp_path: Path, seed: int) -> None:
    held = read(tmp_path, ordinary(seed))
    assert not told(held, "identical_sheets")
    assert not told(held, "burst")


def test_sheets_copied_within_a_branch_are_flagged_with_their_chance(tmp_path: Path) -> None:
    rows = ordinary(7)
    rows[40:46] = [(branch, when, SHEET) for branch, when, _ in rows[40:46]]
    held = read(tmp_path, rows)
    assert told(held, "identical_sheets") == [*range(40, 46)]
    said = held.audit[held.audit["rule"] == "identical_sheets"]["zh"].iloc[0]
    assert re.search(r"机会约 \de-0[56]）", said)
    assert not {"作弊", "造假", "舞弊"} & set(said)
    assert held.n_used == len(rows)
    assert held.screening.strict.sum() == len(rows) - 6


def test_a_sheet_that_is_common_everywhere_is_not_told(tmp_path: Path) -> None:
    rows = [(b, w, SHEET if i % 4 == 0 else said) for i, (b, w, said) in enumerate(ordinary(8))]
    assert not told(read(tmp_path, rows), "identical_sheets")


def test_contented_branches_are_not_told(tmp_path: Path) -> None:
    rows = [(b, w, ["非常满意"] * 7 if b == "第2支部" else said) for b, w, said in ordinary(9)]
    assert not told(read(tmp_path, rows), "identical_sheets")


def test_a_burst_is_noted_and_kept_where_others_have_none(tmp_path: Path) -> None:
    rows = ordinary(10)
    for i in range(12):
        rows[60 + i] = (rows[60][0], f"2025-11-09 10:00:{3 * i:02}", rows[60 + i][2])
    held = read(tmp_path, rows)
    assert told(held, "burst") == [*range(61, 72)]
    assert held.n_used == held.screening.strict.sum() == len(rows)


def test_bursts_everywhere_are_ordinary(tmp_path: Path) -> None:
    rows = [
        (b, f"2025-11-{3 + i // 20:02} 10:{i % 20 // 4:02}:{3 * (i % 4) + 1:02}", s)
        for i, (b, _, s) in enumerate(ordinary(11))
    ]
    assert not told(read(tmp_path, rows), "burst")


def test_times_without_seconds_tell_nothing(tmp_path: Path) -> None:
    rows = ordinary(12)
    rows[60:72] = [(b, "2025-11-09 10:00:00", s) for b, _, s in rows[60:72]]
    rows = [(b, f"{w[:16]}", s) for b, w, s in rows]
    assert not told(read(tmp_path, rows), "burst")
