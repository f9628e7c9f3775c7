"""A chart on paper is the one that matplotlib's figures show."""

from __future__ import annotations

import re
from typing import Any, cast

import matplotlib
import numpy as np
import pytest
from matplotlib.transforms import Bbox

from survey import charts
from survey.charts import CHARTS, paper, plans, style
from survey.charts.recording import Recording, record
from survey.report.drawing import NARROW
from tests.survey.charts.gallery import CASES, Case

ORDINARY = [
    next(case for case in CASES if case.chart == chart and case.name == "ordinary")
    for chart in CHARTS
]
OTHERS = [case for case in CASES if case.name in ("many", "no-answers", "all-withheld", "too-few")]
TEXT = re.compile(r'<text x="(.*?)" y="(.*?)" (.*?)>(.*?)</text>')
TURNED = re.compile(r"rotate\((\S+) \S+ \S+\)")


def texts(page: str) -> list[tuple[str, str, float, float]]:
    """List the texts of a page: what, how, and where."""
    found = (
        (text, TURNED.sub(r"\1", how), float(x), float(y)) for x, y, how, text in TEXT.findall(page)
    )
    return sorted(found, key=lambda line: (line[0], line[1], round(line[2]), line[3]))


@pytest.mark.parametrize(
    ("case", "width"),
    [
        *((case, width) for case in ORDINARY for width in (style.WIDTH, NARROW)),
        *((case, style.WIDTH) for case in OTHERS),
    ],
    ids=str,
)
def test_paper_shows_what_a_figure_shows(
    case: Case, width: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = charts.plan(case.chart, case.make(), case.options)
    plan = plans.pages(plan, language="zh")[0]
    own = paper.recorded(plan, width)
    # until 3.10 matplotlib asks for the weight of hatches when it draws, not when they are made
    monkeypatch.setitem(cast(Any, matplotlib.rcParams), "hatch.linewidth", 0.6)
    with style.offscreen(), record(cast(Any, style.show(plan, width=width).figure)) as figure:
        pages = [drawn.svg(embed_text=True) for drawn in (own, figure)]
        dots = [drawn.dots(60).astype(float) for drawn in (own, figure)]
    ours, theirs = map(texts, pages)
    assert [line[:2] for line in ours] == [line[:2] for line in theirs]
    places = [np.array([line[2:] for line in lines]) for lines in (ours, theirs)]
    assert np.abs(places[0] - places[1]).max(initial=0) < 0.05
    hints = [page.partition('<g class="hints">')[2] for page in pages]
    assert hints[0].count("<title>") == hints[1].count("<title>")
    assert dots[0].shape == dots[1].shape
    # matplotlib draws the hatches of a legend heavier than those of bars
    assert (np.abs(dots[0] - dots[1]).max(axis=2) > 20).sum() < 100


def test_what_has_no_place_takes_nothing_with_it() -> None:
    ground = paper.Ground(Bbox.from_bounds(0, 0, 100, 100), (0.0, 1.0), (0.0, 3.0))
    ground.hlines([1, 2, 2.5], [0.1, 0.1, 0.2], [0.5, np.nan, 0.9], color="black", lw=1)
    page = Recording(100, 100)
    ground.draw(page)
    drawn = page.svg(embed_text=True)
    assert "nan" not in drawn
    assert 'd="M10 66.67L50 66.67M20 16.67L90 16.67"' in drawn
