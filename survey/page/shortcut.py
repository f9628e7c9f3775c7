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
_QUIETLY = "--no-terminal"
_FAILED = {
    "zh": "打不开：Python 环境已移动或损坏。请重新安装，再运行 survey-report page --shortcut。",
    "en": "Python was moved or is damaged. Install anew, then run survey-report page --shortcut.",
}


def write(
    folder: Path | None = None,
    *,
    home: Path | None = None,
    language: Language = "zh",
    system: str = "",
) -> Path:
    """Write the starter for this environment.

    What is wrong is always said: where Python itself does not start, in the window of the starter;
    later on in the browser.

    Parameters
    ----------
    folder : Path, optional
        Where to; the desktop by default.
    home : Path, optional
        Folder of the surveys, where it is another than usual.
    system : str, optional
        As `sys.platform`; this system by default.

    Raises
    ------
    ReportError
        If it cannot be written.
    """
    system = system or sys.platform
    words = [*_WORDS, *(["--language", "en"] if language == "en" else [])]
    words += [] if home is None else ["--folder", str(home.expanduser().absolute())]
    if system == "win32":
        suffix, text = ".bat", _windows(words, _FAILED[language])
    elif system == "darwin":
        suffix, text = ".command", _mac(words, _FAILED[language])
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


def _windows(words: list[str], failed: str) -> str:
    """Start Python without a console; paths may hold Chinese, whatever the code page.

    Python with a console is tried before: the other has no window in which to say what is wrong.
    """
    own = Path(sys.executable)
    loud, quiet = (own.with_name(name) for name in ("python.exe", "pythonw.exe"))
    loud, quiet = (path if path.exists() else own for path in (loud, quiet))
    given = subprocess.list2cmdline(words)
    lines = [
        "@chcp 65001 >nul",
        f'@"{loud}" {given} --help >nul',
        f"@if errorlevel 1 (echo {failed} & pause & exit /b 1)",
        f'@start "" "{quiet}" {given} {_QUIETLY}',
    ]
    return "".join(line.replace("%", "%%") + "\n" for line in lines)


def _mac(words: list[str], failed: str) -> str:
    command, said = shlex.join([sys.executable, *words]), shlex.quote(failed)
    return (
        f"#!/bin/sh\ncd ~\n{command} --help >/dev/null || {{ echo {said}; exit 1; }}\n"
        f"nohup {command} {_QUIETLY} >/dev/null 2>&1 &\n"
    )


def _freedesktop(words: list[str], name: str) -> str:
    command = " ".join(_quoted(word) for word in (sys.executable, *words, _QUIETLY))
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
