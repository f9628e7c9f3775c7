from __future__ import annotations

import stat
from pathlib import Path

import pytest

from survey.errors import ReportError
from survey.output import RECORD, in_place, require_free


def write(folder: Path, text: str = "new") -> None:
    (folder / "a.txt").write_text(text)
    (folder / RECORD).write_text("{}")


def fail(place: Path, *, force: bool = False) -> None:
    with in_place(place, force=force) as work:
        write(work)
        raise ZeroDivisionError


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    place = tmp_path / "报 告" / "一"
    with in_place(place) as work:
        write(work)
        assert not place.exists()
        assert work.parent == place.parent
    assert sorted(file.name for file in place.iterdir()) == ["a.txt", RECORD]
    assert [entry.name for entry in place.parent.iterdir()] == ["一"]
    assert stat.S_IMODE(place.stat().st_mode) & 0o055


def test_a_fault_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), in_place(tmp_path / "r"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    with in_place(tmp_path / "r") as work:
        write(work)
    assert (tmp_path / "r" / "a.txt").exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["r"]


def test_an_earlier_report_is_replaced_only_by_force(tmp_path: Path) -> None:
    with in_place(tmp_path / "r") as work:
        write(work, "old")
    with pytest.raises(ReportError, match="--force"), in_place(tmp_path / "r") as work:
        write(work)
    assert (tmp_path / "r" / "a.txt").read_text() == "old"
    with in_place(tmp_path / "r", force=True) as work:
        write(work)
    assert (tmp_path / "r" / "a.txt").read_text() == "new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["r"]


def test_a_fault_keeps_the_earlier_report(tmp_path: Path) -> None:
    with in_place(tmp_path / "r") as work:
        write(work, "old")
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path / "r", force=True)
    assert (tmp_path / "r" / "a.txt").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["r"]


@pytest.mark.parametrize("force", [False, True])
def test_other_files_are_never_replaced(tmp_path: Path, force: bool) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "论文.docx").write_text("")
    with pytest.raises(ReportError, match="已有别的文件"):
        require_free(tmp_path / "r", force=force)


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "r").write_text("")
    with pytest.raises(ReportError, match="是一个文件"):
        require_free(tmp_path / "r", force=True)


def test_a_place_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="无法写入") as raised, in_place(tmp_path / "file" / "r"):
        pass
    assert raised.value.exit_code == 4


def test_a_fault_of_the_file_system_while_writing(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="No space left"), in_place(tmp_path / "r"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []
