"""Folders as they lie on an office's disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import ReadError
from survey.readers import expand, open_exports, passed_over, told_apart
from tests.survey import offices


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "a.csv",
        "b.tsv",
        "c.et",
        "d.ODS",
        "e.xlsb",
        "说明.docx",
        "扫描.PDF",
        "苹果.numbers",
        "映射.toml",
        "编码本.json",
    )
    lay(tmp_path, "~$a.xlsx", ".~a.xlsx", ".DS_Store", "._a.xlsx", "Thumbs.db", "desktop.ini")
    lay(tmp_path, "下级/b.csv", "下级/c.xlsx", "空/说明.txt.docx", ".隐藏/d.csv")
    assert [file.name for file in expand(tmp_path)] == ["a.csv", "b.tsv", "c.et", "d.ODS", "e.xlsb"]
    passed = {p.place.file: p for p in passed_over(tmp_path)}
    assert set(passed) == {"说明.docx", "扫描.PDF", "苹果.numbers", "下级", "空"}
    warned = {name for name, problem in passed.items() if problem.severity == "warning"}
    assert warned == {"苹果.numbers", "下级"}
    assert "2 个表格文件" in passed["下级"].zh
    assert passed_over(tmp_path / "a.csv") == ()
    with pytest.raises(ReadError, match="没有 xlsx"):
        expand(tmp_path / "空")


def test_a_file_written_in_two_ways_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "a.csv")
    monkeypatch.chdir(tmp_path)
    assert expand(["a.csv", tmp_path, tmp_path / "." / "a.csv"]) == [Path("a.csv")]


def test_namesakes_are_told_apart_by_as_little_as_can_be() -> None:
    files = ["/一/甲/导出.xlsx", "/二/甲/导出.xlsx", "/二/乙/导出.xlsx", "/名册.xlsx", "/导出.xlsx"]
    names = ["一/甲/导出.xlsx", "二/甲/导出.xlsx", "乙/导出.xlsx", "名册.xlsx", "/导出.xlsx"]
    assert told_apart([Path(file) for file in files]) == names


def test_a_name_is_used_wherever_the_file_is_mentioned(tmp_path: Path) -> None:
    people = {("甲", offices.MEMBER, "满意"): 6}
    file = offices.short(tmp_path / "a.csv", people)
    ((called,), bad) = open_exports([file], ["一/a.csv"])
    assert not bad
    assert called.name == called.place.file == "一/a.csv"
    assert set(called.provenance["file"]) == {"一/a.csv"}
    assert {p.place.file for p in called.problems} == {"一/a.csv"}
    assert called.paths == (file,)
