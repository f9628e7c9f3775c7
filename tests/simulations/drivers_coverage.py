"""Coverage of the breakdown's intervals, for the whole and for branches, on known populations.

Branches of 8 to 300 people differ in level and in how they answer; people answer with
probability .7, some of their items are blank. The truth of the whole is the breakdown at the
model's limit coefficients in an endless population of such branches (``whole``) or of all
members of the branches at hand (``whole_of_these_branches``); that of a branch is the breakdown
at the same coefficients of all its members (``members``) or of endless people like them
(``like_them``). Coverage is that of 95 % intervals, where they are shown.

Run: python -m tests.simulations.drivers_coverage --runs 200 --clusters 20 60 --blank .1 .3
"""

from __future__ import annotations

import argparse
import json
from typing import NamedTuple

import numpy as np

from analysis.breakdown import logit, shapley
from analysis.breakdown.drivers import breakdown_imputed
from analysis.breakdown.logit import probability

DIMENSIONS = 6
ITEMS = 3
SLOPES = np.array([-1.0, -0.8, -0.5, -0.3, 0.0, 0.0])
LEVELS = np.array([4.3, 4.0, 4.2, 3.9, 4.1, 4.4])
INTERCEPT = 8.3
COLUMNS = tuple(np.arange(ITEMS * d, ITEMS * (d + 1)) for d in range(DIMENSIONS))
BANDS = ((10, 20), (20, 50), (50, 301))


class Branches(NamedTuple):
    """What makes branches differ: size, mean of each dimension, general level, own intercept."""

    size: np.ndarray
    level: np.ndarray
    intercept: np.ndarray


def draw_branches(rng: np.random.Generator, count: int, members: int = 0) -> Branches:
    size = np.exp(rng.uniform(np.log(8), np.log(301), count)).astype(int)
    if members:
        size = np.full(count, members)
    level = LEVELS + 0.25 * rng.standard_normal((count, 1))
    level = level + 0.2 * rng.standard_normal((count, DIMENSIONS))
    return Branches(size, level, 0.3 * rng.standard_normal(count))


def draw_people(
    rng: np.random.Generator, branches: Branches, branch: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Draw items (n, 18) and dissatisfaction (n,) of people of the given branches."""
    n = branch.size
    general = 0.45 * rng.standard_normal((n, 1))
    own = general + 0.35 * rng.standard_normal((n, DIMENSIONS))
    latent = np.repeat(branches.level[branch] + own, ITEMS, axis=1)
    items = np.clip(np.round(latent + 0.6 * rng.standard_normal(latent.shape)), 1, 5)
    scores, _ = shapley.dimension_scores(items, COLUMNS, 4)
    p = probability(INTERCEPT + branches.intercept[branch] + scores @ SLOPES)
    return items, (rng.random(n) < p).astype(float)


def limit_model(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Compute coefficients and contributions in an endless population of branches."""
    rng = np.random.default_rng(seed)
    branches = draw_branches(rng, count)
    branch = np.repeat(np.arange(count), branches.size)[::2]
    items, y = draw_people(rng, branches, branch)
    scores, _ = shapley.dimension_scores(items, COLUMNS, 4)
    beta = logit.fit(scores, y).coefficients
    return beta, own_contributions(items, beta).mean(axis=0)


def own_contributions(items: np.ndarray, beta: np.ndarray) -> np.ndarray:
    scores, gaps = shapley.dimension_scores(items, COLUMNS, 4)
    segments = shapley.Segments(np.zeros(len(items), dtype=np.intp), 1)
    sums = shapley.shapley_sums(scores, gaps, np.ones(len(items)), beta, segments)
    return sums.values[:-1].T


def branch_truth(items: np.ndarray, branch: np.ndarray, beta: np.ndarray) -> np.ndarray:
    own = own_contributions(items, beta)
    count = np.bincount(branch)
    return np.column_stack([np.bincount(branch, part) / count for part in own.T])


def one_run(
    seed: int,
    n_clusters: int,
    members: int,
    blank: float,
    beta: np.ndarray,
    draws: int,
    like_them: int,
) -> dict[str, np.ndarray] | None:
    rng = np.random.default_rng(seed)
    branches = draw_branches(rng, n_clusters, members)
    branch = np.repeat(np.arange(n_clusters), branches.size)
    items, y = draw_people(rng, branches, branch)
    truth = branch_truth(items, branch, beta)
    share = branches.size / branches.size.sum()
    many = np.repeat(np.arange(n_clusters), like_them)
    alike = branch_truth(draw_people(rng, branches, many)[0], many, beta)
    answers = rng.random(branch.size) < 0.7
    gone = rng.random(items.shape) < blank * rng.uniform(0.2, 1.8, (branch.size, 1))
    seen = np.where(gone, np.nan, items)[answers]
    result = breakdown_imputed(
        seen, y[answers], dimensions=COLUMNS, clusters=branch[answers], draws=draws, seed=seed
    )
    if result.status not in ("full", "indicative"):
        return None
    return {
        "shown": np.array("no_intervals" not in result.flags),
        "degrees_of_freedom": np.array(result.degrees_of_freedom),
        "estimate": result.whole.contributions,
        "interval": np.array(result.whole.interval()),
        "size": result.by_cluster.n,
        "cluster_estimate": result.by_cluster.contributions,
        "cluster_interval": np.array(result.by_cluster.interval()),
        "cluster_apart": np.array(result.differences.interval()),
        "here": share @ truth,
        "members": truth[result.labels],
        "like_them": alike[result.labels],
        "members_apart": (truth - share @ truth)[result.labels],
        "like_them_apart": (alike - share @ alike)[result.labels],
    }


def simulate(
    runs: int,
    n_clusters: int,
    blank: float,
    *,
    members: int = 0,
    draws: int = 20,
    like_them: int = 2000,
    limit_branches: int = 20_000,
) -> dict[str, object]:
    """Run and count: coverage of 95 % intervals by kind of truth, dimension and branch size."""
    beta, truth = limit_model(limit_branches)
    every = [
        one_run(1000 + r, n_clusters, members, blank, beta, draws, like_them) for r in range(runs)
    ]
    broken_down = [one for one in every if one is not None]
    estimate = np.array([one["estimate"] for one in broken_down])
    used = [one for one in broken_down if one["shown"]]
    whole = np.array([inside(one["interval"], truth) for one in used])
    here = np.array([inside(one["interval"], one["here"]) for one in used])
    size = np.concatenate([one["size"] for one in used])
    result: dict[str, object] = {
        "clusters": n_clusters,
        "blank": blank,
        "runs": runs,
        "members": members or "8-300",
        "withheld_runs": runs - len(broken_down),
        "without_intervals": len(broken_down) - len(used),
        "half_width": float(np.median([np.ptp(one["interval"], axis=0) / 2 for one in used])),
        "bias": (estimate.mean(axis=0) - truth).round(4).tolist(),
        "whole_mean": float(whole.mean().round(3)),
        "whole": whole.mean(axis=0).round(3).tolist(),
        "whole_of_these_branches_mean": float(here.mean().round(3)),
        "whole_of_these_branches": here.mean(axis=0).round(3).tolist(),
    }
    for kind in ("members", "like_them"):
        hit = np.concatenate([inside(one["cluster_interval"], one[kind]) for one in used])
        apart = np.concatenate([inside(one["cluster_apart"], one[f"{kind}_apart"]) for one in used])
        result[f"{kind}_by_size"] = {
            f"{low}-{high - 1}": hit[(size >= low) & (size < high)].mean(axis=0).round(3).tolist()
            for low, high in BANDS
            if np.any((size >= low) & (size < high))
        }
        result[f"{kind}_mean"] = float(hit[size >= 10].mean().round(3))
        result[f"{kind}_apart_mean"] = float(apart[size >= 10].mean().round(3))
    return result


def inside(interval: np.ndarray, truth: np.ndarray) -> np.ndarray:
    return (interval[0] <= truth) & (truth <= interval[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--clusters", type=int, nargs="+", default=[20, 60])
    parser.add_argument("--members", type=int, default=0, help="the size of every branch")
    parser.add_argument("--blank", type=float, nargs="+", default=[0.1, 0.3])
    options = parser.parse_args()
    for clusters in options.clusters:
        for share in options.blank:
            counted = simulate(options.runs, clusters, share, members=options.members)
            print(json.dumps(counted, indent=1), flush=True)
