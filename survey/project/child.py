"""The process that reads files and computes: one task, told in JSON, and then its end.

It is a fresh interpreter that knows this package only. It ends when whoever started it is gone,
whatever it is doing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from survey.project import limits

_HOME = Path(__file__).parents[2]
_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(_HOME)!r}); "
    "from survey.project.child import serve; serve()"
)


def start(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start a child and give it its task; it lives no longer than the pipe to it.

    Parameters
    ----------
    order : dict
        ``task``, ``folder``, ``language``, ``memory`` in MiB, ``options`` of the task.
    """
    # -P: nothing of the current folder is imported, whatever its files are called
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        # every further thread of the linear algebra reserves memory and speeds up nothing here
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    process.stdin.flush()
    return process


def serve() -> None:
    """Do the task that comes by the pipe, and tell how far it is and what came of it."""
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=_until_alone, args=(sys.stdin,), daemon=True).start()
    to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not get among what is told
    limits.hold(order["memory"])
    _say(to, **_done(order, to))


def _done(order: dict[str, Any], to: TextIO) -> dict[str, Any]:
    """Do a task; give its result, what stops it, or the fault in the program."""
    from survey import settings
    from survey.errors import SurveyError, unwritable
    from survey.project.tasks import TASKS

    def tell(stage: str, done: int, total: int) -> None:
        _say(to, stage=stage, done=done, total=total)

    settings.options(language=order["language"])
    try:
        task = TASKS[order["task"]]
        made = task(Path(order["folder"]), tell, order["language"], **order["options"])
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


def _say(to: TextIO, **told: Any) -> None:
    to.write(json.dumps(told, ensure_ascii=False) + "\n")
    to.flush()


def _until_alone(pipe: TextIO) -> None:
    """End this process as soon as nobody holds the other end of its pipe."""
    while pipe.readline():
        pass
    os._exit(1)
