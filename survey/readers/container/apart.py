"""Workbooks read in a process of their own: ods and xlsb sheets have no guard.

One lone far cell would take all memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from survey import parallel
from survey.errors import Place, ReadError
from survey.readers.container.guard import MAX_TOTAL_BYTES, damaged, exhausting, inspect
from survey.readers.container.passing import dump, load
from survey.readers.container.sheet import Sheet
from survey.readers.container.xlsx import by_calamine

_PROGRAM = f"from {__name__} import main; sys.exit(main(*sys.argv[1:]))"
_TOO_LARGE = 5
_TOLD = 6
_TOO_LONG = -24  # ended by SIGXCPU
_MEMORY = 4 * 2**30
# Processor time to start Python, and for every megabyte of a real file.
_SECONDS, _SECONDS_A_MEGABYTE = 9, 2
_BUSY = 20 if find_spec("resource") else 2
"""By how much longer that takes at most where much else runs; without a limit of processor time
a file that hangs would hold people up as long."""


def read_apart(path: Path) -> list[Sheet]:
    """Read all sheets of a zipped workbook, ods or xlsb, in another process.

    Raises
    ------
    ReadError
        The file is too large, damaged, encrypted, holds times beyond any, or takes too long.
    """
    place = Place(file=path.name)
    size = path.stat().st_size
    if size > MAX_TOTAL_BYTES:
        raise exhausting(place)
    inspect(path)
    seconds = _SECONDS + _SECONDS_A_MEGABYTE * size // 2**20
    try:
        done = subprocess.run(
            parallel.command(_PROGRAM, str(path.resolve()), str(seconds)),
            capture_output=True,
            check=False,
            timeout=_BUSY * seconds,
            creationflags=parallel.HIDDEN,
        )
    except subprocess.TimeoutExpired as fault:
        raise exhausting(place) from fault
    if done.returncode in (_TOO_LARGE, _TOO_LONG):
        raise exhausting(place)
    if done.returncode == _TOLD:
        zh, en, sheet = json.loads(done.stdout)
        raise ReadError(zh=zh, en=en, place=replace(place, sheet=sheet))
    if done.returncode:
        raise damaged(place)
    return load(BytesIO(done.stdout), path.name)


def main(path: str, seconds: str) -> int:
    """Write the sheets of a file to standard output.

    Exit status: 0, or another where the file is too large, or where what is wrong is written in
    place of the sheets.
    """
    with suppress(ImportError, ValueError, OSError):  # not on Windows, or limited already
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    try:
        sheets = by_calamine(Path(path), {}, {}, booleans=True)
    except MemoryError:
        return _TOO_LARGE
    except ReadError as told:
        sheet = told.place.sheet if isinstance(told.place, Place) else None
        sys.stdout.write(json.dumps([told.zh, told.en, sheet]))
        return _TOLD
    dump(sheets, sys.stdout.buffer)
    return 0
