from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

import survey
from survey import output
from survey.errors import ReportError
from survey.output import moves
from tests.survey import offices
from tests.survey.output.reports import names, text, write


def make(place: Path, token: str = "old", *, force: bool = False, **options: object) -> None:
    with output.folder(place, force=force, **options) as work:  # type: ignore[arg-type]
        write(work, token)


def make_file(place: Path, token: str = "new", **options: object) -> None:
    with output.file(place, **options) as new:  # type: ignore[arg-type]
        new.write_text(token)


def interrupted(
    place: AbstractContextManager[Path],
    act: Callable[[Path], object] = lambda work: None,
    fault: BaseException | None = None,
) -> None:
    """Write to a place until something else happens."""
    with place as work:
        act(work)
        if fault is not None:
            raise fault


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    place = tmp_path / "报 告" / "一"
    with output.folder(place) as work:
        write(work, "a")
        assert not place.exists()
    assert text(place) == "a"
    assert names(place.parent) == ["一"]
    assert stat.S_IMODE(place.stat().st_mode) & 0o055


@pytest.mark.parametrize("fault", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("above", ["", "a/b/"])
def test_a_fault_leaves_nothing_behind(
    tmp_path: Path, fault: type[BaseException], above: str
) -> None:
    with pytest.raises(fault):
        interrupted(output.folder(tmp_path / f"{above}r"), lambda work: write(work, "a"), fault())
    with pytest.raises(fault):
        interrupted(output.file(tmp_path / f"{above}f"), lambda new: new.write_text("a"), fault())
    assert names(tmp_path) == []


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir(mode=0o700)
    (tmp_path / "r" / ".DS_Store").touch()
    make(tmp_path / "r")
    assert text(tmp_path / "r") == "old"
    assert names(tmp_path) == ["r"]
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o700


@pytest.mark.parametrize("at_once", [True, False])
def test_an_earlier_report_is_replaced_only_by_force(
    tmp_path: Path, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not at_once:
        monkeypatch.setattr(moves, "exchange_at_once", lambda *_: False)
    make(tmp_path / "r")
    with pytest.raises(ReportError, match="--force"):
        make(tmp_path / "r", "new")
    assert text(tmp_path / "r") == "old"
    make(tmp_path / "r", "new", force=True)
    assert text(tmp_path / "r") == "new"
    assert names(tmp_path) == ["r"]


@pytest.mark.parametrize("name", ["论文.docx", "charts/我的图.png", "report.html", "空/", "link"])
def test_what_is_not_the_reports_own_stops_the_run_by_name(tmp_path: Path, name: str) -> None:
    make(tmp_path / "r")
    mine = tmp_path / "r" / name
    if name.endswith("/"):
        mine.mkdir()
    elif name == "link":
        mine.symlink_to(tmp_path / "r" / "report.html")
    else:
        mine.write_text("mine")
    with pytest.raises(ReportError, match=name):
        make(tmp_path / "r", "new", force=True)
    assert os.path.lexists(mine)
    assert (tmp_path / "r" / "charts" / "a.png").read_text() == "old"
    assert names(tmp_path) == ["r"]


@pytest.mark.parametrize("record", ["{}", "[]", "[", '{"manifest": {"../a.txt": "x"}}'])
def test_files_beside_another_record_are_the_users(tmp_path: Path, record: str) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "run.json").write_text(record)
    (tmp_path / "r" / "名册.xlsx").write_text("mine")
    with pytest.raises(ReportError, match="名册"):
        make(tmp_path / "r", force=True)
    assert (tmp_path / "r" / "名册.xlsx").read_text() == "mine"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_file_laid_there_while_the_report_is_written_stays(
    tmp_path: Path, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not at_once:
        monkeypatch.setattr(moves, "exchange_at_once", lambda *_: False)
    make(tmp_path / "r")
    notes, exchange = tmp_path / "r" / "笔记.txt", moves.exchange

    def before_the_last_look(work: Path) -> None:
        write(work, "new")
        notes.write_text("mine")

    def after_it(*paths: Path) -> None:
        notes.write_text("mine")
        monkeypatch.setattr(moves, "exchange", exchange)
        exchange(*paths)

    with pytest.raises(ReportError, match="笔记"):
        interrupted(output.folder(tmp_path / "r", force=True), before_the_last_look)
    assert notes.read_text() == "mine"
    notes.unlink()
    monkeypatch.setattr(moves, "exchange", after_it)
    with pytest.raises(ReportError, match="笔记"):
        make(tmp_path / "r", "new", force=True)
    assert notes.read_text() == "mine"
    assert (tmp_path / "r" / "report.html").read_text() == "old"
    assert names(tmp_path) == ["r"]


def test_a_place_that_is_taken_while_the_report_is_written(tmp_path: Path) -> None:
    def take(work: Path) -> None:
        write(work, "new")
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "笔记.txt").write_text("mine")

    with pytest.raises(ReportError, match="笔记"):
        interrupted(output.folder(tmp_path / "r", force=True), take)
    assert names(tmp_path / "r") == ["笔记.txt"]

    def take_file(new: Path) -> None:
        new.write_text("new")
        (tmp_path / "f").write_text("mine")

    with pytest.raises(ReportError, match="同名"):
        interrupted(output.file(tmp_path / "f"), take_file)
    assert (tmp_path / "f").read_text() == "mine"
    assert names(tmp_path) == ["f", "r"]


def test_a_file_that_comes_in_the_last_moment_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(_: Path, target: Path) -> None:
        Path(target).write_text("mine")
        raise OSError(errno.EPERM, "no hard links here")

    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", taken)
    with pytest.raises(ReportError, match="同名"):
        make_file(tmp_path / "f")
    assert (tmp_path / "f").read_text() == "mine"
    monkeypatch.setattr(os, "link", refused)
    make_file(tmp_path / "g")
    assert (tmp_path / "g").read_text() == "new"
    assert names(tmp_path) == ["f", "g"]


def test_what_is_read_is_never_replaced(tmp_path: Path) -> None:
    make(tmp_path / "r")
    inside = tmp_path / "r" / "report.html"
    (tmp_path / "alias").symlink_to(inside)
    (tmp_path / "way").symlink_to(tmp_path / "r")
    for given in (inside, tmp_path / "alias", tmp_path / "way" / "report.html", tmp_path / "r"):
        with pytest.raises(ReportError, match="要读取的文件"):
            make(tmp_path / "r", "new", force=True, inputs=[given])
    roster = tmp_path / "名册.csv"
    roster.write_text("mine")
    (tmp_path / "soft").symlink_to(roster)
    os.link(roster, tmp_path / "hard")
    for place in ("名册.csv", "soft", "hard", "way/../名册.csv"):
        with pytest.raises(ReportError, match="要读取的文件"):
            make_file(tmp_path / place, force=True, inputs=[tmp_path / "无", roster])
    assert roster.read_text() == "mine"
    assert text(tmp_path / "r") == "old"


def test_the_current_folder_is_not_pulled_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for place in (".", "..", ""):
        with pytest.raises(ReportError, match="当前文件夹"):
            make(Path(place), force=True)
    assert names(tmp_path) == []


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "真").mkdir()
    (tmp_path / "r").symlink_to(tmp_path / "真")
    (tmp_path / "f").symlink_to(tmp_path / "真.txt")
    make(tmp_path / "r")
    make(tmp_path / "r", "new", force=True)
    make_file(tmp_path / "f", "a")
    assert (tmp_path / "r").is_symlink()
    assert (tmp_path / "f").is_symlink()
    assert text(tmp_path / "真") == "new"
    assert (tmp_path / "真.txt").read_text() == "a"
    assert names(tmp_path) == ["f", "r", "真", "真.txt"]


def test_a_file_is_replaced_by_force_and_keeps_its_permissions(tmp_path: Path) -> None:
    place = tmp_path / "f"
    place.write_text("old")
    place.chmod(0o600)
    with pytest.raises(ReportError, match="--force"):
        make_file(place)
    make_file(place, force=True)
    assert place.read_text() == "new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert names(tmp_path) == ["f"]


def test_what_is_no_file_or_no_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "pipe", tmp_path, Path("/dev/null")):
        with pytest.raises(ReportError, match="不是普通文件"):
            make_file(place, force=True)
    with pytest.raises(ReportError, match="是一个文件"):
        make(tmp_path / "file", force=True)
    with pytest.raises(ReportError, match="无法写入") as raised:
        make(tmp_path / "file" / "r")
    assert raised.value.exit_code == 4
    for long in ("长" * 260, "r/" * 2500):
        with pytest.raises(ReportError, match="无法写入"):
            make(tmp_path / long)
    assert names(tmp_path) == ["file", "pipe"]


def test_a_fault_of_the_file_system_while_writing(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(ReportError, match="No space left"):
        interrupted(output.folder(tmp_path / "r"), fault=full)
    with pytest.raises(BrokenPipeError):
        interrupted(output.folder(tmp_path / "r"), fault=BrokenPipeError())
    with pytest.raises(FileNotFoundError):
        interrupted(output.folder(tmp_path / "r"), lambda _: Path("/无/a.xlsx").read_bytes())
    assert names(tmp_path) == []


def test_a_second_writer_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "r")
    said: list[str] = []

    def second() -> None:
        try:
            make(tmp_path / "link", "second")
        except ReportError as error:
            said.append(error.text("en"))

    with output.folder(tmp_path / "r") as work:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        write(work, "first")
    assert "Another run is writing" in said[0]
    assert text(tmp_path / "r") == "first"
    assert names(tmp_path) == ["link", "r"]


def test_what_a_killed_run_left_is_cleared_and_told(tmp_path: Path) -> None:
    space = tmp_path / ".r.survey-report"
    (space / "new-0123").mkdir(parents=True)
    (space / "new-0123" / "half").write_text("")
    (space / "lock").touch()
    said: list[tuple[str, str]] = []
    make(tmp_path / "r", tell=lambda zh, en: said.append((zh, en)))
    assert len(said) == 1
    assert "中断" in said[0][0]
    assert "cut short" in said[0][1]
    assert names(tmp_path) == ["r"]
    (space / "new-1").mkdir(parents=True)
    with pytest.warns(UserWarning, match="中断"):
        make(tmp_path / "r", force=True)
    assert names(tmp_path) == ["r"]


def test_two_reports_in_one_name_are_left_to_a_person(tmp_path: Path) -> None:
    """A run was killed in the middle of three renames, then someone took the free place."""
    space = tmp_path / ".r.survey-report"
    make(tmp_path / "r", "new")
    make(tmp_path / "old", "old")
    space.mkdir()
    (tmp_path / "r").rename(space / "sealed")
    (tmp_path / "old").rename(space / "aside")
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "笔记.txt").touch()
    for _ in range(2):
        with (
            pytest.raises(ReportError, match="笔记"),
            pytest.warns(UserWarning, match="请看过后自行处理"),
        ):
            make(tmp_path / "r", force=True)
        assert text(space / "aside") == "old"
    (tmp_path / "r" / "笔记.txt").unlink()
    (tmp_path / "r").rmdir()
    make(tmp_path / "r", "newest", force=True, tell=lambda *_: None)
    assert text(tmp_path / "r") == "newest"
    assert names(tmp_path) == ["r"]


def test_a_rename_is_tried_again_while_windows_shares_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename, refused = os.rename, []

    class SharingError(PermissionError):
        winerror = 32

    def shared(source: str, target: str) -> None:
        if len(refused) < 3:
            refused.append(source)
            raise SharingError(errno.EACCES, "used by another process")
        rename(source, target)

    monkeypatch.setattr(os, "rename", shared)
    make(tmp_path / "r")
    assert text(tmp_path / "r") == "old"
    assert len(refused) == 3
    monkeypatch.setattr(moves, "TRIES", 2)
    refused.clear()
    with pytest.raises(ReportError, match="used by another process"):
        make(tmp_path / "s")
    assert names(tmp_path) == ["r"]


def test_a_report_from_python_is_never_written_over_what_it_read(tmp_path: Path) -> None:
    place = tmp_path / "r"
    with output.folder(place) as work:
        export = offices.short(work / "a.csv", {("甲", offices.MEMBER, "满意"): 20})
        write(work, "old")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    held = survey.read(place / export.name, questionnaire=offices.SHORT)
    with pytest.raises(ReportError, match=r"a\.csv”就在输出位置"):
        held.anonymise().report(place, force=True)
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
