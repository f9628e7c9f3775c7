"""One page a branch, as HTML and Word, for its secretary; in parallel where there are many."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from survey.errors import Language
from survey.report import branch_sections, drawing, font, html, parallel, word
from survey.report.document import Document
from survey.report.wording import methods
from survey.results import Findings

LONGEST = 60
"""Characters of a branch's name in a file name: Chinese takes three bytes each, of 255 in all."""
DPI = 200
"""Dots per inch of pictures in Word: sharp in print, and drawn in half the time of 300."""
FEW = 6
"""Branches up to which one process is faster than several."""


def write(
    findings: Findings,
    folder: Path,
    *,
    language: Language = "zh",
    formats: Sequence[str] = ("html", "docx"),
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write a page for every branch.

    Parameters
    ----------
    findings : Findings
        Everything that is published together, already under the privacy rule.
    folder : Path
        Made if it is not there.
    language : {"zh", "en"}
        Language of the pages.
    formats : sequence of {"html", "docx"}
        What to write of each branch.
    workers : int, optional
        Processes.
    progress : callable, optional
        Told how many branches of how many are done.

    Returns
    -------
    list of Path
        The files written, in the order of the branches.
    """
    folder.mkdir(exist_ok=True)
    names = [str(name) for name in findings.by_branch.frame["branch"]]
    workers = workers or (1 if len(names) <= FEW else parallel.processors())
    stems = [file_stem(number, name) for number, name in enumerate(names, start=1)]
    own = findings.branch_items.of_branches() if findings.branch_items is not None else {}
    hints = dict(methods.definitions(findings, language))
    tasks = [
        (
            branch_sections.compose(findings, name, own.get(name), language),
            folder / stem,
            tuple(formats),
            hints,
        )
        for name, stem in zip(names, stems, strict=True)
    ]
    characters: set[str] = set()
    if progress is not None:
        progress(0, len(names))
    for done, found in enumerate(parallel.in_parallel(_one, tasks, workers), start=1):
        characters |= set(found)
        if progress is not None:
            progress(done, len(names))
    written = [folder / f"{stem}.{form}" for stem in stems for form in formats]
    if "html" in formats:
        # one font for all pages: to cut one for each would take longer than all the rest
        rule = font.css("".join(sorted(characters)))
        for path in written:
            if path.suffix == ".html":
                page = path.read_text(encoding="utf-8")
                path.write_text(html.with_font(page, rule), encoding="utf-8", newline="\n")
    return written


def _one(document: Document, stem: Path, formats: tuple[str, ...], hints: Mapping[str, str]) -> str:
    """Write one branch's files, the page still without its font; give the characters it needs."""
    forms = {"html": "page", "docx": "png"}
    gallery = drawing.gallery(
        document.pictures(),
        [forms[name] for name in formats],  # type: ignore[misc]
        language=document.language,
        dpi=DPI,
        workers=1,
    )
    if "docx" in formats:
        word.write(document, gallery, _with_suffix(stem, "docx"))
    if "html" not in formats:
        return ""
    page = html.body(document, gallery, hints)
    _with_suffix(stem, "html").write_text(page, encoding="utf-8", newline="\n")
    return html.visible(page)


def _with_suffix(stem: Path, suffix: str) -> Path:
    """Add a suffix; a dot in a branch's name is none."""
    return stem.with_name(f"{stem.name}.{suffix}")


def file_stem(number: int, name: str) -> str:
    """Make a file name that every system accepts, distinct by its number.

    Examples
    --------
    >>> file_stem(7, "机械/电气学院：第一党支部*")
    '007_机械_电气学院：第一党支部_'
    """
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name)[:LONGEST].rstrip(". ")
    return f"{number:03d}_{safe}"
