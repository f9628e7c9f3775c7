"""Many files at once: every core reads with a process of its own, and what was read can be kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from threading import local

from survey import errors
from survey.errors import Place, SurveyError
from survey.output import sha256
from survey.readers.container.apart import python
from survey.readers.container.guard import damaged
from survey.readers.container.passing import dump, load
from survey.readers.container.reading import read_container
from survey.readers.container.sheet import Sheet

MANY = 20
"""Files from which on a process a core is worth its start."""
_PROGRAM = f"import sys; from {__name__} import main; main(*sys.argv[1:])"


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
    of_thread = local()
    with ExitStack() as ends:

        def worker() -> subprocess.Popen[bytes]:
            running: subprocess.Popen[bytes] | None = getattr(of_thread, "running", None)
            if running is None or running.poll() is not None:
                command, env = python(_PROGRAM, encoding or "")
                running = of_thread.running = subprocess.Popen(
                    command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
                ends.callback(running.communicate)  # closes its input, which ends it
            return running

        def read(path: Path) -> list[Sheet] | SurveyError:
            place = None
            if kept is not None and path.is_file():
                place = kept / f"{sha256(path)}-{encoding or 'auto'}"
            if place is not None and place.exists():
                with place.open("rb") as stream:
                    return load(stream, path.name)
            one = worker()
            assert one.stdin is not None
            assert one.stdout is not None
            try:
                one.stdin.write(json.dumps(str(path.resolve())).encode() + b"\n")
                one.stdin.flush()
                told = json.loads(one.stdout.readline())
                if told["n_bytes"] is None:
                    kind: type[SurveyError] = getattr(errors, told["kind"])
                    return kind(zh=told["zh"], en=told["en"], place=Place(**told["place"]))
                content = one.stdout.read(told["n_bytes"])
                sheets = load(BytesIO(content), path.name)
            except (OSError, ValueError):  # the file has ended the process
                one.kill()
                one.wait()
                return damaged(Place(file=path.name))
            if place is not None:
                _put(content, place)
            return sheets

        if len(paths) < MANY and kept is None:
            yield from (_read(path, encoding) for path in paths)
            return
        with ThreadPoolExecutor(min(_cores(), len(paths))) as pool:
            yield from pool.map(read, paths)


def main(encoding: str) -> None:
    """Read the files whose paths come line by line, and write what they hold."""
    output = sys.stdout.buffer
    for line in sys.stdin.buffer:
        read = _read(Path(json.loads(line)), encoding or None)
        content, told = BytesIO(), {}
        if isinstance(read, SurveyError):
            place = read.place if isinstance(read.place, Place) else Place()
            kind = type(read).__name__
            told = {"kind": kind, "zh": read.zh, "en": read.en, "place": asdict(place)}
        else:
            dump(read, content)
        n_bytes = None if told else content.tell()
        output.write(json.dumps({"n_bytes": n_bytes, **told}).encode() + b"\n")
        output.write(content.getvalue())
        output.flush()


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


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
