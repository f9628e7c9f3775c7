"""How many small branches lose their verdict to privacy, and by which rule.

    python -m tests.simulations.verdicts_lost [seeds]

Thirty simulated branches a survey; «partner» are branches of five answers and more.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import pandas as pd

import survey


def run(sizes: tuple[int, int], response: float, seeds: int) -> Counter[str]:
    """Count branches by what became of them, and reports by what they show."""
    tally: Counter[str] = Counter()
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as folder:
            made = survey.simulate(
                folder, n_branches=30, seed=seed, sizes=sizes, response_rate=response
            )
            published = survey.read(Path(made.export), roster=made.roster).published()
        frame = published["branch",].frame
        reasons = frame["reason"].where(frame["verdict"] == "withheld", "shown")
        lost = int((reasons == "partner").sum())
        tally += Counter(reasons)
        tally["most partners"] = max(tally["most partners"], lost)
        tally["reports with roles in figures"] += int(
            published["role",].frame["rate"].notna().all()
        )
        both = published.get(("branch", "role"))
        if both is not None:
            shown = both.frame["verdict"] != "withheld"
            tally["branches with roles told"] += int(both.frame.loc[shown, "branch"].nunique())
    return tally


def main() -> None:
    """Print one row a setting."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    rows = {
        (f"{sizes[0]}–{sizes[1]}", response): run(sizes, response, seeds)
        for sizes in ((8, 15), (8, 25), (8, 40))
        for response in (0.5, 0.8)
    }
    print(pd.DataFrame(rows).T.fillna(0).astype(int).to_string())


if __name__ == "__main__":
    main()
