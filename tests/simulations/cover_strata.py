"""How often does the interval for a branch with two roles hold the truth? Every case is counted.

For each setting all pairs (K1, K2) and all outcomes are enumerated; nothing is drawn. Compared are
the exact interval of two strata, the exact interval that ignores roles, and the stratified
Korn-Graubard interval.

    python -m tests.simulations.cover_strata
"""

from typing import Any

import numpy as np
from scipy.stats import hypergeom

from analysis.proportions import bounds, intervals
from analysis.weights import weighting

# (people, answers) of the two roles
SETTINGS = [
    ((10, 30), (9, 10)),
    ((10, 30), (5, 20)),
    ((20, 40), (18, 12)),
    ((15, 60), (15, 15)),
    ((30, 30), (25, 8)),
    ((5, 80), (2, 40)),
]


def cover(
    people: tuple[int, int], answers: tuple[int, int], *, level: float = 0.95
) -> dict[str, tuple[float, float, float]]:
    """Give worst coverage, and mean coverage and width where both roles are 70 % content."""
    grid = np.meshgrid(*(np.arange(n_h + 1) for n_h in answers), indexing="ij")
    x = np.stack(grid, axis=-1).reshape(-1, 2)
    N, n = np.broadcast_to(people, x.shape), np.broadcast_to(answers, x.shape)
    made = bounds.stratified(x, n, N, alpha=(1 - level) / 2)
    exact = intervals.BinomialInterval(made.lower / sum(people), made.upper / sum(people))
    pooled = intervals.finite_population_interval(
        x.sum(axis=1), n.sum(axis=1), N.sum(axis=1), level=level
    )
    approximate = weighting.stratified_proportion(x, n, N, level=level)
    chance = [
        hypergeom.pmf(np.arange(n_h + 1), N_h, np.arange(N_h + 1)[:, None], n_h)
        for N_h, n_h in zip(people, answers, strict=True)
    ]
    truth = np.add.outer(np.arange(people[0] + 1), np.arange(people[1] + 1)) / sum(people)
    content = [np.arange(N_h + 1) >= 0.7 * N_h for N_h in people]
    usual = np.logical_and.outer(*content)
    shape = tuple(n_h + 1 for n_h in answers)
    result = {}
    made_by: dict[str, Any] = {"strata": exact, "pooled": pooled, "korn-graubard": approximate}
    for name, interval in made_by.items():
        low, high = (np.asarray(end).reshape(shape) for end in (interval.low, interval.high))
        covered, width = np.zeros(truth.shape), chance[0] @ (high - low) @ chance[1].T
        for K1 in range(people[0] + 1):
            share = truth[K1][:, None, None]
            inside = (low <= share + 1e-9) & (share <= high + 1e-9)
            weight = chance[0][K1][None, :, None] * chance[1][:, None, :]
            covered[K1] = np.sum(weight * inside, axis=(1, 2))
        result[name] = (
            float(covered.min()),
            float(covered[usual].mean()),
            float(width[usual].mean()),
        )
    return result


def main() -> None:
    print("| people | answers | method | worst coverage | mean coverage | mean width |")
    print("| --- | --- | --- | --- | --- | --- |")
    for people, answers in SETTINGS:
        for name, (worst, mean, width) in cover(people, answers).items():
            print(f"| {people} | {answers} | {name} | {worst:.3f} | {mean:.3f} | {width:.3f} |")


if __name__ == "__main__":
    main()
