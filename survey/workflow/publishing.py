"""Findings to the folder of a report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from survey import output, provenance
from survey.errors import Language
from survey.results import Findings
from survey.workflow import gathering

if TYPE_CHECKING:
    from survey.report.branch_pages import Form
    from survey.report.paper import Style
    from survey.workflow.survey import Progress, Survey


def write(
    findings: Findings,
    work: Path,
    *,
    language: Language = "zh",
    per_branch: Form | None = None,
    style: Style = "plain",
    progress: Progress | None = None,
) -> None:
    """Write a report and the record that tells which files are its own.

    Parameters
    ----------
    findings : Findings
        Under the privacy rule.
    work : Path
        A folder from `survey.output.folder`; what is in it already belongs to the report.
    language, per_branch, style, progress
        As for `survey.Survey.report`.
    """
    from survey import report

    report.write(
        findings,
        work,
        language=language,
        per_branch=per_branch,
        style=style,
        progress=progress,
    )
    output.seal(work, provenance.record(findings, language=language))


def write_interim(
    survey: Survey,
    work: Path,
    *,
    title: str | None = None,
    language: Language = "zh",
    style: Style = "plain",
) -> None:
    """Write the report of a survey that has not ended: response, and verdicts at a look.

    Parameters
    ----------
    survey : Survey
        With a roster.
    work, title, language, style
        As for `write`.

    Raises
    ------
    UsageError
        Without a roster.
    """
    from survey import report

    then = survey.at_look()
    report.write_interim(
        survey.fieldwork(),
        None if then is None else gathering.published(then)["branch",],
        then.timetable.at + 1 if then is not None else 0,
        work,
        title=title or gathering.title_of(survey.questionnaire, language),
        language=language,
        style=style,
    )
    output.seal(work, {"created": date.today().isoformat(), "language": language, "open": True})
