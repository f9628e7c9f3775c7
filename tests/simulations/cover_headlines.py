"""How often do the bounds of the university, its roles and its colleges hold the truth?

    python -m tests.simulations.cover_headlines [rounds]

Universities of 24 branches in four colleges, two roles that answer at .9 and .45, branches between
30 % and 95 % satisfied, with and without response that follows satisfaction *between* branches.
No branch is told by role, and those of fewer than five answers not at all: what stands above
them rests on the totals of branches and roles, or of branches alone where roles are untold.
Each bound should hold in 95 of 100 cases. Shown are coverage of the lower and of the upper bound,
with the share of wrong verdicts where the truth is on the other side of the bar.
"""

from __future__ import annotations

import sys
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from survey.estimation.poststratification import filled, poststratified

SIZES = ((8, 15), (20, 30), (20, 60), (40, 120))
N_BRANCHES, N_COLLEGES = 24, 4


def cells_of(sizes: tuple[int, int], follows: bool, rng: np.random.Generator) -> pd.DataFrame:
    """Draw a university as cells of branch and role, with the truth beside them."""
    people = rng.integers(*sizes, N_BRANCHES, endpoint=True)
    first = np.clip(rng.binomial(people, rng.beta(6, 9, N_BRANCHES)), 1, people - 1)
    N = np.column_stack([first, people - first])
    content = rng.uniform(0.3, 0.95, N_BRANCHES)
    K = rng.binomial(N, np.clip(content[:, None] + np.array([0.03, -0.03]), 0, 1))
    response = np.array([0.9, 0.45]) * (0.6 + 0.4 * content[:, None] if follows else 1.0)
    n = rng.binomial(N, response)
    x = rng.hypergeometric(K, N - K, n)
    return pd.DataFrame(
        {
            "branch": np.repeat(np.arange(N_BRANCHES), 2),
            "college": np.repeat(np.arange(N_BRANCHES) % N_COLLEGES, 2),
            "role": np.tile(["a", "b"], N_BRANCHES),
            "n_satisfied": x.ravel(),
            "n_valid": n.ravel(),
            "population": N.ravel(),
            "truth": K.ravel(),
        }
    )


def run(
    sizes: tuple[int, int], follows: bool, rounds: int, *, untold: bool = False, seed: int = 1
) -> pd.DataFrame:
    """Give coverage by kind of unit."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(rounds):
        cells = cells_of(sizes, follows, rng)
        few = cells.groupby("branch")["n_valid"].sum() < 5
        hidden: dict[str, Any] = {"unsplit": cells["branch"], "pooled": [*few.index[few]]}
        whole, colleges = (
            filled(cells, cells, unit, **hidden, untold=[*"ab"] if untold else [])
            for unit in ([], ["college"])
        )
        units = [("whole", whole)]
        if not untold:
            units += [("role", own) for _, own in whole.groupby("role")]
        units += [("college", own) for _, own in colleges.groupby("college")]
        for kind, own in units:
            N, K = int(own["population"].sum()), int(own["truth"].sum())
            (made,) = poststratified(own, [0] * len(own), [N], bar="0.6", alpha=0.05)
            rows.append((kind, made.lower <= K, made.upper >= K))
    made_of = pd.DataFrame(rows, columns=["kind", "lower", "upper"])
    return made_of.groupby("kind", sort=False).mean()


def main() -> None:
    """Print coverage by size and kind."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    for sizes in SIZES:
        for follows, untold in product((False, True), repeat=2):
            made = run(sizes, follows, rounds, untold=untold)
            told = "; ".join(
                f"{kind} {row.lower:.3f} {row.upper:.3f}" for kind, row in made.iterrows()
            )
            print(f"{sizes} follows={follows} untold={untold}: {told}", flush=True)


if __name__ == "__main__":
    main()
