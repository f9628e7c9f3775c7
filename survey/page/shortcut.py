"""A starter on the desktop: a double click opens the page, without a terminal."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from survey import output
from survey.errors import Language

NAME = {"zh": "满意度调查", "en": "Satisfaction survey"}
_WORDS = ("-P", "-m", "survey.cli", "page")
"""Of this environment's Python; ``-P`` since a folder ``survey`` may lie where it is started."""


def write(folder: Path | None = None, *, language: Language = "zh", system: str = "") -> Path:
    """Write the starter for this environment.

    Parameters
    ----------
    folder : Path, optional
        Where to; the desktop by default.
    language : {"zh", "en"}
        Language of its name and of the page.
    system : str, optional
        As `sys.platform`; this system by default.

    Returns
    -------
    Path
        The file. An older starter gives way.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    system = system or sys.platform
    words = [*_WORDS, *(["--language", "en"] if language == "en" else [])]
    if system == "win32":
        suffix, text = ".bat", _windows(words)
    elif system == "darwin":
        suffix, text = ".command", _mac(words)
    else:
        suffix, text = ".desktop", _freedesktop(words, NAME[language])
    file = (folder or desktop()) / (NAME[language] + suffix)
    with output.file(file, force=True) as new:
        new.write_text(text, encoding="utf-8", newline="\r\n" if system == "win32" else "\n")
        new.chmod(0o755)
    return file


def desktop() -> Path:
    """Find the desktop of the user, whatever it is called and wherever it was moved."""
    home = Path.home()
    if sys.platform == "win32":
        import ctypes

        path = ctypes.create_unicode_buffer(260)
        ctypes.windll.shell32.SHGetFolderPathW(None, 0x10, None, 0, path)
        return Path(path.value) if path.value else home / "Desktop"
    try:
        told = subprocess.run(
            ["xdg-user-dir", "DESKTOP"], capture_output=True, text=True, check=False
        ).stdout.strip()
    except OSError:
        told = ""
    found = [Path(told)] if told else [home / "桌面", home / "Desktop"]
    return next((path for path in found if path.is_dir()), home)


def _windows(words: list[str]) -> str:
    """Start Python without a console; the path may hold Chinese, whatever the code page."""
    quiet = Path(sys.executable).with_name("pythonw.exe")
    python = quiet if quiet.exists() else Path(sys.executable)
    path = str(python).replace("%", "%%")
    return f'@chcp 65001 >nul\n@start "" "{path}" {subprocess.list2cmdline(words)}\n'


def _mac(words: list[str]) -> str:
    command = shlex.join([sys.executable, *words])
    return f"#!/bin/sh\ncd ~\nnohup {command} >/dev/null 2>&1 &\n"


def _freedesktop(words: list[str], name: str) -> str:
    command = " ".join(_quoted(word) for word in (sys.executable, *words))
    lines = ["[Desktop Entry]", "Type=Application", f"Name={name}", f"Exec={command}"]
    return "\n".join([*lines, f"Path={os.path.expanduser('~')}", "Terminal=false"]) + "\n"


def _quoted(word: str) -> str:
    r"""Quote a word as desktop entries ask: for the command, then for the file.

    Examples
    --------
    >>> _quoted("/opt/a b/100%/python"), _quoted("a$b")
    ('"/opt/a b/100%%/python"', '"a\\\\$b"')
    """
    command = "".join("\\" + c if c in '"`$\\' else c for c in word)
    return '"' + command.replace("\\", "\\\\").replace("%", "%%") + '"'
