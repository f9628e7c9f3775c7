"""What an attacker learns from the files of reports, over universities of six shapes.

Run as ``python -m tests.simulations.attack_files [universities a shape] [first seed]``. Every
report is written with all its formats, charts, secretaries' pages, the wave before with its list of
actions, a branch that became part of another, comments and evidence; page, document and workbook
are read again and attacked with every number of answers known; hints of charts, pages of withheld
branches, both lists of actions, the changes and ``run.json`` must hold no figure of a branch that
is withheld, or was in the wave before. One line a shape.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

import pandas as pd

import survey
from tests.survey.privacy.attacker import attack, figures_in_withheld_rows, singled_out
from tests.survey.test_published_files import _from_docx, _from_html, _from_xlsx, _published

SHAPES = {
    "5 of 8–15": (5, (8, 15)),
    "8 of 20–60": (8, (20, 60)),
    "12 of 8–15": (12, (8, 15)),
    "20 of 5–40": (20, (5, 40)),
    "40 of 5–40": (40, (5, 40)),
    "60 of 8–300": (60, (8, 300)),
}
HINT = re.compile(r"<(?:title|desc)[^>]*>([^<]*)<")


def attacked(n_branches: int, sizes: tuple[int, int], seed: int, folder: Path) -> dict[str, int]:
    """Write the report of one university and count what its files give away."""
    made, past = (
        survey.simulate(
            folder / name,
            n_branches=n_branches,
            sizes=sizes,
            seed=drawn,
            response_rate=0.5 + 0.3 * (drawn % 2),
        )
        for name, drawn in (("now", seed), ("past", seed + 10_000))
    )
    evidence = survey.evidence(made.roster, folder / "evidence.xlsx")
    held = survey.read(made.export, roster=made.roster, evidence=evidence)
    before = survey.read(past.export, roster=past.roster)
    last = before.report(folder / "before")
    place = held.report(
        folder / "report",
        per_branch="html",
        earlier=before,
        renamed={before.branches[1]: held.branches[0]},
        actions=last / "整改清单.xlsx",
        comments="quotes",
    )
    both = held.satisfaction(["branch", "role"]).frame
    inner = both.set_index(["branch", "role"])["n_valid"].astype(int)
    own = held.published()["branch",].frame
    gone = own.loc[(own["verdict"] == "withheld") & (own["n_valid"] > 0), "branch"].tolist()
    was = before.published()["branch",].frame
    hidden = set(was.loc[was["verdict"] == "withheld", "branch"])
    merged = {held.branches[0]} if hidden & {*before.branches[:2]} else set()
    told = dict.fromkeys(("tables", "small", "holds", "determined", "singled_out", "figures"), 0)
    for read in (_from_html, _from_docx, _from_xlsx):
        published = _published(read(place), held.branches)
        told["tables"] += len(published)
        if "by_branch" not in published:  # a page for a few answers has no table of branches
            continue
        told["figures"] += len(figures_in_withheld_rows(published))
        told["singled_out"] += len(singled_out(published, inner=inner))
        result = attack(published, inner=inner)
        told["small"] += len(result)
        told["holds"] += int(result["holds"].sum())
        told["determined"] += int(result["determined"].sum())
    drawn = [*place.rglob("*.svg"), place / "report.html"]
    hints = [text for file in drawn for text in HINT.findall(file.read_text(encoding="utf-8"))]
    told["figures"] += sum(
        name in text and "%" in text and "满意" in text for name in gone for text in hints
    )
    pages = {file.stem.split("_", 1)[1]: file for file in (place / "branches").glob("*.html")}
    for name in gone:
        body = pages[name].read_text(encoding="utf-8").split("<body", 1)[1]
        told["figures"] += "满意率 " in re.sub(r"<[^>]+>", "", body)
    changes = pd.read_excel(place / "results.xlsx", sheet_name="变化")
    told["figures"] += int(
        changes.loc[changes["支部"].isin(hidden | merged), "上次满意率"].notna().sum()
    )
    for of, units in ((place, set(gone)), (last, hidden)):
        listed = pd.read_excel(of / "整改清单.xlsx", header=1)
        told["figures"] += int(listed["范围"].isin(units).sum())
    record = (place / "run.json").read_text(encoding="utf-8")
    told["figures"] += record.count('"rate') + record.count('"n_satisfied')
    return told


if __name__ == "__main__":
    number, first = (int(value) for value in [*sys.argv[1:], "34", "0"][:2])
    for shape, (branches, people) in SHAPES.items():
        total: dict[str, int] = {}
        for drawn_seed in range(first, first + number):
            with tempfile.TemporaryDirectory() as name:
                found = attacked(branches, people, drawn_seed, Path(name))
            total = {key: total.get(key, 0) + value for key, value in found.items()}
        print(shape, number, total, flush=True)
