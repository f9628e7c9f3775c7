"""Files read in a process of their own, since their libraries can crash or starve beyond catching.

A damaged SPSS file can crash ReadStat, and ods and xlsb sheets have no guard: one lone far cell
would take all memory.
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

import numpy as np

from survey import parallel
from survey.errors import Place, ReadError
from survey.readers.container.guard import MAX_CELLS, MAX_TOTAL_BYTES, damaged, inspect
from survey.readers.container.passing import dump, load
from survey.readers.container.sheet import Sheet, column_of
from survey.readers.container.xlsx import beyond_time, by_calamine

SPSS = "SPSS"
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


def read_apart(path: Path, kind: str) -> list[Sheet]:
    """Read all sheets of a file in another process.

    `kind`: an SPSS file, whose one sheet ``SPSS`` has the variables' labels as header and value
    labels in place of codes; or a zipped workbook, ods or xlsb.

    Raises
    ------
    ReadError
        The file is too large, damaged, encrypted, holds times beyond any, or takes too long;
        pyreadstat, which the extra ``spss`` installs, is missing.
    """
    place = Place(file=path.name)
    if kind == "sav" and find_spec("pyreadstat") is None:
        raise ReadError(
            zh="读取 SPSS 文件需要另装 pyreadstat：pip install 'survey-report[spss]'。",
            en="Reading SPSS files needs pyreadstat: pip install 'survey-report[spss]'.",
            place=place,
        )
    size = path.stat().st_size
    if size > MAX_TOTAL_BYTES:
        raise _too_large(place)
    if kind == "zipped":
        inspect(path)
    seconds = _SECONDS + _SECONDS_A_MEGABYTE * size // 2**20
    try:
        done = subprocess.run(
            parallel.command(_PROGRAM, kind, str(path.resolve()), str(seconds)),
            capture_output=True,
            check=False,
            timeout=_BUSY * seconds,
            creationflags=parallel.HIDDEN,
        )
    except subprocess.TimeoutExpired as fault:
        raise _too_large(place) from fault
    if done.returncode in (_TOO_LARGE, _TOO_LONG):
        raise _too_large(place)
    if done.returncode == _TOLD:
        zh, en, sheet = json.loads(done.stdout)
        raise ReadError(zh=zh, en=en, place=replace(place, sheet=sheet))
    if done.returncode:
        raise damaged(place)
    return load(BytesIO(done.stdout), path.name)


def _too_large(place: Place) -> ReadError:
    return ReadError(
        zh="文件过大或撑得过大（超过 512 MB 或两千万格），已拒绝。"
        "请把数据复制到新的工作簿，另存为 xlsx 再试。",
        en="The file is too large or reaches too far (over 512 MB or twenty million cells): "
        "refused. Copy the data into a new workbook and save it as xlsx.",
        place=place,
    )


def main(kind: str, path: str, seconds: str) -> int:
    """Write the sheets of a file to standard output.

    Exit status: 0, or another where the file is too large, or where what is wrong is written in
    place of the sheets.
    """
    with suppress(ImportError, ValueError, OSError):  # not on Windows, or limited already
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    try:
        sheets = [_spss(path)] if kind == "sav" else by_calamine(Path(path), {}, {}, booleans=True)
    except MemoryError:
        return _TOO_LARGE
    except ReadError as told:
        sheet = told.place.sheet if isinstance(told.place, Place) else None
        sys.stdout.write(json.dumps([told.zh, told.en, sheet]))
        return _TOLD
    dump(sheets, sys.stdout.buffer)
    return 0


def _spss(path: str) -> Sheet:
    import pandas as pd
    import pyreadstat

    _, meta = pyreadstat.read_sav(path, metadataonly=True)
    if (meta.number_rows or 0) * (meta.number_columns or 0) > MAX_CELLS:
        raise MemoryError
    try:
        frame, meta = pyreadstat.read_sav(path)
    except OverflowError as fault:
        raise beyond_time(Place()) from fault
    columns = []
    for name, label in zip(meta.column_names, meta.column_labels, strict=True):
        labels = meta.variable_value_labels.get(name, {})
        codes, values = pd.factorize(frame[name])
        told = [labels.get(value, value) for value in values.tolist()]
        # behind the answers stand a blank and the header
        codes = np.concatenate([[len(told) + 1], np.where(codes < 0, len(told), codes)])
        columns.append(column_of(codes.astype(np.int32), [*told, None, label or name]))
    n_rows = 1 + len(frame) if columns else 0
    return Sheet(path, SPSS, tuple(columns), np.arange(1, n_rows + 1, dtype=np.int32))
