"""Errors and answers of announced looks, every outcome gone through, with SciPy's hypergeometric.

    python -m tests.simulations.enumerate_looks

goes through all N from 8 to 300 with one to six looks between 30 and 80 % of the people at a bar of
90 %, and prints the greatest errors beside those of a plain verdict at each look; then the chance
of the right verdict and the answers that it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.design.planning import CriticalCounts, critical_counts
from analysis.design.sequential import spending, thresholds

Floats = NDArray[np.float64]


def times(N: int, n_looks: int) -> list[int]:
    """Place looks evenly between 30 and 80 % of the people; one look stands at 80 %."""
    shares = np.linspace(0.3, 0.8, n_looks) if n_looks > 1 else np.array([0.8])
    return [round(share * N) for share in shares]


def walk(n_valid: Sequence[int], N: int, D: int, critical: CriticalCounts) -> Floats:
    """Give the chance of each verdict (rows: meets, below) to come first at each look."""
    d, before = np.arange(D + 1), 0
    chance = np.eye(1, D + 1)[0]
    found = np.zeros((2, len(n_valid)))
    for look, n in enumerate(n_valid):
        move = stats.hypergeom.pmf(d - d[:, None], N - before, D - d[:, None], n - before)
        chance = chance @ np.nan_to_num(move)
        sides = d <= critical.most_dissatisfied[look], n - d <= critical.most_satisfied[look]
        found[:, look] = [chance[side].sum() for side in sides]
        chance = np.where(sides[0] | sides[1], 0.0, chance)
        before = n
    return found


def exact(n_valid: Sequence[int], N: int) -> CriticalCounts:
    """Take the product's thresholds."""
    return thresholds(n_valid, N, spending(len(n_valid)))


def plain(n_valid: Sequence[int], N: int) -> CriticalCounts:
    """Judge anew at each look as if it were the only one."""
    return critical_counts(np.array(n_valid), N)


def shared(n_valid: Sequence[int], N: int) -> CriticalCounts:
    """Judge each look alone at what it adds to the error spent, as is done over roles."""
    spent = (Fraction(0), *spending(len(n_valid)))
    each = [
        critical_counts(n, N, alpha=after - before)
        for n, before, after in zip(n_valid, spent, spent[1:], strict=False)
    ]
    return CriticalCounts(*(np.array(side) for side in zip(*each, strict=True)))


Rule = Callable[[Sequence[int], int], CriticalCounts]


def errors(N: int, n_looks: int, rule: Rule = exact) -> tuple[float, float]:
    """Compute the chances of a wrong *meets* just below the bar, and a wrong *below* just at it."""
    n_valid = times(N, n_looks)
    critical, never = rule(n_valid, N), np.full(n_looks, -1)
    meets = walk(n_valid, N, N // 10 + 1, critical._replace(most_satisfied=never))
    below = walk(n_valid, N, N // 10, critical._replace(most_dissatisfied=never))
    return float(meets.sum()), float(below.sum())


def answers(N: int, K: int, n_looks: int, rule: Rule = exact) -> tuple[float, float]:
    """Give the chance of the right verdict by the last look, and the share of people it asks."""
    n_valid = np.array(times(N, n_looks))
    found = walk(n_valid.tolist(), N, N - K, rule(n_valid.tolist(), N))
    decided = found.sum(axis=0)
    expected = decided @ n_valid + (1 - decided.sum()) * n_valid[-1]
    return float(found[0 if 10 * K >= 9 * N else 1].sum()), float(expected) / N


def main() -> None:
    """Print both tables."""
    print("greatest error over N = 8 to 300 (meets, below)")
    for n_looks in range(1, 7):
        rows = [
            np.array([errors(N, n_looks, rule) for N in range(8, 301)]).max(axis=0)
            for rule in (exact, shared, plain)
        ]
        print(
            n_looks,
            *(
                f"{name} {row.round(4)}"
                for name, row in zip(("exact", "shared", "plain"), rows, strict=True)
            ),
        )
    print("right verdict by the last look / share of the people asked")
    for rate in (0.98, 0.95, 0.8):
        for N in (20, 40, 80, 150, 300):
            K = int(rate * N + 0.5)
            cells = [answers(N, K, n_looks) for n_looks in (1, 2, 3, 6)]
            cells += [answers(N, K, 3, shared)]
            print(rate, N, *(f"{right:.2f}/{asked:.2f}" for right, asked in cells))


if __name__ == "__main__":
    main()
