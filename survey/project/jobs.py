"""A task on a survey's folder in a child process: watched, held to its limits, ended on demand.

What it is doing and what came of it stand in the folder, so that a page can be closed and opened
again, and another program can be asked. One task at a time is done on a folder.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from subprocess import Popen
from typing import Any, Literal

from survey import output
from survey.errors import Language, Place, ReportError, SurveyError
from survey.output import lock
from survey.project import child, limits, views
from survey.project.folder import STATE, Project, load
from survey.project.kept import RESULTS, as_json, kept_result, write
from survey.project.limits import Limits
from survey.project.stages import STAGES, Clock, shown
from survey.text import Text

Status = Literal["running", "done", "failed", "cancelled", "interrupted"]
_LOOK = 0.1
"""Seconds between two looks at a child."""
_KEPT = 0.5
"""Seconds between two states that are kept on disk."""
_WAITING = 2
"""Children that wait for another task."""


@dataclass(frozen=True)
class State:
    """How far a task is."""

    task: str  # one of `survey.project.kept.RESULTS`
    # ``running``; ``done``; ``failed``, with `error`; ``cancelled``; ``interrupted``, where the
    # program that watched it was ended
    status: Status
    stage: Text  # what is being done
    # steps of the stage
    done: int = 0
    total: int = 1
    seconds: float = 0.0  # since the start
    left: float | None = None  # seconds that it will still take, where that can be said
    error: Text | None = None  # what went wrong, where, and what to do
    key: str = ""  # `Project.key` at the start


class Job:
    """One task that is done in a child. Made by `start`.

    Attributes
    ----------
    task : str
        What is done.
    folder : Path
        Of the survey.
    """

    def __init__(
        self,
        project: Project,
        task: str,
        language: Language,
        bounds: Limits,
        options: dict[str, Any],
        held: ExitStack,
    ) -> None:
        self.task, self.folder = task, project.folder
        self._key, self._report = project.key, project.report
        self._bounds, self._held = bounds, held
        self._clock = Clock()
        self._clock("start", 0, 1)
        self._expected = _expected(project.folder, task)
        self._begun, self._ended = time.monotonic(), 0.0
        self._end: Status | None = None
        self._told: dict[str, Any] = {}
        self._error: Text | None = None
        self._over = threading.Event()
        self._guard = threading.Lock()
        self._keep()
        self._process: Popen[bytes] = _child(
            project.folder,
            bounds.memory,
            {
                "task": task,
                "folder": str(project.folder),
                "language": language,
                "seconds": bounds.seconds,
                "options": options,
            },
        )
        _running[self.folder] = self  # before the thread that takes it out again
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._look, daemon=True).start()

    @property
    def state(self) -> State:
        """How far it is."""
        return self._state(self._over.is_set())

    def _state(self, is_over: bool) -> State:
        clock = self._clock
        return State(
            self.task,
            self._end if self._end and is_over else "running",
            shown(clock.stage or "start"),
            clock.done,
            clock.total,
            round((self._ended or time.monotonic()) - self._begun, 1),
            None if is_over else clock.left(self._expected),
            self._error,
            self._key,
        )

    def cancel(self) -> None:
        """End the task; nothing half done is left."""
        self._stop("cancelled")
        self._over.wait(10)

    def wait(self, timeout: float | None = None) -> State:
        """Wait until it is over, or some seconds."""
        self._over.wait(timeout)
        return self.state

    def _listen(self) -> None:
        """Follow what the child tells until it is gone, and keep what came of it."""
        assert self._process.stdout is not None
        kept = time.monotonic()
        for line in self._process.stdout:
            told = as_json(line)
            if "stage" in told:
                self._clock(str(told["stage"]), int(told["done"]), int(told["total"]))
                if time.monotonic() - kept > _KEPT:
                    kept = time.monotonic()
                    self._keep()
            elif told.get("early") in RESULTS:
                self._take(str(told["early"]), told["result"])
            else:
                self._told = told
                break
        self._clock.book()
        self._ended = time.monotonic()
        try:
            self._finish()
        finally:
            if self._end == "done" or "error" in self._told:
                _rest(self.folder, self._process, self._bounds.memory)
            else:
                _close(self._process)
                self._tidy()
            self._keep(is_over=True)
            _running.pop(self.folder, None)
            self._held.close()
            self._over.set()

    def _take(self, name: str, told: Any) -> None:
        """Keep a result, if it is one."""
        try:
            views.of_json(RESULTS[name], told)
            write(self.folder, f"{name}.json", {"key": self._key, "result": told})
        except OSError as error:
            self._end, self._error = "failed", _no_room(error)
        except ValueError:
            self._end, self._error = "failed", _CRASHED

    def _finish(self) -> None:
        """Say how it ended, and keep the result."""
        told = self._told
        with self._guard:
            if self._end is not None:
                return
            self._end = "done" if "result" in told else "failed"
        if "result" in told:
            self._take(self.task, told["result"])
        elif "error" in told:
            self._error = Text(str(told["error"]["zh"]), str(told["error"]["en"]))
        elif "memory" in told:
            self._error = _too_large(self._bounds)
        elif "fault" in told:
            with suppress(OSError):
                (self.folder / STATE / "fault.txt").write_text(told["fault"], encoding="utf-8")
            self._error = _FAULT
        else:
            self._error = _CRASHED

    def _look(self) -> None:
        """End a child that takes too much."""
        while not self._over.wait(_LOOK):
            if time.monotonic() - self._begun > self._bounds.seconds:
                self._error = _too_long(self._bounds)
                self._stop("failed")
            elif sys.platform != "linux" and limits.used(self._process) > self._bounds.memory:
                self._error = _too_large(self._bounds)
                self._stop("failed")

    def _stop(self, end: Status) -> None:
        with self._guard:
            if self._end is None and self._process.poll() is None:
                self._end = end
                _kill(self._process)

    def _tidy(self) -> None:
        """Remove what a child that was ended has left beside the report."""
        with suppress(SurveyError, OSError):
            output.tidy(self._report)

    def _keep(self, is_over: bool = False) -> None:
        with suppress(OSError):  # a full disk must not end the watching
            write(self.folder, "state.json", asdict(self._state(is_over)))


_running: dict[Path, Job] = {}
_resting: dict[Path, tuple[int, Popen[bytes]]] = {}
"""Children that wait for another task on their folder, with the memory that they may use."""


def _child(folder: Path, memory: int, told: dict[str, Any]) -> Popen[bytes]:
    """Give a task to the child that waits on a folder, or else to a new one."""
    held, waiting = _resting.pop(folder, (0, None))
    if waiting is not None and held == memory and waiting.poll() is None:
        with suppress(OSError):
            child.order(waiting, told)
            return waiting
    if waiting is not None:
        _close(waiting)
    new = child.start(memory)
    child.order(new, told)
    return new


def _rest(folder: Path, process: Popen[bytes], memory: int) -> None:
    """Let a child wait for another task, and one of another folder no longer."""
    _resting[folder] = memory, process
    for other in [*_resting][:-_WAITING]:
        _close(_resting.pop(other)[1])


def _kill(process: Popen[bytes]) -> None:
    """End a child and those that draw for it."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _close(process: Popen[bytes]) -> None:
    """End a child and close the pipes to it."""
    _kill(process)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            pipe.close()  # type: ignore[union-attr]


def release(folder: str | Path | None = None) -> None:
    """End the children that wait for another task, on one folder or all: it costs the next one."""
    place = None if folder is None else Path(folder).absolute()
    for held in [*_resting] if place is None else [place]:
        if held in _resting:
            _close(_resting.pop(held)[1])


def start(
    folder: str | Path,
    task: str,
    *,
    language: Language = "zh",
    bounds: Limits | None = None,
    **options: Any,
) -> Job:
    """Begin a task on a survey's folder.

    Parameters
    ----------
    folder : path
        Of the survey.
    task : str
        One of `survey.project.kept.RESULTS`.
    language : {"zh", "en"}
        Of what is shown where it is in one language.
    bounds : Limits, optional
        Memory and time.
    **options
        Of the task, see `survey.project.tasks`.

    Returns
    -------
    Job

    Raises
    ------
    SurveyError
        If another task is being done on this folder, or it is no survey's.
    """
    project = load(folder)
    held = ExitStack()
    try:
        (project.folder / STATE).mkdir(mode=0o700, exist_ok=True)
        held.enter_context(lock.held(project.folder / STATE / "running"))
        return Job(project, task, language, bounds or Limits(), options, held)
    except lock.BusyError as error:
        raise ReportError(
            zh="这次调查正在计算（也许在另一个窗口里）。请等它结束，或先取消。",
            en="This survey is being worked on, perhaps in another window. Wait, or cancel that.",
            place=Place(file=project.folder.name),
        ) from error
    except OSError as error:
        held.close()
        told = _no_room(error)
        raise ReportError(zh=told.zh, en=told.en) from error


def running(folder: str | Path) -> Job | None:
    """Give the task that this program is doing on a folder."""
    return _running.get(Path(folder).absolute())


def state(folder: str | Path) -> State | None:
    """Say how far the last task on a folder is or how it ended; None where there was none.

    It may have been begun by another program; where that was ended, it is ``interrupted``.
    """
    place = Path(folder).absolute()
    if (job := _running.get(place)) is not None:
        return job.state
    try:
        found: State = views.of_json(State, as_json((place / STATE / "state.json").read_bytes()))
    except (OSError, ValueError):
        return None
    if found.status != "running":
        return found
    with suppress(lock.BusyError, OSError), lock.held(place / STATE / "running"):
        return replace(found, status="interrupted", left=None, error=_INTERRUPTED)
    return found


def result(survey: Project | str | Path, task: str) -> Any:
    """Give what came of a task when files and decisions were what they are now.

    Parameters
    ----------
    survey : Project or path
        The survey as it was read, or its folder.
    task : str
        One of `survey.project.kept.RESULTS`.

    Returns
    -------
    Understood, Outcome, Supposed or another of `survey.project.kept.RESULTS`, or None
        None where it was never done, or something was changed since.
    """
    project = survey if isinstance(survey, Project) else load(survey)
    kept = kept_result(project.folder, task)
    return kept[1] if kept is not None and kept[0] == project.key else None


def _expected(folder: Path, task: str) -> dict[str, float]:
    """Give the time that each stage took last, or usually takes."""
    stages = ("start", "read") if task != "report" else tuple(STAGES)
    usual = {
        name: STAGES[name][1] for name in stages if name not in ("simulate", "units", "branches")
    }
    before = kept_result(folder, "report") if task == "report" else None
    return {"start": usual["start"], **before[1].seconds} if before else usual


_CRASHED = Text(
    "读取或计算的进程意外结束（文件可能损坏，或内存不足）。已确认的事项均已保留；请再试一次，"
    "仍然不行时，请将文件在 Excel 中另存为 xlsx 后重新放入。",
    "The process that reads and computes ended unexpectedly: the file may be damaged, or memory "
    "was short. All that was decided is kept. Try again, or save the file anew as xlsx and put it "
    "in again.",
)
_INTERRUPTED = Text(
    "上次未完成时程序已关闭。已确认的事项均已保留，请重新计算。",
    "The program was ended before this was done. All that was decided is kept: start it again.",
)
_FAULT = Text(
    f"程序出错，与您的文件无关。请把调查文件夹里的 {STATE}/fault.txt 发给我们。",
    f"The program failed, and not your files. Please send us {STATE}/fault.txt of the folder.",
)


def _too_large(bounds: Limits) -> Text:
    return Text(
        f"这些文件需要的内存超过 {bounds.memory} MiB，已停止。已确认的事项均已保留；请检查文件，"
        "正常的大文件请用 survey-report 命令计算。",
        f"These files need more than {bounds.memory} MiB of memory; stopped. All that was decided "
        "is kept. Look whether the file is what it should be; large ones go by the command.",
    )


def _too_long(bounds: Limits) -> Text:
    return Text(
        f"超过 {bounds.seconds:.0f} 秒没有做完，已停止。已确认的事项均已保留；请检查文件，"
        "正常的大文件请用 survey-report 命令计算。",
        f"Not done after {bounds.seconds:.0f} seconds; stopped. All that was decided is kept. Look "
        "whether the file is what it should be; large ones go by the command.",
    )


def _no_room(error: OSError) -> Text:
    return Text(
        f"调查文件夹不能写入（{error.strerror or error}）。请检查磁盘空间和权限，再试一次。",
        f"The survey's folder cannot be written ({error.strerror or error}). Check disk space and "
        "permissions, and try again.",
    )
