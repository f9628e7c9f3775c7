"""What came of the tasks on a survey's folder, kept in it: it can all be made again."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from survey.project import views
from survey.project.folder import STATE

RESULTS: dict[str, type[Any]] = {
    "understand": views.Understood,
    "report": views.Outcome,
    "verdicts": views.Outcome,
    "suppose": views.Supposed,
    "response": views.Response,
    "recognise": views.Recognised,
    "sheet": views.Made,
    "confirm": views.Made,
    "plan": views.Response,
    "material": views.Made,
}
"""What each task gives, see `survey.project.tasks`; ``verdicts`` come with a report, earlier."""


def kept_result(folder: Path, task: str) -> tuple[str, Any] | None:
    """Give what came of a task when it was done last, and the key it was done for."""
    try:
        told = as_json((folder / STATE / f"{task}.json").read_bytes())
        return str(told["key"]), views.of_json(RESULTS[task], told["result"])
    except (OSError, ValueError, KeyError):
        return None


def write(folder: Path, name: str, told: dict[str, Any]) -> None:
    """Write a file of what can be made again, whole or not at all."""
    new = folder / STATE / f"{name}.{os.getpid()}.new"
    try:
        new.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        os.replace(new, folder / STATE / name)
    finally:
        new.unlink(missing_ok=True)


def as_json(line: bytes) -> dict[str, Any]:
    """Read what a child told; what is no JSON tells nothing."""
    with suppress(ValueError):
        told = json.loads(line)
        if isinstance(told, dict):
            return told
    return {}
