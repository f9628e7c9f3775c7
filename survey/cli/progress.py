"""Progress bars for work that lasts, when a person watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from survey.cli import messages
from survey.errors import Language

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Watch:
    """Follow the stages of a run: draw a bar for them and keep their times."""

    def __init__(self, language: Language, *, show: bool) -> None:
        self.seconds: dict[str, float] = {}
        self._language: Language = language
        self._stage: str | None = None
        self._since = time.perf_counter()
        self._bar = _rich_bar() if show else None
        self._task: TaskID | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` steps of a stage are done."""
        if stage != self._stage:
            self._close()
            self._stage = stage
            if self._bar is not None:
                self._task = self._bar.add_task(messages.stage(stage, self._language), total=total)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def _close(self) -> None:
        now = time.perf_counter()
        if self._stage is not None:
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + now - self._since
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
        self._since, self._task = now, None

    @contextmanager
    def running(self) -> Iterator[Watch]:
        """Show the bar while the run lasts."""
        if self._bar is None:
            yield self
            self._close()
            return
        with self._bar:
            yield self
            self._close()


def watched(quiet: bool) -> bool:
    """Tell whether a person watches the run."""
    return not quiet and sys.stderr.isatty()


def _rich_bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
