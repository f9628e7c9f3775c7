"""Cells by every engine beside its own group-by written by hand: processor seconds and ratios.

    python tests/benchmarks/bench_engines.py [rows] [engine ...]

Each engine runs in a process of its own, so that peaks of memory are its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.counts import tabulate

ITEMS = [*(f"q{number:02d}" for number in range(1, 19)), "overall"]
BY = ["branch", "role"]
N_BRANCHES = 20_000


def write(path: Path, n: int) -> None:
    """Write answers to 18 items and the whole of 20,000 branches with two roles."""
    import polars

    rng = np.random.default_rng(1)
    names = polars.Series([f"b{number:05d}" for number in range(N_BRANCHES)])
    levels = np.array([5, 5, 5, 4, 4, 3, 2, 1], np.int8)
    columns = {
        "branch": names[rng.integers(0, N_BRANCHES, n)],
        "role": polars.Series(["members", "staff"])[rng.integers(0, 2, n)],
        **{item: levels[rng.integers(0, len(levels), n, np.int8)] for item in ITEMS},
    }
    polars.DataFrame(columns).write_parquet(path)


def frame_of(engine: str, path: Path) -> tuple[object, Callable[[], object]]:
    """Give the rows as an engine has them, and what one would write by hand."""
    if engine == "duckdb":
        import duckdb

        rows = duckdb.read_parquet(str(path))
        return rows, lambda: [
            rows.aggregate(f"branch, role, {item}, count(*)").df() for item in ITEMS
        ]
    import polars

    lazy = polars.scan_parquet(path)
    if engine == "polars":
        return lazy, lambda: polars.collect_all([lazy.group_by(*BY, i).len() for i in ITEMS])
    import pandas as pd

    table = lazy.collect()
    held = pd.DataFrame({name: table[name].to_numpy() for name in table.columns})
    return held, lambda: [held.groupby([*BY, item]).size() for item in ITEMS]


def seconds(work: Callable[[], object]) -> float:
    """Give the processor time of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(engine: str, path: Path) -> None:
    """Print one line of the table."""
    frame, by_hand = frame_of(engine, path)
    codes = dict.fromkeys(ITEMS, (1, 2, 3, 4, 5))
    ours = seconds(lambda: tabulate.item_counts(frame, codes, by=BY))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    theirs = seconds(by_hand)
    print(f"{engine:8} {ours:7.1f} s {theirs:7.1f} s by hand {ours / theirs:6.2f} × {peak:5.1f} GB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(sys.argv[2], Path(sys.argv[3]))
    else:
        given = sys.argv[1:]
        n_rows = int(float(given.pop(0))) if given and given[0][0].isdigit() else 1_000_000
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "answers.parquet"
            write(file, n_rows)
            for name in given or ["pandas", "polars", "duckdb"]:
                command = [sys.executable, __file__, "--one", name, str(file)]
                subprocess.run(command, check=True)
