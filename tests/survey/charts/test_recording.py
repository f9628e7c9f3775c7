from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import ft2font
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform
from PIL import Image

from survey.charts import CHARTS, fonts, style
from survey.charts.outlines import UNHINTED, path_data
from survey.charts.recording import record
from tests.survey.charts.gallery import CASES, Case, draw
from tests.survey.results_samples import RARE_NAME, sample_drivers, sample_satisfaction

ORDINARY = [
    next(case for case in CASES if case.chart == chart and case.name == "ordinary")
    for chart in CHARTS
]
IDS = re.compile(r'\bid="([^"]+)"')
REFERENCES = re.compile(r'(?:href="#|url\(#)([^")]+)')


def test_matplotlib_still_has_what_its_renderers_are_used_for() -> None:
    """Speaks first: where this fails, charts as files need work before matplotlib is allowed."""
    page: Any = RendererAgg(20, 10, 72)
    gc, still = page.new_gc(), IdentityTransform()
    page.draw_markers(gc, Path.unit_rectangle(), still, Path([(5, 5)]), still, (0, 0, 0, 1))
    page.draw_path(gc, Path([(12, 2), (18, 2)]), still)
    dark = np.array(page.buffer_rgba())[:, :, 3] > 0
    assert dark[3:7, 4:8].any()
    assert dark[6:10, 12:18].any()
    assert {"get_hatch_path", "get_clip_rectangle", "get_dashes", "get_linewidth"} <= set(dir(gc))
    assert np.array(page.buffer_rgba()).shape == (10, 20, 4)
    font = ft2font.FT2Font(str(fonts.path()))
    font.set_size(100, 72)
    glyph = font.load_char(ord("支"), flags=UNHINTED)
    assert glyph.linearHoriAdvance == pytest.approx(100 * 65536, rel=1e-4)
    vertices, codes = font.get_path()
    assert 60 < np.ptp(vertices, axis=0).max() < 100
    assert set(codes) <= {Path.MOVETO, Path.LINETO, Path.CURVE3, Path.CURVE4, Path.CLOSEPOLY}
    font.set_text("支", 0.0, flags=UNHINTED)
    font.draw_glyphs_to_bitmap(antialiased=True)
    assert np.array(font.get_image()).max() > 200
    assert font.get_char_index(0x10FFFE) == 0


def figure_of(case: Case) -> Figure:
    figure = draw(case).figure
    assert isinstance(figure, Figure)
    return figure


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_dots_are_those_of_matplotlib(case: Case) -> None:
    figure = figure_of(case)
    with record(figure) as drawn:
        made = drawn.dots(60)[:, :, :3].astype(float)
    figure.set_dpi(60)
    canvas = FigureCanvasAgg(figure)
    with mpl.rc_context({"text.hinting": "no_hinting"}):
        canvas.draw()
    wanted = np.asarray(canvas.buffer_rgba())[:, :, :3].astype(float)
    assert made.shape == wanted.shape
    # texts stand on whole dots here, on parts of dots there
    softened = [_softened(picture) for picture in (made, wanted)]
    assert np.sqrt(((softened[0] - softened[1]) ** 2).mean()) < 8
    assert np.sqrt(((softened[0] - 255) ** 2).mean()) > 12


def _softened(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape[0] // 4 * 4, picture.shape[1] // 4 * 4
    return picture[:height, :width].reshape(height // 4, 4, width // 4, 4, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("embed_text", [True, False])
@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_svg_is_well_formed_and_every_reference_has_its_target(
    case: Case, embed_text: bool
) -> None:
    with record(figure_of(case)) as drawn:
        text = drawn.svg(embed_text=embed_text)
        assert text == drawn.svg(embed_text=embed_text), "the same bytes each time"
    assert ET.fromstring(text).tag.endswith("svg")
    ids = IDS.findall(text)
    assert len(ids) == len(set(ids))
    assert set(REFERENCES.findall(text)) == set(ids)
    assert "<style" not in text, "it would hold for the page around"
    assert "nan" not in re.sub(r">[^<]*<", "", text)


def test_svg_holds_every_mark_where_it_is() -> None:
    result = sample_satisfaction(5)
    with style.offscreen():
        ax = result.plot()
    figure = ax.figure
    assert isinstance(figure, Figure)
    with record(figure) as drawn:
        page = ET.fromstring(drawn.svg(embed_text=True))
        lines = [line for line in ax.lines if str(line.get_gid()).startswith("verdict-")]
        places = np.concatenate([ax.transData.transform(line.get_xydata()) for line in lines])
    uses = page.iter("{http://www.w3.org/2000/svg}use")
    found = {(float(use.get("x", "")), float(use.get("y", ""))) for use in uses}
    height = 72 * figure.get_figheight()
    for x, y in places:
        assert any(abs(x - a) < 0.02 and abs(height - y - b) < 0.02 for a, b in found)


def test_paths_count_from_the_top() -> None:
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.CLOSEPOLY]
    assert path_data([(0, 0), (5, 5), (10, 0), (0, 0)], codes, 20) == "M0 20Q5 15 10 20Z"


def test_pictures_in_one_page_share_no_id() -> None:
    with style.offscreen():
        figures = [
            sample_satisfaction(5).plot().figure,
            sample_satisfaction(6).plot().figure,
            sample_satisfaction(5).plot_response_rates().figure,
            sample_drivers().plot().figure,
        ]
    found = []
    for figure in figures:
        assert isinstance(figure, Figure)
        with record(figure) as drawn:
            found.append(set(IDS.findall(drawn.svg(embed_text=True))))
    assert sum(map(len, found)) == len(set().union(*found))


def test_texts_stay_texts_only_where_the_page_carries_the_font() -> None:
    with style.offscreen():
        figure = sample_satisfaction(5).plot().figure
    assert isinstance(figure, Figure)
    with record(figure) as drawn:
        page, alone = (drawn.svg(embed_text=embed) for embed in (True, False))
    assert f">{RARE_NAME}</text>" in page
    assert "<text" not in alone


def test_two_hundred_branches_stay_small() -> None:
    with style.offscreen():
        figure = sample_satisfaction(200).plot().figure
    assert isinstance(figure, Figure)
    with record(figure) as drawn:
        assert len(drawn.svg(embed_text=True)) < 200_000


def test_a_figure_is_as_before() -> None:
    figure = figure_of(ORDINARY[1])
    before = figure.get_facecolor(), figure.dpi, figure.canvas
    with record(figure):
        assert figure.dpi == 72
    assert (figure.get_facecolor(), figure.dpi, figure.canvas) == before


def with_text(place: tuple[float, float], text: str, height: float = 2.0, **how: Any) -> Figure:
    with style.offscreen():
        figure = style.figure(7.0, height)
    figure.axes[0].set_axis_off()
    figure.text(*place, text, fontfamily=list(fonts.families()), in_layout=False, **how)
    return figure


def ink(figure: Figure) -> tuple[np.ndarray, np.ndarray]:
    with record(figure) as drawn:
        return np.nonzero(drawn.dots(100)[:, :, 0] < 160)


def test_characters_that_the_font_lacks_come_from_the_next_one_or_are_boxes() -> None:
    assert len(ink(with_text((0.5, 0.5), ""))[0]) == 0
    assert len(ink(with_text((0.5, 0.5), "\u10d0"))[0]) > 3
    assert len(ink(with_text((0.5, 0.5), "\U0010fffe"))[0]) > 3
    with record(with_text((0.5, 0.5), "甲\u10d0\U0010fffe")) as drawn:
        assert "甲\u10d0\U0010fffe" in drawn.svg(embed_text=True)
        assert drawn.svg(embed_text=False).count("<use") == 3


@pytest.mark.parametrize("place", [(-0.01, 0.5), (1.0, 0.5), (0.5, -0.05), (0.5, 1.0), (3.0, 3.0)])
def test_texts_may_leave_the_paper(place: tuple[float, float]) -> None:
    rows, _ = ink(with_text(place, "支部支部", 0.5))
    assert (len(rows) > 0) == (place not in ((3.0, 3.0), (1.0, 0.5), (0.5, 1.0)))


def test_turned_texts_run_upwards_from_where_they_begin() -> None:
    (rows, columns), (turned_rows, turned_columns) = (
        ink(with_text((0.5, 0.3), "支部满意率", rotation=angle)) for angle in (0, 90)
    )
    assert np.ptp(columns) > 2 * np.ptp(rows)
    assert np.ptp(turned_rows) > 2 * np.ptp(turned_columns)
    assert abs(int(rows.max()) - int(turned_rows.max())) <= 2


def test_a_name_with_dollar_signs_is_no_formula() -> None:
    with record(with_text((0.5, 0.5), "a$x_1$")) as drawn:
        assert ">a$x_1$</text>" in drawn.svg(embed_text=True)
        as_name = drawn.dots(100)
    with record(with_text((0.5, 0.5), "a$x_1$", parse_math=False)) as drawn:
        assert (drawn.dots(100) == as_name).all()


def test_files_are_the_same_each_time_and_as_large_as_the_figure() -> None:
    with style.offscreen():
        figure = sample_satisfaction(5).plot().figure
    assert isinstance(figure, Figure)
    with record(figure) as drawn:
        first, second = drawn.png(300), drawn.png(300)
        height, width = drawn.dots(300).shape[:2]
    assert first == second
    assert width == pytest.approx(style.WIDTH * 300, abs=1)
    assert height > 300


def test_a_picture_has_the_colours_of_its_dots_and_paper_stays_white() -> None:
    """Also beside ink of the same sixteenth of white."""
    figure = with_text((0.5, 0.5), "支部满意率")
    figure.add_artist(Rectangle((0, 0), 0.3, 0.3, facecolor="#f4f4f4", edgecolor="none"))
    with record(figure) as drawn:
        dots = drawn.dots(100)[:, :, :3].astype(int)
        with Image.open(io.BytesIO(drawn.png(100))) as picture:
            made = np.asarray(picture.convert("RGB")).astype(int)
    is_paper = (dots == 255).all(axis=2)
    assert 0.5 < is_paper.mean() < 0.95
    assert ((made == 255).all(axis=2) == is_paper).all()
    assert np.abs(made - dots).max() < 16
