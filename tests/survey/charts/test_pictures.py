from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib.image
import pytest
from matplotlib.figure import Figure

from survey.charts import caterpillar, pictures, response_rates, style, waterfall
from tests.survey.results_samples import RARE_NAME, sample_drivers, sample_satisfaction

IDS = re.compile(r'\bid="([^"]+)"')
REFERENCES = re.compile(r'(?:href="#|url\(#)([^")]+)')


def figure_of(n_branches: int = 5) -> Figure:
    with style.offscreen():
        figure = caterpillar.draw(sample_satisfaction(n_branches)).figure
    assert isinstance(figure, Figure)
    return figure


@pytest.mark.parametrize("embed_text", [True, False])
def test_the_same_figure_gives_the_same_svg(embed_text: bool) -> None:
    first, second = (pictures.to_svg(figure_of(), embed_text=embed_text) for _ in range(2))
    assert first == second
    assert "<dc:date>" not in first
    assert "matplotlib.org" not in first


@pytest.mark.parametrize("embed_text", [True, False])
def test_svg_is_well_formed_and_every_reference_has_its_target(embed_text: bool) -> None:
    text = pictures.to_svg(figure_of(), embed_text=embed_text)
    assert ET.fromstring(text).tag.endswith("svg")
    ids = IDS.findall(text)
    assert len(ids) == len(set(ids))
    references = REFERENCES.findall(text)
    assert references
    assert set(references) <= set(ids)


def test_pictures_in_one_page_share_no_id() -> None:
    with style.offscreen():
        figures = [
            caterpillar.draw(sample_satisfaction(5)).figure,
            caterpillar.draw(sample_satisfaction(6)).figure,
            response_rates.draw(sample_satisfaction(5)).figure,
            waterfall.draw(sample_drivers()).figure,
        ]
    found = [set(IDS.findall(pictures.to_svg(f, embed_text=True))) for f in figures]
    assert sum(map(len, found)) == len(set().union(*found))
    named = pictures.to_svg(figures[0], embed_text=True, prefix="branches")
    assert all(name.startswith("branches-") for name in IDS.findall(named))


def test_texts_stay_texts_only_where_the_page_carries_the_font() -> None:
    page = pictures.to_svg(figure_of(), embed_text=True)
    alone = pictures.to_svg(figure_of(), embed_text=False)
    assert f">{RARE_NAME}</text>" in page
    assert "<text" not in alone


def test_nothing_in_a_picture_styles_the_page_around_it() -> None:
    assert "<style" not in pictures.to_svg(figure_of(), embed_text=True)


def test_two_hundred_branches_stay_small() -> None:
    assert len(pictures.to_svg(figure_of(200), embed_text=True)) < 200_000


def test_save_writes_both_files_the_same_each_time(tmp_path: Path) -> None:
    png, svg = pictures.save(figure_of(), tmp_path, "支部", dpi=300)
    assert (png.name, svg.name) == ("支部.png", "支部.svg")
    height, width = matplotlib.image.imread(png).shape[:2]
    assert width == pytest.approx(style.WIDTH * 300, abs=1)
    assert height > 300
    before = png.read_bytes(), svg.read_bytes()
    pictures.save(figure_of(), tmp_path, "支部", dpi=300)
    assert (png.read_bytes(), svg.read_bytes()) == before
