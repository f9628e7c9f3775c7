from __future__ import annotations

import io
import re
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from survey.charts import fonts, pictures, style
from survey.charts.recording import record
from tests.survey.charts.gallery import CASES, CHARTS, Case, draw

ORDINARY = [
    next(case for case in CASES if case.chart == chart and case.name == "ordinary")
    for chart in CHARTS
]


def figure_of(case: Case) -> Figure:
    figure = draw(case).figure
    assert isinstance(figure, Figure)
    return figure


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_dots_are_those_of_matplotlib(case: Case) -> None:
    figure = figure_of(case)
    with record(figure) as drawn:
        made = drawn.dots(60)[:, :, :3].astype(float)
    figure.set_layout_engine("none")
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


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_svg_is_that_of_matplotlib(case: Case) -> None:
    figure = figure_of(case)
    made = pictures.to_svg(figure, embed_text=True, prefix="p")
    figure.set_layout_engine("none")
    figure.set_facecolor("none")
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "survey"}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None, "Creator": None})
    without_hints = re.sub(r'<g class="hints">.*?</g>\n', "", made, flags=re.DOTALL)
    assert without_hints == pictures.element(buffer.getvalue(), "p")


def test_a_figure_is_as_before() -> None:
    figure = figure_of(ORDINARY[1])
    before = figure.get_facecolor(), figure.dpi, figure.canvas
    with record(figure):
        assert figure.dpi == 72
    assert (figure.get_facecolor(), figure.dpi, figure.canvas) == before


def with_text(place: tuple[float, float], text: str, height: float = 2.0, **how: Any) -> Figure:
    fonts.register()
    with style.offscreen():
        figure = style.figure(height)
    figure.axes[0].set_axis_off()
    figure.text(*place, text, fontfamily=list(fonts.FAMILIES), in_layout=False, **how)
    return figure


def ink(figure: Figure) -> tuple[np.ndarray, np.ndarray]:
    with record(figure) as drawn:
        return np.nonzero(drawn.dots(50)[:, :, 0] < 128)


def test_characters_that_the_font_lacks_come_from_the_next_one() -> None:
    assert len(ink(with_text((0.5, 0.5), ""))[0]) == 0
    assert len(ink(with_text((0.5, 0.5), "\u10d0"))[0]) > 3


@pytest.mark.parametrize("place", [(-0.01, 0.5), (1.0, 0.5), (0.5, -0.05), (0.5, 1.0), (3.0, 3.0)])
def test_texts_may_leave_the_paper(place: tuple[float, float]) -> None:
    rows, _ = ink(with_text(place, "支部支部", 0.5))
    assert (len(rows) > 0) == (place not in ((3.0, 3.0), (1.0, 0.5), (0.5, 1.0)))


def test_turned_texts_are_drawn() -> None:
    (rows, columns), (turned_rows, turned_columns) = (
        ink(with_text((0.5, 0.3), "支部满意率", rotation=angle)) for angle in (0, 90)
    )
    assert np.ptp(columns) > 2 * np.ptp(rows)
    assert np.ptp(turned_rows) > 2 * np.ptp(turned_columns)


def test_a_name_with_dollar_signs_is_no_formula() -> None:
    with record(with_text((0.5, 0.5), "a$x_1$")) as drawn:
        assert ">a$x_1$</text>" in drawn.svg(embed_text=True)
        as_name = drawn.dots(100)
    with record(with_text((0.5, 0.5), "a$x_1$", parse_math=False)) as drawn:
        assert (drawn.dots(100) == as_name).all()
