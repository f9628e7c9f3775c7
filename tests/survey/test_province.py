"""A simulated province: its truth by brute force, and what the product finds of it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import survey
from survey.simulation import Province, draw_province, simulate_province

LEVELS = [(), ("学校",), ("学校", "学院"), ("学校", "学院", "branch")]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Province:
    """Simulate three universities of two colleges."""
    folder = tmp_path_factory.mktemp("province")
    return simulate_province(folder, n_universities=3, n_colleges=2, n_branches=5, seed=4)


def test_truth_at_every_level_is_counted_from_everybody(province: Province) -> None:
    people = pd.concat(
        own.people.persons.assign(
            学校=own.name, 学院=own.people.persons["branch"].map(own.colleges)
        )
        for own in draw_province(3, 2, 5, seed=4)
    )
    for level in LEVELS:
        told = province.true_of(*level)
        groups = people.groupby(list(level), sort=False) if level else [(0, people)]
        for (key, rows), (known, row) in zip(groups, told.iterrows(), strict=True):
            assert key == known or key == (known,)
            assert row["population"] == len(rows)
            assert row["true_rate"] == pytest.approx(rows["satisfied"].mean(), abs=1e-12)


def test_contributions_of_a_level_are_those_of_its_people(province: Province) -> None:
    """Raising every item to its target leaves what the true model says, whatever the level."""
    whole = province.true_drivers_of()
    by_school = province.true_drivers_of("学校").unstack("dimension")
    size = province.true_of("学校")["population"]
    assert np.allclose(by_school.mul(size, axis=0).sum() / size.sum(), whole[by_school.columns])
    fall = 1 - province.true_of()["true_rate"].iloc[0]
    assert 0 < whole.sum() < fall
    assert whole["venues"] == 0  # the dimension that moves nothing


def test_universities_colleges_and_branches_differ() -> None:
    drawn = list(draw_province(40, 6, 5, seed=2, sizes=(60, 60)))
    rows = pd.concat(
        own.people.persons[["branch", "satisfied"]].assign(
            学校=own.name, 学院=own.people.persons["branch"].map(own.colleges)
        )
        for own in drawn
    )
    assert rows["branch"].nunique() == 40 * 6 * 5
    schools = rows.groupby("学校")["satisfied"].mean()
    assert schools.min() < 0.85 < 0.93 < schools.max()
    # within universities, colleges differ by more than their branches explain
    branches = rows.groupby(["学校", "学院", "branch"])["satisfied"].mean()
    colleges = branches.groupby(["学校", "学院"]).mean()
    by_chance = branches.groupby(["学校", "学院"]).var().mean() / 5
    assert colleges.groupby("学校").var().mean() > 1.5 * by_chance


def test_a_university_does_not_hang_on_how_many_there_are() -> None:
    one, *_ = draw_province(1, 2, 3, seed=9)
    first, *_ = draw_province(3, 2, 3, seed=9)
    pd.testing.assert_frame_equal(one.people.persons, first.people.persons)


def test_files_and_batches_hold_the_same_answers(province: Province) -> None:
    held = survey.read(province.exports, roster=province.roster, keep=["学校", "学院"])
    coded = pd.concat(own.coded for own in draw_province(3, 2, 5, seed=4))
    again = survey.from_coded(coded, roster=province.roster, keep=["学校", "学院"])
    for by in (["学校"], ["学校", "学院"], ["branch"]):
        files = held.satisfaction(by).frame.set_index(by)
        batches = again.satisfaction(by).frame.set_index(by)
        truth = province.true_of(*by)
        assert files["population"].to_dict() == truth["population"].to_dict()
        assert batches["n_valid"].to_dict() == truth["n_responses"].to_dict()
        assert (files["n_valid"] <= batches["n_valid"]).all()
        inside = batches["lower"].le(truth["true_rate"]) & batches["upper"].ge(truth["true_rate"])
        assert inside.mean() > 0.8


def test_batches_of_coded_answers_hold_the_truth_of_every_level(
    province: Province, tmp_path: Path
) -> None:
    polars = pytest.importorskip("polars")
    size = {"n_universities": 3, "n_colleges": 2, "n_branches": 5, "seed": 4}
    coded = simulate_province(tmp_path, form="parquet", **size)
    pd.testing.assert_frame_equal(coded.truth, province.truth)
    assert len([*coded.exports.iterdir()]) == 3
    held = survey.read(coded.exports, roster=coded.roster, keep=["学校", "学院"], engine="polars")
    people = pd.concat(own.people.persons for own in draw_province(3, 2, 5, seed=4))
    satisfied = people[people["responded"]].groupby("branch")["satisfied"].sum()
    frame = held.satisfaction().frame.set_index("branch")
    assert frame["n_satisfied"].to_dict() == satisfied.to_dict()
    for by in (["学校"], ["学校", "学院"]):
        told = held.satisfaction(by).frame.set_index(by)
        assert told["n_valid"].to_dict() == coded.true_of(*by)["n_responses"].to_dict()
    rows = polars.scan_parquet(coded.exports / "*.parquet").select(polars.len()).collect().item()
    assert rows == coded.truth["n_responses"].sum()


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(survey.UsageError, match="正整数"):
        next(draw_province(0))


def test_a_reading_that_was_killed_goes_on_from_what_it_had_read(
    province: Province, tmp_path: Path
) -> None:
    program = (
        f"import survey; survey.read({str(province.exports)!r}, "
        f"roster={str(province.roster)!r}, work={str(tmp_path)!r})"
    )
    killed = subprocess.Popen([sys.executable, "-c", program])
    while killed.poll() is None and not [*tmp_path.glob("*-auto")]:
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    before = {file.name: file.stat() for file in tmp_path.glob("*-auto")}
    assert before
    again = survey.read(province.exports, roster=province.roster, work=tmp_path)
    now = {file.name: file.stat() for file in tmp_path.glob("*-auto")}
    assert len(now) == len([*province.exports.iterdir()])
    for name, stat in before.items():  # neither written again nor replaced
        assert (stat.st_mtime_ns, stat.st_ino) == (now[name].st_mtime_ns, now[name].st_ino)
    alone = survey.read(province.exports, roster=province.roster)
    pd.testing.assert_frame_equal(again.coded, alone.coded)
    pd.testing.assert_frame_equal(again.audit, alone.audit)
