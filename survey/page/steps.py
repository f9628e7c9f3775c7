"""The steps of one survey's way: files, confirm, compute, while it runs."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from survey import project
from survey.errors import SurveyError, UsageError
from survey.page import arrival
from survey.page.answering import desk, folder, office, posted, show, to
from survey.page.office import Desk, chosen
from survey.project import KINDS
from survey.project.folder import STATE
from survey.text import Text

MATERIAL: Mapping[str, Text] = {
    "roster.xlsx": Text("名册", "roster"),
    "questionnaire.txt": Text("问卷（粘贴到问卷星）", "questionnaire to paste"),
    "questionnaire.docx": Text("问卷", "questionnaire"),
    "evidence.xlsx": Text("佐证材料", "evidence"),
}
"""Papers to begin with, see `survey.project.before`."""


def files(request: Request) -> Response:
    """Show which files there are."""
    here = desk(request)
    notes = office(request).notes.pop(here.project.folder, [])
    return show(request, "files.html.j2", desk=here, names=KINDS, notes=notes)


@posted
def add(request: Request, form: FormData) -> Response:
    """Take files that were dropped or chosen, each for what it is."""
    place, held = folder(request), office(request)
    uploads = [up for up in form.getlist("files") if isinstance(up, UploadFile) and up.filename]
    if not uploads:
        raise UsageError(zh="没有选择文件。", en="No file was chosen.")
    given = str(form.get("kind", ""))
    refused = []
    for upload in uploads:
        try:
            arrival.take(held, place, upload, given)
        except SurveyError as error:
            refused.append(error)
    if len(refused) < len(uploads):
        held.understand(place)
    if refused:
        raise _refused(refused, len(uploads))
    return to(request, "files")


def _refused(errors: list[SurveyError], n: int) -> SurveyError:
    """Say which of several files were not taken, and that the others were."""
    if n == 1:
        return errors[0]
    taken = n - len(errors)
    return SurveyError(
        zh="".join(error.zh for error in errors) + f"其余 {taken} 份文件已放入。",
        en=" ".join(error.en for error in errors) + f" The other {taken} were added.",
    )


@posted
def remove(request: Request, form: FormData) -> Response:
    """Take a file out again."""
    place = folder(request)
    project.take_out(place, str(form.get("file")))
    office(request).understand(place)
    return to(request, "files")


@posted
def delete(request: Request, form: FormData) -> Response:
    """Delete a survey completely, where its name was typed again."""
    place = folder(request)
    if form.get("again") != place.name:
        raise UsageError(
            zh="没有删除：请把这次调查的名称照样写一遍。",
            en="Nothing was deleted: type the survey's name once more.",
        )
    if job := project.running(place):
        job.cancel()
    left = project.delete(place)
    if left:
        return show(request, "left.html.j2", folder=place, left=left)
    return to(request)


def confirm(request: Request) -> Response:
    """Show what was understood, decisions first."""
    here = awaited(request, "understand", bool(desk(request).project.paths("export")))
    found = here.result("understand")
    return show(request, "confirm.html.j2", desk=here, found=found, topics=_topics)


def _topics(found: project.Understood) -> dict[Text, list[project.Ask]]:
    """Group the points that are known by what they are about."""
    groups: dict[Text, list[project.Ask]] = {}
    for point in found.points:
        if point.value is not None and point not in found.suspects:
            groups.setdefault(point.topic_shown, []).append(point)
    return groups


@posted
def decide(request: Request, form: FormData) -> Response:
    """Take decisions, from the page or from a filled sheet."""
    here, held = desk(request), office(request)
    place, sheet = here.project.folder, form.get("sheet")
    if isinstance(sheet, UploadFile) and sheet.filename:
        with arrival.received(held, sheet) as file:
            held.done(place, "confirm", path=str(file))
    else:
        _take_over(here, form)
    held.understand(place)
    return to(request, "confirm")


def _take_over(here: Desk, form: FormData) -> None:
    """Take the decisions of the page that was filled in."""
    found = here.result("understand")
    if found is None or form.get("key") != here.project.key:
        raise UsageError(
            zh="这一页打开之后，文件或决定在别处改过了（也许开了两个窗口）。没有改动任何东西；"
            "请返回，看过现在的内容再定。",
            en="Files or decisions were changed elsewhere since this page was opened. Nothing "
            "was changed: go back, look at them as they are now, and decide.",
        )
    project.decide(here.project.folder, chosen(found.points, form))


def sheet(request: Request) -> Response:
    """Give the sheet to confirm as a workbook."""
    place = folder(request)
    made = office(request).done(place, "sheet")
    return FileResponse(place / STATE / made.name, filename=made.name)


def compute(request: Request) -> Response:
    """Show how far the computing is."""
    here = desk(request)
    return show(request, "compute.html.j2", desk=here, found=here.result("understand"))


@posted
def start(request: Request, form: FormData) -> Response:
    """Start the computing, once everything is decided."""
    here = desk(request)
    found = here.result("understand")
    if found is None or not found.is_ready:
        raise UsageError(
            zh="还有要确认的事，确认之后才能计算。", en="Something has still to be decided."
        )
    if "key" in form:
        _take_over(here, form)  # what was changed beside the button is not lost
    if not here.is_doing("report"):
        office(request).begin(here.project.folder, "report")
    return to(request, "compute")


@posted
def cancel(request: Request, form: FormData) -> Response:
    """End what is being done."""
    job = project.running(folder(request))
    if job is not None:
        job.cancel()
    return to(request, "compute")


def status(request: Request) -> Response:
    """Say how far the work is, for the page's script."""
    here, language = desk(request), office(request).language
    state = here.state
    if state is None or state.status != "running":
        return JSONResponse({"running": False})
    early = state.task == "report" and here.result("verdicts") is not None
    said, share = state.stage.text(language), 2.0
    if state.left is not None:
        left = max(round(state.left), 1)
        said += f"，大约还要 {left} 秒" if language == "zh" else f", about {left} s left"
        share = 100 * state.seconds / max(state.seconds + state.left, 0.1)
    return JSONResponse({"running": True, "said": said, "share": round(share, 1), "early": early})


def fieldwork(request: Request) -> Response:
    """Show how far a running survey is, and nothing of what was answered."""
    project_ = desk(request).project
    return _table(request, "response", bool(project_.paths("export") and project_.paths("roster")))


def before(request: Request) -> Response:
    """Show how many answers to ask for, and give the papers to begin with."""
    return _table(request, "plan", bool(desk(request).project.paths("roster")))


def _table(request: Request, task: str, can_begin: bool) -> Response:
    """Show what comes of a task; begin it where nothing came yet and everything is there."""
    here = awaited(request, task, can_begin)
    template = "fieldwork.html.j2" if task == "response" else "before.html.j2"
    return show(request, template, desk=here, found=here.result(task), can_begin=can_begin)


def awaited(request: Request, task: str, can_begin: bool) -> Desk:
    """Give the survey with what a page waits for begun, where nothing else is being done."""
    here = desk(request)
    if can_begin and here.is_idle and here.result(task) is None and not here.failed(task):
        office(request).begin(here.project.folder, task)
        here = desk(request)
    return here


def material(request: Request) -> Response:
    """Give a paper to begin with."""
    which, place = request.path_params["which"], folder(request)
    if which not in MATERIAL:
        raise HTTPException(404)
    made = office(request).done(place, "material", which=which)
    title = MATERIAL[which].text(office(request).language)
    name = f"{title}.{which.rpartition('.')[2]}"
    return FileResponse(place / STATE / made.name, filename=name)


@posted
def next_wave(request: Request, form: FormData) -> Response:
    """Make this time's files last time's: the next export begins a new wave."""
    project.next_wave(folder(request))
    return to(request, "files")
