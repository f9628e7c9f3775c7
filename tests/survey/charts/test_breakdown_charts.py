"""Waterfall, map, items and single branches show the numbers of the breakdown and no others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from survey import charts
from survey.charts import plans, style
from survey.charts.marks import Bars
from survey.charts.plans import RowChart
from survey.palette import STANDARD, between
from survey.results import Drivers
from tests.survey.charts.gallery import written
from tests.survey.results_samples import RARE_NAME, sample_drivers


def plan_of(chart: str, result: Drivers, **own: str) -> RowChart:
    made = charts.plan(chart, result, dict(own))
    assert isinstance(made, RowChart)
    return made


def bars_of(chart: RowChart) -> dict[str, Bars]:
    return {mark.gid: mark for mark in chart.of_rows if isinstance(mark, Bars)}


def test_waterfall_bars_join_and_end_at_the_observed_rate() -> None:
    drivers = sample_drivers()
    bars = [bar for bar in bars_of(plan_of("waterfall", drivers)).values() if len(bar.row)]
    row = np.concatenate([bar.row for bar in bars])
    ends = np.concatenate([np.column_stack([bar.left, bar.right]) for bar in bars])[row.argsort()]
    assert len(ends) == 9
    for (_, end), (start, _) in pairwise(ends[:8]):
        assert end == pytest.approx(start)
    assert ends[-2, 1] == pytest.approx(drivers.summary["observed_rate"])
    assert ends[-1].tolist() == pytest.approx([0, drivers.summary["observed_rate"]])
    sizes = ends[1:7, 1] - ends[1:7, 0]
    assert sizes == pytest.approx(drivers.frame["contribution"])


def test_the_others_of_a_waterfall_add_up() -> None:
    drivers = sample_drivers()
    whole, few = (charts.plan("waterfall", drivers, top=top) for top in (None, 2))
    assert isinstance(few, RowChart)
    assert isinstance(whole, RowChart)
    assert few.names[3] == "其余 4 个维度"
    assert few.scale.high <= whole.scale.high
    ends = [max(bar.right.max() for bar in bars_of(chart).values()) for chart in (whole, few)]
    assert ends[0] == pytest.approx(ends[1], rel=0.2)


def test_waterfall_tells_clear_contributions_from_others() -> None:
    drivers = sample_drivers()
    bars = bars_of(plan_of("waterfall", drivers))
    assert bars["unclear"].hatch
    unclear = np.flatnonzero(~drivers.frame["distinguishable"].to_numpy(bool)) + 1
    assert bars["unclear"].row.tolist() == unclear.tolist()


@pytest.mark.parametrize("chart", ["waterfall", "dimension_map", "item_forest"])
def test_a_withheld_breakdown_is_a_notice_without_bars(chart: str) -> None:
    drivers = sample_drivers(status="none_too_few_events")
    with style.offscreen():
        ax = charts.draw(chart, drivers)
    assert not ax.patches
    assert not ax.collections
    texts = [text for text, _ in written(ax)]
    assert "样本不足，不作分解" in "".join(texts).replace("\n", "")


def test_only_the_sum_is_drawn_where_the_dimensions_cannot_be_told_apart() -> None:
    chart = plan_of("waterfall", sample_drivers(status="sum_only_vif"))
    assert chart.names == ("基底", "各维度合计", "残差", "不满意率")
    (_, total) = bars_of(chart)["dimension"].left, bars_of(chart)["dimension"]
    assert total.right - total.left == pytest.approx([0.088])


def test_map_cells_are_the_differences_centred_at_zero() -> None:
    drivers = sample_drivers(14)
    bars = bars_of(plan_of("dimension_map", drivers))
    shown = drivers.branches["difference"].dropna()
    reach = shown.abs().max()
    faces = sorted(between(STANDARD.good, STANDARD.bad, value / reach) for value in shown)
    assert sorted(bars["cells"].face) == faces
    n_withheld = drivers.branch_totals["withheld"].sum()
    assert len(bars["withheld"].row) == n_withheld > 0
    assert not set(bars["withheld"].row) & set(bars["cells"].row)


def test_one_colour_means_one_difference_on_every_page() -> None:
    drivers = sample_drivers(90)
    whole = charts.plan("dimension_map", drivers)
    parts = [page for page in plans.pages(whole) if isinstance(page, RowChart)]
    assert len(parts) > 2
    assert isinstance(whole, RowChart)
    faces = [face for page in parts for face in bars_of(page)["cells"].face]
    assert sorted(faces) == sorted(bars_of(whole)["cells"].face)
    reach = float(drivers.branches["difference"].abs().max())
    assert f"{100 * reach:.1f}" in charts.describe("dimension_map", drivers)


def test_items_are_marked_by_their_intervals() -> None:
    drivers = sample_drivers()
    with style.offscreen():
        ax = drivers.plot_items()
    clear = next(line for line in ax.lines if line.get_gid() == "items-more")
    above = drivers.items[drivers.items["low"] > 0]
    assert sorted(clear.get_xdata()) == pytest.approx(sorted(above["contribution"]))


def test_a_branch_stands_beside_the_university() -> None:
    drivers = sample_drivers(14)
    rows = drivers.branches[drivers.branches["branch"] == RARE_NAME]
    with style.offscreen():
        ax = drivers.plot_branch(RARE_NAME)
    points = {line.get_gid(): line.get_xdata() for line in ax.lines}
    assert points["branch"] == pytest.approx(rows["contribution"])
    assert points["university"] == pytest.approx(rows["university"])
