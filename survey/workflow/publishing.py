"""Findings to the folder of a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from survey import output, provenance
from survey.errors import Language
from survey.results import Findings

if TYPE_CHECKING:
    from survey.report.branch_pages import Form
    from survey.workflow.survey import Progress


def write(
    findings: Findings,
    work: Path,
    *,
    language: Language = "zh",
    per_branch: Form | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a report and the record that tells which files are its own.

    Parameters
    ----------
    findings : Findings
        Under the privacy rule.
    work : Path
        A folder from `survey.output.folder`; what is in it already belongs to the report.
    language, per_branch, progress
        As for `survey.Survey.report`.
    """
    from survey import report

    report.write(findings, work, language=language, per_branch=per_branch, progress=progress)
    output.seal(work, provenance.record(findings, language=language))
