"""The few steps that change a place: each whole or not at all, tried again where Windows asks."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any, TypeVar

T = TypeVar("T")

TRIES = 8
"""Windows refuses while a virus scanner or a preview looks at a file: 2.5 s in all."""
SHARING = frozenset({5, 32, 33})
"""Errors of Windows that pass: access denied, sharing violation, lock violation."""


def rename(source: Path, target: Path) -> None:
    """Move a folder or file to a place where nothing is; an empty folder there may give way."""
    _patiently(lambda: os.rename(source, target))


def replace(source: Path, target: Path) -> None:
    """Move a file over another one in one step."""
    _patiently(lambda: os.replace(source, target))


def unlink(path: Path) -> None:
    """Delete a file."""
    _patiently(lambda: os.unlink(path))


def remove(step: Callable[[Path], None], path: Path) -> None:
    """Take away what may be gone, or may have to stay."""
    with suppress(OSError):
        step(path)


def insist(step: Callable[[], T]) -> T:
    """Do what can be done twice to its end; an interrupt waits for it."""
    try:
        return step()
    except KeyboardInterrupt:
        step()
        raise


def place_file(source: Path, target: Path) -> None:
    """Give a file its name where nothing is.

    Raises
    ------
    FileExistsError
        If something is there; it stays as it is.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        # file systems without hard links: memory cards, some network drives
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        rename(source, target)


def exchange(first: Path, second: Path, aside: Path) -> None:
    """Let two folders change names: at once where the system can, else by way of a third name.

    Parameters
    ----------
    aside : Path
        Free name; `second` is there for a moment where the system cannot exchange at once.
    """
    if not exchange_at_once(first, second):
        rename(second, aside)
        rename(first, second)
        rename(aside, first)


def exchange_at_once(first: Path, second: Path) -> bool:
    """Exchange two names in one step of the system; False where it has none."""
    names = os.fsencode(first), os.fsencode(second)
    system: Any = ctypes.CDLL(None) if os.name == "posix" else None
    if sys.platform == "linux" and hasattr(system, "renameat2"):
        here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        return bool(system.renameat2(here, names[0], here, names[1], swap) == 0)
    if sys.platform == "darwin" and hasattr(system, "renamex_np"):
        return bool(system.renamex_np(*names, 2) == 0)  # RENAME_SWAP
    return False


def to_disk(path: Path) -> None:
    """Have a file written through, so that no power cut can leave its name without its content."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def long(path: PurePath) -> str:
    r"""Spell an absolute path of Windows so that it may be longer than 260 characters.

    Examples
    --------
    >>> print(long(PureWindowsPath(r"C:\报告")), long(PureWindowsPath(r"\\server\share\报告")))
    \\?\C:\报告 \\?\UNC\server\share\报告
    >>> print(long(PureWindowsPath(r"\\?\C:\报告")), long(Path("/a")))
    \\?\C:\报告 /a
    """
    text = str(path)
    if not isinstance(path, PureWindowsPath) or text.startswith("\\\\?\\"):
        return text
    return "\\\\?\\UNC" + text[1:] if text.startswith("\\\\") else "\\\\?\\" + text


def _patiently(step: Callable[[], None]) -> None:
    for trial in range(TRIES):
        try:
            step()
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in SHARING or trial == TRIES - 1:
                raise
            time.sleep(0.02 * 2**trial)
