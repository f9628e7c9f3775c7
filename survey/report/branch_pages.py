"""One page a branch for its secretary, each in a file of its own, as HTML or as Word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from survey.errors import Language
from survey.report import branch_page, html, word
from survey.report.document import Document
from survey.results import Findings

Form = Literal["html", "docx"]

LONGEST = 60
"""Characters of a branch's name in a file name: Chinese takes three bytes each, of 255 in all."""


def write(
    findings: Findings,
    folder: Path,
    *,
    language: Language = "zh",
    form: Form = "html",
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write a page for every branch.

    Returns
    -------
    list of Path
        The files written, in the order of the branches.
    """
    folder.mkdir(exist_ok=True)
    files = file_names(findings, form)
    own = findings.branch_items.of_branches() if findings.branch_items is not None else {}
    written = []
    for name, file in files.items():
        document = branch_page.compose(findings, name, own.get(name), language)
        path = folder / file
        if form == "html":
            path.write_text(page(document), encoding="utf-8", newline="\n")
        else:
            word.write(document, {}, path)
        written.append(path)
        if progress is not None:
            progress(len(written), len(files))
    return written


def page(document: Document) -> str:
    """Render one branch's page: the fonts of the reader's device, no script, no picture."""
    return html.fill("branch.html.j2", document, css=html.resource("branch.css"))


def file_names(findings: Findings, form: Form = "html") -> dict[str, str]:
    """Give the file of every branch's page by the branch's name, in the order of the branches."""
    names = map(str, findings.tables["branch",].frame["branch"])
    return {name: f"{file_stem(n, name)}.{form}" for n, name in enumerate(names, start=1)}


def file_stem(number: int, name: str) -> str:
    """Make a file name that every system accepts, distinct by its number.

    Examples
    --------
    >>> file_stem(7, "机械/电气学院：第一党支部*")
    '007_机械_电气学院：第一党支部_'
    """
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name)[:LONGEST].rstrip(". ")
    return f"{number:03d}_{safe}"
