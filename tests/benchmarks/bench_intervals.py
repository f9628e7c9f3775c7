"""Time intervals and verdicts against a plain peer in the same run.

    OMP_NUM_THREADS=1 python tests/benchmarks/bench_intervals.py [--million]

The peer is what an analyst would write: a pandas groupby to counts and Clopper–Pearson limits by
``scipy.stats.beta.ppf`` on arrays. Ours is given the same counts and adds the finite population,
exact ties and verdicts. Times are medians of processor time over repetitions taken in turns.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from analysis.proportions.intervals import finite_population_interval
from analysis.proportions.verdicts import judge

REPETITIONS = 7


def university(branches: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Simulate one row an answer, and the people of each branch."""
    rng = np.random.default_rng(seed)
    population = rng.integers(8, 301, branches)
    n_valid = rng.binomial(population, 0.7)
    rate = rng.beta(18, 2, branches)
    rows = pd.DataFrame(
        {
            "branch": np.repeat(np.arange(branches), n_valid),
            "satisfied": rng.random(n_valid.sum()) < np.repeat(rate, n_valid),
        }
    )
    return rows, pd.Series(population, name="population")


def counts(rows: pd.DataFrame, population: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count satisfied and valid answers of every branch."""
    grouped = rows.groupby("branch")["satisfied"].agg(["sum", "count"])
    grouped = grouped.reindex(population.index, fill_value=0)
    return grouped["sum"].to_numpy(), grouped["count"].to_numpy(), population.to_numpy()


def peer(rows: pd.DataFrame, population: pd.Series) -> None:
    """Count and compute Clopper–Pearson limits."""
    x, n, _ = counts(rows, population)
    stats.beta.ppf(0.025, x, n - x + 1)
    stats.beta.ppf(0.975, x + 1, n - x)


def ours(rows: pd.DataFrame, population: pd.Series) -> None:
    """Count and compute exact finite-population intervals and verdicts."""
    x, n, N = counts(rows, population)
    finite_population_interval(x, n, N)
    judge(x, n, N)


def seconds(job: Callable[[], object]) -> float:
    """Give the processor time of one run, which others on the machine hardly change."""
    start = time.process_time()
    job()
    return time.process_time() - start


def compare(branches: int) -> None:
    """Print the medians of both and their ratio."""
    data = university(branches, seed=1)
    peer(*data), ours(*data)
    timed = [
        (seconds(lambda: peer(*data)), seconds(lambda: ours(*data))) for _ in range(REPETITIONS)
    ]
    plain, exact = np.median(timed, axis=0)
    print(
        f"{branches:>7,} branches, {len(data[0]):,} answers: peer {plain * 1e3:.1f} ms, "
        f"ours {exact * 1e3:.1f} ms, ratio {exact / plain:.2f}"
    )
    x, n, N = counts(*data)
    for method in ("exact", "blaker", "wilson"):
        took = seconds(partial(finite_population_interval, x, n, N, method=method))
        print(f"        {method} intervals alone {took * 1e3:.1f} ms")
    print(f"        verdicts alone {seconds(lambda: judge(x, n, N)) * 1e3:.1f} ms")


def million() -> None:
    """Time a million distinct units and show the memory at its greatest."""
    n, x = np.tril_indices(500)
    n, x = np.tile(n, 9)[:1_000_000], np.tile(x, 9)[:1_000_000]
    N = 500 + np.arange(1_000_000) // (500 * 501 // 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    interval = seconds(lambda: finite_population_interval(x, n, N))
    verdict = seconds(lambda: judge(x, n, N))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"1,000,000 distinct (N, n, x): intervals {interval:.1f} s, verdicts {verdict:.1f} s, "
        f"memory + {(after - before) / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--million", action="store_true", help="also time a million units")
    options = parser.parse_args()
    for size in (60, 1_000, 10_000):
        compare(size)
    if options.million:
        million()
