"""How a task tells how far it is, in JSON by a pipe."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class Tell:
    """Tell whoever watches how far a task is: a function of progress."""

    def __init__(self, to: TextIO) -> None:
        self._to = to

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` steps of a stage are done."""
        say(self._to, stage=stage, done=done, total=total)

    def early(self, name: str, view: DataclassInstance) -> None:
        """Give a result that is there before the task is over, to be kept under a name."""
        say(self._to, early=name, result=asdict(view))


def say(to: TextIO, **told: Any) -> None:
    """Write one line of JSON, at once."""
    to.write(json.dumps(told, ensure_ascii=False) + "\n")
    to.flush()
