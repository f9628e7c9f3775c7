"""A fault before and after every step that changes the file system, while a place is replaced."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey import output
from survey.errors import ReportError
from survey.output import lock, moves
from tests.survey.output.reports import names, text, write

STEPS = ("rename", "replace", "link", "unlink", "rmdir", "mkdir", "chmod")


class KilledError(BaseException):
    """The process is gone: from here on nothing it does changes anything."""


class Fault:
    """Raise once, at the step of a number; who is killed raises at every step from there on."""

    def __init__(self, at: int, kind: Callable[[], BaseException], *, after: bool) -> None:
        self._at, self._kind, self._after = at, kind, after
        self.n_steps = 0
        self.came = False

    def around(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def faulty(*args: Any, **options: Any) -> Any:
            if self.came and self._kind is KilledError:
                raise KilledError
            self.n_steps += 1
            here = self.n_steps == self._at
            if here and not self._after:
                self.came = True
                raise self._kind()
            try:
                return step(*args, **options)
            finally:
                if here:
                    self.came = True
                    raise self._kind()

        return faulty


def disk() -> OSError:
    return OSError(errno.EIO, "Input/output error")


def replace_folder(parent: Path, token: str) -> None:
    with output.folder(parent / "r", force=True, tell=lambda *_: None) as work:
        write(work, token)


def replace_file(parent: Path, token: str) -> None:
    with output.file(parent / "f", force=True, tell=lambda *_: None) as new:
        new.write_text(token)


def make_folder(parent: Path, token: str) -> None:
    with output.folder(parent / "neu" / "r", force=True, tell=lambda *_: None) as work:
        write(work, token)


def state(parent: Path) -> dict[str, str]:
    found = {"f": (parent / "f").read_text()} if (parent / "f").exists() else {}
    for place in ("r", "neu/r"):
        if (parent / place).exists():
            found[place] = text(parent / place)
    return found


@pytest.mark.parametrize("at_once", [True, False], ids=["exchanged at once", "by a third name"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", [KilledError, KeyboardInterrupt, disk])
@pytest.mark.parametrize("act", [replace_folder, replace_file, make_folder])
def test_a_fault_at_every_step(
    act: Callable[[Path, str], None],
    kind: Callable[[], BaseException],
    after: bool,
    at_once: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moves, "to_disk", lambda _: None)  # changes nothing that can be seen here
    n_faults = 0
    for at in range(1, 200):
        parent = tmp_path / str(at)
        parent.mkdir()
        (parent / "mine").write_text("mine")
        replace_folder(parent, "old")
        replace_file(parent, "old")
        before = state(parent)
        fault = Fault(at, kind, after=after)
        with monkeypatch.context() as patch:
            for step in STEPS:
                patch.setattr(os, step, fault.around(getattr(os, step)))
            swap = fault.around(moves.exchange_at_once) if at_once else lambda *_: False
            patch.setattr(moves, "exchange_at_once", swap)
            try:
                act(parent, "new")
                raised = False
            except (KilledError, KeyboardInterrupt, ReportError):
                raised = True
        lock._mine.clear()  # as in the next process
        if not fault.came:
            break
        n_faults += 1
        killed = kind is KilledError
        # At every instant each place is the old or the new, whole; only systems that cannot
        # exchange at once have it under another name for a moment, until the next run.
        place = {replace_folder: "r", replace_file: "f", make_folder: "neu/r"}[act]
        now = state(parent)
        if killed and not at_once and act is replace_folder:
            now = {"r": "old"} | now
        assert now in (before, {**before, place: "new"})
        if not killed:
            assert raised or now[place] == "new"
        if kind is KeyboardInterrupt:
            assert set(names(parent)) <= {"f", "r", "mine", "neu"}
        act(parent, "newest")
        assert state(parent) == {**before, place: "newest"}
        assert set(names(parent)) == {"f", "r", "mine"} | ({"neu"} if act is make_folder else set())
        assert (parent / "mine").read_text() == "mine"
    assert n_faults >= 5
