"""What holds for all charts: no warning, texts that fit, both languages, no leak of settings."""

from __future__ import annotations

import dataclasses
import re
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from survey.charts import caterpillar, fonts, style
from tests.survey.charts.gallery import CASES, CHARTS, Case, draw
from tests.survey.results_samples import sample_satisfaction

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SMALL = [case for case in CASES if case.name != "many"]
ORDINARY = [
    next(case for case in CASES if case.chart == chart and case.name == "ordinary")
    for chart in CHARTS
]


def shown_texts(ax: Axes) -> list[Text]:
    return [
        text
        for text in ax.figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_text_fits_into_the_figure_and_covers_no_other(case: Case) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = draw(case)
        ax.figure.set_dpi(50)
        FigureCanvasAgg(ax.figure).draw()
    page = ax.figure.bbox
    outside = _ticks_outside(ax)
    texts = [text for text in shown_texts(ax) if text not in outside]
    for text in texts:
        box = Text.get_window_extent(text)  # of a note without its arrow
        assert page.x0 - 1 <= box.x0, text.get_text()
        assert box.x1 <= page.x1 + 1, text.get_text()
        assert page.y0 - 1 <= box.y0, text.get_text()
        assert box.y1 <= page.y1 + 1, text.get_text()
    boxes = np.array([Text.get_window_extent(text).extents for text in texts])
    starts, ends = (
        np.maximum(boxes[:, None, :2], boxes[:, :2]),
        np.minimum(boxes[:, None, 2:], boxes[:, 2:]),
    )
    shared = np.triu((ends - starts > 1.5).all(axis=2), 1)
    assert [(texts[a].get_text(), texts[b].get_text()) for a, b in np.argwhere(shared)] == []


def _ticks_outside(ax: Axes) -> set[Text]:
    """Labels of ticks beyond the limits: matplotlib keeps them, but does not draw them."""
    found: set[Text] = set()
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        for tick in axis.get_major_ticks():
            if not (ax.axison and min(limits) <= tick.get_loc() <= max(limits)):
                found |= {tick.label1, tick.label2}
    return found


@pytest.mark.parametrize("case", SMALL, ids=str)
def test_english_charts_hold_chinese_only_in_names(case: Case) -> None:
    result = case.make()
    with style.offscreen():
        ax = case.module.draw(result, language="en", **case.options)
    names = set(CHINESE.findall("".join(map(str, _names(result)))))
    for text in shown_texts(ax):
        assert set(CHINESE.findall(text.get_text())) <= names, text.get_text()


def _names(result: object) -> list[str]:
    frames = [getattr(result, name, None) for name in ("frame", "branches")]
    columns = ("branch", "role")
    return [
        name
        for frame in frames
        if frame is not None
        for column in columns
        if column in frame
        for name in frame[column]
    ]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_description_and_table_are_for_readers(case: Case, language: str) -> None:
    result = case.make()
    text = case.module.describe(result, language=language, **case.options)
    if "withheld" not in case.name and case.chart != "branch_dimensions":
        assert re.search(r"\d", text), "says how many"
    assert "nan" not in text.lower()
    assert text.endswith("。" if language == "zh" else ".")
    assert "%" not in text or re.search(r"n=\d|\d+ (人|份|valid|people|of \d)|/", text), text
    table = case.module.table(result, language=language, **case.options)
    for name in table.columns:
        assert "_" not in name
        assert language == "zh" or not CHINESE.search(name)


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_settings_of_the_caller_stay_as_they_are(case: Case) -> None:
    before = dict(mpl.rcParams)
    FigureCanvasAgg(draw(case).figure).draw()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_every_text_is_set_in_the_shipped_font_and_never_bold(case: Case) -> None:
    ax = draw(case)
    FigureCanvasAgg(ax.figure).draw()
    for text in shown_texts(ax):
        assert list(text.get_fontfamily()) == list(fonts.FAMILIES), text.get_text()
        assert text.get_fontweight() in ("normal", 400)


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_draws_into_axes_of_the_caller(case: Case) -> None:
    figure = Figure(figsize=(9, 4))
    left, right = figure.subplots(1, 2)
    drawn = case.module.draw(case.make(), right, **case.options)
    assert drawn is right
    assert tuple(figure.get_size_inches()) == (9, 4)
    assert not left.has_data()
    assert figure.legends == []
    assert drawn.get_axisbelow() is True, "the grid would lie over the bars"
    FigureCanvasAgg(figure).draw()


def test_without_axes_a_figure_of_pyplot_is_made() -> None:
    before = plt.get_fignums()
    case = ORDINARY[1]
    ax = case.module.draw(case.make())
    assert len(plt.get_fignums()) == len(before) + 1
    plt.close(ax.figure)


def test_every_chart_is_in_the_table_of_contents() -> None:
    import survey.charts

    for chart in CHARTS:
        assert f"\n{chart} " in (survey.charts.__doc__ or "")


def test_latin_names_wider_than_longer_ones_stay_on_the_page() -> None:
    result = sample_satisfaction(3)
    names = ["i" * 30, "W" * 26, "甲支部"]
    result = dataclasses.replace(result, frame=result.frame.assign(branch=names))
    with style.offscreen():
        figure = caterpillar.draw(result).figure
    figure.set_dpi(72)
    FigureCanvasAgg(figure).draw()
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            assert Text.get_window_extent(text).x0 >= -1, text.get_text()
