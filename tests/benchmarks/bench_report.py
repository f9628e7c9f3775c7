"""Time of a report on a simulated university, stage by stage, beyond reading.

Run as ``python -m tests.benchmarks.bench_report [BRANCHES] [--per-branch]``. Beside the time by the
clock stands the processor time of all processes, for a machine that has other work to do.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import survey
from survey.cli.progress import Watch

TARGET = {None: 12.0, "docx": 32.0}
"""Seconds for 200 branches on two idle cores, without and with a page a branch."""


def processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in used)


def main() -> None:
    per_branch = "docx" if "--per-branch" in sys.argv else None
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    with tempfile.TemporaryDirectory() as folder:
        made = survey.simulate(folder, n_branches=numbers[0] if numbers else 200, seed=0)
        held = survey.read(made.export, roster=made.roster)
        watch = Watch("en", show=False)
        clock, processor = time.perf_counter(), processor_seconds()
        held.report(Path(folder) / "report", per_branch=per_branch, progress=watch)
        clock, processor = time.perf_counter() - clock, processor_seconds() - processor
    for stage, seconds in watch.seconds.items():
        print(f"{stage:10} {seconds:6.1f} s")
    print(f"in all     {clock:6.1f} s, processor {processor:.1f} s, aim {TARGET[per_branch]:.0f} s")


if __name__ == "__main__":
    main()
