"""What the page holds while it is open: the surveys of one folder, and the work on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from survey import project
from survey.decisions import FILE
from survey.errors import Language, Place, SurveyError, UsageError
from survey.page.guard import Keys
from survey.project import Project, State
from survey.text import Text


@dataclass(frozen=True)
class Note:
    """What has to be said of files that arrived; `is_loss` where answers count no longer."""

    text: Text
    is_loss: bool = False


@dataclass
class Office:
    """The surveys in a folder."""

    home: Path  # the folder; each survey is a folder in it
    work: Path  # a private folder, gone at the end
    keys: Keys  # the secrets of this run
    language: Language  # language of the page, as it is chosen now
    # what the next look at the files of a survey says, once
    notes: dict[Path, list[Note]] = field(default_factory=dict)
    _beginning: Lock = field(default_factory=Lock)

    def surveys(self) -> dict[str, Path]:
        """List the folders of surveys by their names, the latest first."""
        files = [file for file in self.home.glob(f"*/{FILE}") if not file.parent.is_symlink()]
        files.sort(key=lambda file: file.stat().st_mtime, reverse=True)
        return {file.parent.name: file.parent for file in files}

    def create(self, name: str) -> Project:
        """Begin a survey.

        Raises
        ------
        UsageError
            If its name is none, or taken.
        """
        if not name.strip():
            raise UsageError(zh="请给这次调查起一个名称。", en="Give the survey a name.")
        folder = self.home / project.safe_name(name.replace("/", "／").replace("\\", "＼"))
        if folder.exists():
            raise UsageError(
                zh="已经有这个名称的调查，请换一个名称，或打开原来的。",
                en="There is a survey of this name: choose another, or open that one.",
                place=Place(file=folder.name),
            )
        return project.create(folder, {"per_branch": "html"})

    def begin(self, folder: Path, task: str, **options: Any) -> project.Job:
        """Begin a task; one that only reads gives way to it."""
        with self._beginning:
            job = project.running(folder)
            if job is not None and job.task != "report":
                job.cancel()
            return project.start(folder, task, language=self.language, **options)

    def done(self, folder: Path, task: str, **options: Any) -> Any:
        """Do a short task to its end, and give what came of it.

        Raises
        ------
        SurveyError
            If nothing came of it.
        """
        state = self.begin(folder, task, **options).wait()
        if state.status != "done":
            told = state.error or Text("未完成，请再试一次。", "It was not done; try again.")
            raise SurveyError(zh=told.zh, en=told.en)
        return project.result(folder, task)

    def understand(self, folder: Path) -> None:
        """Read the files in the background, where there are any and nothing else is being done."""
        job = project.running(folder)
        if project.load(folder).paths("export") and (job is None or job.task != "report"):
            self.begin(folder, "understand")

    @property
    def is_working(self) -> bool:
        """Whether anything is being done on a survey."""
        return any(project.running(folder) for folder in self.surveys().values())

    def end(self) -> None:
        """End all work."""
        for folder in self.surveys().values():
            if job := project.running(folder):
                job.cancel()
        project.release()


@dataclass(frozen=True)
class Desk:
    """One survey as it stands now, for one request."""

    project: Project  # its folder
    state: State | None  # how far the last task on it is

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.project.folder.name

    def is_doing(self, *tasks: str) -> bool:
        """Tell whether one of these tasks is being done."""
        state = self.state
        return state is not None and state.status == "running" and state.task in tasks

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being done: two windows would end each other's work in turn."""
        return self.state is None or self.state.status != "running"

    def failed(self, task: str) -> State | None:
        """Give how a task ended without a result, of files and decisions as they are now."""
        state = self.state
        ended = state is not None and state.task == task and state.key == self.project.key
        return state if ended and state and state.status not in ("running", "done") else None

    def result(self, task: str) -> Any:
        """Give what came of a task, of files and decisions as they are now; else None."""
        return project.result(self.project, task)


def chosen(points: tuple[project.Ask, ...], form: Mapping[str, Any]) -> dict[Any, str]:
    """Give what was decided in a form: the points whose value was chosen or changed.

    Raises
    ------
    UsageError
        If a value is none of the choices.
    """
    made = {}
    for at, point in enumerate(points):
        given = form.get(f"point-{at}")
        if not isinstance(given, str) or given in ("?", point.value):
            continue
        values = {text: v for v, label in point.choices for text in (label.zh, label.en, v)}
        if given not in values and not point.is_free:
            raise UsageError(
                zh=f"“{point.shown.zh}”不能选“{given}”，请从列出的各项中选。",
                en=f"“{given}” is none of the choices for “{point.shown.en}”.",
            )
        value = values.get(given.strip(), given.strip())  # a free text may be one of them
        if value != (point.value or ("" if point.is_free else None)):
            made[point.topic, point.key] = value
    return made
