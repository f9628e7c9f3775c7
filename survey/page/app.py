"""The page's application: every address, and what is said where one fails."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from survey.errors import Language, SurveyError, unwritable
from survey.page import answering, general, results, steps
from survey.page.answering import office, show
from survey.page.guard import Keys
from survey.page.office import Office
from survey.page.wording import on_page

_SURVEY = "/survey/{name}"
ROUTES = [
    Route("/", general.home, name="home"),
    Route("/new", general.create, methods=["POST"]),
    Route("/language", general.language, methods=["POST"]),
    Route("/alive", general.alive),
    Route("/stop", general.stop, methods=["POST"]),
    Route("/static/{file}", answering.static),
    Route(f"{_SURVEY}/files", steps.files, name="files"),
    Route(f"{_SURVEY}/files", steps.add, methods=["POST"]),
    Route(f"{_SURVEY}/remove", steps.remove, methods=["POST"]),
    Route(f"{_SURVEY}/delete", steps.delete, methods=["POST"]),
    Route(f"{_SURVEY}/confirm", steps.confirm, name="confirm"),
    Route(f"{_SURVEY}/confirm", steps.decide, methods=["POST"]),
    Route(f"{_SURVEY}/confirm.xlsx", steps.sheet),
    Route(f"{_SURVEY}/compute", steps.compute, name="compute"),
    Route(f"{_SURVEY}/compute", steps.start, methods=["POST"]),
    Route(f"{_SURVEY}/cancel", steps.cancel, methods=["POST"]),
    Route(f"{_SURVEY}/status", steps.status),
    Route(f"{_SURVEY}/results", results.results, name="results"),
    Route(f"{_SURVEY}/fieldwork", steps.fieldwork, name="fieldwork"),
    Route(f"{_SURVEY}/before", steps.before, name="before"),
    Route(f"{_SURVEY}/material/{{which}}", steps.material),
    Route(f"{_SURVEY}/next", steps.next_wave, methods=["POST"]),
    Route(f"{_SURVEY}/all.zip", results.archive),
    Route(f"{_SURVEY}/file/{{file:path}}", results.download),
    Route(f"{_SURVEY}/view/{{file:path}}", results.view),
]


def application(home: Path, work: Path, keys: Keys, language: Language) -> Starlette:
    """Make the page's application.

    Parameters
    ----------
    work : Path
        A private folder, gone at the end.
    keys : Keys
        The secrets of this run.
    """
    app = Starlette(
        routes=ROUTES,
        exception_handlers={
            SurveyError: _problem,
            OSError: _unwritable,
            HTTPException: _lost,
            Exception: _fault,
        },
    )
    app.router.redirect_slashes = False
    app.state.office = Office(home, work, keys, language)
    app.state.stop = lambda: None
    return app


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, SurveyError)
    back = request.headers.get("referer", "/")
    language = office(request).language
    text = on_page(error.text(language), language)
    return show(request, "problem.html.j2", 400, text=text, back=back)


def _fault(request: Request, error: Exception) -> Response:
    zh = office(request).language == "zh"
    text = (
        "程序出错，与您的文件无关；已确认的事项均已保留。请返回前一页再试一次。"
        if zh
        else "The program failed, and not your files; what was decided is kept. Go back and try."
    )
    return show(request, "problem.html.j2", 500, text=text, back="/")


def _unwritable(request: Request, error: Exception) -> Response:
    assert isinstance(error, OSError)
    return _problem(request, unwritable(error))


def _lost(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    zh = office(request).language == "zh"
    text = "没有这一页，或这次调查已经删除。" if zh else "There is no such page or survey."
    if error.status_code == 400:
        text = "文件没有收全，请返回再试一次。" if zh else "It did not come whole; try again."
    elif error.status_code == 403:
        text = "这个请求不是本页发出的。" if zh else "The request does not come from this page."
    return show(request, "problem.html.j2", error.status_code, text=text, back="/")
