"""Universities that differ in nothing but what is withheld: everything written is the same.

An attacker who reads tables, hints, coordinates of charts and comparisons can tell such twins
apart only by what should not be there; so this covers what no list of places could.
"""

from __future__ import annotations

import dataclasses
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey import charts
from tests.survey.privacy.universities import people

ITEMS = {"a": ["a1", "a2"], "b": ["b1", "b2"]}
SLOTS = [slot for own in ITEMS.values() for slot in own]


def answers(seed: int, n_branches: int = 14) -> pd.DataFrame:
    """Draw answers in which four people of two branches can change places."""
    rows = people(seed, n_branches=n_branches, sizes=(8, 40), response=0.6)
    rng = np.random.default_rng([seed, 1])
    n = len(rows)
    marks = np.where(rows["satisfied"], rng.integers(4, 6, n), rng.integers(1, 4, n))
    frame = rows.assign(q=marks)
    for slot in SLOTS:
        frame[slot] = np.clip(marks + rng.integers(-1, 2, n), 1, 5)
    return frame[["branch", "role", "q", *SLOTS]]


def read(frame: pd.DataFrame, sizes: pd.DataFrame | None = None) -> survey.Survey:
    """Read answers with a roster: by default without roles, one and a half times the answers."""
    if sizes is None:
        n = frame.groupby("branch", sort=False).size()
        sizes = pd.DataFrame({"支部": n.index, "人数": (1.5 * n).astype(int).to_numpy()})
    return survey.from_frame(
        frame,
        branch="branch",
        role="role",
        overall="q",
        satisfied=["4", "5"],
        roster=sizes,
        keep=[name for name in ("college",) if name in frame],
    )


def roles_exchanged(frame: pd.DataFrame, branches: list[str]) -> pd.DataFrame:
    """Let a satisfied and another person of one branch exchange roles; in a second one, back.

    Totals of branches and of roles stay, the answers of every branch by role do not.
    """
    twin = frame.copy()
    satisfied = frame["q"] >= 4
    places: list[Any] = []
    for branch in branches:
        own = frame["branch"] == branch
        want = [("r0", True), ("r1", False)] if not places else [("r1", True), ("r0", False)]
        found = [frame.index[own & (frame["role"] == r) & (satisfied == s)] for r, s in want]
        if all(len(index) for index in found):
            places.append([index[0] for index in found])
        if len(places) == 2:
            break
    assert len(places) == 2
    for pair in places:
        twin.loc[pair, "role"] = frame.loc[pair[::-1], "role"].to_numpy()
    return twin


def answers_exchanged(frame: pd.DataFrame, branches: list[str]) -> pd.DataFrame:
    """Let two withheld branches exchange the answers of one person each, whole rows of one role."""
    twin = frame.copy()
    satisfied = frame["q"] >= 4
    for role in ("r0", "r1"):
        own = frame["role"] == role
        one, other = (
            frame.index[own & (frame["branch"] == branch) & (satisfied == side)]
            for branch, side in zip(branches, (True, False), strict=True)
        )
        if len(one) and len(other):
            pair = [one[0], other[0]]
            columns = ["q", *SLOTS]
            twin.loc[pair, columns] = frame.loc[pair[::-1], columns].to_numpy()
            return twin
    raise AssertionError("no two people to exchange")


def numbers(value: Any) -> Any:
    """Give everything that a plan holds, arrays and frames as lists, so that plans compare."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [(f.name, numbers(getattr(value, f.name))) for f in dataclasses.fields(value)]
    if isinstance(value, np.ndarray):
        return [str(entry) for entry in value.ravel()]
    if isinstance(value, tuple | list):
        return [numbers(entry) for entry in value]
    return str(value)


def drawn(held: survey.Survey, earlier: survey.Survey) -> dict[str, Any]:
    """Collect the figures of every chart of published tables, and of the comparison."""
    published = held.published()
    found = held.findings()
    branches, everyone = published["branch",], published[()]
    made = {
        name: charts.plan(name, branches)
        for name in ("caterpillar", "response_rates", "nonresponse", "funnel")
    }
    made["whole"] = charts.plan("caterpillar", everyone)
    made["roles"] = charts.plan("roles", published["role",])
    made["changes"] = charts.plan("changes", held.compare(earlier))
    if found.ranking is not None:
        made["ranks"] = charts.plan("ranks", found.ranking)
    if found.items is not None:
        made["item_bars"] = charts.plan("item_bars", found.items)
    return {name: numbers(plan) for name, plan in made.items()}


def written(held: survey.Survey, earlier: survey.Survey, folder: Path) -> dict[str, bytes]:
    """Write a report with everything and give its files."""
    return contents(held.report(folder, earlier=earlier, per_branch="html"))


def contents(place: Path) -> dict[str, bytes]:
    """Give the files of a folder, members of zip files one by one."""
    found: dict[str, bytes] = {}
    for file in sorted(place.rglob("*")):
        if file.name == "run.json" or not file.is_file():
            continue  # hashes of the inputs differ, as they must
        name = file.relative_to(place).as_posix()
        if not zipfile.is_zipfile(file):
            found[name] = file.read_bytes()
            continue
        with zipfile.ZipFile(file) as archive:
            for member in archive.namelist():
                if not member.startswith("docProps"):
                    found[f"{name}/{member}"] = archive.read(member)
    return found


def told_apart(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.mark.parametrize("seed", range(6))
def test_roles_of_a_withheld_crossing(seed: int) -> None:
    frame = answers(seed)
    both = read(frame).published().get(("branch", "role"))
    gone = set(frame["branch"]) if both is None else set()
    if both is not None:
        hidden = both.frame.groupby("branch")["rate"].apply(lambda rates: rates.isna().all())
        gone = set(hidden.index[hidden])
    twin = roles_exchanged(frame, sorted(gone))
    assert not frame.equals(twin)
    earlier = read(answers(seed + 100))
    assert not told_apart(drawn(read(frame), earlier), drawn(read(twin), earlier))


@pytest.mark.parametrize("n_branches", [9, 14])
@pytest.mark.parametrize("seed", range(2))
def test_rates_by_sizes_of_roles(seed: int, n_branches: int) -> None:
    """Weighted by N / n of every cell they would be equations about what is withheld."""
    frame = answers(seed, n_branches=n_branches)
    frame["college"] = frame["branch"].map(lambda name: f"c{int(name[1:]) % 3}")
    n = frame.groupby(["branch", "role", "college"], sort=False).size().rename("人数").reset_index()
    sizes = n.rename(columns={"branch": "支部", "role": "身份"})
    sizes["人数"] = (1.2 * sizes["人数"] + 3 * (sizes["身份"] == "r1")).astype(int)
    told = read(frame, sizes).published()
    both = told.get(("branch", "role"))
    hidden = [*frame["branch"].unique()]
    if both is not None:
        hidden = sorted(set(both.frame.loc[both.frame["rate"].isna(), "branch"]))
    twin = roles_exchanged(frame, hidden)
    assert not frame.equals(twin)
    other = read(twin, sizes).published()
    assert ("college",) in told
    assert read(frame, sizes).satisfaction("role").frame["estimator"].iloc[0] != "binomial"
    for by, table in told.items():
        one, two = (t.frame.drop(columns="index") for t in (table, other[by]))
        pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize("seed", range(3))
def test_all_files_of_a_withheld_crossing(seed: int, tmp_path: Path) -> None:
    frame = answers(seed, n_branches=9)  # below twelve no branch is told by role
    twin = roles_exchanged(frame, sorted(set(frame["branch"])))
    earlier = read(answers(seed + 100, n_branches=9))
    files = [
        written(read(one), earlier, tmp_path / name)
        for name, one in (("one", frame), ("two", twin))
    ]
    assert len(files[0]) > 20
    assert not told_apart(*files)


def with_two_small(seed: int, n: int) -> pd.DataFrame:
    """Draw answers of a university in which two branches have `n` answers of one role each."""
    frame = answers(seed)
    small = answers(seed + 50).groupby(["role"]).head(2 * n).query("role == 'r0'").iloc[: 2 * n]
    small = small.assign(branch=["small 1"] * n + ["small 2"] * n)
    marks = np.tile([5, *[2] * (n - 1)], 2)
    marks[n:] = 5
    return pd.concat([frame, small.assign(q=marks)], ignore_index=True)


@pytest.mark.parametrize("n", [3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_answers_of_withheld_branches(seed: int, n: int) -> None:
    frame = with_two_small(seed, n)
    earlier = read(answers(seed + 100))
    held = read(frame)
    branches = held.published()["branch",].frame.set_index("branch")
    names = ["small 2", "small 1"]
    assert (branches.loc[names, "verdict"] == "withheld").all()
    twin = answers_exchanged(frame, names)
    assert not frame.equals(twin)
    assert not told_apart(drawn(held, earlier), drawn(read(twin), earlier))


def test_twins_are_told_apart_by_what_is_not_withheld() -> None:
    frame = answers(0)
    earlier = read(answers(100))
    twin = frame.copy()
    largest = frame["branch"].value_counts().index[0]
    place = frame.index[(frame["branch"] == largest) & (frame["q"] >= 4)][0]
    twin.loc[place, "q"] = 1
    apart = told_apart(drawn(read(frame), earlier), drawn(read(twin), earlier))
    assert {"caterpillar", "whole", "changes", "funnel"} <= set(apart)


def test_no_mark_stands_for_a_withheld_branch() -> None:
    """Coordinates are read back from the picture: as many dots as there are published rates."""
    held = read(with_two_small(1, 3))
    frame = held.published()["branch",].frame
    ax = charts.draw("caterpillar", held.published()["branch",])
    dots = [line.get_xdata() for line in ax.lines if line.get_marker() not in (None, "None", "")]
    dots += [c.get_offsets()[:, 0] for c in ax.collections if len(c.get_offsets()) > 1]
    at = np.sort(np.concatenate([np.asarray(part, dtype=float) for part in dots]))
    shown = np.sort(frame.loc[frame["verdict"] != "withheld", "rate"].to_numpy(dtype=float))
    assert len(shown) < len(frame)
    np.testing.assert_allclose(at, shown)
