"""Every address of the page."""

from __future__ import annotations

from starlette.routing import Route

from survey.page import app, general, results, steps

_SURVEY = "/survey/{name}"
ROUTES = [
    Route("/", general.home, name="home"),
    Route("/new", general.create, methods=["POST"]),
    Route("/language", general.language, methods=["POST"]),
    Route("/alive", general.alive),
    Route("/stop", general.stop, methods=["POST"]),
    Route("/static/{file}", app.static),
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
