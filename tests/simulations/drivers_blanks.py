"""Do intervals of the breakdown cover where ratings are left blank the lower they would be?

People, branches and answers are those of `drivers_rare` (``parallel``). Of the ratings 15 % are
blank: at random, or with odds that rise by so much for a level less. Reported is coverage of the
true breakdown by the 95 % intervals and by those that allow blanks to be a level lower than people
alike would answer (`low_blanks`, `high_blanks`), least and mean over six dimensions.

Run: python -m tests.simulations.drivers_blanks [surveys]
"""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np

from analysis.breakdown.drivers import breakdown_imputed
from analysis.breakdown.imputation import fill_once
from analysis.breakdown.respondents import read_answers
from analysis.breakdown.sensitivity import sensitivity
from tests.simulations import drivers_rare as rare

BLANK = 0.15
DIMENSIONS = [range(3 * d, 3 * d + 3) for d in range(rare.D)]


class Row(NamedTuple):
    """Coverage, least and mean over the dimensions; how much wider the second intervals are."""

    least: float
    mean: float
    least_allowing: float
    mean_allowing: float
    wider: float


def run(n: int, rate: float, steeper: float, surveys: int, *, seed: int = 0) -> Row:
    """Break down `surveys` surveys; the log odds of a blank rise by `steeper` a level less."""
    cuts, phi = rare.truth("parallel", rate)
    covered, widths = [], []
    for number in range(surveys):
        rng = np.random.default_rng([seed, number, n])
        sizes = np.exp(rng.uniform(np.log(8), np.log(300), 40))
        sizes = np.maximum(4, np.round(sizes * n / sizes.sum())).astype(np.intp)
        drawn = rare.people(rng, "parallel", sizes)
        overall = rare.answers(rng, drawn, cuts)
        chance = np.exp(-steeper * drawn.items)
        gone = rng.random(chance.shape) < np.minimum(BLANK * chance / chance.mean(), 0.9)
        items, y = np.where(gone, np.nan, drawn.items), (overall < 4) * 1.0
        found = breakdown_imputed(
            items, y, dimensions=DIMENSIONS, clusters=drawn.branch, overall=overall, seed=number
        )
        if found.status.startswith("none"):
            continue
        answers = read_answers(items, y, DIMENSIONS, drawn.branch)
        variants = sensitivity(found, answers, fill_once(answers))
        (blanks,) = (one.contributions for one in variants if one.name == "blanks")
        moved = blanks - found.whole.contributions
        low, high = found.whole.interval()
        wide = low + np.minimum(moved, 0), high + np.maximum(moved, 0)
        covered.append([(low <= phi) & (phi <= high), (wide[0] <= phi) & (phi <= wide[1])])
        widths.append(np.mean((wide[1] - wide[0]) / (high - low)))
    plain, allowing = np.mean(covered, axis=0)
    ends = plain.min(), plain.mean(), allowing.min(), allowing.mean(), np.mean(widths)
    return Row(*(float(end) for end in ends))


if __name__ == "__main__":
    for n, rate in ((1500, 0.02), (1500, 0.06), (5000, 0.06)):
        for steeper in (0.0, 0.5, 1.0):
            row = run(n, rate, steeper, int(sys.argv[1]) if len(sys.argv) > 1 else 300)
            print(
                f"{n} {rate:.0%} log odds of a blank {steeper:+} a level less: coverage "
                f"{row.least:.3f}, {row.mean:.3f}; allowing a level {row.least_allowing:.3f}, "
                f"{row.mean_allowing:.3f}, {row.wider:.2f} times as wide",
                flush=True,
            )
