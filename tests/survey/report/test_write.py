"""The whole report written to a folder, also where there is little to say."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import docx
import openpyxl
import pytest

from survey.report import drawing, write
from survey.report.sections import compose
from survey.results import Findings
from tests.survey import results_samples as samples


def bare() -> Findings:
    return dataclasses.replace(
        samples.with_tables(samples.sample_findings(2, known_population=False), without=["role"]),
        strict=None,
        drivers=None,
        items=None,
        ranking=None,
        reliability=None,
        notices=(),
    )


def test_everything_is_written_and_told_of(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    paths = write(
        samples.sample_findings(2),
        tmp_path,
        per_branch="html",
        progress=lambda *step: told.append(step),
    )
    assert all(path.stat().st_size > 0 for path in paths)
    assert set(paths) == {path for path in tmp_path.rglob("*") if path.is_file()}
    names = {path.relative_to(tmp_path).as_posix() for path in paths}
    assert {"report.html", "report.docx", "results.xlsx", "charts/caterpillar.png"} <= names
    assert sum(name.startswith("branches/") for name in names) == 2
    assert [stage for stage, done, total in told if done == total] == [
        "charts",
        "html",
        "xlsx",
        "docx",
        "actions",
        "branches",
    ]
    assert all(0 <= done <= total for _, done, total in told)


@pytest.mark.parametrize(
    "findings",
    [
        bare(),
        samples.sample_findings(1, withheld=True, status="none_too_few_events"),
        samples.sample_findings(2, satisfied=0.0, status="sum_only_vif"),
    ],
    ids=["bare", "withheld", "nobody satisfied"],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_little_to_say(findings: Findings, language: str, tmp_path: Path) -> None:
    write(findings, tmp_path, language=language, formats=("html", "docx", "xlsx"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<section ") >= 1
    assert ">nan<" not in page
    assert len(docx.Document(str(tmp_path / "report.docx")).paragraphs) > 10
    assert len(openpyxl.load_workbook(tmp_path / "results.xlsx").sheetnames) > 3


def test_twelve_answers_make_one_page_and_a_whole_workbook(tmp_path: Path) -> None:
    found = samples.sample_findings(2)
    frame = found.tables[()].frame.assign(n_valid=12)
    found = samples.with_tables(found, dataclasses.replace(found.tables[()], frame=frame))
    document = compose(found)
    assert [section.name for section in document.sections] == ["conclusion"]
    assert document.pictures() == ()
    assert {table.name for table in document.tables() if not table.folded} == {
        "everyone",
        "verdicts",
    }
    write(found, tmp_path, formats=("xlsx",))
    names = openpyxl.load_workbook(tmp_path / "results.xlsx").sheetnames
    assert {"各支部", "指标", "回收率"} <= set(names)


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    (path,) = write(samples.sample_findings(2), tmp_path, formats=("xlsx",))
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_findings_give_the_same_page(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    pages = []
    for folder in folders:
        folder.mkdir()
        write(bare(), folder, formats=("html",))
        pages.append((folder / "report.html").read_bytes())
    assert pages[0] == pages[1]


def test_several_processes_give_the_same_charts() -> None:
    pictures = compose(bare()).pictures()
    one, two = (drawing.gallery(pictures, ("png", "svg"), workers=n) for n in (1, 2))
    assert one
    assert one == two
