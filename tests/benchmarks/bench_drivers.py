"""Time and memory of the breakdown beside a peer, in one run on one core.

The peer splits explained variance of the same logit: the ``dominance-analysis`` package where it
is installed, else the same 2^D - 1 regressions by statsmodels. It gives point estimates of the
whole only; ours includes the fit, all branches and the intervals. Processor time is shown, which
is the wall time of an otherwise idle core.

Run: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python tests/benchmarks/bench_drivers.py
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np

from analysis.breakdown.drivers import breakdown, breakdown_imputed
from analysis.breakdown.logit import probability

SIX = [range(3 * d, 3 * d + 3) for d in range(6)]


def people(n: int, branches: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    latent = 4.2 + 0.5 * rng.standard_normal((n, 1)) + 0.7 * rng.standard_normal((n, 18))
    items = np.clip(np.round(latent), 1, 5)
    y = (rng.random(n) < probability(6 - 2 * items.mean(axis=1))).astype(float)
    return items, y, rng.integers(0, branches, n)


def peer(scores: np.ndarray, y: np.ndarray) -> str:
    """Run the package's analysis of a binary outcome, or fit the same models."""
    try:
        from dominance_analysis import Dominance
    except ImportError:
        every_logit(scores, y)
        return "2^D - 1 logits by statsmodels"
    import pandas as pd

    frame = pd.DataFrame(scores, columns=[f"x{d}" for d in range(scores.shape[1])])
    frame["y"] = y.astype(int)
    Dominance(data=frame, target="y", objective=0, pseudo_r2="mcfadden").incremental_rsquare()
    return "dominance-analysis"


def every_logit(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Average the gains of McFadden's R² over all orders of entry."""
    from statsmodels.discrete.discrete_model import Logit

    n, d = scores.shape
    explained = {(): 0.0}
    for size in range(1, d + 1):
        for chosen in combinations(range(d), size):
            design = np.column_stack([np.ones(n), scores[:, chosen]])
            explained[chosen] = Logit(y, design).fit(disp=0).prsquared
    shares = np.zeros(d)
    for number in range(d):
        others = [other for other in range(d) if other != number]
        for size in range(d):
            gains = [
                explained[tuple(sorted((*chosen, number)))] - explained[chosen]
                for chosen in combinations(others, size)
            ]
            shares[number] += np.mean(gains) / d
    return shares


def best_of(times: int, job: Callable[[], object]) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        job()
        taken.append(time.process_time() - start)
    return min(taken)


def peak() -> float:
    """Peak memory of the process in GB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def beside_the_peer(n: int, branches: int) -> None:
    items, y, branch = people(n, branches)
    scores = items.reshape(n, 6, 3).mean(axis=2)
    options = {"dimensions": SIX, "clusters": branch}
    ours = best_of(5, lambda: breakdown(items, y, **options))
    print(f"{n:,} people, {branches} branches, with intervals: {ours:.3f} s")
    start = time.process_time()
    name = peer(scores, y)
    theirs = time.process_time() - start
    print(f"    {name}, the whole only, no intervals: {theirs:.2f} s, ratio {theirs / ours:.0f}")
    result = breakdown(items, y, **options)
    print(f"    items by Owen value: {best_of(1, lambda: result.items.contributions):.3f} s")
    blank = np.where(np.random.default_rng(1).random(items.shape) < 0.15, np.nan, items)
    filled = best_of(1, lambda: breakdown_imputed(blank, y, seed=1, **options))
    print(f"    with 15 % blanks: {filled:.2f} s")


def a_million() -> None:
    items, y, branch = people(1_000_000, 5_000)
    before = peak()
    ours = best_of(3, lambda: breakdown(items, y, dimensions=SIX, clusters=branch))
    print(f"1,000,000 people, 5,000 branches, with intervals: {ours:.2f} s")
    print(f"    peak memory {peak():.2f} GB, of which {before:.2f} before the call")


if __name__ == "__main__":
    a_million()
    beside_the_peer(1_000, 20)
    beside_the_peer(100_000, 200)
