"""Kill runs that replace a report, at random moments, and see what is left; and let runs race.

python -m tests.survey.output.kills --kills 200 --folder /dev/shm
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from survey import output
from survey.errors import ReportError
from tests.survey.output.reports import names, text, write


@dataclass
class Count:
    """What came of the kills."""

    kills: int = 0
    old: int = 0
    new: int = 0
    lost: int = 0
    leftovers: int = 0


def start(*words: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.survey.output.kills", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def replace(place: Path, token: str) -> None:
    with output.folder(place, force=True, tell=lambda *_: None) as work:
        write(work, token, n_charts=8)
    with output.file(place.with_name("f"), force=True, tell=lambda *_: None) as new:
        new.write_text(token * 100)


def kill(n_kills: int, folder: Path, *, seed: int = 0, longest: float = 0.02) -> Count:
    """Kill `n_kills` runs and count places that are not whole and what the next run leaves."""
    chance, count = random.Random(seed), Count()
    place, mine = folder / "r", folder / "名册.xlsx"
    mine.write_text("mine")
    for number in range(n_kills):
        replace(place, "old")
        with start("--replace", place) as run:
            assert run.stdout is not None
            run.stdout.readline()
            time.sleep(chance.uniform(0, longest))
            run.send_signal(signal.SIGKILL)
        count.kills += 1
        try:
            tokens = {text(place), *set((folder / "f").read_text().split("|"))} - {""}
            # the child replaces again and again; each place is whole, of the same round or the next
            count.old += "old" in text(place)
            count.new += text(place).startswith("new")
            assert mine.read_text() == "mine"
            assert len(tokens) <= 2
        except (AssertionError, OSError, ValueError):
            count.lost += 1
        replace(place, f"next {number}|")
        count.leftovers += len(set(names(folder)) - {"r", "f", "名册.xlsx"})
    return count


def race(n_runs: int, place: Path) -> list[int]:
    """Let runs write to one free place at once; give their exit codes."""
    runs = [start("--once", place) for _ in range(n_runs)]
    return [run.wait() for run in runs]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--replace", type=Path)
    parser.add_argument("--once", type=Path)
    chosen = parser.parse_args()
    if chosen.once:
        try:
            with output.folder(chosen.once) as work:
                time.sleep(0.3)
                write(work, str(random.random()))
        except ReportError as error:
            return error.exit_code
        return 0
    if chosen.replace:
        print("ready", flush=True)
        for number in range(10_000):
            replace(chosen.replace, f"new {number}|")
    folder = Path(tempfile.mkdtemp(dir=chosen.folder))
    try:
        count = kill(chosen.kills, folder)
        print(folder, count)
    finally:
        shutil.rmtree(folder)
    return int(count.lost + count.leftovers > 0)


if __name__ == "__main__":
    sys.exit(main())
