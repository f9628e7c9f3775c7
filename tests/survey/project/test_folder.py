"""The folder of a survey: what it remembers, and what it never loses."""

from __future__ import annotations

import io
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

import survey
from survey import project as rooms
from survey.cli import main
from survey.decisions import FILE, of_folder
from survey.workflow.request import Request


@pytest.fixture
def held(tmp_path: Path) -> rooms.Project:
    """A survey of four branches with its roster."""
    made = survey.simulate(tmp_path / "sim", n_branches=4, seed=1)
    place = rooms.create(tmp_path / "调查", {"organisation": "某大学", "bar": "85%"}).folder
    rooms.put(place, made.export, "export")
    return rooms.put(place, made.roster, "roster")


def test_a_folder_is_read_by_the_library_as_its_files_would_be(held: rooms.Project) -> None:
    own = survey.read(held.folder)
    (export,), (roster,) = held.paths("export"), held.paths("roster")
    stated = survey.read(export, roster=roster, bar="0.85")
    assert own.satisfaction().frame.equals(stated.satisfaction().frame)
    assert own.cover.organisation == "某大学"
    assert survey.read(held.folder, bar="0.5").questionnaire.bar == "0.5", "arguments override"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey whose report the command has written."""
    place = tmp_path_factory.mktemp("reported")
    made = survey.simulate(place / "sim", n_branches=4, seed=1)
    facts = {"organisation": "某大学", "level": "0.9", "period": "2026 年", "bar": "85%"}
    folder = rooms.create(place / "调查", facts).folder
    rooms.put(folder, made.export, "export")
    rooms.put(folder, made.roster, "roster")
    assert main([str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def done(reported: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(reported, tmp_path / "调查"))


def test_the_command_writes_what_the_folder_says(done: Path) -> None:
    page = (done / "报告" / "report.html").read_text(encoding="utf-8")
    assert "某大学" in page
    assert "2026 年" in page
    assert '"level": 0.9' in (done / "报告" / "run.json").read_text(encoding="utf-8")
    assert main(["check", str(done), "--quiet"]) == 0
    assert main([str(done), "--quiet"]) == 4, "a report is replaced only with --force"


def test_the_command_makes_the_folder_of_files_a_surveys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = survey.simulate(tmp_path / "调查", n_branches=4, seed=1)
    monkeypatch.chdir(made.export.parent)
    given = [made.export.name, "--roster", made.roster.name]
    assert main(["check", *given, "--write", FILE]) == 0
    assert capsys.readouterr().out.strip().endswith("survey-report .")
    held = rooms.load(".")
    assert [source.kind for source in held.sources] == ["export", "roster"]
    assert held.replaced == ()
    own = survey.read(Path.cwd()).satisfaction().frame
    assert own.equals(survey.read(made.export, roster=made.roster).satisfaction().frame)
    other = tmp_path / "elsewhere" / FILE
    assert main(["check", *given, "--write", str(other), "--quiet"]) == 0
    assert "[files]" not in other.read_text(encoding="utf-8")


def test_decisions_of_two_pages_do_not_undo_each_other(held: rooms.Project) -> None:
    made = [{("branches", f"支部 {n}"): f"第 {n} 支部"} for n in range(12)]
    threads = [threading.Thread(target=rooms.decide, args=(held.folder, one)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rooms.load(held.folder).decisions.about("branches")) == 12


def test_what_cannot_be_decided_changes_nothing(held: rooms.Project) -> None:
    before = (held.folder / FILE).read_text(encoding="utf-8")
    for fact, value in (("bar", "1.5"), ("min_cell", "0"), ("until", "月底"), ("style", "x")):
        with pytest.raises(survey.SurveyError, match=value):
            rooms.decide(held.folder, {("survey", fact): value})
    assert (held.folder / FILE).read_text(encoding="utf-8") == before
    rooms.decide(held.folder, {("survey", "bar"): None})
    assert "bar" not in rooms.load(held.folder).facts


def test_a_value_is_kept_letter_by_letter(held: rooms.Project) -> None:
    odd = 'a "b" \\ 换\n行\t# [x]'
    rooms.decide(held.folder, {("branches", odd): odd})
    assert rooms.load(held.folder).decisions.about("branches") == {odd: odd}


def test_the_same_file_is_put_in_once_and_a_newer_one_takes_its_place(
    held: rooms.Project, tmp_path: Path
) -> None:
    again = rooms.put(held.folder, held.paths("export")[0], "export", "又一次.xlsx")
    assert again.sources == held.sources
    newer = rooms.put(held.folder, io.BytesIO(b"a,b\n1,2\n"), "export", "导出.xlsx")
    assert [source.name for source in newer.sources] == ["名册.xlsx", "导出.xlsx"]
    assert newer.key != held.key
    further = rooms.put(held.folder, io.BytesIO(b"a,b\n3,4\n"), "roster", "导出.xlsx")
    assert further.paths("roster")[0].name == "导出 (2).xlsx"


@pytest.mark.parametrize("name", ["../a.xlsx", "/etc/passwd", "..\\b.xlsx", FILE, "con.xlsx", ".."])
def test_no_name_leads_out_of_the_folder(held: rooms.Project, name: str) -> None:
    before = (held.folder / FILE).read_text(encoding="utf-8")
    put = rooms.put(held.folder, io.BytesIO(b"x"), "staff", name)
    (path,) = put.paths("staff")
    assert path.resolve().parent == held.folder.resolve()
    assert before.splitlines()[:8] == (held.folder / FILE).read_text("utf-8").splitlines()[:8]


@pytest.mark.parametrize("name", ["../x", "/x", "", "."])
def test_a_file_of_decisions_that_names_a_place_outside_is_refused(
    held: rooms.Project, name: str
) -> None:
    text = (held.folder / FILE).read_text(encoding="utf-8")
    (held.folder / FILE).write_text(text.replace('"导出.xlsx" = "export"', f'"{name}" = "export"'))
    with pytest.raises(survey.CodingError, match="不在这个文件夹"):
        rooms.load(held.folder)
    with pytest.raises(survey.CodingError, match="不在这个文件夹"):
        survey.read(held.folder)


def test_a_folder_in_a_file_s_place_is_no_such_file(held: rooms.Project) -> None:
    (held.folder / "导出.xlsx").unlink()
    (held.folder / "导出.xlsx").mkdir()
    assert rooms.load(held.folder).replaced == ("导出.xlsx",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_no_room_for_a_file_is_a_sentence(
    held: rooms.Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "名单.txt").write_bytes(b"x" * 100_000)
    real = Path.open

    def on_a_full_disk(path: Path, mode: str = "r", **given: Any) -> Any:
        return real(Path("/dev/full") if "w" in mode else path, mode, **given)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", on_a_full_disk)
        with pytest.raises(survey.ReportError, match="磁盘空间"):
            rooms.put(held.folder, tmp_path / "名单.txt", "staff")
    assert rooms.load(held.folder) == held
    with pytest.raises(survey.ReadError, match="名单 2"):
        rooms.put(held.folder, tmp_path / "名单 2.txt", "staff")


def test_a_replaced_file_is_noticed(held: rooms.Project) -> None:
    assert held.replaced == ()
    held.paths("roster")[0].write_bytes(b"other")
    assert rooms.load(held.folder).replaced == ("名册.xlsx",)


def test_next_year_is_one_drop(done: Path, tmp_path: Path) -> None:
    rooms.decide(done, {("survey", "until"): "2026-01-01"})
    after = rooms.next_wave(done)
    assert [source.kind for source in after.sources] == ["earlier", "earlier_roster", "actions"]
    assert after.facts == {"organisation": "某大学", "bar": "0.85", "level": 0.9}
    with pytest.raises(survey.CodingError, match="还没有导出文件"):
        survey.read(done)
    made = survey.simulate(tmp_path / "next", n_branches=4, seed=2)
    rooms.put(done, made.export, "export")
    known = rooms.put(done, made.roster, "roster")
    asked = Request.of(of_folder(done))
    (before,) = asked.read_earlier()
    assert before.n_used == survey.read(after.paths("earlier")[0]).n_used
    assert before.roster is not None
    assert asked.finding["actions"] == known.paths("actions")[0]
    assert asked.finding["actions"].is_file()
    assert not (done / "报告").exists()
    third = rooms.next_wave(done)
    assert len({path.parent for path in third.paths("earlier")}) == 2
    rooms.put(done, made.export, "export")
    latest, first = Request.of(of_folder(done)).read_earlier()
    assert (latest.n_used, first.n_used) == (survey.read(made.export).n_used, before.n_used)
    assert rooms.delete(done) == ()
    assert not done.exists()


def test_a_wave_that_cannot_be_moved_stays_where_it_is(
    done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename = rooms.load(done), os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(source).name == "名册.xlsx" and Path(source).parent == done:
            raise PermissionError(13, "used by another program", str(source))
        rename(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", refuse)
        with pytest.raises(survey.ReportError, match="used by another program"):
            rooms.next_wave(done)
    assert rooms.load(done) == before
    assert before.replaced == ()
    assert [path.name for path in done.glob("往次*")] == []


def test_deleting_leaves_nothing_but_what_is_the_users_own(done: Path) -> None:
    (done / "我的笔记.txt").write_text("x")
    assert rooms.delete(done) == ("我的笔记.txt",)
    assert [entry.name for entry in done.iterdir()] == ["我的笔记.txt"]
    os.unlink(done / "我的笔记.txt")
    rooms.create(done)
    assert rooms.delete(done) == ()
    assert not done.exists()


def test_a_file_that_gave_way_leaves_nothing_behind(held: rooms.Project) -> None:
    after = rooms.put(held.folder, io.BytesIO(b"other"), "roster", "新名册.xlsx")
    assert [path.name for path in after.paths("roster")] == ["新名册.xlsx"]
    assert not (held.folder / "名册.xlsx").exists()
    assert rooms.delete(held.folder) == ()


def test_a_file_of_a_wave_before_gives_way_to_none(done: Path) -> None:
    (moved,) = rooms.next_wave(done).paths("earlier")
    for content in (b"a,b\n1,2\n", b"a,b\n3,4\n"):
        after = rooms.put(done, io.BytesIO(content), "earlier", f"{len(content)} 上次.csv")
    assert [*after.paths("earlier")] == [moved, done / "8 上次.csv"]
    assert moved.is_file()
