"""What is about no single survey: the list of them, beginning and ending, the language."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from survey.page.answering import office, posted, show, to
from survey.project.folder import REPORTS


def home(request: Request) -> Response:
    """Show the surveys that there are, and how to begin one."""
    # without reading what was decided: one folder that cannot be read must not close the others
    reports = REPORTS.values()
    surveys = {
        name: any((folder / report).exists() for report in reports)
        for name, folder in office(request).surveys().items()
    }
    return show(request, "home.html.j2", surveys=surveys)


@posted
def create(request: Request, form: FormData) -> Response:
    """Begin a survey."""
    made = office(request).create(str(form.get("called", "")))
    return to(request, "files", name=made.folder.name)


@posted
def language(request: Request, form: FormData) -> Response:
    """Change the language of the page, and stay where it was."""
    office(request).language = "en" if form.get("language") == "en" else "zh"
    back = str(form.get("back", "/"))
    is_ours = back.startswith("/") and not back.startswith(("//", "/\\"))
    return RedirectResponse(back if is_ours else "/", 303)


def alive(request: Request) -> Response:
    """Let an open window say that it is there, see `survey.page.server.IDLE`."""
    return Response(status_code=204)


@posted
def stop(request: Request, form: FormData) -> Response:
    """End the page."""
    request.app.state.stop()
    return show(request, "stopped.html.j2")
