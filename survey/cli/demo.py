"""What an office holds in its second year, simulated: exports, rosters, actions, evidence."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import survey
from survey.errors import Language

BEFORE = "0.86"
"""Branches lie around this share of satisfied people a year ago."""
DONE = 0.95
"""Chance of a line of evidence to be filled in."""


def files(work: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """Write the files and give them by the options that take them.

    Branches under numbers cannot be held against an earlier wave: they have this year alone.
    """
    from survey.output import ACTIONS
    from survey.report import actions

    language, seed = chosen.language, chosen.seed or 0
    zh = language == "zh"
    beside = work / ("模拟数据" if zh else "simulated")
    made = survey.simulate(beside, n_branches=chosen.branches, seed=seed)
    now = {"files": made.export, "roster": made.roster}
    if chosen.anonymous_branches:
        return now
    last = survey.simulate(
        beside / ("上次" if zh else "last"),
        n_branches=chosen.branches,
        seed=seed,
        bar=BEFORE,
        wave=1,
    )
    listed = last.export.with_name(ACTIONS[language])
    found = survey.read(last.export, roster=last.roster).findings(comments="none")
    actions.write(found, listed, language)
    proved = survey.evidence(
        made.roster, beside / ("佐证.xlsx" if zh else "evidence.xlsx"), language=language
    )
    _fill(proved, seed, language)
    given = {name: value for name in ("actions", "evidence") if (value := getattr(chosen, name))}
    earlier = {"earlier": last.export, "earlier_roster": last.roster, "actions": listed}
    return {**now, **earlier, "evidence": proved, **given}


def _fill(path: Path, seed: int, language: Language) -> None:
    """Fill in the workbook of evidence as branches would, not every line of it."""
    import numpy as np
    from openpyxl import load_workbook

    from survey.documentary.periods import parse
    from survey.documentary.sheets import EVENTS, MEMBER
    from survey.forms.writing import HEADER_ROW

    rng = np.random.default_rng([seed, 2])
    book = load_workbook(path)
    for form in (EVENTS, MEMBER):
        sheet = book[form.name.text(language)]
        place = {column.key: at for at, column in enumerate(form.columns, start=1)}
        for row in range(HEADER_ROW + 1, sheet.max_row + 1):
            if rng.random() > DONE:
                continue
            number = sheet.cell(row, place["number"]).value
            filled: dict[str, Any] = {"file": f"{number}-{row}.pdf"}
            if form is EVENTS:
                period = parse(str(sheet.cell(row, place["period"]).value), "term")
                begun = date.today() if period is None else period.first
                # lines that follow one another are never of one day
                filled |= {"date": begun + timedelta(days=14 + 50 * (row % 2) + row % 47)}
                filled |= {"subject": "专题学习" if language == "zh" else "study"}
                filled |= {"present": int(rng.integers(8, 60))}
            else:
                positions = MEMBER.columns[place["member"] - 1].choices
                position = positions[(row - HEADER_ROW - 1) % len(positions)]
                filled |= {"member": position.text(language), "n": int(rng.integers(1, 9))}
            for key, value in filled.items():
                sheet.cell(row, place[key]).value = value
    book.save(path)
