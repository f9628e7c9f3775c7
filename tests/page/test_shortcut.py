"""The starter on the desktop: it runs this environment, whatever its path is called."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from survey.cli import main
from survey.page import shortcut


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This environment's Python under a path that shells and desktops would mistake."""
    folder = tmp_path / "环境 $(x) 100% `y` \"z\" \\n 'w'"
    folder.mkdir()
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    return python


def unquoted(text: str) -> list[str]:
    """Read a command as the rules of desktop entries have it: the file first, then the command."""
    command = text.replace("\\\\", "\\").replace("%%", "%")
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', command)
    return [re.sub(r"\\(.)", r"\1", word) for word in words]


def test_an_entry_names_this_python_exactly(odd: Path, tmp_path: Path) -> None:
    text = shortcut.write(tmp_path, system="linux").read_text(encoding="utf-8")
    lines = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    words = [str(odd), "-P", "-m", "survey.cli", "page"]
    assert unquoted(lines["Exec"]) == [*words, "--no-terminal"]
    assert lines["Terminal"] == "false"


@pytest.mark.skipif(sys.platform != "linux", reason="finds its process in /proc")
def test_a_starter_opens_the_page_without_a_terminal(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shortcut.write(tmp_path, system="darwin")
    home = tmp_path / "user"
    home.mkdir()
    own = {"HOME": str(home), "BROWSER": "true", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    subprocess.run(["sh", str(file)], check=True, timeout=60, env=own)
    door = home / "满意度调查" / "打开页面.html"
    end = time.monotonic() + 60
    while not door.exists() and time.monotonic() < end:
        time.sleep(0.1)
    found = re.search(r"127\.0\.0\.1:(\d+)", door.read_text(encoding="utf-8"))
    assert found
    owner = subprocess.run(
        ["sh", "-c", "ps ax -o pid,args | grep -F survey.cli | grep -v grep"],
        capture_output=True,
        text=True,
        check=True,
    )
    started = [
        int(line.split()[0])
        for line in owner.stdout.splitlines()
        if f"HOME={home}" in Path(f"/proc/{line.split()[0]}/environ").read_text()
    ]
    assert len(started) == 1
    subprocess.run(["kill", str(started[0])], check=True)


def test_a_batch_file_runs_this_python_and_no_other_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot be run here: its text is held against the rules of cmd."""
    odd = tmp_path / "100% 环境 & (x) ^y"
    odd.mkdir()
    for name in ("python.exe", "pythonw.exe"):
        (odd / name).touch()
    monkeypatch.setattr(sys, "executable", str(odd / "python.exe"))
    home = tmp_path / "调查 & 报告"
    content = shortcut.write(tmp_path, home=home, system="win32").read_bytes()
    assert content.isascii() is False
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert not content.startswith(b"\xef\xbb\xbf"), "cmd takes a mark for a command"
    first, *lines = content.decode("utf-8").splitlines()
    assert first == "@chcp 65001 >nul", "before any character that is not ASCII"
    assert [line[0] for line in lines] == ["@"] * 3
    for line, name in ((lines[0], "python.exe"), (lines[2], "pythonw.exe")):
        outside, words = re.sub('"[^"]*"', "", line), re.findall('"([^"]*)"', line)
        assert not set(outside) & set("&|^()%!"), "special characters stand in quotes"
        assert f"{odd}/{name}".replace("%", "%%") in words
        assert str(home) in words
    assert lines[0].endswith("--help >nul")
    assert lines[1].startswith("@if errorlevel 1 (echo ")
    assert lines[1].endswith(" & pause & exit /b 1)")
    assert not set(lines[1][23:-22]) & set('&|^()<>%!"')
    assert lines[2].startswith('@start "" "')
    assert lines[2].endswith(" --no-terminal")


def test_what_is_wrong_is_said_in_the_browser_where_there_is_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    (tmp_path / "file").touch()
    assert main(["page", "--folder", str(tmp_path / "file" / "x"), "--no-terminal"]) == 4
    (address,) = opened
    shown = Path(url2pathname(urlsplit(address).path))
    assert "--folder" in shown.read_text(encoding="utf-8")
    shown.unlink()


def test_a_starter_whose_python_is_gone_says_so(odd: Path, tmp_path: Path) -> None:
    file = shortcut.write(tmp_path, system="darwin")
    odd.unlink()
    done = subprocess.run(["sh", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "重新安装" in done.stdout


def test_an_older_starter_gives_way(tmp_path: Path) -> None:
    first = shortcut.write(tmp_path, system="linux")
    assert shortcut.write(tmp_path, system="linux", language="zh") == first
    english = shortcut.write(tmp_path, system="linux", language="en")
    assert "--language" in english.read_text(encoding="utf-8")
