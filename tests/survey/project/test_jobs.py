"""A run apart from whoever watches: limits, ends of every kind, and what is left of them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import survey
from survey import project as rooms
from survey.decisions import FILE
from survey.project import views
from survey.project.folder import STATE
from survey.project.limits import Limits

TIME = 120


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey of four branches with its roster."""
    place = tmp_path_factory.mktemp("model")
    made = survey.simulate(place / "sim", n_branches=4, seed=1)
    folder = rooms.create(place / "调查", {"organisation": "某大学"}).folder
    rooms.put(folder, made.export, "export")
    rooms.put(folder, made.roster, "roster")
    return folder


@pytest.fixture
def folder(model: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it."""
    yield Path(shutil.copytree(model, tmp_path / "调查"))
    rooms.release()


def left_beside(folder: Path) -> list[str]:
    """Name what a run leaves that is no part of a survey's folder."""
    own = (FILE, STATE, "导出.xlsx", "名册.xlsx", "报告")
    return [entry.name for entry in folder.iterdir() if entry.name not in own]


def test_what_is_understood_is_kept_and_the_next_task_needs_no_new_child(folder: Path) -> None:
    job = rooms.start(folder, "understand")
    assert job.wait(TIME).status == "done"
    found = rooms.result(folder, "understand")
    stated = survey.check(folder)
    assert isinstance(found, rooms.Understood)
    assert [ask.key for ask in found.points] == [point.key for point in stated.points]
    assert stated.screening is not None
    assert (found.n_read, found.is_ready) == (len(stated.screening.used), True)
    first = job._process.pid
    again = rooms.start(folder, "sheet")
    assert again.wait(TIME).status == "done"
    assert again._process.pid == first
    rooms.decide(folder, {("columns", "q18"): ""})
    assert rooms.result(folder, "understand") is None, "a decision makes it old"


def test_a_decision_through_the_sheet_and_through_the_folder_are_one(folder: Path) -> None:
    sheet = folder / STATE / "确认表.xlsx"
    assert rooms.start(folder, "sheet").wait(TIME).status == "done"
    assert rooms.start(folder, "confirm", path=str(sheet)).wait(TIME).status == "done"
    assert rooms.load(folder).facts["organisation"] == "某大学"


@pytest.mark.parametrize("stage", ["start", "read", "estimate", "charts"])
def test_a_child_killed_at_any_stage_is_a_sentence_and_a_way_on(folder: Path, stage: str) -> None:
    before = (folder / FILE).read_text(encoding="utf-8")
    job = rooms.start(folder, "report")
    end = time.monotonic() + TIME
    while job._clock.stage != stage and time.monotonic() < end:
        time.sleep(0.005)
    os.killpg(job._process.pid, signal.SIGKILL)
    state = job.wait(TIME)
    assert state.status == "failed"
    assert state.error is not None
    assert "再试一次" in state.error.zh
    assert rooms.state(folder) == state
    assert (folder / FILE).read_text(encoding="utf-8") == before
    assert left_beside(folder) == []
    assert not (folder / "报告").exists()
    assert rooms.start(folder, "understand").wait(TIME).status == "done"


def test_cancelling_leaves_nothing_half_done(folder: Path) -> None:
    job = rooms.start(folder, "report")
    job.wait(0.2)
    job.cancel()
    assert job.state.status == "cancelled"
    assert left_beside(folder) == []
    state = rooms.state(folder)
    assert state is not None
    assert state.status == "cancelled"


def test_a_second_run_is_told_of_the_first(folder: Path) -> None:
    job = rooms.start(folder, "understand")
    os.killpg(job._process.pid, signal.SIGSTOP)  # so that it is still at it
    with pytest.raises(survey.ReportError, match="正在计算"):
        rooms.start(folder, "report")
    other = subprocess.run(
        [sys.executable, "-c", f"from survey import project as p; p.start({str(folder)!r}, 'x')"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "正在计算" in other.stderr
    os.killpg(job._process.pid, signal.SIGCONT)
    assert job.wait(TIME).status == "done"


def test_a_killed_server_is_told_of_and_ends_its_child(folder: Path) -> None:
    program = (
        "import sys, time; from survey import project as p\n"
        f"job = p.start({str(folder)!r}, 'report'); print(job._process.pid, flush=True)\n"
        "time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    child = int(server.stdout.readline())
    state = rooms.state(folder)
    assert state is not None
    assert state.status == "running", "seen from another program"
    server.kill()
    server.wait()
    state = rooms.state(folder)
    assert state is not None
    assert state.status == "interrupted"
    assert state.error is not None
    end = time.monotonic() + TIME
    while Path(f"/proc/{child}").exists() and time.monotonic() < end:
        if Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            break
        time.sleep(0.05)
    else:
        assert time.monotonic() < end, "the child lives on"
    assert rooms.start(folder, "understand").wait(TIME).status == "done"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit that the system itself holds")
def test_a_file_that_takes_too_much_memory_is_refused_in_a_sentence(folder: Path) -> None:
    job = rooms.start(folder, "understand", bounds=Limits(memory=300))
    state = job.wait(TIME)
    assert state.status == "failed"
    assert state.error is not None
    assert "内存" in state.error.zh
    assert rooms.start(folder, "understand").wait(TIME).status == "done"


def test_a_file_that_takes_too_long_is_refused_in_a_sentence(folder: Path) -> None:
    state = rooms.start(folder, "report", bounds=Limits(seconds=0.3)).wait(TIME)
    assert state.status == "failed"
    assert state.error is not None
    assert "没有做完" in state.error.zh
    assert left_beside(folder) == []


def test_hostile_files_are_refused_and_the_watcher_goes_on(folder: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "炸弹.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "x" * 10)
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (600 << 20))
    for name, content in (("坏.xlsx", b"PK\x03\x04broken"), ("空.csv", b"")):
        (tmp_path / name).write_bytes(content)
    for path in (bomb, tmp_path / "坏.xlsx", tmp_path / "空.csv"):
        assert rooms.start(folder, "recognise", path=str(path)).wait(TIME).status == "done"
        told = rooms.result(folder, "recognise")
        assert told.kind == ""
        assert told.why.zh


def test_what_a_child_says_is_checked(folder: Path) -> None:
    place = folder / STATE
    place.mkdir(exist_ok=True)
    key = rooms.load(folder).key
    for wrong in ({"rows": 3}, {"rows": [[1, 2, 3]]}, [], {"rows": [["a", "b", "c"]]}):
        (place / "suppose.json").write_text(json.dumps({"key": key, "result": wrong}))
        assert rooms.result(folder, "suppose") is None
    (place / "state.json").write_text("{")
    assert rooms.state(folder) is None


def test_a_full_disk_is_a_sentence_and_loses_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / FILE).read_text(encoding="utf-8")

    def full(*given: object, **named: object) -> int:
        raise OSError(28, "No space left on device", str(folder / "x"))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(survey.ReportError, match="磁盘空间"):
            rooms.decide(folder, {("survey", "title"): "x"})
        state = rooms.start(folder, "understand").wait(TIME)
        assert state.status == "failed"
        assert state.error is not None
        assert "磁盘空间" in state.error.zh
    assert (folder / FILE).read_text(encoding="utf-8") == before
    assert rooms.start(folder, "understand").wait(TIME).status == "done"


def test_late_answers_say_what_changed_of_what_is_published() -> None:
    def outcome(n: int, rate: str, verdict: str) -> rooms.Outcome:
        title = (views.Text("支部", "branch"), views.Text("满意率", "rate"))
        table = rooms.Table(("branch",), ("branch", "rate"), title, (("甲", rate),), (verdict,))
        whole = rooms.Table((), ("rate",), title[1:], ((rate,),), ("meets",))
        return rooms.Outcome("", False, (), n, n, {}, (whole, table), (), None, {})

    from collections import Counter

    from survey.project.tasks import _changes

    told = _changes(
        outcome(50, "91.0%", "inconclusive"),
        Counter("abc"),
        outcome(60, "92.0%", "meets"),
        Counter("bcdd"),
    )
    assert (told.n_before, told.n_after, told.n_added, told.n_gone) == (50, 60, 2, 1)
    (change,) = told.verdicts
    assert (change.branch, change.before, change.after) == ("甲", "inconclusive", "meets")
    assert change.shown_after.zh == "达标"


def test_what_an_earlier_version_kept_is_still_read() -> None:
    told = {"name": "a", "n": 1, "of later": 2}
    assert views.of_json(rooms.Made, told) == rooms.Made("a", 1)
    with pytest.raises(ValueError, match="Made"):
        views.of_json(rooms.Made, {"name": "a"})
    old = {"kind": "roster", "why": {"zh": "", "en": ""}}
    assert views.of_json(rooms.Recognised, old).relation == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no processor time for us")
def test_a_child_that_nobody_watches_ends_by_the_time_it_takes() -> None:
    program = (
        "from survey.project import limits\n"
        "sum(range(10**6)); limits.end_after(0.2)\n"
        "while True: pass"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=60, check=False)
    assert done.returncode == -signal.SIGXCPU
