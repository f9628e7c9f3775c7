"""The page as text: one file, nothing from outside, every anchor there, every glyph embedded."""

from __future__ import annotations

import base64
import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from survey.report import drawing, font, html, overview
from survey.report.document import Column, Document, Section, Table
from survey.report.sections import compose
from tests.survey import results_samples as samples


@pytest.fixture(scope="module")
def page() -> str:
    document = compose(samples.sample_findings(12))
    return html.render(document, drawing.gallery(document.pictures(), ["page"], workers=1))


def embedded_font(page: str) -> TTFont:
    (encoded,) = re.findall(r"data:font/woff;base64,([^\")]+)", page)
    return TTFont(io.BytesIO(base64.b64decode(encoded)))


def test_nothing_is_loaded_from_outside(page: str) -> None:
    loads = re.findall(
        r'(?:src|href)=["\']?((?:https?:)?//[^"\' >]+)|url\(["\']?(https?:[^)]+)', page
    )
    assert [place for pair in loads for place in pair if place] == []
    assert "@import" not in page
    assert not re.search(r"<(?:iframe|object|embed|link[^>]+stylesheet)", page)


def test_language_title_and_headings(page: str) -> None:
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert page.count("<h1>") == 1
    assert len(re.findall(r"<h2 ", page)) == 7
    assert len(re.findall(r"<section ", page)) == 11
    assert "<title>二〇二六年党支部满意度调查</title>" in page


def test_ids_are_unique_and_every_link_leads_somewhere(page: str) -> None:
    ids = Counter(re.findall(r' id="([^"]+)"', page))
    assert [name for name, n in ids.items() if n > 1] == []
    links = re.findall(r'href="#([^"]+)"', page)
    assert len(links) > 20
    assert [link for link in links if link not in ids] == []
    assert {f"branches-{n}" for n in range(1, 13)} <= set(ids)


def test_rows_of_several_searched_tables_have_anchors_of_their_own() -> None:
    told = overview.told("", samples.sample_findings(3))
    many = [replace(told, name=f"{n} 校") for n in range(overview.LONG + 1)]
    made = overview.compose(many, [], unit="学校", title="全省")
    tables = [block for block in made.tables() if block.searchable]
    assert len(tables) > 1
    page = html.render(replace(made, sections=(Section("all", "", tuple(tables)),)), {})
    ids = Counter(re.findall(r' id="([^"]+)"', page))
    assert [name for name, n in ids.items() if n > 1] == []


def test_every_chart_has_words_and_a_table(page: str) -> None:
    charts = re.findall(r'<div class="chart (?:wide|narrow)" role="img" aria-label="([^"]+)"', page)
    assert len(charts) == page.count("<svg ") >= 10
    assert all(len(words) > 10 for words in charts)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page, flags=re.DOTALL)
    assert all('href="#table-' in caption for caption in captions)


def test_every_character_is_in_the_embedded_font(page: str) -> None:
    cmap = set(embedded_font(page).getBestCmap())
    missing = {char for char in html.visible(page) if ord(char) not in cmap} - set("\u00a0")
    assert missing == set()
    assert set(map(ord, "玥珺喆堃昇祎翀")) <= cmap


def test_the_font_is_small_and_keeps_its_licence(page: str) -> None:
    font = embedded_font(page)
    assert len(font.getGlyphOrder()) < 1500
    names = {record.nameID: record.toUnicode() for record in font["name"].names}
    assert "Open Font License" in names[13]
    assert "Noto" not in names[1]
    assert "Source" not in names[1]


def test_the_font_is_cut_alike_whatever_was_cut_before() -> None:
    font._read.cache_clear()
    fresh = font.subset("达标 90%")
    font.subset("满意 1.5（甲）")
    assert font.subset("达标 90%") == fresh


def test_script_is_small() -> None:
    script = Path(html.__file__).parent / "templates" / "report.js"
    assert len(script.read_bytes()) <= 2048


def test_names_from_outside_are_escaped() -> None:
    found = samples.sample_findings(3)
    name = '<img src=x onerror="alert(1)">支部&'
    for frame in (found.tables["branch",].frame, found.tables["branch", "role"].frame):
        frame["branch"] = frame["branch"].replace(frame["branch"].iloc[0], name)
    document = compose(found)
    text = html.render(document, {p.name: () for p in document.pictures()})
    assert "<img" not in text
    assert "&lt;img src=x" in text


def test_two_hundred_branches_stay_small() -> None:
    document = compose(samples.sample_findings(200))
    pages = {p.name: len(drawing.pages(p)) for p in document.pictures()}
    assert pages["caterpillar"] == 1
    some = next(p for p in document.pictures() if p.name == "caterpillar")
    (first, *_) = drawing.gallery([some], ["page"], workers=1)["caterpillar"]
    text = html.render(document, {p.name: () for p in document.pictures()})
    drawn = len(first.page.encode()) * sum(pages.values())
    assert len(text.encode()) + drawn < 2_900_000


def test_long_tables_behind_charts_stand_in_the_workbook() -> None:
    def table(name: str, n: int, *, folded: bool) -> Table:
        frame = pd.DataFrame({"branch": [f"支部{row}" for row in range(n)]})
        return Table(
            name, f"表{name}", f"题{name}", frame, (Column("branch", "支部"),), folded=folded
        )

    blocks = (
        table("a", 500, folded=True),
        table("b", 501, folded=True),
        table("c", 501, folded=False),
    )
    page = html.render(Document("题", (), (Section("s", "节", blocks),), "zh"), {})
    assert page.count("支部499</th>") == 2  # of a and c
    assert "题b：共 501 行，见 results.xlsx 的工作表“表b”。" in page
    for name in "abc":  # wherever a chart's source leads
        assert page.count(f'id="table-{name}"') == 1
