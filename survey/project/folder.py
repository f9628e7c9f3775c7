"""The folder of a survey: its files, what each is, and everything that was decided."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from survey import output
from survey.decisions import FILE, KINDS, OPEN, Decision, Decisions, Topic, dump, load_all, taken
from survey.errors import Language, Place, ReadError, ReportError, UsageError, nearest
from survey.output import manifest
from survey.output.lock import BusyError

STATE = ".survey-report"
"""Folder of what can be made again."""
REPORTS: Mapping[Language, str] = {"zh": "报告", "en": "report"}
"""Where the report lies in the folder."""
PAST: Mapping[Language, str] = {"zh": "往次", "en": "before"}
"""How the folders of waves before are called, with the day of their report."""
_WAIT = 3.0
_BAD = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


@dataclass(frozen=True)
class Source:
    """One file of a survey."""

    name: str  # in the folder
    kind: str  # one of `KINDS`
    sha256: str  # of the file when it was put there


@dataclass(frozen=True)
class Project:
    """A survey's folder as it stands."""

    folder: Path  # where it is
    # everything that was decided, the facts of the survey among them
    decisions: Decisions = field(default_factory=Decisions)
    sources: tuple[Source, ...] = ()  # its files, in the order in which they were put there

    def paths(self, kind: str) -> tuple[Path, ...]:
        """Give the files of a kind."""
        return tuple(self.folder / s.name for s in self.sources if s.kind == kind)

    @property
    def facts(self) -> dict[str, Any]:
        """What was decided of the survey as a whole, as values: title, organisation, and so on."""
        return taken(self.decisions)

    @property
    def language(self) -> Language:
        """Language of the report."""
        return "en" if self.facts.get("language") == "en" else "zh"

    @property
    def report(self) -> Path:
        """Where its report is, or will be."""
        return self.folder / REPORTS[self.language]

    @cached_property
    def key(self) -> str:
        """A text that changes with every file and every decision: results are of one key."""
        made = sorted((*at, d.value) for at, d in self.decisions.made.items())
        files = [(source.name, source.kind, source.sha256) for source in self.sources]
        return hashlib.sha256(json.dumps([made, files]).encode()).hexdigest()

    @property
    def replaced(self) -> tuple[str, ...]:
        """Names of files that are gone, or no longer what they were when they were put there."""
        return tuple(
            source.name
            for source in self.sources
            if _digest(self.folder / source.name) != source.sha256
        )

    def text(self) -> str:
        """Give what stands in its file of decisions."""
        tables: dict[str, dict[str, str]] = {}
        for (topic, key), decision in self.decisions.made.items():
            tables.setdefault(topic, {})[key] = decision.value
        tables["files"] = {source.name: source.kind for source in self.sources}
        tables["sha256"] = {source.name: source.sha256 for source in self.sources}
        return dump(tables)


def _digest(path: Path) -> str:
    """Give the SHA-256 of a file, read again only where it looks changed; "" where it is gone."""
    try:
        known = path.stat()
    except OSError:
        return ""
    if not path.is_file():
        return ""
    return _digest_of(path, known.st_size, known.st_mtime_ns, known.st_ino)


@lru_cache(maxsize=256)
def _digest_of(path: Path, *state: int) -> str:
    return output.sha256(path)


def create(folder: str | Path, facts: Mapping[str, str] | None = None) -> Project:
    """Make a folder a survey's, with what is known of it; one that is a survey's already stays.

    Parameters
    ----------
    folder : path
        Made where it is not there; what lies in it stays and is no part of the survey.
    facts : mapping of str to str, optional
        Facts of `survey.decisions.FACTS`, as people write them.

    Raises
    ------
    SurveyError
        If the folder cannot be made or written, or a fact cannot be.

    Examples
    --------
    >>> import tempfile
    >>> made = create(Path(tempfile.mkdtemp()) / "调查", {"organisation": "某大学", "bar": "85%"})
    >>> made.facts, load(made.folder).facts == made.facts
    ({'organisation': '某大学', 'bar': '0.85'}, True)
    """
    place = Path(folder).absolute()
    given = Decisions.of({"survey": dict(facts or {})})
    taken(given)
    return _changed(place, lambda project: replace(project, decisions=project.decisions | given))


def load(folder: str | Path) -> Project:
    """Read a survey's folder.

    Raises
    ------
    CodingError
        If it is no survey's, or its file of decisions is not understood.
    """
    place = Path(folder).absolute()
    decisions, files = load_all(place / FILE)
    sources = (Source(name, kind, digest) for name, (kind, digest) in files.items())
    return Project(place, decisions, tuple(sources))


def put(
    folder: str | Path, file: str | Path | BinaryIO, kind: str, name: str | None = None
) -> Project:
    """Put a file into a survey's folder, by copying it.

    Parameters
    ----------
    folder : path
        Of the survey.
    file : path or binary stream
        What to copy.
    kind : str
        One of `KINDS`. An export is added to those that are there, under the same name it takes the
        place of the older one; of another kind there is one, and the older one is let go of and
        deleted. Files of waves before stay.
    name : str, optional
        Its name, where `file` has none or another one.

    Raises
    ------
    SurveyError
        If it cannot be read or written, or such a file of another kind is there.
    """
    if kind not in KINDS:
        raise nearest("kind", kind, KINDS)
    place = Path(folder).absolute()
    own = safe_name(name or (file.name if isinstance(file, Path) else os.path.basename(str(file))))
    project = load(place)
    there = next((source for source in project.sources if source.name == own), None)
    if there is None or there.kind != kind:
        own = _free(place, own)
    with output.file(place / own, force=True) as new:
        _copy(file, new)
        digest = output.sha256(new)
        same = next((s for s in project.sources if s.sha256 == digest and s.kind == kind), None)
        if same is not None and same.name != own and (place / same.name).is_file():
            new.unlink()
            return project
    source = Source(own, kind, digest)
    gone: set[str] = set()

    def update(now: Project) -> Project:
        of_kind = {s.name for s in now.sources if s.kind == kind != "export" and s.name != own}
        gone.update(name for name in of_kind if "/" not in name)  # those of waves before stay
        kept = (s for s in now.sources if s.name not in gone | {own})
        return replace(now, sources=(*kept, source))

    after = _changed(place, update)
    for name in gone:
        _unlink(place / name)
    return after


def take_out(folder: str | Path, name: str) -> Project:
    """Take a file out of a survey and delete the survey's copy."""
    place = Path(folder).absolute()
    known = {source.name for source in load(place).sources}
    if name not in known:
        raise nearest("name", name, known)
    after = _changed(
        place, lambda now: replace(now, sources=tuple(s for s in now.sources if s.name != name))
    )
    _unlink(place / name)
    return after


def decide(folder: str | Path, made: Mapping[tuple[Topic, str], str | None] | Decisions) -> Project:
    """Decide points of a survey, or take decisions back.

    Parameters
    ----------
    folder : path
        Of the survey.
    made : mapping of (topic, key) to str or None, or Decisions
        As the points are named in `Ask`; None takes a decision back. What a sheet to confirm says
        is a `Decisions`.

    Raises
    ------
    SurveyError
        If a fact cannot be, or the folder cannot be written. What was decided before stays.
    """
    if isinstance(made, Decisions):
        made = {at: decision.value for at, decision in made.made.items()}
    given = made

    def update(project: Project) -> Project:
        kept = {at: d for at, d in project.decisions.made.items() if at not in given}
        new = {at: Decision(value) for at, value in given.items() if value not in (None, OPEN)}
        decisions = Decisions({**kept, **new})
        taken(Decisions({at: d for at, d in decisions.made.items() if at in new}))
        return replace(project, decisions=decisions)

    return _changed(Path(folder).absolute(), update)


def next_wave(folder: str | Path) -> Project:
    """Make this year's files last year's: the next export dropped begins a new wave.

    Exports, roster and report move into a folder of their own in the survey's, those before stay in
    theirs; the list of actions of the report is held against the new answers. What was decided
    stays, but for the time of the survey.

    Raises
    ------
    SurveyError
        If there is no export yet, or a file cannot be moved; then nothing is.
    """
    place = Path(folder).absolute()
    becomes = {"export": "earlier", "roster": "earlier_roster"}
    moved: list[tuple[Path, Path]] = []

    def update(now: Project) -> Project:
        if not now.paths("export"):
            raise UsageError(
                zh="还没有导出文件，不能开始下一次调查。",
                en="There is no export yet to go on from.",
            )
        aside = place / _free(place, f"{PAST[now.language]} {_day_of(now.report)}")
        aside.mkdir()
        past, stays = [], []
        for source in now.sources:
            if source.kind in becomes:
                own = Path(source.name).name
                _move(place / source.name, aside / own, moved)
                past.append(replace(source, name=f"{aside.name}/{own}", kind=becomes[source.kind]))
            elif source.kind not in ("actions", "evidence", "renamed"):
                stays.append(source)
        if now.report.exists():
            _move(now.report, aside / now.report.name, moved)
        for list_of in (aside / now.report.name / name for name in output.ACTIONS.values()):
            if list_of.is_file():
                name = list_of.relative_to(place).as_posix()
                past.append(Source(name, "actions", output.sha256(list_of)))
        time_of = {("survey", name) for name in ("since", "until", "looks", "period")}
        made = {at: d for at, d in now.decisions.made.items() if at not in time_of}
        return replace(now, decisions=Decisions(made), sources=(*past, *stays))

    try:
        return _changed(place, update)
    except BaseException:
        for before, after in reversed(moved):
            os.rename(after, before)
        for _, after in moved[:1]:
            after.parent.rmdir()
        raise


def _move(before: Path, after: Path, moved: list[tuple[Path, Path]]) -> None:
    os.rename(before, after)
    moved.append((before, after))


def _day_of(report: Path) -> str:
    """Give the day on which a report was made; today where there is none."""
    try:
        return str(json.loads((report / output.RECORD).read_text(encoding="utf-8"))["created"])
    except (OSError, ValueError, KeyError):
        return date.today().isoformat()


def delete(folder: str | Path) -> tuple[str, ...]:
    """Delete a survey: its files, reports, decisions, state, and the folder.

    Returns
    -------
    tuple of str
        Names of what is none of the survey's and stays, with the folder around it.

    Raises
    ------
    SurveyError
        If something cannot be deleted; whatever can be is.
    """
    place = Path(folder).absolute()
    project = load(place)
    for source in project.sources:
        _unlink(place / source.name)
    for record in [*place.glob(f"*/{output.RECORD}"), *place.glob(f"*/*/{output.RECORD}")]:
        if manifest.is_sealed(record.parent):
            manifest.clear(record.parent)
    for source in project.sources:
        with suppress(OSError):  # a folder of a wave before that still holds something
            (place / source.name).parent.rmdir()
    shutil.rmtree(place / STATE, ignore_errors=True)
    _unlink(place / FILE)
    stays = tuple(
        sorted(entry.name for entry in place.iterdir() if entry.name not in manifest.LITTER)
    )
    if not stays:
        shutil.rmtree(place)
    return stays


_LONGEST, _LONGEST_SUFFIX = 200, 10
"""Of a name in bytes, which file systems count, and of a suffix in characters."""


def safe_name(name: str) -> str:
    r"""Make what somebody else calls a file a name in the folder, on every system.

    Examples
    --------
    >>> safe_name("..\\..\\导出: 今年.xlsx"), safe_name("/etc/passwd"), safe_name("CON.xlsx")
    ('导出_ 今年.xlsx', 'passwd', '_CON.xlsx')
    >>> safe_name(".."), safe_name("survey-report.toml")
    ('文件', '_survey-report.toml')
    >>> [len(safe_name(name).encode()) for name in ("长" * 99, "a" * 300 + ".xlsx")]
    [198, 200]
    """
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    plain = "".join(c for c in plain if c.isprintable())
    plain = _BAD.sub("_", plain).strip(" .") or "文件"
    suffix = Path(plain).suffix if len(Path(plain).suffix) <= _LONGEST_SUFFIX else ""
    stem = plain.removesuffix(suffix).encode()[: _LONGEST - len(suffix.encode())]
    plain = stem.decode(errors="ignore") + suffix
    taken_by_us = plain.lower() in (FILE, *REPORTS.values())
    return f"_{plain}" if taken_by_us or _DEVICES.match(plain) else plain


def _free(place: Path, name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    stem, end = (stem, dot + suffix) if stem else (name, "")
    numbered = (f"{stem} ({n}){end}" for n in range(2, 10_000))
    return next(n for n in (name, *numbered) if not os.path.lexists(place / n))


def _copy(file: str | Path | BinaryIO, new: Path) -> None:
    if not isinstance(file, str | Path):
        with new.open("wb") as to:
            shutil.copyfileobj(file, to)
        return
    try:
        source = Path(file).open("rb")  # noqa: SIM115
    except OSError as error:
        raise ReadError(
            zh=f"无法读取（{error.strerror or error}）。",
            en=f"Cannot be read ({error.strerror or error}).",
            place=Place(file=str(file)),
        ) from error
    # not by copyfile: it names the source where the disk of the copy is full
    with output.unchanged([file]), source, new.open("wb") as to:
        shutil.copyfileobj(source, to)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(
            zh=f"不能删除（{error.strerror or error}）。请关闭正在使用它的程序，再删一次。",
            en=f"Cannot be deleted ({error.strerror or error}). Close what uses it and try again.",
            place=Place(file=str(path)),
        ) from error


def _changed(place: Path, update: Callable[[Project], Project]) -> Project:
    """Change a survey's file of decisions as it stands now: two pages never undo each other."""
    end = time.monotonic() + _WAIT
    while True:
        try:
            with output.file(place / FILE, force=True) as new:
                there = (place / FILE).is_file()
                project = update(load(place) if there else Project(place))
                new.write_text(project.text(), encoding="utf-8")
            return project
        except ReportError as error:
            if not isinstance(error.__cause__, BusyError) or time.monotonic() > end:
                raise
            time.sleep(0.05)
