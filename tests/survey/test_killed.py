"""A province's run that is killed again and again ends in what an undisturbed one writes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from survey import parallel
from survey.cli import main
from survey.simulation import Province, simulate_province

FILES = 21  # from twenty on they are read by several processes


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    folder = tmp_path_factory.mktemp("province")
    return simulate_province(
        folder, n_universities=3, n_colleges=FILES // 3, n_branches=1, seed=6, sizes=(20, 60)
    )


def asked(province: Province, work: Path, out: Path) -> list[str]:
    arguments = [str(province.exports), "--roster", str(province.roster), "--each", "学校"]
    return [*arguments, "--work", str(work), "--out", str(out), "--quiet"]


def started(province: Province, work: Path, out: Path) -> subprocess.Popen[bytes]:
    arguments = asked(province, work, out)
    program = f"import sys; from survey.cli import main; sys.exit(main({arguments!r}))"
    return subprocess.Popen(parallel.command(program), stderr=subprocess.PIPE)


def killed(run: subprocess.Popen[bytes], when: Callable[[], bool]) -> None:
    """Kill a run at a moment, which it must not outlive."""
    while not when():
        assert run.poll() is None, f"ended before: {run.communicate()[1]!r}"
        time.sleep(0.01)
    run.kill()
    run.communicate()
    assert run.returncode < 0


def ended(run: subprocess.Popen[bytes]) -> None:
    told = run.communicate()[1]
    assert run.returncode == 0, told


def kept(work: Path) -> dict[str, tuple[int, int]]:
    """Give what holds the files that were read: who writes or replaces it changes it."""
    stats = {file.name: file.stat() for file in work.glob("*-auto")}
    return {name: (stat.st_mtime_ns, stat.st_ino) for name, stat in stats.items()}


def values(folder: Path) -> dict[str, object]:
    """Give pages as they are, and every value of every workbook."""
    found: dict[str, object] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.suffix == ".html":
            found[name] = file.read_bytes()
        elif file.suffix == ".xlsx":
            book = openpyxl.load_workbook(file)
            found[name] = {sheet.title: [*sheet.iter_rows(values_only=True)] for sheet in book}
        else:
            found[name] = None
    return found


@pytest.mark.skipif(os.name != "posix", reason="a killed process is told by its signal")
@pytest.mark.usefixtures("alone")
def test_a_run_that_is_killed_is_taken_up_where_it_was(province: Province, tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    for n in (1, FILES - 4):
        before = kept(work)
        killed(started(province, work, out), lambda n=n: len(kept(work)) >= n)  # type: ignore[misc]
        assert before.items() <= kept(work).items(), "a file was read twice"
        assert not out.exists(), "a killed run left half a report"
    # and once more in the midst of writing, wherever it writes
    killed(started(province, work, out), lambda: any(tmp_path.rglob("00*/report.html")))
    before = kept(work)
    assert len(before) == FILES
    assert not out.exists()
    ended(started(province, work, out))
    assert kept(work) == before, "a file was read twice"
    assert {path.name for path in tmp_path.iterdir()} == {"work", "out"}
    undisturbed = tmp_path / "undisturbed"
    assert main(asked(province, tmp_path / "other", undisturbed)) == 0
    one, other = values(out), values(undisturbed)
    assert one.keys() == other.keys()
    assert {name for name in one if one[name] != other[name]} == set()
    assert len([name for name in one if name.endswith("report.html")]) == 4
