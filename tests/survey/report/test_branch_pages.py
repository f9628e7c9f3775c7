"""Pages for single branches: complete, named safely, and silent where the rule says so."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import docx
import pytest

from survey.report import branch_pages, branch_sections
from survey.results import ItemResponses
from tests.survey import results_samples as samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "branches"
    found = samples.sample_findings(7)
    branch, items = found.by_branch.frame["branch"][0], samples.sample_items(n_valid=24)
    own = ItemResponses(items.frame.assign(branch=branch), items.summary.assign(branch=branch))
    branch_pages.write(dataclasses.replace(found, branch_items=own), folder, workers=1)
    return folder


def test_two_files_a_branch_in_order(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 14
    assert names[0].startswith("001_机械学院")
    assert {path.rpartition(".")[2] for path in names} == {"html", "docx"}


def test_page_holds_own_result_and_the_university(folder: Path) -> None:
    (path,) = folder.glob("001_*.html")
    text = path.read_text(encoding="utf-8")
    assert "机械学院教工第一党支部" in text
    assert "全校" in text
    assert text.count("<svg ") == 3
    assert "data:font/woff2;base64," in text
    assert "/*font*/" not in text
    assert "电气学院" not in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)


def test_withheld_branch_gets_a_page_without_figures(folder: Path) -> None:
    (path,) = folder.glob("007_*.html")
    text = path.read_text(encoding="utf-8")
    lead = re.search(r'<p class="lead">(.*?)</p>', text)
    assert lead is not None
    assert lead[1] == "判定：不予公布。"
    assert 'id="figure-rate"' not in text
    opened = docx.Document(str(next(folder.glob("007_*.docx"))))
    assert "不公布" in "\n".join(p.text for p in opened.paragraphs)


def test_items_only_where_given(folder: Path) -> None:
    with_items = [
        p.name for p in folder.glob("*.html") if "figure-item_bars" in p.read_text("utf-8")
    ]
    assert len(with_items) == 1


def test_unknown_branch() -> None:
    with pytest.raises(KeyError):
        branch_sections.compose(samples.sample_findings(3), "没有的支部")


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ('a/b\\c:d*e?f"g<h>i|j', "001_a_b_c_d_e_f_g_h_i_j"),
        ("支部. ", "001_支部"),
        ("长" * 90, "001_" + "长" * 60),
        ("1.5 班", "001_1.5 班"),
    ],
)
def test_file_names_work_everywhere(name: str, stem: str) -> None:
    made = branch_pages.file_stem(1, name)
    assert made == stem
    assert len(f"{made}.html".encode()) <= 255


def test_dots_in_names_are_kept(tmp_path: Path) -> None:
    found = samples.sample_findings(1)
    for result in (found.by_branch, found.by_branch_role):
        result.frame["branch"] = "1.5 班党支部"
    found.drivers.branches["branch"] = "1.5 班党支部"
    found.drivers.branch_totals["branch"] = "1.5 班党支部"
    paths = branch_pages.write(found, tmp_path / "b", formats=("html",), workers=1)
    assert [path.name for path in paths] == ["001_1.5 班党支部.html"]
    assert paths[0].exists()
