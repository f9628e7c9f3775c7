"""One writer a place: a lock that the system takes back when its process dies."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from survey.output import moves

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})

_mine: set[str] = set()
"""Spaces that this process holds: the system's lock does not keep its threads apart."""
_guard = Lock()


class BusyError(Exception):
    """Somebody else is writing to this place."""


@contextmanager
def held(space: Path) -> Iterator[None]:
    """Make a space and hold it; remove it afterwards if nothing is left in it.

    Parameters
    ----------
    space : Path
        Folder to make, in an existing one.

    Raises
    ------
    BusyError
        If another process or thread holds it.
    """
    key = os.path.normcase(space)
    with _guard:
        if key in _mine:
            raise BusyError
        _mine.add(key)
    lock, descriptor = space / "lock", -1
    try:
        descriptor = _acquire(space, lock)
        yield
    finally:
        _release(space, lock, descriptor)
        _mine.discard(key)


def _acquire(space: Path, lock: Path) -> int:
    for _ in range(100):
        with suppress(FileExistsError):
            os.mkdir(space, 0o700)
        try:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            continue  # whoever held it has just removed it
        try:
            _take(descriptor)
            if _is_at(lock, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # a lock that is no longer this place's
    raise BusyError


def _is_at(lock: Path, descriptor: int) -> bool:
    """Tell whether the file that is held still bears the lock's name."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(lock))
    except FileNotFoundError:
        return False


def _take(descriptor: int) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            # not flock: its locks would live on in forked children of a killed run
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in BUSY:
            raise BusyError from error
        raise


def _release(space: Path, lock: Path, descriptor: int) -> None:
    """Remove lock and space: the lock's name while it is held, but Windows lets no one do that."""
    windows = sys.platform == "win32"
    try:
        if descriptor >= 0 and windows:
            os.close(descriptor)
        if descriptor >= 0:
            moves.insist(lambda: moves.remove(os.unlink, lock))
    finally:
        if descriptor >= 0 and not windows:
            os.close(descriptor)
        moves.insist(lambda: moves.remove(os.rmdir, space))
