"""Enumerate the errors of the joint rule for two roles: every outcome, every split of the truth.

    python tests/simulations/enumerate_roles.py --out FOLDER

writes ``roles.csv`` (one row a pair of sizes and response rates) and ``roles.md``: the greatest
chance of a wrong joint verdict with the roles' counts pooled and with strata kept apart, and the
share undecided over truths of at least 0.8 in each role.
"""

from __future__ import annotations

import argparse
import csv
import itertools
from pathlib import Path

import numpy as np

from analysis.joint import UnionRule, role_verdict_chances, worst_role_errors

SIZES = ((8, 12), (8, 40), (20, 20), (15, 60), (40, 80))
RESPONSE = (0.3, 0.6, 0.9)
UNIONS: tuple[UnionRule, ...] = ("pooled", "stratified")


def enumerate_pair(population: tuple[int, int], response: tuple[float, float]) -> dict[str, float]:
    """Give the worst errors and the share undecided of either way of joining the roles."""
    n = [max(1, round(rate * people)) for rate, people in zip(response, population, strict=True)]
    row: dict[str, float] = {
        "N1": population[0], "N2": population[1], "n1": n[0], "n2": n[1]
    }  # fmt: skip
    truths = list(
        itertools.product(*(np.linspace(0.8, 1, 3) * people // 1 for people in population))
    )
    for union in UNIONS:
        meets, below = worst_role_errors(n, population, union=union)
        undecided = [
            role_verdict_chances(truth, n, population, union=union).inconclusive for truth in truths
        ]
        row |= {
            f"{union} error meets": meets,
            f"{union} error below": below,
            f"{union} undecided": float(np.mean(undecided)),
        }
    return row


def summary(rows: list[dict[str, float]]) -> str:
    """Write the worst errors as Markdown, where the roles answered equally and unequally."""
    lines = [
        "Worst chance of a wrong joint verdict; bar 90 %, alpha 5 %.",
        "",
        "| response | union | worst wrong meets | worst wrong below | undecided |",
        "| --- | --- | --- | --- | --- |",
    ]
    for label, unequal in (("about equal", False), ("unequal", True)):
        chosen = [
            row
            for row in rows
            if (abs(row["n1"] / row["N1"] - row["n2"] / row["N2"]) > 0.1) == unequal
        ]
        for union in UNIONS:
            meets, below = (
                max(row[f"{union} error {side}"] for row in chosen) for side in ("meets", "below")
            )
            undecided = np.mean([row[f"{union} undecided"] for row in chosen])
            lines.append(f"| {label} | {union} | {meets:.3f} | {below:.3f} | {undecided:.3f} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Run the enumeration and write its two files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    responses = itertools.product(RESPONSE, repeat=2)
    rows = [enumerate_pair(*pair) for pair in itertools.product(SIZES, responses)]
    options.out.mkdir(parents=True, exist_ok=True)
    with (options.out / "roles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (options.out / "roles.md").write_text(summary(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
