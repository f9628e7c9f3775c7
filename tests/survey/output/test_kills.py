from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.survey.output import kills
from tests.survey.output.reports import names, text

MEMORY = Path("/dev/shm")


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    if request.param == "disk":
        yield tmp_path
    elif not MEMORY.is_dir():
        pytest.skip("no file system in memory")
    else:
        with TemporaryDirectory(dir=MEMORY) as made:
            yield Path(made)


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
@pytest.mark.parametrize("n", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_runs_killed_at_random(folder: Path, n: int) -> None:
    count = kills.kill(n, folder, seed=n)
    assert (count.kills, count.lost, count.leftovers) == (n, 0, 0)


def test_of_runs_into_one_place_one_writes_and_the_others_are_told(folder: Path) -> None:
    codes = kills.race(4, folder / "r")
    assert sorted(codes) == [0, 4, 4, 4]
    assert text(folder / "r")
    assert names(folder) == ["r"]
