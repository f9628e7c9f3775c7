"""The process that reads files and computes for one survey: its tasks come and go in JSON.

It is a fresh interpreter that knows this package only. Between tasks it waits a while, since the
libraries take longer to load than most tasks. It ends when whoever started it is gone, whatever it
is doing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TextIO

from survey import parallel
from survey.project import limits
from survey.project.telling import Tell, say

IDLE = 600.0
"""Seconds that a child waits for another task."""


def start(memory: int) -> subprocess.Popen[bytes]:
    """Start a child that takes orders; it lives no longer than the pipe to it.

    Parameters
    ----------
    memory : int
        MiB that it, and every process that draws for it, may use.
    """
    return subprocess.Popen(
        parallel.command(f"from {__name__} import serve; serve()", str(memory)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=parallel.HIDDEN,
        # every further thread of the linear algebra reserves memory and speeds up nothing here
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )


def order(process: subprocess.Popen[bytes], told: dict[str, Any]) -> None:
    """Give a child a task: ``task``, ``folder``, ``language``, ``seconds``, ``options``.

    Raises
    ------
    OSError
        If it is gone.
    """
    assert process.stdin is not None
    process.stdin.write(json.dumps(told).encode() + b"\n")
    process.stdin.flush()


def serve() -> None:
    """Do the tasks that come by the pipe, tell how far each is and what came of it."""
    orders: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_take, args=(sys.stdin, orders), daemon=True).start()
    to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not get among what is told
    # first: where memory is short, the linear algebra does not fail as it is loaded, but never ends
    import_module("survey.workflow")
    limits.hold(int(sys.argv[1]))
    with suppress(Empty):
        while True:
            say(to, **_done(json.loads(orders.get(timeout=IDLE)), to))


def _done(asked: dict[str, Any], to: TextIO) -> dict[str, Any]:
    """Do a task; give its result, what stops it, or the fault in the program."""
    limits.end_after(asked["seconds"])
    from survey import settings
    from survey.errors import SurveyError, unwritable
    from survey.project.tasks import TASKS

    settings.options(language=asked["language"])
    try:
        task = TASKS[asked["task"]]
        made = task(Path(asked["folder"]), Tell(to), asked["language"], **asked["options"])
        return {"result": asdict(made)}
    except SurveyError as error:
        return {"error": {"zh": error.text("zh"), "en": error.text("en")}}
    except OSError as error:
        told = unwritable(error)
        return {"error": {"zh": told.text("zh"), "en": told.text("en")}}
    except MemoryError:
        return {"memory": True}
    except Exception:
        return {"fault": traceback.format_exc()}


def _take(pipe: TextIO, orders: SimpleQueue[str]) -> None:
    """Take orders, and end this process as soon as nobody holds the other end of the pipe."""
    while line := pipe.readline():
        orders.put(line)
    os._exit(1)
