"""Enumerate coverage and wrong verdicts of every rule: no sampling, every (N, n, K, x).

    python -m tests.simulations.enumerate_verdicts --out FOLDER [--from 8 --to 300 --step 4]

writes ``verdicts.csv`` (one row a population size), ``verdicts.md`` (the worst and mean over all
sizes) and ``verdicts.png``. Point probabilities come from log-factorials, independently of the
package; where a worst value lies within 1e-9 of its bound it is computed again in fractions.
"""

from __future__ import annotations

import argparse
import csv
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from analysis.proportions.intervals import finite_population_interval
from analysis.proportions.verdicts import judge

ALPHA, LEVEL = Fraction(1, 20), Fraction(19, 20)
INTERVALS: tuple[Literal["exact", "blaker", "wilson"], ...] = ("exact", "blaker", "wilson")
# Rules for a verdict; the last three leave the guarantee or decide less, which is shown.
RULES = ("exact", "mid-p", "exact interval", "blaker interval")
UNDECIDED_FROM = 0.8  # truths from this share on, answers from half of the people on


def point_probabilities(N: int, n: int) -> NDArray[np.float64]:
    """Give P(X = x | K) for every K (rows) and x (columns)."""
    log_factorial = special.gammaln(np.arange(N + 2) + 1.0)
    K, x = np.arange(N + 1)[:, np.newaxis], np.arange(n + 1)
    possible = (x <= K) & (n - x <= N - K)
    part = [np.where(possible, m, 0) for m in (K, x, K - x, N - K, n - x, N - K - n + x)]
    terms = [log_factorial[m] for m in part]
    log_point = terms[0] - terms[1] - terms[2] + terms[3] - terms[4] - terms[5]
    log_total = log_factorial[N] - log_factorial[n] - log_factorial[N - n]
    return np.where(possible, np.exp(log_point - log_total), 0.0)


def exact_probability(N: int, n: int, K: int, outcomes: NDArray[np.bool_]) -> Fraction:
    """Sum P(X = x | K) over the outcomes marked, in integers."""
    counted = sum(
        comb(K, x) * comb(N - K, n - x) for x in np.flatnonzero(outcomes).tolist() if x <= K
    )
    return Fraction(counted, comb(N, n))


def verdicts_of_rules(
    n: NDArray[np.int64], x: NDArray[np.int64], N: int
) -> tuple[dict[str, NDArray[np.str_]], int]:
    """Give the verdict of each rule on each outcome, and the bar's count."""
    judged = judge(x, n, N)
    K0 = int(judged.bar_count[0])
    point_at = {K: stats.hypergeom.pmf(x, N, K, n) if N else np.ones(x.shape) for K in (K0 - 1, K0)}
    sides = {
        "mid-p": (
            judged.p_meets - point_at[K0 - 1] / 2 <= 0.05,
            judged.p_below - point_at[K0] / 2 <= 0.05,
        ),
    }
    methods: tuple[Literal["exact", "blaker"], ...] = ("exact", "blaker")
    for method in methods:
        interval = finite_population_interval(x, n, N, method=method)
        sides[f"{method} interval"] = (interval.low_count >= K0, interval.high_count < K0)
    verdicts: dict[str, NDArray[np.str_]] = {
        rule: np.where(meets, "meets", np.where(below, "below", "inconclusive"))
        for rule, (meets, below) in sides.items()
    }
    verdicts["exact"] = judged.verdict
    return verdicts, K0


def enumerate_size(N: int) -> dict[str, float]:
    """Go through every n, K and x of a population of N people.

    Returns
    -------
    dict
        For each interval the least and mean coverage; for each rule the greatest chance of a
        wrong verdict given n, and over n at the worst chance q of answering, on either side; and
        the mean share undecided over K >= 0.8 N, n >= N/2.
    """
    n, x = np.tril_indices(N + 1)
    verdicts, K0 = verdicts_of_rules(n, x, N)
    bounds = {method: finite_population_interval(x, n, N, method=method) for method in INTERVALS}
    K = np.arange(N + 1)
    coverage = {method: np.empty((N + 1, N + 1)) for method in INTERVALS}
    chance = {
        (rule, verdict): np.empty((N + 1, N + 1))
        for rule in RULES
        for verdict in ("meets", "below", "inconclusive")
    }
    for answers in range(N + 1):
        point = point_probabilities(N, answers)
        here = n == answers
        for method, interval in bounds.items():
            inside = (interval.low_count[here] <= K[:, np.newaxis]) & (
                interval.high_count[here] >= K[:, np.newaxis]
            )
            coverage[method][answers] = np.sum(point * inside, axis=1)
        for (rule, verdict), table in chance.items():
            table[answers] = point @ (verdicts[rule][here] == verdict)

    row: dict[str, float] = {"N": N, "K0": K0}
    for method in INTERVALS:
        row[f"{method} least coverage"] = exact_least_coverage(
            N, coverage[method], *(getattr(bounds[method], b) for b in ("low_count", "high_count"))
        )
        row[f"{method} mean coverage"] = float(coverage[method].mean())
    chance_of_n = stats.binom.pmf(np.arange(N + 1), N, np.linspace(0, 1, 1001)[:, np.newaxis])
    typical = np.ix_(np.arange(-(-N // 2), N + 1), np.flatnonzero(K >= UNDECIDED_FROM * N))
    for rule in RULES:
        for verdict, wrong_at in (("meets", K < K0), ("below", K >= K0)):
            wrong = chance[rule, verdict][:, wrong_at]
            row[f"{rule} error {verdict}"] = exact_worst_error(
                N, wrong, K[wrong_at], verdicts[rule] == verdict
            )
            row[f"{rule} error {verdict} over n"] = float((chance_of_n @ wrong).max())
        row[f"{rule} undecided"] = float(chance[rule, "inconclusive"][typical].mean())
    return row


def exact_least_coverage(
    N: int, coverage: NDArray[np.float64], low: NDArray[np.int64], high: NDArray[np.int64]
) -> float:
    """Give the least coverage, again in fractions where rounding could hide a shortfall."""
    answers, K = np.unravel_index(coverage.argmin(), coverage.shape)
    if abs(coverage.min() - float(LEVEL)) > 1e-9:
        return float(coverage.min())
    first = answers * (answers + 1) // 2
    row = slice(first, first + answers + 1)
    inside = (low[row] <= K) & (high[row] >= K)
    return float(exact_probability(N, int(answers), int(K), inside))


def exact_worst_error(
    N: int, wrong: NDArray[np.float64], K: NDArray[np.int64], marked: NDArray[np.bool_]
) -> float:
    """Give the greatest error given n, again in fractions where rounding could matter."""
    worst = Fraction(0)
    for answers, column in np.argwhere(wrong >= wrong.max() - 1e-9):
        if abs(wrong.max() - float(ALPHA)) > 1e-9:
            return float(wrong.max())
        first = answers * (answers + 1) // 2
        outcomes = marked[first : first + answers + 1]
        worst = max(worst, exact_probability(N, int(answers), int(K[column]), outcomes))
    return float(worst)


def summary(rows: list[dict[str, float]]) -> str:
    """Write the worst and mean over all sizes as Markdown."""
    lines = [
        f"Enumerated over N = {rows[0]['N']:.0f}…{rows[-1]['N']:.0f} ({len(rows)} sizes), "
        "every n, K and x; bar 90 %, alpha 5 %, level 95 %.",
        "",
        "| interval | least coverage | mean coverage |",
        "| --- | --- | --- |",
    ]
    for method in INTERVALS:
        least = min(row[f"{method} least coverage"] for row in rows)
        mean = np.mean([row[f"{method} mean coverage"] for row in rows])
        lines.append(f"| {method} | {least:.4f} | {mean:.4f} |")
    lines += [
        "",
        "| rule | worst error given n | worst error over n | undecided |",
        "| --- | --- | --- | --- |",
    ]
    for rule in RULES:
        given, over = (
            max(row[f"{rule} error {side}{end}"] for row in rows for side in ("meets", "below"))
            for end in ("", " over n")
        )
        undecided = np.mean([row[f"{rule} undecided"] for row in rows])
        lines.append(f"| {rule} | {given:.4f} | {over:.4f} | {undecided:.3f} |")
    return "\n".join(lines) + "\n"


def draw(rows: list[dict[str, float]], path: Path) -> None:
    """Draw coverage, errors and undecided shares over the population size."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    N = [row["N"] for row in rows]
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(15, 4.5), layout="constrained")
    for method in INTERVALS:
        left.plot(N, [row[f"{method} least coverage"] for row in rows], label=method)
    left.axhline(float(LEVEL), color="black", linewidth=0.8)
    left.set(title="Least coverage over n and K", xlabel="people N", ylim=(0, 1.02))
    for rule, end in (("exact", ""), ("exact", " over n"), ("mid-p", "")):
        worst = [
            max(row[f"{rule} error {side}{end}"] for side in ("meets", "below")) for row in rows
        ]
        middle.plot(N, worst, label=f"{rule}{end or ' given n'}")
    middle.axhline(float(ALPHA), color="black", linewidth=0.8)
    middle.set(title="Worst chance of a wrong verdict", xlabel="people N", ylim=(0, None))
    for rule in ("exact interval", "blaker interval", "exact"):
        right.plot(N, [row[f"{rule} undecided"] for row in rows], label=rule)
    right.set(title="Undecided, K ≥ 0.8 N and n ≥ N/2", xlabel="people N", ylim=(0, 1))
    for axes in (left, middle, right):
        axes.legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main(arguments: list[str] | None = None) -> None:
    """Run the enumeration and write its three files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="first", type=int, default=8)
    parser.add_argument("--to", dest="last", type=int, default=300)
    parser.add_argument("--step", type=int, default=4)
    options = parser.parse_args(arguments)
    rows = [enumerate_size(N) for N in range(options.first, options.last + 1, options.step)]
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "verdicts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (options.out / "verdicts.md").write_text(summary(rows), encoding="utf-8")
    draw(rows, options.out / "verdicts.png")


if __name__ == "__main__":
    main()
