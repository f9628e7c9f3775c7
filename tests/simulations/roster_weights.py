"""Is the breakdown that of everybody where one role answers twice as often as the other?

People, ratings and branches are those of `drivers_rare`; three in ten are of the first role and
answer at .9, the others at .45. The others are dissatisfied more often by 1 in log odds:

* ``level``: whatever they rate; ``ratings``: and they rate lower by .4 standard deviations;
* ``slopes``: and what they are dissatisfied with are other dimensions.

The truth is the breakdown of an endless population with both roles at their sizes, by the logit
fitted to it. Reported are bias and coverage of the 95 % intervals, of answers that count alike and
of answers weighted by the roster: the rate first, then the dimension that errs most.

Run: python -m tests.simulations.roster_weights [surveys]
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.breakdown import logit, shapley
from analysis.breakdown.drivers import breakdown
from analysis.breakdown.slopes import level_intercept
from analysis.weights.calibration import calibration_weights
from analysis.weights.weighting import stratified_proportion
from tests.simulations import drivers_rare as rare

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
WORLDS = ("level", "ratings", "slopes")
SHARE, ANSWERING, APART, LOWER = 0.3, np.array([0.9, 0.45]), 1.0, 0.4
DIMENSIONS = [range(3 * d, 3 * d + 3) for d in range(rare.D)]


class Row(NamedTuple):
    """Bias of the rate and greatest bias of a contribution; coverage, least and mean."""

    rate_bias: float
    rate_bias_weighted: float
    bias: float
    bias_weighted: float
    coverage_least: float
    coverage: float
    coverage_least_weighted: float
    coverage_weighted: float


def people(rng: np.random.Generator, world: str, sizes: Integers) -> tuple[rare.People, Integers]:
    """Draw people and their roles; the second role's answers differ as the world says."""
    drawn = rare.people(rng, "parallel", sizes)
    role = (rng.random(len(drawn.items)) >= SHARE).astype(np.intp)
    items = drawn.items
    if world != "level":  # some of the others rate an item a level lower
        lower = (rng.random(items.shape) < LOWER) & (role == 1)[:, None]
        items = np.maximum(1.0, items - lower)
    x = items.reshape(-1, rare.D, 3).mean(axis=2)
    eta = x @ rare.SLOPES
    if world == "slopes":
        eta = np.where(role == 1, x @ rare.UPPER["wholly"], eta)
    eta = eta + APART * role
    return rare.People(items, drawn.branch, eta, eta), role


def truth(world: str, rate: float) -> tuple[Floats, Floats, float]:
    """Give the intercepts of the three cuts, and the breakdown and rate of everybody."""
    drawn, _ = people(np.random.default_rng(99), world, np.full(12_000, 25))
    ones = np.ones(len(drawn.items))
    cuts = np.array(
        [level_intercept(drawn.lower, p * ones.size, ones) for p in (0.35 * rate, rate, 0.45)]
    )
    columns = tuple(np.array(part) for part in DIMENSIONS)
    scores, gaps = shapley.dimension_scores(drawn.items, columns, 4)
    chance = logit.probability(cuts[1] + drawn.lower)
    beta = logit.fit(scores, chance).coefficients
    return cuts, shapley.mean_contributions(scores, gaps, ones, beta), float(chance.mean())


def run(world: str, n: int, rate: float, surveys: int, *, seed: int = 0) -> Row:
    """Break down surveys of about `n` answers from 40 branches, unweighted and weighted."""
    cuts, phi, share = truth(world, rate)
    responding = float(SHARE * ANSWERING[0] + (1 - SHARE) * ANSWERING[1])
    rates, found, covered = [], [], []
    for number in range(surveys):
        rng = np.random.default_rng([seed, number, n])
        sizes = np.exp(rng.uniform(np.log(8), np.log(300), 40))
        sizes = np.maximum(8, np.round(sizes * n / responding / sizes.sum())).astype(np.intp)
        drawn, role = people(rng, world, sizes)
        overall = rare.answers(rng, drawn, cuts)
        answered = rng.random(len(role)) < ANSWERING[role]
        y, of = overall < 4, role[answered]
        cell = 2 * drawn.branch + role
        N, valid = (np.bincount(part, minlength=80) for part in (cell, cell[answered]))
        x = np.bincount(cell[answered & ~y], minlength=80)
        everyone = 1 - float(stratified_proportion(x, valid, N).rate)
        weights = calibration_weights(of, y[answered], np.bincount(role), everyone)
        both = [
            breakdown(
                drawn.items[answered],
                y[answered],
                dimensions=DIMENSIONS,
                clusters=drawn.branch[answered],
                overall=overall[answered],
                calibration=each,
            )
            for each in (None, weights)
        ]
        if both[0].status.startswith("none"):
            continue
        rates.append([float(one.whole.observed_rate) - share for one in both])
        found.append([one.whole.contributions - phi for one in both])
        ends = [one.whole.interval() for one in both]
        covered.append([(end.low <= phi) & (phi <= end.high) for end in ends])
    bias = np.mean(found, axis=0)
    most = np.abs(bias).argmax(axis=1)
    plain, weighted = np.mean(covered, axis=0)
    return Row(
        *np.mean(rates, axis=0).tolist(),
        *(float(part[place]) for part, place in zip(bias, most, strict=True)),
        *(float(end) for part in (plain, weighted) for end in (part.min(), part.mean())),
    )


if __name__ == "__main__":
    for n, rate in ((1500, 0.06), (5000, 0.06), (1500, 0.1)):
        for world in WORLDS:
            row = run(world, n, rate, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
            print(
                f"{n} {rate:.0%} {world:7} rate {row.rate_bias:+.4f} (weighted "
                f"{row.rate_bias_weighted:+.4f}) dimension {row.bias:+.4f} "
                f"({row.bias_weighted:+.4f}) coverage {row.coverage_least:.3f}, "
                f"{row.coverage:.3f} ({row.coverage_least_weighted:.3f}, "
                f"{row.coverage_weighted:.3f})",
                flush=True,
            )
