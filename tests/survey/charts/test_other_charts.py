"""Every chart that breaks nothing down shows the numbers of its result and no others."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from analysis.design.planning import answers_for_chance, least_answers
from survey.charts import (
    changes,
    funnel,
    item_bars,
    nonresponse,
    planning_curve,
    ranks,
    reliability,
    response_rates,
    roles,
    style,
    tables,
)
from survey.errors import Language
from survey.results import ItemResponses
from tests.survey import results_samples as samples


def points(ax: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_gid()): np.asarray(line.get_xdata()) for line in ax.lines}


def test_response_rates_are_bars_hatched_below_one_half() -> None:
    result = samples.sample_satisfaction(14)
    with style.offscreen():
        ax = response_rates.draw(result)
    rates = [bar.get_width() for bar in ax.patches]
    assert sorted(rates) == pytest.approx(sorted(result.frame["response_rate"]))
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [rate < 0.5 for rate in rates]


def test_bands_of_the_silent_run_between_the_bounds() -> None:
    result = samples.sample_satisfaction(14)
    with style.offscreen():
        ax = nonresponse.draw(result)
    bands = sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches)
    frame = result.frame.dropna(subset=["bound_low"])
    expected = sorted(zip(frame["bound_low"], frame["bound_high"], strict=True))
    assert np.allclose(bands, expected)
    assert "达不到" in [text.get_text() for text in ax.texts]


def first_bars(ax: Axes) -> list[Bbox]:
    """Give the segments of the first item from best to worst: one collection a level."""
    return [level.get_paths()[0].get_extents() for level in ax.collections]


def test_item_bars_diverge_in_the_middle_of_the_neutral_level() -> None:
    result = samples.sample_items()
    with style.offscreen():
        ax = item_bars.draw(result)
    first = result.frame[result.frame["item"] == "item1"]
    bars = first_bars(ax)
    assert [bar.width for bar in bars] == pytest.approx(first["share"])
    neutral = bars[2]
    assert neutral.x0 + neutral.width / 2 == pytest.approx(0)
    assert min(bar.x0 for bar in bars) == pytest.approx(
        -(first["share"].iloc[3:].sum() + first["share"].iloc[2] / 2)
    )


def test_item_bars_without_a_neutral_level_diverge_between_the_sides() -> None:
    result = samples.sample_items()
    four = result.frame[result.frame["score"] != 3].copy()
    with style.offscreen():
        ax = item_bars.draw(ItemResponses(frame=four, summary=result.summary))
    bars = first_bars(ax)
    assert bars[1].x0 == pytest.approx(0)
    assert bars[2].x1 == pytest.approx(0)


def test_withheld_items_are_named_and_have_no_bar() -> None:
    result = samples.sample_items()
    hidden = result.summary["item"] == "item2"
    summary = result.summary.assign(rate=result.summary["rate"].mask(hidden))
    gone = result.frame["item"] == "item2"
    frame = result.frame.assign(
        n=result.frame["n"].mask(gone), share=result.frame["share"].mask(gone)
    )
    withheld = ItemResponses(frame, summary)
    with style.offscreen():
        ax = item_bars.draw(withheld)
    texts = [text.get_text() for text in ax.texts]
    assert texts.count("不予公布") == 1
    assert texts.count("—") == 1
    lengths = np.sum([[p.get_extents().width for p in c.get_paths()] for c in ax.collections], 0)
    assert lengths[1] == pytest.approx(0)
    assert lengths[0] == pytest.approx(1)


def test_item_table_has_one_row_an_item_and_one_column_a_level() -> None:
    table = item_bars.table(samples.sample_items())
    assert len(table) == 18
    levels = ["非常满意", "满意", "一般", "不满意", "非常不满意"]
    assert list(table.columns[-5:]) == levels
    assert table[levels].sum(axis=1).to_numpy() == pytest.approx(np.ones(18))


def test_ranks_are_never_drawn_without_their_intervals() -> None:
    result = samples.sample_ranking(20)
    with style.offscreen():
        ax = ranks.draw(result)
    assert sorted(points(ax)["ranks"]) == sorted(result.frame["rank"])
    assert sum(len(c.get_segments()) for c in ax.collections) == len(result.frame)


def test_funnel_shows_every_unit_and_judges_it_by_its_own_people() -> None:
    result = samples.sample_satisfaction(60)
    with style.offscreen():
        ax = funnel.draw(result)
    drawn = np.concatenate([x for gid, x in points(ax).items() if gid.startswith("verdict-")])
    shown = result.frame.dropna(subset=["rate"])
    assert sorted(drawn) == sorted(shown["n_valid"])
    table = funnel.table(result)
    low = (table["满意率"] < table["99.8% 下限"]).sum()
    assert f"{low} 个低于 99.8% 下限" in funnel.describe(result)
    assert 0 < len([t for t in ax.texts if t.get_text()]) <= 5


def test_funnel_limits_are_narrower_where_most_people_answered() -> None:
    known = funnel.table(samples.sample_satisfaction(60)).set_index("支部")
    unknown = funnel.table(samples.sample_satisfaction(60, known_population=False))
    unknown = unknown.set_index("支部").loc[known.index]
    widths = [t["95% 上限"] - t["95% 下限"] for t in (known, unknown)]
    assert (widths[0] <= widths[1] + 1e-12).all()


def test_role_strips_hold_one_marker_a_branch() -> None:
    result = samples.sample_satisfaction(30, by=("branch", "role"))
    with style.offscreen():
        ax = roles.draw(result)
    strips = [x for x in ax.lines if str(x.get_gid()).startswith("verdict-")]
    drawn = np.concatenate([np.asarray(strip.get_xdata()) for strip in strips])
    assert sorted(drawn) == pytest.approx(sorted(result.frame["rate"].dropna()))
    table = roles.table(result).set_index("身份")
    expected = result.frame[result.frame["role"] == "党员"]["rate"].median()
    assert table.loc["党员", "中位数"] == pytest.approx(expected)


def test_changes_point_up_or_down_only_where_judged() -> None:
    result = samples.sample_comparison(14)
    with style.offscreen():
        ax = changes.draw(result)
    for change, marker in (("up", "^"), ("down", "v"), ("undecided", "o")):
        (line,) = (line for line in ax.lines if line.get_gid() == f"change-{change}")
        rows = result.frame[result.frame["change"] == change]
        assert line.get_marker() == marker
        assert sorted(line.get_xdata()) == pytest.approx(sorted(rows["difference"]))
    ordered = changes.ordered(result).frame
    assert pd.isna(ordered["branch"].iloc[0])
    assert ordered["change"].iloc[-1] == "withheld"


def test_planning_curve_is_that_of_the_statistics() -> None:
    result = samples.sample_planning(14)
    with style.offscreen():
        lines = {line.get_gid(): line for line in planning_curve.draw(result).lines}
    for chance in (50, 80, 95):
        sizes = np.asarray(lines[f"n_{chance}"].get_xdata()).astype(int)
        n = answers_for_chance(sizes, np.floor(0.95 * sizes + 0.5), chance / 100)
        assert lines[f"n_{chance}"].get_ydata() == pytest.approx(n)
    assert lines["least_n"].get_ydata() == pytest.approx(least_answers(sizes))
    assert len(lines["branches"].get_xdata()) == 14
    assert "80% 的可能" in planning_curve.describe(result)


def test_reliability_flags_what_falls_short() -> None:
    result = samples.sample_reliability()
    with style.offscreen():
        ax = reliability.draw(result)
    assert points(ax)["flagged"] == pytest.approx([0.66])
    assert set(points(ax)["enough"]) == {0.7}
    assert "服务阵地" in reliability.describe(result)
    table = reliability.table(result)
    pd.testing.assert_series_equal(table["Cronbach α"], result.frame["alpha"], check_names=False)


@pytest.mark.parametrize(
    ("language", "header"), [("zh", "α（90% 区间）"), ("en", "α (90% interval)")]
)
def test_reliability_names_its_own_level(language: Language, header: str) -> None:
    result = dataclasses.replace(samples.sample_reliability(), level=0.9)
    with style.offscreen():
        ax = reliability.draw(result, language=language)
    assert header in [text.get_text() for text in ax.texts]


def test_the_planning_curve_is_that_of_its_own_level() -> None:
    with style.offscreen():
        drawn = [
            planning_curve.draw(samples.sample_planning(alpha=alpha)).lines
            for alpha in (0.05, 0.01)
        ]
    heights = [
        np.sum(line.get_ydata()) for lines in drawn for line in lines if line.get_gid() == "n_80"
    ]
    assert heights[1] > heights[0]


def test_reliability_of_a_single_item_cannot_be_computed() -> None:
    result = samples.sample_reliability()
    frame = result.frame.copy()
    frame.loc[0, ["alpha", "low", "high", "omega"]] = np.nan
    with style.offscreen():
        ax = reliability.draw(tables.with_frame(result, frame))
    assert "不能计算" in [text.get_text() for text in ax.texts]


def test_items_that_nobody_answered_are_listed_without_bars() -> None:
    result = samples.sample_items()
    silent = ItemResponses(
        frame=result.frame.assign(n=0, share=np.nan),
        summary=result.summary.assign(n_valid=0, n_satisfied=0, rate=np.nan),
    )
    with style.offscreen():
        ax = item_bars.draw(silent)
    assert not any(p.get_extents().width for c in ax.collections for p in c.get_paths())
    assert [text.get_text() for text in ax.texts].count("—") == 18
    assert "均没有可公布的有效回答" in item_bars.describe(silent)


def test_no_items_and_no_units_are_said_and_not_drawn() -> None:
    none = ItemResponses(frame=pd.DataFrame(), summary=pd.DataFrame())
    units = samples.sample_satisfaction(3)
    units = tables.with_frame(units, units.frame.iloc[:0])
    with style.offscreen():
        assert not item_bars.draw(none).collections
        for chart in (response_rates, nonresponse, funnel):
            assert not chart.draw(units).patches
