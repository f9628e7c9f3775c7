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
    from survey.workflow.answers import Answers, Progress


def write(
    findings: Findings,
    work: Path,
    *,
    language: Language = "zh",
    per_branch: Form | None = None,
    style: Style = "plain",
    charts: bool = True,
    progress: Progress | None = None,
) -> None:
    """Write a report into a folder from `survey.output`, and the record of what is its own.

    `charts` says whether the charts are written as files of their own, too.
    """
    from survey import report

    report.write(
        findings,
        work,
        language=language,
        per_branch=per_branch,
        style=style,
        formats=[name for name in report.ALL if charts or name != "charts"],
        progress=progress,
    )
    output.seal(work, provenance.record(findings, language=language))


def write_interim(
    survey: Answers,
    work: Path,
    *,
    title: str | None = None,
    language: Language = "zh",
    style: Style = "plain",
) -> None:
    """Write what may be shown before the end: the response, and verdicts of a look."""
    from survey import report
    from survey.report import interim

    then = survey.at_look()
    document = interim.compose(
        survey.fieldwork(),
        None if then is None else gathering.published(then).tables["branch",],
        then.timetable.at + 1 if then is not None else 0,
        title=gathering.titled(survey, title, language),
        language=language,
    )
    report.write_document(document, work, style)
    output.seal(work, {"created": date.today().isoformat(), "language": language, "open": True})
