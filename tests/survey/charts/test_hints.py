from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from survey import charts
from survey.charts import recording, style
from survey.charts.plans import RowChart
from survey.results import Satisfaction
from tests.survey.results_samples import (
    RARE_NAME,
    sample_drivers,
    sample_ranking,
    sample_satisfaction,
)

SVG = "{http://www.w3.org/2000/svg}"
SATISFACTION = ("caterpillar", "nonresponse", "response_rates", "funnel")


def hints_of(chart: str, result: object, language: Any = "zh") -> dict[str, ET.Element]:
    """Text of every hint with its box."""
    with style.offscreen():
        figure = charts.draw(chart, result, language=language).figure
    with recording.record(figure) as drawn:
        page = ET.fromstring(drawn.svg(embed_text=True))
    group = page.find(f"{SVG}g[@class='hints']")
    assert group is not None
    found = {}
    for box in group.findall(f"{SVG}rect"):
        title = box.find(f"{SVG}title")
        assert title is not None
        found[str(title.text)] = box
    assert len(found) == len(group.findall(f"{SVG}rect"))
    return found


@pytest.mark.parametrize("chart", SATISFACTION)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_branch_shown_has_its_hint(chart: str, language: str) -> None:
    result = sample_satisfaction(14)
    shown = result.frame[result.frame["verdict"] != "withheld"]
    texts = list(hints_of(chart, result, language))
    for row in shown.to_dict("records"):
        (own,) = [text for text in texts if text.startswith(row["branch"])]
        assert f"{row['n_valid']}/{row['population']}" in own
        if chart != "response_rates":
            assert f"{100 * row['rate']:.1f}%" in own
            assert f"{100 * row['lower']:.1f}" in own


@pytest.mark.parametrize("chart", ["caterpillar", "nonresponse"])
def test_hints_of_withheld_branches_hold_no_figure(chart: str) -> None:
    result = sample_satisfaction(14, withheld=True)
    for text in hints_of(chart, result):
        assert re.fullmatch(r"(.+)：暂不评定", text)
        name = text.removesuffix("：暂不评定")
        assert name in set(result.frame["branch"])


def names_of(result: Satisfaction) -> tuple[str, ...]:
    plan = charts.plan("caterpillar", result)
    assert isinstance(plan, RowChart)
    return plan.names


def test_a_hint_lies_over_its_row() -> None:
    result = sample_satisfaction(14)
    boxes = hints_of("caterpillar", result)
    places = [
        (float(box.get("y", "")), float(box.get("height", "")), text) for text, box in boxes.items()
    ]
    tops = sorted(places)
    assert [text.split("：")[0] for *_, text in tops] == list(names_of(result))
    for (y, height, _), (following, _, _) in pairwise(tops):
        assert y + height == pytest.approx(following, abs=0.2)


def test_cells_of_the_dimension_map_say_their_difference() -> None:
    result = sample_drivers(14)
    texts = list(hints_of("dimension_map", result))
    shown = result.branches["difference"].notna()
    withheld = result.branch_totals["withheld"]
    assert len(texts) == shown.sum() + withheld.sum()
    assert sum("相差" in text and "n=" in text for text in texts) == shown.sum()
    for branch in result.branch_totals.loc[withheld, "branch"]:
        assert [text for text in texts if text.startswith(str(branch))] == [f"{branch}：不作分解"]


def test_ranks_have_hints_with_their_interval() -> None:
    result = sample_ranking(14)
    texts = list(hints_of("ranks", result))
    assert len(texts) == len(result.frame)
    assert all("95% 区间" in text and "n=" in text for text in texts)


def test_names_are_escaped() -> None:
    result = sample_satisfaction(2)
    result.frame.loc[0, "branch"] = "<b>&支部"
    assert any(text.startswith("<b>&支部：") for text in hints_of("caterpillar", result))


def test_files_of_outlines_have_no_hints() -> None:
    with style.offscreen():
        figure = sample_satisfaction(3).plot().figure
    with recording.record(figure) as drawn:
        alone = drawn.svg(embed_text=False)
    assert "<title" not in alone
    assert RARE_NAME not in re.sub(r"<!--.*?-->", "", alone)
