"""Work for several processes that import nothing of the user's.

The pools of the standard library run the user's script again in every process that is not forked:
one without a guard for ``__main__`` breaks them, on Windows and macOS always. Here a process is a
fresh interpreter that knows this package only, and takes its tasks by a pipe. Whatever goes wrong
with one, the task is done here.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

_HOME = Path(__file__).parents[2]
_PROGRAM = (
    f"import sys; sys.path.append({str(_HOME)!r}); "
    "from survey.report.parallel import serve; serve()"
)
_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def processors() -> int:
    """Say how many processes are worth while on this machine."""
    return min(os.cpu_count() or 1, 8)


def in_parallel(
    work: Callable[..., Any], tasks: list[tuple[Any, ...]], workers: int
) -> Iterator[Any]:
    """Do tasks, in this process or in several, and give what comes of them in their order.

    Parameters
    ----------
    work : callable
        A function of a module of this package or of the standard library.
    tasks : list of tuple
        Its arguments, one tuple a task, fit for pickling.
    workers : int
        Processes; with 1 all is done here.

    Yields
    ------
    object
        What `work` returns.

    Examples
    --------
    >>> import operator
    >>> list(in_parallel(operator.add, [(1, 2), (3, 4)], workers=1))
    [3, 7]
    """
    if workers == 1:
        for task in tasks:
            yield work(*task)
        return
    here = Lock()  # drawing is not made for threads
    started = [_Worker() for _ in range(min(workers, len(tasks)))]
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in started:
        idle.put(worker)

    def done(task: tuple[Any, ...]) -> Any:
        worker = idle.get()
        try:
            is_done, value = worker.do(work, task)
        finally:
            idle.put(worker)
        if is_done:
            return value
        with here:
            return work(*task)

    pool = ThreadPoolExecutor(len(started) or 1)
    try:
        yield from pool.map(done, tasks)
    finally:
        for worker in started:
            worker.stop()
        pool.shutdown(cancel_futures=True)


class _Worker:
    """An interpreter of its own; one that fails does nothing more."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError, ValueError, TypeError):
            # -P: nothing of the current folder is imported, whatever its files are called
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=_HIDDEN,
            )

    def do(self, work: Callable[..., Any], task: tuple[Any, ...]) -> tuple[bool, Any]:
        """Do a task there; false where it could not be done, for whatever reason."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return False, None
        try:
            content = pickle.dumps((work, task))
            process.stdin.write(content)
            process.stdin.flush()
            is_done, value = pickle.load(process.stdout)
        except Exception:
            self.stop()
            return False, None
        return is_done, value

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
            process.wait()


def serve() -> None:
    """Do what comes by the pipe until it is closed."""
    tasks, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the results
    while True:
        try:
            work, task = pickle.load(tasks)
        except EOFError:
            return
        try:
            content = pickle.dumps((True, work(*task)))
        except Exception:
            # Done again where the task came from, the fault can be seen with its traceback.
            content = pickle.dumps((False, None))
        results.write(content)
        results.flush()
