"""Do reminders bring the verdicts that they promise? People are drawn one by one.

    python -m tests.simulations.reminders_promised

Three worlds: just the supposed number is satisfied; each person is satisfied with the supposed
rate, so that their number varies; and two roles of 30 and 70 % of the people, judged over roles.
"""

from __future__ import annotations

import numpy as np

from analysis.design.reminders import reminders
from analysis.proportions import bounds
from analysis.proportions.verdicts import bar_count, judge


def realised(
    n: int,
    N: int,
    K: int,
    sent: int,
    reply_rate: float,
    *,
    runs: int,
    seed: int,
    world: str = "fixed",
) -> tuple[float, float]:
    """Give the share of right verdicts after reminding `sent` of the silent, and its error."""
    rng = np.random.default_rng(seed)
    if world == "varying":
        content = rng.random((runs, N)) < K / N
    else:
        content = rng.permuted(np.tile(np.arange(N) < K, (runs, 1)), axis=1)
    # the first n have answered; of those next in a random order `sent` are reminded
    answered = np.zeros((runs, N), dtype=bool)
    answered[:, :n] = True
    answered[:, n : n + sent] = rng.random((runs, sent)) < reply_rate
    role = np.zeros((runs, N), dtype=int)
    if world == "roles":
        role = rng.permuted(np.tile(np.arange(N) < round(0.3 * N), (runs, 1)), axis=1).astype(int)
        cells = [(answered & (role == part), role == part) for part in (0, 1)]
        x = np.column_stack([(content & here).sum(axis=1) for here, _ in cells])
        m = np.column_stack([here.sum(axis=1) for here, _ in cells])
        size = np.column_stack([people.sum(axis=1) for _, people in cells])
        found = bounds.stratified(x, m, size)
        verdict = bounds.verdict(found, m.sum(axis=1), np.full(runs, bar_count(N)))
    else:
        verdict = judge((content & answered).sum(axis=1), answered.sum(axis=1), N).verdict
    reached = content.sum(axis=1) >= bar_count(N)
    right = verdict == np.where(reached, "meets", "below")
    return float(right.mean()), float(right.std() / np.sqrt(runs))


def main() -> None:
    """Print promised and realised chances."""
    print("n N K reminders promised | realised: fixed, varying, roles (standard error)")
    gaps = []
    for N in (20, 40, 80, 150, 300):
        for rate in (0.98, 0.95, 0.8):
            for responded in (0.3, 0.6):
                n, K = round(responded * N), round(rate * N)
                found = reminders(n, N, K, reply_rate=0.4)
                sent, promised = int(found.n_reminders), float(found.chance)
                fixed = realised(n, N, K, sent, 0.4, runs=10_000, seed=N)
                varying = realised(n, N, K, sent, 0.4, runs=10_000, seed=N, world="varying")
                roles = realised(n, N, K, sent, 0.4, runs=400, seed=N, world="roles")
                gaps.append(abs(fixed[0] - promised))
                cells = " ".join(
                    f"{share:.3f} ({error:.3f})" for share, error in (fixed, varying, roles)
                )
                print(n, N, K, sent, f"{promised:.3f} | {cells}")
    print(f"greatest gap in the first world {max(gaps):.3f}")


if __name__ == "__main__":
    main()
