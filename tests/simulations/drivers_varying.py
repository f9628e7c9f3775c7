"""Do intervals of branches cover their members where slopes vary between branches?

Branches, ratings and answers are those of `drivers_rare`; 70 % of the members answer, and each
branch's slopes are those of the university times 1 + `vary` standard normal numbers. In the world
``item`` one item carries its dimension, and the truth raises that item.

Run: python -m tests.simulations.drivers_varying [surveys]
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.breakdown import shapley
from analysis.breakdown.drivers import breakdown
from tests.simulations import drivers_rare as rare

Floats = NDArray[np.float64]
BRANCHES, ANSWERING = 40, 0.7


class Row(NamedTuple):
    """Coverage of branches' members, least and mean over dimensions; errors; power of the test."""

    least: float
    mean: float
    least_common: float
    mean_common: float
    error_ratio: float
    rejected: float


def run(
    n: int, rate: float, vary: float, surveys: int, *, world: str = "parallel", seed: int = 0
) -> Row:
    """Break down `surveys` surveys of about `n` answers, with own and with common slopes."""
    cuts, _ = rare.truth(world, rate)
    covered, errors, rejected = [], [], []
    d = rare.D
    for number in range(surveys):
        rng = np.random.default_rng([seed, number, n])
        sizes = np.exp(rng.uniform(np.log(8), np.log(300), BRANCHES))
        members = np.maximum(8, np.round(sizes * n / ANSWERING / sizes.sum())).astype(np.intp)
        drawn = rare.people(rng, world, members)
        x = drawn.items.reshape(-1, d, 3).mean(axis=2)
        gaps = np.maximum(0, 4 - drawn.items).reshape(-1, d, 3).mean(axis=2)
        if world == "item":
            x[:, 1], gaps[:, 1] = drawn.items[:, 3], np.maximum(0, 4 - drawn.items[:, 3])
        slopes = rare.SLOPES * (1 + vary * rng.normal(size=(BRANCHES, d)))
        apart = slopes - rare.SLOPES
        eta = drawn.lower + np.sum((x - x.mean(axis=0)) * apart[drawn.branch], axis=1)
        overall = rare.answers(rng, drawn._replace(lower=eta, upper=eta), cuts)
        intercepts = cuts[1] - apart @ x.mean(axis=0)
        answered = rng.random(len(x)) < ANSWERING
        found = [
            breakdown(
                drawn.items[answered],
                overall[answered] < 4,
                dimensions=[range(3 * k, 3 * k + 3) for k in range(d)],
                clusters=drawn.branch[answered],
                overall=overall[answered],
                slopes_vary=own,
            )
            for own in (True, False)
        ]
        if found[0].status.startswith("none"):
            continue
        rejected.append(found[0].p_same_slopes < 0.05)
        shown = ~found[0].is_withheld
        branches = found[0].labels[shown]
        truth = np.array(
            [
                shapley.mean_contributions(
                    x[drawn.branch == c],
                    gaps[drawn.branch == c],
                    np.ones(members[c]),
                    np.append(intercepts[c], slopes[c]),
                )
                for c in branches
            ]
        )
        each = []
        for one in found:
            low, high = (end[shown] for end in one.by_cluster.interval())
            each.append(np.mean((low <= truth) & (truth <= high), axis=0))
        covered.append(each)
        errors.append(
            [np.mean((one.by_cluster.contributions[shown] - truth) ** 2) for one in found]
        )
    own, common = np.mean(covered, axis=0)
    ours, plain = np.sqrt(np.mean(errors, axis=0))
    ends = own.min(), own.mean(), common.min(), common.mean(), ours / plain, np.mean(rejected)
    return Row(*(float(end) for end in ends))


if __name__ == "__main__":
    print("one item carries its dimension:", run(1500, 0.06, 0.0, 300, world="item"), flush=True)
    for n, rate in ((1500, 0.02), (1500, 0.06), (5000, 0.06), (5000, 0.12)):
        for vary in (0.0, 0.3, 0.6):
            row = run(n, rate, vary, int(sys.argv[1]) if len(sys.argv) > 1 else 300)
            print(
                f"{n} {rate:.0%} vary {vary:.0%}: members {row.least:.3f}, {row.mean:.3f}; common "
                f"slopes {row.least_common:.3f}, {row.mean_common:.3f}; error "
                f"{row.error_ratio:.2f}; test rejects {row.rejected:.2f}",
                flush=True,
            )
