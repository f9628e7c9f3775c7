"""Write a report's files into a folder."""

from __future__ import annotations

from pathlib import Path

from survey.errors import Language
from survey.report import html, workbook
from survey.report.sections import compose
from survey.report.wording import methods
from survey.results import Findings


def write_html(findings: Findings, folder: Path, *, language: Language = "zh") -> Path:
    """Write ``report.html``."""
    document = compose(findings, language)
    hints = dict(methods.definitions(findings, language))
    path = folder / "report.html"
    path.write_text(html.render(document, hints), encoding="utf-8", newline="\n")
    return path


def write_workbook(findings: Findings, folder: Path, *, language: Language = "zh") -> Path:
    """Write ``results.xlsx``."""
    return workbook.write(compose(findings, language), folder / "results.xlsx")
