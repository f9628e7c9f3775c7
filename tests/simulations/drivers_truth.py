"""Does the breakdown name the right dimensions, beside LMG and importance–performance analysis.

Every run is another world: six dimensions that go with one another, since a mood lifts all items
of a person, with levels and slopes of their own; the overall answer depends on the ratings of
four of them and not on the other two, the null dimensions. Two things can disturb this.

``halo``: the mood also moves the log odds of the overall answer by that much a standard
deviation, whatever the ratings. Then null dimensions do go with it, as they tell of the mood.
``felt``: the overall answer depends on what is felt, of which three rounded answers are but a
noisy measure (reliability about .8). Then null dimensions tell of what the others measure badly.

The truth of a world is the breakdown at the coefficients and the scores of 300,000 of its people.
The share given to the null dimensions is their sum over the sum of all, signed, each averaged
over the worlds, with its standard error; in a single survey it varies by the ``spread``.

Run: python -m tests.simulations.drivers_truth --runs 200 --shares 2000
"""

from __future__ import annotations

import argparse
import json
from typing import NamedTuple

import numpy as np

from analysis.breakdown.drivers import breakdown
from analysis.breakdown.logit import probability
from analysis.breakdown.relative_importance import importance_performance, lmg
from analysis.breakdown.sensitivity import calibrated

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
    rng: np.random.Generator,
    world: World,
    n: int,
    branches: int,
    halo: float,
    felt: bool = False,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw items (n, 18), dissatisfaction and branch of n people."""
    branch = rng.integers(0, branches, n)
    mood = rng.standard_normal((n, 1))
    general = 0.4 * mood + 0.2 * rng.standard_normal((branches, 1))[branch]
    own = world.level + general + 0.45 * rng.standard_normal((n, 6))
    latent = np.repeat(own, ITEMS, axis=1) + 0.55 * rng.standard_normal((n, 18))
    items = np.clip(np.round(latent), 1, 5)
    regarded = own if felt else items.reshape(n, 6, ITEMS).mean(axis=2)
    eta = world.intercept + regarded @ world.slope
    return items, (rng.random(n) < probability(eta - halo * mood[:, 0])).astype(float), branch


def simulate(runs: int, n: int, *, halo: float = 0.0, many: int = 300_000) -> dict[str, object]:
    """Run and average: bias, share of the null dimensions, and how often the first is right."""
    truths, ours, explained, by_ipa = [], [], [], []
    for run in range(runs):
        rng = np.random.default_rng(100 + run)
        world = draw_world(rng)
        everyone, unhappy, _ = draw_people(rng, world, many, 3000, halo)
        truths.append(breakdown(everyone, unhappy, dimensions=COLUMNS).whole.contributions)
        items, y, branch = draw_people(rng, world, n, 40, halo)
        scores = items.reshape(n, 6, ITEMS).mean(axis=2)
        ours.append(breakdown(items, y, dimensions=COLUMNS, clusters=branch).whole.contributions)
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
        "null_share": share_of_null(contributions)[0],
        "null_share_lmg": share_of_null(np.array(explained))[0],
        "first_right": agreement(contributions, first),
        "first_right_lmg": agreement(np.array(explained), first),
        "first_right_ipa": agreement(np.array(by_ipa), first),
    }


def agreement(values: np.ndarray, first: np.ndarray) -> float:
    return float(np.mean(values.argmax(axis=1) == first).round(3))


def share_of_null(values: np.ndarray) -> tuple[float, float]:
    """Compute the mean share given to the two null dimensions, and its standard error."""
    null, whole = values[:, 4:].sum(axis=1), values.sum(axis=1)
    share = null.mean() / whole.mean()
    error = np.std(null - share * whole, ddof=1) / np.sqrt(len(values)) / whole.mean()
    return float(share.round(4)), float(error.round(4))


def null_shares(runs: int, n: int, *, halo: float = 0.0, felt: bool = False) -> dict[str, object]:
    """Run and average the share of the null dimensions: ours, calibrated and by LMG.

    ``called`` is how often the 95 % interval of a null dimension excludes 0.
    """
    ours, calibrated_scores, explained, called = [], [], [], []
    for run in range(runs):
        rng = np.random.default_rng(10_000 + run)
        items, y, branch = draw_people(rng, draw_world(rng), n, max(40, n // 100), halo, felt)
        result = breakdown(items, y, dimensions=COLUMNS, clusters=branch)
        ours.append(result.whole.contributions)
        low, high = result.whole.interval()
        called.append((low[4:] > 0) | (high[4:] < 0))
        calibrated_scores.append(calibrated(items, y, COLUMNS, 4, *np.ones((2, n))))
        explained.append(lmg(items.reshape(n, 6, ITEMS).mean(axis=2), y))
    contributions, corrected = np.array(ours), np.array(calibrated_scores)
    shares = contributions[:, 4:].sum(axis=1) / contributions.sum(axis=1)
    return {
        "n": n,
        "halo": halo,
        "felt": felt,
        "runs": runs,
        "null_share": share_of_null(contributions),
        "null_share_calibrated": share_of_null(corrected[np.isfinite(corrected).all(axis=1)]),
        "null_share_lmg": share_of_null(np.array(explained)),
        "spread": float(shares.std().round(3)),
        "called": float(np.mean(called).round(3)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--shares", type=int, default=2000, help="runs for the null share")
    options = parser.parse_args()
    for people in (1_000, 4_000, 100_000):
        several = max(options.shares * 1_000 // people, options.shares // 20)
        for mood in (0.0, 0.1, 0.15, 0.2, 0.3):
            print(json.dumps(null_shares(several, people, halo=mood)), flush=True)
        print(json.dumps(null_shares(several, people, felt=True)), flush=True)
    for people in (1_000, 4_000):
        for mood in (0.0, 0.15, 0.3):
            print(json.dumps(simulate(options.runs, people, halo=mood)), flush=True)
