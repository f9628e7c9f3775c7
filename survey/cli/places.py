"""Where a command writes, apart from all that it reads."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from survey import output
from survey.cli import messages
from survey.decisions import KINDS, is_survey, of_folder, taken
from survey.errors import Place, ReadError
from survey.output.writing import Tell
from survey.project.folder import REPORTS
from survey.understanding import load_decisions
from survey.workflow.reading import DECIDED

INPUTS = ("files", "later", "text", "numbered", "name", "confirm", *KINDS)
"""Options that may name a file to read."""


def remembered(chosen: argparse.Namespace) -> argparse.Namespace:
    """Let the folder of a survey, and what was decided, say what no option says."""
    known: dict[str, Any] = {}
    files, place = getattr(chosen, "files", None), ""
    if files and len(files) == 1 and is_survey(files[0]):
        (place,) = files
        known = of_folder(place)
        chosen.files = [str(file) for file in known.pop("files")]
        chosen.confirm = [*map(str, known.pop("confirm")), *(chosen.confirm or ())]
    if getattr(chosen, "confirm", None):
        facts = taken(load_decisions(chosen.confirm))
        known |= {name: value for name, value in facts.items() if name not in DECIDED}
    language = chosen.language or known.get("language", "zh")
    known["language"] = language
    if chosen.command in ("report", "demo"):
        known["out"] = os.path.join(place, REPORTS[language])
    for name, value in known.items():
        if getattr(chosen, name, value) is None:
            setattr(chosen, name, str(value) if isinstance(value, Path) else value)
    return chosen


def folder(chosen: argparse.Namespace) -> AbstractContextManager[Path]:
    """Hold the folder of a report from the first moment of the run on."""
    return output.folder(
        chosen.out, force=chosen.force, inputs=_inputs(chosen), tell=_teller(chosen)
    )


@contextmanager
def file(chosen: argparse.Namespace, place: str | None = None) -> Iterator[Path | None]:
    """Hold the file that is asked for, ``--out`` by default; None where there is none."""
    place = place or getattr(chosen, "out", None)
    inputs = _inputs(chosen)
    if place is None:
        yield None
        return
    with output.file(place, force=chosen.force, inputs=inputs, tell=_teller(chosen)) as new:
        yield new


def _inputs(chosen: argparse.Namespace) -> list[str]:
    """List what is read, the files in folders too; no pipe or device, which may have no end."""
    given = [getattr(chosen, name, None) for name in INPUTS]
    paths = [path for one in given if one for path in _flat(one)]
    beneath = [os.path.join(p, name) for p in paths if os.path.isdir(p) for name in os.listdir(p)]
    for path in paths:
        if os.path.exists(path) and not os.path.isdir(path) and not os.path.isfile(path):
            raise ReadError(
                zh="不是普通文件（是管道或设备），不能读取。",
                en="It is no ordinary file but a pipe or device, and cannot be read.",
                place=Place(file=path),
            )
    return [*paths, *beneath]


def _flat(given: object) -> Iterator[str]:
    """List the paths of an option: one, several, or waves of several."""
    if isinstance(given, list | tuple):
        for one in given:
            yield from _flat(one)
    elif given is not None:
        yield str(given)


def _teller(chosen: argparse.Namespace) -> Tell:
    def tell(zh: str, en: str) -> None:
        print(messages.note((zh, en), chosen.language), file=sys.stderr)

    return tell
