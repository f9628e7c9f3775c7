from __future__ import annotations

import operator
import os
import subprocess
import sys
from pathlib import Path

import pytest

import survey
from survey import parallel

TASKS = [(number, 2) for number in range(1, 8)]


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_order(workers: int) -> None:
    assert list(parallel.in_parallel(pow, TASKS, workers)) == [n**2 for n, _ in TASKS]
    assert list(parallel.in_parallel(pow, [], workers)) == []


def test_the_work_is_done_by_other_processes() -> None:
    seen = set(parallel.in_parallel(os.getpid, [()] * 6, 2))
    assert seen
    assert os.getpid() not in seen


def test_a_fault_is_the_one_of_the_task() -> None:
    results = parallel.in_parallel(operator.truediv, [(1, 1), (1, 0), (1, 2)], 2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        next(results)


def test_without_other_processes_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/无/python")
    assert set(parallel.in_parallel(os.getpid, [()] * 3, 2)) == {os.getpid()}
    monkeypatch.setattr(sys, "executable", None)
    assert list(parallel.in_parallel(pow, TASKS, 2)) == [n**2 for n, _ in TASKS]


def test_a_process_that_dies_is_replaced_by_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_PROGRAM", "raise SystemExit(1)")
    assert list(parallel.in_parallel(pow, TASKS, 2)) == [n**2 for n, _ in TASKS]


def test_work_that_ends_its_process_is_done_otherwise_and_the_rest_by_others() -> None:
    """So is work that fails there; a process that was ended is started again."""
    tasks = [(1,), (0,), (2,)]
    made = list(parallel.in_parallel(os._exit, tasks, 1 + 1, lambda code: ("ended", code)))
    assert made == [("ended", code) for (code,) in tasks]
    pids = list(parallel.in_parallel(os.kill, [(0, 0), (-1, 99), (0, 0)], 2, lambda *_: "failed"))
    assert pids == [None, "failed", None]


def test_what_work_prints_is_not_taken_for_results() -> None:
    assert list(parallel.in_parallel(os.write, [(1, b"noise\n")] * 3, 2)) == [6, 6, 6]


def test_what_cannot_be_sent_is_done_here() -> None:
    assert list(parallel.in_parallel(lambda number: number + 1, [(1,), (2,)], 2)) == [2, 3]


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_a_script_without_a_guard_is_run_once(tmp_path: Path, method: str) -> None:
    """Nothing of the user's is imported: neither the script nor a file named like a module."""
    (tmp_path / "random.py").write_text("raise SystemExit('imported')")
    script = tmp_path / "mine.py"
    script.write_text(
        "import multiprocessing, sys\n"
        "sys.path.pop(0)\n"
        f"multiprocessing.set_start_method({method!r})\n"
        "print('run')\n"
        "from survey import parallel\n"
        "print(*parallel.in_parallel(pow, [(2, 2), (3, 2)], 2))\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(Path(survey.__file__).parents[1])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.split()) == (0, ["run", "4", "9"]), done.stderr
