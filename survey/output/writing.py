"""A report's folder or a file that appears only when it is whole and replaces only what is ours."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn, TypeAlias

from survey.errors import Place, ReportError
from survey.output import lock, manifest, moves

Tell: TypeAlias = Callable[[str, str], None]
"""Takes a sentence in Chinese and in English."""
NAMED = 5
"""Files that a message names before it counts the rest."""


def _warn(zh: str, en: str) -> None:
    warnings.warn(f"{zh} / {en}", stacklevel=2)


@contextmanager
def folder(
    place: str | Path, *, force: bool = False, inputs: Iterable[str | Path] = (), tell: Tell = _warn
) -> Iterator[Path]:
    """Give an empty folder to write a report in; move it to its place at the end.

    Parameters
    ----------
    place : path
        Where the report shall be; a link is followed. Folders above it are made.
    force : bool
        Replace an earlier report. Only files that its record lists are deleted, and any other file
        in its folder stops the run.
    inputs : iterable of path
        What the run reads: none of it may lie in the place.
    tell : callable
        Told what an earlier run that was killed had left and what became of it.

    Yields
    ------
    Path
        Where to write; end with `seal`.

    Raises
    ------
    ReportError
        If the place is taken, held by another run, or cannot be written. After any exception the
        place is as it was and nothing is left beside it.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "report"
    >>> with folder(place) as work:
    ...     _ = (work / "a.txt").write_text("a")
    ...     manifest.seal(work, {})
    ...     place.exists()
    False
    >>> sorted(file.name for file in place.iterdir())
    ['a.txt', 'run.json']
    """
    with _space(place, tell) as (space, target):
        given = [*inputs, Path.cwd()] if os.path.lexists(target) else []
        _require_apart(target, given, place)
        _require_free(target, place, force=force)
        work = _new(space)
        yield work
        try:
            _swap(space, work, target, place, force=force)
        except OSError:
            _require_free(target, place, force=force)  # if something came into its way meanwhile
            raise


@contextmanager
def file(
    place: str | Path, *, force: bool = False, inputs: Iterable[str | Path] = (), tell: Tell = _warn
) -> Iterator[Path]:
    """Give a name to write a file under; move the file to its place at the end.

    Parameters
    ----------
    place, inputs, tell
        As for `folder`, the place being a file's.
    force : bool
        Replace a file that is there.

    Yields
    ------
    Path
        A file to write, with the place's own name.

    Raises
    ------
    ReportError
        As for `folder`.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with file(place) as new:
    ...     _ = new.write_text("a")
    >>> place.read_text()
    'a'
    """
    with _space(place, tell) as (space, target):
        _require_apart(target, inputs, place)
        _require_free_file(target, place, force=force)
        new = _new(space) / target.name
        yield new
        if not new.exists():
            return
        moves.to_disk(new)
        _require_free_file(target, place, force=force)
        try:
            if target.exists():
                shutil.copymode(target, new)
                moves.replace(new, target)
            else:
                moves.place_file(new, target)
        except FileExistsError:
            _taken(place)


def tidy(place: str | Path) -> None:
    """Remove what a run that was ended left beside a place, and bring an old report home."""
    with _space(place, lambda zh, en: None):
        pass


@contextmanager
def _space(place: str | Path, tell: Tell) -> Iterator[tuple[Path, Path]]:
    """Hold the space of a place, in order before and after; say faults of the file system."""
    target = Path(moves.long(Path(os.path.realpath(place))))
    space = target.parent / f".{target.name}.survey-report"
    try:
        with _parents(target.parent), lock.held(space):
            _tell_of(_settle(space, target), place, tell)
            try:
                yield space, target
            finally:
                left = moves.insist(lambda: _settle(space, target))
            _tell_of(replace(left, found=False), place, tell)
    except lock.BusyError as error:
        raise ReportError(
            zh="另一个 survey-report 正在写这个位置。请等它结束，或换一个位置（--out）。",
            en="Another run is writing to this place. Wait for its end, or choose another place "
            "(--out).",
            place=Place(file=str(place)),
        ) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        named = Path(error.filename) if isinstance(error.filename, str) else target
        if target.parent not in named.parents and named not in target.parents:
            raise  # no fault of this place
        raise _cannot_write(place, error) from error


@contextmanager
def _parents(folder: Path) -> Iterator[None]:
    """Make the folders above a place; remove those that nothing came into."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    finally:
        for path in missing:
            moves.remove(os.rmdir, path)


def _new(space: Path) -> Path:
    # A name of its own: children of a killed run may go on writing under theirs.
    work = space / f"new-{secrets.token_hex(4)}"
    work.mkdir()
    return work


def _swap(space: Path, work: Path, target: Path, place: str | Path, *, force: bool) -> None:
    """Bring what was written to its place and what was there into the space, or change nothing."""
    _require_free(target, place, force=force)
    sealed, aside, new = space / "sealed", space / "aside", os.stat(work)
    try:
        if not os.path.lexists(target):
            moves.rename(work, target)
            return
        manifest.to_disk(work)
        shutil.copymode(target, work)
        moves.rename(work, sealed)
        moves.exchange(sealed, target, aside)
        if found := manifest.strangers(sealed):  # laid there in the last moment
            _stop_for(found, place)
    except BaseException:
        is_in = target.exists() and os.path.samestat(os.stat(target), new)
        if is_in and sealed.exists():
            moves.exchange(sealed, target, aside)
        elif is_in:
            moves.rename(target, work)
        raise


@dataclass(frozen=True)
class _Left:
    """What was found in a space: anything, an old report to bring home, what could not go."""

    found: bool
    restored: bool
    kept: Path | None


def _settle(space: Path, target: Path) -> _Left:
    """Bring the old report home if its exchange was cut short; delete what is of no more use.

    ``sealed`` is a whole report, the new one before the exchange or the old one after it: all that
    its record lists can go. ``aside`` is the old one while systems that cannot exchange at once
    move the other.
    """
    sealed, aside = space / "sealed", space / "aside"
    works = list(space.glob("new-*"))
    found = [path for path in (sealed, aside, *works) if path.exists()]
    restored = aside.exists() and not target.exists()
    if restored:
        moves.rename(aside, target)
    elif aside.exists() and not sealed.exists():
        moves.rename(aside, sealed)
    for work in works:
        shutil.rmtree(work, ignore_errors=True)
    # Where both are still there, something came into the old one's place: a person must look.
    if sealed.exists() and not aside.exists():
        manifest.clear(sealed)
    kept = [path for path in (aside, sealed, *works) if path.exists()]
    return _Left(bool(found), restored, kept[0] if kept else None)


def _tell_of(left: _Left, place: str | Path, tell: Tell) -> None:
    if left.kept is not None:
        tell(
            f"有文件没有删除，留在“{left.kept}”里，请看过后自行处理。",
            f"Some files were not deleted and are left in {left.kept}; look at them yourself.",
        )
    elif left.restored:
        tell(
            f"上一次写“{place}”时被中断，原有的报告已放回原处，临时文件已清除。",
            f"An earlier run on {place} was cut short: the old report was put back, what else was "
            "left was removed.",
        )
    elif left.found:
        tell(
            f"上一次写“{place}”时被中断，留下的临时文件已清除。",
            f"An earlier run on {place} was cut short; what it had left was removed.",
        )


def _require_apart(target: Path, inputs: Iterable[str | Path], place: str | Path) -> None:
    """Stop if something that is read is the place or lies in it, under whatever name."""
    for given in inputs:
        real = Path(os.path.realpath(given))
        for path in (real, *real.parents):
            with suppress(OSError):
                if os.path.samefile(path, target):
                    raise ReportError(
                        zh=f"要读取的文件（或当前文件夹）“{given}”就在输出位置，"
                        "写出时会被替换。请换一个输出位置（--out）。",
                        en=f"{given}, which is read or is the current folder, lies in the output "
                        "place and would be replaced. Choose another place (--out).",
                        place=Place(file=str(place)),
                    )


def _require_free(target: Path, place: str | Path, *, force: bool) -> None:
    """Stop at a folder that holds anything but an earlier report to be replaced."""
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise ReportError(
            zh="输出位置是一个文件，不是文件夹，请换一个名字。",
            en="The output place is a file, not a folder; choose another name.",
            place=Place(file=str(place)),
        )
    if found := manifest.strangers(target):
        _stop_for(found, place)
    if manifest.is_sealed(target) and not force:
        raise ReportError(
            zh="这里已有一份报告。要替换它，请写明（--force、force=True），或换一个文件夹（--out）。",
            en="There is a report here already. Say that it is to be replaced (--force, "
            "force=True), or choose another folder.",
            place=Place(file=str(place)),
        )


def _require_free_file(target: Path, place: str | Path, *, force: bool) -> None:
    """Stop at a file unless it is to be replaced, and at what is no file always."""
    if not os.path.lexists(target):
        return
    if not stat.S_ISREG(target.stat().st_mode):
        raise ReportError(
            zh="输出位置不是普通文件（是文件夹、设备或管道），请换一个名字。",
            en="The output place is no ordinary file but a folder, device or pipe; choose another.",
            place=Place(file=str(place)),
        )
    if not force:
        _taken(place)


def _taken(place: str | Path) -> NoReturn:
    raise ReportError(
        zh="已有同名的文件。要替换它，请写明（--force、force=True），或换一个名字。",
        en="There is a file of that name. Say that it is to be replaced (--force, force=True), or "
        "choose another name.",
        place=Place(file=str(place)),
    )


def _stop_for(found: list[str], place: str | Path) -> NoReturn:
    zh, en = "、".join(found[:NAMED]), ", ".join(found[:NAMED])
    if len(found) > NAMED:
        zh, en = f"{zh} 等 {len(found)} 个", f"{en} and {len(found) - NAMED} more"
    raise ReportError(
        zh=f"输出文件夹里有不属于上一份报告、或写出之后被改动过的文件：{zh}。为免丢失，没有写出。"
        "请把它们移走，或换一个文件夹（--out）。",
        en="The output folder holds files that are not the earlier report's or were changed since: "
        f"{en}. Nothing was written. Move them away or choose another folder (--out).",
        place=Place(file=str(place)),
    )


def _cannot_write(place: str | Path, error: OSError) -> ReportError:
    return ReportError(
        zh=f"无法写入（{error.strerror or error}）。请检查文件夹的权限和磁盘空间，"
        "并关闭正在使用其中文件的程序。",
        en=f"Cannot be written ({error.strerror or error}). Check permissions and disk space, and "
        "close programs that use files in it.",
        place=Place(file=str(place)),
    )
