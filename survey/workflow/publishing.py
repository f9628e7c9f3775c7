"""Findings to a folder, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from survey import output, provenance
from survey.errors import Language
from survey.results import Findings

if TYPE_CHECKING:
    from survey.workflow.survey import Progress


def publish(
    findings: Findings,
    folder: str | Path,
    *,
    language: Language = "zh",
    per_branch: bool = False,
    force: bool = False,
    inputs: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Path:
    """Write a report into a folder that appears when everything is written.

    Parameters
    ----------
    findings : Findings
        Under the privacy rule.
    folder : path
        Where the report shall be.
    language, per_branch, force, progress
        As for `survey.Survey.report`.
    inputs : sequence of Path
        Simulated files to lay beside the report; real ones may hold what no report shows.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ReportError
        If the folder is taken or cannot be written.
    """
    from survey import report

    with output.in_place(folder, force=force) as work:
        report.write(findings, work, language=language, per_branch=per_branch, progress=progress)
        provenance.write_record(work / output.RECORD, findings, language=language)
        if inputs:
            beside = work / ("模拟数据" if language == "zh" else "simulated")
            beside.mkdir()
            for file in inputs:
                shutil.copy(file, beside)
    return Path(folder)
