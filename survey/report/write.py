"""Write a report's files into a folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from survey import settings
from survey.errors import Language
from survey.output import ACTIONS
from survey.report import actions, branch_pages, drawing, html, word, workbook
from survey.report.document import Document
from survey.report.paper import Style
from survey.report.sections import compose, methods
from survey.results import Findings

Format = Literal["html", "xlsx", "docx", "charts", "actions"]
Progress: TypeAlias = Callable[[str, int, int], None]
"""Told the name of a stage, how many steps are done, and of how many."""

ALL: tuple[Format, ...] = ("html", "xlsx", "docx", "charts", "actions")
FORMS: dict[Format, tuple[drawing.Form, ...]] = {
    "html": ("page",),
    "docx": ("png",),
    "charts": ("png", "svg"),
    "xlsx": (),
    "actions": (),
}


def write(
    findings: Findings,
    folder: Path,
    *,
    language: Language | None = None,
    per_branch: branch_pages.Form | None = None,
    style: Style = "plain",
    formats: Sequence[Format] = ALL,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write a report.

    Parameters
    ----------
    folder : Path
        An existing empty folder.
    per_branch : {"html", "docx"}, optional
        Also write one page a branch for its secretary, into the folder ``branches``.
    style : {"plain", "official"}
        Paper of ``report.docx``, see `survey.report.paper`; a branch's page is always plain, since
        official paper would take two.
    formats : sequence of {"html", "xlsx", "docx", "charts", "actions"}
        What to write.
    progress : callable, optional
        Called with the name of a stage (``charts``, ``html``, ``docx``, ``xlsx``, ``branches``),
        steps done and steps in all.
    """
    language = settings.language(language)
    document = compose(findings, language)
    tell: Progress = progress or (lambda stage, done, total: None)
    forms: Collection[drawing.Form] = {form for name in formats for form in FORMS[name]}
    gallery = drawing.gallery(
        document.pictures() if forms else (),
        forms,
        language=language,
        few=drawing.FEW if "charts" in formats else 0,  # for Word alone, of many reports
        progress=lambda done, total: tell("charts", done, total),
    )
    written: list[Path] = []
    for name in formats:
        if name != "charts":
            tell(name, 0, 1)
        match name:
            case "html":
                hints = dict(methods.definitions(findings, language))
                page = html.render(document, gallery, hints)
                written.append(_text(folder / "report.html", page))
            case "docx":
                written.append(word.write(document, gallery, folder / "report.docx", style))
            case "xlsx":
                written.append(workbook.write(document, folder / "results.xlsx"))
            case "actions":
                written.append(actions.write(findings, folder / ACTIONS[language], language))
            case "charts":
                written += _charts(gallery, folder / "charts")
        if name != "charts":
            tell(name, 1, 1)
    if per_branch is not None:
        written += branch_pages.write(
            findings,
            folder / "branches",
            language=language,
            form=per_branch,
            progress=lambda done, total: tell("branches", done, total),
        )
    return tuple(written)


def write_document(document: Document, folder: Path, style: Style = "plain") -> tuple[Path, ...]:
    """Write a document as page, for Word, and its tables."""
    drawn = drawing.gallery(document.pictures(), ("page", "png"), language=document.language)
    return (
        _text(folder / "report.html", html.render(document, drawn)),
        word.write(document, drawn, folder / "report.docx", style),
        workbook.write(document, folder / "results.xlsx"),
    )


def _charts(gallery: drawing.Gallery, folder: Path) -> list[Path]:
    """Write every chart as PNG for documents and SVG for print; those of several pages numbered."""
    if gallery:  # a brief report has none
        folder.mkdir(exist_ok=True)
    written = []
    for name, drawings in gallery.items():
        for number, drawn in enumerate(drawings, start=1):
            stem = name if len(drawings) == 1 else f"{name}_{number:02d}"
            png, svg = folder / f"{stem}.png", folder / f"{stem}.svg"
            png.write_bytes(drawn.png)
            written += [png, _text(svg, drawn.svg + "\n")]
    return written


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="\n")
    return path
