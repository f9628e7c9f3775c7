"""Before a survey: how many answers to ask for, and the papers to begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import survey
from questionnaires import wording
from survey import output
from survey.errors import Language
from survey.project import folder as folders
from survey.project import showing, views
from survey.roster import read_roster
from survey.text import Text
from survey.understanding import OTHER
from survey.workflow import meant

Progress = Callable[[str, int, int], None]


def plan(folder: Path, tell: Progress, language: Language) -> views.Response:
    """Say how many answers each branch of the roster needs for a verdict."""
    project = folders.load(folder)
    planned = survey.plan(
        project.paths("roster")[0],
        roster_sheet=project.facts.get("roster_sheet"),
        questionnaire=_asked(project),
        bar=project.facts.get("bar"),
    )
    title = Text("各支部需要多少份有效回答", "Valid answers that each branch needs")
    return views.Response(((title, showing.table(planned.frame, language)),))


def material(folder: Path, tell: Progress, language: Language, *, which: str) -> views.Made:
    """Write a paper to begin with, by its name; with the branches of the roster where known."""
    project = folders.load(folder)
    asked = meant.questionnaire(_asked(project))
    roster, sheet = project.paths("roster"), project.facts.get("roster_sheet")
    branches = read_roster(roster[0], asked, sheet=sheet).branches if roster else []
    place = folder / folders.STATE / which
    with output.file(place, force=True) as new:
        if which.endswith(".txt"):
            new.write_text(wording.to_wjx(asked, branches=branches), encoding="utf-8")
        elif which == "roster.xlsx":
            survey.blank_roster(new, questionnaire=asked, language=language, force=True)
        elif which.endswith(".docx"):
            wording.to_docx(asked, str(new), branches=branches)
        else:
            survey.evidence(
                roster[0],
                new,
                roster_sheet=sheet,
                questionnaire=_asked(project),
                language=language,
                force=True,
            )
    return views.Made(which, len(branches))


def _asked(project: folders.Project) -> str | Path | None:
    """Give the questionnaire of the survey: a file of its own, or one by name."""
    own = project.paths("questionnaire")
    said = project.facts.get("questionnaire")
    return own[0] if own else None if said == OTHER else said
