"""A folder that appears only when it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.errors import Place, ReportError

RECORD = "run.json"


@contextmanager
def in_place(folder: str | Path, *, force: bool = False) -> Iterator[Path]:
    """Give a temporary folder to write in; move it to its place at the end.

    Parameters
    ----------
    folder : path
        The place. An empty folder there is used; one that holds something is an error unless it is
        an earlier report and `force` is given.
    force : bool
        Replace an earlier report.

    Yields
    ------
    Path
        The temporary folder, beside the place so that moving it is one step.

    Raises
    ------
    ReportError
        If the place is taken or cannot be written. After any error nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "report"
    >>> with in_place(place) as work:
    ...     _ = (work / "a.txt").write_text("a")
    ...     place.exists()
    False
    >>> [file.name for file in place.iterdir()]
    ['a.txt']
    """
    place = Path(folder).absolute()
    require_free(place, force=force)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise _cannot_write(place, error) from error
    try:
        yield work
        # mkdtemp makes it private; a report is to be handed on like any other folder.
        work.chmod(0o777 & ~_umask())
        _move(work, place)
    except OSError as error:
        raise _cannot_write(place, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def file_in_place(path: str | Path, *, force: bool = False) -> Iterator[Path]:
    """Give a temporary file to write; move it to its place at the end.

    Parameters
    ----------
    path : path
        The place.
    force : bool
        Replace a file that is there.

    Yields
    ------
    Path
        A file of the same name in a temporary folder beside the place.

    Raises
    ------
    ReportError
        If the place is taken or cannot be written. After any error nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with file_in_place(place) as file:
    ...     _ = file.write_text("a")
    >>> place.read_text()
    'a'
    """
    place = Path(path).absolute()
    if place.exists() and (place.is_dir() or not force):
        raise ReportError(
            zh="已有同名的文件。要替换它请加 --force，或换一个名字。",
            en="There is a file of that name. Replace it with --force or choose another name.",
            place=Place(file=str(path)),
        )
    try:
        with tempfile.TemporaryDirectory(prefix=f".{place.name}-", dir=place.parent) as work:
            file = Path(work) / place.name
            yield file
            file.replace(place)
    except OSError as error:
        raise _cannot_write(place, error) from error


def require_free(folder: str | Path, *, force: bool = False) -> None:
    """Stop before any work if the place is taken.

    Parameters
    ----------
    folder, force
        As for `in_place`.

    Raises
    ------
    ReportError
        If a file is there, or a folder that holds something else than a report to be replaced.
    """
    place = Path(folder)
    if not place.exists():
        return
    if not place.is_dir():
        raise ReportError(
            zh="输出位置是一个文件，不是文件夹，请换一个名字。",
            en="The output place is a file, not a folder; choose another name.",
            place=Place(file=str(place)),
        )
    if not any(place.iterdir()):
        return
    if not (place / RECORD).exists():
        raise ReportError(
            zh="输出文件夹里已有别的文件，为免误删，请换一个文件夹（--out）。",
            en="The output folder holds other files; choose another folder (--out).",
            place=Place(file=str(place)),
        )
    if not force:
        raise ReportError(
            zh="这里已有一份报告。要替换它请加 --force，或换一个文件夹（--out）。",
            en="There is a report here already. Replace it with --force or choose another folder.",
            place=Place(file=str(place)),
        )


def _move(work: Path, place: Path) -> None:
    if not place.exists():
        work.rename(place)
        return
    earlier = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent)) / "earlier"
    place.rename(earlier)
    try:
        work.rename(place)
    except OSError:
        earlier.rename(place)
        raise
    finally:
        shutil.rmtree(earlier.parent, ignore_errors=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def _cannot_write(place: Path, error: OSError) -> ReportError:
    return ReportError(
        zh=f"无法写入（{error.strerror or error}）。请检查文件夹的权限和磁盘空间，"
        "并关闭正在使用其中文件的程序。",
        en=f"Cannot be written ({error.strerror or error}). Check permissions and disk space, and "
        "close programs that use files in it.",
        place=Place(file=str(error.filename or place)),
    )
