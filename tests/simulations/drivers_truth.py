"""Does the breakdown name the right dimensions, beside LMG and importance–performance analysis.

Every run is another world: six dimensions that go with one another, with levels and slopes of
their own, the overall answer not depending on two of them. With ``halo`` a mood lifts all items
of a person and moves the log odds of the overall answer by that much a standard deviation. The
truth of a world is the breakdown at the coefficients and the scores of 300,000 of its people.

Run: python tests/simulations/drivers_truth.py --runs 200
"""

from __future__ import annotations

import argparse
import json
from typing import NamedTuple

import numpy as np

from analysis.drivers import breakdown
from analysis.logit import probability
from analysis.relative_importance import importance_performance, lmg

ITEMS = 3
COLUMNS = tuple(np.arange(ITEMS * d, ITEMS * (d + 1)) for d in range(6))


class World(NamedTuple):
    """What a university is like: level and slope of each dimension, intercept."""

    level: np.ndarray
    slope: np.ndarray
    intercept: float


def draw_world(rng: np.random.Generator) -> World:
    level = rng.uniform(3.7, 4.6, 6)
    slope = np.append(-rng.uniform(0.2, 1.3, 4), [0.0, 0.0])
    return World(level, slope, -2.3 - level @ slope)


def draw_people(
    rng: np.random.Generator, world: World, n: int, branches: int, halo: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw items (n, 18), dissatisfaction and branch of n people."""
    branch = rng.integers(0, branches, n)
    mood = rng.standard_normal((n, 1))
    general = 0.4 * mood + 0.2 * rng.standard_normal((branches, 1))[branch]
    own = world.level + general + 0.45 * rng.standard_normal((n, 6))
    latent = np.repeat(own, ITEMS, axis=1) + 0.55 * rng.standard_normal((n, 18))
    items = np.clip(np.round(latent), 1, 5)
    eta = world.intercept + items.reshape(n, 6, ITEMS).mean(axis=2) @ world.slope
    return items, (rng.random(n) < probability(eta - halo * mood[:, 0])).astype(float), branch


def simulate(runs: int, n: int, *, halo: float = 0.0, many: int = 300_000) -> dict[str, object]:
    """Run and average: bias, share of the null dimensions, and how often the first is right."""
    truths, ours, explained, by_ipa = [], [], [], []
    for run in range(runs):
        rng = np.random.default_rng(100 + run)
        world = draw_world(rng)
        everyone, unhappy, _ = draw_people(rng, world, many, 3000, halo)
        truths.append(breakdown(everyone, unhappy, dimensions=COLUMNS).contributions)
        items, y, branch = draw_people(rng, world, n, 40, halo)
        scores = items.reshape(n, 6, ITEMS).mean(axis=2)
        ours.append(breakdown(items, y, dimensions=COLUMNS, clusters=branch).contributions)
        explained.append(lmg(scores, y))
        ipa = importance_performance(scores, y)
        here = np.array([name == "concentrate_here" for name in ipa.quadrant])
        by_ipa.append(np.where(here, ipa.importance, -1.0))
    truth, contributions = np.array(truths), np.array(ours)
    first = truth.argmax(axis=1)
    return {
        "n": n,
        "halo": halo,
        "runs": runs,
        "bias": (contributions - truth).mean(axis=0).round(4).tolist(),
        "root_mean_square_error": float(np.sqrt(((contributions - truth) ** 2).mean()).round(4)),
        "null_share": share_of_null(contributions),
        "null_share_lmg": share_of_null(np.array(explained)),
        "first_right": agreement(contributions, first),
        "first_right_lmg": agreement(np.array(explained), first),
        "first_right_ipa": agreement(np.array(by_ipa), first),
    }


def agreement(values: np.ndarray, first: np.ndarray) -> float:
    return float(np.mean(values.argmax(axis=1) == first).round(3))


def share_of_null(values: np.ndarray) -> float:
    """Compute the mean share given to the two dimensions on which nothing depends."""
    return float((values[:, 4:].sum(axis=1).mean() / values.sum(axis=1).mean()).round(4))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    options = parser.parse_args()
    for people in (1_000, 4_000):
        for mood in (0.0, 0.15, 0.3):
            print(json.dumps(simulate(options.runs, people, halo=mood)), flush=True)
