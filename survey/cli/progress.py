"""Progress bars for work that lasts, when a person watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from survey.errors import Language
from survey.project.stages import Clock, shown

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Watch(Clock):
    """Follow the stages of a run: draw a bar for them and keep their times.

    Examples
    --------
    >>> watch = Watch("zh", show=False)
    >>> watch("read", 0, 1)
    >>> watch("read", 1, 1)
    >>> list(watch.seconds)
    ['read']
    """

    def __init__(self, language: Language, *, show: bool) -> None:
        super().__init__()
        self._language: Language = language
        self._bar = _rich_bar() if show else None
        self._task: TaskID | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` steps of a stage are done."""
        before = self.stage
        super().__call__(stage, done, total)
        if stage != before:
            self._finish()
            if self._bar is not None:
                self._task = self._bar.add_task(shown(stage).text(self._language), total=total)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def _finish(self) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.remove_task(self._task)
        self._task = None

    @contextmanager
    def running(self) -> Iterator[Watch]:
        """Show the bar while the run lasts."""
        if self._bar is None:
            yield self
        else:
            with self._bar:
                yield self
                self._finish()
        self.book()


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
