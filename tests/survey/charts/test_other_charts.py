"""Every chart that breaks nothing down shows the numbers of its result and no others."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from analysis.design.planning import answers_for_chance, least_answers
from survey import charts
from survey.charts import style
from survey.charts.marks import Bars, Dots
from survey.charts.plans import Notice, RowChart
from survey.errors import Language
from survey.results import ItemResponses
from survey.results.satisfaction import FINEST
from tests.survey import results_samples as samples
from tests.survey.charts.gallery import written


def plan_of(chart: str, result: Any, **wishes: Any) -> RowChart:
    made = charts.plan(chart, result, **wishes)
    assert isinstance(made, RowChart)
    return made


def bars_of(chart: RowChart) -> list[Bars]:
    return [mark for mark in chart.of_rows if isinstance(mark, Bars)]


def dots_of(chart: RowChart) -> dict[str, Dots]:
    return {mark.gid: mark for mark in chart.of_rows if isinstance(mark, Dots)}


def points(ax: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_gid()): np.asarray(line.get_xdata()) for line in ax.lines}


def texts(chart: RowChart) -> list[str]:
    return [text for column in chart.columns for text in column.texts] + list(chart.notices)


def test_response_rates_are_bars_hatched_below_one_half() -> None:
    result = samples.sample_satisfaction(14)
    full, low = bars_of(plan_of("response_rates", result))
    rates = np.concatenate([full.right, low.right])
    assert sorted(rates) == pytest.approx(sorted(result.frame["response_rate"]))
    assert (full.right >= 0.5).all()
    assert (low.right < 0.5).all()
    assert (full.hatch, bool(low.hatch)) == ("", True)


def test_bands_of_the_silent_run_between_the_bounds() -> None:
    result = samples.sample_satisfaction(14)
    chart = plan_of("nonresponse", result)
    (band,) = bars_of(chart)
    frame = result.frame.dropna(subset=["bound_low"])
    expected = sorted(zip(frame["bound_low"], frame["bound_high"], strict=True))
    assert np.allclose(sorted(zip(band.left, band.right, strict=True)), expected)
    assert "达不到" in texts(chart)


def first_bars(result: ItemResponses) -> list[tuple[float, float]]:
    """Give the ends of the segments of the first item, from best to worst."""
    bars = bars_of(plan_of("item_bars", result))
    return [(float(bar.left[0]), float(bar.right[0])) for bar in bars]


def test_item_bars_diverge_in_the_middle_of_the_neutral_level() -> None:
    result = samples.sample_items()
    first = result.frame[result.frame["item"] == "item1"]
    bars = first_bars(result)
    assert [b - a for a, b in bars] == pytest.approx(first["share"])
    assert sum(bars[2]) == pytest.approx(0)
    assert min(a for a, _ in bars) == pytest.approx(
        -(first["share"].iloc[3:].sum() + first["share"].iloc[2] / 2)
    )


def test_item_bars_without_a_neutral_level_diverge_between_the_sides() -> None:
    result = samples.sample_items()
    four = result.frame[result.frame["score"] != 3].copy()
    bars = first_bars(ItemResponses(frame=four, summary=result.summary))
    assert bars[1][0] == pytest.approx(0)
    assert bars[2][1] == pytest.approx(0)


def test_withheld_items_are_named_and_have_no_bar() -> None:
    result = samples.sample_items()
    hidden = result.summary["item"] == "item2"
    summary = result.summary.assign(rate=result.summary["rate"].mask(hidden))
    gone = result.frame["item"] == "item2"
    frame = result.frame.assign(
        n=result.frame["n"].mask(gone), share=result.frame["share"].mask(gone)
    )
    chart = plan_of("item_bars", ItemResponses(frame, summary))
    assert texts(chart).count("暂不评定") == 1
    assert texts(chart).count("—") == 1
    lengths = np.sum([bar.right - bar.left for bar in bars_of(chart)], axis=0)
    assert lengths[1] == pytest.approx(0)
    assert lengths[0] == pytest.approx(1)
    assert not any(bar.texts[1] for bar in bars_of(chart) if bar.texts is not None)


def test_ranks_are_never_drawn_without_their_intervals() -> None:
    result = samples.sample_ranking(20)
    with style.offscreen():
        ax = result.plot()
    assert sorted(points(ax)["ranks"]) == sorted(result.frame["rank"])
    assert sum(len(c.get_segments()) for c in ax.collections) == len(result.frame)


def test_a_funnel_of_large_units_has_limits_as_fine_as_it_can_show() -> None:
    result = samples.sample_satisfaction(14)
    counts = ["population", "n_valid", "n_satisfied"]
    large = dataclasses.replace(
        result, frame=result.frame.assign(**{c: 200 * result.frame[c] for c in counts})
    )
    few, many = (one.funnel().bands for one in (result, large))
    assert few["n"].tolist() == [*range(1, len(few) + 1)]
    assert len(many) == FINEST < many["n"].max() / 10
    assert (many["n"].iloc[0], many["n"].iloc[-1]) == (
        1,
        int(large.frame["n_valid"].max() * 1.06) + 1,
    )
    steps = np.diff(many["n"])
    assert steps.max() - steps.min() <= 1


def test_funnel_shows_every_unit_and_judges_it_by_its_own_people() -> None:
    result = samples.sample_satisfaction(60)
    with style.offscreen():
        ax = result.plot_funnel()
    drawn = np.concatenate([x for gid, x in points(ax).items() if gid.startswith("verdict-")])
    shown = result.frame.dropna(subset=["rate"])
    assert sorted(drawn) == sorted(shown["n_valid"])
    frame = result.funnel().frame
    low = (frame["rate"] < frame["limit_low_998"]).sum()
    assert low == (frame["signal"] < 0).sum()
    assert f"{low} 个低于 99.8% 下限" in charts.describe("funnel", result)


def test_top_of_a_funnel_is_how_many_units_are_named_and_sort_which() -> None:
    result = samples.sample_satisfaction(60)
    below = set(result.funnel().frame.query("signal < 0")["branch"])
    named = [
        [name for name, *_ in charts.plan("funnel", result, **wishes).named]
        for wishes in ({}, {"top": 3}, {"sort": "-rate", "top": 2})
    ]
    assert [len(names) for names in named] == [5, 3, 2]
    assert named[1] == named[0][:3]
    assert set(named[0]) <= below
    assert not set(named[2]) & below


def test_funnel_limits_are_narrower_where_most_people_answered() -> None:
    known, unknown = (
        samples.sample_satisfaction(60, known_population=known).funnel().frame.set_index("branch")
        for known in (True, False)
    )
    unknown = unknown.loc[known.index]
    widths = [frame["limit_high_950"] - frame["limit_low_950"] for frame in (known, unknown)]
    assert (widths[0] <= widths[1] + 1e-12).all()


def test_role_strips_hold_one_marker_a_branch() -> None:
    result = samples.sample_satisfaction(30, by=("branch", "role"))
    chart = plan_of("roles", result)
    assert not any(char.isdecimal() for text, _ in chart.legend for char in text)
    drawn = np.concatenate([dots.x for dots in dots_of(chart).values()])
    assert sorted(drawn) == pytest.approx(sorted(result.frame["rate"].dropna()))
    median = result.frame[result.frame["role"] == "党员"]["rate"].median()
    (middle,) = bars_of(chart)
    assert middle.left[chart.names.index("党员")] == pytest.approx(median)
    shifts = [np.abs(dots.shift).max() for dots in dots_of(chart).values()]
    assert max(shifts) < chart.least / 2


def test_changes_point_up_or_down_only_where_judged() -> None:
    result = samples.sample_comparison(14)
    chart = plan_of("changes", result)
    for change, marker in (("up", "^"), ("down", "v"), ("undecided", "o")):
        dots = dots_of(chart)[f"change-{change}"]
        rows = result.frame[result.frame["change"] == change]
        assert dots.look.marker == marker
        assert sorted(dots.x) == pytest.approx(sorted(rows["difference"]))
    assert chart.names[0] == "全校"
    assert chart.notices[-1] == "暂不评定"
    counted = result.frame.loc[result.frame["branch"].notna(), "change"].value_counts()
    assert [int(text.split()[-1]) for text, _ in chart.legend] == [
        counted.get(change, 0) for change in ("up", "down", "undecided")
    ]


def test_planning_curve_is_that_of_the_statistics() -> None:
    result = samples.sample_planning(14)
    with style.offscreen():
        lines = {line.get_gid(): line for line in result.plot().lines}
    for chance in (50, 80, 95):
        sizes = np.asarray(lines[f"n_{chance}"].get_xdata()).astype(int)
        n = answers_for_chance(sizes, np.floor(0.95 * sizes + 0.5), chance / 100)
        assert lines[f"n_{chance}"].get_ydata() == pytest.approx(n)
    assert lines["least_n"].get_ydata() == pytest.approx(least_answers(sizes))
    assert len(lines["branches"].get_xdata()) == 14
    assert "80% 的可能" in charts.describe("planning_curve", result)


def test_the_planning_curve_is_that_of_its_own_level() -> None:
    curves = [samples.sample_planning(alpha=alpha).curve() for alpha in (0.05, 0.01)]
    assert curves[1]["n_80"].sum() > curves[0]["n_80"].sum()


def test_reliability_flags_what_falls_short() -> None:
    result = samples.sample_reliability()
    with style.offscreen():
        ax = result.plot()
    assert points(ax)["flagged"] == pytest.approx([0.66])
    assert set(points(ax)["enough"]) == {0.7}
    assert "服务阵地" in charts.describe("reliability", result)


@pytest.mark.parametrize(
    ("language", "header"), [("zh", "α（90% 区间）"), ("en", "α (90% interval)")]
)
def test_reliability_names_its_own_level(language: Language, header: str) -> None:
    result = dataclasses.replace(samples.sample_reliability(), level=0.9)
    chart = plan_of("reliability", result, language=language)
    assert chart.columns[0].header == header


def test_reliability_of_a_single_item_cannot_be_computed() -> None:
    result = samples.sample_reliability()
    frame = result.frame.copy()
    frame.loc[0, ["alpha", "low", "high", "omega"]] = np.nan
    chart = plan_of("reliability", dataclasses.replace(result, frame=frame))
    assert chart.notices[0] == "不能计算"


def test_items_that_nobody_answered_are_listed_without_bars() -> None:
    result = samples.sample_items()
    silent = ItemResponses(
        frame=result.frame.assign(n=0, share=np.nan),
        summary=result.summary.assign(n_valid=0, n_satisfied=0, rate=np.nan),
    )
    chart = plan_of("item_bars", silent)
    assert not any((bar.right - bar.left).any() for bar in bars_of(chart))
    assert texts(chart).count("—") == 18
    assert "均没有可公布的有效回答" in charts.describe("item_bars", silent)


def test_no_items_and_no_units_are_said_and_not_drawn() -> None:
    none = ItemResponses(frame=pd.DataFrame(), summary=pd.DataFrame())
    units = samples.sample_satisfaction(3)
    units = dataclasses.replace(units, frame=units.frame.iloc[:0])
    assert isinstance(charts.plan("item_bars", none), Notice)
    for chart in ("caterpillar", "response_rates", "nonresponse", "funnel"):
        with style.offscreen():
            ax = charts.draw(chart, units)
        assert not ax.patches
        assert not [text for text, _ in written(ax) if "nan" in text]
