"""Print one table of what everything costs: processor seconds, beside a peer, and how it grows.

    python -m tests.benchmarks [--quick] [WORD …]

Words choose the rows that hold one of them. Every figure comes from a process of its own that has
done the same on the smallest data before: imports do not count. Its peak of memory holds the data
it is given, and (on Linux) not the making of them. Seconds are those of the processor, of the
process and of those it starts, so that other work on the machine hardly counts. ``slope`` is the
growth from a smaller size, as an exponent: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.rows import ROWS, Row


class Cost(NamedTuple):
    """What some work took: processor seconds, and the peak of memory in MB."""

    seconds: float
    megabytes: float


def used() -> Cost:
    """Give what this process has taken, with those it started: the ended and the living.

    The peaks of the living are added up, pages that they share as often as they are shared.
    """
    ended = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(part.ru_utime + part.ru_stime for part in ended)
    kilobytes = max(part.ru_maxrss for part in ended)
    for process in living(os.getpid()):
        try:
            told = (process / "stat").read_text().rpartition(")")[2].split()
            peak = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended just now
        # its own time and that of those it has ended, by user and system
        seconds += sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")
        kilobytes += int(peak[1]) if peak else 0
    return Cost(seconds, kilobytes / 1024)


def living(pid: int) -> Iterator[Path]:
    """Give what Linux tells of every process below one; elsewhere nothing."""
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = file.read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        for child in map(int, children):
            yield Path(f"/proc/{child}")
            yield from living(child)


def measured(row: Row, who: str, n: int, *, warm: bool = False) -> Cost:
    """Measure the work of a row on so much data, where asked after the same on the smallest."""
    work = row.ours if who == "ours" else row.peer
    assert work is not None
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as folder:
        if warm:
            work(row.make(row.quick[0], Path(small)))
        data = row.make(n, Path(folder))
        if (peak := Path("/proc/self/clear_refs")).exists():
            peak.write_text("5")  # what proc(5) resets the peak with
        before = used()
        work(data)
        after = used()
    return after._replace(seconds=after.seconds - before.seconds)


def apart(row: Row, who: str, n: int) -> Cost | None:
    """Measure in a process of its own; None where it fails, for want of memory for instance."""
    command = [sys.executable, "-m", "tests.benchmarks", "--one", row.work, who, str(n)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        print(f"{row.work}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def line(row: Row, sizes: tuple[int, ...], measure: Callable[..., Cost | None]) -> str:
    """Measure a row at all its sizes and the peer at the last, and write it."""
    told = f"{row.work.format(n=f'{sizes[-1]:,}'):48}"
    if row.needs and find_spec(row.needs) is None:
        return f"{told} needs {row.needs}"
    costs = [measure(row, "ours", n) for n in sizes]
    peer = measure(row, "peer", sizes[-1]) if row.peer else None
    if None in costs:
        return f"{told} failed"
    *smaller, now = [cost for cost in costs if cost]
    growth = math.log(now.seconds / smaller[-1].seconds) / math.log(sizes[-1] / sizes[-2])
    told += f" {now.seconds:8.2f} s {now.megabytes:7.0f} MB  slope {growth:5.2f}"
    if peer is not None:
        told += f"  {now.seconds / peer.seconds:6.2f} × {row.beside} ({peer.seconds:.2f} s)"
    before = (f"{n:,}: {cost.seconds:.2f} s" for n, cost in zip(sizes, smaller, strict=False))
    return f"{told}  of {', '.join(before)}"


def main(given: Sequence[str] | None = None) -> None:
    """Print the table, or measure one figure of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small data, all in one process")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("words", nargs="*", help="rows that hold one of these words")
    asked = parser.parse_args(given)
    if asked.one:
        work, who, n = asked.one
        row = next(row for row in ROWS if row.work == work)
        print(json.dumps(measured(row, who, int(n), warm=True)))
        return
    for row in ROWS:
        if not asked.words or any(word in row.work for word in asked.words):
            sizes, measure = (row.quick, measured) if asked.quick else (row.sizes, apart)
            print(line(row, sizes, measure), flush=True)


if __name__ == "__main__":
    main()
