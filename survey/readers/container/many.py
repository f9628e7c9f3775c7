"""Many files at once: every core reads with a process of its own, and what was read can be kept."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from survey import parallel
from survey.errors import Place, SurveyError
from survey.output import sha256
from survey.readers.container.guard import damaged
from survey.readers.container.passing import END, FORMAT, dump, load
from survey.readers.container.reading import read_container
from survey.readers.container.sheet import Sheet

MANY = 20
"""Files from which on a process a core is worth its start."""
_Told: TypeAlias = tuple[type[SurveyError], Mapping[str, Any]]
"""An error fit for pickling: its kind and what it says."""


def read_many(
    paths: Sequence[Path], encoding: str | None = None, kept: Path | None = None
) -> Iterator[list[Sheet] | SurveyError]:
    """Read every sheet of every file.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    encoding : str, optional
        Encoding of csv files.
    kept : Path, optional
        Folder where the cells of each file are put under its SHA-256, and taken from another time:
        a reading that was killed goes on from there.

    Yields
    ------
    list of Sheet or SurveyError
        In the order of `paths`; what cannot be read is told in place of its sheets.
    """
    if len(paths) < MANY and kept is None:
        yield from (_read(path, encoding) for path in paths)
        return
    tasks = [(path.resolve(), encoding, kept) for path in paths]
    workers = max(parallel.processors(), 2)  # a file may end the process that reads it
    told = parallel.in_parallel(_dumped, tasks, workers, _ended)
    for path, content in zip(paths, told, strict=True):
        if isinstance(content, bytes):
            yield load(BytesIO(content), path.name)
        else:
            kind, says = content
            yield kind(**says)


def _dumped(path: Path, encoding: str | None, kept: Path | None) -> bytes | _Told:
    """Give what a file holds, kept or read, or the error that it raises."""
    place = None
    if kept is not None and path.is_file():
        place = kept / f"{sha256(path)}-{FORMAT}-{encoding or 'auto'}"
        # one that is not there, or was cut short, is written anew
        with suppress(OSError):
            there = place.read_bytes()
            if there.endswith(END):
                return there
    read = _read(path, encoding)
    if isinstance(read, SurveyError):
        return _told(read)
    content = BytesIO()
    dump(read, content)
    if place is not None:
        _put(content.getvalue(), place)
    return content.getvalue()


def _ended(path: Path, *_: object) -> _Told:
    """Say that a file is damaged which has ended the process that read it."""
    return _told(damaged(Place(file=path.name)))


def _told(error: SurveyError) -> _Told:
    return type(error), {"zh": error.zh, "en": error.en, "place": error.place}


def _read(path: Path, encoding: str | None) -> list[Sheet] | SurveyError:
    try:
        return read_container(path, encoding)
    except SurveyError as error:
        return error


def _put(content: bytes, place: Path) -> None:
    """Write a file that is there whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(place)
