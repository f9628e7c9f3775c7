"""Work for several processes that import nothing of the user's.

The pools of the standard library run the user's script again in every process that is not forked:
one without a guard for ``__main__`` breaks them, on Windows and macOS always. Here a process is a
fresh interpreter that knows this package only, and takes its tasks by a pipe.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Flags of a process that opens no window on Windows."""
MOST = 8
"""Processes at most, each of which takes the memory of the libraries it loads."""
_ALONE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Every processor has a process: threads of linear algebra beside it would only wait."""
_serves = False
_HOME = str(Path(__file__).parents[1])
_PROGRAM = f"from {__name__} import serve; serve()"


def processors() -> int:
    """Say how many processes are worth while on this machine: inside one of several, one."""
    if _serves:
        return 1
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count()
    return min(cores or 1, MOST)


def command(program: str, *arguments: str) -> list[str]:
    """Give the command that runs a program with the modules of this process.

    Nothing of the current folder or the user's is imported in place of the standard library's,
    whatever its files are called.
    """
    places = [_HOME, *filter(None, sys.path)]
    begin = f"import sys; sys.path += {places!r}"
    return [sys.executable, "-P", "-X", "utf8", "-c", f"{begin}; {program}", *arguments]


def in_parallel(
    work: Callable[..., Any],
    tasks: Iterable[tuple[Any, ...]],
    workers: int,
    otherwise: Callable[..., Any] | None = None,
) -> Iterator[Any]:
    """Do tasks, in this process or in several, and give what comes of them in their order.

    Tasks are taken when a process is about to have room for them, and wait for whoever takes what
    comes of them: of large ones few are held.

    Parameters
    ----------
    work : callable
        A function of a module of this package or of the standard library.
    workers : int
        Processes; with 1 all is done here.
    otherwise : callable, optional
        What is done here with the arguments of a task that failed in another process or ended it;
        by default `work`, so that a fault is seen with its traceback.

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
    started = [_Worker() for _ in range(workers)]
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
            return (otherwise or work)(*task)

    pool = ThreadPoolExecutor(workers)
    waiting: deque[Future[Any]] = deque()
    try:
        for task in tasks:
            waiting.append(pool.submit(done, task))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for worker in started:
            worker.stop()
        pool.shutdown(cancel_futures=True)


class _Worker:
    """An interpreter of its own, started when there is work, and again when work has ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def do(self, work: Callable[..., Any], task: tuple[Any, ...]) -> tuple[bool, Any]:
        """Do a task there; false where it could not be done, for whatever reason."""
        try:
            content = pickle.dumps((work, task))
        except Exception:  # what cannot be sent raises errors of many kinds
            return False, None
        try:
            process = self._process = self._process or _started()
            assert process.stdin is not None
            assert process.stdout is not None
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


def _started() -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        command(_PROGRAM),
        stdin=pipe,
        stdout=pipe,
        stderr=nowhere,
        creationflags=HIDDEN,
        env=os.environ | _ALONE,
    )


def serve() -> None:
    """Do what comes by the pipe until it is closed."""
    global _serves
    _serves = True
    gc.set_threshold(100_000, 50, 50)  # a report makes millions of objects and leaves few circles
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
            content = pickle.dumps((False, None))
        results.write(content)
        results.flush()
