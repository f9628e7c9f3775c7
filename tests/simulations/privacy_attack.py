"""What an attacker learns of small groups, over many universities of six shapes.

Run as ``python -m tests.simulations.privacy_attack [universities a shape]``. For every shape:
how many branches lose their verdict to protect another, how often roles have no figures and how
often branch and role are not crossed at all; of the small cells, how many are shown to hold a
dissatisfied person and how many are determined though no published unit around them says so.

``python -m tests.simulations.privacy_attack printed [universities] [first seed]`` attacks with all
that reports print, one report or several (`tests.survey.privacy.witnesses`): of the groups of a
few, of how many a printed unit tells whether it holds a dissatisfied person, of how many counts and
mean scores together do (and how many such are shown to hold one), and of how many only the rest
does: rates, bounds, verdicts and what is withheld.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import product
from typing import Any

import pandas as pd

from survey import privacy
from tests.survey.privacy.attacker import attack, singled_out, tables_of
from tests.survey.privacy.test_attack import SHAPES
from tests.survey.privacy.test_items_attack import attacked_items
from tests.survey.privacy.universities import MIN_CELL, POINTS, findings, people
from tests.survey.privacy.witnesses import Report, attacked, reader, university

_ITEMS = ("small", "holds", "determined", "singled_out")


def run(n_universities: int) -> pd.DataFrame:
    """Attack universities of every shape; one row a shape."""
    rows = []
    for name, shape in SHAPES.items():
        tally: dict[str, float] = dict.fromkeys(
            ["small_cells", "holds", "determined", "singled_out", "harmed"], 0
        )
        tally |= dict.fromkeys([f"items_{name}" for name in _ITEMS], 0)
        lost = no_figures = no_crossing = shown_rows = n_branches = most_lost = 0
        for seed in range(n_universities):
            raw = findings(people(1000 + seed, **shape))
            protected = privacy.protect(raw)
            published = tables_of(protected)
            assert ("branch", "role") in raw.tables
            assert ("role",) in protected.tables
            cells = raw.tables["branch", "role"].frame
            inner = cells.set_index(["branch", "role"])["n_valid"].astype(int)
            result = attack(published, points=POINTS, inner=inner)
            tally["small_cells"] += len(result)
            tally["holds"] += result["holds"].sum()
            tally["harmed"] += bool(result["holds"].any())
            tally["determined"] += result["determined"].sum()
            tally["singled_out"] += len(singled_out(published, inner=inner))
            for of_item, groups in attacked_items(shape, 1000 + seed):
                tally["items_small"] += len(of_item)
                tally["items_holds"] += of_item["holds"].sum()
                tally["items_determined"] += of_item["determined"].sum()
                tally["items_singled_out"] += len(groups)
            frame = protected.tables["branch",].frame
            gone = ((frame["verdict"] == "withheld") & (frame["n_valid"] >= MIN_CELL)).sum()
            lost += gone
            most_lost = max(most_lost, gone)
            n_branches += len(frame)
            no_figures += bool(protected.tables["role",].frame["rate"].isna().any())
            no_crossing += ("branch", "role") not in protected.tables
            if ("branch", "role") in protected.tables:
                both = protected.tables["branch", "role"].frame
                shown_rows += both.loc[both["verdict"] != "withheld", "branch"].nunique()
        rows.append(
            {
                "shape": name,
                "branches_lost": lost / n_branches,
                "most_lost": most_lost,
                "roles_without_figures": no_figures / n_universities,
                "not_crossed": no_crossing / n_universities,
                "rows_shown": shown_rows / n_branches,
                **tally,
            }
        )
    return pd.DataFrame(rows)


PRINTED: dict[str, dict[str, Any]] = {
    "5 of 8–15": {"n_branches": 5, "sizes": (8, 15)},
    "12 of 8–15": {"n_branches": 12, "sizes": (8, 15)},
    "24 of 8–15": {"n_branches": 24, "sizes": (8, 15)},
    "24 of 8–40": {"n_branches": 24, "sizes": (8, 40)},
    "24 of 4–15": {"n_branches": 24, "sizes": (4, 15), "response": 0.6, "no_role": 0.03},
}
HELD: dict[str, tuple[dict[str, Any], Callable[[pd.DataFrame], list[Report]]]] = {
    "sizes by role": ({}, lambda sizes: [Report(reader(sizes, colleges=False))]),
    "… and colleges": ({"colleges": 4}, lambda sizes: [Report(reader(sizes))]),
    "… and a small role": (
        {"colleges": 4, "small_role": 0.02},
        lambda sizes: [Report(reader(sizes))],
    ),
    "sizes of branches": (
        {"colleges": 4},
        lambda sizes: [Report(reader(sizes, by_role=False))],
    ),
    "also without a college": (
        {"colleges": 4},
        lambda sizes: [
            Report(reader(sizes), part) for part in (None, frozenset({"c1", "c2", "c3"}))
        ],
    ),
    "also one of each college": (
        {"colleges": 2},
        lambda sizes: [
            Report(reader(sizes), part) for part in (None, frozenset({"c0"}), frozenset({"c1"}))
        ],
    ),
}


def attack_printed(shape: str, held: str, seeds: range) -> pd.Series[int]:
    """Attack universities of one shape with all that is printed of them."""
    options, reports = HELD[held]
    parts = []
    for seed in seeds:
        rows, sizes = university(seed, **PRINTED[shape], **options)
        parts.append(attacked(reports(sizes), rows, seed))
    found = pd.concat(parts)
    told = found[["by_unit", "by_counts", "beyond"]].sum()
    shown = (found["by_counts"] & (found["bad"] > 0)).sum()
    return pd.concat([pd.Series({"small": len(found)}), told, pd.Series({"shown": shown})])


if __name__ == "__main__" and sys.argv[1:2] == ["printed"]:
    number, first = (int(value) for value in [*sys.argv[2:], "20", "0"][:2])
    for shape, held in product(PRINTED, HELD):
        told = attack_printed(shape, held, range(first, first + number))
        print(f"{shape}, {held}:", *(f"{k} {v}" for k, v in told.items()), flush=True)
elif __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 40).round(4).to_string(index=False))
