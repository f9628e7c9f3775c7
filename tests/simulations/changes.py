"""How often is a branch called changed? All pairs of outcomes, by SciPy's hypergeometric.

    python -m tests.simulations.changes

For unchanged branches and for rises, of one sample (exact) and of two roles that answer at .9 and
.45 (by the bounds of both waves, drawn at random), at a level of 95 %.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from analysis.change.comparison import exact_change, hybrid_change
from analysis.proportions import bounds


def called(N: int, n: int, before: float, after: float) -> float:
    """Give the chance that a branch is called changed, its rates being `before` and `after`."""
    x = np.arange(n + 1)
    first, second = (stats.hypergeom.pmf(x, N, round(rate * N), n) for rate in (before, after))
    x1, x2 = np.nonzero(np.outer(first, second) > 1e-7)
    change = exact_change(x1, n, N, x2, n, N)
    return float((first[x1] * second[x2])[change.p_value <= 0.05].sum())


def called_over_roles(
    N: int, before: float, after: float, *, runs: int, seed: int
) -> tuple[float, float]:
    """Give the share of branches called changed, and its error; a third are Party members."""
    rng = np.random.default_rng(seed)
    size = np.array([N // 3, N - N // 3])
    rates = np.array([0.05, -0.05 * size[0] / size[1]])  # members are the more content
    waves = []
    for rate in (before, after):
        K = np.rint((rate + rates) * size).clip(0, size).astype(int)
        K[1] = round(rate * N) - K[0]
        answers = np.rint(np.array([0.9, 0.45]) * size).astype(int)
        x = rng.hypergeometric(K, size - K, answers, size=(runs, 2))
        tiled = [np.tile(counts, (runs, 1)) for counts in (answers, size)]
        found = bounds.stratified(x, *tiled)
        estimate = (x / answers * size).sum(axis=1) / N
        waves.append((estimate, found.lower / N, found.upper / N))
    told = hybrid_change(*waves).p_value <= 0.05
    return float(told.mean()), float(told.std() / np.sqrt(runs))


def main() -> None:
    """Print the chances."""
    print(
        "N n | unchanged at .80 .85 .90 .95 | .75 to .90, .85 to .95 | "
        "over roles: unchanged, .75 to .90"
    )
    for N, n in ((20, 12), (30, 18), (40, 24), (60, 36), (80, 48), (150, 75), (300, 150)):
        unchanged = [called(N, n, rate, rate) for rate in (0.8, 0.85, 0.9, 0.95)]
        risen = [called(N, n, 0.75, 0.9), called(N, n, 0.85, 0.95)]
        roles = [
            called_over_roles(N, before, after, runs=2000, seed=N)
            for before, after in ((0.85, 0.85), (0.75, 0.9))
        ]
        print(
            *(N, n, "|", *(f"{share:.3f}" for share in unchanged), "|"),
            *(f"{share:.3f}" for share in risen),
            *("|", *(f"{share:.3f} ({error:.3f})" for share, error in roles)),
        )


if __name__ == "__main__":
    main()
