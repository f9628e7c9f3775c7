"""What would narrower bounds of everyone cost where roles have no figures of their own?

    python -m tests.simulations.cover_untold [rounds]

Universities of 24 branches whose roles answer at .9 and .45 and differ in satisfaction. Where
nothing is told of roles, bounds allow any split of a branch's satisfied answers between them. Shown
are coverage of the lower and the upper bound, their distance and the share of universities that are
decided at a bar of .9: with all cells known, with the totals of roles, and with no, a quarter, half
and all of what the least and the most favourable split add.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np
import pandas as pd

from survey.estimation.poststratification import filled, poststratified

N_BRANCHES = 24
SHARES = (0.0, 0.25, 0.5, 1.0)


def cells_of(
    sizes: tuple[int, int], mean: float, apart: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw a university as cells of branch and role, with the truth beside them."""
    people = rng.integers(*sizes, N_BRANCHES, endpoint=True)
    first = np.clip(rng.binomial(people, rng.beta(6, 9, N_BRANCHES)), 1, people - 1)
    N = np.column_stack([first, people - first])
    content = rng.beta(15 * mean, 15 * (1 - mean), N_BRANCHES)
    K = rng.binomial(N, np.clip(content[:, None] + np.array([0.5, -0.5]) * apart, 0, 1))
    n = rng.binomial(N, [0.9, 0.45])
    counts = {"n_satisfied": rng.hypergeometric(K, N - K, n), "n_valid": n}
    named = {"branch": np.repeat(np.arange(N_BRANCHES), 2), "role": np.tile(["a", "b"], N_BRANCHES)}
    sums = {name: part.ravel() for name, part in {**counts, "population": N, "truth": K}.items()}
    return pd.DataFrame(named | sums)


def run(sizes: tuple[int, int], mean: float, apart: float, rounds: int) -> pd.DataFrame:
    """Give coverage, width and decided share by what is known."""
    rng = np.random.default_rng(1)
    rows = []
    for _ in range(rounds):
        cells = cells_of(sizes, mean, apart, rng)
        N, K = int(cells["population"].sum()), int(cells["truth"].sum())
        few = cells.groupby("branch")["n_valid"].sum() < 5
        hidden = {"unsplit": [*cells["branch"]], "pooled": [*few.index[few]]}
        untold = filled(cells, cells, [], **hidden, untold=[*"ab"])
        known = {"cells": cells, "totals": filled(cells, cells, [], **hidden)}
        known |= {
            f"{share:g}": untold.assign(fewer=share * untold["fewer"], more=share * untold["more"])
            for share in SHARES
        }
        for name, strata in known.items():
            (made,) = poststratified(strata, [0] * len(strata), [N], bar="0.9", alpha=0.05)
            width, is_decided = (made.upper - made.lower) / N, made.verdict != "inconclusive"
            rows.append((name, made.lower <= K, made.upper >= K, width, is_decided))
    columns = ["known", "lower", "upper", "width", "decided"]
    return pd.DataFrame(rows, columns=columns).groupby("known", sort=False).mean()


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    for sizes, mean, apart in product([(8, 15), (20, 60)], (0.8, 0.95), (0.06, 0.2, 0.4)):
        print(sizes, mean, apart, run(sizes, mean, apart, number).round(3).to_string(), sep="\n")
