"""Are the pooled predictions as sure as they say? Universities with known truth tell.

For each setting: branches of 8 to 300 people whose shares are beta distributed, a random part of
whom answers. Reported are how often the 95 % interval of a branch's count holds the truth, how
often the interval of its rank does, and how far the announced probability of meeting the bar lies
from the share that did, in ten bins.

    python tests/simulations/calibrate_pooling.py [runs]
"""

import sys

import numpy as np
from scipy.stats import rankdata

from analysis.many import pooling

SETTINGS = [
    (n_units, mu, rho)
    for n_units in (8, 20, 60, 300)
    for mu, rho in ((0.9, 0.02), (0.9, 0.1), (0.8, 0.05), (0.97, 0.05), (0.9, 0.0))
]


def calibrate(
    *, n_runs: int, n_units: int, mu: float, rho: float, seed: int, n_draws: int = 400
) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    covered, rank_covered, announced, came_true, widths = [], [], [], [], []
    boundary = 0
    for run in range(n_runs):
        N = rng.integers(8, 301, n_units)
        if rho > 0:
            share = rng.beta(mu * (1 - rho) / rho, (1 - mu) * (1 - rho) / rho, n_units)
        else:
            share = np.full(n_units, mu)
        K = rng.binomial(N, share)
        n = rng.binomial(N, rng.uniform(0.2, 0.95, n_units))
        x = rng.hypergeometric(K, N - K, n)
        fit = pooling.fit_beta_binomial(x, n)
        boundary += fit.is_boundary
        prediction = pooling.predict(fit, x, n, N)
        unknown = n < N
        inside = (prediction.low_count <= K) & (prediction.high_count >= K)
        covered.append(inside[unknown])
        widths.append((prediction.high - prediction.low)[unknown])
        announced.append(prediction.p_meets[unknown])
        came_true.append((10 * K >= 9 * N)[unknown])
        ranks = pooling.rank_intervals(fit, x, n, N, n_draws=n_draws, seed=run)
        true_rank = rankdata(-K / N)
        rank_covered.append((ranks.low <= true_rank) & (ranks.high >= true_rank))
    p, met = np.concatenate(announced), np.concatenate(came_true)
    gaps = [
        abs(p[part].mean() - met[part].mean())
        for low in np.arange(0, 1, 0.1)
        if (part := (p >= low) & (p < low + 0.1 + (low > 0.85))).sum() >= 200
    ]
    return {
        "coverage": float(np.concatenate(covered).mean()),
        "mean_width": float(np.concatenate(widths).mean()),
        "rank_coverage": float(np.concatenate(rank_covered).mean()),
        "p_meets_mean": float(p.mean()),
        "meets": float(met.mean()),
        "worst_bin_gap": float(max(gaps)),
        "boundary_share": boundary / n_runs,
    }


def main() -> None:
    n_runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    header = True
    for n_units, mu, rho in SETTINGS:
        row = calibrate(n_runs=n_runs, n_units=n_units, mu=mu, rho=rho, seed=1)
        if header:
            print("| units | mu | rho |", " | ".join(row), "|")
            print("|" + " --- |" * (3 + len(row)))
            header = False
        print(f"| {n_units} | {mu} | {rho} |", " | ".join(f"{v:.3f}" for v in row.values()), "|")


if __name__ == "__main__":
    main()
