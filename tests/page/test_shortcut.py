"""The starter on the desktop: it runs this environment, whatever its path is called."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
    assert unquoted(lines["Exec"]) == [str(odd), "-P", "-m", "survey.cli", "page"]
    assert lines["Terminal"] == "false"


@pytest.mark.skipif(sys.platform != "linux", reason="finds its process in /proc")
def test_a_starter_opens_the_page_without_a_terminal(
    odd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = shortcut.write(tmp_path, system="darwin")
    home = tmp_path / "user"
    home.mkdir()
    subprocess.run(
        ["sh", str(file)], check=True, timeout=60, env={"HOME": str(home), "BROWSER": "true"}
    )
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


def test_a_batch_file_is_read_whatever_the_code_page(odd: Path, tmp_path: Path) -> None:
    lines = shortcut.write(tmp_path, system="win32").read_bytes().split(b"\r\n")
    assert lines[0] == b"@chcp 65001 >nul"
    assert lines[1].startswith(b'@start "" "')
    assert b"100%%" in lines[1]


def test_an_older_starter_gives_way(tmp_path: Path) -> None:
    first = shortcut.write(tmp_path, system="linux")
    assert shortcut.write(tmp_path, system="linux", language="zh") == first
    english = shortcut.write(tmp_path, system="linux", language="en")
    assert "--language" in english.read_text(encoding="utf-8")
