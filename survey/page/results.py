"""What was made, to look at and to hand on: only files that the report's own folder holds."""

from __future__ import annotations

import base64
import hashlib
import secrets
import zipfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from survey.decisions import Decisions, taken
from survey.page.answering import desk, office, show
from survey.project import Project, Table, kept_result
from survey.text import Text

_RULES = ("bar", "level", "min_cell", "screening")
"""What may be supposed, see `survey.project.tasks.suppose`."""


def results(request: Request) -> Response:
    """Show the published figures, the report and every file of it."""
    rules = {name: text for name in _RULES if (text := request.query_params.get(name, "").strip())}
    supposed = None
    if rules:
        screening = rules.pop("screening", "all")
        options = taken(Decisions.of({"survey": rules})) | {"screening": screening}
        place = desk(request).project.folder
        supposed = office(request).done(place, "suppose", **options)
    here = desk(request)
    kept = kept_result(here.project.folder, "report")
    is_early = here.is_doing("report")
    outcome = here.result("verdicts") if is_early else kept[1] if kept else None
    table = None
    if outcome is not None and outcome.tables:
        table = filtered(outcome.tables, request.query_params)
    names = _names(here.project)
    return show(
        request,
        "results.html.j2",
        desk=here,
        outcome=outcome,
        is_early=is_early,
        is_old=not is_early and kept is not None and kept[0] != here.project.key,
        supposable=not is_early and outcome is not None and not outcome.is_interim,
        supposed=supposed,
        table=table,
        wanted=request.query_params,
        names=names,
        understood=here.result("understand"),
    )


def filtered(tables: tuple[Table, ...], wanted: Mapping[str, str]) -> dict[str, Any]:
    """Choose a table of what is published, and its rows of one verdict or with some words.

    Parameters
    ----------
    tables : tuple of Table
        Everything published.
    wanted : mapping
        Of the address: ``by``, the number of the table; ``verdict``; ``find``; ``of-`` and the
        name of what branches belong to, say their college.
    """
    branches = next((at for at, table in enumerate(tables) if table.by == ("branch",)), 0)
    by = wanted.get("by", "")
    at = int(by) if by.isdecimal() and int(by) < len(tables) else branches
    table, find = tables[at], wanted.get("find", "").strip().lower()
    verdicts = table.verdicts or ("",) * len(table.rows)
    columns = {
        name: at
        for at, name in enumerate(table.codes)
        if table.by == ("branch",) and table.titles[at] == Text(name, name)
    }
    groups = {name: [*dict.fromkeys(row[i] for row in table.rows)] for name, i in columns.items()}
    rows = [
        (row, verdict)
        for row, verdict in zip(table.rows, verdicts, strict=True)
        if wanted.get("verdict", "") in ("", verdict)
        and find in " ".join(row).lower()
        and all(wanted.get(f"of-{name}", "") in ("", row[i]) for name, i in columns.items())
    ]
    return {"at": at, "table": table, "rows": rows, "all": tables, "groups": groups}


def _names(project: Project) -> list[str]:
    """List the files of the report by their names in its folder; links are none of them."""
    root = project.report
    found = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path.relative_to(root).as_posix() for path in found)


def _path(request: Request) -> Path:
    """Give the file that the address names, one of these: no other text leads anywhere."""
    held, name = desk(request).project, request.path_params["file"]
    if name not in _names(held):
        raise HTTPException(404)
    path: Path = held.report / name
    return path


def download(request: Request) -> Response:
    """Give one file of the report to keep."""
    path = _path(request)
    return FileResponse(path, filename=path.name)


def archive(request: Request) -> Response:
    """Give all files of the report as one."""
    held = desk(request).project
    if not _names(held):
        raise HTTPException(404)
    packed = _packed(held, office(request).work)
    gone = BackgroundTask(packed.unlink, missing_ok=True)
    return FileResponse(packed, filename=f"{held.folder.name}.zip", background=gone)


def _packed(held: Project, work: Path) -> Path:
    packed = work / f"{secrets.token_hex(8)}.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as stream:
        for name in _names(held):
            stream.write(held.report / name, name)
    return packed


def view(request: Request) -> Response:
    """Show the report, or a branch's page, as it is handed on.

    It has no origin here and its own script alone runs, so that a page which somebody put into the
    folder reaches nothing.
    """
    path = _path(request)
    if path.suffix != ".html":
        raise HTTPException(404)
    policy = (
        "sandbox allow-scripts allow-modals; default-src 'none'; style-src 'unsafe-inline'; "
        f"font-src data:; img-src data:; script-src 'sha256-{_script()}'; frame-ancestors 'self'"
    )
    text = path.read_text(encoding="utf-8")
    return HTMLResponse(text, headers={"content-security-policy": policy})


@cache
def _script() -> str:
    """Give the hash of the one script that reports hold."""
    place = resources("survey.report").joinpath("templates", "report.js")
    text = place.read_text(encoding="utf-8")
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
