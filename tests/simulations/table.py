"""Every claim that was held against the truth, before and now, in one table.

Each line is measured anew by the script it names; ``before`` is what the same claim had when it was
first held against the truth. Errors are standard errors of what is sampled; what is enumerated has
none.

Run: python -m tests.simulations.table --runs 2000 [--part breakdowns]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import numpy as np

from analysis.design.planning import answers_for_chance
from analysis.design.reminders import reminders


class Line(NamedTuple):
    """One claim."""

    claim: str
    script: str
    before: str
    now: float
    error: float = 0.0


def load(name: str) -> ModuleType:
    """Import a script that stands beside this one."""
    return import_module(f"tests.simulations.{name}")


def instrument(runs: int) -> Iterator[Line]:
    """Give coverage of alpha's interval, and how often a reversed item is named."""
    truth = load("instrument_truth")
    for top, before in ((0.8, ".70-.79"), (0.9, ".57-.68")):
        world = truth.World(truth.LOADINGS["equal 3"], top)
        alpha = truth.coverage(world, 400, runs).alpha
        claim = f"alpha's interval covers, 400 answers, {top:.0%} choose the top"
        yield Line(claim, "instrument_truth", before, alpha, share_error(alpha, runs))
    found, _, accused = truth.named(truth.World((0.75,) * 18, 0.8), 400, runs, turned=(4,))
    yield Line("a reversed item is named", "instrument_truth", "0", found, share_error(found, runs))
    error = share_error(accused, runs)
    yield Line("a sound item is named with it", "instrument_truth", "-", accused, error)


def planning(runs: int) -> Iterator[Line]:
    """Give what is promised before and during a survey: exact, but for the reminders."""
    promised = load("reminders_promised")
    worst, error = 0.0, 0.0
    for N in (40, 150):
        found = reminders(N // 2, N, round(0.95 * N), reply_rate=0.4)
        sent, chance = int(found.n_reminders), float(found.chance)
        share, of_share = promised.realised(
            N // 2, N, round(0.95 * N), sent, 0.4, runs=runs, seed=N
        )
        if abs(share - chance) >= worst:
            worst, error = abs(share - chance), of_share
    yield Line("reminders: promised less realised", "reminders_promised", ".33", worst, error)
    for N, before in ((80, "22"), (200, "26"), (300, "27")):
        needed = float(answers_for_chance(N, round(0.95 * N), 0.8))
        yield Line(f"plan: answers of {N} for 80 % at 95 %", "-", before, needed)
    looks = load("enumerate_looks")
    sizes = range(8, 301, 1 if runs >= 2000 else 20)
    for n_looks in (1, 6):
        worst = max(max(looks.errors(N, n_looks)) for N in sizes)
        before = ".05" if n_looks == 1 else ".127"
        yield Line(f"{n_looks} looks: greatest error", "enumerate_looks", before, worst)
    changes = load("changes")
    called = [changes.called(N, N * 6 // 10, 0.9, 0.9) for N in (60, 80, 150)]
    yield Line("unchanged branches called changed, least", "changes", ".005", min(called))
    yield Line("unchanged branches called changed, most", "changes", ".005", max(called))


def branches(runs: int) -> Iterator[Line]:
    """Give what is said of many branches at once."""
    many = load("many_branches")
    for units, before in ((12, ".000-.007, deciding .40"), (40, ".000-.007, deciding .40")):
        for kind in ("beta", "two", "near"):
            got = many.measure(kind, units, runs, roles=True, own=0.5)
            where = f"{units} branches, {kind}: "
            name = "many_branches"
            yield Line(f"{where}false among the sided", name, before, *got["wrong"])
            yield Line(f"{where}put on a side", name, "-", *got["decided"])
            yield Line(f"{where}rank intervals cover", name, ".88-.92", *got["rank_coverage"])
            for part in ("middle", "high"):
                said, true, error = got.get(part, (np.nan,) * 3)
                claim = f"{where}P(meets) {said:.2f}, did"
                yield Line(claim, name, "two: .55, .72-.76", true, error)


def breakdowns(runs: int) -> Iterator[Line]:
    """Give how the breakdown does where it is hard."""
    rare = load("drivers_rare")
    for world, first in (("parallel", ".58"), ("wholly", "-"), ("against", "-"), ("vary", "-")):
        row = rare.run(world, 1500, 0.02, runs)
        where, name = f"2 % of 1,500, {world}: ", "drivers_rare"
        error = share_error(row.first, runs)
        yield Line(f"{where}first dimension right", name, first, row.first, error)
        error = share_error(row.shown[0], runs)
        yield Line(f"{where}shown in full", name, ".06", row.shown[0], error)
        error = share_error(row.coverage_least, runs)
        yield Line(f"{where}intervals cover, least", name, "-", row.coverage_least, error)
        error = share_error(row.coverage, runs)
        yield Line(f"{where}intervals cover, mean", name, "-", row.coverage, error)


def members(runs: int) -> Iterator[Line]:
    """Give the breakdown by the roster's weights, and for a branch's members."""
    row = load("roster_weights").run("slopes", 1500, 0.06, runs)
    where, name = "roles at .9/.45, weighted by the roster: ", "roster_weights"
    yield Line(f"{where}greatest bias", name, f"{row.bias:.3f}", row.bias_weighted)
    error = share_error(row.coverage_least_weighted, runs)
    before = f"{row.coverage_least:.3f}"
    yield Line(f"{where}least coverage", name, before, row.coverage_least_weighted, error)
    name, varying = "drivers_varying", load("drivers_varying")
    for world, vary, what, least, mean in (
        ("parallel", 0.6, "slopes that vary by 60 %", ".77", ".89"),
        ("item", 0.0, "one item carries its dimension", ".805", "-"),
    ):
        row = varying.run(1500, 0.06, vary, runs, world=world)
        where = f"{what}, a branch's members: "
        yield Line(f"{where}least", name, least, row.least, share_error(row.least, runs))
        yield Line(f"{where}mean", name, mean, row.mean, share_error(row.mean, runs))


def blanks(runs: int) -> Iterator[Line]:
    """Give the breakdown where ratings are left blank the lower they would be."""
    row = load("drivers_blanks").run(1500, 0.06, 1.0, runs)
    where, name = "15 % blank, odds e a level: ", "drivers_blanks"
    error = share_error(row.least_allowing, runs)
    yield Line(f"{where}least", name, ".75", row.least_allowing, error)
    error = share_error(row.mean_allowing, runs)
    yield Line(f"{where}mean", name, "-", row.mean_allowing, error)


def share_error(share: float, runs: int) -> float:
    """Give the standard error of a share of so many surveys."""
    return float(np.sqrt(share * (1 - share) / runs))


PARTS = {
    part.__name__: part for part in (instrument, planning, branches, breakdowns, members, blanks)
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--part", choices=PARTS, nargs="*", default=[*PARTS])
    options = parser.parse_args()
    for line in (line for part in options.part for line in PARTS[part](options.runs)):
        error = f" ± {line.error:.3f}" if line.error else ""
        print(f"{line.claim:62} {line.before:26} {line.now:8.3f}{error}  {line.script}", flush=True)
