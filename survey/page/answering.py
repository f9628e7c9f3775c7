"""What all answers of the page have in common: who may ask, which survey, a template filled in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable
from functools import cache, wraps
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from survey import project, vocabulary
from survey.charts import fonts
from survey.page.office import Desk, Office
from survey.page.wording import on_page

if TYPE_CHECKING:
    from jinja2 import Environment

Handler = Callable[[Request, FormData], Response]
MOST_FIELDS = 20_000
_NUMBER = re.compile(r"[—<>≥−\d.,%～ ]*$")
STATIC = {
    "report.css": ("survey.report", "templates/report.css", "text/css"),
    "page.css": ("survey.page", "templates/page.css", "text/css"),
    "page.js": ("survey.page", "templates/page.js", "text/javascript"),
}
"""Files that are served, by name: no other name leads to one."""


def posted(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Let a handler change things only with the token that our own forms hold.

    Handlers are plain functions, which are called in threads: they read and write folders and wait
    for children, and the page answers others meanwhile.
    """

    @wraps(handler)
    async def checked(request: Request) -> Response:
        async with request.form(max_files=200, max_fields=MOST_FIELDS) as form:
            given, own = form.get("csrf"), office(request).keys.csrf
            if not isinstance(given, str) or not secrets.compare_digest(
                given.encode(), own.encode()
            ):
                raise HTTPException(403)
            return await run_in_threadpool(handler, request, form)

    return checked


def office(request: Request) -> Office:
    """Give what the page holds."""
    held: Office = request.app.state.office
    return held


def folder(request: Request) -> Path:
    """Give the folder of the survey that the address names, one of those that there are.

    Raises
    ------
    HTTPException
        If there is none of that name.
    """
    found = office(request).surveys().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return found


def desk(request: Request) -> Desk:
    """Give the survey that the address names, as it stands now."""
    place = folder(request)
    return Desk(project.load(place), project.state(place))


def show(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Fill a template in the language that is chosen."""
    held = office(request)
    zh = held.language == "zh"
    verdicts = [(code, vocabulary.verdict(code, held.language)) for code in vocabulary.VERDICTS]
    text = (
        _environment()
        .get_template(template)
        .render(
            say=lambda a, b: a if zh else b,
            told=lambda text: text.text(held.language),
            advised=lambda text: on_page(text.text(held.language), held.language),
            plain=lambda table: [(row, "") for row in table.rows],
            kinds=kinds,
            verdicts=verdicts,
            csrf=held.keys.csrf,
            path=quote(request.scope["path"]),
            step=template.partition(".")[0],
            **values,
        )
    )
    return HTMLResponse(text, status)


def to(request: Request, step: str = "home", **names: str) -> RedirectResponse:
    """Go to a step by a GET of its own, so that the back button repeats nothing."""
    if step != "home":
        names.setdefault("name", request.path_params.get("name", ""))
    quoted = {key: quote(name, safe="") for key, name in names.items()}
    return RedirectResponse(str(request.app.url_path_for(step, **quoted)), 303)


def kinds(table: project.Table) -> list[str]:
    """Say of every column how it is set: ``verdict``, ``number`` to the right, or ``text``.

    Examples
    --------
    >>> from survey.text import Text
    >>> title = Text("", "")
    >>> kinds(project.Table((), ("rate", "verdict"), (title, title), (("<9%", "达标"),), ()))
    ['number', 'verdict']
    """
    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.codes)
    return [
        "verdict" if code == "verdict" else "number" if all(map(_NUMBER.match, cells)) else "text"
        for code, cells in zip(table.codes, columns, strict=True)
    ]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("survey.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def static(request: Request) -> Response:
    """Give a style sheet, the script or the font."""
    name = request.path_params["file"]
    if name == "font.ttf":
        return FileResponse(fonts.path(), headers={"cache-control": "private, max-age=86400"})
    if name == "colours.css":
        return Response(_colours(), media_type="text/css")
    if name not in STATIC:
        raise HTTPException(404)
    package, path, kind = STATIC[name]
    return Response(files(package).joinpath(path).read_text(encoding="utf-8"), media_type=kind)


def _colours() -> str:
    """Give the colours of the verdicts, as reports have them: the first result asks for them."""
    from survey.palette import STANDARD

    return ":root{" + ";".join(f"--{c}:{hue}" for c, hue in STANDARD.verdicts().items()) + "}"
