"""Folders of many files: read on all cores, understood once, gone on with after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import survey
from survey.readers.container import many
from survey.readers.export import many as together
from tests.survey import offices

ANSWERS = ["满意", "基本满意", "不满意", "不了解", "(空)"]


def folder(at: Path, n_files: int = 24, n_rows: int = 6) -> Path:
    """Write files of the short form, one a branch; addresses repeat over files."""
    at.mkdir()
    for number in range(n_files):
        people = [
            (f"支部{number:02d}", (offices.MEMBER, offices.STAFF)[row % 2], ANSWERS[row % 5])
            for row in range(n_rows + number % 3)
        ]
        offices.export(at / f"{number:02d}.csv", people)
    return at


def held(files: Path, **options: object) -> survey.Survey:
    return survey.read(files, questionnaire=offices.SHORT, **options)  # type: ignore[arg-type]


def dumped_or_ended(path: Path, *more: Any) -> Any:
    """Read a file as the readers do, but for one that ends its process."""
    if path.name == "05.csv":
        os._exit(1)
    return many._dumped(path, *more)


def same(one: survey.Survey, other: survey.Survey) -> None:
    for name in ("people", "scores", "status"):
        a, b = getattr(one.responses, name), getattr(other.responses, name)
        pd.testing.assert_frame_equal(a, b, check_dtype=False, check_categorical=False)
    pd.testing.assert_series_equal(one.screening.used, other.screening.used)
    told = ["file", "sha256", "n_rows"]
    pd.testing.assert_frame_equal(one.files[told], other.files[told])


def test_files_put_together_are_read_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = folder(tmp_path / "in")
    at_once = held(files)
    monkeypatch.setattr(together, "MANY", 100)
    monkeypatch.setattr(many, "MANY", 100)
    alone = held(files)
    # numbers of devices differ, not who shares one
    people = [s.responses.people for s in (at_once, alone)]
    pairs = pd.concat([p["device"] for p in people], axis=1).drop_duplicates()
    assert all(pairs.iloc[:, at].is_unique for at in (0, 1))
    for one in (at_once, alone):
        one.responses.people["device"] = 0
    same(at_once, alone)
    notes = [len(s.responses.problems) for s in (at_once, alone)]
    assert notes[0] <= notes[1] / 20


def test_files_of_other_headers_or_other_kinds_of_answers_stay_apart(tmp_path: Path) -> None:
    files = folder(tmp_path / "in")
    offices.export(files / "x.csv", [("甲", offices.MEMBER, "2")] * 5)
    offices.export(
        files / "y.csv",
        [("乙", "满意")] * 5,
        questions=(offices.BRANCH, offices.OVERALL),
    )
    paths = sorted(files.iterdir())
    exports, bad = together.open_exports(paths, [path.name for path in paths])
    assert not bad
    assert sorted(len(export.paths) for export in exports) == [1, 1, 24]
    (whole,) = (export for export in exports if len(export.paths) > 1)
    assert whole.name == "00.csv … 23.csv (24)"
    files_of = whole.provenance["file"].value_counts(sort=False)
    assert [*files_of.items()][:2] == [("00.csv", 6), ("01.csv", 7)]


def test_a_bad_file_is_named_and_left_aside(tmp_path: Path) -> None:
    files = folder(tmp_path / "in")
    (files / "坏.csv").write_bytes(b"%PDF-1.7 no table")
    with pytest.raises(survey.SurveyError, match=r"坏\.csv"):
        held(files)
    made = held(files, skip_bad_files=True)
    assert made.files["n_rows"].notna().sum() == 24
    assert made.audit.query("rule == 'bad_file'")["file"].tolist() == ["坏.csv"]


def test_a_file_that_ends_its_process_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = folder(tmp_path / "in")
    monkeypatch.setattr(many, "_dumped", dumped_or_ended)
    made = held(files, skip_bad_files=True)
    assert made.audit.query("rule == 'bad_file'")["file"].tolist() == ["05.csv"]
    assert made.files["n_rows"].notna().sum() == 23


def test_an_unknown_answer_is_found_in_its_file(tmp_path: Path) -> None:
    files = folder(tmp_path / "in")
    offices.export(files / "z.csv", [("丙", offices.MEMBER, "满一")] * 5)
    with pytest.raises(survey.SurveyError, match=r"z\.csv.*满一"):
        held(files)


def test_a_killed_reading_goes_on(tmp_path: Path) -> None:
    files, work = folder(tmp_path / "in", n_files=60), tmp_path / "work"
    program = f"import survey; survey.read({str(files)!r}, questionnaire='{offices.SHORT}', "
    program += f"work={str(work)!r})"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
    running = subprocess.Popen([sys.executable, "-c", program], env=env)
    while running.poll() is None and len(kept(work)) < 5:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()
    before = kept(work)
    assert before
    made = held(files, work=work)
    after = kept(work)
    assert len(after) == 60
    assert before.items() <= after.items()  # none of them was read again
    same(made, held(files, work=work))
    same(made, held(files))


def test_what_was_kept_and_cut_short_is_read_again(tmp_path: Path) -> None:
    files, work = folder(tmp_path / "in"), tmp_path / "work"
    made = held(files, work=work)
    for n_bytes, file in enumerate(sorted(work.iterdir())[:20]):
        file.write_bytes(file.read_bytes()[: 7 * n_bytes])
    same(made, held(files, work=work))


def kept(work: Path) -> dict[str, int]:
    """Give the time of every finished file of a work folder."""
    there = work.iterdir() if work.is_dir() else ()
    return {file.name: file.stat().st_mtime_ns for file in there if file.name.endswith("auto")}
