"""What holds for all charts: no warning, texts that fit, both languages, no leak of settings."""

from __future__ import annotations

import dataclasses
import io
import re
import warnings
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import survey
from survey import charts
from survey.charts import CHARTS, fonts, labels, layout, plans, style
from survey.charts.plans import RowChart
from survey.errors import Language, UsageError
from survey.report.drawing import NARROW
from tests.survey.charts.gallery import CASES, Case, draw, sheet_of, texts_of, written
from tests.survey.results_samples import (
    RARE_NAME,
    branch_names,
    sample_drivers,
    sample_satisfaction,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SMALL = [case for case in CASES if case.name != "many"]
ORDINARY = [
    next(case for case in CASES if case.chart == chart and case.name == "ordinary")
    for chart in CHARTS
]
RARE = "㐂㙓𠮷支部😀"


def fits(ax: Axes, *, in_dots: bool = False) -> None:
    """Draw, and see that every text lies inside the figure and covers no other.

    Glyphs become dots on request alone: that takes longest, and moves no text.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax.figure.set_dpi(50)
        canvas = FigureCanvasAgg(ax.figure)
        if in_dots:
            canvas.draw()
        else:
            ax.figure.draw_without_rendering()
    width, height = 72 / ax.figure.dpi * ax.figure.bbox.size
    lines = [line for each in ax.figure.axes for line in written(each)]
    for text, box in lines:
        assert box.x0 >= -1, text
        assert box.x1 <= width + 1, text
        assert box.y0 >= -1, text
        assert box.y1 <= height + 1, text
    boxes = np.array([box.extents for _, box in lines])
    starts = np.maximum(boxes[:, None, :2], boxes[:, :2])
    ends = np.minimum(boxes[:, None, 2:], boxes[:, 2:])
    shared = np.triu((ends - starts > 2).all(axis=2), 1)
    assert [(lines[a].text, lines[b].text) for a, b in np.argwhere(shared)] == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_text_fits_into_the_figure_and_covers_no_other(case: Case) -> None:
    # names of 300 branches are of the characters of 14, and digits
    fits(draw(case), in_dots=case.name != "many")


@pytest.mark.parametrize(
    ("case", "language"),
    [*((case, "zh") for case in CASES), *((case, "en") for case in ORDINARY)],
    ids=str,
)
def test_every_text_fits_into_four_by_three_inches(case: Case, language: str) -> None:
    ax = draw(case, figsize=(4, 3), language=language)
    assert tuple(ax.figure.get_size_inches()) == (4, 3)
    fits(ax)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_names_leave_most_of_a_phone_to_the_marks(case: Case, language: Language) -> None:
    plan = charts.plan(case.chart, case.make(), case.options, language=language)
    if not isinstance(plan, RowChart):
        return
    with style.offscreen():
        ax = style.show(plan, width=NARROW)
    fits(ax)
    if max(map(labels.width, plan.names)) > 16:
        assert ax.get_position().width > 0.45
    written_there = "".join(text for text, _ in written(ax)).replace(" ", "")
    assert all(name.replace(" ", "") in written_there for name in plan.names)


def test_a_name_above_its_mark_is_nearest_to_it() -> None:
    laid = layout.rows(["甲支部", "乙支部"], above=True)
    assert laid.above
    assert (laid.edges[:-1] < laid.tops).all()
    assert (laid.tops < laid.y).all()
    assert not layout.rows(["甲支部", "乙支部"]).above


@pytest.mark.parametrize("layout", [None, "constrained", "tight"])
@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_two_panels_on_one_figure_keep_clear_of_each_other(case: Case, layout: Any) -> None:
    figure = Figure(figsize=(9, 4), layout=layout)
    for ax in figure.subplots(1, 2):
        assert draw(case, ax) is ax
    figure.draw_without_rendering()
    fits(figure.axes[0])
    assert tuple(figure.get_size_inches()) == (9, 4)
    assert figure.axes[0].get_axisbelow() is True, "the grid would lie over the bars"


@pytest.mark.parametrize(
    ("case", "side"), list(zip(ORDINARY, 5 * ["left", "center", "right"], strict=False)), ids=str
)
def test_a_title_of_the_analyst_takes_the_place_of_the_own(case: Case, side: Any) -> None:
    ax = draw(case)
    before = {text for text, _ in written(ax)}
    ax.set_title("Mine", loc=side)
    fits(ax)
    after = {text for text, _ in written(ax)}
    gone = before - after
    assert "Mine" in after
    assert gone
    assert gone == set(sheet_of(draw(case)).fit.title.split("\n"))


def test_what_stands_around_follows_the_size_of_the_figure() -> None:
    result = sample_satisfaction(14)
    with style.offscreen():
        ax = charts.draw("caterpillar", result)
    wide = [text for text, _ in written(ax)]
    assert "100.0%" in wide
    assert "90/91" in wide
    ax.figure.set_size_inches(2.2, 4)
    fits(ax)
    narrow = [text for text, _ in written(ax)]
    assert "90/91" not in narrow, "the outermost figures go first"
    names = "".join(result.frame["branch"])
    shown = "".join(narrow)
    assert set(names) <= set(shown)


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_title_and_size_and_colours_are_those_asked_for(case: Case) -> None:
    ax = draw(case, title="标题甲", figsize=(6, 5), palette={"ink": "#112233"})
    ax.figure.draw_without_rendering()
    assert "标题甲" in {text for text, _ in written(ax)}
    assert tuple(ax.figure.get_size_inches()) == (6, 5)
    assert ax.xaxis.label.get_color() == "#112233"
    assert sheet_of(draw(case, title="")).fit.title == ""


@pytest.mark.parametrize("case", [c for c in ORDINARY if c.chart != "funnel"], ids=str)
def test_top_shows_the_first_rows_and_says_so(case: Case) -> None:
    whole, few = (
        charts.plan(case.chart, case.make(), case.options, language="en", top=top)
        for top in (None, 2)
    )
    if not isinstance(whole, RowChart) or not isinstance(few, RowChart):
        assert case.chart == "planning_curve"
        return
    n = len(few.names) - len(few.headings)
    assert n == (6 if case.chart == "waterfall" else 2), few.names
    if case.chart == "waterfall":
        assert "4 other dimensions" in few.names
    elif case.chart != "roles":
        assert few.scale == whole.scale, "the same scale as for all"
        assert re.search(r"\(2 of \d+\)", few.title)


def test_sort_is_by_any_column_of_the_result() -> None:
    result = sample_satisfaction(14)
    by_size = charts.plan("caterpillar", result, sort="-population")
    assert isinstance(by_size, RowChart)
    wanted = result.frame.sort_values("population", ascending=False, kind="stable")["branch"]
    assert list(by_size.names) == list(wanted)
    given = charts.plan("caterpillar", result, sort="given")
    assert isinstance(given, RowChart)
    assert list(given.names) == list(result.frame["branch"])


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"sort": "populaton"}, "did you mean 'population'"),
        ({"top": 0}, "number of rows"),
        ({"figsize": (4,)}, "width and height"),
        ({"palette": {"god": "red"}}, "did you mean 'good'"),
        ({"palette": {"good": "rad"}}, "is no colour"),
        ({"language": "de"}, "'zh', 'en'"),
        ({"titel": "x"}, "did you mean 'title'"),
    ],
)
def test_what_cannot_be_is_said_with_what_can(wishes: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as error:
        charts.plan("caterpillar", sample_satisfaction(3), **wishes)
    assert said in error.value.text("en")


def test_an_unknown_branch_is_answered_with_the_nearest() -> None:
    drivers, name = sample_drivers(14), branch_names(14)[0]
    with pytest.raises(UsageError, match=name):
        drivers.plot_branch(name[:-1])
    with pytest.raises(UsageError, match="waterfall"):
        charts.plan("waterfal", drivers)
    with pytest.raises(UsageError, match="mean"):
        sample_satisfaction(3).plot_funnel(around="men")  # type: ignore[arg-type]


def test_language_follows_the_options() -> None:
    result = sample_satisfaction(3)
    with style.offscreen(), survey.options(language="en"):
        ax = result.plot()
        assert "rate" in charts.describe("caterpillar", result)
    assert ax.get_xlabel() == "Satisfaction rate"
    with style.offscreen():
        assert result.plot().get_xlabel() == "满意率"


@pytest.mark.parametrize("case", SMALL, ids=str)
def test_english_charts_hold_chinese_only_in_names(case: Case) -> None:
    ax = draw(case, language="en")
    names = set(CHINESE.findall("".join(map(str, _names(case.make())))))
    for text, _ in written(ax):
        assert set(CHINESE.findall(text)) <= names, text


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
def test_descriptions_are_for_readers(case: Case, language: Any) -> None:
    text = case.describe(language)
    if "withheld" not in case.name and case.chart != "branch_dimensions":
        assert re.search(r"\d", text), "says how many"
    assert "nan" not in text.lower()
    assert text.endswith("。" if language == "zh" else ".")
    assert "%" not in text or re.search(r"n=\d|\d+ (人|份|valid|people|of \d)|/", text), text


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_settings_of_the_caller_stay_as_they_are(case: Case) -> None:
    before = dict(mpl.rcParams)
    FigureCanvasAgg(draw(case).figure).draw()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("case", ORDINARY, ids=str)
def test_every_text_is_set_in_the_shipped_font_and_never_bold(case: Case) -> None:
    ax = draw(case)
    ax.figure.draw_without_rendering()
    for text in texts_of(ax):
        assert list(text.get_fontfamily()) == list(fonts.families()), text.get_text()
        assert text.get_fontweight() in ("normal", 400)


def test_characters_of_no_font_are_boxes_without_a_warning() -> None:
    result = sample_satisfaction(3)
    frame = result.frame.assign(branch=[RARE, "$a$ _b^ 支部", RARE_NAME])
    with style.offscreen():
        fits(dataclasses.replace(result, frame=frame).plot(), in_dots=True)
    drivers = sample_drivers(3)
    frames = {
        name: getattr(drivers, name).replace({"branch": {branch_names(3)[0]: RARE}})
        for name in ("branches", "branch_totals")
    }
    with style.offscreen():
        fits(dataclasses.replace(drivers, **frames).plot_branch(RARE), in_dots=True)


def test_a_font_of_the_analyst_is_used_for_charts() -> None:
    from matplotlib.font_manager import findfont

    own = findfont("DejaVu Serif")
    with survey.options(font=own), style.offscreen():
        ax = sample_satisfaction(3).plot()
        fits(ax, in_dots=True)
        assert ax.xaxis.label.get_fontfamily()[0] == "DejaVu Serif"
    # people save a figure, and matplotlib draws it, when the font was chosen no more
    page = io.StringIO()
    ax.figure.savefig(page, format="svg")
    assert ax.xaxis.label.get_fontfamily()[0] == "DejaVu Serif"
    assert "DejaVuSerif-" in page.getvalue()
    with style.offscreen():
        label = sample_satisfaction(3).plot().xaxis.label
        assert label.get_fontfamily()[0] == fonts.FAMILY
    with pytest.raises(UsageError, match="字体"):
        survey.options(font="nothing.ttf")
    with survey.options(font=__file__), pytest.raises(UsageError, match="字体"):
        fonts.families()


def test_without_axes_a_figure_of_pyplot_is_made() -> None:
    before = plt.get_fignums()
    ax = sample_satisfaction(3).plot()
    assert len(plt.get_fignums()) == len(before) + 1
    plt.close(ax.figure)


def test_every_chart_is_in_the_table_of_contents() -> None:
    for chart in CHARTS:
        assert f"\n{chart} " in (charts.__doc__ or "")


def test_latin_names_wider_than_longer_ones_stay_on_the_page() -> None:
    result = sample_satisfaction(3)
    names = ["i" * 30, "W" * 26, "甲支部"]
    result = dataclasses.replace(result, frame=result.frame.assign(branch=names))
    with style.offscreen():
        fits(result.plot())


@pytest.mark.parametrize("case", [case for case in CASES if case.name == "many"], ids=str)
def test_pages_hold_every_row_once_in_order_and_on_one_scale(case: Case) -> None:
    whole = charts.plan(case.chart, case.make(), case.options)
    pages = plans.pages(whole)
    if not isinstance(whole, RowChart):
        assert pages == [whole]
        return
    parts = [page for page in pages if isinstance(page, RowChart)]
    assert sum((page.names for page in parts), ()) == whole.names
    assert {page.scale for page in parts} == {whole.scale}
    assert {page.legend for page in parts} == {whole.legend}
    assert max(len(page.names) for page in parts) <= layout.PER_PAGE
    for page in (parts[0], parts[-1]):
        with style.offscreen():
            fits(style.show(page))
