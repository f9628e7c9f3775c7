"""How many branches are decided by each estimator, and how many could be at all.

    python -m tests.simulations.share_decided

Two roles of random sizes, satisfaction of each branch between .3 and .95 or more. *possible* is the
share for which the answers are enough for either verdict: had all who answered been satisfied, the
branch would meet the bar, and had none been, it would be below.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.proportions import bounds, verdicts

SIZES = ((8, 15), (8, 40), (20, 60), (40, 120))
RESPONSE = ((0.8, 0.8), (0.9, 0.45))


def draw(
    sizes: tuple[int, int], response: tuple[float, float], n_branches: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw satisfied answers, answers and people of two roles of every branch."""
    rng = np.random.default_rng(seed)
    people = rng.integers(*sizes, n_branches, endpoint=True)
    first = np.clip(rng.binomial(people, rng.beta(6, 9, n_branches)), 1, people - 1)
    N = np.column_stack([first, people - first])
    content = rng.choice([0.3, 0.6, 0.8, 0.9, 0.95, 0.98], n_branches)
    K = rng.binomial(N, np.clip(content[:, None] + rng.normal(0, 0.02, N.shape), 0, 1))
    n = rng.binomial(N, response)
    x = rng.hypergeometric(K, N - K, n)
    return x, n, N


def shares(sizes: tuple[int, int], response: tuple[float, float], n_branches: int) -> pd.Series:
    """Give the share decided by each estimator."""
    x, n, N = draw(sizes, response, n_branches, seed=1)
    K0, answered = verdicts.bar_count(N.sum(axis=1)), n.sum(axis=1)

    def decided(made: bounds.Bounds) -> np.ndarray:
        return bounds.verdict(made, answered, K0) != "inconclusive"

    best, worst = bounds.stratified(n, n, N), bounds.stratified(0 * n, n, N)
    return pd.Series(
        {
            "pooled": decided(bounds.whole(x.sum(axis=1), answered, N.sum(axis=1))).mean(),
            "stratified": decided(bounds.stratified(x, n, N)).mean(),
            "total only": decided(bounds.total_only(x.sum(axis=1), n, N)).mean(),
            "possible": (decided(best) & decided(worst)).mean(),
        }
    )


def main() -> None:
    """Print the table."""
    rows = {
        (f"{sizes[0]}–{sizes[1]}", f"{response[0]}/{response[1]}"): shares(sizes, response, 2000)
        for sizes in SIZES
        for response in RESPONSE
    }
    print(pd.DataFrame(rows).T.round(3).to_string())


if __name__ == "__main__":
    main()
