"""Attacks with everything printed; larger ones in ``tests/simulations/privacy_attack.py``."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import survey
from tests.simulations.privacy_attack import attack_printed
from tests.survey.privacy.witnesses import CELL, Report, attacked, reader

# satisfied, others and people of both roles: all of r0 answered, and it is below the bar
FIVE = {
    "b0": ((7, 0, 7), (6, 0, 14)),
    "b1": ((7, 0, 7), (4, 0, 10)),
    "b2": ((2, 1, 3), (6, 0, 15)),
    "b3": ((6, 0, 6), (9, 0, 20)),
    "b4": ((4, 2, 6), (2, 0, 4)),
}


def drawn() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, sizes = [], []
    for branch, roles in FIVE.items():
        for role, (good, others, people) in zip(("r0", "r1"), roles, strict=True):
            rows += [("c", branch, role, 5)] * good + [("c", branch, role, 2)] * others
            sizes.append(("c", branch, role, people))
    return (
        pd.DataFrame(rows, columns=[*CELL, "level"]),
        pd.DataFrame(sizes, columns=[*CELL, "n"]),
    )


class Careless(Report):
    """Roles without figures are judged by their own answers."""

    def of(self, rows: pd.DataFrame) -> survey.Findings:
        held = self.read(rows)
        found = held.findings()
        roles = found.tables["role",]
        judged = held.satisfaction("role").frame["verdict"]
        told = replace(roles, frame=roles.frame.assign(verdict=judged))
        return replace(found, tables={**found.tables, ("role",): told})


def test_verdicts_of_roles_without_figures_tell_of_nobody() -> None:
    rows, sizes = drawn()
    read = reader(sizes, colleges=False)
    roles = read(rows).published()["role",].frame
    assert roles["rate"].isna().all()
    assert (roles["verdict"] != "withheld").all()
    assert read(rows).satisfaction("role").frame["verdict"].iloc[0] == "below"
    assert not attacked([Report(read)], rows)["beyond"].any()
    # r0 is below the bar with all three dissatisfied people alone: one of the three of r0 in b2 is
    told = attacked([Careless(read)], rows, only=("b2", "r0"))
    assert told[["bad", "beyond"]].to_numpy().tolist() == [[1, True]]


@pytest.mark.parametrize(
    ("shape", "held", "seed"),
    [
        ("5 of 8–15", "… and a small role", 3),
        ("5 of 8–15", "also without a college", 1),
        ("12 of 8–15", "… and colleges", 6),
    ],
)
def test_what_is_printed_tells_no_more_than_counts(shape: str, held: str, seed: int) -> None:
    told = attack_printed(shape, held, range(seed, seed + 1))
    assert told["small"] > 2
    assert not told["beyond"]
