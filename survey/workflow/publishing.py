"""Findings to the folder of a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey import output, provenance
from survey.errors import Language, UsageError
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
    progress: Progress | None = None,
) -> None:
    """Write a report into a folder from `survey.output`, and the record of what is its own."""
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
    survey: Answers,
    work: Path,
    *,
    title: str | None = None,
    language: Language = "zh",
    style: Style = "plain",
) -> None:
    """Write what may be shown before the end: the response, and verdicts of a look."""
    from survey import report

    then = survey.at_look()
    report.write_interim(
        survey.fieldwork(),
        None if then is None else gathering.published(then).tables["branch",],
        then.timetable.at + 1 if then is not None else 0,
        work,
        title=gathering.titled(survey, title, language),
        language=language,
        style=style,
    )
    output.seal(work, {"created": date.today().isoformat(), "language": language, "open": True})


def write_each(
    survey: Answers,
    unit: str,
    work: Path,
    *,
    find: Callable[..., Findings],
    finding: Mapping[str, Any],
    language: Language = "zh",
    per_branch: Form | None = None,
    style: Style = "plain",
    progress: Progress | None = None,
) -> None:
    """Write a report of every unit of a grouping, and the overview of what they publish.

    `find` is `Survey.findings`, `finding` its arguments; every unit has a folder of its own.
    """
    from survey import report
    from survey.report.branch_pages import file_stem

    answers = survey.cells.groupby(unit)["n_valid"].sum()
    without = [str(name) for name in answers.index[answers < survey.min_cell]]
    names = [str(name) for name in answers.index[answers >= survey.min_cell]]
    if not names:
        raise UsageError(
            zh=f"没有一个{unit}有足够的答卷可出报告。", en=f"No {unit} has enough answers."
        )
    title = gathering.titled(survey, finding.get("title"), language)
    reports = {}
    for number, name in enumerate(names, start=1):
        if progress:
            progress("units", number - 1, len(names))
        own = _part(survey, unit, name)
        found = find(own, **{**finding, "title": f"{name}：{title}"}, language=language)
        folder = work / file_stem(number, name)
        folder.mkdir()
        write(found, folder, language=language, per_branch=per_branch, style=style)
        reports[name] = found
    if progress:
        progress("units", len(names), len(names))
    report.write_overview(
        reports, without, work, unit=unit, title=title, language=language, style=style
    )
    record = {"created": date.today().isoformat(), "language": language, "units": len(reports)}
    output.seal(work, record)


def _part(survey: Answers, unit: str, name: str) -> Answers:
    """Give one unit as if it had been read alone: its rows, its files, its part of the roster."""
    own, whole = survey.filter(None, **{unit: name}), survey.responses
    here = whole.people[unit] == name
    rows = whole.people[here]
    files = survey.files
    kept = files["file"].isin(rows["file"].unique()) | (files["kind"] != "export")
    responses = replace(
        own.responses,
        people=rows,
        scores=whole.scores[here],
        status=whole.status[here],
        problems=whole.problems[whole.problems["file"].isin(rows["file"].unique())],
    )
    screening = replace(
        survey.screening,
        used=survey.screening.used[here],
        strict=survey.screening.strict[here],
        audit=survey.screening.audit.merge(rows[["file", "sheet", "row"]]),
    )
    return replace(own, responses=responses, screening=screening, files=files[kept])
