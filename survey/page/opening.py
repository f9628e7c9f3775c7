"""The folder of the surveys while the page is open: one server, a door for its owner, a shelter."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from survey.errors import Place, ReportError
from survey.output import lock

HOME = "满意度调查"
"""Folder of the surveys in that of the user."""
DOOR = "打开页面.html"
_SHELTER = ".survey-report-page"
_WAIT = 3.0
"""Seconds that a server which has just begun may take to lay its door."""
_ADDRESS = re.compile(r'href="(http://127\.0\.0\.1:\d+/start/[\w-]+)"')


@dataclass(frozen=True)
class Door:
    """The way in: an address that holds the token, and a file of the user's that leads there."""

    address: str
    file: Path


def prepared(home: Path | None) -> Path:
    """Make the folder of the surveys, for its owner alone.

    Raises
    ------
    ReportError
        If it cannot be made.
    """
    home = (home or Path.home() / HOME).expanduser().resolve()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(
            zh=f"不能建立这个文件夹（{error.strerror or error}）。请另选一个（--folder）。",
            en=f"The folder cannot be made ({error.strerror or error}). Choose another (--folder).",
            place=Place(file=str(home)),
        ) from error
    return home


def running(home: Path) -> Door | None:
    """Give the door of the server that has this folder open; None where there is none.

    Raises
    ------
    ReportError
        If a server has it open and lays no door.
    """
    file, end = home / DOOR, time.monotonic() + _WAIT
    while True:
        try:
            with lock.held(home / _SHELTER):
                return None
        except lock.BusyError as error:
            found = _ADDRESS.search(file.read_text(encoding="utf-8")) if file.exists() else None
            if found:
                return Door(found[1], file)
            if time.monotonic() > end:
                raise _taken(home) from error
        time.sleep(0.1)


def _taken(home: Path) -> ReportError:
    return ReportError(
        zh="另一个页面刚刚打开了这个文件夹，还没有准备好。请稍等再打开一次；"
        "仍不行就结束那个程序，或另选一个（--folder）。",
        en="Another page has just opened this folder and is not ready yet. Open it again in a "
        "moment; if that does not help, end that program or choose another folder (--folder).",
        place=Place(file=str(home)),
    )


@contextmanager
def shelter(home: Path) -> Iterator[Path]:
    """Hold the folder, and give a private one beneath it that is empty now and gone at the end.

    Raises
    ------
    ReportError
        If another server has the folder open.
    """
    space = home / _SHELTER
    with ExitStack() as stack:
        try:
            stack.enter_context(lock.held(space))
        except lock.BusyError as error:
            raise _taken(home) from error
        for left in space.iterdir():  # of a server that was killed
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            elif left.name != "lock":
                left.unlink()
        inner = space / "work"
        inner.mkdir(mode=0o700)
        try:
            yield inner
        finally:
            shutil.rmtree(inner, ignore_errors=True)


def explain(text: str) -> Path:
    """Say in the browser what is wrong, where there is no terminal to say it in."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="survey-report-", suffix=".html", encoding="utf-8", delete=False
    ) as stream:
        stream.write(f'<!doctype html><meta charset="utf-8"><p>{escape(text)}</p>\n')
    webbrowser.open(Path(stream.name).as_uri())
    return Path(stream.name)


@contextmanager
def door(home: Path, address: str) -> Iterator[Door]:
    """Lay a file that leads to the page beside the surveys, readable by its owner alone."""
    file = home / DOOR
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        stream.write(
            '<!doctype html><meta charset="utf-8"><title>survey-report</title>'
            f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
            f'<p><a href="{escape(address)}">打开满意度调查页面 Open the page</a></p>\n'
        )
    try:
        yield Door(address, file)
    finally:
        file.unlink(missing_ok=True)
