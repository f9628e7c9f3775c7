"""The mutation campaign, a small part of it: right answer or clear error, never moved answers."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from survey.readers import open_export
from survey.roster import read_roster
from tests.simulations import mutate_rosters
from tests.simulations.mutate_exports import (
    FAILURES,
    FILE_MUTATIONS,
    TABLE_MUTATIONS,
    campaign,
    fresh,
    judge,
)
from tests.writers.files import write_xlsx


@pytest.mark.parametrize("first_seed", [0, 1000])
def test_campaign(first_seed: int) -> None:
    counts, failures = campaign(60, first_seed)
    assert failures == []
    outcomes = {outcome for _, outcome in counts}
    assert {"right", "refused"} <= outcomes <= {"right", "refused", "reported", "altered"}


def test_the_judge_notices_a_moved_answer(tmp_path: Path) -> None:
    case = fresh(random.Random(5))
    export = open_export(write_xlsx(tmp_path / "a.xlsx", case.cells))
    assert judge(export, case, touched=False) == "right"
    people = [*case.person]
    people[0], people[1] = people[1], people[0]
    with pytest.raises(AssertionError):
        judge(export, replace(case, person=people), touched=False)
    origin = [*case.origin]
    answers = [i for i, source in enumerate(origin) if source]
    origin[answers[0]], origin[answers[-1]] = origin[answers[-1]], origin[answers[0]]
    with pytest.raises(AssertionError):
        judge(export, replace(case, origin=origin), touched=False)


def test_every_mutation_is_named_in_the_campaign() -> None:
    names = {mutation.__name__ for mutation in (*TABLE_MUTATIONS, *FILE_MUTATIONS)}
    assert len(names) == len(TABLE_MUTATIONS) + len(FILE_MUTATIONS)
    assert not names & set(FAILURES)


def test_campaign_on_rosters() -> None:
    counts, failures = campaign(60, run=mutate_rosters.run_case)
    assert failures == []
    outcomes = {outcome for _, outcome in counts}
    assert {"right", "refused"} <= outcomes <= {"right", "refused", "altered"}


def test_the_judge_of_rosters_notices_another_size(tmp_path: Path) -> None:
    case = mutate_rosters.fresh(random.Random(5))
    roster = read_roster(write_xlsx(tmp_path / "r.xlsx", case.cells), mutate_rosters.ASKED)
    assert mutate_rosters.judge(roster, case, damaged=False) == "right"
    first = next(iter(case.sizes))
    sizes = {**case.sizes, first: case.sizes[first] + 1}
    with pytest.raises(AssertionError):
        mutate_rosters.judge(roster, replace(case, sizes=sizes), damaged=False)
