"""Do the intervals of alpha and omega cover, and are sound items left alone.

The people are not the product's: an item is a cut normal variable with a loading on a factor that
is normal, skewed (few very unhappy) or heavy-tailed; a share of contented people gives the top
answer to everything. Means and covariances of the answers given the factor are known, so alpha and
omega of the population are an integral over the factor, without sampling error.

Coverage of Feldt's interval, which was printed before, stands beside. The false alarms are the
share of surveys in which any sound item is named as running against the others: also where items
have nothing to do with one another, where one is answered low by most, and where they belong to
two unrelated factors.

Run: python -m tests.simulations.instrument_truth --runs 2000
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import special, stats

from analysis.instrument.one_factor import fit_one_factor
from analysis.instrument.reliability import cronbach_alpha, mcdonald_omega
from analysis.instrument.reversed_items import items_against

FACTORS = {
    "normal": stats.norm(),
    "skewed": stats.gamma(1, loc=-1),
    "heavy": stats.t(4, scale=0.5**0.5),
}
# Of those who do not choose the top of five levels, how many choose each level below at most.
BELOW = np.array([0.04, 0.12, 0.35, 1.0])
LOADINGS = {
    "equal 3": (0.8,) * 3,
    "unequal 3": (0.9, 0.7, 0.5),
    "weak 3": (0.5, 0.4, 0.4),
    "equal 18": (0.75,) * 18,
    "mixed 18": (0.85,) * 6 + (0.6,) * 6 + (0.4,) * 6,
}


@dataclass(frozen=True)
class World:
    """How people answer a set of items."""

    loadings: tuple[float, ...]
    top: float | tuple[float, ...]
    """Share of the top answer among those who are not contented anyway, for all or each item."""
    factor: str = "normal"
    contented: float = 0.0
    """Share of people who give the top answer to everything."""
    second: int = 0
    """The last items, which belong to a second factor that has nothing to do with the first."""

    @property
    def cuts(self) -> np.ndarray:
        """Thresholds, (4, k): where the normal variable's distribution over all factors is met."""
        tops = np.broadcast_to(self.top, len(self.loadings))
        grid = _grid(self.factor)[:, None]
        cuts = np.empty((4, len(tops)))
        for j, (loading, top) in enumerate(zip(self.loadings, tops, strict=True)):
            low, high = np.full(4, -20.0), np.full(4, 20.0)
            for _ in range(50):
                middle = (low + high) / 2
                mass = special.ndtr((middle + loading * grid) / (1 - loading**2) ** 0.5)
                under = mass.mean(axis=0) < BELOW * (1 - top)
                low, high = np.where(under, middle, low), np.where(under, high, middle)
            cuts[:, j] = low
        return cuts

    def draw(self, rng: np.random.Generator, n: int, cuts: np.ndarray) -> np.ndarray:
        """Draw the answers 1–5 of n people, (n, k)."""
        loadings = np.array(self.loadings)
        factors = FACTORS[self.factor].rvs((n, 2), random_state=rng)
        own = np.arange(len(loadings)) >= len(loadings) - self.second
        noise = rng.standard_normal((n, len(loadings)))
        latent = -loadings * factors[:, own.astype(int)] + (1 - loadings**2) ** 0.5 * noise
        answers = 1.0 + (latent[:, None, :] > cuts).sum(axis=1)
        return np.where(rng.random((n, 1)) < self.contented, 5.0, answers)

    def truth(self) -> tuple[float, float]:
        """Integrate the covariances over one factor; give alpha and omega of the population."""
        loadings, cuts = np.array(self.loadings), self.cuts
        grid = _grid(self.factor)[:, None, None]
        above = special.ndtr(-(cuts + loadings * grid) / (1 - loadings**2) ** 0.5)
        given = (above - 1).sum(axis=1)  # E(answer - 5 | factor)
        squares = ((1 - above) * np.array([[7], [5], [3], [1]])).sum(axis=1).mean(axis=0)
        share = 1 - self.contented
        mean = share * given.mean(axis=0)
        covariance = share * given.T @ given / len(given) - np.outer(mean, mean)
        np.fill_diagonal(covariance, share * squares - mean**2)
        k, deviation = len(loadings), np.sqrt(np.diag(covariance))
        factor = fit_one_factor(covariance / np.outer(deviation, deviation))
        common = factor.sum() ** 2
        alpha = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
        return float(alpha), float(common / (common + np.sum(1 - factor**2)))


def _grid(factor: str, points: int = 4001) -> np.ndarray:
    return FACTORS[factor].ppf((np.arange(points) + 0.5) / points)


class Coverage(NamedTuple):
    """Shares of surveys."""

    alpha: float
    feldt: float
    omega: float
    """Of those with an interval."""
    omega_shown: float


def coverage(world: World, n: int, runs: int, *, seed: int = 1) -> Coverage:
    """Draw surveys and count the intervals that hold the truth."""
    rng, cuts = np.random.default_rng(seed), world.cuts
    alpha_truth, omega_truth = world.truth()
    hits = np.zeros((runs, 4))
    for run in range(runs):
        items = world.draw(rng, n, cuts)
        alpha, omega = cronbach_alpha(items), mcdonald_omega(items)
        feldt = 1 - (1 - alpha.alpha) * stats.f.ppf(
            [0.975, 0.025], n - 1, (n - 1) * (items.shape[1] - 1)
        )
        hits[run] = (
            alpha.low <= alpha_truth <= alpha.high,
            feldt[0] <= alpha_truth <= feldt[1],
            omega.low <= omega_truth <= omega.high,
            np.isfinite(omega.low),
        )
    by_alpha, by_feldt, by_omega, shown = hits.mean(axis=0)
    return Coverage(by_alpha, by_feldt, by_omega / shown if shown else float("nan"), shown)


def named(
    world: World, n: int, runs: int, *, turned: tuple[int, ...] = (), seed: int = 2
) -> tuple[float, float, float]:
    """Draw surveys in which some items were scored the wrong way round.

    Returns
    -------
    tuple of float
        Shares of the turned items that are named, of surveys in which a sound item is named, and
        of those in which one is named and it is not said that either side may be the turned one.
    """
    rng, cuts = np.random.default_rng(seed), world.cuts
    found = accused = outright = 0.0
    wrong = np.isin(np.arange(len(world.loadings)), turned)
    for _ in range(runs):
        items = world.draw(rng, n, cuts)
        items[:, wrong] = 6 - items[:, wrong]
        result = items_against(items)
        found += result.named[wrong].mean() if wrong.any() else 0
        accused += result.named[~wrong].any()
        outright += result.named[~wrong].any() and result.is_clear
    return found / runs, accused / runs, outright / runs


SOUND = {
    "one factor of 3": World((0.8,) * 3, 0.0),
    "weak factor of 3": World((0.3,) * 3, 0.0),
    "one of 4 unrelated": World((0.8, 0.8, 0.8, 0.0), 0.0),
    "18 that go together": World((0.75,) * 18, 0.0),
    "one of 18 unrelated": World((0.75,) * 17 + (0.0,), 0.0),
    "18 unrelated": World((0.0,) * 18, 0.0),
    "two factors of 12 and 6": World((0.75,) * 18, 0.0, second=6),
    "skewed, two of 12 and 6": World((0.75,) * 18, 0.0, factor="skewed", second=6),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--part", choices=("intervals", "named"))
    options = parser.parse_args()
    if options.part != "named":
        kinds = [*((factor, 0.0) for factor in FACTORS), ("normal", 0.4)]
        for n, tops in ((400, (0.8, 0.9, 0.95)), (1500, (0.9,))):
            for label, loadings in LOADINGS.items():
                for factor, contented in kinds:
                    for top in tops:
                        apart = (top - contented) / (1 - contented)
                        world = World(loadings, apart, factor, contented)
                        got = coverage(world, n, options.runs)
                        where = {"n": n, "items": label, "factor": factor, "contented": contented}
                        print(json.dumps({**where, "top": top, **got._asdict()}), flush=True)
    if options.part != "intervals":
        for label, sound in SOUND.items():
            for top in (0.8, 0.9, 0.95):
                for low in (False, True):
                    most = (top,) * (len(sound.loadings) - 1)
                    last = 1 - top if low else top
                    world = World(sound.loadings, (*most, last), sound.factor, second=sound.second)
                    for n in (400, 2000):
                        wrongly = named(world, n, options.runs)[1:]
                        where = {"n": n, "items": label, "top": top, "last_low": low}
                        print(json.dumps({**where, "accused": wrongly}), flush=True)
        for k, turned in ((3, (2,)), (18, (4,)), (18, (4, 9, 14))):
            for top in (0.8, 0.9, 0.95):
                for n in (400, 2000):
                    told = named(World((0.75,) * k, top), n, options.runs, turned=turned)
                    where = {"n": n, "items": k, "turned": len(turned), "top": top}
                    print(json.dumps({**where, "found": told[0], "accused": told[1:]}), flush=True)


if __name__ == "__main__":
    main()
