"""What the model of many branches says of each, against the truth, in worlds it does not suppose.

The satisfied shares of the branches are beta distributed, of two kinds, all near the bar, or fall
with the size; in each two roles differ by one in log odds, by .5 more at random in some worlds, and
answer at .9 and .45; or nothing is told of roles. Reported, each with its standard
error over surveys, are the share of wrong ones among the branches put on a side of the bar, the
share put on a side, coverage of the intervals of rank and rate; then the announced probability of
meeting the bar beside the share that did and its error, between .35 and .75 and .85 and .97.

Run: python -m tests.simulations.many_branches --runs 2000
"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np
from scipy import special
from scipy.stats import rankdata

from analysis.many.pooling import compare

KINDS = ("beta", "two", "size", "near", "large")
RESPONSE = np.array([0.9, 0.45])
Counts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def draw(kind: str, units: int, rng: np.random.Generator, *, roles: bool, own: float) -> Counts:
    """Draw x, n, N and K of one survey, each (units, roles)."""
    largest = {"size": 200, "large": 300}.get(kind, 61)
    people = rng.integers(8, largest, units)
    share = {
        "beta": lambda: rng.beta(27.9, 2.1, units),
        "two": lambda: np.where(rng.random(units) < 0.5, 0.84, 0.96),
        "size": lambda: special.expit(3.3 - 0.9 * np.log(people / 20)),
        "near": lambda: rng.uniform(0.88, 0.92, units),
        "large": lambda: rng.beta(23, 2, units),
    }[kind]()
    if roles:
        members = np.maximum((people * rng.uniform(0.3, 0.7, units)).astype(int), 2)
        N = np.c_[members, people - members]
        noise = own * rng.standard_normal((units, 2))
        chance = special.expit(special.logit(share)[:, None] + np.array([0.5, -0.5]) + noise)
        n = rng.binomial(N, RESPONSE)
    else:
        N, chance = people[:, None], share[:, None]
        n = rng.binomial(N, 0.6)
    K = rng.binomial(N, chance)
    n = np.maximum(n, 1)
    return rng.hypergeometric(K, N - K, n), n, N, K


def measure(
    kind: str, units: int, runs: int, *, roles: bool, own: float = 0.0, seed: int = 1
) -> dict[str, Any]:
    """Draw surveys, compare their branches, and hold what is said against the truth."""
    rng = np.random.default_rng(seed)
    wrong, decided, ranks, rates, said, true = ([] for _ in range(6))
    for run in range(runs):
        x, n, N, K = draw(kind, units, rng, roles=roles, own=own)
        people, satisfied = N.sum(axis=1), K.sum(axis=1)
        found = compare(x, n, N, n_draws=1000, seed=run)
        meets, share = 10 * satisfied >= 9 * people, satisfied / people
        put = found.side != "inconclusive"
        wrong.append(np.sum(put & ((found.side == "meets") != meets)) / max(put.sum(), 1))
        decided.append(put.mean())
        place = rankdata(-share)
        ranks.append(np.mean((found.rank_low <= place) & (place <= found.rank_high)))
        rates.append(np.mean((found.low <= share + 1e-12) & (share <= found.high + 1e-12)))
        said.append(found.p_meets)
        true.append(meets)
    p, met = np.concatenate(said), np.concatenate(true)
    parts = {"middle": (p > 0.35) & (p < 0.75), "high": (p > 0.85) & (p < 0.97)}
    return {
        "kind": kind,
        "units": units,
        "roles": roles,
        "own": own,
        **{
            name: [float(np.mean(shares).round(4)), float((np.std(shares) / runs**0.5).round(4))]
            for name, shares in (
                *(("wrong", wrong), ("decided", decided)),
                *(("rank_coverage", ranks), ("rate_coverage", rates)),
            )
        },
        **{
            name: [
                float(p[part].mean().round(3)),
                float(met[part].mean().round(3)),
                float((met[part].std() / part.sum() ** 0.5).round(3)),
            ]
            for name, part in parts.items()
            if part.any()
        },
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    options = parser.parse_args()
    for units in (40, 12):
        for kind in KINDS:
            for roles, own in ((True, 0.0), (True, 0.5), (False, 0.0)):
                got = measure(kind, units, options.runs, roles=roles, own=own)
                print(json.dumps(got), flush=True)
