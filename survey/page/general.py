"""What is about no single survey: the list of them, beginning and ending, the language."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from survey import project
from survey.page.app import office, posted, show, to


async def home(request: Request) -> Response:
    """Show the surveys that there are, and how to begin one."""
    surveys = [project.load(folder) for folder in office(request).surveys().values()]
    return show(request, "home.html.j2", surveys=surveys)


@posted
async def create(request: Request, form: FormData) -> Response:
    """Begin a survey."""
    made = office(request).create(str(form.get("called", "")))
    return to(request, "files", name=made.folder.name)


@posted
async def language(request: Request, form: FormData) -> Response:
    """Change the language of the page, and stay where it was."""
    office(request).language = "en" if form.get("language") == "en" else "zh"
    back = str(form.get("back", "/"))
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    return RedirectResponse(back if is_ours else "/", 303)


@posted
async def stop(request: Request, form: FormData) -> Response:
    """End the page."""
    request.app.state.stop()
    return show(request, "stopped.html.j2")
