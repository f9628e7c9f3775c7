"""The breakdown where few are dissatisfied, in worlds that keep its assumption and that break it.

Items come from ordinal factor models with skewed thresholds, branches have 8 to 300 members, the
overall answer has four levels with slopes of its own at the cut between the two satisfied levels:

* ``parallel``: the same as at the dissatisfied one;
* ``mild``, ``against``: up to half more or less, leaving the largest dimension where it is, or
  putting the second before it;
* ``wholly``: other dimensions altogether;
* ``halo``: a mood moves the answer beyond the ratings; ``item``: one item carries its dimension;
  ``quadratic``; ``vary``: slopes that vary between branches by 60 %.

The truth is the breakdown of an endless population by the logit fitted to it.

Run: python -m tests.simulations.drivers_rare [surveys]
"""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.breakdown import logit, shapley
from analysis.breakdown.drivers import breakdown
from analysis.breakdown.slopes import level_intercept

Floats = NDArray[np.float64]
D = 6
ITEM_CUTS = np.array([-2.6, -1.9, -1.1, 0.15])
LOADING = 0.75
SLOPES = np.array([-0.5, -1.1, -0.3, 0.0, -0.75, 0.0])
WORLDS = ("parallel", "mild", "against", "wholly", "halo", "item", "quadratic", "vary")
UPPER = {
    "mild": SLOPES * [0.5, 1.4, 0.6, 1, 1.3, 1] + [0, 0, 0, -0.25, 0, -0.2],
    "against": SLOPES * [1.4, 0.55, 1.3, 1, 1.1, 1] + [0, 0, 0, -0.15, 0, -0.15],
    "wholly": SLOPES[[1, 3, 0, 2, 5, 4]],
}


class People(NamedTuple):
    """Ratings and branches, and the log odds of the two cuts but for their intercepts."""

    items: Floats
    branch: NDArray[np.intp]
    lower: Floats
    upper: Floats


def people(rng: np.random.Generator, world: str, sizes: NDArray[np.intp]) -> People:
    n = int(sizes.sum())
    branch = np.repeat(np.arange(sizes.size), sizes)
    mood = rng.normal(size=n)
    factors = np.sqrt(0.5) * (mood[:, None] + rng.normal(size=(n, D)))
    factors += rng.normal(0, 0.3, sizes.size)[branch][:, None]
    own = rng.normal(size=(n, 3 * D))
    latent = np.repeat(LOADING * factors + np.linspace(-0.25, 0.35, D), 3, axis=1)
    latent += np.sqrt(1 - LOADING**2) * own
    items = 1.0 + (latent[:, :, None] > ITEM_CUTS).sum(axis=2)
    x = items.reshape(n, D, 3).mean(axis=2)
    lower = x @ SLOPES
    if world == "halo":
        lower = lower - 0.25 * mood
    elif world == "item":
        lower = lower + SLOPES[1] * (items[:, 3] - x[:, 1])
    elif world == "quadratic":
        lower = lower + 0.18 * (x - 4.2) ** 2 @ np.abs(SLOPES)
    elif world == "vary":
        own_slopes = rng.normal(0, 0.6, (sizes.size, D)) * np.abs(SLOPES)
        lower = lower + np.sum((x - x.mean(axis=0)) * own_slopes[branch], axis=1)
    return People(items, branch, lower, x @ UPPER[world] if world in UPPER else lower)


def answers(rng: np.random.Generator, drawn: People, cuts: Floats) -> Floats:
    """Draw overall answers 2 … 5; `cuts` are the intercepts of ≤ 2, ≤ 3 and ≤ 4."""
    u = rng.random(len(drawn.items))
    lowest, low = (logit.probability(cut + drawn.lower) for cut in cuts[:2])
    upper = np.maximum(low, logit.probability(cuts[2] + drawn.upper))
    return 5.0 - np.sum([u < upper, u < low, u < lowest], axis=0, dtype=float)


def truth(world: str, rate: float) -> tuple[Floats, Floats]:
    """Give the intercepts (`rate` dissatisfied, 45 % below the top) and the true breakdown.

    Of 12,000 branches: of 400 the truth itself erred by a quarter of an estimate's error.
    """
    drawn = people(np.random.default_rng(99), world, np.full(12_000, 25))
    ones = np.ones(len(drawn.items))
    shares = (0.35 * rate, rate, 0.45)
    etas = (drawn.lower, drawn.lower, drawn.upper)
    cuts = np.array(
        [level_intercept(eta, p * ones.size, ones) for eta, p in zip(etas, shares, strict=True)]
    )
    dimensions = tuple(np.arange(3 * d, 3 * d + 3) for d in range(D))
    scores, gaps = shapley.dimension_scores(drawn.items, dimensions, 4)
    least_false = logit.fit(scores, logit.probability(cuts[1] + drawn.lower))
    return cuts, shapley.mean_contributions(scores, gaps, ones, least_false.coefficients)


class Row(NamedTuple):
    """What many surveys of one world say, of the shrunk breakdown and of the logit's alone."""

    first: float
    first_logit: float
    error_ratio: float
    coverage_least: float
    coverage: float
    coverage_logit_least: float
    order_wrong: float
    shown: Floats


def run(world: str, n: int, rate: float, surveys: int, *, seed: int = 0) -> Row:
    """Break down `surveys` surveys of `n` answers from 40 branches."""
    cuts, phi = truth(world, rate)
    of_truth = phi[:, None] - phi
    first, errors, covered, shown, wrong = [], [], [], [], []
    for number in range(surveys):
        rng = np.random.default_rng([seed, number, n])
        sizes = np.exp(rng.uniform(np.log(8), np.log(300), 40))
        sizes = np.maximum(4, np.round(sizes * n / sizes.sum())).astype(np.intp)
        drawn = people(rng, world, sizes)
        overall = answers(rng, drawn, cuts)
        options: dict[str, Any] = {
            "dimensions": [range(3 * d, 3 * d + 3) for d in range(D)],
            "clusters": drawn.branch,
        }
        y = overall < 4
        both = [breakdown(drawn.items, y, overall=o, **options) for o in (overall, None)]
        shown.append(both[0].status)
        if both[0].status.startswith("none"):
            continue
        first.append([b.whole.contributions.argmax() == phi.argmax() for b in both])
        errors.append([np.sum((b.whole.contributions - phi) ** 2) for b in both])
        intervals = [b.whole.interval() for b in both]
        covered.append([(i.low <= phi) & (phi <= i.high) for i in intervals])
        apart = both[0].distinguishable()
        said = both[0].whole.contributions[:, None] - both[0].whole.contributions
        wrong.append(np.any(apart & (said * of_truth < 0)))
    coverage = np.mean(covered, axis=0)
    ours, plain = np.sqrt(np.mean(errors, axis=0))
    right, right_plain = np.mean(first, axis=0)
    status = np.array(shown)
    shares = [np.mean(status == "full"), np.mean(status == "indicative")]
    return Row(
        right,
        right_plain,
        ours / plain,
        coverage[0].min(),
        coverage[0].mean(),
        coverage[1].min(),
        float(np.mean(wrong)),
        np.array([*shares, 1 - sum(shares)]),
    )


if __name__ == "__main__":
    for n, rate in ((1500, 0.02), (400, 0.06), (1500, 0.06), (5000, 0.02), (5000, 0.06)):
        for world in WORLDS:
            row = run(world, n, rate, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
            print(
                f"{n:5} {rate:.0%} {world:9} first {row.first:.2f} (logit {row.first_logit:.2f}) "
                f"error {row.error_ratio:.2f} coverage {row.coverage_least:.3f}, "
                f"{row.coverage:.3f} (logit {row.coverage_logit_least:.3f}) wrong order "
                f"{row.order_wrong:.3f} full, indicative, none {row.shown.round(2).tolist()}",
                flush=True,
            )
